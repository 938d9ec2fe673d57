"""Ruling lines and shaded boxes of a PDF page, from PDFium's path objects.

What draws a table differs from program to program: stroked lines, stroked boxes, a thin filled
box for each edge of each cell (Word), shading without any line. All of them come out as the
same two kinds of thing here: rules, and boxes of one colour.
"""

from __future__ import annotations

import ctypes
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pypdfium2 as pdfium

Floats = NDArray[np.float64]
"""Arrays of points (1/72 inch)."""

_Matrix = tuple[float, float, float, float, float, float]
_Point = tuple[float, float]
_Handle = Any  # of PDFium: a pointer that says nothing of its type

_THICK = 3.0  # points; a thicker bar is a box
_SHORT = 2.0  # dots, and the squares where two of Word's edges meet
_MAX_OBJECTS = 20_000
_MIN_PATHS, _MAX_PATHS = 500, 2_500  # where a tenth, or half, of the paths so far are no rules
_MAX_SEGMENTS = 400  # of one path; outlines of districts have thousands
_BOX = 5  # segments
_ROUNDED_BOX = 20  # segments: four sides and four corners of three points each
_MAX_DEPTH = 3  # of form XObjects in form XObjects
_MIN_FILL = 6.0  # points; the height and width of a shaded cell
_WHITE = 0xF8F8F8
_CLEAR = -1
_FAINT = 8  # of 255; less cannot be seen


class Rules(NamedTuple):
    """What a page draws that could be part of a table.

    Coordinates are points from the top left of the page as displayed.

    Attributes
    ----------
    horizontal : ndarray of float, shape (n, 4)
        Height, left end and right end of each horizontal rule, and 1 where it is printed in a
        colour, 0 where it is white.
    vertical : ndarray of float, shape (n, 4)
        Place from the left, top end and bottom end of each vertical rule, and its colour.
    fills : ndarray of float, shape (n, 4)
        Left, top, right and bottom of each box of one colour that can be seen.
    """

    horizontal: Floats
    vertical: Floats
    fills: Floats

    def turned(self, angle: int, width: float, height: float) -> Rules:
        """Return the rules turned clockwise with a page of some width and height.

        Parameters
        ----------
        angle : int
            90, 180 or 270.
        width, height : float
            Of the page before it is turned.
        """
        (y, left, right, seen_h), (x, top, bottom, seen_v) = self.horizontal.T, self.vertical.T
        x0, upper, x1, lower = self.fills.T
        if angle == 180:
            horizontal = (height - y, width - right, width - left, seen_h)
            vertical = (width - x, height - bottom, height - top, seen_v)
            fills = (width - x1, height - lower, width - x0, height - upper)
        elif angle == 90:
            horizontal = (x, height - bottom, height - top, seen_v)
            vertical = (height - y, left, right, seen_h)
            fills = (height - lower, x0, height - upper, x1)
        else:
            horizontal = (width - x, top, bottom, seen_v)
            vertical = (y, width - right, width - left, seen_h)
            fills = (upper, width - x1, lower, width - x0)
        return Rules(*(np.stack(part, axis=1) for part in (horizontal, vertical, fills)))


def read_rules(page: pdfium.PdfPage) -> Rules:
    """Return the rules and shaded boxes of an open page; arrays may be empty.

    White rules are given only where something is shaded: there they part one cell from the
    next, and often go on over cells without shade. Bounded: on a page of many thousands of
    paths, only the first few thousand are looked at.
    """
    import pypdfium2.raw as raw

    left, bottom, right, top = page.get_bbox()
    matrix = display_matrix(page.get_rotation(), (left, bottom, right, top))
    reader = _Reader(raw, *page.get_size())
    n_objects = raw.FPDFPage_CountObjects(page.raw)
    reader.read(page.raw, raw.FPDFPage_GetObject, n_objects, matrix, 0)
    return reader.rules()


