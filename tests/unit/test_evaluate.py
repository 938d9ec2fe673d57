"""Evaluation: the figures are right, the parts stay apart, and every leak is named."""

import json
import subprocess
import sys

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, matthews_corrcoef
from sklearn.pipeline import make_pipeline

from hwbtext.errors import InputError
from hwbtext.evaluate import (
    KeywordOutcomeClassifier,
    TrainedOn,
    compare,
    evaluate,
    find_near_duplicates,
)
from hwbtext.gold import Coding, GoldMention, GoldSample, GoldUnit
from hwbtext.outcomes import LexiconOutcomeClassifier

OUTCOMES = ("process", "tangible", "none")
TEXTS = {
    "process": "RESOLVED - That the {0} report of the {1} be noted.",
    "tangible": "Waiting times at the {0} clinic of {1} had fallen since the spring.",
    "none": "Members spoke of the {0} weather and of {1}.",
}


def coding(outcome, mentions=()):
    return Coding(outcome, None, None, None, tuple(mentions))


def unit(number, place, outcome, text=None, *, stratum="random", coders=None, **more):
    text = text or TEXTS[outcome].format(f"w{number}x", f"w{number}y")
    return GoldUnit(
        id=f"u{number}",
        text=text,
        place=place,
        site=place,
        year=2020,
        item=None,
        stratum=stratum,
        coders=coders or (("a", coding(outcome)), ("b", coding(outcome))),
        agreed=coding(outcome),
        **more,
    )


def sample(*units, annotators="people"):
    return GoldSample("invented", units, annotators)


def board(n=40, places=("Dale", "Port", "Moor", "Ford"), **more):
    return sample(*(unit(i, places[i % len(places)], OUTCOMES[i % 3], **more) for i in range(n)))


class Says:
    """Says for each text what it was told; abstains on other texts."""

    def __init__(self, answers):
        self.answers = answers

    def predict(self, texts):
        return [self.answers.get(text) for text in texts]


class Sure(Says):
    classes_ = OUTCOMES

    def predict_proba(self, texts):
        rows = np.full((len(texts), 3), 0.1)
        for row, label in zip(rows, self.predict(texts), strict=True):
            row[OUTCOMES.index(label)] = 0.8
        return rows


def answers(gold, wrong=()):
    """The right answer for each passage, but for those by number in ``wrong``."""
    return {
        u.text: OUTCOMES[(OUTCOMES.index(u.agreed.outcome) + (i in wrong)) % 3]
        for i, u in enumerate(gold.units)
    }


def learner():
    return make_pipeline(CountVectorizer(), LogisticRegression())


# ---- figures -------------------------------------------------------------------------------


def test_the_figures_are_those_of_scikit_learn():
    gold = board(60)
    said = answers(gold, wrong={0, 1, 5, 11, 30, 31, 44})
    result = evaluate(Says(said), gold, trained_on=TrainedOn())
    truth = [u.agreed.outcome for u in gold.units]
    guess = [said[u.text] for u in gold.units]
    scores = result.headline.scores
    assert scores.macro_f1 == pytest.approx(f1_score(truth, guess, average="macro"), abs=1e-12)
    assert scores.mcc == pytest.approx(matthews_corrcoef(truth, guess), abs=1e-12)
    assert scores.accuracy == pytest.approx(53 / 60)
    low, high = scores.macro_f1_95
    assert low < scores.macro_f1 < high
    assert (scores.n, scores.n_places) == (60, 4)


def test_what_is_undefined_is_none():
    gold = sample(unit(0, "Dale", "none"), unit(1, "Port", "none"))
    scores = evaluate(Says(answers(gold)), gold, trained_on=TrainedOn()).headline.scores
    assert scores.mcc is None
    assert scores.macro_f1_95 is None
    assert scores.ece is None
    assert scores.abstention is None
    tangible = scores.per_class["tangible"]
    assert (tangible.precision, tangible.recall, tangible.f1, tangible.n) == (None, None, None, 0)
    assert scores.macro_f1 == 1.0  # over the one class there is


