"""Agreement on published examples, on undefined cases, and from gold samples."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats import inter_rater

from hwbtext.errors import InputError
from hwbtext.evaluate.agreement import (
    Resampling,
    agreement,
    bias_index,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
    prevalence_index,
    with_coder,
)
from hwbtext.evaluate.agreement_ratings import read_ratings
from hwbtext.evaluate.agreement_statistics import measure
from hwbtext.gold import Coding, GoldMention, GoldSample, GoldUnit

# Krippendorff (2011), Computing Krippendorff's alpha-reliability, example C: 12 units, four
# coders. Gwet (2014), Handbook, takes the same table for missing codes.
KRIPPENDORFF = pd.DataFrame(
    {
        "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        "C": [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    }
)


# Fleiss (1971), table 1: 30 patients, six psychiatrists, five diagnoses; number of each.
FLEISS_COUNTS = [
    [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0],
    [2, 0, 4, 0, 0], [0, 0, 4, 0, 2], [2, 0, 3, 1, 0], [2, 0, 0, 4, 0], [0, 0, 0, 0, 6],
    [1, 0, 0, 5, 0], [1, 1, 0, 4, 0], [0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1],
    [0, 0, 5, 0, 1], [3, 0, 0, 1, 2], [5, 1, 0, 0, 0], [0, 2, 0, 4, 0], [1, 0, 2, 0, 3],
    [0, 0, 0, 0, 6], [0, 1, 0, 5, 0], [0, 2, 0, 1, 3], [2, 0, 0, 4, 0], [1, 0, 0, 4, 1],
    [0, 5, 0, 1, 0], [4, 0, 0, 0, 2], [0, 2, 0, 4, 0], [1, 0, 5, 0, 0], [0, 0, 0, 0, 6],
]  # fmt: skip


def from_counts(counts):
    """Any coder may have given any of the codes: Fleiss' table does not say which."""
    rows = [np.repeat(np.arange(len(row)), row).tolist() for row in counts]
    return pd.DataFrame(rows, columns=[f"coder {n}" for n in range(len(rows[0]))])


def from_confusion(confusion):
    pairs = [
        (row, column)
        for row, line in enumerate(confusion)
        for column, n in enumerate(line)
        for _ in range(n)
    ]
    return pd.DataFrame(pairs, columns=["first", "second"])


def two_by_two(yes_yes, yes_no, no_yes, no_no):
    table = from_confusion([[yes_yes, yes_no], [no_yes, no_no]])
    return table.replace({0: "yes", 1: "no"})


def test_krippendorff_2011_four_coders_with_missing_codes():
    figure = krippendorff_alpha(KRIPPENDORFF)
    assert figure.value == pytest.approx(904 / 1216, abs=1e-12)  # printed as .743
    assert (figure.n_units, figure.n_pairable, figure.n_coders) == (12, 11, 4)


def test_gwet_2014_four_coders_with_missing_codes():
    # Printed by irrCAC, Gwet's own package, for this table: 0.77544 and 0.76117.
    assert gwet_ac1(KRIPPENDORFF).value == pytest.approx(0.77544, abs=5e-6)
    assert fleiss_kappa(KRIPPENDORFF).value == pytest.approx(0.76117, abs=5e-6)


def test_fleiss_1971():
    table = from_counts(FLEISS_COUNTS)
    assert fleiss_kappa(table).value == pytest.approx(0.430, abs=5e-4)
    reference = inter_rater.fleiss_kappa(FLEISS_COUNTS)
    assert fleiss_kappa(table).value == pytest.approx(reference, abs=1e-12)


def test_cohen_1960():
    # Table 2: 200 units, po = .70, pe = .41, kappa = .492.
    confusion = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    table = from_confusion(confusion)
    assert cohen_kappa(table).value == pytest.approx((0.70 - 0.41) / (1 - 0.41), abs=1e-12)
    assert percent_agreement(table).value == pytest.approx(0.70, abs=1e-12)
    reference = inter_rater.cohens_kappa(confusion).kappa
    assert cohen_kappa(table).value == pytest.approx(reference, abs=1e-12)


