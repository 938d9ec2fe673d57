"""Outcomes and mentions: totals, charts by site, and every cell with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.records import CATEGORIES, OUTCOMES, POLARITIES
from hwbtext.report.cells import (
    CellKey,
    PanelRow,
    panel_rows,
    percent,
    points_by_site,
)
from hwbtext.report.evidence import Count, Excerpt, Shelf, excerpt
from hwbtext.report.plots import (
    OUTCOME_SERIES,
    POLARITY_SERIES,
    Figure,
    Series,
    axis_top,
    axis_years,
    small_multiples,
)
from hwbtext.report.tables import Row, RunTables, grouped, query_of, year_name

if TYPE_CHECKING:
    from collections.abc import Sequence

OUTCOME_SITES = 12
"""Sites with a chart of outcomes, at most; the table has all of them."""
MENTION_SITES = 8
"""Sites with a chart of each kind of mention, at most."""
_TANGIBLE_STRICT = ("tangible.population", "tangible.service")


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


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Process, tangible, none."""

    annotators: tuple[str, ...]
    n_judged: Count
    n_undecided: Count
    values: tuple[ValueRow, ...]
    strict: Count
    broad: Count
    charts: Charts
    rows: tuple[PanelRow, ...]


@dataclass(frozen=True, slots=True)
class CategoryFindings:
    """One category of mention, by polarity."""

    name: str
    n_mentions: int
    count: Count
    polarities: tuple[ValueRow, ...]
    charts: Charts
    rows: tuple[PanelRow, ...]


@dataclass(frozen=True, slots=True)
class Mentions:
    """Ownership, accountability, inequality."""

    annotators: tuple[str, ...]
    categories: tuple[CategoryFindings, ...]
    n_passages: Count
    n_in_title: Count


def build_outcomes(tables: RunTables, shelf: Shelf) -> Outcomes:
    """Lay out the outcome labels, in total and by site and year."""
    labels = [row for row in tables.labels if row["scheme"] == "outcome"]
    judged = [row for row in labels if row["value"] is not None]
    named = 'scheme == "outcome"'
    # Undecided passages stay in the denominator, as they do in the panel.
    n_passages = len(tables.body())

    def count(title: str, rows: Sequence[Row], where: str) -> Count:
        return shelf.count(title, rows, "labels", where)

    by_value = grouped(judged, "value")
    by_subtype = grouped(judged, "value", "subtype")
    values = []
    for value in OUTCOMES:
        rows = by_value.get((value,), [])
        parts = tuple(
            (
                subtype or "no sub-type",
                count(
                    f"Outcome {subtype or value}",
                    by_subtype[(value, subtype)],
                    f"{named} and {query_of(value=value, subtype=subtype)}",
                ),
            )
            for each, subtype in sorted(by_subtype, key=lambda key: (key[0], key[1] or ""))
            if each == value
        )
        total = count(f"Outcome {value}", rows, f"{named} and {query_of(value=value)}")
        share = percent(total.n / n_passages) if n_passages else "no passages"
        values.append(ValueRow(value, total, share, parts, excerpt(tables, rows)))
    strict = [row for row in judged if row["subtype"] in _TANGIBLE_STRICT]
    quoted = ", ".join(f'"{code}"' for code in _TANGIBLE_STRICT)
    cells = {
        (site, year, value): count(
            f"Outcome {value}, {_place(tables, (site, year))}",
            rows,
            f"{named} and {query_of(site_id=site, year=year, value=value)}",
        )
        for (site, year, value), rows in grouped(judged, "site_id", "year", "value").items()
    }
    return Outcomes(
        _annotators(labels),
        count("Judged passages", judged, f"{named} and value.notna()"),
        count(
            "Passages left undecided (the filter finds fragments, too)",
            [
                row
                for row in labels
                if row["value"] is None and not tables.passage_of[row["passage_id"]]["fragment"]
            ],
            f"{named} and value.isna()",
        ),
        tuple(values),
        count("Tangible, strict", strict, f"{named} and subtype in [{quoted}]"),
        count(
            "Outcome tangible", by_value.get(("tangible",), []), f'{named} and value == "tangible"'
        ),
        _charts(tables, "outcome:", OUTCOME_SERIES, OUTCOME_SITES, "o", fixed_top=True),
        panel_rows(
            tables,
            "outcome:",
            OUTCOMES,
            cells,
            _passage_counts(tables, shelf),
            _document_counts(tables, shelf),
        ),
    )


