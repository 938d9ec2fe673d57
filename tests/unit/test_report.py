"""The report, from invented tables: what it says, what it links, what it escapes."""

from __future__ import annotations

import itertools
import json
import random
import re
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import asdict
from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from hwbtext.errors import MissingPathError, SchemaError
from hwbtext.outcomes import outcome_views
from hwbtext.panel import Unit, build_panel
from hwbtext.records import CATEGORIES, OUTCOMES, POLARITIES, RunReport
from hwbtext.report import packing, write_report
from hwbtext.report.cells import Point
from hwbtext.report.doings import build_actions, build_acts
from hwbtext.report.evidence import LIST_CAP, Shelf, pick
from hwbtext.report.mentions import build_mentions
from hwbtext.report.outcomes import build_outcomes
from hwbtext.report.packing import pack
from hwbtext.report.plots import OUTCOME_SERIES, heat_map, small_multiples
from hwbtext.report.reading import build_reading
from hwbtext.report.tables import RunTables
from hwbtext.report.themes import build_drift, build_topics
from hwbtext.store import SCHEMAS, load_table, write_table

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
        {"topic": topic, "rank": rank, "word": word, "weight": 1 / rank, "n_passages": n}
        for topic, n in sorted(Counter(row["topic"] for row in rows["topics"]).items())
        for rank, word in enumerate(f"{THINGS[topic]} plan people help".split(), start=1)
    ]
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
        rows["topics"].append({**place, "topic": THINGS.index(thing), "topic_label": thing})
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


def _drift_of(rows: Rows) -> list[dict[str, Any]]:
    size = Counter((row["site_id"], row["year"]) for row in rows["topics"])
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
    return drift + [
        _distance("sites", (a, None), (b, None), by_site, papers_of)
        for at, a in enumerate(sites)
        for b in sites[at + 1 :]
    ]


def _distance(
    kind: str, a: tuple[Any, Any], b: tuple[Any, Any], size: Counter[Any], papers: Counter[Any]
) -> dict[str, Any]:
    return {
        "kind": kind,
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


def stored(html: str) -> dict[str, Any]:
    found = re.search(r'id="evidence-store">(.*?)</script>', html, re.DOTALL)
    assert found
    content: dict[str, Any] = json.loads(found[1])
    return content


@pytest.fixture(scope="module")
def rows() -> Rows:
    return invent()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, rows: Rows) -> Path:
    folder = tmp_path_factory.mktemp("run")
    write_report(folder, write(folder, rows))
    return folder


@pytest.fixture(scope="module")
def html(folder: Path) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


def test_the_page_needs_nothing_from_elsewhere(html: str) -> None:
    page = Page(html)
    assert page.tags[0] == ("html", {"lang": "en-GB"})
    assert not page.all("src")
    assert {link[0] for link in page.all("href")} == {"#"}
    addresses = set(re.findall(r"https?://[^\s\"'<)]+", html))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html
    assert ("meta", {"name": "robots", "content": "noindex"}) in page.tags
    assert "url(" not in html.replace("url(#", "")


def test_every_link_leads_to_one_element(html: str) -> None:
    page = Page(html)
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    links = {link[1:] for link in page.all("href")}
    assert len(links) > 100
    assert links <= set(ids)


def test_the_same_tables_give_the_same_bytes(tmp_path: Path, rows: Rows, html: str) -> None:
    elsewhere = tmp_path / "else where"
    assert report(elsewhere, rows) == html
    run = write(elsewhere, rows)
    slow = RunReport(**{**asdict(run), "seconds": 99.0, "out": "/nowhere"})
    assert write_report(elsewhere, slow).read_text(encoding="utf-8") == html


def test_the_counts_of_the_run_add_up_in_the_open(html: str) -> None:
    text = " ".join(Page(html).text.split())
    assert "47 files = 46 success" in text
    assert "+ 1 skipped" in text
    assert "11 Feb 2020 to 11 Aug 2023" in text
    assert "uncalibrated" in text
    assert "said, not what was done" in text or "said at a meeting, not what was done" in text


