"""What a run is asked for, and how much it may still fetch."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from hwbtext.scrape.records import DocumentKind

MAX_FILE_BYTES = 200_000_000
"""The largest document that is taken; the largest packs of councils are about half of it."""
RECHECK_DAYS = 400
"""Papers of a meeting are looked at again for so long: minutes are corrected until the next
meetings have approved them, and packs get supplements."""
RESUME_HOURS = 24
"""A run that did not end well is gone on with for so long; after that all is checked anew."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What every site of a run is asked for.

    Attributes
    ----------
    recheck : bool
        Ask for everything again, without the conditions that a server could answer wrongly.
    recheck_days : int
        Meetings younger than this are read again in every run, their documents asked for.
    offsite : frozenset of str
        Hosts whose documents are taken although they are not the site's own.
    """

    kinds: frozenset[DocumentKind]
    board: str
    since: date | None = None
    until: date | None = None
    recheck: bool = False
    recheck_days: int = RECHECK_DAYS
    max_file_bytes: int = MAX_FILE_BYTES
    offsite: frozenset[str] = frozenset()


class Budget:
    """The bytes that a run may fetch, all sites together; may be shared by threads.

    Examples
    --------
    >>> budget = Budget(1_000)
    >>> budget.spend(900)
    >>> budget.left(), Budget(None).left() is None
    (100, True)
    """

    def __init__(self, max_bytes: int | None) -> None:
        self._max_bytes = max_bytes
        self._spent = 0
        self._lock = threading.Lock()

    def spend(self, n_bytes: int) -> None:
        """Note that so many bytes came."""
        with self._lock:
            self._spent += n_bytes

    def left(self) -> int | None:
        """Return how many may still come; None where there is no limit."""
        if self._max_bytes is None:
            return None
        with self._lock:
            return max(0, self._max_bytes - self._spent)
