"""Decisions told without a label, clauses that print parts, items found by their kind."""

from __future__ import annotations

import pytest

from hwbtext.minutes import find_attendance, find_items, find_resolutions, find_votes
from hwbtext.minutes.told import tells_decision
from hwbtext.parse import parse_bytes

OPENING = "1. Apologies for absence\n\nNone.\n\n2. The pond\n\n"


def clauses(text, name="minutes.md"):
    document = parse_bytes(text.encode(), name)
    return [
        (clause.number, document.text[clause.span.start : clause.span.end])
        for resolution in find_resolutions(document)
        for clause in resolution.clauses
    ]


def people(text, name="minutes.md"):
    document = parse_bytes(text.encode(), name)
    return [(one.name, one.presence) for one in find_attendance(document)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The minutes of the meeting held on 3 May were agreed as a correct record and signed.",
        "All agreed this was a true record and were signed and approved.",
        "The accounts were approved by the Parish Council and signed by the Chairman.",
        "The annual report was duly approved with 40 votes in favour.",
        "There were no changes, all were in favour of keeping the policy.",
        "Cllr Ash proposed that the pond be drained, seconded by Cllr Birch, all were in favour.",
        "The Chairman proposed to go on after 4pm and it was agreed unanimously.",
    ],
)
def test_a_told_decision_is_a_resolution(sentence):
    assert clauses(OPENING + "Rain had filled it.\n\n" + sentence) == [(None, sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The application was approved by the Borough Council on 3 May 2019.",
        "The scheme, which was approved by the Council, had cost more.",
        "Cllr Ash proposed a new pond but the motion was lost, two were in favour.",
        "Proposed by Cllr Ash, seconded by Cllr Birch, all in favour.",
        "The minutes had been circulated before the meeting.",
        "To approve as a correct record the minutes of 3 May.",
        "Once the plan was approved by the Board, work would begin.",
        "Members were in favour of better lighting, and a resident agreed.",
        "The works were carried out in March, as the Clerk had proposed.",
    ],
)
def test_discussion_is_no_resolution(sentence):
    assert clauses(OPENING + sentence + "\n\nMr Elm thanked them.") == []


def test_a_proposal_is_carried_by_the_sentence_after_it():
    moved = "Cllr Ash proposed a new bench, seconded by Cllr Elm."
    assert tells_decision(moved, "All in favour.")
    assert not tells_decision(moved, "Mr Fir spoke of the old one.")


def test_what_the_label_below_decides_is_not_decided_twice():
    text = OPENING + (
        "Cllr Ash proposed that the pond be drained, seconded by Cllr Birch, all were in favour."
        "\n\nRESOLVED that the pond be drained."
    )
    assert clauses(text) == [(None, "RESOLVED that the pond be drained.")]


def test_only_minutes_tell_decisions():
    assert clauses("# Report\n\nThe plan was approved by the Council and all agreed.") == []


def test_agreed_unanimously_alone_decides_only_where_nothing_else_does():
    text = OPENING + "The Chairman spoke of the late Mr Elm.\n\nAgreed unanimously."
    assert clauses(text) == [(None, "Agreed unanimously.")]
    more = text + "\n\nRESOLVED that flowers be sent."
    assert clauses(more) == [(None, "RESOLVED that flowers be sent.")]


def test_headings_tables_and_few_words_stand_between_clauses():
    text = OPENING + (
        "RESOLVED that the Council agrees:\n\n# Revenue\n\na) the net budget;\n\n"
        "# Council tax\n\nb) the tax;\n\n| Band | Tax |\n|---|---|\n| A | 40 |\n\n"
        "In addition:\n\nc) to note the report.\n\n3. Close\n\nEnd."
    )
    assert [number for number, _ in clauses(text)] == ["a", "b", "c"]


def test_a_heading_without_the_next_number_ends_the_list():
    text = OPENING + "RESOLVED that:\n\na) one;\n\nb) two.\n\n# Debate\n\na) He spoke first."
    assert [number for number, _ in clauses(text)] == ["a", "b"]


def test_a_decision_ends_before_the_next_point_of_the_discussion():
    text = OPENING + "(i) The pond. It was agreed to drain it. (ii) The fair. It went well."
    assert clauses(text) == [(None, "It was agreed to drain it.")]


def test_payments_that_print_set_on_lines_are_parted():
    text = OPENING + "Hall asked for help, resolved to pay £60 Bill for grass £90, resolved to pay"
    assert [decided for _, decided in clauses(text)] == [
        "Hall asked for help, resolved to pay £60",
        "Bill for grass £90, resolved to pay",
    ]


def test_two_labels_in_a_paragraph_do_not_overlap():
    document = parse_bytes(b"RESOLVED. RESOLVED", "a.txt")
    spans = [resolution.span for resolution in find_resolutions(document)]
    assert all(one.end <= other.start for one, other in zip(spans, spans[1:], strict=False))


def test_a_column_of_decisions_decides_for_its_row():
    text = (
        "1. Welcome\n\nAll came.\n\n2. Business\n\n| Item | Discussion | Decisions and actions |\n"
        "|---|---|---|\n| Minutes | The minutes were approved. | Minutes approved |\n"
        "| Roads | They were wet. | 09-01 AB to write once approved |\n"
    )
    assert clauses(text) == [(None, "Minutes approved")]


