"""The evaluation of mentions: detect, look for leaks, score each part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwbtext.evaluate.baselines import commonest_polarities, keyword_detectors
from hwbtext.evaluate.evaluation import Evaluation, Judged
from hwbtext.evaluate.mention_scores import MentionScores, score_mentions
from hwbtext.evaluate.parts import CoderPair, Part, split_parts
from hwbtext.evaluate.predicting import as_detectors, detect_all
from hwbtext.evaluate.run import (
    check_coded,
    exposure_of_fitted,
    finish,
    in_order,
    shared_pairs,
    strata_of,
)
from hwbtext.evaluate.spans import from_gold
from hwbtext.evaluate.training_record import TrainedOn
from hwbtext.records import CATEGORIES, POLARITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.evaluate.spans import Marked
    from hwbtext.gold import GoldSample, GoldUnit

    Marks = Sequence[Marked]


class MajorityMentions:
    """The majority baseline: most passages have no mention, so it finds none.

    It guesses the polarity of mentions that it is given; see
    :func:`hwbtext.evaluate.baselines.commonest_polarities`.
    """

    category = ""
    annotator = "majority@1"

    def detect(self, passage: object) -> tuple[()]:  # noqa: ARG002
        """Return no mention."""
        return ()


def run_mentions(
    classifier: object,
    gold: GoldSample,
    *,
    categories: Sequence[str] | None,
    trained_on: TrainedOn | None,
    training: GoldSample | None,
    name: str | None,
    seed: int,
) -> Evaluation:
    """Evaluate detectors of mentions; see :func:`hwbtext.evaluate.evaluate`."""
    detectors = as_detectors(classifier)
    coded = [(unit, coding) for unit in gold.units if (coding := unit.reference) is not None]
    check_coded(len(coded), gold, "coding")
    units = [unit for unit, _ in coded]
    truth = [from_gold(coding.mentions) for _, coding in coded]
    marked = [mark for marks in truth for mark in marks]
    names = (
        tuple(categories)
        if categories is not None
        else in_order([mark.category for mark in marked], CATEGORIES)
    )
    polarities = in_order([mark.polarity for mark in marked], POLARITIES)
    texts, places = [unit.text for unit in units], [unit.place for unit in units]
    found = detect_all(detectors, texts)
    is_majority = any(isinstance(detector, MajorityMentions) for detector in detectors)
    if is_majority and trained_on is None:
        trained_on = TrainedOn()  # what it knows of a place comes from the other places
    exposure = exposure_of_fitted(units, detectors, trained_on, training)
    guessed = commonest_polarities(truth, places) if len(set(places)) > 1 else None
    keywords = detect_all(keyword_detectors(), texts) if set(names) <= set(CATEGORIES) else None
    nothing: list[Marks] = [()] * len(units)

    def score(rows: Sequence[int], what: Sequence[Marks], *, guess: bool = False) -> MentionScores:
        return score_mentions(
            [truth[i] for i in rows],
            [what[i] for i in rows],
            [places[i] for i in rows],
            names,
            polarities,
            polarity_pairs=[guessed[i] for i in rows] if guess and guessed is not None else None,
            seed=seed,
        )

    parts: list[Part] = []
    judged: list[Judged] = []
    for key, rows in split_parts(units, exposure.seen).items():
        part = [units[i] for i in rows]
        parts.append(
            Part(
                key=key,
                strata=strata_of(part),
                scores=score(rows, found, guess=is_majority),
                baselines={
                    "majority": None if guessed is None else score(rows, nothing, guess=True),
                    "keyword": None if keywords is None else score(rows, keywords),
                },
                coders=_coders(part, names, polarities, seed),
                shares=(
                    _shares([truth[i] for i in rows], names) if key.drawn == "probability" else None
                ),
            )
        )
        judged += [Judged(units[i], key, gold_marks=truth[i], found_marks=found[i]) for i in rows]
    shown = name or ", ".join(str(getattr(d, "annotator", type(d).__name__)) for d in detectors)
    return finish("mentions", shown, gold, None, names, parts, exposure, judged, seed)


def _coders(
    units: Sequence[GoldUnit], categories: Sequence[str], polarities: Sequence[str], seed: int
) -> tuple[CoderPair, ...]:
    pairs = []
    for a, b in shared_pairs(units):
        both = [unit for unit in units if {a, b} <= {name for name, _ in unit.coders}]
        marks = [[from_gold(dict(unit.coders)[name].mentions) for unit in both] for name in (a, b)]
        places = [unit.place for unit in both]
        scores = score_mentions(marks[0], marks[1], places, categories, polarities, seed=seed)
        pairs.append(CoderPair(a, b, scores))
    return tuple(pairs)


def _shares(truth: Sequence[Marks], categories: Sequence[str]) -> dict[str, float]:
    return {
        category: sum(any(m.category == category for m in marks) for marks in truth) / len(truth)
        for category in categories
    }
