"""A topic space: fitted once, then frozen.

A later paper is given its topics by the space as it is, and a passage's topic depends on its
own vector alone: adding the papers of a new year changes no number of the old ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from hwbtext.errors import InputError
from hwbtext.topics.refits import squared_distances

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hwbtext.records import TopicWord

NO_TOPIC = -1
"""The number of "none of these"."""

NOVELTY_LEVEL = 0.01
"""Of passages like those that the space was fitted to, this share is none of its topics."""

_BLOCK = 512  # rows of every product: a row's sum must not depend on how many others there are


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """Topics of passages.

    Attributes
    ----------
    topics : ndarray of int64, shape (n,)
        The most probable topic; :data:`NO_TOPIC` where ``novelty`` is under 0.01.
    probabilities : ndarray of float64, shape (n, n_topics)
        How likely a model fitted to other passages of the same boards would give the passage
        each topic; rows sum to 1. Calibrated by such refits.
    novelty : ndarray of float64, shape (n,)
        Share of passages, of those that a refit had not seen, that lie as far or farther from
        every topic: a conformal p-value. Small is far.
    """

    topics: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    novelty: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class TopicModel:
    """Topics in a space of sentence vectors.

    Attributes
    ----------
    encoder_id : str
        Weights and revision of the encoder; vectors of another one mean nothing here.
    mean, components : ndarray of float64, shapes (d,) and (p, d)
        Centre and axes of the projection (PCA).
    centroids : ndarray of float64, shape (n_topics, p)
        Topic 0 has the most passages.
    temperature : float
    distances : ndarray of float64
        Sorted distances of unseen passages, for :attr:`Assignment.novelty`.
    words : tuple of TopicWord
        Ten a topic, heaviest first.
    stability : tuple of float
        Of each topic: mean Jaccard similarity with its match in refits on half the passages;
        under 0.5 the topic is one of the sample, not of the boards.
    agreement : float
        Mean adjusted Rand index between the space and those refits.
    anchors : tuple of str or None
        The anchor that each topic grew from, in a guided space.
    n_passages, seed : int
        What it was fitted to and with.
    template : ndarray of uint64
        Keys of the sentences that stand in meeting after meeting
        (:func:`hwbtext.topics.meetings.learn_template`); drift leaves them out.
    bertopic : bertopic.BERTopic or None
        The model for BERTopic's own methods and plots.
    """

    encoder_id: str
    mean: NDArray[np.float64]
    components: NDArray[np.float64]
    centroids: NDArray[np.float64]
    temperature: float
    distances: NDArray[np.float64]
    words: tuple[TopicWord, ...]
    stability: tuple[float, ...]
    agreement: float
    anchors: tuple[str | None, ...]
    n_passages: int
    seed: int
    template: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    bertopic: Any = field(default=None, repr=False)

    @property
    def n_topics(self) -> int:
        """Number of topics, "none of these" not counted."""
        return len(self.centroids)

    @property
    def labels(self) -> Mapping[int, str]:
        """The first four words of each topic, after the name of its anchor."""
        labels = {NO_TOPIC: "none of these"}
        for topic in range(self.n_topics):
            words = [w.word for w in self.words if w.topic == topic and w.rank <= 4]
            anchor = self.anchors[topic]
            labels[topic] = f"{anchor}: {', '.join(words)}" if anchor else ", ".join(words)
        return labels

    def assign(self, embeddings: NDArray[np.floating[Any]]) -> Assignment:
        """Give passages their topics; nothing in the space changes.

        Parameters
        ----------
        embeddings : ndarray, shape (n, d)
            Unit vectors of the encoder that the space was fitted with.

        Returns
        -------
        Assignment
            For no passages, arrays of length 0. A row is the same to the last bit whatever
            the other rows.

        Raises
        ------
        InputError
            The vectors have another dimension.
        """
        vectors = np.asarray(embeddings)
        if vectors.ndim != 2 or vectors.shape[1] != len(self.mean):
            msg = (
                f"The topic space is one of {len(self.mean)} dimensions "
                f"(encoder {self.encoder_id}). Got vectors of shape {vectors.shape}."
            )
            raise InputError(msg)
        from threadpoolctl import threadpool_limits

        squared = np.zeros((len(vectors), self.n_topics))
        rest = np.zeros(len(vectors))
        with threadpool_limits(limits=1):
            for at in range(0, len(vectors), _BLOCK):
                block = np.zeros((_BLOCK, len(self.mean)))
                some = vectors[at : at + _BLOCK]
                block[: len(some)] = some
                points, left = self.project(block)
                squared[at : at + _BLOCK] = squared_distances(points, self.centroids)[: len(some)]
                rest[at : at + _BLOCK] = left[: len(some)]
        # Rounded: where a processor adds in another order, the last bits differ, no more.
        squared = squared.round(9)
        scores = -(squared - squared.min(axis=1, initial=np.inf, keepdims=True)) / self.temperature
        weights = np.exp(scores)
        probabilities = (weights / weights.sum(axis=1, keepdims=True)).round(6)
        nearest = (squared.min(axis=1, initial=np.inf) + rest).round(9)
        farther = len(self.distances) - np.searchsorted(self.distances, nearest, side="left")
        novelty = ((farther + 1) / (len(self.distances) + 1)).round(6)
        topics = squared.argmin(axis=1).astype(np.int64)
        topics[novelty < NOVELTY_LEVEL] = NO_TOPIC
        return Assignment(topics, probabilities, novelty)

    def project(
        self, vectors: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return points in the space, shape (n, p), and the squared length of what is left."""
        centred = vectors - self.mean
        points = centred @ self.components.T
        return points, np.maximum((centred**2).sum(axis=1) - (points**2).sum(axis=1), 0.0)
