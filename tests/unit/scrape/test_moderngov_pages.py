"""Pages of a site, in several skins."""

from __future__ import annotations

from datetime import date

import pytest

from hwbtext.scrape.moderngov.meeting_page import read_page
from hwbtext.scrape.moderngov.pages import (
    page_type,
    read_committees_page,
    read_item_page,
    read_meeting_page,
    read_meetings_page,
    read_pack_page,
)
from hwbtext.scrape.records import Placement, UnreadableAnswerError

BASE = "https://democracy.ashmere.gov.uk"
URL = f"{BASE}/ieListDocuments.aspx?CId=7&MId=12&Ver=4"
SIZE = '<span class="mgFileSize"><img alt="pdf icon"> PDF 119 KB</span>'

HEADER = f"""
<div class="mgLinks"><ul class="mgActionList">
 <li><a href="mgMeetingAttendance.aspx?ID=12">Attendance details</a></li>
 <li><a href="documents/g99/Agenda frontsheet 4th-Jun-2024.pdf?T=0">Agenda frontsheet {SIZE}</a>
 </li>
 <li><a href="documents/g99/Printed minutes 4th-Jun-2024.pdf?T=1">Printed draft minutes {SIZE}</a>
 </li>
 <li><a href="documents/b5/Late.pdf?T=9">Tabled by the clerk {SIZE}</a></li>
 <li><a href="https://video.thornholme.org/12">Watch the meeting</a></li>
</ul></div>"""

ITEMS = f"""
<table class="mgItemTable"><tr><th class="mgHide">No.</th></tr>
<tr><td class="mgItemNumberCell"><p class="mgAiTitleTxt"><a name="AI501"></a>1.</p></td><td>
 <p class="mgAiTitleTxt">Apologies</p>
 <ul class="mgActionList"><li><a href="mgIssueHistoryHome.aspx?IId=3">Background</a></li></ul>
 <p class="mgSubItemTitleTxt">Minutes:</p>
 <div class="mgWordPara"><p>None&rsquo;s sent.</p></div></td></tr>
<tr><td class="mgItemNumberCell"><p class="mgAiTitleTxt"><a name="AI502"></a>2.</p></td><td>
 <p class="mgAiTitleTxt"><a class="mgAiTitleLnk" href="documents/s30/Minutes.pdf">Minutes {SIZE}</a>
 </p>
 <div class="mgWordPara"><p>Held on <a href="mailto:clerk@ashmere.gov.uk">3 May</a>.</p></div>
</td></tr>
<tr><td class="mgItemNumberCell"><p class="mgAiTitleTxt"><a name="AI503"></a>3.</p></td><td>
 <p class="mgAiTitleTxt"><a class="mgAiTitleLnk" href="documents/s31/Care &amp; plan.pdf">Care
 &amp; plan <span class="mgHide">ref: 13567</span> {SIZE}</a></p>
 <p class="mgSubItemTitleTxt">Additional documents:</p>
 <ul class="mgBulletList">
  <li><a href="documents/s32/Annex.pdf">Annex<span class="mgHide">, item 3.</span> {SIZE}</a></li>
  <li><a href="documents/s30/Minutes.pdf">Minutes again (PDF, 132 KB)</a></li>
  <li><a href="documents/s31/Care.htm">View as HTML (64/2) 102 KB</a></li>
  <li><a href="mgAi.aspx?ID=503#mgDocuments">View the full list of documents for item 3.</a></li>
 </ul>
 <p class="mgSubItemTitleTxt">Decision:</p><div class="mgWordPara"><p>Agreed.</p></div>
 <p class="mgSubItemTitleTxt">Minutes:</p>
 <div class="mgWordPara"><p>Long talk &nbsp;...&nbsp; <a href="mgAi.aspx?ID=503"
  >view the full minutes text for item 3.</a></p></div>
 <table><caption class="mgSectionTitle">Recorded Vote</caption><tr><td>Carried</td></tr></table>
</td></tr>
<tr><td class="mgItemNumberCell"><p class="mgAiTitleTxt"><a name="AI504"></a>4.</p></td><td>
 <p class="mgAiTitleTxt">Exempt matter</p>
 <p><a href="mgReasonsRestricted.aspx?OID=504&amp;OT=A">View reasons why it is restricted</a></p>
</td></tr></table>"""

