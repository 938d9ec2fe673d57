"""What the evaluations of outcomes and of mentions share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwbtext.errors import InputError
from hwbtext.evaluate.baselines import KeywordDetector, KeywordOutcomeClassifier
from hwbtext.evaluate.evaluation import Evaluation
from hwbtext.evaluate.leaks import exposure_of_training
from hwbtext.evaluate.notes import make_notes
from hwbtext.evaluate.training_record import TrainedOn
from hwbtext.mentions import PatternDetector
from hwbtext.outcomes import LexiconOutcomeClassifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hwbtext.evaluate.evaluation import Judged, Task
    from hwbtext.evaluate.leaks import Exposure
    from hwbtext.evaluate.parts import Part
    from hwbtext.gold import GoldSample, GoldUnit

_RULES = (LexiconOutcomeClassifier, KeywordOutcomeClassifier, PatternDetector, KeywordDetector)
"""These learn from no passage, so they can have seen none."""


def exposure_of_fitted(
    units: Sequence[GoldUnit],
    classifiers: Sequence[object],
    trained_on: TrainedOn | None,
    training: GoldSample | None,
) -> Exposure:
    """Return what a classifier that was fitted before, or detectors, can have seen."""
    if trained_on is None and all(isinstance(one, _RULES) for one in classifiers):
        trained_on = TrainedOn()
    return exposure_of_training(units, trained_on, None if training is None else training.units)


def check_coded(n: int, gold: GoldSample, what: str) -> None:
    """Raise where no passage has what is to be scored."""
    if n == 0:
        msg = (
            f"No passage of {gold.name!r} has an agreed {what}, or one by a single coder. Got "
            f"{len(gold)} passages: agree on codings first, or score another task."
        )
        raise InputError(msg)


def in_order(found: Iterable[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of hwbtext's own codebook where they are all, else those of the gold.

    Examples
    --------
    >>> in_order(["none"], ("process", "none")), in_order(["b", "a"], ("process", "none"))
    (('process', 'none'), ('a', 'b'))
    """
    codes = set(found)
    return tuple(known) if codes <= set(known) else tuple(sorted(codes))


def strata_of(units: Sequence[GoldUnit]) -> tuple[str, ...]:
    """Return the strata, sorted."""
    return tuple(sorted({unit.stratum for unit in units}))


def shared_pairs(units: Sequence[GoldUnit]) -> list[tuple[str, str]]:
    """Return the pairs of coders who coded at least one passage both, by name."""
    names = sorted({name for unit in units for name, _ in unit.coders})
    who = [{name for name, _ in unit.coders} for unit in units]
    return [
        (a, b) for i, a in enumerate(names) for b in names[i + 1 :] if any({a, b} <= w for w in who)
    ]


def finish(
    task: Task,
    model: str,
    gold: GoldSample,
    split: str | None,
    labels: tuple[str, ...],
    parts: list[Part],
    exposure: Exposure,
    judged: list[Judged],
    seed: int,
) -> Evaluation:
    """Return the evaluation with its notes."""
    known = [seen for seen in exposure.seen if seen is not None]
    n_uncoded = len(gold) - len(judged)
    chances = {one.unit.prob for one in judged if one.part == parts[0].key}
    notes = make_notes(gold.annotators, split, parts, exposure, n_uncoded, unequal=len(chances) > 1)
    return Evaluation(
        task=task,
        model=model,
        gold=gold.name,
        annotators=gold.annotators,
        split=split,
        labels=labels,
        parts=tuple(parts),
        leaks=exposure.leaks,
        notes=notes,
        n_seen_in_training=sum(known) if known else None,
        n_uncoded=n_uncoded,
        judged=tuple(judged),
        seed=seed,
    )
