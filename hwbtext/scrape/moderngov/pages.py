"""Read the HTML pages of a ModernGov site: committees, meetings, one meeting's papers.

Pages carry council skins: what is read is keyed on the product's own ``mg`` classes wherever
they stand, then on addresses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from hwbtext.scrape.moderngov.headings import is_meeting_page
from hwbtext.scrape.moderngov.inline import find_sections
from hwbtext.scrape.moderngov.keys import (
    key_base,
    meeting_id,
    meeting_key,
    normalize_base,
    query_number,
)
from hwbtext.scrape.moderngov.kinds import read_status
from hwbtext.scrape.moderngov.meeting_page import (
    links_of,
    list_document,
    read_page,
)
from hwbtext.scrape.moderngov.skins import (
    is_document,
    label_of,
    page_base,
    raw_text,
    read_html,
    with_class,
    within,
)
from hwbtext.scrape.moderngov.times import read_when
from hwbtext.scrape.records import Committee, Listing, Meeting, UnreadableAnswerError

if TYPE_CHECKING:
    from lxml import etree

    from hwbtext.scrape.records import MeetingPapers

PageType = Literal["meeting", "meetings", "committees"]
_EXPIRED = re.compile(r"\b(?:expired|former|previous|disbanded|archived?|old)\b", re.IGNORECASE)
_STATUS_WORDS = re.compile(
    r"\b(?:cancelled|canceled|postponed|withdrawn|moved|rescheduled|provisional|confirmed)\b.*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class MeetingsPage:
    """The meetings of one list page, and the addresses of its earlier and later pages."""

    meetings: tuple[Meeting, ...]
    earlier: tuple[str, ...]
    later: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemPage:
    """An agenda item's own page: its papers, and its minutes as HTML where there are any."""

    listings: tuple[Listing, ...]
    minutes: str | None


def page_type(body: bytes) -> PageType | None:
    """Tell what a page is; None where it is no ModernGov page that lists papers.

    Examples
    --------
    >>> page_type(b'<table class="mgItemTable"><tr><td>1.</td></tr></table>')
    'meeting'
    >>> page_type(b"<h1>Council tax</h1>") is None
    True
    """
    try:
        root = read_html(body)
    except UnreadableAnswerError:
        return None
    if is_meeting_page(root):
        return "meeting"
    if _is_meetings_page(root):
        return "meetings"
    return "committees" if _committees(root) else None


def read_meeting_page(body: bytes, url: str, *, base: str | None = None) -> MeetingPapers:
    """Read a meeting's page (``ieListDocuments``).

    Parameters
    ----------
    body : bytes
    url : str
        Address of the page. Of a saved page whose meeting is not known, the address of the
        site: the number is then looked for on the page.
    base : str or None
        Address of the site; by default the folder of ``url``.

    Returns
    -------
    MeetingPapers
        Whole-meeting files first, then the papers of the items in the page's order; inline
        minutes by item. What the page cuts short is told in ``warnings``.

    Raises
    ------
    UnreadableAnswerError
        The page is no meeting's page: an error, a login form, a block page.
    """
    page = read_page(body, url, base=base)
    cut = tuple(f"cut short on the page: item {one.placement.number}" for one in page.more)
    return replace(page.papers, warnings=(*page.papers.warnings, *cut))


def read_meetings_page(body: bytes, url: str, *, base: str | None = None) -> MeetingsPage:
    """Read a committee's list of meetings (``ieListMeetings``), in the page's order.

    Raises
    ------
    UnreadableAnswerError
        The page is no list of meetings. A list without meetings is one.
    """
    root = read_html(body)
    if not _is_meetings_page(root):
        raise UnreadableAnswerError("no list of meetings")
    start = page_base(root, url)
    site = base or normalize_base(start)
    found: dict[str, Meeting] = {}
    earlier: dict[str, None] = {}
    later: dict[str, None] = {}
    committee = next((raw_text(one) for one in with_class(root, "mgSubTitleTxt")), None)
    for link, address in links_of(root, start):
        if re.search(r"ielistmeetings\.aspx\?.*\bact=(?:earlier|later)\b", address, re.IGNORECASE):
            (earlier if "act=earlier" in address.lower() else later)[address] = None
        number = meeting_id(address)
        # By its key, since a session may stand in the path; another site's meetings are not ours.
        ours = meeting_key(address, site) == f"{key_base(site)}/m/{number}"
        if number is None or not ours or number in found:
            continue
        meeting = _listed(link, address, number, committee, query_number(url, "cid", "committeeid"))
        if meeting is not None:
            found[number] = meeting
    return MeetingsPage(tuple(found.values()), tuple(earlier), tuple(later))


