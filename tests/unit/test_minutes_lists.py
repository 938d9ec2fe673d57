"""Lists of clauses and of surnames, items without a number, agendas that hold minutes."""

from __future__ import annotations

import pytest

from hwbtext.analyse import analyse
from hwbtext.corpus import CorpusFile
from hwbtext.minutes import find_attendance, find_items, find_resolutions
from hwbtext.minutes.lines import read_lines
from hwbtext.parse import parse_bytes

OPENING = "1. Apologies for absence\n\nNone.\n\n2. Minutes\n\nRead.\n\n3. The pond\n\n"


def clauses(text, name="minutes.txt"):
    document = parse_bytes(text.encode(), name)
    return [
        (clause.number, document.text[clause.span.start : clause.span.end])
        for resolution in find_resolutions(document)
        for clause in resolution.clauses
    ]


def numbers(text, name="minutes.txt"):
    return [item.number for item in find_items(parse_bytes(text.encode(), name))]


def people(text, name="minutes.txt"):
    document = parse_bytes(text.encode(), name)
    return [(one.name, one.presence) for one in find_attendance(document)]


def test_a_second_lead_in_and_titles_between_clauses_are_no_clauses():
    text = (
        "RESOLVED that:\n\nThe Council, having read the report, agree the following:\n\n"
        "Works 2031\n\n(a) The works.\n\nTaxes 2031\n\n(b) The tax."
    )
    assert clauses(OPENING + text) == [("a", "(a) The works."), ("b", "(b) The tax.")]


def test_the_letter_i_counts_on_after_h_across_a_title():
    listed = "\n\n".join(f"({letter}) Point {letter}." for letter in "abcdefgh")
    text = f"RESOLVED that:\n\n{listed}\n\nFees\n\n(i) Fees stay.\n\n(j) Rents rise."
    assert [number for number, _ in clauses(OPENING + text)] == list("abcdefghij")


def test_roman_numbers_are_roman_where_nothing_counts_before_them():
    text = "RESOLVED that:\n\n(i) it be filled;\n\n(ii) it be fenced."
    assert [number for number, _ in clauses(OPENING + text)] == ["i", "ii"]


@pytest.mark.parametrize("label", ["DECISIONS", "DECISION:", "RESOLVED:"])
@pytest.mark.parametrize("lead", ["That Council:", "That", "That the Board:"])
@pytest.mark.parametrize("stop", [".", ""])
def test_numbered_clauses_below_a_label_are_no_items(label, lead, stop):
    body = "\n\n".join(f"{n}. drain pond {n}{stop}" for n in (1, 2, 3))
    text = f"{OPENING}{label}\n\n{lead}\n\n{body}\n\n4. Parks\n\nIt was dry."
    assert numbers(text) == ["1", "2", "3", "4"]
    assert [number for number, _ in clauses(text)][-3:] == ["1", "2", "3"]


def test_recommendations_that_were_agreed_are_a_decision():
    said = "The recommendations in the report were agreed."
    assert clauses(OPENING + said) == [(None, said)]
    assert clauses(OPENING + "The recommendations were agreed by others in 2019.") == []


def test_a_decision_behind_a_dash_but_not_behind_a_reference():
    assert clauses(OPENING + "Decision - approved.") == [(None, "Decision - approved.")]
    assert clauses(OPENING + "They spoke of Decision - 24/00001 on lamps.") == []


def test_an_election_above_the_first_number_is_an_item():
    text = (
        "# Election of Chair\n\nRESOLVED that Mr Ash be elected.\n\n"
        "# 7. Apologies for absence\n\nNone.\n\n# 8. Roads\n\nWet."
    )
    items = find_items(parse_bytes(text.encode(), "minutes.md"))
    assert [(item.number, item.title) for item in items][:2] == [
        ("", "Election of Chair"),
        ("7", "Apologies for absence"),
    ]


def test_a_space_before_brackets_makes_no_series_of_its_own():
    body = ["Apologies", "Minutes", "Roads", "Close"]
    heads = ["Item 31-32 (4)", "Item 31-32 (5)", "Item 31-32 (6)", "Item 31-32(7)"]
    text = "\n\n".join(
        f"{head}\n\n{title}\n\nIt rained." for head, title in zip(heads, body, strict=True)
    )
    assert len(numbers(text)) == 4


def test_numbers_of_pages_are_no_lines():
    document = parse_bytes(b"Roads\n\nPage 3 of 12\n\nPage 4\n\nPage 5 was read.", "a.txt")
    assert [line.text for line in read_lines(document)] == ["Roads", "Page 5 was read."]


@pytest.mark.parametrize(
    "listed",
    [
        "Present: Councillors: Ash; Birch; Cole",
        "Members present: Ash (Chair), Birch and Cole",
        "PRESENT:\n\nCouncillors\n\nAsh\n\nBirch\n\nCole",
    ],
)
def test_lists_of_surnames(listed):
    assert [name for name, _ in people(f"{listed}\n\n{OPENING}")] == ["Ash", "Birch", "Cole"]


def test_surnames_in_capitals_and_a_post_at_the_head():
    text = f"PRESENT: Councillors ASH, BIRCH and COLE\n\n{OPENING}"
    assert [name for name, _ in people(text)] == ["ASH", "BIRCH", "COLE"]
    text = f"Present: The Mayor (Councillor Ash), Councillors Birch and Cole\n\n{OPENING}"
    assert [name for name, _ in people(text)] == ["Councillor Ash", "Birch", "Cole"]


def test_formal_apologies_are_apologies():
    text = "1. Apologies\n\nMs Ash had given her formal apologies.\n\n2. Roads\n\nWet."
    assert people(text) == [("Ms Ash", "apologies")]


def test_attendance_right_above_the_items_of_a_long_paper():
    front = "\n\n".join(f"Line {n} of the cover sheet" for n in range(400))
    text = f"{front}\n\nPresent:\n\nMr A Ash\n\nMrs B Birch\n\n{OPENING}"
    assert [name for name, _ in people(text)] == ["Mr A Ash", "Mrs B Birch"]


def of_agenda(tmp_path, said):
    path = tmp_path / "agenda.html"
    path.write_text(
        "<h1>Agenda</h1><p>Agenda for Harbour Board, Tuesday, 4th March, 2031</p>"
        f"<h2>1. Apologies for absence</h2><p>{said}</p>"
        "<h2>2. The quay</h2><p>To receive the report.</p>",
        encoding="utf-8",
    )
    return analyse(CorpusFile(path, path.name))


def test_an_agenda_with_minutes_in_it_has_attendance(tmp_path):
    found = of_agenda(tmp_path, "Apologies were received from Mr Ash and Mrs Birch.")
    assert found.facts.kind == "agenda"
    assert [one.name for one in found.attendance] == ["Mr Ash", "Mrs Birch"]


def test_an_agenda_of_a_meeting_to_come_has_none(tmp_path):
    assert of_agenda(tmp_path, "To receive apologies from Mr Ash.").attendance == ()
