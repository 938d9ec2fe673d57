"""Minutes of small councils: titles without numbers, lists in items, decisions told in prose."""

import pytest
from papers import make_document

from hwbtext.minutes import find_attendance, find_items, find_resolutions


def titles(*paragraphs, name="minutes.txt"):
    document = make_document("\n\n".join(paragraphs), name)
    return [(item.number, item.title) for item in find_items(document)]


def clauses(*paragraphs, name="minutes.txt"):
    document = make_document("\n\n".join(paragraphs), name)
    return [
        document.text[clause.span.start : clause.span.end]
        for resolution in find_resolutions(document)
        for clause in resolution.clauses
    ]


def people(*paragraphs, name="minutes.txt"):
    document = make_document("\n\n".join(paragraphs), name)
    return [(one.name, one.presence) for one in find_attendance(document)]


SAID = "The Clerk said that the hedge by the old mill had grown over the path again since May."
LETTERS = ("1. Village news", "2. Bus times", "3. Fen rates", "4. Summer fair")


def test_a_list_inside_an_item_is_none_of_its_items():
    found = titles(
        "1. Apologies", "2. Minutes", "3. Letters", *LETTERS, "4. Planning", "5. Roads", "6. Close"
    )
    assert [number for number, _ in found] == ["1", "2", "3", "4", "5", "6"]
    assert found[3] == ("4", "Planning")


def test_a_second_meeting_in_a_paper_is_no_list():
    first = ("1. Apologies", "2. Minutes", "3. Close")
    second = ("1. Apologies", "2. Minutes", "3. Roads", "4. Ponds", "5. Close")
    assert len(titles(*first, *second)) >= len(second)


def test_titles_that_lost_their_number_fill_the_gap():
    found = titles(
        "2. Minutes:", SAID, "Matters arising:", SAID, "Planning:", SAID, "5. Any other business:"
    )
    assert found == [
        ("2", "Minutes"),
        ("", "Matters arising"),
        ("", "Planning"),
        ("5", "Any other business"),
    ]


def test_titles_below_an_item_fill_no_gap_where_there_is_none():
    found = titles("1. Apologies", "2. Reports", "Planning:", SAID, "3. Close")
    assert [title for _, title in found] == ["Apologies", "Reports", "Close"]


def test_apologies_above_the_second_number():
    found = titles("Apologies - None", "19.04.2 Minutes", SAID, "19.04.3 Ponds", SAID)
    assert found[0] == ("", "Apologies")


def test_an_open_forum_stands_between_numbers():
    found = titles("1. Apologies", "2. Ponds", SAID, "OPEN FORUM", SAID, "3. Close")
    assert ("", "OPEN FORUM") in found


def test_titles_alone_on_their_lines():
    found = titles(
        "Apologies: Mr Ash",
        "Minutes of the last meeting:",
        SAID,
        "Mill Lane Pond",
        SAID,
        "Planning:",
        "Approved by the Parish",
        SAID,
        "Hedge by the gate not cut",
        SAID,
    )
    assert [title for _, title in found] == [
        "Apologies",
        "Minutes of the last meeting",
        "Mill Lane Pond",
        "Planning",
    ]


def test_capitals_head_items_and_numbers_count_lists():
    found = titles(
        "APOLOGIES were sent by Mr Ash.",
        "MINUTES of the last meeting read and signed.",
        "MATTERS ARISING",
        *LETTERS,
        "ANY OTHER BUSINESS",
        *LETTERS,
    )
    assert [title for _, title in found] == [
        "APOLOGIES",
        "MINUTES",
        "MATTERS ARISING",
        "ANY OTHER BUSINESS",
    ]


def test_headings_of_a_report_are_no_items():
    headings = [f"Aim {word}:\n\n{SAID}" for word in "One Two Three Four Five Six Seven".split()]
    assert titles("Minutes:", SAID, *headings, "Apologies:", SAID, *headings) == []


def test_a_decision_is_an_item_where_its_number_is_missing():
    found = titles(
        "1. Apologies", "2. Ponds", "3. It was agreed to adopt the code.", "4. Roads", "5. Close"
    )
    assert found[2] == ("3", "It was agreed to adopt the code")


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("2. No apologies received.", "No apologies received"),
        ("2. MILL AND POND REPAIRS The Clerk had asked for quotes.", "MILL AND POND REPAIRS"),
        ("2. PLAY AREA FENCING a. Gate", "PLAY AREA FENCING"),
        ("2. Minutes of 3 May RESOLVED: That they be approved.", "Minutes of 3 May"),
        ("2. Reports 2.1 Chairman's report", "Reports"),
        ("2. Bench It was agreed to paint it green.", "Bench"),
        ("2. Precept: After a long talk it was agreed to ask for £900.", "Precept"),
        ("2. Empty seats Two letters had been received from villagers.", "Empty seats"),
    ],
)
def test_titles_end_before_what_was_said(line, title):
    assert ("2", title) in titles("1. Apologies", line, "3. Roads", "4. Ponds", "5. Close")


def test_an_item_of_earlier_minutes_is_none_of_these():
    found = titles(
        "1. Apologies", "2. Matters arising", "Item 4 - The hedge has been cut.", "3. Close"
    )
    assert [number for number, _ in found] == ["1", "2", "3"]