def read_committees_page(body: bytes, url: str) -> tuple[Committee, ...]:
    """Read ``mgListCommittees`` or ``ieDocHome``, in the page's order; expired ones are rare there.

    Raises
    ------
    UnreadableAnswerError
        The page lists no committee.
    """
    root = read_html(body)
    found = _committees(root)
    if not found or is_meeting_page(root) or _is_meetings_page(root):
        raise UnreadableAnswerError(f"no list of committees at {url}")
    return found


def read_pack_page(body: bytes, url: str, *, base: str) -> tuple[Listing, ...]:
    """Read the page where a pack is chosen (``mgChooseDocPack``): the files that it offers."""
    root = read_html(body)
    listings: dict[str, Listing] = {}
    for link, address in links_of(root, page_base(root, url)):
        if not is_document(address) or "mgchoosedocpack" in address.lower():
            continue
        whole = re.search(r"/documents/[gb]\d", address, re.IGNORECASE)
        if whole or within(link, "mgContent", "mgLinks", "mgActionList", "mgBulletList"):
            listing = list_document(link, address, base, place="meeting")
            listings.setdefault(listing.doc_key, listing)
    return tuple(listings.values())


def read_item_page(body: bytes, url: str, *, base: str) -> ItemPage:
    """Read an agenda item's own page (``mgAi``): all its papers and the whole of its minutes.

    The listings have no placement: the page does not say the item's number.
    """
    root = read_html(body)
    start = page_base(root, url)
    listings: dict[str, Listing] = {}
    for link, address in links_of(root, start):
        if is_document(address) and within(link, "mgContent", "mgBulletList", "mgSubTitle"):
            listing = list_document(link, address, base, place="item")
            listings.setdefault(listing.doc_key, listing)
    minutes = [one for one in find_sections(root, start) if one.name == "minutes"]
    return ItemPage(tuple(listings.values()), minutes[0].html if minutes else None)


def _is_meetings_page(root: etree._Element) -> bool:
    if next(with_class(root, "mgMeetingTableLnk"), None) is not None:
        return True
    if next(with_class(root, "mgMeetingsEarlierLater"), None) is not None:
        return True
    if any((one.get("value") or "").lower() == "ielistmeetings" for one in root.iter("input")):
        return True
    # A skin without the product's classes: several links to meetings, named by their dates.
    dated = {
        meeting_id(one.get("href") or "")
        for one in root.iter("a")
        if meeting_id(one.get("href") or "") and read_when(raw_text(one)).day
    }
    return len(dated) > 1 and not is_meeting_page(root)


def _listed(
    link: etree._Element, url: str, number: str, committee: str | None, committee_id: str | None
) -> Meeting | None:
    text = raw_text(link)
    row = next(link.iterancestors("li", "tr"), None)
    # A row with several meetings is a calendar's: its words may be another meeting's.
    if row is not None and _n_meetings(row) > 1:
        row = None
    around = raw_text(row) if row is not None else text + (link.tail or "")
    when = read_when(text)
    if when.day is None:
        when = read_when(link.get("title")) if link.get("title") else read_when(around)
    if when.day is None and not within(link, "mgMeetingTableLnk"):
        return None
    # "Agenda, Decisions, Minutes" may stand there too; only words of a status are one.
    status = _STATUS_WORDS.search(around)
    return Meeting(
        meeting_id=number,
        committee_id=query_number(url, "cid", "committeeid") or committee_id,
        committee=committee,
        day=when.day,
        day_raw=text or None,
        time_raw=when.time_raw or read_when(around).time_raw,
        status=read_status(status.group() if status else None),
        status_raw=status.group() if status else None,
        url=url,
    )


def _n_meetings(row: etree._Element) -> int:
    numbers = {meeting_id(one.get("href") or "") for one in row.iter("a")}
    return len(numbers - {None})


def _committees(root: etree._Element) -> tuple[Committee, ...]:
    """Return the committees of a page's own list; navigation and breadcrumbs are no list."""
    has_content = next(with_class(root, "mgContent"), None) is not None
    found: dict[str, Committee] = {}
    section = ""
    for element in root.iter("*"):
        if element.tag in {"h2", "h3"} or within(element, "mgSectionTitle"):
            section = raw_text(element)
        if element.tag != "a" or within(element, "mgActionList", "mgLinks", "mgFooter"):
            continue
        if has_content and not within(element, "mgContent"):
            continue
        href = element.get("href") or ""
        number = None
        if re.search(r"mgCommitteeDetails\.aspx", href, re.IGNORECASE):
            number = query_number(href, "id")
        elif re.search(r"ieListMeetings\.aspx", href, re.IGNORECASE) and "act=" not in href.lower():
            number = query_number(href, "cid", "committeeid")
        title = label_of(element)
        if number is not None and title and number not in found:
            found[number] = Committee(number, title, expired=bool(_EXPIRED.search(section)))
    return tuple(found.values())
