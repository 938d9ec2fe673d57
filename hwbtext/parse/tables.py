"""Tables of PDF pages: ruled grids, and columns of figures that stand without rules."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hwbtext.parse.rules import Floats, Rules
from hwbtext.records import BBox

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.parse.lines import Line

Cell = tuple[float, float, float, float]
_Ints = NDArray[np.int64]
_MAX_CELLS = 3_000  # a page with more is a chart or a map
_MAX_WIDTH = 15_000  # points; PDF 32000-1, annex C: no page is wider
_MAX_RULES = 1_500  # after joining
_SNAP = 3.0  # points; rules nearer than this are one, and ends nearer than this meet
_MIN_BARS = 4  # of a chart
_PADDING = 8.0  # points between the edge of a cell and its text, at most
_ZEBRA = 1.6  # times the height of a shaded row
_EDGE = 0.5  # the colour of the edge of a shaded box; a white rule has 0, a printed one 1
_MIN_ROWS = 3  # of figures in a column
_STRIP, _WIDE_STRIP = 3.0, 7.0  # points of white between columns, within rules and without
_MANY_CELLS = 30
_LONG_FIGURE = 24  # characters
_NO_FIGURE = frozenset({"-", "–", "—", "n/a", "N/A", "*", ".."})
_COLUMN_HEAD = re.compile(r"(?:19|20)\d\d[-–/](?:20)?\d\d$|\(?£?[’']?000|0\d{9,}$")
_TORN = 0.1  # of the ends of lines in a table
_STRAIGHT = 1.0  # points; how far the pieces of one rule may lie apart across it


@dataclass(slots=True)
class Table:
    """Cells of one table, and the lines of text that fell into each.

    Attributes
    ----------
    cells : list of list of (tuple of float or None)
        Rows by columns; left, top, right and bottom in points as displayed. None where a
        merged cell that starts further up or left covers the place, or nothing is there.
    rows : list of list of list of Line
        The lines that :meth:`take` put into each cell, in the order they came.
    box : BBox
        Round all cells together.
    holes : sequence of tuple of float
        Boxes of other tables that stand inside a cell of this one: what is in them is theirs.
    """

    cells: list[list[Cell | None]]
    holes: Sequence[Cell] = ()
    rows: list[list[list[Line]]] = field(init=False)
    box: BBox = field(init=False)
    _xs: list[float] = field(init=False, repr=False)
    _ys: list[float] = field(init=False, repr=False)
    _owner: list[list[tuple[int, int] | None]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._index()

    def _index(self) -> None:
        self.rows = [[[] for _ in row] for row in self.cells]
        boxes = [cell for row in self.cells for cell in row if cell]
        self._xs = sorted({x for cell in boxes for x in (cell[0], cell[2])})
        self._ys = sorted({y for cell in boxes for y in (cell[1], cell[3])})
        self.box = BBox(self._xs[0], self._ys[0], self._xs[-1], self._ys[-1])
        self._owner = [[None] * (len(self._xs) + 1) for _ in range(len(self._ys) + 1)]
        for r, row in enumerate(self.cells):
            for c, cell in enumerate(row):
                if cell:
                    left, right = bisect_right(self._xs, cell[0]), bisect_right(self._xs, cell[2])
                    for y in range(
                        bisect_right(self._ys, cell[1]), bisect_right(self._ys, cell[3])
                    ):
                        self._owner[y][left:right] = [(r, c)] * (right - left)

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the row and column of the cell that a point lies in."""
        if any(box[0] < x < box[2] and box[1] < y < box[3] for box in self.holes):
            return None
        return self._owner[bisect_right(self._ys, y)][bisect_right(self._xs, x)]

    def _places(self, line: Line) -> list[tuple[int, int] | None]:
        return [
            self.cell_at((box.x0 + box.x1) / 2, (box.top + box.bottom) / 2)
            for _, box, _ in line.words
        ]

    def fits(self, lines: Sequence[Line]) -> bool:
        """Return whether lines of text end where the cells do.

        Rules drawn for looks can be read as a grid; then most printed lines run on over a
        cell's edge, word after word.
        """
        n_ends = n_torn = 0
        for line in lines:
            if not self._near(line):
                continue
            places = self._places(line)
            limit = 0.55 * line.size
            n_ends += any(places)
            for index in range(1, len(places)):
                if places[index - 1] != places[index]:
                    n_ends += 1
                    n_torn += _gap(line.words[index - 1].box, line.words[index].box) < limit
        return n_torn <= _TORN * n_ends

    def _near(self, line: Line) -> bool:
        x0, top, x1, bottom = self.box
        box = line.box
        return box.x0 < x1 and box.x1 > x0 and box.top < bottom and box.bottom > top

    def claim(self, line: Line) -> bool:
        """Return whether any word of a line stands in a cell of this table."""
        return self._near(line) and any(place is not None for place in self._places(line))

    def take(self, line: Line) -> Line | None:
        """Sort the words of a line into their cells; return what stands outside, if any."""
        if not self._near(line):
            return line
        outside = []
        by_cell: dict[tuple[int, int], list[int]] = {}
        for index, place in enumerate(self._places(line)):
            if place is None:
                outside.append(line.words[index])
            else:
                by_cell.setdefault(place, []).append(index)
        for (r, c), indices in by_cell.items():
            self.rows[r][c].append(line.with_words([line.words[i] for i in indices]))
        return line.with_words(outside) if outside else None


