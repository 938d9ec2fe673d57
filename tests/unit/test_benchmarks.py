"""The scorers of the benchmarks: a wrong answer has to lower a score."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from benchmarks.accuracy import fidelity, mentions, minutes, outcomes
from benchmarks.accuracy.coded import load_coded
from benchmarks.accuracy.minutes import Ballot, Counts, End, Item, Paper, Person, Reading, Task
from benchmarks.accuracy.seal import find_sealed, sealed, squeeze
from benchmarks.speed import parse as speed
from hwbtext.evaluate import evaluate
from hwbtext.mentions import rule_detectors
from hwbtext.minutes import find_items
from hwbtext.parse import parse_bytes
from hwbtext.records import (
    Action,
    Attendance,
    CharSpan,
    DocumentFacts,
    DocumentFindings,
    Provenance,
    Vote,
)

SALT = "0123456789abcdef"


# ---- seals ---------------------------------------------------------------------------------


def test_a_sealed_string_is_found_whatever_its_spaces_and_hyphens():
    n, digest = sealed("Well-being Board", SALT)
    assert (n, len(digest)) == (14, 16)
    assert find_sealed("The wellbeing\nboard met; the Well-Being-Board", n, digest, SALT) == [3, 23]


def test_a_seal_does_not_fit_another_string_or_another_paper():
    n, digest = sealed("Well-being Board", SALT)
    assert find_sealed("The wellbeing bored", n, digest, SALT) == []
    assert find_sealed("The wellbeing board", n, digest, "f" * 16) == []


def test_a_string_without_letters_is_nowhere():
    n, digest = sealed(" - ", SALT)
    assert n == 0
    assert find_sealed("anything", n, digest, SALT) == []


def test_squeezing_twice_changes_nothing():
    assert squeeze(squeeze("ﬁrst İ Ω ½ №")) == squeeze("ﬁrst İ Ω ½ №")


# ---- text fidelity -------------------------------------------------------------------------


def test_hyphens_and_line_ends_are_no_difference():
    assert fidelity.f1(fidelity.bag("well-\nbeing ﬁrst"), fidelity.bag("WELL-BEING first")) == 1.0


@pytest.mark.parametrize(
    "ours", ["the board the board met", "the board", "theboard met", "the bored met", ""]
)
def test_any_other_words_lower_the_score(ours):
    assert fidelity.f1(fidelity.bag(ours), fidelity.bag("the board met")) < 1.0


def test_two_empty_pages_are_not_scored():
    assert fidelity.f1(Counter(), Counter()) is None


def words(text, **how):
    flags = {"rotated": False, "struck": False, "double": False, **how}
    return [fidelity.Printed(word, **flags) for word in text.split()]


@pytest.mark.parametrize(
    ("ours", "peers", "printed", "reason"),
    [
        ("a b", "a b lost words", words("a b lost words"), "we lose words that PDFium reads"),
        ("a b", "a b lost words", words("a b"), "PDFium does not see the words that we lack"),
        (
            "a",
            "a up side",
            [*words("a"), *words("up side", rotated=True)],
            "we lose words that PDFium reads, rotated text",
        ),
        (
            "a",
            "a old text",
            [*words("a"), *words("old text", struck=True)],
            "we lose words that PDFium reads, struck-out text",
        ),
        (
            "a b",
            "a b a b",
            [*words("a b"), *words("a b", double=True)],
            "words printed twice at one place, given once by us",
        ),
        ("a b a b", "a b", words("a b"), "we give words twice"),
        ("a b more words", "a b", words("a b more words"), "the peer lacks words"),
        ("f indings", "findings", words("findings"), "same letters, we split words"),
        ("findings", "f indings", words("findings"), "same letters, the peer split words"),
        ("a", "a bc", words("a \ue001\ue002"), "glyphs without Unicode"),
    ],
)
def test_each_reason_is_told(ours, peers, printed, reason):
    assert fidelity.why(fidelity.bag(ours), fidelity.bag(peers), printed) == reason


def test_low_pages_are_counted_and_the_median_follows_the_pages():
    scores = [("a", 1.0)] * 6 + [("b", 0.5)] * 4
    s = fidelity.summary(scores)
    assert (s.n, s.median, s.n_low, s.fifth) == (10, 1.0, 4, 0.5)
    assert s.low == 0.5 <= s.median <= s.high == 1.0


# ---- minutes -------------------------------------------------------------------------------


def seal(text):
    return minutes.seal_of(text, SALT)


def some(*texts):
    return frozenset(seal(text) for text in texts)


def reading(**changed):
    """What a reader counted in an invented paper; the same seals serve as what was found."""
    whole = {
        "items": [Item(some("1"), some("Apologies"), bare=False)],
        "people": [Person(some("A Example"), frozenset({"present"}))],
        "resolutions": [End(some("be agreed"), seal("a"), some("1"))],
        "acts": [End(some("be agreed"), None, some("1"))],
        "actions": [Task(some("the clerk to write"), some("clerk"))],
        "votes": [
            Ballot((some("7"), some("0"), frozenset({None})), "carried", some("1")),
        ],
        "close": seal("20:15"),
        "date": seal("2024-03-05"),
    }
    return Reading(**{**whole, **changed})


def test_the_right_answer_scores_one_by_every_measure():
    scores = minutes.score(reading(), reading(), SALT)
    assert set(scores) == set(minutes.MEASURES)
    assert {measure: counts.value(measure) for measure, counts in scores.items()} == dict.fromkeys(
        minutes.MEASURES, 1.0
    )


@pytest.mark.parametrize(
    ("wrong", "lowered"),
    [
        ({"items": [Item(some("2"), some("Apologies"), bare=False)]}, "items (number)"),
        ({"items": [Item(some("1"), some("Welcome"), bare=False)]}, "items (number and title)"),
        (
            {"resolutions": [End(some("be noted"), seal("a"), some("1"))]},
            "resolutions (clause end)",
        ),
        (
            {"resolutions": [End(some("be agreed"), seal("a"), some("2"))]},
            "resolutions (clause end, in its item)",
        ),
        (
            {"resolutions": [End(some("be agreed"), seal("b"), some("1"))]},
            "clause number, given the clause",
        ),
        ({"acts": []}, "clauses with an act (recall)"),
        ({"actions": [Task(some("the chair to write"), some("clerk"))]}, "actions"),
        ({"actions": [Task(some("the clerk to write"), some("chair"))]}, "owner, given the action"),
        ({"people": [Person(some("B Sample"), frozenset({"present"}))]}, "attendance (name)"),
        (
            {"people": [Person(some("A Example"), frozenset({"apologies"}))]},
            "attendance (name and group)",
        ),
        (
            {"votes": [Ballot((some("6"), some("0"), frozenset({None})), "carried", some("1"))]},
            "votes (all counts)",
        ),
        (
            {"votes": [Ballot((some("7"), some("0"), frozenset({None})), "lost", some("1"))]},
            "result, given the vote",
        ),
        ({"close": None}, "close of the meeting"),
        ({"date": seal("2024-03-06")}, "date of the meeting"),
    ],
)
def test_a_wrong_answer_lowers_its_measure(wrong, lowered):
    scores = minutes.score(reading(), reading(**wrong), SALT)
    assert scores[lowered].value(lowered) == 0.0


def test_more_than_was_asked_lowers_precision_only():
    twice = reading(items=reading().items * 2)
    counts = minutes.score(reading(), twice, SALT)["items (number and title)"]
    assert (counts.precision, counts.recall) == (0.5, 1.0)


def test_what_a_reader_doubts_counts_neither_way():
    doubted = reading(people=[Person(some("A Example"), frozenset({"present"}), doubtful=True)])
    for people in (reading().people, []):
        counts = minutes.score(doubted, reading(people=people), SALT)["attendance (name)"]
        assert counts == Counts(0, 0, 0)
    stranger = [Person(some("B Sample"), frozenset({"present"}))]
    assert minutes.score(doubted, reading(people=stranger), SALT)["attendance (name)"].false == 1


def test_an_alternative_is_right():
    either = reading(people=[Person(some("A Example"), frozenset({"present", "in_attendance"}))])
    other = reading(people=[Person(some("A Example"), frozenset({"in_attendance"}))])
    assert minutes.score(either, other, SALT)["attendance (name and group)"].f1 == 1.0


def test_pairs_are_as_many_as_can_be():
    truths = [Person(some("x"), frozenset()), Person(some("x", "y"), frozenset())]
    found = [Person(some("x"), frozenset()), Person(some("y"), frozenset())]
    for order in (found, found[::-1]):
        counts, _ = minutes.pair(truths, order, lambda t, f: bool(t.names & f.names))
        assert counts == Counts(2, 0, 0)


def findings(text):
    document = parse_bytes(text.encode(), "invented.txt")
    name, start = "Cllr A Example OBE", text.index("Cllr A")
    action = text.index("ACTION")
    return DocumentFindings(
        document=document,
        facts=DocumentFacts(kind="minutes", meeting_date=date(2024, 3, 5), close_time="20:15"),
        paths=("invented.txt",),
        items=find_items(document),
        attendance=(
            Attendance(document.doc_id, CharSpan(start, start + len(name)), name, "present"),
        ),
        votes=(Vote(document.doc_id, CharSpan(action - 3, action - 2), 7, 0, None, "carried"),),
        actions=(
            Action(
                Provenance(document.doc_id, None, CharSpan(action, action + 30)),
                "write",
                "clerk",
                None,
                None,
            ),
        ),
    )


def test_findings_are_sealed_as_the_truth_is():
    text = (
        "Present: Cllr A Example OBE\n\n1. Apologies\n\nNone.\n\n2. Plan\n\n"
        "RESOLVED that the plan be agreed.\n\nACTION: the clerk to write\n"
    )
    found = findings(text)
    paper = Paper("invented.txt", SALT, "Markdown", Reading())
    got = minutes.found_in(found, paper)
    assert [item.titles for item in got.items] == [some("Apologies"), some("Plan")]
    truth = reading(
        items=[Item(i.numbers, i.titles, bare=False) for i in got.items],
        resolutions=[End(some("the plan be agreed"), None, some("Plan"))],
        votes=[Ballot((some("7"), some("0"), frozenset({None})), "carried", some("2"))],
    )
    scores = minutes.score(truth, got, SALT)
    for measure in ("resolutions (clause end, in its item)", "actions", "votes (all counts)"):
        assert scores[measure].f1 == 1.0, measure
    assert scores["attendance (name and group)"].f1 == 1.0
    assert scores["date of the meeting"].f1 == scores["close of the meeting"].f1 == 1.0


def test_a_paper_in_a_pack_is_scored_between_its_marks():
    text = "The agenda comes first.\n\nMinutes of a board open here. They close here.\n\nAnother."
    document = parse_bytes(text.encode(), "pack.txt")
    marks = (seal("Minutes of a board"), seal("They close here"))
    paper = Paper("pack.txt", SALT, "Markdown", Reading(), between=marks)
    start, end = minutes.region_of(document, paper)
    assert document.text[start:end].startswith("Minutes of")
    assert document.text[start:end].endswith("close here")


def test_marks_that_are_not_in_the_pack_end_the_run():
    document = parse_bytes(b"Nothing of it.", "pack.txt")
    paper = Paper("pack.txt", SALT, "HTML", Reading(), between=(seal("one"), seal("two")))
    with pytest.raises(SystemExit, match="marks"):
        minutes.region_of(document, paper)


def test_the_interval_needs_meetings_and_widens_with_their_spread():
    right, wrong = {"actions": Counts(1, 0, 0)}, {"actions": Counts(0, 1, 1)}
    assert minutes.interval([right, right], "actions") is None
    assert minutes.interval([right] * 5, "actions") == (1.0, 1.0)
    low, high = minutes.interval([right, right, wrong, wrong], "actions")
    assert low < 0.5 < high


def test_readers_who_differ_do_not_agree():
    one, other = reading(), reading(people=[])
    paper = Paper("a", SALT, "HTML", one, readings=(one, other))
    counts, n_both = minutes.agreement([paper])
    assert n_both == 1
    assert counts["items (number)"].f1 == 1.0
    assert counts["attendance (name)"].f1 == 0.0


def test_mistakes_are_told_in_words_of_a_development_paper_only():
    paper = Paper("a", SALT, "HTML", reading(people=[]), part="development")
    text = "1. Apologies\n\nRESOLVED that the plan be agreed."
    found = reading(items=[], people=[Person(some("B"), frozenset(), shown="B Sample")])
    assert list(minutes.mistakes(paper, found, text)) == [
        "missed item: 1 | Apologies",
        "false person: B Sample",
    ]
    with pytest.raises(SystemExit, match="held out"):
        list(minutes.mistakes(Paper("a", SALT, "HTML", reading()), found, text))


def test_the_report_keeps_the_sets_apart():
    papers = [Paper("a", SALT, "HTML", reading(), part=part) for part in minutes.SETS]
    scores = minutes.score(reading(), reading(), SALT)
    text = minutes.report([(part, [("HTML", scores)]) for part in minutes.SETS], papers)
    first, second = text.split("### Seventh development set")
    assert "### Development set" in first
    for part in (first, second):
        assert "| items (number) | 1.00 (1.00, 1.00; 1) |" in part
    assert "without a look" in second


def test_the_truth_file_holds_no_string_of_a_paper():
    sealed_or_label = re.compile(
        r"\d+:[0-9a-f]{16}|present|in_attendance|apologies|absent|carried|lost|"
        r"close of the meeting|date of the meeting"
    )

    def strings(value):
        if isinstance(value, dict):
            return [text for inner in value.values() for text in strings(inner)]
        if isinstance(value, list):
            return [text for inner in value for text in strings(inner)]
        return [value] if isinstance(value, str) else []

    rows = [json.loads(line) for line in minutes.TRUTH.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 51
    for row in rows:
        for part in ("truth", "readings", "region"):
            for text in strings(row.get(part, [])):
                assert sealed_or_label.fullmatch(text), (row["paper"], part)
        assert row["kind"] in minutes.KINDS
        assert row["set"] in minutes.SETS
    assert len(minutes.read_truth(json.dumps(row) for row in rows)) == 51


# ---- speed ---------------------------------------------------------------------------------


def timing(seconds):
    return speed.Timing(Path("a.pdf"), 1, cpu=dict(seconds), wall=dict(seconds))


def test_the_ratio_is_of_the_sums_and_follows_the_slow_system():
    timings = [timing({"slow": 4.0, "fast": 1.0}), timing({"slow": 8.0, "fast": 1.0})]
    value, low, high = speed.ratio(timings, "slow", "fast")
    assert value == 6.0
    assert low == 4.0 < value < high == 8.0
    slower = [timing({"slow": 4.0, "fast": 2.0})] * 2
    assert speed.ratio(slower, "slow", "fast") == (2.0, 2.0, 2.0)


def test_time_within_an_inner_stage_is_not_counted_twice(monkeypatch):
    clock = iter([0.0, 1.0, 4.0, 5.0])
    monkeypatch.setattr(speed.time, "process_time", lambda: next(clock))
    watch = speed.Stopwatch()
    inner = watch.timed(lambda: None, "inner")
    watch.timed(inner, "outer")()
    assert watch.seconds == {"outer": 2.0, "inner": 3.0}


def test_a_generator_is_read_while_the_watch_runs(monkeypatch):
    clock = iter([0.0, 3.0])
    monkeypatch.setattr(speed.time, "process_time", lambda: next(clock))
    watch = speed.Stopwatch()
    assert watch.timed(lambda: (n for n in range(3)), "pages")() == [0, 1, 2]
    assert watch.seconds == {"pages": 3.0}


def test_every_stage_of_the_profile_is_a_function_of_the_parser():
    for module, name, _ in speed.STAGES:
        speed._named(module, name)


def test_a_stage_that_was_renamed_ends_the_run():
    with pytest.raises(SystemExit, match="STAGES"):
        speed._named("hwbtext.parse.pdf", "read_everything")


def test_the_median_of_the_rounds_is_not_moved_by_one_slow_turn():
    assert speed._median([1.0, 1.2, 9.0]) == 1.2
    assert speed._median([1.0, 2.0]) == 1.5


def test_the_largest_files_are_by_bytes_and_by_pages(tmp_path):
    big, long = tmp_path / "big.pdf", tmp_path / "long.pdf"
    big.write_bytes(b"x" * 100)
    long.write_bytes(b"x")
    found = speed.largest([speed.Timing(big, 1), speed.Timing(long, 9)])
    assert [(what, timing.path) for what, timing in found] == [
        ("most bytes", big),
        ("most pages", long),
    ]


def test_memory_is_told_in_bytes():
    assert 1_000_000 < speed.resident_bytes() <= speed.peak_bytes() * 1.01


# ---- outcomes and mentions -----------------------------------------------------------------

EXAMPLE = Path(__file__).parents[2] / "corpora" / "gold" / "example" / "coded.jsonl"


def test_outcomes_stand_beside_baselines_and_coders_and_claim_nothing_on_few():
    text = outcomes.section([EXAMPLE])
    for name in ("lexicon", "majority", "keyword", "coder-1 against coder-2"):
        assert f"| {name} | " in text
    assert "not measurable, n = 10" in text  # of the whole part: no macro-F1 either
    assert "model-annotated" in text
    assert not re.search(r"hand-coded|human", text)


def test_mentions_of_few_claim_nothing():
    result = evaluate(rule_detectors(), load_coded(EXAMPLE), "mentions")
    text = "\n".join(mentions.report(result, part) for part in result.parts)
    assert "not measurable, n = " in text
    assert not re.search(r"\d\.\d\d", text)  # twelve passages bear no figure out
