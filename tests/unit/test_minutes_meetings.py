"""Several meetings in one file, headings inside the bands of a table, titles run into prose."""

import pytest
from papers import make_document

from hwbtext.minutes import find_attendance, find_items, find_resolutions
from hwbtext.minutes.candidates import find_candidates
from hwbtext.minutes.lines import Line
from hwbtext.minutes.openings import find_told
from hwbtext.minutes.people import find_people
from hwbtext.minutes.tabled import find_tabled

AGENDA = ("1. Apologies", "2. Minutes", "3. Ferry fares", "4. Close")
SAID = "The Clerk said that the hedge by the old mill had grown over the path again since May."


def read(*paragraphs):
    document = make_document("\n\n".join(paragraphs), "minutes.txt")
    return document, find_items(document)


def clauses(*paragraphs):
    document, items = read(*paragraphs)
    return [
        document.text[clause.span.start : clause.span.end]
        for resolution in find_resolutions(document, items)
        for clause in resolution.clauses
    ]


def cells(*rows):
    """Lines of a table from (row, column, text)."""
    lines, start = [], 0
    for at, (row, column, text) in enumerate(rows):
        lines.append(Line(at, start, start + len(text), text, "table_cell", 0, row, column))
        start += len(text) + 1
    return lines


def test_an_agenda_before_the_minutes_is_a_part_of_its_own():
    document, items = read(
        "Members: Mr I Ivy, Mrs O Oak",
        *AGENDA,
        "Minutes of the meeting of 4 May",
        "Present: Mr A Ash, Mrs E Elm",
        *AGENDA,
    )
    assert [item.number for item in items] == ["1", "2", "3", "4"] * 2
    assert [one.name for one in find_attendance(document, items)] == ["Mr A Ash", "Mrs E Elm"]


def test_those_present_at_a_vote_begin_no_other_meeting():
    _, items = read(*AGENDA[:3], "Present: Mr A Ash, Mrs E Elm", "4. Close")
    assert [item.number for item in items] == ["1", "2", "3", "4"]


def test_a_title_in_capitals_goes_on_above_its_agenda_number():
    _, items = read(
        "1 APOLOGIES", "None.", "2 FERRY FARES AND USE OF", "RESERVES (Agenda item 4)", "3 CLOSE"
    )
    assert [item.title for item in items] == [
        "APOLOGIES",
        "FERRY FARES AND USE OF RESERVES",
        "CLOSE",
    ]


def test_a_title_ends_before_its_agenda_number():
    _, items = read(
        "1 APOLOGIES",
        "2 MINUTES OF 4 MAY (Agenda item 3) RESOLVED: That they be signed.",
        "3 CLOSE",
    )
    assert items[1].title == "MINUTES OF 4 MAY"


def test_noted_alone_is_the_outcome_where_there_is_no_other():
    assert clauses("1 APOLOGIES", "None.", "2 FERRY FARES", SAID, "NOTED") == ["NOTED"]
    assert clauses(
        "1. Apologies", "None.", "2. Fares", SAID, "The report was otherwise noted."
    ) == ["The report was otherwise noted."]
    decided = clauses("1. Apologies", "None.", "2. Fares", "RESOLVED that fares rise.", "NOTED")
    assert decided == ["RESOLVED that fares rise."]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Mower repair £90, Councillors agreed to pay", True),
        ("The Councillors agreed all satisfactory.", True),
        ("The accounts were passed to Councillors.", False),
        ("At that meeting, Members agreed to wait.", False),
    ],
)
def test_what_councillors_agreed_is_told(text, told):
    assert [sure for *_, sure in find_told(text)] == ([True] if told else [])


def test_two_proposals_in_one_sentence_are_two_decisions():
    text = "Gate £9: proposed by J. Ash and seconded by L. Elm Mill Fund £5 "
    text += "proposed Mr Oak, seconded Ms Ivy."
    assert [text[start:end] for start, end, _ in find_told(text)] == [
        "Gate £9: proposed by J. Ash and seconded by L. Elm",
        "Mill Fund £5 proposed Mr Oak, seconded Ms Ivy.",
    ]


