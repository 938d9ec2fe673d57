"""The linear classifier: what it may keep, what it learns, what it says of a passage."""

from __future__ import annotations

import numpy as np
import pytest
from coded import PLACES, coded
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from hwbtext.errors import InputError
from hwbtext.evaluate import evaluate
from hwbtext.outcomes import LinearOutcomeClassifier, outcome_views
from hwbtext.outcomes.calibration import Calibration, fit_calibration
from hwbtext.outcomes.vocabulary import TermFinder, choose_terms, words

GOLD = coded()


def fitted(**parameters) -> LinearOutcomeClassifier:
    classifier = LinearOutcomeClassifier(**parameters)
    return classifier.fit(GOLD.texts, GOLD.labels, places=GOLD.places, documents=GOLD.documents)


def terms_of(rows, *, max_words=3, min_documents=5, min_places=3):
    texts, places, documents = zip(*rows, strict=True)
    return set(
        choose_terms(
            texts,
            places,
            documents,
            max_words=max_words,
            min_documents=min_documents,
            min_places=min_places,
        )
    )


@pytest.mark.parametrize("max_words", [1, 2, 3])
def test_the_vocabulary_holds_no_name_no_number_and_no_long_run_of_words(max_words):
    terms = set(fitted(max_words=max_words).terms_)
    parts = {word for term in terms for word in term.split()}
    assert not parts & {"quillby", "cllr", "mrs", *(place.lower() for place in PLACES)}
    assert not any(character.isdigit() for word in parts - {"0"} for character in word)
    assert max(len(term.split()) for term in terms) == max_words
    assert {"noted", "fallen", "0", "%"} <= terms
    assert ("noted the report" in terms) == (max_words == 3)


def test_a_term_is_kept_only_where_enough_documents_of_enough_places_have_it():
    rows = [("quorate", f"p{n % 3}", f"d{n}") for n in range(5)]
    assert terms_of(rows) == {"quorate"}
    assert terms_of(rows[:4]) == set()
    assert terms_of([(text, f"p{n % 2}", d) for n, (text, _, d) in enumerate(rows)]) == set()
    # The same paper five times over is one paper.
    assert terms_of([(text, place, "d") for text, place, _ in rows]) == set()


def test_a_word_that_is_always_a_name_takes_its_phrases_with_it():
    rows = [("the late Rosamund agreed", f"p{n}", f"d{n}") for n in range(6)]
    assert terms_of(rows) == {"the", "late", "agreed", "the late"}
    # In lower case in one place only: still a name everywhere else.
    rows += [("rosamund", "p0", f"e{n}") for n in range(9)]
    assert "rosamund" not in terms_of(rows)


def test_a_text_that_is_given_twice_counts_once_by_default():
    texts = ["a bell rang"] * 20 + [f"the board met {word}" for word in ("here", "there")]
    with pytest.raises(InputError, match="No word stands in 5 documents of 3 places"):
        LinearOutcomeClassifier().fit(texts, ["none"] * 20 + ["process"] * 2)


def test_words_of_every_spelling():
    assert words("The Trust’s ﬁve-year plan") == ["The", "Trust's", "five", "year", "plan"]
    assert words("") == words("… –") == []
    finder = TermFinder({"a": 0, "a b": 1, "a b c": 2, "c": 3}, 3)
    assert finder("A b c d a b") == ["a", "a b", "a b c", "c", "a", "a b"]


def test_learns_the_finest_labels_and_sums_them_to_outcomes():
    classifier = fitted()
    assert list(classifier.classes_) == ["none", "process", "tangible"]
    assert list(classifier.labels_) == sorted(set(GOLD.labels))
    finest = classifier.predict_label_proba(GOLD.texts)
    outcomes = classifier.predict_proba(GOLD.texts)
    np.testing.assert_allclose(finest.sum(axis=1), 1)
    np.testing.assert_allclose(finest.reshape(-1, 3, 2).sum(axis=2), outcomes)
    assert [reading.subtype for reading in classifier.read_many(GOLD.texts)] == GOLD.labels


