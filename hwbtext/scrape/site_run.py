"""One site in one run: list its meetings, deal with their documents, write what became of each.

A meeting is *closed*, by a row that names the kinds, once all its documents of these kinds were
had or answered for.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NoReturn

from hwbtext.errors import HwbtextError
from hwbtext.scrape.answers import ANSWERED, CHECKED, fault_of, host_of, outcome_of
from hwbtext.scrape.choose import choose
from hwbtext.scrape.counts import Tally
from hwbtext.scrape.looks import Looks
from hwbtext.scrape.records import CouldNotCheckError, FetchError

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    _looks: Looks = field(init=False)
    _minutes: dict[str | None, bool] = field(init=False, default_factory=dict)

    def run(self) -> SiteCounts:
        """List and take; return the counts. What a site does wrong never raises.

        Neither does a fault of ours in reading it: the other sites of the run go on.

        Raises
        ------
        DiskError
            The folder cannot be written.
        """
        started = time.monotonic()
        self.tally = Tally(self.site.site_id, self.site.name)
        self._looks = Looks(self.site, self.holdings, self.wish)
        reason: str | None = None
        outcome: Outcome | None = None
        seen: list[Meeting] = []
        try:
            for papers in self._discover():
                seen.append(papers.meeting)
                self._take(papers)
            if not seen:
                board, ids = self.wish.board, self.committee_ids
                chosen, _ = self.source.committees(
                    self.site, self.client, board=board, committee_ids=ids
                )
                self.tally.list_committees(chosen)
            self.holdings.note_vanished(
                self.site, seen, since=self.wish.since, until=self.wish.until
            )
        except (CouldNotCheckError, FetchError) as error:
            reason, outcome = str(error), outcome_of(error)
            self.tally.could_not_check(reason)
        except SiteStoppedError as error:
            reason, outcome = str(error), error.outcome
            self.tally.stopped = None if outcome == "skipped_budget" else reason
        except (HwbtextError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - see above
            reason = fault_of(error)
            self.tally.could_not_check(reason)
        counts = self.tally.counts(time.monotonic() - started)
        if reason is None and counts.ran_out:
            reason = "the bytes of the run are used up"
        elif reason is None and not counts.all_well:
            reason = f"{counts.n_failed} failed, {counts.n_not_checked} could not be checked"
        self.holdings.note_site(self.site, reason, outcome=outcome, permission=self.permission)
        if self.progress is not None:
            self.progress.site(counts)
        return counts

    def _discover(self) -> Iterator[MeetingPapers]:
        return self.source.discover(
            self.site,
            self.client,
            board=self.wish.board,
            since=self.wish.since,
            until=self.wish.until,
            committee_ids=self.committee_ids,
            is_done=self._looks.is_done,
        )

    def _rows(self, meeting: Meeting) -> Iterator[ManifestRow]:
        return self.holdings.manifest.state.places(self.site.site_id, meeting.meeting_id)

    def _take(self, papers: MeetingPapers) -> None:
        meeting = papers.meeting
        self.tally.list_meeting(meeting)
        if self.progress is not None:
            self.progress.meeting(self.site, meeting)
        if self._looks.is_done(meeting):
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
        elif self._looks.is_had(shelf, listing):
            self.tally.hold()
            return True
        elif repeated := shelf.repeat(listing, self._looks.since):
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
            # A paper may lead to another host, which has no say in what its own site gives.
            if not listing.offsite and self.client.stopped(listing.url) is not None:
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
