"""Fit a topic space from BERTopic's own parts, all of them seeded.

PCA and k-means take the place of UMAP and HDBSCAN: no passage is left over, and the texts are
sorted by a hash of their content before the fit, so that neither the order of the files nor a
second run changes a topic.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from hwbtext.errors import InputError
from hwbtext.records import TopicWord
from hwbtext.text import normalize
from hwbtext.topics.model import TopicModel
from hwbtext.topics.refits import choose_n_topics, cluster, refit, squared_distances
from hwbtext.topics.words import N_WORDS, TOKEN, stop_words, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

MIN_PASSAGES = 100
"""Fewer distinct passages give no topics: there would be ten or so to each."""

_N_COMPONENTS = 50
# An anchor's topic is made of the passages nearest to its phrases: one in a hundred at most, and
# only such as are near by their own measure (cosine; unrelated ones lie about 0.1). An anchor
# with fewer has no topic here.
_NEAREST, _NEAR, _FEWEST_NEAR = 0.01, 0.4, 5
_ROUNDS = 50


def fit_topics(
    texts: Sequence[str],
    embeddings: NDArray[np.float32],
    *,
    encoder_id: str = "unknown",
    n_topics: int | None = None,
    anchors: Mapping[str, NDArray[np.float32]] | None = None,
    names: Iterable[str] = (),
    seed: int = 0,
) -> TopicModel:
    """Fit a topic space to texts.

    Parameters
    ----------
    texts : sequence of str
        Passages; at least :data:`MIN_PASSAGES` of them distinct.
    embeddings : ndarray of float32, shape (n_texts, d)
        One unit vector a text.
    encoder_id : str
        ``model_id`` of the encoder that made them.
    n_topics : int, optional
        By default the largest number, of some candidates, at which the topics outlive the loss
        of half the passages (:func:`hwbtext.topics.refits.choose_n_topics`).
    anchors : mapping of str to ndarray, optional
        Vectors of topics that are looked for (see :func:`hwbtext.topics.anchors.read_anchors`).
        Each that has passages gets a topic, which stays where they are; the others go where
        the passages are. One that has none is left out: :attr:`TopicModel.anchors` lacks it.
    names : iterable of str
        Names of people, which are no words of topics; those after a form of address are found
        without it.
    seed : int

    Returns
    -------
    TopicModel
        The same for the same texts in any order.

    Raises
    ------
    InputError
        Too few distinct texts, not one vector a text, or no word to tell topics by.

    References
    ----------
    Grootendorst (2022), BERTopic: neural topic modeling with a class-based TF-IDF procedure.
    """
    if len(texts) != len(embeddings):
        msg = f"There must be one vector a text. Got {len(texts)} texts, {len(embeddings)} vectors."
        raise InputError(msg)
    first: dict[str, int] = {}
    for index in sorted(range(len(texts)), key=texts.__getitem__):
        first.setdefault(normalize(texts[index]), index)
    if len(first) < MIN_PASSAGES:
        msg = f"Topics need {MIN_PASSAGES} distinct passages or more. Got {len(first)}."
        raise InputError(msg)
    # Repeated passages (formulae, packs that hold the minutes) would pull topics to them.
    order = sorted(first, key=lambda text: hashlib.sha256(text.encode()).digest())
    vectors = np.asarray(embeddings, dtype=np.float64)[[first[text] for text in order]]

    from threadpoolctl import threadpool_limits

    # Threads add up in another order each run, which is enough to move a passage.
    with threadpool_limits(limits=1):
        return _fit(order, vectors, encoder_id, n_topics, anchors or {}, names, seed)


def _fit(
    texts: list[str],
    vectors: NDArray[np.float64],
    encoder_id: str,
    n_topics: int | None,
    anchors: Mapping[str, NDArray[np.float32]],
    names: Iterable[str],
    seed: int,
) -> TopicModel:
    from sklearn.decomposition import PCA

    n_components = min(_N_COMPONENTS, *vectors.shape)
    pca = PCA(n_components=n_components, svd_solver="covariance_eigh").fit(vectors)
    points = pca.transform(vectors)
    rest = np.maximum(((vectors - pca.mean_) ** 2).sum(axis=1) - (points**2).sum(axis=1), 0.0)
    chosen = n_topics or max(choose_n_topics(points, seed), len(anchors))
    if not 2 <= chosen <= len(texts) or chosen < len(anchors):
        msg = f"n_topics must be from {max(2, len(anchors))} to {len(texts)}. Got {chosen}."
        raise InputError(msg)
    pinned = _pinned(points, vectors, anchors)
    centroids = _centroids(points, list(pinned.values()), chosen, seed)
    topics = squared_distances(points, centroids).argmin(axis=1)
    by_size = np.argsort(-np.bincount(topics, minlength=chosen), kind="stable")
    centroids, topics = centroids[by_size], np.argsort(by_size)[topics]
    named = [*pinned, *[None] * (chosen - len(pinned))]
    told = refit(points, centroids, seed, residuals=rest)
    words = vocabulary(texts, stop_words(texts, topics, names))
    if not words:  # figures, another script, or all words are stop words
        msg = "Topics need words of English; these passages have none to tell them apart by."
        raise InputError(msg)
    model = _bertopic(texts, vectors, topics, pca, words)
    return TopicModel(
        encoder_id=encoder_id,
        mean=np.asarray(pca.mean_, dtype=np.float64),
        components=np.asarray(pca.components_, dtype=np.float64),
        centroids=centroids,
        temperature=told.temperature,
        distances=told.distances,
        words=_words(model, topics, told.stability),
        stability=tuple(round(float(value), 4) for value in told.stability),
        agreement=round(told.agreement, 4),
        anchors=tuple(named[place] for place in by_size),
        n_passages=len(texts),
        seed=seed,
        bertopic=model,
    )


def _pinned(
    points: NDArray[np.float64],
    vectors: NDArray[np.float64],
    anchors: Mapping[str, NDArray[np.float32]],
) -> dict[str, NDArray[np.float64]]:
    """Return the centroid of each anchor that has passages."""
    most = max(_FEWEST_NEAR, round(_NEAREST * len(points)))
    pinned = {}
    for name, anchor in anchors.items():
        nearness = vectors @ np.asarray(anchor, dtype=np.float64)
        nearest = np.argsort(-nearness, kind="stable")[:most]
        near = nearest[nearness[nearest] >= _NEAR]
        if len(near) >= _FEWEST_NEAR:
            pinned[name] = points[near].mean(axis=0)
    return pinned


def _centroids(
    points: NDArray[np.float64], pinned: list[NDArray[np.float64]], n_topics: int, seed: int
) -> NDArray[np.float64]:
    """Return k-means centroids, the pinned ones first: they stay where they are."""
    if not pinned:
        return cluster(points, n_topics, seed)
    from sklearn.cluster import kmeans_plusplus

    n_pinned = len(pinned)
    centroids = np.stack(pinned)
    if n_topics > n_pinned:
        free, _ = kmeans_plusplus(points, n_topics - n_pinned, random_state=seed)
        centroids = np.concatenate([centroids, free])
    for _ in range(_ROUNDS):
        topics = squared_distances(points, centroids).argmin(axis=1)
        moved = centroids.copy()
        for topic in range(n_pinned, n_topics):
            members = topics == topic
            if members.any():
                moved[topic] = points[members].mean(axis=0)
        if np.array_equal(moved, centroids):
            break
        centroids = moved
    return centroids


def _bertopic(
    texts: list[str],
    vectors: NDArray[np.float64],
    topics: NDArray[np.int64],
    pca: Any,
    words: list[str],
) -> Any:
    """Return a BERTopic of the given topics: its words, its methods, its plots."""
    from bertopic import BERTopic
    from bertopic.cluster import BaseCluster
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

    model = BERTopic(
        language="multilingual",  # "english" glues the words of "vice-chair" and "reports/items"
        embedding_model=None,
        umap_model=pca,
        hdbscan_model=BaseCluster(),  # the topics are given
        vectorizer_model=CountVectorizer(vocabulary=words, token_pattern=TOKEN),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        calculate_probabilities=False,
        verbose=False,
    )
    model.fit(texts, embeddings=vectors, y=topics.tolist())
    return model


def _words(
    model: Any, topics: NDArray[np.int64], stability: NDArray[np.float64]
) -> tuple[TopicWord, ...]:
    # BERTopic numbers topics by size, which two of one size leave open: told by their passages.
    number_of: dict[int, int] = {}
    for ours, theirs in zip(topics.tolist(), model.topics_, strict=True):
        number_of.setdefault(ours, theirs)
    sizes = np.bincount(topics)
    return tuple(
        TopicWord(
            topic,
            rank,
            word,
            round(float(weight), 6),
            int(sizes[topic]),
            round(float(stability[topic]), 4),
        )
        for topic in range(len(sizes))
        for rank, (word, weight) in enumerate(
            (model.get_topic(number_of[topic]) or [])[:N_WORDS], start=1
        )
        if word
    )