TITLE = '<h2 class="mgSubTitleTxt">Ashmere Board - Tuesday, 4th June, 2024 10.00 am</h2>'
NAVIGATION = """<nav><ul><li><a href="mgListCommittees.aspx?bcr=1">Committees</a></li>
<li><a href="ieListMeetings.aspx?CId=686&info=1&MD=Constitution">Constitution</a></li>
<li><a href="https://www.ashmere.gov.uk/privacy.pdf">Privacy</a></li></ul></nav>"""


def a_page(*parts: str, title: str = TITLE, main: str = "Agenda and draft minutes") -> bytes:
    return (
        f'<!DOCTYPE html><html><body>{NAVIGATION}<div id="modgov"><h1 class="mgMainTitleTxt">'
        f'{main}</h1><div class="mgSubTitle">{title}</div>{"".join(parts)}'
        f'<div class="mgFooter"><a href="documents/s1/Help.pdf">Help</a></div></div></body></html>'
    ).encode()


def test_a_page_gives_all_that_it_lists() -> None:
    papers = read_meeting_page(a_page(HEADER, ITEMS), URL)
    meeting = papers.meeting
    assert (meeting.meeting_id, meeting.committee_id, meeting.committee) == (
        "12",
        "7",
        "Ashmere Board",
    )
    assert (meeting.day, meeting.time_raw, meeting.status) == (
        date(2024, 6, 4),
        "10.00 am",
        "unknown",
    )
    assert [
        (one.title, one.kind, [p.number for p in one.placements]) for one in papers.listings
    ] == [
        ("Agenda frontsheet", "agenda", []),
        ("Printed draft minutes", "minutes", []),
        ("Tabled by the clerk", "supplement", []),
        ("Watch the meeting", "other", []),
        ("Minutes", "previous_minutes", ["2", "3"]),
        ("Care & plan", "report", ["3"]),
        ("Annex", "report", ["3"]),
        ("Exempt matter", "report", ["4"]),
    ]
    assert [one.restricted for one in papers.listings] == [False] * 7 + [True]
    assert [one.offsite for one in papers.listings] == [False] * 3 + [True] + [False] * 4
    assert papers.listings[4].placements[0] == Placement("502", "2", "Minutes")
    assert papers.listings[5].url == f"{BASE}/documents/s31/Care%20&%20plan.pdf"
    assert papers.listings[5].title_raw == "Care & plan ref: 13567 PDF 119 KB"
    assert papers.sources == ("html",)
    assert papers.warnings == ("cut short on the page: item 3",)


def test_inline_minutes_stand_by_item_and_decisions_apart() -> None:  # behaviour 8
    page = read_page(a_page(HEADER, ITEMS), URL)
    assert [(one.number, one.title) for one in page.papers.inline] == [
        ("1", "Apologies"),
        ("3", "Care & plan"),
    ]
    assert "None’s sent." in page.papers.inline[0].html
    assert "view the full" not in page.papers.inline[1].html
    assert "Carried" not in page.papers.inline[1].html
    assert page.papers.inline[1].html.endswith("Long talk …</p></div>")
    assert [one.number for one in page.decisions] == ["3"]
    (more,) = page.more
    assert (more.url, more.minutes, more.placement.number) == (
        f"{BASE}/mgAi.aspx?ID=503",
        True,
        "3",
    )
    assert page.n_items == 4


