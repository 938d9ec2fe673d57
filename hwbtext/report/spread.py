"""Shares of topics by site and year: small multiples, and the table that has the rest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.report.cells import interval_text, percent
from hwbtext.report.plots import axis_years
from hwbtext.report.tables import Row, RunTables, grouped, query_of
from hwbtext.report.topic_charts import drawn_share, panel_label, share_panels
from hwbtext.report.trust import topic_names

if TYPE_CHECKING:
    from markupsafe import Markup

    from hwbtext.report.evidence import Count, Shelf

MOST_SITES = 12
"""Sites drawn, at most."""
MOST_TOPICS = 12
"""Topics drawn, at most."""
MOST_ROWS = 300
"""Sites and years in the table, at most."""
_STEPS = (0.02, 0.04, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8)
_SMALL_P = 0.05


@dataclass(frozen=True, slots=True)
class TopicPanels:
    """The panels of one topic, by the name of the site."""

    topic: int
    name: str
    panels: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One site and year; ``cells`` are (share, interval), in the order of the topics."""

    site: str
    year: int
    thin: bool
    n_meetings: int
    n_total: Count
    cells: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """What is drawn, of ``n_topics`` and ``n_sites``; the table has at most 300 of ``n_rows``."""

    groups: tuple[TopicPanels, ...]
    n_sites_drawn: int
    n_sites: int
    n_topics: int
    heads: tuple[str, ...]
    rows: tuple[ShareRow, ...]
    n_rows: int


def build_spread(tables: RunTables, shelf: Shelf) -> Spread:
    """Draw the topics that moved, then the largest; lay out the table of all."""
    names = topic_names(tables, 2)
    topics = sorted({row["topic"] for row in tables.topic_shares if row["topic"] >= 0})
    by_panel = grouped(sorted(tables.topic_shares, key=lambda row: row["year"]), "site_id", "topic")
    known = {site for site, _ in by_panel}
    sites = tables.best_known(MOST_SITES)
    years = axis_years([row["year"] for row in tables.topic_shares if row["site_id"] in sites])
    groups = []
    for topic in drawn_topics(tables):
        name = f"{topic}: {names.get(topic, '')}"
        panels = {}
        for site in sites:
            rows = by_panel.get((site, topic), [])
            panels[panel_label(tables.site_names[site], f"topic {name}", rows)] = rows
        top = _top([row for rows in panels.values() for row in rows])
        drawn = share_panels(panels, years, top, f"t{topic}s") if years else {}
        titles = [tables.site_names[site] for site in sites]
        groups.append(TopicPanels(topic, name, tuple(zip(titles, drawn.values(), strict=False))))
    by_cell = grouped(tables.topic_shares, "site_id", "year")
    keys = sorted(by_cell, key=lambda key: (*tables.site_key(key[0]), key[1]))
    passages = grouped(tables.topics, "site_id", "year")
    return Spread(
        tuple(groups),
        len(sites),
        len(known),
        len(topics),
        tuple(f"{topic}: {names.get(topic, '')}" for topic in topics),
        tuple(
            _row(tables, shelf, by_cell[key], topics, passages.get(key, []))
            for key in keys[:MOST_ROWS]
        ),
        len(keys),
    )


def drawn_topics(tables: RunTables) -> list[int]:
    """Return the topics that are drawn: those that moved at most sites first, then the largest."""
    moved: Counter[int] = Counter()
    sites: dict[int, set[str]] = {}
    for row in tables.changepoints:
        if row["topic"] is not None:
            sites.setdefault(row["topic"], set()).add(row["site_id"])
    for row in tables.drift:
        small = row["p_adjusted"] is not None and row["p_adjusted"] <= _SMALL_P
        if small and row["kind"] == "years" and row["moved_topic"] is not None:
            sites.setdefault(row["moved_topic"], set()).add(row["site_id_a"])
    moved.update({topic: len(some) for topic, some in sites.items()})
    size = Counter(row["topic"] for row in tables.topics)
    topics = sorted({row["topic"] for row in tables.topic_shares if row["topic"] >= 0})
    ranked = sorted(topics, key=lambda topic: (-moved[topic], -size[topic], topic))
    return sorted(ranked[:MOST_TOPICS])


def _top(rows: list[Row]) -> float:
    highest = max(
        (row["high"] if not row["thin"] and row["high"] else drawn_share(row) for row in rows),
        default=0.0,
    )
    return next((step for step in _STEPS if highest <= step), 1.0)


def _row(
    tables: RunTables, shelf: Shelf, cells: list[Row], topics: list[int], passages: list[Row]
) -> ShareRow:
    first = cells[0]
    of = {row["topic"]: row for row in cells}
    place = f"{tables.site_names[first['site_id']]}, {first['year']}"
    where = query_of(site_id=first["site_id"], year=first["year"])
    return ShareRow(
        tables.site_names[first["site_id"]],
        first["year"],
        bool(first["thin"]),
        first["n_meetings"],
        shelf.count(f"Passages given a topic, {place}", passages, "topics", where),
        tuple(
            (percent(of[topic]["share"]), interval_text(of[topic]["low"], of[topic]["high"]))
            if topic in of
            else ("–", None)
            for topic in topics
        ),
    )
