"""Printed words and lines of a page, before any structure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hwbtext.records import BBox

if TYPE_CHECKING:
    from collections.abc import Sequence


class Word(NamedTuple):
    """One printed word; ``joined`` says that it goes on without a space before it."""

    text: str
    box: BBox
    joined: bool = False


@dataclass(slots=True, eq=False)
class Line:
    """One printed line, or the part of one that stands in a column or a cell.

    ``text`` (the words with single spaces) and ``box`` (round all words) are worked out once:
    structure asks for them many times a line. Words are not added later; see :meth:`with_words`.
    """

    words: Sequence[Word]
    size: float  # points
    bold: bool
    page: int
    number: int = 0  # running number in the document
    angle: int = 0  # degrees, clockwise, as displayed; 0 is upright
    ends_bold: bool = False  # as a line does that opens with a light label
    broken: bool = False  # ends inside a word, without a hyphen
    text: str = field(init=False)
    box: BBox = field(init=False)

    def __post_init__(self) -> None:
        self.text = " ".join([word[0] for word in self.words])
        boxes = [word[1] for word in self.words]
        if len(boxes) == 1:
            self.box = boxes[0]
        else:
            lefts, tops, rights, bottoms = zip(*boxes, strict=True)
            self.box = BBox(min(lefts), min(tops), max(rights), max(bottoms))

    def with_words(self, words: Sequence[Word], *, broken: bool = False) -> Line:
        """Return the same line with other words: a part of it, or with one more."""
        print_of = (self.size, self.bold, self.page, self.number, self.angle, self.ends_bold)
        return Line(words, *print_of, broken)
