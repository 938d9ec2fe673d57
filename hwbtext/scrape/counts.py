"""What a run did, by site, in numbers that add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hwbtext.scrape.records import Committee, Meeting, Outcome

_NEW: frozenset[Outcome] = frozenset(("new", "new_version", "duplicate"))
_REFUSED: frozenset[Outcome] = frozenset(
    (
        "skipped_restricted",
        "skipped_offsite",
        "skipped_too_large",
        "skipped_budget",
        "refused_robots",
        "not_found",
    )
)
_MOST_REASONS = 20


@dataclass(frozen=True, slots=True)
class SiteCounts:
    """What became of one site's documents; ``n_found`` is the sum of the other four.

    Attributes
    ----------
    n_meetings : int
        Meetings of the board in the range.
    n_new : int
        Fetched and kept: new ones, new versions, and other copies of what is held.
    n_unchanged : int
        The same bytes as before; ``n_held`` of them were not asked for again.
    n_refused : int
        Not had, with an answer: restricted, on another host, too large, refused by robots.txt,
        not there. Not a failure.
    n_failed : int
        Not had, for a reason that may pass. Run again.
    n_listed : int
        Documents that a dry run would have asked for.
    outcomes : tuple of (str, int)
        The same by outcome, as the manifest has them.
    n_not_checked : int
        Meetings (or a list) that could not be read: what they hold is not known.
    not_checked : tuple of str
        Why, for the first of them.
    stopped : str or None
        Why no more was asked of the site in this run.
    committees : tuple of str
        Those whose meetings were read; none where no name fits the board's.
    """

    site_id: str
    name: str
    n_meetings: int = 0
    n_found: int = 0
    n_new: int = 0
    n_unchanged: int = 0
    n_held: int = 0
    n_refused: int = 0
    n_failed: int = 0
    n_listed: int = 0
    outcomes: tuple[tuple[str, int], ...] = ()
    n_not_checked: int = 0
    not_checked: tuple[str, ...] = ()
    stopped: str | None = None
    committees: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def ran_out(self) -> bool:
        """Return whether the bytes that the run may fetch were used up here."""
        return any(outcome == "skipped_budget" for outcome, _ in self.outcomes)

    @property
    def all_well(self) -> bool:
        """Return whether nothing failed and all was checked that the run came to."""
        return not (self.n_failed or self.n_not_checked or self.stopped)


@dataclass(frozen=True, slots=True)
class ScrapeReport:
    """What a run did.

    Attributes
    ----------
    sites : tuple of SiteCounts
        In the order in which the sites were given.
    """

    run_id: str
    sites: tuple[SiteCounts, ...]
    dry_run: bool = False

    @property
    def all_well(self) -> bool:
        """Return whether every site could be checked and nothing failed."""
        return all(site.all_well for site in self.sites)

    def total(self, name: str) -> int:
        """Return the sum of a count (``n_found``, ...) over the sites."""
        return sum(int(getattr(site, name)) for site in self.sites)


@dataclass(slots=True)
class Tally:
    """Counts up what becomes of one site's documents."""

    site_id: str
    name: str
    n_meetings: int = 0
    n_held: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    n_not_checked: int = 0
    not_checked: list[str] = field(default_factory=list)
    stopped: str | None = None
    committees: dict[str, None] = field(default_factory=dict)

    def count(self, outcome: Outcome) -> None:
        """Count one document."""
        self.outcomes[outcome] += 1

    def list_meeting(self, meeting: Meeting) -> None:
        """Count a meeting that the site lists."""
        self.n_meetings += 1
        self.committees.setdefault(meeting.committee or meeting.committee_id or "")

    def hold(self, n: int = 1) -> None:
        """Count documents that are held and are not asked for again."""
        self.n_held += n

    def list_committees(self, committees: Iterable[Committee]) -> None:
        """Note the committees of a site that lists no meetings of them."""
        self.committees.update(dict.fromkeys(one.title or one.committee_id for one in committees))

    def could_not_check(self, reason: str) -> None:
        """Count a list or a meeting that could not be read."""
        self.n_not_checked += 1
        if len(self.not_checked) < _MOST_REASONS:
            self.not_checked.append(reason)

    def counts(self, seconds: float) -> SiteCounts:
        """Return the counts as they stand."""
        n_new = self._sum(_NEW)
        n_refused = self._sum(_REFUSED)
        n_listed = self.outcomes["listed"]
        n_unchanged = self.outcomes["unchanged"] + self.n_held
        n_all = self.outcomes.total() + self.n_held
        return SiteCounts(
            self.site_id,
            self.name,
            n_meetings=self.n_meetings,
            n_found=n_all,
            n_new=n_new,
            n_unchanged=n_unchanged,
            n_held=self.n_held,
            n_refused=n_refused,
            n_failed=n_all - n_new - n_refused - n_unchanged - n_listed,
            n_listed=n_listed,
            outcomes=tuple(sorted(self.outcomes.items())),
            n_not_checked=self.n_not_checked,
            not_checked=tuple(self.not_checked),
            stopped=self.stopped,
            committees=tuple(self.committees),
            seconds=seconds,
        )

    def _sum(self, outcomes: Iterable[Outcome]) -> int:
        return sum(self.outcomes[one] for one in outcomes)
