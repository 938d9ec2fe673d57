"""Mentions: every rule by its own examples, polarity, slots, offsets, hostile texts, spaCy."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import make_document

from hwbtext.errors import InputError
from hwbtext.frontpage import describe
from hwbtext.mentions import (
    PatternDetector,
    displacy_options,
    displacy_spans,
    load_exclusions,
    load_rules,
    rule_detectors,
)
from hwbtext.mentions import detect_mentions as detect_with
from hwbtext.mentions.rules import load_slots
from hwbtext.passages import segment
from hwbtext.records import CATEGORIES, CharSpan, DocumentFindings, Passage
from hwbtext.rows import to_rows

EVERY_RULE = [(category, rule) for category in CATEGORIES for rule in load_rules(category)]
EVERY_EXCLUSION = {
    exclusion.exclusion_id: exclusion
    for category in CATEGORIES
    for exclusion in load_exclusions(category)
}
BOUND = 5.0  # seconds of processor time for all three detectors; a runaway pattern takes minutes


def detect_mentions(texts):
    """Return what the rules find: the tagger has tests of its own."""
    return detect_with(texts, detectors=rule_detectors())


def passage(text: str, at: int = 0) -> Passage:
    return Passage(f"d:{at}", "d", CharSpan(at, at + len(text)), text, page=None)


def alone(category: str, rule_id: str) -> PatternDetector:
    """Return the detector of a category with one rule only."""
    whole = next(d for d in rule_detectors() if d.category == category)
    rules = tuple(rule for rule in whole.rules if rule.rule_id == rule_id)
    return PatternDetector(whole.annotator, whole.category, rules, whole.cues, whole.exclusions)


def found(text: str, category: str) -> list[str]:
    frame = detect_mentions([text])
    return list(frame[frame.category == category].polarity)


@pytest.mark.parametrize(
    ("category", "rule"), EVERY_RULE, ids=[rule.rule_id for _, rule in EVERY_RULE]
)
def test_every_rule_finds_its_example_and_not_its_miss(category, rule):
    detector = alone(category, rule.rule_id)
    assert detector.detect(passage(rule.match))
    assert not detector.detect(passage(rule.miss))


@pytest.mark.parametrize("exclusion", EVERY_EXCLUSION.values(), ids=EVERY_EXCLUSION)
def test_every_exclusion_hides_its_example_and_not_its_miss(exclusion):
    assert exclusion.pattern.search(exclusion.match)
    assert not exclusion.pattern.search(exclusion.miss)
    for category in exclusion.categories:
        assert found(exclusion.match, category) == []


@pytest.mark.parametrize("rule", [rule for category in CATEGORIES for rule in load_slots(category)])
def test_every_slot_rule_finds_its_example_and_not_its_miss(rule):
    assert rule.pattern.search(rule.match)
    assert not rule.pattern.search(rule.miss)


def test_ids_are_unique():
    ids = [rule.rule_id for _, rule in EVERY_RULE]
    assert len(ids) == len(set(ids))


def test_nobody_owns_the_strategy():
    frame = detect_mentions(["Nobody owns the strategy."])
    assert frame[["text_id", "category", "polarity"]].to_numpy().tolist() == [
        [0, "ownership", "lacking"]
    ]
    assert frame.slots[0] == {"what": "the strategy"}


@pytest.mark.parametrize(
    ("text", "category", "polarity"),
    [
        ("Several pledges had no named lead.", "ownership", "lacking"),
        ("Every pledge should have a sponsor.", "ownership", "aspirational"),
        ("The Water Board took ownership of the pledge.", "ownership", "affirmed"),
        ("The Water Board is responsible for reservoirs.", "ownership", "neutral"),
        ("The Board had no means of holding the trust to account.", "accountability", "lacking"),
        ("The alliance is accountable to the full council.", "accountability", "neutral"),
        ("Members challenged the trust on its record.", "accountability", "affirmed"),
        ("The alliance should be accountable to the council.", "accountability", "aspirational"),
        ("There was no plan to address health inequalities.", "inequality", "lacking"),
        ("We will reduce health inequalities.", "inequality", "aspirational"),
        ("Rates were higher in the most deprived wards.", "inequality", "neutral"),
        ("Visits had been targeted at the most deprived wards.", "inequality", "affirmed"),
        # A modal governs the participle: nothing has been done yet.
        ("Visits should be targeted at the most deprived wards.", "inequality", "aspirational"),
    ],
)
def test_polarity(text, category, polarity):
    assert found(text, category) == [polarity]


@pytest.mark.parametrize(
    "text",
    [
        "Home ownership in the ward had fallen.",
        "The Accountable Officer gave a talk.",
        "The statement of accounts had been audited.",
        "The plan takes into account the views of carers.",
        "The borough would lead the way in clean air.",
        "There was a funding gap of two million.",
        "Parity of esteem was discussed.",
        "An Equality Impact Assessment was attached.",
        "Who owns this?",
    ],
)
def test_near_misses_are_no_mention(text):
    assert detect_mentions([text]).empty


def test_titles_are_marked_and_neutral():
    _, _, inequality = rule_detectors()
    (mention,) = inequality.detect(passage("Reducing Health Inequalities in Our Borough"))
    assert (mention.in_title, mention.polarity) == (True, "neutral")
    (named,) = inequality.detect(passage("Members heard of the Health Inequalities Strategy."))
    assert named.in_title
    (sentence,) = inequality.detect(passage("Health inequalities were getting worse."))
    assert not sentence.in_title


def test_slots_hold_who_what_and_due():
    frame = detect_mentions(["ACTION: The Harbour Trust to send round the figures (by 9 May)."])
    assert frame.slots[0] == {
        "who": "The Harbour Trust",
        "what": "send round the figures",
        "due": "by 9 May",
    }


def test_slots_of_accountability_are_holder_forum_object_and_means():
    text = "The Harbour Trust reports to the Board on its repairs."
    assert detect_mentions([text]).slots[0] == {
        "holder": "The Harbour Trust",
        "forum": "the Board",
        "object": "its repairs",
    }
    text = "Highlight reports are shared with the Estates Committee."
    assert detect_mentions([text]).slots[0] == {
        "means": "Highlight reports",
        "forum": "the Estates Committee",
    }
    # What members are disappointed at has not to answer for itself.
    text = "Members were disappointed at the lack of progress with the lift."
    assert "holder" not in detect_mentions([text]).slots[0]
    text = "The Chair's role is to hold the Clerk to account for the key."
    assert detect_mentions([text]).slots[0] == {"holder": "the Clerk", "object": "the key"}


def test_slots_of_inequality_are_group_dimension_and_indicator():
    text = "The gap in life expectancy between the most deprived wards and the rest had grown."
    slots = detect_mentions([text]).slots[0]
    assert slots["dimension"] == "deprived"
    assert slots["indicator"] == "life expectancy"
    assert "deprived wards" in slots["group"]


def test_overlaps_keep_the_longest():
    frame = detect_mentions(["The Harbour Trust had taken joint ownership of the winter plan."])
    assert len(frame) == 1
    assert frame.text[0].endswith("winter plan")


def test_quotes_and_double_spaces_do_not_matter():
    curly = detect_mentions(["Partners’  lead  officer for the  plan was not named – yet."])
    plain = detect_mentions(["Partners'  lead  officer for the  plan was not named - yet."])
    assert curly[["start", "end", "polarity"]].equals(plain[["start", "end", "polarity"]])


def test_no_text_gives_an_empty_frame():
    frame = detect_mentions([])
    assert list(frame.columns) == [
        "text_id", "category", "polarity", "start", "end", "text", "slots", "rule_id", "score",
        "modifiers", "in_title", "diffuse",
    ]  # fmt: skip
    assert len(frame) == 0


def test_one_str_is_the_callers_mistake():
    with pytest.raises(InputError, match="list of texts"):
        detect_mentions("Nobody owns the strategy.")


def test_a_number_among_the_texts_is_the_callers_mistake():
    with pytest.raises(InputError, match="position 1"):
        detect_mentions(["a text", 3])  # type: ignore[list-item]


def test_a_frame_keeps_its_index():
    import pandas as pd

    texts = ["Nobody owns the strategy.", "All partners had taken ownership of the plan."]
    frame = pd.DataFrame({"text": texts, "year": [2016, 2019]}, index=["p1", "p2"])
    found = detect_mentions(frame)
    assert found[["text_id", "polarity", "diffuse"]].to_numpy().tolist() == [
        ["p1", "lacking", False],
        ["p2", "affirmed", True],
    ]
    assert found.join(frame[["year"]], on="text_id").year.tolist() == [2016, 2019]
    assert detect_mentions(frame.text).equals(found)
    assert detect_mentions(frame[:0]).empty


def test_a_frame_without_texts_is_the_callers_mistake():
    import pandas as pd

    with pytest.raises(InputError, match="column 'text'"):
        detect_mentions(pd.DataFrame({"body": ["a"]}))


def test_everyones_business_is_diffuse_in_the_tables_too():
    document = make_document("Clean air is everyone's business.")
    ownership, _, _ = rule_detectors()
    (mention,) = (m for one in segment(document) for m in ownership.detect(one))
    assert mention.diffuse
    facts, _ = describe(document, "minutes.txt", {})
    (row,) = to_rows(DocumentFindings(document, facts, ("minutes.txt",), mentions=(mention,)))[
        "mentions"
    ]
    assert (row["diffuse"], row["in_title"]) == (True, False)


@pytest.mark.parametrize(
    ("who", "diffuse"),
    [
        ("All partners", True),
        ("The whole system", True),
        ("The Harbour Trust", False),
        ("Members of the Harbour Trust", False),
    ],
)
def test_an_owner_that_is_everybody_is_diffuse(who, diffuse):
    frame = detect_mentions([f"{who} had taken ownership of the winter plan."])
    assert frame.diffuse.tolist() == [diffuse]


def test_one_difference_is_one_mention_of_a_passage():
    text = (
        "Rates in the most deprived wards were twice those in the least deprived wards. "
        "Rates in the most deprived wards had been so for years. "
        "We will reduce health inequalities."
    )
    frame = detect_mentions([text])
    assert frame.polarity.tolist() == ["neutral", "aspirational"]
    assert frame.text[0].endswith("least deprived wards")


def test_two_owners_in_one_sentence_are_two_mentions():
    text = "The Clerk agreed to write to the trust; the Harbour Master agreed to ring the bell."
    frame = detect_mentions([text])
    assert [slots["who"] for slots in frame.slots] == ["The Clerk", "the Harbour Master"]


def test_displacy_draws_what_is_found():
    displacy = pytest.importorskip("spacy.displacy")
    drawn = displacy_spans("Nobody owns the strategy; health inequalities were discussed.")
    labels = [span["label"] for span in drawn["spans"]]
    assert labels == ["ownership:lacking", "inequality:neutral"]
    words = [drawn["tokens"][s["start_token"] : s["end_token"]] for s in drawn["spans"]]
    assert words == [["Nobody", "owns", "the", "strategy"], ["health", "inequalities"]]
    options = displacy_options()
    assert set(labels) <= options["colors"].keys()
    html = displacy.render(drawn, style="span", manual=True, options=options, jupyter=False)
    assert "ownership:lacking" in html
    empty = displacy_spans("")
    assert (empty["tokens"], empty["spans"]) == ([], [])


SEEDS = [rule.match for _, rule in EVERY_RULE]


@given(before=st.text(max_size=200), seed=st.sampled_from(SEEDS), after=st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_every_mention_points_back_at_its_text(before, seed, after):
    body = f"{seed} {after}"
    document = before + body
    for detector in rule_detectors():
        for m in detector.detect(passage(body, at=len(before))):
            assert document[m.prov.span.start : m.prov.span.end] == m.text
            assert m.text.strip() == m.text != ""
            assert all(slot.text in m.text for slot in m.slots)


@given(at=st.integers(0, 10**6), seed=st.sampled_from(SEEDS))
@settings(max_examples=60, deadline=None)
def test_text_before_a_passage_changes_nothing_but_offsets(at, seed):
    for detector in rule_detectors():
        here, there = detector.detect(passage(seed)), detector.detect(passage(seed, at=at))
        assert [(m.text, m.polarity, m.slots) for m in here] == [
            (m.text, m.polarity, m.slots) for m in there
        ]
        assert [m.prov.span.start + at for m in here] == [m.prov.span.start for m in there]


HOSTILE = {
    "one word": "a" * 50_000,
    "short words": "a " * 25_000,
    "capitals": "Board " * 8_000,
    "roles": "the lead officer of the board and " * 1_500,
    "spaces": "own" + " " * 50_000 + "lead",
    "near gap": "the gap in the most " * 2_500,
    "near lead": "no clear named lead ownership is not responsible " * 1_000,
    "near would": "The Trust would " * 3_000,
    "near deprived": "more likely most deprived black asian and " * 1_200,
    "no progress": "no progress not monitored report to account hold " * 1_000,
    "commas": "lead," * 10_000,
    "underscores": "owned_by_" * 5_500,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_take_bounded_time(name):
    text = HOSTILE[name]
    begin = time.process_time()
    for detector in rule_detectors():
        detector.detect(passage(text))
    assert time.process_time() - begin < BOUND


def test_spacy_component_runs_on_a_blank_pipeline():
    spacy = pytest.importorskip("spacy")
    from hwbtext.mentions.spacy_component import make_hwbtext_mentions

    assert callable(make_hwbtext_mentions)
    nlp = spacy.blank("en")
    nlp.add_pipe("hwbtext_mentions")
    doc = nlp("Nobody owns the strategy. Health inequalities were discussed.")
    spans = [(span.label_, span.text) for span in doc.spans["hwbtext"]]
    assert ("ownership:lacking", "Nobody owns the strategy") in spans
    assert ("inequality:neutral", "Health inequalities") in spans
    assert list(nlp("").spans["hwbtext"]) == []
