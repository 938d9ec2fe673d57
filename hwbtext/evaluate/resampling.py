"""Intervals and tests that treat places, not passages, as the independent units.

Passages of one board resemble each other: its clerk, its template, its business. Resampling
passages would give intervals that are too narrow (Cameron, Gelbach and Miller, 2008,
"Bootstrap-based improvements for inference with clustered errors").
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Statistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]

FEWEST_PLACES = 3
"""With fewer, nothing can be said of how places differ."""
N_RESAMPLES = 2_000
_MOST_EXACT = 12  # 4,096 ways to swap: all of them are tried


def interval(
    counts: NDArray[np.float64],
    statistic: Statistic,
    *,
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
) -> tuple[float, float] | None:
    """Return the 95% percentile interval over resampled places.

    Parameters
    ----------
    counts : ndarray of float64, shape (n_places, ...)
        What was counted in each place.
    statistic : callable
        Takes summed counts, shape (n, ...), and returns shape (n,); nan where undefined.

    Returns
    -------
    tuple of float, or None
        None with fewer than three places, or where no resample defines the statistic.
    """
    if len(counts) < FEWEST_PLACES:
        return None
    return _quantiles(statistic(_resampled(counts, n_resamples, seed)))


def paired_interval(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    statistic: Statistic,
    *,
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
) -> tuple[float, float] | None:
    """Return the 95% interval of the difference a - b, both on the same resampled places.

    None with fewer than three places.
    """
    if len(a) < FEWEST_PLACES:
        return None
    return _quantiles(
        statistic(_resampled(a, n_resamples, seed)) - statistic(_resampled(b, n_resamples, seed))
    )


def swap_test(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    statistic: Statistic,
    *,
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
) -> float | None:
    """Return the two-sided p of a permutation test that swaps a and b in whole places.

    If the two classifiers were alike, which of them gave a place's answers would not matter
    (approximate randomisation: Yeh, 2000, "More accurate tests for the statistical
    significance of result differences"). Up to twelve places every swap is tried; above, a
    random ``n_resamples`` of them. None with fewer than three places, or where the difference
    is undefined.
    """
    n_places = len(a)
    if n_places < FEWEST_PLACES:
        return None
    observed = float((statistic(a.sum(axis=0)[None]) - statistic(b.sum(axis=0)[None]))[0])
    if np.isnan(observed):
        return None
    exact = n_places <= _MOST_EXACT
    if exact:
        swaps = (np.arange(2**n_places)[:, None] >> np.arange(n_places)) & 1
    else:
        swaps = np.random.default_rng(seed).integers(0, 2, size=(n_resamples, n_places))
    moved = np.tensordot(swaps.astype(np.float64), b - a, axes=1)
    differences = statistic(a.sum(axis=0) + moved) - statistic(b.sum(axis=0) - moved)
    differences = differences[~np.isnan(differences)]
    # Sums in another order differ in the last digits; what is equal must count as equal.
    n_far = int((np.abs(differences) >= abs(observed) - 1e-9).sum())
    if exact:
        return n_far / len(differences)
    return (n_far + 1) / (len(differences) + 1)


def f1_of(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return F1 from hits, predicted and coded on the last axis; nan where neither is there.

    Examples
    --------
    >>> f1_of(np.array([[3.0, 4.0, 5.0], [0.0, 0.0, 0.0]])).round(3)
    array([0.667,   nan])
    """
    total = counts[..., 1] + counts[..., 2]
    f1 = np.full(total.shape, np.nan)
    np.divide(2 * counts[..., 0], total, out=f1, where=total > 0)
    return f1


def mean_of_defined(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean over the last axis without the nans; nan where all are."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Mean of empty slice", RuntimeWarning)
        mean: NDArray[np.float64] = np.nanmean(values, axis=-1)
    return mean


def _resampled(counts: NDArray[np.float64], n_resamples: int, seed: int) -> NDArray[np.float64]:
    n_places = len(counts)
    times = np.random.default_rng(seed).multinomial(
        n_places, np.full(n_places, 1 / n_places), size=n_resamples
    )
    drawn: NDArray[np.float64] = np.tensordot(times.astype(np.float64), counts, axes=1)
    return drawn


def _quantiles(values: NDArray[np.float64]) -> tuple[float, float] | None:
    values = values[~np.isnan(values)]
    if not len(values):
        return None
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
