"""Items whose column of numbers was read apart from the titles: "20/05/1 i) 20/05/2 Roads: …"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from hwbtext.minutes.titles import has_verb, tells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.minutes.lines import Line

_NUMBER = re.compile(r"(?<![\w/.])(?P<series>\d{2,4}/\d{1,2})/(?P<n>\d{1,2})(?![\w/]|\.\d)")
# After a number that lost its title: another number, a mark below it, or nothing.
_BARE = re.compile(r"\s*(?:$|\d{2,4}/\d{1,2}/\d|\(?(?:[ivx]{1,4}|[a-h])[.)](?:\s|$))")
_DECIDED = re.compile(r"\bResolved\s*:?\s*(?P<series>\d{2,4}[/\\]\d{1,2})[/\\](?P<n>\d{1,2})\.\d")
_WORD = r"(?:\(\s?)?(?:[\w'&/,-]{3,}\)|[\w'&/,-]+)"
# The name of the law that asks for an item may stand between its title and the colon.
_TITLE = re.compile(
    rf"(?:(?<=[.:)?!\"]\s)|(?<=[a-z\d]\s)|^)(?P<title>[A-Z][\w'&/,-]*(?:\s{_WORD}){{0,16}}?)\s*"
    r"(?:-\s+(?:LGA|Local\s+Government)\b[^:.]{0,60})?:(?=\s|$)"
)
_BEFORE = re.compile(r"^.*(?:\d/\d{1,2}|\b[ivx]{1,4}\))\s+")  # the column of numbers
_NO_ITEM = re.compile(
    r"^(?:absent|present|councillors|item|action|resolved|proposed|seconded|date|total|signed|part)\b|"
    r"\b(?:present|absent|tel|date|signed)$",
    re.IGNORECASE,
)
_FEWEST = 4  # numbers that lost their titles


class Parted(NamedTuple):
    """A title, and the number that it had in the column beside it."""

    start: int
    number: str
    title: str
    key: tuple[int, ...]


def find_parted(lines: Sequence[Line]) -> tuple[Parted, ...]:
    """Find the items of minutes whose numbers stand in runs, apart from their titles.

    Parameters
    ----------
    lines : sequence of Line

    Returns
    -------
    tuple of Parted
        In reading order; empty unless most numbers stand bare, and decisions bear the numbers of
        their items. The titles that a colon sets off are counted between the items that those
        decisions name ("Resolved 20/05/4.01" below the fourth title); where the count does not
        come out, they have no number.

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> text = "20/5/1 20/5/2 20/5/3 20/5/4 i) Apologies: None. Minutes: Resolved 20/5/2.1 They "
    >>> text += "were signed. Roads: It was wet. Parks: They were dry."
    >>> [(i.number, i.title) for i in find_parted([Line(0, 0, len(text), text, "paragraph")])]
    [('20/5/1', 'Apologies'), ('20/5/2', 'Minutes'), ('20/5/3', 'Roads'), ('20/5/4', 'Parks')]
    """
    numbers = [(line, mark) for line in lines for mark in _NUMBER.finditer(line.text)]
    if not numbers:
        return ()
    series, _ = Counter(mark["series"] for _, mark in numbers).most_common(1)[0]
    own = [(line, mark) for line, mark in numbers if mark["series"] == series]
    n_bare = sum(_BARE.match(line.text, mark.end()) is not None for line, mark in own)
    if n_bare < _FEWEST or 2 * n_bare < len(own):
        return ()
    titles = [head for line in lines for head in _titles(line)]
    decided = [
        (line.start + mark.start(), int(mark["n"]))
        for line in lines
        for mark in _DECIDED.finditer(line.text)
        if mark["series"].replace("\\", "/") == series
    ]
    counted = _counted([start for start, _ in titles], decided)
    last = max(int(mark["n"]) for _, mark in own)
    return tuple(
        Parted(start, f"{series}/{n}" if n else "", title, (n,) if n else ())
        for (start, title), n in zip(titles, counted, strict=False)
        if n is None or n <= last
    )


def _titles(line: Line) -> Iterator[tuple[int, str]]:
    for mark in _TITLE.finditer(line.text):
        before = _BEFORE.match(mark["title"])
        cut = before.end() if before else 0
        title = mark["title"][cut:]
        if title and not (_NO_ITEM.search(title) or tells(title) or has_verb(title)):
            yield line.start + mark.start("title") + cut, title


def _counted(starts: Sequence[int], decided: Sequence[tuple[int, int]]) -> list[int | None]:
    """Return the number of each title, by the numbers that the decisions below them bear."""
    known: dict[int, int] = {}
    for at, n in decided:
        known.setdefault(bisect_right(starts, at) - 1, n)
    pairs = sorted(known.items())
    if not pairs or any(b <= a for (_, a), (_, b) in pairwise(pairs)):
        return []
    counted: list[int | None] = [None] * len(starts)
    for (low, first), (high, n) in pairwise([(-1, 0), *pairs]):
        if high >= 0:
            counted[high] = n
        if high - low == n - first:
            counted[low + 1 : high] = range(first + 1, n)
    top, n = pairs[-1]
    counted[top + 1 :] = range(n + 1, n + len(starts) - top)
    return counted
