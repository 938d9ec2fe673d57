"""Numbered lists inside an item: letters received, payments, points that count from one again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hwbtext.minutes.kinds import item_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.minutes.candidates import Candidate

_STEP = 2  # a number of a list may have been overlooked
_MEETING = 2  # kinds of business that show a list to be that of another meeting


def without_lists(found: Sequence[Candidate]) -> list[Candidate]:
    """Leave out the lines of lists that start again inside an item.

    Parameters
    ----------
    found : sequence of Candidate
        Lines whose numbers have one shape, in reading order.

    Returns
    -------
    list of Candidate
        All of them where numbers have parts ("3.1"). A list is one only where the items go on
        counting below it, and where it does not itself hold the business of a meeting.

    Examples
    --------
    >>> from hwbtext.minutes.candidates import Candidate
    >>> numbers = (6, 7, 1, 2, 8, 8, 9)
    >>> lines = [Candidate(at, str(n), "A", "9", (n,), False) for at, n in enumerate(numbers)]
    >>> [candidate.number for candidate in without_lists(lines)]
    ['6', '7', '8', '8', '9']
    """
    if any(len(candidate.key) != 1 for candidate in found):
        return list(found)
    numbers = [candidate.key[0] for candidate in found]
    to_come = Counter(numbers)
    kept: list[Candidate] = []
    outer = inner = 0
    for at, candidate in enumerate(found):
        number = numbers[at]
        to_come[number] -= 1
        if inner and inner < number <= inner + _STEP:
            if number != outer + 1 or to_come[number]:
                inner = number
                continue
        elif outer and number == 1 and not candidate.printed:
            goes_on = to_come[outer + 1] or to_come[outer + _STEP]
            if goes_on and not _holds_meeting(found, at):
                inner = number
                continue
        inner = 0
        outer = max(outer, number) if number > 1 else number
        kept.append(candidate)
    return kept


def _holds_meeting(found: Sequence[Candidate], at: int) -> bool:
    """Return whether the run of numbers from here on holds apologies, minutes and the like."""
    kinds = set()
    last = 0
    for candidate in found[at:]:
        number = candidate.key[0]
        if not last < number <= last + _STEP:
            break
        last = number
        kinds.add(item_kind(candidate.title))
    return len(kinds - {"business"}) >= _MEETING
