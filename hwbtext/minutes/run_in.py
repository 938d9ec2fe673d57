"""Items inside a paragraph: some clerks' minutes reach the web as a few long paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from hwbtext.minutes.titles import clean_title, find_title, has_verb, rough_title, tells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.minutes.lines import Line

_MARK = re.compile(
    r"(?:(?<=\s)|^)(?P<top>\d{1,2})(?:\.(?P<sub>\d{1,2}))?(?:\.(?P<low>\d{1,2}))?(?P<stop>\.?)"
    # "5. 5.1 Roads": no title stands over the first below; "5.Roads": the space was lost
    r"(?:\s+(?=[\"'(]?[A-Z]|\d{1,2}\.1\s)|(?<=\d\.)(?=[A-Z][a-z]|[A-Z]{3}))"
)
# "83/20 To approve the audit": the year stays, the number goes on.
_CODE = re.compile(
    r"(?:(?<=[.:;?!)\]\w]\s)|^)(?<!item\s)(?<!minute\s)(?<!number\s)(?<!no\.\s)(?<!ref\s)(?<!see\s)"
    r"(?P<top>\d{1,4})/(?P<year>\d{2,4})\.?:?\s+(?=[A-Z\"'(])"
)
_BELOW = re.compile(r"(?:\s|^)\d{1,2}(?:\.\d{1,2}){1,2}\s(?=[A-Z])")
_MONTH = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
# Lines of an agenda that were read as one: "Fund (Pages 3 - 9) 4. Housing".
_GLUED = re.compile(r"\(Pages?\s[^()]{1,20}\)\s\d{1,2}\.\s", re.IGNORECASE)
# "Strimmed the verges": one of a list of works, and no title.
_DID = re.compile(r"[A-Z][a-z]{2,}ed\s(?:the|an?|out|[a-z]+ing)\b")
_DATED = re.compile(r"(?P<before>\d{2,4}/\d{1,2}/)(?P<n>\d{1,2})")
_MOST_BEHIND = 8  # numbers behind the last
_LONG = 400  # characters: shorter blocks are lines of their own
_FEWEST = 4
_FURTHEST = 12  # most that the numbers of a year rise from an item to the next
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
    heads: list[_Head] = []
    top = sub = low = n_top = 0
    for line, mark in _marks(lines):
        number, below, third = (int(mark[part] or 0) for part in ("top", "sub", "low"))
        if _MONTH.match(line.text, mark.end()):
            continue
        sure = mark["stop"] or mark["sub"] or not mark.start()  # "3.0 Roads" stands over "3.1"
        if number == top == 1 and not below and mark["stop"] and not heads[0][1]["stop"]:
            heads.clear()  # what stood above was the number of a page
            top = n_top = 0
        if not below and number == top + 1 and sure:
            top, sub, low = number, 0, 0
            n_top += 1
        elif below and not third and number == top and below == sub + 1:
            sub, low = below, 0
        elif third and (number, below) == (top, sub) and third == low + 1:
            low = third
        else:
            continue
        heads.append((line, mark, tuple(part for part in (number, below, third) if part)))
    if n_top < _FEWEST or not any(mark.start() for _, mark, _ in heads):
        return ()
    return tuple(head for head in _titled(heads) if len(head.key) == 1 or not _is_said(head.title))


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
            if mark["year"] != year or (chain and not 1 <= number - chain[-1][2][0] <= _FURTHEST):
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


def find_missing_codes(lines: Sequence[Line], heads: Sequence[tuple[int, str]]) -> list[RunInItem]:
    """Find the items that open inside paragraphs by a number such as "20/05/4" that is missing.

    Parameters
    ----------
    lines : sequence of Line
    heads : sequence of (int, str)
        Where items were found, and their numbers, in reading order.

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> text = "20/5/1 Apologies None. Item 20/5/2 Roads: It was wet."
    >>> lines = [Line(0, 0, 53, text, "paragraph")]
    >>> heads = [(0, "20/5/1"), (99, "20/5/3"), (120, "20/5/4")]
    >>> [(item.number, item.title) for item in find_missing_codes(lines, heads)]
    [('20/5/2', 'Roads')]
    """
    codes = [(start, code) for start, number in heads if (code := _DATED.fullmatch(number))]
    if not codes:
        return []
    before, n_same = Counter(code["before"] for _, code in codes).most_common(1)[0]
    own = [(start, int(code["n"])) for start, code in codes if code["before"] == before]
    if n_same < _FEWEST - 1 or any(b[1] <= a[1] for a, b in pairwise(own)):
        return []
    pattern = re.compile(
        rf"(?:(?<=[\s.;:)])|^)(?:(?:[Ii]tem|[Mm]inute)\s+)?(?P<code>{re.escape(before)}(?P<n>\d{{1,2}}))"
        r"[.:)]?\s+(?=[A-Z\"'(])"
    )
    found: list[_Head] = []
    for line in lines:
        for mark in pattern.finditer(line.text) if line.kind != "table_cell" else ():
            start, n = line.start + mark.start(), int(mark["n"])
            at = bisect_left(own, (start, 0))
            low = own[at - 1][1] if at else 0
            high = own[at][1] if at < len(own) else own[-1][1] + _MOST_BEHIND
            low = max(low, found[-1][2][0] if found else 0)
            if low < n < high and n not in (number for _, number in own):
                found.append((line, mark, (n,)))
    return list(_titled(found))


def _titled(heads: Sequence[_Head]) -> tuple[RunInItem, ...]:
    """Give each item the title that stands behind its number."""
    found: list[RunInItem] = []
    for (line, mark, key), following in zip(heads, [*heads[1:], None], strict=False):
        stop = mark.end() + _LOOK
        if following is not None and following[0] is line:
            stop = min(stop, following[1].start())
        text = _BELOW.split(line.text[mark.end() : stop], maxsplit=1)[0]
        start, end = find_title(text, printed=False) or rough_title(text)
        number = mark.groupdict().get("code") or mark.group().split()[0].rstrip(".:")
        if title := clean_title(text[start:end]):
            found.append(RunInItem(line.start + mark.start(), number, title, key))
    return tuple(found)


def _is_said(title: str) -> bool:
    return tells(title) or has_verb(title) or _DID.match(title) is not None


def _marks(lines: Sequence[Line]) -> Iterator[tuple[Line, re.Match[str]]]:
    for line in lines:
        if line.kind != "table_cell":
            for mark in _MARK.finditer(line.text):
                yield line, mark
