"""The command ``hwbtext``: thin commands over the library."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hwbtext import __version__
from hwbtext.cli.bar import Bar
from hwbtext.cli.gold import GOLD_COMMANDS
from hwbtext.cli.options import (
    encoder_option,
    force_option,
    jobs_option,
    run_out_option,
    seed_option,
    topic_model_option,
)
from hwbtext.cli.scrape import scrape_papers
from hwbtext.cli.sites import sites
from hwbtext.cli.told import stop, told
from hwbtext.cli.topics import find_topics
from hwbtext.cli.train import train_model
from hwbtext.errors import HwbtextError, InputError, MissingPathError
from hwbtext.records import Status

if TYPE_CHECKING:
    from hwbtext.records import DocumentFindings, RunReport
    from hwbtext.show import Structure

_PLAIN_WIDTH = 110  # columns where the output goes to a file or another command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
@click.version_option(__version__, prog_name="hwbtext")
def main() -> None:
    """Mine board papers and policy texts.

    \b
    Collect papers:    hwbtext scrape --site NAME -o FOLDER --contact YOU
    Start with:        hwbtext mine FOLDER -o OUT
    Topics and drift:  hwbtext topics FOLDER -o OUT
    See one paper:     hwbtext parse FILE
    """  # noqa: D301 - click wants the character itself


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@run_out_option
@jobs_option
@force_option
@encoder_option
@click.option(
    "--model",
    default="default",
    show_default=True,
    metavar="NAME|FOLDER",
    help="Classifier of outcomes: default, small, large, lexicon, or the folder of a model.",
)
@click.option(
    "--bodies",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="Bodies of your own, found beside those that hwbtext knows (columns: see below).",
)
@seed_option
@click.option("--refit-topics", is_flag=True, help="Fit topics anew where OUT holds a topic model.")
@topic_model_option
@click.option(
    "--seconds",
    default=600,
    type=click.IntRange(1, 86_400),
    metavar="N",
    show_default=True,
    help="Longest time for one paper; one that takes longer is recorded as failed.",
)
def mine(
    folder: Path,
    out: Path,
    jobs: int,
    force: bool,
    encoder: str | None,
    model: str,
    bodies: Path | None,
    seed: int,
    refit_topics: bool,
    topic_model: Path | None,
    seconds: int,
) -> None:
    """Read the papers of FOLDER (and the folders in it) and write tables and a report to OUT.

    \b
    Reads PDF, DOCX, HTML, Markdown and text; scans where Tesseract is installed. Site,
    committee, kind and dates are inferred from the papers; a metadata.csv beside them
    (columns: path and any of site_id, site, committee, kind, meeting_date,
    published_with_date, title) states what cannot be.

    \b
    OUT/report.html        the report, one file: open it in a browser
    OUT/run.json           how many files were read, failed, were skipped
    OUT/*.parquet          documents, passages, items, attendance, votes, labels, mentions,
                           acts, actions, topics, topic_words, topic_shares, panel, drift,
                           changepoints, issues (see docs/tables.md)
    OUT/topic_model        the topics, frozen: a later run in OUT (--force) gives new papers
                           their topics and leaves those of the old ones as they are

    \b
    In Python:             hwbtext.load_table("OUT", "passages")

    \b
    Columns of FILE.csv:   id, name, aliases (parted by |), kind, valid_from, valid_to (days as
                           2013-04-01, or empty), successor (an id, or empty)

    A file that cannot be read costs that file only: OUT/issues.parquet and the report say
    why. The exit code is 0 when the run finished, 2 when it could not start.

    \b
    Example:
        hwbtext mine minutes/ -o results/ --jobs 2
    """  # noqa: D301 - click wants the character itself
    from hwbtext.batch import Limits
    from hwbtext.embed import SentenceEncoder
    from hwbtext.pipeline import mine as run_mine

    progress = Bar()
    with told(out), progress:
        report = run_mine(
            folder,
            out,
            jobs=jobs,
            force=force,
            seed=seed,
            encoder=SentenceEncoder(encoder) if encoder else None,
            model=model,
            bodies=bodies,
            refit_topics=refit_topics,
            topic_model=topic_model,
            progress=progress,
            limits=Limits(seconds=seconds),
        )
    _print_report(report, out)


@main.command("parse")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--html",
    type=click.Path(path_type=Path),
    metavar="OUT.html",
    help="Draw the blocks over pictures of the pages, as one file for a browser.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the structure as JSON, for scripts.")
@click.option(
    "--pages",
    metavar="LIST",
    help="Only these pages of a PDF: 3-7, or 1,4-6, or 12-.  [default: all; 50 with --html]",
)
@click.option("--full", is_flag=True, help="Whole paragraphs and tables, not their beginnings.")
@click.option(
    "--furniture", is_flag=True, help="Running heads, footers and page numbers too, dimmed."
)
def parse_paper(
    file: Path, html: Path | None, as_json: bool, pages: str | None, full: bool, furniture: bool
) -> None:
    """Show the structure of one paper as hwbtext reads it.

    \b
    First what the paper is: council, committee, kind, date of the meeting, status, and what
    went wrong. Then its blocks in the order of reading, with the page and the kind of each in
    the margin:

    \b
    h1 h2 h3     heading, by level            item      an agenda item (and its block)
    para         paragraph                    res (a)   a resolution, its clause
    li1 li2      list item, by depth          act       an action: owner, due date
    tab          rows of a table              vote      a recorded vote
    cap note     caption, footnote            furn      furniture (with --furniture)

    \b
    With --html the boxes of the blocks are drawn over the pages, beside their text: a heading
    that was taken for a paragraph, or columns read in the wrong order, can be seen at once.
    A paper without pages (DOCX, HTML, Markdown, text) gives its text only.

    \b
    --json prints one object: file, status, facts, issues, pages, blocks (number, kind, level,
    page, start, end, row, column, text), items, resolutions, actions, attendance, votes.
    Positions count characters of the text that hwbtext.parse(FILE).text holds.

    The exit code is 0 when the paper was read, 1 when it gave no text (the issues say why),
    2 when there is no such file or the command cannot be carried out.

    \b
    Examples:
        hwbtext parse minutes.pdf
        hwbtext parse pack.pdf --pages 3-7 --full
        hwbtext parse pack.pdf --html pack.html
        hwbtext parse minutes.docx --json > minutes.json
    """  # noqa: D301 - click wants the character itself
    from hwbtext.show import MOST_PAGES, check_target, read_structure, to_json, write_page
    from hwbtext.show.printable import printable

    try:
        findings = _analyse_file(file)
        if html is not None:
            check_target(html, file)
        most_pages = MOST_PAGES if html is not None else None
        structure = read_structure(findings, pages=pages, most_pages=most_pages)
        written = write_page(structure, file, html) if html is not None else None
    except HwbtextError as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.strerror or error}: {str(error.filename or file)!r}")
    if as_json:
        # Bytes: JSON is UTF-8 whatever the terminal takes.
        click.echo(to_json(structure).encode(), nl=False)
    else:
        _print_structure(structure, body=html is None, full=full, furniture=furniture)
    if written is not None:
        click.echo(f"Page: {printable(str(written))}", err=as_json)
    if findings.document.status is Status.FAILED:
        sys.exit(1)


def _analyse_file(file: Path) -> DocumentFindings:
    """Find all there is in one file; raise where there is no file to read."""
    if file.is_dir():
        msg = f"{str(file)!r} is a folder. `hwbtext mine` reads folders; name one file here."
        raise InputError(msg)
    if not file.exists():
        msg = f"There is no file {str(file)!r}."
        raise MissingPathError(msg)
    if not file.is_file():
        msg = f"{str(file)!r} is a device or a pipe. Save the paper as a file and name that."
        raise InputError(msg)
    from hwbtext.analyse import analyse
    from hwbtext.corpus import CorpusFile

    return analyse(CorpusFile(file, file.name))


def _print_structure(structure: Structure, *, body: bool, full: bool, furniture: bool) -> None:
    from rich.console import Console

    from hwbtext.show.terminal import render_body, render_head

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a character that the terminal has no byte for
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _PLAIN_WIDTH
    for renderable in render_head(structure):
        console.print(renderable)
    for renderable in render_body(structure, full=full, furniture=furniture) if body else ():
        console.print(renderable)


def _print_report(report: RunReport, out: Path) -> None:
    from collections import Counter

    from hwbtext.store import read_arrow

    click.echo(
        f"{report.n_in} files: {report.n_success} read, {report.n_partial} read in part, "
        f"{report.n_failed} failed, {report.n_skipped} skipped. "
        f"{report.n_passages:,} passages in {report.seconds:.0f} s."
    )
    issues = read_arrow(out, "issues").select(["code", "severity"]).to_pylist()
    for severity in ("error", "warning", "info"):
        found = Counter(issue["code"] for issue in issues if issue["severity"] == severity)
        for code, n in sorted(found.items()):
            click.echo(f"  {severity}: {code} × {n}")
    click.echo(f"Report: {out / 'report.html'}")


for _command in (*GOLD_COMMANDS, train_model, scrape_papers, sites, find_topics):
    main.add_command(_command)
