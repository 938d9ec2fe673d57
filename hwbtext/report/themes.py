"""Topics as cards, and how far topic shares lie apart between years and between sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hwbtext.report.cells import TO
from hwbtext.report.evidence import excerpt
from hwbtext.report.plots import Figure, heat_map
from hwbtext.report.tables import Row, RunTables, grouped, is_thin, query_of, year_key, year_name

if TYPE_CHECKING:
    from hwbtext.report.evidence import Count, Excerpt, Shelf

WORD_CAP = 10
"""Words of a topic shown."""
DRIFT_SITES = 12
"""Sites in the drift charts and tables, at most."""
PAIR_CAP = 400
"""Rows of a drift table, at most."""
NO_TOPICS = ("too_few_passages", "no_topic_words")
"""The issues that say why a run has no topics."""

Cells = dict[tuple[Any, ...], list[Row]]


@dataclass(frozen=True, slots=True)
class TopicYear:
    """Passages of a topic in one year; ``width`` is the length of the bar, 0 to 100."""

    year: str
    count: Count
    width: int


@dataclass(frozen=True, slots=True)
class TopicCard:
    """One topic."""

    topic: int
    words: tuple[str, ...]
    count: Count
    years: tuple[TopicYear, ...]
    example: Excerpt | None


@dataclass(frozen=True, slots=True)
class Topics:
    """All topics, the largest first; ``reasons`` says why there are none."""

    cards: tuple[TopicCard, ...]
    n_assigned: Count
    n_unassigned: Count
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A distance, and the two cells that it compares."""

    name_a: str
    name_b: str
    distance: float | None
    n_a: Count
    n_b: Count
    n_documents_a: Count
    n_documents_b: Count
    thin: bool


@dataclass(frozen=True, slots=True)
class Drift:
    """Distances of one kind: ``pairs`` are those shown, of ``n`` in all."""

    pairs: tuple[Pair, ...]
    n: int
    figure: Figure | None


def build_topics(tables: RunTables, shelf: Shelf) -> Topics:
    """Make a card of each topic; -1, BERTopic's "none of these", is counted apart."""
    assigned = [row for row in tables.topics if row["topic"] is not None and row["topic"] >= 0]
    other = [row for row in tables.topics if row["topic"] is None or row["topic"] < 0]
    by_topic = grouped(assigned, "topic")
    by_year = grouped(assigned, "topic", "year")
    words = grouped(sorted(tables.topic_words, key=lambda row: row["rank"] or 0), "topic")
    cards = []
    for (topic,) in sorted(by_topic):
        rows = by_topic[(topic,)]
        years = sorted({row["year"] for row in rows}, key=year_key)
        most = max(len(by_year[(topic, year)]) for year in years)
        cards.append(
            TopicCard(
                topic,
                tuple(row["word"] for row in words.get((topic,), [])[:WORD_CAP]),
                shelf.count(f"Topic {topic}", rows, "topics", query_of(topic=topic)),
                tuple(
                    TopicYear(
                        year_name(year),
                        shelf.count(
                            f"Topic {topic}, {year_name(year)}",
                            by_year[(topic, year)],
                            "topics",
                            query_of(topic=topic, year=year),
                        ),
                        round(100 * len(by_year[(topic, year)]) / most),
                    )
                    for year in years
                ),
                excerpt(tables, rows),
            )
        )
    reasons = sorted({row["message"] for row in tables.issues if row["code"] in NO_TOPICS})
    return Topics(
        tuple(cards),
        shelf.count("Passages in a topic", assigned, "topics", "topic >= 0"),
        shelf.count("Passages in no topic", other, "topics", "topic < 0"),
        tuple(reasons),
    )


