"""The evaluation of outcomes: predict, look for leaks, score each part."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from sklearn.dummy import DummyClassifier

from hwbtext.errors import InputError
from hwbtext.evaluate.baselines import KeywordOutcomeClassifier
from hwbtext.evaluate.evaluation import Evaluation, Judged
from hwbtext.evaluate.leaks import exposure_of_folds
from hwbtext.evaluate.outcome_scores import OutcomeScores, score_outcomes
from hwbtext.evaluate.parts import CoderPair, Part, PartKey, drawn_by, split_parts
from hwbtext.evaluate.predicting import Predicted, predict_outcomes
from hwbtext.evaluate.run import (
    check_coded,
    exposure_of_fitted,
    finish,
    in_order,
    shared_pairs,
    strata_of,
)
from hwbtext.records import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.evaluate.folds import Split
    from hwbtext.evaluate.leaks import Exposure
    from hwbtext.evaluate.training_record import TrainedOn
    from hwbtext.gold import GoldSample, GoldUnit


def run_outcomes(
    classifier: object,
    gold: GoldSample,
    *,
    split: Split,
    labels: Sequence[str] | None,
    trained_on: TrainedOn | None,
    training: GoldSample | None,
    name: str | None,
    n_folds: int,
    seed: int,
) -> Evaluation:
    """Evaluate a classifier of outcomes; see :func:`hwbtext.evaluate.evaluate`."""
    units, truth = _coded(gold)
    check_coded(len(units), gold, "outcome")
    names = tuple(labels) if labels is not None else in_order(truth, OUTCOMES)
    texts, places = [unit.text for unit in units], [unit.place for unit in units]

    def predict(what: object, how: Split) -> Predicted:
        return predict_outcomes(what, texts, truth, places, how, n_folds=n_folds, seed=seed)

    def score(rows: Sequence[int], what: Predicted, *, calibrate: bool) -> OutcomeScores:
        at = list(rows)
        return score_outcomes(
            [truth[i] for i in at],
            [what.labels[i] for i in at],
            [places[i] for i in at],
            names,
            confidence=None if what.confidence is None else what.confidence[at],
            calibrate=calibrate,
            seed=seed,
        )

    said = predict(classifier, split)
    exposure = _exposure(units, said, classifier, trained_on, training)
    beside: dict[str, Predicted | None] = {"majority": None, "keyword": None}
    if len(set(places)) > 1:
        # Out of fold, as the classifier: the majority of the scored passages is not known.
        beside["majority"] = predict(
            DummyClassifier(strategy="most_frequent"), "leave-one-place-out"
        )
    if set(names) <= set(OUTCOMES):
        beside["keyword"] = predict(KeywordOutcomeClassifier(), None)
    parts: list[Part] = []
    judged: list[Judged] = []
    for key, rows in split_parts(units, exposure.seen).items():
        random = key.drawn == "probability"
        part = [units[i] for i in rows]
        parts.append(
            Part(
                key=key,
                strata=strata_of(part),
                scores=score(rows, said, calibrate=random),
                baselines={
                    each: None if what is None else score(rows, what, calibrate=random)
                    for each, what in beside.items()
                },
                coders=_coders([*part, *_unsettled(gold, key)], names, seed),
                shares=_shares([truth[i] for i in rows], names) if random else None,
            )
        )
        judged += [Judged(units[i], key, truth[i], said.labels[i], _score(said, i)) for i in rows]
    shown = name or type(classifier).__name__
    return finish("outcome", shown, gold, said.split, names, parts, exposure, judged, seed)


def _coded(gold: GoldSample) -> tuple[list[GoldUnit], list[str]]:
    units, truth = [], []
    for unit, outcome in zip(gold.units, gold.labels, strict=True):
        if outcome is not None:
            units.append(unit)
            truth.append(outcome)
    return units, truth


def _exposure(
    units: Sequence[GoldUnit],
    said: Predicted,
    classifier: object,
    trained_on: TrainedOn | None,
    training: GoldSample | None,
) -> Exposure:
    if said.folds is None:
        return exposure_of_fitted(units, [classifier], trained_on, training)
    if trained_on is not None or training is not None:
        msg = (
            f"trained_on= and training= say what a fitted classifier has seen. Got them with a "
            f"{type(classifier).__name__} that is not fitted, and learns in folds here."
        )
        raise InputError(msg)
    return exposure_of_folds(units, said.folds)


def _unsettled(gold: GoldSample, key: PartKey) -> list[GoldUnit]:
    """Return the passages of a part on which the coders differ and nothing is agreed yet.

    They cannot be scored, but coders who are compared only where they agree always agree.
    """
    return [
        unit
        for unit, outcome in zip(gold.units, gold.labels, strict=True)
        if outcome is None and (unit.restated, drawn_by(unit)) == (key.restated, key.drawn)
    ]


def _coders(units: Sequence[GoldUnit], labels: Sequence[str], seed: int) -> tuple[CoderPair, ...]:
    pairs = []
    for a, b in shared_pairs(units):
        both = []
        for unit in units:
            codings = dict(unit.coders)
            if a in codings and b in codings:
                both.append((codings[a].outcome, codings[b].outcome, unit.place))
        coded = [(x, y, place) for x, y, place in both if x is not None and y is not None]
        if coded:
            first, second, places = zip(*coded, strict=True)
            every = [*labels, *sorted({*first, *second} - set(labels))]
            pairs.append(CoderPair(a, b, score_outcomes(first, second, places, every, seed=seed)))
    return tuple(pairs)


def _shares(truth: Sequence[str], labels: Sequence[str]) -> dict[str, float]:
    counts = Counter(truth)
    return {label: counts[label] / len(truth) for label in labels}


def _score(said: Predicted, at: int) -> float | None:
    if said.confidence is None or np.isnan(said.confidence[at]):
        return None
    return float(said.confidence[at])
