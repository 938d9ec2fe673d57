"""Codes of several coders as numbers, and the sums that every agreement figure is made of.

All figures are functions of sums over units. So a bootstrap needs no second pass over the
codes: it weights the sums of each cluster (a document) and reads the figures off again.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hwbtext.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

MISSING = -1
REST = "the rest"


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """Codes of ``n_units`` units by ``n_coders`` coders.

    Attributes
    ----------
    codes : ndarray of int64, shape (n_units, n_coders)
        Position in ``labels``; -1 where the coder did not code the unit.
    coders : tuple of str
    labels : tuple
        The categories, used or not.
    clusters : ndarray of int64, shape (n_units,)
        Running number of the document (or place) that a unit stands in, from 0.
    """

    codes: NDArray[np.int64]
    coders: tuple[str, ...]
    labels: tuple[Hashable, ...]
    clusters: NDArray[np.int64]

    @property
    def n_units(self) -> int:
        """Return the number of units with at least one code."""
        return int(((self.codes != MISSING).sum(axis=1) >= 1).sum())

    @property
    def n_pairable(self) -> int:
        """Return the number of units with two codes or more."""
        return int(((self.codes != MISSING).sum(axis=1) >= 2).sum())

    @property
    def n_coders(self) -> int:
        """Return the number of coders with at least one code."""
        return int((self.codes != MISSING).any(axis=0).sum())

    @property
    def n_clusters(self) -> int:
        """Return the number of clusters with at least one unit of two codes."""
        pairable = (self.codes != MISSING).sum(axis=1) >= 2
        return len(np.unique(self.clusters[pairable]))

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Return the positions of every two coders."""
        return tuple(combinations(range(len(self.coders)), 2))

    def against_rest(self, label: Hashable) -> Ratings:
        """Return the same units with two categories: ``label`` first, and all others."""
        if label not in self.labels:
            known = ", ".join(map(str, self.labels))
            msg = f"No such category: {label!r}. The table has: {known}."
            raise InputError(msg)
        codes = np.where(self.codes == self.labels.index(label), 0, 1)
        codes[self.codes == MISSING] = MISSING
        return Ratings(codes.astype(np.int64), self.coders, (label, REST), self.clusters)

    def take(self, rows: NDArray[np.int64], columns: Sequence[int] | None = None) -> Ratings:
        """Return some of the units, and of the coders; the categories stay."""
        chosen = list(range(len(self.coders))) if columns is None else list(columns)
        return Ratings(
            self.codes[rows][:, chosen],
            tuple(self.coders[column] for column in chosen),
            self.labels,
            self.clusters[rows],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Sums over units; the first axis is the cluster, or the resample.

    Attributes
    ----------
    confusion : ndarray, shape (n, n_pairs, n_labels, n_labels)
        Codes of the first coder of a pair by those of the second, on units both coded.
    shares : ndarray, shape (n, n_labels)
        Sum over units of the share of its codes that are the label.
    rated, pairable : ndarray, shape (n,)
        Units with one code or more, with two or more.
    agreeing : ndarray, shape (n,)
        Sum over pairable units of the share of its pairs of codes that agree.
    values : ndarray, shape (n, n_labels)
        Codes in pairable units.
    matched : ndarray, shape (n,)
        Diagonal of Krippendorff's coincidence matrix.
    """

    confusion: NDArray[np.float64]
    shares: NDArray[np.float64]
    rated: NDArray[np.float64]
    pairable: NDArray[np.float64]
    agreeing: NDArray[np.float64]
    values: NDArray[np.float64]
    matched: NDArray[np.float64]

    def weighted(self, weights: NDArray[np.float64]) -> Sums:
        """Return sums of the clusters, each ``weights[:, cluster]`` times.

        Parameters
        ----------
        weights : ndarray, shape (n_resamples, n_clusters)
        """

        def total(part: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.asarray(np.tensordot(weights, part, axes=(1, 0)), dtype=np.float64)

        return Sums(
            total(self.confusion),
            total(self.shares),
            total(self.rated),
            total(self.pairable),
            total(self.agreeing),
            total(self.values),
            total(self.matched),
        )

    def pooled(self) -> Sums:
        """Return the sums of all clusters as a batch of one."""
        return self.weighted(np.ones((1, len(self.rated))))


def read_ratings(
    table: pd.DataFrame,
    *,
    labels: Sequence[Hashable] | None = None,
    clusters: Sequence[Hashable] | None = None,
) -> Ratings:
    """Read a table of codes, one row a unit and one column a coder.

    Parameters
    ----------
    table : DataFrame, shape (n_units, n_coders)
        None or NaN where a coder did not code a unit.
    labels : sequence, optional
        The categories that coders could use. Default: those that are in the table.
    clusters : sequence of length n_units, optional
        What each unit stands in (its document). Default: each unit by itself.

    Raises
    ------
    InputError
        The table is no DataFrame, names a coder twice, holds a code that is not among
        ``labels``, or ``clusters`` has another length.
    """
    given: object = table
    if not isinstance(given, pd.DataFrame):
        msg = f"Codes must come as a DataFrame of units by coders. Got {type(given).__name__}."
        raise InputError(msg)
    coders = tuple(str(name) for name in table.columns)
    if len(set(coders)) != len(coders):
        msg = f"Each coder needs one column. Got {', '.join(coders)}."
        raise InputError(msg)
    flat = table.to_numpy(dtype=object).ravel()
    found, seen = pd.factorize(flat, use_na_sentinel=True)
    # By name, not by first use: the order of the units must change nothing.
    known = sorted(seen.tolist(), key=str) if labels is None else list(dict.fromkeys(labels))
    strange = [label for label in seen.tolist() if label not in known]
    if strange:
        msg = f"Codes that are not among the labels {known}: {strange}. Correct them, or add them."
        raise InputError(msg)
    position = np.array([known.index(label) for label in seen.tolist()] + [MISSING])
    codes = position[found].astype(np.int64).reshape(table.shape)
    if clusters is None:
        numbers = np.arange(len(table))
    elif len(clusters) != len(table):
        msg = f"clusters needs one entry a unit: {len(table)}. Got {len(clusters)}."
        raise InputError(msg)
    else:
        keys = np.empty(len(clusters), dtype=object)
        keys[:] = [str(key) for key in clusters]
        numbers, _ = pd.factorize(keys, sort=True)
    return Ratings(codes, coders, tuple(known), numbers.astype(np.int64))


def cluster_sums(ratings: Ratings) -> Sums:
    """Return the sums of each cluster that has a unit, in the order of their numbers."""
    coded = ratings.codes != MISSING
    present, cluster = np.unique(ratings.clusters, return_inverse=True)
    n, q = len(present), len(ratings.labels)
    counts = (ratings.codes[:, :, None] == np.arange(q)).sum(axis=1).astype(np.float64)
    n_codes = coded.sum(axis=1).astype(np.float64)
    paired = n_codes >= 2
    same = (counts * (counts - 1)).sum(axis=1)
    others = np.where(paired, n_codes - 1, 1)

    def by_cluster(per_unit: NDArray[np.float64]) -> NDArray[np.float64]:
        total = np.zeros((n, *per_unit.shape[1:]))
        np.add.at(total, cluster, per_unit)
        return total

    confusion = np.zeros((n, len(ratings.pairs), q, q))
    for number, (first, second) in enumerate(ratings.pairs):
        both = coded[:, first] & coded[:, second]
        np.add.at(
            confusion[:, number],
            (cluster[both], ratings.codes[both, first], ratings.codes[both, second]),
            1,
        )
    return Sums(
        confusion=confusion,
        shares=by_cluster(counts / np.maximum(n_codes, 1)[:, None]),
        rated=by_cluster((n_codes >= 1).astype(np.float64)),
        pairable=by_cluster(paired.astype(np.float64)),
        agreeing=by_cluster(same / (np.maximum(n_codes, 1) * others)),
        values=by_cluster(np.where(paired[:, None], counts, 0.0)),
        matched=by_cluster(same / others),
    )