def test_a_clock_is_no_number():
    found = titles("7. Ponds", SAID, "8.15pm Mr Ash left the room", "8. Roads", "9. Close")
    assert [number for number, _ in found] == ["7", "8", "9"]


def test_items_inside_a_paragraph_fill_a_gap():
    found = titles(
        "1. Apologies", "2. Ponds", f"{SAID} 3. Roads {SAID} 4. Trees {SAID}", "5. Close"
    )
    assert [number for number, _ in found] == ["1", "2", "3", "4", "5"]


TABLE = (
    "| Item | Discussion | Decisions and actions |\n|---|---|---|\n"
    "| {} | New kiosk | |\n| | {} | Unanimous agreement. |\n"
    "| {} | AOB | |\n| | {} | Committee approves. |\n"
)


def test_rows_of_a_table_without_numbers_are_items():
    table = TABLE.format("", SAID, "", SAID)
    assert titles(table, name="minutes.md") == [("", "New kiosk"), ("", "AOB")]
    assert clauses(table, name="minutes.md") == ["Unanimous agreement.", "Committee approves."]


def test_marked_rows_of_a_table_are_items_below_one():
    table = (
        f"| No | Item | By |\n|---|---|---|\n| 1. | Apologies | |\n| | None sent | |\n"
        f"| 2. | Reports | |\n| | i. Ponds | ABC |\n| | {SAID} | |\n"
        f"| | ii. Roads | DEF |\n| | {SAID} | |\n"
    )
    document = make_document(table, "minutes.md")
    assert [(item.number, item.title, item.level) for item in find_items(document)] == [
        ("1", "Apologies", 1),
        ("2", "Reports", 1),
        ("i", "Ponds", 2),
        ("ii", "Roads", 2),
    ]


HEAD = ("1. Apologies", "None.", "2. Ponds", SAID)


@pytest.mark.parametrize(
    "decision",
    [
        "Mr Ash proposed that the pond be dug, seconded by Mrs Elm.",
        "Mrs Elm proposed approval for payment seconded by Mr Ash",
        "Weir repair £75. 00 - proposed Mr Ash seconded Mrs Elm pass for payment.",
        "The Parish Council agreed to share the cost of the gate.",
        "All agreed that the pond be dug.",
        "Accounts were presented and accepted for payment.",
        "Mrs Elm was duly elected.",
        "It was decided the bench be painted.",
        "It was proposed, seconded and agreed to insure the swing.",
        "This was agreed to be paid from the reserve.",
        "The Councillors resolved it to be satisfactory.",
        "The minutes of May were read and signed as a true record.",
        "The Statement was completed and approved by the Parish Council.",
        "J Elm, bulbs £25, Council agreed.",
    ],
)
def test_decisions_told_in_prose(decision):
    assert clauses(*HEAD, decision, SAID) == [decision]


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr Ash proposed Mrs Elm, but there were no seconders.",
        "Mr Ash proposed Mr Oak, seconded by Mrs Elm, but he declined.",
        "Mr Ash agreed to look at the pond.",
        "Planning decisions: New barn at Mill Farm, granted by the district.",
        "The accounts were accepted by the auditor.",
        "The Working Group met and the Borough Council had agreed to mow the verge.",
    ],
)
def test_what_was_only_said_is_no_decision(sentence):
    assert clauses(*HEAD, sentence, SAID) == []


def test_what_was_moved_is_no_decision_of_a_clerk_who_writes_resolved():
    moved = "Mr Ash proposed that the pond be dug, seconded by Mrs Elm."
    resolved = "RESOLVED: That the pond be dug. (Mr Ash proposed, Mrs Elm seconded)."
    found = clauses(*HEAD, moved, SAID, f"{resolved} {SAID}", "3. Roads", "RESOLVED: To mend them.")
    assert found == [resolved, "RESOLVED: To mend them."]


def test_what_was_moved_and_then_agreed_is_one_decision():
    moved = "Mr Ash proposed a fence, seconded by Mrs Elm."
    agreed = "It was agreed to build the fence as soon as the ground is dry."
    assert clauses(*HEAD, f"{moved} {agreed}") == [agreed]


def test_a_list_of_payments_is_one_clause():
    found = clauses(
        *HEAD,
        "3. The following payments were agreed:",
        "Hall hire £40.00",
        "Grass cutting £95.50",
        SAID,
    )
    assert found == ["Hall hire £40.00\nGrass cutting £95.50"]


def test_attendance_without_a_colon():
    found = people("Those Attending Mr A Ash (Chair), Mrs B Elm", "1. Apologies", "None.")
    assert found == [("Mr A Ash", "present"), ("Mrs B Elm", "present")]


def test_a_label_beside_a_list_holds_for_its_line_alone():
    found = people(
        "Present:",
        "Ann Ash (AAS) Clerk Apologies: Carl Elm (CEL)",
        "Bob Birch (BBI) Councillor Chair: Bob Birch",
        "1. Apologies",
        "2. Ponds",
    )
    assert found == [("Ann Ash", "present"), ("Carl Elm", "apologies"), ("Bob Birch", "present")]


def test_news_below_apologies_names_nobody_absent():
    found = people(
        "Present: Mr A Ash, Mrs B Elm",
        "1. Apologies",
        "Mr C Oak",
        "It was reported that Mrs D Fir has left the village.",
        "2. Ponds",
    )
    assert found[2:] == [("Mr C Oak", "apologies")]
