"""Read the answers of ``mgWebService.asmx``: committees, meetings, one meeting's papers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import lxml.html
from lxml import etree

from hwbtext.scrape.moderngov.keys import attachment_id, document_key, resolve, with_scheme_of
from hwbtext.scrape.moderngov.kinds import judge_kind, read_status
from hwbtext.scrape.moderngov.listing import collect
from hwbtext.scrape.moderngov.times import read_when
from hwbtext.scrape.moderngov.tree import (
    child,
    descendants,
    inner_text,
    markup,
    name_of,
    plain,
    read_tree,
)
from hwbtext.scrape.records import (
    Committee,
    InlineItem,
    Listing,
    Meeting,
    MeetingPapers,
    Placement,
    UnreadableAnswerError,
)

if TYPE_CHECKING:
    from datetime import date


def read_committees(body: bytes) -> tuple[Committee, ...]:
    """Read the answer of ``GetCommittees``, expired committees included.

    Raises
    ------
    UnreadableAnswerError
        The answer is no list of committees.

    Examples
    --------
    >>> read_committees(b"<committees><committeescount> 1</committeescount><committee>"
    ...     b"<committeeid>7</committeeid><committeetitle>Health &amp;amp; Care</committeetitle>"
    ...     b"<committeeexpired>True</committeeexpired></committee></committees>")
    (Committee(committee_id='7', title='Health & Care', deleted=False, expired=True),)
    """
    root, _ = _answer(body, "committees", "getcommittees")
    found: dict[str, Committee] = {}
    for element in descendants(root, "committee"):
        number = plain(element, "committeeid")
        if number is not None:
            found.setdefault(
                number,
                Committee(
                    number,
                    plain(element, "committeetitle") or "",
                    deleted=_true(element, "committeedeleted"),
                    expired=_true(element, "committeeexpired"),
                ),
            )
    return tuple(found.values())


def read_meetings(body: bytes, *, base: str | None = None) -> tuple[Meeting, ...]:
    """Read the answer of ``GetMeetings`` (or ``GetAllMeetingsByDate``), in the site's order.

    Raises
    ------
    UnreadableAnswerError
        The answer is no list of meetings.

    Examples
    --------
    >>> read_meetings(b"<getmeetings><meetingscount> 0</meetingscount></getmeetings>")
    ()
    """
    root, _ = _answer(body, "getmeetings", "meetings", "getallmeetings")
    found: dict[str, Meeting] = {}
    for element in descendants(root, "meeting"):
        meeting = _meeting(element, _committee_of(element), base)
        if meeting is not None:
            found.setdefault(meeting.meeting_id, meeting)
    return tuple(found.values())


def read_meeting(body: bytes, *, base: str, listed: Meeting | None = None) -> MeetingPapers:
    """Read the answer of ``GetMeeting``: documents by agenda item and inline minutes.

    Whole-meeting files (printed minutes, packs) have not been seen in these answers: they are
    on the meeting's page.

    Parameters
    ----------
    body : bytes
    base : str
        Address of the site, as ``keys.normalize_base`` gives it.
    listed : Meeting or None
        The meeting as its list gave it; the answer itself names no committee.

    Raises
    ------
    UnreadableAnswerError
        The answer is no meeting.
    """
    root, warnings = read_tree(body)
    element = next(
        (one for one in descendants(root, "meeting") if plain(one, "meetingid") is not None), None
    )
    committee = (listed.committee_id, listed.committee) if listed else (None, None)
    meeting = _meeting(element, committee, base) if element is not None else None
    if element is None or meeting is None:
        raise UnreadableAnswerError(f"no meeting in the answer: its root is <{name_of(root)}>")
    if when := read_when(plain(element, "meetingdate")).warning:
        warnings += (when,)
    listings: list[Listing] = []
    inline: list[InlineItem] = []
    for item in descendants(element, "agendaitem"):
        place = _placement(item)
        for document in descendants(item, "linkeddoc"):
            listing = _listing(document, place, base, meeting.committee, meeting.day)
            if listing is not None:
                listings.append(listing)
            else:
                warnings += (f"a document without address or number on item {place.number}",)
        minutes = markup(item, "minutesnonemptyhtmlbody")
        if minutes and has_text(minutes):
            inline.append(InlineItem(place.number, place.title, minutes))
    return MeetingPapers(meeting, collect(listings), tuple(inline), ("xml",), warnings)


def has_text(markup: str) -> bool:
    """Tell whether HTML has any words; a field of blank Word paragraphs has none.

    Examples
    --------
    >>> has_text("<p>&nbsp;</p>"), has_text("<p>Noted.</p>")
    (False, True)
    """
    try:
        tree = lxml.html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, ValueError):
        return bool(markup.strip())
    return bool(inner_text(tree).strip())


def _answer(body: bytes, *names: str) -> tuple[etree._Element, tuple[str, ...]]:
    root, warnings = read_tree(body)
    # Roots differ by version and by SOAP: any element with one of the names will do.
    if not any(name_of(one).startswith(names) for one in root.iter()):
        raise UnreadableAnswerError(f"no list in the answer: its root is <{name_of(root)}>")
    return root, warnings


def _true(element: etree._Element, name: str) -> bool:
    return (plain(element, name) or "").lower() in {"true", "1", "yes"}


def _committee_of(element: etree._Element) -> tuple[str | None, str | None]:
    if number := plain(element, "committeeid"):
        return number, plain(element, "committeetitle")
    for above in element.iterancestors():
        if number := plain(above, "committeeid"):
            return number, plain(above, "committeetitle")
    return None, None


def _meeting(
    element: etree._Element, committee: tuple[str | None, str | None], base: str | None
) -> Meeting | None:
    number = plain(element, "meetingid")
    if number is None or not number.isdecimal():
        return None
    day_raw = plain(element, "meetingdate")
    status = plain(element, "meetingstatus")
    url = None
    if base is not None:
        with_committee = f"CId={committee[0]}&" if committee[0] else ""
        url = f"{base}/ieListDocuments.aspx?{with_committee}MId={number}&Ver=4"
    return Meeting(
        meeting_id=number,
        committee_id=committee[0],
        committee=committee[1],
        day=read_when(day_raw).day,
        day_raw=day_raw,
        time_raw=plain(element, "meetingtime"),
        status=read_status(status),
        status_raw=status,
        url=url,
    )


def _placement(item: etree._Element) -> Placement:
    # "fulldisplaynumberformat" is the number that people see; "agendaitemnumber" counts inside,
    # and is 0 for headings.
    shown = plain(item, "fulldisplaynumberformat")
    inside = plain(item, "agendaitemnumber")
    number = shown.rstrip(".") if shown else inside
    return Placement(
        plain(item, "agendaitemid"),
        number if number not in {"0", ""} else None,
        plain(item, "agendaitemtitle"),
    )


def _listing(
    document: etree._Element,
    place: Placement,
    base: str,
    committee: str | None,
    meeting_day: date | None,
) -> Listing | None:
    raw = child(document, "title")
    title = plain(document, "title") or place.title or ""
    number = plain(document, "attachmentid")
    # An address must not be unescaped a second time: "&para" in it is no paragraph sign.
    field = child(document, "url")
    written = inner_text(field).strip() if field is not None else ""
    url = with_scheme_of(base, resolve(written, base + "/")) if written else ""
    if not url and number and number.isdecimal():
        url = f"{base}/mgConvert2PDF.aspx?ID={number}"
    if not url.startswith(("http://", "https://")):
        return None
    offsite = urlsplit(url).hostname != urlsplit(base).hostname
    kind, evidence = judge_kind(
        title, url=url, item_title=place.title, committee=committee, meeting_day=meeting_day
    )
    return Listing(
        doc_key=document_key(url, base),
        kind=kind,
        kind_evidence=evidence,
        url=url,
        url_original=written or url,
        title=title,
        title_raw=inner_text(raw).strip() if raw is not None else "",
        attachment_id=attachment_id(url) or (None if offsite else number),
        publication_day=read_when(plain(document, "publicationdate")).day,
        restricted=_true(document, "isrestricted"),
        offsite=offsite,
        placements=(place,),
    )