@pytest.mark.parametrize(
    ("n", "first", "second", "both", "percent", "kappa"),
    [
        (1000, 100, 100, 50, 0.900, 0.4444),
        (1000, 125, 125, 50, 0.850, 0.3143),  # NVivo's own worked example
        (1000, 200, 200, 0, 0.600, -0.2500),
        (1000, 100, 100, 100, 1.000, 1.0000),
    ],
)
def test_text_that_nobody_coded_counts_and_chance_adds_its_terms(
    n, first, second, both, percent, kappa
):
    table = two_by_two(both, first - both, second - both, n - first - second + both)
    assert percent_agreement(table).value == pytest.approx(percent, abs=1e-12)
    assert cohen_kappa(table).value == pytest.approx(kappa, abs=5e-5)


def test_gwet_2008_two_coders_where_kappa_falls_below_nought():
    # 125 units, 118 both yes: kappa -.02, AC1 .94.
    table = two_by_two(118, 5, 2, 0)
    assert cohen_kappa(table).value == pytest.approx(-0.0234, abs=5e-5)
    share = (123 + 120) / 250
    chance = 2 * share * (1 - share)
    expected = (118 / 125 - chance) / (1 - chance)
    assert gwet_ac1(table).value == pytest.approx(expected, abs=1e-12)
    assert round(expected, 2) == 0.94


def test_gwet_2014_three_by_three():
    # Table of two abstractors (Gwet, 2014), as irrCAC, his own package, prints it.
    table = from_confusion([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
    assert cohen_kappa(table).value == pytest.approx(0.7964094, abs=5e-8)
    assert fleiss_kappa(table).value == pytest.approx(0.7962397, abs=5e-8)  # Scott's pi
    assert gwet_ac1(table).value == pytest.approx(0.8493305, abs=5e-8)


@pytest.mark.parametrize(
    ("cells", "kappa"),
    [
        # Feinstein and Cicchetti (1990), High agreement but low kappa: I. The same agreement,
        # kappa .70 where yes and no are as frequent, .32 where they are not.
        ((40, 9, 6, 45), 0.70),
        ((80, 10, 5, 5), 0.32),
        # And .13 or .26 as the coders' margins agree or not.
        ((45, 15, 25, 15), 0.13),
        ((25, 35, 5, 35), 0.26),
    ],
)
def test_byrt_1993_prevalence_and_bias_account_for_kappa(cells, kappa):
    table = two_by_two(*cells)
    a, b, c, d = cells
    prevalence, bias = prevalence_index(table, "yes").value, bias_index(table, "yes").value
    assert prevalence == pytest.approx((a - d) / 100, abs=1e-12)
    assert bias == pytest.approx(abs(b - c) / 100, abs=1e-12)
    found = cohen_kappa(table).value
    assert round(found, 2) == kappa
    # Byrt, Bishop and Carlin (1993): kappa from PABAK and the two indices.
    pabak = 2 * (a + d) / 100 - 1
    expected = (pabak - prevalence**2 + bias**2) / (1 - prevalence**2 + bias**2)
    assert found == pytest.approx(expected, abs=1e-12)


def test_prevalence_has_the_sign_of_the_code():
    table = two_by_two(2, 1, 1, 96)
    assert prevalence_index(table, "yes").value == pytest.approx(-0.94)
    assert prevalence_index(table, "no").value == pytest.approx(0.94)


def test_kappa_is_of_the_units_that_both_coded():
    table = pd.DataFrame(
        {"a": ["x", "x", "y", "y", None, "x"], "b": ["x", "y", "y", "y", "x", None]}
    )
    both = table.dropna()
    assert cohen_kappa(table).value == pytest.approx(cohen_kappa_score(both["a"], both["b"]))
    assert (cohen_kappa(table).n_units, cohen_kappa(table).n_pairable) == (6, 4)


def test_the_mean_over_pairs_leaves_out_pairs_without_a_kappa():
    # a and b say x only where both coded; c tells them apart.
    table = pd.DataFrame(
        {
            "a": ["x", "x", "x", "y"],
            "b": ["x", "x", None, None],
            "c": ["x", None, "x", "y"],
        }
    )
    assert cohen_kappa(table).value == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ({"a": ["x", "y"]}, "fewer than two coders (1)"),
        ({"a": ["x", "y"], "b": [None, None]}, "fewer than two coders (1)"),
        ({"a": ["x", None], "b": [None, "y"]}, "no unit has two codes"),
        ({"a": ["x", "x"], "b": ["x", "x"]}, "only one category is used"),
        (
            {"a": ["x", "x", "y"], "b": ["x", "x", None]},
            "only one category is used where two coders coded",
        ),
    ],
)
def test_an_undefined_alpha_is_none_and_says_why(table, reason):
    figure = krippendorff_alpha(pd.DataFrame(table, dtype=object))
    assert figure.value is None
    assert figure.reason == reason


