"""The blocks of a document that hold resolutions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwbtext.minutes.lines import read_lines
from hwbtext.minutes.resolutions import find_resolutions

if TYPE_CHECKING:
    from hwbtext.records import Document


def resolution_blocks(document: Document) -> dict[int, str | None]:
    """Return the blocks that hold a resolution or clauses of one, and the first number in each.

    Returns
    -------
    dict of int to str or None
        Index in ``document.blocks`` to the printed number of the clause.

    Examples
    --------
    >>> from hwbtext.parse import parse_bytes
    >>> resolution_blocks(parse_bytes(b"RESOLVED that the plan be agreed.", "a.txt"))
    {0: None}
    """
    found: dict[int, str | None] = {}
    lines = read_lines(document)
    at = 0
    for resolution in find_resolutions(document):
        numbers = {clause.span.start: clause.number for clause in resolution.clauses}
        while at < len(lines) and lines[at].end <= resolution.span.start:
            at += 1
        for line in lines[at:]:
            if line.start >= resolution.span.end:
                break
            inside = [n for start, n in numbers.items() if line.start <= start < line.end]
            found.setdefault(line.index, inside[0] if inside else None)
    return found