def test_a_codebook_of_ones_own_and_labels_without_subtypes():
    plain = [label.partition(".")[0] for label in GOLD.labels]
    reading = LinearOutcomeClassifier().fit(GOLD.texts, plain).read(GOLD.texts[2])
    assert (reading.value, reading.subtype, reading.direction) == ("tangible", None, "better")
    own = [f"tangible.own.{label[:2]}" if "tang" in label else "rest" for label in GOLD.labels]
    classifier = LinearOutcomeClassifier().fit(GOLD.texts, own)
    reading = classifier.read(GOLD.texts[2])
    assert list(classifier.classes_) == ["rest", "tangible"]
    # The directions of the lexicon belong to our codebook.
    assert (reading.subtype, reading.direction) == ("tangible.own.ta", None)
    np.testing.assert_allclose(classifier.predict_proba(GOLD.texts).sum(axis=1), 1)
    assert list(classifier.predict(GOLD.texts)) == [label.partition(".")[0] for label in own]


def test_refit_forgets():
    classifier = fitted()
    classifier.calibration_ = Calibration(3.0)
    classifier.name = "mine@1"
    half = GOLD.texts[:108], GOLD.labels[:108]
    classifier.fit(*half)
    fresh = LinearOutcomeClassifier().fit(*half)
    assert classifier.name == "linear"
    assert (classifier.predict_proba(GOLD.texts) == fresh.predict_proba(GOLD.texts)).all()
    assert list(classifier.terms_) == list(fresh.terms_)


def test_not_fitted_says_what_to_do():
    classifier = LinearOutcomeClassifier(C=1.5, abstain_below=0.4)
    assert clone(classifier).get_params() == classifier.get_params()
    with pytest.raises(NotFittedError):
        check_is_fitted(classifier)
    for ask in (
        lambda: classifier.predict(["a"]),
        lambda: classifier.predict_proba(["a"]),
        lambda: classifier.predict_label_proba(["a"]),
        lambda: classifier.read("a"),
        lambda: classifier.explain("a"),
        lambda: classifier.top_terms("none"),
    ):
        with pytest.raises(InputError, match=r"Call fit\(texts, labels\)"):
            ask()


def test_abstains_below_a_share():
    sure = fitted().predict_proba(GOLD.texts).max(axis=1)
    at = float(np.median(sure))
    classifier = fitted(abstain_below=at)
    said = classifier.predict(GOLD.texts)
    assert said.dtype == object
    assert [label is None for label in said] == [score < at for score in sure]
    readings = classifier.read_many(GOLD.texts)
    assert [reading.value for reading in readings] == list(said)
    unsure = next(reading for reading in readings if reading.value is None)
    assert (unsure.subtype, unsure.direction, unsure.evidence) == (None, None, ())
    assert 0 < unsure.score < at


def test_explains_a_passage_and_a_class_by_words():
    classifier = fitted()
    text = "The Board noted the report on falls, which had fallen by half."
    reasons = dict(classifier.explain(text, 50))
    assert reasons["noted"] > 0 > reasons["fallen"]
    assert len(classifier.explain(text, 2)) == 2
    evidence = classifier.read(text).evidence
    assert any(line.startswith("noted (+") for line in evidence)
    assert not any("(-" in line for line in evidence)
    assert classifier.explain("Xyzzy.") == ()
    assert classifier.read("Xyzzy.").evidence == ()
    assert "noted" in [reason.term for reason in classifier.top_terms("process")]
    assert "noted" in [reason.term for reason in classifier.top_terms("process.note", 3)]
    with pytest.raises(InputError, match="no label 'praise'"):
        classifier.top_terms("praise")


def test_what_terms_add_is_the_change_of_the_log_odds():
    classifier = fitted()
    text = "The board noted the report."
    outcome = int(classifier.predict_proba([text]).argmax())
    features = classifier._features([text])

    def odds(matrix):
        shares = classifier._shares(classifier._scores(matrix))[0][0]
        return np.log(shares[outcome] / (1 - shares[outcome]))

    step = 1e-6
    for term, weight in classifier.explain(text, 3):
        moved = features.copy()
        at = int(np.searchsorted(classifier.terms_, term))
        value = features[0, at]
        moved[0, at] = value * (1 + step)
        slope = (odds(moved) - odds(features)) / step
        assert weight == pytest.approx(slope, rel=1e-3)


