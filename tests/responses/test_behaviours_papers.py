"""Behaviours 1-16 of SCRAPING.md, section 5: what is listed, and what is kept of it.

Each test asserts on the server's log and on the manifest.
"""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from responses.catalogue import (
    Item,
    Paper,
    council_with,
    make_pdf,
    meeting_with,
    minutes_href,
    pack_href,
    report,
)
from responses.collecting import Collector
from responses.moderngov_server import ModernGovServer, answer

DAY = date(2025, 12, 11)
MINUTES = Paper(minutes_href("100", DAY), "Printed minutes", make_pdf("Minutes"))
PACK = Paper(pack_href("100", DAY), "Public reports pack", make_pdf("Pack"))


def test_01_one_document_of_three_items_is_fetched_once(collect: Collector) -> None:
    paper = report("5", "Better Care Fund")
    with ModernGovServer([council_with(meeting_with(paper, paper, paper))]) as server:
        counts = collect.one(server)
    assert len(server.documents()) == 1
    row = collect.document()
    assert row["outcome"] == "new"
    assert [place["number"] for place in row["placements"]] == ["1", "2", "3"]
    assert (counts.n_found, counts.n_new) == (1, 1)


def test_02_two_addresses_of_equal_bytes_are_one_file(collect: Collector) -> None:
    body = make_pdf("The same")
    first = report("5", "Report", body)
    second = Paper("mgConvert2PDF.aspx?ID=5", "Report", body, xml_href="mgConvert2PDF.aspx?ID=5")
    with ModernGovServer([council_with(meeting_with(first, second))]) as server:
        collect.run(server)
    rows = collect.documents()
    assert len(server.documents()) == len(rows) == 2
    assert [row["outcome"] for row in rows] == ["new", "duplicate"]
    assert rows[1]["duplicate_of"] == rows[0]["doc_key"]
    assert rows[0]["path"] == rows[1]["path"]
    assert len({row["url_final"] for row in rows}) == 2
    assert len(collect.papers()) == 1


def test_03_an_attachment_and_a_pack_of_one_number_are_never_merged(collect: Collector) -> None:
    one = Paper("mgConvert2PDF.aspx?ID=5", "Report", make_pdf("Report"))
    pack = Paper("mgConvert2PDF.aspx?ID=5&T=10", "Public reports pack", make_pdf("Pack"))
    with ModernGovServer([council_with(meeting_with(one, header=(pack,)))]) as server:
        collect.run(server)
    rows = collect.documents()
    assert {row["outcome"] for row in rows} == {"new"}
    assert len({row["doc_key"] for row in rows}) == 2
    assert {collect.bytes_of(row) for row in rows} == {one.bytes(), pack.bytes()}
    assert sorted(server.documents()) == [
        "/mgConvert2PDF.aspx?ID=5",
        "/mgConvert2PDF.aspx?ID=5&T=10",
    ]


def test_04_two_appendices_of_one_name_are_two_files(collect: Collector) -> None:
    one, two = report("6", "Appendix 1", make_pdf("a")), report("7", "Appendix 1", make_pdf("b"))
    with ModernGovServer([council_with(meeting_with(one, two))]) as server:
        collect.run(server)
    names = [path.name for path in collect.papers()]
    assert len(names) == len(set(names)) == 2
    assert {collect.bytes_of(row) for row in collect.documents()} == {one.bytes(), two.bytes()}
    assert len(server.documents()) == 2


@pytest.mark.parametrize(
    ("one", "two"),
    [("Report", "report"), ("Caf\u00e9", unicodedata.normalize("NFD", "Caf\u00e9"))],
)
def test_05_names_that_differ_in_case_or_form_stay_apart(
    collect: Collector, one: str, two: str
) -> None:
    first, second = report("6", one, make_pdf("a")), report("7", two, make_pdf("b"))
    with ModernGovServer([council_with(meeting_with(first, second))]) as server:
        collect.run(server)
    names = [path.name for path in collect.papers()]
    assert len({name.casefold() for name in names}) == 2
    assert all(unicodedata.is_normalized("NFC", name) for name in names)
    assert len(server.documents()) == 2
    assert {row["title"] for row in collect.documents()} <= {one, two, "Caf\u00e9"}


def test_06_a_pack_and_its_parts_are_kept_and_linked(collect: Collector) -> None:
    parts = (report("6", "Fuel poverty"), report("7", "Dementia"))
    with ModernGovServer([council_with(meeting_with(*parts, header=(PACK,)))]) as server:
        collect.run(server)
    pack = collect.document(kind="pack")
    rows = collect.documents(kind="report")
    assert len(rows) == 2
    assert {row["part_of"] for row in rows} == {pack["doc_key"]}
    assert len(server.documents()) == 3


