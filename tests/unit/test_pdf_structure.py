"""Furniture, reading order, lists, footnotes, hyphens and deletions of printed pages."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from hwbtext.parse import parse_bytes
from hwbtext.records import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hwbtext.records import Document

Print = tuple[float, float, str]
"""Left edge, distance from the top, and text, optionally "# " for bold."""

BODY = [
    "Members heard that the waiting list for adaptations had",
    "grown since the summer, and that the contractor had two",
    "crews where five were needed. The Director said that a",
    "second contract would be let before the end of the year.",
]


TOPICS = "none one housing smoking loneliness falls dementia obesity".split()


def printed(*pages: Iterable[Print], size: float = 11) -> Document:
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pagesize=A4, invariant=1)
    for page in pages:
        for x, top, text in page:
            small = text.startswith("~ ")
            bold = text.startswith("# ")
            paper.setFont("Helvetica-Bold" if bold else "Helvetica", 8 if small else size)
            paper.drawString(x, A4[1] - top, text.removeprefix("# ").removeprefix("~ "))
        paper.showPage()
    paper.save()
    return parse_bytes(buffer.getvalue(), "paper.pdf")


def column(x: float, top: float, lines: Iterable[str], step: float = 14) -> list[Print]:
    return [(x, top + step * n, line) for n, line in enumerate(lines)]


def blocks(document: Document) -> list[tuple[str, int, str]]:
    return [(b.kind, b.level, document.text[b.span.start : b.span.end]) for b in document.blocks]


def body(document: Document) -> str:
    return "\n".join(text for kind, _, text in blocks(document) if kind != "furniture")


# Furniture


def test_running_heads_and_feet_of_the_parts_of_a_pack_are_furniture() -> None:
    pages = [
        [
            (60, 40, "Harbour Council" if number < 4 else "Appendix to item seven"),
            *column(60, 120, BODY),
            (280, 815, f"Page {number} of 8"),
        ]
        for number in range(1, 9)
    ]
    text = body(printed(*pages))
    assert "Harbour" not in text
    assert "Appendix" not in text
    assert "Page" not in text
    assert text.count("second contract") == 8


def test_a_title_that_stands_once_at_the_head_is_no_furniture() -> None:
    pages = [[(60, 40, f"Strategy part {'one two three'.split()[n]}")] for n in range(3)]
    document = printed(*[[*page, *column(60, 120, BODY)] for page in pages])
    assert "Strategy part two" in body(document)


def test_paragraph_numbers_at_one_height_are_no_furniture() -> None:
    pages = [
        [(60, 60, f"{n}.1"), *column(96, 60, [f"{TOPICS[n]} was discussed."]), (300, 815, str(n))]
        for n in range(2, 8)
    ]
    document = printed(*pages)
    assert [t.split()[0] for kind, _, t in blocks(document) if kind == "list_item"] == [
        f"{n}.1" for n in range(2, 8)
    ]
    assert [t for kind, _, t in blocks(document) if kind == "furniture"] == list("234567")


def test_a_watermark_across_the_page_is_furniture() -> None:
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pagesize=A4, invariant=1)
    paper.setFont("Helvetica", 90)
    paper.saveState()
    paper.translate(150, 300)
    paper.rotate(45)
    paper.drawString(0, 0, "DRAFT")
    paper.restoreState()
    paper.setFont("Helvetica", 11)
    for x, top, text in column(60, 120, BODY):
        paper.drawString(x, A4[1] - top, text)
    paper.save()
    document = parse_bytes(buffer.getvalue(), "draft.pdf")
    assert ("furniture", 0, "DRAFT") in blocks(document)
    assert "DRAFT" not in body(document)


# Reading order


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"left {n} of the words that are printed" for n in range(12)]
    right = [f"right {n} of the words that are printed" for n in range(12)]
    spanning = [(60, 60, "# What the board heard about housing from its members this year")]
    # The rows are drawn across, as some programs do.
    rows = [
        p for pair in zip(column(60, 100, left), column(320, 100, right), strict=True) for p in pair
    ]
    text = body(printed([*spanning, *rows]))
    assert text.index("heard about") < text.index("left 0") < text.index("left 11")
    assert text.index("left 11") < text.index("right 0") < text.index("right 11")


def test_labels_beside_their_values_are_read_across() -> None:
    labels = ["From:", "To:", "Subject:", "Classification:"]
    values = [
        "Director of Adult Social Care",
        "Health and Wellbeing Board",
        "Better Care Fund plan",
        "Open to the public",
    ]
    # Labels first, as a table without rules is often drawn.
    text = body(printed([*column(60, 80, labels, 28), *column(180, 80, values, 28)]))
    assert [line.split(":")[0] + ":" for line in text.splitlines()] == labels
    assert "To: Health and Wellbeing Board" in text


def test_the_same_text_is_not_printed_twice() -> None:
    once = [(60, 80, "# Prevention first")]
    document = printed([*once, (60.4, 80.2, "# Prevention first"), *column(60, 120, BODY)])
    assert document.text.count("Prevention") == 1


# Paragraphs, lists, footnotes


def test_lists_inside_lists_have_levels() -> None:
    document = printed(
        [
            (60, 80, "RESOLVED that:"),
            (80, 100, "(1) the plan be approved;"),
            (80, 114, "(2) the Director be asked to report on"),
            (110, 128, "(a) the cost of the plan; and"),
            (110, 142, "(b) the people whom it reaches;"),
            (80, 156, "(3) the report be noted."),
        ]
    )
    levels = [(level, text[:3]) for kind, level, text in blocks(document) if kind == "list_item"]
    assert levels == [(1, "(1)"), (1, "(2)"), (2, "(a)"), (2, "(b)"), (1, "(3)")]


def test_short_lines_that_had_room_for_more_end_their_paragraphs() -> None:
    lines = ["Food bank use by area", "Homes with damp", *BODY]
    document = printed(column(60, 80, lines))
    assert [text for _, _, text in blocks(document)][:2] == lines[:2]


def test_small_print_with_a_note_mark_at_the_foot_is_a_footnote() -> None:
    document = printed([*column(60, 120, BODY), (60, 780, "~ 1 Survey of residents, table 4")])
    assert blocks(document)[-1] == ("footnote", 0, "1 Survey of residents, table 4")


def test_a_paragraph_runs_on_overleaf_past_footnote_and_furniture() -> None:
    foot = [(60, 770, "~ 1 Survey of residents"), (300, 815, "1")]
    first = [*column(60, 660, BODY[:3]), *foot]
    second = [(60, 80, "second contract would be let later."), (300, 815, "2")]
    found = blocks(printed(first, second))
    assert ("paragraph", 0, " ".join([*BODY[:3], "second contract would be let later."])) in found
    assert {kind for kind, _, _ in found} == {"paragraph", "footnote", "furniture"}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["The long-", "term plan"], "The long-term plan"),
        (["Inequalities grew, and these inequal-", "ities were named"], "these inequalities were"),
        (["The cost fell - as was hoped -", "by half"], "hoped - by half"),
    ],
)
def test_words_broken_at_the_end_of_a_line_are_joined(lines: list[str], expected: str) -> None:
    # The last line has the full width, so that the lines above count as full.
    document = printed(column(60, 80, [*lines, ""]))
    assert expected in document.text


def test_a_joined_word_leads_back_to_both_its_places() -> None:
    lines = ["The inequalities grew, and these inequal-", "ities were named"]
    document = printed(column(60, 80, lines))
    start = document.text.rindex("inequalities")
    span = type(document.blocks[0].span)(start, start + len("inequalities"))
    assert document.text[span.start : span.end] == "inequalities"
    assert len(document.layout.regions(span)) == 2


def test_ligatures_and_composed_letters_have_one_spelling() -> None:
    document = parse_bytes("The ﬁnal oﬃce plan of the Cafe\u0301".encode(), "a.txt")
    assert document.text.strip() == "The final office plan of the Café"


def test_struck_out_words_are_kept_apart_and_noted() -> None:
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pagesize=A4, invariant=1)
    paper.setFont("Helvetica", 11)
    paper.drawString(60, 700, "The Board will consider endorse the plan.")
    start = 60 + paper.stringWidth("The Board will ", "Helvetica", 11)
    width = paper.stringWidth("consider", "Helvetica", 11)
    paper.line(start, 703, start + width, 703)
    underline = start + width + 3
    paper.line(underline, 698.5, underline + 40, 698.5)
    paper.save()
    document = parse_bytes(buffer.getvalue(), "changes.pdf")
    assert blocks(document) == [
        ("furniture", 0, "consider"),
        ("paragraph", 0, "The Board will endorse the plan."),
    ]
    (issue,) = document.issues
    assert (issue.code, issue.severity) == ("struck_out", "info")
    assert document.status is Status.SUCCESS


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_printed_sideways_is_read_along_its_lines(angle: int) -> None:
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pagesize=A4, invariant=1)
    paper.setFont("Helvetica", 11)
    paper.translate(*{90: (500, 100), 180: (500, 700), 270: (100, 700)}[angle])
    paper.rotate(angle)
    for number, line in enumerate(BODY):
        paper.drawString(0, -14 * number, line)
    paper.save()
    document = parse_bytes(buffer.getvalue(), "sideways.pdf")
    assert blocks(document) == [("paragraph", 0, " ".join(BODY))]
    regions = document.layout.regions(document.blocks[0].span)
    assert len(regions) == 4
    for _, box in regions:
        assert 0 <= box.x0 < box.x1 <= A4[0]
        assert 0 <= box.top < box.bottom <= A4[1]
        assert (box.bottom - box.top > box.x1 - box.x0) == (angle != 180)


@pytest.mark.parametrize(
    ("overleaf", "is_one"),
    [
        ("Harbour ward, where most of the crews had worked.", True),
        ("Decision: that the second contract be let.", False),
        ("RESOLVED that the second contract be let.", False),
    ],
)
def test_a_full_line_without_an_end_runs_on_overleaf_to_a_name(overleaf: str, is_one: bool) -> None:
    document = printed(column(60, 700, BODY[:3]), [(60, 80, overleaf)])
    assert len(document.blocks) == (1 if is_one else 2)


def test_the_head_of_a_table_stays_in_its_table_on_every_page() -> None:
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pagesize=A4, invariant=1)
    for number in range(4):
        for row, cells in enumerate(
            [("Risk", "Owner"), *[(f"risk {number}{n}", "X") for n in "abcde"]]
        ):
            for x, cell in zip((60, 300), cells, strict=True):
                paper.rect(x, A4[1] - 70 - 30 * row, 240, 30)
                paper.drawString(x + 5, A4[1] - 60 - 30 * row, cell)
        paper.showPage()
    paper.save()
    document = parse_bytes(buffer.getvalue(), "risks.pdf")
    assert {kind for kind, _, _ in blocks(document)} == {"table_cell"}
    assert [text for _, _, text in blocks(document)].count("Risk") == 4
