"""Scores of labels against labels: one classifier, or one coder, against the gold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.metrics import matthews_corrcoef

from hwbtext.errors import InputError
from hwbtext.evaluate.calibration import (
    AbstentionPoint,
    ReliabilityBin,
    abstention_curve,
    expected_calibration_error,
    reliability_curve,
)
from hwbtext.evaluate.cells import Cell, Interval, cell_of, macro
from hwbtext.evaluate.resampling import f1_of, interval, mean_of_defined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ABSTAINED = "abstained"
"""Column of the confusion table for passages without a prediction."""


@dataclass(frozen=True, slots=True)
class OutcomeScores:
    """How predicted labels agree with coded ones.

    Attributes
    ----------
    labels : tuple of str
    n, n_places, n_abstained : int
        A passage on which the classifier abstained counts as missed.
    macro_f1, macro_f1_95 : float, interval, or None
        Mean F1 over the labels that were coded or predicted, and the 95% interval that
        resamples places (None with fewer than three).
    per_class : dict of str to Cell
    accuracy, mcc : float or None
        Matthews correlation is None where all passages were coded alike or predicted alike.
    confusion : tuple of tuple of int, shape (n_labels, n_labels + 1)
        Coded by predicted; the last column counts abstentions.
    ece, reliability, abstention
        Expected calibration error, its curve, and the abstention curve; None without
        probabilities, and (the first two) for passages not drawn at random.
    """

    labels: tuple[str, ...]
    n: int
    n_places: int
    n_abstained: int
    macro_f1: float | None
    macro_f1_95: Interval | None
    per_class: dict[str, Cell]
    accuracy: float | None
    mcc: float | None
    confusion: tuple[tuple[int, ...], ...]
    ece: float | None = None
    reliability: tuple[ReliabilityBin, ...] | None = None
    abstention: tuple[AbstentionPoint, ...] | None = None

    def to_json(self) -> dict[str, object]:
        """Return the figures as JSON; undefined is null."""
        return {
            "n": self.n,
            "n_places": self.n_places,
            "n_abstained": self.n_abstained,
            "macro_f1": self.macro_f1,
            "macro_f1_95": None if self.macro_f1_95 is None else list(self.macro_f1_95),
            "macro_f1_over": [name for name, cell in self.per_class.items() if cell.f1 is not None],
            "per_class": {name: cell.to_json() for name, cell in self.per_class.items()},
            "accuracy": self.accuracy,
            "mcc": self.mcc,
            "confusion": {
                name: dict(zip((*self.labels, ABSTAINED), row, strict=True))
                for name, row in zip(self.labels, self.confusion, strict=True)
            },
            "ece": self.ece,
            "reliability": _listed(self.reliability),
            "abstention": _listed(self.abstention),
        }


def score_outcomes(
    gold: Sequence[str],
    predicted: Sequence[str | None],
    places: Sequence[str],
    labels: Sequence[str],
    *,
    confidence: NDArray[np.float64] | None = None,
    calibrate: bool = False,
    seed: int = 0,
) -> OutcomeScores:
    """Score predicted labels against coded ones.

    Parameters
    ----------
    gold, places : sequence of str, shape (n,)
    predicted : sequence of str or None, shape (n,)
        None where the classifier abstained.
    labels : sequence of str
        In the order of the tables; every label of ``gold`` and ``predicted`` is in it.
    confidence : ndarray of float64, shape (n,), optional
        Score of the predicted label.
    calibrate : bool
        Whether the passages are a probability sample: else ``ece`` and ``reliability`` are None.

    Raises
    ------
    InputError
        A label is not in ``labels``.

    Examples
    --------
    >>> scores = score_outcomes(["a", "a", "b"], ["a", "b", "b"], ["X", "Y", "Z"], ["a", "b"])
    >>> round(scores.macro_f1, 3), round(scores.accuracy, 3)
    (0.667, 0.667)
    """
    tables = count_tables(gold, predicted, places, labels)
    table = tables.sum(axis=0)
    per_class = {
        label: cell_of(
            class_counts(table)[number],
            interval(class_counts(tables)[:, number], f1_of, seed=seed),
        )
        for number, label in enumerate(labels)
    }
    n = len(gold)
    right = [a == b for a, b in zip(gold, predicted, strict=True)]
    said = [label if label is not None else ABSTAINED for label in predicted]
    # Without variation on one side the correlation is 0/0, which scikit-learn gives as 0.0.
    varies = len(set(gold)) > 1 and len(set(said)) > 1
    answered = np.array([label is not None for label in predicted], dtype=bool)
    curve = points = None
    if confidence is not None:
        kept = [hit for hit, answer in zip(right, answered, strict=True) if answer]
        points = abstention_curve(kept, confidence[answered])
        curve = reliability_curve(kept, confidence[answered]) if calibrate else None
    return OutcomeScores(
        labels=tuple(labels),
        n=n,
        n_places=len(tables),
        n_abstained=int((~answered).sum()),
        macro_f1=macro(list(per_class.values())),
        macro_f1_95=interval(tables, macro_f1_of, seed=seed),
        per_class=per_class,
        accuracy=sum(right) / n if n else None,
        mcc=float(matthews_corrcoef(list(gold), said)) if varies else None,
        confusion=tuple(tuple(int(count) for count in row) for row in table),
        ece=None if curve is None else expected_calibration_error(curve),
        reliability=curve,
        abstention=points,
    )


def count_tables(
    gold: Sequence[str],
    predicted: Sequence[str | None],
    places: Sequence[str],
    labels: Sequence[str],
) -> NDArray[np.float64]:
    """Return coded by predicted counts of each place, sorted by name.

    Returns
    -------
    ndarray of float64, shape (n_places, n_labels, n_labels + 1)
        The last column counts abstentions.
    """
    at_label = {label: number for number, label in enumerate(labels)}
    for value in (*gold, *(label for label in predicted if label is not None)):
        if value not in at_label:
            known = ", ".join(repr(label) for label in labels)
            msg = f"{value!r} is none of the labels: {known}. Give labels= with every label."
            raise InputError(msg)
    at_place = {place: number for number, place in enumerate(sorted(set(places)))}
    tables = np.zeros((len(at_place), len(at_label), len(at_label) + 1))
    for coded, guess, place in zip(gold, predicted, places, strict=True):
        column = len(at_label) if guess is None else at_label[guess]
        tables[at_place[place], at_label[coded], column] += 1
    return tables


def class_counts(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return hits, predicted and coded of each class, shape (..., n_labels, 3)."""
    square = tables[..., :-1]
    hits = np.diagonal(square, axis1=-2, axis2=-1)
    return np.stack([hits, square.sum(axis=-2), tables.sum(axis=-1)], axis=-1)


def macro_f1_of(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return macro-F1 of tables, shape (n, n_labels, n_labels + 1), as shape (n,)."""
    return mean_of_defined(f1_of(class_counts(tables)))


def _listed(
    points: tuple[ReliabilityBin, ...] | tuple[AbstentionPoint, ...] | None,
) -> list[dict[str, object]] | None:
    return None if points is None else [point.to_json() for point in points]
