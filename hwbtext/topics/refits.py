"""What refits on halves of the passages tell of a topic space: which topics last.

Clusters can be found in anything. A topic that dissolves when half of the passages are left
out says more about the sample than about the board, so every topic carries its stability.

References
----------
Hennig (2007), Cluster-wise assessment of cluster stability: mean Jaccard similarity; under
0.5 a cluster is dissolved, from 0.75 it is stable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DISSOLVED = 0.5
STABLE = 0.75
CANDIDATES = (5, 8, 12, 16, 24, 32, 48, 64)
"""Numbers of topics that are tried."""

LASTING = 0.55
"""Mean stability that a number of topics must reach: the criterion. (Chosen on three corpora,
where it gives topics more coherent and more diverse than BERTopic's own number of them.)"""

N_REFITS = 5
MOST_PASSAGES = 6_000
"""Refits are made on no more: a random sample of them, by the order of the hashes."""

FEWEST_OF_A_TOPIC = 15
"""Passages that a topic has on average, at least."""

_N_STARTS = 3
_NOVELTY_POINTS = 1_999  # quantiles of distance that are kept


@dataclass(frozen=True, slots=True)
class Refits:
    """What refits say of a clustering.

    Attributes
    ----------
    stability : ndarray of float64, shape (n_topics,)
        Mean Jaccard similarity of each topic with its match in a refit on half the passages.
    agreement : float
        Mean adjusted Rand index between the refits and the clustering.
    temperature : float
        At which the softmax of minus squared distances best foretells, by log-likelihood, the
        topic that a refit gives.
    distances : ndarray of float64
        Sorted: how far passages that a refit had not seen lie from its nearest topic.
    """

    stability: NDArray[np.float64]
    agreement: float
    temperature: float
    distances: NDArray[np.float64]


def cluster(points: NDArray[np.float64], n_topics: int, seed: int) -> NDArray[np.float64]:
    """Return the centroids of k-means, shape (n_topics, p)."""
    from sklearn.cluster import KMeans

    fitted = KMeans(n_clusters=n_topics, n_init=_N_STARTS, random_state=seed).fit(points)
    centroids: NDArray[np.float64] = fitted.cluster_centers_
    return centroids


def squared_distances(
    points: NDArray[np.float64], centroids: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return squared Euclidean distances, shape (n_points, n_centroids)."""
    crossed = points @ centroids.T
    squared = (points**2).sum(axis=1)[:, None] - 2 * crossed + (centroids**2).sum(axis=1)
    distances: NDArray[np.float64] = np.maximum(squared, 0.0)
    return distances


def choose_n_topics(points: NDArray[np.float64], seed: int) -> int:
    """Return the largest candidate whose topics, on average, outlive the loss of half the texts.

    Parameters
    ----------
    points : ndarray of float64, shape (n_texts, p)
    seed : int

    Returns
    -------
    int
        The smallest candidate where none passes.
    """
    points = points[:MOST_PASSAGES]
    best = CANDIDATES[0]
    for n_topics in CANDIDATES:
        if n_topics * FEWEST_OF_A_TOPIC > len(points):
            break
        lasting = refit(points, cluster(points, n_topics, seed), seed, n_refits=3).stability
        if lasting.mean() >= LASTING:
            best = n_topics
    return best


def refit(
    points: NDArray[np.float64],
    centroids: NDArray[np.float64],
    seed: int,
    *,
    residuals: NDArray[np.float64] | None = None,
    n_refits: int = N_REFITS,
) -> Refits:
    """Fit the same number of topics to random halves of the passages, and compare.

    Parameters
    ----------
    points : ndarray of float64, shape (n_texts, p)
    centroids : ndarray of float64, shape (n_topics, p)
        Of the clustering in question.
    seed : int
    residuals : ndarray of float64, shape (n_texts,), optional
        Squared length of what the projection leaves of each vector; part of the distance.
    n_refits : int
    """
    from scipy.optimize import linear_sum_assignment
    from sklearn.metrics import adjusted_rand_score

    points = points[:MOST_PASSAGES]
    rest = np.zeros(len(points)) if residuals is None else residuals[:MOST_PASSAGES]
    squared = squared_distances(points, centroids)
    topics = squared.argmin(axis=1)
    stability = np.zeros((n_refits, len(centroids)))
    agreement, foretold, unseen = [], [], []
    for number in range(n_refits):
        rng = np.random.default_rng([seed, number])
        half = np.sort(rng.permutation(len(points))[: len(points) // 2])
        others = cluster(points[half], len(centroids), seed + number)
        distances = squared_distances(points, others)
        found = distances.argmin(axis=1)
        shared = np.zeros((len(centroids), len(others)))
        np.add.at(shared, (topics, found), 1)
        union = shared.sum(axis=1)[:, None] + shared.sum(axis=0)[None, :] - shared
        jaccard = shared / np.maximum(union, 1)
        rows, columns = linear_sum_assignment(-jaccard)
        stability[number, rows] = jaccard[rows, columns]
        agreement.append(float(adjusted_rand_score(topics, found)))
        match = np.zeros(len(others), dtype=np.int64)
        match[columns] = rows
        foretold.append(match[found])
        new = np.setdiff1d(np.arange(len(points)), half)
        unseen.append(distances[new].min(axis=1) + rest[new])
    return Refits(
        stability.mean(axis=0),
        float(np.mean(agreement)),
        _temperature(squared, foretold),
        np.quantile(np.concatenate(unseen), np.linspace(0, 1, _NOVELTY_POINTS)),
    )


def _temperature(squared: NDArray[np.float64], foretold: list[NDArray[np.int64]]) -> float:
    """Return the temperature of least log-loss."""
    from scipy.optimize import minimize_scalar

    centred = squared - squared.min(axis=1, keepdims=True)
    rows = np.arange(len(centred))

    def loss(log_temperature: float) -> float:
        scores = -centred / np.exp(log_temperature)
        total = np.log(np.exp(scores).sum(axis=1))
        return float(np.mean([np.mean(total - scores[rows, found]) for found in foretold]))

    return float(np.exp(minimize_scalar(loss, bounds=(-8.0, 3.0), method="bounded").x))
