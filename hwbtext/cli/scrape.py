"""The command ``hwbtext scrape``: collect board papers, check a folder, take saved papers in."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hwbtext.cli.options import (
    allow_option,
    board_option,
    ca_bundle_option,
    delay_option,
    every_option,
    site_option,
)
from hwbtext.cli.scraped import Told, print_report, printable
from hwbtext.cli.told import stop, told

if TYPE_CHECKING:
    from datetime import datetime

    from hwbtext.sites import RegisterEntry

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_DAY = click.DateTime(formats=["%Y-%m-%d"])


class _Size(click.ParamType[int]):
    name = "size"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)b?", str(value).strip().lower())
        if match is None or (size := int(float(match[1]) * _UNITS[match[2]])) < 1:
            self.fail(f"{value!r} is no size. One looks like 500MB or 20GB.", param, ctx)
        return size


@click.command("scrape")
@site_option
@every_option
@board_option
@click.option(
    "--committee",
    "committees",
    multiple=True,
    metavar="ID",
    help="Committee by its id, in place of --board; may be repeated. One site only.",
)
@click.option("--since", type=_DAY, metavar="DATE", help="First day of meetings, as 2013-04-01.")
@click.option("--until", type=_DAY, metavar="DATE", help="Last day of meetings.")
@click.option(
    "--kinds",
    metavar="LIST",
    default="minutes,agenda,pack,supplement,strategy",
    show_default=True,
    help="Kinds of documents, parted by commas; also report, decisions, previous-minutes, other.",
)
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of the papers; one of an earlier run is gone on with.",
)
@click.option(
    "--contact",
    envvar="HWBTEXT_CONTACT",
    metavar="TEXT",
    help="Your e-mail address or page, so that a council can reach you; it stands in every "
    "request. Also read from HWBTEXT_CONTACT.",
)
@click.option("--dry-run", is_flag=True, help="List the documents; fetch none and write nothing.")
@click.option(
    "--max-bytes",
    type=_Size(),
    metavar="SIZE",
    help="Stop fetching after this much, as 20GB. The next run goes on.",
)
@click.option(
    "--recheck", is_flag=True, help="Fetch everything that is held once more and compare it."
)
@click.option(
    "--sites",
    "own",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Rows of your own for the register (CSV): addresses, permissions, committees.",
)
@delay_option
@allow_option
@click.option(
    "--offsite",
    multiple=True,
    metavar="HOST",
    help="Another host whose linked documents are taken too; may be repeated.",
)
@ca_bundle_option
@click.option(
    "--take",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Take saved pages and PDFs of one site from FOLDER; no network.",
)
@click.option("--verify", is_flag=True, help="Check DIR against its manifest; no network.")
def scrape_papers(
    names: tuple[str, ...],
    every: bool,
    board: str,
    committees: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    kinds: str,
    out: Path,
    contact: str | None,
    dry_run: bool,
    max_bytes: int | None,
    recheck: bool,
    own: Path | None,
    delay: float,
    allow: tuple[str, ...],
    offsite: tuple[str, ...],
    ca_bundle: Path | None,
    take: Path | None,
    verify: bool,
) -> None:
    """Collect the papers of boards from councils' ModernGov sites into DIR.

    Reads the list of meetings and every meeting's page, fetches the documents of the kinds
    asked for, and keeps them as DIR/council/year/meeting/name.pdf. DIR/manifest.jsonl says of
    each where it came from and when; DIR/metadata.csv tells `hwbtext mine` what it needs.

    It is slow on purpose: one request at a time to a host and two seconds between them, and
    councils that share a host share its turn. It says who asks (--contact), obeys robots.txt,
    and passes by no block: a site that refuses is told as such, and its papers can be saved
    by hand and taken in with --take.

    A run that was cut off, killed or refused goes on where it stopped when it is started
    again. A later run asks for what is new, and looks again at papers of the last 400 days,
    since minutes are corrected under the same address; --recheck looks at everything. Earlier
    versions are kept in DIR/.superseded.

    \b
    found      documents of those kinds that the sites list
    new        fetched (or another version of what was held)
    unchanged  held, and the same as before
    refused    restricted, on another host, too large, not there, refused by robots.txt
    failed     not had, for a reason that may pass: run again
    unchecked  meetings or lists that could not be read: not the same as "none"

    The exit code is 0 when all could be checked and had, 1 when something failed or could not
    be checked (or --verify found something), 2 when the command could not start.

    \b
    Examples:
        hwbtext scrape --site Brent --since 2023-01-01 -o papers/ --contact me@example.org
        hwbtext scrape --site Brent --dry-run -o papers/ --contact me@example.org
        hwbtext scrape --all --kinds minutes -o papers/ --contact me@example.org
        hwbtext scrape --site Brent --take saved/ -o papers/
        hwbtext scrape --verify -o papers/
        hwbtext mine papers/ -o results/
    """  # noqa: D301 - click wants the character itself
    with told():
        if verify:
            _verify(out)
        elif take is not None:
            _take(take, names, own, out)
        else:
            from hwbtext.scrape.disk import DiskError
            from hwbtext.scrape.run import scrape

            entries = chosen_entries(names, every, own, committees)
            if contact is None:
                stop("Say who asks: --contact with an e-mail address or a page of yours.")
            progress = Told(listing=dry_run)
            try:
                with progress:
                    report = scrape(
                        entries,
                        out,
                        contact=contact,
                        board=board,
                        since=since.date() if since else None,
                        until=until.date() if until else None,
                        kinds=[kind for kind in kinds.split(",") if kind.strip()],
                        dry_run=dry_run,
                        recheck=recheck,
                        max_bytes=max_bytes,
                        delay=delay,
                        allow=allow,
                        offsite=offsite,
                        ca_bundle=ca_bundle,
                        progress=progress,
                    )
            except DiskError as error:
                stop(str(error), 1 if progress.has_begun else 2)
            except KeyboardInterrupt:
                stop(f"Stopped. Start the same command again to go on: {out} keeps the rest.", 130)
            print_report(report, out)
            sys.exit(0 if report.all_well else 1)


def chosen_entries(
    names: tuple[str, ...], every: bool, own: Path | None, committees: tuple[str, ...]
) -> tuple[RegisterEntry, ...]:
    """Return the rows of the register that the options name."""
    from hwbtext.errors import InputError
    from hwbtext.scrape.run import SOURCES
    from hwbtext.sites import choose_sites, read_register

    register = read_register(own)
    if every == bool(names):
        msg = "Name sites with --site, or take --all; one of the two. `hwbtext sites` lists them."
        raise InputError(msg)
    if every:
        entries = tuple(one for one in register.values() if one.site.platform in SOURCES)
    else:
        entries = choose_sites(names, register)
    if committees:
        if len(entries) != 1:
            msg = "The ids of --committee are those of one site: give one --site with them."
            raise InputError(msg)
        entries = (replace(entries[0], committees=committees),)
    return entries


def _verify(out: Path) -> None:
    from hwbtext.scrape.verify import verify

    report = verify(out)
    for line in report.lines():
        click.echo(printable(line))
    if report.missing or report.changed:
        click.echo("A run with --recheck fetches anew what a site still has of these.")
    sys.exit(0 if report.ok else 1)


def _take(folder: Path, names: tuple[str, ...], own: Path | None, out: Path) -> None:
    from hwbtext.errors import InputError
    from hwbtext.scrape.manual import take_folder
    from hwbtext.sites import choose_sites, read_register

    if len(names) != 1:
        msg = "Papers are taken from a folder for one site: give one --site."
        raise InputError(msg)
    (entry,) = choose_sites(names, read_register(own))
    report = take_folder(folder, entry.site, out)
    for line in report.lines():
        click.echo(line)
    sys.exit(0 if report.all_well else 1)
