"""Answers of the web service: behaviours 1, 8, 13, 16 and 48 to 50."""

from __future__ import annotations

from datetime import date

import pytest

from hwbtext.scrape.moderngov import tree
from hwbtext.scrape.moderngov.xml import read_committees, read_meeting, read_meetings
from hwbtext.scrape.records import Placement, UnreadableAnswerError

BASE = "https://democracy.ashmere.gov.uk"
HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n'


def a_document(number: int, title: str = "Plan", **fields: str) -> str:
    fields = {"isrestricted": "False", "isurl": "False"} | fields
    url = fields.pop("url", f"{BASE}/mgConvert2PDF.aspx?ID={number}")
    rest = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return (
        f"<linkeddoc><attachmentid>{number}</attachmentid><title>{title}</title>"
        f"<url>{url}</url>{rest}</linkeddoc>"
    )


def an_item(number: int, title: str, *documents: str, minutes: str = "\n  ") -> str:
    return (
        f"<agendaitem><agendaitemid>{900 + number}</agendaitemid>"
        f"<agendaitemtitle>{title}</agendaitemtitle>"
        f"<fulldisplaynumberformat>{number}.</fulldisplaynumberformat>"
        f"<minutesnonemptyhtmlbody>{minutes}</minutesnonemptyhtmlbody>"
        f"<linkeddocuments>{''.join(documents)}</linkeddocuments></agendaitem>"
    )


def a_meeting(*items: str, status: str = "Confirmed", day: str = "04/06/2024") -> bytes:
    return (
        HEAD
        + (
            f"<meeting><meetingid>4967</meetingid><meetingdate>{day}</meetingdate>"
            f"<meetingstatus>{status}</meetingstatus><meetingtime>10.00 am</meetingtime>"
            f"<meetingactualstarttime>\n  </meetingactualstarttime>"
            f"<agendaitems>\n  {''.join(items)}</agendaitems></meeting>"
        ).encode()
    )


def test_committees_are_unescaped_once_more() -> None:  # behaviour 49
    body = HEAD + (
        b"<committees><committeescount> 2</committeescount>"
        b"<committee><committeeid>130</committeeid>"
        b"<committeetitle>Health &amp;amp; Wellbeing Board</committeetitle>"
        b"<committeeexpired>False</committeeexpired></committee>"
        b"<committee><committeeid>7</committeeid>"
        b"<committeetitle>Children&amp;#39;s Trust</committeetitle>"
        b"<committeeexpired>True</committeeexpired></committee></committees>"
    )
    board, trust = read_committees(body)
    assert (board.title, board.expired) == ("Health & Wellbeing Board", False)
    assert (trust.title, trust.expired) == ("Children's Trust", True)


def test_a_soap_answer_reads_like_a_plain_one() -> None:
    body = HEAD + (
        b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        b'<GetCommitteesResponse xmlns="http://moderngov.co.uk/namespaces"><GetCommitteesResult>'
        b"<committees><committee><committeeid>3</committeeid><committeetitle>Board"
        b"</committeetitle></committee></committees></GetCommitteesResult>"
        b"</GetCommitteesResponse></soap:Body></soap:Envelope>"
    )
    assert [one.title for one in read_committees(body)] == ["Board"]


MEETINGS = (
    b"<getmeetings><meetingscount> 2</meetingscount><committee><committeeid>130</committeeid>"
    b"<committeetitle>Ashmere Board</committeetitle><committeemeetings>"
    b"<meeting><meetingid>1</meetingid><meetingdate>10/02/2026</meetingdate>"
    b"<meetingstatus>Confirmed; Budget</meetingstatus><meetingtime>10.00 am</meetingtime></meeting>"
    b"<meeting><meetingid>2</meetingid><meetingdate>31/02/2026</meetingdate>"
    b"<meetingstatus>Cancelled</meetingstatus></meeting>"
    b"</committeemeetings></committee></getmeetings>"
)


