"""Training: folds of whole places, a run that goes on, the model folder and its card."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from hwbtext.cli import main
from hwbtext.errors import GoldError, InputError, OutputExistsError
from hwbtext.gold import GoldSample, load_gold, save_gold
from hwbtext.outcomes import load_outcome_classifier
from hwbtext.training import train
from hwbtext.training.examples import gather
from hwbtext.training.out_of_place import Recorded
from hwbtext.training.places import N_FOLDS, place_folds, read_folds


@pytest.fixture(scope="module")
def gold():
    return load_gold("hwb-v1")


@pytest.fixture(scope="module")
def trained(gold, tmp_path_factory):
    return train([gold], tmp_path_factory.mktemp("models") / "mine-v3")


def test_no_place_stands_in_two_folds_and_folds_are_of_like_size(gold):
    folds = place_folds(gold.places)
    sizes = [sum(folds[place] == fold for place in gold.places) for fold in range(N_FOLDS)]
    assert set(folds) == set(gold.places)
    assert max(sizes) - min(sizes) <= 10
    assert place_folds(tuple(reversed(gold.places))) == folds


def test_given_folds_stand_and_wrong_ones_are_told(tmp_path):
    path = tmp_path / "folds.csv"
    path.write_text("place,fold\nDale,4\nPort,0\n", encoding="utf-8")
    assert place_folds(["Dale", "Port", "Weir"], read_folds(path))["Dale"] == 4
    with pytest.raises(InputError, match="from 0 to 4"):
        place_folds(["Dale"], {"Dale": 7})
    path.write_text("place,fold\nDale,two\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2"):
        read_folds(path)


def test_a_label_too_rare_to_be_learned_goes_to_the_commonest_of_its_outcome(gold):
    examples, ids = gather([gold])
    assert len(examples) == len(ids) == 377
    assert {label.partition(".")[0] for label in examples.labels} == set(examples.outcomes)
    counts = examples.shares.sum(axis=0)
    assert "tangible.delivery" not in examples.labels  # four passages in the gold
    assert counts.min() >= 5
    assert (examples.shares.sum(axis=1) == 1).all()


def test_too_little_gold_says_what_is_missing(gold):
    few = GoldSample("few", gold.units[:20], gold.annotators)
    with pytest.raises(InputError, match="Training needs 50 coded passages of 3 places"):
        gather([few])


def test_the_folder_predicts_as_it_did_and_says_what_it_was_trained_on(trained, gold):
    classifier = load_outcome_classifier(trained.folder)
    assert classifier.name == "mine@3"
    said = classifier.predict_proba(gold.texts[:20])
    assert np.allclose(said.sum(axis=1), 1)
    record = json.loads((trained.folder / "trained_on.json").read_text(encoding="utf-8"))
    assert len(record["texts_sha256"]) <= len(gold)
    assert set(record["places"]) == set(gold.places)
    assert not (trained.folder / "parts").exists()


def test_the_card_is_of_this_run(trained):
    card = (trained.folder / "CARD.md").read_text(encoding="utf-8")
    score = trained.evaluations[0].macro_f1
    assert "Model-annotated: language models coded them, not people" in card
    assert f"| mine-v3 | {score:.2f} (" in card
    assert "not measurable, n = 21" in card  # tangible: too few to claim anything
    assert "$" not in card


def test_each_passage_is_judged_by_a_model_that_has_not_seen_its_place(trained, gold):
    text = (trained.folder / "out_of_place.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    folds = place_folds(gold.places)
    assert {row["id"]: int(row["fold"]) for row in rows} == {
        unit.id: folds[unit.place] for unit in gold.units
    }
    # A model that has seen them all is right far more often than one that has not.
    by_id = {row["id"]: row for row in rows}
    seen = load_outcome_classifier(trained.folder).predict(gold.texts)
    inside = sum(s == unit.agreed.outcome for s, unit in zip(seen, gold.units, strict=True))
    outside = sum(
        max(("none", "process", "tangible"), key=lambda name: float(by_id[unit.id][name]))
        == unit.agreed.outcome
        for unit in gold.units
    )
    assert inside > outside + 30


def test_a_run_that_was_cut_off_goes_on(gold, tmp_path, monkeypatch):
    from hwbtext.training import methods

    fits = []
    real = methods.METHODS["small"]

    def dies_in_third(examples, extra, seed):
        fits.append(seed)
        if len(fits) == 3:
            raise KeyboardInterrupt
        return real(examples, extra, seed)

    monkeypatch.setitem(methods.METHODS, "small", dies_in_third)
    with pytest.raises(KeyboardInterrupt):
        train([gold], tmp_path / "cut-v1")
    again = train([gold], tmp_path / "cut-v1")
    assert len(fits) == 3 + 4  # two folds were kept: three are left, and the final fit
    whole = train([gold], tmp_path / "whole-v1")
    assert again.evaluations[0].macro_f1 == whole.evaluations[0].macro_f1


def test_a_model_is_not_replaced_unasked(trained, gold):
    with pytest.raises(OutputExistsError, match="holds a model already"):
        train([gold], trained.folder)


def test_samples_of_one_name_and_unknown_models_are_told(gold, tmp_path):
    with pytest.raises(InputError, match="names of their own"):
        train([gold, gold], tmp_path / "a-v1")
    with pytest.raises(InputError, match="small, best"):
        train([gold], tmp_path / "a-v1", model="huge")


def test_own_codes_without_sub_types(gold, tmp_path):
    """A codebook with two outcomes of its own: the model learns and gives those."""
    units = tuple(
        replace(
            unit,
            coders=(),
            agreed=replace(
                unit.agreed,
                outcome="deed" if unit.agreed.outcome == "process" else "talk",
                subtype=None,
                direction=None,
                mentions=(),
            ),
        )
        for unit in gold.units
    )
    own = train([GoldSample("own", units, "people")], tmp_path / "own-v1")
    classifier = load_outcome_classifier(own.folder)
    assert list(classifier.classes_) == ["deed", "talk"]
    reading = classifier.read("RESOLVED - That the report be noted.")
    assert (reading.value, reading.subtype, reading.direction) == ("deed", None, None)
    assert own.evaluations[0].macro_f1 > 0.6


def test_the_command_trains_from_files(gold, tmp_path):
    path = tmp_path / "coded.jsonl"
    save_gold(gold, path)
    out = tmp_path / "mine-v1"
    done = CliRunner().invoke(main, ["train", "--gold", str(path), "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert "out of place" in done.output
    again = CliRunner().invoke(main, ["train", "--gold", str(path), "-o", str(out)])
    assert again.exit_code == 2
    assert "holds a model already" in again.output


def test_broken_gold_is_told(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": 1}\n', encoding="utf-8")
    with pytest.raises(GoldError):
        train([path], tmp_path / "a-v1")


def test_recorded_predictions_are_a_classifier():
    recorded = Recorded({"a": (0.2, 0.8), "b": (0.6, 0.2)}, ("no", "yes")).fit([], [])
    assert list(recorded.predict(["b", "a"])) == ["no", "yes"]
    assert recorded.predict_proba(["b"]).sum() == pytest.approx(1)


@pytest.mark.slow
def test_an_encoder_is_fine_tuned_and_written_in_eight_bits(gold, tmp_path, monkeypatch):
    """A few steps only: that the parts fit together, not that it is good."""
    pytest.importorskip("onnx")
    from hwbtext.training import fine_tune

    monkeypatch.setattr(fine_tune, "N_EPOCHS", 1)
    monkeypatch.setattr(fine_tune, "FEWEST_STEPS", 1)
    some = GoldSample("some", gold.units[:120], gold.annotators)
    done = train([some], tmp_path / "tiny-v1", model="best", seed=1)
    classifier = load_outcome_classifier(done.folder)
    texts = list(gold.texts[:12])
    one_by_one = np.vstack([classifier.predict_proba([text]) for text in texts])
    assert (classifier.predict_proba(texts) == one_by_one).all()
    assert (classifier.predict_proba(texts[::-1])[::-1] == one_by_one).all()
    reading = classifier.read("Members noted that smoking rates had fallen since 2019.")
    assert reading.value in ("none", "process", "tangible")
    assert len(classifier.explain("Members noted the report.", n=3)) == 3
