"""What ModernGov answers: the web service's XML and the HTML pages, for an invented council.

Element and class names are those that were seen (SCRAPING.md, 1.1 and 1.3); all words are made
up. Titles are escaped twice in the XML, "empty" elements hold a line break, names in hrefs hold
plain spaces.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from responses.catalogue import CommitteeEntry, Council, Item, MeetingEntry, Paper

_EMPTY = "\n  "


def request_key(target: str) -> str:
    """Return what a request for ``target`` is looked up by: unquoted, without a leading slash."""
    parts = urlsplit(target.replace("\r", "").replace("\n", ""))
    query = "&".join(f"{key.lower()}={value}" for key, value in parse_qsl(parts.query))
    path = unquote(parts.path).lstrip("/")
    return f"{path}?{query}" if query else path


def committees_xml(council: Council) -> str:
    rows = "".join(
        "<committee>"
        f"<committeeid>{one.committee_id}</committeeid>"
        f"<committeetitle>{_twice(one.title)}</committeetitle>"
        f"<committeedeleted>{one.deleted}</committeedeleted>"
        f"<committeeexpired>{one.expired}</committeeexpired>"
        "<committeecategory></committeecategory></committee>"
        for one in council.committees
    )
    count = len(council.committees)
    return _xml(f"<committees><committeescount> {count}</committeescount>{rows}</committees>")


def meetings_xml(council: Council, committee_id: str, since: str, until: str) -> str:
    first, last = _day_sent(since), _day_sent(until)
    blocks = []
    for committee in council.committees:
        if committee.committee_id != committee_id:
            continue
        chosen = [
            meeting
            for meeting in committee.meetings
            if council.ignores_dates
            or ((first is None or meeting.day >= first) and (last is None or meeting.day <= last))
        ]
        rows = "".join(
            f"<meeting><meetingid>{one.meeting_id}</meetingid>"
            f"<meetingdate>{day_text(one)}</meetingdate>"
            f"<meetingstatus>{escape(one.status)}</meetingstatus>"
            f"<meetingtime>{one.time}</meetingtime><iswebcast>False</iswebcast></meeting>"
            for one in chosen
        )
        blocks.append(
            f"<committee><committeeid>{committee.committee_id}</committeeid>"
            f"<committeetitle>{_twice(committee.title)}</committeetitle>"
            f"<committeemeetingcount> {len(chosen)}</committeemeetingcount>"
            f"<committeemeetings>{rows}</committeemeetings></committee>"
        )
    return _xml(f"<getmeetings><meetingscount> </meetingscount>{''.join(blocks)}</getmeetings>")


def meeting_xml(council: Council, meeting: MeetingEntry, root: str) -> str:
    items = "".join(_item_xml(item, root) for item in meeting.items)
    return _xml(
        f"<meeting><meetingid>{meeting.meeting_id}</meetingid>"
        f"<meetingdate>{day_text(meeting)}</meetingdate>"
        f"<meetingstatus>{escape(meeting.status)}</meetingstatus>"
        f"<isdisplayallowed>True</isdisplayallowed><meetingtime>{meeting.time}</meetingtime>"
        f"<meetingactualstarttime>{_EMPTY}</meetingactualstarttime>"
        "<meetinglocation>Town Hall</meetinglocation>"
        f"<agendaitems>{items or _EMPTY}</agendaitems><attendees>{_EMPTY}</attendees></meeting>"
    )


def committees_page(council: Council) -> str:
    rows = "".join(
        f'<li><a href="mgCommitteeDetails.aspx?ID={one.committee_id}">{escape(one.title)}</a></li>'
        for one in council.committees
    )
    return page(council, "Committees", f'<ul class="mgBulletList">{rows}</ul>')


def meetings_page(council: Council, committee: CommitteeEntry) -> str:
    rows = "".join(
        f'<li><a class="mgMeetingTableLnk" href="ieListDocuments.aspx?CId={committee.committee_id}'
        f'&amp;MId={one.meeting_id}&amp;Ver=4">{one.day.day} {one.day:%b %Y} {one.time}</a>'
        f"{'' if one.status == 'Confirmed' else ' - ' + escape(one.status.upper())}</li>"
        for one in committee.meetings
    )
    trap = '<a href="mgCalendarMonthView.aspx?M=1&amp;DD=9999&amp;CID=0">Next month</a>'
    body = f'<ul class="mgBulletList">{rows}</ul>{trap}'
    return page(council, f"Browse meetings - {committee.title}", body)


def meeting_page(council: Council, committee: CommitteeEntry, meeting: MeetingEntry) -> str:
    status = "" if meeting.status == "Confirmed" else f" {meeting.status.upper()}"
    heading = (
        f"{committee.title} - {meeting.day:%A}, {_ordinal(meeting.day.day)} "
        f"{meeting.day:%B, %Y} {meeting.time}{status}"
    )
    links = "".join(
        f'<li><a href="{_attribute(one.href)}" title="Link to {escape(one.title)}">'
        f'{escape(one.title)} <span class="mgFileSize">PDF 132 KB</span></a></li>'
        for one in meeting.header
    )
    rows = "".join(_item_row(item) for item in meeting.items)
    body = (
        f'<div class="mgSubTitle"><h2 class="mgSubTitleTxt">{escape(heading)}</h2></div>'
        f'<div class="mgLinks"><ul class="mgActionList">'
        f'<li><a href="mgMeetingAttendance.aspx?ID={meeting.meeting_id}">Attendance details</a>'
        f"</li>{links}</ul></div>"
        f'<div class="mgContent"><p><span class="mgLabel">Venue:</span> Town Hall</p>'
        f'<table class="mgItemTable">{rows}</table>{council.more_links}</div>'
    )
    return page(council, "Agenda and minutes", body)


def page(council: Council, heading: str, body: str) -> str:
    return (
        f"<!DOCTYPE html><html><head><title>{escape(heading)} - {escape(council.name)}</title>"
        f'</head><body><div id="modgov"><div class="mgHeader">'
        f'<h1 class="mgMainTitleTxt">{escape(heading)}</h1></div>{body}</div></body></html>'
    )


def day_text(meeting: MeetingEntry) -> str:
    return meeting.raw_day if meeting.raw_day is not None else f"{meeting.day:%d/%m/%Y}"


def _item_xml(item: Item, root: str) -> str:
    linked = "".join(_linked_xml(paper, item, root) for paper in item.papers)
    title = item.raw_title if item.raw_title is not None else _twice(item.title)
    return (
        f"<agendaitem><agendaitemid>{item.item_id}</agendaitemid>"
        f"<agendaitemtitle>{title}</agendaitemtitle><agendatext>{_EMPTY}</agendatext>"
        f"<agendaitemnumber>{item.number.rstrip('.') or '0'}</agendaitemnumber>"
        f"<fulldisplaynumberformat>{item.number}</fulldisplaynumberformat>"
        f"<minutesnonemptyhtmlbody>{escape(item.minutes) or _EMPTY}</minutesnonemptyhtmlbody>"
        f"<isrestricted>{item.restricted}</isrestricted>"
        f"<linkeddocuments>{linked or _EMPTY}</linkeddocuments></agendaitem>"
    )


def _linked_xml(paper: Paper, item: Item, root: str) -> str:
    if paper.xml_href is None:
        return ""
    href = paper.xml_href if "://" in paper.xml_href else f"{root}/{paper.xml_href}"
    return (
        f"<linkeddoc><attachmentid>{paper.attachment_id or ''}</attachmentid>"
        f"<title>{_twice(paper.title)}</title><isurl>False</isurl>"
        f"<url>{escape(href)}</url><isrestricted>{paper.restricted}</isrestricted>"
        f"<restrictionsRef>{_EMPTY}</restrictionsRef><itemnum>{item.number}</itemnum>"
        f"<publicationdate>02/02/2026</publicationdate>"
        f"<ownertitle>{_twice(item.title)}</ownertitle></linkeddoc>"
    )


def _item_row(item: Item) -> str:
    shown = [paper for paper in item.papers if not paper.restricted]
    first, more = shown[:1], shown[1:]
    title = escape(item.title)
    if first:
        title = (
            f'<a href="{_attribute(first[0].href)}">{escape(item.title)} '
            f'<span class="mgFileSize">PDF 119 KB</span></a>'
        )
    documents = "".join(
        f'<li><a href="{_attribute(paper.href)}">{escape(paper.title)}, item {item.number} '
        f'<span class="mgFileSize">PDF 56 KB</span></a></li>'
        for paper in more
    )
    parts = [f'<p class="mgAiTitleTxt">{title}</p>']
    if documents:
        parts.append('<p class="mgSubItemTitleTxt">Additional documents:</p>')
        parts.append(f'<ul class="mgBulletList">{documents}</ul>')
    if item.restricted:
        parts.append(
            f'<p><a href="mgReasonsRestricted.aspx?OID={item.item_id}&amp;OT=AI">'
            "View the reasons why this item is restricted</a></p>"
        )
    if item.decision:
        parts.append(
            f'<p class="mgSubItemTitleTxt">Decision:</p><div class="mgWordPara">{item.decision}'
            "</div>"
        )
    if item.minutes:
        parts.append(
            f'<p class="mgSubItemTitleTxt">Minutes:</p><div class="mgWordPara">{item.minutes}</div>'
        )
    return (
        f'<tr><td class="mgItemNumberCell"><p class="mgAiTitleTxt">{item.number}</p></td>'
        f"<td>{''.join(parts)}</td></tr>"
    )


def _attribute(href: str) -> str:
    """Escape an href as the vendor does: spaces and line breaks stay, ampersands are coded."""
    return href.replace("&", "&amp;").replace('"', "&quot;")


def _xml(body: str) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}'


def _twice(text: str) -> str:
    return escape(escape(text))


def _ordinal(day: int) -> str:
    if 10 <= day % 100 <= 20:
        return f"{day}th"
    return f"{day}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th') }"


def _day_sent(text: str) -> date | None:
    """Read a date as the vendor does: another form is taken without a word, and ignored."""
    if not re.fullmatch(r"\d\d/\d\d/\d{4}", text):
        return None
    return datetime.strptime(text, "%d/%m/%Y").date()
