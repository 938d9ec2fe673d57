"""Cut a public reports pack into its parts: agenda, minutes, reports, appendices."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from hwbtext.minutes.items import find_items
from hwbtext.minutes.lines import Line
from hwbtext.papers.cover import label_names
from hwbtext.records import CharSpan
from hwbtext.text import same_length, strip_span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.records import Document

PartKind = Literal["agenda", "minutes", "report", "appendix", "other"]

# ModernGov stamps the first page of each paper; other systems print a slip before it.
_STAMP = re.compile(
    r"^agenda\s+item\s*(?:no\.?|number)?\s*:?\s*(?P<number>\d{1,3}[a-z]{0,4})?$", re.I
)
_BLANK = re.compile(r"intentionally\s+(?:left\s+)?blank", re.I)
_PAGE_N = re.compile(r"^(?:page\s+)?(\d{1,4})(?:\s+of\s+\d{1,4})?$|^(\d{1,4})\s*/\s*\d{1,4}$", re.I)
_MINUTES = re.compile(
    r"^(?:draft\s+|unconfirmed\s+|public\s+|confirmed\s+)*minutes\s+(?:of|for)\b|"
    r"^minutes(?:\s+of\s+\w+){0,6}$|\bheld\b.{0,120}\bminutes\b",
    re.I,
)
_PRESENT = re.compile(
    r"^(?:members\s+)?(?:present|in\s+attendance|attendance|those\s+present)\b", re.I
)
_AGENDA = re.compile(r"^(?:supplementary\s+)?a\s?g\s?e\s?n\s?d\s?a\b(?!\s+item)|^summons\b", re.I)
_APPENDIX = re.compile(
    r"^(?:appendix|annex(?:e|ure)?|schedule|enclosure|attachment|supplement\w*)\b\s*[\dA-Z]{0,3}\b",
    re.I,
)
_RECORD = re.compile(
    r"^(?:\W*proposed\s+)?record\s+of\s+(?:\w+\s+)?decision\b|^\W*decision\s+to\s+be\s+taken\s+by\b|"
    r"\bdecision\s+taken\s+by\b|^equality\s+impact\s+(?:assess|analys)|^eqia\b|^ecia\b|"
    r"^data\s+protection\s+impact|\bdpia\b",
    re.I,
)
_HEAD = 16  # blocks of a page that tell what begins on it
_SURE = 2
_RUN_IN = 20  # blocks that tell it in a paper without pages


@dataclass(frozen=True, slots=True)
class PackPart:
    """One paper of a pack; ``first_page`` and ``last_page`` are None without pages."""

    kind: PartKind
    title: str | None
    item_number: str | None
    span: CharSpan
    first_page: int | None
    last_page: int | None


@dataclass(frozen=True, slots=True)
class _Start:
    """A place where a part may begin, with what speaks for it."""

    at: int
    page: int | None
    head: tuple[Line, ...]
    kind: PartKind | None
    sureness: int
    stamp: str | None = None


def split_pack(document: Document) -> tuple[PackPart, ...]:
    """Cut a pack into its parts.

    Parameters
    ----------
    document : Document
        A pack: agenda, minutes of the last meeting, reports and their appendices in one file.

    Returns
    -------
    tuple of PackPart
        In reading order; their spans cover all text. A document that is one paper gives one
        part, one without text none.

    Notes
    -----
    A part begins on a page that carries a stamp ("Agenda Item 4"), the fields of a cover, the
    heading of minutes, of an agenda or of an appendix; or where printed page numbers begin
    again at 1, or after a page left blank.

    Examples
    --------
    >>> from hwbtext.parse import parse_bytes
    >>> parts = split_pack(parse_bytes(b"One paper of one page.", "a.txt"))
    >>> [(part.kind, part.item_number) for part in parts]
    [('other', None)]
    """
    if not document.text.strip():
        return ()
    has_pages = bool(document.pages) and document.pages[0].width is not None
    starts = list(_page_starts(document) if has_pages else _block_starts(document))
    kept = [start for start in starts if start.sureness >= _SURE]
    if not kept or kept[0].at > _first(document):
        opening = starts[0] if starts else None
        at = _first(document)
        whole = _Start(at, 1 if has_pages else None, (), None, _SURE)
        if opening and opening.at == at:
            whole = replace(opening, sureness=_SURE)
        kept.insert(0, whole)
    parts: list[PackPart] = []
    ends = [start.at for start in kept[1:]] + [len(document.text)]
    for start, end in zip(kept, ends, strict=True):
        span = strip_span(document.text, start.at, end)
        if span.end <= span.start:
            continue
        kind = start.kind or _kind_of_body(document, span, start.head)
        parts.append(
            PackPart(
                kind,
                _title(start.head),
                start.stamp,
                span,
                document.page_of(span.start) if has_pages else None,
                document.page_of(span.end - 1) if has_pages else None,
            )
        )
    return tuple(parts)


def _first(document: Document) -> int:
    return document.blocks[0].span.start if document.blocks else 0


def _page_starts(document: Document) -> Iterator[_Start]:
    """Yield every page, with what speaks for it as the first of a part."""
    by_page: dict[int, list[Line]] = {page.number: [] for page in document.pages}
    bounds = iter(document.pages)
    page = next(bounds, None)
    for index, block in enumerate(document.blocks):
        while page is not None and block.span.start >= page.span.end:
            page = next(bounds, None)
        if page is None:
            break
        text = same_length(document.text[block.span.start : block.span.end])
        by_page[page.number].append(
            Line(index, block.span.start, block.span.end, text, block.kind, block.level, block.row)
        )
    before_number: int | None = None
    before_label: str | None = None
    was_blank = False
    size: tuple[float | None, float | None] | None = None
    for page in document.pages:
        lines = by_page[page.number]
        blank = not lines or (len(lines) <= 4 and any(_BLANK.search(line.text) for line in lines))
        if blank:
            was_blank = True
            continue
        edge = [line for line in (*lines[:4], *lines[-3:]) if len(line.text) < 40]
        number = next((n for line in edge if (n := _printed_page(line.text)) is not None), None)
        restarts = number == 1 and before_number is not None and before_number >= 1
        stamp = next((m for line in edge if (m := _STAMP.match(line.text.strip()))), None)
        head = tuple(line for line in lines if line.kind != "furniture")[:_HEAD]
        kind, sure = _kind_of_head(head)
        # A running head ("Appendix G" over every page) begins nothing.
        label = _label_of(head) if kind == "appendix" else None
        if label is not None and label == before_label:
            kind, sure = None, 0
        before_label = label or (None if sure else before_label)
        turned = size is not None and size != (page.width, page.height)
        sureness = sure + (3 if stamp else 0) + (2 if restarts else 0) + (2 if was_blank else 0)
        yield _Start(
            lines[0].start,
            page.number,
            head,
            kind or ("report" if stamp else None),
            sureness + (1 if turned and sureness else 0),
            stamp["number"] if stamp else None,
        )
        before_number = number if number is not None else before_number
        was_blank, size = False, (page.width, page.height)


def _label_of(head: Sequence[Line]) -> str | None:
    """Return "appendix g" of the head of a page, or the name of a form."""
    for line in head[:3]:
        if match := _APPENDIX.match(line.text.strip()):
            return " ".join(match.group().casefold().split())
        if match := _RECORD.search(line.text[:90]):
            return match.group().casefold().strip()
    return None


def _printed_page(text: str) -> int | None:
    match = _PAGE_N.match(text.strip())
    return int(match[1] or match[2]) if match else None


def _block_starts(document: Document) -> Iterator[_Start]:
    """Yield the blocks that may open a part, in formats without pages."""
    lines = [
        Line(
            index,
            block.span.start,
            block.span.end,
            same_length(document.text[block.span.start : block.span.end]),
            block.kind,
            block.level,
            block.row,
        )
        for index, block in enumerate(document.blocks)
    ]
    last = -_RUN_IN
    for at, line in enumerate(lines):
        stamp = _STAMP.match(line.text.strip()) or _STAMP.match(line.text.strip(" :"))
        opens = stamp or _MINUTES.match(line.text) or _AGENDA.match(line.text) or not at
        if not opens or at - last < _RUN_IN // 2:
            continue
        head = tuple(lines[at : at + _RUN_IN])
        kind, sure = _kind_of_head(head)
        if stamp and (sure or len(label_names(head)) >= 2):
            sure = max(sure, _SURE)
        if sure >= _SURE or not at:
            last = at
            number = stamp["number"] if stamp else None
            yield _Start(
                line.start, None, head, kind or ("report" if stamp else None), sure, number
            )


def _kind_of_head(head: Sequence[Line]) -> tuple[PartKind | None, int]:
    """Return what the first blocks of a page show it to be, and how surely (0 to 3)."""
    short = [line.text.strip() for line in head[:6] if len(line.text) < 400]
    present = any(_PRESENT.match(line.text) for line in head)
    if present and any(_MINUTES.search(text) for text in short):
        return "minutes", 3
    if any(_AGENDA.match(text) and len(text) < 60 for text in short):
        return "agenda", 3
    if short and _APPENDIX.match(short[0]) and len(short[0].split()) <= 20:
        return "appendix", 3
    if len(short) > 1 and _APPENDIX.match(short[1]) and len(short[1].split()) <= 6:
        return "appendix", 2
    if any(_RECORD.search(text) and len(text) < 90 for text in short[:3]):
        return "appendix", 3
    names = label_names(head)
    if len(names) >= 2 and ("to" in names or "subject" in names or len(names) >= 4):
        return "report", 3
    return None, 0


def _kind_of_body(document: Document, span: CharSpan, head: Sequence[Line]) -> PartKind:
    """Tell a part without a heading of its own: an agenda has items about housekeeping."""
    if not head:
        return "other"
    items = find_items(document, CharSpan(span.start, min(span.end, span.start + 20_000)))
    housekeeping = sum(item.kind in ("apologies", "declarations", "minutes") for item in items)
    return "agenda" if housekeeping >= 2 else "other"


def _title(head: Sequence[Line]) -> str | None:
    """Return the subject of a report, else the first heading, else the first short line."""
    for line in head:
        match = re.match(
            r"^(?:subject|title(?:\s+of\s+(?:report|paper))?|report\s+title)\s*:\s*(.{3,300})",
            line.text,
            re.I,
        )
        if match:
            return match[1].strip()
    texts = [line for line in head if not _STAMP.match(line.text.strip())]
    for line in texts:
        if line.is_heading and any(c.isalpha() for c in line.text):
            return line.text.strip()[:300]
    return next((line.text.strip() for line in texts if 3 < len(line.text) < 200), None)
