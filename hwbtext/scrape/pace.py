"""Politeness: one request at a time to a group of hosts, and a distance between them.

Councils that one vendor hosts are one group: twenty of them asked at once are one machine asked
twenty times. Groups do not wait for each other.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from hwbtext.errors import InputError
from hwbtext.scrape.targets import host_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

SHARED_DOMAINS: tuple[str, ...] = ("moderngov.co.uk", "cmis.uk.com")
"""Domains under which a vendor hosts many councils on one platform."""

DEFAULT_DELAY = 2.0
"""Seconds from the start of a request to the start of the next one to the same group."""

SHORTEST_DELAY = 1.0
"""What every group gets at least, but for servers of one's own."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as the collector sees it; tests bring their own.

    Attributes
    ----------
    monotonic : callable
        Seconds that never go back; only differences mean anything.
    now : callable
        The instant, aware UTC.
    sleep : callable
        Wait for so many seconds.
    """

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _utc_now
    sleep: Callable[[float], None] = time.sleep


@dataclass(slots=True)
class _Group:
    delay: float
    free: threading.Lock = field(default_factory=threading.Lock)
    last_start: float | None = None
    not_before: float | None = None


class Pacer:
    """Gives turns to groups of hosts; may be shared by threads.

    Parameters
    ----------
    delay : float
        Seconds from start to start, at least 0.
    own : collection of str or None
        Hosts that may be asked more often than the :data:`SHORTEST_DELAY`, as
        :func:`~hwbtext.scrape.targets.host_key` gives them: one of them may redirect to a host
        that may not. None for every host.
    shared_domains : iterable of str
        Each domain, with all hosts under it, is one group.
    clock : Clock
        Where time comes from.
    """

    def __init__(
        self,
        *,
        delay: float = DEFAULT_DELAY,
        own: Collection[str] | None = None,
        shared_domains: Iterable[str] = SHARED_DOMAINS,
        clock: Clock | None = None,
    ) -> None:
        if not 0 <= delay < float("inf"):
            msg = f"The delay must be a number of seconds, 0 or more; it is {delay}."
            raise InputError(msg)
        self._delay = delay
        self._own = own
        self._shared = tuple(domain.lower().strip(".") for domain in shared_domains)
        self._clock = clock or Clock()
        self._groups: dict[str, _Group] = {}
        self._lock = threading.Lock()

    def group(self, url: str) -> str:
        """Return the name of the group of hosts that ``url`` belongs to.

        Examples
        --------
        >>> Pacer().group("https://ashmere.moderngov.co.uk/mgRss.aspx")
        'moderngov.co.uk'
        >>> Pacer().group("https://democracy.thornholme.example/")
        'democracy.thornholme.example'
        """
        key = host_key(url)
        host = key.partition(":")[0]  # a vendor's machine is one on every port
        for domain in self._shared:
            if host == domain or host.endswith(f".{domain}"):
                return domain
        return key

    @contextmanager
    def turn(self, url: str) -> Iterator[Callable[[], None]]:
        """Hold the group's turn for one request, from its start to its last byte.

        Yields
        ------
        callable
            To be called when the answer begins. The distance is counted from then: the request
            has surely arrived, so that the host never sees two closer than the delay, however
            long the first was on its way. A slow host gets more rest, too.
        """
        group = self._group(url)

        def answered() -> None:
            group.last_start = self._clock.monotonic()

        with group.free:
            self._wait(group)
            answered()
            yield answered

    def slow_down(self, url: str, delay: float) -> None:
        """Keep at least ``delay`` seconds from start to start (Crawl-delay); never less."""
        group = self._group(url)
        group.delay = max(group.delay, delay)

    def hold_off(self, url: str, seconds: float) -> None:
        """Start nothing in the group for so many seconds from now (Retry-After, backoff)."""
        group = self._group(url)
        until = self._clock.monotonic() + seconds
        with self._lock:
            group.not_before = until if group.not_before is None else max(group.not_before, until)

    def _group(self, url: str) -> _Group:
        name = self.group(url)
        is_own = self._own is None or host_key(url) in self._own
        delay = self._delay if is_own else max(self._delay, SHORTEST_DELAY)
        with self._lock:
            return self._groups.setdefault(name, _Group(delay))

    def _wait(self, group: _Group) -> None:
        waited_for: float | None = None
        while True:
            times = [group.not_before]
            if group.last_start is not None:
                times.append(group.last_start + group.delay)
            due = max((moment for moment in times if moment is not None), default=None)
            if due is None or (waited_for is not None and due <= waited_for):
                return
            # Another thread may have put the time off while this one slept: look again.
            waited_for = due
            seconds = due - self._clock.monotonic()
            if seconds > 0:
                self._clock.sleep(seconds)


def retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for; None where it cannot be told.

    An instant that has passed (the server's clock may be wrong) asks for nothing that can be told.

    Examples
    --------
    >>> now = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    >>> retry_after("3", now), retry_after("Mon, 05 Jan 2026 09:00:30 GMT", now)
    (3.0, 30.0)
    >>> retry_after("soon", now) is None
    True
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])  # a longer wait is absurd in any case
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:  # "-0000", which HTTP does not know
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - now).total_seconds()
    return seconds if seconds > 0 else None