def _gap(one: BBox, other: BBox) -> float:
    """Return how far two words stand apart in the direction in which they do not overlap."""
    across = max(other.x0 - one.x1, one.x0 - other.x1)
    return max(across, other.top - one.bottom, one.top - other.bottom)


def tables_of(rules: Rules, lines: Sequence[Line]) -> list[Table]:
    """Find the ruled tables of a page.

    Only grids with text in two columns and two rows or more count: a box round a paragraph is
    no table, and neither are the axes of a chart. Where rules part only the rows, or only some
    of the columns, columns of figures are told by the white space between them.

    Parameters
    ----------
    rules : Rules
        Of the page, turned as its lines are.
    lines : sequence of Line
        Every line of the page, upright. They are not sorted into the cells yet; see
        :meth:`Table.take`.

    Returns
    -------
    list of Table
        From top to bottom. Their boxes do not share a word.
    """
    rules = _without_bars(rules._replace(fills=_without_text_shading(rules)))
    fills = rules.fills
    x0, top, x1, bottom = fills.T
    edge = np.full(len(x0), _EDGE)
    edges_h = [np.stack([y, x0, x1, edge], axis=1) for y in (top, bottom)]
    edges_v = [np.stack([x, top, bottom, edge], axis=1) for x in (x0, x1)]
    edges_v += _bridges(fills, rules.horizontal)
    horizontal = _joined(np.concatenate([rules.horizontal, *edges_h]))
    if not 2 <= len(horizontal) <= _MAX_RULES:
        return []
    vertical = _joined(np.concatenate([rules.vertical, *edges_v]))
    if len(vertical) > _MAX_RULES:
        return []
    components = _components(horizontal, vertical)
    if not components:
        return []
    runs = _Runs(lines)
    tables: list[Table] = []
    for own_h, own_v in components:
        cells = _grid_of(horizontal[own_h], vertical[own_v], runs)
        if _is_table(cells, runs):
            table = Table(cells)
            table.holes = [inner.box for inner in tables if _within(inner.box, table.box)]
            if table.fits(lines):
                tables.append(table)
                runs.remove(table.box)
    return sorted(tables, key=lambda table: table.box[1])


def _within(inner: Cell, outer: Cell) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] < x < outer[2] and outer[1] < y < outer[3]