def test_an_abstention_is_a_miss_and_no_wrong_answer():
    gold = board(40)
    said = answers(gold)
    del said[gold.units[0].text]
    scores = evaluate(Says(said), gold, trained_on=TrainedOn()).headline.scores
    assert scores.n_abstained == 1
    assert scores.accuracy == 39 / 40
    assert scores.per_class["process"].precision == 1.0
    assert scores.per_class["process"].recall == 13 / 14
    assert scores.confusion[0] == (13, 0, 0, 1)


def test_fewer_than_thirty_are_not_measurable_in_text_and_page_and_noted_in_json():
    gold = board(40)
    result = evaluate(Says(answers(gold)), gold, trained_on=TrainedOn())
    cell = json.loads(result.to_json())["per_class"]["tangible"]
    assert cell["note"] == "not measurable, n = 13"
    assert "not measurable, n = 13" in result.to_html()
    whole = board(90)
    result = evaluate(Says(answers(whole)), whole, trained_on=TrainedOn())
    assert "not measurable" not in result.to_html()


def test_calibration_is_the_gap_between_score_and_accuracy():
    gold = board(40)
    result = evaluate(Sure(answers(gold, wrong=set(range(8)))), gold, trained_on=TrainedOn())
    assert result.headline.scores.ece == pytest.approx(0.0)  # says 0.8, and is right in 32 of 40
    result = evaluate(Sure(answers(gold)), gold, trained_on=TrainedOn())
    assert result.headline.scores.ece == pytest.approx(0.2)


def test_cue_drawn_passages_are_scored_apart_without_rate_or_calibration():
    random, cued = board(40).units, board(31, stratum="cue-tangible").units
    cued = tuple(
        unit(100 + i, u.place, u.agreed.outcome, stratum="cue-tangible") for i, u in enumerate(cued)
    )
    gold = sample(*random, *cued)
    result = evaluate(Sure(answers(gold)), gold, trained_on=TrainedOn())
    first, second = result.parts
    assert (first.scores.n, second.scores.n) == (40, 31)
    assert first.scores.ece is not None
    assert first.shares is not None
    assert second.scores.ece is None
    assert second.scores.reliability is None
    assert second.shares is None
    assert json.loads(result.to_json())["n"] == 40


def test_restated_and_verbatim_are_never_pooled():
    other = [unit(100 + i, "Dale", "none", restated=True) for i in range(7)]
    gold = sample(*board(10).units, *other)
    result = evaluate(Says(answers(gold)), gold, trained_on=TrainedOn())
    assert [(p.key.restated, p.scores.n) for p in result.parts] == [(False, 10), (True, 7)]


def test_passages_picked_for_training_are_no_probability_sample():
    gold = sample(*board(10).units, unit(90, "Dale", "none", pool="training", prob=0.5))
    result = evaluate(Says(answers(gold)), gold, trained_on=TrainedOn())
    assert [p.key.drawn for p in result.parts] == ["probability", "picked"]


def test_the_coders_are_the_ceiling_and_the_baselines_stand_beside():
    apart = (("a", coding("none")), ("b", coding("process")))
    gold = sample(*board(39).units, unit(39, "Dale", "none", coders=apart))
    part = evaluate(LexiconOutcomeClassifier(), gold).headline
    truth = [u.agreed.outcome for u in gold.units]
    second = [dict(u.coders)["b"].outcome for u in gold.units]
    assert part.ceiling == pytest.approx(f1_score(truth, second, average="macro"))
    assert part.ceiling < 1
    assert set(part.baselines) == {"majority", "keyword"}
    assert part.baselines["keyword"].macro_f1 is not None


