"""Several meetings in one file: an agenda before the minutes, one committee's after another's."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from hwbtext.minutes.kinds import item_kind
from hwbtext.minutes.labels import read_label
from hwbtext.minutes.people import find_people
from hwbtext.records import CharSpan
from hwbtext.text import n_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.minutes.lines import Line
    from hwbtext.records import Document

_PRESENT = re.compile(
    r"^\W*(?:(?:those|members|(?:parish\s+|town\s+)?councillors)\s+)?present\b", re.IGNORECASE
)
_COUNTED = re.compile(r"^(?P<number>\d{1,2})[.)]?\s+[A-Z]")
_MINUTES = re.compile(r"^\W*(?:(?:draft|approved|unconfirmed)\s+)?minutes\b", re.IGNORECASE)
_COUNT = re.compile(r"^\W*\d{1,2}[.)]?\s+")
_ANYWHERE = frozenset({"business", "attendance", "minutes", "next_meeting"})
_SAME = 2  # kinds of usual business
_FEWEST = 3  # numbers above: fewer are no agenda
_NEAR = 40  # lines below the list of those present within which the items begin
_MOST_HEADING = 8  # lines between the name of the body and those present
_SHORT = 12  # words


def meeting_parts(
    document: Document, lines: Sequence[Line], within: CharSpan | None = None
) -> tuple[CharSpan, ...]:
    r"""Cut a file where the record of another meeting begins.

    Parameters
    ----------
    document : Document
    lines : sequence of Line
        Of the document, or of the part of it that is looked at.
    within : CharSpan, optional
        That part.

    Returns
    -------
    tuple of CharSpan
        One where there is one meeting. A record begins at the heading above a list of those
        present, where business was counted from one above it and is so again below.

    Examples
    --------
    >>> from hwbtext.minutes.lines import read_lines
    >>> from hwbtext.parse import parse_bytes
    >>> agenda = "1. Apologies\n\n2. Minutes\n\n3. Roads\n\n"
    >>> text = agenda + "Minutes of May\n\nPresent: Mr A Ash, Ms B Elm\n\n" + agenda
    >>> document = parse_bytes(text.encode(), "a.txt")
    >>> [document.text[slice(*one)][:12] for one in meeting_parts(document, read_lines(document))]
    ['1. Apologies', 'Minutes of M']
    """
    low, high = within or CharSpan(0, len(document.text))
    numbers = [_number(line) for line in lines]
    firsts = [at for at, number in enumerate(numbers) if number == 1]
    cuts: list[int] = []
    since = 0
    for at in range(len(lines)):
        if not _opens_record(lines, numbers, firsts, at) and not _opens_minutes(lines, since, at):
            continue
        if _counts(numbers[since:at]):
            start = lines[_top(document, lines, numbers, at)].start
            if start > low:
                cuts.append(start)
            since = at
    bounds = [low, *cuts, high]
    return tuple(CharSpan(a, b) for a, b in pairwise(bounds))


def _opens_record(
    lines: Sequence[Line], numbers: Sequence[int | None], firsts: Sequence[int], at: int
) -> bool:
    """Return whether a line lists those present, and business counts from one below it."""
    if not _lists_present(lines, at):
        return False
    below = bisect_right(firsts, at)
    near = below < len(firsts) and firsts[below] - at <= _NEAR
    return near and 2 in numbers[firsts[below] :]


def _opens_minutes(lines: Sequence[Line], since: int, at: int) -> bool:
    """Return whether a line heads minutes below their agenda: the same business stands in both."""
    if not _MINUTES.match(lines[at].text) or n_words(lines[at].text) > _SHORT:
        return False
    above, below = (
        {item_kind(_COUNT.sub("", one.text)) for one in part if n_words(one.text) <= _SHORT}
        - _ANYWHERE
        for part in (lines[since:at], lines[at + 1 :])
    )
    return len(above & below) >= _SAME


def is_record(lines: Sequence[Line], span: CharSpan) -> bool:
    """Return whether a part of a file says who was present: an agenda does not.

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> text = "Present: Mr A Ash"
    >>> is_record([Line(0, 0, 17, text, "paragraph")], CharSpan(0, 17))
    True
    """
    return any(
        span.start <= line.start < span.end and _PRESENT.match(line.text) is not None
        for line in lines
    )


def _number(line: Line) -> int | None:
    match = _COUNTED.match(line.text) if line.kind != "table_cell" else None
    return int(match["number"]) if match else None


def _lists_present(lines: Sequence[Line], at: int) -> bool:
    text = lines[at].text
    label = read_label(text) if _PRESENT.match(text) else None
    if label is None or label.presence != "present":
        return False
    named = text[label.end :].strip() or (lines[at + 1].text if at + 1 < len(lines) else "")
    return bool(find_people(named))


def _counts(numbers: Sequence[int | None]) -> bool:
    """Return whether one, two, three and so on stand in order."""
    last = 0
    for number in numbers:
        last += number == last + 1
    return last >= _FEWEST


def _top(document: Document, lines: Sequence[Line], numbers: Sequence[int | None], at: int) -> int:
    """Return the first line of the heading above a list of those present."""
    page = document.page_of(lines[at].start)
    top = at
    while top and at - top < _MOST_HEADING:
        above = lines[top - 1]
        if document.page_of(above.start) != page or numbers[top - 1] is not None:
            break
        if not above.is_heading and n_words(above.text) > _SHORT:
            break
        top -= 1
    return top
