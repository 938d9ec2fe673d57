"""Probabilities that mean what they say."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from hwbtext.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_TINY = 1e-300
# The weight of two passages' log loss: few passages move the temperature little.
_RIDGE = 2.0
_MOST = 3.0  # of the logarithm of the temperature


@dataclass(frozen=True, slots=True)
class Calibration:
    """Temperature scaling: makes a model as sure as it is right, and changes no outcome.

    A bias for each outcome would fit the probabilities closer, and was measured: it gives back
    the rare outcomes to the common ones, which costs more macro-F1 than it gains calibration.

    Attributes
    ----------
    temperature : float
        Above 1 for a model that is too sure of itself.

    References
    ----------
    Guo, Pleiss, Sun and Weinberger (2017), On calibration of modern neural networks.

    Examples
    --------
    >>> Calibration(2.0).apply(np.array([[0.9, 0.1]])).round(2)
    array([[0.75, 0.25]])
    """

    temperature: float = 1.0

    @classmethod
    def from_json(cls, content: object) -> Calibration:
        """Return what :meth:`to_json` gave.

        Raises
        ------
        InputError
            It is no calibration.
        """
        if isinstance(content, dict) and content.keys() == {"temperature"}:
            temperature = content["temperature"]
            if (
                isinstance(temperature, int | float)
                and not isinstance(temperature, bool)
                and isfinite(temperature)
                and temperature > 0
            ):
                return cls(float(temperature))
        msg = f"A calibration has a temperature above 0. Got {str(content)[:200]!r}."
        raise InputError(msg)

    def to_json(self) -> dict[str, object]:
        """Return the temperature as JSON takes it."""
        return {"temperature": self.temperature}

    def apply(self, proba: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return calibrated probabilities, shape (n, n_outcomes); rows sum to 1."""
        if self.temperature == 1.0:
            return proba
        return softmax(np.log(np.maximum(proba, _TINY)) / self.temperature)


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return scores as shares of each row.

    Summed column by column: NumPy's sum along a row rounds by the shape of the table, and a
    text's shares must not depend on how many texts came with it.
    """
    powers: NDArray[np.float64] = np.exp(
        scores - scores.max(axis=1, keepdims=True, initial=-np.inf)
    )
    total = np.zeros(len(scores))
    for column in powers.T:
        total += column
    return powers / total[:, None]


def fit_calibration(
    proba: NDArray[np.float64], y: Sequence[str], classes: Sequence[str]
) -> Calibration:
    """Fit a calibration to out-of-fold probabilities by log loss.

    Parameters
    ----------
    proba : ndarray of float64, shape (n, n_outcomes)
        Of passages that the model did not learn from, best of places it has not seen.
    y : sequence of str
        Their outcomes.
    classes : sequence of str
        The outcomes in the order of the columns.

    Raises
    ------
    InputError
        The shapes differ, or ``y`` holds an outcome that is not in ``classes``.
    """
    from scipy.optimize import minimize_scalar

    at = {name: column for column, name in enumerate(classes)}
    if strange := sorted({str(label) for label in y} - at.keys()):
        msg = f"y holds outcomes that classes does not: {', '.join(strange)}."
        raise InputError(msg)
    proba = np.asarray(proba, dtype=np.float64)
    if proba.shape != (len(y), len(classes)) or not len(y):
        msg = f"proba must have shape ({len(y)}, {len(classes)}), and a row. Got {proba.shape}."
        raise InputError(msg)
    truth = np.array([at[str(label)] for label in y])
    logs = np.log(np.maximum(proba, _TINY))

    def loss(log_temperature: float) -> float:
        said = softmax(logs / np.exp(log_temperature))
        picked = np.maximum(said[np.arange(len(truth)), truth], _TINY)
        return float(-np.log(picked).sum() + _RIDGE / 2 * log_temperature**2)

    found = minimize_scalar(loss, bounds=(-_MOST, _MOST), method="bounded")
    return Calibration(float(np.exp(found.x)))
