"""White space between the words of a page: printed rows, figures, and the columns they keep to."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.parse.grids import Cell
    from hwbtext.parse.lines import Line

MIN_ROWS = 3  # of figures in a column
NO_FIGURE = frozenset({"-", "–", "—", "n/a", "N/A", "*", ".."})
COLUMN_HEAD = re.compile(r"(?:19|20)\d\d[-–/](?:20)?\d\d$|\(?£?[’']?000|0\d{9,}$")
Wall = tuple[float, float, float]
"""Place, top and bottom of a rule that parts what stands left and right of it."""

_MAX_WIDTH = 15_000  # points; PDF 32000-1, annex C: no page is wider
_STRIP = 3.0  # points of white between columns within rules
_LONG_FIGURE = 24  # characters


class Run(NamedTuple):
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


class Runs:
    """All runs of words of a page, in order of their middles from the top."""

    def __init__(self, lines: Sequence[Line], walls: Sequence[Wall] = ()) -> None:
        upright = [line for line in lines if not line.angle]
        self.runs = sorted(_runs_of(upright, sorted(walls)), key=lambda run: run.top + run.bottom)
        self._place()

    def _place(self) -> None:
        self._x = [(run.x0 + run.x1) / 2 for run in self.runs]
        self._y = [(run.top + run.bottom) / 2 for run in self.runs]

    def remove(self, box: Cell) -> None:
        """Forget the runs in a box: they belong to a table."""
        gone = {id(run) for run in self.inside(box)}
        self.runs = [run for run in self.runs if id(run) not in gone]
        self._place()

    def inside(self, box: Cell) -> list[Run]:
        """Return the runs whose middles lie in a box, from the top."""
        left, top, right, bottom = box
        first, last = bisect_left(self._y, top), bisect_left(self._y, bottom)
        return [
            run
            for run, x in zip(self.runs[first:last], self._x[first:last], strict=True)
            if left <= x < right
        ]


def _runs_of(lines: Sequence[Line], walls: Sequence[Wall]) -> Iterator[Run]:
    for line in lines:
        space = 0.45 * line.size
        x0, top, x1, bottom = line.words[0].box
        text = line.words[0].text
        for word in line.words[1:]:
            left, upper, right, lower = word.box
            near = -space < left - x1 <= space
            if near and not (walls and _walled(walls, (x1, upper, left, lower))):
                x1, top, bottom = right, min(top, upper), max(bottom, lower)
                text += word.text
            else:
                yield Run(x0, top, x1, bottom, text, _is_figure(text))
                x0, top, x1, bottom = left, upper, right, lower
                text = word.text
        yield Run(x0, top, x1, bottom, text, _is_figure(text))


def _walled(walls: Sequence[Wall], gap: Cell) -> bool:
    """Return whether one of some sorted walls stands in the gap between two words."""
    x0, top, x1, bottom = gap
    first, last = bisect_left(walls, (x0 - 1,)), bisect_right(walls, (x1 + 1,))
    return any(upper < (top + bottom) / 2 < lower for _, upper, lower in walls[first:last])


def _is_figure(text: str) -> bool:
    """Return whether words are a number, an amount, a share, or a dash in place of one.

    A financial year or a unit ("2025-26", "£000s") heads a column; it is no figure in it.
    """
    if len(text) > _LONG_FIGURE or COLUMN_HEAD.match(text):
        return False
    n_digits = sum(map(str.isdigit, text))
    return n_digits >= sum(map(str.isalpha, text)) if n_digits else text in NO_FIGURE


def text_rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Sort runs, given from the top, into printed rows."""
    rows: list[list[Run]] = []
    middle = 0.0
    for run in runs:
        y = (run.top + run.bottom) / 2
        if rows and y - middle <= 0.5 * (run.bottom - run.top):
            rows[-1].append(run)
        else:
            rows.append([run])
            middle = y
    return rows


def height_of(row: Sequence[Run]) -> float:
    """Return the height of the tallest run of a printed row."""
    return max(run.bottom - run.top for run in row)


def valleys(rows: Sequence[Sequence[Run]], strip: float = _STRIP) -> list[float]:
    """Return where columns of figures part from what stands beside them.

    A valley is a strip of white, some points wide or more, that nine tenths of the rows leave
    free; it counts where the column on either side, but for the first, holds figures.
    """
    if len(rows) < MIN_ROWS:
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
    figures = figure_columns(rows, valleys)
    return [x for k, x in enumerate(valleys) if figures[k + 1] or (k and figures[k])]


def figure_columns(rows: Sequence[Sequence[Run]], stops: Sequence[float]) -> list[bool]:
    """Return for each column whether most of what stands in it are figures."""
    n_figures, n_entries = [0] * (len(stops) + 1), [0] * (len(stops) + 1)
    for row in rows:
        for run in row:
            column = bisect_right(stops, run.x0)
            if bisect_right(stops, run.x1) == column:
                n_figures[column] += run.figure
                n_entries[column] += 1
    return [
        some >= max(MIN_ROWS, 0.3 * len(rows)) and some >= 0.6 * entries
        for some, entries in zip(n_figures, n_entries, strict=True)
    ]


def phrases(row: Sequence[Run]) -> list[tuple[float, float]]:
    """Return from where to where each stretch of words runs, over spaces that are a bit wide."""
    spans: list[tuple[float, float]] = []
    wordy = False
    for run in sorted(row):
        word = not run.figure and not COLUMN_HEAD.match(run.text)
        if spans and wordy and word and run.x0 - spans[-1][1] < 0.7 * (run.bottom - run.top):
            spans[-1] = (spans[-1][0], max(run.x1, spans[-1][1]))
        else:
            spans.append((run.x0, run.x1))
        wordy = word
    return spans


def crossed(x: float, spans: Sequence[tuple[float, float]]) -> bool:
    """Return whether any stretch of words runs over a place."""
    return any(start < x - 1 and end > x + 1 for start, end in spans)