def test_percent_is_defined_where_chance_is_not():
    table = pd.DataFrame({"a": ["x", "x"], "b": ["x", "x"]})
    assert percent_agreement(table).value == 1.0
    for statistic in (cohen_kappa, fleiss_kappa, gwet_ac1, krippendorff_alpha):
        assert statistic(table).value is None
    # With the scheme known, AC1 has a chance term: coders could have said y.
    assert gwet_ac1(table, labels=["x", "y"]).value == 1.0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cohen_kappa([["x", "y"]]), "DataFrame"),
        (lambda: cohen_kappa(pd.DataFrame([["x", "y"]], columns=["a", "a"])), "one column"),
        (lambda: cohen_kappa(pd.DataFrame({"a": ["x"], "b": ["z"]}), labels=["x", "y"]), "z"),
        (lambda: prevalence_index(pd.DataFrame({"a": ["x"], "b": ["x"]}), "q"), "'q'"),
        (lambda: read_ratings(pd.DataFrame({"a": ["x"]}), clusters=[1, 2]), "Got 2"),
        (lambda: Resampling(n_resamples=-1), "-1"),
    ],
)
def test_wrong_arguments_are_named(call, words):
    with pytest.raises(InputError, match=words):
        call()


def test_intervals_resample_documents_and_not_units():
    # Ten documents of 20 like units each: resampled by unit the interval would be far narrower.
    rows = [
        {"a": "x" if document % 2 else "y", "b": "x" if document % 3 else "y"}
        for document in range(12)
        for _ in range(20)
    ]
    table = pd.DataFrame(rows)
    documents = [number // 20 for number in range(len(rows))]

    def width(clusters):
        ratings = read_ratings(table, clusters=clusters)
        (figure, *_) = measure(ratings, Resampling(500, seed=1))
        assert figure.low < figure.value < figure.high
        return figure.high - figure.low

    assert width(documents) > 3 * width(None)


def test_there_is_no_interval_where_none_can_be_told():
    table = pd.DataFrame({"a": ["x", "y", "x"], "b": ["x", "y", "x"]})
    one_document = measure(read_ratings(table, clusters=[1, 1, 1]), Resampling(100))[0]
    assert (one_document.low, one_document.high) == (None, None)
    assert "fewer than two clusters" in one_document.reason_interval
    never_differ = measure(read_ratings(table), Resampling(100))[0]
    assert never_differ.value == 1.0
    assert never_differ.low is None
    assert never_differ.reason_interval == "every resample gives the same value"
    rare = pd.DataFrame({"a": ["y"] + ["x"] * 9, "b": ["y"] + ["x"] * 9})
    kappa = measure(read_ratings(rare), Resampling(200))[1]
    assert kappa.value == 1.0
    assert "undefined in" in kappa.reason_interval


def coding(outcome, *mentions, subtype=None):
    return Coding(outcome, subtype, None, None, tuple(mentions))


def mention(category, polarity, start, end):
    return GoldMention(category, polarity, start, end, TEXT[start:end])


TEXT = "The Director would lead the work and report progress to the Board in March."


def unit(number, coders, *, place="Ambridge", doc=None, restated=False, stratum="random"):
    return GoldUnit(
        id=f"u{number}", text=TEXT, place=place, site="Board", year=2020, item=None,
        stratum=stratum, coders=tuple(coders.items()), agreed=None, doc=doc, restated=restated,
    )  # fmt: skip


def sample(*units, annotators="people"):
    return GoldSample("invented", tuple(units), annotators)


def test_outcome_by_code_place_and_pair():
    codes = [
        ("process", "process", "process"),
        ("none", "none", "process"),
        ("tangible", "tangible", None),
        ("none", "process", "none"),
    ]
    units = [
        unit(n, dict(zip("abc", map(coding, row), strict=True)), place=place, doc=f"{n}.pdf")
        for n, (row, place) in enumerate(
            zip(codes, ["Ambridge", "Ambridge", "Borchester", "Borchester"], strict=True)
        )
    ]
    report = agreement(sample(*units), "outcome", n_resamples=50)
    table = pd.DataFrame(codes, columns=["a", "b", "c"])
    assert report.find("krippendorff_alpha").value == krippendorff_alpha(table).value
    assert report.find("percent_agreement", coders="a · b").value == 0.75
    assert report.find("percent_agreement", coders="b · c").n_pairable == 3
    assert report.find("percent_agreement", by="place", group="Borchester").n_pairable == 2
    rest = table.map(lambda code: code if pd.isna(code) or code == "process" else "rest")
    alone = report.find("cohen_kappa", code="process")
    assert alone.value == pytest.approx(cohen_kappa(rest).value)
    assert report.find("prevalence_index", code="process").value is not None
    assert report.find("prevalence_index") is None  # all codes together have none
    frame = report.to_frame()
    assert {"statistic", "value", "low", "high", "n_pairable", "reason"} <= set(frame.columns)
    assert len(frame) == len(report.rows)
    content = json.loads(report.to_json())
    assert content["annotators"] == "people"
    assert len(content["figures"]) == len(report.rows)
    assert report.clusters == "document"


def test_ac1_knows_the_three_outcomes_though_two_are_used():
    units = [unit(n, {"a": coding("none"), "b": coding(code)}) for n, code in
             enumerate(["none", "none", "process"])]  # fmt: skip
    table = pd.DataFrame({"a": ["none"] * 3, "b": ["none", "none", "process"]})
    found = agreement(sample(*units), "outcome", n_resamples=0).find("gwet_ac1").value
    assert found == gwet_ac1(table, labels=["process", "tangible", "none"]).value
    assert found != gwet_ac1(table).value


def test_mentions_presence_polarity_and_spans():
    own = "ownership"
    units = [
        unit(1, {"a": coding("none", mention(own, "affirmed", 0, 30)),
                 "b": coding("none", mention(own, "lacking", 40, 60))}),
        unit(2, {"a": coding("none", mention(own, "affirmed", 0, 30)),
                 "b": coding("none")}),
        unit(3, {"a": coding("none"), "b": coding("none")}),
        unit(4, {"a": coding(None), "b": coding("none")}),
    ]  # fmt: skip
    report = agreement(sample(*units), "mentions", n_resamples=0)
    presence = report.find("percent_agreement", measure="presence", category=own)
    assert presence.value == pytest.approx(2 / 3)
    assert (presence.n_units, presence.n_pairable) == (4, 3)  # a left the fourth blank
    polarity = report.find("percent_agreement", measure="polarity", category=own)
    assert (polarity.value, polarity.n_pairable) == (0.0, 1)
    spans = report.find("alpha_u", measure="spans", category=own)
    assert spans.value < 0
    assert spans.n_pairable == 3


def test_several_mentions_of_one_coder_are_matched_by_overlap():
    own = "ownership"
    both = {
        "a": coding("none", mention(own, "affirmed", 0, 20), mention(own, "lacking", 40, 60)),
        "b": coding("none", mention(own, "lacking", 45, 70)),
    }
    report = agreement(sample(unit(1, both)), "mentions", n_resamples=0)
    figure = report.find("percent_agreement", measure="polarity", category=own)
    assert (figure.value, figure.n_units, figure.n_pairable) == (1.0, 2, 1)


def test_a_coder_of_mentions_alone_has_found_none_where_there_are_none():
    own = mention("ownership", "affirmed", 0, 30)
    units = [unit(1, {"a": coding(None, own), "b": coding(None, own)}),
             unit(2, {"a": coding(None), "b": coding(None)})]  # fmt: skip
    report = agreement(sample(*units), "mentions", n_resamples=0)
    assert report.find("percent_agreement", measure="presence").n_pairable == 2
    assert report.find("cohen_kappa", measure="presence").value == 1.0


def test_restated_passages_are_never_pooled_with_others():
    units = [
        unit(1, {"a": coding("none"), "b": coding("none")}, restated=True),
        unit(2, {"a": coding("none"), "b": coding("process")}),
    ]
    report = agreement(sample(*units), "outcome", n_resamples=0)
    assert report.find("percent_agreement", text="restated").value == 1.0
    assert report.find("percent_agreement", text="not restated").value == 0.0
    assert {row.text for row in report.rows} == {"restated", "not restated"}
    assert all(row.figure.n_units == 1 for row in report.rows)
    assert any("measured apart" in warning for warning in report.warnings)


def test_where_no_document_is_known_places_are_resampled():
    both = {"a": coding("none"), "b": coding("process")}
    same = {"a": coding("none"), "b": coding("none")}
    places = agreement(sample(*(unit(n, both if n % 2 else same, place=f"P{n % 2}")
                                for n in range(8))), n_resamples=10)  # fmt: skip
    assert places.clusters == "place"
    assert places.find("percent_agreement").n_clusters == 2
    mixed = agreement(sample(unit(1, both, doc="a.pdf"), unit(2, same)), n_resamples=10)
    assert "1 of 2 passages" in mixed.clusters


def test_warnings_explain_the_kappa_paradox_and_name_bias_and_draw():
    common = {"a": coding("none"), "b": coding("none")}
    units = [unit(n, common, doc=f"{n}") for n in range(46)]
    units += [unit(n, {"a": coding("none"), "b": coding("process")}, doc=f"{n}")
              for n in range(46, 48)]  # fmt: skip
    units += [unit(n, {"a": coding("process"), "b": coding("none")}, doc=f"{n}", stratum="cue-x")
              for n in range(48, 50)]  # fmt: skip
    found = " ".join(agreement(sample(*units), n_resamples=0).warnings)
    assert "kappa paradox" in found
    assert "2 of 50 passages were not drawn at random (cue-x)" in found
    assert "differ in how often" not in found
    lean = [unit(n, {"a": coding("none"), "b": coding("process" if n < 15 else "none")})
            for n in range(40)]  # fmt: skip
    assert any("differ in how often" in w for w in agreement(sample(*lean), n_resamples=0).warnings)


@pytest.mark.parametrize(
    ("annotators", "words"),
    [("model-annotated", "not people"), ("unknown", "does not say who"), ("people", None)],
)
def test_warnings_say_who_coded(annotators, words):
    both = {"a": coding("none"), "b": coding("process")}
    units = [unit(n, both) for n in range(40)]
    found = " ".join(agreement(sample(*units, annotators=annotators), n_resamples=0).warnings)
    assert words in found if words else "language models" not in found


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"task": "topics"}, "topics"),
        ({"by": "place"}, "list of fields"),
        ({"by": ("colour",)}, "colour"),
        ({"task": "mentions"}, "marked a mention"),
    ],
)
def test_wrong_questions_are_refused(arguments, words):
    gold = sample(unit(1, {"a": coding("none"), "b": coding("none")}))
    with pytest.raises(InputError, match=words):
        agreement(gold, **arguments)


