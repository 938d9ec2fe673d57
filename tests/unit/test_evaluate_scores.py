"""The parts that evaluations are made of: spans, resampling, calibration, training records."""

import json
from itertools import product

import numpy as np
import pytest

from hwbtext.errors import InputError, MissingPathError
from hwbtext.evaluate.baselines import commonest_polarities
from hwbtext.evaluate.calibration import (
    abstention_curve,
    expected_calibration_error,
    reliability_curve,
)
from hwbtext.evaluate.mention_scores import score_mentions
from hwbtext.evaluate.near_duplicates import find_near_duplicates, jaccard, shingles
from hwbtext.evaluate.resampling import f1_of, interval, swap_test
from hwbtext.evaluate.spans import Marked, match_exactly, match_overlapping, slot_agrees
from hwbtext.evaluate.training_record import TrainedOn, load_trained_on, save_trained_on

POLARITIES = ("affirmed", "lacking")


def mark(start, end, category="ownership", polarity="affirmed", **slots):
    return Marked(category, polarity, start, end, tuple(slots.items()))


# ---- spans ---------------------------------------------------------------------------------


def test_each_span_is_matched_once_the_largest_overlap_first():
    pairs = match_overlapping([mark(0, 10), mark(8, 30)], [mark(5, 28)])
    assert [(g.start, f.start) for g, f in pairs] == [(8, 5)]


def test_spans_that_only_touch_or_are_of_another_category_do_not_match():
    assert match_overlapping([mark(0, 5)], [mark(5, 9)]) == []
    assert match_overlapping([mark(0, 5)], [mark(0, 5, "inequality")]) == []
    assert match_exactly([mark(0, 5)], [mark(0, 6)]) == []


def test_one_exact_span_cannot_answer_for_two():
    assert len(match_exactly([mark(0, 5), mark(0, 5)], [mark(0, 5)])) == 1


@pytest.mark.parametrize(
    ("gold", "found", "agrees"),
    [
        ("the Director", "Director", True),
        ("the Director", "the Chief Nurse", False),
        ("all partners", "ALL PARTNERS.", True),
        ("…", "…", True),
        ("…", "the Board", False),
    ],
)
def test_slots_agree_where_they_share_half_their_words(gold, found, agrees):
    assert slot_agrees(gold, found) is agrees


def test_mentions_are_counted_by_span_presence_polarity_and_slot():
    gold = [[mark(0, 10, who="the Board"), mark(20, 30, polarity="lacking")], [], [mark(0, 4)]]
    found = [[mark(2, 9, who="Board", what="plan"), mark(20, 30)], [mark(0, 3)], []]
    scores = score_mentions(gold, found, ["A", "B", "C"], ["ownership"], POLARITIES)
    own = scores.per_category["ownership"]
    assert (own.overlap.hit, own.overlap.n_predicted, own.overlap.n) == (2, 3, 3)
    assert (own.exact.hit, own.presence.hit) == (1, 1)
    assert scores.accuracy == pytest.approx(1 / 3)
    assert (own.polarity.agree, own.polarity.n) == (1, 2)
    assert own.with_polarity["lacking"].recall == 0.0
    assert own.slots["who"][0].f1 == 1.0
    assert own.slots["who"][1].f1 == 0.0
    assert own.slots["what"][0].recall is None
    assert own.slots["what"][0].precision == 0.0


def test_polarity_is_of_pairs_only():
    scores = score_mentions([[mark(0, 5)]], [[mark(8, 9)]], ["A"], ["ownership"], POLARITIES)
    assert scores.polarity.accuracy is None
    assert scores.polarity.macro_f1 is None


def test_the_commonest_polarity_is_learnt_from_other_places():
    gold = [[mark(0, 1), mark(2, 3)], [mark(0, 1, polarity="lacking")], [mark(0, 1, "inequality")]]
    pairs = commonest_polarities(gold, ["A", "B", "C"])
    assert [[guess.polarity for _, guess in row] for row in pairs] == [
        ["lacking", "lacking"],
        ["affirmed"],
        [],
    ]


# ---- resampling ----------------------------------------------------------------------------


def test_two_places_give_no_interval_and_no_test():
    counts = np.array([[1.0, 2.0, 2.0], [2.0, 3.0, 3.0]])
    assert interval(counts, f1_of) is None
    assert swap_test(counts, counts, f1_of) is None


def test_equal_places_give_an_interval_without_width():
    counts = np.tile([3.0, 4.0, 5.0], (5, 1))
    assert interval(counts, f1_of) == pytest.approx((6 / 9, 6 / 9))


