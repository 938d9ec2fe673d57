"""Grids parted further, where white space between figures does what a rule would."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from hwbtext.parse.columns import (
    COLUMN_HEAD,
    MIN_ROWS,
    NO_FIGURE,
    Run,
    Runs,
    crossed,
    height_of,
    phrases,
    text_rows,
    valleys,
)
from hwbtext.parse.grids import EDGE, SNAP, Cell, Cells, cells_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.parse.rules import Floats

_LEVEL = 0.6  # of the printed rows of a tall cell that stand level with figures beside it


def grid_of(horizontal: Floats, vertical: Floats, runs: Runs) -> Cells:
    """Return the cells that rules draw, parted where white space does what a rule would."""
    inside = runs.inside(_extent(horizontal, vertical))
    if len(inside) < 2:
        return []
    cells = cells_of(horizontal, vertical)
    n_figures = sum(run.figure for run in inside)
    if not cells or (n_figures < MIN_ROWS and all(all(row) for row in cells)):
        return cells  # nothing that white space could part
    left = _open_side(cells, runs)
    if left is not None:
        ends = horizontal[:, 1].min()
        horizontal = horizontal.copy()
        horizontal[horizontal[:, 1] < ends + SNAP, 1] = left
        vertical = np.concatenate([vertical, [[ends, *np.sort(horizontal[:, 0])[[0, -1]], EDGE]]])
        cells = cells_of(horizontal, vertical)
    stops = _unruled_columns(cells, runs)
    edges = {cell[side] for row in cells for cell in row if cell for side in (0, 2)}
    more_h = _unruled_rows(cells, sorted({*edges, *stops}), runs)
    if more_h:
        horizontal = np.concatenate([horizontal, more_h])
        cells = cells_of(horizontal, vertical)
    names = _unruled_names(cells, runs)
    if names:
        horizontal = np.concatenate([horizontal, names])
        cells = cells_of(horizontal, vertical)
    more_v = _unruled_sides(cells, sorted({*edges, *stops}), runs)
    if more_v:
        cells = cells_of(horizontal, np.concatenate([vertical, more_v]))
    return cells


def _extent(horizontal: Floats, vertical: Floats) -> Cell:
    """Return the box round some rules, with room for where they are snapped to."""
    xs = np.concatenate([horizontal[:, 1:3].ravel(), vertical[:, 0]])
    ys = np.concatenate([horizontal[:, 0], vertical[:, 1:3].ravel()])
    return (xs.min() - SNAP, ys.min() - SNAP, xs.max() + SNAP, ys.max() + SNAP)


def _open_side(cells: Cells, runs: Runs) -> float | None:
    """Return where the names begin that stand left of a grid of figures, row by row."""
    boxes = [cell for row in cells for cell in row if cell]
    left, right = min(cell[0] for cell in boxes), max(cell[2] for cell in boxes)
    top, bottom = min(cell[1] for cell in boxes), max(cell[3] for cell in boxes)
    inside = runs.inside((left, top, right, bottom))
    if sum(run.figure for run in inside) < max(2 * MIN_ROWS, 0.7 * len(inside)):
        return None
    rows = text_rows(runs.inside((0.0, top, right, bottom)))
    beside = [min(row).x0 for row in rows if min(row).x0 < left]
    both = sum(min(row).x0 < left < max(row).x0 for row in rows)
    crossing = any(run.x0 < left - SNAP and run.x1 > left + SNAP for row in rows for run in row)
    if crossing or both < max(MIN_ROWS, 0.7 * len(rows)):
        return None
    return min(beside) - 1


def _unruled_names(cells: Cells, runs: Runs) -> list[list[float]]:
    """Return rules for tall cells of names that stand level with the ruled figures beside them.

    Some sheets rule or shade the columns of figures only, on both sides of the names.
    """
    boxes = [cell for row in cells for cell in row if cell]
    tops = sorted({cell[1] for cell in boxes})
    rules: list[list[float]] = []
    for left, top, right, bottom in boxes:
        inner = tops[bisect_right(tops, top) : bisect_left(tops, bottom)]
        if len(inner) < MIN_ROWS - 1:
            continue
        names = text_rows(runs.inside((left, top, right, bottom)))
        beside = [
            run.top + run.bottom
            for x0, x1 in ((0.0, left), (right, np.inf))
            for run in runs.inside((x0, top, x1, bottom))
            if run.figure
        ]
        level = sum(
            any(abs(row[0].top + row[0].bottom - y) < SNAP for y in beside) for row in names
        )
        if level < MIN_ROWS or level < _LEVEL * len(names):
            continue
        rules += [
            [y, left, right, 1.0]
            for y in inner
            if not any(abs(row[0].top + row[0].bottom - 2 * y) < SNAP for row in names)
        ]
    return rules


def _unruled_columns(cells: Cells, runs: Runs) -> list[float]:
    """Return where white space parts columns of figures that stand in one ruled column."""
    by_column: dict[tuple[float, float], list[Cell]] = {}
    for row in cells:
        for cell in row:
            if cell:
                by_column.setdefault((cell[0], cell[2]), []).append(cell)
    stops = []
    for column in by_column.values():
        found = [runs.inside(cell) for cell in column]
        if sum(run.figure for inside in found for run in inside) >= 3:
            stops += valleys([row for inside in found for row in text_rows(inside)])
    return stops


def _unruled_rows(cells: Cells, stops: Sequence[float], runs: Runs) -> list[list[float]]:
    """Return rules for ruled rows that hold several printed rows of figures each."""
    rules = []
    for row in cells:
        own = [cell for cell in row if cell]
        bottom = min(cell[3] for cell in own)
        own = [cell for cell in own if cell[3] == bottom]
        found = sorted(
            (run for cell in own for run in runs.inside(cell)), key=lambda run: run.top + run.bottom
        )
        if sum(run.figure for run in found) < MIN_ROWS:
            continue
        rows = _whole_rows(text_rows(found))
        full = [_is_row(one, stops) for one in rows]
        if sum(full) >= MIN_ROWS and sum(full) >= 0.5 * len(rows):
            for above, below in pairwise(rows):
                y = (max(r.bottom for r in above) + min(r.top for r in below)) / 2
                rules += [[y, cell[0], cell[2], 1.0] for cell in own]
    return rules


def _is_row(row: Sequence[Run], stops: Sequence[float]) -> bool:
    """Return whether two columns or more are filled, and one with nothing but a number.

    The number or dash that opens an item of a list has words after it in its column.
    """
    bare: dict[int, bool] = {}
    for run in row:
        column = bisect_right(stops, run.x0)
        number = run.figure and run.text not in NO_FIGURE
        bare[column] = bare.get(column, True) and number
    return len(bare) > 1 and any(bare.values())


def _whole_rows(rows: Sequence[list[Run]]) -> list[list[Run]]:
    """Join printed rows that are one row of a table: a name of two lines beside its figures."""
    whole: list[list[Run]] = []
    for row in rows:
        if whole:
            above = max(run.bottom for run in whole[-1])
            top = min(run.top for run in row)
            first = min(row)
            overlaps = above - top > 0.3 * height_of(row)
            goes_on = first.text[:1].islower() and first.x0 < min(whole[-1]).x0 + SNAP
            if overlaps or goes_on:
                whole[-1] += row
                continue
        whole.append(list(row))
    return whole


def _unruled_sides(cells: Cells, stops: Sequence[float], runs: Runs) -> list[list[float]]:
    """Return rules for wide cells whose words keep to the columns of the rest of the table."""
    rules = []
    for cell in (cell for row in cells for cell in row if cell):
        inner = stops[bisect_right(stops, cell[0]) : bisect_left(stops, cell[2])]
        if not inner:
            continue
        found = runs.inside(cell)
        spans = [span for row in text_rows(found) for span in phrases(row)]
        free = [x for x in inner if not crossed(x, spans)]
        filled = {bisect_right(free, (run.x0 + run.x1) / 2) for run in found}
        after = [run for run in found if run.x0 > free[0]] if free else []
        figures = any(run.figure or COLUMN_HEAD.match(run.text) for run in after)
        if len(filled) > (1 if figures else 2):
            rules += [[x, cell[1], cell[3], 1.0] for x in free]
    return rules
