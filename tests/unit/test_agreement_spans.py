"""Alpha for unitizing: published examples of the older, hand-worked ones of the newer."""

import pytest

from hwbtext.errors import InputError
from hwbtext.evaluate.agreement_figures import Resampling
from hwbtext.evaluate.agreement_spans import alpha_u, alpha_u_1995, disagreement_1995

# Krippendorff (1995), On the reliability of unitizing contiguous data, page 57: two observers,
# 24 positions; the observed disagreements are printed there.
EXAMPLES_1995 = {
    "A": ([(2, 10), (14, 20)], [(4, 8), (15, 17)], 0.03125),
    "B": ([(0, 18)], [(0, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 9), (9, 10)], 2.26736),
    "C": ([(2, 8), (10, 12), (14, 18), (20, 22)],
          [(0, 2), (4, 8), (10, 14), (16, 18), (20, 22)], 0.02777),
    "D": ([(0, 2), (2, 10), (10, 14), (14, 20), (20, 24)],
          [(0, 4), (4, 8), (8, 15), (15, 17), (17, 24)], 0.38715),
}  # fmt: skip

# Krippendorff (2004), Content Analysis, 2nd ed., page 254: positions 150 to 450.
EXAMPLE_2004 = {
    "c": {"i": [(75, 145), (220, 250)], "j": [(70, 150), (205, 225), (250, 270)]},
    "k": {"i": [(30, 90), (150, 200)], "j": [(30, 90), (150, 200)]},
}


@pytest.mark.parametrize("name", EXAMPLES_1995)
def test_observed_disagreement_of_krippendorff_1995(name):
    first, second, printed = EXAMPLES_1995[name]
    observed, _ = disagreement_1995({"i": first, "j": second}, 24)
    assert observed == pytest.approx(printed, abs=1e-5)


def test_krippendorff_2004():
    observed, expected = disagreement_1995(EXAMPLE_2004["c"], 300)
    assert observed == pytest.approx(0.0144, abs=5e-5)
    assert expected == pytest.approx(0.0532, abs=5e-5)
    assert alpha_u_1995(EXAMPLE_2004["c"], 300) == pytest.approx(0.7286, abs=5e-5)
    assert disagreement_1995(EXAMPLE_2004["k"], 300) == (0.0, pytest.approx(0.0490, abs=5e-5))
    both = [disagreement_1995(EXAMPLE_2004[name], 300) for name in "ck"]
    alpha = 1 - sum(o for o, _ in both) / sum(e for _, e in both)
    assert alpha == pytest.approx(0.8591, abs=5e-4)


def test_alpha_u_by_hand():
    # Ten characters. a marks [0, 4), b marks [2, 6): they differ on 4 of 10 characters.
    # Inside 8, outside 12, of 20; pairs by chance 20 * 20 less 4² + 4² of the two spans and 12
    # of the characters outside, each with itself: 356; 2 * 8 * 12 of them differ.
    expected = 1 - (4 / 10) / (2 * 8 * 12 / 356)
    assert alpha_u([{"a": [(0, 4)], "b": [(2, 6)]}], [10]).value == pytest.approx(expected)


def test_three_coders_by_hand():
    # Ten characters; a and b mark [0, 5), c nothing: of the three pairs of coders two differ on
    # five characters, each counted from both sides, over m - 1 = 2.
    differing = 2 * (2 * 5) / 2 / 30
    by_chance = 2 * 10 * 20 / (30 * 30 - (25 + 25 + 20))
    found = alpha_u([{"a": [(0, 5)], "b": [(0, 5)], "c": []}], [10])
    assert found.value == pytest.approx(1 - differing / by_chance)
    assert found.n_coders == 3


def test_texts_that_one_coder_read_fall_out():
    read = {"a": [(0, 4)], "b": [(2, 6)]}
    alone = alpha_u([read], [10])
    more = alpha_u([read, {"a": [(0, 9)]}, {}], [10, 10, 10])
    assert more.value == alone.value
    assert (more.n_units, more.n_pairable) == (2, 1)


def test_texts_without_a_span_count():
    read = {"a": [(0, 4)], "b": [(2, 6)]}
    none = {"a": [], "b": []}
    assert alpha_u([read, none], [10, 50]).value > alpha_u([read], [10]).value


def test_spans_that_overlap_are_one_and_those_that_touch_two():
    other = {"b": [(0, 8)]}
    joined = alpha_u([{"a": [(0, 5), (3, 8)], **other}], [20]).value
    assert joined == 1.0
    apart = alpha_u([{"a": [(0, 4), (4, 8)], "b": [(2, 8)]}], [20]).value
    whole = alpha_u([{"a": [(0, 8)], "b": [(2, 8)]}], [20]).value
    assert apart != whole


@pytest.mark.parametrize(
    ("spans", "lengths", "reason"),
    [
        ([{"a": [], "b": []}], [9], "nobody marked a span"),
        ([{"a": [(0, 9)], "b": [(0, 9)]}], [9], "all coders marked all of the text"),
        ([{"a": [(0, 9)]}], [9], "fewer than two coders (1)"),
        ([{"a": [(0, 9)]}, {"b": []}], [9, 9], "no text was read by two coders"),
    ],
)
def test_undefined_is_none_with_the_reason(spans, lengths, reason):
    figure = alpha_u(spans, lengths)
    assert (figure.value, figure.reason) == (None, reason)


def test_the_interval_resamples_documents():
    spans = [{"a": [(0, 4)], "b": [(number % 3, 4 + number % 2)]} for number in range(12)]
    figure = alpha_u(
        spans, [20] * 12, clusters=[n // 2 for n in range(12)], resampling=Resampling(200)
    )
    assert figure.low < figure.value < figure.high
    assert figure.n_clusters == 6
    one = alpha_u(spans, [20] * 12, clusters=[0] * 12, resampling=Resampling(200))
    assert one.low is None


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: alpha_u([{"a": [(3, 3)]}], [9]), r"\[3, 3\)"),
        (lambda: alpha_u([{"a": [(0, 10)]}], [9]), "9 characters"),
        (lambda: alpha_u([{}], [9, 9]), "2 lengths"),
        (lambda: alpha_u([{}], [9], clusters=[1, 2]), "2 clusters"),
        (lambda: alpha_u_1995({"a": [(0, 2)]}, 9), "two coders"),
    ],
)
def test_wrong_arguments_are_named(call, words):
    with pytest.raises(InputError, match=words):
        call()
