from datetime import time
from itertools import pairwise

import pytest
from papers import MINUTES, make_document, make_pdf

from hwbtext.minutes import (
    find_heading,
    find_items,
    find_resolutions,
    opens_resolution,
    split_clauses,
)
from hwbtext.parse import parse_bytes


def test_items_by_their_printed_headings() -> None:
    document = parse_bytes(make_pdf(MINUTES), "minutes.pdf")
    items = find_items(document)
    assert [(item.number, item.title) for item in items] == [
        ("1", "Apologies for absence"),
        ("2", "Better Care Fund"),
    ]
    assert items[0].span.end <= items[1].span.start


def test_numbered_paragraphs_under_headings_are_no_items() -> None:
    lines = ["# 7. Housing", "", "1. Mr Ash said that it was late.", "", "# 8. Any other business"]
    document = parse_bytes(make_pdf(lines), "minutes.pdf")
    assert [item.number for item in find_items(document)] == ["7", "8"]


def test_items_of_text_files_have_short_titles_and_rising_numbers() -> None:
    text = (
        "1. Apologies: None were received.\n\n2. The Green\n\nIt was wet.\n\n2020 was a hard year."
    )
    items = find_items(make_document(text))
    assert [(item.number, item.title) for item in items] == [("1", "Apologies"), ("2", "The Green")]


def test_number_below_the_heading() -> None:
    lines = ["# Apologies", "(Item 1)", "", "None came.", "", "# Any other business", "(Item 2)"]
    document = parse_bytes(make_pdf(lines), "minutes.pdf")
    assert [(i.number, i.title) for i in find_items(document)] == [
        ("1", "Apologies"),
        ("2", "Any other business"),
    ]


def test_clauses_count_in_order_and_pass_over_cross_references() -> None:
    text = "RESOLVED that (a) the plan, as in appendix (d), be agreed; (b) officers report back."
    clauses = split_clauses(text)
    assert [clause.number for clause in clauses] == ["a", "b"]
    assert text[clauses[0].span.start : clauses[0].span.end].endswith("be agreed;")


def test_a_resolution_without_numbers_is_one_clause() -> None:
    (clause,) = split_clauses("RESOLVED - That the report be noted.")
    assert clause.number is None


def test_what_opens_a_resolution() -> None:
    assert opens_resolution("It was agreed that the plan be published.")
    assert opens_resolution("Resolved: to note the report.")
    assert not opens_resolution("Members discussed the plan at length.")


def _items(text: str, name: str = "minutes.txt") -> list[tuple[str, str]]:
    return [(item.number, item.title) for item in find_items(make_document(text, name))]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("12", "13"),
        ("12.", "13."),
        ("24/25", "25/25"),
        ("2021/34", "2021/35"),
        ("HWB/12", "HWB/13"),
        ("16.01.2", "16.01.3"),
        ("Item 5", "Item 6"),
        ("Minute 14", "Minute 15"),
    ],
)
def test_forms_of_numbers(first: str, second: str) -> None:
    text = (
        f"{first} Apologies\n\nNone came.\n\n{second} Air quality\n\nIt was noted that it rained."
    )
    assert [title for _, title in _items(text)] == ["Apologies", "Air quality"]


def test_items_below_an_item() -> None:
    text = "# 4. Reports\n\n## 4.a Housing\n\nIt rained.\n\n## 4.b Schools\n\n# 5. Close\n"
    found = find_items(make_document(text, "minutes.md"))
    assert [(item.number, item.level) for item in found] == [
        ("4", 1),
        ("4.a", 2),
        ("4.b", 2),
        ("5", 1),
    ]


def test_references_are_no_part_of_a_title() -> None:
    text = "1. Minutes (Pages 1 - 14)\n\n2. Fund (Item 3)\n\n3. Parks 2024/25"
    assert _items(text) == [("1", "Minutes"), ("2", "Fund"), ("3", "Parks 2024/25")]


def test_titles_end_where_somebody_speaks() -> None:
    text = (
        "7/20 Apologies for absence Apologies were accepted from Cllr Ash.\n\n"
        "8/20 To receive reports from members Cllr Birch reported that it had rained.\n\n"
        "9/20 Footpaths - The Clerk had written to the owner. No answer had come.\n\n"
        "10/20 The alarm was read out by the Chair."
    )
    assert _items(text) == [
        ("7/20", "Apologies for absence"),
        ("8/20", "To receive reports from members"),
        ("9/20", "Footpaths"),
        ("10/20", "The alarm was read out by the Chair"),
    ]


