"""The agreement coefficients, from sums over units; NaN where one is undefined.

Each function takes :class:`Sums` of ``n`` resamples and returns an array of shape ``(n,)``.

Why not a library's: scikit-learn's ``cohen_kappa_score`` is right for two coders who coded the
same units, statsmodels' ``fleiss_kappa`` for tables without missing codes (it takes unequal
numbers of codes for an error), and NLTK divides kappa's counts by all units, coded by both or
not. None has AC1, and none can be resampled by document without going over the codes again.
They are what the tests hold these formulas to, where they are right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hwbtext.evaluate.agreement_ratings import Sums


def percent(sums: Sums) -> NDArray[np.float64]:
    """Return the share of units on which two coders agree, the mean of all pairs."""
    return mean_of_pairs(percent_of_pairs(sums))


def cohen(sums: Sums) -> NDArray[np.float64]:
    """Return Cohen's (1960) kappa, the mean of the pairs for which it is defined.

    Light (1971) takes the same mean for more than two coders.
    """
    return mean_of_pairs(cohen_of_pairs(sums))


def percent_of_pairs(sums: Sums) -> NDArray[np.float64]:
    """Return the agreement of each pair of coders, shape (n, n_pairs)."""
    n = sums.confusion.sum(axis=(-2, -1))
    return ratio(np.trace(sums.confusion, axis1=-2, axis2=-1), n)


def cohen_of_pairs(sums: Sums) -> NDArray[np.float64]:
    """Return Cohen's kappa of each pair of coders, shape (n, n_pairs).

    In counts, ``(n t - e) / (n² - e)`` with t on the diagonal and e the sum of the products of
    the margins: whole numbers, so that "undefined" is told from "nearly" exactly.
    """
    n = sums.confusion.sum(axis=(-2, -1))
    diagonal = np.trace(sums.confusion, axis1=-2, axis2=-1)
    margins = (sums.confusion.sum(axis=-1) * sums.confusion.sum(axis=-2)).sum(axis=-1)
    return ratio(n * diagonal - margins, n * n - margins)


def fleiss(sums: Sums) -> NDArray[np.float64]:
    """Return Fleiss' (1971) kappa, for any number of codes a unit as Gwet (2014) writes it.

    A unit with one code tells how often a category is used, not whether coders agree.
    """
    observed = ratio(sums.agreeing, sums.pairable)
    chance = (prevalences(sums) ** 2).sum(axis=-1)
    return ratio(observed - chance, _unless_zero(1 - chance))


def gwet(sums: Sums) -> NDArray[np.float64]:
    """Return Gwet's (2008, 2014) AC1; the number of categories is that of the scheme."""
    n_labels = sums.shares.shape[-1]
    if n_labels < 2:
        return np.full(sums.rated.shape, np.nan)
    observed = ratio(sums.agreeing, sums.pairable)
    share = prevalences(sums)
    chance = (share * (1 - share)).sum(axis=-1) / (n_labels - 1)
    return ratio(observed - chance, 1 - chance)


def krippendorff(sums: Sums) -> NDArray[np.float64]:
    """Return Krippendorff's (2004) alpha for nominal codes; units with one code fall out."""
    n = sums.values.sum(axis=-1)
    expected = n * n - (sums.values**2).sum(axis=-1)
    return 1 - ratio((n - sums.matched) * (n - 1), expected)


def prevalence(sums: Sums) -> NDArray[np.float64]:
    """Return Byrt, Bishop and Carlin's (1993) prevalence index of the first category."""
    return mean_of_pairs(prevalence_of_pairs(sums))


def bias(sums: Sums) -> NDArray[np.float64]:
    """Return Byrt, Bishop and Carlin's (1993) bias index, the mean of its size over pairs.

    Its sign says which of two coders comes first, and nothing of many.
    """
    return mean_of_pairs(np.abs(bias_of_pairs(sums)))


def prevalence_of_pairs(sums: Sums) -> NDArray[np.float64]:
    """Return (a - d) / n of each pair, shape (n, n_pairs): both said yes, less both said no."""
    table = sums.confusion
    return ratio(table[..., 0, 0] - table[..., 1, 1], table.sum(axis=(-2, -1)))


def bias_of_pairs(sums: Sums) -> NDArray[np.float64]:
    """Return (b - c) / n of each pair, shape (n, n_pairs): above 0, the first says yes more."""
    table = sums.confusion
    return ratio(table[..., 0, 1] - table[..., 1, 0], table.sum(axis=(-2, -1)))


def prevalences(sums: Sums) -> NDArray[np.float64]:
    """Return the mean share of each category over units, shape (n, n_labels)."""
    return ratio(sums.shares, sums.rated[:, None])


def mean_of_pairs(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean over the last axis of what is defined; NaN where nothing is."""
    defined = ~np.isnan(values)
    return ratio(np.where(defined, values, 0.0).sum(axis=-1), defined.sum(axis=-1))


def ratio(above: NDArray[np.generic], below: NDArray[np.generic]) -> NDArray[np.float64]:
    """Divide; NaN where there is nothing to divide by."""
    above, below = np.broadcast_arrays(above, below)
    out: NDArray[np.float64] = np.full(above.shape, np.nan)
    np.divide(above, below, out=out, where=(below != 0) & ~np.isnan(below))
    return out


def _unless_zero(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares add up to 1 only nearly: what is that near to nought is nought."""
    return np.where(np.abs(value) < 1e-12, 0.0, value)
