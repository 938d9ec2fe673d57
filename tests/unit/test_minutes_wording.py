"""Decisions and lists of people, as clerks word them."""

import pytest
from papers import make_document

from hwbtext.minutes import find_attendance, find_items, find_resolutions

SAID = "The Clerk said that the hedge by the old mill had grown over the path again since May."


def titles(*paragraphs):
    return [(i.number, i.title) for i in find_items(make_document("\n\n".join(paragraphs)))]


def clauses(*paragraphs):
    document = make_document("\n\n".join(paragraphs))
    found = [clause for one in find_resolutions(document) for clause in one.clauses]
    return [document.text[clause.span.start : clause.span.end] for clause in found]


def people(*paragraphs):
    document = make_document("\n\n".join(paragraphs))
    return [(one.name, one.presence) for one in find_attendance(document)]


ITEMS = ("1. Apologies", "None.", "2. Minutes", "They were read.", "3. Other matters")


@pytest.mark.parametrize(
    "text",
    [
        "Cllr Ash was nominated and seconded and with no further nominations accepted the role of "
        "Chairman.",
        "All the Councillors were in favour of the hall becoming a trust.",
        "All Councillors noted that they were content with the new rents.",
        "Terms of reference and forms circulated and approved.",
        "The PC agreed to buy two benches.",
        "P.C. agreed to a sign at the ford.",
        "Resolved 20/05/3.01 The return was read and signed by the Chairman.",
    ],
)
def test_sentences_by_which_a_meeting_decides(text):
    assert clauses(*ITEMS, f"{text} {SAID}") == [text]


@pytest.mark.parametrize(
    "text",
    [
        "It was agreed during the last meeting that the report would be sent round.",
        "The figures were those presented and agreed to the previous meeting.",
        "The PC had agreed to write to the owner.",
        "A member said that the councillors were content.",
    ],
)
def test_sentences_that_tell_of_something_else(text):
    assert clauses(*ITEMS, f"{text} {SAID}") == []


def test_who_moved_it_may_be_told_in_short():
    text = "Mr. Ash prop. Mr. Birch 2nd that Mr. Cole remain in office, all agreed."
    assert clauses(*ITEMS, text) == [text]


def test_what_was_moved_in_one_item_is_not_decided_in_the_next():
    found = clauses(
        "1. Apologies: None.",
        "2. Minutes: They were read.",
        "3. Payments: Lamps £20 - proposed Mrs Ash and seconded B Birch that these be paid.",
        "4. Precept: It was agreed that the precept be £300.",
    )
    assert [text[:11] for text in found] == ["3. Payments", "4. Precept:"]


def test_the_balance_below_a_list_of_payments_is_none_of_them():
    (clause,) = clauses(
        "1. Apologies", "None.", "2. Minutes", "Read.", "3. The following payments were agreed:",
        "Fen Lamps £20.00", "Elm Hall £30.00", "The bank balance stood at £400.00 on 4 May.",
    )  # fmt: skip
    assert clause.endswith("Elm Hall £30.00")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("PRESENT (2 Councillors): - Ann Ash (AA), Bob Birch (BB)", ["Ann Ash", "Bob Birch"]),
        ("Present: A. Ash, B.Birch and C.D.Cole", ["A. Ash", "B.Birch", "C.D.Cole"]),
        ("Present: Cllr Ann Ash Elmshire County Council", ["Cllr Ann Ash"]),
        ("Present: Ann Ash Healthwatch, Bob Birch", ["Ann Ash", "Bob Birch"]),
        ("Present: Councillors A Ash and B Birch, ECC", ["A Ash", "B Birch"]),
        ("Present: Councillors ASH, BIRCH and ELM", ["ASH", "BIRCH", "ELM"]),
        ("Present: Cllr Ann Ash AA Bob Birch BB Parish Clerk", ["Cllr Ann Ash", "Bob Birch"]),
        ("Present: A Ash and D Dale Apologies - None", ["A Ash", "D Dale"]),
    ],
)
def test_names_in_a_list(text, named):
    assert [name for name, _ in people(text, "1. Roads", SAID, "2. Close")] == named


def test_an_attendance_that_opens_inside_a_paragraph():
    text = (
        "Parish of Elm Ordinary Meeting Attendance: Cllr Ann Ash Chair Cllr Bob Birch Also in "
        "attendance: Mr Carl Cole"
    )
    assert people(text, "1. Roads", SAID, "2. Close") == [
        ("Cllr Ann Ash", "present"),
        ("Cllr Bob Birch", "present"),
        ("Mr Carl Cole", "in_attendance"),
    ]


def test_what_one_present_did_is_no_list():
    found = people(
        "Present: Cllr A Ash, Cllr B Birch", "Cllr Ash welcomed all.", "1. Roads", SAID, "2. Close"
    )
    assert found == [("Cllr A Ash", "present"), ("Cllr B Birch", "present")]


def test_a_company_ends_a_title_where_a_sentence_follows():
    assert titles("1. Apologies", "2. Minutes", "3. Fen Gates Ltd. The gate was mended.")[2] == (
        "3",
        "Fen Gates Ltd",
    )


@pytest.mark.parametrize("text", ["Minutes agreed as correct.", "Agreed by the PC to pay for it."])
def test_decisions_told_without_a_verb_of_being(text):
    assert clauses("1. Apologies", "None.", "2. Minutes", "Draft.", "3. Roads", text) == [text]


def test_a_sentence_that_a_comma_leaves_open_goes_on_in_the_next_paragraph():
    (clause,) = clauses(
        "1. Apologies", "None.", "2. Minutes", "The minutes of the meeting held on 4 May,",
        "were approved.",
    )  # fmt: skip
    assert clause.startswith("The minutes")
    assert clause.endswith("were approved.")


def test_an_attendance_by_video():
    found = people(
        "Attending by Zoom (Two Councillors) :- Ann Ash (AA), Bob Birch", "1. Roads", SAID, "2. End"
    )
    assert found == [("Ann Ash", "present"), ("Bob Birch", "present")]


def test_no_apologies_end_the_list():
    found = people(
        "Those Attending Mrs A Ash, Mr B Birch", "Apologies No apologies", "Signing Pledge",
        "1. Roads", SAID, "2. End",
    )  # fmt: skip
    assert found == [("Mrs A Ash", "present"), ("Mr B Birch", "present")]