def test_meetings_know_their_committee() -> None:
    first, second = read_meetings(HEAD + MEETINGS, base=BASE)
    assert (first.committee_id, first.committee) == ("130", "Ashmere Board")
    assert (first.day, first.day_raw, first.time_raw) == (
        date(2026, 2, 10),
        "10/02/2026",
        "10.00 am",
    )
    assert (first.status, first.status_raw) == ("confirmed", "Confirmed; Budget")
    assert first.url == f"{BASE}/ieListDocuments.aspx?CId=130&MId=1&Ver=4"
    assert (second.day, second.day_raw, second.status) == (None, "31/02/2026", "cancelled")


@pytest.mark.parametrize(
    "body",
    [
        b"<getmeetings>\n  </getmeetings>",
        b"<getmeetings/>",
        b"<getmeetings><meetingscount> 0</meetingscount><committee/></getmeetings>",
        b"<getmeetings><committee><committeeid>1</committeeid><committeemeetings>\n"
        b"</committeemeetings></committee></getmeetings>",
    ],
)
def test_no_meetings_is_an_answer(body: bytes) -> None:  # behaviour 48
    assert read_meetings(body) == ()


def test_one_meeting_without_a_committee() -> None:  # behaviour 48
    body = b"<getmeetings><meeting><meetingid>9</meetingid></meeting></getmeetings>"
    (meeting,) = read_meetings(body)
    assert (meeting.meeting_id, meeting.committee_id, meeting.day) == ("9", None, None)


def test_a_meeting_with_blank_items_is_empty() -> None:  # behaviours 13 and 48
    papers = read_meeting(a_meeting(status="Cancelled"), base=BASE)
    assert papers.listings == ()
    assert papers.inline == ()
    assert papers.could_not_check is None
    assert papers.meeting.status == "cancelled"
    assert papers.sources == ("xml",)


def test_a_document_of_three_items_is_listed_once() -> None:  # behaviour 1
    body = a_meeting(*(an_item(n, f"Item {n}", a_document(5)) for n in (1, 2, 3)))
    (listing,) = read_meeting(body, base=BASE).listings
    assert listing.placements == tuple(
        Placement(str(900 + n), str(n), f"Item {n}") for n in (1, 2, 3)
    )
    assert listing.attachment_id == "5"


def test_inline_minutes_keep_their_items() -> None:  # behaviour 8
    body = a_meeting(
        an_item(1, "Apologies", minutes="&lt;div&gt;&lt;p&gt;None.&lt;/p&gt;&lt;/div&gt;"),
        an_item(2, "Blank", minutes="&lt;p&gt;&amp;nbsp;&lt;/p&gt;"),
        an_item(3, "Plan", minutes="&lt;p&gt;Agreed.&lt;/p&gt;"),
    )
    inline = read_meeting(body, base=BASE).inline
    assert [(one.number, one.title, one.html) for one in inline] == [
        ("1", "Apologies", "<div><p>None.</p></div>"),
        ("3", "Plan", "<p>Agreed.</p>"),
    ]


def test_restricted_documents_are_known_and_marked() -> None:  # behaviour 16
    body = a_meeting(an_item(1, "Exempt", a_document(8, isrestricted="True", url="")))
    (listing,) = read_meeting(body, base=BASE).listings
    assert listing.restricted
    assert listing.attachment_id == "8"


def test_addresses_elsewhere_are_offsite_and_http_is_lifted() -> None:
    body = a_meeting(
        an_item(
            1,
            "Links",
            a_document(1, url="https://video.thornholme.org/watch?v=1", isurl="True"),
            a_document(2, url="http://democracy.ashmere.gov.uk/documents/s2/A&amp;B.pdf"),
        )
    )
    there, here = read_meeting(body, base=BASE).listings
    assert there.offsite
    assert not here.offsite
    assert here.url == f"{BASE}/documents/s2/A&B.pdf"


def test_headings_have_no_number() -> None:
    item = (
        an_item(0, "Part two")
        .replace("0.</full", "</full")
        .replace("<fulldisplay", "<agendaitemnumber>0</agendaitemnumber><fulldisplay")
    )
    body = a_meeting(item.replace("<linkeddocuments>", f"<linkeddocuments>{a_document(1)}"))
    assert read_meeting(body, base=BASE).listings[0].placements[0].number is None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Caf&#233; &amp;amp; care", "Café & care"),
        ("Mother&#146;s\x1f ward", "Mother’s ward"),
        ("Care&nbsp;plan", "Care plan"),
        ("Cost &pound;5 & up", "Cost £5 & up"),
        ("A &#x1F; B", "A B"),
        ("R&D;", "R&D;"),
    ],
)
def test_titles_are_mended(title: str, expected: str) -> None:  # behaviour 49
    body = a_meeting(an_item(1, "Plan", a_document(5, title)))
    assert read_meeting(body, base=BASE).listings[0].title == expected


