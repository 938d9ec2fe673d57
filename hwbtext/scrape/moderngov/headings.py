"""What a meeting's page says of itself: that it is one, of which meeting, committee and day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwbtext.scrape.moderngov.keys import meeting_id, query_number
from hwbtext.scrape.moderngov.skins import has_class, raw_text, with_class
from hwbtext.scrape.moderngov.times import WrittenTime, read_when

if TYPE_CHECKING:
    from lxml import etree


def is_meeting_page(root: etree._Element) -> bool:
    """Tell whether a page is that of one meeting."""
    # An item's own page has the classes of items too; its title does not have the meeting.
    if _main_title(root).lower() == "agenda item":
        return False
    if any(has_class(one, "mgItemTable") for one in root.iter("table")):
        return True
    if any("mgmeetingattendance.aspx" in (one.get("href") or "").lower() for one in root.iter("a")):
        return True
    if next(with_class(root, "mgAiTitleTxt"), None) is not None:
        return True
    # A meeting to come, with neither agenda nor attendance yet.
    title = next(with_class(root, "mgSubTitleTxt"), None)
    dated = title is not None and read_when(raw_text(title)).day is not None
    return dated and next(with_class(root, "mgMeetingTableLnk"), None) is None


def page_title(root: etree._Element) -> str:
    """Return a page's main title, else the browser's; for messages."""
    found = next(root.iter("title"), None)
    return _main_title(root) or (raw_text(found)[:80] if found is not None else "")


def read_heading(root: etree._Element) -> tuple[str, WrittenTime]:
    """Return the committee, date, time and status in one line, and the day read from it."""
    parts = [raw_text(one) for one in with_class(root, "mgSubTitleTxt")]
    # Some skins give the committee and the date a line each, and some neither.
    for text in (*parts[:1], " - ".join(parts[:2]), *(raw_text(t) for t in root.iter("title"))):
        when = read_when(text)
        if when.day is not None or when.warning:
            return text, when
    text = parts[0] if parts else ""
    return text, read_when(text)


def committee_in(text: str) -> str | None:
    """Return the committee that the part of a heading before its date names.

    Examples
    --------
    >>> committee_in("Ashmere Board - "), committee_in("Agenda for Ashmere Board on ")
    ('Ashmere Board', 'Ashmere Board')
    """
    # The browser's title says "Agenda for the Board on Friday ...".
    written = re.match(
        r"(?:agenda|decisions?|minutes|meeting)\b.*?\b(?:for|of)\s(?P<name>.+?)\son\s*$",
        text,
        re.IGNORECASE,
    )
    return (written["name"] if written else text).strip(" -–,") or None


def meeting_id_in(root: etree._Element) -> str | None:
    """Return the number of the meeting of a saved page, whose address is lost."""
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and meeting_id(link.get("href") or ""):
            return meeting_id(link.get("href") or "")
    for page, *names in (("mgmeetingattendance", "id"), ("mglistrecordedvotes", "mid")):
        for link in root.iter("a"):
            number = query_number((link.get("href") or ""), *names)
            if page in (link.get("href") or "").lower() and number:
                return number
    return None


def committee_id_of(root: etree._Element, url: str) -> str | None:
    """Return the number of a meeting's committee, from the page's heading or its address."""
    for title in with_class(root, "mgSubTitleTxt"):
        for link in title.iter("a"):
            if number := query_number((link.get("href") or ""), "id", "cid", "committeeid"):
                return number
    return query_number(url, "cid", "committeeid")


def _main_title(root: etree._Element) -> str:
    found = next(with_class(root, "mgMainTitleTxt"), None)
    return raw_text(found) if found is not None else ""
