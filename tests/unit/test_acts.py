"""Acts and actions: verbs of clauses and sentences, action lines, action tables."""

from __future__ import annotations

import time

import pytest
from papers import make_document

from hwbtext.acts import detect_actions, detect_acts, load_act_rules
from hwbtext.parse.plain import MarkdownParser, PlainTextParser
from hwbtext.passages import segment
from hwbtext.records import SourceFile

EVERY_RULE = [*load_act_rules("clause"), *load_act_rules("sentence")]


def read(text, *, markdown=False):
    body = text.encode()
    source = SourceFile("minutes.txt", "0" * 64, "text/plain", len(body))
    document = (MarkdownParser() if markdown else PlainTextParser()).parse(body, source)
    return document, segment(document)


def acts(text):
    return [(act.verb, act.clause) for act in detect_acts(*read(text))]


def actions(text, **options):
    return [(a.text, a.owner, a.due, a.status) for a in detect_actions(*read(text, **options))]


@pytest.mark.parametrize("rule", EVERY_RULE, ids=[rule.rule_id for rule in EVERY_RULE])
def test_every_rule_finds_its_example_and_not_its_miss(rule):
    assert rule.pattern.search(rule.match)
    assert not rule.pattern.search(rule.miss)


def test_clauses_in_one_paragraph():
    text = (
        "RESOLVED - That (1) the report be noted; (2) the Harbour Master bring a plan to the "
        "March meeting; and (3) authority be delegated to the Chair to sign it."
    )
    assert acts(text)[0] == ("noted", "1")
    assert acts(text)[2] == ("delegated", "3")


def test_clauses_below_a_lead_in():
    text = (
        "RESOLVED that:\n\n(a) the report be received;\n\n"
        "(b) the Clerk be asked to find a larger room; and\n\n(c) the plan be endorsed."
    )
    assert acts(text) == [("received", "a"), ("directed", "b"), ("endorsed", "c")]


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("RESOLVED - That the minutes of 3 May be confirmed as a correct record.", "approved"),
        ("RESOLVED - That the strategy be approved for publication.", "approved"),
        ("RESOLVED that consideration of the strategy be deferred to 7 March.", "deferred"),
        ("RESOLVED that the petition be referred to the Highways Committee.", "referred"),
        ("RESOLVED that Cabinet be recommended to adopt the plan.", "recommended"),
        ("RESOLVED that the second option be rejected.", "rejected"),
        ("RESOLVED that the terms of reference be amended.", "amended"),
        ("RESOLVED that the next meeting be held in the library.", "agreed"),
        ("The Board noted the report.", "noted"),
        ("Members endorsed the approach.", "endorsed"),
        ("It was agreed that a group be set up.", "agreed"),
        ("It was AGREED to approve the budget.", "approved"),
        ("The Harbour Master presented the annual report.", "received"),
    ],
)
def test_literal_verb(text, verb):
    assert [found for found, _ in acts(text)] == [verb]


@pytest.mark.parametrize(
    "text",
    [
        "A member asked how long it would take.",
        "RESOLVED that:",
        "The Board is asked to note the report.",
        "This was the plan which the Board had approved in May.",
        "The strategy would be approved by Cabinet in the spring.",
    ],
)
def test_no_act(text):
    assert acts(text) == []


def test_what_is_noted_is_no_second_act():
    assert acts("It was noted that the Harbour Board endorsed the plan.") == [("noted", None)]


def test_offsets_point_at_the_verb():
    document, passages = read("Apologies came from two.\n\nThe Board noted the report.")
    (act,) = detect_acts(document, passages)
    assert document.text[slice(*act.prov.span)] == "The Board noted"
    assert act.prov.passage_id == passages[1].passage_id


def test_action_line():
    assert actions("ACTION: Harbour Trust to send round the figures by 31 March 2020.") == [
        ("send round the figures by 31 March 2020", "Harbour Trust", "31 March 2020", None)
    ]


def test_action_with_a_name_only_points_back():
    assert actions("Members would ask at home. Action – all Board members.") == [
        ("Members would ask at home", "all Board members", None, None)
    ]


