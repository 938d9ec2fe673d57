"""A permutation test of two groups of meetings that holds where meetings differ in length.

A meeting is the unit: its passages are not independent of each other. Permuting meetings is
not enough by itself. Where one group has longer meetings than the other, or fewer of them,
their shares differ in variance, and the plain distance of the shares, permuted, finds "drift"
in half of all corpora that have none. So the difference is divided by its own variance before
it is compared with the permuted ones (a studentized statistic).

One engine serves all measures: a meeting is a row of sums over its passages (one column a
topic, or one a feature of an embedding) and a number of passages.

References
----------
Janssen (1997), Studentized permutation tests for non-i.i.d. hypotheses and the generalized
Behrens-Fisher problem. Chung and Romano (2013), Exact and asymptotically robust permutation
tests. Westfall and Young (1993), Resampling-based multiple testing (the maximum over columns).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALPHA = 0.05
MIN_MEETINGS = 2
"""Meetings a group must have: one alone says nothing of how meetings differ."""
_POWER_Z = 0.8416212335729143  # a shift this many standard errors past the limit: power 0.80
_MOST_TOLD = 5.0  # passages that a meeting of any length is worth, at most
_BLOCK = 250  # permutations at once: keeps the arrays small


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a test of two groups of meetings says.

    Attributes
    ----------
    p : float or None
        None where there are too few meetings for any p under 0.05.
    difference : ndarray of float64, shape (n_columns,)
        Mean per passage in the second group less that in the first, kinds of paper held equal.
    column : int or None
        The column that changed most, in standard errors.
    column_p : float or None
        Its p, for the most changed of all columns; never under ``p``: a column is looked at
        only where the whole has moved. No further correction over columns is needed.
    detectable : ndarray of float64 or None, shape (n_columns,)
        Smallest change of each column that such a comparison finds in four cases of five.
    n_arrangements : int
        Ways to part the meetings that the test could tell apart, at most what was tried.
    """

    p: float | None
    difference: NDArray[np.float64]
    column: int | None
    column_p: float | None
    detectable: NDArray[np.float64] | None
    n_arrangements: int


def compare_groups(
    sums: NDArray[np.float64],
    sizes: NDArray[np.float64],
    in_second: NDArray[np.bool_],
    strata: NDArray[np.int64] | None = None,
    *,
    n_permutations: int = 999,
    seed: int = 0,
) -> Comparison:
    """Test whether two groups of meetings have the same mean per passage in every column.

    Parameters
    ----------
    sums : ndarray of float64, shape (n_meetings, n_columns)
        Sum over the passages of each meeting.
    sizes : ndarray of float64, shape (n_meetings,)
        Passages of each meeting, all above 0.
    in_second : ndarray of bool, shape (n_meetings,)
        Which meetings are in the second group.
    strata : ndarray of int, optional
        Meetings change places only within a stratum (kinds of paper, say), and the mean of
        each stratum is taken out first: a change in the mix of strata is no change.
    n_permutations : int
        Where the meetings can be parted in fewer ways than this, all are tried.
    seed : int

    Returns
    -------
    Comparison
    """
    if strata is None:
        strata = np.zeros(len(sizes), dtype=np.int64)
    labels = arrangements(in_second, strata, n_permutations, np.random.default_rng(seed))
    return compare_arrangements(sums, sizes, labels, strata, n_permutations=n_permutations)


def compare_arrangements(
    sums: NDArray[np.float64],
    sizes: NDArray[np.float64],
    labels: NDArray[np.bool_],
    strata: NDArray[np.int64],
    *,
    n_permutations: int,
) -> Comparison:
    """Test as :func:`compare_groups` does, with arrangements that are there already.

    Parameters
    ----------
    sums, sizes, strata, n_permutations
        As there.
    labels : ndarray of bool, shape (n_arrangements, n_meetings)
        From :func:`arrangements`: the observed one first.
    """
    in_second = labels[0]
    # Passages of one meeting resemble each other: beyond some number, more of them tell little
    # more, and one long pack would speak for all meetings.
    weights = 1 / (1 / sizes + 1 / _MOST_TOLD)
    sums, sizes = sums * (weights / sizes)[:, None], weights
    residuals = _residuals(sums, sizes, strata)
    fewest = min(int(in_second.sum()), int((~in_second).sum()))
    if fewest < MIN_MEETINGS:
        return Comparison(None, _difference(residuals, sizes, in_second), None, None, None, 1)
    whole, most, spread = _statistics(residuals, sizes, labels)
    n_below = 2 if 2 * in_second.sum() == len(sizes) and len(labels) < n_permutations else 1
    testable = n_below / len(labels) <= ALPHA
    tolerance = 1e-9
    p = float((whole >= whole[0] * (1 - tolerance)).mean())
    best = most.max(axis=1)
    column = int(most[0].argmax())
    column_p = float((best >= best[0] * (1 - tolerance)).mean())
    limit = math.sqrt(float(np.quantile(best, 1 - ALPHA, method="higher")))
    return Comparison(
        p if testable else None,
        _difference(residuals, sizes, in_second),
        column,
        max(p, column_p) if testable else None,
        (limit + _POWER_Z) * np.sqrt(spread) if testable else None,
        len(labels),
    )