class _Run(NamedTuple):
    """Words of a line that stand close together."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    figure: bool

    @property
    def amount(self) -> bool:
        """Whether it is money, a share, or a number that counts no pages."""
        return any(mark in self.text for mark in "£$€%,.(-–")

    @property
    def value(self) -> float:
        """The digits read as one number."""
        return float("".join(c for c in self.text if c in "0123456789") or 0)


class _Runs:
    """All runs of words of a page, in order of their middles from the top."""

    def __init__(self, lines: Sequence[Line]) -> None:
        upright = [line for line in lines if not line.angle]
        self.runs = sorted(_runs_of(upright), key=lambda run: run.top + run.bottom)
        self._place()

    def _place(self) -> None:
        self._x = [(run.x0 + run.x1) / 2 for run in self.runs]
        self._y = [(run.top + run.bottom) / 2 for run in self.runs]

    def remove(self, box: Cell) -> None:
        """Forget the runs in a box: they belong to a table."""
        gone = {id(run) for run in self.inside(box)}
        self.runs = [run for run in self.runs if id(run) not in gone]
        self._place()

    def inside(self, box: Cell) -> list[_Run]:
        """Return the runs whose middles lie in a box, from the top."""
        left, top, right, bottom = box
        first, last = bisect_left(self._y, top), bisect_left(self._y, bottom)
        return [
            run
            for run, x in zip(self.runs[first:last], self._x[first:last], strict=True)
            if left <= x < right
        ]


def _runs_of(lines: Sequence[Line]) -> Iterator[_Run]:
    for line in lines:
        space = 0.45 * line.size
        x0, top, x1, bottom = line.words[0].box
        text = line.words[0].text
        for word in line.words[1:]:
            left, upper, right, lower = word.box
            if -space < left - x1 <= space:
                x1, top, bottom = right, min(top, upper), max(bottom, lower)
                text += word.text
            else:
                yield _Run(x0, top, x1, bottom, text, _is_figure(text))
                x0, top, x1, bottom = left, upper, right, lower
                text = word.text
        yield _Run(x0, top, x1, bottom, text, _is_figure(text))


def _is_figure(text: str) -> bool:
    """Return whether words are a number, an amount, a share, or a dash in place of one.

    A financial year or a unit ("2025-26", "£000s") heads a column; it is no figure in it.
    """
    if len(text) > _LONG_FIGURE or _COLUMN_HEAD.match(text):
        return False
    n_digits = sum(map(str.isdigit, text))
    return n_digits >= sum(map(str.isalpha, text)) if n_digits else text in _NO_FIGURE


def _is_table(cells: list[list[Cell | None]], runs: _Runs) -> bool:
    """Return whether words stand in two rows and two columns of a grid, or more.

    A few bare figures with no word among them are the labels of a chart.
    """
    rows, columns = set(), set()
    n_filled = n_worded = 0
    for r, row in enumerate(cells):
        for c, cell in enumerate(row):
            found = runs.inside(cell) if cell else []
            if found:
                rows.add(r)
                columns.add(c)
                n_filled += 1
                n_worded += not all(run.figure for run in found)
        if len(rows) > 1 and len(columns) > 1 and (n_worded > 1 or n_filled > _MANY_CELLS):
            return True
    return False


def _grid_of(horizontal: Floats, vertical: Floats, runs: _Runs) -> list[list[Cell | None]]:
    """Return the cells that rules draw, parted where white space does what a rule would."""
    cells = _cells_of(horizontal, vertical)
    if not cells:
        return []
    left = _open_side(cells, runs)
    if left is not None:
        ends = horizontal[:, 1].min()
        horizontal = horizontal.copy()
        horizontal[horizontal[:, 1] < ends + _SNAP, 1] = left
        vertical = np.concatenate([vertical, [[ends, *np.sort(horizontal[:, 0])[[0, -1]], _EDGE]]])
        cells = _cells_of(horizontal, vertical)
    stops = _unruled_columns(cells, runs)
    edges = {cell[side] for row in cells for cell in row if cell for side in (0, 2)}
    more_h = _unruled_rows(cells, sorted({*edges, *stops}), runs)
    if more_h:
        horizontal = np.concatenate([horizontal, more_h])
        cells = _cells_of(horizontal, vertical)
    more_v = _unruled_sides(cells, sorted({*edges, *stops}), runs)
    if more_v:
        cells = _cells_of(horizontal, np.concatenate([vertical, more_v]))
    return cells


def _open_side(cells: list[list[Cell | None]], runs: _Runs) -> float | None:
    """Return where the names begin that stand left of a grid of figures, row by row."""
    boxes = [cell for row in cells for cell in row if cell]
    left, right = min(cell[0] for cell in boxes), max(cell[2] for cell in boxes)
    top, bottom = min(cell[1] for cell in boxes), max(cell[3] for cell in boxes)
    inside = runs.inside((left, top, right, bottom))
    if sum(run.figure for run in inside) < max(2 * _MIN_ROWS, 0.7 * len(inside)):
        return None
    rows = _text_rows(runs.inside((0.0, top, right, bottom)))
    beside = [min(row).x0 for row in rows if min(row).x0 < left]
    both = sum(min(row).x0 < left < max(row).x0 for row in rows)
    crossing = any(run.x0 < left - _SNAP and run.x1 > left + _SNAP for row in rows for run in row)
    if crossing or both < max(_MIN_ROWS, 0.7 * len(rows)):
        return None
    return min(beside) - 1


def _unruled_columns(cells: list[list[Cell | None]], runs: _Runs) -> list[float]:
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
            stops += _valleys([row for inside in found for row in _text_rows(inside)])
    return stops


def _text_rows(runs: Sequence[_Run]) -> list[list[_Run]]:
    """Sort runs, given from the top, into printed rows."""
    rows: list[list[_Run]] = []
    middle = 0.0
    for run in runs:
        y = (run.top + run.bottom) / 2
        if rows and y - middle <= 0.5 * (run.bottom - run.top):
            rows[-1].append(run)
        else:
            rows.append([run])
            middle = y
    return rows


def _valleys(rows: Sequence[Sequence[_Run]], strip: float = _STRIP) -> list[float]:
    """Return where columns of figures part from what stands beside them.

    A valley is a strip of white, some points wide or more, that nine tenths of the rows leave
    free; it counts where the column on either side, but for the first, holds figures.
    """
    if len(rows) < _MIN_ROWS:
        return []
    left = min(run.x0 for row in rows for run in row)
    width = int(max(run.x1 for row in rows for run in row) - left) + 1
    if width > _MAX_WIDTH:
        return []
    steps = np.zeros(width + 2, dtype=int)
    for row in rows:
        for run in row:
            steps[round(run.x0 - left)] += 1
            steps[max(round(run.x1 - left), round(run.x0 - left) + 1)] -= 1
    free = np.cumsum(steps)[:-1] <= len(rows) // 10
    turns = np.flatnonzero(np.diff(free, prepend=False, append=False))
    valleys = [
        (start + end) / 2 + left
        for start, end in zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True)
        if end - start >= strip and start > 0 and end < width
    ]
    figures = _figure_columns(rows, valleys)
    return [x for k, x in enumerate(valleys) if figures[k + 1] or (k and figures[k])]


def _figure_columns(rows: Sequence[Sequence[_Run]], stops: Sequence[float]) -> list[bool]:
    """Return for each column whether most of what stands in it are figures."""
    n_figures, n_entries = [0] * (len(stops) + 1), [0] * (len(stops) + 1)
    for row in rows:
        for run in row:
            column = bisect_right(stops, run.x0)
            if bisect_right(stops, run.x1) == column:
                n_figures[column] += run.figure
                n_entries[column] += 1
    return [
        some >= max(_MIN_ROWS, 0.3 * len(rows)) and some >= 0.6 * entries
        for some, entries in zip(n_figures, n_entries, strict=True)
    ]


def _unruled_rows(
    cells: list[list[Cell | None]], stops: Sequence[float], runs: _Runs
) -> list[list[float]]:
    """Return rules for ruled rows that hold several printed rows of figures each."""
    rules = []
    for row in cells:
        own = [cell for cell in row if cell]
        bottom = min(cell[3] for cell in own)
        own = [cell for cell in own if cell[3] == bottom]
        found = sorted(
            (run for cell in own for run in runs.inside(cell)), key=lambda run: run.top + run.bottom
        )
        if sum(run.figure for run in found) < _MIN_ROWS:
            continue
        rows = _whole_rows(_text_rows(found))
        full = [_is_row(one, stops) for one in rows]
        if sum(full) >= _MIN_ROWS and sum(full) >= 0.5 * len(rows):
            for above, below in pairwise(rows):
                y = (max(r.bottom for r in above) + min(r.top for r in below)) / 2
                rules += [[y, cell[0], cell[2], 1.0] for cell in own]
    return rules


def _is_row(row: Sequence[_Run], stops: Sequence[float]) -> bool:
    """Return whether two columns or more are filled, and one with nothing but a number.

    The number or dash that opens an item of a list has words after it in its column.
    """
    bare: dict[int, bool] = {}
    for run in row:
        column = bisect_right(stops, run.x0)
        number = run.figure and run.text not in _NO_FIGURE
        bare[column] = bare.get(column, True) and number
    return len(bare) > 1 and any(bare.values())


def _whole_rows(rows: Sequence[list[_Run]]) -> list[list[_Run]]:
    """Join printed rows that are one row of a table: a name of two lines beside its figures."""
    whole: list[list[_Run]] = []
    for row in rows:
        if whole:
            above = max(run.bottom for run in whole[-1])
            top = min(run.top for run in row)
            first = min(row)
            overlaps = above - top > 0.3 * _height(row)
            goes_on = first.text[:1].islower() and first.x0 < min(whole[-1]).x0 + _SNAP
            if overlaps or goes_on:
                whole[-1] += row
                continue
        whole.append(list(row))
    return whole


def _unruled_sides(
    cells: list[list[Cell | None]], stops: Sequence[float], runs: _Runs
) -> list[list[float]]:
    """Return rules for wide cells whose words keep to the columns of the rest of the table."""
    rules = []
    for cell in (cell for row in cells for cell in row if cell):
        inner = stops[bisect_right(stops, cell[0]) : bisect_left(stops, cell[2])]
        if not inner:
            continue
        found = runs.inside(cell)
        spans = [span for row in _text_rows(found) for span in _phrases(row)]
        free = [x for x in inner if not _crossed(x, spans)]
        filled = {bisect_right(free, (run.x0 + run.x1) / 2) for run in found}
        after = [run for run in found if run.x0 > free[0]] if free else []
        figures = any(run.figure or _COLUMN_HEAD.match(run.text) for run in after)
        if len(filled) > (1 if figures else 2):
            rules += [[x, cell[1], cell[3], 1.0] for x in free]
    return rules


def _without_text_shading(rules: Rules) -> Floats:
    """Drop the boxes that Word prints behind each line of a text that fills a shaded cell.

    They stand off the rules on both sides by the same few points, the padding of the cell.
    """
    fills, (x, top, bottom, _) = rules.fills, rules.vertical.T
    if not len(fills) or not len(x):
        return fills
    x0, upper, x1, lower = fills.T[:, :, None]
    along = (top <= upper + _SNAP) & (bottom >= lower - _SNAP)
    off_left = along & (x0 - x > _SNAP) & (x0 - x < _PADDING)
    off_right = along & (x - x1 > _SNAP) & (x - x1 < _PADDING)
    kept: Floats = fills[~(off_left.any(axis=1) & off_right.any(axis=1))]
    return kept


def _without_bars(rules: Rules) -> Rules:
    """Drop boxes that begin at one line and end at many, as the bars of a chart do."""
    fills = rules.fills
    bars = np.zeros(len(fills), dtype=bool)
    for base, end in ((0, 2), (3, 1)):
        places = fills[:, base].round()
        for place in np.unique(places):
            own = places == place
            n_ends = len(np.unique((fills[own, end] / _SNAP).round()))
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
    ruled = np.stack([start, y - _SNAP, end, y + _SNAP], axis=1)
    taken = _inside(np.stack([x, (upper + lower) / 2] * 2, axis=1), fills)
    for edge_y in (upper, lower):
        taken |= _inside(np.stack([x, edge_y] * 2, axis=1), ruled)
    near = near[~taken]
    edge = np.full(len(near), _EDGE)
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
            if last and low <= last[2] + _SNAP:
                last[2], last[3] = max(last[2], high), max(last[3], seen)
            else:
                joined.append([place, low, high, seen])

    for rule in sorted(rules.tolist()):
        if run and rule[0] - run[-1][0] > _STRAIGHT:
            close()
            run = []
        run.append(rule)
    close()
    long = [rule for rule in joined if rule[2] - rule[1] >= 2 * _SNAP]
    return np.array(long, dtype=float).reshape(-1, 4)


def _components(horizontal: Floats, vertical: Floats) -> list[tuple[_Ints, _Ints]]:
    """Return the rules that hang together, as indices into both arrays, where they can be grids."""
    y, x0, x1, _ = horizontal.T[:, :, None]
    x, top, bottom, _ = vertical.T
    meets = (x0 - _SNAP <= x) & (x <= x1 + _SNAP) & (top - _SNAP <= y) & (y <= bottom + _SNAP)
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
    left = np.flatnonzero(among & (horizontal[:, 3] > _EDGE))
    while len(left) > 2:
        same = (np.abs(horizontal[left, 1:3] - horizontal[left[0], 1:3]) <= _SNAP).all(axis=1)
        if same.sum() > 2:
            yield left[same]
        left = left[~same]


def _snapped(places: Floats) -> Floats:
    """Return one place for each run of places that lie close together."""
    places = np.sort(places)
    starts = np.flatnonzero(np.diff(places, prepend=-np.inf) > _SNAP)
    ends = np.append(starts[1:], len(places))
    sums = np.add.reduceat(places, starts)
    return sums / (ends - starts)


def _cells_of(horizontal: Floats, vertical: Floats) -> list[list[Cell | None]]:
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
    cells: list[list[Cell | None]] = []
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


def _drawn(rules: Floats, places: Floats, stops: Floats) -> NDArray[np.bool_]:
    """Return for each place and each gap between stops whether a rule runs all along it."""
    drawn = np.zeros((len(places), len(stops) - 1), dtype=bool)
    at = np.abs(rules[:, :1] - places).argmin(axis=1).tolist()
    first = np.searchsorted(stops, rules[:, 1] - _SNAP).tolist()
    last = (np.searchsorted(stops, rules[:, 2] + _SNAP, side="right") - 1).tolist()
    for place, low, high in zip(at, first, last, strict=True):
        drawn[place, low:high] = True
    return drawn


def find_unruled(lines: Sequence[Line]) -> list[Table]:
    """Find columns of figures that stand without rules, as in budgets.

    Conservative: three rows or more, one below the other, whose figures keep to columns that
    white space parts from what stands beside them. One column of figures counts only where
    most are amounts (pounds, shares, decimals) and they do not just rise, as the page numbers
    of a table of contents and the times of an agenda do.

    Parameters
    ----------
    lines : sequence of Line
        Lines of a page that stand in no ruled table, in coordinates as displayed.

    Returns
    -------
    list of Table
        From top to bottom; one printed row is one row of cells.
    """
    rows = [sorted(row) for row in _text_rows(_Runs(lines).runs)]
    tables = []
    for start, end in _figure_stretches(rows):
        stops = _valleys(rows[start:end], _WIDE_STRIP)
        if not stops or _is_patchy(rows[start:end], stops):
            continue
        if not _are_amounts(rows[start:end], stops):
            continue
        while start and _heads(rows[start - 1], rows[start], stops):
            start -= 1
        tables.append(Table(_unruled_cells(rows[start:end], stops)))
    return [table for table in tables if len(table.cells) >= _MIN_ROWS and table.fits(lines)]


def _is_patchy(rows: Sequence[Sequence[_Run]], stops: Sequence[float]) -> bool:
    """Return whether many places are empty in the rows that fill two columns or more."""
    n_filled = [len({bisect_right(stops, run.x0) for run in row}) for row in rows]
    full = [n for n in n_filled if n > 1]
    return sum(full) < 0.6 * len(full) * (len(stops) + 1)


def _figure_stretches(rows: Sequence[Sequence[_Run]]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last but one of rows that begin with a word and hold figures."""
    start = last = -1
    n_found = 0
    for index, row in enumerate(rows):
        apart = index > 0 and _step(rows[index - 1], row) > 2.5 * _height(row)
        if start >= 0 and (apart or index - last > 2):
            if n_found >= _MIN_ROWS:
                yield start, last + 1
            start, n_found = -1, 0
        if any(run.figure for run in row[1:]):
            start = index if start < 0 else start
            last = index
            n_found += 1
    if start >= 0 and n_found >= _MIN_ROWS:
        yield start, last + 1