def test_mending_is_told() -> None:
    papers = read_meeting(a_meeting(an_item(1, "A&nbsp;B")), base=BASE)
    assert any("mended" in warning for warning in papers.warnings)
    assert read_meeting(a_meeting(an_item(1, "A B")), base=BASE).warnings == ()


def test_html_that_nobody_escaped_is_read_whole() -> None:  # behaviour 49
    minutes = '<div class="WordSection1"><div><p>Noted.</p></div><p>Agreed.</p></div>'
    (item,) = read_meeting(a_meeting(an_item(1, "Plan", minutes=minutes)), base=BASE).inline
    assert item.html == minutes
    broken = minutes.replace("</p></div><p>", "<br>") + "</p>"
    papers = read_meeting(a_meeting(an_item(1, "Plan", minutes=broken)), base=BASE)
    assert "Noted." in papers.inline[0].html
    assert "Agreed." in papers.inline[0].html
    assert any("mended" in warning for warning in papers.warnings)
    assert papers.listings == ()


def test_tags_that_do_not_match_lose_no_document() -> None:
    items = an_item(1, "<b>Plan", a_document(5, "A &amp;amp; B")) + an_item(2, "C", a_document(6))
    papers = read_meeting(a_meeting(items), base=BASE)
    assert [one.title for one in papers.listings] == ["A & B", "Plan"]
    assert any("tags" in warning for warning in papers.warnings)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_bytes_are_not_what_they_are_labelled(encoding: str) -> None:  # behaviour 49
    text = a_meeting(an_item(1, "Café “plan”", a_document(5, "Café “plan”"))).decode()
    papers = read_meeting(text.encode(encoding), base=BASE)
    assert papers.listings[0].title == "Café “plan”"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"System.InvalidOperationException: Missing parameter: sFromDate.",
        b"Request format is unrecognized for URL unexpectedly ending in '/GetMeetings'.",
        b"<html><body>404</body></html>",
        b"<!DOCTYPE html><html><body>404</body></html>",
        HEAD + b"<getmeetings><meeting><meetingid>1</meetingid></meeting>",
        HEAD + b"<error>no</error>",
        b"\x00\x01\x02",
    ],
)
def test_what_is_no_answer_is_not_read(body: bytes) -> None:  # behaviour 47
    for read in (read_committees, read_meetings):
        with pytest.raises(UnreadableAnswerError):
            read(body)
    with pytest.raises(UnreadableAnswerError):
        read_meeting(body, base=BASE)


def test_a_dtd_is_refused_unread(tmp_path: object) -> None:  # behaviour 50
    bomb = b'<!DOCTYPE a [<!ENTITY x "' + b"y" * 1000 + b'"><!ENTITY z "&x;&x;&x;">]>'
    outside = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    for prolog in (bomb, outside, b'<!DOCTYPE committees SYSTEM "http://127.0.0.1:1/a.dtd">'):
        body = HEAD + prolog + b"<committees><committee><committeeid>1</committeeid>&z;</committee>"
        with pytest.raises(UnreadableAnswerError, match="DOCTYPE"):
            read_committees(body + b"</committees>")


def test_a_dtd_further_down_changes_nothing() -> None:  # behaviour 50
    body = (
        b"<committees><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><committee>"
        b"<committeeid>1</committeeid><committeetitle>A &x; B</committeetitle></committee>"
        b"</committees>"
    )
    assert [one.title for one in read_committees(body)] == ["A &x; B"]


def test_a_very_long_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_BYTES", 50)
    with pytest.raises(UnreadableAnswerError, match="at most 50"):
        read_committees(b"<committees>" + b" " * 100 + b"</committees>")
