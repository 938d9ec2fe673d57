"""What PDFium sees printed on a page: words with their boxes, in runs of one line."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from hwbtext.parse.lines import Line, Word
from hwbtext.records import BBox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pypdfium2 as pdfium

_LINE_END_HYPHENS = re.compile("[\x02\ufffe]$")
"""What PDFium writes for a hyphen at the end of a line, whether the word has it or not."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u00ad\ufffe\uffff]")
_TOKEN = re.compile(r"\S+")
_RUN = re.compile(r"[^\r\n]+")
_SHIFT = 1.5  # points by which a word that is printed twice stands apart
_FAR = 1e6  # points; PDF 32000-1, annex C: no page is wider than 14,400
_GAP = 1.6  # ems: a wider space divides two columns or cells, or a number and its text
_BOLD_NAME = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
_FONT_NAME = 128  # bytes of it that are looked at
_FORCE_BOLD = 1 << 18  # PDF 32000-1, table 123: font descriptor flags

Rectangle = tuple[float, float, float, float]


def displayed_box(
    left: float, right: float, bottom: float, top: float, rotation: int, crop: Rectangle
) -> BBox:
    """Turn a box of page space (origin bottom left, unrotated) as the page is displayed."""
    x0, y0, x1, y1 = crop
    if rotation == 0:
        return BBox(left - x0, y1 - top, right - x0, y1 - bottom)
    if rotation == 90:
        return BBox(bottom - y0, left - x0, top - y0, right - x0)
    if rotation == 180:
        return BBox(x1 - right, bottom - y0, x1 - left, top - y0)
    return BBox(y1 - top, x1 - right, y1 - bottom, x1 - left)


def turned(box: BBox, angle: int, width: float, height: float) -> BBox:
    """Turn a box with the page it stands on, by a multiple of 90 degrees clockwise.

    Parameters
    ----------
    box : BBox
    angle : int
        0, 90, 180 or 270.
    width, height : float
        Of the page before it is turned.

    Examples
    --------
    >>> turned(BBox(10, 20, 30, 25), 90, 600, 800)
    BBox(x0=775, top=10, x1=780, bottom=30)
    """
    if angle == 90:
        return BBox(height - box.bottom, box.x0, height - box.top, box.x1)
    if angle == 180:
        return BBox(width - box.x1, height - box.bottom, width - box.x0, height - box.top)
    if angle == 270:
        return BBox(box.top, width - box.x1, box.bottom, width - box.x0)
    return box


def read_runs(page: pdfium.PdfPage, number: int) -> list[Line]:
    """Return what is printed on a page as runs of words, in the order of the file.

    A run is a printed line or the part of one up to a wide gap. Words that are printed twice
    at one place, as some programs do for bold, are given once.

    Parameters
    ----------
    page : pypdfium2.PdfPage
    number : int
        Of the page, from 1.

    Returns
    -------
    list of Line
        Boxes in points from the top left of the page as displayed; a hyphen at the end of a
        line is written as "-".
    """
    textpage = page.get_textpage()
    try:
        text = _characters(textpage)
        handle = textpage.raw
        rotation = page.get_rotation()
        box_of = _box_reader(handle, rotation, page.get_bbox())
        reader = _RunReader(handle, rotation, number)
        for printed in _RUN.finditer(text):
            token = ""
            height = 0.0
            for match in _TOKEN.finditer(text, *printed.span()):
                token = match[0]
                start, end = match.span()
                box = box_of(start, end - 1)
                if box[3] - box[1] > height + 1:
                    first = box_of(start, start)
                    height = max(height, 1.5 * (first[3] - first[1]))
                    if box[3] - box[1] > height + 1 and end - start > 2:
                        reader.add_wrapped(text, box_of, start, end)
                        continue
                reader.add(token, start, box)
            reader.close(broken=token.endswith("\u00ad"))
        return reader.runs
    finally:
        textpage.close()


