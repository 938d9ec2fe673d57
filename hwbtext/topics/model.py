"""A topic model put together from BERTopic's own parts, all of them seeded.

PCA and k-means take the place of UMAP and HDBSCAN: no passage is left out, and the texts
are sorted by a hash of their content before the fit, so that neither the order of the files
nor a second run changes a topic.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hwbtext.errors import InputError
from hwbtext.records import TopicWord
from hwbtext.text import normalize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MIN_PASSAGES = 100
"""Fewer distinct passages give no topics: there would be ten or so to each."""

_MIN_TOPICS, _MAX_TOPICS = 5, 60
_N_COMPONENTS = 50
_N_WORDS = 10
# Words of every board's minutes, of any topic, and forms of address.
_BOILERPLATE = (
    "board boards committee cabinet council councillor councillors cllr member members chair "
    "chairman meeting meetings minutes agenda item items report reports reported update noted "
    "note agreed agree resolved resolution recommended recommendation discussed said asked "
    "mrs miss dr page appendix paper papers presented presentation thanked"
).split()


@dataclass(frozen=True, slots=True)
class TopicFit:
    """Topics of a set of texts.

    Attributes
    ----------
    topics : ndarray of int, shape (n_texts,)
        Topic of each text, in the order given; 0 has the most distinct texts.
    labels : dict of int to str
        The first words of each topic.
    words : tuple of TopicWord
        Ten a topic, heaviest first.
    model : bertopic.BERTopic
        For the user who wants its own plots and methods.
    """

    topics: NDArray[np.int64]
    labels: dict[int, str]
    words: tuple[TopicWord, ...]
    model: Any


def n_topics_for(n_distinct: int) -> int:
    """Return the number of topics: half the square root of the distinct texts, 5 to 60.

    Examples
    --------
    >>> n_topics_for(100), n_topics_for(2_500), n_topics_for(1_000_000)
    (5, 25, 60)
    """
    return max(_MIN_TOPICS, min(_MAX_TOPICS, round(math.sqrt(n_distinct) / 2)))


def fit_topics(texts: Sequence[str], embeddings: NDArray[np.float32], *, seed: int = 0) -> TopicFit:
    """Fit topics to texts.

    Parameters
    ----------
    texts : sequence of str
        Passages; at least :data:`MIN_PASSAGES` of them distinct.
    embeddings : ndarray of float32, shape (n_texts, d)
        One unit vector a text.
    seed : int
        Seed of PCA and k-means.

    Returns
    -------
    TopicFit
        The same for the same texts in any order.

    Raises
    ------
    InputError
        Too few distinct texts, or not one vector a text.

    References
    ----------
    Grootendorst (2022), BERTopic: neural topic modeling with a class-based TF-IDF procedure.
    """
    if len(texts) != len(embeddings):
        msg = f"There must be one vector a text. Got {len(texts)} texts, {len(embeddings)} vectors."
        raise InputError(msg)
    plain = [normalize(text) for text in texts]
    first: dict[str, int] = {}
    for index, text in enumerate(plain):
        first.setdefault(text, index)
    if len(first) < MIN_PASSAGES:
        msg = f"Topics need {MIN_PASSAGES} distinct passages or more. Got {len(first)}."
        raise InputError(msg)
    # Repeated passages (formulae, packs that hold the minutes) would pull topics to them.
    order = sorted(first, key=lambda text: hashlib.sha256(text.encode()).digest())
    vectors = embeddings[[first[text] for text in order]]
    model = _bertopic(n_topics_for(len(order)), min(_N_COMPONENTS, *vectors.shape), seed)

    from threadpoolctl import threadpool_limits

    # Threads add up in another order each run, which is enough to move a passage.
    with threadpool_limits(limits=1):
        try:
            found, _ = model.fit_transform(order, embeddings=vectors)
        except ValueError as error:
            # All words are stop words, or none has three letters: figures, another script.
            if "empty vocabulary" not in str(error):
                raise
            msg = "Topics need words of English; these passages have none to tell them apart by."
            raise InputError(msg) from error
    topic_of = dict(zip(order, found, strict=True))
    sizes: dict[int, int] = {}
    for text in plain:
        sizes[topic_of[text]] = sizes.get(topic_of[text], 0) + 1
    words = tuple(
        TopicWord(topic, rank, word, round(float(weight), 6), sizes[topic])
        for topic in sorted(sizes)
        for rank, (word, weight) in enumerate(model.get_topic(topic)[:_N_WORDS], start=1)
        if word
    )
    labels = {
        topic: ", ".join(word.word for word in words if word.topic == topic and word.rank <= 4)
        for topic in sizes
    }
    topics = np.array([topic_of[text] for text in plain], dtype=np.int64)
    return TopicFit(topics, labels, words, model)


def _bertopic(n_topics: int, n_components: int, seed: int) -> Any:
    """Return an unfitted BERTopic of seeded parts."""
    from bertopic import BERTopic
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

    return BERTopic(
        embedding_model=None,
        umap_model=PCA(n_components=n_components, svd_solver="full", random_state=seed),
        hdbscan_model=KMeans(n_clusters=n_topics, n_init=5, random_state=seed),
        vectorizer_model=CountVectorizer(
            stop_words=sorted(ENGLISH_STOP_WORDS.union(_BOILERPLATE)),
            token_pattern=r"(?u)\b[^\W\d_]{3,}\b",  # noqa: S106 - a pattern of words
        ),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        calculate_probabilities=False,
        verbose=False,
    )