def test_an_older_skin_without_tables() -> None:
    body = f"""{TITLE}<div class="mgLinks"><ul class="mgActionList">
    <li><a href="mgConvert2PDF.aspx?ID=30&amp;T=0">Agenda frontsheet PDF 54 KB</a></li>
    <li><a href="mgChooseDocPack.aspx?ID=30">Agenda reports pack</a></li>
    <li><a href="mgConvert2Pdf.aspx?ID=59&amp;T=9">Call in</a></li></ul></div>
    <div class="mgContent"><p class="mgAiTitleTxt"><a name="AI192"></a>1.</p>
    <p class="mgAiTitleTxt"><a href="mgConvert2PDF.aspx?ID=69">Minutes</a></p>
    <p class="mgAiTitleTxt">Part two</p>
    <p class="mgAiTitleTxt"><a name="AI193"></a>2a</p><p class="mgAiTitleTxt">Plan</p>
    <a href="mgConvert2PDF.aspx?ID=70">Annex</a></div>"""
    page = read_page(body.encode(), URL)
    assert [(one.kind, one.attachment_id) for one in page.papers.listings] == [
        ("agenda", None),
        ("pack", None),
        ("supplement", None),
        ("previous_minutes", "69"),
        ("report", "70"),
    ]
    assert page.choosers == (f"{BASE}/mgChooseDocPack.aspx?ID=30",)
    assert page.papers.listings[4].placements == (Placement("193", "2a", "Plan"),)
    assert page.n_items == 3


@pytest.mark.parametrize(
    ("title", "committee", "status"),
    [
        ('<h2 class="mgSubTitleTxt">Ashmere Board</h2><h2 class="mgSubTitleTxt">Tuesday, 4th June,'
         " 2024 10.00 am</h2>", "Ashmere Board", "unknown"),
        ('<h2 class="mgSubTitleTxt">Ashmere Board - Tuesday 4 June 2024 10:00 am, CANCELLED</h2>',
         "Ashmere Board", "cancelled"),
        ("</div><title>Agenda for Ashmere Board on Tuesday, 4th June, 2024, 10.00 am - Council"
         "</title><div>", "Ashmere Board", "unknown"),
    ],
)  # fmt: skip
def test_headings_of_skins(title: str, committee: str, status: str) -> None:
    meeting = read_meeting_page(a_page(HEADER, ITEMS, title=title), URL).meeting
    assert (meeting.day, meeting.committee) == (date(2024, 6, 4), committee)
    assert (meeting.status, meeting.time_raw) == (status, meeting.time_raw)
    assert (meeting.time_raw or "").startswith("10")


def test_a_saved_page_tells_its_meeting() -> None:
    papers = read_meeting_page(a_page(HEADER), BASE, base=BASE)
    assert papers.meeting.meeting_id == "12"
    assert papers.meeting.url == f"{BASE}/ieListDocuments.aspx?MId=12&Ver=4"
    with pytest.raises(UnreadableAnswerError, match="number"):
        read_meeting_page(a_page(ITEMS), BASE)


def test_a_cancelled_or_coming_meeting_has_no_papers() -> None:  # behaviour 13
    body = a_page("<p>No documents are available for this meeting</p>", main="Meeting")
    papers = read_meeting_page(body, URL)
    assert papers.listings == ()
    assert papers.could_not_check is None


def test_links_start_from_the_base_of_the_page() -> None:  # behaviour 42
    body = a_page('<base href="https://democracy.ashmere.gov.uk/modernGov/">', HEADER)
    papers = read_meeting_page(body, "https://democracy.ashmere.gov.uk/other/page")
    assert papers.listings[0].url.startswith(f"{BASE}/modernGov/documents/g99/")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body><h1>Sorry</h1></body></html>",
        b"<form action='ieLogon.aspx'><input type='password'></form>",
        b'<h1 class="mgMainTitleTxt">Decision details</h1><h2 class="mgSubTitleTxt">Plan</h2>',
        b"<html><script src='/_Incapsula_Resource?x'></script></html>",
        b"\x00\x01",
    ],
)
def test_what_is_no_meeting_page_is_not_read(body: bytes) -> None:
    assert page_type(body) is None
    for read in (read_meeting_page, read_meetings_page, read_committees_page):
        with pytest.raises(UnreadableAnswerError):
            read(body, URL)


def a_list(*rows: str) -> bytes:
    return a_page(
        '<div class="mgMeetingsEarlierLater">'
        '<a href="ieListMeetings.aspx?Act=earlier&amp;CId=7&amp;D=202401011000">Earlier</a>'
        '<a href="ieListMeetings.aspx?Act=later&amp;CId=7&amp;D=202601011000">Later</a></div>'
        f"<ul>{''.join(rows)}</ul>",
        '<a href="mgCalendarMonthView.aspx?M=1&amp;DD=9999">Calendar</a>',
        title='<h2 class="mgSubTitleTxt">Ashmere Board</h2>',
        main="Browse meetings",
    )


