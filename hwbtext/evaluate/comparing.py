"""Whether one classifier is better than another on the same passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.stats import binomtest

from hwbtext.errors import InputError
from hwbtext.evaluate.mention_scores import macro_f1_of as mention_macro_f1
from hwbtext.evaluate.mention_scores import span_tables
from hwbtext.evaluate.outcome_scores import count_tables
from hwbtext.evaluate.outcome_scores import macro_f1_of as outcome_macro_f1
from hwbtext.evaluate.resampling import N_RESAMPLES, paired_interval, swap_test

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hwbtext.evaluate.cells import Interval
    from hwbtext.evaluate.evaluation import Evaluation, Judged
    from hwbtext.evaluate.resampling import Statistic


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference of two classifiers on the same passages.

    Attributes
    ----------
    a, b : str
    part : str
        The passages that were compared.
    in_sample : bool or None
        Whether either classifier was trained on them.
    difference, difference_95 : float, interval, or None
        Macro-F1 of a less that of b, and its 95% interval over resampled places.
    p : float or None
        Two-sided, of a permutation test that swaps the two in whole places; None with fewer
        than three. With few places it cannot be small: 2 / 2**n_places at best.
    mcnemar_p : float or None
        Exact McNemar test (1947) on passages that only one of them has right: a side figure,
        since it takes passages of one place for independent. None for mentions.
    n_only_a, n_only_b : int or None
        Passages that only a, or only b, has right; None for mentions.
    """

    a: str
    b: str
    part: str
    in_sample: bool | None
    n: int
    n_places: int
    macro_f1_a: float | None
    macro_f1_b: float | None
    difference: float | None
    difference_95: Interval | None
    p: float | None
    mcnemar_p: float | None
    n_only_a: int | None
    n_only_b: int | None


def compare(
    a: Evaluation, b: Evaluation, *, n_resamples: int = N_RESAMPLES, seed: int = 0
) -> Comparison:
    """Compare two evaluations of the same task on the same gold, passage by passage.

    Compared are the passages of the headline of ``a`` that neither model was trained on; where
    there are none, all of its headline, and ``in_sample`` says so.

    Raises
    ------
    InputError
        Tasks or labels differ, or the two judged no passage in common.

    Examples
    --------
    >>> from hwbtext.evaluate import KeywordOutcomeClassifier, evaluate
    >>> from hwbtext.outcomes import LexiconOutcomeClassifier
    >>> lexicon = evaluate(LexiconOutcomeClassifier(), "example")
    >>> compare(lexicon, lexicon).difference
    0.0
    """
    if a.task != b.task or set(a.labels) != set(b.labels):
        msg = (
            f"Only evaluations of one task with the same labels can be compared. Got {a.task} "
            f"{list(a.labels)} and {b.task} {list(b.labels)}."
        )
        raise InputError(msg)
    pairs, in_sample = _common(a, b)
    places = [one.unit.place for one, _ in pairs]
    statistic: Statistic
    if a.task == "outcome":
        truth = [one.gold or "" for one, _ in pairs]
        sides = [
            count_tables(truth, [pair[side].predicted for pair in pairs], places, a.labels)
            for side in (0, 1)
        ]
        statistic = outcome_macro_f1
        only = [sum(_right(pair[s]) and not _right(pair[1 - s]) for pair in pairs) for s in (0, 1)]
    else:
        coded = [one.gold_marks for one, _ in pairs]
        sides = [
            span_tables(coded, [pair[side].found_marks for pair in pairs], places, a.labels)
            for side in (0, 1)
        ]
        statistic = mention_macro_f1
        only = []
    values = [_value(statistic, side) for side in sides]
    return Comparison(
        a=a.model,
        b=b.model,
        part=pairs[0][0].part.name,
        in_sample=in_sample,
        n=len(pairs),
        n_places=len(set(places)),
        macro_f1_a=values[0],
        macro_f1_b=values[1],
        difference=None if None in values else float(values[0] or 0) - float(values[1] or 0),
        difference_95=paired_interval(
            sides[0], sides[1], statistic, n_resamples=n_resamples, seed=seed
        ),
        p=swap_test(sides[0], sides[1], statistic, n_resamples=n_resamples, seed=seed),
        mcnemar_p=float(binomtest(only[0], sum(only)).pvalue) if only and sum(only) else None,
        n_only_a=only[0] if only else None,
        n_only_b=only[1] if only else None,
    )


def _common(a: Evaluation, b: Evaluation) -> tuple[list[tuple[Judged, Judged]], bool | None]:
    by_id = {one.unit.id: one for one in b.judged}
    head = a.headline.key
    alike = [
        (one, by_id[one.unit.id])
        for one in a.judged
        if (one.part.restated, one.part.drawn) == (head.restated, head.drawn)
        and one.unit.id in by_id
        and by_id[one.unit.id].unit.text == one.unit.text
        and (one.gold, one.gold_marks) == (by_id[one.unit.id].gold, by_id[one.unit.id].gold_marks)
    ]
    if not alike:
        msg = (
            f"{a.model!r} and {b.model!r} judged no passage in common: evaluate both on the same "
            f"gold. Got {a.gold!r} and {b.gold!r}."
        )
        raise InputError(msg)
    unseen = [pair for pair in alike if not (pair[0].part.seen or pair[1].part.seen)]
    if not unseen:
        return alike, True
    unknown = any(one.part.seen is None for pair in unseen for one in pair)
    return unseen, None if unknown else False


def _right(one: Judged) -> bool:
    return one.gold == one.predicted


def _value(statistic: Statistic, counts: NDArray[np.float64]) -> float | None:
    value = float(statistic(counts.sum(axis=0)[None])[0])
    return None if value != value else value
