"""Scores hold for any labels and spans: bounds, symmetry, and scikit-learn's own figures."""

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from hwbtext.evaluate.near_duplicates import find_near_duplicates, jaccard, shingles
from hwbtext.evaluate.outcome_scores import score_outcomes
from hwbtext.evaluate.spans import Marked, match_exactly, match_overlapping
from hwbtext.evaluate.training_record import TrainedOn, text_sha256

LABELS = ["a", "b", "c"]
rows = st.lists(
    st.tuples(st.sampled_from(LABELS), st.sampled_from([*LABELS, None]), st.sampled_from("XYZW")),
    min_size=1,
    max_size=40,
)
marks = st.lists(
    st.builds(
        lambda start, length, category: Marked(category, "neutral", start, start + length),
        st.integers(0, 30),
        st.integers(1, 10),
        st.sampled_from(["own", "acc"]),
    ),
    max_size=6,
)


@given(rows)
def test_macro_f1_is_scikit_learns_over_the_labels_that_occur(rows):
    gold, said, places = zip(*rows, strict=True)
    scores = score_outcomes(gold, said, places, LABELS)
    occurring = sorted({*gold, *said} - {None})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn warns where a label is not predicted
        known = f1_score(gold, [label or "-" for label in said], labels=occurring, average="macro")
    assert scores.macro_f1 == pytest.approx(known, abs=1e-12)
    assert sum(sum(row) for row in scores.confusion) == scores.n == len(gold)
    assert (scores.macro_f1_95 is None) == (len(set(places)) < 3)
    if scores.macro_f1_95 is not None:
        low, high = scores.macro_f1_95
        assert 0 <= low <= high <= 1


@given(rows)
def test_the_order_of_the_passages_changes_nothing(rows):
    def scored(rows):
        gold, said, places = zip(*rows, strict=True)
        return score_outcomes(gold, said, places, LABELS)

    assert scored(rows).to_json() == scored(rows[::-1]).to_json()


@given(marks, marks)
def test_matching_is_one_to_one_within_a_category(gold, found):
    for match in (match_overlapping, match_exactly):
        pairs = match(gold, found)
        for side, given_marks in ((0, gold), (1, found)):
            left = list(given_marks)
            for pair in pairs:
                left.remove(pair[side])  # raises where one is used more often than it is there
        assert all(g.category == f.category for g, f in pairs)
    assert len(match_exactly(gold, found)) <= len(gold)
    assert len(match_overlapping(gold, gold)) == len(gold)


@given(st.lists(st.text("ab c", max_size=25), max_size=8), st.floats(0.05, 1))
def test_every_near_duplicate_that_there_is_is_found(texts, threshold):
    found = find_near_duplicates(texts, texts, threshold=threshold, allowed=lambda i, j: i != j)
    best = {pair.index: pair.similarity for pair in found.found}
    sets = [shingles(text) for text in texts]
    for i, one in enumerate(sets):
        most = max((jaccard(one, o) for j, o in enumerate(sets) if j != i), default=0.0)
        assert best.get(i, 0.0) == (most if most >= threshold else 0.0)


@given(st.text())
def test_a_text_is_known_by_its_hash_whatever_its_spaces(text):
    assert TrainedOn.of([text], []).has_seen(f"  {text}\n")
    assert len(text_sha256(text)) == 64