def a_row(number: int, text: str, after: str = "", title: str = "") -> str:
    return (
        f'<li><a class="mgMeetingTableLnk" title="{title}" '
        f'href="ieListDocuments.aspx?CId=7&amp;MId={number}&amp;Ver=4">{text}</a>{after}</li>'
    )


def test_a_list_of_meetings() -> None:
    page = read_meetings_page(
        a_list(
            a_row(3, "4 Jun 2024&nbsp;7&#58;30 pm", " - Agenda, Decisions, Minutes"),
            a_row(2, "5 Mar 2024 7.30 pm", " - CANCELLED"),
            a_row(1, "Meeting", title="Link to meeting of 9 Jan 2024"),
            a_row(3, "4 Jun 2024"),
            '<li><a href="https://other.gov.uk/ieListDocuments.aspx?MId=8">1 May 2024</a></li>',
        ),
        f"{BASE}/(S(k2))/ieListMeetings.aspx?CId=7&Year=0",
        base=BASE,
    )
    assert [(one.meeting_id, one.day, one.status) for one in page.meetings] == [
        ("3", date(2024, 6, 4), "unknown"),
        ("2", date(2024, 3, 5), "cancelled"),
        ("1", date(2024, 1, 9), "unknown"),
    ]
    assert [one.time_raw for one in page.meetings] == ["7:30 pm", "7.30 pm", None]
    assert {one.committee_id for one in page.meetings} == {"7"}
    assert len(page.earlier) == len(page.later) == 1


def test_a_list_without_meetings_is_a_list() -> None:
    assert read_meetings_page(a_list(), URL).meetings == ()
    assert page_type(a_list()) == "meetings"


def test_committees_are_those_of_the_page_not_of_its_navigation() -> None:
    body = a_page(
        '<div class="mgContent"><h2 class="mgSectionTitle">Boards</h2><ul class="mgBulletList">'
        '<li><a href="mgCommitteeDetails.aspx?ID=7">Health &#38; Wellbeing Board</a></li>'
        '<li><a href="ieListMeetings.aspx?CId=8&amp;Year=0">Cabinet</a></li></ul>'
        '<h2 class="mgSectionTitle">Former committees</h2>'
        '<ul><li><a href="mgCommitteeDetails.aspx?ID=9">Shadow Board</a></li></ul></div>',
        title="",
        main="Committee structure",
    )
    assert page_type(body) == "committees"
    assert [
        (one.committee_id, one.title, one.expired) for one in read_committees_page(body, BASE)
    ] == [
        ("7", "Health & Wellbeing Board", False),
        ("8", "Cabinet", False),
        ("9", "Shadow Board", True),
    ]


def test_the_page_of_a_pack_offers_files() -> None:
    body = a_page(
        '<div class="mgContent"><a href="documents/g30/Public reports pack.pdf?T=10">Public</a>'
        '<a href="mgChooseDocPack.aspx?ID=30">This page</a></div>'
    )
    (listing,) = read_pack_page(body, f"{BASE}/mgChooseDocPack.aspx?ID=30", base=BASE)
    assert listing.kind == "pack"


def test_the_page_of_an_item_has_the_whole() -> None:
    body = a_page(
        '<div class="mgContent"><h2 class="mgSectionTitle">Minutes:</h2>'
        '<div class="mgWordPara"><p>Long talk in full.</p></div>'
        '<h2 class="mgSectionTitle">Supporting documents:</h2><ul class="mgBulletList">'
        '<li><a href="documents/s32/Annex.pdf">Annex</a></li>'
        '<li><a href="documents/s33/Annex.pdf">Annex</a></li></ul></div>',
        title='<h2 class="mgSubTitleTxt">Plan</h2>',
        main="Agenda item",
    )
    page = read_item_page(body, f"{BASE}/mgAi.aspx?ID=503", base=BASE)
    assert [one.attachment_id for one in page.listings] == ["32", "33"]
    assert "in full" in (page.minutes or "")
    assert page_type(body) is None