def test_one_coder_is_refused_with_the_cure():
    with pytest.raises(InputError, match="second coder"):
        agreement(sample(unit(1, {"a": coding("none")})))


def test_the_same_sample_gives_the_same_report_whatever_its_order():
    units = [
        unit(n, {"a": coding("none"), "b": coding("process" if n % 3 else "none")}, doc=f"{n % 5}")
        for n in range(20)
    ]
    forth = agreement(sample(*units), n_resamples=100, seed=3)
    back = agreement(sample(*reversed(units)), n_resamples=100, seed=3)
    assert forth.to_json() == back.to_json()


def test_a_model_may_sit_in_as_a_coder():
    gold = sample(*(unit(n, {"a": coding("none"), "b": coding("none")}) for n in range(3)))
    more = with_coder(gold, "model", [coding("none"), coding("process"), None])
    report = agreement(more, n_resamples=0)
    assert more.annotators == "mixed"
    assert report.find("percent_agreement", coders="a · model").value == 0.5
    assert report.find("percent_agreement", coders="a · model").n_pairable == 2
    assert with_coder(gold, "c", [None] * 3, person=True).annotators == "people"
    with pytest.raises(InputError, match="'a'"):
        with_coder(gold, "a", [None] * 3)
    with pytest.raises(InputError, match="Got 1"):
        with_coder(gold, "c", [None])


def test_codes_that_the_codebook_lacks_are_those_that_were_used():
    units = [unit(n, {"a": coding("alpha"), "b": coding(code)}) for n, code in
             enumerate(["alpha", "alpha", "beta"])]  # fmt: skip
    table = pd.DataFrame({"a": ["alpha"] * 3, "b": ["alpha", "alpha", "beta"]})
    report = agreement(sample(*units), n_resamples=0)
    assert report.find("gwet_ac1").value == gwet_ac1(table).value
    assert {row.code for row in report.rows} == {None, "alpha", "beta"}
