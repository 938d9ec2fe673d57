"""Gold samples: what is read, what is refused and how it is told."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from corpora.gold.build import build, fold_places
from corpora.gold.overlap import check, shared
from hwbtext.codebook import load_codebook
from hwbtext.errors import GoldError, InputError, MissingPathError, OutputExistsError
from hwbtext.gold import SHIPPED, load_folds, load_gold, save_gold
from hwbtext.gold.lines import broken_encoding

GOLD = Path(__file__).resolve().parents[2] / "corpora" / "gold"
SHARED = Path(__file__).resolve().parents[3] / "shared"
TEXT = "The Director of Housing undertook to bring the damp figures back."
MENTION = {
    "category": "ownership",
    "polarity": "affirmed",
    "start": 4,
    "end": 33,
    "quote": "Director of Housing undertook",
    "slots": {"who": "Director of Housing", "due": ""},
}
CODING = {
    "outcome": "process",
    "subtype": "process.govern",
    "direction": "",
    "act": "directed",
    "mentions": [MENTION],
}


def without_dots(row: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in row.items() if value is not ...}


def line(**changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "id": "a",
        "text": TEXT,
        "place": "Aldermarsh",
        "stratum": "random",
        "coders": {"one": CODING},
        "agreed": CODING,
    }
    return without_dots({**row, **changes})


def coded(**changes: object) -> dict[str, object]:
    return line(coders={"one": without_dots({**CODING, **changes})})


def mentioned(**changes: object) -> dict[str, object]:
    return coded(mentions=[{**MENTION, **changes}])


@pytest.fixture
def write(tmp_path: Path):
    def write(*rows: object, name: str = "gold.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return write


def problems(path: Path, **arguments: object) -> tuple[str, ...]:
    with pytest.raises(GoldError) as caught:
        load_gold(path, **arguments)  # type: ignore[arg-type]
    return caught.value.problems


# ---- what is read --------------------------------------------------------------------------


def test_a_line_becomes_a_unit(write):
    path = write(line(year=2019, prob=0.25, pool="estimation", page=3, notes="left alone"))
    gold = load_gold(path)
    (unit,) = gold.units
    assert (unit.id, unit.site, unit.year, unit.prob, unit.pool) == (
        "a", "Aldermarsh", 2019, 0.25, "estimation",
    )  # fmt: skip
    assert (unit.item, unit.doc_sha256, unit.page) == (None, None, 3)
    assert unit.agreed is not None
    assert (unit.agreed.direction, unit.agreed.act) == (None, "directed")
    (mention,) = unit.agreed.mentions
    assert unit.text[mention.start : mention.end] == mention.quote
    assert [(slot.name, slot.text) for slot in mention.slots] == [
        ("who", "Director of Housing"),
        ("due", ""),
    ]
    assert (gold.places, gold.texts, gold.labels) == (("Aldermarsh",), (TEXT,), ("process",))
    assert (gold.name, gold.annotators, unit.restated) == ("gold", "unknown", False)


def test_a_coder_may_be_missing_from_a_unit_but_nobody_may_not(write):
    other = {**CODING, "outcome": "none", "subtype": "none.intention"}
    path = write(
        line(coders={"one": CODING, "two": other}),
        line(id="b", coders={"one": CODING, "two": None}, agreed=...),
        line(id="c", coders={"two": {"outcome": None, "mentions": [MENTION]}}, agreed=None),
    )
    gold = load_gold(path)
    assert gold.coders == ("one", "two")
    assert [[name for name, _ in unit.coders] for unit in gold.units] == [
        ["one", "two"], ["one"], ["two"],
    ]  # fmt: skip
    assert gold.labels == ("process", "process", None)  # the only coder's stands for agreed
    (problem,) = problems(write(line(), line(id="d", coders={"one": None}, agreed=None)))
    assert problem.startswith("line 2: no coder coded 'd'")


def test_two_coders_who_did_not_agree_have_no_label(write):
    gold = load_gold(write(line(coders={"one": CODING, "two": CODING}, agreed=None)))
    assert gold.labels == (None,)


def test_who_annotated_is_never_guessed(write, tmp_path):
    path = write(line())
    sidecar = tmp_path / "sample.json"
    assert load_gold(path).annotators == "unknown"
    sidecar.write_text('{"restated": true, "files": {"gold.jsonl": {"annotators": "mixed"}}}')
    gold = load_gold(path)
    assert (gold.annotators, gold.units[0].restated) == ("mixed", True)
    said = load_gold(path, annotators="people", restated=False, name="ours")
    assert (said.annotators, said.units[0].restated, said.name) == ("people", False, "ours")
    assert load_gold(write(line(restated=False))).units[0].restated is False
    with pytest.raises(InputError, match="annotators must be one of"):
        load_gold(path, annotators="humans")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "must be a JSON object"),
        ('{"annotators": "humans"}', "annotators of the sidecar"),
        ('{"restated": "yes"}', "must be true or false"),
        ('{"name": ""}', "a string that is not empty"),
        ('{"files": []}', "an object of file names"),
        ('{"files": {"gold.jsonl": 1}}', "an object"),
    ],
)
def test_a_bad_sidecar_is_refused(write, tmp_path, text: str, message: str):
    path = write(line())
    (tmp_path / "sample.json").write_text(text)
    with pytest.raises(GoldError, match=message):
        load_gold(path)


def test_what_is_saved_loads_as_it_was(write, tmp_path):
    path = write(
        line(doc_sha256="0" * 64, doc_start=5, doc_end=70, passage_id="p1", prob=0.5),
        line(id="b", restated=True, pool="training", source_url="https://example.org/"),
    )
    gold = load_gold(path, annotators="people", name="ours")
    save_gold(gold, tmp_path / "again.jsonl")
    assert load_gold(tmp_path / "again.jsonl") == gold
    with pytest.raises(OutputExistsError, match="overwrite=True"):
        save_gold(gold, tmp_path / "again.jsonl")
    changed = replace(gold, units=gold.units[:1])
    save_gold(changed, tmp_path / "again.jsonl", overwrite=True)
    assert load_gold(tmp_path / "again.jsonl") == changed
    save_gold(gold, tmp_path / "third.jsonl")  # the sidecar keeps the other file's entry
    assert load_gold(tmp_path / "again.jsonl") == changed
    with pytest.raises(MissingPathError, match="no folder"):
        save_gold(gold, tmp_path / "none" / "gold.jsonl")
    assert not list(tmp_path.glob("*.part"))


def test_neither_file_nor_name():
    with pytest.raises(MissingPathError, match=r"no gold at 'hwb-v9'.*hwb-v1/training"):
        load_gold("hwb-v9")
    with pytest.raises(MissingPathError, match="no folds of 'example'"):
        load_folds("example")


# ---- what is refused -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (line(id=...), "the key 'id' is missing"),
        (line(stratum=..., strata="random"), "There is 'strata': rename it"),
        (line(agred=None, agreed=...), "unknown key 'agred'. Is it 'agreed'?"),
        (line(id=7), "id must be a string that is not empty. Got 7"),
        (line(text=" "), "text must be a string that is not empty"),
        (line(text="a" * 100_001), "100,001 characters, more than 100,000"),
        (line(text="half \ud800" + TEXT), "half a character"),
        (line(text="It cost Â£40."), "'Â£' stands where '£' was meant"),
        (line(year="2019"), "year must be a whole number or null. Got '2019'"),
        (line(page=True), "page must be a whole number or null. Got True"),
        (line(coders=[CODING]), "coders must be an object"),
        (line(coders={"": CODING}), "a coder's name must be one line of print"),
        (line(coders={"one": "process"}), "coder 'one': a coding must be an object"),
        (line(agreed="process"), "agreed: a coding must be an object"),
        (coded(outcome="proces"), "Did you mean 'process'?"),
        (coded(outcome=1), "outcome 1 is not in the codebook"),
        (coded(subtype="tangible.service"), "subtype 'tangible.service' is not in the codebook"),
        (coded(outcome=None), "subtype 'process.govern' without an outcome"),
        (coded(direction="up"), "direction 'up' is not in the codebook"),
        (coded(act="voted"), "act 'voted' is not in the codebook"),
        (coded(mention=[], mentions=...), "unknown key 'mention'. Is it 'mentions'?"),
        (coded(mentions={}), "mentions must be a list of objects"),
        (
            coded(mentions=[{"category": "ownership"}]),
            "'polarity', 'start', 'end', 'quote' missing",
        ),
        (mentioned(category="owner"), "Did you mean 'ownership'?"),
        (mentioned(polarity="missing"), "Known: affirmed, lacking, aspirational, neutral"),
        (mentioned(start=5), "at 5 to 33 stands 'irector"),
        (mentioned(start=5), "It stands at 4 to 33"),
        (mentioned(quote="Director of  Housing"), "does not hold the quote: quote it letter"),
        (mentioned(end=999), "the length of the text. Got 4 and 999"),
        (mentioned(start=-1), "must be 0 <= start < end"),
        (mentioned(start=True), "start and end must be whole numbers"),
        (mentioned(start=4.0), "start and end must be whole numbers"),
        (mentioned(slots={"owner": "x"}), "slot 'owner' is not in the codebook"),
        (mentioned(slots=["who"]), "slots must be an object"),
        (mentioned(slots={"who": 1}), "slot 'who' must be a string"),
        (mentioned(slots={"who": "the Chair"}), "which the text does not"),
        (line(prob=0), "prob must be above 0 and at most 1"),
        (line(prob=1.01), "Got 1.01"),
        (line(prob=True), "Got True"),
        (line(prob=float("nan")), "Got nan"),
        (line(prob=10**400), "prob must be above 0"),
        (line(pool="test"), "pool must be one of estimation, training"),
        (line(pool="estimation"), "needs its prob"),
        (line(pool="estimation", prob=0.5, stratum="cue-process"), "never gives a rate"),
        (line(restated="yes"), "restated must be true or false"),
        (line(doc_sha256="ABC"), "64 hexadecimal digits"),
        (line(doc_start=1, doc_end=2), "go together"),
        (line(doc_sha256="0" * 64, doc_start=1), "go together"),
        (line(doc_sha256="0" * 64, doc_start=2, doc_end=2), "0 <= start < end. Got 2 and 2"),
    ],
)
def test_what_is_wrong_is_told_with_line_and_value(write, row: dict[str, object], told: str):
    found = problems(write(line(id="first"), row))
    assert all(problem.startswith("line 2: ") for problem in found)
    assert any(told in problem for problem in found), found


def test_ids_are_unique_and_every_problem_is_told_at_once(write):
    rows = [line(id="a")] * 30
    path = write(*rows)
    found = problems(path)
    assert len(found) == 29
    assert found[0] == "line 2: id 'a' is that of line 1 too. Ids must be unique."
    with pytest.raises(GoldError) as caught:
        load_gold(path)
    message = str(caught.value)
    assert "29 problems" in message
    assert "line 21:" in message
    assert "line 22:" not in message  # the first twenty are shown
    assert message.endswith("and 9 more")


GOOD = json.dumps(line()).encode()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file holds no passages"),
        (b"\n \n", "the file holds no passages"),
        (b"{\n", "line 1: not JSON"),
        (b"[" * 100_000, "line 1: not JSON"),
        (b"[1]\n", "line 1: a JSON object is wanted. Got [1]"),
        (b'{"id": "a", "id": "b"}', "line 1: the key 'id' stands twice"),
        (GOOD + b"\n" + GOOD.replace(b'"a"', b'"caf\xe9"', 1), "line 2: not UTF-8: byte 0xe9"),
        ("{'id': 'café'}\n".encode() + b"\xe9", "line 2: not UTF-8: byte 0xe9 at 0 of the line"),
        ("{'id': 'café'}\n".encode() + b"\xe9", "the file mixes encodings. Save the file again"),
        (GOOD.decode().encode("utf-16"), "the file is UTF-16"),
        (GOOD.replace(b"Director", "Dir\ufffdctor".encode()), "(U+FFFD), near"),
        (GOOD.replace(b"damp", "boardâ€™s".encode()), "'â€™' stands where '’' was meant"),
        (GOOD + b" " * 2**20, "more than 1,048,576. One passage a line"),
    ],
)
def test_files_that_cannot_be_read_are_told(tmp_path, content: bytes, told: str):
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content)
    assert any(told in problem for problem in problems(path))


def test_a_file_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("hwbtext.gold.lines.MAX_BYTES", 10)
    path = tmp_path / "gold.jsonl"
    path.write_bytes(GOOD)
    (problem,) = problems(path)
    assert "more than the 10" in problem


def test_bom_blank_lines_and_windows_line_ends_are_no_fault(tmp_path):
    path = tmp_path / "gold.jsonl"
    odd = line(text="one\u2028two", coders={"one": {"outcome": "none"}}, agreed=None, id="b")
    other = json.dumps(odd, ensure_ascii=False).encode()
    path.write_bytes(b"\xef\xbb\xbf" + GOOD + b"\r\n\r\n" + other + b"\r\n")
    assert [unit.id for unit in load_gold(path).units] == ["a", "b"]


@pytest.mark.parametrize(
    "text", ["the café’” here", "£40 – 30°", "Ó Â É", "naïve façade’s", "à “b”"]
)
def test_honest_letters_are_no_broken_encoding(text: str):
    assert broken_encoding(text) is None


@pytest.mark.parametrize("text", ["café", "‘plan’ – £40 “so”", "½ •"])
def test_text_encoded_twice_is_found(text: str):
    twice = "".join(
        bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
        for byte in text.encode()
    )
    assert broken_encoding(twice) is not None


# ---- a codebook of one's own ---------------------------------------------------------------


def test_gold_follows_the_codebook_that_is_given(write, tmp_path):
    own = tmp_path / "own.json"
    code = {
        "id": "power.held", "title": "Power", "definition": "Somebody has power.",
        "include": [], "exclude": [], "positive": [], "near_miss": [],
    }  # fmt: skip
    family = {"name": "power", "kind": "mention", "category": "power", "slots": [{"name": "whose"}]}
    sub = {**code, "id": "process.pilot"}
    own.write_text(
        json.dumps(
            {"version": "x", "extends": "hwbtext", "codes": [code, sub], "families": [family]}
        )
    )
    mention = {**MENTION, "category": "power", "polarity": "held", "slots": {"whose": "Housing"}}
    path = write(coded(subtype="process.pilot", mentions=[mention, MENTION]))
    gold = load_gold(path, codebook=load_codebook(own))
    assert gold.units[0].coders[0][1].mentions[0].category == "power"
    told = problems(path)
    assert any("'process.pilot' is not in the codebook (version 1.1)" in one for one in told)
    assert any("category 'power' is not in the codebook" in one for one in told)


def test_a_slot_with_values_takes_one_of_them(write):
    mention = {**MENTION, "category": "inequality", "slots": {"dimension": "ethnicity"}}
    assert load_gold(write(coded(mentions=[mention]))).units
    mention["slots"] = {"dimension": "Housing"}
    (problem,) = problems(write(coded(mentions=[mention])))
    assert "'Housing' is no value of slot 'dimension'. Known: place/deprivation" in problem


# ---- what comes with hwbtext ---------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_samples_load(name: str):
    gold = load_gold(name)
    assert gold.name == name
    assert gold.annotators == "model-annotated"
    assert all(unit.restated and unit.agreed for unit in gold.units)


def test_the_benchmark_has_its_parts_apart():
    gold, training = load_gold("hwb-v1"), load_gold("hwb-v1/training")
    assert len(gold) > 300
    assert gold.coders == ("coder-1", "coder-2")
    assert training.coders == ("coder-1",)
    assert {unit.pool for unit in training.units} == {"training"}
    assert {unit.prob for unit in (*gold.units, *training.units)} == {None}
    assert not {unit.id for unit in gold.units} & {unit.id for unit in training.units}
    assert not set(gold.texts) & set(training.texts)


def test_every_place_has_one_fold_in_both_files():
    with (GOLD / "hwb-v1" / "folds.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    places = [row["place"] for row in rows]
    assert len(places) == len(set(places))
    gold, training = load_gold("hwb-v1"), load_gold("hwb-v1/training")
    assert set(places) == {*gold.places, *training.places}
    folds = load_folds("hwb-v1")
    (coast,) = {unit.place for unit in training.units if unit.site.startswith("South Kent Coast")}
    assert coast == "Kent"  # a board of a part of the county
    n = [sum(folds[place] == fold for place in gold.places) for fold in sorted(set(folds.values()))]
    assert len(n) == 10
    assert min(n) >= 25  # a fold without passages would be tested on nothing


def test_folds_are_even_and_do_not_depend_on_the_order():
    evaluation = ["a"] * 9 + ["b"] * 5 + ["c"] * 4
    training = ["d"] * 7 + ["a"] * 2 + ["e"]
    folds = fold_places(evaluation, training, 2)
    assert folds == fold_places(evaluation[::-1], training[::-1], 2)
    assert folds["b"] == folds["c"] != folds["a"]
    assert folds["d"] == folds["b"]


def test_the_record_of_the_check_is_there():
    record = json.loads((GOLD / "hwb-v1" / "overlap.json").read_text(encoding="utf-8"))
    assert record["run_of_words"] == 13
    assert record["n_files"] > 1000
    assert {"pdf", "docx", "html", "md", "txt"} <= record["files_by_format"].keys()
    assert len(record["dropped_sha256"]) == record["n_dropped"]


def test_the_data_statement_is_of_these_files():
    statement = (GOLD / "hwb-v1" / "README.md").read_text(encoding="utf-8")
    assert "$" not in statement
    for name, count in (("hwb-v1", "377"), ("hwb-v1/training", "2,013")):
        gold = load_gold(name)
        assert f"{len(gold):,}" == count
        assert f'`"{name}"` | {count} | {len(set(gold.places))} |' in statement
    assert "Model-annotated, not coded by people" in statement


# ---- the check for overlap -----------------------------------------------------------------

TWELVE = "one two three four five six seven eight nine ten eleven twelve"


def test_thirteen_words_in_a_row_are_found_and_twelve_are_not(tmp_path):
    lines = ["a line of its own that nobody else wrote in any paper at all", f"{TWELVE} thirteen"]
    assert shared(lines, [f"So {TWELVE} thirteen."]) == {1}
    assert shared(lines, [f"{TWELVE} and thirteen"]) == set()
    assert shared(lines, ["ONE, two-three\nfour five SIX; seven eight nine ten eleven (twelve) thirteen"]) == {1}  # fmt: skip  # noqa: E501
    (tmp_path / "a.txt").write_text(f"Nothing. {TWELVE} thirteen")
    (tmp_path / "b.json").write_text(json.dumps({"a": [lines[0].replace(" of ", "\tof\n")]}))
    found = check(lines, tmp_path)
    assert found.lines == {0, 1}
    assert found.files == {"txt": 1, "json": 1}


def test_a_planted_leak_is_dropped_from_the_benchmark(tmp_path):
    source = tmp_path / "shared"
    for folder in ("hwb", "train", "real"):
        (source / "gold" / folder).mkdir(parents=True)
    (source / "real").mkdir()
    two = {"coder-1": {"outcome": "none"}, "coder-2": {"outcome": "none"}}
    texts = [f"{TWELVE} thirteen", "The Board met in March.", f"{TWELVE} fourteen"]
    rows = [
        line(id=str(n), text=text, year=2019, coders=two, agreed={"outcome": "none"})
        for n, text in enumerate(texts)
    ]
    for path, part in (("hwb/coded", rows), ("train/hwb", [{**row, "id": f"t{row['id']}"} for row in rows])):  # noqa: E501  # fmt: skip
        content = "".join(json.dumps(row) + "\n" for row in part)
        (source / "gold" / f"{path}.jsonl").write_text(content)
    (source / "real" / "minutes.md").write_text(f"# Minutes\n\nAnd {TWELVE} **thirteen** came.\n")
    verbatim = line(text=f"{TWELVE} fourteen", coders=two, agreed=None)
    (source / "gold" / "real" / "coded.jsonl").write_text(json.dumps(verbatim) + "\n")
    figures = build(source, tmp_path / "out")
    assert figures["n_dropped"] == 4
    kept = load_gold(tmp_path / "out" / "coded.jsonl")
    assert [unit.id for unit in kept.units] == ["1"]
    assert TWELVE not in (tmp_path / "out" / "overlap.json").read_text()
    statement = (tmp_path / "out" / "README.md").read_text()
    assert "Lines dropped for it: 4" in statement
    assert "| 100.0% | undefined |" in statement


@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the shared gold is not here")
@pytest.mark.parametrize("path", ["hwb/coded", "train/hwb", "real/coded", "lacking/coded", "train/real"])  # noqa: E501  # fmt: skip
def test_the_shared_gold_loads(path: str):
    assert load_gold(SHARED / "gold" / f"{path}.jsonl").units
