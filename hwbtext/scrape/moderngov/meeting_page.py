"""Read an ``ieListDocuments`` page: header links, agenda items, their links and inline text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from hwbtext.scrape.moderngov.headings import (
    committee_id_of,
    committee_in,
    is_meeting_page,
    meeting_id_in,
    page_title,
    read_heading,
)
from hwbtext.scrape.moderngov.inline import find_sections
from hwbtext.scrape.moderngov.items import Item, find_items
from hwbtext.scrape.moderngov.keys import (
    attachment_id,
    document_key,
    meeting_id,
    normalize_base,
    resolve,
    with_scheme_of,
)
from hwbtext.scrape.moderngov.kinds import Place, judge_kind, read_status
from hwbtext.scrape.moderngov.listing import collect
from hwbtext.scrape.moderngov.skins import (
    is_document,
    is_login,
    is_page,
    label_of,
    page_base,
    raw_text,
    read_html,
    within,
)
from hwbtext.scrape.records import (
    InlineItem,
    Listing,
    Meeting,
    MeetingPapers,
    Placement,
    UnreadableAnswerError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree

    from hwbtext.scrape.moderngov.times import WrittenTime

_ANOTHER_RENDITION = re.compile(r"^view as (?:html|word|rtf|text)\b", re.IGNORECASE)
# The page shows five of an item's papers and part of its minutes; the rest is a page further.
_MORE = re.compile(r"\bmgAi\.aspx\?", re.IGNORECASE)
_WHOLE_MEETING = re.compile(r"/documents/g\d+/|/mgChooseDocPack\.aspx\?", re.IGNORECASE)
_RESTRICTED = re.compile(r"\bmgReasonsRestricted\.aspx", re.IGNORECASE)


class More(NamedTuple):
    """Where the rest of an item stands that the page cuts short, and which item it is.

    ``minutes`` is True where its minutes are cut, False where only its list of papers is.
    """

    url: str
    placement: Placement
    minutes: bool


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """The papers of a meeting's page, and what the page leaves to other pages.

    Attributes
    ----------
    n_items : int
        Agenda items, headings among them.
    decisions : tuple of InlineItem
        Decisions that stand on the page, by item.
    choosers : tuple of str
        Addresses where a pack is chosen (``mgChooseDocPack``); the papers list them too.
    more : tuple of More
        Items whose papers or minutes the page cuts short; each address once.
    """

    papers: MeetingPapers
    n_items: int
    decisions: tuple[InlineItem, ...]
    choosers: tuple[str, ...]
    more: tuple[More, ...]


@dataclass(slots=True)
class _Page:
    """What is known of the page as a whole."""

    start: str
    base: str
    committee: str | None
    when: WrittenTime
    items: tuple[Item, ...] = ()
    listings: list[Listing] = field(default_factory=list)
    choosers: list[str] = field(default_factory=list)
    more: dict[str, More] = field(default_factory=dict)


def read_page(body: bytes, url: str, *, base: str | None = None) -> MeetingPage:
    """Read a meeting's page with all that it says; see :func:`..pages.read_meeting_page`."""
    root = read_html(body)
    start = page_base(root, url)
    site = base or normalize_base(start)
    if not is_meeting_page(root):
        raise UnreadableAnswerError(f"no meeting page: {page_title(root) or 'without a title'!r}")
    heading, when = read_heading(root)
    committee = committee_in(heading[: when.start])
    page = _Page(start, site, committee, when)
    number = meeting_id(url) or meeting_id_in(root)
    if number is None:
        raise UnreadableAnswerError("a meeting page that does not tell the meeting's number")
    page.items, at = find_items(root)
    for link in root.iter("a"):
        _take_link(link, at.get(link), page)
    page.listings += list(_restricted(page))
    minutes, decisions = _inline(root, page, at)
    status_raw = heading[when.end :] if when.day else heading
    if when.time_raw:
        status_raw = status_raw.replace(when.time_raw, "")
    meeting = Meeting(
        meeting_id=number,
        committee_id=committee_id_of(root, url),
        committee=committee,
        day=when.day,
        day_raw=heading[when.start : when.end] or None,
        time_raw=when.time_raw,
        status=read_status(status_raw),
        status_raw=status_raw.strip(" ,-–.()") or None if when.day else None,
        url=url if meeting_id(url) else f"{site}/ieListDocuments.aspx?MId={number}&Ver=4",
    )
    more = tuple(page.more.values())
    warnings = [when.warning] if when.warning else []
    papers = MeetingPapers(
        meeting, collect(page.listings), tuple(minutes), ("html",), tuple(warnings)
    )
    return MeetingPage(papers, len(page.items), tuple(decisions), tuple(page.choosers), more)