def test_06_parts_are_not_asked_for_where_the_pack_is(collect: Collector) -> None:
    with_pack = meeting_with(report("6", "Fuel poverty"), header=(PACK,))
    without = meeting_with(report("8", "Dementia"), meeting_id="101", day=date(2026, 1, 2))
    with ModernGovServer([council_with(with_pack, without)]) as server:
        counts = collect.one(server, kinds=("pack",))
    assert len(server.documents()) == 2
    assert not server.asked("Fuel poverty")
    assert collect.document(title="Fuel poverty")["outcome"] == "listed"
    assert "the meeting has no pack" in collect.document(title="Dementia")["kind_evidence"]
    assert (counts.n_found, counts.n_new) == (2, 2)


def test_07_linked_minutes_are_of_another_meeting(collect: Collector) -> None:
    linked = report("9", "Minutes of 6 November 2025")
    june = meeting_with(linked, header=(MINUTES,))
    with ModernGovServer([council_with(june)]) as server:
        collect.run(server)
    assert collect.document(title="Printed minutes")["kind"] == "minutes"
    assert collect.document(attachment_id="9")["kind"] == "previous_minutes"
    assert len(server.documents()) == 2


def test_07_linked_minutes_are_taken_only_where_that_meeting_has_none(
    collect: Collector,
) -> None:
    first = meeting_with(header=(MINUTES,))
    second = meeting_with(
        report("8", "Minutes of the previous meeting"), meeting_id="101", day=date(2026, 1, 2)
    )
    third = meeting_with(
        report("9", "Minutes of the previous meeting"), meeting_id="102", day=date(2026, 2, 2)
    )
    with ModernGovServer([council_with(first, second, third)]) as server:
        collect.run(server)
    # The first meeting has minutes of its own; the second has not.
    assert not server.asked("documents/s8")
    assert len(server.asked("documents/s9")) == 1
    assert collect.document(attachment_id="8")["outcome"] == "listed"
    assert "no minutes of its own" in collect.document(attachment_id="9")["kind_evidence"]


def test_08_inline_minutes_are_kept_with_their_items(collect: Collector) -> None:
    items = (
        Item("1001", "1.", "Apologies", minutes="<p>Apologies came from two members.</p>"),
        Item("1002", "2.", "Winter plan", minutes="<p>RESOLVED that the plan be noted.</p>"),
    )
    with ModernGovServer([council_with(meeting_with(items=items))]) as server:
        counts = collect.one(server)
    row = collect.document()
    assert (row["kind"], row["outcome"]) == ("minutes_inline", "new")
    text = collect.bytes_of(row).decode()
    assert text.index("1. Apologies") < text.index("2. Winter plan")
    assert "RESOLVED that the plan be noted." in text
    assert row["path"].endswith(".html")
    assert server.documents() == []
    assert (counts.n_found, counts.n_new) == (1, 1)


def test_08_printed_minutes_take_the_place_of_inline_ones(collect: Collector) -> None:
    items = (Item("1001", "1.", "Apologies", minutes="<p>Apologies came from two.</p>"),)
    with ModernGovServer([council_with(meeting_with(items=items))]) as server:
        collect.run(server)
        server.councils[0].change("100", header=(MINUTES,))
        collect.later(7)
        collect.run(server)
    assert [path.suffix for path in collect.papers()] == [".pdf"]
    assert len(list((collect.out / ".superseded").rglob("*.html"))) == 1
    assert collect.document(kind="minutes_inline")["path"] is None


def test_09_minutes_that_change_are_a_new_version(collect: Collector) -> None:
    with ModernGovServer([council_with(meeting_with(header=(MINUTES, PACK)))]) as server:
        collect.run(server)
        draft = collect.document(kind="minutes")
        final = Paper(MINUTES.href, MINUTES.title, make_pdf("Minutes, corrected"))
        server.councils[0].change("100", header=(final, PACK))
        collect.later(30)
        counts = collect.one(server)
    row = collect.document(kind="minutes")
    assert row["outcome"] == "new_version"
    assert row["supersedes"] == draft["path"]
    assert collect.bytes_of(row) == final.bytes()
    assert (collect.out / ".superseded" / draft["path"]).read_bytes() == MINUTES.bytes()
    assert collect.document(kind="pack")["outcome"] == "unchanged"
    assert (counts.n_new, counts.n_unchanged) == (1, 1)
    assert len(server.documents()) == 4


