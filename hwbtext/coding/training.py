"""Picks for training, by what a classifier is least sure of; never part of an estimate.

What a model finds hard is no sample of anything: a rate or a score from it is biased. So the
picks have no probability, stand in a pool of their own, and cannot be put into the other.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from hwbtext.coding.frame import LeftOut, build_frame, same_text
from hwbtext.coding.plan import Cell, Plan, to_unit
from hwbtext.errors import GoldError, InputError
from hwbtext.gold import GoldSample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.coding.frame import Candidate, Passages

UNCERTAIN = "uncertain"
"""Stratum of what :func:`pick_training` picks; like a cue, it never gives a rate."""


class _HasProbabilities(Protocol):
    def predict_proba(self, X: Any, /) -> Any: ...  # noqa: N803 - scikit-learn's name


def pick_training(
    classifier: _HasProbabilities,
    passages: Passages,
    n: int,
    *,
    estimation: Sequence[Plan | GoldSample],
    seed: int = 0,
    most_per_document: int = 5,
    name: str = "training",
) -> Plan:
    """Pick the passages that a classifier is least sure of, to code them for training.

    Least sure is where the two most probable classes are nearest to each other. Passages of
    the estimation pool, and others with the same text, are refused.

    Parameters
    ----------
    classifier : object with ``predict_proba``
        Called once with the list of texts; gives an array of shape (n_texts, n_classes).
    passages : pandas.DataFrame, or sequence of mappings or of Passage
        As for :func:`plan_sample`.
    n : int
        Passages to pick, at least 1; fewer are picked where the caps leave fewer.
    estimation : sequence of Plan or GoldSample
        Every sample that estimates or scores will be made from; ``()`` says there is none.
    seed : int
        Settles ties.
    most_per_document : int
        Most passages of one document: what is near in a paper is often hard alike.

    Returns
    -------
    Plan
        Of the training pool; ``prob`` of its units is None. The least sure stands first.

    Raises
    ------
    InputError
        An argument outside its range, or probabilities of another shape.

    References
    ----------
    Lewis and Gale (1994), A sequential algorithm for training text classifiers. Scheffer,
    Decomain and Wrobel (2001), Active hidden Markov models for information extraction.
    """
    if n < 1 or most_per_document < 1:
        msg = f"n and most_per_document must be at least 1. Got {n!r} and {most_per_document!r}."
        raise InputError(msg)
    ids, texts = _taken(estimation)
    frame, left_out = build_frame(passages, ())
    free = [c for c in frame if c.passage_id not in ids and same_text(c.text) not in texts]
    if len(free) < len(frame):
        refused = LeftOut("in the estimation pool, or of the same text", len(frame) - len(free))
        left_out = (*left_out, refused)
    margins = _margins(classifier, free) if free else []

    def by_doubt(index: int) -> tuple[float, str]:
        key = f"{seed}:{free[index].passage_id}"
        return margins[index], hashlib.sha256(key.encode()).hexdigest()

    of_document: dict[str, int] = defaultdict(int)
    picked: list[Candidate] = []
    for index in sorted(range(len(free)), key=by_doubt):
        candidate = free[index]
        if len(picked) == n:
            break
        if of_document[candidate.doc_id] < most_per_document:
            of_document[candidate.doc_id] += 1
            picked.append(candidate)
    documents = {candidate.doc_id for candidate in free}
    return Plan(
        name=name,
        pool="training",
        by=(),
        seed=seed,
        design=(
            "The passages with the least difference between the two most probable classes, "
            f"at most {most_per_document} of one document. For training only: it gives no rate."
        ),
        n_frame=len(free),
        cells=(Cell(UNCERTAIN, len(free), len(documents), len(picked)),),
        left_out=left_out,
        units=tuple(to_unit(candidate, UNCERTAIN, UNCERTAIN, None) for candidate in picked),
    )


def join_samples(*samples: GoldSample, name: str = "gold") -> GoldSample:
    """Put gold samples together, and refuse to mix what must stay apart.

    Training units may stand beside one estimation sample in a file: their ``pool`` keeps them
    apart. Two estimation samples may not be joined, because a passage could have been drawn
    in either, so that neither's probabilities hold for both.

    Parameters
    ----------
    *samples : GoldSample
    name : str

    Returns
    -------
    GoldSample
        ``annotators`` is that of the samples where they say the same, "unknown" where one
        does not say, and else "mixed".

    Raises
    ------
    GoldError
        A passage or text in both pools, an id twice, two estimation samples, an estimation
        unit without probability, or a training unit with one. It lists all of them.

    Examples
    --------
    >>> from hwbtext.gold import GoldUnit
    >>> unit = GoldUnit("p1", "The report was noted.", "Carrow", "Carrow", 2019, None,
    ...                 "systematic", (), None, prob=0.1, pool="estimation")
    >>> sample = GoldSample("one", (unit,))
    >>> join_samples(sample, sample)
    Traceback (most recent call last):
    hwbtext.errors.GoldError: The samples cannot be joined: ...
    """
    problems: list[str] = []
    seen: set[str] = set()
    pools: dict[str, set[str]] = {"estimation": set(), "training": set()}
    estimating: list[str] = []
    for sample in samples:
        if any(unit.pool == "estimation" for unit in sample.units):
            estimating.append(sample.name)
        for unit in sample.units:
            where = f"{sample.name}, unit {unit.id!r}"
            if unit.id in seen:
                problems.append(f"{where}: the id stands twice. Give each passage its own.")
            seen.add(unit.id)
            if unit.pool == "estimation" and unit.prob is None:
                problems.append(f"{where}: no prob. Only drawn passages belong to estimation.")
            if unit.pool == "training" and unit.prob is not None:
                problems.append(f"{where}: prob {unit.prob} in the training pool. Leave it out.")
            if unit.pool is not None:
                pools[unit.pool].add(same_text(unit.text))
    if len(estimating) > 1:
        problems.append(
            f"{' and '.join(estimating)} both have estimation units, drawn apart. Estimate from "
            "each alone, or draw one larger sample."
        )
    for sample in samples:
        problems += [
            f"{sample.name}, unit {unit.id!r}: its text is in the estimation pool too. Drop it."
            for unit in sample.units
            if unit.pool == "training" and same_text(unit.text) in pools["estimation"]
        ]
    if problems:
        msg = "The samples cannot be joined: " + " ".join(problems[:10])
        raise GoldError(msg, tuple(problems))
    said = {sample.annotators for sample in samples}
    annotators = said.pop() if len(said) == 1 else "unknown" if "unknown" in said else "mixed"
    units = tuple(unit for sample in samples for unit in sample.units)
    return GoldSample(name, units, annotators)


def _taken(estimation: Sequence[Plan | GoldSample]) -> tuple[set[str], set[str]]:
    """Return the ids and texts of the estimation pool; gold without a pool counts as of it."""
    if isinstance(estimation, Plan | GoldSample):
        msg = "estimation must be a sequence: (plan,), or () where there is none."
        raise InputError(msg)
    ids: set[str] = set()
    texts: set[str] = set()
    for sample in estimation:
        units: list[tuple[str, str | None]]
        if isinstance(sample, Plan):
            units = [(u.text, u.passage_id) for u in sample.units if sample.pool != "training"]
        else:
            units = [(u.text, u.passage_id) for u in sample.units if u.pool != "training"]
        texts |= {same_text(text) for text, _ in units}
        ids |= {passage_id for _, passage_id in units if passage_id is not None}
    return ids, texts


def _margins(classifier: _HasProbabilities, free: Sequence[Candidate]) -> list[float]:
    raw = classifier.predict_proba([candidate.text for candidate in free])
    scores = np.asarray(raw, dtype=float)
    if scores.ndim != 2 or scores.shape[0] != len(free) or scores.shape[1] < 2:
        msg = (
            f"predict_proba must give an array of shape ({len(free)}, n_classes) with at least "
            f"two classes. Got {scores.shape}."
        )
        raise InputError(msg)
    if not np.isfinite(scores).all() or not np.allclose(scores.sum(axis=1), 1.0, atol=1e-3):
        msg = "Each row of predict_proba must hold numbers that sum to 1."
        raise InputError(msg)
    top = np.sort(scores, axis=1)[:, -2:]
    return [float(margin) for margin in top[:, 1] - top[:, 0]]
