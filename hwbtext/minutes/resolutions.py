"""Resolutions: where each begins and ends, and the clauses that are decided one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.minutes.clauses import (
    BODY,
    Clause,
    Printed,
    printed_number,
    split_clauses,
)
from hwbtext.minutes.items import find_items
from hwbtext.minutes.lines import read_lines
from hwbtext.minutes.openings import find_openings
from hwbtext.records import CharSpan
from hwbtext.text import n_words, strip_span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.minutes.lines import Line
    from hwbtext.records import AgendaItem, Document

# A label alone on its line, or a lead-in: the paragraphs below it are the clauses.
_BARE_LABEL = re.compile(
    r"^\W*(?:\w{1,6}[.)]\s+)?(?:Decisions?|DECISIONS?|Resolutions?|RESOLUTIONS?|Resolved|Outcomes?|"
    r"OUTCOMES?|Agreed|Actions?\s+agreed)\s*:?\s*-?$"
)
_LEADS_IN = re.compile(
    r"(?:[:-]|\b(?:that|to|and|The|the|Board|Committee|Council|Cabinet|Panel))\s*$"
)
_GOES_ON = re.compile(rf"^(?:\W{{0,2}}(?:That|THAT|To|And|and)\b|(?:This|The)\s+{BODY}\b|{BODY}\b)")
_ENDS_LIST = re.compile(
    r"^\W*(?:Minutes|Reasons?(?:\s+for)?|Action|Note|Background|Discussion|Voting|Vote|Signed|"
    r"Alternative|Options|Additional|In\s+accordance|Following|Motion|Amendment|For\s*\()\b"
)
_SET_OFF = re.compile(
    rf"^(?:(?:Following|After)\b[^,.]{{0,80}},\s+)?(?:[Tt]he\s+)?{BODY}\s+(?:therefore\s+|unanimously\s+|"
    r"formally\s+|duly\s+|all\s+)?(?:agreed|approved|endorsed|noted|ratified|adopted|received|accepted|"
    r"supported|authorised|delegated|determined|decided)\b"
)
_HOUSEKEEPING = frozenset({"apologies", "attendance", "declarations", "minutes", "welcome"})
_MOST_SET_OFF = 60  # words: a longer paragraph is discussion


@dataclass(frozen=True, slots=True)
class Resolution:
    """A decision of the body: from its opening word to its last clause.

    ``clauses`` hold positions in ``Document.text``. A lead-in that stands alone ("RESOLVED
    that:") belongs to ``span`` and is no clause; ``lead`` is its span then.
    """

    span: CharSpan
    clauses: tuple[Clause, ...]
    lead: CharSpan | None = None


def find_resolutions(
    document: Document, items: Sequence[AgendaItem] | None = None
) -> tuple[Resolution, ...]:
    r"""Find the resolutions of minutes and their clauses.

    Parameters
    ----------
    document : Document
    items : sequence of AgendaItem, optional
        The items of this document, if they are known already.

    Returns
    -------
    tuple of Resolution
        In reading order, without overlap. A motion or amendment that was only moved is none.

    Notes
    -----
    A label ("RESOLVED", "AGREED:", "Decision:") makes all that follows in its paragraph the
    decision; a verb said of the body ("It was agreed that") its sentence. A lead-in makes the
    list below it clauses, up to an item, a heading, or a paragraph that goes on counting where
    the lead-in's own number stopped. Where an item has neither, a last paragraph such as "The
    Board approved the plan" is its outcome.

    Examples
    --------
    >>> from hwbtext.parse import parse_bytes
    >>> text = "RESOLVED that:\n\n(1) the plan be agreed; and\n\n(2) the Chair write to them."
    >>> (resolution,) = find_resolutions(parse_bytes(text.encode(), "a.txt"))
    >>> [clause.number for clause in resolution.clauses]
    ['1', '2']
    """
    items = find_items(document) if items is None else items
    lines = read_lines(document)
    reader = _Reader({item.span.start for item in items})
    for line in lines:
        reader.read(line)
    found = reader.close()
    starts = sorted(resolution.span.start for resolution in found)
    found += _set_off(lines, items, starts)
    return tuple(sorted(found, key=lambda resolution: resolution.span))


class _Reader:
    """Reads line by line; holds the resolution that is open."""

    def __init__(self, item_starts: set[int]) -> None:
        self._item_starts = item_starts
        self._found: list[Resolution] = []
        self._lead: Line | None = None
        self._own: Printed | None = None  # the number of the lead-in's own paragraph
        self._clauses: list[Clause] = []
        self._styles: set[str] = set()
        self._start = self._end = 0
        self._open = False
        self._bullet: int | None = None  # a bullet alone on its line belongs to the next one

    def read(self, line: Line) -> None:
        """Take the next line."""
        is_item = line.start in self._item_starts
        if is_item or (line.is_heading and not self._opens(line)):
            self.close()
        if line.kind == "table_cell" and self._open:
            self.close()
        if line.text.strip() in ("•", "●", "-", "\uf0b7", "o"):
            self._bullet = line.start
            return
        if self._opens(line):
            self.close()
            self._begin(line, is_item=is_item)
        elif self._open and not line.is_heading and self._continues(line):
            self._add(line)
        else:
            self.close()
        self._bullet = None

    def close(self) -> list[Resolution]:
        """End the open resolution and return all that were found."""
        if self._open:
            lead = CharSpan(self._lead.start, self._lead.end) if self._lead else None
            clauses = tuple(self._clauses)
            if lead and not clauses:
                clauses, lead = (Clause(lead, None),), None
                if self._lead and _BARE_LABEL.match(self._lead.text):
                    clauses = ()  # a label with nothing below it
            if clauses:
                self._found.append(Resolution(CharSpan(self._start, self._end), clauses, lead))
        self._open, self._lead, self._clauses = False, None, []
        return self._found

    def _opens(self, line: Line) -> bool:
        return (
            bool(_BARE_LABEL.match(line.text)) or next(find_openings(line.text), None) is not None
        )

    def _begin(self, line: Line, *, is_item: bool) -> None:
        text = line.text
        if _BARE_LABEL.match(text):
            self._start, self._end = line.start, line.end
            self._open, self._lead, self._own, self._styles = (
                True,
                line,
                printed_number(text),
                set(),
            )
            return
        openings = list(find_openings(text))
        for number, (start, end, label) in enumerate(openings):
            self._start, self._end = line.start + start, line.start + end
            self._clauses = [
                Clause(_moved(clause.span, line.start + start), clause.number)
                for clause in split_clauses(text[start:end])
            ]
            self._open = True
            if number < len(openings) - 1:
                self.close()
                continue
            rest = text[label:end].strip(" :-.")
            bare = bool(_LEADS_IN.search(text.rstrip())) and n_words(rest) <= 14
            last_leads_in = bare or text.rstrip().endswith(":") or not rest
            if last_leads_in and len(self._clauses) == 1:
                self._lead, self._clauses = line, []
                self._start = line.start + start
            elif not last_leads_in and not _goes_on_below(self._clauses, text):
                self.close()
                return
            self._own = None if is_item else printed_number(text)
            self._styles = {
                mark.style for c in self._clauses if (mark := printed_number(_slice(text, c, line)))
            }

    def _continues(self, line: Line) -> bool:
        text = line.text
        if _ENDS_LIST.match(text):
            return False
        mark = Printed(None, "bullet", 0) if self._bullet is not None else printed_number(text)
        if mark is not None:
            own = self._own
            goes_on = own is not None and mark.style == own.style and mark.place == own.place + 1
            if goes_on and not (own and own.style in self._styles):
                return False
            if own is not None and mark.style == own.style and not self._styles and mark.place != 1:
                return False
            self._styles.add(mark.style)
            return True
        if self._lead is not None and not self._clauses:
            return True  # whatever stands directly below "RESOLVED that:"
        if text[:1].islower() or _GOES_ON.match(text):
            return True
        return line.kind == "list_item" and not re.search(r"\b(?:reported|asked|said)\b", text[:80])

    def _add(self, line: Line) -> None:
        start = line.start if self._bullet is None else self._bullet
        mark = printed_number(line.text)
        self._end = line.end
        if re.fullmatch(r"\W*(?:And|and|AND|or)\W*", line.text):
            return
        for number, clause in enumerate(split_clauses(line.text)):
            span = _moved(clause.span, line.start)
            if number == 0:
                span = CharSpan(start, span.end)
                name = mark.number if mark else clause.number
                if mark is None and line.text[:1].islower() and self._clauses:
                    name = self._clauses[-1].number  # the rest of the clause above
                self._clauses.append(Clause(span, name))
            else:
                self._clauses.append(Clause(span, clause.number))


def _slice(text: str, clause: Clause, line: Line) -> str:
    return text[clause.span.start - line.start : clause.span.end - line.start]


def _moved(span: CharSpan, by: int) -> CharSpan:
    return CharSpan(span.start + by, span.end + by)


def _goes_on_below(clauses: Sequence[Clause], text: str) -> bool:
    """Return whether the next paragraph can hold the next clause: "…; and" or a semicolon."""
    numbered = bool(clauses) and clauses[-1].number is not None
    return numbered or text.rstrip().endswith((";", ",", "; and", "and"))


def _set_off(
    lines: Sequence[Line], items: Sequence[AgendaItem], starts: Sequence[int]
) -> list[Resolution]:
    """Return the outcomes that items without a resolution end in: "The Board approved it".

    Only minutes are read so: in a report "The Council approved it" tells of the past.
    """
    found: list[Resolution] = []
    if not any(item.kind in _HOUSEKEEPING for item in items):
        return found
    at = 0
    for item in items:
        while at < len(lines) and lines[at].start < item.span.start:
            at += 1
        inside: list[Line] = []
        while at < len(lines) and lines[at].start < item.span.end:
            inside.append(lines[at])
            at += 1
        if any(item.span.start <= start < item.span.end for start in starts):
            continue
        paragraphs = [line for line in inside if not line.is_heading and n_words(line.text) > 3]
        last = paragraphs[-1] if paragraphs else None
        if last is None or last.kind == "table_cell" or last.start == item.span.start:
            continue
        if n_words(last.text) > _MOST_SET_OFF:
            continue
        body = last.text
        mark = printed_number(body)
        offset = re.match(r"\W*\w{1,6}[.)]\s*", body).end() if mark and mark.number else 0  # type: ignore[union-attr]
        if _SET_OFF.match(body[offset:]):
            span = strip_span(last.text, 0, len(last.text))
            whole = _moved(span, last.start)
            found.append(Resolution(whole, (Clause(whole, None),)))
    return found


def resolution_blocks(document: Document) -> dict[int, str | None]:
    """Return the blocks that hold a resolution or clauses of one, and the first number in each.

    Returns
    -------
    dict of int to str or None
        Index in ``document.blocks`` to the printed number of the clause.

    Examples
    --------
    >>> from hwbtext.parse import parse_bytes
    >>> resolution_blocks(parse_bytes(b"RESOLVED that the plan be agreed.", "a.txt"))
    {0: None}
    """
    found: dict[int, str | None] = {}
    lines = read_lines(document)
    at = 0
    for resolution in find_resolutions(document):
        numbers = {clause.span.start: clause.number for clause in resolution.clauses}
        while at < len(lines) and lines[at].end <= resolution.span.start:
            at += 1
        for line in lines[at:]:
            if line.start >= resolution.span.end:
                break
            inside = [n for start, n in numbers.items() if line.start <= start < line.end]
            found.setdefault(line.index, inside[0] if inside else None)
    return found
