"""List the papers of a ModernGov site: the web service first, its pages beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from hwbtext.scrape.moderngov.asking import NotReadError, Site, days
from hwbtext.scrape.moderngov.committees import select_committees
from hwbtext.scrape.moderngov.keys import normalize_base
from hwbtext.scrape.moderngov.pages import read_committees_page, read_meetings_page
from hwbtext.scrape.moderngov.papers import read_papers
from hwbtext.scrape.moderngov.xml import read_committees, read_meetings
from hwbtext.scrape.records import Committee, CouldNotCheckError, Meeting, MeetingPapers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hwbtext.records import Site as Council
    from hwbtext.scrape.moderngov.pages import MeetingsPage
    from hwbtext.scrape.records import Page, Pages

_LIST_PAGES = ("mgListCommittees.aspx?bcr=1", "ieDocHome.aspx?Year=0&bcr=1")


@dataclass(frozen=True, slots=True)
class ModernGov:
    """Lists the papers of a ModernGov site; see the protocol ``Source``.

    The committees come from the web service, which knows expired ones, or from the site's
    pages; so do the meetings; and each meeting is read from both. What was read stands in
    ``MeetingPapers.sources``. Only the pages named here are followed: no calendars, no
    histories of issues.

    Parameters
    ----------
    max_list_pages : int
        Pages of earlier and later meetings that are read for one committee.
    """

    max_list_pages: int = 60
    name: ClassVar[str] = "moderngov"
    version: ClassVar[str] = "1"

    def discover(
        self,
        site: Council,
        pages: Pages,
        *,
        board: str,
        since: date | None,
        until: date | None,
        committee_ids: tuple[str, ...] = (),
        is_done: Callable[[Meeting], bool] | None = None,
    ) -> Iterator[MeetingPapers]:
        """Yield the meetings of the board from ``since`` to ``until``, both included.

        Meetings come by day, those whose day could not be told last: whether they are in the
        range is not known, and a warning says so. A meeting that could not be read is yielded
        with ``could_not_check``; one of which ``is_done`` is true, as the list has it, unread.

        Raises
        ------
        CouldNotCheckError
            The list of committees could not be read, or, after the meetings of the others, the
            list of a committee.
        """
        asked = Site(_base(site), pages)
        chosen, _ = _choose(asked, board, committee_ids)
        meetings: dict[str, Meeting] = {}
        failed: list[str] = []
        for committee in chosen:
            try:
                listed = self._meetings(asked, committee, since, until)
            except NotReadError as error:
                failed.append(f"{committee.title or committee.committee_id}: {error}")
                continue
            for meeting in listed:
                meetings.setdefault(meeting.meeting_id, meeting)
        for meeting in sorted(meetings.values(), key=_by_day):
            if not _is_within(meeting.day, since, until):
                continue
            if is_done is not None and is_done(meeting):
                yield MeetingPapers(meeting)
                continue
            papers = read_papers(asked, meeting)
            if papers.meeting.day is None:
                told = "no date could be told"
                told += ": it may lie outside the range" if since or until else ""
                yield replace(papers, warnings=(*papers.warnings, told))
            elif meeting.day is not None or _is_within(papers.meeting.day, since, until):
                yield papers
        if failed:
            raise CouldNotCheckError(f"meetings could not be listed: {'; '.join(failed)}")

    def committees(
        self,
        site: Council,
        pages: Pages,
        *,
        board: str,
        committee_ids: tuple[str, ...] = (),
    ) -> tuple[tuple[Committee, ...], tuple[str, ...]]:
        """Return the committees that ``discover`` would read, and what was read to find them.

        The second part is ("xml",) or ("html",): pages list no expired committees.

        Raises
        ------
        CouldNotCheckError
            The list of committees could not be read.
        """
        return _choose(Site(_base(site), pages), board, committee_ids)

    def _meetings(
        self, site: Site, committee: Committee, since: date | None, until: date | None
    ) -> tuple[Meeting, ...]:
        try:
            listed = site.service(
                "GetMeetings",
                lambda page: read_meetings(page.body, base=site.base),
                lCommitteeId=committee.committee_id,
                **days(since, until),
            )
        except NotReadError as error:
            try:
                listed = self._meetings_of_pages(site, committee, since)
            except NotReadError as second:
                raise NotReadError(f"{error}; {second}") from second
        return tuple(
            replace(
                one,
                committee_id=one.committee_id or committee.committee_id,
                committee=one.committee or committee.title or None,
            )
            for one in listed
            # A service that ignores its parameters returns every committee's meetings.
            if one.committee_id in {None, committee.committee_id}
        )

    def _meetings_of_pages(
        self, site: Site, committee: Committee, since: date | None
    ) -> tuple[Meeting, ...]:
        """Read the list of meetings, then the pages before and after it, each once."""
        first = f"{site.base}/ieListMeetings.aspx?CId={committee.committee_id}&Year=0"
        waiting = [first]
        visited: set[str] = set()
        found: dict[str, Meeting] = {}
        while waiting:
            url = waiting.pop(0)
            if url.lower() in visited:
                continue
            if len(visited) >= self.max_list_pages:
                raise NotReadError(f"more than {self.max_list_pages} pages of meetings")
            visited.add(url.lower())
            page = site.read(url, lambda got: _list_page(got, site))
            new = [one for one in page.meetings if one.meeting_id not in found]
            found.update((one.meeting_id, one) for one in new)
            told = [one.day for one in page.meetings if one.day is not None]
            if not new and url != first:
                continue  # a page that adds nothing leads nowhere: such chains have no end
            if since is None or not told or min(told) >= since:
                waiting += page.earlier
            waiting += page.later
        return tuple(found.values())


def _base(site: Council) -> str:
    if not site.base_url:
        raise CouldNotCheckError(f"{site.name}: no address is known for its papers")
    try:
        return normalize_base(site.base_url)
    except ValueError as error:
        raise CouldNotCheckError(f"{site.name}: no address: {site.base_url!r}") from error


def _choose(
    site: Site, board: str, committee_ids: tuple[str, ...]
) -> tuple[tuple[Committee, ...], tuple[str, ...]]:
    reasons: list[str] = []
    last: NotReadError | None = None
    listed: tuple[Committee, ...] | None = None
    read = "xml"
    try:
        listed = site.service("GetCommittees", lambda page: read_committees(page.body))
    except NotReadError as error:
        reasons.append(str(error))
    for name in _LIST_PAGES:
        if listed is not None:
            break
        try:
            listed = site.read(f"{site.base}/{name}", _committee_page)
            read = "html"
        except NotReadError as error:
            reasons.append(str(error))
            last = error
    if listed is None and not committee_ids:
        # A site that refuses says the same of every page.
        alike = len({reason.partition(":")[0] for reason in reasons}) == 1
        told = reasons[:1] if alike else reasons
        msg = f"the committees could not be listed: {'; '.join(told)}"
        raise CouldNotCheckError(msg) from last
    chosen = select_committees(listed or (), board, committee_ids=committee_ids)
    # A number that the user gives is asked for, whether the list has it or not.
    known = {one.committee_id for one in chosen}
    chosen += tuple(Committee(one, "") for one in committee_ids if one not in known)
    return chosen, (read,) if listed is not None else ()


def _committee_page(page: Page) -> tuple[Committee, ...]:
    return read_committees_page(page.body, page.url_final or page.url)


def _list_page(page: Page, site: Site) -> MeetingsPage:
    return read_meetings_page(page.body, page.url_final or page.url, base=site.base)


def _by_day(meeting: Meeting) -> tuple[date, int, str]:
    number = int(meeting.meeting_id) if meeting.meeting_id.isdecimal() else 0
    return (meeting.day or date.max, number, meeting.meeting_id)


def _is_within(day: date | None, since: date | None, until: date | None) -> bool:
    if day is None:
        return True
    return (since is None or day >= since) and (until is None or day <= until)
