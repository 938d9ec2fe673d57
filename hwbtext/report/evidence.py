"""The passages behind each number: lists of them, and each passage stored once in the page.

A number in the report is a link to a ``<details>`` of the evidence section, which says how
many passages stand behind it and with which filter all of them are found in a table. The
passages themselves lie once in a JSON block; a few lines of script put them into a list when
a reader opens it. So a passage that stands behind ten numbers costs its text once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hwbtext.report.tables import Row, RunTables

LIST_CAP = 50
"""Passages shown in one list, at most."""
QUOTE_CAP = 400
"""Characters of a passage quoted in the open, at most; its list has it whole."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number, and the list of what stands behind it; 0 has nothing behind it."""

    n: int
    anchor: str | None = None

    def __str__(self) -> str:
        """Return the number as it is shown."""
        return f"{self.n:,}"


@dataclass(frozen=True, slots=True)
class EvidenceList:
    """One list of the evidence.

    ``mark`` names the findings to highlight: ``"ownership:lacking"``. ``n_shown`` is set when
    it is packed.
    """

    anchor: str
    title: str
    ids: tuple[str, ...]
    table: str
    where: str
    mark: str = ""
    n_shown: int = 0

    @property
    def is_documents(self) -> bool:
        """Return whether the list holds documents, not passages."""
        return self.table == "documents"


@dataclass(slots=True)
class Shelf:
    """Collect the lists while the sections are written; the same filter is one list."""

    tables: RunTables
    lists: list[EvidenceList] = field(default_factory=list)
    _anchor_of: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def count(
        self,
        title: str,
        rows: Iterable[Row],
        table: str,
        where: str,
        *,
        mark: str = "",
        n: int | None = None,
    ) -> Count:
        """Return a number with the way to its evidence.

        An action of a table that no passage holds has no passage to show.

        Parameters
        ----------
        title : str
            Heading of the list.
        rows : iterable of Row
            The rows behind the number; a passage (or document) in several of them counts once.
        table, where : str
            The table, and the filter that finds every row in it.
        mark : str
            Name of the findings to highlight in the passages.
        n : int, optional
            The number to show, where it is not that of the passages.
        """
        column = "doc_id" if table == "documents" else "passage_id"
        ids = tuple(dict.fromkeys(row[column] for row in rows if row[column] is not None))
        shown = len(ids) if n is None else n
        if not ids:
            return Count(shown)
        key = (table, where, mark)
        if key not in self._anchor_of:
            anchor = f"e{len(self.lists) + 1}"
            self._anchor_of[key] = anchor
            self.lists.append(EvidenceList(anchor, title, ids, table, where, mark))
        return Count(shown, self._anchor_of[key])


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage shown in the open, with its place, and what spoke for its label.

    ``anchor`` is that of its list among the evidence, where it has one.
    """

    text: str
    path: str
    page: int | None
    item: str
    evidence: tuple[str, ...] = ()
    anchor: str | None = None


def shuffle_key(identifier: str) -> bytes:
    """Return a sorting key that has nothing to do with the place of a passage."""
    return blake2b(identifier.encode(), digest_size=8).digest()


def pick(identifiers: Iterable[str], cap: int = LIST_CAP) -> list[str]:
    """Choose ``cap`` of the identifiers by their hash: the same ones each time, not the first.

    Examples
    --------
    >>> pick(["a", "b", "c", "d"], 2) == pick(["d", "c", "b", "a"], 2)
    True
    """
    return sorted(identifiers, key=lambda identifier: (shuffle_key(identifier), identifier))[:cap]


def reads_well(tables: RunTables, passage_id: str) -> bool:
    """Return whether a passage has the length of one that is quoted."""
    return 60 <= len(tables.passage_of[passage_id]["text"] or "") <= 320


def excerpt(tables: RunTables, rows: Iterable[Row]) -> Excerpt | None:
    """Choose one passage to show: by hash, among those of a length that reads well."""
    ids = {row["passage_id"]: row for row in rows}
    fits = [each for each in ids if reads_well(tables, each)]
    if not fits:
        return None
    (chosen,) = pick(fits, 1)
    return quote(tables, chosen, tuple(ids[chosen].get("evidence") or ()))


def quote(
    tables: RunTables, passage_id: str, evidence: tuple[str, ...] = (), anchor: str | None = None
) -> Excerpt:
    """Return a passage as it is shown, cut where it is long."""
    row = tables.passage_of[passage_id]
    item = " ".join(part for part in (row["item_number"], row["item_title"]) if part)
    text = row["text"] or ""
    shown = text if len(text) <= QUOTE_CAP else text[:QUOTE_CAP].rsplit(" ", 1)[0] + " …"
    return Excerpt(shown, tables.path(row["doc_id"]), row["page"], item, evidence, anchor)
