"""The order in which the pieces of a page are read: columns by white space, then lines.

A page is cut top-down (in the manner of Nagy and Seth's XY-cut, 1984), but only where a
valley of white space runs between two bodies of running text. Anything else is read line by
line, as a form or a table without rules should be.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from hwbtext.parse.lines import Line, Word
from hwbtext.parse.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.records import BBox

Piece = Line | Table

_EDGE = 4.0  # points by which left edges of one column may differ
_VALLEY = 5.0  # points of white space between two columns
_BAND = 3.0  # points of white right across, between two rows of boxes
_BOX_ROWS = 5  # lines in a box; what is longer is a column of text
_MOST_EDGES = 6  # tried as the left edge of a column; a table without rules has many
_TABLE_LINE = 6.0  # points below its top edge, where the first line of a table stands
_LONG_GAP = 1.9  # line pitches: a wider gap ends a column


@dataclass(frozen=True, slots=True)
class _Zone:
    """Two columns side by side, and what stands above and below them."""

    above: list[Piece]
    left: list[Piece]
    right: list[Piece]
    below: list[Piece]
    weight: int


def regions(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Return the pieces of a page in regions, in reading order.

    Parameters
    ----------
    pieces : sequence of Line or Table
        Runs of words, and tables as a whole, in any order.

    Returns
    -------
    list of list
        Each holds the printed lines (runs that stand on one line made into one) and tables of
        one column or of the full width, from top to bottom.
    """
    return [rows for region in _cut(list(pieces)) if (rows := _rows(region))]


def _cut(pieces: list[Piece]) -> list[list[Piece]]:
    zone = _columns(pieces) if len(pieces) >= 4 else None
    if zone is None:
        return [pieces]
    parts = (zone.above, zone.left, zone.right, zone.below)
    return [region for part in parts if part for region in _cut(part)]


def _columns(pieces: list[Piece]) -> _Zone | None:
    """Return the best cut of the pieces into two columns, if there is one."""
    ordered = sorted(pieces, key=lambda piece: (piece.box.top, piece.box.x0))
    best: _Zone | None = None
    for edge in dict.fromkeys([*_left_edges(ordered), *_band_edges(ordered)]):
        for zone in _zones(ordered, edge):
            if best is None or zone.weight > best.weight:
                best = zone
    return best


def _left_edges(pieces: Sequence[Piece]) -> list[float]:
    """Return the left edges that most lines share, two or more each, but for the leftmost."""
    starts = sorted(piece.box.x0 for piece in pieces)
    edges: list[tuple[int, float]] = []
    first, n = starts[0], 0
    for x in [*starts, float("inf")]:
        if x - first <= _EDGE:
            n += 1
            continue
        if n >= 2 and first > starts[0] + 40:
            edges.append((n, first))
        first, n = x, 1
    edges.sort(reverse=True)
    return [edge for _, edge in edges[:_MOST_EDGES]]


def _band_edges(ordered: Sequence[Piece]) -> list[float]:
    """Return where a band of the page goes on right of a valley: boxes of centred text, say."""
    found: list[float] = []
    for band in _bands(ordered):
        if len(band) < 4 or len(found) >= _MOST_EDGES:
            continue
        spans = sorted((piece.box.x0, piece.box.x1) for piece in band)
        reach = spans[0][1]
        for x0, x1 in spans[1:]:
            if x0 > reach + _VALLEY:
                found.append(x0)
            reach = max(reach, x1)
    return found[:_MOST_EDGES]


def _bands(ordered: Sequence[Piece]) -> list[list[Piece]]:
    """Return pieces, which stand in order from the top, parted where white runs right across."""
    bands: list[list[Piece]] = []
    foot = float("-inf")
    for piece in ordered:
        if piece.box.top > foot + _BAND:
            bands.append([])
        bands[-1].append(piece)
        foot = max(foot, piece.box.bottom)
    return bands


