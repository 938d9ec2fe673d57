"""What a method says of each coded passage when it has not seen the passage's place."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from hwbtext.errors import InputError, MissingPathError
from hwbtext.outcomes.calibration import Calibration, fit_calibration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from hwbtext.training.examples import Examples
    from hwbtext.training.methods import Fitted

FILE_NAME = "out_of_place.csv"
_FEWEST = 100  # passages of a probability sample: fewer calibrate worse than all


@dataclass(frozen=True, slots=True, eq=False)
class OutOfPlace:
    """Predictions for coded passages by models that saw no passage of their place.

    Attributes
    ----------
    ids : list of (sample, id)
    folds : ndarray of int64, shape (n,)
    shares : ndarray of float64, shape (n, n_labels)
        As the networks gave them.
    directions : list of str or None
    labels : tuple of str
    """

    ids: list[tuple[str, str]]
    folds: NDArray[np.int64]
    shares: NDArray[np.float64]
    directions: list[str | None]
    labels: tuple[str, ...]


def predict_out_of_place(
    fit: Callable[[Examples, Examples | None, int], Fitted],
    examples: Examples,
    ids: list[tuple[str, str]],
    folds: Mapping[str, int],
    *,
    extra: Callable[[int, Examples], Examples | None] | None = None,
    seed: int = 0,
    parts: Path | None = None,
    step: Callable[[int], None] | None = None,
) -> OutOfPlace:
    """Fit once a fold and predict the places left out.

    Parameters
    ----------
    fit : callable
    examples : Examples
    ids : list of (sample, id), shape (n,)
    folds : mapping of place to fold
    extra : callable, optional
        Gives, for a fold and its training passages, passages that a teacher labelled who saw
        no more than these.
    seed : int
    parts : Path, optional
        Folder in which each finished fold is kept, so that a run that was stopped goes on.
    step : callable, optional
        Called with the fold after each.
    """
    of = np.array([folds[place] for place in examples.places])
    shares = np.zeros_like(examples.shares)
    directions: list[str | None] = [None] * len(examples)
    for fold in sorted(set(of.tolist())):
        learn, judge = np.flatnonzero(of != fold), np.flatnonzero(of == fold)
        train = examples.take(learn.tolist())
        taught = extra(fold, train) if extra else None
        part = parts / f"{_key(train, taught, seed)}.npz" if parts else None
        if part is not None and part.is_file():
            with np.load(part) as kept:
                shares[judge], said = kept["shares"], kept["directions"].tolist()
        else:
            model = fit(train, taught, seed + fold)
            texts = [examples.texts[at] for at in judge]
            shares[judge] = model.shares(texts)
            said = [direction or "" for direction in model.directions(texts)]
            if part is not None:
                part.parent.mkdir(parents=True, exist_ok=True)
                np.savez(part, shares=shares[judge], directions=np.array(said))
        for at, direction in zip(judge, said, strict=True):
            directions[at] = direction or None
        if step is not None:
            step(fold)
    return OutOfPlace(ids, of, shares, directions, examples.labels)


def _key(train: Examples, taught: Examples | None, seed: int) -> str:
    """Return a hash of all that a fold learns from."""
    digest = hashlib.sha256(str(seed).encode())
    for one in (train, taught):
        if one is not None:
            digest.update("\0".join(one.texts).encode() + one.shares.tobytes())
    return digest.hexdigest()[:16]


def calibrate_all(
    said: OutOfPlace, examples: Examples, drawn_by_chance: Sequence[bool]
) -> Calibration:
    """Return the calibration of the outcomes, fitted on predictions out of place."""
    return _fit(said.shares @ examples.outcome_of, examples, np.array(drawn_by_chance))


def calibrated_out_of_place(
    said: OutOfPlace, examples: Examples, drawn_by_chance: Sequence[bool]
) -> NDArray[np.float64]:
    """Return calibrated outcome probabilities, each fold's by what the other folds showed."""
    chance = np.array(drawn_by_chance)
    outcomes = said.shares @ examples.outcome_of
    result = np.zeros_like(outcomes)
    for fold in sorted(set(said.folds.tolist())):
        learn = np.flatnonzero(said.folds != fold)
        judge = said.folds == fold
        found = _fit(outcomes[learn], examples.take(learn.tolist()), chance[learn])
        result[judge] = found.apply(outcomes[judge])
    return result


def _fit(
    outcomes: NDArray[np.float64], examples: Examples, chance: NDArray[np.bool_]
) -> Calibration:
    # Passages that a cue drew have other shares of the outcomes than papers have.
    rows = np.flatnonzero(chance) if chance.sum() >= _FEWEST else np.arange(len(examples))
    names = examples.outcomes
    coded = [examples.coded[at].partition(".")[0] for at in rows]
    return fit_calibration(outcomes[rows], coded, names)


def write_out_of_place(
    said: OutOfPlace, outcomes: NDArray[np.float64], names: Sequence[str], folder: Path
) -> None:
    """Write ids and predictions, no text: scores can be counted again without training again."""
    with (folder / FILE_NAME).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sample", "id", "fold", "label", "direction", *names])
        for at, (sample, unit) in enumerate(said.ids):
            row = outcomes[at]
            inside = [
                share if label.partition(".")[0] == names[int(row.argmax())] else -1.0
                for label, share in zip(said.labels, said.shares[at], strict=True)
            ]
            label = said.labels[int(np.argmax(inside))]
            shown = [f"{p:.5f}" for p in row]
            writer.writerow(
                [sample, unit, said.folds[at], label, said.directions[at] or "", *shown]
            )


class Recorded(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Predictions that were made out of place, in the shape of a classifier.

    ``hwbtext.evaluate`` fits it for each fold, which does nothing: what it says of a passage was
    said by a model that had not seen the place.

    Parameters
    ----------
    said : dict of text to probabilities
        In the order of ``names``.
    names : tuple of str
    """

    def __init__(self, said: Mapping[str, tuple[float, ...]], names: tuple[str, ...]) -> None:
        self.said = said
        self.names = names

    def fit(self, X: Iterable[str], y: object = None) -> Recorded:  # noqa: ARG002, N803
        """Learn nothing."""
        self.classes_ = np.array(self.names)
        return self

    def predict(self, X: Iterable[str]) -> NDArray[Any]:  # noqa: N803
        """Return what was said."""
        best: NDArray[Any] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return best

    def predict_proba(self, X: Iterable[str]) -> NDArray[np.float64]:  # noqa: N803
        """Return what was said, rows summing to 1."""
        said = [self.said[text] for text in X]
        table: NDArray[np.float64] = np.array(said, dtype=np.float64).reshape(-1, len(self.names))
        table /= table.sum(axis=1, keepdims=True)
        return table


def read_out_of_place(folder: Path) -> dict[str, dict[str, dict[str, str]]]:
    """Return the rows of ``out_of_place.csv``: sample, then id, then column.

    Raises
    ------
    MissingPathError
        The folder has none: the model was not written by ``hwbtext train``.
    InputError
        The file is not one that was written here.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        msg = f"The model folder {str(folder)!r} has no {FILE_NAME}."
        raise MissingPathError(msg)
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        if not {"sample", "id", "fold", "label"} <= row.keys():
            msg = f"{str(path)!r} lacks a column. Got {json.dumps(list(row))}."
            raise InputError(msg)
        found.setdefault(row["sample"], {})[row["id"]] = row
    return found
