"""Topics and drift in the report: what is shown of them, and how what is thin is drawn."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from reported import THINGS, Page, Rows, invent, report, write

from hwbtext.report.calendar import Change, SiteLine, YearStep, draw_calendar
from hwbtext.report.changes import build_changes
from hwbtext.report.drift import build_drift, following
from hwbtext.report.evidence import Shelf
from hwbtext.report.sheets import Block, draw_sheet
from hwbtext.report.spread import build_spread
from hwbtext.report.tables import RunTables
from hwbtext.report.themes import NOVEL, QUOTES, build_novelty, build_topics
from hwbtext.report.topic_charts import PairBox, share_panels, site_map
from hwbtext.report.topic_files import PICTURES, write_topic_files
from hwbtext.report.trust import build_trust
from hwbtext.svg import finished, to_svg
from hwbtext.topics.shares import topic_shares

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def rows() -> Rows:
    return invent()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, rows: Rows) -> Path:
    folder = tmp_path_factory.mktemp("run")
    write(folder, rows)
    return folder


@pytest.fixture(scope="module")
def tables(folder: Path) -> RunTables:
    return RunTables.read(folder)


@pytest.fixture(scope="module")
def html(folder: Path, rows: Rows) -> str:
    return report(folder, rows)


def share(year: int, value: float, *, thin: bool = False) -> dict[str, Any]:
    low, high = (None, None) if thin else (value / 2, value * 1.5)
    told = {"year": year, "topic": 0, "n": 3, "n_total": 30, "n_meetings": 4, "site_id": "A"}
    return told | {"share": value, "pooled": 0.1, "thin": thin, "low": low, "high": high}


def test_a_card_has_its_stability_in_words_and_passages_of_different_meetings(
    tables: RunTables,
) -> None:
    shelf = Shelf(tables)
    cards = build_topics(tables, shelf).cards
    assert [card.stability for card in cards[:3]] == ["stable", "fair", "dissolves in refits"]
    place = {(tables.path(row["doc_id"]), row["text"]): row for row in tables.passages}
    anchors = {each.anchor for each in shelf.lists}
    for card in cards:
        assert len(card.quotes) == QUOTES
        shown = [place[quote.path, quote.text] for quote in card.quotes]
        assert len({(row["site_id"], row["meeting_date"]) for row in shown}) == QUOTES
        assert {quote.anchor for quote in card.quotes} <= anchors
        of_topic = [row for row in tables.topics if row["topic"] == card.topic]
        likely = sorted(row["probability"] for row in of_topic if not row["template"])[-3:]
        topic_of = {row["passage_id"]: row for row in of_topic}
        assert min(topic_of[row["passage_id"]]["probability"] for row in shown) >= likely[0] - 0.2


def test_the_line_of_stability_stands_above_every_topic_table(
    html: str, folder: Path, tables: RunTables
) -> None:
    line = str(build_trust(folder, tables))
    assert "6 topics 2 are stable (0.75 or more), 2 fair, and 2 dissolve (under 0.5)" in line
    themes = html.split('<section id="topics">')[1].split('<section id="problems">')[0]
    n_tables = themes.count('<table class="panel">') + themes.count('<table class="distances">')
    assert n_tables >= 5
    # And once above the cards, once above the changes.
    assert themes.count(f'<p class="trust">{line}</p>') == n_tables + 2


def test_every_distance_stands_beside_chance_p_and_what_could_be_found(
    html: str, tables: RunTables
) -> None:
    drift = build_drift(tables, Shelf(tables))
    assert drift.following.n == 12
    untested = [pair for pair in drift.following.pairs if pair.p is None]
    assert [pair.note for pair in untested] == ["too few meetings"]
    marked = next(pair for pair in drift.following.pairs if pair.is_marked)
    assert marked.moved == f"down: {THINGS[2]}, plan by 8.0 points (p 0.002)"
    text = " ".join(Page(html).text.split())
    assert "0.070 0.001 0.009" in text or "0.0700.0010.009" in text.replace(" ", "")
    for words in ("By chance", "no p", "too few meetings", "5.0 points", "Wording within a topic"):
        assert words in text
    assert "That is no sign that nothing changed" in text


def test_share_text_and_wording_are_tables_of_their_own(tables: RunTables) -> None:
    drift = build_drift(tables, Shelf(tables))
    n_pairs = len(tables.site_names) * (len(tables.site_names) - 1) // 2
    assert drift.sites.n == drift.text_sites.n == n_pairs
    assert drift.text_following.n == drift.following.n == drift.wording.n
    assert all(pair.topic is None for pair in drift.text_following.pairs)
    assert {pair.topic for pair in drift.wording.pairs} == {"1: oral, health"}


def test_the_year_that_follows_is_the_next_that_the_site_has() -> None:
    pairs = [(2015, 2019), (2015, 2018), (2018, 2019), (2015, 2021)]
    rows = [{"site_id_a": "A", "year_a": a, "year_b": b} for a, b in pairs]
    assert [(row["year_a"], row["year_b"]) for row in following(rows)] == [
        (2015, 2018),
        (2018, 2019),
    ]


def test_a_thin_year_is_hollow_dashed_without_band_and_drawn_where_it_is_pooled() -> None:
    rows = [share(2019, 0.2), share(2020, 0.2), share(2021, 0.4, thin=True)]
    solid, mixed = share_panels({"a": rows[:2], "b": rows}, [2019, 2020, 2021], 0.4, "k").values()

    def n(svg: str, pattern: str) -> int:
        return len(re.findall(pattern, svg))

    assert n(solid, 'fill="white"[^>]*stroke="#0b4f79"') == 0
    assert n(mixed, 'fill="white"[^>]*stroke="#0b4f79"') == 1
    assert n(solid, 'stroke-dasharray="2,3"') == 0
    assert n(mixed, 'stroke-dasharray="2,3"') == 1
    # Two years have bars of the interval in either: the thin one has none.
    assert n(solid, 'opacity="0.4"') == n(mixed, 'opacity="0.4"') == 2
    moved = [share(2019, 0.2), share(2020, 0.2), share(2021, 0.1, thin=True)]
    (same,) = share_panels({"b": moved}, [2019, 2020, 2021], 0.4, "k").values()
    assert same.replace("k0", "k1") == mixed  # its own share is not drawn


def test_no_line_bridges_a_year_without_papers() -> None:
    rows = [share(2018, 0.2), share(2020, 0.2)]
    (svg,) = share_panels({"a": rows}, [2018, 2019, 2020], 0.4, "k").values()
    assert 'stroke-width="1.4"' not in svg


def test_pairs_that_could_not_be_tested_have_no_shade_and_say_why() -> None:
    boxes = [
        PairBox("A", "B", 0.41, True, None),
        PairBox("A", "C", 0.9, False, "years"),
        PairBox("B", "C", 0.8, False, "few"),
    ]
    svg = site_map(boxes, ["A", "B", "C"], "k", "label")
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert {"0.41*", "///", "few"} <= set(texts)
    assert not {"0.90", "0.80"} & set(texts)


def test_the_calendar_names_what_moved_and_when() -> None:
    day = date(2021, 3, 2)
    changes = (
        Change(day, date(2020, 9, 1), date(2021, 6, 1), "all topics", True, False),
        Change(day, day, day, "vaccines, testing 1% → 9%", False, True),
    )
    steps = (
        YearStep(2019, 2020, 0.31, 0.2, True, "up: vaccines"),
        YearStep(2020, 2021, 0.2, 0.0, False, None),
    )
    days = (date(2019, 5, 1), date(2020, 5, 1), day)
    line = SiteLine("Ashford", days, steps, changes, "")
    svg = draw_calendar([line, SiteLine("Elmham", (), (), (), "(no change)")], "k", "label")
    texts = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert {"Ashford", "all topics", "vaccines, testing 1% → 9%", "up: vaccines"} <= texts
    assert "0.31*" in texts
    assert "0.20" not in texts  # it was not tested
    assert {"2019", "2020", "2021"} <= texts


def test_changes_are_in_the_calendar_and_in_its_table(tables: RunTables) -> None:
    changes = build_changes(tables)
    assert changes.n == len(changes.rows) == 6
    assert [row.what for row in changes.rows[:2]] == ["all topics", f"2: {THINGS[2]}, plan"]
    assert changes.rows[1].before == "4.0%"
    assert changes.figure is not None
    assert "all topics changed on 01/03/2023" in changes.figure
    assert "4.0% → 19%" in changes.figure


def test_novelty_says_where_the_topics_no_longer_fit(tmp_path: Path) -> None:
    rows = invent()
    late = [row for row in rows["topics"] if row["year"] == 2023 and row["site_id"][-1] == "2"]
    for row in late[::2]:
        row |= {"topic": -1, "novelty": 0.001}
    rows["topic_shares"] = [asdict(each) for each in topic_shares(rows["topics"], len(THINGS))]
    write(tmp_path, rows)
    tables = RunTables.read(tmp_path)
    novelty = build_novelty(tables, Shelf(tables))
    assert f"{tables.site_names['X00000002']}, 2023" in [each.place for each in novelty.misfits]
    assert sum(year.count.n for year in novelty.years) == sum(
        row["topic"] == -1 for row in rows["topics"]
    )
    assert 0 < len(novelty.passages) <= NOVEL
    assert "The topics no longer fit" in report(tmp_path, rows)


def test_topics_that_still_fit_are_said_to(tmp_path: Path) -> None:
    rows = invent(n_sites=2, years=(2021, 2022))
    for row in rows["topics"]:
        row["topic"] = max(row["topic"], 0)
    rows["topic_shares"] = [asdict(each) for each in topic_shares(rows["topics"], len(THINGS))]
    text = " ".join(Page(report(tmp_path, rows)).text.split())
    assert "the topics still fit" in text
    assert "no longer fit" not in text


def test_a_topic_that_was_looked_for_is_called_by_its_anchor(tmp_path: Path) -> None:
    rows = invent(n_sites=1, years=(2021,))
    for row in rows["topics"]:
        if row["topic"] == 3:
            row["topic_label"] = f"schools and families: {THINGS[3]}, plan"
    write(tmp_path, rows)
    tables = RunTables.read(tmp_path)
    card = next(card for card in build_topics(tables, Shelf(tables)).cards if card.topic == 3)
    assert (card.anchor, card.name) == ("schools and families", "schools and families")


def test_no_more_than_twelve_sites_are_drawn_and_the_table_has_the_rest(tmp_path: Path) -> None:
    rows = invent(n_sites=14, years=(2021, 2022), size=5)
    write(tmp_path, rows)
    spread = build_spread(*((tables := RunTables.read(tmp_path)), Shelf(tables)))
    assert (spread.n_sites_drawn, spread.n_sites) == (12, 14)
    assert all(len(group.panels) == 12 for group in spread.groups)
    assert len(spread.rows) == spread.n_rows == 28


def test_files_for_people_are_written_from_the_tables(folder: Path) -> None:
    made = write_topic_files(folder, "Not measured.")
    names = {f"{name}.{suffix}" for name in PICTURES for suffix in ("svg", "png")}
    tables = {"topics.csv", "shares.csv", "drift.csv", "changepoints.csv"}
    assert {path.name for path in made.iterdir()} == names | tables | {
        "cards.html",
        "stability.json",
    }
    assert (made / "shares.png").read_bytes().startswith(b"\x89PNG")
    page = Page((made / "cards.html").read_text(encoding="utf-8"))
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.all("href")} <= set(ids)
    assert not page.all("src")
    head, *lines = (made / "topics.csv").read_text(encoding="utf-8").splitlines()
    assert head.startswith("topic,anchor,words,stability,stable,")
    assert len(lines) == len(THINGS)
    first = {path.name: path.read_bytes() for path in made.iterdir()}
    write_topic_files(folder, "Not measured.")
    assert {path.name: path.read_bytes() for path in made.iterdir()} == first


def test_a_picture_of_an_earlier_run_does_not_stay(tmp_path: Path) -> None:
    write(tmp_path, invent(n_sites=1, years=(2021,), size=4))
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "sites.svg").write_text("old")
    assert not (write_topic_files(tmp_path, "Not measured.") / "sites.svg").exists()


def test_a_sheet_escapes_its_words_and_holds_its_charts() -> None:
    chart = site_map([PairBox("A", "B", 0.2, False, None)], ["A", "B"], "k", "label")
    sheet = draw_sheet("<b>Title</b>", "a & b", [Block("", (("<i>", chart),))] * 2)
    assert "<b>" not in sheet
    assert "&lt;b&gt;Title" in sheet
    assert sheet.count('aria-label="label"') == 2


def test_control_characters_in_a_name_do_not_end_the_process() -> None:
    import altair as alt

    chart = alt.layer(alt.Chart(alt.NamedData("d")).mark_text().encode(text="t:N"))
    svg = to_svg({**finished(chart), "datasets": {"d": [{"t": "a\x00b"}]}}, "k", "c\x00d")
    assert "a\ufffdb" in svg
    assert "\x00" not in svg
