"""Cut a document into passages, the unit of coding."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import count, groupby, pairwise
from typing import TYPE_CHECKING

from hwbtext.minutes import Clause, find_items, find_resolutions
from hwbtext.records import AgendaItem, CharSpan, Passage
from hwbtext.text import n_words, sentences, strip_span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hwbtext.minutes import Resolution
    from hwbtext.records import Block, Document

MAX_WORDS = 110
"""Longer paragraphs are cut between sentences; most coded passages have 12 to 110 words."""

_FEW_WORDS = 3
_MOSTLY_TEXT = 0.55  # share of letters among the printed characters
_SIGN_OFF = re.compile(
    r"^(?:signed|dated|chair(?:man)?|clerk|page)\b[\s:._…]*(?:[._…]{3,}|\d)", re.IGNORECASE
)


def segment(
    document: Document,
    *,
    with_items: bool = True,
    items: Sequence[AgendaItem] | None = None,
) -> tuple[Passage, ...]:
    """Cut a document into passages: resolution clauses, minuted paragraphs, table rows.

    Headings are no passages but the section path of those below them; furniture is left out.
    A passage never runs across items.

    Parameters
    ----------
    document : Document
    with_items : bool
        Whether numbered headings are agenda items, as in minutes and agendas; in reports and
        strategies they are sections.
    items : sequence of AgendaItem, optional
        The items of this document, if they are known already.

    Returns
    -------
    tuple of Passage
        In reading order, without overlap; ``document.text[p.span.start:p.span.end] == p.text``.
        Empty for a document without text.
    """
    items = tuple(items) if items is not None else find_items(document) if with_items else ()
    starts = [item.span.start for item in items]
    clauses = _clauses(find_resolutions(document, items))
    passages: list[Passage] = []
    headings: list[tuple[int, str]] = []
    for _, group in groupby(document.blocks, key=_row_or_block()):
        run = list(group)
        first = run[0]
        if first.kind == "furniture":
            continue
        decided = _within(clauses, CharSpan(first.span.start, run[-1].span.end))
        if first.kind == "heading" and not decided:
            title = document.text[first.span.start : first.span.end]
            headings = [(level, t) for level, t in headings if level < first.level]
            headings.append((first.level, title))
            continue
        path = tuple(title for _, title in headings)
        if first.kind == "table_cell":
            pieces = _row_pieces(document, run, decided)
        else:
            pieces = _block_pieces(document.text, first.span, decided, starts)
        for span, clause in pieces:
            at = bisect_right(starts, span.start)
            item = items[at - 1] if at and span.start < items[at - 1].span.end else None
            passages.append(_passage(document, span, item, path, clause))
    return tuple(passages)


Piece = tuple[CharSpan, str | None]  # a passage to be, and the number of its clause


def _row_or_block() -> Callable[[Block], int]:
    """Return a key that is the same for the cells of one row, and new for any other block."""
    counter = count(1)

    def key(block: Block) -> int:
        return block.row if block.row is not None else -next(counter)

    return key


def _clauses(resolutions: Sequence[Resolution]) -> list[Clause]:
    """Return all clauses of resolutions in reading order; a lead-in alone has no number."""
    found = [clause for resolution in resolutions for clause in resolution.clauses]
    found += [Clause(resolution.lead, None) for resolution in resolutions if resolution.lead]
    return sorted(found, key=lambda clause: clause.span)


def _within(clauses: Sequence[Clause], span: CharSpan) -> list[Clause]:
    """Return the clauses that reach into ``span``, cut to it."""
    low = bisect_right(clauses, span.start, key=lambda clause: clause.span.end)
    high = bisect_left(clauses, span.end, key=lambda clause: clause.span.start)
    return [
        Clause(
            CharSpan(max(clause.span.start, span.start), min(clause.span.end, span.end)),
            clause.number,
        )
        for clause in clauses[low:high]
    ]


def _row_pieces(
    document: Document, cells: list[Block], decided: Sequence[Clause]
) -> Iterator[Piece]:
    """One action row is one passage; a row of long cells gives a passage a paragraph."""
    whole = CharSpan(cells[0].span.start, cells[-1].span.end)
    if not decided and n_words(document.text[whole.start : whole.end]) <= MAX_WORDS:
        yield whole, None
        return
    for cell in cells:
        yield from _block_pieces(document.text, cell.span, _within(decided, cell.span), ())


def _block_pieces(
    text: str, block: CharSpan, decided: Sequence[Clause], item_starts: Sequence[int]
) -> Iterator[Piece]:
    """Cut a block at its items and clauses: a report and its decision are two passages."""
    low = bisect_right(item_starts, block.start)
    high = bisect_left(item_starts, block.end)
    at = block.start
    cuts = [(clause.span, clause.number) for clause in decided]
    edges = list(item_starts[low:high])
    for span, number in cuts:
        yield from _plain(text, at, span.start, edges)
        yield from ((short, number) for short in _short_spans(text, span.start, span.end))
        at = span.end
    yield from _plain(text, at, block.end, edges)


def _plain(text: str, start: int, end: int, edges: Sequence[int]) -> Iterator[Piece]:
    stops = [start, *(edge for edge in edges if start < edge < end), end]
    for low, high in pairwise(stops):
        yield from ((span, None) for span in _short_spans(text, low, high))


def _short_spans(text: str, start: int, end: int) -> Iterator[CharSpan]:
    """Yield ``[start, end)``, cut between sentences where it is too long."""
    piece = text[start:end]
    if n_words(piece) <= 1.4 * MAX_WORDS:
        span = strip_span(text, start, end)
        if span.end > span.start:
            yield span
        return
    begin: int | None = None
    stop = count = 0
    for span in sentences(piece):
        words = n_words(piece[span.start : span.end])
        if begin is not None and count + words > MAX_WORDS:
            yield CharSpan(start + begin, start + stop)
            begin, count = None, 0
        begin = span.start if begin is None else begin
        stop = span.end
        count += words
    if begin is not None:
        yield CharSpan(start + begin, start + stop)


def _passage(
    document: Document,
    span: CharSpan,
    item: AgendaItem | None,
    path: tuple[str, ...],
    clause: str | None,
) -> Passage:
    text = document.text[span.start : span.end]
    has_pages = document.pages[0].width is not None
    return Passage(
        passage_id=f"{document.doc_id}:{span.start}-{span.end}",
        doc_id=document.doc_id,
        span=span,
        text=text,
        page=document.page_of(span.start) if has_pages else None,
        item_number=item.number if item else None,
        item_title=item.title if item else None,
        section_path=path,
        regions=document.layout.regions(span),
        fragment=is_fragment(text),
        clause=clause,
    )


def is_fragment(text: str) -> bool:
    r"""Return whether a passage holds no sentence to judge (codebook, ruling E52).

    Examples
    --------
    >>> is_fragment("2,340.5\\t1,200\\t48%"), is_fragment("The report was noted.")
    (True, False)
    """
    printed = [c for c in text if not c.isspace()]
    letters = sum(c.isalpha() for c in printed)
    if n_words(text) < _FEW_WORDS or letters < _MOSTLY_TEXT * len(printed):
        return True
    return _SIGN_OFF.match(text) is not None
