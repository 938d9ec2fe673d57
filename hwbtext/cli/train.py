"""The command ``hwbtext train``."""

from __future__ import annotations

from pathlib import Path

import click

from hwbtext.cli.told import told


@click.command("train")
@click.option(
    "--gold",
    required=True,
    multiple=True,
    metavar="FILE|NAME",
    help="Coded passages (JSON Lines), or hwb-v1/training; may be repeated.",
)
@click.option(
    "--model",
    type=click.Choice(["small", "best"]),
    default="small",
    show_default=True,
    help="Words (seconds), or a fine-tuned sentence encoder (minutes to hours).",
)
@click.option(
    "--out",
    "-o",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Folder to write; its name is the model's: models/housing-v1.",
)
@click.option(
    "--codebook",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Your own codebook (JSON), where the gold uses other codes.",
)
@click.option(
    "--folds",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="CSV",
    help="Fixed folds: a line a place with the columns place and fold (from 0).",
)
@click.option("--overwrite", is_flag=True, help="Replace a model that is in DIR.")
@click.option("--seed", default=0, type=click.IntRange(0), show_default=True, metavar="N")
def train_model(
    gold: tuple[str, ...],
    model: str,
    out: Path,
    codebook: Path | None,
    folds: Path | None,
    overwrite: bool,
    seed: int,
) -> None:
    """Fit a classifier of outcomes to your own coded passages, and write its card.

    Each place is first judged by a model that has not seen it: those scores stand in the card.
    Then the model is fitted to everything. DIR can be given to `hwbtext mine --model` and to
    `hwbtext evaluate --model`.

    \b
    Example:
        hwbtext train --gold hwb-v1/training --model small -o models/mine-v1
    """  # noqa: D301 - click wants the character itself
    from rich.console import Console

    from hwbtext.codebook import load_codebook
    from hwbtext.training import train
    from hwbtext.training.places import read_folds

    console = Console(stderr=True)
    with told():
        trained = train(
            gold,
            out,
            model=model,
            codebook=load_codebook(codebook) if codebook else None,
            folds=read_folds(folds) if folds else None,
            overwrite=overwrite,
            seed=seed,
            progress=console.print,
        )
    for one in trained.evaluations:
        score = one.macro_f1
        shown = "-" if score is None else f"{score:.2f}"
        click.echo(f"{one.gold}: macro-F1 {shown} out of place, {one.headline.key.name}.")
    click.echo(f"Written: {trained.folder} (read {trained.folder / 'CARD.md'}).")
