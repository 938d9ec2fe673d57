"""Behaviours 45-52 of SCRAPING.md, section 5: lists, dates, and answers of the web service.

Each test asserts on the server's log and on the manifest.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from responses.catalogue import (
    CommitteeEntry,
    Council,
    Item,
    Paper,
    council_with,
    make_pdf,
    meeting_with,
    pack_href,
    report,
)
from responses.collecting import Collector
from responses.moderngov_server import ModernGovServer, answer

DAY = date(2025, 12, 11)
NUMBER = "<meetingid>100</meetingid>"
PDF = make_pdf("A report")


def test_45_dates_are_filtered_here_whatever_the_service_does(collect: Collector) -> None:
    days = [date(year, 6, 15) for year in range(1998, 2031)]
    meetings = [
        meeting_with(report(str(day.year), "Report"), meeting_id=str(day.year), day=day)
        for day in days
    ]
    with ModernGovServer([council_with(*meetings, ignores_dates=True)]) as server:
        counts = collect.one(server, since=date(2013, 4, 1), until=date(2014, 6, 15))
    assert sorted(collect.meetings()) == ["2013", "2014"]
    assert counts.n_meetings == 2
    (asked,) = server.asked("GetMeetings")
    assert "sFromDate=01/04/2013" in asked.target
    assert "sToDate=15/06/2014" in asked.target
    assert len(server.asked("ieListDocuments")) == 2
    assert len(server.documents()) == 2


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("31/02/2024", None),
        ("", None),
        ("TBC", None),
        ("01/02/2003", "2003-02-01"),
        ("26/10/2025", "2025-10-26"),  # the day on which summer time ends
    ],
)
def test_46_days_are_never_guessed(collect: Collector, raw: str, told: str | None) -> None:
    meeting = meeting_with(report("5", "Report", PDF), raw_day=raw)
    with ModernGovServer([council_with(meeting)]) as server:
        # The page says nothing of the day, so that the service's word alone counts.
        server.on("ieListDocuments", answer(404, b"<html>gone</html>"), for_ever=True)
        collect.run(server)
    row = collect.meetings()["100"]
    assert row["meeting_day"] == told
    assert told is not None or row["warnings"]
    assert len(server.documents()) == 1


@pytest.mark.parametrize("raw", ["10.00 am", "2:00pm", "12.00 noon", "TBC"])
def test_46_times_are_kept_as_written(collect: Collector, raw: str) -> None:
    with ModernGovServer([council_with(meeting_with(time=raw))]) as server:
        collect.run(server)
    assert collect.meetings()["100"]["meeting_time_raw"] == raw
    assert len(server.asked("GetMeeting\\?")) == 1


@pytest.mark.parametrize(
    ("status", "body", "media_type"),
    [
        (500, "Missing parameter: sFromDate.", "text/plain"),
        (500, "Request format is unrecognized for URL unexpectedly ending in '/X'.", "text/plain"),
        (404, "<html><body>The page cannot be found</body></html>", "text/html"),
        (409, "Conflict", "text/plain"),
        (200, "<html><body>Welcome</body></html>", "text/html"),
    ],
)
def test_47_without_the_service_the_pages_are_read(
    collect: Collector, status: int, body: str, media_type: str
) -> None:
    with ModernGovServer([council_with(meeting_with(report("5", "Report", PDF)))]) as server:
        server.on("mgWebService", answer(status, body, media_type), for_ever=True)
        counts = collect.one(server)
    assert counts.n_meetings == 1
    assert collect.document()["outcome"] == "new"
    assert collect.meetings()["100"]["sources"] == ["html"]
    assert server.asked("mgListCommittees")
    assert server.asked("ieListMeetings")


def test_47_both_ways_are_named(collect: Collector) -> None:
    with ModernGovServer([council_with(meeting_with(report("5", "Report", PDF)))]) as server:
        collect.run(server)
    assert sorted(collect.meetings()["100"]["sources"]) == ["html", "xml"]
    assert len(server.documents()) == 1


@pytest.mark.parametrize(
    ("method", "xml", "n_meetings"),
    [
        ("GetMeetings", "<getmeetings></getmeetings>", 0),
        ("GetMeetings", "<getmeetings><committee></committee></getmeetings>", 0),
        ("GetMeeting\\?", f"<meeting>{NUMBER}<agendaitems>\n </agendaitems></meeting>", 1),
        ("GetMeeting\\?", f"<meeting>{NUMBER}</meeting>", 1),
    ],
)
def test_48_empty_and_missing_elements_break_nothing(
    collect: Collector, method: str, xml: str, n_meetings: int
) -> None:
    with ModernGovServer([council_with(meeting_with())]) as server:
        server.on(method, answer(200, xml, "text/xml"), for_ever=True)
        counts = collect.one(server)
    assert counts.all_well
    assert (counts.n_meetings, counts.n_found) == (n_meetings, 0)
    assert len(collect.meetings()) == n_meetings
    assert len(server.asked(method)) == 1


def test_48_none_is_another_answer_than_could_not_check(collect: Collector) -> None:
    with ModernGovServer([council_with()]) as server:
        assert collect.one(server).all_well
        assert collect.rows("run")[-1]["reason"] is None
        server.on("mgWebService|aspx", answer(500, b"broken"), for_ever=True)
        collect.later(2)
        counts = collect.one(server)
    assert not counts.all_well
    assert counts.n_not_checked == 1
    assert collect.rows("run")[-1]["reason"] is not None


@pytest.mark.parametrize(
    ("start", "apostrophe"), [(b"\xef\xbb\xbf", "\u2019".encode()), (b"", b"\x92")]
)
def test_49_titles_are_unescaped_and_odd_bytes_mended(
    collect: Collector, start: bytes, apostrophe: bytes
) -> None:
    items = (Item("1001", "1.", "Children & young people's plan", (report("5", "A & B", PDF),)),)
    xml = (
        b'<?xml version="1.0" encoding="utf-8"?><meeting><meetingid>100</meetingid>'
        b"<meetingdate>11/12/2025</meetingdate><agendaitems><agendaitem>"
        b"<agendaitemid>1001</agendaitemid><agendaitemtitle>Children &amp;amp; young "
        b"people&amp;#39;s plan</agendaitemtitle><fulldisplaynumberformat>1."
        b"</fulldisplaynumberformat><minutesnonemptyhtmlbody><div><div>Agreed"
        + apostrophe
        + b"s&nbsp;wording&#x1F;</div></div></minutesnonemptyhtmlbody></agendaitem></agendaitems>"
        b"</meeting>"
    )
    with ModernGovServer([council_with(meeting_with(items=items))]) as server:
        server.on(
            "GetMeeting\\?", answer(200, start + xml, "text/xml; charset=utf-8"), for_ever=True
        )
        collect.run(server)
    report_row = collect.document(attachment_id="5")
    assert "Children & young people's plan" in {
        place["title"] for place in report_row["placements"]
    }
    inline = collect.document(kind="minutes_inline")
    text = collect.bytes_of(inline).decode()
    assert "1. Children &amp; young people" in text
    assert "Agreed\u2019s" in text
    assert "wording" in text
    assert collect.meetings()["100"]["warnings"]
    assert len(server.documents()) == 1


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:{port}/secret">]>',
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY x "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_50_a_doctype_is_refused(collect: Collector, doctype: str) -> None:
    with ModernGovServer([council_with(meeting_with(report("5", "Report", PDF)))]) as server:
        head = doctype.replace("{port}", str(server.port))
        xml = (
            f'<?xml version="1.0"?>{head}<committees><committee><committeeid>130</committeeid>'
            "<committeetitle>Health and Wellbeing Board &x;</committeetitle></committee>"
            "</committees>"
        )
        server.on("GetCommittees", answer(200, xml, "text/xml"), for_ever=True)
        counts = collect.one(server)
    assert not server.asked("secret")
    # The list is read from the pages instead.
    assert server.asked("mgListCommittees")
    assert counts.n_new == 1
    assert collect.document()["outcome"] == "new"


def test_51_current_and_shadow_boards_are_read_and_scrutiny_is_not(collect: Collector) -> None:
    def committee(number: str, title: str, day: date, *, expired: bool = False) -> CommitteeEntry:
        meeting = meeting_with(report(f"{number}5", "Report"), meeting_id=f"{number}0", day=day)
        return CommitteeEntry(number, title, (meeting,), expired=expired)

    council = Council(
        "Ashmere",
        (
            committee("1", "Health and Wellbeing Board", DAY),
            committee("2", "Shadow Health & Well-being Board", date(2012, 10, 2), expired=True),
            committee("3", "Health and Wellbeing Scrutiny Committee", DAY),
            committee("4", "Cabinet", DAY),
        ),
    )
    with ModernGovServer([council]) as server:
        collect.run(server)
    assert sorted(collect.meetings()) == ["10", "20"]
    assert sorted(server.documents()) == [
        "/documents/s15/Report.pdf",
        "/documents/s25/Report.pdf",
    ]


def test_52_chains_that_cycle_and_traps_are_not_followed(collect: Collector) -> None:
    meeting = meeting_with(report("5", "Report", PDF))
    traps = (
        '<a href="mgCalendarMonthView.aspx?M=1&amp;DD=9999">Next</a>'
        '<a href="ieIssueDetails.aspx?IId=1&amp;Opt=3">History</a>'
        '<a href="mgIssueHistoryHome.aspx?IId=1&amp;Opt=0">All history</a>'
    )
    council = council_with(meeting, more_links=traps, has_web_service=False)

    def listed(number: int) -> str:
        return (
            '<div id="modgov"><ul class="mgBulletList"><li><a class="mgMeetingTableLnk" '
            'href="ieListDocuments.aspx?CId=130&amp;MId=100&amp;Ver=4">11 Dec 2025 10.00 am</a>'
            "</li></ul>"
            f'<a href="ieListMeetings.aspx?Act=earlier&amp;CId=130&amp;D={number}&amp;'
            f'MD=ielistmeetings">Earlier meetings</a>{traps}</div>'
        )

    with ModernGovServer([council]) as server:
        for number in range(100):
            to = (number + 1) % 5  # earlier and earlier, and round again
            server.on(rf"ieListMeetings.*D={number}&", answer(200, listed(to)), for_ever=True)
        server.on("ieListMeetings.*Year=0", answer(200, listed(0)), for_ever=True)
        counts = collect.one(server)
    assert counts.n_meetings == 1
    assert collect.document()["outcome"] == "new"
    assert len(server.asked("ieListMeetings")) <= 6
    assert not server.asked("Calendar|Issue")


def test_52_a_long_honest_chain_is_read_to_its_end(collect: Collector) -> None:
    days = [date(2016, 1, 7) + timedelta(days=100 * n) for n in range(20)]
    meetings = [
        meeting_with(
            header=(Paper(pack_href(str(n), day), "Public reports pack", PDF),),
            meeting_id=str(n),
            day=day,
        )
        for n, day in enumerate(days, start=1)
    ]
    council = council_with(*meetings, has_web_service=False)

    def listed(first: int) -> str:
        rows = "".join(
            f'<li><a href="ieListDocuments.aspx?CId=130&amp;MId={n}&amp;Ver=4">'
            f"{days[n - 1].day} {days[n - 1]:%b %Y} 10.00 am</a></li>"
            for n in range(first, first - 5, -1)
        )
        earlier = (
            f'<a href="ieListMeetings.aspx?Act=earlier&amp;CId=130&amp;D={first - 5}'
            '&amp;MD=ielistmeetings">Earlier meetings</a>'
            if first > 5
            else ""
        )
        return f'<div id="modgov"><ul class="mgBulletList">{rows}</ul>{earlier}</div>'

    with ModernGovServer([council]) as server:
        server.on("ieListMeetings.*Year=0", answer(200, listed(20)), for_ever=True)
        for first in (15, 10, 5):
            server.on(rf"ieListMeetings.*D={first}&", answer(200, listed(first)), for_ever=True)
        counts = collect.one(server)
    assert counts.n_meetings == 20
    assert len(collect.meetings()) == 20
    assert len(server.asked("ieListMeetings")) == 4