def test_items_are_the_series_with_apologies_and_minutes():
    business = "".join(f"# {n}) Saving number {n}\n\nText.\n\n" for n in range(1, 13))
    text = (
        "# 282. Apologies for absence\n\nNone.\n\n# 283. Declarations of interest\n\nNone.\n\n"
        "# 284. Minutes of the last meeting\n\nAgreed.\n\n# 285. Budget\n\n" + business
    )
    items = find_items(parse_bytes(text.encode(), "minutes.md"))
    assert [item.number for item in items] == ["282", "283", "284", "285"]


def test_a_month_that_was_not_brought_up_to_date_keeps_its_item():
    numbers = ("19.03.1", "19.03.2", "19.03.3", "19.01.4", "19.03.5", "19.03.6")
    titles = ("Apologies", "Declarations of interest", "Minutes", "Roads", "Parks", "Next meeting")
    text = "\n\n".join(f"# {n} {t}\n\nText." for n, t in zip(numbers, titles, strict=True))
    items = find_items(parse_bytes(text.encode(), "minutes.md"))
    assert tuple(item.number for item in items) == numbers


def test_an_item_may_decide_on_its_own_line():
    text = "1. Apologies\n\nNone.\n\n2. Minutes: It was agreed to sign them.\n\n3. Roads\n\nWet."
    items = find_items(parse_bytes(text.encode(), "minutes.md"))
    assert [(item.number, item.title) for item in items][1] == ("2", "Minutes")


@pytest.mark.parametrize(
    ("rest", "title"),
    [
        ("To approve the new bank Cllr Ann Ash proposed that Cllr Elm be confirmed.", None),
        ("To approve the new bank Page 3 of 5 The bank had written to all.", None),
        ("To approve the new bank - Wednesday 4 March 2020 at 7 pm, in the hall", None),
        ("To approve the new bank Cllr Ash left the meeting with the others.", None),
    ],
)
def test_a_title_ends_where_something_is_told(rest, title):
    body = f"1. Apologies None. 2. {rest} 3. Parks: Closed. 4. Close. " + "It closed. " * 40
    items = find_items(parse_bytes(body.encode(), "minutes.md"))
    assert items[1].title == (title or "To approve the new bank")


def test_two_of_a_name_are_told_apart_by_their_titles():
    found = people("PRESENT: Mr J Ash, Ms J Ash, Cllr J Ash, Mr B Birch\n\n" + OPENING)
    assert [name for name, _ in found] == ["Mr J Ash", "Ms J Ash", "Mr B Birch"]


def test_also_present_is_one_label():
    found = people("PRESENT: Ann Ash (Chair), Bob Birch ALSO PRESENT: Cat Cole\n\n" + OPENING)
    assert found == [
        ("Ann Ash", "present"),
        ("Bob Birch", "present"),
        ("Cat Cole", "in_attendance"),
    ]


def test_a_list_of_apologies_may_stand_before_a_sentence():
    text = "1. Apologies for absence - Cllr Ann Ash (ill). Cllr Elm had also sent his apologies."
    assert people(text + "\n\n2. Minutes\n\nAgreed.\n\n3. Roads\n\nWet.") == [
        ("Cllr Ann Ash", "apologies"),
        ("Cllr Elm", "apologies"),
    ]


def test_initials_show_names_in_every_column():
    text = "Present\n\n| A Ash | B Birch | C Cole |\n|---|---|---|\n| D Dale | E Elm | F Fir |\n\n"
    assert len(people(text + OPENING)) == 6


def test_rows_of_business_below_the_lists_name_no_one():
    text = (
        "Present\n\n| Name | Organisation |\n|---|---|\n| Ann Ash | Boots |\n\n# MEETING:\n\n"
        "| Item | Discussion |\n|---|---|\n| AOB | Talk |\n"
    )
    assert people(text) == [("Ann Ash", "present")]


def test_the_holder_of_a_post_may_stand_in_brackets():
    found = people("PRESENT\n\nThe Mayor (Councillor A Ash)\n\nCouncillor B Birch\n\n" + OPENING)
    assert found == [("Councillor A Ash", "present"), ("Councillor B Birch", "present")]


def test_a_list_that_lost_its_lines_parts_at_the_posts():
    text = "Present: Ann Ash Trust Chair Bob Birch Chief Executive Cat Cole (CC) Nurse\n\n"
    assert [name for name, _ in people(text + OPENING)] == ["Ann Ash", "Bob Birch", "Cat Cole"]


def test_a_double_name_parted_by_the_end_of_a_line():
    assert ("Mr A Ash- Birch", "present") in people(
        "PRESENT: Mr A Ash- Birch, Mr C Cole\n\n1. Roads"
    )


def test_named_abstentions_are_counted_and_years_are_not():
    text = (
        "1. Apologies\n\nNone.\n\n2. Bank\n\nCllr Ash proposed it from 2020/21 for three years, "
        "all agreed. Five were in favour and Cllr Jim Birch abstained."
    )
    (vote,) = [v for v in find_votes(parse_bytes(text.encode(), "a.md")) if v.n_for is not None]
    assert (vote.n_for, vote.n_abstain) == (5, 1)
