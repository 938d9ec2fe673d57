"""Which earlier looks at a site will do, so that a meeting or a document is not asked for again.

A run that ended badly is gone on with: a site is *open* from the row that begins it to the row
that says that all went well, and what was checked since it was opened is not asked for again. A
closed meeting is not even read again while the site is open, and later only as long as its
papers may still change. A run that fetches everything once more goes on with runs of its kind
alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hwbtext.scrape.answers import CHECKED
from hwbtext.scrape.placing import has_size
from hwbtext.scrape.state import BEGUN, BEGUN_ANEW
from hwbtext.scrape.wish import RESUME_HOURS

if TYPE_CHECKING:
    from datetime import datetime

    from hwbtext.records import Site
    from hwbtext.scrape.holdings import Holdings
    from hwbtext.scrape.records import Listing, Meeting
    from hwbtext.scrape.shelf import Shelf
    from hwbtext.scrape.wish import Wish


class Looks:
    """The looks at one site; making it opens the site, unless it is open.

    Attributes
    ----------
    since : datetime
        When the site was opened.
    """

    def __init__(self, site: Site, holdings: Holdings, wish: Wish) -> None:
        self._site_id = site.site_id
        self._state = holdings.manifest.state
        self._root = holdings.root
        self._wish = wish
        opened = self._state.opened(site.site_id, anew=wish.recheck)
        if opened is None or holdings.clock() - opened > timedelta(hours=RESUME_HOURS):
            opened = holdings.note_site(site, BEGUN_ANEW if wish.recheck else BEGUN).at
        self.since = opened

    def is_done(self, meeting: Meeting) -> bool:
        """Return whether a meeting need not be read again in this run."""
        row = self._state.meeting(self._site_id, meeting.meeting_id)
        if row is None or not self._wish.kinds <= set(row.kinds) or row.last_seen is not None:
            return False
        if row.meeting_day != meeting.day or row.status != meeting.status:
            return False
        return self._will_do(meeting, row.at) and all(
            has_size(self._root, held.path, held.n_bytes)
            for held in self._state.places(self._site_id, meeting.meeting_id)
            if held.path is not None and held.last_seen is None
        )

    def is_had(self, shelf: Shelf, listing: Listing) -> bool:
        """Return whether a document was checked since the site was opened, or is settled."""
        meeting = shelf.papers.meeting
        row = self._state.place(self._site_id, meeting.meeting_id, listing.doc_key)
        if row is None or row.outcome not in CHECKED or row.last_checked is None:
            return False
        return self._will_do(meeting, row.last_checked) and shelf.held(listing) is not None

    def _will_do(self, meeting: Meeting, at: datetime) -> bool:
        day, months = meeting.day, timedelta(days=self._wish.recheck_days)
        settled = day is not None and not self._wish.recheck and at.date() - day > months
        return settled or at >= self.since
