"""What ``hwbtext scrape`` says: progress as it goes, and the closing table."""

from __future__ import annotations

import os
import threading
from collections import Counter
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console
    from rich.progress import TaskID

    from hwbtext.records import Site
    from hwbtext.scrape.counts import ScrapeReport, SiteCounts
    from hwbtext.scrape.records import Listing, Meeting, Outcome

_PLAIN_WIDTH = 110  # columns where the output goes to a file or another command
_MOST_REASONS = 5


def print_report(report: ScrapeReport, out: Path) -> None:
    """Print the closing table, and why what could not be had could not."""
    from rich import box
    from rich.table import Table

    console = _console()
    columns: tuple[str, ...] = ("found", "new", "unchanged", "refused", "failed", "unchecked")
    if report.dry_run:
        columns = ("found", "listed", "unchanged", "refused", "unchecked")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("site")
    table.add_column("meetings", justify="right")
    for column in columns:
        table.add_column(column, justify="right")
    names = {"unchecked": "n_not_checked"}
    for site in report.sites:
        numbers = [getattr(site, names.get(column, f"n_{column}")) for column in columns]
        table.add_row(printable(site.name), f"{site.n_meetings:,}", *(f"{n:,}" for n in numbers))
    if len(report.sites) > 1:
        numbers = [report.total(names.get(column, f"n_{column}")) for column in columns]
        table.add_section()
        table.add_row("all", f"{report.total('n_meetings'):,}", *(f"{n:,}" for n in numbers))
    console.print(table)
    for site in report.sites:
        for line in _reasons(site):
            console.print(printable(f"{site.name}: {line}"), soft_wrap=True)
    if not report.dry_run:
        console.print(f"Papers: {out}   What became of each: {out / 'manifest.jsonl'}")


def _reasons(site: SiteCounts) -> list[str]:
    lines = [
        f"{outcome} × {n}"
        for outcome, n in site.outcomes
        if outcome not in ("new", "unchanged", "listed")
    ]
    lines = [", ".join(lines)] if lines else []
    lines += [f"could not be checked: {reason}" for reason in site.not_checked[:_MOST_REASONS]]
    if site.n_not_checked > _MOST_REASONS:
        lines.append(f"and {site.n_not_checked - _MOST_REASONS} more that could not be checked")
    if site.ran_out:
        lines.append("the bytes of --max-bytes are used up: the next run goes on from here")
    if site.stopped:
        lines.append(f"stopped: {site.stopped}")
    committees = "; ".join(site.committees)
    if committees and site.n_meetings:
        lines.insert(0, f"committees: {committees}")
    elif committees and not site.n_not_checked:
        lines.append(f"no meetings in that time, and the list was read ({committees})")
    elif not (site.n_not_checked or site.stopped):
        lines.append("no committee of that name, and the list was read; --committee takes an id")
    return lines


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _PLAIN_WIDTH
    return console


def printable(text: str) -> str:
    r"""Return a text without what a terminal would obey or turn round; sites write titles.

    Examples
    --------
    >>> printable("Minutes\x1b[2J \u202efdp.exe")
    'Minutes?[2J ?fdp.exe'
    """
    return "".join(one if one.isprintable() else "?" for one in text)


class Told:
    """Progress on stderr: a line a site, and a moving one a site on a terminal.

    A dry run prints a line a document on stdout instead.
    """

    def __init__(self, *, listing: bool) -> None:
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._listing = listing
        self._console = _console(stderr=True)
        self._lines = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}
        self._n_had: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __enter__(self) -> Told:
        self._lines.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.stop()

    @property
    def has_begun(self) -> bool:
        """Return whether any site has answered."""
        return bool(self._tasks)

    def meeting(self, site: Site, meeting: Meeting) -> None:
        """Show the meeting that a site is at."""
        with self._lock:
            if site.site_id not in self._tasks:
                self._tasks[site.site_id] = self._lines.add_task(site.name)
            n = self._n_had[site.site_id]
            text = f"{site.name}: {meeting.day or meeting.day_raw or '?'}, {n:,} documents"
            self._lines.update(self._tasks[site.site_id], description=printable(text))

    def document(
        self, site: Site, meeting: Meeting, listing: Listing, outcome: Outcome, reason: str
    ) -> None:
        """Count a document; print it in a dry run, and one that failed always."""
        with self._lock:
            self._n_had[site.site_id] += 1
            what = f"{meeting.day or '?'}  {listing.kind:<16} {listing.title}"
            note = f"  ({outcome}{': ' + reason if reason else ''})"
            if self._listing:
                shown = "" if outcome == "listed" and not reason else note
                click.echo(printable(f"{site.name}  {what}  {listing.url}{shown}"))
            elif outcome.startswith(("failed", "timed", "blocked", "deferred")):
                self._console.print(printable(f"{site.name}: {what}{note}"), soft_wrap=True)

    def site(self, counts: SiteCounts) -> None:
        """Say that a site is done."""
        with self._lock:
            if counts.site_id in self._tasks:
                self._lines.remove_task(self._tasks[counts.site_id])
            text = f"{counts.name}: {counts.n_meetings:,} meetings, {counts.n_found:,} documents"
            text += "" if self._listing else f", {counts.n_new:,} new"
            text += "; not all could be checked" if counts.n_not_checked or counts.stopped else ""
            self._console.print(printable(text), soft_wrap=True)