def _height(row: Sequence[_Run]) -> float:
    return max(run.bottom - run.top for run in row)


def _step(above: Sequence[_Run], below: Sequence[_Run]) -> float:
    return below[0].bottom - above[0].bottom


def _are_amounts(rows: Sequence[Sequence[_Run]], stops: Sequence[float]) -> bool:
    """Return whether figures stand in line, and are more than the numbers of pages or times."""
    columns = [k for k, some in enumerate(_figure_columns(rows, stops)) if some and k]
    runs = [run for row in rows for run in row if run.figure]
    found = [[run for run in runs if bisect_right(stops, run.x0) == k] for k in columns]
    if not all(_is_aligned(column) for column in found):
        return False
    if len(found) != 1:
        return len(found) > 1
    rising = all(one.value <= other.value for one, other in pairwise(found[0]))
    return not rising and sum(run.amount for run in found[0]) >= 0.5 * len(found[0])


def _is_aligned(column: Sequence[_Run]) -> bool:
    """Return whether most figures share a left edge, a middle or a right edge.

    What stands beside the bars of a chart, or along its axis, does not.
    """
    lefts, rights = [run.x0 for run in column], [run.x1 for run in column]
    middles = [(one + other) / 2 for one, other in zip(lefts, rights, strict=True)]
    needed = 0.6 * len(column)
    return any(
        sum(abs(place - median(places)) <= _SNAP for place in places) >= needed
        for places in (lefts, middles, rights)
    )


