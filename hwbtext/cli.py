"""The command ``hwbtext``: thin commands over the library."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hwbtext import __version__
from hwbtext.errors import HwbtextError

if TYPE_CHECKING:
    from rich.progress import TaskID

    from hwbtext.records import RunReport


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
@click.version_option(__version__, prog_name="hwbtext")
def main() -> None:
    """Mine board papers and policy texts.

    Start with:  hwbtext mine FOLDER -o OUT
    """


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder for the results; new or empty, or one whose run was cut off (it goes on).",
)
@click.option(
    "--jobs",
    default=1,
    type=click.IntRange(1),
    show_default=True,
    metavar="N",
    help="Papers that are read at once.",
)
@click.option("--force", is_flag=True, help="Replace an earlier run in OUT.")
@click.option(
    "--encoder",
    metavar="NAME",
    help="A sentence-transformers model, by folder or hub name, in place of the installed MiniLM.",
)
@click.option(
    "--seed",
    default=0,
    type=click.IntRange(0, 2**32 - 1),
    show_default=True,
    metavar="N",
    help="Seed of the topic model.",
)
@click.option(
    "--seconds",
    default=300,
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
    seed: int,
    seconds: int,
) -> None:
    r"""Read the papers of FOLDER (and the folders in it) and write tables and a report to OUT.

    \b
    Reads PDF, DOCX, HTML, Markdown and text. Site, committee, kind and dates are inferred
    from the papers; a metadata.csv beside them (columns: path and any of site_id, site,
    committee, kind, meeting_date, published_with_date, title) states what cannot be.

    \b
    OUT/report.html        the report, one file: open it in a browser
    OUT/run.json           how many files were read, failed, were skipped
    OUT/*.parquet          documents, passages, labels, mentions, acts, actions, topics,
                           topic_words, panel, drift, issues (see docs/tables.md)

    \b
    In Python:             hwbtext.load_table("OUT", "passages")

    A file that cannot be read costs that file only: OUT/issues.parquet and the report say
    why. The exit code is 0 when the run finished, 2 when it could not start.

    \b
    Example:
        hwbtext mine minutes/ -o results/ --jobs 2
    """
    from hwbtext.batch import Limits
    from hwbtext.embed import SentenceEncoder
    from hwbtext.pipeline import mine as run_mine

    progress = _Bar()
    try:
        with progress:
            report = run_mine(
                folder,
                out,
                jobs=jobs,
                force=force,
                seed=seed,
                encoder=SentenceEncoder(encoder) if encoder else None,
                progress=progress,
                limits=Limits(seconds=seconds),
            )
    except HwbtextError as error:
        _stop(str(error))
    except OSError as error:
        _stop(f"{error.strerror or error}: {error.filename or out}")
    except KeyboardInterrupt:
        _stop(f"Stopped. Start the same command again to go on: {out} keeps what was read.", 130)
    _print_report(report, out)


def _stop(message: str, code: int = 2) -> None:
    click.echo(f"hwbtext: {message}", err=True)
    sys.exit(code)


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


class _Bar:
    """A progress bar on stderr; nothing where stderr is no terminal but a line a stage."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self._console = Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description:<28}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> _Bar:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def start(self, stage: str, total: int) -> None:
        if not self._console.is_terminal:
            click.echo(f"{stage}: {total}", err=True)
        self._task = self._bar.add_task(stage, total=total)

    def step(self, n: int = 1) -> None:
        if self._task is not None:
            self._bar.advance(self._task, n)


if __name__ == "__main__":
    main()