def test_weights_of_passages_count():
    heavy = np.where([label.startswith("none") for label in GOLD.labels], 50.0, 1.0)
    plain = fitted()
    weighted = LinearOutcomeClassifier().fit(
        GOLD.texts, GOLD.labels, places=GOLD.places, sample_weight=heavy
    )
    assert (weighted.intercept_ != plain.intercept_).any()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"y": ["none"]}, "y must have one entry a text"),
        ({"y": ["none"] * 216}, "two outcomes or more"),
        ({"y": [None] * 216}, "Every label must be a string"),
        ({"y": [".note"] * 216}, "Every label must be a string"),
        ({"places": ["Ashmere"]}, "places must have one entry a text"),
        ({"documents": []}, "documents must have one entry a text"),
        ({"X": "one string"}, "one string"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(change, said):
    given = {"X": GOLD.texts, "y": GOLD.labels, **change}
    with pytest.raises(InputError, match=said):
        LinearOutcomeClassifier().fit(**given)


@pytest.mark.parametrize("max_words", [0, 4, "two"])
def test_a_term_has_one_to_three_words(max_words):
    with pytest.raises(InputError, match="max_words must be 1 to 3"):
        LinearOutcomeClassifier(max_words=max_words).fit(GOLD.texts, GOLD.labels)


def test_it_is_evaluated_in_folds_of_places_until_it_is_fitted():
    learns = evaluate(LinearOutcomeClassifier(min_documents=2, min_places=2), "example")
    assert learns.split == "leave-one-place-out"
    assert evaluate(fitted(), "example").split is None


def test_calibration_finds_what_was_done_to_probabilities():
    chance = np.random.default_rng(3)
    true = chance.dirichlet((1.0, 1.0, 0.5), 6000)
    y = ["abc"[chance.choice(3, p=row)] for row in true]
    spoilt = true**2  # too sure of itself by a factor of 2
    spoilt /= spoilt.sum(axis=1, keepdims=True)
    found = fit_calibration(spoilt, y, "abc")
    assert found.temperature == pytest.approx(2, rel=0.1)
    assert np.abs(found.apply(spoilt) - true).mean() < 0.02
    assert Calibration.from_json(found.to_json()) == found


def test_few_passages_move_the_temperature_little():
    proba = np.full((4, 2), [0.6, 0.4])
    found = fit_calibration(proba, ["a"] * 4, "ab")
    assert 0.6 < found.apply(proba)[0, 0] < 0.9


def test_calibration_changes_no_outcome():
    proba = np.random.default_rng(4).dirichlet((1.0, 1.0, 1.0), 200)
    for temperature in (0.3, 1.0, 4.0):
        said = Calibration(temperature).apply(proba)
        assert (said.argmax(axis=1) == proba.argmax(axis=1)).all()
        np.testing.assert_allclose(said.sum(axis=1), 1)


def test_calibration_leaves_the_shares_within_an_outcome():
    classifier = fitted()
    before = classifier.predict_label_proba(GOLD.texts)
    classifier.calibration_ = Calibration(2.0)
    after = classifier.predict_label_proba(GOLD.texts)
    np.testing.assert_allclose(after.sum(axis=1), 1)
    np.testing.assert_allclose(
        after.reshape(-1, 3, 2).sum(axis=2), classifier.predict_proba(GOLD.texts)
    )
    np.testing.assert_allclose(after[:, 0] / after[:, 1], before[:, 0] / before[:, 1])


@pytest.mark.parametrize(
    ("proba", "y", "said"),
    [
        (np.ones((2, 2)) / 2, ["a", "c"], "classes does not: c"),
        (np.ones((3, 2)) / 2, ["a", "b"], r"shape \(2, 2\)"),
        (np.ones((0, 2)), [], "and a row"),
    ],
)
def test_a_calibration_that_cannot_be_fitted_says_why(proba, y, said):
    with pytest.raises(InputError, match=said):
        fit_calibration(proba, y, "ab")


@pytest.mark.parametrize(
    "content",
    [
        None,
        {},
        {"temperature": 0},
        {"temperature": float("nan")},
        {"temperature": "1"},
        {"temperature": True},
        {"temperature": 1, "bias": [0]},
    ],
)
def test_a_calibration_that_cannot_be_read_is_refused(content):
    with pytest.raises(InputError, match="A calibration has"):
        Calibration.from_json(content)


def test_views_of_tangible():
    assert outcome_views("tangible.population") == ("tangible_strict", "tangible_broad")
    assert outcome_views("tangible.structure") == outcome_views("tangible") == ("tangible_broad",)
    assert outcome_views("none.context") == outcome_views(None) == ()
