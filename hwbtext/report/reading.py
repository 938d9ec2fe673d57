"""What was read, and what could not be: the head of the report and its issues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.records import DOC_KINDS, RunReport
from hwbtext.report.evidence import LIST_CAP, Count, Shelf, pick
from hwbtext.report.tables import Row, RunTables, grouped, query_of, year_key, year_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_SEVERITIES = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class SiteRow:
    """Papers of one site, by year."""

    site: str
    n_documents: Count
    n_passages: Count
    by_year: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class KindRow:
    """Papers of one kind."""

    kind: str
    n_documents: Count
    n_passages: Count


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of the files, and which papers they were."""

    n_in: int
    statuses: tuple[tuple[str, Count, str], ...]
    n_read: Count
    n_sites: int
    n_passages: Count
    n_fragments: Count
    years: tuple[str, ...]
    sites: tuple[SiteRow, ...]
    kinds: tuple[KindRow, ...]
    first: date | None
    newest: date | None


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One issue as a line: where, and what."""

    path: str
    page: int | None
    message: str


@dataclass(frozen=True, slots=True)
class IssueGroup:
    """The issues of one code; ``lines`` are at most 50 of the ``n``."""

    code: str
    severity: str
    n: int
    n_files: int
    lines: tuple[IssueLine, ...]


@dataclass(frozen=True, slots=True)
class Problems:
    """All issues by code, the worst first, and the files that repeat another's bytes."""

    groups: tuple[IssueGroup, ...]
    copies: tuple[tuple[str, tuple[str, ...]], ...]
    n_copies: int


def build_reading(tables: RunTables, run: RunReport, shelf: Shelf) -> Reading:
    """Count files, documents and passages by site, kind and year."""
    by_status = grouped(tables.documents, "status")
    statuses = tuple(
        (
            name,
            shelf.count(
                f"Papers with status {name}",
                by_status.get((name,), ()),
                "documents",
                query_of(status=name),
                n=n,
            ),
            meaning,
        )
        for name, n, meaning in (
            ("success", run.n_success, "read whole"),
            ("partial", run.n_partial, "read, but something was lost: see the problems"),
            ("failed", run.n_failed, "no text could be read: see the problems"),
            ("skipped", run.n_skipped, "not a paper, or the same bytes as another file"),
        )
    )
    body = tables.body()
    fragments = [row for row in tables.passages if row["fragment"]]
    dates = [
        when
        for row in tables.documents
        if (when := row["meeting_date"] or row["published_with_date"]) is not None
    ]
    return Reading(
        run.n_in,
        statuses,
        shelf.count(
            "All papers that could be read",
            [row for row in tables.documents if row["status"] != "failed"],
            "documents",
            'status != "failed"',
        ),
        len({row["site_id"] for row in tables.documents} - {None}),
        shelf.count("All passages", body, "passages", query_of(fragment=False)),
        shelf.count("Fragments", fragments, "passages", query_of(fragment=True)),
        tuple(year_name(year) for year in tables.years()),
        _site_rows(tables, body, shelf),
        _kind_rows(tables, body, shelf),
        min(dates, default=None),
        max(dates, default=None),
    )


def build_problems(tables: RunTables) -> Problems:
    """Group the issues by code; the report shows at most 50 of each."""
    groups = []
    for (severity, code), rows in grouped(tables.issues, "severity", "code").items():
        lines = {
            f"{row['path']}|{row['page']}|{row['message']}|{row['doc_id']}": row for row in rows
        }
        shown = sorted(pick(lines), key=lambda key: _issue_place(tables, lines[key]))
        groups.append(
            IssueGroup(
                code,
                severity,
                len(rows),
                len({_issue_path(tables, row) for row in rows}),
                tuple(
                    IssueLine(
                        _issue_path(tables, lines[key]), lines[key]["page"], lines[key]["message"]
                    )
                    for key in shown
                ),
            )
        )
    copies = sorted(
        (paths[0], tuple(paths[1:]))
        for row in tables.documents
        if len(paths := sorted(row["paths"] or ())) > 1
    )
    groups.sort(key=lambda group: (_SEVERITIES.get(group.severity, 3), -group.n, group.code))
    n_copies = sum(len(others) for _, others in copies)
    return Problems(tuple(groups), tuple(copies[:LIST_CAP]), n_copies)


def _site_rows(tables: RunTables, body: Sequence[Row], shelf: Shelf) -> tuple[SiteRow, ...]:
    documents = grouped(tables.documents, "site_id")
    by_year = grouped(tables.documents, "site_id", "year")
    passages = grouped(list(body), "site_id")
    rows = []
    for site in tables.sites():
        if (site,) not in documents:
            continue
        name = tables.site_names[site]
        rows.append(
            SiteRow(
                name,
                shelf.count(
                    f"Papers of {name}",
                    documents[(site,)],
                    "documents",
                    query_of(site_id=site),
                ),
                shelf.count(
                    f"Passages of {name}",
                    passages.get((site,), ()),
                    "passages",
                    query_of(site_id=site, fragment=False),
                ),
                tuple(
                    shelf.count(
                        f"Papers of {name}, {year_name(year)}",
                        by_year.get((site, year), ()),
                        "documents",
                        query_of(site_id=site, year=year),
                    )
                    for year in tables.years()
                ),
            )
        )
    return tuple(rows)


def _kind_rows(tables: RunTables, body: Sequence[Row], shelf: Shelf) -> tuple[KindRow, ...]:
    documents = grouped(tables.documents, "doc_kind")
    passages = grouped(list(body), "doc_kind")
    kinds = [kind for kind in (*DOC_KINDS, None) if (kind,) in documents]
    return tuple(
        KindRow(
            (kind or "not stated").replace("_", " "),
            shelf.count(
                f"Papers of kind {kind}",
                documents[(kind,)],
                "documents",
                query_of(doc_kind=kind),
            ),
            shelf.count(
                f"Passages in papers of kind {kind}",
                passages.get((kind,), ()),
                "passages",
                query_of(doc_kind=kind, fragment=False),
            ),
        )
        for kind in kinds
    )


def _issue_path(tables: RunTables, row: Row) -> str:
    if row["path"]:
        return str(row["path"])
    return tables.path(row["doc_id"]) if row["doc_id"] in tables.document_of else "the whole run"


def _issue_place(tables: RunTables, row: Row) -> tuple[str, tuple[bool, int], str]:
    return _issue_path(tables, row), year_key(row["page"]), row["message"]