def test_the_interval_widens_where_places_differ():
    low, high = interval(np.array([[9, 9, 9], [0, 9, 9], [5, 9, 9], [1, 9, 9]], float), f1_of)
    assert high - low > 0.4


def test_up_to_twelve_places_every_swap_is_tried():
    rng = np.random.default_rng(0)
    coded = rng.integers(5, 9, size=6)
    a, b = (
        np.stack([rng.integers(0, 5, size=6), coded, coded], axis=1).astype(float) for _ in range(2)
    )
    observed = abs(f1_of(a.sum(0)) - f1_of(b.sum(0)))
    far = 0
    for swaps in product([False, True], repeat=6):
        picked = np.array(swaps)[:, None]
        one, other = np.where(picked, b, a).sum(0), np.where(picked, a, b).sum(0)
        far += abs(f1_of(one) - f1_of(other)) >= observed - 1e-9
    assert swap_test(a, b, f1_of) == far / 64


# ---- calibration ---------------------------------------------------------------------------


def test_calibration_error_by_hand():
    scores = np.array([0.55, 0.65, 0.65, 0.95])
    curve = reliability_curve([True, False, True, True], scores)
    gaps = (abs(0.55 - 1) + 2 * abs(0.65 - 0.5) + abs(0.95 - 1)) / 4
    assert expected_calibration_error(curve) == pytest.approx(gaps)
    assert expected_calibration_error(reliability_curve([], np.array([]))) is None


def test_a_score_on_an_edge_belongs_to_the_bin_below():
    curve = reliability_curve([True, True], np.array([0.5, 1.0]))
    assert [each.n for each in curve] == [0, 0, 0, 0, 1, 0, 0, 0, 0, 1]


def test_abstaining_on_unsure_passages_raises_accuracy_where_scores_rank():
    scores = np.linspace(0.4, 0.9, 40)
    curve = abstention_curve([score > 0.6 for score in scores], scores)
    assert curve[0].coverage == 1.0
    assert curve[0].accuracy < 0.7
    assert curve[-1].accuracy == 1.0
    assert [p.coverage for p in curve] == sorted((p.coverage for p in curve), reverse=True)
    assert abstention_curve([], np.array([])) == ()


# ---- near-duplicates -----------------------------------------------------------------------


def test_the_prefix_filter_misses_no_pair():
    rng = np.random.default_rng(0)
    words = [f"w{number}" for number in range(12)]
    texts = [" ".join(rng.choice(words, size=rng.integers(1, 14))) for _ in range(60)]
    texts += [" ".join([*text.split()[:-1], "end"]) for text in texts[:30]]
    for threshold in (0.3, 0.6, 1.0):
        found = find_near_duplicates(texts, texts, threshold=threshold, allowed=lambda i, j: i != j)
        best = {pair.index: pair.similarity for pair in found.found}
        sets = [shingles(text) for text in texts]
        for i, one in enumerate(sets):
            most = max(jaccard(one, other) for j, other in enumerate(sets) if i != j)
            assert best.get(i) == (most if most >= threshold else None)
    assert len(best) > 0


@pytest.mark.parametrize("threshold", [0, 1.1])
def test_a_threshold_that_is_no_share_is_refused(threshold):
    with pytest.raises(InputError, match="threshold"):
        find_near_duplicates([], [], threshold=threshold)


def test_texts_without_words_are_alike_to_nothing():
    assert find_near_duplicates(["", "…"], ["", "…"]).found == ()


# ---- what a model was trained on -----------------------------------------------------------


def test_the_record_survives_the_file(tmp_path):
    record = TrainedOn.of(["The plan was noted."], ["Dale", "Port"])
    assert load_trained_on(save_trained_on(record, tmp_path)) == record
    assert load_trained_on(tmp_path).has_seen("the PLAN was  noted.")
    assert not load_trained_on(tmp_path).has_seen("The plan was not noted.")
    assert "plan" not in (tmp_path / "trained_on.json").read_text()


def test_a_model_without_a_record_is_refused(tmp_path):
    with pytest.raises(MissingPathError, match=r"ships trained_on\.json"):
        load_trained_on(tmp_path)
    with pytest.raises(MissingPathError, match="no folder"):
        save_trained_on(TrainedOn(), tmp_path / "none")


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{",
        json.dumps({"schema": 2}),
        json.dumps({"schema": 1, "texts_sha256": ["abc"], "places": []}),
        json.dumps({"schema": 1, "texts_sha256": [], "places": "Dale"}),
    ],
)
def test_a_broken_record_is_refused(tmp_path, content):
    (tmp_path / "trained_on.json").write_text(content)
    with pytest.raises(InputError):
        load_trained_on(tmp_path)
