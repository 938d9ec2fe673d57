"""Where resolutions open inside a paragraph, and how far each reaches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwbtext.minutes.clauses import deciding_verb, opening_label, printed_number
from hwbtext.text import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

_EARLIER = re.compile(
    r"\b(?:had|have|has)\s+(?:been\s+|already\s+|previously\s+|now\s+)*$|\b(?:previously|whether|"
    r"if|once|until|unless|be|asked\s+to|asked\s+that)\s+$"
)
_NEXT_LINE = re.compile(r"\bresolved\s(?:not\s)?to\s[a-z]{2,12}(?P<gap>\s+)(?=[A-Z])")


def find_openings(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, end of the label) of each resolution in a paragraph.

    Examples
    --------
    >>> text = "Costs had risen. It was agreed that the scheme end. Mr Ash left."
    >>> [text[start:end] for start, end, _ in find_openings(text)]
    ['It was agreed that the scheme end.']
    """
    spans = sentences(text)
    at = 0
    while at < len(spans):
        start, end = spans[at]
        piece = text[start:end]
        if (label := opening_label(piece)) and _is_own(piece, label.start(), text, start):
            # Up to the next label in the paragraph, or to its end.
            stop = at + 1
            while stop < len(spans) and not opening_label(text[slice(*spans[stop])]):
                stop += 1
            yield start, spans[stop - 1].end, start + label.end()
            at = stop
            continue
        if (verb := deciding_verb(piece)) and _is_own(piece, verb.start(), text, start):
            stop = at + 1
            while stop < len(spans) and printed_number(text[slice(*spans[stop])]):
                stop += 1
            yield from _one_a_line(text, start, spans[stop - 1].end, start + verb.end())
            at = stop
            continue
        at += 1


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
    return text.count('"', 0, start + at) % 2 == 0
