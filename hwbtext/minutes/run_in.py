"""Items inside a paragraph: some clerks' minutes reach the web as a few long paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from hwbtext.minutes.titles import clean_title, find_title, rough_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.minutes.lines import Line

_MARK = re.compile(
    r"(?:(?<=\s)|^)(?P<top>\d{1,2})(?:\.(?P<sub>\d{1,2}))?(?P<stop>\.?)\s+(?=[\"'(]?[A-Z])"
)
# "83/20 To approve the audit": the year stays, the number goes on.
_CODE = re.compile(
    r"(?:(?<=[.:;?!)\]\w]\s)|^)(?<!item\s)(?<!minute\s)(?<!number\s)(?<!no\.\s)(?<!ref\s)(?<!see\s)"
    r"(?P<top>\d{1,4})/(?P<year>\d{2,4})\.?:?\s+(?=[A-Z\"'(])"
)
_BELOW = re.compile(r"\s\d{1,2}(?:\.\d{1,2}){1,2}\s(?=[A-Z])")
_MONTH = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
# Lines of an agenda that were read as one: "Fund (Pages 3 - 9) 4. Housing".
_GLUED = re.compile(r"\(Pages?\s[^()]{1,20}\)\s\d{1,2}\.\s", re.IGNORECASE)
_LONG = 400  # characters: shorter blocks are lines of their own
_FEWEST = 4
_YEARS = 3  # years that are looked at, the commonest first
_LOOK = 400


class RunInItem(NamedTuple):
    """An item that opens inside a block."""

    start: int
    number: str
    title: str
    key: tuple[int, ...]


def find_run_in(lines: Sequence[Line]) -> tuple[RunInItem, ...]:
    """Find items that open inside long paragraphs, by numbers that count without a gap.

    Parameters
    ----------
    lines : sequence of Line

    Returns
    -------
    tuple of RunInItem
        In reading order. Empty where no paragraph is long, or fewer than four top numbers
        follow each other.

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> body = "1. Apologies: None. 2. Roads It was wet. 3. Parks: Closed. 4. Close "
    >>> body += "The meeting closed. " * 20
    >>> [item.title for item in find_run_in([Line(0, 0, len(body), body, "paragraph")])]
    ['Apologies', 'Roads', 'Parks', 'Close']
    """
    if not any(
        line.end - line.start > _LONG or _GLUED.search(line.text)
        for line in lines
        if line.kind != "table_cell"
    ):
        return ()
    heads: list[tuple[Line, re.Match[str], tuple[int, ...]]] = []
    top = sub = n_top = 0
    for line, mark in _marks(lines):
        number = int(mark["top"])
        below = int(mark["sub"]) if mark["sub"] else 0
        if _MONTH.match(line.text, mark.end()):
            continue
        if not below and number == top + 1 and (mark["stop"] or not mark.start()):
            top, sub = number, 0
            n_top += 1
        elif below and number == top and below == sub + 1:
            sub = below
        else:
            continue
        heads.append((line, mark, (number, below) if below else (number,)))
    if n_top < _FEWEST or not any(mark.start() for _, mark, _ in heads):
        return ()
    return _titled(heads)


_Head = tuple["Line", "re.Match[str]", tuple[int, ...]]


def find_coded(lines: Sequence[Line]) -> tuple[RunInItem, ...]:
    """Find items that open inside paragraphs by a number and a year: "83/20 To approve …".

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> body = "7/20 Apologies None. 8/20 Roads It was wet. 9/20 Parks They were dry. 10/20 Close "
    >>> body += "The meeting closed. " * 20
    >>> [item.number for item in find_coded([Line(0, 0, len(body), body, "paragraph")])]
    ['7/20', '8/20', '9/20', '10/20']
    """
    if not any(line.end - line.start > _LONG for line in lines if line.kind != "table_cell"):
        return ()
    marks = [
        (line, mark)
        for line in lines
        if line.kind != "table_cell"
        for mark in _CODE.finditer(line.text)
        if not _MONTH.match(line.text, mark.end())
    ]
    best: list[_Head] = []
    years = Counter(mark["year"] for _, mark in marks)
    for year, _ in years.most_common(_YEARS):
        chain: list[_Head] = []
        for line, mark in marks:
            number = int(mark["top"])
            if mark["year"] != year or (chain and not 1 <= number - chain[-1][2][0] <= 4):
                continue
            chain.append((line, mark, (number,)))
        best = max(best, chain, key=len)
    if len(best) < _FEWEST or not any(mark.start() for _, mark, _ in best):
        return ()
    return _titled(best)


class Gap(NamedTuple):
    """Numbers that are missing between two items, and where they would open."""

    start: int
    end: int
    first: int
    last: int


def find_missing(lines: Sequence[Line], gaps: Sequence[Gap]) -> Iterator[RunInItem]:
    """Find the items that open inside paragraphs by the numbers that are missing.

    Parameters
    ----------
    lines : sequence of Line
    gaps : sequence of Gap
        Nothing is found in a gap unless all of its numbers stand there in order.

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> body = "1. Apologies None. 2. Roads It was wet. 3. Parks It was dry."
    >>> lines = [Line(0, 0, 60, body, "paragraph")]
    >>> [item.title for item in find_missing(lines, [Gap(0, 60, 2, 3)])]
    ['Roads', 'Parks']
    """
    marks = [
        (line, mark)
        for line, mark in (_marks(lines) if gaps else ())
        if mark["stop"] and not mark["sub"] and not _MONTH.match(line.text, mark.end())
    ]
    starts = [line.start + mark.start() for line, mark in marks]
    for gap in gaps:
        heads: list[_Head] = []
        for line, mark in marks[bisect_right(starts, gap.start) : bisect_left(starts, gap.end)]:
            if int(mark["top"]) == gap.first + len(heads) <= gap.last:
                heads.append((line, mark, (int(mark["top"]),)))
        if len(heads) > gap.last - gap.first:
            yield from _titled(heads)


def _titled(heads: Sequence[_Head]) -> tuple[RunInItem, ...]:
    """Give each item the title that stands behind its number."""
    found: list[RunInItem] = []
    for (line, mark, key), following in zip(heads, [*heads[1:], None], strict=True):
        stop = mark.end() + _LOOK
        if following is not None and following[0] is line:
            stop = min(stop, following[1].start())
        text = _BELOW.split(line.text[mark.end() : stop], maxsplit=1)[0]
        start, end = find_title(text, printed=False) or rough_title(text)
        number = ".".join(map(str, key))
        if "year" in mark.re.groupindex:
            number = f"{mark['top']}/{mark['year']}"
        found.append(
            RunInItem(line.start + mark.start(), number, clean_title(text[start:end]), key)
        )
    return tuple(found)


def _marks(lines: Sequence[Line]) -> Iterator[tuple[Line, re.Match[str]]]:
    for line in lines:
        if line.kind != "table_cell":
            for mark in _MARK.finditer(line.text):
                yield line, mark
