"""What holds of every gold sample, whatever its text."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hwbtext.errors import GoldError
from hwbtext.gold import (
    POOLS,
    Coding,
    GoldMention,
    GoldSample,
    GoldUnit,
    load_gold,
    save_gold,
)
from hwbtext.gold.lines import broken_encoding
from hwbtext.records import CATEGORIES, POLARITIES, Slot

LETTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.text(LETTERS, min_size=1, max_size=60).filter(
    lambda text: text.strip() and broken_encoding(text) is None
)
PRINT = TEXTS.filter(str.isprintable)
OUTCOMES = {"process": "process.note", "tangible": "tangible.service", "none": "none.context"}


@st.composite
def codings(draw: st.DrawFn, text: str) -> Coding:
    mentions = []
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        category = draw(st.sampled_from(CATEGORIES))
        slot = {"ownership": "who", "accountability": "forum", "inequality": "group"}[category]
        polarity = draw(st.sampled_from(POLARITIES))
        quote = text[start:end]
        mentions.append(GoldMention(category, polarity, start, end, quote, (Slot(slot, quote),)))
    outcome = draw(st.sampled_from([*OUTCOMES]))
    return Coding(
        outcome,
        draw(st.sampled_from([OUTCOMES[outcome], None])),
        draw(st.sampled_from(["better", None])),
        draw(st.sampled_from(["none", "noted", None])),
        tuple(mentions),
    )


@st.composite
def samples(draw: st.DrawFn) -> GoldSample:
    units = []
    for number in range(draw(st.integers(1, 4))):
        text = draw(TEXTS)
        prob = draw(st.none() | st.floats(0, 1, exclude_min=True))
        names = draw(st.lists(PRINT, min_size=1, max_size=3, unique=True))
        place = draw(TEXTS)
        units.append(
            GoldUnit(
                id=f"u{number}",
                text=text,
                place=place,
                site=draw(st.just(place) | TEXTS),
                year=draw(st.none() | st.integers(1900, 2100)),
                item=draw(st.none() | TEXTS),
                stratum="random",
                coders=tuple((name, draw(codings(text))) for name in names),
                agreed=draw(st.none() | codings(text)),
                prob=prob,
                pool=draw(st.sampled_from([None, *(POOLS if prob else POOLS[1:])])),
                restated=draw(st.booleans()),
            )
        )
    return GoldSample("drawn", tuple(units), draw(st.sampled_from(["people", "mixed"])))


def attempt(path: Path) -> tuple[GoldSample | None, tuple[str, ...]]:
    try:
        return load_gold(path), ()
    except GoldError as error:
        return None, error.problems


@given(samples())
def test_what_is_saved_loads_as_it_was(sample: GoldSample):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gold.jsonl"
        save_gold(sample, path)
        assert load_gold(path) == sample


@given(samples(), st.integers(-3, 3), st.data())
def test_a_shifted_quote_is_never_taken(sample: GoldSample, by: int, data: st.DataObject):
    unit = sample.units[0]
    mentions = [mention for _, coding in unit.coders for mention in coding.mentions]
    assume(mentions)
    mention = data.draw(st.sampled_from(mentions))
    start, end = mention.start + by, mention.end + by
    assume(not 0 <= start < end <= len(unit.text) or unit.text[start:end] != mention.quote)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gold.jsonl"
        save_gold(sample, path)
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
        for coding in rows[0]["coders"].values():
            for row in coding["mentions"]:
                row["start"], row["end"] = row["start"] + by, row["end"] + by
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        path.write_text(lines, encoding="utf-8")
        with pytest.raises(GoldError, match="line 1: "):
            load_gold(path)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_load_or_are_refused_with_reasons(content: bytes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gold.jsonl"
        path.write_bytes(content)
        gold, problems = attempt(path)
    assert problems or (gold is not None and gold.units)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["outcome", "mentions", "slots", "start"]), inner)
        ),
        max_leaves=6,
    ),
    st.sampled_from(["id", "text", "place", "coders", "agreed", "prob", "pool", "doc_start"]),
)
def test_any_value_under_any_key_is_taken_or_refused(value: object, key: str):
    row = {"id": "a", "text": "b", "place": "c", "stratum": "random"}
    row |= {"coders": {"one": {"outcome": "none", "mentions": []}}, key: value}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gold.jsonl"
        path.write_text(json.dumps(row) + "\n", encoding="utf-8")
        gold, problems = attempt(path)
    assert (gold is None) == bool(problems)
    assert all(problem.startswith("line 1: ") for problem in problems)
