"""The passages behind each number: lists of them, and each passage stored once in the page.

A number in the report is a link to a ``<details>`` of the evidence section, which says how
many passages stand behind it and with which filter all of them are found in a table. The
passages themselves lie once in a JSON block; a few lines of script put them into a list when
a reader opens it. So a passage that stands behind ten numbers costs its text once.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hwbtext.report.tables import Row, RunTables

LIST_CAP = 50
"""Passages shown in one list, at most."""
TEXT_CAP = 1500
"""Characters of one passage shown, at most."""
PAGE_BUDGET = 8_500_000
"""Bytes of the page that the lists are cut for."""
LIST_BYTES = 290
"""What a list costs without its passages: the number, the heading, its place in the store."""
LEAST_BUDGET = 1_000_000
"""Bytes that passages may always take."""
_LOWER_CAPS = (LIST_CAP, 30, 20, 12, 8, 5, 3, 2, 1)


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
    """One list. ``mark`` names the findings to highlight: ``"ownership:lacking"``."""

    anchor: str
    title: str
    ids: tuple[str, ...]
    table: str
    where: str
    mark: str = ""

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
    """A passage shown in the open, with its place."""

    text: str
    path: str
    page: int | None
    item: str


@dataclass(frozen=True, slots=True)
class PackedEvidence:
    """The evidence as the page holds it; ``cap`` is the length of the longest list."""

    lists: tuple[EvidenceList, ...]
    cap: int
    store: Markup


def _shuffle_key(identifier: str) -> bytes:
    return blake2b(identifier.encode(), digest_size=8).digest()


def pick(identifiers: Iterable[str], cap: int = LIST_CAP) -> list[str]:
    """Choose ``cap`` of the identifiers by their hash: the same ones each time, not the first.

    Examples
    --------
    >>> pick(["a", "b", "c", "d"], 2) == pick(["d", "c", "b", "a"], 2)
    True
    """
    return sorted(identifiers, key=lambda identifier: (_shuffle_key(identifier), identifier))[:cap]


def excerpt(tables: RunTables, rows: Iterable[Row]) -> Excerpt | None:
    """Choose one passage to show: by hash, among those of a length that reads well."""
    ids = {row["passage_id"] for row in rows}
    fits = [each for each in ids if 60 <= len(tables.passage_of[each]["text"] or "") <= 320]
    if not fits:
        return None
    row = tables.passage_of[pick(fits, 1)[0]]
    item = " ".join(part for part in (row["item_number"], row["item_title"]) if part)
    return Excerpt(row["text"], tables.path(row["doc_id"]), row["page"], item)


def pack(shelf: Shelf) -> PackedEvidence:
    """Choose what each list shows, and write every chosen passage once.

    Where 50 passages a list would make the page too heavy, every list is cut to the same
    smaller number, and the page says so.
    """
    texts = _PassageTexts(shelf.tables)
    budget = max(PAGE_BUDGET - LIST_BYTES * len(shelf.lists), LEAST_BUDGET)
    ranked = [pick(each.ids) for each in shelf.lists]
    for cap in _LOWER_CAPS:
        needed = {
            identifier
            for each, ids in zip(shelf.lists, ranked, strict=True)
            if not each.is_documents
            for identifier in ids[:cap]
        }
        if sum(texts.size(identifier) for identifier in needed) <= budget:
            break
    return PackedEvidence(
        tuple(shelf.lists), cap, _store(shelf, [ids[:cap] for ids in ranked], texts)
    )


class _PassageTexts:
    """What the page shows of each passage: text, page, item, and the places to highlight."""

    def __init__(self, tables: RunTables) -> None:
        self.tables = tables
        self._marks: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for row in tables.mentions:
            self._mark(row, f"{row['category']}:{row['polarity']}")
        for row in tables.acts:
            self._mark(row, f"act:{row['verb']}")

    def _mark(self, row: Row, name: str) -> None:
        first = self.tables.passage_of[row["passage_id"]]["start"]
        if first is not None and row["start"] is not None and row["end"] is not None:
            self._marks[row["passage_id"]].append((row["start"] - first, row["end"] - first, name))

    def size(self, passage_id: str) -> int:
        text = self.tables.passage_of[passage_id]["text"] or ""
        # The frame of a passage (page, item, highlights, place in lists) is about 80 bytes.
        return len(text[:TEXT_CAP].encode()) + 80 + 30 * len(self._marks.get(passage_id, ()))

    def entry(self, passage_id: str, document: int) -> list[Any]:
        row = self.tables.passage_of[passage_id]
        text = row["text"] or ""
        marks = [
            [max(start, 0), min(end, TEXT_CAP), name]
            for start, end, name in sorted(set(self._marks.get(passage_id, ())))
            if start < TEXT_CAP and end > 0
        ]
        item = " ".join(part for part in (row["item_number"], row["item_title"]) if part)
        shown = text if len(text) <= TEXT_CAP else text[:TEXT_CAP] + " …"
        return [document, row["page"], item, shown, marks]


def _store(shelf: Shelf, picked: list[list[str]], texts: _PassageTexts) -> Markup:
    """Write documents, passages and lists as one JSON block that cannot close its element."""
    tables = shelf.tables
    document_at: dict[str, int] = {}
    passage_at: dict[str, int] = {}
    documents: list[list[Any]] = []
    passages: list[list[Any]] = []

    def add_document(doc_id: str) -> int:
        if doc_id not in document_at:
            document_at[doc_id] = len(documents)
            documents.append(_document_entry(tables, doc_id))
        return document_at[doc_id]

    def add_passage(passage_id: str) -> int:
        if passage_id not in passage_at:
            passage_at[passage_id] = len(passages)
            doc_id = tables.passage_of[passage_id]["doc_id"]
            passages.append(texts.entry(passage_id, add_document(doc_id)))
        return passage_at[passage_id]

    def place(passage_id: str) -> tuple[str, str, int, str]:
        row = tables.passage_of[passage_id]
        when = row["meeting_date"]
        path = tables.path(row["doc_id"])
        return (str(when or ""), path, row["start"] or 0, passage_id)

    lists = {
        each.anchor: [1, "", [add_document(doc_id) for doc_id in sorted(ids, key=tables.path)]]
        if each.is_documents
        else [0, each.mark, [add_passage(passage_id) for passage_id in sorted(ids, key=place)]]
        for each, ids in zip(shelf.lists, picked, strict=True)
    }
    return json_block({"documents": documents, "passages": passages, "lists": lists})


def _document_entry(tables: RunTables, doc_id: str) -> list[Any]:
    row = tables.document_of[doc_id]
    when = row["meeting_date"] or row["published_with_date"]
    return [
        tables.path(doc_id),
        max(len(row["paths"] or ()) - 1, 0),
        tables.site_names[row["site_id"]],
        when.isoformat() if when else None,
        row["doc_kind"],
        row["status"],
        row["n_pages"],
        row["title"],
    ]


def json_block(content: object) -> Markup:
    r"""Write JSON that is safe inside ``<script type="application/json">``.

    Examples
    --------
    >>> str(json_block("</script>"))
    '"\\u003c/script\\u003e"'
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped just above
