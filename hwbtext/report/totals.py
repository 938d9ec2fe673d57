"""What the sections on outcomes and on mentions share: totals, charts by site, linked counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.report.cells import points_by_site
from hwbtext.report.plots import Figure, Series, axis_top, axis_years, small_multiples
from hwbtext.report.tables import Row, RunTables, grouped, query_of, year_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.report.cells import CellKey
    from hwbtext.report.evidence import Count, Excerpt, Shelf


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One value over all papers together, with what it is made of."""

    name: str
    count: Count
    share: str
    parts: tuple[tuple[str, Count], ...]
    example: Excerpt | None


@dataclass(frozen=True, slots=True)
class Charts:
    """Small multiples: the sites drawn, of ``n_sites`` in all."""

    figures: tuple[Figure, ...]
    n_sites: int
    series: tuple[Series, ...]


def draw_sites(
    tables: RunTables,
    prefix: str,
    series: tuple[Series, ...],
    cap: int,
    key: str,
    *,
    fixed_top: bool = False,
) -> Charts:
    """Draw the busiest sites, at most ``cap``; ``fixed_top`` lets the axis end at 100%."""
    points = points_by_site(tables, prefix, [each.name for each in series])
    years = axis_years([point.year for site in points.values() for point in site])
    drawn = [site for site in tables.busiest(len(tables.site_names)) if site in points]
    if len(drawn) > cap:
        drawn = [site for site in tables.busiest(cap) if site in points]
    top = 1.0 if fixed_top else axis_top([point for site in drawn for point in points[site]])
    sites = [(site_name(tables, site), points[site]) for site in drawn]
    figures = small_multiples(sites, series, years, top, key) if sites else ()
    return Charts(figures, len(points), series)


def _by_cell(rows: Sequence[Row]) -> dict[CellKey, list[Row]]:
    return {
        (site, year): cell for (site, year), cell in grouped(list(rows), "site_id", "year").items()
    }


def passage_counts(tables: RunTables, shelf: Shelf) -> dict[CellKey, Count]:
    """Count the passages of each site and year."""
    return {
        (site, year): shelf.count(
            f"Passages, {place_name(tables, (site, year))}",
            rows,
            "passages",
            query_of(site_id=site, year=year, fragment=False),
        )
        for (site, year), rows in _by_cell(tables.body()).items()
    }


def document_counts(tables: RunTables, shelf: Shelf) -> dict[CellKey, Count]:
    """Count the papers read of each site and year."""
    read = [row for row in tables.documents if row["status"] != "failed"]
    return {
        (site, year): shelf.count(
            f"Papers read of {place_name(tables, (site, year))}",
            rows,
            "documents",
            f'{query_of(site_id=site, year=year)} and status != "failed"',
        )
        for (site, year), rows in _by_cell(read).items()
    }


def place_name(tables: RunTables, cell: CellKey) -> str:
    """Name a site and year."""
    site, year = cell
    return (
        f"{site_name(tables, site)}, {year_name(year) if year is not None else 'year not stated'}"
    )


def site_name(tables: RunTables, site: str | None) -> str:
    """Name a site as in a heading."""
    return "Site not stated" if site is None else tables.site_names[site]


def annotators_of(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return who labelled the rows, sorted."""
    return tuple(sorted({row["annotator"] for row in rows if row["annotator"]}))