def _heads(row: Sequence[_Run], below: Sequence[_Run], stops: Sequence[float]) -> bool:
    """Return whether a row stands as a heading on the columns of the one below it."""
    columns = {bisect_right(stops, run.x0) for run in row}
    crosses = any(bisect_right(stops, run.x0) != bisect_right(stops, run.x1) for run in row)
    return len(columns) > 1 and not crosses and _step(row, below) <= 2 * _height(row)


def _unruled_cells(
    rows: Sequence[Sequence[_Run]], stops: Sequence[float]
) -> list[list[Cell | None]]:
    left = min(run.x0 for row in rows for run in row) - 1
    right = max(run.x1 for row in rows for run in row) + 1
    middles = [
        (max(run.bottom for run in above) + min(run.top for run in below)) / 2
        for above, below in pairwise(rows)
    ]
    top, bottom = min(run.top for run in rows[0]), max(run.bottom for run in rows[-1])
    edges = [left, *stops, right]
    cells: list[list[Cell | None]] = []
    for row, (upper, lower) in zip(rows, pairwise([top, *middles, bottom]), strict=True):
        walls = [
            0,
            *(k for k, x in enumerate(stops, 1) if not _crossed(x, _phrases(row))),
            len(edges) - 1,
        ]
        cells.append([None] * (len(edges) - 1))
        for start, end in pairwise(walls):
            cells[-1][start] = (edges[start], upper, edges[end], lower)
    return cells


def _phrases(row: Sequence[_Run]) -> list[tuple[float, float]]:
    """Return from where to where each stretch of words runs, over spaces that are a bit wide."""
    spans: list[tuple[float, float]] = []
    wordy = False
    for run in sorted(row):
        word = not run.figure and not _COLUMN_HEAD.match(run.text)
        if spans and wordy and word and run.x0 - spans[-1][1] < 0.7 * (run.bottom - run.top):
            spans[-1] = (spans[-1][0], max(run.x1, spans[-1][1]))
        else:
            spans.append((run.x0, run.x1))
        wordy = word
    return spans


def _crossed(x: float, spans: Sequence[tuple[float, float]]) -> bool:
    return any(start < x - 1 and end > x + 1 for start, end in spans)