def _zones(ordered: Sequence[Piece], edge: float) -> Iterator[_Zone]:
    """Yield the runs of pieces with none across the valley left of ``edge``."""
    run: list[Piece] = []
    start = 0
    for index, piece in enumerate([*ordered, None]):
        if piece is not None and not (
            piece.box.x0 < edge - _EDGE and piece.box.x1 > edge - _VALLEY
        ):
            run.append(piece)
            continue
        if len(run) >= 4:
            zone = _zone(run, edge, list(ordered[:start]), list(ordered[index:]))
            if zone is not None:
                yield zone
        run, start = [], index + 1  # what crosses the valley goes above or below


def _zone(
    run: Sequence[Piece], edge: float, above: list[Piece], below: list[Piece]
) -> _Zone | None:
    left = [piece for piece in run if piece.box.x1 <= edge - _VALLEY]
    right = [piece for piece in run if piece.box.x1 > edge - _VALLEY]
    if len(left) < 2 or len(right) < 2:
        return None
    # What stands clear above both columns, or below both, is not of them.
    top = max(min(p.box.top for p in left), min(p.box.top for p in right))
    bottom = min(max(p.box.bottom for p in left), max(p.box.bottom for p in right))
    if bottom <= top:
        return None
    if not (_may_be_text(left) and _may_be_text(right)):
        return None
    left, over_left, under_left = _trim(left, top, bottom)
    right, over_right, under_right = _trim(right, top, bottom)
    rows_left, rows_right = _rows(left), _rows(right)
    if not (_is_running_text(rows_left) and _is_running_text(rows_right)):
        return None
    if _is_list_of_pairs(rows_left, rows_right):
        return None
    if rest := _after_first_row_of_boxes(left, right):
        left = [piece for piece in left if id(piece) not in rest]
        right = [piece for piece in right if id(piece) not in rest]
        below = [piece for piece in run if id(piece) in rest] + under_left + under_right + below
        if not left or not right:
            return None
        rows_left, rows_right = _rows(left), _rows(right)
        under_left, under_right = [], []
    return _Zone(
        above + over_left + over_right,
        left,
        right,
        under_left + under_right + below,
        min(len(rows_left), len(rows_right)),
    )


def _after_first_row_of_boxes(left: Sequence[Piece], right: Sequence[Piece]) -> set[int]:
    """Return the ids of all but the first row, where short boxes stand in rows, not columns."""
    ordered = sorted([*left, *right], key=lambda piece: piece.box.top)
    bands = _bands(ordered)
    if len(bands) < 2:
        return set()
    edge = min(piece.box.x0 for piece in right)
    for band in bands:
        sides = [[p for p in band if (p.box.x0 < edge) == is_left] for is_left in (True, False)]
        if not all(len(_rows(side)) <= _BOX_ROWS for side in sides):
            return set()
    n_pairs = sum(
        any(p.box.x0 < edge for p in band) and any(p.box.x0 >= edge for p in band) for band in bands
    )
    if n_pairs < 2:
        return set()
    return {id(piece) for band in bands[1:] for piece in band}


def _trim(
    column: Sequence[Piece], top: float, bottom: float
) -> tuple[list[Piece], list[Piece], list[Piece]]:
    """Return a column without what stands apart above ``top`` or below ``bottom``."""
    column = sorted(column, key=lambda piece: piece.box.top)
    pitch = _pitch(_rows(column))
    first, last = 0, len(column)
    for index in range(1, len(column)):
        gap = column[index].box.top - max(p.box.bottom for p in column[:index])
        if gap > _LONG_GAP * pitch - (column[index].box.bottom - column[index].box.top):
            if column[index].box.top <= top + pitch:
                first = index
            elif column[index].box.top >= bottom - 1 and index > first:
                last = min(last, index)
    return column[first:last], column[:first], column[last:]


def _may_be_text(pieces: Sequence[Piece]) -> bool:
    """Return whether enough words stand here for two lines of text: cheaper than to look."""
    words = [len(piece.words) for piece in pieces if isinstance(piece, Line)]
    return len(words) >= 2 and sum(words) >= max(6, 2 * len(words) - 4)


