"""The blocks of a document as the grammar reads them: plain in spelling, furniture left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.records import CharSpan
from hwbtext.text import same_length

if TYPE_CHECKING:
    from hwbtext.records import BlockKind, Document


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
        if block.kind != "furniture" and low <= block.span.start < high
    )
