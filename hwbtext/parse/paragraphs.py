"""Lines of one column to paragraphs, headings, list items and footnotes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.parse.lines import Line
    from hwbtext.records import BlockKind

_MARKS: tuple[tuple[str, str], ...] = (
    ("bullet", r"[•●▪■□○◦‣⁃∙·\uf0b7\uf0a7\uf0d8\uf02d➢➤►✓✔*]|o(?=\s)|[-–—](?=\s)"),
    ("decimal", r"\d{1,3}(?:\.\d{1,3}){1,3}\.?(?=\s|$)"),
    ("(1)", r"\(\d{1,3}\)"),
    ("(i)", r"\([ivx]{1,5}\)"),
    ("(a)", r"\([a-zA-Z]\)"),
    ("1.", r"\d{1,3}[.)](?=\s|$)"),
    ("i.", r"[ivx]{1,5}[.)](?=\s|$)"),
    ("a.", r"[a-zA-Z][.)](?=\s|$)"),
    ("1", r"\d{1,3}(?=\s+[A-Z\"'“‘])"),
)
_LIST_MARK = re.compile("|".join(f"(?:{pattern})" for _, pattern in _MARKS))
_STYLES = tuple((style, re.compile(pattern)) for style, pattern in _MARKS)
_ENDS = (".", "!", "?", ":", ";")
_RESOLUTION = re.compile(r"^(?:RESOLVED|RESOLUTION|AGREED|DECISION|ACTION|Resolved|Agreed)\b")
_LABEL = re.compile(r"^[A-Z][\w'’/&-]*(?: [\w'’/&-]+){0,3}:(?=\s|$)")  # "Responsible officer:"
_NUMBERED = re.compile(r"^(\d{1,3}(?:\.\d{1,3})*)\.?\s")
_CAPTION = re.compile(r"^(?:figure|fig\.?|table|chart|map|box|graph)\s+\d+", re.IGNORECASE)
_NOTE_MARK = re.compile(r"^(?:\[?\d{1,3}\]?|[*†‡§])(?=\s|[A-Za-z\"'“‘(])")


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together, and what they are."""

    lines: list[Line]
    kind: BlockKind = "paragraph"
    level: int = 0

    @property
    def text(self) -> str:
        """Return the lines with single spaces."""
        return " ".join(line.text for line in self.lines)


class ListLevels:
    """Tells how deep a list item stands, from its mark and its indent, item after item."""

    def __init__(self) -> None:
        self._open: list[tuple[str, float]] = []

    def level(self, paragraph: Paragraph) -> int:
        """Return 1 for an item of an outer list, 2 for one of a list inside it, and so on."""
        first = paragraph.lines[0]
        style, x = _style(first.text), first.box.x0
        for depth, (other, _) in enumerate(self._open):
            if other == style and (style != "bullet" or abs(self._open[depth][1] - x) < 4):
                del self._open[depth + 1 :]
                return depth + 1
        while self._open and x < self._open[-1][1] - 4:
            self._open.pop()
        self._open.append((style, x))
        return len(self._open)

    def close(self) -> None:
        """Forget the open lists: a heading or a paragraph at the margin ends them."""
        self._open.clear()


def _style(text: str) -> str:
    style = next((style for style, pattern in _STYLES if pattern.match(text)), "")
    if style == "decimal":  # 2.1 stands inside 2, 2.1.1 inside 2.1
        return f"decimal{_NUMBERED.match(text + ' ')[1].count('.')}"  # type: ignore[index]
    return style


def paragraphs(lines: Sequence[Line], body_size: float) -> Iterator[Paragraph]:
    """Group the lines of one column or cell into paragraphs and say what each is.

    Parameters
    ----------
    lines : sequence of Line
        In reading order.
    body_size : float
        Points; the size in which most of the document is printed.

    Yields
    ------
    Paragraph
    """
    if not lines:
        return
    pitch = _pitch(lines, body_size)
    right = max(line.box.x1 for line in lines)
    left = min(line.box.x0 for line in lines)
    run = [lines[0]]
    for above, below in pairwise(lines):
        if _breaks(above, below, run, pitch, left, right):
            yield _paragraph(run, body_size)
            run = []
        run.append(below)
    yield _paragraph(run, body_size)


def _pitch(lines: Sequence[Line], body_size: float) -> float:
    gaps = [
        b.box.bottom - a.box.bottom
        for a, b in pairwise(lines)
        if 2 < b.box.bottom - a.box.bottom < 4 * max(a.size, 6)
    ]
    return min(median(gaps), 2.0 * body_size) if gaps else 1.3 * body_size


def _paragraph(lines: list[Line], body_size: float) -> Paragraph:
    text = " ".join(line.text for line in lines)
    if _CAPTION.match(text) and len(lines) <= 3 and not text.endswith(";"):
        return Paragraph(lines, "caption")
    if level := _heading_level(lines, text, body_size):
        return Paragraph(lines, "heading", level)
    return Paragraph(lines, "list_item" if _LIST_MARK.match(text) else "paragraph")


