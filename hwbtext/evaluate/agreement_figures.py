"""One agreement figure: its value or why there is none, its counts, its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hwbtext.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

LEVEL = 0.95
MOST_UNDEFINED = 0.05  # share of resamples without a value past which there is no interval


@dataclass(frozen=True, slots=True)
class Figure:
    """One agreement statistic.

    Attributes
    ----------
    statistic : str
        ``percent_agreement``, ``cohen_kappa``, ``fleiss_kappa``, ``krippendorff_alpha``,
        ``gwet_ac1``, ``prevalence_index``, ``bias_index`` or ``alpha_u``.
    value : float or None
        None where it is undefined; then ``reason`` says why.
    low, high : float or None
        95% interval, or None; then ``reason_interval`` says why.
    n_units, n_pairable, n_coders : int
        Units with one code or more, with two or more; coders with one code or more.
    n_clusters : int
        Documents (or places) with a pairable unit: what the interval resamples.
    """

    statistic: str
    value: float | None
    n_units: int
    n_pairable: int
    n_coders: int
    n_clusters: int
    reason: str | None = None
    low: float | None = None
    high: float | None = None
    reason_interval: str | None = None


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals are made: whole clusters drawn with replacement, percentiles read off.

    The percentile bootstrap over clusters (Davison and Hinkley, 1997, *Bootstrap Methods and
    their Application*, section 3.8). ``n_resamples`` 0 gives no interval.
    """

    n_resamples: int = 1000
    seed: int = 0
    clusters: str = "unit"  # what a cluster is, for the reader

    def __post_init__(self) -> None:
        if not isinstance(self.n_resamples, int) or self.n_resamples < 0:
            msg = f"n_resamples must be a whole number, 0 or more. Got {self.n_resamples!r}."
            raise InputError(msg)

    def weights(self, n_clusters: int) -> NDArray[np.float64]:
        """Return how often each cluster is drawn, shape (n_resamples, n_clusters)."""
        generator = np.random.default_rng(self.seed)
        drawn = generator.multinomial(
            n_clusters, np.full(n_clusters, 1 / n_clusters), size=self.n_resamples
        )
        return drawn.astype(np.float64)


def interval(
    values: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    n_clusters: int,
    resampling: Resampling,
    *,
    n_informative: int,
) -> tuple[float | None, float | None, str | None]:
    """Return low, high and, where there is no interval, the reason.

    Parameters
    ----------
    values : callable
        Gives the statistic of each resample, shape (n_resamples,), from weights of the
        clusters, shape (n_resamples, n_clusters); NaN where it is undefined.
    n_informative : int
        Clusters with a unit that two coders coded.
    """
    if resampling.n_resamples == 0:
        return None, None, "no resamples were asked for"
    if n_informative < 2:
        return None, None, f"fewer than two clusters to resample ({resampling.clusters})"
    found = values(resampling.weights(n_clusters))
    defined = found[~np.isnan(found)]
    undefined = 1 - len(defined) / len(found)
    if undefined > MOST_UNDEFINED:
        return None, None, f"undefined in {undefined:.0%} of the resamples"
    tail = (1 - LEVEL) / 2
    low, high = (float(bound) for bound in np.quantile(defined, [tail, 1 - tail]))
    if low == high:
        # Where the coders never differ, no resample can: that is not certainty.
        return None, None, "every resample gives the same value"
    return low, high, None