def test_the_majority_is_learnt_from_the_other_places():
    # Dale has most passages, all process; from the others nobody would say process.
    units = [unit(i, "Dale", "process") for i in range(9)]
    units += [unit(20 + i, place, "none") for i, place in enumerate(("Port", "Moor", "Ford"))]
    part = evaluate(LexiconOutcomeClassifier(), sample(*units)).headline
    assert part.baselines["majority"].confusion[0][0] == 0
    one = sample(*(u for u in units if u.place == "Dale"))
    assert evaluate(LexiconOutcomeClassifier(), one).headline.baselines["majority"] is None


def test_mistakes_are_quoted_the_most_confident_first():
    gold = board(12)
    result = evaluate(Sure(answers(gold, wrong={3})), gold, trained_on=TrainedOn())
    (mistake,) = result.mistakes()
    assert (mistake.id, mistake.gold, mistake.predicted, mistake.score) == (
        "u3",
        "process",
        "tangible",
        pytest.approx(0.8),
    )
    assert mistake.text == gold.units[3].text
    assert mistake.text in result.to_html()


def test_passages_without_an_agreed_coding_are_counted_and_not_scored():
    unsure = GoldUnit(
        "x", "Undecided.", "Dale", "Dale", None, None, "random",
        (("a", coding("none")), ("b", coding("process"))), None,
    )  # fmt: skip
    result = evaluate(LexiconOutcomeClassifier(), sample(*board(9).units, unsure))
    assert (result.headline.scores.n, result.n_uncoded) == (9, 1)
    with pytest.raises(InputError, match="agreed outcome"):
        evaluate(LexiconOutcomeClassifier(), sample(unsure))


def test_json_has_the_keys_that_scripts_rely_on_and_no_nan():
    content = json.loads(
        evaluate(LexiconOutcomeClassifier(), board(40)).to_json(),
        parse_constant=lambda name: pytest.fail(name),
    )
    assert content.keys() >= {
        "n", "n_places", "macro_f1", "macro_f1_95", "per_class", "accuracy", "ece",
        "n_seen_in_training", "in_sample",
    }  # fmt: skip
    assert content["per_class"]["none"].keys() >= {"precision", "recall", "f1", "n"}
    assert (content["n_seen_in_training"], content["in_sample"]) == (0, False)


def test_the_page_escapes_and_loads_nothing():
    bad = unit(0, "<b>Dale</b>", "process", "<script>alert(1)</script> nothing \x00 noted here")
    gold = sample(bad, *board(8).units[1:])
    page = evaluate(Says({}), gold, trained_on=TrainedOn()).to_html()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<b>Dale" not in page
    assert "\x00" not in page
    assert "default-src 'none'" in page
    assert "script-src" not in page


def test_the_frame_has_a_row_for_each_figure():
    frame = evaluate(LexiconOutcomeClassifier(), board(40), name="lexicon").to_frame()
    row = frame[(frame.model == "lexicon") & (frame.measure == "macro_f1")]
    assert len(row) == 1
    assert set(frame.model) == {"lexicon", "majority", "keyword", "a against b"}


def test_the_same_call_gives_the_same_bytes():
    first, second = (evaluate(learner(), board(24), split="random").to_json() for _ in range(2))
    assert first == second


def test_different_probabilities_are_said_not_to_be_weighed():
    even = sample(*(unit(i, "Dale", "none", prob=0.1) for i in range(4)))
    odd = sample(*(unit(i, "Dale", "none", prob=0.1 * (i + 1)) for i in range(4)))
    assert not any("weights" in note for note in evaluate(Says({}), even).notes)
    assert any("weights" in note for note in evaluate(Says({}), odd).notes)


# ---- folds ---------------------------------------------------------------------------------


def test_a_place_is_judged_by_a_classifier_that_has_not_seen_it():
    learned = []

    class Spy(DummyClassifier):
        def fit(self, texts, labels):
            learned.append(set(texts))
            return super().fit(texts, labels)

    gold = board(20)
    result = evaluate(Spy(), gold)
    assert result.split == "leave-one-place-out"
    by_place = {p: {u.text for u in gold.units if u.place == p} for p in gold.places}
    assert len(learned) == 4
    for train in learned:
        assert sum(not train & texts for texts in by_place.values()) == 1
    assert result.leaks == ()


