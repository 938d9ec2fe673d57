"""What one paper is made of, in reading order: blocks, and the findings that stand in them."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from hwbtext.errors import InputError
from hwbtext.minutes import find_resolutions
from hwbtext.text import same_length, strip_span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.minutes import Resolution
    from hwbtext.records import (
        AgendaItem,
        Block,
        CharSpan,
        Document,
        DocumentFindings,
        Vote,
    )

MarkKind = Literal["item", "resolution", "action", "vote"]
MARK_KINDS: tuple[MarkKind, ...] = ("item", "resolution", "action", "vote")

_RANGE = re.compile(r"\s*(\d{1,9})\s*(?:(-)\s*(\d{1,9})?\s*)?")


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding that stands in a block; ``span`` holds the characters that it covers.

    ``label`` names it in few words ("item 4"), ``notes`` say more ("owner: the Chair").
    """

    kind: MarkKind
    span: CharSpan
    label: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a block's text: plain, the lead-in of a resolution, or a clause of it."""

    text: str
    role: Literal["plain", "lead", "clause"] = "plain"
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One block with what was found in it.

    ``number`` counts the blocks of the document from 1, furniture included; ``page`` and
    ``last_page`` are None where the document has no pages. ``item`` is the item that begins
    here.
    """

    number: int
    block: Block
    text: str
    page: int | None
    last_page: int | None
    marks: tuple[Mark, ...] = ()
    segments: tuple[Segment, ...] = ()
    item: AgendaItem | None = None


Table = tuple[tuple[tuple[Piece, ...], ...], ...]
"""Rows of cells of the blocks in them."""


@dataclass(frozen=True, slots=True)
class Structure:
    """The structure of one paper, or of some of its pages.

    Attributes
    ----------
    pieces : tuple of Piece
        The blocks on the pages shown, in reading order, furniture included.
    pages : tuple of int
        The pages shown; empty where the document has no pages.
    resolutions : tuple of Resolution
        All of the document, whatever pages are shown.
    """

    findings: DocumentFindings
    pieces: tuple[Piece, ...]
    pages: tuple[int, ...]
    resolutions: tuple[Resolution, ...] = ()

    @property
    def document(self) -> Document:
        """Return the document."""
        return self.findings.document

    @property
    def n_pages(self) -> int:
        """Return the number of printed pages; 0 for a format without pages."""
        return sum(page.width is not None for page in self.document.pages)

    @property
    def furniture(self) -> tuple[Piece, ...]:
        """Return the running heads, footers and page numbers that were set apart."""
        return tuple(piece for piece in self.pieces if piece.block.kind == "furniture")


def read_structure(
    findings: DocumentFindings, *, pages: str | None = None, most_pages: int | None = None
) -> Structure:
    """Put the blocks of a paper and what was found in them together.

    Parameters
    ----------
    findings : DocumentFindings
        As :func:`hwbtext.analyse.analyse` returns them.
    pages : str, optional
        The pages to show, as people write them: ``"3-7"``, ``"1,4-6"``, ``"12-"``.
    most_pages : int, optional
        Show only so many of the first pages, where ``pages`` names none.

    Returns
    -------
    Structure
        Without pieces where the paper gave no text.

    Raises
    ------
    InputError
        ``pages`` cannot be read, or the paper has no such page.
    """
    document = findings.document
    has_pages = any(page.width is not None for page in document.pages)
    n_pages = document.n_pages if has_pages else 0
    if pages is None:
        shown = tuple(range(1, n_pages + 1))[:most_pages]
    else:
        shown = choose_pages(pages, n_pages)
    bare = Structure(findings, (), shown, find_resolutions(document, findings.items))
    pieces = tuple(_Reader(bare).pieces(frozenset(shown) if has_pages else None))
    return replace(bare, pieces=pieces)


def choose_pages(text: str, n_pages: int) -> tuple[int, ...]:
    """Read page numbers as people write them.

    Parameters
    ----------
    text : str
        Numbers and ranges between commas.
    n_pages : int
        Pages of the paper, 0 where it has none.

    Returns
    -------
    tuple of int
        Rising, without repeats; a range may end after the last page.

    Raises
    ------
    InputError
        It is no list of pages, or it begins after the last page.

    Examples
    --------
    >>> choose_pages("1, 4-6", n_pages=5)
    (1, 4, 5)
    """
    if n_pages == 0:
        msg = f"Only a PDF has pages to choose from; this paper has none. Got pages {text!r}."
        raise InputError(msg)
    chosen: set[int] = set()
    for part in text.split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            msg = f"Pages are written like 3-7 or 1,4-6 or 12-. Got {text!r}."
            raise InputError(msg)
        first = int(match[1])
        last = int(match[3] or n_pages) if match[2] else first
        if not 1 <= first <= n_pages or last < first:
            msg = f"The paper has pages 1 to {n_pages}. Got {text!r}."
            raise InputError(msg)
        chosen.update(range(first, min(last, n_pages) + 1))
    return tuple(sorted(chosen))


def runs(pieces: Sequence[Piece]) -> Iterator[Piece | Table]:
    """Yield the pieces in order, neighbouring rows of cells joined to a table."""
    for is_cell, run in groupby(pieces, key=lambda piece: piece.block.row is not None):
        if not is_cell:
            yield from run
            continue
        yield tuple(
            tuple(
                tuple(cell) for _, cell in groupby(row, key=lambda piece: piece.block.column or 0)
            )
            for _, row in groupby(run, key=lambda piece: piece.block.row)
        )


def n_columns(table: Table) -> int:
    """Return the number of columns of a table, empty ones included."""
    return max(row[-1][0].block.column or 0 for row in table) + 1


class _Reader:
    """Finds what stands in each block; all findings are in the order of the text."""

    def __init__(self, structure: Structure) -> None:
        self._document = structure.document
        self._page_starts = [page.span.start for page in self._document.pages]
        self._items = {item.span.start: item for item in structure.findings.items}
        self._item_starts = sorted(self._items)
        self._resolutions = structure.resolutions
        self._marks = sorted(_marks(structure), key=lambda mark: mark.span)

    def pieces(self, pages: frozenset[int] | None) -> Iterator[Piece]:
        at = resolution = 0
        for number, block in enumerate(self._document.blocks, start=1):
            while at < len(self._marks) and self._marks[at].span.start < block.span.start:
                at += 1
            begins = at
            while at < len(self._marks) and self._marks[at].span.start < block.span.end:
                at += 1
            while (
                resolution < len(self._resolutions)
                and self._resolutions[resolution].span.end <= block.span.start
            ):
                resolution += 1
            first, last = self._pages_of(block) if pages is not None else (None, None)
            if pages is None or first in pages or last in pages:
                yield self._piece(number, block, (first, last), self._marks[begins:at], resolution)

    def _pages_of(self, block: Block) -> tuple[int, int]:
        return (
            bisect_right(self._page_starts, block.span.start),
            bisect_right(self._page_starts, block.span.end - 1),
        )

    def _piece(
        self,
        number: int,
        block: Block,
        pages: tuple[int | None, int | None],
        marks: Sequence[Mark],
        resolution: int,
    ) -> Piece:
        text = self._document.text[block.span.start : block.span.end]
        return Piece(
            number=number,
            block=block,
            text=text,
            page=pages[0],
            last_page=pages[1],
            marks=tuple(marks),
            segments=tuple(_segments(self._document.text, block, self._resolutions[resolution:])),
            item=self._item_in(block),
        )

    def _item_in(self, block: Block) -> AgendaItem | None:
        at = bisect_right(self._item_starts, block.span.end - 1) - 1
        if at < 0 or self._item_starts[at] < block.span.start:
            return None
        return self._items[self._item_starts[at]]


def _marks(structure: Structure) -> Iterator[Mark]:
    for item in structure.findings.items:
        notes = () if item.kind == "business" else (f"kind: {item.kind.replace('_', ' ')}",)
        yield Mark("item", item.span, f"item {item.number}".strip(), notes)
    for resolution in structure.resolutions:
        numbers = [clause.number or "-" for clause in resolution.clauses]
        clauses = (f"clauses: {', '.join(numbers)}",) if len(numbers) > 1 else ()
        yield Mark("resolution", resolution.span, "resolution", clauses)
    for action in structure.findings.actions:
        said = (
            f"owner: {action.owner or 'not stated'}",
            f"due: {action.due or 'not stated'}",
            *([f"status: {action.status}"] if action.status else []),
        )
        yield Mark("action", action.prov.span, "action", said)
    for vote in structure.findings.votes:
        yield Mark("vote", vote.span, "vote", _vote_notes(vote))


def _vote_notes(vote: Vote) -> tuple[str, ...]:
    counts = (("for", vote.n_for), ("against", vote.n_against), ("abstained", vote.n_abstain))
    return (
        *(f"{name}: {n}" for name, n in counts if n is not None),
        *(["unanimous"] if vote.unanimous else []),
        *([vote.result] if vote.result else []),
    )


def _segments(text: str, block: Block, resolutions: Sequence[Resolution]) -> Iterator[Segment]:
    """Cut a block's text where a resolution or a clause of one begins or ends."""
    low, high = block.span
    at = low
    for resolution in resolutions:
        if resolution.span.start >= high:
            break
        begin, end = max(resolution.span.start, low), min(resolution.span.end, high)
        yield from _segment(text, at, begin, "plain")
        at = begin
        for clause in resolution.clauses:
            if clause.span.end <= at or clause.span.start >= end:
                continue
            yield from _segment(text, at, max(clause.span.start, at), "lead")
            start, at = max(clause.span.start, at), min(clause.span.end, end)
            # A clause that goes on in a further block is numbered where it begins only.
            number = clause.number if start == clause.span.start else None
            yield from _segment(text, start, at, "clause", number)
        yield from _segment(text, at, end, "lead")
        at = end
    yield from _segment(text, at, high, "plain")


def _segment(
    text: str,
    start: int,
    end: int,
    role: Literal["plain", "lead", "clause"],
    number: str | None = None,
) -> Iterator[Segment]:
    span = strip_span(text, start, max(start, end))
    if span.end > span.start:
        yield Segment(text[span.start : span.end], role, number)


def after_title(text: str, item: AgendaItem) -> str:
    """Return what a block says after the title of the item that begins in it.

    Examples
    --------
    >>> from hwbtext.records import AgendaItem, CharSpan
    >>> item = AgendaItem("4", "Officer's report", CharSpan(0, 40))
    >>> after_title("4. Officer’s report: it was noted.", item)
    'it was noted.'
    """
    title = same_length(item.title)
    at = same_length(text).find(title) if title else -1
    # A title that is not found was tidied: to say it twice is better than to lose words.
    return text[at + len(title) :].lstrip(" \n\t.:") if at >= 0 else text
