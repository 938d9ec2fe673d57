"""The codebook as data."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from importlib.resources import files

import pytest

from hwbtext.codebook import load_codebook
from hwbtext.errors import InputError, MissingPathError

SHIPPED = (files("hwbtext.codebook") / "codebook.json").read_text(encoding="utf-8")


def test_the_shipped_codebook_has_all_codes_with_sentences():
    codebook = load_codebook()
    assert codebook.version == "0.2"
    families = {code.family for code in codebook.codes}
    assert families == {"process", "tangible", "none", "own", "acc", "ineq"}
    assert all(len(codebook.family(name)) == 4 for name in families)
    assert all(len(code.positive) == len(code.near_miss) == 3 for code in codebook.codes)
    assert load_codebook() is codebook  # read once


def test_attributes_of_examples_are_kept():
    first = load_codebook()["tangible.population"].positive[0]
    assert dict(first.attributes) == {"direction": "better"}


def test_codes_cannot_be_changed():
    code = load_codebook()["process.note"]
    with pytest.raises(FrozenInstanceError):
        code.title = "other"


def test_unknown_codes_name_the_known_ones():
    with pytest.raises(InputError, match=r"'process\.sing'.*process\.note"):
        load_codebook()["process.sing"]
    assert load_codebook().family("song") == ()


def test_a_codebook_of_ones_own(tmp_path):
    path = tmp_path / "own.json"
    path.write_text(SHIPPED, encoding="utf-8")
    assert load_codebook(path) == load_codebook(str(path)) == load_codebook()
    with pytest.raises(MissingPathError, match="no codebook at"):
        load_codebook(tmp_path / "none.json")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        load_codebook(path)


def _first(**changes: object) -> str:
    content = json.loads(SHIPPED)
    content["codes"][0].update(changes)
    return json.dumps(content)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "keys version and codes"),
        ('{"version": "1", "codes": []}', "at least one"),
        ('{"version": "1", "codes": [{"id": "a.b"}]}', "code 1: missing definition"),
        ('{"version": "1", "codes": [3]}', "code 1: missing"),
        (_first(id="note"), "must look like"),
        (_first(id="process.approve"), "'process.approve' twice"),
        (_first(title=" "), "title must be a string"),
        (_first(include="noted"), "include must be a list"),
        (_first(positive=["noted"]), "positive must be a list of objects"),
        (
            _first(near_miss=[{"text": "a", "is_": "process.sing", "why": "b"}]),
            "neither a code of the file",
        ),
    ],
)
def test_a_file_that_is_no_codebook_says_why(tmp_path, text: str, message: str):
    path = tmp_path / "own.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_codebook(path)
