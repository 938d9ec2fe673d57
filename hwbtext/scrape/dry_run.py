"""What a run would ask for: the lists and pages are read, no document, and nothing is written."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hwbtext.errors import HwbtextError
from hwbtext.scrape.answers import fault_of, host_of
from hwbtext.scrape.choose import choose
from hwbtext.scrape.counts import Tally
from hwbtext.scrape.inline import inline_listing
from hwbtext.scrape.records import CouldNotCheckError, FetchError

if TYPE_CHECKING:
    from hwbtext.records import Site
    from hwbtext.scrape.counts import SiteCounts
    from hwbtext.scrape.progress import Progress
    from hwbtext.scrape.records import Listing, MeetingPapers, Outcome, Pages, Source
    from hwbtext.scrape.state import State
    from hwbtext.scrape.wish import Wish


def list_site(
    site: Site,
    source: Source,
    pages: Pages,
    state: State,
    wish: Wish,
    *,
    committee_ids: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> SiteCounts:
    """Return the counts of a site as a run would begin with them."""
    started = time.monotonic()
    tally = Tally(site.site_id, site.name)
    try:
        for papers in source.discover(
            site,
            pages,
            board=wish.board,
            since=wish.since,
            until=wish.until,
            committee_ids=committee_ids,
        ):
            tally.list_meeting(papers.meeting)
            if progress is not None:
                progress.meeting(site, papers.meeting)
            if papers.could_not_check is not None:
                tally.could_not_check(
                    f"Meeting {papers.meeting.meeting_id}: {papers.could_not_check}"
                )
            for listing, outcome, reason in _expected(site, papers, state, wish):
                tally.count(outcome)
                if progress is not None:
                    progress.document(site, papers.meeting, listing, outcome, reason)
        if not tally.n_meetings:
            chosen, _ = source.committees(
                site, pages, board=wish.board, committee_ids=committee_ids
            )
            tally.list_committees(chosen)
    except (CouldNotCheckError, FetchError) as error:
        tally.could_not_check(str(error))
    except (HwbtextError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - one site's page must not end the other sites
        tally.could_not_check(fault_of(error))
    counts = tally.counts(time.monotonic() - started)
    if progress is not None:
        progress.site(counts)
    return counts


def _expected(
    site: Site, papers: MeetingPapers, state: State, wish: Wish
) -> list[tuple[Listing, Outcome, str]]:
    choice = choose(papers, wish.kinds)
    found: list[tuple[Listing, Outcome, str]] = []
    for chosen in (*choice.now, *choice.later):
        listing, why = chosen.listing, chosen.why or ""
        row = state.document(site.site_id, listing.doc_key)
        if listing.restricted:
            found.append((listing, "skipped_restricted", "the site does not publish it"))
        elif listing.offsite and host_of(listing.url) not in wish.offsite:
            found.append((listing, "skipped_offsite", "on another host"))
        elif row is not None and row.path is not None:
            found.append((listing, "unchanged", "held already"))
        else:
            found.append((listing, "listed", why))
    inline = inline_listing(papers, site) if "minutes" in wish.kinds else None
    if inline is not None and not any(one[0].kind == "minutes" for one in found):
        found.append((inline, "listed", "stands on the meeting's page"))
    return found
