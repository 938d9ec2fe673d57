"""Mentions of ownership, accountability and inequality: totals, charts, every cell's evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.records import CATEGORIES, POLARITIES
from hwbtext.report.cells import CellKey, PanelRow, panel_rows, percent
from hwbtext.report.evidence import Count, Shelf, excerpt
from hwbtext.report.plots import POLARITY_SERIES
from hwbtext.report.tables import Row, RunTables, grouped, query_of
from hwbtext.report.totals import (
    Charts,
    ValueRow,
    annotators_of,
    document_counts,
    draw_sites,
    passage_counts,
    place_name,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

MENTION_SITES = 8
"""Sites with a chart of each kind of mention, at most."""


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


def build_mentions(tables: RunTables, shelf: Shelf) -> Mentions:
    """Lay out the mentions by category and polarity; those inside titles are counted apart."""
    in_title = [row for row in tables.mentions if row["in_title"]]
    body = tables.body()
    totals = passage_counts(tables, shelf)
    return Mentions(
        annotators_of(tables.mentions),
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
            f"{category.capitalize()}, {polarity}, {place_name(tables, (site, year))}",
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
        draw_sites(tables, prefix, POLARITY_SERIES, MENTION_SITES, category[0]),
        panel_rows(tables, prefix, POLARITIES, cells, totals, document_counts(tables, shelf)),
    )
