"""The body of ``hwbtext evaluate``: what the command calls, and what it prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hwbtext.errors import InputError, MissingPathError, OutputExistsError
from hwbtext.evaluate.entry import evaluate
from hwbtext.evaluate.models import load_model
from hwbtext.evaluate.terminal import as_text
from hwbtext.gold import load_gold

if TYPE_CHECKING:
    from hwbtext.evaluate.evaluation import Evaluation
    from hwbtext.evaluate.folds import NamedSplit
    from hwbtext.gold import Annotators


def run_command(
    gold: str | Path,
    *,
    task: str = "outcome",
    model: str = "default",
    as_json: bool = False,
    html: Path | None = None,
    split: NamedSplit = "leave-one-place-out",
    annotators: Annotators | None = None,
    restated: bool | None = None,
    training: str | Path | None = None,
    seed: int = 0,
) -> str:
    """Evaluate a model by name on a gold file and return what to print.

    Parameters
    ----------
    gold : str or Path
        A gold file, or the name of a sample that comes with hwbtext.
    task, model : str
        See :func:`hwbtext.evaluate.models.load_model`.
    as_json : bool
        JSON in place of text for people.
    html : Path or None
        A page to write besides; replaced only where this command wrote it.
    split : str
        Used where the model has to learn (the majority).
    annotators, restated
        Who coded the gold, and whether it is restated; None to take the sidecar's word.
    training : str, Path or None
        The gold file that the model was trained on: finds near-duplicates too.
    seed : int

    Raises
    ------
    HwbtextError
        An argument, the gold or the model does not fit.
    """
    if html is not None:
        check_target(html, gold)
    named = load_model(model, task)
    sample = load_gold(gold, annotators=annotators, restated=restated)
    result: Evaluation = evaluate(
        named.classifier,
        sample,
        task,
        split=split,
        trained_on=named.trained_on,
        training=None if training is None else load_gold(training),
        name=named.name,
        seed=seed,
    )
    if html is not None:
        html.write_text(result.to_html(), encoding="utf-8")
    return result.to_json() if as_json else as_text(result)


def check_target(html: Path, gold: str | Path) -> None:
    """Raise where the page must not be written: over the gold, or over somebody's own file.

    Raises
    ------
    InputError
        Not an HTML file, a folder, or the gold itself.
    MissingPathError
        The folder is not there.
    OutputExistsError
        A file is there that this command has not written.
    """
    from hwbtext.evaluate.page import MARKER

    if html.suffix.lower() not in (".html", ".htm"):
        msg = f"The page is HTML: name a file that ends in .html. Got {str(html)!r}."
        raise InputError(msg)
    if not html.parent.is_dir():
        msg = f"There is no folder {str(html.parent)!r} to write the page in. Make it first."
        raise MissingPathError(msg)
    if not html.exists():
        return
    if html.is_dir() or (Path(gold).exists() and html.samefile(gold)):
        what = "a folder" if html.is_dir() else "the gold itself"
        msg = f"{str(html)!r} is {what}. Name another file for the page."
        raise InputError(msg)
    with html.open("rb") as stream:
        if MARKER.encode() not in stream.read(2_000):
            msg = f"{str(html)!r} is there, and hwbtext has not written it. Name another file."
            raise OutputExistsError(msg)
