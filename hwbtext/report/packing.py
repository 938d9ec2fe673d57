"""Write every passage that a list shows once, as JSON, and keep the page light."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from hwbtext.report.evidence import LIST_CAP, EvidenceList, pick

if TYPE_CHECKING:
    from hwbtext.report.evidence import Shelf
    from hwbtext.report.tables import Row, RunTables

TEXT_CAP = 1500
"""Characters of one passage shown, at most."""
PAGE_BUDGET = 9_200_000
"""Bytes of the page that the lists are cut for."""
LIST_BYTES = 290
"""What a list costs without its passages: the number, the heading, its place in the store."""
LEAST_BUDGET = 1_000_000
"""Bytes that passages may always take."""
CUT_BYTES = 190
"""What a list that is cut costs on top: it names its table and filter."""
_CAPS = (
    (LIST_CAP, TEXT_CAP),
    (LIST_CAP, 600),
    (20, 500),
    (10, 400),
    (5, 300),
    (3, 300),
    (2, 300),
    (1, 300),
)


@dataclass(frozen=True, slots=True)
class PackedEvidence:
    """The evidence as the page holds it.

    Attributes
    ----------
    cap : int
        Entries of a list, at most.
    text_cap : int
        Characters of a passage, at most.
    store : Markup
        The JSON block.
    """

    lists: tuple[EvidenceList, ...]
    cap: int
    text_cap: int
    store: Markup


def pack(shelf: Shelf, taken: int = 0) -> PackedEvidence:
    """Choose what each list shows, and write every chosen passage once.

    Where 50 whole passages a list would make the page too heavy, all passages and all lists
    are cut to the same smaller lengths, and the page says so. ``taken`` are the bytes that
    the charts and tables of topics take.
    """
    budget = max(PAGE_BUDGET - taken - LIST_BYTES * len(shelf.lists), LEAST_BUDGET)
    ranked = [pick(each.ids) for each in shelf.lists]
    for cap, text_cap in _CAPS:
        texts = _PassageTexts(shelf.tables, text_cap)
        shown = [
            # A paper is a short line, and stands once in the page: its lists stay long.
            ids if each.is_documents else ids[:cap]
            for each, ids in zip(shelf.lists, ranked, strict=True)
        ]
        needed = {
            identifier
            for each, ids in zip(shelf.lists, shown, strict=True)
            if not each.is_documents
            for identifier in ids
        }
        n_cut = sum(len(ids) < len(each.ids) for each, ids in zip(shelf.lists, shown, strict=True))
        if sum(map(texts.size, needed)) + CUT_BYTES * n_cut <= budget:
            break
    lists = tuple(
        replace(each, n_shown=len(ids)) for each, ids in zip(shelf.lists, shown, strict=True)
    )
    return PackedEvidence(lists, cap, text_cap, _store(shelf, shown, texts))


class _PassageTexts:
    """What the page shows of each passage: text, page, item, and the places to highlight."""

    def __init__(self, tables: RunTables, cap: int) -> None:
        self.tables = tables
        self.cap = cap
        self._marks: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for row in tables.mentions:
            self._mark(row, f"{row['category']}:{row['polarity']}")
        for row in tables.acts:
            self._mark(row, f"act:{row['verb']}")

    def _mark(self, row: Row, name: str) -> None:
        if row["passage_id"] is None:
            return
        first = self.tables.passage_of[row["passage_id"]]["start"]
        if first is not None and row["start"] is not None and row["end"] is not None:
            self._marks[row["passage_id"]].append((row["start"] - first, row["end"] - first, name))

    def size(self, passage_id: str) -> int:
        text = self.tables.passage_of[passage_id]["text"] or ""
        # The frame of a passage (page, item, highlights, place in lists) is about 80 bytes.
        return len(text[: self.cap].encode()) + 80 + 30 * len(self._marks.get(passage_id, ()))

    def entry(self, passage_id: str, document: int) -> list[Any]:
        row = self.tables.passage_of[passage_id]
        text = row["text"] or ""
        marks = [
            [max(start, 0), min(end, self.cap), name]
            for start, end, name in sorted(set(self._marks.get(passage_id, ())))
            if start < self.cap and end > 0
        ]
        item = " ".join(part for part in (row["item_number"], row["item_title"]) if part)
        shown = text if len(text) <= self.cap else text[: self.cap] + " …"
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
