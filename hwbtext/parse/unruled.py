"""Columns of figures that stand without rules, as in budgets."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from hwbtext.parse.columns import (
    MIN_ROWS,
    Run,
    Runs,
    crossed,
    figure_columns,
    height_of,
    phrases,
    text_rows,
    valleys,
)
from hwbtext.parse.grids import SNAP, Cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.parse.lines import Line

_STRIP = 7.0  # points of white between columns


def unruled_grids(lines: Sequence[Line]) -> Iterator[Cells]:
    """Yield the cells of each stretch of rows whose figures keep to columns.

    Three rows or more, one below the other, in columns that white space parts from what stands
    beside them. One column of figures counts only where most are amounts (pounds, shares,
    decimals) and they do not just rise, as the page numbers of a table of contents and the
    times of an agenda do.
    """
    rows = [sorted(row) for row in text_rows(Runs(lines).runs)]
    for start, end in _figure_stretches(rows):
        stops = valleys(rows[start:end], _STRIP)
        if not stops or _is_patchy(rows[start:end], stops):
            continue
        if not _are_amounts(rows[start:end], stops):
            continue
        first = start
        while first and _heads(rows[first - 1], rows[first], stops):
            first -= 1
        if end - first >= MIN_ROWS:
            yield _cells(rows[first:end], stops)


def _is_patchy(rows: Sequence[Sequence[Run]], stops: Sequence[float]) -> bool:
    """Return whether many places are empty in the rows that fill two columns or more."""
    n_filled = [len({bisect_right(stops, run.x0) for run in row}) for row in rows]
    full = [n for n in n_filled if n > 1]
    return sum(full) < 0.6 * len(full) * (len(stops) + 1)


def _figure_stretches(rows: Sequence[Sequence[Run]]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last but one of rows that begin with a word and hold figures."""
    start = last = -1
    n_found = 0
    for index, row in enumerate(rows):
        apart = index > 0 and _step(rows[index - 1], row) > 2.5 * height_of(row)
        if start >= 0 and (apart or index - last > 2):
            if n_found >= MIN_ROWS:
                yield start, last + 1
            start, n_found = -1, 0
        if any(run.figure for run in row[1:]):
            start = index if start < 0 else start
            last = index
            n_found += 1
    if start >= 0 and n_found >= MIN_ROWS:
        yield start, last + 1


def _step(above: Sequence[Run], below: Sequence[Run]) -> float:
    return below[0].bottom - above[0].bottom


def _are_amounts(rows: Sequence[Sequence[Run]], stops: Sequence[float]) -> bool:
    """Return whether figures stand in line, and are more than the numbers of pages or times."""
    columns = [k for k, some in enumerate(figure_columns(rows, stops)) if some and k]
    runs = [run for row in rows for run in row if run.figure]
    found = [[run for run in runs if bisect_right(stops, run.x0) == k] for k in columns]
    if not all(_is_aligned(column) for column in found):
        return False
    if len(found) != 1:
        return len(found) > 1
    rising = all(one.value <= other.value for one, other in pairwise(found[0]))
    return not rising and sum(run.amount for run in found[0]) >= 0.5 * len(found[0])


def _is_aligned(column: Sequence[Run]) -> bool:
    """Return whether most figures share a left edge, a middle or a right edge.

    What stands beside the bars of a chart, or along its axis, does not.
    """
    lefts, rights = [run.x0 for run in column], [run.x1 for run in column]
    middles = [(one + other) / 2 for one, other in zip(lefts, rights, strict=True)]
    needed = 0.6 * len(column)
    return any(
        sum(abs(place - median(places)) <= SNAP for place in places) >= needed
        for places in (lefts, middles, rights)
    )


def _heads(row: Sequence[Run], below: Sequence[Run], stops: Sequence[float]) -> bool:
    """Return whether a row stands as a heading on the columns of the one below it."""
    columns = {bisect_right(stops, run.x0) for run in row}
    crosses = any(bisect_right(stops, run.x0) != bisect_right(stops, run.x1) for run in row)
    return len(columns) > 1 and not crosses and _step(row, below) <= 2 * height_of(row)


def _cells(rows: Sequence[Sequence[Run]], stops: Sequence[float]) -> Cells:
    left = min(run.x0 for row in rows for run in row) - 1
    right = max(run.x1 for row in rows for run in row) + 1
    middles = [
        (max(run.bottom for run in above) + min(run.top for run in below)) / 2
        for above, below in pairwise(rows)
    ]
    top, bottom = min(run.top for run in rows[0]), max(run.bottom for run in rows[-1])
    edges = [left, *stops, right]
    cells: Cells = []
    for row, (upper, lower) in zip(rows, pairwise([top, *middles, bottom]), strict=True):
        walls = [
            0,
            *(k for k, x in enumerate(stops, 1) if not crossed(x, phrases(row))),
            len(edges) - 1,
        ]
        cells.append([None] * (len(edges) - 1))
        for start, end in pairwise(walls):
            cells[-1][start] = (edges[start], upper, edges[end], lower)
    return cells
