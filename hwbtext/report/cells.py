"""Cells of the panel as the report shows them: a share, its interval, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hwbtext.report.evidence import Count
from hwbtext.report.tables import Row, RunTables, is_thin, year_key


@dataclass(frozen=True, slots=True)
class ShareCell:
    """One share as text. ``interval`` is None where the panel gives none."""

    count: Count
    share: str
    interval: str | None
    thin: bool


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One site and year; ``cells`` stand in the order of the measures asked for."""

    site: str
    year: int | None
    n_documents: Count
    n_total: Count
    thin: bool
    cells: tuple[ShareCell | None, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One share of one series in one year, for drawing; ``thin`` ones are never drawn."""

    year: int
    series: str
    share: float | None
    low: float | None
    high: float | None
    thin: bool


TO = "\u2013"
"""The dash of a range."""

CellKey = tuple[str | None, int | None]
CountOf = Mapping[tuple[str | None, int | None, str], Count]


def percent(share: float) -> str:
    """Write a share with as much precision as a reader needs.

    Examples
    --------
    >>> percent(0.3449), percent(0.0312), percent(0.0), percent(0.0004), percent(0.996)
    ('34%', '3.1%', '0%', '<0.1%', '>99%')
    """
    if 0 < share < 0.0005:
        return "<0.1%"
    if 0.995 <= share < 1:
        return ">99%"
    return f"{share:.0%}" if share == 0 or share >= 0.0995 else f"{share:.1%}"


def interval_text(low: float | None, high: float | None) -> str | None:
    r"""Write a 95% interval, or None where there is none.

    Examples
    --------
    >>> interval_text(0.281, 0.412) == "28\u201341%", interval_text(None, None)
    (True, None)
    """
    if low is None or high is None:
        return None
    digits = 0 if high >= 0.0995 else 1
    return f"{100 * low:.{digits}f}{TO}{100 * high:.{digits}f}%"


def share_cell(row: Row, count: Count) -> ShareCell:
    """Show one row of the panel, its number linked to the evidence."""
    share = "no passages" if row["share"] is None else percent(row["share"])
    # Without an interval nobody can tell how far a share can be trusted: that is thin, too.
    thin = is_thin(row["n_total"], row["n_documents"]) or row["low"] is None
    return ShareCell(count, share, interval_text(row["low"], row["high"]), thin)


def panel_by_cell(tables: RunTables, prefix: str) -> dict[CellKey, dict[str, Row]]:
    """Return the rows of the measures that start with ``prefix``, by site and year."""
    cells: dict[CellKey, dict[str, Row]] = {}
    for row in tables.panel:
        if row["measure"].startswith(prefix):
            cell = cells.setdefault((row["site_id"], row["year"]), {})
            cell[row["measure"].removeprefix(prefix)] = row
    keys = sorted(cells, key=lambda key: (tables.site_key(key[0]), year_key(key[1])))
    return {key: cells[key] for key in keys}


def panel_rows(
    tables: RunTables,
    prefix: str,
    values: Sequence[str],
    counts: CountOf,
    totals: Mapping[CellKey, Count],
    documents: Mapping[CellKey, Count],
) -> tuple[PanelRow, ...]:
    """Lay out one row a site and year, one cell a value.

    The numbers are the panel's; ``counts``, ``totals`` and ``documents`` lend their links.
    """
    rows = []
    for (site, year), cell in panel_by_cell(tables, prefix).items():
        present = [cell[value] for value in values if value in cell]
        if not present:
            continue
        n_total = max(row["n_total"] for row in present)
        n_documents = max(row["n_documents"] for row in present)
        rows.append(
            PanelRow(
                tables.site_names[site],
                year,
                _linked(n_documents, documents.get((site, year))),
                _linked(n_total, totals.get((site, year))),
                is_thin(n_total, n_documents),
                tuple(
                    share_cell(row, _linked(row["n"], counts.get((site, year, value))))
                    if (row := cell.get(value))
                    else None
                    for value in values
                ),
            )
        )
    return tuple(rows)


def points_by_site(
    tables: RunTables, prefix: str, values: Sequence[str]
) -> dict[str | None, list[Point]]:
    """Return what a chart of each site can show; cells without a year have no place on it."""
    points: dict[str | None, list[Point]] = {}
    for (site, year), cell in panel_by_cell(tables, prefix).items():
        if year is None:
            continue
        points.setdefault(site, []).extend(
            Point(
                year,
                value,
                row["share"],
                row["low"],
                row["high"],
                is_thin(row["n_total"], row["n_documents"]) or row["low"] is None,
            )
            for value in values
            if (row := cell.get(value)) is not None
        )
    return points


def _linked(n: int, evidence: Count | None) -> Count:
    return Count(n, evidence.anchor if evidence is not None and n else None)
