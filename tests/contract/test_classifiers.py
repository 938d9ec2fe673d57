"""What every classifier of outcomes keeps to: scikit-learn's manner, and each text alone."""

from __future__ import annotations

import pickle
import random

import numpy as np
import pytest
from coded import coded
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from hwbtext.errors import InputError, MissingPathError
from hwbtext.outcomes import LinearOutcomeClassifier, OutcomeClassifier
from hwbtext.outcomes.loading import MODEL_NAMES, load_outcome_classifier, model_folder

GOLD = coded()
TEXTS = [
    *GOLD.texts[::7],
    "",
    " \n",
    "1,204",
    "£3m – 4½%",
    "Nobody’s ﬁnal plan; noted.",
    "word " * 400,
]


def _linear() -> LinearOutcomeClassifier:
    return LinearOutcomeClassifier().fit(GOLD.texts, GOLD.labels, places=GOLD.places)


def _registered() -> list[object]:
    names = {model_folder(name): name for name in reversed(MODEL_NAMES)}
    return [*names.values(), "linear"]


@pytest.fixture(scope="module", params=_registered())
def classifier(request):
    if request.param == "linear":
        return _linear()
    try:
        return load_outcome_classifier(request.param)
    except MissingPathError:
        if request.param != "large":
            raise
        pytest.skip("the weights of the model 'large' come with the extra of that name")


def test_it_is_an_outcome_classifier_with_a_name_and_is_fitted(classifier):
    assert isinstance(classifier, OutcomeClassifier)
    assert classifier.name
    check_is_fitted(classifier)


def test_classes_are_strings_and_sorted(classifier):
    classes = list(classifier.classes_)
    assert classes == sorted(classes)
    assert all(isinstance(name, str) for name in classes)


def test_rows_sum_to_one_and_the_largest_is_predicted(classifier):
    table = classifier.predict_proba(TEXTS)
    assert table.shape == (len(TEXTS), len(classifier.classes_))
    assert table.dtype == np.float64
    assert (table >= 0).all()
    np.testing.assert_allclose(table.sum(axis=1), 1)
    said = classifier.predict(TEXTS)
    assert all(isinstance(label, str) for label in said)
    assert list(classifier.classes_[table.argmax(axis=1)]) == list(said)


def test_a_reading_agrees_with_the_prediction(classifier):
    readings = classifier.read_many(TEXTS)
    assert [reading.value for reading in readings] == list(classifier.predict(TEXTS))
    np.testing.assert_allclose(
        [reading.score for reading in readings], classifier.predict_proba(TEXTS).max(axis=1)
    )
    for reading in readings:
        assert reading.subtype is None or reading.subtype.startswith(f"{reading.value}.")
        assert (reading.direction is None) or reading.value == "tangible"
    assert readings[:5] == [classifier.read(text) for text in TEXTS[:5]]


def test_company_changes_no_bit(classifier):
    table = classifier.predict_proba(TEXTS)
    readings = classifier.read_many(TEXTS)
    order = list(range(len(TEXTS)))
    random.Random(5).shuffle(order)
    shuffled = [TEXTS[at] for at in order]
    assert (classifier.predict_proba(shuffled) == table[order]).all()
    assert classifier.read_many(shuffled) == [readings[at] for at in order]
    for size in (1, 2, 3, 17):
        batches = [TEXTS[at : at + size] for at in range(0, len(TEXTS), size)]
        assert (np.vstack([classifier.predict_proba(batch) for batch in batches]) == table).all()
    assert (classifier.predict_proba(TEXTS * 3) == np.vstack([table] * 3)).all()


def test_an_explanation_is_words_and_weights_the_strongest_first(classifier):
    text = "The Board noted the report on falls."
    reasons = classifier.explain(text, 3)
    assert 0 < len(reasons) <= 3
    assert all(isinstance(term, str) and isinstance(weight, float) for term, weight in reasons)
    sizes = [abs(weight) for _, weight in reasons]
    assert sizes == sorted(sizes, reverse=True)
    assert classifier.explain("") is not None


def test_no_texts_give_nothing(classifier):
    assert classifier.predict([]).shape == (0,)
    assert classifier.predict_proba(iter(())).shape == (0, len(classifier.classes_))
    assert classifier.read_many([]) == []


@pytest.mark.parametrize("wrong", ["one string", b"bytes", 5, None, ["text", None]])
def test_wrong_texts_are_refused(classifier, wrong):
    for method in ("predict", "predict_proba", "read_many"):
        with pytest.raises(InputError):
            getattr(classifier, method)(wrong)


@pytest.mark.parametrize("wrong", [["a list"], None, b"bytes"])
def test_one_text_is_one_string(classifier, wrong):
    for method in ("read", "explain"):
        with pytest.raises(InputError):
            getattr(classifier, method)(wrong)


def test_clone_and_pickle(classifier):
    assert clone(classifier).get_params() == classifier.get_params()
    again = pickle.loads(pickle.dumps(classifier))
    assert again.name == classifier.name
    assert (again.predict_proba(TEXTS) == classifier.predict_proba(TEXTS)).all()
