"""What a classifier or detectors say of each passage, out of fold where they have to learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from hwbtext.errors import InputError
from hwbtext.evaluate.folds import make_folds, split_name
from hwbtext.evaluate.spans import from_mentions
from hwbtext.mentions.frame import passage_of
from hwbtext.outcomes import LexiconOutcomeClassifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hwbtext.evaluate.folds import Fold, Split
    from hwbtext.evaluate.spans import Marked
    from hwbtext.mentions import Detector

_SUM_TO_ONE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Predicted:
    """One label a passage; ``folds`` is None for a classifier that was fitted before.

    ``confidence`` is the score of the predicted label, shape (n,), nan where it abstained;
    None for a classifier without ``predict_proba``.
    """

    labels: tuple[str | None, ...]
    confidence: NDArray[np.float64] | None
    folds: tuple[Fold, ...] | None
    split: str | None


def is_fitted(classifier: object) -> bool:
    """Return whether a classifier can predict as it is."""
    if not hasattr(classifier, "fit"):
        return True
    if isinstance(classifier, BaseEstimator):
        try:
            check_is_fitted(classifier)
        except NotFittedError:
            return False
        return True
    # scikit-learn's convention for what a fit leaves behind.
    return any(name.endswith("_") and not name.startswith("_") for name in vars(classifier))


def predict_outcomes(
    classifier: object,
    texts: Sequence[str],
    labels: Sequence[str],
    places: Sequence[str],
    split: Split,
    *,
    n_folds: int,
    seed: int,
) -> Predicted:
    """Predict each text: as it is if fitted, else cloned and fitted in folds.

    Raises
    ------
    InputError
        It has no ``predict``, cannot be cloned, or gives something other than one label a text
        and rows of probabilities that sum to 1.
    """
    if not hasattr(classifier, "predict"):
        msg = (
            f"A classifier of outcomes has predict(texts). Got {type(classifier).__name__}; "
            "detectors of mentions are scored with task='mentions'."
        )
        raise InputError(msg)
    if is_fitted(classifier):
        if isinstance(classifier, LexiconOutcomeClassifier):
            classifier = clone(classifier).fit([])  # sets classes_; nothing is learned
        said, confidence = _say(classifier, list(texts))
        return Predicted(tuple(said), confidence, None, None)
    folds = make_folds(places, split, n_folds=n_folds, seed=seed)
    every_label: list[str | None] = [None] * len(texts)
    every_score: NDArray[np.float64] | None = np.full(len(texts), np.nan)
    for fold in folds:
        train = sorted(fold.train)
        fresh: Any = _copy(classifier)
        fresh.fit([texts[i] for i in train], [labels[i] for i in train])
        said, confidence = _say(fresh, [texts[i] for i in fold.test])
        for at, label in zip(fold.test, said, strict=True):
            every_label[at] = label
        if confidence is None or every_score is None:
            every_score = None
        else:
            every_score[list(fold.test)] = confidence
    return Predicted(tuple(every_label), every_score, folds, split_name(split))


def detect_all(detectors: Sequence[Detector], texts: Sequence[str]) -> list[tuple[Marked, ...]]:
    """Return what the detectors find in each text, each text read alone."""
    found = []
    for text in texts:
        passage = passage_of(text)
        mentions = [m for detector in detectors for m in detector.detect(passage)]
        found.append(from_mentions(sorted(mentions, key=lambda m: m.prov.span)))
    return found


def as_detectors(classifier: object) -> tuple[Detector, ...]:
    """Return one detector, or a sequence of them, as a tuple.

    Raises
    ------
    InputError
        Something in it has no ``detect(passage)``.
    """
    several = classifier if isinstance(classifier, list | tuple) else [classifier]
    for one in several:
        if not hasattr(one, "detect"):
            msg = (
                "task='mentions' scores a detector, or a list of them: objects with "
                f"detect(passage). Got {type(one).__name__}."
            )
            raise InputError(msg)
    return tuple(several)


def _copy(classifier: object) -> object:
    try:
        return clone(classifier)
    except TypeError as error:
        msg = (
            "A classifier that is not fitted is cloned for each fold, so it needs scikit-learn's "
            f"get_params(). {type(classifier).__name__} cannot be cloned: {error}"
        )
        raise InputError(msg) from error


def _say(classifier: Any, texts: list[str]) -> tuple[list[str | None], NDArray[np.float64] | None]:
    said: list[str | None] = []
    for label in list(classifier.predict(texts)):
        if label is not None and not isinstance(label, str):
            msg = f"Labels are strings, or None to abstain. Got {label!r} from predict()."
            raise InputError(msg)
        said.append(None if label is None else str(label))
    if len(said) != len(texts):
        msg = f"predict() must give one label a text. Got {len(said)} for {len(texts)} texts."
        raise InputError(msg)
    if not (hasattr(classifier, "predict_proba") and hasattr(classifier, "classes_")):
        return said, None
    table = np.asarray(classifier.predict_proba(texts), dtype=np.float64)
    classes = [str(label) for label in classifier.classes_]
    if table.shape != (len(texts), len(classes)) or (
        len(texts) and np.abs(table.sum(axis=1) - 1).max() > _SUM_TO_ONE
    ):
        msg = (
            f"predict_proba() must give shape ({len(texts)}, {len(classes)}) with rows that sum "
            f"to 1. Got shape {table.shape}."
        )
        raise InputError(msg)
    at = {label: number for number, label in enumerate(classes)}
    if strange := {label for label in said if label is not None} - at.keys():
        msg = f"predict() gives {sorted(strange)}, which classes_ does not hold: {classes}."
        raise InputError(msg)
    scores = [
        np.nan if label is None else row[at[label]] for label, row in zip(said, table, strict=True)
    ]
    return said, np.array(scores, dtype=np.float64)
