"""Where resolutions open inside a paragraph, and how far each reaches."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from hwbtext.minutes.clauses import deciding_verb, opening_label, printed_number
from hwbtext.minutes.told import names_movers, says_outcome, tells_decision, tells_proposal
from hwbtext.records import CharSpan
from hwbtext.text import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

_EARLIER = re.compile(
    r"\b(?:had|have|has)\s+(?:been\s+|already\s+|previously\s+|now\s+)*$|\b(?:previously|whether|"
    r"if|once|until|unless|be|asked\s+to|asked\s+that)\s+$"
)
_NEXT_LINE = re.compile(
    r"\bresolved\s(?:not\s)?to\s[a-z]{2,12}(?:\s£\s?\d[\d,.]{0,10})?(?P<gap>\s+)(?=[A-Z])"
)
_NEW_POINT = re.compile(r"\.\s+(?=\(\w{1,4}\)\s+[A-Z])")
_MOVED = re.compile(r"\([^()]*\b(?:proposed|seconded|moved)\b[^()]*\)\W*$", re.I)
_NEXT = re.compile(r"[\s,;:]*")
_MOVES = re.compile(r"\bproposed\b", re.I)
_SECONDER = re.compile(
    r"\b[Ss]econded\s+(?:by\s+)?(?:(?:Mr|Mrs|Ms|Miss|Dr|Cllr|Councillor)\.?\s+){0,2}(?:[A-Z]\.?\s+){0,2}"
    r"[A-Z][a-z][\w'-]{0,30}(?!\s+(?:that|to)\b)"
)
_PARTED = re.compile(r"(?:£\s?[\d,]+\. \d\d\b|\b[a-z]\. [A-Z])[^.]{0,3}$|\b[Pp]rop\. [A-Z].{0,3}$")
_LONGEST_AMOUNT = 20  # characters
_NUMBERS = re.compile(r"(?<=[\s:;.,-])\(?\w{1,4}[.)]\s")


def find_openings(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, end of the label) of each resolution in a paragraph.

    Examples
    --------
    >>> text = "Costs had risen. It was agreed that the scheme end. Mr Ash left."
    >>> [text[start:end] for start, end, _ in find_openings(text)]
    ['It was agreed that the scheme end.']
    """
    spans = _sentences(text)
    at = 0
    while at < len(spans):
        start, end = spans[at]
        piece = text[start:end]
        if (label := opening_label(piece)) and _is_own(piece, label.start(), text, start):
            # Up to the next label in the paragraph, or who moved it in brackets, or its end.
            stop = at + 1
            while (
                stop < len(spans)
                and not opening_label(text[slice(*spans[stop])])
                and not _MOVED.search(text[slice(*spans[stop - 1])])
            ):
                stop += 1
            yield start, spans[stop - 1].end, start + label.end()
            at = stop
            continue
        if (verb := deciding_verb(piece)) and _is_own(piece, verb.start(), text, start):
            stop = at + 1
            while stop < len(spans) and _counts_on(text, spans[at].start, spans[stop]):
                stop += 1
            end = _before_next_number(text, start + verb.end(), spans[stop - 1].end)
            yield from _one_a_line(text, start, end, start + verb.end())
            at = stop
            continue
        at += 1


def find_told(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, sure) of each sentence that tells a decision without saying "resolved".

    Not sure is what was proposed and seconded, where nothing is said of the outcome.

    Examples
    --------
    >>> text = "Rain fell. Cllr Ash proposed that the fair end, all were in favour."
    >>> [text[start:end] for start, end, _ in find_told(text)]
    ['Cllr Ash proposed that the fair end, all were in favour.']
    """
    spans = [piece for span in _sentences(text) for piece in _each_proposal(text, span)]
    pieces = [text[slice(*span)] for span in spans]
    told = False  # the sentence before tells a decision
    for (start, end), piece, following in zip(spans, pieces, [*pieces[1:], ""], strict=True):
        before, told = told, False
        if not _is_quoted(text, start):
            if tells_decision(piece, following):
                told = not (before and says_outcome(piece))
                if told:
                    yield start, end, True
            elif not names_movers(piece) and (
                tells_proposal(piece, following) or names_movers(following)
            ):
                yield start, end, False


def _each_proposal(text: str, span: CharSpan) -> Iterator[CharSpan]:
    """Cut a sentence behind who seconded, where another proposal follows: "Gate £9: proposed …"."""
    start = span.start
    moved = [match.start() for match in _MOVES.finditer(text, *span)]
    names = [match.end() for match in _SECONDER.finditer(text, *span)] if len(moved) > 1 else []
    for end in names[:-1]:
        if bisect_left(moved, start) < bisect_left(moved, end) < len(moved):
            yield CharSpan(start, end)
            start = _NEXT.match(text, end, span.end).end()  # type: ignore[union-attr]
    yield CharSpan(start, span.end)


def _sentences(text: str) -> list[CharSpan]:
    """Return the sentences; a stop may part an amount or an initial: "£75. 00", "c. Elm"."""
    spans: list[CharSpan] = []
    for span in sentences(text):
        low, high = spans[-1] if spans else (0, 0)
        if spans and _PARTED.search(
            f"{text[max(low, high - _LONGEST_AMOUNT) : high]} {text[span.start : span.start + 4]}"
        ):
            spans[-1] = CharSpan(low, span.end)
        else:
            spans.append(span)
    return spans


def _is_quoted(text: str, at: int) -> bool:
    """Return whether quotation marks are open; marks that do not pair say nothing."""
    return text.count('"') % 2 == 0 and text.count('"', 0, at) % 2 == 1


def _counts_on(text: str, start: int, following: tuple[int, int]) -> bool:
    """Return whether a sentence is the next clause: "(2) …" after "(1) …", not a new paragraph."""
    mark = printed_number(text[slice(*following)])
    if mark is None or mark.place <= 1:
        return mark is not None
    # Short pieces of what stands before: the number alone tells style and place.
    before = [printed_number(piece) for piece in _NUMBERS.findall(text, start, following[0])]
    return any(one and one.style == mark.style and one.place == mark.place - 1 for one in before)


def _before_next_number(text: str, start: int, end: int) -> int:
    """Return where a decision ends before the next of the points that it is one of.

    "(i) The pond. It was agreed to drain it. (ii) The fair."
    """
    for stop in _NEW_POINT.finditer(text, start, end):
        if not _counts_on(text, start, (stop.end(), end)):
            return stop.start() + 1
    return end


def _one_a_line(text: str, start: int, end: int, label: int) -> Iterator[tuple[int, int, int]]:
    """Cut decisions that print set on lines of their own, and that no stop parts.

    "Hall £40 Councillors resolved to pay Insurance £90 Councillors resolved to pay".
    """
    for joint in _NEXT_LINE.finditer(text, start, end):
        if deciding_verb(text[joint.end() : end]):
            yield start, joint.start("gap"), label
            start = joint.end()
            verb = deciding_verb(text[start:end])
            label = start + (verb.end() if verb else 0)
    yield start, end, label


def _is_own(piece: str, at: int, text: str, start: int) -> bool:
    """Return whether an opening tells of a decision of this meeting.

    Not "as had been resolved", nor the words of a motion in quotation marks.
    """
    if _EARLIER.search(piece[max(0, at - 40) : at]):
        return False
    return not _is_quoted(text, start + at)