def display_matrix(rotation: int, crop: tuple[float, float, float, float]) -> _Matrix:
    """Return the affine map from page space to the page as displayed.

    Parameters
    ----------
    rotation : int
        Degrees clockwise: 0, 90, 180 or 270.
    crop : tuple of float
        Left, bottom, right and top of the displayed box, in page space.

    Examples
    --------
    >>> display_matrix(0, (0, 0, 595, 842))
    (1, 0, 0, -1, 0, 842)
    """
    x0, y0, x1, y1 = crop
    if rotation == 90:
        return (0, 1, 1, 0, -y0, -x0)
    if rotation == 180:
        return (-1, 0, 0, 1, x1, -y0)
    if rotation == 270:
        return (0, -1, -1, 0, y1, x1)
    return (1, 0, 0, -1, -x0, y1)


class _Reader:
    """Walks the objects of a page and keeps the rules and fills."""

    def __init__(self, raw: Any, width: float, height: float) -> None:
        self._raw = raw
        self._width, self._height = width, height
        self._horizontal: list[tuple[float, float, float, bool]] = []
        self._vertical: list[tuple[float, float, float, bool]] = []
        self._fills: list[tuple[float, float, float, float, float]] = []
        self._n_objects = self._n_paths = 0
        self._bounds = [ctypes.c_float() for _ in range(4)]
        self._bounds_refs = [ctypes.byref(value) for value in self._bounds]
        self._colour = [ctypes.c_uint() for _ in range(4)]
        self._colour_refs = [ctypes.byref(value) for value in self._colour]
        self._point = ctypes.c_float(), ctypes.c_float()
        self._point_refs = [ctypes.byref(value) for value in self._point]
        self._line_to = raw.FPDF_SEGMENT_LINETO
        self._fill_mode, self._stroke = ctypes.c_int(), ctypes.c_int()
        self._mode_refs = ctypes.byref(self._fill_mode), ctypes.byref(self._stroke)

    def read(
        self,
        container: _Handle,
        get: Callable[..., _Handle],
        n_objects: int,
        matrix: _Matrix,
        depth: int,
    ) -> None:
        """Take in the objects of a page or a form; ``matrix`` leads to the displayed page."""
        raw = self._raw
        get_type, path, form = raw.FPDFPageObj_GetType, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM
        upright = abs(matrix[1]) + abs(matrix[2]) < 1e-6 * (abs(matrix[0]) + abs(matrix[3]))
        turned = abs(matrix[0]) + abs(matrix[3]) < 1e-6 * (abs(matrix[1]) + abs(matrix[2]))
        if not upright and not turned:
            return
        n_objects = min(n_objects, _MAX_OBJECTS - self._n_objects)
        self._n_objects += n_objects
        for index in range(n_objects):
            item = get(container, index)
            kind = get_type(item)
            if kind == path:
                self._n_paths += 1
                if self._n_paths % 100 == 0 and self._is_drawing():
                    return
                self._add_path(item, matrix)
            elif kind == form and depth < _MAX_DEPTH:
                inner = _times(self._matrix_of(item), matrix)
                n_inner = raw.FPDFFormObj_CountObjects(item)
                self.read(item, raw.FPDFFormObj_GetObject, n_inner, inner, depth + 1)

    def rules(self) -> Rules:
        """Return what was found, without what cannot be seen."""
        fills = _visible_fills(np.array(self._fills, dtype=float).reshape(-1, 5))
        horizontal = np.array(self._horizontal, dtype=float).reshape(-1, 4)
        vertical = np.array(self._vertical, dtype=float).reshape(-1, 4)
        if not len(fills):
            horizontal, vertical = horizontal[horizontal[:, 3] > 0], vertical[vertical[:, 3] > 0]
        return Rules(horizontal, vertical, fills)

    def _is_drawing(self) -> bool:
        """Return whether so little of what was seen is a rule that the page is a map or chart."""
        n_found = len(self._horizontal) + len(self._vertical) + len(self._fills)
        share = 0.5 if self._n_paths > _MAX_PATHS else 0.1
        return self._n_paths > _MIN_PATHS and n_found < share * self._n_paths

    def _matrix_of(self, item: _Handle) -> _Matrix:
        found = self._raw.FS_MATRIX()
        self._raw.FPDFPageObj_GetMatrix(item, ctypes.byref(found))
        return (found.a, found.b, found.c, found.d, found.e, found.f)

    def _add_path(self, item: _Handle, matrix: _Matrix) -> None:
        raw = self._raw
        if not raw.FPDFPageObj_GetBounds(item, *self._bounds_refs):
            return
        left, bottom, right, top = self._bounds
        x0, y0 = _apply(matrix, left.value, bottom.value)
        x1, y1 = _apply(matrix, right.value, top.value)
        if x0 > x1:
            x0, x1 = x1, x0
        if y0 > y1:
            y0, y1 = y1, y0
        width, height = x1 - x0, y1 - y0
        if width < _SHORT and height < _SHORT:
            return
        if x1 < 0 or y1 < 0 or x0 > self._width or y0 > self._height:
            return
        raw.FPDFPath_GetDrawMode(item, *self._mode_refs)
        fill = self._colour_of(item, raw.FPDFPageObj_GetFillColor) if self._fill_mode else _CLEAR
        line = self._colour_of(item, raw.FPDFPageObj_GetStrokeColor) if self._stroke else _CLEAR
        if fill == line == _CLEAR:
            return
        if min(width, height) <= _THICK:
            if max(width, height) > 2 * min(width, height):
                self._add_rule(x0, y0, x1, y1, line if line != _CLEAR else fill)
            return
        n_segments = raw.FPDFPath_CountSegments(item)
        if n_segments > _MAX_SEGMENTS or (line == _CLEAR and n_segments < 4):
            return
        own = self._matrix_of(item)
        if n_segments == _BOX and line == _CLEAR and self._is_box(item, own):
            self._add_fill(x0, y0, x1, y1, fill)
            return
        for points in self._pieces(item, n_segments, _times(own, matrix)):
            self._add_piece(points, fill, line)

    def _is_box(self, item: _Handle, matrix: _Matrix) -> bool:
        """Return whether a path of five points is a box; its first three points can tell."""
        if matrix[1] or matrix[2]:
            return False
        points = []
        for index in range(3):
            segment = self._raw.FPDFPath_GetPathSegment(item, index)
            if index and self._raw.FPDFPathSegment_GetType(segment) != self._line_to:
                return False
            self._raw.FPDFPathSegment_GetPoint(segment, *self._point_refs)
            points.append((self._point[0].value, self._point[1].value))
        (xa, ya), (xb, yb), (xc, yc) = points
        return (xa == xb and yb == yc) or (ya == yb and xb == xc)

    def _colour_of(self, item: _Handle, get: Callable[..., int]) -> int:
        """Return 0xRRGGBB, or what stands for nothing drawn at all."""
        if not get(item, *self._colour_refs):
            return 0  # a pattern: it is something to be seen
        red, green, blue, alpha = self._colour
        if alpha.value < _FAINT:
            return _CLEAR
        return red.value << 16 | green.value << 8 | blue.value

    def _pieces(self, item: _Handle, n_segments: int, matrix: _Matrix) -> Iterator[list[_Point]]:
        """Yield the corners of each run of straight upright lines, as displayed.

        Ends at the first slanted line: what has one is an outline on a map or a chart.
        """
        raw = self._raw
        x, y = self._point
        start: _Point = (0.0, 0.0)
        points: list[_Point] = []
        for index in range(n_segments):
            segment = raw.FPDFPath_GetPathSegment(item, index)
            kind = raw.FPDFPathSegment_GetType(segment)
            raw.FPDFPathSegment_GetPoint(segment, *self._point_refs)
            point = _apply(matrix, x.value, y.value)
            if kind == self._line_to:
                if points and not _upright(points[-1], point):
                    return
                points.append(point)
            else:
                if len(points) > 1:
                    yield points
                points = [point]
                if kind == raw.FPDF_SEGMENT_MOVETO:
                    start = point
                elif n_segments > _ROUNDED_BOX:
                    return
            if raw.FPDFPathSegment_GetClose(segment) and points:
                if not _upright(points[-1], start):
                    return
                points.append(start)
        if len(points) > 1:
            yield points

    def _add_piece(self, points: list[_Point], fill: int, line: int) -> None:
        box = _box_of(points)
        if box is not None:
            x0, y0, x1, y1 = box
            thin = min(x1 - x0, y1 - y0) <= _THICK
            if thin and max(x1 - x0, y1 - y0) >= _SHORT:
                self._add_rule(x0, y0, x1, y1, line if line != _CLEAR else fill)
                return
            if fill != _CLEAR and self._add_fill(x0, y0, x1, y1, fill):
                return  # the edges of a shaded box say what its outline would
        if line == _CLEAR:
            return
        for (xa, ya), (xb, yb) in pairwise(points):
            self._add_rule(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb), line)

    def _add_rule(self, x0: float, y0: float, x1: float, y1: float, colour: int) -> None:
        seen = not _is_white(colour)
        if x1 - x0 >= max(y1 - y0, _SHORT):
            self._horizontal.append(((y0 + y1) / 2, max(x0, 0.0), min(x1, self._width), seen))
        elif y1 - y0 >= _SHORT:
            self._vertical.append(((x0 + x1) / 2, max(y0, 0.0), min(y1, self._height), seen))

    def _add_fill(self, x0: float, y0: float, x1: float, y1: float, colour: int) -> bool:
        x0, y0, x1, y1 = max(x0, 0.0), max(y0, 0.0), min(x1, self._width), min(y1, self._height)
        small = x1 - x0 < _MIN_FILL or y1 - y0 < _MIN_FILL
        ground = x1 - x0 > 0.95 * self._width and y1 - y0 > 0.9 * self._height
        if small or ground or _is_white(colour):
            return False
        self._fills.append((x0, y0, x1, y1, float(colour)))
        return True


