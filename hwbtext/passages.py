"""Cut a document into passages, the unit of coding."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from hwbtext.minutes import RESOLUTION, find_items, resolution_blocks, split_clauses
from hwbtext.records import AgendaItem, CharSpan, Passage
from hwbtext.text import n_words, same_length, sentences, strip_span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwbtext.records import Block, Document

MAX_WORDS = 110
"""Longer paragraphs are cut between sentences; most coded passages have 12 to 110 words."""

_FEW_WORDS = 3
_MOSTLY_TEXT = 0.55  # share of letters among the printed characters
_SIGN_OFF = re.compile(
    r"^(?:signed|dated|chair(?:man)?|clerk|page)\b[\s:._…]*(?:[._…]{3,}|\d)", re.IGNORECASE
)


def segment(document: Document, *, with_items: bool = True) -> tuple[Passage, ...]:
    """Cut a document into passages: resolution clauses, minuted paragraphs, table rows.

    Headings are no passages but the section path of those below them; furniture is left out.
    A passage never runs across items.

    Parameters
    ----------
    document : Document
    with_items : bool
        Whether numbered headings are agenda items, as in minutes and agendas; in reports and
        strategies they are sections.

    Returns
    -------
    tuple of Passage
        In reading order, without overlap; ``document.text[p.span.start:p.span.end] == p.text``.
        Empty for a document without text.
    """
    items = find_items(document) if with_items else ()
    clauses = resolution_blocks(document)
    passages: list[Passage] = []
    headings: list[tuple[int, str]] = []
    at = 0
    for _, group in groupby(enumerate(document.blocks), key=_row_or_block):
        run = list(group)
        first = run[0][1]
        if first.kind == "furniture":
            continue
        if first.kind == "heading":
            title = document.text[first.span.start : first.span.end]
            headings = [(level, t) for level, t in headings if level < first.level]
            headings.append((first.level, title))
            continue
        while at + 1 < len(items) and items[at + 1].span.start <= first.span.start:
            at += 1
        item = items[at] if items and items[at].span.start <= first.span.start else None
        path = tuple(title for _, title in headings)
        if first.kind == "table_cell":
            spans = _row_spans(document, [block for _, block in run])
        else:
            spans = _paragraph_spans(document, first, is_resolution=run[0][0] in clauses)
        passages += [_passage(document, span, item, path) for span in spans]
    return tuple(passages)


def _row_or_block(numbered: tuple[int, Block]) -> int:
    """Return the same key for the cells of one row, and one of its own for any other block."""
    index, block = numbered
    return block.row if block.row is not None else -index - 1


def _row_spans(document: Document, cells: list[Block]) -> Iterator[CharSpan]:
    """One action row is one passage; a row of long cells gives a passage a paragraph."""
    whole = CharSpan(cells[0].span.start, cells[-1].span.end)
    if n_words(document.text[whole.start : whole.end]) <= MAX_WORDS:
        yield whole
        return
    for cell in cells:
        yield from _paragraph_spans(document, cell, is_resolution=False)


def _paragraph_spans(
    document: Document, block: Block, *, is_resolution: bool
) -> Iterator[CharSpan]:
    start = block.span.start
    text = document.text[start : block.span.end]
    plain = same_length(text)
    cut = 0
    if opening := RESOLUTION.search(plain):
        # A report and the decision that follows it in one paragraph are two passages.
        for span in sentences(text):
            if span.start <= opening.start() < span.end and span.start > 0:
                cut = span.start
    if cut:
        yield from _short_spans(text, 0, cut, start)
    if opening or is_resolution:
        for clause in split_clauses(plain[cut:]):
            yield from _short_spans(text, cut + clause.span.start, cut + clause.span.end, start)
    else:
        yield from _short_spans(text, 0, len(text), start)


def _short_spans(text: str, start: int, end: int, offset: int) -> Iterator[CharSpan]:
    """Yield ``[start, end)``, cut between sentences where it is too long."""
    piece = text[start:end]
    if n_words(piece) <= 1.4 * MAX_WORDS:
        span = strip_span(text, start, end)
        if span.end > span.start:
            yield CharSpan(span.start + offset, span.end + offset)
        return
    begin: int | None = None
    stop = count = 0
    for span in sentences(piece):
        words = n_words(piece[span.start : span.end])
        if begin is not None and count + words > MAX_WORDS:
            yield CharSpan(start + begin + offset, start + stop + offset)
            begin, count = None, 0
        begin = span.start if begin is None else begin
        stop = span.end
        count += words
    if begin is not None:
        yield CharSpan(start + begin + offset, start + stop + offset)


def _passage(
    document: Document, span: CharSpan, item: AgendaItem | None, path: tuple[str, ...]
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
