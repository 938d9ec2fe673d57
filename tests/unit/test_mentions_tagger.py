"""The tagger of mentions: windows, decoding, its part beside the rules, its folder."""

from __future__ import annotations

import json
import shutil
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwbtext.errors import InputError, MissingPathError, ModelIntegrityError
from hwbtext.mentions import default_detectors, detect_mentions, rule_detectors
from hwbtext.mentions.frame import passage_of
from hwbtext.mentions.out_of_place import Recorded, read_out_of_place, write_out_of_place
from hwbtext.mentions.rules import load_gate
from hwbtext.mentions.tagged import ADDED, TaggedDetector
from hwbtext.mentions.tagger import (
    N_OUT,
    Tagged,
    Tagger,
    Thresholds,
    marked,
    tagger_folder,
    windows,
)
from hwbtext.records import CATEGORIES, CharSpan, Passage

FIRST = "The Trust was responsible for taking forward the winter plan."
TEXT = f"{FIRST} The weather was fine and the chairs were put away."
NEXT = len(FIRST) + 1
RULES = {detector.category: detector for detector in rule_detectors()}
BOUND = 20.0  # seconds of processor time; the network reads all of a long text once


def tagged(start: int, end: int, score: float, category="ownership", polarity="affirmed") -> Tagged:
    span = CharSpan(start, end)
    return Tagged(category, polarity, span, span, score)


def detector(*said: Tagged, keep: float = 0.3, add: float = 0.8, text: str = TEXT):
    reader = Recorded({text: said}, "9", {"ownership": Thresholds(keep, add)})
    return TaggedDetector(RULES["ownership"], reader)


def found(one: TaggedDetector, text: str = TEXT):
    return [(m.text, m.polarity, m.rule_id, m.score) for m in one.detect(passage_of(text))]


def test_a_rule_that_the_tagger_doubts_is_dropped():
    assert RULES["ownership"].detect(passage_of(TEXT)), "there is something to drop"
    assert found(detector()) == []
    assert found(detector(tagged(0, 12, 0.2))) == []


def test_without_a_threshold_every_rule_stays():
    (mention,) = detector(keep=0.0).detect(passage_of(TEXT))
    assert (mention.polarity, mention.score) == ("neutral", 0.0)


def test_what_a_rule_takes_for_lacking_is_not_dropped():
    text = "Nobody owns the strategy."
    (mention,) = detector(text=text).detect(passage_of(text))
    assert (mention.polarity, mention.score) == ("lacking", 0.0)
    (mention,) = detector(tagged(0, 24, 0.9), text=text).detect(passage_of(text))
    assert (mention.polarity, mention.score) == ("lacking", 0.9)


def test_a_rule_that_the_tagger_shares_stays_with_its_score():
    (mention,) = detector(tagged(5, 12, 0.4, polarity="neutral")).detect(passage_of(TEXT))
    assert (mention.polarity, mention.score) == ("neutral", 0.4)
    assert mention.rule_id in {rule.rule_id for rule in RULES["ownership"].rules}
    assert mention.annotator == f"ownership@{RULES['ownership'].version}.9"


def test_the_polarity_is_that_of_the_tagger_but_for_what_is_lacking():
    (rule,) = RULES["ownership"].detect(passage_of(TEXT))
    assert rule.polarity == "neutral"
    one = tagged(0, len(FIRST), 0.9, polarity="affirmed")
    (mention,) = detector(one).detect(passage_of(TEXT))
    assert (mention.polarity, mention.modifiers, mention.slots) == ("affirmed", (), rule.slots)


def test_a_place_without_a_rule_is_added_where_the_tagger_is_sure():
    assert found(detector(tagged(NEXT, NEXT + 20, 0.79))) == []
    assert found(detector(tagged(NEXT, NEXT + 20, 0.8))) == [
        ("The weather was fine", "affirmed", ADDED, 0.8)
    ]


def test_what_is_added_owns_work_and_not_land():
    gate = load_gate("ownership")
    assert gate.passes(gate.match, gate.match)
    assert not gate.passes(gate.miss, gate.miss)
    assert load_gate("inequality") is None
    text = "It had been found out who owned the trees. The plan was owned by everyone else."
    land, plan = tagged(22, 41, 0.95), tagged(43, len(text), 0.95)
    reader = Recorded({text: (land, plan)}, "9", {"ownership": Thresholds(0.99, 0.8)})
    (mention,) = TaggedDetector(RULES["ownership"], reader).detect(passage_of(text))
    assert mention.text.startswith("The plan was owned")


def test_nothing_is_added_over_what_a_rule_found():
    assert len(found(detector(tagged(0, NEXT + 20, 0.9)))) == 1


def test_another_category_counts_for_nothing():
    assert found(detector(tagged(0, 24, 0.9, category="inequality"))) == []


def test_what_is_added_in_a_title_is_neutral():
    title = "Our Shared Plan for Carrow"
    (mention,) = detector(tagged(0, 15, 0.9), text=title).detect(passage_of(title))
    assert (mention.in_title, mention.polarity) == (True, "neutral")


def test_spans_are_stripped_and_empty_ones_are_none():
    text = "The  weather \n  was fine, and the trees were green."
    assert found(detector(tagged(4, 16, 0.9), text=text), text)[0][0] == "weather"
    assert found(detector(tagged(12, 16, 0.9), text=text), text) == []


