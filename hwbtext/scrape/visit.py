"""What it takes to ask sites anything: who asks, how slowly, with whose leave, and when to stop."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from hwbtext.errors import InputError
from hwbtext.scrape.client import Client
from hwbtext.scrape.groups import in_groups, stoppable
from hwbtext.scrape.pace import SHORTEST_DELAY, Clock, Pacer
from hwbtext.scrape.records import Permission
from hwbtext.scrape.targets import host_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from hwbtext.scrape.addresses import Resolver
    from hwbtext.scrape.hops import Limits
    from hwbtext.sites import RegisterEntry

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Visit:
    """Sites, and the client, pace and clock that they are asked with."""

    entries: tuple[RegisterEntry, ...]
    client: Client
    pacer: Pacer
    clock: Clock
    stop: threading.Event

    def each(self, work: Callable[[RegisterEntry], T]) -> tuple[T, ...]:
        """Do the work of each site: groups of hosts at once, the sites of a group in turn."""
        return in_groups(self.entries, self.pacer, work, self.stop)


def prepare_visit(
    entries: tuple[RegisterEntry, ...],
    *,
    contact: str,
    delay: float,
    allow: Iterable[str],
    ca_bundle: Path | None,
    limits: Limits | None,
    clock: Clock | None,
    resolve: Resolver,
) -> Visit:
    """Return what sites are asked with.

    Parameters
    ----------
    entries : tuple of RegisterEntry
        With normalized base addresses.
    contact, delay, allow, ca_bundle, limits, clock, resolve
        As for :func:`hwbtext.scrape.run.scrape`.

    Raises
    ------
    InputError
        The delay is short for a host that is not allowed by name, a permission cannot be read,
        or the contact is none.
    """
    allowed = frozenset(allow)
    _check_delay(delay, entries, allowed)
    stop = threading.Event()
    clock = stoppable(clock or Clock(), stop)
    pacer = Pacer(delay=delay, own=allowed, clock=clock)
    client = Client(
        contact=contact,
        pacer=pacer,
        clock=clock,
        limits=limits,
        allowed=allowed,
        permissions={
            host_key(entry.site.base_url or ""): permission
            for entry in entries
            if (permission := read_permission(entry)) is not None
        },
        ca_bundle=ca_bundle,
        resolve=resolve,
    )
    return Visit(entries, client, pacer, clock, stop)


def read_permission(entry: RegisterEntry) -> Permission | None:
    """Return the leave that a row of the register states; None where there is none.

    Raises
    ------
    InputError
        It is not "who; date; reference".
    """
    if not entry.permission:
        return None
    parts = [part.strip() for part in entry.permission.split(";")]
    try:
        who, day, reference = parts
        return Permission(who, date.fromisoformat(day), reference)
    except ValueError as error:
        msg = (
            f"The permission of {entry.site.name} is {entry.permission!r}; it has to be "
            "'who; date; reference', as 'Democratic Services; 2026-09-01; email of that day'."
        )
        raise InputError(msg) from error


def _check_delay(delay: float, entries: Sequence[RegisterEntry], allowed: frozenset[str]) -> None:
    """Raise :class:`InputError` for a short delay, but for servers of one's own."""
    if delay >= SHORTEST_DELAY:
        return
    for entry in entries:
        if host_key(entry.site.base_url or "") not in allowed:
            msg = (
                f"The delay is {delay:g} seconds; under {SHORTEST_DELAY:g} is only for hosts that "
                f"are allowed by name, and {entry.site.base_url} is not."
            )
            raise InputError(msg)
