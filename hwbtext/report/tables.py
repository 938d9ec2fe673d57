"""The tables of a run as rows, with the names and the order in which the report shows them."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hwbtext.errors import SchemaError
from hwbtext.store import read_arrow

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]
"""One row of a table, by column, as Arrow gives it."""

THIN_PASSAGES = 30
"""A cell with fewer passages than this is thin."""
THIN_DOCUMENTS = 2
"""A cell with fewer documents than this is thin: it has no interval."""

# Boxes, slots and the full text of documents are not shown, and would cost most of the time.
_UNUSED = {"regions", "slots", "section_path", "sha256", "media_type", "n_bytes", "parser"}


@dataclass(frozen=True, slots=True)
class RunTables:
    """Every table of a run, with its documents and passages by id.

    Attributes
    ----------
    document_of : dict of str to Row
        The row of each document.
    passage_of : dict of str to Row
        The row of each passage.
    site_names : dict
        What the report calls each site; the key None stands for papers that name none.
    """

    documents: list[Row]
    passages: list[Row]
    labels: list[Row]
    mentions: list[Row]
    acts: list[Row]
    actions: list[Row]
    topics: list[Row]
    topic_words: list[Row]
    topic_shares: list[Row]
    panel: list[Row]
    drift: list[Row]
    changepoints: list[Row]
    issues: list[Row]
    document_of: dict[str, Row] = field(default_factory=dict)
    passage_of: dict[str, Row] = field(default_factory=dict)
    site_names: dict[str | None, str] = field(default_factory=dict)

    @classmethod
    def read(cls, out: Path) -> RunTables:
        """Read the tables of the folder ``out``.

        Raises
        ------
        SchemaError
            A finding names a passage, or a passage a document, that its table does not have.
        """
        documents = _rows(out, "documents", skip={"text"})
        tables = cls(
            documents,
            _rows(out, "passages"),
            _rows(out, "labels"),
            _rows(out, "mentions"),
            _rows(out, "acts"),
            _rows(out, "actions"),
            _rows(out, "topics"),
            _rows(out, "topic_words"),
            _rows(out, "topic_shares"),
            _rows(out, "panel"),
            _rows(out, "drift"),
            _rows(out, "changepoints"),
            _rows(out, "issues"),
        )
        tables.document_of.update((row["doc_id"], row) for row in documents)
        tables.passage_of.update((row["passage_id"], row) for row in tables.passages)
        tables.site_names.update(_site_names(tables))
        tables._check()
        return tables

    def _check(self) -> None:
        self._check_ids("passages", "doc_id", self.document_of)
        for name in ("labels", "mentions", "acts", "actions", "topics"):
            self._check_ids(name, "passage_id", self.passage_of)

    def _check_ids(self, name: str, column: str, known: dict[str, Row]) -> None:
        owner = "documents" if column == "doc_id" else "passages"
        for row in getattr(self, name):
            if row[column] is not None and row[column] not in known:
                msg = (
                    f"A row of {name}.parquet has {column} {row[column]!r}, which {owner}.parquet "
                    "does not hold. Are all tables of one run?"
                )
                raise SchemaError(msg)

    def sites(self) -> list[str | None]:
        """Return every site in the order of its name, those that name none last."""
        return sorted(self.site_names, key=self.site_key)

    def body(self) -> list[Row]:
        """Return the passages that rates are of: those with a sentence to judge."""
        return [row for row in self.passages if not row["fragment"]]

    def site_key(self, site_id: str | None) -> tuple[bool, str, str]:
        """Return the sorting key of a site."""
        return site_id is None, self.site_names[site_id].casefold(), site_id or ""

    def years(self) -> list[int | None]:
        """Return every year of a document, in order, "not stated" last."""
        return sorted({row["year"] for row in self.documents}, key=year_key)

    def busiest(self, cap: int) -> list[str | None]:
        """Return the sites with the most passages, at most ``cap``, in the order of names."""
        size = Counter(row["site_id"] for row in self.passages if not row["fragment"])
        ranked = sorted(self.site_names, key=lambda site: (-size[site], *self.site_key(site)))
        return sorted(ranked[:cap], key=self.site_key)

    def best_known(self, cap: int) -> list[str]:
        """Return the sites with the most topics in years that are not thin, at most ``cap``.

        Where all years of all sites are thin, those with the most passages. In the order of
        names; no site without a year is among them.
        """
        solid: Counter[str] = Counter()
        size: Counter[str] = Counter()
        for row in self.topic_shares:
            size[row["site_id"]] += row["n"]
            solid[row["site_id"]] += 0 if row["thin"] else row["n"]
        chosen = solid if any(solid.values()) else size
        ranked = sorted(chosen, key=lambda site: (-chosen[site], *self.site_key(site)))
        return sorted((site for site in ranked[:cap] if chosen[site]), key=self.site_key)

    def path(self, doc_id: str) -> str:
        """Return the first path of a document, or its id where a table gives none."""
        paths = self.document_of[doc_id]["paths"]
        return str(min(paths)) if paths else doc_id


def year_key(year: int | None) -> tuple[bool, int]:
    """Return the sorting key of a year: "not stated" comes last."""
    return year is None, year or 0


def year_name(year: int | None) -> str:
    """Return a year as the report writes it.

    Examples
    --------
    >>> year_name(2021), year_name(None)
    ('2021', 'not stated')
    """
    return "not stated" if year is None else str(year)


def is_thin(n_passages: int, n_documents: int) -> bool:
    """Return whether a cell holds too little for its share to be read.

    Examples
    --------
    >>> is_thin(30, 2), is_thin(29, 5), is_thin(400, 1)
    (False, True, True)
    """
    return n_passages < THIN_PASSAGES or n_documents < THIN_DOCUMENTS


def query_of(**equals: str | int | bool | None) -> str:
    """Write a filter as ``pandas.DataFrame.query`` takes it; empty for no condition.

    Examples
    --------
    >>> query_of(site_id="E06000001", year=None, value="process")
    'site_id == "E06000001" and year.isna() and value == "process"'
    """
    return " and ".join(
        f"{column}.isna()" if value is None else f"{column} == {_literal(value)}"
        for column, value in equals.items()
    )


def _literal(value: str | int | bool) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


def grouped(rows: list[Row], *columns: str) -> dict[tuple[Any, ...], list[Row]]:
    """Return the rows by their values in ``columns``, in the order of the rows."""
    groups: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in columns)].append(row)
    return dict(groups)


def _rows(out: Path, name: str, skip: set[str] | None = None) -> list[Row]:
    table = read_arrow(out, name)
    wanted = [column for column in table.column_names if column not in _UNUSED | (skip or set())]
    rows: list[Row] = table.select(wanted).to_pylist()
    return rows


def _site_names(tables: RunTables) -> dict[str | None, str]:
    """Name each site as most of its papers do; two sites of one name keep their ids beside it."""
    written: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    for row in tables.documents:
        written[row["site_id"]].update([row["site"]] if row["site"] else [])
    for row in (*tables.panel, *tables.issues):
        if row["site_id"] is not None:
            written[row["site_id"]].update(())
    names = {
        site: "not stated"
        if site is None
        else min(counts, key=lambda name: (-counts[name], name))
        if (counts := written[site])
        else site
        for site in written
    }
    shared = Counter(names.values())
    return {
        site: f"{name} ({site})" if shared[name] > 1 and site is not None else name
        for site, name in names.items()
    }
