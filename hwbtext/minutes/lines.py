"""The blocks of a document as the grammar reads them: plain in spelling, furniture left out."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from hwbtext.records import CharSpan
from hwbtext.text import n_words, same_length

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hwbtext.records import BlockKind, Document

# Left where print had no margins: Markdown and text.
_PAGE = re.compile(r"Page\s\d{1,4}(?:\s(?:of|/)\s\d{1,4})?", re.IGNORECASE)
_FEWEST_OPEN = 5  # words: a shorter paragraph is a title
_ENDS_OPEN = re.compile(
    r"(?:,|\b(?:and|or|of|for|to|the|a|an|with|by|in|on|at|has|have|been|be))\s*$"
)
_LOWER = re.compile(r"[a-z]{2,}\s")
_NUMBER_OF_DECISION = re.compile(r"\W*(?:Resolved|RESOLVED)\s+\d[\d/.]{2,14}\W*$")
_GOES_ON = re.compile(r"(?:[a-z]|(?:With|And|By|For|To|From|Of)\s)(?!\w?[.)])")


@dataclass(frozen=True, slots=True)
class Line:
    """One block; ``text`` is its text in plain quotes and dashes, character for character."""

    index: int  # in ``Document.blocks``
    start: int
    end: int
    text: str
    kind: BlockKind
    level: int = 0
    row: int | None = None
    column: int | None = None

    @property
    def is_heading(self) -> bool:
        """Return whether its print made it a heading."""
        return self.kind == "heading"


def read_lines(document: Document, within: CharSpan | None = None) -> tuple[Line, ...]:
    r"""Return the blocks of a document, or of a part of it, without furniture.

    Parameters
    ----------
    document : Document
    within : CharSpan, optional
        Only blocks that start in here: one part of a pack.

    Returns
    -------
    tuple of Line
        In reading order; ``line.text`` has the length of ``document.text[start:end]``.

    Examples
    --------
    >>> from hwbtext.parse import parse_bytes
    >>> document = parse_bytes("1. Apologies\n\n“None”".encode(), "a.txt")
    >>> [line.text for line in read_lines(document)]
    ['1. Apologies', '"None"']
    """
    low, high = within or CharSpan(0, len(document.text))
    return tuple(
        Line(
            index,
            block.span.start,
            block.span.end,
            same_length(document.text[block.span.start : block.span.end]),
            block.kind,
            block.level,
            block.row,
            block.column,
        )
        for index, block in enumerate(document.blocks)
        if block.kind != "furniture"
        and low <= block.span.start < high
        and not _PAGE.fullmatch(document.text, block.span.start, block.span.end)
    )


def joined_cells(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Join the paragraphs of a cell that are one sentence, and those that a comma leaves open.

    "Resolved 4/20.1", alone on its line, goes with what was resolved.

    Parameters
    ----------
    lines : iterable of Line

    Examples
    --------
    >>> texts = ("It was agreed to share the cost of", "the new gate.")
    >>> lines = [Line(0, 0, 34, texts[0], "table_cell", 0, 1, 1)]
    >>> lines += [Line(1, 35, 48, texts[1], "table_cell", 0, 1, 1)]
    >>> [line.text for line in joined_cells(lines)]
    ['It was agreed to share the cost of the new gate.']
    """
    kept: list[Line] = []
    for line in lines:
        last = kept[-1] if kept else None
        if (
            last
            and line.kind == last.kind == "table_cell"
            and (line.row, line.column) == (last.row, last.column)
            and line.start == last.end + 1
            and _breaks_off(last.text, line.text)
        ):
            kept[-1] = replace(last, end=line.end, text=f"{last.text} {line.text}")
        elif (
            last
            and line.kind == last.kind == "paragraph"
            and (
                (last.text.rstrip().endswith(",") and _LOWER.match(line.text))
                or _NUMBER_OF_DECISION.match(last.text)
            )
        ):
            gap = " " * (line.start - last.end)
            kept[-1] = replace(last, end=line.end, text=f"{last.text}{gap}{line.text}")
        else:
            kept.append(line)
    return tuple(kept)


def _breaks_off(text: str, below: str) -> bool:
    """Return whether a sentence goes on below: it has no end, and what follows no beginning."""
    if text.rstrip().endswith((".", ":", ";", "?", "!")) or n_words(text) < _FEWEST_OPEN:
        return False
    return _ENDS_OPEN.search(text) is not None or _GOES_ON.match(below) is not None


def cut_at(lines: Iterable[Line], offsets: Sequence[int]) -> tuple[Line, ...]:
    """Cut lines where something opens inside them: items in minutes that lost their lines.

    Parameters
    ----------
    lines : iterable of Line
    offsets : sequence of int
        In rising order; those that no line holds, or one starts with, cut nothing.

    Examples
    --------
    >>> line = Line(0, 0, 22, "1. Roads. 2. Parks are", "paragraph")
    >>> [piece.text for piece in cut_at([line], [0, 10])]
    ['1. Roads. ', '2. Parks are']
    """
    pieces: list[Line] = []
    for line in lines:
        inside = offsets[bisect_right(offsets, line.start) : bisect_left(offsets, line.end)]
        cuts = [line.start, *inside, line.end]
        pieces += [
            replace(line, start=a, end=b, text=line.text[a - line.start : b - line.start])
            for a, b in pairwise(cuts)
        ]
    return tuple(pieces)