def links_of(root: etree._Element, start: str) -> Iterator[tuple[etree._Element, str]]:
    """Yield the links of a page with their absolute addresses."""
    for link in root.iter("a"):
        if (href := _href(link).strip()) and not href.startswith("#"):
            yield link, resolve(href, start)


def list_document(
    link: etree._Element,
    url: str,
    page_base_url: str,
    *,
    place: Place,
    item: Placement | None = None,
    committee: str | None = None,
    when: WrittenTime | None = None,
) -> Listing:
    """Return the listing of a link on a page."""
    url = with_scheme_of(page_base_url, url)
    label = label_of(link)
    kind, evidence = judge_kind(
        label,
        url=url,
        place=place,
        item_title=item.title if item else None,
        committee=committee,
        meeting_day=when.day if when else None,
    )
    offsite = urlsplit(url).hostname != urlsplit(page_base_url).hostname
    if not is_document(url):
        kind, evidence = "other", f"no file by its address, label: {label}"
    return Listing(
        doc_key=document_key(url, page_base_url),
        kind=kind,
        kind_evidence=evidence,
        url=url,
        url_original=_href(link),
        title=label,
        title_raw=raw_text(link),
        attachment_id=None if offsite else attachment_id(url),
        restricted=is_login(url),
        offsite=offsite,
        placements=(item,) if item else (),
    )


def _href(link: etree._Element) -> str:
    return link.get("href") or ""


def _take_link(link: etree._Element, item: Item | None, page: _Page) -> None:
    href = _href(link).strip()
    url = resolve(href, page.start) if href and not href.startswith("#") else ""
    if not url:
        return
    if _RESTRICTED.search(url) and item is not None:
        item.reasons_url = item.reasons_url or url
        return
    if _MORE.search(url) and item is not None and not within(link, "mgWordPara"):
        if "#mgdocuments" in href.lower():
            page.more.setdefault(url, More(url, item.placement, minutes=False))
        return
    if not _is_paper(link, url, item):
        return
    if item is not None and item.n_links and _ANOTHER_RENDITION.match(label_of(link)):
        return
    header = item is None and (
        within(link, "mgActionList", "mgLinks") or "/documents/s" not in url.lower()
    )
    listing = list_document(
        link,
        url,
        page.base,
        place="meeting" if header else "item",
        item=item.placement if item else None,
        committee=page.committee,
        when=page.when,
    )
    page.listings.append(listing)
    if item is not None:
        item.n_links += 1
    if "mgchoosedocpack.aspx" in url.lower() and url not in page.choosers:
        page.choosers.append(url)


def _is_paper(link: etree._Element, url: str, item: Item | None) -> bool:
    listed = within(link, "mgAiTitleTxt", "mgBulletList", "mgActionList")
    if is_document(url):
        # Banners and footers of the council link files of their own.
        if item is not None or within(link, "mgLinks", "mgActionList", "mgContent"):
            return True
        return bool(_WHOLE_MEETING.search(url))
    if is_login(url):
        return item is not None and listed
    if is_page(url):
        return False
    return listed and (item is not None or within(link, "mgLinks"))


def _restricted(page: _Page) -> Iterable[Listing]:
    """List the papers that the page only says to be withheld: known of, never asked for."""
    for item in page.items:
        if item.reasons_url and not item.n_links:
            yield Listing(
                doc_key=document_key(item.reasons_url, page.base),
                kind="report",
                kind_evidence="the page gives reasons why it is restricted",
                url=item.reasons_url,
                url_original=item.reasons_url,
                title=item.title or "",
                title_raw=item.title or "",
                restricted=True,
                placements=(item.placement,),
            )


def _inline(
    root: etree._Element, page: _Page, at: dict[etree._Element, Item]
) -> tuple[list[InlineItem], list[InlineItem]]:
    minutes: list[InlineItem] = []
    decisions: list[InlineItem] = []
    for section in find_sections(root, page.start):
        item = at.get(section.title)
        if item is None:
            continue
        inline = InlineItem(item.number, item.title, section.html)
        if section.name == "minutes":
            minutes.append(inline)
            for url in section.more:
                page.more[url] = More(url, item.placement, minutes=True)
        else:
            decisions.append(inline)
    return minutes, decisions
