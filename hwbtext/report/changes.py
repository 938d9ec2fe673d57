"""When the topics of each site changed: the rows of the calendar and of its table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from hwbtext.report.calendar import Change, SiteLine, YearStep, draw_calendar
from hwbtext.report.cells import percent
from hwbtext.report.drift import DRIFT_SITES, following, is_marked, moved_text
from hwbtext.report.trust import topic_names
from hwbtext.topics.changepoints import MIN_PASSAGES, MIN_SEGMENT

if TYPE_CHECKING:
    from markupsafe import Markup

    from hwbtext.report.tables import Row, RunTables

MOST_CHANGES = 8
"""Changes of single topics drawn for one site, the surest first."""
CHANGE_CAP = 200
"""Rows of the table of changes, at most."""
ALL_TOPICS = "all topics"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change; shares are None where all topics are meant."""

    site: str
    what: str
    is_main: bool
    day: date
    low: date
    high: date
    before: str | None
    after: str | None
    p_adjusted: float
    n_meetings: int


@dataclass(frozen=True, slots=True)
class Changes:
    """The calendar and its table: ``rows`` are those shown, of ``n`` in all."""

    figure: Markup | None
    rows: tuple[ChangeRow, ...]
    n: int
    n_sites_drawn: int
    n_sites: int
    n_left_out: int


def build_changes(tables: RunTables) -> Changes:
    """Lay out the changes of all sites, and draw those of the busiest."""
    names = topic_names(tables, 2)
    rows = sorted(tables.changepoints, key=lambda row: _place(tables, row))
    dated = {row["site_id"] for row in tables.topics if row["meeting_date"] is not None} - {None}
    drawn = [site for site in tables.best_known(DRIFT_SITES) if site in dated]
    lines = [_line(tables, site, names) for site in drawn]
    n_drawn = sum(len(line.changes) for line in lines)
    of_drawn = sum(row["site_id"] in drawn for row in rows)
    return Changes(
        draw_calendar(lines, "dc", _label(lines)) if lines else None,
        tuple(_row(tables, row, names) for row in rows[:CHANGE_CAP]),
        len(rows),
        len(drawn),
        len(dated),
        of_drawn - n_drawn,
    )


def _place(tables: RunTables, row: Row) -> tuple[object, ...]:
    topic = -2 if row["topic"] is None else row["topic"]
    return (*tables.site_key(row["site_id"]), row["topic"] is not None, row["day"], topic)


def _row(tables: RunTables, row: Row, names: dict[int, str]) -> ChangeRow:
    is_main = row["topic"] is None
    return ChangeRow(
        tables.site_names[row["site_id"]],
        ALL_TOPICS if is_main else f"{row['topic']}: {names.get(row['topic'], '')}",
        is_main,
        _day(row["day"]),
        _day(row["low"]),
        _day(row["high"]),
        None if is_main else percent(row["share_before"]),
        None if is_main else percent(row["share_after"]),
        row["p_adjusted"],
        row["n_meetings"],
    )


def _line(tables: RunTables, site: str, names: dict[int, str]) -> SiteLine:
    meetings = Counter(
        _day(row["meeting_date"])
        for row in tables.topics
        if row["site_id"] == site and row["meeting_date"] is not None
    )
    n_told = sum(n >= MIN_PASSAGES for n in meetings.values())
    rows = [row for row in tables.changepoints if row["site_id"] == site]
    main = [row for row in rows if row["topic"] is None]
    single = sorted(
        (row for row in rows if row["topic"] is not None),
        key=lambda row: (row["p_adjusted"], -abs(row["share_after"] - row["share_before"])),
    )[:MOST_CHANGES]
    drawn = sorted(main, key=lambda row: row["day"]) + sorted(single, key=lambda row: row["day"])
    of_site = [
        row
        for row in tables.drift
        if row["kind"] == "years" and row["measure"] == "topics" and row["site_id_a"] == site
    ]
    few = n_told < 2 * MIN_SEGMENT
    remark = "(too few meetings to look for changes)" if few else "" if rows else "(no change)"
    return SiteLine(
        tables.site_names[site],
        tuple(sorted(meetings)),
        tuple(_step(row, names) for row in following(of_site)),
        tuple(_change(row, names) for row in drawn),
        remark,
    )


def _step(row: Row, names: dict[int, str]) -> YearStep:
    return YearStep(
        row["year_a"],
        row["year_b"],
        row["distance"],
        row["distance"] - (row["chance"] or 0.0),
        row["p"] is not None,
        (moved_text(row, names) or "") if is_marked(row) else None,
    )


def _change(row: Row, names: dict[int, str]) -> Change:
    name, rises = ALL_TOPICS, False
    if row["topic"] is not None:
        before, after = percent(row["share_before"]), percent(row["share_after"])
        name = f"{names.get(row['topic'], '')} {before} → {after}"
        rises = row["share_after"] > row["share_before"]
    return Change(
        _day(row["day"]),
        _day(row["low"]),
        _day(row["high"]),
        name,
        row["topic"] is None,
        rises,
    )


def _day(day: date | datetime) -> date:
    return day.date() if isinstance(day, datetime) else day


def _label(lines: list[SiteLine]) -> str:
    told = []
    for line in lines:
        main = [f"{change.day:%d/%m/%Y}" for change in line.changes if change.is_main]
        if main:
            told.append(f"{line.name}: all topics changed on {', '.join(main)}.")
    return " ".join(["Calendar of changes.", *told, "The table has every change."])
