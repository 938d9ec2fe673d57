"""Whether a classifier is right as often as it says: calibration, and what abstaining buys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hwbtext.evaluate.cells import too_few

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

N_BINS = 10


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The passages whose top score lies in (low, high]; figures None where there are none."""

    low: float
    high: float
    n: int
    confidence: float | None
    accuracy: float | None

    @property
    def note(self) -> str | None:
        """Return "not measurable, n = …" for fewer than 30 passages, else None."""
        return too_few(self.n)

    def to_json(self) -> dict[str, object]:
        """Return the bin as JSON."""
        return {
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "confidence": self.confidence,
            "accuracy": self.accuracy,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class AbstentionPoint:
    """What is left, and how good it is, where scores below ``threshold`` are left to a person."""

    threshold: float
    n: int
    coverage: float
    accuracy: float

    def to_json(self) -> dict[str, object]:
        """Return the point as JSON."""
        return {
            "threshold": self.threshold,
            "n": self.n,
            "coverage": self.coverage,
            "accuracy": self.accuracy,
            "note": too_few(self.n),
        }


def reliability_curve(
    right: Sequence[bool], confidence: NDArray[np.float64]
) -> tuple[ReliabilityBin, ...]:
    """Return ten bins of equal width over the score of the predicted label.

    Parameters
    ----------
    right : sequence of bool, shape (n,)
        Whether the predicted label is the coded one.
    confidence : ndarray of float64, shape (n,)
        Score of the predicted label, 0 to 1.

    Examples
    --------
    >>> curve = reliability_curve([True, False], np.array([0.95, 0.92]))
    >>> curve[-1].n, curve[-1].accuracy, curve[0].accuracy
    (2, 0.5, None)
    """
    hits = np.asarray(right, dtype=np.float64)
    # Half-open to the left, as in Guo et al.: a score of exactly 0.9 belongs to (0.8, 0.9].
    at = np.clip(np.ceil(confidence * N_BINS).astype(int) - 1, 0, N_BINS - 1)
    bins = []
    for number in range(N_BINS):
        inside = at == number
        n = int(inside.sum())
        bins.append(
            ReliabilityBin(
                low=number / N_BINS,
                high=(number + 1) / N_BINS,
                n=n,
                confidence=float(confidence[inside].mean()) if n else None,
                accuracy=float(hits[inside].mean()) if n else None,
            )
        )
    return tuple(bins)


def expected_calibration_error(curve: Sequence[ReliabilityBin]) -> float | None:
    """Return the mean gap between score and accuracy over the bins, weighted by passages.

    Guo, Pleiss, Sun and Weinberger (2017), "On calibration of modern neural networks". None
    where the curve has no passage.

    Examples
    --------
    >>> round(expected_calibration_error(reliability_curve([True, False], np.array([0.9, 0.9]))), 9)
    0.4
    """
    n = sum(each.n for each in curve)
    if n == 0:
        return None
    return sum(
        each.n * abs(each.confidence - each.accuracy) / n
        for each in curve
        if each.confidence is not None and each.accuracy is not None
    )


def abstention_curve(
    right: Sequence[bool], confidence: NDArray[np.float64]
) -> tuple[AbstentionPoint, ...]:
    """Return coverage and accuracy where passages scored below a threshold are left out.

    Also called the risk-coverage curve (El-Yaniv and Wiener, 2010, "On the foundations of
    noise-free selective classification"). One point for each of the 21 quantiles 0, 5%, ...
    100% of the scores, equal thresholds once; no passage gives no point.

    Examples
    --------
    >>> points = abstention_curve([True, False], np.array([0.9, 0.6]))
    >>> [(point.coverage, point.accuracy) for point in points][0]
    (1.0, 0.5)
    >>> [(point.coverage, point.accuracy) for point in points][-1]
    (0.5, 1.0)
    """
    if not len(confidence):
        return ()
    hits = np.asarray(right, dtype=np.float64)
    thresholds = np.unique(np.quantile(confidence, np.linspace(0, 1, 21), method="lower"))
    points = []
    for threshold in thresholds:
        kept = confidence >= threshold
        n = int(kept.sum())
        points.append(
            AbstentionPoint(
                threshold=float(threshold),
                n=n,
                coverage=n / len(confidence),
                accuracy=float(hits[kept].mean()),
            )
        )
    return tuple(points)