def _is_white(colour: int) -> bool:
    return min(colour >> 16, colour >> 8 & 255, colour & 255) >= _WHITE & 255


def _upright(one: _Point, other: _Point) -> bool:
    return abs(one[0] - other[0]) < 0.5 or abs(one[1] - other[1]) < 0.5


def _apply(matrix: _Matrix, x: float, y: float) -> _Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _times(first: _Matrix, then: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _box_of(points: list[_Point]) -> tuple[float, float, float, float] | None:
    """Return the box that some corners draw, or None where they draw something else."""
    if not 4 <= len(points) <= 6:
        return None
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    corners = {(x - x0 > x1 - x, y - y0 > y1 - y) for x, y in points}
    square = all(min(x - x0, x1 - x) < 0.5 and min(y - y0, y1 - y) < 0.5 for x, y in points)
    return (x0, y0, x1, y1) if square and len(corners) == 4 else None


def _visible_fills(fills: Floats) -> Floats:
    """Drop each box that lies within another of the same colour.

    Word shades a cell once whole and once more behind each line of its text.
    """
    if len(fills) < 2:
        return fills[:, :4]
    fills = np.unique(fills, axis=0)
    x0, y0, x1, y1, colour = fills.T[:, :, None]
    slack = 0.5
    inside = (colour == colour.T) & (x0 >= x0.T - slack) & (x1 <= x1.T + slack)
    inside &= (y0 >= y0.T - slack) & (y1 <= y1.T + slack)
    area = (x1 - x0) * (y1 - y0)
    order = np.arange(len(fills))[:, None]
    inside &= (area < area.T) | ((area == area.T) & (order > order.T))
    kept: Floats = fills[~inside.any(axis=1), :4]
    return kept
