"""Read one meeting from both its answers, the web service's and the page's, and unite them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hwbtext.scrape.moderngov.asking import NotReadError, Site
from hwbtext.scrape.moderngov.listing import collect
from hwbtext.scrape.moderngov.meeting_page import MeetingPage, read_page
from hwbtext.scrape.moderngov.pages import read_item_page, read_pack_page
from hwbtext.scrape.moderngov.xml import read_meeting
from hwbtext.scrape.records import InlineItem, Listing, Meeting, MeetingPapers, Placement

if TYPE_CHECKING:
    from hwbtext.scrape.records import Page

_MOST_MORE = 60
"""Pages of single items that are read for one meeting; an agenda has about 15 items."""


def read_papers(site: Site, listed: Meeting) -> MeetingPapers:
    """Return what a site lists for a meeting, from the service and from the page.

    A source that fails is told: in ``could_not_check`` where papers may be missing for it (the
    page alone has the printed minutes and the packs), else in ``warnings``.
    """
    problems: list[str] = []
    warnings: list[str] = []
    service: MeetingPapers | None = None
    try:
        service = site.service(
            "GetMeeting",
            lambda page: read_meeting(page.body, base=site.base, listed=listed),
            lMeetingId=listed.meeting_id,
        )
    except NotReadError as error:
        warnings.append(f"web service: {error}")
    if service is not None and service.meeting.meeting_id != listed.meeting_id:
        warnings.append(f"web service: answered with meeting {service.meeting.meeting_id}")
        service = None
    page: MeetingPage | None = None
    try:
        page = site.read(_address(site, listed), lambda got: _page(got, site))
    except NotReadError as error:
        problems.append(f"page of the meeting: {error}")
    if page is not None and page.papers.meeting.meeting_id != listed.meeting_id:
        problems.append(f"page of the meeting: shows {page.papers.meeting.meeting_id}")
        page = None
    read = [one for one in (page.papers if page else None, service) if one is not None]
    listings = [one for papers in read for one in papers.listings]
    inline = _inline(service, page)
    if page is not None:
        listings = _with_packs(site, page, listings, problems)
        listings, inline = _with_items(site, page, listings, inline, service, problems)
    return MeetingPapers(
        meeting=_meeting(listed, service, page, warnings),
        listings=collect(listings),
        inline=inline,
        sources=tuple(sorted({name for one in read for name in one.sources}, reverse=True)),
        warnings=(*warnings, *(warning for one in read for warning in one.warnings)),
        could_not_check="; ".join(problems) or None,
    )


def _address(site: Site, meeting: Meeting) -> str:
    committee = f"CId={meeting.committee_id}&" if meeting.committee_id else ""
    return f"{site.base}/ieListDocuments.aspx?{committee}MId={meeting.meeting_id}&Ver=4"


def _page(page: Page, site: Site) -> MeetingPage:
    # After a redirect, relative links start from where the page was found.
    return read_page(page.body, page.url_final or page.url, base=site.base)


def _meeting(
    listed: Meeting, service: MeetingPapers | None, page: MeetingPage | None, warnings: list[str]
) -> Meeting:
    """Return the meeting: the service's word before the page's, the page's before the list's."""
    told = [one.meeting for one in (service, page.papers if page else None) if one is not None]
    told.append(listed)
    dated = [one for one in told if one.day is not None]
    if len({one.day for one in dated}) > 1:
        written = ", ".join(sorted({str(one.day) for one in dated}))
        warnings.append(f"the list, the service and the page differ about the date: {written}")
    first = dated[0] if dated else told[0]
    status = next((one for one in told if one.status != "unknown"), told[0])
    return Meeting(
        meeting_id=listed.meeting_id,
        committee_id=next((one.committee_id for one in reversed(told) if one.committee_id), None),
        committee=next((one.committee for one in reversed(told) if one.committee), None),
        day=first.day,
        day_raw=first.day_raw,
        time_raw=next((one.time_raw for one in told if one.time_raw), None),
        status=status.status,
        status_raw=status.status_raw,
        url=listed.url or next((one.url for one in told if one.url), None),
    )


def _inline(service: MeetingPapers | None, page: MeetingPage | None) -> tuple[InlineItem, ...]:
    """Unite inline minutes by item, the service's text first: the page cuts long ones."""
    if service is None or page is None:
        return service.inline if service else page.papers.inline if page else ()
    texts = {_item_key(one): one for one in service.inline}
    united = [texts.pop(_item_key(one), one) for one in page.papers.inline]
    return (*united, *texts.values())


def _item_key(item: InlineItem | Placement) -> tuple[str, str]:
    title = " ".join((item.title or "").lower().split())
    return (item.number or "", "" if item.number else title)


def _with_packs(
    site: Site, page: MeetingPage, listings: list[Listing], problems: list[str]
) -> list[Listing]:
    """Put the files that a pack's own page offers in the place of that page."""
    choosers = {one.url: one for one in page.papers.listings if one.url in page.choosers}
    for url, chooser in choosers.items():
        try:
            found = site.read(url, lambda got: _offered(got, site))
        except NotReadError as error:
            problems.append(f"page of the pack: {error}")
            continue
        if found is None:  # the address gave the file itself
            continue
        if not found:
            problems.append(f"page of the pack: no file is offered ({url})")
        at = next(i for i, one in enumerate(listings) if one.doc_key == chooser.doc_key)
        listings[at : at + 1] = [_as_chosen(one, chooser) for one in found]
    return listings


def _offered(page: Page, site: Site) -> tuple[Listing, ...] | None:
    if page.body.lstrip()[:5] == b"%PDF-" or (page.media_type or "").endswith("/pdf"):
        return None
    return read_pack_page(page.body, page.url_final or page.url, base=site.base)


def _as_chosen(listing: Listing, chooser: Listing) -> Listing:
    # "Supplement 2" on the meeting's page says more than "Public pack" on the pack's own.
    if chooser.kind == "supplement" and listing.kind != "supplement":
        return replace(listing, kind="supplement", kind_evidence=chooser.kind_evidence)
    return listing


def _with_items(
    site: Site,
    page: MeetingPage,
    listings: list[Listing],
    inline: tuple[InlineItem, ...],
    service: MeetingPapers | None,
    problems: list[str],
) -> tuple[list[Listing], tuple[InlineItem, ...]]:
    """Read the pages of items that the meeting's page cuts short, where the service has not."""
    texts = list(inline)
    told = {_item_key(one) for one in service.inline} if service else set()
    cut = [
        more
        for more in page.more
        if service is None or (more.minutes and _item_key(more.placement) not in told)
    ]
    if len(cut) > _MOST_MORE:
        problems.append(f"{len(cut)} items are cut short; {_MOST_MORE} were read")
    for more in cut[:_MOST_MORE]:
        try:
            found = site.read(
                more.url,
                lambda got: read_item_page(got.body, got.url_final or got.url, base=site.base),
            )
        except NotReadError as error:
            problems.append(f"page of an item: {error}")
            continue
        place = more.placement
        listings += [replace(one, placements=(place,)) for one in found.listings]
        for at, text in enumerate(texts):
            if found.minutes and _item_key(text) == _item_key(place):
                texts[at] = replace(text, html=found.minutes)
    return listings, tuple(texts)
