"""Running heads and feet, page numbers and watermarks, found by repetition and place."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.parse.lines import Line
    from hwbtext.records import BBox

_MARGIN = 0.12  # of the page's height, at its head and its foot
_EDGE = 0.07  # nearer still: two pages that repeat a line here are enough
_BAND = 12.0  # points by which the same head may stand higher or lower
_REACH = 4  # pages before and after: a pack's parts have heads of their own
_PAGE_NUMBER = re.compile(
    r"^(?:[Pp](?:age|g)?\.?\s*|PAGE\s*)?[-–—|]?\s*(?:\d{1,4}|[ivxlc]{1,6})\s*[-–—|]?"
    r"(?:\s*(?:of|/)\s*\d{1,4})?$",
)
_SAYS_PAGE = re.compile(r"^page\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?$", re.IGNORECASE)
_WATERMARK = re.compile(r"^(?:draft|confidential|final draft|not for publication|embargoed)$", re.I)


class PageLines(NamedTuple):
    """The printed lines of one page, its displayed size in points, and its tables' boxes."""

    number: int
    width: float
    height: float
    lines: Sequence[Line]
    tables: Sequence[BBox] = ()


def find_furniture(pages: Sequence[PageLines]) -> set[int]:
    """Return the ``id`` of each line that is furniture: head, foot, page number, watermark.

    A line in the outer eighth of a page is furniture where the same words (numbers apart) stand
    at the same height on at least two others of the nine pages round it, or on the next page
    where both stand at the very edge; a page number, where it counts with the pages or stands
    alone there. Large slanted words are a watermark. What stands in a table that reaches into the
    page is never furniture: the head of a table may be repeated page after page.

    Parameters
    ----------
    pages : sequence of PageLines
        All pages in order; a single page has no running heads.

    Returns
    -------
    set of int
    """
    found = {id(line) for page in pages for line in page.lines if _is_watermark(line)}
    candidates = [
        (page, line)
        for page in pages
        for line in page.lines
        if (line.box.bottom < _MARGIN * page.height or line.box.top > (1 - _MARGIN) * page.height)
        and not _in_table(page, line)
    ]
    places: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for page, line in candidates:
        places[_key(line.text)].append((page.number, _from_edge(page, line)))
    for page, line in candidates:
        others = {
            number
            for number, place in places[_key(line.text)]
            if number != page.number
            and abs(number - page.number) <= _REACH
            and abs(place - _from_edge(page, line)) <= _BAND
        }
        if len(others) >= 2 or (others and _is_at_edge(page, line)):
            found.add(id(line))
    found -= set(_numbers_beside_text(candidates, found))
    if len(pages) > 1:
        found.update(_page_numbers(candidates))
    found.update(_repeated_large(pages, found))
    return found


def _in_table(page: PageLines, line: Line) -> bool:
    x, y = (line.box.x0 + line.box.x1) / 2, (line.box.top + line.box.bottom) / 2
    return any(
        table.x0 < x < table.x1
        and table.top < y < table.bottom
        and table.bottom > _MARGIN * page.height
        and table.top < (1 - _MARGIN) * page.height
        for table in page.tables
    )


def _key(text: str) -> str:
    return re.sub(r"\d+|\b[ivx]+\b", "#", " ".join(text.lower().split()))


def _from_edge(page: PageLines, line: Line) -> float:
    """Return the distance from the head, or from the foot as a negative number.

    A pack holds portrait and landscape pages: feet stand at one distance from the foot.
    """
    if line.box.bottom < _MARGIN * page.height:
        return line.box.top
    return line.box.bottom - page.height


def _is_at_edge(page: PageLines, line: Line) -> bool:
    outer = _EDGE * page.height
    return line.box.bottom < outer or line.box.top > page.height - outer


def _page_numbers(candidates: Sequence[tuple[PageLines, Line]]) -> Iterator[int]:
    for page, line in candidates:
        text = line.text.strip()
        if not _PAGE_NUMBER.match(text):
            continue
        if _SAYS_PAGE.match(text) or not _beside(page, line):
            yield id(line)


def _numbers_beside_text(
    candidates: Sequence[tuple[PageLines, Line]], found: set[int]
) -> Iterator[int]:
    """Yield numbers that begin a paragraph: "4.2" may open several pages at one height."""
    for page, line in candidates:
        if id(line) in found and not any(c.isalpha() for c in line.text):
            beside = _beside(page, line)
            if any(id(other) not in found for other in beside):
                yield id(line)


def _beside(page: PageLines, line: Line) -> list[Line]:
    return [
        other
        for other in page.lines
        if other is not line
        and min(other.box.bottom, line.box.bottom) - max(other.box.top, line.box.top) > 1
    ]


def _is_watermark(line: Line) -> bool:
    slanted = 10 < line.angle % 90 < 80
    large = line.size > 30 or max(line.box.bottom - line.box.top, 0.0) > 60
    return (slanted and large) or (large and _WATERMARK.match(line.text.strip()) is not None)


def _repeated_large(pages: Sequence[PageLines], known: set[int]) -> Iterator[int]:
    """Yield sideways text that stands at one place page after page: side tabs, stamps."""
    places: defaultdict[tuple[str, int, int], list[Line]] = defaultdict(list)
    for page in pages:
        for line in page.lines:
            if line.angle and id(line) not in known:
                place = (_key(line.text), round(line.box.x0 / _BAND), round(line.box.top / _BAND))
                places[place].append(line)
    for lines in places.values():
        if len({line.page for line in lines}) >= 3:
            yield from (id(line) for line in lines)