def test_what_came_of_a_proposal_is_no_decision_of_its_own():
    text = "Mr Ash proposed a fee of £9, seconded by Ms Elm. The proposal was therefore carried."
    assert [text[start:end] for start, end, _ in find_told(text)] == [
        "Mr Ash proposed a fee of £9, seconded by Ms Elm."
    ]


def test_a_couple_is_two_people():
    assert [one.name for one in find_people("Mr & Mrs Ash, Mr Elm")] == [
        "Mr Ash",
        "Mrs Ash",
        "Mr Elm",
    ]
    assert [one.name for one in find_people("Mr Oak and Mrs Elm")] == ["Mr Oak", "Mrs Elm"]


def test_who_was_substituted_by_whom():
    people = find_people("Ann Ash and Bea Elm who was substituted by Cy Oak")
    assert [(one.name, one.substitute) for one in people] == [
        ("Ann Ash", False),
        ("Bea Elm", False),
        ("Cy Oak", True),
    ]


def test_apologies_told_below_those_attending_are_no_part_of_the_list():
    document, items = read(
        "PRESENT: Mr A Ash",
        "ALSO PRESENT: Mrs E Elm",
        "Apologies for absence were received from Councillors Ivo Ivy and Olga Oak",
        *AGENDA,
    )
    found = {(one.name.split()[-1], one.presence) for one in find_attendance(document, items)}
    assert found == {
        ("Ash", "present"),
        ("Elm", "in_attendance"),
        ("Ivy", "apologies"),
        ("Oak", "apologies"),
    }


HEADER = ((0, 0, "Item"), (0, 1, "Discussion"), (0, 2, "Decisions"))


def test_the_lead_of_a_cell_is_an_item_below_that_of_its_band():
    lines = cells(
        *HEADER,
        (1, 0, "01"),
        (1, 1, "Reports"),
        (2, 1, "Harbour Master's Report"),
        (2, 1, "She said that the ferry ran late."),
        (3, 1, "Identified as urgent:"),
        (3, 1, "The new slipway must be mended."),
        (5, 1, "No Other Business"),
        (5, 1, "The meeting was closed at nine."),
        (6, 1, "Pilot's Report"),
        (7, 1, "She said that the buoys were adrift."),
        (8, 1, "New slipway"),
        (8, 1, "It is to be mended by the spring."),
    )
    document = make_document("x" * 400, "a.txt")
    items = list(find_candidates(document, lines))
    assert [item.number for item in items] == ["01"]
    leads = [item.title for item in find_tabled(lines, items)]
    assert leads == ["Harbour Master's Report", "Pilot's Report"]


def test_a_title_in_two_paragraphs_of_a_cell_is_one():
    lines = cells(
        *HEADER, (1, 0, "01"), (1, 1, "Annual Report and"), (1, 1, "Accounts for the Year")
    )
    (item,) = find_candidates(make_document("x" * 400, "a.txt"), lines)
    assert item.title == "Annual Report and Accounts for the Year"


def test_titles_that_run_into_what_was_said_are_items():
    _, items = read(
        "Election of Officers",
        SAID,
        "Minutes of the last meeting. Mr Ash proposed that they be adopted.",
        "Matters Arising",
        SAID,
        "Correspondence. A letter from the mill was read out.",
        "The letter. It was long and nobody read it.",
    )
    assert [item.title for item in items] == [
        "Election of Officers",
        "Minutes of the last meeting",
        "Matters Arising",
        "Correspondence",
    ]


def test_a_comma_for_a_stop_is_a_slip_only_before_usual_business():
    _, items = read(
        "1. Apologies", "2, Matters Arising:", "3, Mill Lane", "4. Planning", "5. Close"
    )
    assert [item.number for item in items] == ["1", "2", "4", "5"]


def test_names_behind_apologies_are_no_part_of_the_title():
    document, items = read("1. Minutes", "2. Apologies J. Ash and Mrs. Elm", "3. Roads", "4. Close")
    assert items[1].title == "Apologies"
    assert [one.name for one in find_attendance(document, items)] == ["J. Ash", "Mrs. Elm"]
