"""Ruled tables of PDF pages, found by pdfplumber and filled with PDFium's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from io import BytesIO

    from pdfplumber.page import Page

    from hwbtext.parse.lines import Line
    from hwbtext.records import BBox

Cell = tuple[float, float, float, float]
_MAX_CELLS = 3_000  # a page with more is a chart or a map


@dataclass(slots=True)
class Table:
    """Cells of one ruled table, and the lines of text that fell into each."""

    cells: list[list[Cell | None]]
    rows: list[list[list[Line]]] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = [[[] for _ in row] for row in self.cells]

    def _cell_of(self, box: BBox) -> tuple[int, int] | None:
        x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
        for r, row in enumerate(self.cells):
            for c, cell in enumerate(row):
                if cell and cell[0] <= x <= cell[2] and cell[1] <= y <= cell[3]:
                    return r, c
        return None

    def fits(self, lines: Sequence[Line]) -> bool:
        """Return whether lines of text end where the cells do.

        Rules drawn for looks can be read as a grid; then most printed lines run on over a
        cell's edge, word after word.
        """
        n_split = n_torn = 0
        for line in lines:
            places = [self._cell_of(word.box) for word in line.words]
            for before, after, one, other in zip(
                line.words, line.words[1:], places, places[1:], strict=False
            ):
                if one != other and (one or other):
                    n_split += 1
                    n_torn += after.box.x0 - before.box.x1 < 0.55 * line.size
        return n_torn <= 0.2 * n_split

    def claim(self, line: Line) -> bool:
        """Return whether any word of a line stands in a cell of this table."""
        return any(self._cell_of(word.box) is not None for word in line.words)

    def take(self, line: Line) -> Line | None:
        """Sort the words of a line into their cells; return what stands outside, if any."""
        outside = []
        by_cell: dict[tuple[int, int], list[int]] = {}
        for index, word in enumerate(line.words):
            place = self._cell_of(word.box)
            if place is None:
                outside.append(word)
            else:
                by_cell.setdefault(place, []).append(index)
        for (r, c), indices in by_cell.items():
            self.rows[r][c].append(line.with_words([line.words[i] for i in indices]))
        return line.with_words(outside) if outside else None


def find_tables(
    data: BytesIO, boxes: Mapping[int, tuple[float, float, float, float]]
) -> tuple[dict[int, list[Table]], tuple[int, ...]]:
    """Find the ruled tables of some pages.

    Only grids of two columns and two rows or more count: a rule round a paragraph is no table.

    Parameters
    ----------
    data : BytesIO
        The PDF.
    boxes : mapping of int to tuple of float
        Pages (from 1), and the box of each that is displayed, in page space: left, bottom,
        right, top.

    Returns
    -------
    dict of int to list of Table
        Pages without a table are left out.
    tuple of int
        Pages that pdfminer, which reads fewer damaged files than PDFium, could not read: the
        text is there, the grid is not.
    """
    if not boxes:
        return {}, ()
    import pdfplumber
    from pdfminer.pdfexceptions import PDFException
    from pdfminer.psexceptions import PSException

    errors = (PDFException, PSException, ValueError, KeyError, TypeError, IndexError)
    found: dict[int, list[Table]] = {}
    unread: list[int] = []
    try:
        with pdfplumber.open(data, pages=sorted(boxes)) as pdf:
            for page in pdf.pages:
                try:
                    tables = _tables_of(page, boxes[page.page_number])
                except errors:
                    unread.append(page.page_number)
                    continue
                if tables:
                    found[page.page_number] = tables
                page.close()
    except errors:
        unread = [number for number in sorted(boxes) if number not in found]
    return found, tuple(unread)


def _tables_of(page: Page, displayed: tuple[float, float, float, float]) -> list[Table]:
    left, bottom, right, top = displayed
    media = page.mediabox
    # pdfplumber measures from the top left of the media box, words from that of the page as
    # it is displayed; both turned by the page's rotation.
    shift = {
        0: (left - media[0], media[3] - top),
        90: (bottom - media[1], left - media[0]),
        180: (media[2] - right, bottom - media[1]),
        270: (media[3] - top, media[2] - right),
    }[page.rotation % 360]
    shift_x, shift_y = shift[0] + page.bbox[0], shift[1] + page.bbox[1]
    tables = []
    for table in page.find_tables():
        grid = [[_shifted(cell, shift_x, shift_y) for cell in row.cells] for row in table.rows]
        if _is_grid(grid):
            tables.append(Table(grid))
    return tables


def _shifted(cell: Cell | None, x: float, y: float) -> Cell | None:
    return None if cell is None else (cell[0] - x, cell[1] - y, cell[2] - x, cell[3] - y)


def _is_grid(grid: Sequence[Sequence[Cell | None]]) -> bool:
    n_columns = max((sum(cell is not None for cell in row) for row in grid), default=0)
    n_cells = sum(cell is not None for row in grid for cell in row)
    return n_columns >= 2 and len(grid) >= 2 and 4 <= n_cells <= _MAX_CELLS