@pytest.mark.parametrize(
    "validator",
    [{"etag": '"v1"'}, {"last_modified": "Thu, 11 Dec 2025 10:00:00 GMT"}],
)
def test_10_what_has_validators_is_asked_for_with_them(
    collect: Collector, validator: dict[str, str]
) -> None:
    paper = report("5", "Report", **validator)
    with ModernGovServer([council_with(meeting_with(paper))]) as server:
        collect.run(server)
        collect.later(7)
        counts = collect.one(server)
    first, second = server.asked("documents/s5")
    assert (first.status, second.status) == (200, 304)
    sent = {key.lower(): value for key, value in second.headers.items()}
    name = "if-none-match" if "etag" in validator else "if-modified-since"
    assert sent[name] in validator.values()
    row = collect.document()
    assert (row["outcome"], row["http_status"]) == ("unchanged", 304)
    assert collect.bytes_of(row) == paper.bytes()
    assert counts.n_unchanged == 1


def test_11_a_file_that_is_gone_is_asked_for_without_conditions(collect: Collector) -> None:
    paper = report("5", "Report", etag='"v1"')
    with ModernGovServer([council_with(meeting_with(paper))]) as server:
        collect.run(server)
        (collect.out / collect.document()["path"]).unlink()
        collect.run(server)  # the same day: what is missing is fetched all the same
    second = server.asked("documents/s5")[1]
    assert second.status == 200
    assert "If-None-Match" not in second.headers
    assert collect.bytes_of(collect.document()) == paper.bytes()


def test_12_recheck_finds_new_bytes_under_an_old_tag(collect: Collector) -> None:
    old = report("5", "Report", make_pdf("old"), etag='"same"')
    new = report("5", "Report", make_pdf("new"), etag='"same"')
    with ModernGovServer([council_with(meeting_with(old))]) as server:
        collect.run(server)
        server.councils[0].publish(*council_with(meeting_with(new)).committees)
        collect.later(7)
        collect.run(server)
        assert collect.document()["outcome"] == "unchanged"
        collect.later(7)
        collect.run(server, recheck=True)
    assert [one.status for one in server.asked("documents/s5")] == [200, 304, 200]
    row = collect.document()
    assert row["outcome"] == "new_version"
    assert collect.bytes_of(row) == new.bytes()


def test_13_a_cancelled_meeting_is_no_error_and_costs_nothing_held(collect: Collector) -> None:
    with ModernGovServer([council_with(meeting_with(header=(PACK,)))]) as server:
        collect.run(server)
        server.councils[0].change("100", status="Cancelled", header=(), items=())
        collect.later(7)
        counts = collect.one(server)
    assert counts.all_well
    assert (counts.n_meetings, counts.n_found) == (1, 0)
    meeting = collect.meetings()["100"]
    assert (meeting["status"], meeting["status_raw"]) == ("cancelled", "Cancelled")
    assert len(collect.papers()) == 1


def test_14_a_postponed_meeting_is_one_meeting_with_two_days(collect: Collector) -> None:
    with ModernGovServer([council_with(meeting_with(header=(PACK,)))]) as server:
        collect.run(server)
        server.councils[0].change("100", day=date(2026, 1, 22))
        collect.later(1.5)
        collect.run(server)
    assert list(collect.meetings()) == ["100"]
    meeting = collect.meetings()["100"]
    assert meeting["meeting_day"] == "2026-01-22"
    assert meeting["meeting_days_before"] == ["2025-12-11"]
    assert len(collect.papers()) == 1
    assert len(server.asked("ieListDocuments")) == 2


def test_15_a_meeting_that_vanishes_is_kept_and_dated(collect: Collector) -> None:
    stays = meeting_with(header=(PACK,))
    goes = meeting_with(report("9", "Report"), meeting_id="101", day=date(2025, 12, 18))
    with ModernGovServer([council_with(stays, goes)]) as server:
        collect.run(server)
        first = collect.meetings()["101"]["last_checked"]
        server.councils[0].publish(*council_with(stays).committees)
        collect.later(7)
        counts = collect.one(server)
    assert counts.n_meetings == 1
    assert collect.meetings()["101"]["last_seen"] == first
    assert collect.meetings()["100"]["last_seen"] is None
    assert len(collect.papers()) == 2


def test_16_what_is_restricted_is_never_asked_for(collect: Collector) -> None:
    paper = report("5", "Commercial terms", restricted=True)
    item = Item("1001", "1.", "Exempt business", (paper,), restricted=True)
    with ModernGovServer([council_with(meeting_with(items=(item,)))]) as server:
        server.on("documents/s5", answer(200, make_pdf("secret"), "application/pdf"))
        counts = collect.one(server)
    assert server.documents() == []
    assert collect.document(attachment_id="5")["outcome"] == "skipped_restricted"
    assert collect.papers() == []
    assert counts.n_refused == counts.n_found > 0
    assert counts.all_well
