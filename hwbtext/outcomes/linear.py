"""Words with a weight for each label: small, fast, and open to reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from hwbtext.errors import InputError
from hwbtext.outcomes.labelled import LabelledClassifier
from hwbtext.outcomes.reading import Reason, as_texts, outcome_of
from hwbtext.outcomes.vocabulary import MOST_WORDS, TermFinder, choose_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray


class LinearOutcomeClassifier(LabelledClassifier):
    """Tell outcomes apart by TF-IDF of words and phrases, and logistic regression.

    Learns the finest labels that it is given; an outcome's share is the sum over its labels.
    The vocabulary holds only what several papers of several places say, and no word that is
    always written with a capital: no names (:mod:`hwbtext.outcomes.vocabulary`).

    Parameters
    ----------
    C : float
        Inverse strength of the penalty, as in scikit-learn.
    max_words : int
        Words of a term, at most; 1 to 3.
    min_documents, min_places : int
        A term is kept where it stands in so many documents of so many places.
    abstain_below : float or None
        ``predict`` gives None where the share of the best outcome lies below.

    Attributes
    ----------
    labels_ : ndarray of str
        The labels learned, sorted: "process.note", or "process", or a codebook's of your own.
    classes_ : ndarray of str
        The outcomes, sorted: what stands before the first dot of a label.
    terms_ : ndarray of str, shape (n_terms,)
        The vocabulary, sorted.
    idf_ : ndarray of float64, shape (n_terms,)
    coef_ : ndarray of float64, shape (n_labels, n_terms)
    intercept_ : ndarray of float64, shape (n_labels,)
    calibration_ : Calibration
        Changes nothing after ``fit``; set one that was fitted out of fold
        (:func:`hwbtext.outcomes.calibration.fit_calibration`).
    name : str
        Name and version: "linear" until the model is saved under one.

    Examples
    --------
    >>> texts = [f"The report on {what} was noted." for what in ("falls", "sleep", "work")]
    >>> texts += [f"The number of {what} had fallen." for what in ("falls", "deaths", "fires")]
    >>> classifier = LinearOutcomeClassifier(min_documents=2, min_places=2)
    >>> classifier = classifier.fit(texts, ["process.note"] * 3 + ["tangible.population"] * 3)
    >>> reading = classifier.read("A report was noted.")
    >>> reading.value, reading.subtype
    ('process', 'process.note')
    """

    name = "linear"

    def __init__(
        self,
        *,
        C: float = 2.0,  # noqa: N803 - scikit-learn's name
        max_words: int = 1,
        min_documents: int = 5,
        min_places: int = 3,
        abstain_below: float | None = None,
    ) -> None:
        self.C = C
        self.max_words = max_words
        self.min_documents = min_documents
        self.min_places = min_places
        self.abstain_below = abstain_below

    def fit(
        self,
        X: Iterable[str],  # noqa: N803
        y: Iterable[str],
        *,
        places: Sequence[str] | None = None,
        documents: Sequence[str] | None = None,
        sample_weight: NDArray[np.float64] | None = None,
    ) -> LinearOutcomeClassifier:
        """Learn from coded passages; what was learned before is forgotten.

        Parameters
        ----------
        X : iterable of str
            The passages.
        y : iterable of str
            The finest label of each.
        places, documents : sequence of str, optional
            Where each passage comes from. By default each text is a place and a document of
            its own.
        sample_weight : array of float, optional
            What each passage counts.

        Raises
        ------
        InputError
            Lengths differ, a label is no string, there are fewer than two outcomes, or no term
            is common enough to be kept.
        """
        texts = as_texts(X)
        labels = _labels(y)
        places = texts if places is None else list(places)
        documents = texts if documents is None else list(documents)
        for name, each in (("y", labels), ("places", places), ("documents", documents)):
            if len(each) != len(texts):
                msg = f"{name} must have one entry a text. Got {len(each)} for {len(texts)} texts."
                raise InputError(msg)
        if len(outcomes := {outcome_of(label) for label in labels}) < 2:
            msg = f"There must be two outcomes or more to tell apart. Got {sorted(outcomes)}."
            raise InputError(msg)
        if self.max_words not in range(1, MOST_WORDS + 1):
            msg = f"max_words must be 1 to {MOST_WORDS}. Got {self.max_words!r}."
            raise InputError(msg)
        terms = choose_terms(
            texts,
            places,
            documents,
            max_words=self.max_words,
            min_documents=self.min_documents,
            min_places=self.min_places,
        )
        if not terms:
            msg = (
                f"No word stands in {self.min_documents} documents of {self.min_places} places, "
                f"so there is nothing to learn from. Got {len(texts)} texts of "
                f"{len(set(places))} places: give more, or lower min_documents and min_places."
            )
            raise InputError(msg)
        vectorizer = _vectorizer(terms, self.max_words)
        features = vectorizer.fit_transform(texts)
        # Balanced: of the rare labels the most depends on few passages.
        regression = LogisticRegression(C=self.C, class_weight="balanced", max_iter=5000)
        regression.fit(features, labels, sample_weight=sample_weight)
        coef, intercept = regression.coef_, regression.intercept_
        if len(coef) == 1:
            # Of two labels scikit-learn keeps the difference.
            coef, intercept = np.vstack([-coef, coef]) / 2, np.array([-1, 1]) * intercept / 2
        self._set_labels(labels)
        self._set_weights(terms, vectorizer.idf_, coef, intercept)
        self.name = type(self).name
        return self

    def top_terms(self, label: str, n: int = 10) -> tuple[Reason, ...]:
        """Return the terms that speak most for a label, or for an outcome, whatever the passage.

        Parameters
        ----------
        label : str
            One of ``labels_`` or ``classes_``.
        n : int
            Terms, at most.

        Returns
        -------
        tuple of Reason
            The strongest first. A weight is the mean over the labels of the outcome less that
            over all others.

        Raises
        ------
        InputError
            There is no such label; or not fitted.
        """
        self._check_fitted()
        ours = np.array([label in (each, outcome_of(str(each))) for each in self.labels_])
        if not ours.any():
            known = ", ".join([*map(str, self.classes_), *map(str, self.labels_)])
            msg = f"There is no label {label!r}. There are: {known}."
            raise InputError(msg)
        weights = self.coef_[ours].mean(axis=0) - self.coef_[~ours].mean(axis=0)
        best = np.argsort(-weights, kind="stable")[:n]
        return tuple(Reason(str(self.terms_[at]), float(weights[at])) for at in best)

    def _set_weights(
        self,
        terms: Sequence[str],
        idf: NDArray[np.float64],
        coef: NDArray[np.float64],
        intercept: NDArray[np.float64],
    ) -> None:
        self.terms_ = np.array(terms)
        self.idf_ = np.array(idf, dtype=np.float64)
        self.coef_ = np.array(coef, dtype=np.float64)
        self.intercept_ = np.array(intercept, dtype=np.float64)
        self._vectorizer = _vectorizer(terms, self.max_words)
        self._vectorizer.idf_ = self.idf_

    def _features(self, texts: list[str]) -> Any:
        # scikit-learn refuses to transform no texts.
        return self._vectorizer.transform(texts) if texts else csr_matrix((0, len(self.terms_)))

    def _scores(self, features: Any) -> NDArray[np.float64]:
        scores: NDArray[np.float64] = features @ self.coef_.T + self.intercept_
        return scores

    def _reasons(self, features: Any, row: int, towards: NDArray[np.float64]) -> list[Reason]:
        first, last = features.indptr[row], features.indptr[row + 1]
        at = features.indices[first:last]
        weights = (self.coef_[:, at] * towards[:, None]).sum(axis=0) * features.data[first:last]
        return [
            Reason(str(term), float(weight))
            for term, weight in zip(self.terms_[at], weights, strict=True)
        ]


def _vectorizer(terms: Sequence[str], max_words: int) -> Any:
    vocabulary = {term: at for at, term in enumerate(terms)}
    return TfidfVectorizer(
        analyzer=TermFinder(vocabulary, max_words), vocabulary=vocabulary, sublinear_tf=True
    )


def _labels(y: Iterable[str]) -> list[str]:
    labels = list(y)
    for at, label in enumerate(labels):
        if not isinstance(label, str) or not outcome_of(label):
            msg = f"Every label must be a string such as 'process.note'. Got {label!r} at {at}."
            raise InputError(msg)
    return [str(label) for label in labels]
