"""Hosts that are not asked again in this run: they block, they are silent, or they fail."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from hwbtext.scrape.records import FetchError
from hwbtext.scrape.targets import host_key

if TYPE_CHECKING:
    import httpx2

    from hwbtext.scrape.records import Outcome


class Stops:
    """Counts failures in a row by host and stops hosts; may be shared by threads.

    Parameters
    ----------
    n_failures : int
        So many failures in a row, each after its retries, stop a host.
    """

    def __init__(self, n_failures: int) -> None:
        self._n_failures = n_failures
        self._counts: dict[str, float] = {}
        self._stopped: dict[str, tuple[Outcome, str]] = {}
        self._lock = threading.Lock()

    def why(self, url: str | httpx2.URL) -> tuple[Outcome, str] | None:
        """Return the outcome and the reason that stopped the host of ``url``, or None."""
        with self._lock:
            return self._stopped.get(host_key(url))

    def check(self, url: str | httpx2.URL) -> None:
        """Raise where the host of ``url`` is stopped."""
        stopped = self.why(url)
        if stopped is not None:
            outcome, reason = stopped
            msg = f"Not asked, since the host was given up in this run: {reason}"
            raise FetchError(outcome, msg, str(url), host_stopped=True)

    def stop(self, url: str | httpx2.URL, error: FetchError) -> None:
        """Stop the host of ``url`` at once."""
        error.host_stopped = True
        with self._lock:
            self._stopped.setdefault(host_key(url), (error.outcome, str(error)))

    def count_failure(
        self, url: str | httpx2.URL, error: FetchError, *, weight: float = 1.0
    ) -> None:
        """Count one failure, or a part of one; the last that is borne stops the host."""
        key = host_key(url)
        with self._lock:
            self._counts[key] = self._counts.get(key, 0.0) + weight
            spent = self._counts[key] >= self._n_failures
        if spent:
            self.stop(url, error)

    def count_success(self, url: str | httpx2.URL) -> None:
        """Forget the failures of a host that gave an answer."""
        with self._lock:
            self._counts.pop(host_key(url), None)
