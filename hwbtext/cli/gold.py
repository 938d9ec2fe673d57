"""The commands about coded passages: plan, import, agreement, evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from hwbtext.cli.told import told

Annotators = Literal["model-annotated", "people", "mixed", "unknown"]
_ANNOTATORS = click.Choice(["model-annotated", "people", "mixed", "unknown"])


@click.command("evaluate")
@click.option("--gold", required=True, metavar="FILE|NAME", help="Gold (JSON Lines), or hwb-v1.")
@click.option(
    "--task",
    type=click.Choice(["outcome", "mentions"]),
    default="outcome",
    show_default=True,
    help="What is scored.",
)
@click.option(
    "--model",
    default="default",
    show_default=True,
    metavar="NAME|DIR",
    help="default, small, large, lexicon, majority, keyword, or the folder of a model.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="OUT.html", help="For people, with plots."
)
@click.option(
    "--split",
    type=click.Choice(["leave-one-place-out", "random"]),
    default="leave-one-place-out",
    show_default=True,
    help="How a model that is not fitted yet is tested.",
)
@click.option("--annotators", type=_ANNOTATORS, help="Who coded, where the file does not say.")
@click.option("--restated/--verbatim", default=None, help="Whether the texts are in other words.")
@click.option("--training", metavar="FILE|NAME", help="What the model was trained on: finds leaks.")
def evaluate_model(
    gold: str,
    task: Literal["outcome", "mentions"],
    model: str,
    as_json: bool,
    html: Path | None,
    split: Literal["leave-one-place-out", "random"],
    annotators: Annotators | None,
    restated: bool | None,
    training: str | None,
) -> None:
    """Score a model on coded passages, place by place.

    Beside it stand a majority and a keyword baseline, and the coders' own agreement. Intervals
    resample whole places. Passages that the model was trained on are told apart (IN-SAMPLE).

    \b
    Example:
        hwbtext evaluate --gold hwb-v1 --model lexicon --html scores.html
    """  # noqa: D301 - click wants the character itself
    from hwbtext.evaluate.command import run_command

    with told():
        text = run_command(
            gold,
            task=task,
            model=model,
            as_json=as_json,
            html=html,
            split=split,
            annotators=annotators,
            restated=restated,
            training=training,
        )
        click.echo(text.encode() if as_json else text, nl=False)


@click.command("agreement")
@click.argument("gold", type=click.Path(path_type=Path))
@click.option(
    "--task",
    type=click.Choice(["outcome", "subtype", "mentions"]),
    default="outcome",
    show_default=True,
)
@click.option(
    "--by",
    multiple=True,
    default=("place",),
    type=click.Choice(["place", "site", "year", "stratum", "item", "pool"]),
    help="Give the figures by this field too; may be repeated.",
)
@click.option("--annotators", type=_ANNOTATORS, help="Who coded, where the file does not say.")
@click.option("--resamples", default=1000, type=click.IntRange(0), show_default=True, metavar="N")
@click.option("--seed", default=0, type=click.IntRange(0), show_default=True, metavar="N")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def show_agreement(
    gold: Path,
    task: Literal["outcome", "subtype", "mentions"],
    by: tuple[str, ...],
    annotators: Annotators | None,
    resamples: int,
    seed: int,
    as_json: bool,
) -> None:
    """Say how far the coders of GOLD agree: people, models, or both; codes may be missing.

    Percent agreement, Cohen's and Fleiss' kappa, Krippendorff's alpha, Gwet's AC1, prevalence
    and bias. A dash has its reason below the table. Intervals resample documents.

    \b
    Example:
        hwbtext agreement coded.jsonl --task mentions
    """  # noqa: D301 - click wants the character itself
    from rich.console import Console

    from hwbtext.evaluate.agreement_terminal import agreement_of_file, render_agreement

    with told():
        report = agreement_of_file(
            gold, task, by=by, n_resamples=resamples, seed=seed, annotators=annotators
        )
        if as_json:
            click.echo(report.to_json().encode(), nl=False)
            return
        console = Console(highlight=False, markup=False, emoji=False)
        for part in render_agreement(report):
            console.print(part)


@click.command("plan")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    "kit",
    required=True,
    type=click.Path(path_type=Path),
    metavar="KIT.xlsx",
    help="The kit to write; a CSV and the plan stand beside it.",
)
@click.option("-n", "n", default=200, type=click.IntRange(1), show_default=True, metavar="N")
@click.option(
    "--by",
    default="site,year",
    show_default=True,
    metavar="LIST",
    help="Columns whose values make the cells; empty for none.",
)
@click.option("--coders", default="", metavar="LIST", help="Labels, such as a,b: one kit each.")
@click.option("--equal", is_flag=True, help="As many from each cell, not in proportion.")
@click.option("--seed", default=0, type=click.IntRange(0), show_default=True, metavar="N")
@click.option("--codebook", type=click.Path(path_type=Path), metavar="FILE", help="Your own.")
@click.option("--show-site", is_flag=True, help="Show site and year to the coders.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
def plan(
    out: Path,
    kit: Path,
    n: int,
    by: str,
    coders: str,
    equal: bool,
    seed: int,
    codebook: Path | None,
    show_site: bool,
    force: bool,
) -> None:
    """Draw a probability sample of the passages in OUT (of hwbtext mine) for people to code.

    Writes a spreadsheet with the passages, the codebook and instructions. Every passage's
    chance of being drawn is kept, so that shares can be estimated from the codes.

    \b
    Example:
        hwbtext plan results/ -n 200 --coders a,b -o kit.xlsx
    """  # noqa: D301 - click wants the character itself
    from hwbtext.coding import plan_kit

    with told():
        lines = plan_kit(
            out,
            kit,
            n=n,
            by=_listed(by),
            coders=_listed(coders),
            seed=seed,
            allocation="equal" if equal else "proportional",
            codebook=codebook,
            show_site=show_site,
            force=force,
        )
        click.echo("\n".join(lines))


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o", "--out", "gold", required=True, type=click.Path(path_type=Path), metavar="GOLD.jsonl"
)
@click.option("--format", "format_", type=click.Choice(["csv", "xlsx"]), help="Else by the name.")
@click.option(
    "--plan",
    "plan_path",
    type=click.Path(path_type=Path),
    metavar="KIT.plan.jsonl",
    help="The plan of the kit: with a CSV.",
)
@click.option("--annotators", type=click.Choice(["people", "model"]), help="Who coded.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="NAME=HEADING",
    help="What your sheet calls a column: text=Extract.",
)
@click.option(
    "--quotes",
    type=click.Choice(["required", "passage"]),
    default="required",
    show_default=True,
    help="A mention without a quote: a problem, or the whole passage.",
)
@click.option("--encoding", metavar="NAME", help="Of a CSV: utf-8, cp1252.")
@click.option("--codebook", type=click.Path(path_type=Path), metavar="FILE", help="Your own.")
@click.option("--force", is_flag=True, help="Replace GOLD.")
def import_codes(
    files: tuple[Path, ...],
    gold: Path,
    format_: Literal["csv", "xlsx"] | None,
    plan_path: Path | None,
    annotators: Literal["people", "model"] | None,
    columns: tuple[str, ...],
    quotes: Literal["required", "passage"],
    encoding: str | None,
    codebook: Path | None,
    force: bool,
) -> None:
    """Read coded spreadsheets (one FILE a coder) into gold.

    Nothing is changed quietly: an unknown code, a changed text or a quote that is not in the
    text is told with sheet, row and column, all at once.

    \b
    Example:
        hwbtext import kit-a.xlsx kit-b.xlsx -o gold.jsonl --annotators people
    """  # noqa: D301 - click wants the character itself
    from hwbtext.coding import import_sheets

    if wrong := [column for column in columns if "=" not in column]:
        raise click.BadParameter(f"{wrong[0]!r}: write NAME=HEADING, as in text=Extract.")
    with told():
        lines = import_sheets(
            files,
            gold,
            format=format_,
            plan=plan_path,
            annotators=annotators,
            columns=dict(column.split("=", 1) for column in columns),
            encoding=encoding,
            quotes=quotes,
            codebook=codebook,
            force=force,
        )
        click.echo("\n".join(lines))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


GOLD_COMMANDS = (plan, import_codes, show_agreement, evaluate_model)