def test_a_random_split_is_labelled_in_every_form():
    from hwbtext.evaluate.terminal import as_text

    result = evaluate(learner(), board(24), split="random")
    assert result.split == "random"
    assert {leak.kind for leak in result.leaks} == {"place"}
    for form in (result.to_json(), result.to_html(), as_text(result)):
        assert "RANDOM SPLIT" in form


@pytest.mark.parametrize(
    ("split", "said"),
    [
        (None, "needs a split"),
        ("by year", "Got 'by year'"),
        ([((0, 1), (1, 2))], "judged by"),
        ([((0, 1), (2, 3))], "must judge every"),
        ([((0,), (99,))], "positions"),
    ],
)
def test_a_split_that_does_not_fit_is_refused(split, said):
    with pytest.raises(InputError, match=said):
        evaluate(learner(), board(24), split=split)


def test_one_place_cannot_be_left_out():
    with pytest.raises(InputError, match="two places or more"):
        evaluate(learner(), board(9, places=("Dale",)))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (object(), "predict"),
        (Says({TEXTS["none"].format("w2x", "w2y"): "other"}), "none of the labels"),
        (Says({TEXTS["none"].format("w2x", "w2y"): 3}), "Labels are strings"),
    ],
)
def test_a_classifier_that_does_not_fit_is_refused(wrong, said):
    with pytest.raises(InputError, match=said):
        evaluate(wrong, board(9))


def test_an_unknown_task_is_refused():
    with pytest.raises(InputError, match="'topics'"):
        evaluate(LexiconOutcomeClassifier(), board(9), "topics")


def test_labels_follow_the_gold_of_another_codebook():
    units = [unit(i, p, c, text=f"text {i}") for i, (p, c) in enumerate([("A", "x"), ("B", "y")])]
    gold = sample(*units)
    result = evaluate(Says({"text 0": "x", "text 1": "y"}), gold, trained_on=TrainedOn())
    assert result.labels == ("x", "y")
    assert result.headline.baselines["keyword"] is None


# ---- leaks ---------------------------------------------------------------------------------


def test_a_model_scored_on_its_training_file_is_in_sample_everywhere():
    from hwbtext.evaluate.terminal import as_text

    gold = board(40)
    fitted = learner().fit(list(gold.texts), list(gold.labels))
    record = TrainedOn.of(gold.texts, gold.places)
    result = evaluate(fitted, gold, trained_on=record)
    content = json.loads(result.to_json())
    assert (content["in_sample"], content["n_seen_in_training"], content["n"]) == (True, 40, 40)
    assert "IN-SAMPLE" in result.to_html()
    assert "IN-SAMPLE" in as_text(result)
    assert {leak.kind for leak in result.leaks} == {"seen-text", "place"}
    fresh = evaluate(fitted, gold, trained_on=TrainedOn())
    for form in (fresh.to_json(), fresh.to_html(), as_text(fresh)):
        assert "IN-SAMPLE" not in form


def test_unseen_passages_are_the_headline_where_some_were_trained_on():
    gold = board(40)
    seen = gold.units[:5]
    record = TrainedOn.of((u.text.upper() for u in seen), ["Elsewhere"])
    result = evaluate(Says(answers(gold, wrong=set(range(5)))), gold, trained_on=record)
    assert (result.headline.scores.n, result.n_seen_in_training, result.in_sample) == (35, 5, False)
    assert result.headline.scores.accuracy == 1.0
    assert result.parts[1].key.name.startswith("IN-SAMPLE")
    assert result.parts[1].scores.accuracy == 0.0
    assert {leak.unit_id for leak in result.leaks} == {u.id for u in seen}


def test_a_fitted_model_of_unknown_training_is_not_called_unseen():
    gold = board(24)
    result = evaluate(learner().fit(list(gold.texts), list(gold.labels)), gold)
    assert result.in_sample is None
    assert result.n_seen_in_training is None
    assert any("UNKNOWN TRAINING" in note for note in result.notes)


