"""How far topics depend on the seed, on the sample, on the order and on the encoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hwbtext.topics.fitting import fit_topics

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hwbtext.topics.model import TopicModel

N_RUNS = 5


@dataclass(frozen=True, slots=True)
class StabilityRow:
    """Agreement of a topic space with others fitted to the same passages, or some of them.

    Attributes
    ----------
    change : str
        "shuffled", "other seeds", "bootstrap", or "encoder NAME".
    n_runs : int
    ari, ari_low, ari_high : float
        Adjusted Rand index of the assignments of all passages: mean, lowest and highest run.
        1 is the same topics; 0 no more alike than by chance.
    words : float
        Mean Jaccard similarity of the ten words of each topic with those of its match.
    """

    change: str
    n_runs: int
    ari: float
    ari_low: float
    ari_high: float
    words: float


def stability_report(
    texts: Sequence[str],
    embeddings: NDArray[np.float32],
    model: TopicModel,
    *,
    others: Mapping[str, NDArray[np.float32]] | None = None,
    n_runs: int = N_RUNS,
) -> tuple[StabilityRow, ...]:
    """Fit the space anew, each time with one thing changed, and compare.

    Parameters
    ----------
    texts : sequence of str
        The passages that the space was fitted to.
    embeddings : ndarray of float32, shape (n_texts, d)
    model : TopicModel
        Its number of topics is kept.
    others : mapping of str to ndarray, optional
        Vectors of the same texts by other encoders, by name.
    n_runs : int
        Fits for each change.

    Returns
    -------
    tuple of StabilityRow
        Shuffled (which must be 1), other seeds, bootstrap, and one row for each encoder.

    References
    ----------
    Hubert and Arabie (1985), Comparing partitions. Greene, O'Callaghan and Cunningham (2014),
    How many topics? Stability analysis for topic models.
    """
    rng = np.random.default_rng(model.seed)
    n = len(texts)
    rows = [
        _row("shuffled", texts, embeddings, model, [(rng.permutation(n), model.seed)]),
        _row(
            "other seeds",
            texts,
            embeddings,
            model,
            [(np.arange(n), model.seed + run) for run in range(1, n_runs + 1)],
        ),
        _row(
            "bootstrap",
            texts,
            embeddings,
            model,
            [(rng.integers(0, n, n), model.seed) for _ in range(n_runs)],
        ),
    ]
    for name, vectors in (others or {}).items():
        rows.append(
            _row(f"encoder {name}", texts, embeddings, model, [(np.arange(n), model.seed)], vectors)
        )
    return tuple(rows)


def _row(
    change: str,
    texts: Sequence[str],
    embeddings: NDArray[np.float32],
    model: TopicModel,
    runs: list[tuple[NDArray[np.int64], int]],
    other: NDArray[np.float32] | None = None,
) -> StabilityRow:
    from sklearn.metrics import adjusted_rand_score

    vectors = embeddings if other is None else other
    own = model.assign(embeddings).probabilities.argmax(axis=1)
    scores, words = [], []
    for chosen, seed in runs:
        fitted = fit_topics(
            [texts[row] for row in chosen], vectors[chosen], n_topics=model.n_topics, seed=seed
        )
        found = fitted.assign(vectors).probabilities.argmax(axis=1)
        scores.append(float(adjusted_rand_score(own, found)))
        words.append(_word_overlap(model, fitted, own, found))
    return StabilityRow(
        change,
        len(runs),
        round(float(np.mean(scores)), 4),
        round(min(scores), 4),
        round(max(scores), 4),
        round(float(np.mean(words)), 4),
    )


def _word_overlap(
    one: TopicModel, other: TopicModel, topics: NDArray[np.int64], found: NDArray[np.int64]
) -> float:
    """Return the mean Jaccard similarity of the words of matched topics."""
    from scipy.optimize import linear_sum_assignment

    shared = np.zeros((one.n_topics, other.n_topics))
    np.add.at(shared, (topics, found), 1)
    rows, columns = linear_sum_assignment(-shared)
    overlaps = []
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        a = {word.word for word in one.words if word.topic == row}
        b = {word.word for word in other.words if word.topic == column}
        overlaps.append(len(a & b) / max(1, len(a | b)))
    return float(np.mean(overlaps))
