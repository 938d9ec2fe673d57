"""Numbered action points: a column of minutes set as a table, or lines of their own."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from hwbtext.acts.phrases import read_action
from hwbtext.records import Action, Provenance
from hwbtext.text import n_words, same_length, strip_span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.records import Document, Passage

# "11-02 The Clerk to write": the numbered points of a column of decisions and actions.
_POINT = re.compile(r"(?:^|(?<=\s))(?P<ref>\d{2}[-/.]\d{2})\s+(?=[A-Z])")
_POINTS_HEADER = re.compile(
    r"^(?:decisions?\s*(?:and|/|&)\s*)?actions?(?:\s+points?)?(?:\s*(?:and|/|&)\s*decisions?)?$",
    re.I,
)
_MINUTED_HEADER = re.compile(
    r"^(?:agenda\s+)?(?:items?|discussions?|minutes?|subject|topic|notes|key\s+points|ref|no)"
    r"(?:\s+(?:no|points|number))?\.?$",
    re.I,
)
_POINTS_NAMED = re.compile(r"\bactions?\s+points?\b", re.I)
_WIDEST = 12  # cells of a header row on either side


def point_actions(document: Document, passages: Sequence[Passage]) -> Iterator[Action]:
    """Read numbered action points: in their column of minutes set as a table, or on lines."""
    column: int | None = None
    named = False
    starts = [passage.span.start for passage in passages]
    for index, block in enumerate(document.blocks):
        if block.kind == "furniture":
            continue
        written = document.text[block.span.start : block.span.end]
        plain = same_length(written)
        if block.kind == "table_cell" and _POINTS_HEADER.match(plain.strip(" :*")):
            column = block.column if _beside_minutes(document, index) else None
            named = named or column is not None
            continue
        named = named or (n_words(plain) <= 8 and _POINTS_NAMED.search(plain) is not None)
        # Cells that print set a column off from their header still stand at its right end.
        in_column = column is not None and block.column is not None and block.column >= column - 1
        in_column = in_column and block.kind == "table_cell" and bool(column)
        marks = list(_POINT.finditer(plain)) if named else []
        if marks and (in_column or not marks[0].start()):
            ends = [*(mark.start() for mark in marks[1:]), len(plain)]
            pieces = [(m.start(), m.end(), end) for m, end in zip(marks, ends, strict=True)]
        elif in_column and not marks:
            pieces = [(0, 0, len(plain))]
        else:
            continue
        for low, start, end in pieces:
            parts = read_action(written[start:end].strip(), plain[start:end].strip())
            if start == low and parts.owner is None:
                continue  # a decision, in the same column
            span = strip_span(document.text, block.span.start + low, block.span.start + end)
            at = bisect_right(starts, span.start) - 1
            held = at >= 0 and span.start < passages[at].span.end
            prov = Provenance(
                document.doc_id,
                passages[at].passage_id if held else None,
                span,
                document.layout.regions(span),
            )
            yield Action(prov, parts.text, parts.owner, parts.due, None)


def _beside_minutes(document: Document, index: int) -> bool:
    """Return whether a header cell stands beside one that names items or discussion."""
    row = document.blocks[index].row
    near = document.blocks[max(0, index - _WIDEST) : index + _WIDEST]
    return any(
        block.row == row
        and _MINUTED_HEADER.match(document.text[block.span.start : block.span.end].strip(" :*"))
        for block in near
    )
