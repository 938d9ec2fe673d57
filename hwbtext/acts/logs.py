"""Actions in tables: rows of action logs, and the margin column of minutes set as a table."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from hwbtext.acts.columns import Row, read_header, table_rows
from hwbtext.acts.owners import is_owner
from hwbtext.acts.phrases import read_action
from hwbtext.acts.told import told_tasks
from hwbtext.acts.verbs import begins_with_task
from hwbtext.records import Action, CharSpan, Provenance
from hwbtext.text import n_words, same_length, sentences, strip_span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hwbtext.records import Document, Passage

_NONE_STATED = re.compile(r"^(?:[-.\s]*|n/?a|none|not stated|nil|tbc)$", re.IGNORECASE)

_NUMBERED = re.compile(
    r"(?:^|(?<=\s))\d{2}[-/]\d{2}\s+(?:-\s+)?(?=[A-Z])|^\d{2}[-/]\d{2}\s+(?=[a-z])"
)
_HEADING = 6  # words: what stands beside a reporter's initials is the title of a report
_LABEL = 6  # characters of a number or bullet before a name
_DECIDES = re.compile(r"\bdecision", re.IGNORECASE)
_DONE = re.compile(r"^(?:note[ds]?|agreed|approved|discussed|closed|completed?|none|n/?a)\b", re.I)


class TableReader:
    """Reads the tables of one document; gives each action its passage."""

    def __init__(self, document: Document, passages: Sequence[Passage]) -> None:
        self._document = document
        self._passages = passages
        self._starts = [passage.span.start for passage in passages]

    def actions(self) -> Iterator[Action]:
        """Yield the actions of all tables, in reading order."""
        columns: dict[str, int] = {}
        margin: dict[str, int] = {}
        named = False
        for row in table_rows(self._document):
            if row is None:
                columns = {}  # a paragraph or heading ends a log; a margin goes on overleaf
                continue
            if header := read_header(row.texts):
                log = "text" in header and ({"owner", "due", "status"} & set(header))
                beside = not log and ("minuted" in header or "text" in header)
                columns, margin = (header if log else {}), (header if beside else {})
                named = bool(margin) and bool(
                    _DECIDES.search(row.texts[margin.get("text", margin.get("owner", 0))])
                )
                continue
            if columns:
                yield from self._logged(row, columns)
            elif margin:
                yield from self._beside(row, margin, named=named)

    def _logged(self, row: Row, columns: Mapping[str, int]) -> Iterator[Action]:
        text = row.texts.get(columns["text"], "")
        if not text or _NONE_STATED.match(text):
            return
        owner, due, status = (
            _stated(row.texts, columns.get(name)) for name in ("owner", "due", "status")
        )
        if owner is None and "owner" not in columns:
            parts = read_action(text, same_length(text))
            owner = parts.owner
        yield self._action(row.span, text, owner, due, status)

    def _beside(self, row: Row, margin: Mapping[str, int], *, named: bool) -> Iterator[Action]:
        """Read a row of minutes with a column for actions: pieces of text, or owners alone."""
        column = margin.get("text", margin.get("owner", -1))
        pieces = [
            (span, numbered)
            for block in row.cells.get(column, ())
            for span, numbered in self._pieces(block.span)
        ]
        # Cells that print set a column off from their header still stand at its right end.
        if not pieces and column - 1 in row.cells and column - 1 != margin.get("minuted"):
            pieces = [
                (span, numbered)
                for block in row.cells[column - 1]
                for span, numbered in self._pieces(block.span)
                if numbered
            ]
        owners = []
        for span, numbered in pieces:
            written = self._document.text[slice(*span)]
            plain = same_length(written)
            start = numbered
            if not start and is_owner(plain):
                owners.append(span)
                continue
            parts = read_action(written[start:], plain[start:])
            told = parts.owner is not None and _gives_task(plain)
            bare = (
                "text" in margin and not named and begins_with_task(plain[:1].lower() + plain[1:])
            )
            if start or told or bare:
                yield self._action(span, parts.text, parts.owner, parts.due, None)
        yield from self._aligned(row, margin, owners)

    def _pieces(self, block: CharSpan) -> Iterator[tuple[CharSpan, int]]:
        """Cut a cell at its numbered points; with each the length of its number."""
        plain = same_length(self._document.text[slice(*block)])
        marks = list(_NUMBERED.finditer(plain))
        edges = [mark.start() for mark in marks]
        if not edges or edges[0] > 0:
            head = strip_span(plain, 0, edges[0] if edges else len(plain))
            if head.end > head.start:
                yield CharSpan(block.start + head.start, block.start + head.end), 0
        for mark, end in zip(marks, [*edges[1:], len(plain)], strict=False):
            piece = strip_span(plain, mark.start(), end)
            at = CharSpan(block.start + piece.start, block.start + piece.end)
            yield at, mark.end() - mark.start()

    def _aligned(
        self, row: Row, margin: Mapping[str, int], owners: Sequence[CharSpan]
    ) -> Iterator[Action]:
        """Give each owner in the margin the paragraph beside it, from the last one upwards."""
        if not owners or "minuted" not in margin:
            return
        minuted = [
            block.span
            for block in row.cells.get(margin["minuted"], ())
            if n_words(self._document.text[slice(*block.span)]) > 0
        ]
        dues = [
            self._document.text[slice(*block.span)]
            for block in row.cells.get(margin.get("due", -1), ())
        ]
        found = []
        left = list(minuted)
        for number, span in reversed(list(enumerate(owners))):
            owner = self._document.text[slice(*span)].strip()
            at = self._beside_of(left, owner)
            if at is None:
                continue
            text = self._document.text[slice(*left[at])]
            if n_words(text) <= _HEADING and not _is_task(same_length(text)):
                continue
            due = dues[number] if len(dues) == len(owners) else None
            found.append(self._of_paragraph(left[at], text, owner, due))
            left = left[:at]
        yield from reversed(found)

    def _beside_of(self, left: Sequence[CharSpan], owner: str) -> int | None:
        """Return the last paragraph that speaks of the owner or gives a task, else the last."""
        if not left:
            return None
        texts = [same_length(self._document.text[slice(*span)]) for span in left]
        of_owner = [
            n for n, text in enumerate(texts) if re.search(rf"\b{re.escape(owner)}\b", text)
        ]
        tasks = [n for n, text in enumerate(texts) if _is_task(text)]
        return next((group[-1] for group in (of_owner, tasks) if group), len(left) - 1)

    def _of_paragraph(self, span: CharSpan, text: str, owner: str, due: str | None) -> Action:
        plain = same_length(text)
        told = told_tasks(plain)
        pieces = sentences(plain)
        low = told[-1].span.start if told else pieces[-1].start
        start = max((one.start for one in pieces if one.start <= low), default=0)
        parts = read_action(text[start:], plain[start:])
        where = CharSpan(span.start + start, span.end)
        stated = None if due is None or _NONE_STATED.match(due) else due.strip()
        # A column of dates also says of what is done that it is.
        status = stated if stated and _DONE.match(stated) else None
        due = parts.due if status else stated or parts.due
        return self._action(where, text[start:].strip(" ."), owner, due, status)

    def _action(
        self,
        span: CharSpan,
        text: str,
        owner: str | None,
        due: str | None,
        status: str | None,
    ) -> Action:
        at = bisect_right(self._starts, span.start) - 1
        held = at >= 0 and span.start < self._passages[at].span.end
        prov = Provenance(
            self._document.doc_id,
            self._passages[at].passage_id if held else None,
            span,
            self._document.layout.regions(span),
        )
        return Action(prov, text, owner, due, status)


def _is_task(plain: str) -> bool:
    return not _DONE.match(plain) and bool(told_tasks(plain))


def _gives_task(plain: str) -> bool:
    """Return whether a piece begins with who is to act: decisions stand in the same column."""
    told = told_tasks(plain)
    return not _DONE.match(plain) and bool(told) and 0 <= told[0].owner.start < _LABEL


def _stated(texts: Mapping[int, str], column: int | None) -> str | None:
    text = "" if column is None else texts.get(column, "")
    return None if _NONE_STATED.match(text) else text
