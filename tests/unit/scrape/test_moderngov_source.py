"""The whole source over a site that lives in a table: behaviours 1, 3, 7, 8, 13, 45, 47 and 52."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest

from hwbtext.records import Site
from hwbtext.scrape.moderngov.source import ModernGov
from hwbtext.scrape.records import CouldNotCheckError, FetchError, MeetingPapers, Page

BASE = "https://democracy.ashmere.gov.uk"
COUNCIL = Site("ashmere", "Ashmere", "moderngov", BASE + "/mgListCommittees.aspx")
SERVICE = f"{BASE}/mgWebService.asmx"
COMMITTEES = f"{SERVICE}/GetCommittees"
HTML_LIST = f"{BASE}/ieListMeetings.aspx?CId=7&Year=0"


@dataclass
class Web:
    """Pages by address; what is not there is not found. Every request is on the log."""

    pages: dict[str, str | bytes | Exception | int] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    def page(self, url: str) -> Page:
        self.log.append(url)
        found = self.pages.get(url, FetchError("not_found", "not there", url, http_status=404))
        if isinstance(found, Exception):
            raise found
        status = found if isinstance(found, int) else 200
        body = b"error" if isinstance(found, int) else found
        body = body.encode() if isinstance(body, str) else body
        return Page(url, url, status, "text/html", body, datetime(2026, 1, 1, tzinfo=UTC))

    def n_asked(self, part: str) -> int:
        return sum(part in url for url in self.log)


def committees(*titles: str) -> str:
    return (
        "<committees>"
        + "".join(
            f"<committee><committeeid>{7 + n}</committeeid><committeetitle>{title}</committeetitle>"
            "</committee>"
            for n, title in enumerate(titles)
        )
        + "</committees>"
    )


def meetings(*rows: tuple[int, str], committee: int = 7) -> str:
    return (
        f"<getmeetings><committee><committeeid>{committee}</committeeid><committeetitle>Health and"
        " Wellbeing Board</committeetitle><committeemeetings>"
        + "".join(
            f"<meeting><meetingid>{number}</meetingid><meetingdate>{day}</meetingdate>"
            "<meetingstatus>Confirmed</meetingstatus></meeting>"
            for number, day in rows
        )
        + "</committeemeetings></committee></getmeetings>"
    )


def service_url(since: str = "01/01/1990", until: str = "31/12/2099", committee: int = 7) -> str:
    return f"{SERVICE}/GetMeetings?lCommitteeId={committee}&sFromDate={since}&sToDate={until}"


def meeting_xml(number: int, day: str, items: str = "", status: str = "Confirmed") -> str:
    return (
        f"<meeting><meetingid>{number}</meetingid><meetingdate>{day}</meetingdate><meetingstatus>"
        f"{status}</meetingstatus><agendaitems>{items}</agendaitems></meeting>"
    )


def item_xml(number: int, title: str, *documents: int, minutes: str = "") -> str:
    listed = "".join(
        f"<linkeddoc><attachmentid>{n}</attachmentid><title>Paper {n}</title>"
        f"<url>{BASE}/mgConvert2PDF.aspx?ID={n}</url><isrestricted>False</isrestricted>"
        "<publicationdate>02/02/2026</publicationdate></linkeddoc>"
        for n in documents
    )
    return (
        f"<agendaitem><agendaitemid>{500 + number}</agendaitemid><agendaitemtitle>{title}"
        f"</agendaitemtitle><fulldisplaynumberformat>{number}.</fulldisplaynumberformat>"
        f"<minutesnonemptyhtmlbody>{minutes}</minutesnonemptyhtmlbody><linkeddocuments>{listed}"
        "</linkeddocuments></agendaitem>"
    )


def meeting_html(number: int, day: str, header: str = "", items: str = "") -> str:
    return (
        '<h1 class="mgMainTitleTxt">Agenda</h1><h2 class="mgSubTitleTxt">Health and Wellbeing Board'
        f' - {day} 10.00 am</h2><ul class="mgActionList"><li><a href="mgMeetingAttendance.aspx?'
        f'ID={number}">Attendance</a></li>{header}</ul><table class="mgItemTable">{items}</table>'
    )


def item_html(number: int, title: str, content: str = "") -> str:
    return (
        f'<tr><td class="mgItemNumberCell"><p class="mgAiTitleTxt"><a name="AI{500 + number}"></a>'
        f'{number}.</p></td><td><p class="mgAiTitleTxt">{title}</p>{content}</td></tr>'
    )


def link(href: str, label: str) -> str:
    return f'<li><a href="{href}">{label}</a></li>'


def bullets(*links: str) -> str:
    return f'<ul class="mgBulletList">{"".join(links)}</ul>'


def page_url(number: int, committee: int = 7) -> str:
    return f"{BASE}/ieListDocuments.aspx?CId={committee}&MId={number}&Ver=4"


def ask_url(number: int) -> str:
    return f"{SERVICE}/GetMeeting?lMeetingId={number}"


def a_site(**more: str | bytes | Exception | int) -> Web:
    """Return a board with one meeting, of which service and page tell different halves."""
    return Web(
        {
            COMMITTEES: committees("Health and Wellbeing Board", "Cabinet"),
            service_url(): meetings((12, "04/06/2024")),
            ask_url(12): meeting_xml(
                12,
                "04/06/2024",
                item_xml(1, "Minutes", 5)
                + item_xml(2, "Plan", 6, minutes="&lt;p&gt;Full.&lt;/p&gt;"),
            ),
            page_url(12): meeting_html(
                12,
                "Tuesday 4 June 2024",
                link("documents/g9/Printed minutes.pdf?T=1", "Printed minutes"),
                item_html(
                    1, "Minutes", bullets(link("documents/s5/M.pdf", "Minutes of 3 May 2024"))
                )
                + item_html(
                    2,
                    "Plan",
                    bullets(link("documents/s6/P.pdf", "Plan"), link("documents/s5/M.pdf", "Again"))
                    + '<p class="mgSubItemTitleTxt">Minutes:</p><div class="mgWordPara"><p>Cut'
                    ' &nbsp;...&nbsp;<a href="mgAi.aspx?ID=502">view the full text</a></p></div>',
                ),
            ),
        }
        | more
    )


def found(
    web: Web,
    *,
    board: str = "Health and Wellbeing",
    since: date | None = None,
    until: date | None = None,
    committee_ids: tuple[str, ...] = (),
    source: ModernGov | None = None,
) -> list[MeetingPapers]:
    return list(
        (source or ModernGov()).discover(
            COUNCIL, web, board=board, since=since, until=until, committee_ids=committee_ids
        )
    )


def test_service_and_page_are_united() -> None:  # behaviours 1, 3, 7 and 8
    web = a_site()
    (papers,) = found(web)
    assert papers.sources == ("xml", "html")
    assert papers.could_not_check is None
    assert [(one.doc_key.partition("/")[2], one.kind) for one in papers.listings] == [
        ("g/9?T=1", "minutes"),
        ("s/5", "previous_minutes"),
        ("s/6", "report"),
        ("convert/5", "previous_minutes"),
        ("convert/6", "report"),
    ]
    assert [one.number for one in papers.listings[1].placements] == ["1", "2"]
    assert papers.listings[1].publication_day == date(2026, 2, 2)
    assert [(one.number, one.html) for one in papers.inline] == [("2", "<p>Full.</p>")]
    assert papers.meeting.committee == "Health and Wellbeing Board"
    # The service gave the minutes whole, so the item's own page is not asked for.
    assert web.n_asked("mgAi") == 0


def test_dates_go_day_first_and_are_filtered_again() -> None:  # behaviour 45
    sent = service_url("09/03/2024", "10/04/2024")
    rows = [(1, "08/03/2024"), (2, "09/03/2024"), (3, "10/04/2024"), (4, "11/04/2024"), (5, "1998")]
    web = a_site(**{sent: meetings(*rows, (6, "01/01/2030"), (7, "01/05/1998"))})
    papers = found(web, since=date(2024, 3, 9), until=date(2024, 4, 10))
    assert sent in web.log
    assert [one.meeting.meeting_id for one in papers] == ["2", "3", "5"]
    # A day that cannot be told is not known to lie outside.
    assert any("outside the range" in warning for warning in papers[2].warnings)
    assert web.n_asked("lMeetingId=1") == 0


def test_a_date_on_the_page_decides_where_the_list_has_none() -> None:
    web = a_site(
        **{
            service_url("01/01/2024", "31/12/2099"): meetings((12, ""), (13, "")),
            ask_url(12): meeting_xml(12, ""),
            page_url(12): meeting_html(12, "Friday 3 March 2023"),
            page_url(13): meeting_html(13, "Monday 4 March 2024"),
        }
    )
    papers = found(web, since=date(2024, 1, 1))
    assert [(one.meeting.meeting_id, one.meeting.day) for one in papers] == [
        ("13", date(2024, 3, 4))
    ]


def test_meetings_of_other_committees_are_not_the_boards() -> None:
    web = a_site(**{service_url(): meetings((1, "04/06/2024"), committee=8)})
    assert found(web) == []


def test_a_cancelled_meeting_is_no_error() -> None:  # behaviour 13
    web = a_site(
        **{
            ask_url(12): meeting_xml(12, "04/06/2024", status="Cancelled"),
            page_url(12): '<h2 class="mgSubTitleTxt">Health and Wellbeing Board - Tuesday 4 June'
            " 2024 10.00 am, CANCELLED</h2><p>No documents are available for this meeting</p>",
        }
    )
    (papers,) = found(web)
    assert papers.meeting.status == "cancelled"
    assert papers.listings == ()
    assert papers.could_not_check is None


@pytest.mark.parametrize(
    "answer",
    [
        500,
        409,
        "System.InvalidOperationException: Missing parameter: sFromDate.",
        "Request format is unrecognized for URL unexpectedly ending in '/GetCommittees'.",
        "<!DOCTYPE html><html><body>404</body></html>",
        FetchError("refused_robots", "robots.txt", COMMITTEES),
        FetchError("timed_out", "no answer", COMMITTEES),
    ],
)
def test_pages_are_read_where_the_service_is_off(
    answer: str | int | Exception,
) -> None:  # behaviour 47
    web = a_site(
        **{
            COMMITTEES: answer,
            service_url(): answer,
            ask_url(12): answer,
            f"{BASE}/mgListCommittees.aspx?bcr=1": '<div class="mgContent"><ul>'
            + link("mgCommitteeDetails.aspx?ID=7", "Health and Wellbeing Board")
            + "</ul></div>",
            HTML_LIST: '<a class="mgMeetingTableLnk" href="ieListDocuments.aspx?CId=7&amp;MId=12">'
            "4 Jun 2024 10.00 am</a>",
            f"{BASE}/mgAi.aspx?ID=502": '<h1 class="mgMainTitleTxt">Agenda item</h1><div '
            'class="mgContent"><p class="mgSubItemTitleTxt">Minutes:</p><div class="mgWordPara">'
            "<p>All of it.</p></div>" + link("documents/s8/More.pdf", "More") + "</div>",
        }
    )
    (papers,) = found(web)
    assert papers.sources == ("html",)
    assert papers.could_not_check is None
    assert any("web service" in warning for warning in papers.warnings)
    assert [one.doc_key.rpartition("/")[2] for one in papers.listings] == ["9?T=1", "5", "6", "8"]
    assert papers.listings[3].placements[0].number == "2"
    assert "All of it." in papers.inline[0].html
    # A service that failed twice is left alone.
    assert web.n_asked("asmx") == 2


def test_a_page_that_fails_is_told_though_the_service_answers() -> None:
    (papers,) = found(a_site(**{page_url(12): FetchError("blocked_waf", "blocked", page_url(12))}))
    assert papers.sources == ("xml",)
    assert len(papers.listings) == 2
    assert "blocked_waf" in (papers.could_not_check or "")


def test_one_meeting_that_cannot_be_read_stops_no_other() -> None:
    web = a_site(
        **{
            service_url(): meetings((11, "01/06/2024"), (12, "04/06/2024")),
            page_url(11): "<h1>Sorry</h1>",
        }
    )
    first, second = found(web)
    assert first.could_not_check
    assert first.meeting.meeting_id == "11"
    assert first.listings == ()
    assert second.could_not_check is None


def test_no_list_at_all_is_not_an_empty_list() -> None:
    with pytest.raises(CouldNotCheckError, match="could not be listed"):
        found(Web())
    for address in (None, "", "https://x.gov.uk:port/"):
        council = Site("x", "X", None, address)
        with pytest.raises(CouldNotCheckError, match="no address"):
            list(ModernGov().discover(council, Web(), board="Board", since=None, until=None))
    assert found(Web({COMMITTEES: committees("Cabinet")})) == []
    assert found(a_site(**{service_url(): meetings()})) == []


def test_a_committee_that_fails_is_told_after_the_meetings_of_the_others() -> None:
    web = a_site(**{COMMITTEES: committees("Health and Wellbeing Board", "Shadow HWB")})
    chosen, read = ModernGov().committees(COUNCIL, web, board="Health and Wellbeing")
    assert [one.committee_id for one in chosen] == ["7", "8"]
    assert read == ("xml",)
    yielded = ModernGov().discover(
        COUNCIL, web, board="Health and Wellbeing", since=None, until=None
    )
    assert next(yielded).meeting.meeting_id == "12"
    with pytest.raises(CouldNotCheckError, match="Shadow HWB"):
        next(yielded)


def test_numbers_of_committees_are_asked_for_though_no_list_has_them() -> None:
    web = Web({service_url(committee=99): meetings((12, "04/06/2024"), committee=99)})
    (papers,) = found(web, committee_ids=("99",))
    assert papers.meeting.committee_id == "99"
    assert papers.could_not_check


def chain(web: Web, earlier: dict[str, tuple[list[tuple[int, str]], list[str]]]) -> Web:
    for url, (rows, links) in earlier.items():
        web.pages[url] = (
            '<input value="ielistmeetings">'
            + "".join(
                '<li><a class="mgMeetingTableLnk" '
                f'href="ieListDocuments.aspx?CId=7&amp;MId={number}">{day} 10.00 am</a></li>'
                for number, day in rows
            )
            + "".join(f'<a href="{one}">more</a>' for one in links)
        )
    return web


def earlier(stamp: str, act: str = "earlier") -> str:
    return f"ieListMeetings.aspx?Act={act}&CId=7&D={stamp}&MD=ielistmeetings"


def test_chains_of_lists_are_bounded() -> None:  # behaviour 52
    traps = [
        "mgCalendarMonthView.aspx?M=1&DD=9999",
        "mgIssueHistoryHome.aspx?IId=1",
        "ieIssueDetails.aspx?IId=2",
    ]
    web = chain(
        a_site(**{service_url(): 500}),
        {
            HTML_LIST: ([(3, "4 Jun 2024")], [earlier("1"), earlier("9", "later"), *traps]),
            f"{BASE}/{earlier('1')}": ([(2, "4 Jun 2023")], [earlier("2"), earlier("9", "later")]),
            f"{BASE}/{earlier('2')}": ([(1, "4 Jun 2022")], [earlier("1"), earlier("3")]),
            f"{BASE}/{earlier('3')}": ([(1, "4 Jun 2022")], [earlier("4")]),
            f"{BASE}/{earlier('9', 'later')}": ([(4, "4 Jun 2025")], []),
        },
    )
    papers = found(web)
    assert [one.meeting.meeting_id for one in papers] == ["1", "2", "3", "4"]
    assert web.n_asked("ieListMeetings") == 5
    assert not any(trap.partition("?")[0] in url for trap in traps for url in web.log)


def test_a_chain_without_end_is_told() -> None:  # behaviour 52
    web = a_site(**{service_url(): 500})
    pages = {HTML_LIST: ([(1, "4 Jun 2024")], [earlier("1")])}
    for n in range(1, 10):
        pages[f"{BASE}/{earlier(str(n))}"] = ([(n + 1, "4 Jun 2024")], [earlier(str(n + 1))])
    with pytest.raises(CouldNotCheckError, match="more than 5 pages"):
        found(chain(web, pages), source=ModernGov(max_list_pages=5))


def test_earlier_lists_are_not_asked_for_when_they_are_too_early() -> None:
    web = chain(
        a_site(**{service_url("01/01/2024", "31/12/2099"): 500}),
        {HTML_LIST: ([(3, "4 Jun 2024"), (2, "4 Jun 2023")], [earlier("1")])},
    )
    assert [one.meeting.meeting_id for one in found(web, since=date(2024, 1, 1))] == ["3"]


CHOOSER = f"{BASE}/mgChooseDocPack.aspx?ID=9"


def with_chooser(answer: str | bytes | int) -> Web:
    header = link("mgChooseDocPack.aspx?ID=9", "Agenda reports pack")
    return a_site(
        **{page_url(12): meeting_html(12, "Tuesday 4 June 2024", header), CHOOSER: answer}
    )


def test_a_pack_behind_a_page_is_found() -> None:
    offered = (
        '<div class="mgContent"><a href="documents/g9/Public reports pack.pdf?T=10">P</a></div>'
    )
    (papers,) = found(with_chooser(offered))
    assert [one.doc_key.partition("/")[2] for one in papers.listings][:1] == ["g/9?T=10"]
    assert papers.listings[0].kind == "pack"
    assert papers.could_not_check is None


def test_a_pack_at_once_is_left_to_be_fetched() -> None:
    (papers,) = found(with_chooser(b"%PDF-1.7"))
    assert papers.listings[0].url == CHOOSER
    assert papers.could_not_check is None


@pytest.mark.parametrize("answer", ["<h1>Nothing</h1>", 500])
def test_a_pack_that_cannot_be_found_is_told(answer: str | int) -> None:
    (papers,) = found(with_chooser(answer))
    assert "page of the pack" in (papers.could_not_check or "")


def test_differing_dates_are_told() -> None:  # behaviour 14: the source's half
    (papers,) = found(a_site(**{page_url(12): meeting_html(12, "Tuesday 11 June 2024")}))
    assert papers.meeting.day == date(2024, 6, 4)
    assert any("differ about the date" in warning for warning in papers.warnings)


def test_another_meetings_answer_is_not_this_ones() -> None:
    other = meeting_xml(13, "04/06/2024", item_xml(1, "Other", 77))
    (papers,) = found(a_site(**{ask_url(12): other}))
    assert papers.meeting.meeting_id == "12"
    assert papers.sources == ("html",)
    assert not any("77" in one.doc_key for one in papers.listings)
