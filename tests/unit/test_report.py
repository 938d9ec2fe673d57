"""The report, from invented tables: what it says, what it links, what it escapes."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest
from reported import RUN, THINGS, Page, Rows, invent, panel_of, report, write

from hwbtext.errors import MissingPathError, SchemaError
from hwbtext.records import RunReport
from hwbtext.report import packing, write_report
from hwbtext.report.cells import Point
from hwbtext.report.doings import build_actions, build_acts
from hwbtext.report.drift import build_drift
from hwbtext.report.evidence import LIST_CAP, Shelf, pick
from hwbtext.report.mentions import build_mentions
from hwbtext.report.outcomes import build_outcomes
from hwbtext.report.packing import pack
from hwbtext.report.plots import OUTCOME_SERIES, small_multiples
from hwbtext.report.reading import build_reading
from hwbtext.report.spread import build_spread
from hwbtext.report.tables import RunTables
from hwbtext.report.themes import build_novelty, build_topics
from hwbtext.report.topic_charts import PairBox, site_map
from hwbtext.store import SCHEMAS, load_table, write_table
from hwbtext.topics.shares import topic_shares

if TYPE_CHECKING:
    from pathlib import Path


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
    for build in (build_novelty, build_spread, build_drift):
        build(tables, shelf)
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
    drawn = site_map([PairBox(name, "b", 0.3, True, None)], [name, "b"], "k", name)
    page = Page(drawn)
    assert "script" not in {tag for tag, _ in page.tags}
    assert not page.all("onload")
    assert page.all("aria-label") == [name]
    (figure,) = small_multiples([(name, [])], OUTCOME_SERIES, (2020,), 1.0, "k")
    assert Page(figure.svg).all("aria-label")[0].startswith(name)


def test_a_chart_is_the_same_whatever_was_drawn_before() -> None:
    boxes = [PairBox("a", "b", 0.3, False, None)]
    one = site_map(boxes, ["a", "b"], "k", "label")
    site_map(boxes, ["a", "b"], "other", "label")
    assert site_map(boxes, ["a", "b"], "k", "label") == one


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
    rows |= {"topics": [], "topic_words": [], "topic_shares": [], "changepoints": []}
    rows |= {"drift": [], "issues": [issue]}
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
    rows |= {"drift": [], "changepoints": []}
    rows["topic_shares"] = [asdict(share) for share in topic_shares(rows["topics"], len(THINGS))]
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
    assert html.count("<svg role") < 120
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