def test_action_without_owner_or_date():
    assert actions("ACTION: figures for the harbour wanted.") == [
        ("figures for the harbour wanted", None, None, None)
    ]


def test_resolution_gives_an_action():
    text = "RESOLVED that the Harbour Officer bring a costed plan to the March meeting."
    assert actions(text) == [
        (
            "bring a costed plan to the March meeting",
            "the Harbour Officer",
            "the March meeting",
            None,
        )
    ]
    assert actions("RESOLVED that the report be noted.") == []
    assert actions("It was AGREED to approve the plan and to receive a report on it.") == []


TABLE = """
Actions arising

| Minute | Action | Owner | Due | Status |
|--|--|--|--|--|
| 1 | Find a larger room | Clerk | Nov 2017 | Complete |
| 2 | Count the boats | | - | Not started |
"""


def test_action_table():
    assert actions(TABLE, markdown=True) == [
        ("Find a larger room", "Clerk", "Nov 2017", "Complete"),
        ("Count the boats", None, None, "Not started"),
    ]


def test_table_without_an_action_column_is_no_action_table():
    assert (
        actions("| Item | Lead | Time |\n|--|--|--|\n| 1 | Clerk | 2 p.m. |", markdown=True) == []
    )


def test_action_rows_point_at_their_row():
    document, passages = read(TABLE, markdown=True)
    first, _ = detect_actions(document, passages)
    assert "Find a larger room" in document.text[slice(*first.prov.span)]


@pytest.mark.parametrize(
    "text",
    [
        "RESOLVED that " + "the Board of " * 4_000,
        "ACTION: " + "a " * 25_000,
        "RESOLVED that " + "x" * 50_000,
        "ACTION: " * 6_000,
        "The minutes of " * 3_500,
    ],
)
def test_hostile_texts_take_bounded_time(text):
    document, passages = read(text)
    begin = time.perf_counter()
    detect_acts(document, passages)
    detect_actions(document, passages)
    assert time.perf_counter() - begin < 5.0


@pytest.mark.parametrize(
    "text",
    [
        "It was agreed by all who spoke that this had been the best work that any had seen.",
        "RESOLVED that the steering group had not met and its lead officer had retired.",
        "RESOLVED - That the Harbour Team's report be received with thanks.",
    ],
)
def test_a_clause_is_no_owner(text):
    assert {owner for _, owner, _, _ in actions(text)} <= {None}


def test_action_points_in_a_column_of_decisions() -> None:
    text = (
        "| Item | Discussion | Decisions and Action Points |\n|---|---|---|\n"
        "| 01 | Minutes | Minutes approved 11-01 The Clerk to make a list |\n"
        "| 02 | Plan | 11-02 BB to share the slides by 3 May 2024 |\n| 03 | Roads | Noted |\n"
    )
    document = make_document(text, "minutes.md")
    found = detect_actions(document, segment(document))
    assert [(action.owner, action.text, action.due) for action in found] == [
        ("The Clerk", "make a list", None),
        ("BB", "share the slides by 3 May 2024", "3 May 2024"),
    ]


def test_owner_and_date_on_lines_below_an_action() -> None:
    text = "Action: a summary to be sent.\n\nResponsible Officer: Chief Executive\n\nDeadline: May"
    document = make_document(text)
    (action,) = detect_actions(document, segment(document))
    assert (action.owner, action.due) == ("Chief Executive", "May")


@pytest.mark.parametrize(
    ("sentence", "verb"),
    [
        ("Cllr Ash proposed a new bench, seconded by Cllr Elm, all in favour.", "agreed"),
        ("The accounts were approved by the Council.", "approved"),
        ("The Parish Council agreed to share the cost of the pier.", "agreed"),
        ("Mrs Elm was duly elected.", "agreed"),
    ],
)
def test_verb_of_a_decision_told_in_the_course_of_a_paragraph(sentence, verb):
    text = f"1. Apologies\n\nNone.\n\n2. Harbour\n\nThe wind was strong that day. {sentence}"
    assert verb in [found for found, _ in acts(text)]