def _heading_level(lines: Sequence[Line], text: str, body_size: float) -> int:
    """Return 1 to 4 for a heading, by size, weight, capitals and number; 0 for other text."""
    words = text.split()
    if len(lines) > 3 or len(words) > 30 or text.endswith((".", ";", ",")):
        return 0
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 2 or _RESOLUTION.match(text) or _style(text) == "bullet":
        return 0
    size = min(line.size for line in lines)
    if size >= 1.45 * body_size:
        return 1
    if size >= 1.12 * body_size and len(words) <= 14:
        return 2
    capitals = len(letters) > 3 and sum(c.isupper() for c in letters) > 0.9 * len(letters)
    if all(line.bold for line in lines) or (capitals and len(words) <= 12):
        number = _NUMBERED.match(text)
        return 3 + (number is not None and "." in number[1])
    return 0


def _breaks(
    above: Line, below: Line, run: Sequence[Line], pitch: float, left: float, right: float
) -> bool:
    """Return whether a paragraph ends between two lines."""
    if above.broken:
        return False
    step = below.box.bottom - above.box.bottom
    running_on = is_open_ended(above.text) and below.text[:1].islower()
    if step < -2 * pitch:  # the next column
        return not running_on
    if step > 1.45 * pitch or abs(below.size - above.size) > 0.15 * above.size:
        return True
    if _LIST_MARK.match(below.text) and not _mid_sentence(above, below, right):
        return True
    goes_on_bold = below.bold and above.ends_bold
    if above.bold != below.bold and not running_on and not goes_on_bold:
        return True
    if _LABEL.match(below.text) and not (is_open_ended(above.text) and len(above.words) > 9):
        return True
    width = max(right - left, 1.0)
    if above.box.x1 < right - 0.15 * width and above.text.endswith(_ENDS):
        return True
    if not running_on and _is_outdented(below, run):
        return True
    if below.text[:1].islower():
        return False
    # Its first word would have found room on the line above, had it been of one paragraph.
    first = below.words[0].box
    room = right - above.box.x1
    return room > 0.35 * width or room > first.x1 - first.x0 + 1.2 * below.size


def _is_outdented(below: Line, run: Sequence[Line]) -> bool:
    """Return whether a line is back at the margin, after an indented or a hanging paragraph."""
    if len(run) < 2:
        return False
    first, rest = run[0].box.x0, run[-1].box.x0
    hangs = rest > first + 6 and below.box.x0 < rest - 6
    return hangs or (abs(rest - first) <= 6 and below.box.x0 < rest - 12)


def _mid_sentence(above: Line, below: Line, right: float) -> bool:
    """Return whether what looks like a list mark is a number inside a running sentence."""
    full = above.box.x1 > right - 0.1 * max(right - above.box.x0, 1.0)
    bare = re.match(r"^(?:\d{1,3}(?:\.\d{1,3})*\.?|[-–—])\s", below.text) is not None
    return bare and full and is_open_ended(above.text) and below.box.x0 <= above.box.x0 + 2


def is_open_ended(text: str) -> bool:
    """Return whether a line ends without the mark that ends a sentence."""
    return not text.rstrip("'\"’”)").endswith(_ENDS)


def is_unfinished(paragraph: Paragraph) -> bool:
    """Return whether a paragraph at the foot of a page may go on overleaf."""
    last = paragraph.lines[-1]
    return paragraph.kind in ("paragraph", "list_item") and (
        last.broken or (is_open_ended(last.text) and len(last.words) > 2)
    )


def goes_on(paragraph: Paragraph, before: Paragraph) -> bool:
    """Return whether a paragraph is the rest of an unfinished one in the column or page before."""
    if paragraph.kind != "paragraph":
        return False
    first, last = paragraph.lines[0], before.lines[-1]
    if last.broken or first.text[:1].islower():
        return True
    # A name may come first overleaf: then the line before must be full, and printed alike.
    left = min(line.box.x0 for line in before.lines)
    right = max(line.box.x1 for line in before.lines)
    full = len(before.lines) > 1 and last.box.x1 > right - 0.1 * (right - left)
    alike = abs(first.size - last.size) < 0.5 and first.bold == last.bold
    return full and alike and not _LABEL.match(first.text) and not _RESOLUTION.match(first.text)


def mark_footnotes(
    found: Sequence[Paragraph], body_size: float, page_height: float
) -> list[Paragraph]:
    """Mark the small print at the foot of a page that begins with a note's number.

    Parameters
    ----------
    found : sequence of Paragraph
        Of one page, in reading order; their kind is changed in place.
    body_size, page_height : float
        Points.

    Returns
    -------
    list of Paragraph
        Those that only went on with the footnote before them, and are part of it now.
    """
    note: Paragraph | None = None
    joined: list[Paragraph] = []
    for paragraph in found:
        first = paragraph.lines[0]
        small = max(line.size for line in paragraph.lines) < 0.93 * body_size
        if not small or first.box.top < 0.5 * page_height or paragraph.kind == "heading":
            note = None
        elif _NOTE_MARK.match(paragraph.text):
            note = paragraph
            note.kind, note.level = "footnote", 0
        elif note is not None:
            note.lines = [*note.lines, *paragraph.lines]
            joined.append(paragraph)
    return joined
