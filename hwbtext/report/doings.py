"""What was decided, and who is to do what: the verbs of resolutions, and actions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.report.evidence import Count, Shelf, pick
from hwbtext.report.tables import Row, RunTables, grouped, query_of, year_name

if TYPE_CHECKING:
    from collections.abc import Sequence

ACTION_CAP = 50
"""Actions listed in full, at most."""


@dataclass(frozen=True, slots=True)
class VerbRow:
    """One verb, over all years and in each."""

    verb: str
    count: Count
    by_year: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Acts:
    """The verbs, the most frequent first."""

    years: tuple[str, ...]
    rows: tuple[VerbRow, ...]
    n: int


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action as its paper writes it; None where it does not say."""

    text: str
    owner: str | None
    due: str | None
    status: str | None
    site: str
    path: str
    page: int | None
    passage: Count


@dataclass(frozen=True, slots=True)
class Actions:
    """How many actions say who, when and how far; and some of them in full."""

    count: Count
    with_owner: Count
    without_owner: Count
    with_due: Count
    with_status: Count
    lines: tuple[ActionLine, ...]


def build_acts(tables: RunTables, shelf: Shelf) -> Acts:
    """Count the verbs of resolutions by year."""
    years = tables.years()
    by_verb = grouped(tables.acts, "verb")
    by_year = grouped(tables.acts, "verb", "year")

    def count(verb: str, rows: Sequence[Row], title: str, where: str) -> Count:
        return shelf.count(title, rows, "acts", where, mark=f"act:{verb}", n=len(rows))

    verbs = sorted(by_verb, key=lambda key: (-len(by_verb[key]), str(key[0])))
    return Acts(
        tuple(year_name(year) for year in years),
        tuple(
            VerbRow(
                verb,
                count(verb, by_verb[(verb,)], f"Acts: {verb}", query_of(verb=verb)),
                tuple(
                    count(
                        verb,
                        by_year.get((verb, year), []),
                        f"Acts: {verb}, {year_name(year)}",
                        query_of(verb=verb, year=year),
                    )
                    for year in years
                ),
            )
            for (verb,) in verbs
        ),
        len(tables.acts),
    )


def build_actions(tables: RunTables, shelf: Shelf) -> Actions:
    """Count the actions with and without an owner, and list some of them."""
    rows = tables.actions

    def count(title: str, chosen: Sequence[Row], where: str) -> Count:
        return shelf.count(title, chosen, "actions", where, n=len(chosen))

    return Actions(
        count("Actions", rows, ""),
        count(
            "Actions with a named owner",
            [row for row in rows if row["owner"] is not None],
            "owner.notna()",
        ),
        count(
            "Actions without a named owner",
            [row for row in rows if row["owner"] is None],
            "owner.isna()",
        ),
        count(
            "Actions with a date", [row for row in rows if row["due"] is not None], "due.notna()"
        ),
        count(
            "Actions with a status",
            [row for row in rows if row["status"] is not None],
            "status.notna()",
        ),
        _lines(tables, shelf),
    )


def _lines(tables: RunTables, shelf: Shelf) -> tuple[ActionLine, ...]:
    rows = {f"{row['passage_id']}|{row['start']}|{row['text']}": row for row in tables.actions}
    chosen = [rows[key] for key in pick(rows, ACTION_CAP)]
    chosen.sort(
        key=lambda row: (
            tables.site_key(row["site_id"]),
            str(row["meeting_date"] or ""),
            row["passage_id"] or "",
            row["start"] or 0,
        )
    )
    return tuple(
        ActionLine(
            row["text"],
            row["owner"],
            row["due"],
            row["status"],
            tables.site_names[row["site_id"]],
            tables.path(row["doc_id"]),
            row["page"],
            shelf.count(
                "Passage of one action",
                [row],
                "passages",
                query_of(passage_id=row["passage_id"]),
            ),
        )
        for row in chosen
    )
