"""What is told of a paper as a whole: name and value, for every way of showing it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hwbtext.records import Status
from hwbtext.show.structure import MARK_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from hwbtext.records import BlockKind, Presence
    from hwbtext.show.structure import Structure

KIND_NAMES: dict[BlockKind, str] = {
    "heading": "heading",
    "paragraph": "paragraph",
    "list_item": "list item",
    "table_cell": "table cell",
    "caption": "caption",
    "footnote": "footnote",
    "furniture": "furniture",
}
_PRESENCE: dict[Presence, str] = {
    "present": "present",
    "in_attendance": "attending",
    "apologies": "apologies",
    "absent": "absent",
}
_UNKNOWN = "not stated"


def facts_of(structure: Structure) -> Iterator[tuple[str, str]]:
    """Yield name and value: what the paper is, how it was read, what it is made of.

    Examples
    --------
    >>> from hwbtext.parse import parse_bytes
    >>> from hwbtext.records import DocumentFacts, DocumentFindings
    >>> from hwbtext.show import read_structure
    >>> document = parse_bytes(b"The plan was noted.", "a.txt")
    >>> found = DocumentFindings(document, DocumentFacts(kind="paper"), ("a.txt",))
    >>> dict(facts_of(read_structure(found)))["structure"]
    '1 paragraph'
    """
    facts, document = structure.findings.facts, structure.document
    yield "council", facts.site or _UNKNOWN
    yield "committee", facts.committee or _UNKNOWN
    yield "kind", facts.kind.replace("_", " ")
    yield "meeting", written_day(facts.meeting_date) if facts.meeting_date else _UNKNOWN
    if facts.place:
        yield "place", facts.place
    if facts.start_time or facts.close_time:
        yield "time", " to ".join(filter(None, (facts.start_time, facts.close_time)))
    if facts.published_with_date:
        yield "published", written_day(facts.published_with_date)
    if facts.title:
        yield "title", facts.title
    yield "pages", _pages(structure)
    yield "status", f"{document.status} ({document.parser})"
    if document.status is not Status.FAILED:
        yield "structure", _counts(structure)
    if structure.furniture:
        n_pieces = counted(len(structure.furniture), "piece")
        yield "left out", f"{n_pieces} of furniture (running heads, footers, page numbers)"


def people_of(structure: Structure) -> Iterator[tuple[str, str]]:
    """Yield how people took part, and their number and names; nothing where none are listed."""
    for presence, name in _PRESENCE.items():
        people = [who.name for who in structure.findings.attendance if who.presence == presence]
        if people:
            yield name, f"{len(people)}: {', '.join(people)}"


def _pages(structure: Structure) -> str:
    n_pages, shown = structure.n_pages, structure.pages
    if not shown:
        failed = structure.document.status is Status.FAILED
        return "could not be read" if failed else "none (only a PDF has pages)"
    if len(shown) == n_pages:
        return str(n_pages)
    return f"{n_pages}, of which shown: {written_ranges(shown)}"


def _counts(structure: Structure) -> str:
    marks = Counter(mark.kind for piece in structure.pieces for mark in piece.marks)
    kinds = Counter(piece.block.kind for piece in structure.pieces)
    n_rows = len({p.block.row for p in structure.pieces if p.block.row is not None})
    parts = [counted(marks[kind], kind) for kind in MARK_KINDS if marks[kind]]
    for kind, name in KIND_NAMES.items():
        if kind == "table_cell" and n_rows:
            parts.append(counted(n_rows, "table row"))
        elif kind not in ("table_cell", "furniture") and kinds[kind]:
            parts.append(counted(kinds[kind], name))
    return ", ".join(parts) or "nothing on these pages"


def counted(count: int, name: str) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{count:,} {name}" + ("" if count == 1 else "s")


def written_day(when: date) -> str:
    """Write a date as people do, in English whatever the language of the machine.

    Examples
    --------
    >>> from datetime import date
    >>> written_day(date(2019, 3, 12))
    '12 March 2019'
    """
    months = "January February March April May June July August September October November December"
    return f"{when.day} {months.split()[when.month - 1]} {when.year}"


def written_ranges(numbers: Iterable[int]) -> str:
    """Write rising page numbers as people do.

    Examples
    --------
    >>> written_ranges([1, 2, 3, 7])
    '1-3, 7'
    """
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)
