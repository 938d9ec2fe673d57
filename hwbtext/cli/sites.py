"""The command ``hwbtext sites``: the register, and which of its sites answer."""

from __future__ import annotations

import os
import sys
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
from hwbtext.cli.scraped import printable
from hwbtext.cli.told import stop, told

if TYPE_CHECKING:
    from hwbtext.scrape.check import SiteCheck
    from hwbtext.sites import RegisterEntry

_PLAIN_WIDTH = 110  # columns where the output goes to a file or another command


@click.group("sites", invoke_without_command=True)
@click.option("--like", metavar="TEXT", help="Only councils whose name holds this.")
@click.option("--platform", metavar="NAME", help="Only this system: ModernGov, CMIS, ...")
@click.option(
    "--sites",
    "own",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Rows of your own laid over the register (CSV).",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, to be edited and given to --sites.")
@click.pass_context
def sites(
    context: click.Context, like: str | None, platform: str | None, own: Path | None, as_csv: bool
) -> None:
    """List the councils of the register: code, name, system, address, what is known.

    The register holds the 153 English councils with a Health and Wellbeing Board. Addresses
    change; a file of your own with the same columns (site_id, and any of name, platform,
    base_url, confidence, notes, permission, committees) replaces what it states.

    permission is "who; date; reference" where a council gave you leave to fetch what its
    robots.txt refuses. committees holds ids, parted by spaces, where names do not tell.

    \b
    Examples:
        hwbtext sites --like kent
        hwbtext sites --like kent --csv > mine.csv
        hwbtext sites check --site Brent --contact me@example.org
    """  # noqa: D301 - click wants the character itself
    if context.invoked_subcommand is not None:
        return
    with told():
        from hwbtext.sites import read_register

        entries = [
            entry
            for entry in read_register(own).values()
            if (like is None or like.lower() in entry.site.name.lower())
            and (platform is None or platform.lower() == (entry.site.platform or "").lower())
        ]
    if as_csv:
        _print_csv(entries)
    else:
        _print_table(entries)


@sites.command("check")
@site_option
@every_option
@board_option
@click.option(
    "--contact",
    envvar="HWBTEXT_CONTACT",
    metavar="TEXT",
    help="Your e-mail address or page; stands in every request. Also read from HWBTEXT_CONTACT.",
)
@click.option(
    "--sites",
    "own",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Rows of your own laid over the register (CSV).",
)
@delay_option
@allow_option
@ca_bundle_option
def check(
    names: tuple[str, ...],
    every: bool,
    board: str,
    contact: str | None,
    own: Path | None,
    delay: float,
    allow: tuple[str, ...],
    ca_bundle: Path | None,
) -> None:
    """Ask sites for their list of committees, and say which answer, refuse or have moved.

    \b
    answers     its committees could be read; the boards that fit are named
    moved       they could, at another address: put that into a file for --sites
    refuses     robots.txt or a firewall: ask the council, or save its papers by hand
    not_there   there is no such page: the address is out of date, or it is another system
    unreadable  an answer that is no list of committees
    no_answer   silence, a certificate that does not hold, an error of the server

    The exit code is 0 when all answered, 1 when one did not, 2 when the command could not
    start.

    \b
    Example:
        hwbtext sites check --site Brent --site Camden --contact me@example.org
    """  # noqa: D301 - click wants the character itself
    with told():
        from hwbtext.cli.scrape import chosen_entries
        from hwbtext.scrape.check import check_sites

        entries = chosen_entries(names, every, own, ())
        if contact is None:
            stop("Say who asks: --contact with an e-mail address or a page of yours.")
        found = check_sites(
            entries,
            contact=contact,
            board=board,
            delay=delay,
            allow=allow,
            ca_bundle=ca_bundle,
            told=_print_check,
        )
    sys.exit(0 if all(one.answer == "answers" for one in found) else 1)


def _print_check(found: SiteCheck) -> None:
    told_by = f" ({found.how})" if found.how else ""
    boards = f": {'; '.join(found.boards) or 'no committee of that name'}" if found.how else ""
    detail = f" {found.detail}" if found.detail else ""
    text = f"{found.answer:<11} {found.site_id:<10} {found.name}{told_by}{boards}{detail}"
    click.echo(printable(text))


def _print_csv(entries: list[RegisterEntry]) -> None:
    import csv

    from hwbtext.sites import REGISTER_COLUMNS

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(REGISTER_COLUMNS)
    for one in entries:
        site = one.site
        writer.writerow(
            (
                site.site_id,
                site.name,
                site.platform,
                site.base_url,
                one.confidence,
                one.notes,
                one.permission,
                " ".join(one.committees),
            )
        )


def _print_table(entries: list[RegisterEntry]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _PLAIN_WIDTH
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("code", "council", "system", "address", "known"):
        table.add_column(column, overflow="fold")
    for one in entries:
        site = one.site
        notes = "; ".join(part for part in (one.confidence, one.notes) if part)
        permission = f"; permission: {one.permission}" if one.permission else ""
        table.add_row(site.site_id, site.name, site.platform, site.base_url, f"{notes}{permission}")
    console.print(table)
    console.print(f"{len(entries)} council{'' if len(entries) == 1 else 's'}")