def test_a_passage_of_the_test_place_in_training_is_named():
    gold = board(24)
    folds = [(range(13, 24), range(12)), (range(12), range(12, 24))]
    result = evaluate(learner(), gold, split=folds)
    named = {leak.place for leak in result.leaks if leak.kind == "place"}
    assert named == {"Dale", "Port", "Moor", "Ford"}
    other = TrainedOn.of(["Something else."], ["Port"])
    (leak,) = evaluate(Says({}), gold, trained_on=other).leaks
    assert (leak.kind, leak.place, leak.n) == ("place", "Port", 6)


LONG = (
    "The Board received the annual report of the Director of Public Health and asked that the "
    "chapter on damp housing be sent to the housing forum before {} meets"
)


def test_a_near_duplicate_in_another_fold_is_named():
    gold = sample(
        *board(12).units,
        unit(50, "Dale", "process", LONG.format("it next")),
        unit(51, "Port", "process", LONG.format("it")),
    )
    result = evaluate(learner(), gold)
    near = [leak for leak in result.leaks if leak.kind == "near-duplicate"]
    assert {(leak.unit_id, leak.other_id) for leak in near} == {("u50", "u51"), ("u51", "u50")}
    assert all(leak.similarity > 0.6 for leak in near)
    assert any(note.startswith("NEAR-DUPLICATES: 2") for note in result.notes)


def test_near_duplicates_in_one_place_are_no_leak():
    gold = sample(
        *board(12).units,
        unit(50, "Dale", "process", LONG.format("it next")),
        unit(51, "Dale", "process", LONG.format("it")),
    )
    assert evaluate(learner(), gold).leaks == ()


def test_the_very_text_in_another_place_is_seen_and_leaves_the_headline():
    gold = sample(
        *board(12).units,
        unit(50, "Dale", "process", "That the report be NOTED."),
        unit(51, "Port", "process", "That the  report be noted."),
    )
    result = evaluate(learner(), gold)
    assert {leak.unit_id for leak in result.leaks if leak.kind == "seen-text"} == {"u50", "u51"}
    assert (result.headline.scores.n, result.n_seen_in_training) == (12, 2)


def test_a_near_duplicate_in_the_training_file_is_named():
    gold = sample(*board(12).units, unit(50, "Dale", "process", LONG.format("it next")))
    training = sample(unit(90, "Hill", "process", LONG.format("it")))
    result = evaluate(Says({}), gold, training=training)
    (leak,) = result.leaks
    assert (leak.kind, leak.unit_id, leak.other_id, leak.other_place) == (
        "near-duplicate",
        "u50",
        "u90",
        "Hill",
    )
    assert result.in_sample is False


def test_what_an_unfitted_classifier_saw_is_not_for_the_caller_to_say():
    with pytest.raises(InputError, match="not fitted"):
        evaluate(learner(), board(12), trained_on=TrainedOn())


def test_the_search_for_near_duplicates_is_bounded_and_says_so():
    texts = [LONG.format(f"it {number}") for number in range(30)]
    cut = find_near_duplicates(
        texts, texts, allowed=lambda i, j: i != j, threshold=0.3, most_comparisons=10
    )
    assert not cut.complete
    assert find_near_duplicates(texts, texts, allowed=lambda i, j: i != j).complete


# ---- comparing -----------------------------------------------------------------------------


def places(n):
    return tuple(f"Place {number:02d}" for number in range(n))