def test_marks_around_the_words_of_what_is_added_are_left_out():
    text = "It rained; , the Clerk to write to Highways,  then it stopped."
    assert found(detector(tagged(11, 45, 0.9), text=text), text)[0][0] == (
        "the Clerk to write to Highways"
    )
    assert found(detector(tagged(9, 13, 0.9), text=text), text) == []


def test_windows_hold_every_word_once_and_in_order():
    text = "  A first sentence. " + "A longer one that goes on. " * 60 + "x" * 1500 + " end"
    parts = list(windows(text))
    assert "".join("".join(text[a:b].split()) for a, b in parts) == "".join(text.split())
    assert all(end - start <= 600 for start, end in parts)
    assert len(parts) > 3
    assert list(windows(" \n ")) == []


def logits(*rows: tuple[float, float, float], polarity: int = 1) -> np.ndarray:
    """Return logits of tokens that say the same polarity of every category."""
    table = np.zeros((len(rows), N_OUT))
    table[:, :3] = rows
    table[:, 3 + polarity :: 4] = 5.0
    return table


def test_marks_are_runs_of_likely_tokens():
    no, yes = (-9.0, -9.0, -9.0), (-9.0, 2.0, -9.0)
    offsets = [(0, 0), *((at, at + 4) for at in range(0, 60, 5))]
    marks = list(marked(offsets, logits(yes, yes, yes, no, no, yes, *[no] * 5, yes, no)))
    assert [(m.category, m.polarity, tuple(m.span)) for m in marks] == [
        ("accountability", "lacking", (0, 24)),  # a gap of two tokens is bridged
        ("accountability", "lacking", (50, 54)),
    ]
    assert all(0.87 < m.score < 0.89 for m in marks)
    assert list(marked(offsets, logits(*[no] * 13))) == []


def test_the_span_is_what_is_half_as_likely_as_the_likeliest():
    rows = [(-0.5, -9, -9), (4.0, -9, -9), (3.0, -9, -9), (-0.5, -9, -9)]
    (mark,) = marked([(0, 2), (3, 5), (6, 8), (9, 11)], logits(*rows))
    assert (tuple(mark.span), tuple(mark.reach)) == ((3, 8), (0, 11))


def test_out_of_place_comes_back(tmp_path):
    said = {("a", "1"): (tagged(0, 12, 0.5),), ("a", "2"): (), ("b", "1"): (tagged(3, 4, 0.25),)}
    write_out_of_place(said, tmp_path)
    assert read_out_of_place(tmp_path) == said


# ------------------------------------------------------------------------------ the one that ships


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load(tagger_folder())


def test_what_is_said_depends_on_the_text_alone(tagger):
    texts = [TEXT, "The Trust reports to the Board each quarter.", TEXT]
    first = [tagger.read(text) for text in texts]
    assert first[0] == first[2]
    assert [tagger.read(text) for text in reversed(texts)] == first[::-1]


@given(at=st.integers(0, 10**6))
@settings(max_examples=5, deadline=None)
def test_text_before_a_passage_changes_nothing_but_offsets(at):
    text = (
        "The Director of Public Health would take forward the action plan and report to the Board."
    )
    for one in default_detectors():
        here = one.detect(passage_of(text))
        there = one.detect(Passage("d", "", CharSpan(at, at + len(text)), text, page=None))
        assert [(m.text, m.polarity, m.prov.span.start + at) for m in here] == [
            (m.text, m.polarity, m.prov.span.start) for m in there
        ]


@given(before=st.text(max_size=80), after=st.text(max_size=80))
@settings(max_examples=25, deadline=None)
def test_every_mention_points_back_at_its_text(before, after):
    text = f"{before} The Trust was held to account by the Board for its delays. {after}"
    frame = detect_mentions([text])
    assert not frame.empty, "it cannot pass by finding nothing"
    for row in frame.itertuples():
        assert text[row.start : row.end] == row.text
        assert row.text.strip() == row.text != ""


@pytest.mark.parametrize("text", ["a" * 20_000, "the lead of the board " * 900, "\u0301" * 3_000])
def test_hostile_texts_take_bounded_time(text):
    begin = time.process_time()
    for one in default_detectors():
        one.detect(passage_of(text))
    assert time.process_time() - begin < BOUND


def test_a_folder_that_was_changed_is_refused(tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(tagger_folder(), folder)
    Tagger.load(folder)
    (folder / "encoder.onnx").write_bytes(b"no network")
    with pytest.raises(ModelIntegrityError, match="SHA-256"):
        Tagger.load(folder)
    (folder / "encoder.onnx").unlink()
    with pytest.raises(MissingPathError, match=r"no encoder\.onnx"):
        Tagger.load(folder)
    with pytest.raises(MissingPathError, match=r"no config\.json"):
        Tagger.load(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"task": "outcome"},
        {"schema": 2},
        {"thresholds": {"ownership": [0.3, 0.9]}},
        {"thresholds": {category: [0.3] for category in CATEGORIES}},
        {"thresholds": {category: ["a", "b"] for category in CATEGORIES}},
        {"files": {"../x": "0"}},
        {"version": None},
    ],
)
def test_a_config_of_something_else_is_refused(tmp_path, change):
    config = json.loads((tagger_folder() / "config.json").read_text("utf-8"))
    (tmp_path / "config.json").write_text(json.dumps({**config, **change}))
    with pytest.raises(InputError, match="config of a tagger"):
        Tagger.load(tmp_path)


def test_a_config_that_is_no_json_is_refused(tmp_path):
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(InputError, match="not JSON"):
        Tagger.load(tmp_path)