def test_the_filter_of_each_list_finds_exactly_its_rows(folder: Path, rows: Rows) -> None:
    tables = RunTables.read(folder)
    shelf = Shelf(tables)
    build_reading(tables, write(folder, rows), shelf)
    for build in (build_outcomes, build_mentions, build_acts, build_actions, build_topics):
        build(tables, shelf)
    build_drift(tables, shelf)
    frames = {name: load_table(folder, name) for name in SCHEMAS}
    assert len(shelf.lists) > 300
    for each in shelf.lists:
        frame = frames[each.table]
        found = frame.query(each.where) if each.where else frame
        column = "doc_id" if each.table == "documents" else "passage_id"
        assert set(found[column]) == set(each.ids), each


def test_numbers_of_the_panel_are_those_of_their_lists(folder: Path) -> None:
    tables = RunTables.read(folder)
    shelf = Shelf(tables)
    panels = [build_outcomes(tables, shelf).rows]
    panels += [category.rows for category in build_mentions(tables, shelf).categories]
    size = {each.anchor: len(each.ids) for each in shelf.lists}
    counts = [
        count
        for row in itertools.chain(*panels)
        for count in (row.n_documents, row.n_total, *(cell.count for cell in row.cells if cell))
    ]
    assert sum(count.n > 0 for count in counts) > 200
    for count in counts:
        assert count.n == (size[count.anchor] if count.anchor else 0)


def test_strict_and_broad_stand_side_by_side(folder: Path, rows: Rows) -> None:
    outcomes = build_outcomes(*((tables := RunTables.read(folder)), Shelf(tables)))
    assert outcomes.heads == ("Process", "Tangible (broad)", "Tangible, strict", "None of these")
    assert outcomes.strict is not None
    assert outcomes.strict.n == sum(r["subtype"] == "tangible.service" for r in rows["labels"])
    assert 0 < outcomes.strict.n < outcomes.broad.n
    for row in outcomes.rows:
        _, broad, strict, _ = row.cells
        assert broad is not None
        assert strict is not None
        assert strict.count.n <= broad.count.n


def test_what_spoke_for_an_outcome_stands_beside_it(html: str, folder: Path) -> None:
    outcomes = build_outcomes(*((tables := RunTables.read(folder)), Shelf(tables)))
    for value, reasons in zip(outcomes.values, outcomes.reasons, strict=True):
        assert value.name == reasons.value
        assert value.example is not None
        assert f"rule-{value.name}: that" in value.example.evidence
        terms = dict(reasons.terms)
        assert terms[f"rule-{value.name}"] == value.count.n
        assert set(terms) - {f"rule-{value.name}"} <= set(THINGS)
        assert value.example.evidence[0] in html
    assert "What spoke for each outcome" in html


def test_outcomes_of_another_codebook_are_shown_by_their_names(tmp_path: Path) -> None:
    rows = invent(2)
    own = {"process": "talk", "tangible": "deed", "none": "rest"}
    for label in rows["labels"]:
        label |= {"value": own[label["value"]], "subtype": None, "annotator": "mine@1"}
    for cell in rows["panel"]:
        kind, _, value = cell["measure"].partition(":")
        cell["measure"] = f"{kind}:{own.get(value, value)}"
    rows["panel"] = [row for row in rows["panel"] if "tangible_" not in row["measure"]]
    run = write(tmp_path, rows)
    page = " ".join(Page(write_report(tmp_path, run).read_text(encoding="utf-8")).text.split())
    outcomes = build_outcomes(*((tables := RunTables.read(tmp_path)), Shelf(tables)))
    assert outcomes.heads == ("deed", "rest", "talk")
    assert [value.count.n > 0 for value in outcomes.values] == [True] * 3
    assert outcomes.strict is None
    assert len(outcomes.charts.figures) == 2
    assert "the card of the model says" in page
    assert "uncalibrated" not in page


def test_a_long_list_says_how_much_it_shows_and_where_the_rest_is(html: str, rows: Rows) -> None:
    process = [row["passage_id"] for row in rows["labels"] if row["value"] == "process"]
    assert f"Outcome process <small>50 of {len(process)}</small>" in html
    assert "scheme == &#34;outcome&#34; and value == &#34;process&#34;" in html
    lists = stored(html)["lists"]
    assert max(len(entries) for _, _, entries in lists.values()) == LIST_CAP