def _residuals(
    sums: NDArray[np.float64], sizes: NDArray[np.float64], strata: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Take from each meeting what it would hold at the mean of its stratum."""
    residuals = np.array(sums, dtype=np.float64)
    for stratum in np.unique(strata):
        rows = strata == stratum
        residuals[rows] -= np.outer(sizes[rows], sums[rows].sum(axis=0) / sizes[rows].sum())
    return residuals


def _difference(
    residuals: NDArray[np.float64], sizes: NDArray[np.float64], in_second: NDArray[np.bool_]
) -> NDArray[np.float64]:
    def mean(rows: NDArray[np.bool_]) -> NDArray[np.float64]:
        total: NDArray[np.float64] = residuals[rows].sum(axis=0) / max(1.0, sizes[rows].sum())
        return total

    return mean(in_second) - mean(~in_second)


def arrangements(
    in_second: NDArray[np.bool_],
    strata: NDArray[np.int64],
    n_permutations: int,
    rng: np.random.Generator,
) -> NDArray[np.bool_]:
    """Return arrangements of the labels, the observed one first; all of them if they are few.

    Parameters
    ----------
    in_second : ndarray of bool, shape (n_meetings,)
    strata : ndarray of int, shape (n_meetings,)
    n_permutations : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of bool, shape (n_arrangements, n_meetings)
    """
    groups = [np.flatnonzero(strata == stratum) for stratum in np.unique(strata)]
    ways = [math.comb(len(group), int(in_second[group].sum())) for group in groups]
    movable = [group for group, n in zip(groups, ways, strict=True) if n > 1]
    if math.prod(ways) <= n_permutations + 1 and len(movable) <= 1:
        labels = np.tile(in_second, (math.prod(ways), 1))
        for group in movable:
            chosen = combinations(range(len(group)), int(in_second[group].sum()))
            observed = tuple(np.flatnonzero(in_second[group]).tolist())
            others = [places for places in chosen if places != observed]
            labels[1:, group] = False
            for row, places in enumerate(others, start=1):
                labels[row, group[list(places)]] = True
        return labels
    labels = np.tile(in_second, (n_permutations + 1, 1))
    for group in movable:
        labels[1:, group] = rng.permuted(labels[1:, group], axis=1)
    return labels


def _statistics(
    residuals: NDArray[np.float64], sizes: NDArray[np.float64], labels: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return, for each arrangement: the statistic, the squared z of each column; and variances.

    The variance of a group's mean is that of a ratio, linearized: residuals about the group's
    own mean, times n / (n - 1).
    """
    squares, crossed = residuals**2, residuals * sizes[:, None]
    whole, columns = [], []
    spread = floor = np.zeros(residuals.shape[1])
    for at in range(0, len(labels), _BLOCK):
        second = labels[at : at + _BLOCK].astype(np.float64)
        difference, variance = np.zeros((len(second), residuals.shape[1])), 0.0
        for sign, weight in ((1.0, second), (-1.0, 1.0 - second)):
            n = weight.sum(axis=1, keepdims=True)
            passages = (weight @ sizes)[:, None]
            mean = weight @ residuals / passages
            scatter = (
                weight @ squares
                - 2 * mean * (weight @ crossed)
                + mean**2 * (weight @ sizes**2)[:, None]
            )
            difference += sign * mean
            # Rounding leaves -1e-20 where all meetings of a group are alike.
            variance = variance + np.maximum(scatter, 0.0) / passages**2 * n / (n - 1)
        if at == 0:
            spread = np.asarray(variance)[0]
            # A column that two meetings have can come out with next to no variance and an
            # endless z; a tenth of the mean variance keeps it in bounds.
            floor = np.full_like(spread, 0.1 * spread.mean() + 1e-18)
        whole.append((difference**2).sum(axis=1) / (np.asarray(variance).sum(axis=1) + 1e-18))
        columns.append(difference**2 / (variance + floor))
    return np.concatenate(whole), np.concatenate(columns), spread + floor
