"""The codebook as data."""

from __future__ import annotations

import json
import tomllib
from dataclasses import FrozenInstanceError
from importlib.resources import files

import pytest

from hwbtext.codebook import load_codebook
from hwbtext.errors import InputError, MissingPathError
from hwbtext.records import CATEGORIES, POLARITIES

SHIPPED = (files("hwbtext.codebook") / "codebook.json").read_text(encoding="utf-8")


def test_the_shipped_codebook_has_all_codes_with_sentences():
    codebook = load_codebook()
    assert codebook.version == "1.1"
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


def _whole(**changes: object) -> str:
    return json.dumps({**json.loads(SHIPPED), **changes})


FAMILIES = json.loads(SHIPPED)["families"]
RULING = {"id": "R1", "since": "1", "case": "a case", "ruling": "none.context"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "keys version and codes"),
        ('{"version": "1", "codes": []}', "at least one"),
        ('{"version": "1", "codes": [{"id": "a.b"}]}', "codes 1: missing definition"),
        ('{"version": "1", "codes": [3]}', "codes 1: must be an object. Got 3"),
        ('{"version": "1", "codes": 3}', "codes of .* must be a list"),
        ('{"version": "1", "codes": [], "family": []}', "unknown keys"),
        ("[" * 100_000, "not JSON"),
        (_whole(families=[]), "say in families of each family"),
        (_whole(families=[{"name": "own", "kind": "code"}]), "kind must be 'outcome' or 'mention'"),
        (_whole(families=[{"name": "none", "kind": "outcome", "category": "nil"}]), "no category"),
        (_whole(families=FAMILIES + FAMILIES[:1]), "Names of families .* 'process' twice"),
        (
            _whole(families=[*FAMILIES, {"name": "o", "kind": "mention", "category": "ownership"}]),
            "'ownership' twice",
        ),
        (
            _whole(families=[{"name": "own", "kind": "mention", "slots": ["who"]}]),
            "slots must be a list of objects",
        ),
        (
            _whole(rulings=[{**RULING, "near_miss": [{"text": "a", "is_": "x.y", "why": "b"}]}]),
            "near miss of 'R1' .* 'x.y'",
        ),
        (
            _whole(rulings=[{**RULING, "positive": [{"text": "a", "code": "x.y"}]}]),
            "ruling 'R1' .* no known code: 'x.y'",
        ),
        (_whole(rulings=[RULING, RULING]), "'R1' twice"),
        (_whole(directions=[{"name": "up"}]), "directions 1: definition must be a string"),
        (_first(id="note"), "must look like|of no family"),
        (_first(id="song.sung"), "'song.sung' of .* is of no family in families"),
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


# ---- version 1.1 ---------------------------------------------------------------------------


def test_the_terms_of_a_coding_are_in_the_codebook():
    codebook = load_codebook()
    assert codebook.outcomes == ("process", "tangible", "none")
    assert codebook.categories == ("ownership", "accountability", "inequality")
    assert codebook.categories == CATEGORIES
    assert all(codebook.polarities(category) == POLARITIES for category in CATEGORIES)
    assert codebook.subtypes("tangible") == tuple(c.id for c in codebook.family("tangible"))
    assert codebook.subtypes("ownership") == codebook.polarities("process") == ()
    assert [slot.name for slot in codebook.slots("accountability")] == [
        "holder", "forum", "object", "means",
    ]  # fmt: skip
    assert (
        "ethnicity" in next(s for s in codebook.slots("inequality") if s.name == "dimension").values
    )
    assert codebook.slots("song") == ()
    names = {term.name for term in codebook.directions}
    assert names == {"better", "worse", "flat", "met", "not_met", "mixed", "na"}


def test_every_verb_and_direction_that_the_rules_give_is_in_the_codebook():
    acts = {term.name for term in load_codebook().acts}
    rules = tomllib.loads((files("hwbtext.acts") / "acts.toml").read_text(encoding="utf-8"))
    assert {rule["verb"] for rule in rules["rule"]} <= acts
    assert "none" in acts


def test_rulings_are_numbered_and_the_new_ones_have_sentences():
    codebook = load_codebook()
    assert [ruling.id for ruling in codebook.rulings] == [f"E{n}" for n in range(1, 70)]
    new = [ruling for ruling in codebook.rulings if ruling.since == "1.1"]
    assert [ruling.id for ruling in new] == ["E65", "E66", "E67", "E68", "E69"]
    for ruling in new:
        (positive,), (miss,) = ruling.positive, ruling.near_miss
        code = dict(positive.attributes)["code"]
        assert codebook[code].id == code != miss.actual
    assert [version for version, _ in codebook.changes] == ["0.1", "0.2", "1.1"]
    assert "E69" in codebook.changes[-1][1]


def _code(code_id: str, title: str = "Ours") -> dict[str, object]:
    lists = {key: [] for key in ("include", "exclude", "positive", "near_miss")}
    return {"id": code_id, "title": title, "definition": "Ours.", **lists}


def test_a_codebook_that_extends_adds_and_replaces(tmp_path):
    own, more = tmp_path / "own.json", tmp_path / "more.json"
    own.write_text(
        json.dumps(
            {
                "version": "ours 1",
                "extends": "hwbtext",
                "codes": [_code("process.pilot"), _code("own.contested"), _code("process.note")],
                "directions": [{"name": "unclear", "definition": "Cannot be told."}],
                "changes": [{"version": "ours 1", "change": "Pilots."}],
            }
        )
    )
    codebook, base = load_codebook(own), load_codebook()
    assert codebook.version == "ours 1"
    assert len(codebook.codes) == len(base.codes) + 2
    assert codebook["process.note"].title == "Ours"
    assert codebook.codes[0].id == "process.note"  # in its place
    assert codebook.subtypes("process")[-1] == "process.pilot"
    assert codebook.polarities("ownership")[-1] == "contested"
    assert codebook.directions[:-1] == base.directions
    assert codebook.rulings == base.rulings
    assert codebook.changes[-1] == ("ours 1", "Pilots.")
    assert base["process.note"].title != "Ours"
    more.write_text(json.dumps({"version": "2", "extends": "own.json", "codes": []}))
    assert load_codebook(more).subtypes("process")[-1] == "process.pilot"


def test_extending_goes_wrong_in_words(tmp_path):
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    one.write_text(json.dumps({"version": "1", "extends": "two.json", "codes": []}))
    with pytest.raises(MissingPathError, match=r"two\.json"):
        load_codebook(one)
    two.write_text(json.dumps({"version": "1", "extends": "one.json", "codes": []}))
    with pytest.raises(InputError, match="extends itself"):
        load_codebook(one)
    two.write_text(
        json.dumps({"version": "1", "extends": "hwbtext", "codes": [_code("song.sung")]})
    )
    with pytest.raises(InputError, match="of no family in families"):
        load_codebook(two)
    two.write_text(json.dumps({"version": "1", "extends": 3, "codes": []}))
    with pytest.raises(InputError, match="extends must be a string"):
        load_codebook(two)


def test_a_codebook_of_another_field_stands_alone(tmp_path):
    path = tmp_path / "parks.json"
    path.write_text(
        json.dumps(
            {
                "version": "1",
                "families": [
                    {"name": "good", "kind": "outcome"},
                    {"name": "mood", "kind": "mention"},
                ],
                "codes": [_code("good.green"), _code("mood.calm")],
            }
        )
    )
    codebook = load_codebook(path)
    assert (codebook.outcomes, codebook.categories) == (("good",), ("mood",))
    assert codebook.polarities("mood") == ("calm",)
    assert codebook.acts == ()
