"""The one way in: check the arguments, then load what scores.

Light on purpose: ``hwbtext.evaluate`` is this function, and ``import hwbtext`` loads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwbtext.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hwbtext.evaluate.evaluation import Evaluation
    from hwbtext.evaluate.folds import Split
    from hwbtext.evaluate.training_record import TrainedOn
    from hwbtext.gold import GoldSample


def evaluate(
    classifier: object,
    gold: GoldSample | str | Path,
    task: str = "outcome",
    *,
    split: Split = "leave-one-place-out",
    labels: Sequence[str] | None = None,
    trained_on: TrainedOn | None = None,
    training: GoldSample | None = None,
    name: str | None = None,
    n_folds: int = 10,
    seed: int = 0,
) -> Evaluation:
    """Score a classifier, or detectors of mentions, against a gold sample, honestly.

    A classifier that can predict already (the lexicon, detectors, a model that you fitted) is
    scored as it is. One that is not fitted is cloned and fitted in folds that group passages
    by place, so that no place is judged by what was learned from it.

    Parameters
    ----------
    classifier : object
        For outcomes: ``predict(texts)`` in scikit-learn's manner; None in place of a label
        abstains. For mentions: a detector with ``detect(passage)``, or a list of them.
    gold : GoldSample, or str or Path for ``hwbtext.gold.load_gold``
        Scored are the passages with an agreed coding, or with one coder's only.
    task : {"outcome", "mentions"}
    split : {"leave-one-place-out", "random"}, own folds, or None
        Used for a classifier that is not fitted. "random" lets passages of one place stand on
        both sides, and is labelled so everywhere. Own folds: pairs of positions (to learn
        from, to judge) among the coded passages in the order of the gold.
    labels : sequence of str, optional
        The outcomes; by default process, tangible, none where the gold has no other, else
        those of the gold. For mentions the categories, likewise.
    trained_on : TrainedOn, optional
        What a fitted classifier was trained on, as its ``trained_on.json`` says.
    training : GoldSample, optional
        The passages it was trained on: with them near-duplicates are found too.
    name : str, optional
        Of the classifier, for the tables; its class by default.
    n_folds : int
        For ``split="random"``.
    seed : int
        Of the resamples and the random split.

    Returns
    -------
    Evaluation
        Restated and verbatim passages, those that a cue drew, and those whose text the model
        was trained on are parts of their own, never pooled. The headline is the first part:
        unseen passages, of a probability sample, verbatim, as far as there are any.

    Raises
    ------
    InputError
        An argument does not fit, or no passage is coded.
    GoldError
        ``gold`` is a file that cannot be used.

    Examples
    --------
    >>> from hwbtext.outcomes import LexiconOutcomeClassifier
    >>> result = evaluate(LexiconOutcomeClassifier(), "example")
    >>> result.in_sample, result.n_seen_in_training
    (False, 0)
    """
    if task not in ("outcome", "mentions"):
        msg = f"task must be 'outcome' or 'mentions'. Got {task!r}."
        raise InputError(msg)
    from hwbtext.evaluate.run_mentions import run_mentions
    from hwbtext.evaluate.run_outcomes import run_outcomes
    from hwbtext.gold import GoldSample, load_gold

    sample = gold if isinstance(gold, GoldSample) else load_gold(gold)
    if task == "mentions":
        return run_mentions(
            classifier,
            sample,
            categories=labels,
            trained_on=trained_on,
            training=training,
            name=name,
            seed=seed,
        )
    return run_outcomes(
        classifier,
        sample,
        split=split,
        labels=labels,
        trained_on=trained_on,
        training=training,
        name=name,
        n_folds=n_folds,
        seed=seed,
    )