def test_items_inside_one_paragraph() -> None:
    body = "1. Apologies: None. 2. Declarations of interest There were none. 3. Roads "
    body += "3.1 Bridge - The Clerk said that it was shut. 4. Close The meeting closed. "
    found = find_items(make_document(body + "It had rained all day long. " * 20))
    assert [item.number for item in found] == ["1", "2", "3", "3.1", "4"]
    assert found[1].kind == "declarations"
    assert all(one.span.end <= two.span.start for one, two in pairwise(found))


def test_a_number_alone_above_its_title() -> None:
    text = "Item 7\n\nDiscussion points:\n\nGreen plan\n\nIt was long.\n\nItem 8\n\nClose"
    assert [item.title for item in find_items(make_document(text))] == ["Green plan", "Close"]


def test_rows_of_minutes_set_as_a_table() -> None:
    text = "| Item | Discussion | Action |\n|---|---|---|\n| 01 | Opening | |\n| 02 | Budget | |"
    assert _items(text, "minutes.md") == [("01", "Opening"), ("02", "Budget")]


def test_minutes_without_numbers() -> None:
    text = "Apologies: None\n\nMatters Arising:\n\nIt rained.\n\nPlanning: None\n\nPrecept: None"
    found = find_items(make_document(text))
    assert [(item.number, item.kind) for item in found] == [
        ("", "apologies"),
        ("", "matters_arising"),
        ("", "business"),
        ("", "business"),
    ]


def _clauses(text: str, name: str = "minutes.txt") -> list[tuple[str | None, str]]:
    document = make_document(text, name)
    return [
        (clause.number, document.text[clause.span.start : clause.span.end])
        for resolution in find_resolutions(document)
        for clause in resolution.clauses
    ]


def test_a_lead_in_and_its_list() -> None:
    text = (
        "3) RESOLVED that Council:\n\n(i) notes the plan; and\n\n(ii) adopts it.\n\n4) Mr Ash left."
    )
    assert _clauses(text) == [("i", "(i) notes the plan; and"), ("ii", "(ii) adopts it.")]


def test_the_number_of_a_paragraph_is_no_clause() -> None:
    assert _clauses("27) RESOLVED that the report be noted.") == [
        (None, "27) RESOLVED that the report be noted.")
    ]


def test_clauses_below_clauses() -> None:
    text = "RESOLVED - (1) note it; (2) that the Chair: (a) write; and (b) report; (3) end."
    assert [number for number, _ in _clauses(text)] == ["1", "a", "b", "3"]


@pytest.mark.parametrize(
    "text",
    [
        "Mr Ash proposed, and Mrs Birch seconded the motion that the plan be adopted.",
        'Mr Ash moved "That it be RESOLVED that the plan be adopted" and spoke to it.',
        "The Chairman put the motion to the vote and it was agreed unanimously.",
        "As had been agreed at the last meeting, the Clerk wrote.",
        "The Board had previously RESOLVED to wait.",
    ],
)
def test_what_was_only_moved_is_no_resolution(text: str) -> None:
    assert _clauses(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "AGREED: that the plan go on.",
        "Decision: The plan was approved.",
        "It was therefore agreed to write.",
        "The Councillors resolved to pay the bill.",
        "The Committee NOTED the report.",
        "RECOMMENDED to Council that the plan be adopted.",
        "Outcome: the Board noted the update.",
    ],
)
def test_forms_of_resolutions(text: str) -> None:
    assert [clause for _, clause in _clauses(text)] == [text]


def test_an_outcome_set_off_at_the_end_of_an_item() -> None:
    text = "1. Apologies\n\nNone came.\n\n2. Plan\n\nMembers asked why.\n\n"
    text += "The Board approved the plan."
    assert [clause for _, clause in _clauses(text)] == ["The Board approved the plan."]
    assert _clauses(text.replace("1. Apologies", "1. Context")) == []


def test_decisions_that_no_stop_parts() -> None:
    text = "Hall £40 Councillors resolved to pay Insurance £90 Councillors resolved to pay"
    assert len(_clauses(text)) == 2


def test_heading_of_a_meeting() -> None:
    text = (
        "MINUTES of a meeting of the Board held in the Guildhall, Elm on Tuesday, 4 May 2021 at "
        "10.00 am\n\n1. Apologies\n\nNone.\n\n2. Plan\n\nThe meeting concluded at 12.30 p.m."
    )
    heading = find_heading(make_document(text))
    assert heading.place is not None
    assert heading.place.text == "the Guildhall, Elm"
    assert heading.start is not None
    assert heading.start.time == time(10, 0)
    assert heading.close is not None
    assert heading.close.time == time(12, 30)


def test_lines_of_an_agenda_that_were_read_as_one() -> None:
    text = "1. Apologies\n\n2. Fund (Pages 3 - 9) 3. Housing (Pages 10 - 12) 4. Close"
    assert [title for _, title in _items(text)] == ["Apologies", "Fund", "Housing", "Close"]