def _is_running_text(rows: Sequence[Piece]) -> bool:
    """Return whether rows are lines of prose: some words in each, filling their column."""
    lines = [row for row in rows if isinstance(row, Line)]
    if len(lines) < 2:
        return False
    words = [len(line.words) for line in lines]
    left = min(line.box.x0 for line in lines)
    width = max(line.box.x1 for line in lines) - left
    fill = sum(line.box.x1 - left for line in lines) / (len(lines) * max(width, 1.0))
    letters = sum(c.isalpha() for line in lines for c in line.text)
    printed = sum(len(word.text) for line in lines for word in line.words)
    dense = _pitch(lines) < 2.4 * median(line.size for line in lines)
    return median(words) >= 2 and fill > 0.45 and letters > 0.6 * printed and dense


def _is_list_of_pairs(left: Sequence[Piece], right: Sequence[Piece]) -> bool:
    """Return whether short labels stand beside what they label, row by row."""
    words = median(len(row.words) for row in left if isinstance(row, Line))
    if words > 4 or sum(row.text[:1].islower() for row in left if isinstance(row, Line)) >= 2:
        return False  # a sentence in narrow lines
    tops = [row.box.bottom for row in right]
    beside = sum(any(abs(row.box.bottom - top) < 3 for top in tops) for row in left)
    return beside >= 0.6 * len(left) and len(left) <= len(right)


def _pitch(rows: Sequence[Piece]) -> float:
    steps = [b.box.bottom - a.box.bottom for a, b in pairwise(rows)]
    steps = [step for step in steps if step > 2]
    if steps:
        return float(median(steps))
    return 1.3 * max((row.box.bottom - row.box.top for row in rows), default=10.0)


def _rows(pieces: Sequence[Piece]) -> list[Piece]:
    """Make runs that stand on one line into one line, and order all from top to bottom."""
    rows: list[Piece] = []
    lines: list[Line] = []
    for piece in pieces:
        if isinstance(piece, Line) and not piece.angle:
            lines.append(piece)
        else:
            rows.append(piece)
    lines.sort(key=_middle)
    groups: list[list[Line]] = []
    for run in lines:
        for group in groups[-1:-5:-1]:
            if _same_line(group, run):
                group.append(run)
                break
        else:
            groups.append([run])
    rows += [group[0] if len(group) == 1 else _joined(group) for group in groups]
    rows.sort(key=_baseline)
    return rows


def _middle(line: Line) -> tuple[float, float]:
    return line.box[1] + line.box[3], line.box[0]


def _baseline(row: Piece) -> float:
    return row.box[3] if isinstance(row, Line) else row.box[1] + _TABLE_LINE


def _same_line(group: Sequence[Line], run: Line) -> bool:
    """Return whether a run stands on the line of a group: beside it, not over it."""
    x0, top, x1, bottom = run.box
    one = group[0].box if len(group) == 1 else max(group, key=_width).box
    shared = min(one[3], bottom) - max(one[1], top)
    if shared < 0.55 * min(one[3] - one[1], bottom - top):
        return False
    return all(x0 >= line.box[2] - 1.5 or x1 <= line.box[0] + 1.5 for line in group)


def _width(line: Line) -> float:
    return line.box[2] - line.box[0]


def _joined(group: Sequence[Line]) -> Line:
    ordered = sorted(group, key=lambda line: line.box.x0)
    longest = max(ordered, key=lambda line: len(line.text))
    words: list[Word] = []
    for line in ordered:
        for word in line.words:
            if words and not word.joined and _touches(words[-1].box, word, line.size):
                words.append(Word(word.text, word.box, joined=True))
            else:
                words.append(word)
    line = longest.with_words(words, broken=ordered[-1].broken)
    line.bold = all(part.bold for part in ordered if any(map(str.isalpha, part.text)))
    line.ends_bold = ordered[-1].ends_bold
    return line


def _touches(before: BBox, word: Word, size: float) -> bool:
    """Return whether a raised "th" goes on with the "8" before it."""
    raised = word.box.bottom < before.bottom - 0.1 * (before.bottom - before.top)
    return raised and word.text.isalpha() and -2 < word.box.x0 - before.x1 < 0.2 * size
