"""Invented tables of a run, and the report's page as a reader meets it."""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict
from dataclasses import asdict
from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from hwbtext.outcomes import outcome_views
from hwbtext.panel import Unit, build_panel
from hwbtext.records import CATEGORIES, OUTCOMES, POLARITIES, RunReport
from hwbtext.report import write_report
from hwbtext.store import SCHEMAS, write_table
from hwbtext.topics.shares import topic_shares

if TYPE_CHECKING:
    from pathlib import Path

SENTENCES = {
    "process": (
        "RESOLVED - That the {thing} report be noted and brought back in the autumn.",
        "The Board approved the {thing} plan, subject to the comments of members.",
        "It was agreed that a working group on {thing} be set up under the Vice-Chair.",
    ),
    "tangible": (
        "Waiting times for {thing} had come down from eleven weeks to six since the spring.",
        "Four hundred residents had used the new {thing} service by the end of the year.",
    ),
    "none": (
        "A member asked how the {thing} work would reach people who do not use the internet.",
        "Around a third of adults in the borough were thought to need help with {thing}.",
    ),
}
THINGS = ("falls", "oral health", "loneliness", "school nursing", "smoking", "damp housing")
MENTIONS = {
    "ownership": "the Assistant Director would lead on it",
    "accountability": "the partnership reports to this Board",
    "inequality": "the gap between the wards was wide",
}
RUN = {"seed": 7, "versions": {"hwbtext": "0.1.0", "lexicon": "outcome-lexicon@1"}}

Rows = dict[str, list[dict[str, Any]]]


def invent(
    n_sites: int = 4, years: tuple[int, ...] = (2020, 2021, 2022, 2023), size: int = 14
) -> Rows:
    """Invent the rows of a run: councils that do not exist, and planted edge cases."""
    chance = random.Random(3)
    rows: Rows = {name: [] for name in SCHEMAS}
    for site in range(n_sites):
        for year in years:
            for meeting in range(1 if (site, year) == (1, years[0]) else 3):
                base = {
                    "doc_id": f"{site:04x}{year:06d}{meeting:06x}",
                    "site_id": f"X{site:08d}",
                    "meeting_date": date(year, 2 + 3 * meeting, 11),
                    "year": year,
                    "doc_kind": "minutes" if meeting else "pack",
                }
                _invent_document(rows, base, f"{_town(site)} Council", size, chance)
    rows["topic_words"] = [
        {
            "topic": topic,
            "rank": rank,
            "word": word,
            "weight": 1 / rank,
            "n_passages": n,
            "stability": (0.9, 0.6, 0.3)[topic % 3],
        }
        for topic, n in sorted(Counter(row["topic"] for row in rows["topics"]).items())
        if topic >= 0
        for rank, word in enumerate(f"{THINGS[topic]} plan people help".split(), start=1)
    ]
    rows["topic_shares"] = [asdict(share) for share in topic_shares(rows["topics"], len(THINGS))]
    rows["changepoints"] = _changes_of(rows)
    rows["panel"] = panel_of(rows)
    rows["drift"] = _drift_of(rows)
    rows["issues"] = [
        {
            **{key: rows["documents"][0][key] for key in ("doc_id", "site_id", "year")},
            "code": "no_text_layer",
            "severity": "warning",
            "message": "Page 3 is a scan. Read it with OCR first.",
            "component": "pdf",
            "path": "west/scan.pdf",
            "page": 3,
        }
    ]
    return rows


def _town(site: int) -> str:
    first = ("Ash", "Bram", "Cold", "Dun", "Elm", "Fen", "Glen", "Hart", "Ivy", "Kel")
    second = ("bourne", "ford", "ham", "ley", "mere", "stow", "thorpe", "wick")
    return f"{first[site % 10]}{second[site // 10 % 8]}" + (" North" if site >= 80 else "")


