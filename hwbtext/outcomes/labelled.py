"""From scores of labels to outcomes, sub-types and readings: what trained models share."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import NotFittedError

from hwbtext.errors import InputError
from hwbtext.outcomes.calibration import Calibration, softmax
from hwbtext.outcomes.lexicon import SUBTYPES, load_lexicon
from hwbtext.outcomes.reading import OutcomeReading, Reason, as_text, as_texts, outcome_of
from hwbtext.records import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

_TINY = 1e-300
_N_EVIDENCE = 5
_LEAST_SHOWN = 0.005  # what is shown as +0.00 says nothing


class UnfittedError(InputError, NotFittedError):  # type: ignore[misc]
    """A classifier was asked before it was fitted."""


class LabelledClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A classifier that scores the finest labels; outcomes are sums over their labels.

    A model keeps ``labels_`` (sorted), ``classes_`` (sorted outcomes) and ``calibration_``,
    has a parameter ``abstain_below``, and gives :meth:`_features`, :meth:`_scores` and
    :meth:`_reasons`.
    """

    name: str
    abstain_below: float | None
    labels_: NDArray[np.str_]
    classes_: NDArray[np.str_]
    calibration_: Calibration

    @abstractmethod
    def _features(self, texts: list[str]) -> Any:
        """Return what the model computes of texts, a row a text."""

    @abstractmethod
    def _scores(self, features: Any) -> NDArray[np.float64]:
        """Return a log odds, or log probability, of each label; a constant a row may differ."""

    @abstractmethod
    def _reasons(self, features: Any, row: int, towards: NDArray[np.float64]) -> list[Reason]:
        """Return the words of a row, in order, and what each adds to the outcome.

        ``towards`` says how far the score of each label moves the log odds of the outcome,
        shape (n_labels,).
        """

    def _direction(self, text: str, features: Any, row: int) -> str | None:  # noqa: ARG002
        """Return the direction of what is tangible in the text of a row."""
        return load_lexicon().direction(text)

    def predict(self, X: Iterable[str]) -> NDArray[Any]:  # noqa: N803
        """Return the most probable outcome of each text.

        Returns
        -------
        ndarray of str, or of object where ``abstain_below`` is set
            None where the outcome's share is below it.

        Raises
        ------
        InputError
            ``X`` is one string, or holds something that is no string; or not fitted.
        """
        proba = self.predict_proba(X)
        said: NDArray[Any] = self.classes_[proba.argmax(axis=1)]
        if self.abstain_below is not None:
            said = said.astype(object)
            said[proba.max(axis=1, initial=0.0) < self.abstain_below] = None
        return said

    def predict_proba(self, X: Iterable[str]) -> NDArray[np.float64]:  # noqa: N803
        """Return the share of each outcome: shape (n_texts, n_outcomes), rows sum to 1."""
        self._check_fitted()
        return self._shares(self._scores(self._features(as_texts(X))))[0]

    def predict_label_proba(self, X: Iterable[str]) -> NDArray[np.float64]:  # noqa: N803
        """Return the share of each label: shape (n_texts, n_labels), rows sum to 1."""
        self._check_fitted()
        return self._shares(self._scores(self._features(as_texts(X))))[1]

    def explain(self, text: str, n: int = 8) -> tuple[Reason, ...]:
        """Return the words that spoke most for (+) or against (-) the most probable outcome.

        Parameters
        ----------
        text : str
        n : int
            Words, or terms of several words, at most.

        Returns
        -------
        tuple of Reason
            The strongest first. A weight is what the word adds to the log odds of the outcome,
            in a straight line from this passage.

        Raises
        ------
        InputError
            ``text`` is no string; or not fitted.
        """
        self._check_fitted()
        features = self._features([as_text(text)])
        outcomes, labels = self._shares(self._scores(features))
        towards = self._towards(labels[0], int(outcomes[0].argmax()))
        reasons = self._reasons(features, 0, towards)
        return tuple(sorted(reasons, key=lambda reason: -abs(reason.weight))[:n])

    def read(self, text: str) -> OutcomeReading:
        """Read one passage: outcome, sub-type, direction, and what spoke for it.

        Raises
        ------
        InputError
            ``text`` is no string; or not fitted.
        """
        return self.read_many([as_text(text)])[0]

    def read_many(self, texts: Iterable[str]) -> list[OutcomeReading]:
        """Read passages, each as :meth:`read` would.

        The sub-type is the most probable label of the outcome; the direction of what is
        tangible comes from the model where it learned directions, else from the lexicon.

        Raises
        ------
        InputError
            As for :meth:`predict`.
        """
        self._check_fitted()
        listed = as_texts(texts)
        if not listed:
            return []
        features = self._features(listed)
        outcomes, labels = self._shares(self._scores(features))
        best = outcomes.argmax(axis=1)
        in_best = np.where(self._owners()[None, :] == best[:, None], labels, -1.0)
        finest = self.labels_[in_best.argmax(axis=1)]
        scores = outcomes.max(axis=1)
        own_codebook = not set(self.labels_) <= {*SUBTYPES, *OUTCOMES}
        readings = []
        for row, (text, at, label, score) in enumerate(
            zip(listed, best, finest, scores, strict=True)
        ):
            value = str(self.classes_[at])
            if self.abstain_below is not None and score < self.abstain_below:
                readings.append(OutcomeReading(None, None, None, float(score), ()))
                continue
            directed = value == "tangible" and not own_codebook
            readings.append(
                OutcomeReading(
                    value=value,
                    subtype=None if label == value else str(label),
                    direction=self._direction(text, features, row) if directed else None,
                    score=float(score),
                    evidence=self._evidence(features, row, self._towards(labels[row], int(at))),
                )
            )
        return readings

    def _evidence(self, features: Any, row: int, towards: NDArray[np.float64]) -> tuple[str, ...]:
        """Return the words that spoke most for the outcome of a row."""
        reasons = self._reasons(features, row, towards)
        best = sorted(reasons, key=lambda reason: -reason.weight)[:_N_EVIDENCE]
        return tuple(f"{term} ({weight:+.2f})" for term, weight in best if weight >= _LEAST_SHOWN)

    def _towards(self, shares: NDArray[np.float64], outcome: int) -> NDArray[np.float64]:
        """Return the gradient of the log odds of an outcome, by the score of each label."""
        ours = self._owners() == outcome
        mixed: NDArray[np.float64] = np.where(ours, 1.0, -1.0) * shares
        for side in (ours, ~ours):
            mixed[side] /= max(abs(mixed[side].sum()), _TINY)
        return mixed

    def _set_labels(self, labels: Sequence[str]) -> None:
        """Set labels and outcomes, sorted, and the calibration that changes nothing."""
        self.labels_ = np.array(sorted(set(labels)))
        self.classes_ = np.array(sorted({outcome_of(label) for label in labels}))
        self.calibration_ = Calibration()

    def _owners(self) -> NDArray[np.intp]:
        """Return the place of each label's outcome in ``classes_``."""
        owners: NDArray[np.intp] = np.searchsorted(
            self.classes_, [outcome_of(str(label)) for label in self.labels_]
        )
        return owners

    def _shares(
        self, scores: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return calibrated shares of outcomes, and of labels, which sum to their outcome's."""
        labels = softmax(scores)
        outcomes = np.zeros((len(labels), len(self.classes_)))
        owners = self._owners()
        for column, owner in enumerate(owners):
            outcomes[:, owner] += labels[:, column]
        calibrated = self.calibration_.apply(outcomes)
        return calibrated, labels * (calibrated / np.maximum(outcomes, _TINY))[:, owners]

    def _check_fitted(self) -> None:
        if not hasattr(self, "labels_"):
            msg = (
                f"This {type(self).__name__} is not fitted. Call fit(texts, labels), or load a "
                "trained one: hwbtext.load_outcome_classifier()."
            )
            raise UnfittedError(msg)
