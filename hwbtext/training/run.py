"""Train a classifier of outcomes: folds out of place, calibration, a final fit, a model folder."""

from __future__ import annotations

import json
import platform
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from hwbtext.errors import InputError, OutputExistsError
from hwbtext.evaluate import TrainedOn, evaluate, save_trained_on
from hwbtext.gold import GoldSample, load_gold
from hwbtext.outcomes.model_files import read_config
from hwbtext.training.card import write_card
from hwbtext.training.examples import gather
from hwbtext.training.methods import method
from hwbtext.training.out_of_place import (
    Recorded,
    calibrate_all,
    calibrated_out_of_place,
    predict_out_of_place,
    write_out_of_place,
)
from hwbtext.training.places import place_folds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hwbtext.codebook import Codebook
    from hwbtext.evaluate import Evaluation
    from hwbtext.training.examples import Examples
    from hwbtext.training.methods import Savable
    from hwbtext.training.out_of_place import OutOfPlace

_CHANCE = ("systematic", "random")
_PARTS = "parts"  # finished folds, while a run is under way
_LIBRARIES = ("numpy", "scikit-learn", "torch", "transformers", "onnxruntime")


@dataclass(frozen=True, slots=True)
class Trained:
    """A model that was trained.

    Attributes
    ----------
    folder : Path
    evaluations : tuple of Evaluation
        One a gold sample, of predictions for places that were left out.
    """

    folder: Path
    evaluations: tuple[Evaluation, ...]


def train(
    gold: Sequence[GoldSample | str | Path],
    out: str | Path,
    *,
    model: str = "small",
    codebook: Codebook | None = None,
    folds: Mapping[str, int] | None = None,
    extra: Callable[[int | None, Examples], Examples | None] | None = None,
    taught: str | None = None,
    overwrite: bool = False,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> Trained:
    """Fit a classifier of outcomes to your own gold, and measure it on places it has not seen.

    First it is fitted once a fold, without the places of that fold, which it then judges: that
    gives the scores, the calibration and the card. Then it is fitted to everything. A run that
    was stopped goes on where it was: finished folds are kept in ``out`` until the end.

    Parameters
    ----------
    gold : sequence of GoldSample, or of str or Path for ``hwbtext.gold.load_gold``
        With the outcomes of any codebook. Passages without an agreed coding, or a single
        coder's, are left out.
    out : str or Path
        Folder to write. Its name is the name of the model.
    model : {"small", "best"}
        Words with logistic regression (seconds), or a fine-tuned sentence encoder
        (minutes for hundreds of passages, far longer for thousands).
    codebook : Codebook, optional
        For gold that is given by path; None for the one that comes with hwbtext.
    folds : mapping of place to fold, optional
        Fold of a place, from 0; by default places are shared out evenly.
    extra : callable, optional
        Gives passages that a teacher labelled, for a fold (None for the final fit) and the
        passages that the teacher may know.
    taught : str, optional
        What the card says of the teacher.
    overwrite : bool
        Whether files of an older model in ``out`` may be replaced.
    seed : int
    progress : callable, optional
        Called with a line for people.

    Returns
    -------
    Trained

    Raises
    ------
    InputError
        Too little gold, or an unknown model.
    GoldError
        Gold that cannot be used.
    OutputExistsError
        ``out`` holds a model, and ``overwrite`` is false.
    """
    fit, folder = method(model), Path(out)
    if (folder / "config.json").exists() and not overwrite:
        msg = f"{str(folder)!r} holds a model already. Name another folder, or overwrite it."
        raise OutputExistsError(msg)
    samples = [
        one if isinstance(one, GoldSample) else load_gold(one, codebook=codebook) for one in gold
    ]
    if len({sample.name for sample in samples}) < len(samples):
        msg = f"Gold samples need names of their own. Got {[one.name for one in samples]}."
        raise InputError(msg)
    say = progress or (lambda _: None)
    examples, ids = gather(samples)
    fold_of = place_folds(examples.places, folds)
    say(f"{len(examples)} passages of {len(fold_of)} places, {len(examples.labels)} labels.")
    said = predict_out_of_place(
        fit,
        examples,
        ids,
        fold_of,
        extra=extra,
        seed=seed,
        parts=folder / _PARTS,
        step=lambda fold: say(f"Fold {fold}: judged by a model that has not seen its places."),
    )
    say("All of it.")
    final = fit(examples, extra(None, examples) if extra else None, seed)
    trained = write_model(final, folder, samples, examples, said, fold_of, taught=taught, seed=seed)
    shutil.rmtree(folder / _PARTS)
    return trained


def write_model(
    final: Savable,
    folder: Path,
    samples: Sequence[GoldSample],
    examples: Examples,
    said: OutOfPlace,
    fold_of: Mapping[str, int],
    *,
    taught: str | None = None,
    seed: int = 0,
) -> Trained:
    """Write the folder of a model that was fitted to everything, and score it out of place.

    Parameters
    ----------
    final : Savable
    folder : Path
    samples : sequence of GoldSample
        That ``examples`` were gathered from.
    examples : Examples
    said : OutOfPlace
        What models of the same method said of each passage without having seen its place.
    fold_of : mapping of place to fold
    taught : str, optional
        What the card says of a teacher.
    seed : int
    """
    strata = {(sample.name, unit.id): unit.stratum for sample in samples for unit in sample.units}
    chance = [strata[key] in _CHANCE for key in said.ids]
    outcomes = calibrated_out_of_place(said, examples, chance)
    calibration = calibrate_all(said, examples, chance)
    folder.mkdir(parents=True, exist_ok=True)
    name, _, number = folder.name.rpartition("-v")
    final.save(folder, name or folder.name, number if name else "1", calibration)
    _write(folder / "versions.json", _versions())
    write_out_of_place(said, outcomes, examples.outcomes, folder)
    save_trained_on(TrainedOn.of(examples.texts, examples.places), folder)
    recorded = Recorded(
        {text: tuple(row) for text, row in zip(examples.texts, outcomes.tolist(), strict=True)},
        examples.outcomes,
    )
    evaluations = tuple(
        evaluate(recorded, sample, split=own_folds(sample, fold_of), name=folder.name, seed=seed)
        for sample in samples
    )
    _write(folder / "metrics.json", [_without_texts(one) for one in evaluations])
    write_card(
        folder,
        read_config(folder),
        samples,
        examples,
        evaluations,
        n_folds=len(set(fold_of.values())),
        taught=taught,
    )
    return Trained(folder, evaluations)


def own_folds(sample: GoldSample, fold_of: Mapping[str, int]) -> list[tuple[list[int], list[int]]]:
    """Return the folds as positions among the coded passages of one sample."""
    coded = [unit for unit, label in zip(sample.units, sample.labels, strict=True) if label]
    found = []
    for fold in sorted(set(fold_of.values())):
        judge = [at for at, unit in enumerate(coded) if fold_of[unit.place] == fold]
        if judge:
            kept = set(judge)
            found.append(([at for at in range(len(coded)) if at not in kept], judge))
    return found


def _without_texts(evaluation: Evaluation) -> dict[str, object]:
    """Return the figures without mistakes and leaks: those quote passages."""
    figures: dict[str, object] = json.loads(evaluation.to_json())
    return {key: value for key, value in figures.items() if key not in ("mistakes", "leaks")}


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in _LIBRARIES}}


def _write(path: Path, content: object) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")
