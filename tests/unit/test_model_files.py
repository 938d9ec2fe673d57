"""Folders of models: saved and loaded again, found by name, and hostile ones refused."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from coded import coded

from hwbtext.errors import HwbtextError, InputError, MissingPathError, ModelIntegrityError
from hwbtext.evaluate import TrainedOn, save_trained_on
from hwbtext.evaluate.models import load_model
from hwbtext.network import shipped_models
from hwbtext.outcomes import (
    LinearOutcomeClassifier,
    identify_model,
    lexicon,
    load_outcome_classifier,
)
from hwbtext.outcomes.calibration import Calibration
from hwbtext.outcomes.linear_files import VOCABULARY, WEIGHTS
from hwbtext.outcomes.model_files import (
    CONFIG,
    load_model_folder,
    read_config,
    save_linear,
    write_config,
)

GOLD = coded()
LEXICON = Path(lexicon.__file__).with_name("lexicon.toml")
SHIPPED = sorted((shipped_models() or Path()).glob("outcome-*/config.json"))


@pytest.fixture(scope="module")
def classifier():
    classifier = LinearOutcomeClassifier(max_words=2, abstain_below=0.3)
    classifier.fit(GOLD.texts, GOLD.labels, places=GOLD.places, documents=GOLD.documents)
    classifier.calibration_ = Calibration(1.5)
    return classifier


@pytest.fixture
def folder(classifier, tmp_path):
    return save_linear(classifier, tmp_path / "mine-v1", name="mine", version="1")


def rewrite(folder, **changes):
    """Change the config, with hashes that fit the files as they are now."""
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    for name in (WEIGHTS, VOCABULARY):
        if (folder / name).is_file():
            config["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / CONFIG).write_text(json.dumps({**config, **changes}), encoding="utf-8")


def arrays_of(folder):
    with np.load(folder / WEIGHTS, allow_pickle=False) as archive:
        return dict(archive)


def test_a_saved_model_says_the_same_and_the_same_model_is_the_same_bytes(
    classifier, folder, tmp_path
):
    again = load_outcome_classifier(folder)
    assert again.name == classifier.name == "mine@1"
    assert (again.predict_proba(GOLD.texts) == classifier.predict_proba(GOLD.texts)).all()
    assert again.read_many(GOLD.texts) == classifier.read_many(GOLD.texts)
    assert again.get_params() == classifier.get_params()
    twice = save_linear(again, tmp_path / "twice", name="mine", version="1")
    for path in folder.iterdir():
        assert (twice / path.name).read_bytes() == path.read_bytes()
    assert {path.name for path in folder.iterdir()} == {CONFIG, WEIGHTS, VOCABULARY}


def test_only_a_fitted_classifier_under_a_plain_name_is_saved(classifier, tmp_path):
    with pytest.raises(InputError, match="not fitted"):
        save_linear(LinearOutcomeClassifier(), tmp_path, name="mine", version="1")
    for name in ("", "../x", "a b", "a@1", "x" * 99):
        with pytest.raises(InputError, match="name in"):
            save_linear(classifier, tmp_path, name=name, version="1")
    with pytest.raises(MissingPathError, match=r"no encoder\.onnx"):
        write_config(
            tmp_path,
            kind="encoder",
            name="mine",
            version="1",
            labels=["a", "b"],
            calibration=Calibration(),
        )


def test_a_model_is_known_by_its_weights_and_its_config(folder):
    before = identify_model(folder)
    digest = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    assert (before.name, before.weights_sha256) == ("mine@1", digest)
    rewrite(folder, calibration={"temperature": 2.0})
    after = identify_model(folder)
    assert after.weights_sha256 == before.weights_sha256
    assert after.config_sha256 != before.config_sha256
    rules = identify_model("lexicon")
    assert rules.name == "outcome-lexicon@1"
    assert rules.weights_sha256 == hashlib.sha256(LEXICON.read_bytes()).hexdigest()


def test_a_folder_with_a_lexicon(tmp_path):
    (tmp_path / "own.toml").write_bytes(LEXICON.read_bytes())
    config = {"schema": 1, "task": "outcome", "kind": "lexicon", "lexicon": "own.toml"}
    (tmp_path / CONFIG).write_text(json.dumps(config), encoding="utf-8")
    assert load_outcome_classifier(tmp_path).predict(["The report was noted."]) == ["process"]
    before = identify_model(tmp_path)
    (tmp_path / "own.toml").write_bytes(LEXICON.read_bytes() + b"\n")
    assert identify_model(tmp_path) != before
    (tmp_path / "own.toml").unlink()
    with pytest.raises(MissingPathError, match=r"own\.toml"):
        load_outcome_classifier(tmp_path)


def test_names_and_folders_that_are_not_there(tmp_path):
    for name in ("bert", str(tmp_path / "no")):
        for load in (load_outcome_classifier, identify_model):
            with pytest.raises(InputError, match="'large', 'lexicon', or the folder"):
                load(name)
    with pytest.raises(MissingPathError, match=r"no config\.json"):
        load_outcome_classifier(tmp_path)


def test_evaluate_takes_the_same_folders(folder):
    with pytest.raises(MissingPathError, match=r"trained_on\.json"):
        load_model(str(folder), "outcome")
    save_trained_on(TrainedOn.of(GOLD.texts, GOLD.places), folder)
    model = load_model(str(folder), "outcome")
    assert model.name == "mine@1"
    assert model.trained_on is not None
    assert model.trained_on.has_seen(GOLD.texts[0])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"schema": 2}, "schema"),
        ({"task": "mentions"}, "task 'outcome'"),
        ({"kind": "pickle"}, "kind"),
        ({"kind": ["linear"]}, "kind"),
        ({"name": "../mine"}, "name"),
        ({"name": 3}, "name"),
        ({"version": None}, "version"),
        ({"labels": ["none"]}, "labels"),
        ({"labels": "none"}, "labels"),
        ({"labels": ["none", "none"]}, "labels"),
        ({"labels": ["none", ".x"]}, "labels"),
        ({"labels": [f"a{n}" for n in range(501)]}, "labels"),
        ({"calibration": None}, "calibration"),
        ({"calibration": {"temperature": -1}}, "above 0"),
        ({"files": {}}, "files"),
        ({"files": {"../linear.npz": "0"}}, "files"),
        ({"files": {WEIGHTS: 1}}, "files"),
        ({"files": {WEIGHTS: "0"}}, "linear.npz, vocabulary.json"),
    ],
)
def test_a_config_that_does_not_fit_is_refused(folder, changes, said):
    rewrite(folder, **changes)
    with pytest.raises(InputError, match=said):
        load_model_folder(folder)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"[]", b"null", b'"' + b"x" * 1_000_001 + b'"'],
)
def test_a_config_that_is_none_is_refused(folder, content):
    (folder / CONFIG).write_bytes(content)
    with pytest.raises(InputError, match=r"config\.json"):
        read_config(folder)


def test_weights_that_were_changed_are_refused(folder):
    for name in (WEIGHTS, VOCABULARY):
        before = (folder / name).read_bytes()
        (folder / name).write_bytes(before + b" ")
        with pytest.raises(ModelIntegrityError, match="SHA-256"):
            load_model_folder(folder)
        (folder / name).unlink()
        with pytest.raises(MissingPathError, match=name):
            load_model_folder(folder)
        (folder / name).write_bytes(before)
    load_model_folder(folder)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'["a", "b"]', "must have shape"),
        (b'["b", "a"]', "sorted"),
        (b'["a", "a"]', "different"),
        (b'["", "a"]', "terms"),
        (b'{"a": 0}', "terms"),
        (b'["a", 1]', "terms"),
        (b"[" * 100_000, "not JSON"),
        (b"\xff", "not JSON"),
    ],
)
def test_a_vocabulary_that_does_not_fit_is_refused(folder, content, said):
    (folder / VOCABULARY).write_bytes(content)
    rewrite(folder)
    with pytest.raises(ModelIntegrityError, match=said):
        load_model_folder(folder)


def test_weights_that_do_not_fit_are_refused(folder):
    arrays = arrays_of(folder)
    for change in (
        {"coef": arrays["coef"][:, :-1]},
        {"coef": arrays["coef"][:-1]},
        {"intercept": arrays["intercept"][:-1]},
        {"idf": arrays["idf"].astype(np.float32)},
        {"idf": arrays["idf"][None]},
        {"idf": arrays["idf"] * np.nan},
        {"coef": np.asfortranarray(arrays["coef"])},
        {"idf": np.array([{}], dtype=object)},
        {"more": arrays["idf"]},
    ):
        np.savez(folder / WEIGHTS, **{**arrays, **change})
        rewrite(folder)
        with pytest.raises(ModelIntegrityError):
            load_model_folder(folder)
    np.savez(folder / WEIGHTS, **arrays)
    rewrite(folder)
    load_model_folder(folder)


def test_archives_that_promise_or_hold_too_much_are_refused(folder):
    def header(shape):
        stream = BytesIO()
        np.lib.format.write_array_header_1_0(
            stream, {"descr": "<f8", "fortran_order": False, "shape": shape}
        )
        return stream.getvalue()

    members = {name: header((1,)) + bytes(8) for name in ("idf.npy", "coef.npy", "intercept.npy")}
    for bad in (
        {"idf.npy": header((10**12,)) + bytes(8)},  # a header that promises eight terabytes
        {"idf.npy": header((7_600_000,)) + bytes(60_800_000)},  # zeros, deflated to little
        {"idf.npy": header((-1,)) + bytes(8)},
        {"idf.npy": b"\x93NUMPY\x02\x00" + bytes(20)},
        {"idf.npy": b"cos\nsystem\n(S'true'\ntR."},  # a pickle
        {"idf.npy": b""},
    ):
        with zipfile.ZipFile(folder / WEIGHTS, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in {**members, **bad}.items():
                archive.writestr(name, content)
        assert (folder / WEIGHTS).stat().st_size < 100_000
        rewrite(folder)
        with pytest.raises(ModelIntegrityError, match="no archive of arrays"):
            load_model_folder(folder)
    for content in (b"", b"PK\x03\x04", b"not a zip" * 50):
        (folder / WEIGHTS).write_bytes(content)
        rewrite(folder)
        with pytest.raises(ModelIntegrityError):
            load_model_folder(folder)


def test_a_file_too_large_is_not_read(folder):
    os.truncate(folder / WEIGHTS, 200_000_001)  # sparse: it takes no room
    with pytest.raises(ModelIntegrityError, match="larger than"):
        load_model_folder(folder)
    os.truncate(folder / WEIGHTS, 60_000_001)
    rewrite(folder)
    with pytest.raises(ModelIntegrityError, match="larger than 60,000,000"):
        load_model_folder(folder)


@pytest.mark.parametrize(
    "parameters",
    [
        None,
        [],
        {"C": 1.0},
        {**LinearOutcomeClassifier().get_params(), "max_words": 9},
        {**LinearOutcomeClassifier().get_params(), "C": "1"},
        {**LinearOutcomeClassifier().get_params(), "min_places": None},
        {**LinearOutcomeClassifier().get_params(), "more": 1},
    ],
)
def test_parameters_that_do_not_fit_are_refused(folder, parameters):
    rewrite(folder, parameters=parameters)
    with pytest.raises(HwbtextError, match="parameters"):
        load_model_folder(folder)


@pytest.mark.skipif(not SHIPPED, reason="no model ships yet")
def test_the_models_that_ship_hold_nothing_that_could_tell_on_anybody():
    folders = [path.parent for path in SHIPPED]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= {
        *(".json", ".npz", ".onnx", ".safetensors", ".csv", ".md")
    }
    assert sum(path.stat().st_size for path in files) < 60_000_000
    for folder in folders:
        assert read_config(folder)["name"].startswith("outcome")
        for name in ("trained_on.json", "CARD.md"):
            assert (folder / name).is_file()
    for path in files:
        if path.name == VOCABULARY:
            terms = json.loads(path.read_text(encoding="utf-8"))
            assert max(len(term.split()) for term in terms) <= 3
            assert not any(character.isupper() for term in terms for character in term)