def _invent_document(
    rows: Rows, base: dict[str, Any], site: str, size: int, chance: random.Random
) -> None:
    doc_id = base["doc_id"]
    rows["documents"].append(
        {
            **base,
            "paths": [f"{base['site_id']}/{base['meeting_date']}.pdf"],
            "status": "success",
            "n_pages": size // 6 + 1,
            "title": f"Minutes of {site}",
            "site": site,
            "published_with_date": None,
            "text": "",
        }
    )
    at = 0
    for number in range(size):
        value = chance.choices(OUTCOMES, (5, 2, 6))[0]
        thing = chance.choice(THINGS)
        text = chance.choice(SENTENCES[value]).format(thing=thing)
        category = chance.choice((*CATEGORIES, None, None))
        said = MENTIONS[category] if category else ""
        text += f" It was said that {said}." if said else ""
        place = {
            **base,
            "passage_id": f"{doc_id}:{at}-{at + len(text)}",
            "page": number // 6 + 1,
            "start": at,
            "end": at + len(text),
        }
        item = {"item_number": str(number // 3 + 1), "item_title": thing.capitalize()}
        rows["passages"].append({**place, **item, "text": text, "fragment": False})
        label = {"scheme": "outcome", "value": value, "annotator": "outcome-lexicon@1"}
        subtype = {"process": "note", "tangible": "service", "none": "context"}[value]
        label["evidence"] = [f"{thing} ({0.5 + number / 10:+.1f})", f"rule-{value}: that"]
        if number % 5 == 0 and value == "tangible":
            subtype = "delivery"
        rows["labels"].append({**place, **label, "subtype": f"{value}.{subtype}", "score": 0.5})
        if category:
            start = at + text.index(said)
            found = {**place, "start": start, "end": start + len(said), "text": said}
            polarity = chance.choice(POLARITIES)
            rows["mentions"].append(
                {**found, "category": category, "polarity": polarity, "in_title": False}
            )
        if value == "process":
            rows["acts"].append({**place, "verb": chance.choice(("noted", "approved", "agreed"))})
        if value == "process" and number % 3 == 0:
            owner = chance.choice(("Head of Prevention", None))
            rows["actions"].append({**place, "text": f"Bring back {thing}", "owner": owner})
        topic = -1 if number % 12 == 11 else THINGS.index(thing)
        rows["topics"].append(
            {
                **place,
                "topic": topic,
                "topic_label": "none of these" if topic < 0 else thing,
                "probability": 0.3 + number % 7 / 10,
                "novelty": 0.005 if topic < 0 else 0.1 + number % 5 / 10,
                "template": number == 0,
            }
        )
        at += len(text) + 1


def panel_of(rows: Rows) -> list[dict[str, Any]]:
    """Count the panel as a run does."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows["labels"]:
        found[row["passage_id"]] |= {
            f"outcome:{value}" for value in (row["value"], *outcome_views(row["subtype"]))
        }
    for row in rows["mentions"]:
        if not row["in_title"]:
            found[row["passage_id"]].add(f"mention:{row['category']}:{row['polarity']}")
    units = [
        Unit(row["site_id"], row["year"], row["doc_id"], frozenset(found[row["passage_id"]]))
        for row in rows["passages"]
        if not row["fragment"]
    ]
    measures = [f"outcome:{value}" for value in (*OUTCOMES, "tangible_strict", "tangible_broad")]
    measures += [f"mention:{each}:{polarity}" for each in CATEGORIES for polarity in POLARITIES]
    return [asdict(cell) for cell in build_panel(units, measures)]


def _changes_of(rows: Rows) -> list[dict[str, Any]]:
    last = max(row["year"] for row in rows["documents"])
    told = {"day": date(last, 3, 1), "low": date(last, 1, 9), "high": date(last, 5, 2)}
    told |= {"p": 0.001, "p_adjusted": 0.004, "n_meetings": 12}
    sites = sorted({row["site_id"] for row in rows["documents"]})
    shares = {"share_before": 0.04, "share_after": 0.19}
    return [
        {"site_id": site, "topic": topic, **told, **(shares if topic is not None else {})}
        for site in sites[:3]
        for topic in (None, 2)
    ]


def _drift_of(rows: Rows) -> list[dict[str, Any]]:
    size = Counter((r["site_id"], r["year"]) for r in rows["topics"] if not r["template"])
    papers = Counter((row["site_id"], row["year"]) for row in rows["documents"])
    sites = sorted({site for site, _ in size})
    years = sorted({year for _, year in size})
    drift = [
        _distance("years", (site, a), (site, b), size, papers)
        for site in sites
        for a, b in itertools.pairwise(years)
    ]
    by_site: Counter[tuple[Any, Any]] = Counter()
    papers_of: Counter[tuple[Any, Any]] = Counter()
    for (site, year), n in size.items():
        by_site[site, None] += n
        papers_of[site, None] += papers[site, year]
    drift += [
        _distance("sites", (a, None), (b, None), by_site, papers_of)
        for at, a in enumerate(sites)
        for b in sites[at + 1 :]
    ]
    text = [{**row, "measure": "text", "moved_topic": None} for row in drift]
    wording = [
        {**row, "measure": "wording", "topic": 1, "moved_topic": None}
        for row in drift
        if row["kind"] == "years"
    ]
    return drift + text + wording


def _distance(
    kind: str, a: tuple[Any, Any], b: tuple[Any, Any], size: Counter[Any], papers: Counter[Any]
) -> dict[str, Any]:
    tested = min(papers[a], papers[b]) > 1
    told = {"p": 0.001, "p_adjusted": 0.009, "moved_topic": 2, "moved_by": -0.08, "moved_p": 0.002}
    return {
        "kind": kind,
        "measure": "topics",
        **(told | {"detectable": 0.05, "chance": 0.07} if tested else {}),
        "note": None if tested else "too few meetings",
        "n_meetings_a": papers[a],
        "n_meetings_b": papers[b],
        "site_id_a": a[0],
        "year_a": a[1],
        "site_id_b": b[0],
        "year_b": b[1],
        "distance": random.Random(f"{a} {b}").randrange(10, 50) / 100,
        "n_a": size[a],
        "n_b": size[b],
        "n_documents_a": papers[a],
        "n_documents_b": papers[b],
    }


def write(folder: Path, rows: Rows) -> RunReport:
    """Write the tables, and return the run that would have made them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SCHEMAS:
        write_table(rows.get(name, []), name, folder)
    n = Counter(row["status"] for row in rows["documents"])
    return RunReport(
        sum(n.values()) + 1, n["success"], n["partial"], n["failed"], 1, out=str(folder), **RUN
    )


class Page(HTMLParser):
    """The elements of a page, its ids, its links, and the text that a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self._open[-1:]):
            self.text += data

    def all(self, attribute: str) -> list[str]:
        return [value for _, attrs in self.tags if (value := attrs.get(attribute)) is not None]


def report(folder: Path, rows: Rows) -> str:
    return write_report(folder, write(folder, rows)).read_text(encoding="utf-8")
