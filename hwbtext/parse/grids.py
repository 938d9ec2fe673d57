"""Grids that ruling lines and shaded boxes draw, whatever words stand in them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hwbtext.parse.rules import Floats, Rules

if TYPE_CHECKING:
    from collections.abc import Iterator

Cell = tuple[float, float, float, float]
"""Left, top, right and bottom in points."""

Cells = list[list[Cell | None]]
"""Rows by columns; None where a merged cell that starts elsewhere covers the place."""

SNAP = 3.0  # points; rules nearer than this are one, and ends nearer than this meet
EDGE = 0.5  # the colour of the edge of a shaded box; a white rule has 0, a printed one 1
_Ints = NDArray[np.int64]
_MAX_CELLS = 3_000  # a page with more is a chart or a map
_MAX_RULES = 1_500  # after joining
_MIN_BARS = 4  # of a chart
_PADDING = 8.0  # points between the edge of a cell and its text, at most
_ZEBRA = 1.6  # times the height of a shaded row
_STRAIGHT = 1.0  # points; how far the pieces of one rule may lie apart across it


def ruled_parts(rules: Rules) -> list[tuple[Floats, Floats]]:
    """Return the horizontal and vertical rules of each grid that a page may draw.

    The edges of shaded boxes count as rules, and what is no part of a table is left out. Grids
    that stand in a cell of another one come before it.
    """
    rules = _without_bars(rules._replace(fills=_without_text_shading(rules)))
    fills = rules.fills
    x0, top, x1, bottom = fills.T
    edge = np.full(len(x0), EDGE)
    edges_h = [np.stack([y, x0, x1, edge], axis=1) for y in (top, bottom)]
    edges_v = [np.stack([x, top, bottom, edge], axis=1) for x in (x0, x1)]
    edges_v += _bridges(fills, rules.horizontal)
    horizontal = _joined(np.concatenate([rules.horizontal, *edges_h]))
    if not 2 <= len(horizontal) <= _MAX_RULES:
        return []
    vertical = _joined(np.concatenate([rules.vertical, *edges_v]))
    if len(vertical) > _MAX_RULES:
        return []
    return [(horizontal[h], vertical[v]) for h, v in _components(horizontal, vertical)]


def _without_text_shading(rules: Rules) -> Floats:
    """Drop the boxes that Word prints behind each line of a text that fills a shaded cell.

    They stand off the rules on both sides by the same few points, the padding of the cell.
    """
    fills, (x, top, bottom, _) = rules.fills, rules.vertical.T
    if not len(fills) or not len(x):
        return fills
    x0, upper, x1, lower = fills.T[:, :, None]
    along = (top <= upper + SNAP) & (bottom >= lower - SNAP)
    off_left = along & (x0 - x > SNAP) & (x0 - x < _PADDING)
    off_right = along & (x - x1 > SNAP) & (x - x1 < _PADDING)
    kept: Floats = fills[~(off_left.any(axis=1) & off_right.any(axis=1))]
    return kept


def _without_bars(rules: Rules) -> Rules:
    """Drop boxes that begin at one line and end at many, as the bars of a chart do."""
    fills = rules.fills
    if len(fills) < _MIN_BARS:
        return rules
    bars = np.zeros(len(fills), dtype=bool)
    for base, end in ((0, 2), (3, 1)):
        places = fills[:, base].round()
        for place in np.unique(places):
            own = places == place
            n_ends = len(np.unique((fills[own, end] / SNAP).round()))
            if own.sum() >= _MIN_BARS and n_ends >= 0.6 * own.sum():
                bars |= own
    if not bars.any():
        return rules
    gone = fills[bars] + np.array([-_STRAIGHT, -_STRAIGHT, _STRAIGHT, _STRAIGHT])
    y, left, right, _ = rules.horizontal.T
    x, upper, lower, _ = rules.vertical.T
    outline_h = _inside(np.stack([left, y, right, y], axis=1), gone)
    outline_v = _inside(np.stack([x, upper, x, lower], axis=1), gone)
    return Rules(rules.horizontal[~outline_h], rules.vertical[~outline_v], fills[~bars])


def _inside(boxes: Floats, others: Floats) -> NDArray[np.bool_]:
    """Return for each box whether it lies within any of some others."""
    x0, top, x1, bottom = boxes.T[:, :, None]
    left, upper, right, lower = others.T
    found: NDArray[np.bool_] = (
        (x0 >= left) & (top >= upper) & (x1 <= right) & (bottom <= lower)
    ).any(axis=1)
    return found


def _bridges(fills: Floats, horizontal: Floats) -> list[Floats]:
    """Return the sides of the white boxes between shaded ones that stand one above the other.

    Where each other row is shaded and no rules part them, the rows between are cells too.
    """
    if len(fills) < 3:
        return []
    x0, top, x1, bottom = fills[
        np.lexsort((fills[:, 1], fills[:, 2].round(), fills[:, 0].round()))
    ].T
    same = (np.abs(np.diff(x0)) < _STRAIGHT) & (np.abs(np.diff(x1)) < _STRAIGHT)
    gap = top[1:] - bottom[:-1]
    low = np.minimum((bottom - top)[1:], (bottom - top)[:-1])
    near = np.flatnonzero(same & (gap > 0) & (gap < _ZEBRA * low))
    x, upper, lower = (x0[near] + x1[near]) / 2, bottom[near], top[near + 1]
    y, start, end, _ = horizontal.T
    ruled = np.stack([start, y - SNAP, end, y + SNAP], axis=1)
    taken = _inside(np.stack([x, (upper + lower) / 2] * 2, axis=1), fills)
    for edge_y in (upper, lower):
        taken |= _inside(np.stack([x, edge_y] * 2, axis=1), ruled)
    near = near[~taken]
    edge = np.full(len(near), EDGE)
    return [np.stack([side[near], bottom[near], top[near + 1], edge], axis=1) for side in (x0, x1)]


def _joined(rules: Floats) -> Floats:
    """Join the pieces of rules that lie in one line and touch or nearly touch."""
    joined: list[list[float]] = []
    run: list[list[float]] = []

    def close() -> None:
        run.sort(key=lambda rule: rule[1])
        start = len(joined)
        for place, low, high, seen in run:
            last = joined[-1] if len(joined) > start else None
            if last and low <= last[2] + SNAP:
                last[2], last[3] = max(last[2], high), max(last[3], seen)
            else:
                joined.append([place, low, high, seen])

    for rule in sorted(rules.tolist()):
        if run and rule[0] - run[-1][0] > _STRAIGHT:
            close()
            run = []
        run.append(rule)
    close()
    long = [rule for rule in joined if rule[2] - rule[1] >= 2 * SNAP]
    return np.array(long, dtype=float).reshape(-1, 4)


def _components(horizontal: Floats, vertical: Floats) -> list[tuple[_Ints, _Ints]]:
    """Return the rules that hang together, as indices into both arrays, where they can be grids."""
    y, x0, x1, _ = horizontal.T[:, :, None]
    x, top, bottom, _ = vertical.T
    meets = (x0 - SNAP <= x) & (x <= x1 + SNAP) & (top - SNAP <= y) & (y <= bottom + SNAP)
    free = meets.any(axis=1)
    found = [(alike, np.array([], dtype=int)) for alike in _alike(horizontal, ~free)]
    while free.any():
        own_h = np.zeros(len(horizontal), dtype=bool)
        own_h[free.argmax()] = True
        n_before = 0
        while own_h.sum() > n_before:
            n_before = own_h.sum()
            own_v = meets[own_h].any(axis=0)
            own_h = meets[:, own_v].any(axis=1)
        free &= ~own_h
        if own_h.sum() >= 2 and (horizontal[own_h, 3].any() or vertical[own_v, 3].any()):
            found.append((np.flatnonzero(own_h), np.flatnonzero(own_v)))
    # Tables in a cell of another one come before it.
    return sorted(found, key=lambda own: _extent(horizontal[own[0]]))


def _extent(horizontal: Floats) -> float:
    y, x0, x1, _ = horizontal.T
    return float(np.ptp(y) * (x1.max() - x0.min()))


def _alike(horizontal: Floats, among: NDArray[np.bool_]) -> Iterator[_Ints]:
    """Yield the rules, three or more, that begin and end at the same places."""
    left = np.flatnonzero(among & (horizontal[:, 3] > EDGE))
    while len(left) > 2:
        same = (np.abs(horizontal[left, 1:3] - horizontal[left[0], 1:3]) <= SNAP).all(axis=1)
        if same.sum() > 2:
            yield left[same]
        left = left[~same]


def cells_of(horizontal: Floats, vertical: Floats) -> Cells:
    """Return the grid that rules draw; where an outer side is open, it counts as closed."""
    xs = _snapped(np.append(vertical[:, 0], [horizontal[:, 1].min(), horizontal[:, 2].max()]))
    ys = horizontal[:, 0]
    if len(vertical):
        ys = np.append(ys, [vertical[:, 1].min(), vertical[:, 2].max()])
    ys = _snapped(ys)
    if len(xs) < 2 or len(ys) < 3 or len(xs) * len(ys) > _MAX_CELLS:
        return []
    above = _drawn(horizontal, ys, xs)
    beside = _drawn(vertical, xs, ys).T
    above[[0, -1]] = True
    beside[:, [0, -1]] = True
    cells: Cells = []
    open_cells: dict[tuple[int, int], tuple[int, int]] = {}
    x_list, y_list = xs.tolist(), ys.tolist()
    ruled = np.pad(np.cumsum(above * np.diff(xs), axis=1), ((0, 0), (1, 0))).tolist()
    for r in range(len(ys) - 1):
        row: list[Cell | None] = [None] * (len(xs) - 1)
        cells.append(row)
        walls = np.flatnonzero(beside[r]).tolist()
        still_open = {}
        for left, right in pairwise(walls):
            run = (left, right)
            closed = ruled[r][right] - ruled[r][left] > 0.5 * (x_list[right] - x_list[left])
            start = (r, left)
            if not closed and run in open_cells:
                start = open_cells[run]
            top = y_list[start[0]]
            cells[start[0]][left] = (x_list[left], top, x_list[right], y_list[r + 1])
            still_open[run] = start
        open_cells = still_open
    kept = [c for c in range(len(xs) - 1) if any(row[c] for row in cells)]
    return [[row[c] for c in kept] for row in cells if any(row)]


def _snapped(places: Floats) -> Floats:
    """Return one place for each run of places that lie close together."""
    places = np.sort(places)
    starts = np.flatnonzero(np.diff(places, prepend=-np.inf) > SNAP)
    ends = np.append(starts[1:], len(places))
    sums = np.add.reduceat(places, starts)
    return sums / (ends - starts)


def _drawn(rules: Floats, places: Floats, stops: Floats) -> NDArray[np.bool_]:
    """Return for each place and each gap between stops whether a rule runs all along it."""
    drawn = np.zeros((len(places), len(stops) - 1), dtype=bool)
    at = np.abs(rules[:, :1] - places).argmin(axis=1).tolist()
    first = np.searchsorted(stops, rules[:, 1] - SNAP).tolist()
    last = (np.searchsorted(stops, rules[:, 2] + SNAP, side="right") - 1).tolist()
    for place, low, high in zip(at, first, last, strict=True):
        drawn[place, low:high] = True
    return drawn
