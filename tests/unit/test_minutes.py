from papers import MINUTES, make_document, make_pdf

from hwbtext.minutes import find_items, opens_resolution, split_clauses
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
