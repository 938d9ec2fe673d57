"""Actions in minutes: told tasks, marks, margins, logs; owners, dues and the days they mean."""

from __future__ import annotations

from datetime import date

import pytest
from papers import make_document

from hwbtext.acts import detect_actions
from hwbtext.acts.due import due_days, find_due, printed_next_meeting
from hwbtext.acts.owners import is_owner
from hwbtext.acts.told import told_tasks
from hwbtext.passages import segment
from hwbtext.records import CharSpan

HELD = "The minutes of 2 March were approved as a correct record.\n\n"
DAY = date(2024, 4, 2)


def found(text, name="minutes.txt", **options):
    document = make_document(text, name)
    return detect_actions(document, segment(document), on=DAY, **options)


def told(text, people=()):
    return [(text[slice(*one.owner)], text[slice(*one.what)]) for one in told_tasks(text, people)]


@pytest.mark.parametrize(
    ("text", "owner", "what"),
    [
        ("Clerk to write to the Harbour Office.", "Clerk", "write to the Harbour Office"),
        ("The gate is broken, the Clerk will report it.", "the Clerk", "report it"),
        ("Cllr Mrs Ash has offered to paint the seat.", "Cllr Mrs Ash", "paint the seat"),
        ("Mr B Elm was asked to measure the gap.", "Mr B Elm", "measure the gap"),
        ("It was agreed to ask the Warden to call.", "the Warden", "call"),
        ("It was agreed that Cllr Ash should attend.", "Cllr Ash", "attend"),
        ("The hedge is to be cut by Councillors.", "Councillors", "to be cut"),
        ("RESOLVED that the Chair write to the Minister.", "the Chair", "write to the Minister"),
        ("Cllr Ash had no news, she will chase this up.", "Cllr Ash", "chase this up"),
        ("The Clerk advised she would chase this up.", "The Clerk", "chase this up"),
        ("Mr Elm thanked all and offered to share the slides.", "Mr Elm", "share the slides"),
        (
            "Officers would map the gaps and the Director of Public Health would bring a report.",
            "the Director of Public Health",
            "bring a report",
        ),
    ],
)
def test_a_sentence_gives_a_task(text, owner, what):
    assert (owner, what) in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "The Clerk wrote to the Harbour Office.",
        "Carrow Water will dig up the road.",
        "At the last meeting the Clerk was asked to write to the school.",
        "A member asked whether the Clerk would write to the school.",
        "The Board is asked to note the report.",
        "Members would support more lamps.",
        "Authority was delegated to the Director of Works and the Chair to sign it.",
        "The bill to be paid as proposed by Mrs Ash.",
        "It was agreed to buy a bench.",
        "Work went on with the Harbour and Ferry teams to mend the pier.",
        "Cheques to sign today.",
    ],
)
def test_no_task_is_given(text):
    assert told(text) == []


def test_a_bare_name_is_a_person_who_took_part():
    text = "Jo Sample to bring keys. Mill Farm to bring keys."
    assert told(text, ["Dr Jo Sample"]) == [("Jo Sample", "bring keys")]


def test_initials_that_will_do_something_are_those_of_a_person():
    text = "JS will bring keys. HPA will mend the pier."
    assert told(text, ["Jo Sample"]) == [("JS", "bring keys")]


def test_a_request_that_is_passed_on_is_one_task():
    text = "The Clerk to ask the Warden to call. Clerk to write and Cllr Ash to measure."
    assert [owner for owner, _ in told(text)] == ["The Clerk", "Clerk", "Cllr Ash"]


def test_told_tasks_are_those_of_minutes_only():
    sentence = "The Clerk to write to the Harbour Office."
    assert [action.kind for action in found(HELD + sentence)] == ["told"]
    assert found("A report on the harbour.\n\n" + sentence) == ()
    assert found(HELD + sentence, minutes=[CharSpan(0, 10)]) == ()


