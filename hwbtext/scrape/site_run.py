"""One site in one run: list its meetings, deal with their documents, write what became of each.

A run that ended badly is gone on with: a site is *open* from the row that begins it to the row
that says that all went well, and what was checked since it was opened is not asked for again.
A meeting is *closed*, by a row that names the kinds, once all its documents of these kinds were
had or answered for; a closed meeting is not even read again while the site is open, and later
only as long as its papers may still change.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

from hwbtext.scrape.answers import ANSWERED, CHECKED, host_of, outcome_of
from hwbtext.scrape.choose import choose
from hwbtext.scrape.counts import Tally
from hwbtext.scrape.records import CouldNotCheckError, FetchError
from hwbtext.scrape.state import BEGUN
from hwbtext.scrape.wish import RESUME_HOURS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hwbtext.records import Site
    from hwbtext.scrape.choose import Chosen
    from hwbtext.scrape.client import Client
    from hwbtext.scrape.counts import SiteCounts
    from hwbtext.scrape.holdings import Holdings
    from hwbtext.scrape.progress import Progress
    from hwbtext.scrape.records import (
        Listing,
        ManifestRow,
        Meeting,
        MeetingPapers,
        Outcome,
        Permission,
        Source,
    )
    from hwbtext.scrape.shelf import Shelf
    from hwbtext.scrape.wish import Budget, Wish


class SiteStoppedError(Exception):
    """No more is asked of this site in this run."""

    def __init__(self, reason: str, outcome: Outcome | None = None) -> None:
        super().__init__(reason)
        self.outcome = outcome


@dataclass(slots=True)
class SiteRun:
    """Deals with one site; :meth:`run` does it all.

    Parameters
    ----------
    permission : Permission or None
        The site's leave, noted in its rows.
    committee_ids : tuple of str
        Committees to read, in place of those that the board's name tells.
    """

    site: Site
    source: Source
    client: Client
    holdings: Holdings
    wish: Wish
    budget: Budget
    progress: Progress | None = None
    permission: Permission | None = None
    committee_ids: tuple[str, ...] = ()
    tally: Tally = field(init=False)
    _opened: datetime = field(init=False)
    _minutes: dict[str | None, bool] = field(init=False, default_factory=dict)

    def run(self) -> SiteCounts:
        """List and take; return the counts. What a site does wrong never raises.

        Raises
        ------
        DiskError
            The folder cannot be written.
        """
        started = time.monotonic()
        self.tally = Tally(self.site.site_id, self.site.name)
        self._open()
        reason: str | None = None
        outcome: Outcome | None = None
        seen: list[Meeting] = []
        try:
            for papers in self._discover():
                seen.append(papers.meeting)
                self._take(papers)
            if not seen:
                chosen, _ = self.source.committees(
                    self.site,
                    self.client,
                    board=self.wish.board,
                    committee_ids=self.committee_ids,
                )
                self.tally.list_committees(chosen)
            self.holdings.note_vanished(
                self.site, seen, since=self.wish.since, until=self.wish.until
            )
        except CouldNotCheckError as error:
            reason, outcome = str(error), outcome_of(error)
            self.tally.could_not_check(reason)
        except FetchError as error:
            reason, outcome = str(error), error.outcome
            self.tally.could_not_check(reason)
        except SiteStoppedError as error:
            reason, outcome = str(error), error.outcome
            self.tally.stopped = None if outcome == "skipped_budget" else reason
        counts = self.tally.counts(time.monotonic() - started)
        if reason is None and counts.ran_out:
            reason = "the bytes of the run are used up"
        elif reason is None and not counts.all_well:
            reason = f"{counts.n_failed} failed, {counts.n_not_checked} could not be checked"
        self.holdings.note_site(self.site, reason, outcome=outcome, permission=self.permission)
        if self.progress is not None:
            self.progress.site(counts)
        return counts

    def _open(self) -> None:
        now = self.holdings.clock()
        opened = self.holdings.manifest.state.opened(self.site.site_id)
        if opened is None or now - opened > timedelta(hours=RESUME_HOURS) or self.wish.recheck:
            opened = self.holdings.note_site(self.site, BEGUN).at
        self._opened = opened

    def _discover(self) -> Iterator[MeetingPapers]:
        return self.source.discover(
            self.site,
            self.client,
            board=self.wish.board,
            since=self.wish.since,
            until=self.wish.until,
            committee_ids=self.committee_ids,
            is_done=self._is_done,
        )

    def _is_done(self, meeting: Meeting) -> bool:
        """Return whether a meeting need not be read again in this run."""
        row = self.holdings.manifest.state.meeting(self.site.site_id, meeting.meeting_id)
        if row is None or not self.wish.kinds <= set(row.kinds) or row.last_seen is not None:
            return False
        if row.meeting_day != meeting.day or row.status != meeting.status:
            return False
        settled = (
            meeting.day is not None
            and not self.wish.recheck
            and row.at.date() - meeting.day > timedelta(days=self.wish.recheck_days)
        )
        return (row.at >= self._opened or settled) and self._files_are_there(meeting)

    def _files_are_there(self, meeting: Meeting) -> bool:
        root = self.holdings.root
        return all(
            (root / row.path).is_file()
            for row in self._rows(meeting)
            if row.path is not None and row.last_seen is None
        )

    def _rows(self, meeting: Meeting) -> Iterator[ManifestRow]:
        return self.holdings.manifest.state.places(self.site.site_id, meeting.meeting_id)

    def _take(self, papers: MeetingPapers) -> None:
        meeting = papers.meeting
        self.tally.list_meeting(meeting)
        if self.progress is not None:
            self.progress.meeting(self.site, meeting)
        if self._is_done(meeting):
            self._count_closed(meeting)
            return
        shelf = self.holdings.meeting(self.site, papers, permission=self.permission)
        choice = choose(papers, self.wish.kinds)
        for listing in choice.passed_over:
            shelf.list_only(listing, "of a kind that was not asked for")
        all_had = [self._deal_with(shelf, chosen) for chosen in choice.now]
        if "minutes" in self.wish.kinds:
            self._take_inline(shelf)
            earlier = self._earlier_minutes(meeting)
            for chosen in choice.later:
                if earlier:
                    shelf.list_only(chosen.listing, "the meeting that it is of has its minutes")
                else:
                    all_had.append(self._deal_with(shelf, chosen))
        if papers.could_not_check is not None:
            self.tally.could_not_check(
                f"Meeting {meeting.meeting_id} ({meeting.day or meeting.day_raw}): "
                f"{papers.could_not_check}"
            )
        elif all(all_had):
            shelf.close(self.wish.kinds)

    def _deal_with(self, shelf: Shelf, chosen: Chosen) -> bool:
        """Take one document; return whether another request could do no more."""
        listing = chosen.listing
        if chosen.why is not None:
            told = f"{listing.kind_evidence}; {chosen.why}"
            listing = replace(listing, kind_evidence=told)
        if listing.restricted:
            row = shelf.note(listing, "skipped_restricted", "the site does not publish it")
        elif listing.offsite and host_of(listing.url) not in self.wish.offsite:
            row = shelf.note(listing, "skipped_offsite", f"on another host: {host_of(listing.url)}")
        elif self._is_had(shelf, listing):
            self.tally.hold()
            return True
        elif repeated := shelf.repeat(listing, self._opened):
            row = repeated
        else:
            row = self._fetch(shelf, listing)
        return self._count(shelf, listing, row)

    def _count(self, shelf: Shelf, listing: Listing, row: ManifestRow) -> bool:
        assert row.outcome is not None
        self.tally.count(row.outcome)
        if self.progress is not None:
            self.progress.document(
                self.site, shelf.papers.meeting, listing, row.outcome, row.reason or ""
            )
        return row.outcome in ANSWERED

    def _is_had(self, shelf: Shelf, listing: Listing) -> bool:
        """Return whether the document was checked since the site was opened, or is settled."""
        meeting = shelf.papers.meeting
        row = self.holdings.manifest.state.place(
            self.site.site_id, meeting.meeting_id, listing.doc_key
        )
        if row is None or row.outcome not in CHECKED or row.last_checked is None:
            return False
        settled = (
            meeting.day is not None
            and not self.wish.recheck
            and row.last_checked.date() - meeting.day > timedelta(days=self.wish.recheck_days)
        )
        return (row.last_checked >= self._opened or settled) and shelf.held(listing) is not None

    def _fetch(self, shelf: Shelf, listing: Listing) -> ManifestRow:
        left = self.budget.left()
        if left == 0:
            self._run_out(shelf, listing, "the bytes of the run are used up")
        most = self.wish.max_file_bytes if left is None else min(self.wish.max_file_bytes, left)
        etag, last_modified = (None, None) if self.wish.recheck else shelf.conditions(listing)
        shelf.start(listing)
        try:
            came = self.client.download(
                listing.url,
                self.holdings.partial,
                max_bytes=most,
                etag=etag,
                last_modified=last_modified,
            )
        except FetchError as error:
            if error.outcome == "skipped_too_large" and most < self.wish.max_file_bytes:
                self.budget.spend(most)
                self._run_out(shelf, listing, f"larger than what the run may still fetch: {error}")
            row = shelf.fail(listing, error)
            if error.host_stopped and not listing.offsite:
                self._count(shelf, listing, row)
                raise SiteStoppedError(str(error), error.outcome) from error
            return row
        self.budget.spend(came.n_bytes)
        return shelf.keep(listing, came)

    def _run_out(self, shelf: Shelf, listing: Listing, reason: str) -> NoReturn:
        row = shelf.note(listing, "skipped_budget", reason)
        self._count(shelf, listing, row)
        raise SiteStoppedError("The bytes of the run are used up.", "skipped_budget")

    def _take_inline(self, shelf: Shelf) -> None:
        """Keep the minutes that stand on the page, unless the meeting has a file of them."""
        meeting = shelf.papers.meeting
        if not shelf.papers.inline:
            return
        if self._has_minutes(meeting, "minutes"):
            shelf.retire_inline("the printed minutes are held")
            return
        row = shelf.keep_inline()
        if row is not None and row.outcome is not None:
            self.tally.count(row.outcome)

    def _earlier_minutes(self, meeting: Meeting) -> bool:
        """Return whether the meeting before this one has minutes of its own.

        A meeting before the first of the list has none that are known; its minutes are wanted
        unless the run asks for meetings from a certain day only.
        """
        had = self._minutes.get(meeting.committee_id, self.wish.since is not None)
        if meeting.status != "cancelled":
            self._minutes[meeting.committee_id] = self._has_minutes(meeting)
        return had

    def _has_minutes(self, meeting: Meeting, *kinds: str) -> bool:
        wanted = kinds or ("minutes", "minutes_inline")
        return any(row.kind in wanted and row.path is not None for row in self._rows(meeting))

    def _count_closed(self, meeting: Meeting) -> None:
        for row in self._rows(meeting):
            if row.last_seen is not None or row.outcome is None or row.outcome == "listed":
                continue
            if row.outcome in CHECKED:
                self.tally.hold()
            else:
                self.tally.count(row.outcome)
        self._earlier_minutes(meeting)