def test_passages_are_picked_by_hash_and_not_by_place() -> None:
    ids = [f"{n:04x}:0-9" for n in range(400)]
    chosen = pick(ids)
    assert chosen == pick(reversed(ids))
    assert len(chosen) == LIST_CAP
    assert max(ids.index(each) for each in chosen) > 300


def test_evidence_gives_file_page_item_and_the_place_of_the_mention(html: str, rows: Rows) -> None:
    store = stored(html)
    mention = rows["mentions"][0]
    passage = next(r for r in rows["passages"] if r["passage_id"] == mention["passage_id"])
    entry = next(each for each in store["passages"] if each[3] == passage["text"])
    assert store["documents"][entry[0]][0].endswith(".pdf")
    assert isinstance(entry[1], int)
    assert entry[2][0].isdigit()
    wanted = f"{mention['category']}:{mention['polarity']}"
    marked = [entry[3][start:end] for start, end, name in entry[4] if name == wanted]
    assert marked == [mention["text"]]


def test_smaller_budget_shortens_every_list(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(RunTables.read(folder))
    build_outcomes(shelf.tables, shelf)
    usual = pack(shelf)
    monkeypatch.setattr(packing, "LEAST_BUDGET", 30_000)
    monkeypatch.setattr(packing, "PAGE_BUDGET", 30_000)
    light = pack(shelf)
    assert usual.cap == LIST_CAP
    assert light.cap < 20
    assert len(light.store) < len(usual.store)


def test_thin_cells_are_marked_and_not_drawn(html: str) -> None:
    thin = re.findall(r'<tr class="thin"><th scope="row">(.*?)</th><td><u>thin</u> (\d+)', html)
    assert set(thin) == {("Brambourne Council", "2020")}
    solid = [
        Point(2020, "process", 0.4, 0.3, 0.5, False),
        Point(2021, "none", 0.2, 0.1, 0.3, False),
    ]
    hidden = Point(2022, "process", 0.9, None, None, True)

    def n_marks(points: list[Point]) -> int:
        (figure,) = small_multiples([("A", points)], OUTCOME_SERIES, (2020, 2021, 2022), 1.0, "k")
        symbols = re.findall(r'<g class="mark-symbol role-mark.*?</g>', figure.svg)
        return sum(group.count("<path") for group in symbols)

    assert n_marks(solid) == n_marks([*solid, hidden]) == 2
    assert n_marks([hidden]) == 0


def test_what_papers_say_never_becomes_markup(tmp_path: Path) -> None:
    rows = invent(n_sites=3, years=(2020, 2021), size=20)
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    quotes = "a\"'><img src=x onerror=alert(3)>/javascript:alert(4).pdf"
    for row in rows["passages"]:
        row["text"] = evil + row["text"][len(evil) :]
        row["item_title"] = evil
    for row in rows["documents"]:
        row["paths"] = [f"{row['doc_id']}{quotes}"]
        row["site"] = f"<svg onload=alert(5)>{row['site']}" if row["doc_id"] > "0001" else "A&B"
        row["title"] = "javascript:alert(6)"
    for name, column in (("actions", "owner"), ("issues", "message"), ("topic_words", "word")):
        for row in rows[name]:
            row[column] = f"{evil}\x00"
    rows["issues"][0]["path"] = "javascript:alert(7)"
    rows["labels"][0]["annotator"] = evil
    rows["acts"][0]["verb"] = evil
    html = report(tmp_path, rows)
    page = Page(html)
    clean = Page(report(tmp_path / "clean", invent(n_sites=3, years=(2020, 2021), size=20)))
    assert {tag for tag, _ in page.tags} == {tag for tag, _ in clean.tags}
    assert sum(tag == "script" for tag, _ in page.tags) == 2
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert {link[0] for link in page.all("href")} == {"#"}
    assert "<img" not in html
    assert "\x00" not in html
    # It is all there to be read, though.
    assert "alert(3)" in page.text
    assert evil in stored(html)["passages"][0][3]


def test_charts_escape_the_names_in_them() -> None:
    name = "<script>alert('x')</script>\" onload=\"y"
    drawn = heat_map([(name, "b", 0.3, False)], [name], ["b"], "k", name)
    page = Page(drawn)
    assert "script" not in {tag for tag, _ in page.tags}
    assert not page.all("onload")
    assert page.all("aria-label") == [name]
    (figure,) = small_multiples([(name, [])], OUTCOME_SERIES, (2020,), 1.0, "k")
    assert Page(figure.svg).all("aria-label")[0].startswith(name)


def test_a_chart_is_the_same_whatever_was_drawn_before() -> None:
    one = heat_map([("a", "b", 0.3, False)], ["a"], ["b"], "k", "label")
    heat_map([("a", "b", 0.3, False)], ["a"], ["b"], "other", "label")
    assert heat_map([("a", "b", 0.3, False)], ["a"], ["b"], "k", "label") == one


def test_a_run_that_read_nothing_says_so(tmp_path: Path) -> None:
    run = RunReport(0, 0, 0, 0, 0, **RUN)
    write(tmp_path, {"documents": []})
    page = Page(write_report(tmp_path, run).read_text(encoding="utf-8"))
    assert "No paper could be read" in page.text
    assert "There are no topics." in page.text
    assert "Newest paper" in page.text
    assert not [tag for tag, _ in page.tags if tag == "svg"]


def test_no_topics_are_explained_by_the_issue_of_the_run(tmp_path: Path) -> None:
    rows = invent(n_sites=1, years=(2021,), size=6)
    reason = "Topics need 30 distinct passages; here are 18."
    issue = {"code": "too_few_passages", "severity": "info", "message": reason}
    rows |= {"topics": [], "topic_words": [], "drift": [], "issues": [issue]}
    text = Page(report(tmp_path, rows)).text
    assert f"There are no topics. {reason}" in " ".join(text.split())
    assert "the whole run" in text


def test_papers_without_site_or_year_are_shown_as_not_stated(tmp_path: Path) -> None:
    rows = invent(n_sites=2, years=(2021,), size=12)
    for name in ("documents", "passages", "labels", "mentions", "acts", "actions", "topics"):
        for row in rows[name]:
            if row["doc_id"].startswith("0001"):
                row |= {"site_id": None, "year": None, "meeting_date": None}
                if "site" in row:
                    row["site"] = None
    rows["panel"] = panel_of(rows)
    rows["drift"] = []
    html = report(tmp_path, rows)
    assert '<th scope="row">not stated</th>' in html
    assert "year.isna()" not in html.split('id="evidence"')[0]
    assert "site not stated" in html.casefold()
    assert "1 named site," in " ".join(Page(html).text.split())


def test_an_action_outside_every_passage_is_listed_without_a_link(tmp_path: Path) -> None:
    rows = invent(n_sites=1, years=(2021,), size=12)
    rows["actions"] = [{**rows["actions"][0], "passage_id": None, "text": "Write to the Trust"}]
    assert "Write to the Trust" in Page(report(tmp_path, rows)).text


def test_many_sites_get_a_table_and_a_few_charts(tmp_path: Path) -> None:
    rows = invent(n_sites=150, years=(2021,), size=2)
    html = report(tmp_path, rows)
    tables = html.split("Outcomes by site and year: share")[2]
    assert tables.split("</table>")[0].count("<tr") == 151
    assert "the 12 sites with the most passages, of 150" in html
    assert html.count("<svg role") < 45
    assert "66 of 11,175" in html
    assert len(html) < 4_000_000


def test_a_missing_or_foreign_table_is_refused(tmp_path: Path) -> None:
    rows = invent(n_sites=1, years=(2021,), size=6)
    run = write(tmp_path, rows)
    write_table([], "passages", tmp_path)
    with pytest.raises(SchemaError, match=r"passages\.parquet does not hold"):
        write_report(tmp_path, run)
    (tmp_path / "labels.parquet").unlink()
    with pytest.raises(MissingPathError, match="labels"):
        write_report(tmp_path, run)
    assert not (tmp_path / "report.html").exists()


def test_importing_the_room_is_light() -> None:
    code = (
        "import sys, hwbtext.report; print({'altair', 'jinja2', 'vl_convert'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
