"""Tables of PDF pages: ruled grids, and columns of figures that stand without rules."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hwbtext.parse.columns import Runs
from hwbtext.parse.grids import Cell, Cells, ruled_parts
from hwbtext.parse.parting import grid_of
from hwbtext.parse.unruled import unruled_grids
from hwbtext.records import BBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.parse.lines import Line
    from hwbtext.parse.rules import Rules

_MANY_CELLS = 30
_TORN = 0.1  # of the ends of lines in a table
_SPACE = 0.55  # ems; the white between two words of a sentence is narrower
_OVER = 1.0  # points by which a word may stand over the edge of its cell


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

    cells: Cells
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
            if self._whole_in(line):
                n_ends += 1
                continue
            places = self._places(line)
            limit = _SPACE * line.size
            n_ends += any(places)
            for index in range(1, len(places)):
                if places[index - 1] != places[index]:
                    n_ends += 1
                    one, other = line.words[index - 1].box, line.words[index].box
                    if _gap(one, other) < limit:
                        n_torn += self._cuts(one, places[index - 1]) or self._cuts(
                            other, places[index]
                        )
        return n_torn <= _TORN * n_ends

    def _cuts(self, box: BBox, place: tuple[int, int] | None) -> bool:
        """Return whether the side of a cell, left or right, goes through a word.

        In an Excel sheet a figure that ends at the rule stands a point or two before the text
        that begins there, so narrow white says little. Running text pays no heed to a rule, and
        words are much wider than spaces: most of its ends would go through one.
        """
        cell = place and self.cells[place[0]][place[1]]
        if cell:
            return box.x0 < cell[0] - _OVER or box.x1 > cell[2] + _OVER
        return any(box.x0 < x - _OVER and box.x1 > x + _OVER for x in (self.box.x0, self.box.x1))

    def _whole_in(self, line: Line) -> tuple[int, int] | None:
        """Return the row and column of the cell that a line stands in with all its words."""
        if self.holes:
            return None
        x0, top, x1, bottom = line.box
        place = self.cell_at((x0 + x1) / 2, (top + bottom) / 2)
        cell = place and self.cells[place[0]][place[1]]
        if not cell or x0 <= cell[0] or top <= cell[1] or x1 >= cell[2] or bottom >= cell[3]:
            return None
        return place

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
        whole = self._whole_in(line)
        if whole:
            self.rows[whole[0]][whole[1]].append(line)
            return None
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
    parts = ruled_parts(rules)
    if not parts:
        return []
    upper = min(horizontal[:, 0].min() for horizontal, _ in parts)
    lower = max(horizontal[:, 0].max() for horizontal, _ in parts)
    upper = min([upper, *(vertical[:, 1].min() for _, vertical in parts if len(vertical))])
    lower = max([lower, *(vertical[:, 2].max() for _, vertical in parts if len(vertical))])
    near = [line for line in lines if line.box[3] > upper and line.box[1] < lower]
    runs = Runs(near, [(x, top, end) for _, part in parts for x, top, end, _ in part.tolist()])
    tables: list[Table] = []
    for horizontal, vertical in parts:
        cells = grid_of(horizontal, vertical, runs)
        if _is_table(cells, runs):
            table = Table(cells)
            table.holes = [inner.box for inner in tables if _within(inner.box, table.box)]
            if table.fits(lines):
                tables.append(table)
                runs.remove(table.box)
    return sorted(tables, key=lambda table: table.box[1])


def find_unruled(lines: Sequence[Line]) -> list[Table]:
    """Find columns of figures that stand without rules, as in budgets.

    Parameters
    ----------
    lines : sequence of Line
        Lines of a page that stand in no ruled table, upright.

    Returns
    -------
    list of Table
        From top to bottom; one printed row is one row of cells.
    """
    tables = [Table(cells) for cells in unruled_grids(lines)]
    return [table for table in tables if table.fits(lines)]


def _within(inner: Cell, outer: Cell) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] < x < outer[2] and outer[1] < y < outer[3]


def _is_table(cells: Cells, runs: Runs) -> bool:
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
