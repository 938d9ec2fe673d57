"""The lexicon as a scikit-learn classifier over texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from hwbtext.outcomes.lexicon import Lexicon, load_lexicon, shares
from hwbtext.outcomes.reading import OutcomeReading, Reason, as_text, as_texts
from hwbtext.records import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray


class LexiconOutcomeClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Tell process, tangible and none apart by rules that are data.

    A reported change, delivery or arrangement in operation is tangible; else an act of the
    body is process; else none. The rules come from the codebook and from the English of
    minutes, not from coded passages: ``fit`` learns nothing, and an object predicts without
    having been fitted.

    Parameters
    ----------
    lexicon : str, Path or None
        A lexicon of your own (TOML); None for the one that comes with hwbtext.

    Attributes
    ----------
    classes_ : ndarray of str, shape (3,)
        none, process, tangible. Set by ``fit``, as scikit-learn asks.

    Notes
    -----
    The shares of ``predict_proba`` follow from the weights of the rules. They rank passages;
    they are not calibrated.

    Examples
    --------
    >>> classifier = LexiconOutcomeClassifier()
    >>> classifier.predict(["RESOLVED - That the report be noted.", "Smoking rates had fallen."])
    array(['process', 'tangible'], dtype='<U8')
    """

    def __init__(self, lexicon: str | Path | None = None) -> None:
        self.lexicon = lexicon

    def fit(self, X: Iterable[str], y: object = None) -> LexiconOutcomeClassifier:  # noqa: ARG002, N803
        """Set ``classes_``; nothing is learned from ``X`` or ``y``.

        Parameters
        ----------
        X : iterable of str
            Checked for its type, otherwise not used.
        y : ignored
        """
        as_texts(X)
        self._load()
        self.classes_ = _classes()
        return self

    def predict(self, X: Iterable[str]) -> NDArray[np.str_]:  # noqa: N803
        """Return one of none, process, tangible for each text; no texts give an empty array.

        Raises
        ------
        InputError
            ``X`` is one string, or holds something that is no string.
        """
        classes = _classes()
        best: NDArray[np.intp] = self.predict_proba(X).argmax(axis=1)
        return classes[best]

    def predict_proba(self, X: Iterable[str]) -> NDArray[np.float64]:  # noqa: N803
        """Return the share of each class for each text.

        Returns
        -------
        ndarray of float64, shape (n_texts, 3)
            Columns in the order none, process, tangible; rows sum to 1.

        Raises
        ------
        InputError
            As for :meth:`predict`.
        """
        lexicon = self._load()
        names = sorted(OUTCOMES)
        rows = [shares(lexicon.weigh(text)[0]) for text in as_texts(X)]
        table = np.array([[row[name] for name in names] for row in rows], dtype=np.float64)
        return table.reshape(len(rows), len(names))

    def read(self, text: str) -> OutcomeReading:
        """Read one passage: its outcome, sub-type, direction, and the rules that say so.

        Examples
        --------
        >>> reading = LexiconOutcomeClassifier().read(
        ...     "Members noted that emergency admissions had fallen since the spring."
        ... )
        >>> reading.value, reading.subtype, reading.direction
        ('tangible', 'tangible.service', 'better')

        Raises
        ------
        InputError
            ``text`` is no string.
        """
        return self._load().read(as_text(text))

    def read_many(self, texts: Iterable[str]) -> list[OutcomeReading]:
        """Read passages, each as :meth:`read` would.

        Raises
        ------
        InputError
            As for :meth:`predict`.
        """
        lexicon = self._load()
        return [lexicon.read(text) for text in as_texts(texts)]

    def explain(self, text: str, n: int = 8) -> tuple[Reason, ...]:
        """Return the rules that matched: those of other outcomes speak against, below 0.

        Parameters
        ----------
        text : str
        n : int
            Rules, at most; the heaviest come first.

        Examples
        --------
        >>> LexiconOutcomeClassifier().explain("RESOLVED - That the report be noted.", 1)
        (Reason(term='resolved-note: resolved - that the report be noted', weight=3.2),)
        """
        return self._load().explain(as_text(text), n)

    @property
    def name(self) -> str:
        """Return the name and version of the rules."""
        return f"outcome-lexicon@{self._load().version}"

    def _load(self) -> Lexicon:
        return load_lexicon(self.lexicon)

    def __sklearn_is_fitted__(self) -> bool:
        """Return True: the rules are there before any fit."""
        return True


def _classes() -> NDArray[np.str_]:
    return np.array(sorted(OUTCOMES))
