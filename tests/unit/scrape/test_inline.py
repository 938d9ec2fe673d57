"""Minutes that stand on a page: clean, in order, the same bytes each time, and readable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from collected import ASHMERE, a_meeting, inline_papers, open_folder, papers_in, papers_of

from hwbtext.frontpage import describe
from hwbtext.minutes import find_items
from hwbtext.parse import parse_bytes
from hwbtext.records import Status
from hwbtext.scrape.inline import inline_html, sanitize

ITEMS = (
    ("1", "Apologies for Absence", "<p>Apologies came from the Chair.</p>"),
    (
        "2.",
        "Better Care & Support",
        '<div class="WordSection1"><p class="MsoNormal">The return was\r\npresented.</p>'
        "<p>&nbsp;</p><p><b>RESOLVED</b> - That the return be noted.</p></div>",
    ),
    ("3a", "Part two", "<div>&nbsp;</div>"),
    ("4", "Any Other Business", "There was none."),
)


def page(*items: tuple[str, str, str]) -> str:
    written = inline_html(inline_papers(*items), "Ashmere Council")
    assert written is not None
    return written.decode()


def test_the_items_are_read_by_the_parser_of_minutes() -> None:
    document = parse_bytes(page(*ITEMS).encode(), "minutes.html")
    assert document.status is Status.SUCCESS
    items = find_items(document)
    assert [(item.number, item.title) for item in items] == [
        ("1", "Apologies for Absence"),
        ("2", "Better Care & Support"),
        ("4", "Any Other Business"),
    ]
    assert "The return was presented." in document.text
    facts, issues = describe(document, "minutes.html")
    assert facts.kind == "minutes"
    assert facts.committee == "Health and Wellbeing Board"
    assert str(facts.meeting_date) == "2026-02-10"
    assert issues == ()


def test_the_same_items_give_the_same_bytes() -> None:
    assert page(*ITEMS) == page(*ITEMS)


def test_nothing_is_written_where_no_item_has_text() -> None:
    assert inline_html(papers_of(), "Ashmere Council") is None
    assert inline_html(inline_papers(ITEMS[2]), "Ashmere Council") is None


def test_a_meeting_without_date_and_committee_is_written_all_the_same() -> None:
    papers = inline_papers(ITEMS[0], meeting=a_meeting(day=None, committee=None))
    assert inline_html(papers, "Ashmere Council") is not None


@pytest.mark.parametrize(
    ("markup", "clean"),
    [
        ("<p>a<script>x</script><style>y</style>b</p>", "<p>ab</p>"),
        ('<p style="color:red" onclick="x()" class="z" id="w">a</p>', "<p>a</p>"),
        ('<p style="display: none">hidden</p><p>a</p>', "<p>a</p>"),
        ('<span class="mgHide">ref: 1</span><p>a</p>', "<p>a</p>"),
        ('<a href="javascript:x()">a</a>', "<p>a</p>"),
        ('<img src="https://far.example/p.gif" onerror="x()">a', "<p>a</p>"),
        ("<iframe src='//far.example'></iframe><object data='x'></object>a", "<p>a</p>"),
        ("<svg onload=x()><script>x</script></svg>a", "<p>a</p>"),
        ("<form action='x'><input value='b'>a</form>", "<p>a</p>"),
        ("<!-- no --><p>a</p><?php x ?>", "<p>a</p>"),
        ("a &lt;script&gt; &amp; b", "<p>a &lt;script&gt; &amp; b</p>"),
        ("<h1>a</h1>", "<h4>a</h4>"),
        (
            '<ol start="3" type="a" onclick="x"><li>a</li></ol>',
            '<ol start="3" type="a"><li>a</li></ol>',
        ),
        (
            '<table border=1><tr><td colspan="2" background="x">a</td></tr></table>',
            '<table><tr><td colspan="2">a</td></tr></table>',
        ),
        (
            '<table><tr><td colspan="2;x">a</td></tr></table>',
            "<table><tr><td>a</td></tr></table>",
        ),
        ("<div><div><p>a</p></div><div>b</div></div>", "<p>a</p><p>b</p>"),
        ("<p>a\0b\x1f</p>", "<p>ab</p>"),
        ("", "<p></p>"),
        ("<", "<p>&lt;</p>"),
        ("</div></body></html><p>a</p>", "<p></p> <p>a</p>"),
        ("<html><head><title>t</title></head><body><p>a</p></body></html>", "<p>a</p>"),
    ],
)
def test_only_text_and_structure_come_through(markup: str, clean: str) -> None:
    assert re.sub(r"\s+", " ", sanitize(markup)) == clean


def test_what_is_clean_stays_as_it_is() -> None:
    once = sanitize(ITEMS[1][2])
    assert sanitize(once) == once


def test_deep_and_long_markup_is_no_trouble() -> None:
    assert "end" in sanitize("<b>" * 1_000 + "end")
    assert sanitize("<div>" * 200 + "end").endswith("end</p>")
    assert sanitize("<p>a</p>" * 20_000).count("<p>") == 20_000


def test_a_title_is_text() -> None:
    written = page(("1", "<script>x</script>", "<p>a</p>"))
    assert "<script" not in written
    assert "&lt;script&gt;" in written


def test_8_the_minutes_of_a_page_are_a_document_with_versions(tmp_path: Path) -> None:
    outcomes = []
    for run, text in enumerate(("draft", "draft", "final")):
        papers = inline_papers(("1", "Welcome", f"<p>This is the {text}.</p>"))
        with open_folder(tmp_path, f"r{run}") as holdings:
            row = holdings.meeting(ASHMERE, papers).keep_inline()
            assert row is not None
            outcomes.append(row.outcome)
    assert outcomes == ["new", "unchanged", "new_version"]
    assert row.kind == "minutes_inline"
    assert row.path is not None
    assert row.path.endswith(".html")
    assert list(papers_in(tmp_path)) == [row.path]
    assert len(list((tmp_path / ".superseded").rglob("*.html"))) == 1


def test_a_meeting_without_minutes_on_its_page_keeps_none(tmp_path: Path) -> None:
    with open_folder(tmp_path) as holdings:
        assert holdings.meeting(ASHMERE, papers_of()).keep_inline() is None
    assert papers_in(tmp_path) == {}
