"""The command ``hwbtext topics``: topics and their drift, as pictures, a page and tables."""

from __future__ import annotations

from pathlib import Path

import click

from hwbtext.cli.bar import Bar
from hwbtext.cli.options import (
    encoder_option,
    force_option,
    jobs_option,
    run_out_option,
    seed_option,
    topic_model_option,
)
from hwbtext.cli.told import told


@click.command("topics")
@click.argument("folder", type=click.Path(path_type=Path))
@run_out_option
@jobs_option
@force_option
@encoder_option
@click.option(
    "--n-topics",
    type=click.IntRange(2, 500),
    metavar="N",
    help="Fit so many topics.  [default: as many as outlive the loss of half the passages]",
)
@click.option(
    "--anchors",
    metavar="study|FILE",
    help="Look for these topics: those of the study, or a TOML file of phrases of your own.",
)
@topic_model_option
@click.option("--refit-topics", is_flag=True, help="Fit topics anew where there is a topic model.")
@seed_option
def find_topics(
    folder: Path,
    out: Path,
    jobs: int,
    force: bool,
    encoder: str | None,
    n_topics: int | None,
    anchors: str | None,
    topic_model: Path | None,
    refit_topics: bool,
    seed: int,
) -> None:
    """Find the topics of the papers in FOLDER, and how they drift over years and between sites.

    FOLDER holds papers, or is the OUT of an earlier `hwbtext mine` or `hwbtext topics`: then
    no paper is read and no passage encoded again, and its topics are used as they are unless
    you say otherwise. It is left as it is; OUT becomes a whole run of its own, with report.

    \b
    OUT/topics/cards.html           every topic with its words, how stable it is, passages
                                    with file and page, and its years; drift; one file
    OUT/topics/shares.svg .png      share of each topic by site and year, with 95% bands
    OUT/topics/sites.svg .png       how far sites lie apart, and where chance explains it
    OUT/topics/drift_calendar.svg .png
                                    when each site's topics changed, and which
    OUT/topics/*.csv                topics, shares, drift, changepoints: for a spreadsheet
    OUT/topics/stability.json       what becomes of the topics with other seeds, with a
                                    resampled corpus, with the papers in another order

    Read the stability first. A topic that dissolves when half the passages are taken away is
    one of this sample, and its drift means nothing. A year without a p had too few meetings
    to tell, which is not a year without change.

    \b
    Examples:
        hwbtext topics minutes/ -o results/
        hwbtext topics results/ -o guided/ --refit-topics --anchors study
        hwbtext topics results/ -o forty/ --refit-topics --n-topics 40
        hwbtext topics minutes-2026/ -o new/ --topic-model results/topic_model

    \b
    A file of anchors:
        ["damp homes"]
        phrases = ["mould and damp in rented homes", "cold homes"]

    The exit code is 0 when the run finished, also where the papers are too few for topics;
    2 when it could not start.
    """  # noqa: D301 - click wants the character itself
    from hwbtext.embed import SentenceEncoder
    from hwbtext.retopic import map_topics

    progress = Bar()
    with told(out), progress:
        run = map_topics(
            folder,
            out,
            jobs=jobs,
            force=force,
            seed=seed,
            encoder=SentenceEncoder(encoder) if encoder else None,
            n_topics=n_topics,
            anchors=anchors,
            topic_model=topic_model,
            refit_topics=refit_topics,
            progress=progress,
        )
    _print_topics(run.n_passages, out)


def _print_topics(n_passages: int, out: Path) -> None:
    from hwbtext.report.tables import RunTables
    from hwbtext.report.trust import build_trust, topic_names

    tables = RunTables.read(out)
    names = topic_names(tables)
    if not tables.topics:
        reasons = {row["message"] for row in tables.issues if row["component"] == "topics@1"}
        click.echo(f"{n_passages:,} passages, no topics. {' '.join(sorted(reasons))}".rstrip())
    else:
        click.echo(f"{n_passages:,} passages, {len(names) - 1} topics. {build_trust(out, tables)}")
        marked = sum((row["p_adjusted"] or 1.0) <= 0.05 for row in tables.drift)
        tested = sum(row["p"] is not None for row in tables.drift)
        click.echo(
            f"Drift: {marked:,} of {tested:,} distances that could be tested are more than chance; "
            f"{len(tables.changepoints):,} changes."
        )
    click.echo(f"Page: {out / 'topics' / 'cards.html'}")