def build_mentions(tables: RunTables, shelf: Shelf) -> Mentions:
    """Lay out the mentions by category and polarity; those inside titles are counted apart."""
    in_title = [row for row in tables.mentions if row["in_title"]]
    body = tables.body()
    totals = _passage_counts(tables, shelf)
    return Mentions(
        _annotators(tables.mentions),
        tuple(_category(tables, shelf, each, totals, len(body)) for each in CATEGORIES),
        shelf.count("All passages", body, "passages", query_of(fragment=False)),
        shelf.count(
            "Mentions inside titles",
            in_title,
            "mentions",
            query_of(in_title=True),
            n=len(in_title),
        ),
    )


def _category(
    tables: RunTables,
    shelf: Shelf,
    category: str,
    totals: dict[CellKey, Count],
    n_passages: int,
) -> CategoryFindings:
    mentions = [
        row for row in tables.mentions if row["category"] == category and not row["in_title"]
    ]
    named = query_of(category=category, in_title=False)

    def count(title: str, rows: Sequence[Row], where: str, mark: str) -> Count:
        return shelf.count(title, rows, "mentions", where, mark=mark)

    by_polarity = grouped(mentions, "polarity")
    polarities = []
    for polarity in POLARITIES:
        rows = by_polarity.get((polarity,), [])
        total = count(
            f"{category.capitalize()}, {polarity}",
            rows,
            f"{named} and {query_of(polarity=polarity)}",
            f"{category}:{polarity}",
        )
        share = percent(total.n / n_passages) if n_passages else "no passages"
        polarities.append(ValueRow(polarity, total, share, (), excerpt(tables, rows)))
    cells = {
        (site, year, polarity): count(
            f"{category.capitalize()}, {polarity}, {_place(tables, (site, year))}",
            rows,
            f"{named} and {query_of(site_id=site, year=year, polarity=polarity)}",
            f"{category}:{polarity}",
        )
        for (site, year, polarity), rows in grouped(mentions, "site_id", "year", "polarity").items()
    }
    prefix = f"mention:{category}:"
    return CategoryFindings(
        category,
        len(mentions),
        count(f"{category.capitalize()}, any polarity", mentions, named, category),
        tuple(polarities),
        _charts(tables, prefix, POLARITY_SERIES, MENTION_SITES, category[0]),
        panel_rows(tables, prefix, POLARITIES, cells, totals, _document_counts(tables, shelf)),
    )


def _charts(
    tables: RunTables,
    prefix: str,
    series: tuple[Series, ...],
    cap: int,
    key: str,
    *,
    fixed_top: bool = False,
) -> Charts:
    points = points_by_site(tables, prefix, [each.name for each in series])
    years = axis_years([point.year for site in points.values() for point in site])
    drawn = [site for site in tables.busiest(len(tables.site_names)) if site in points]
    if len(drawn) > cap:
        drawn = [site for site in tables.busiest(cap) if site in points]
    top = 1.0 if fixed_top else axis_top([point for site in drawn for point in points[site]])
    sites = [(_site(tables, site), points[site]) for site in drawn]
    figures = small_multiples(sites, series, years, top, key) if sites else ()
    return Charts(figures, len(points), series)


def _by_cell(rows: Sequence[Row]) -> dict[CellKey, list[Row]]:
    return {
        (site, year): cell for (site, year), cell in grouped(list(rows), "site_id", "year").items()
    }


def _passage_counts(tables: RunTables, shelf: Shelf) -> dict[CellKey, Count]:
    return {
        (site, year): shelf.count(
            f"Passages, {_place(tables, (site, year))}",
            rows,
            "passages",
            query_of(site_id=site, year=year, fragment=False),
        )
        for (site, year), rows in _by_cell(tables.body()).items()
    }


def _document_counts(tables: RunTables, shelf: Shelf) -> dict[CellKey, Count]:
    read = [row for row in tables.documents if row["status"] != "failed"]
    return {
        (site, year): shelf.count(
            f"Papers read of {_place(tables, (site, year))}",
            rows,
            "documents",
            f'{query_of(site_id=site, year=year)} and status != "failed"',
        )
        for (site, year), rows in _by_cell(read).items()
    }


def _place(tables: RunTables, cell: CellKey) -> str:
    site, year = cell
    return f"{_site(tables, site)}, {year_name(year) if year is not None else 'year not stated'}"


def _site(tables: RunTables, site: str | None) -> str:
    return "Site not stated" if site is None else tables.site_names[site]


def _annotators(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(sorted({row["annotator"] for row in rows if row["annotator"]}))
