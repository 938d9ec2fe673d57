"""Items of minutes that number none: headings, or titles set off by a colon."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hwbtext.minutes.kinds import item_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.minutes.lines import Line

_TITLE = re.compile(r"^(?P<title>[A-Z][\w'&/(),-]*(?:\s[\w'&/(),-]+){0,9})\s*:(?=\s|$)")
_ATTENDANCE = re.compile(
    r"^(?:members\b|those\b|present|in attendance|also|attend|officers?|date|time|venue|location|"
    r"public|chair|clerk|signed|note|action|resolved|decision)",
    re.IGNORECASE,
)
_FEWEST, _KNOWN = 3, 2


class Heading(NamedTuple):
    """A line that heads an item without a number."""

    start: int
    title: str


def find_unnumbered(lines: Sequence[Line]) -> tuple[Heading, ...]:
    r"""Find the items of minutes whose items have titles and no numbers.

    Parameters
    ----------
    lines : sequence of Line

    Returns
    -------
    tuple of Heading
        Empty unless at least two titles are those of every meeting (apologies, minutes,
        matters arising and the like): other papers have headings too.

    Examples
    --------
    >>> from hwbtext.parse import parse_bytes
    >>> from hwbtext.minutes.lines import read_lines
    >>> text = "Apologies: None\n\nMatters Arising: None\n\nPlanning: None"
    >>> [head.title for head in find_unnumbered(read_lines(parse_bytes(text.encode(), "a.txt")))]
    ['Apologies', 'Matters Arising', 'Planning']
    """
    headed = [
        Heading(line.start, line.text.strip(" :"))
        for line in lines
        if line.is_heading and 0 < len(line.text.split()) <= 14
    ]
    marked = [
        Heading(line.start, match["title"].strip())
        for line in lines
        if line.kind == "paragraph" and (match := _TITLE.match(line.text[:120]))
    ]
    for found in (headed, marked):
        at = next((i for i, head in enumerate(found) if _is_known(head.title)), None)
        if at is None:
            continue
        items = [head for head in found[at:] if not _ATTENDANCE.match(head.title)]
        if len(items) >= _FEWEST and sum(_is_known(head.title) for head in items) >= _KNOWN:
            return tuple(items)
    return ()


def _is_known(title: str) -> bool:
    return item_kind(title) not in ("business", "attendance")
