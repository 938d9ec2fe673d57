import pytest
from papers import MINUTES, make_document, make_pdf

from hwbtext.parse import parse_bytes
from hwbtext.passages import MAX_WORDS, is_fragment, segment
from hwbtext.text import n_words


def test_each_clause_is_its_own_passage_under_its_item() -> None:
    passages = segment(parse_bytes(make_pdf(MINUTES), "minutes.pdf"))
    last_two = passages[-2:]
    assert [p.text for p in last_two] == [
        "RESOLVED - (1) That the return be noted;",
        "(2) that a task group be set up.",
    ]
    assert {p.item_title for p in last_two} == {"Better Care Fund"}
    assert last_two[0].page == 1
    assert last_two[0].regions


def test_a_report_and_its_decision_are_two_passages() -> None:
    text = "Admissions had fallen by a third. It was agreed that the scheme go on for a year."
    assert [p.text for p in segment(make_document(text))] == [
        "Admissions had fallen by a third.",
        "It was agreed that the scheme go on for a year.",
    ]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    text = " ".join(f"Sentence number {i} tells of the plan for the town." for i in range(40))
    passages = segment(make_document(text))
    assert len(passages) > 2
    assert all(n_words(p.text) <= MAX_WORDS for p in passages)
    assert " ".join(p.text for p in passages) == text


def test_headings_are_the_section_path_and_no_passages() -> None:
    text = "# Plan\n\n## Aims\n\nWe will walk more in the parks.\n\n## Money\n\nThere is no money."
    passages = segment(make_document(text, "plan.md"))
    assert [p.section_path for p in passages] == [("Plan", "Aims"), ("Plan", "Money")]


def test_a_table_row_is_one_passage() -> None:
    text = "| Action | Owner |\n|---|---|\n| Write to the trust | Director |\n"
    passages = segment(make_document(text, "log.md"))
    assert "Write to the trust\tDirector" in [p.text for p in passages]


@pytest.mark.parametrize(
    "text", ["1,200\t3.4\t48%", "(Item 3)", "Signed ........ Dated 4 May", "None"]
)
def test_fragments(text: str) -> None:
    assert is_fragment(text)


def test_a_document_without_text_has_no_passages() -> None:
    assert segment(make_document("   ")) == ()


def test_passages_know_the_number_of_their_clause() -> None:
    text = "RESOLVED that:\n\n(a) the plan be agreed; and\n\n(b) the Chair write.\n\nMr Ash left."
    assert [(p.clause, p.text) for p in segment(make_document(text))] == [
        (None, "RESOLVED that:"),
        ("a", "(a) the plan be agreed; and"),
        ("b", "(b) the Chair write."),
        (None, "Mr Ash left."),
    ]


def test_a_passage_never_runs_across_items_inside_a_paragraph() -> None:
    body = "1. Apologies: None. 2. Roads It rained. 3. Parks: They were dry. 4. Close: It closed. "
    passages = segment(make_document(body + "It had rained all day long. " * 20))
    assert [p.item_number for p in passages][:4] == ["1", "2", "3", "4"]


def test_a_decision_in_the_middle_of_a_paragraph() -> None:
    text = "Costs rose. It was agreed that the Clerk write. The Chair thanked her."
    assert [p.text for p in segment(make_document(text))] == [
        "Costs rose.",
        "It was agreed that the Clerk write.",
        "The Chair thanked her.",
    ]