def test_a_mark_and_what_leads_up_to_it_are_one_action():
    text = (
        HELD + "The Harbour Officer agreed to send a note.\n\nAction: A note on the harbour to be "
        "sent.\n\nPage 2 of 3\n\nResponsible Officer: Harbour Officer (AB)"
    )
    (action,) = found(text)
    assert (action.kind, action.owner) == ("explicit", "Harbour Officer (AB)")


@pytest.mark.parametrize(
    ("line", "owner"),
    [
        ("Action: AB/CD to share the slides", "AB/CD"),
        ("Action: Share the slides (AB)", "AB"),
        ("ACTION 2.01: AB to share the slides", "AB"),
        ("Action: the slides to be put on the notice board", None),
    ],
)
def test_owner_of_a_marked_line(line, owner):
    (action,) = found(line)
    assert action.owner == owner


def test_no_action_required_is_none():
    assert found("Action: No action required.\n\nAction: None") == ()


def test_a_list_below_a_mark():
    text = "ACTIONS:\n\n- AB to share the slides\n- The Chair to write\n\nThe meeting closed."
    assert [action.owner for action in found(text)] == ["AB", "The Chair"]


def test_margin_of_minutes_names_owner_and_day():
    text = (
        "| No | Item | Action by | Action date |\n|---|---|---|---|\n"
        "| 1 | Ferry report | FF |  |\n"
        "| 2 | The pier was looked at and a rope will be needed before winter. | AB | 11/5/24 |\n"
        "| 3 | Nothing was said of the gulls at all this time. |  |  |\n"
    )
    (action,) = found(text, "minutes.md")
    assert (action.owner, action.due, action.last_due_date) == ("AB", "11/5/24", date(2024, 5, 11))


def test_numbered_points_in_a_column_leave_out_times_and_decisions():
    text = (
        "| Item | Discussion | Decisions and Action Points |\n|---|---|---|\n"
        "| 01 | Minutes | Minutes approved 04-01 AB to make a list |\n"
        "| 02 | Next | 09.30 Harbour Hotel |\n"
    )
    assert [action.text for action in found(text, "minutes.md")] == ["make a list"]


def test_a_log_states_how_it_stands():
    text = "AP12 AB to share the slides - ONGOING\n\nAP13 CD to find a room. CLOSED"
    assert [(one.owner, one.status) for one in found(text)] == [("AB", "ONGOING"), ("CD", "CLOSED")]


@pytest.mark.parametrize(
    ("due", "first", "last"),
    [
        ("3 May", date(2024, 5, 3), date(2024, 5, 3)),
        ("May 3rd", date(2024, 5, 3), date(2024, 5, 3)),
        ("the June meeting", date(2024, 6, 1), date(2024, 6, 30)),
        ("the end of June", date(2024, 6, 30), date(2024, 6, 30)),
        ("next week", date(2024, 4, 8), date(2024, 4, 14)),
        ("next month", date(2024, 5, 1), date(2024, 5, 31)),
        ("Friday", date(2024, 4, 5), date(2024, 4, 5)),
        ("within two weeks", DAY, date(2024, 4, 16)),
        ("Nov 2025", date(2025, 11, 1), date(2025, 11, 30)),
        ("year end", date(2024, 12, 31), date(2025, 3, 31)),
        ("the next meeting", None, None),
        ("as soon as possible", None, None),
    ],
)
def test_days_that_a_due_can_mean(due, first, last):
    assert due_days(due, DAY) == (first, last)
    assert due_days("3 May 2024", None) == (date(2024, 5, 3), date(2024, 5, 3))


def test_the_next_meeting_has_a_day_where_it_is_printed():
    text = HELD + "The Clerk to report to the next meeting.\n\nNext meeting: Tuesday 7 May 2024."
    (action,) = found(text)
    assert (action.due, action.first_due_date) == ("the next meeting", date(2024, 5, 7))
    assert printed_next_meeting("The next meeting was not fixed.", DAY) is None


def test_a_day_that_is_past_is_no_due():
    assert find_due("discuss the letter dated 4 May 2012") is None


@pytest.mark.parametrize("text", ["Noted", "write to them", "Invite Healthwatch", "", "N/A"])
def test_what_is_no_owner(text):
    assert not is_owner(text)
