"""Who wants to hear how a run goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from hwbtext.records import Site
    from hwbtext.scrape.counts import SiteCounts
    from hwbtext.scrape.records import Listing, Meeting, Outcome


class Progress(Protocol):
    """Is told how a run goes on; from many threads."""

    def meeting(self, site: Site, meeting: Meeting) -> None:
        """Hear of a meeting that is about to be dealt with."""
        ...

    def document(
        self, site: Site, meeting: Meeting, listing: Listing, outcome: Outcome, reason: str
    ) -> None:
        """Hear what became of a document."""
        ...

    def site(self, counts: SiteCounts) -> None:
        """Hear that a site is done with."""
        ...
