"""Outcomes of items that no label opens: told in a sentence, in a column, in the last paragraph."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from hwbtext.minutes.clauses import BODY, printed_number
from hwbtext.minutes.openings import find_told
from hwbtext.minutes.told import ALONE, decision_cells
from hwbtext.text import n_words, strip_span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.minutes.lines import Line
    from hwbtext.records import AgendaItem, CharSpan

_SET_OFF = re.compile(
    rf"^(?:(?:Following|After)\b[^,.]{{0,80}},\s+)?(?:[Tt]he\s+)?{BODY}\s+(?:therefore\s+|unanimously\s+|"
    r"formally\s+|duly\s+|all\s+)?(?:agreed|approved|endorsed|noted|ratified|adopted|received|accepted|"
    r"supported|authorised|delegated|determined|decided)\b"
)
_HOUSEKEEPING = frozenset(
    (
        "apologies",
        "attendance",
        "declarations",
        "matters_arising",
        "minutes",
        "other_business",
        "welcome",
    )
)
_MOST_SET_OFF = 60  # words: a longer paragraph is discussion
_RIGHT_BELOW = 60  # characters
_NEAR = 500  # characters: "it was carried" so close above "RESOLVED" tells of the same decision


def find_outcomes(
    lines: Sequence[Line],
    items: Sequence[AgendaItem],
    resolutions: Sequence[CharSpan],
    labelled: Sequence[CharSpan],
) -> tuple[tuple[int, int], ...]:
    """Find the decisions that stand outside labelled resolutions.

    Only minutes are read so: in a report "The Council approved it" tells of the past.

    Parameters
    ----------
    lines : sequence of Line
    items : sequence of AgendaItem
    resolutions : sequence of CharSpan
        What labels and verbs of deciding open, in order.
    labelled : sequence of CharSpan
        Those of them that a label opens.

    Returns
    -------
    tuple of (int, int)
        Start and end of each, in reading order.
    """
    if not any(item.kind in _HOUSEKEEPING for item in items):
        return ()
    cells = {line.start: decided for line, decided in decision_cells(lines)}
    starts = [item.span.start for item in items]
    found: list[tuple[int, int]] = []
    moved: list[tuple[int, int]] = []  # proposed and seconded: an outcome where none is noted
    for line in lines:
        if line.is_heading:
            continue
        if line.start in cells:
            found += [(line.start, line.end)] if cells[line.start] else []
            continue
        for low, high, sure in find_told(line.text):
            one = (line.start + low, line.start + high)
            if sure and not _is_decided(*one, labelled, starts):
                found.append(one)
            elif not sure:
                moved.append(one)
    if len(moved) > len(labelled):
        decided = sorted([*(span.start for span in resolutions), *(a for a, _ in found)])
        found = sorted(
            [*found, *(one for one in moved if not _is_followed(one[1], decided, starts))]
        )
    found = [(a, b) for a, b in found if not _inside(a, b, resolutions)]
    decided = sorted([*(span.start for span in resolutions), *(a for a, _ in found)])
    return tuple(sorted([*found, *_set_off(lines, items, decided)]))


def _inside(start: int, end: int, resolutions: Sequence[CharSpan]) -> bool:
    at = bisect_right(resolutions, start, key=lambda span: span.start)
    before = at > 0 and resolutions[at - 1].end > start
    return before or (at < len(resolutions) and resolutions[at].start < end)


def _is_followed(end: int, decided: Sequence[int], items: Sequence[int]) -> bool:
    """Return whether what was moved is decided right below, in its item: "It was agreed by all"."""
    at = bisect_right(decided, end)
    if at == len(decided) or decided[at] - end >= _RIGHT_BELOW:
        return False
    return bisect_right(items, end) == bisect_right(items, decided[at])


def _is_decided(start: int, end: int, labelled: Sequence[CharSpan], items: Sequence[int]) -> bool:
    """Return whether a labelled resolution follows so close that it is the same decision."""
    at = bisect_right(labelled, start, key=lambda span: span.start)
    if at == len(labelled) or labelled[at].start - end >= _NEAR:
        return False
    return bisect_right(items, start) == bisect_right(items, labelled[at].start)


def _set_off(
    lines: Sequence[Line], items: Sequence[AgendaItem], starts: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Yield the outcomes that items without a resolution end in: "The Board approved it"."""
    at = 0
    for item in items:
        while at < len(lines) and lines[at].start < item.span.start:
            at += 1
        inside: list[Line] = []
        while at < len(lines) and lines[at].start < item.span.end:
            inside.append(lines[at])
            at += 1
        if any(item.span.start <= start < item.span.end for start in starts):
            continue
        alone = [line for line in inside if ALONE.fullmatch(line.text)]
        if alone:
            yield from ((line.start, line.end) for line in alone)
            continue
        paragraphs = [line for line in inside if not line.is_heading and n_words(line.text) > 3]
        last = paragraphs[-1] if paragraphs else None
        if last is None or last.kind == "table_cell" or last.start == item.span.start:
            continue
        if n_words(last.text) > _MOST_SET_OFF:
            continue
        body = last.text
        mark = printed_number(body)
        offset = re.match(r"\W*\w{1,6}[.)]\s*", body).end() if mark and mark.number else 0  # type: ignore[union-attr]
        if _SET_OFF.match(body[offset:]):
            low, high = strip_span(last.text, 0, len(last.text))
            yield last.start + low, last.start + high