class _RunReader:
    """Takes words one by one and makes runs of them."""

    def __init__(self, handle: object, rotation: int, number: int) -> None:
        self.runs: list[Line] = []
        self._handle, self._rotation, self._number = handle, rotation, number
        self._words: list[Word] = []
        self._first = self._last = -1
        self._seen: set[tuple[str, float, float]] = set()

    def add(self, word: str, start: int, box: BBox) -> None:
        if not word.isalnum():
            word = _CONTROL.sub("", _LINE_END_HYPHENS.sub("-", word))
            if not word:
                return
        x0, top, x1, bottom = box
        if not -_FAR < x0 <= x1 < _FAR or not -_FAR < top <= bottom < _FAR:
            return  # damaged: infinite, or no number
        words = self._words
        if words:
            before = words[-1][1]
            if x0 < before[2] - 1 and self._is_double(word, box):
                return
            if _parts(before, box):
                self.close()
                words = self._words
        if not words:
            self._first = start
        words.append(Word(word, box))
        self._last = start  # of the last word: a colon after a bold label is often light

    def _is_double(self, word: str, box: BBox) -> bool:
        """Return whether the same word stands at the same place in this run already."""
        return any(
            other == word and abs(at[0] - box[0]) < _SHIFT and abs(at[1] - box[1]) < _SHIFT
            for other, at, _ in self._words
        )

    def add_wrapped(
        self, text: str, box_of: Callable[[int, int], BBox], start: int, end: int
    ) -> None:
        """Add the parts of a word that goes on at the start of the line below."""
        for first, last in _wrapped(box_of, start, end):
            self.add(text[first:last], first, box_of(first, last - 1))
            if last < end:
                is_address = "/" in text[start:end] or "@" in text[start:end]
                self.close(broken=is_address or text[last - 1] == "\u00ad")

    def close(self, *, broken: bool = False) -> None:
        if not self._words:
            return
        ends = self._first, self._last
        run = _run(self._handle, self._words, ends, self._number, self._rotation)
        self._words = []
        # Two coarse grids, half a step apart: a shift of half a point escapes neither.
        x, y = run.box[0] / 3, run.box[1] / 3
        near = {(run.text, x // 1, y // 1), (run.text, (x + 0.5) // 1 + 0.5, (y + 0.5) // 1)}
        if near.isdisjoint(self._seen):
            self._seen |= near
            run.broken = broken
            self.runs.append(run)


def _wrapped(box_of: Callable[[int, int], BBox], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a word that goes on at the start of a line below: an address, say.

    PDFium also makes one word of the end of a table's row and the start of the next.
    """
    while start < end:
        first = box_of(start, start)
        foot = first[3] - 0.3 * (first[3] - first[1])
        cut = next(
            (
                index
                for index in range(start + 1, end)
                if (box := box_of(index, index))[1] > foot and box[2] < first[2]
            ),
            end,
        )
        yield start, cut
        start = cut


def _characters(textpage: pdfium.PdfTextPage) -> str:
    """Return the text of a page, one character for each that PDFium counts."""
    import pypdfium2.raw as raw

    n_chars = textpage.count_chars()
    text: str = textpage.get_text_range() if n_chars else ""
    if len(text) != n_chars:
        # Characters beyond the BMP take two UTF-16 units: read one by one to keep step.
        codes = [raw.FPDFText_GetUnicode(textpage, i) for i in range(n_chars)]
        text = "".join(chr(c) if 0 < c < 0xD800 or 0xE000 <= c < 0x110000 else " " for c in codes)
    return text


def _box_reader(handle: object, rotation: int, crop: Rectangle) -> Callable[[int, int], BBox]:
    """Return a function from the first and last character of a word to its box."""
    import pypdfium2.raw as raw

    one, other = raw.FS_RECTF(), raw.FS_RECTF()
    at_one, at_other = ctypes.byref(one), ctypes.byref(other)
    loose = raw.FPDFText_GetLooseCharBox
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))

    def tight(index: int, into: object) -> bool:
        if not raw.FPDFText_GetCharBox(handle, index, left, right, bottom, top):
            return False
        into.left, into.right = left.value, right.value  # type: ignore[attr-defined]
        into.bottom, into.top = bottom.value, top.value  # type: ignore[attr-defined]
        return True

    crop_left, crop_top = crop[0], crop[3]

    def box_of(first: int, last: int) -> BBox:
        if not loose(handle, first, at_one) and not tight(first, one):
            return BBox(0.0, 0.0, 0.0, 0.0)
        x0, x1, y0, y1 = one.left, one.right, one.bottom, one.top
        if last != first and (loose(handle, last, at_other) or tight(last, other)):
            x0, x1 = min(x0, other.left), max(x1, other.right)
            y0, y1 = min(y0, other.bottom), max(y1, other.top)
        if rotation == 0:  # nearly always, and this runs for every word
            return BBox(x0 - crop_left, crop_top - y1, x1 - crop_left, crop_top - y0)
        return displayed_box(x0, x1, y0, y1, rotation, crop)

    return box_of


def _parts(before: BBox, box: BBox) -> bool:
    """Return whether two words that PDFium reads as one line are parts of two.

    Across a wide gap stands another column or cell; and PDFium runs two printed lines into one
    where a break has no space.
    """
    _, top, x1, bottom = before
    height = bottom - top
    if box[0] - x1 > _GAP * min(height, box[3] - box[1], 16.0):
        return True
    return box[0] < x1 and (box[1] > bottom - 0.2 * height or box[3] < top + 0.2 * height)


def _run(
    handle: object, words: list[Word], ends: tuple[int, int], number: int, rotation: int
) -> Line:
    """Return a run with its print, as its first character has it; bold if its last word is too."""
    import pypdfium2.raw as raw

    first, last = ends
    angle = math.degrees(raw.FPDFText_GetCharAngle(handle, first))
    angle = round(angle + rotation) % 360 if angle >= 0 else 0
    size = float(raw.FPDFText_GetFontSize(handle, first))
    if size < 3:  # text of size 1 scaled by its matrix: the box is the better measure
        box = words[0].box
        size = box.x1 - box.x0 if angle in (90, 270) else box.bottom - box.top
    ends_bold = _is_bold(handle, last)
    bold = ends_bold and (first == last or _is_bold(handle, first))
    return Line(words, size, bold, number, angle=angle, ends_bold=ends_bold)


def _is_bold(handle: object, index: int) -> bool:
    """Return whether a character is printed bold, by its font's name or flags.

    ``FPDFText_GetFontWeight`` says 400 for most embedded bold fonts, so it is no help.
    """
    import pypdfium2.raw as raw

    name = ctypes.create_string_buffer(_FONT_NAME)
    flags = ctypes.c_int()
    if not raw.FPDFText_GetFontInfo(handle, index, name, _FONT_NAME, flags):
        return False
    return bool(flags.value & _FORCE_BOLD) or _BOLD_NAME.search(name.value) is not None


def main_angle(runs: Sequence[Line]) -> int:
    """Return the direction in which most of a page is printed: 0, 90, 180 or 270 degrees."""
    weights: Counter[int] = Counter()
    for run in runs:
        weights[round(run.angle / 90) * 90 % 360] += len(run.text)
    return weights.most_common(1)[0][0] if weights else 0


def upright(runs: Sequence[Line], width: float, height: float) -> tuple[list[Line], int]:
    """Turn a page that is printed sideways, so that its lines run from left to right.

    Returns
    -------
    list of Line
        With turned boxes.
    int
        The angle by which to turn them back.
    """
    angle = main_angle(runs)
    if angle == 0:
        return list(runs), 0
    return list(_turned_runs(runs, angle, width, height)), angle


def _turned_runs(runs: Sequence[Line], angle: int, width: float, height: float) -> Iterator[Line]:
    for run in runs:
        back = 360 - angle
        words = [Word(w.text, turned(w.box, back, width, height), w.joined) for w in run.words]
        words.sort(key=lambda word: word.box.x0)
        turn = (run.angle - angle) % 360
        print_of = (run.size, run.bold, run.page, run.number, turn, run.ends_bold)
        yield Line(words, *print_of, run.broken)
