"""Distances between years and between sites, each beside what chance alone would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hwbtext.report.cells import TO
from hwbtext.report.tables import Row, RunTables, grouped, query_of, year_key, year_name
from hwbtext.report.topic_charts import PairBox, site_map
from hwbtext.report.trust import topic_names

if TYPE_CHECKING:
    from markupsafe import Markup

    from hwbtext.report.evidence import Count, Shelf

DRIFT_SITES = 12
"""Sites in the drift charts and tables, at most."""
PAIR_CAP = 300
"""Rows of a drift table, at most."""
SMALL_P = 0.05
"""Corrected p at and under which a distance is called more than chance."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A distance, and what a reader needs to judge it; None where it is not known.

    ``names`` are the two sites, or the site and its two years. ``is_marked`` where the
    corrected p is 0.05 or less.
    """

    names: tuple[str, str]
    topic: str | None
    distance: float
    chance: float | None
    p: float | None
    p_adjusted: float | None
    is_marked: bool
    moved: str | None
    detectable: float | None
    n_a: Count
    n_b: Count
    n_meetings: tuple[int, int]
    note: str | None


@dataclass(frozen=True, slots=True)
class PairTable:
    """Distances of one kind and measure: ``pairs`` are those shown, of ``n`` in all."""

    key: str
    pairs: tuple[Pair, ...]
    n: int
    n_tested: int
    n_marked: int


@dataclass(frozen=True, slots=True)
class Drift:
    """All that the section on drift shows of distances."""

    following: PairTable
    other_years: PairTable
    sites: PairTable
    text_following: PairTable
    text_sites: PairTable
    wording: PairTable
    site_figure: Markup | None
    n_sites_drawn: int
    n_sites: int

    @property
    def tables(self) -> tuple[PairTable, ...]:
        """Every table of distances."""
        years = (self.following, self.other_years, self.text_following, self.wording)
        return (*years, self.sites, self.text_sites)


def build_drift(tables: RunTables, shelf: Shelf) -> Drift:
    """Lay out the distances: of topic shares, of the text as a whole, of the words in a topic."""
    by_kind = grouped(tables.drift, "kind", "measure")
    years = by_kind.get(("years", "topics"), [])
    steps = {id(row) for row in following(years)}
    lay = _Layout(tables, shelf)
    between_sites = by_kind.get(("sites", "topics"), [])
    return Drift(
        lay.table("following", [row for row in years if id(row) in steps]),
        lay.table("others", [row for row in years if id(row) not in steps]),
        lay.table("sites", between_sites),
        lay.table("text", following(by_kind.get(("years", "text"), []))),
        lay.table("textsites", by_kind.get(("sites", "text"), [])),
        lay.table("wording", by_kind.get(("years", "wording"), [])),
        draw_sites_apart(tables),
        len(lay.shown),
        len({row[side] for row in between_sites for side in ("site_id_a", "site_id_b")}),
    )


def following(rows: list[Row]) -> list[Row]:
    """Return the rows of a year and the next that its site has, in order."""
    nearest: dict[tuple[str | None, int], Row] = {}
    for row in rows:
        key = (row["site_id_a"], row["year_a"])
        if key not in nearest or row["year_b"] < nearest[key]["year_b"]:
            nearest[key] = row
    return sorted(nearest.values(), key=lambda row: (row["site_id_a"] or "", row["year_a"]))


def is_marked(row: Row) -> bool:
    """Return whether chance hardly explains a distance."""
    return row["p_adjusted"] is not None and row["p_adjusted"] <= SMALL_P


def moved_text(row: Row, names: dict[int, str]) -> str | None:
    """Name the topic that changed most, and which way; None where nothing could be tested."""
    if row["moved_topic"] is None or not row["moved_by"]:
        return None
    name = names.get(row["moved_topic"], f"topic {row['moved_topic']}")
    return f"{'up' if row['moved_by'] > 0 else 'down'}: {name}"


def draw_sites_apart(tables: RunTables) -> Markup | None:
    """Draw the map of the busiest sites; None with fewer than two."""
    shown = tables.best_known(DRIFT_SITES)
    rows = [
        row
        for row in tables.drift
        if row["kind"] == "sites"
        and row["measure"] == "topics"
        and {row["site_id_a"], row["site_id_b"]} <= set(shown)
    ]
    if not rows:
        return None
    boxes = []
    for row in rows:
        a, b = (tables.site_names[row[side]] for side in ("site_id_a", "site_id_b"))
        no_years = (row["note"] or "").startswith("no year in common")
        why_not = None if row["p"] is not None else "years" if no_years else "few"
        for one, other in ((a, b), (b, a)):
            boxes.append(PairBox(one, other, row["distance"], is_marked(row), why_not))
    used = {row[side] for row in rows for side in ("site_id_a", "site_id_b")}
    names = [tables.site_names[site] for site in sorted(used, key=tables.site_key)]
    n_tested = sum(row["p"] is not None for row in rows)
    label = (
        f"Distance of topic shares between {len(names)} sites: {len(rows)} pairs, {n_tested} "
        f"tested, {sum(map(is_marked, rows))} farther apart than chance explains. The table has "
        "every number."
    )
    return site_map(boxes, names, "ds", label)


class _Layout:
    """Rows of the table ``drift`` as the page shows them, their numbers linked."""

    def __init__(self, tables: RunTables, shelf: Shelf) -> None:
        self.tables = tables
        self.shelf = shelf
        self.names = topic_names(tables, 2)
        self.shown = tables.best_known(DRIFT_SITES)
        kept = [row for row in tables.topics if not row["template"] and row["site_id"] is not None]
        self.of_site = grouped(kept, "site_id")
        self.of_year = grouped(kept, "site_id", "year")

    def table(self, key: str, rows: list[Row]) -> PairTable:
        kept = [row for row in rows if {row["site_id_a"], row["site_id_b"]} <= set(self.shown)]
        kept.sort(key=self._place)
        return PairTable(
            key,
            tuple(self._pair(row) for row in kept[:PAIR_CAP]),
            len(rows),
            sum(row["p"] is not None for row in rows),
            sum(map(is_marked, rows)),
        )

    def _place(self, row: Row) -> tuple[Any, ...]:
        return (
            -1 if row["topic"] is None else row["topic"],
            self.tables.site_key(row["site_id_a"]),
            self.tables.site_key(row["site_id_b"]),
            year_key(row["year_a"]),
            year_key(row["year_b"]),
        )

    def _pair(self, row: Row) -> Pair:
        years = None
        if row["kind"] == "sites":
            a, b = (
                {each["year"] for each in self.of_site.get((row[side],), [])} - {None}
                for side in ("site_id_a", "site_id_b")
            )
            years = sorted(a & b) or None
        moved = moved_text(row, self.names)
        if moved is not None:
            moved += f" by {100 * abs(row['moved_by']):.1f} points"
            moved += f" (p {row['moved_p']:.3f})" if row["moved_p"] is not None else ""
        topic = None if row["topic"] is None else self.names.get(row["topic"], "")
        return Pair(
            self._names(row),
            None if topic is None else f"{row['topic']}: {topic}",
            row["distance"],
            row["chance"],
            row["p"],
            row["p_adjusted"],
            is_marked(row),
            moved,
            row["detectable"],
            self._count(row, "a", years),
            self._count(row, "b", years),
            (row["n_meetings_a"], row["n_meetings_b"]),
            row["note"],
        )

    def _names(self, row: Row) -> tuple[str, str]:
        if row["kind"] == "sites":
            return self._name(row, "a"), self._name(row, "b")
        site = row["site_id_a"]
        years = f"{year_name(row['year_a'])}{TO}{year_name(row['year_b'])}"
        return self.tables.site_names.get(site, str(site)), years

    def _name(self, row: Row, side: str) -> str:
        site = row[f"site_id_{side}"]
        name = self.tables.site_names.get(site, str(site))
        return name if row["kind"] == "sites" else f"{name}, {year_name(row[f'year_{side}'])}"

    def _count(self, row: Row, side: str, years: list[int] | None) -> Count:
        """Count the passages compared: no template, and of sites those of common years."""
        site, year = row[f"site_id_{side}"], row[f"year_{side}"]
        where: dict[str, Any] = {"site_id": site, "template": False}
        if row["kind"] == "years":
            passages = self.of_year.get((site, year), [])
            where["year"] = year
        else:
            passages = [
                each
                for each in self.of_site.get((site,), [])
                if years is None or each["year"] in years
            ]
        if row["topic"] is not None:
            passages = [each for each in passages if each["topic"] == row["topic"]]
            where["topic"] = row["topic"]
        filter_ = query_of(**where)
        if years is not None:
            filter_ += f" and year in {years}"
        title = f"Passages compared, {self._name(row, side)}"
        return self.shelf.count(title, passages, "topics", filter_, n=row[f"n_{side}"])
