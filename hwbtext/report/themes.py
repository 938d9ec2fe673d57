"""Topics as cards, and the passages that fit none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.report.cells import interval_text, percent
from hwbtext.report.evidence import Count, quote, reads_well, shuffle_key
from hwbtext.report.tables import Row, RunTables, grouped, query_of, year_key, year_name
from hwbtext.report.trust import stability_words, topic_anchors, topic_names
from hwbtext.topics.meetings import meeting_key
from hwbtext.topics.model import NO_TOPIC, NOVELTY_LEVEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hwbtext.report.evidence import Excerpt, Shelf

WORD_CAP = 10
"""Words of a topic shown."""
QUOTES = 3
"""Passages that stand for a topic."""
NOVEL = 5
"""Passages shown of those that fit no topic."""
NO_TOPICS = ("too_few_passages", "no_topic_words")
"""The issues that say why a run has no topics."""


@dataclass(frozen=True, slots=True)
class TopicYear:
    """Passages of a topic in one year; ``width`` is the length of the bar, 0 to 100."""

    year: str
    count: Count
    width: int


@dataclass(frozen=True, slots=True)
class TopicCard:
    """One topic; ``stability`` says in words what becomes of it in refits."""

    topic: int
    name: str
    words: tuple[str, ...]
    anchor: str | None
    stability: str
    stability_value: float | None
    count: Count
    years: tuple[TopicYear, ...]
    quotes: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class Topics:
    """All topics, the largest first; ``reasons`` says why there are none."""

    cards: tuple[TopicCard, ...]
    n_assigned: Count
    n_unassigned: Count
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NovelYear:
    """Passages of one year that fit no topic."""

    year: str
    count: Count
    n_total: int
    share: str
    width: int


@dataclass(frozen=True, slots=True)
class Misfit:
    """A site and year in which the topic space no longer fits."""

    place: str
    share: str
    interval: str | None


@dataclass(frozen=True, slots=True)
class Novelty:
    """Passages that fit no topic, of which 1% is what an unchanged board has."""

    years: tuple[NovelYear, ...]
    misfits: tuple[Misfit, ...]
    n_cells: int
    passages: tuple[Excerpt, ...]
    level: float


def build_topics(tables: RunTables, shelf: Shelf) -> Topics:
    """Make a card of each topic; "none of these" is counted apart."""
    assigned = [row for row in tables.topics if row["topic"] is not None and row["topic"] >= 0]
    other = [row for row in tables.topics if row["topic"] is None or row["topic"] < 0]
    by_topic = grouped(assigned, "topic")
    names, anchors = topic_names(tables), topic_anchors(tables)
    words = grouped(sorted(tables.topic_words, key=lambda row: row["rank"] or 0), "topic")
    cards = []
    for (topic,) in sorted(by_topic):
        rows = by_topic[(topic,)]
        told = words.get((topic,), [])
        stability = told[0]["stability"] if told else None
        cards.append(
            TopicCard(
                topic,
                names.get(topic, ""),
                tuple(row["word"] for row in told[:WORD_CAP]),
                anchors.get(topic),
                "not known" if stability is None else stability_words(stability),
                stability,
                shelf.count(f"Topic {topic}", rows, "topics", query_of(topic=topic)),
                tuple(_years(topic, rows, shelf)),
                tuple(_quoted(tables, shelf, row) for row in typical(tables, rows)),
            )
        )
    reasons = sorted({row["message"] for row in tables.issues if row["code"] in NO_TOPICS})
    return Topics(
        tuple(cards),
        shelf.count("Passages in a topic", assigned, "topics", "topic >= 0"),
        shelf.count("Passages in no topic", other, "topics", "topic < 0"),
        tuple(reasons),
    )


def typical(tables: RunTables, rows: Iterable[Row]) -> list[Row]:
    """Choose the passages that stand for a topic: the most probable, each of another meeting."""

    def rank(row: Row) -> tuple[bool, bool, float, float, bytes]:
        return (
            bool(row["template"]),
            not reads_well(tables, row["passage_id"]),
            -(row["probability"] or 0.0),
            -(row["novelty"] or 0.0),  # of equally probable ones, that nearest to the middle
            shuffle_key(row["passage_id"]),
        )

    chosen: list[Row] = []
    seen: set[str] = set()
    for row in sorted(rows, key=rank):
        marks = {meeting_key(row), tables.passage_of[row["passage_id"]]["text"] or ""}
        if not marks & seen:
            seen |= marks
            chosen.append(row)
            if len(chosen) == QUOTES:
                break
    return chosen


def build_novelty(tables: RunTables, shelf: Shelf) -> Novelty:
    """Count by year the passages that fit no topic, and say where they are too many."""
    by_year = grouped(tables.topics, "year")
    novel = grouped([row for row in tables.topics if row["topic"] == NO_TOPIC], "year")
    shares = {key: len(novel.get(key, [])) / len(rows) for key, rows in by_year.items()}
    top = max(shares.values(), default=0.0)
    years = tuple(
        NovelYear(
            year_name(year),
            shelf.count(
                f"Passages in no topic, {year_name(year)}",
                novel.get((year,), []),
                "topics",
                query_of(topic=NO_TOPIC, year=year),
            ),
            len(by_year[(year,)]),
            percent(shares[(year,)]),
            round(100 * shares[(year,)] / top) if top else 0,
        )
        for (year,) in sorted(by_year, key=lambda key: year_key(key[0]))
    )
    cells = [row for row in tables.topic_shares if row["topic"] == NO_TOPIC]
    misfits = [row for row in cells if row["low"] is not None and row["low"] > NOVELTY_LEVEL]
    misfits.sort(key=lambda row: (*tables.site_key(row["site_id"]), row["year"]))
    farthest = sorted(
        (row for rows in novel.values() for row in rows),
        key=lambda row: (row["novelty"] or 0.0, shuffle_key(row["passage_id"])),
    )
    texts = {tables.passage_of[row["passage_id"]]["text"]: row for row in reversed(farthest)}
    shown = [row for row in farthest if texts[tables.passage_of[row["passage_id"]]["text"]] is row]
    return Novelty(
        years,
        tuple(
            Misfit(
                f"{tables.site_names[row['site_id']]}, {row['year']}",
                percent(row["share"]),
                interval_text(row["low"], row["high"]),
            )
            for row in misfits
        ),
        len(cells),
        tuple(_quoted(tables, shelf, row) for row in shown[:NOVEL]),
        NOVELTY_LEVEL,
    )


def _years(topic: int, rows: list[Row], shelf: Shelf) -> Iterator[TopicYear]:
    by_year = grouped(rows, "year")
    most = max(map(len, by_year.values()))
    for (year,) in sorted(by_year, key=lambda key: year_key(key[0])):
        some = by_year[(year,)]
        where = query_of(topic=topic, year=year)
        count = shelf.count(f"Topic {topic}, {year_name(year)}", some, "topics", where)
        yield TopicYear(year_name(year), count, round(100 * len(some) / most))


def _quoted(tables: RunTables, shelf: Shelf, row: Row) -> Excerpt:
    where = query_of(passage_id=row["passage_id"])
    count = shelf.count("A passage that is quoted", [row], "passages", where)
    return quote(tables, row["passage_id"], anchor=count.anchor)