def test_a_clear_difference_is_significant_and_none_is_not():
    gold = board(240, places=places(24))
    rng = np.random.default_rng(1)
    good = evaluate(Says(answers(gold)), gold, trained_on=TrainedOn(), name="good")
    bad = evaluate(
        Says(answers(gold, wrong=set(rng.permutation(240)[:90].tolist()))),
        gold,
        trained_on=TrainedOn(),
        name="bad",
    )
    test = compare(good, bad)
    assert test.difference == pytest.approx(good.macro_f1 - bad.macro_f1)
    assert test.difference_95[0] > 0
    assert test.p < 0.01
    assert (test.n_only_a, test.n_only_b) == (90, 0)
    back = compare(bad, good)
    assert back.difference == pytest.approx(-test.difference)
    assert back.p == pytest.approx(test.p)
    same = compare(good, good)
    assert (same.difference, same.p, same.mcnemar_p) == (0.0, 1.0, None)


def test_few_places_cannot_give_a_small_p():
    gold = board(60, places=places(3))
    good = evaluate(Says(answers(gold)), gold, trained_on=TrainedOn())
    bad = evaluate(Says(answers(gold, wrong=set(range(30)))), gold, trained_on=TrainedOn())
    assert compare(good, bad).p == 0.25
    two = board(60, places=places(2))
    good = evaluate(Says(answers(two)), two, trained_on=TrainedOn())
    assert compare(good, good).p is None
    assert compare(good, good).difference_95 is None


def test_only_the_same_passages_can_be_compared():
    a = evaluate(LexiconOutcomeClassifier(), board(12))
    other = sample(*(unit(100 + i, "Dale", "none") for i in range(9)))
    with pytest.raises(InputError, match="no passage in common"):
        compare(a, evaluate(KeywordOutcomeClassifier(), other))


def test_passages_that_either_was_trained_on_are_not_compared():
    gold = board(40)
    record = TrainedOn.of((u.text for u in gold.units[:4]), [])
    a = evaluate(Says(answers(gold)), gold, trained_on=TrainedOn())
    b = evaluate(Says(answers(gold)), gold, trained_on=record)
    assert (compare(a, b).n, compare(a, b).in_sample) == (36, False)


# ---- an evaluation of mentions -------------------------------------------------------------


def marked(number, place, text, *quotes):
    mentions = [
        GoldMention(category, polarity, text.index(q), text.index(q) + len(q), q)
        for category, polarity, q in quotes
    ]
    agreed = coding("none", mentions)
    return GoldUnit(
        f"m{number}",
        text,
        place,
        place,
        2020,
        None,
        "random",
        (("a", agreed), ("b", agreed)),
        agreed,
    )


def test_detectors_are_scored_with_their_baselines_and_mistakes():
    from hwbtext.mentions import rule_detectors

    gold = sample(
        marked(0, "Dale", "Nobody owns the plan.", ("ownership", "lacking", "Nobody owns")),
        marked(1, "Port", "The hall was cold.", ("inequality", "neutral", "hall")),
        marked(2, "Moor", "Nobody owns the risk.", ("ownership", "neutral", "owns the risk")),
    )
    result = evaluate(rule_detectors(), gold, "mentions")
    own = result.headline.scores.per_category["ownership"]
    assert (own.overlap.hit, own.overlap.n) == (2, 2)
    assert own.polarity.accuracy == 0.5
    assert result.headline.baselines["majority"].macro_f1 == 0.0
    assert result.headline.ceiling == 1.0
    kinds = {(m.id, m.kind, m.quote) for m in result.mistakes()}
    assert ("m1", "missed", "hall") in kinds
    assert ("m2", "polarity", "owns the risk") in kinds
    content = json.loads(result.to_json())
    assert content.keys() >= {"per_category", "per_polarity", "polarity_macro_f1", "matching"}
    assert content["in_sample"] is False
    assert "overlap" in result.to_html()
    assert len(result.to_frame()) > 0


def test_what_is_no_detector_is_refused():
    with pytest.raises(InputError, match="detect"):
        evaluate(LexiconOutcomeClassifier(), board(9), "mentions")


def test_the_room_itself_loads_nothing_heavy():
    code = (
        "import sys, hwbtext; assert callable(hwbtext.evaluate); "
        "print([m for m in ('numpy', 'sklearn', 'pandas', 'altair', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