def build_drift(tables: RunTables, shelf: Shelf) -> tuple[Drift, Drift]:
    """Lay out the distances between years of a site, and between sites."""
    shown = tables.busiest(DRIFT_SITES)
    drifts = []
    for kind, columns in (("years", ("site_id", "year")), ("sites", ("site_id",))):
        rows = [row for row in tables.drift if row["kind"] == kind]
        chosen = _shown(rows, shown)
        cells = grouped(tables.topics, *columns), grouped(tables.documents, *columns)
        pairs = tuple(_pair(tables, shelf, row, cells, columns) for row in chosen)
        draw = _year_figure if kind == "years" else _site_figure
        drifts.append(Drift(pairs, len(rows), draw(tables, chosen)))
    return drifts[0], drifts[1]


def _shown(rows: list[Row], sites: list[str | None]) -> list[Row]:
    kept = [row for row in rows if row["site_id_a"] in sites and row["site_id_b"] in sites]
    kept.sort(
        key=lambda row: (
            sites.index(row["site_id_a"]),
            sites.index(row["site_id_b"]),
            year_key(row["year_a"]),
            year_key(row["year_b"]),
        )
    )
    return kept[:PAIR_CAP]


def _is_thin(row: Row) -> bool:
    return is_thin(min(row["n_a"], row["n_b"]), min(row["n_documents_a"], row["n_documents_b"]))


def _pair(
    tables: RunTables,
    shelf: Shelf,
    row: Row,
    cells: tuple[Cells, Cells],
    columns: tuple[str, ...],
) -> Pair:
    def side(which: str) -> tuple[str, Count, Count]:
        key = tuple(row[f"{column}_{which}"] for column in columns)
        name = tables.site_names.get(key[0], str(key[0]))
        if len(key) > 1:
            name = f"{name}, {year_name(key[1])}"
        where = query_of(**dict(zip(columns, key, strict=True)))
        passages, documents = (cell.get(key, []) for cell in cells)
        return (
            name,
            shelf.count(
                f"Passages with a topic, {name}", passages, "topics", where, n=row[f"n_{which}"]
            ),
            shelf.count(
                f"Papers of {name}", documents, "documents", where, n=row[f"n_documents_{which}"]
            ),
        )

    name_a, n_a, n_documents_a = side("a")
    name_b, n_b, n_documents_b = side("b")
    return Pair(
        name_a,
        name_b,
        row["distance"],
        n_a,
        n_b,
        n_documents_a,
        n_documents_b,
        _is_thin(row),
    )


def _year_figure(tables: RunTables, rows: list[Row]) -> Figure | None:
    """Draw each year against the next one that the site has."""
    following: dict[tuple[str | None, int], Row] = {}
    for row in rows:
        first, last = sorted((row["year_a"] or 0, row["year_b"] or 0))
        key = (row["site_id_a"], first)
        best = following.get(key)
        if first and (best is None or last < max(best["year_a"], best["year_b"])):
            following[key] = row
    if not following:
        return None
    cells = []
    for (site, first), row in following.items():
        last = max(row["year_a"], row["year_b"])
        cells.append(
            (tables.site_names[site], f"{first}{TO}{last}", row["distance"], _is_thin(row))
        )
    names = list(dict.fromkeys(cell[0] for cell in cells))
    columns = sorted({cell[1] for cell in cells})
    label = (
        "Distance of topic shares from one year to the next, by site. The table has every number."
    )
    return Figure("From one year to the next", heat_map(cells, names, columns, "dy", label))


def _site_figure(tables: RunTables, rows: list[Row]) -> Figure | None:
    if not rows:
        return None
    cells = []
    for row in rows:
        a, b = tables.site_names[row["site_id_a"]], tables.site_names[row["site_id_b"]]
        cells += [(a, b, row["distance"], _is_thin(row)), (b, a, row["distance"], _is_thin(row))]
    used = {row[column] for row in rows for column in ("site_id_a", "site_id_b")}
    names = [tables.site_names[site] for site in sorted(used, key=tables.site_key)]
    label = "Distance of topic shares between sites. The table has every number."
    return Figure("Between sites", heat_map(cells, names, names, "ds", label))
