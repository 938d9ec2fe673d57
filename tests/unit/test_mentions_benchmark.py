"""The table of rules, the sample taken apart and the reading of hits, on made-up passages."""

from __future__ import annotations

from benchmarks.accuracy.mention_rules import count_rules, reading_lines
from benchmarks.accuracy.mentions import apart
from hwbtext.gold.sample import Coding, GoldMention, GoldSample, GoldUnit
from hwbtext.mentions import rule_detectors

OWNED = "Nobody owns the strategy."


def sample(name: str = "made/up.jsonl") -> GoldSample:
    marked = GoldMention("ownership", "lacking", 0, 24, OWNED[:24], ())
    blank = {"outcome": "none", "subtype": "none.discussion", "direction": "", "act": "none"}
    units = [
        GoldUnit(
            id=f"u{number}",
            place=place,
            site=place,
            year=None,
            item=None,
            stratum="random",
            text=OWNED,
            coders=(),
            agreed=Coding(mentions=mentions, **blank),
        )
        for number, (place, mentions) in enumerate([("Leeds", (marked,)), ("Carrow", ())])
    ]
    return GoldSample(name, tuple(units), "model-annotated")


def test_a_match_is_right_where_it_touches_a_coded_mention():
    counts = count_rules(rule_detectors(), [sample()])
    nobody, owns = counts["own-nobody"], counts["own-owns"]
    assert (nobody.matches, nobody.right, nobody.kept, nobody.conflicts) == (2, 1, 0, 0)
    assert (owns.matches, owns.right, owns.kept, owns.conflicts) == (2, 1, 2, 0)
    assert counts["acc-called-in"].matches == 0


def test_the_place_that_nobody_read_stands_apart():
    held, read = apart(sample("lacking/coded.jsonl"))
    assert [unit.place for unit in held.units] == ["Leeds"]
    assert [unit.place for unit in read.units] == ["Carrow"]
    assert apart(sample()) == [sample()]


def test_verdicts_are_counted_by_draw(tmp_path):
    path = tmp_path / "read.csv"
    path.write_text(
        "draw,passage,category,rule,verdict\nfirst,a,ownership,r,right\n"
        "first,b,ownership,r,none\nsecond,c,inequality,s,polarity\n"
    )
    (line,) = reading_lines(path)
    assert "First: 1 of 2 right (0.50)" in line
    assert "Second: 0 of 1 right (0.00), 1 a mention of another polarity, 0 no mention" in line
