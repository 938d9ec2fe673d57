"""Groups of hosts side by side: a thread each, stopped together."""

from __future__ import annotations

from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from hwbtext.scrape.pace import Clock

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from hwbtext.scrape.pace import Pacer
    from hwbtext.sites import RegisterEntry

T = TypeVar("T")

_MOST_THREADS = 24


class Interrupted(BaseException):
    """The run was stopped; raised in its threads where they wait for time or bytes."""


def stoppable(clock: Clock, stop: threading.Event) -> Clock:
    """Return a clock whose users raise :class:`Interrupted` once ``stop`` is set.

    A transfer looks at the clock before it waits for more bytes: a long one ends there too.
    """

    def monotonic() -> float:
        if stop.is_set():
            raise Interrupted
        return clock.monotonic()

    def sleep(seconds: float) -> None:
        if stop.is_set():
            raise Interrupted
        if clock.sleep is not Clock().sleep:
            clock.sleep(seconds)
        elif stop.wait(seconds):
            raise Interrupted

    return replace(clock, monotonic=monotonic, sleep=sleep)


def in_groups(
    entries: Sequence[RegisterEntry],
    pacer: Pacer,
    work: Callable[[RegisterEntry], T],
    stop: threading.Event,
) -> tuple[T, ...]:
    """Do the work of each site: groups of hosts at once, the sites of a group in turn."""
    groups: dict[str, list[RegisterEntry]] = {}
    for entry in entries:
        groups.setdefault(pacer.group(entry.site.base_url or ""), []).append(entry)
    done: dict[str, T] = {}

    def in_turn(group: list[RegisterEntry]) -> None:
        for entry in group:
            if stop.is_set():
                return
            done[entry.site.site_id] = work(entry)

    with ThreadPoolExecutor(min(len(groups), _MOST_THREADS), "hwbtext-scrape") as pool:
        futures = [pool.submit(in_turn, group) for group in groups.values()]
        try:
            finished, _ = wait(futures, return_when=FIRST_EXCEPTION)
        except KeyboardInterrupt:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
        # One that broke (a full disk) stops the others where they next wait.
        broken = [error for future in finished if (error := future.exception()) is not None]
        if broken:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise broken[0]
    return tuple(done[entry.site.site_id] for entry in entries)
