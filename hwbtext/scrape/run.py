"""Collect the papers of many sites: a thread a group of hosts, one folder, one report."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from hwbtext.errors import InputError
from hwbtext.scrape.addresses import system_resolve
from hwbtext.scrape.choose import DEFAULT_KINDS, read_kinds
from hwbtext.scrape.counts import ScrapeReport
from hwbtext.scrape.dry_run import list_site
from hwbtext.scrape.holdings import Holdings
from hwbtext.scrape.manifest import MANIFEST_NAME, read_state
from hwbtext.scrape.moderngov.keys import normalize_base
from hwbtext.scrape.moderngov.source import ModernGov
from hwbtext.scrape.pace import DEFAULT_DELAY
from hwbtext.scrape.site_run import SiteRun
from hwbtext.scrape.visit import prepare_visit, read_permission
from hwbtext.scrape.wish import MAX_FILE_BYTES, RECHECK_DAYS, Budget, Wish
from hwbtext.sites import RegisterEntry

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from datetime import date

    from hwbtext.records import Site
    from hwbtext.scrape.addresses import Resolver
    from hwbtext.scrape.counts import SiteCounts
    from hwbtext.scrape.hops import Limits
    from hwbtext.scrape.pace import Clock
    from hwbtext.scrape.progress import Progress
    from hwbtext.scrape.records import Source

SOURCES: dict[str, type[ModernGov]] = {"ModernGov": ModernGov}
"""The platforms that can be collected from, by the register's name for them."""


def scrape(
    sites: Iterable[RegisterEntry | Site],
    out: str | os.PathLike[str],
    *,
    contact: str,
    board: str = "Health and Wellbeing",
    since: date | None = None,
    until: date | None = None,
    kinds: Iterable[str] = DEFAULT_KINDS,
    dry_run: bool = False,
    recheck: bool = False,
    max_bytes: int | None = None,
    max_file_bytes: int = MAX_FILE_BYTES,
    recheck_days: int = RECHECK_DAYS,
    delay: float = DEFAULT_DELAY,
    allow: Iterable[str] = (),
    offsite: Iterable[str] = (),
    ca_bundle: Path | None = None,
    limits: Limits | None = None,
    clock: Clock | None = None,
    resolve: Resolver = system_resolve,
    progress: Progress | None = None,
) -> ScrapeReport:
    """Collect the papers of these sites into the folder ``out``.

    Parameters
    ----------
    sites : iterable of RegisterEntry or Site
        As :func:`hwbtext.sites.choose_sites` gives them.
    out : path-like
        Made if it is not there; a folder of an earlier run is gone on with.
    contact : str
        An e-mail address or a page of whoever runs this; it stands in every request.
    board : str
        Words of the committee's name.
    since, until : date, optional
        First and last day of meetings.
    kinds : iterable of str
        Of :data:`hwbtext.scrape.records.DOCUMENT_KINDS`. Single reports are taken where they
        are asked for, or where a pack was asked for and a meeting has none.
    dry_run : bool
        Read the lists, fetch no document, write nothing.
    recheck : bool
        Fetch once more what is held, and compare the bytes.
    max_bytes : int, optional
        How much the run may fetch; ``max_file_bytes`` is the limit of one document.
    recheck_days : int
        Documents of meetings younger than this are asked for again by every run.
    delay : float
        Seconds from request to request to one group of hosts.
    allow : iterable of str
        Exact ``host:port`` that may have private addresses.
    offsite : iterable of str
        Other hosts whose documents are taken where a site links them.
    ca_bundle : Path, optional
        Certificates trusted beside the system's.

    Returns
    -------
    ScrapeReport
        What a site does wrong is counted there and does not raise.

    Raises
    ------
    InputError
        An argument does not fit, no site can be collected from, another run writes the folder.
    DiskError
        The folder cannot be written; what was kept is as it was.
    KeyboardInterrupt
        Passed on once the threads have stopped; the next run goes on.
    """
    entries = _checked(sites)
    wish = Wish(
        kinds=read_kinds(kinds),
        board=board,
        since=since,
        until=until,
        recheck=recheck,
        recheck_days=recheck_days,
        max_file_bytes=max_file_bytes,
        offsite=frozenset(host.lower() for host in offsite),
    )
    if since is not None and until is not None and since > until:
        msg = f"The first day, {since}, is after the last, {until}."
        raise InputError(msg)
    visit = prepare_visit(
        entries,
        contact=contact,
        delay=delay,
        allow=allow,
        ca_bundle=ca_bundle,
        limits=limits,
        clock=clock,
        resolve=resolve,
    )
    clock = visit.clock
    run_id = f"{clock.now():%Y%m%dT%H%M%SZ}-{uuid4().hex[:6]}"
    root = Path(out)

    if dry_run:
        state = read_state(root / MANIFEST_NAME).state

        def look(entry: RegisterEntry) -> SiteCounts:
            return list_site(
                entry.site,
                source_of(entry.site),
                visit.client,
                state,
                wish,
                committee_ids=entry.committees,
                progress=progress,
            )

        counts = visit.each(look)
        return ScrapeReport(run_id, counts, dry_run=True)

    budget = Budget(max_bytes)
    with Holdings(
        root, run_id=run_id, tool_version=f"hwbtext {version('hwbtext')}", clock=clock.now
    ) as holdings:

        def take(entry: RegisterEntry) -> SiteCounts:
            return SiteRun(
                entry.site,
                source_of(entry.site),
                visit.client,
                holdings,
                wish,
                budget,
                progress,
                read_permission(entry),
                entry.committees,
            ).run()

        try:
            counts = visit.each(take)
        finally:
            holdings.write_metadata()
    return ScrapeReport(run_id, counts)


def source_of(site: Site) -> Source:
    """Return what lists the papers of a site; raise :class:`InputError` where nothing does."""
    maker = SOURCES.get(site.platform or "")
    if maker is None:
        msg = (
            f"{site.name} runs {site.platform or 'a system that is not known'}; papers are "
            f"collected from {', '.join(SOURCES)} only. Save them by hand, and use --take."
        )
        raise InputError(msg)
    return maker()


def _checked(sites: Iterable[RegisterEntry | Site]) -> tuple[RegisterEntry, ...]:
    entries = []
    for one in sites:
        entry = one if isinstance(one, RegisterEntry) else RegisterEntry(one)
        source_of(entry.site)
        if not entry.site.base_url:
            msg = f"The register has no address for {entry.site.name}. Give one in a file of yours."
            raise InputError(msg)
        base = normalize_base(entry.site.base_url)
        entries.append(replace(entry, site=replace(entry.site, base_url=base)))
    if not entries:
        msg = "There is no site to collect from. Name one, or take all."
        raise InputError(msg)
    return tuple(entries)
