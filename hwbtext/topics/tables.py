"""A topic space and passages in, the tables of topics out."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hwbtext.topics.changepoints import find_changepoints
from hwbtext.topics.drift import topic_drift
from hwbtext.topics.meetings import is_template
from hwbtext.topics.shares import topic_shares

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from hwbtext.topics.model import TopicModel

TABLES = ("topics", "topic_words", "topic_shares", "drift", "changepoints")
_KEPT = ("doc_id", "site_id", "meeting_date", "year", "doc_kind", "passage_id")


def topic_tables(
    passages: Sequence[Mapping[str, Any]],
    embeddings: NDArray[np.float32],
    model: TopicModel,
    *,
    scanned: frozenset[str] = frozenset(),
    seed: int = 0,
    progress: Callable[[int, int], object] | None = None,
) -> dict[str, list[dict[str, Any]]]:
    """Give passages their topics, and say how the topics move.

    Parameters
    ----------
    passages : sequence of mapping
        Rows of the table ``passages``.
    embeddings : ndarray of float32, shape (n_passages, d)
    model : TopicModel
    scanned : frozenset of str
        Documents (``doc_id``) whose text was read by OCR; their meetings change places only
        with each other.
    seed : int
        Of the permutation tests.
    progress : callable, optional
        As for :func:`hwbtext.topics.drift.topic_drift`, which takes the time.

    Returns
    -------
    dict of str to list of dict
        Rows of each of :data:`TABLES`.
    """
    given = model.assign(embeddings)
    labels = model.labels
    template = is_template([str(row["text"]) for row in passages], model.template)
    rows = []
    told = zip(passages, given.topics.tolist(), given.novelty.tolist(), strict=True)
    for index, (passage, topic, novelty) in enumerate(told):
        rows.append(
            {
                **{name: passage[name] for name in (*_KEPT, "page", "start", "end")},
                "topic": topic,
                "topic_label": labels[topic],
                "probability": float(given.probabilities[index].max()),
                "novelty": novelty,
                "template": bool(template[index]),
            }
        )
    compared = [{**row, "ocr": row["doc_id"] in scanned} for row in rows]
    drift = topic_drift(
        compared,
        embeddings=embeddings,
        template=template,
        n_topics=model.n_topics,
        seed=seed,
        progress=progress,
    )
    return {
        "topics": rows,
        "topic_words": [asdict(word) for word in model.words],
        "topic_shares": [asdict(share) for share in topic_shares(rows, model.n_topics)],
        "drift": [asdict(distance) for distance in drift],
        "changepoints": [
            asdict(change) for change in find_changepoints(compared, model.n_topics, seed=seed)
        ],
    }
