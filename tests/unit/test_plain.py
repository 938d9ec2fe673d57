from datetime import date

import pytest

from hwbtext.parse import parse_bytes
from hwbtext.parse.plain import decode
from hwbtext.records import Status


def _md(text: str) -> list[tuple[str, str]]:
    document = parse_bytes(text.encode(), "a.md")
    return [(b.kind, document.text[b.span.start : b.span.end]) for b in document.blocks]


@pytest.mark.parametrize(
    "text",
    [
        "\u00a3300",
        "The Board\u2019s \u201cplan\u201d \u2013 \u00a3300\r\n\tcaf\u00e9\f\u20ac5",
        "\u00a3",
    ],
)
def test_old_papers_are_windows_1252(text: str) -> None:
    assert decode(text.encode("cp1252")) == text


def test_utf_8_and_marks_come_first() -> None:
    assert decode("\u00a3300".encode()) == "\u00a3300"
    assert decode("\u00a3300".encode("utf-8-sig")) == "\u00a3300"
    assert decode("\u00a3300".encode("utf-16")) == "\u00a3300"


@pytest.mark.parametrize("data", [b"\xa3\x00\x01", b"\xa3300 \x07", b"\xa3300 \x81\x8d"])
def test_control_characters_and_undefined_bytes_are_not_windows_1252(data: bytes) -> None:
    assert decode(data) != data.decode("cp1252", errors="replace")


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_front_matter_is_noted_and_taken_away(name: str, end: str) -> None:
    lines = '---|title: "Minutes"|date: 2019-03-12|tags:|- one|  - two|  at: x||draft:|---|Text.'
    document = parse_bytes(lines.replace("|", end).encode(), name)
    assert document.title == "Minutes"
    assert document.published == date(2019, 3, 12)
    assert document.text == "Text.\n"


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "inside",
    [
        "Minutes of the Board",
        "title: Minutes\n\nThe Board met at 2pm: all were there.",
        "- Apologies\n- Minutes",
        "https://example.org/",
        "# Minutes\ntitle: x",
    ],
)
def test_a_paper_that_starts_with_a_rule_loses_nothing(name: str, end: str, inside: str) -> None:
    text = f"---\n{inside}\n\n---\n\nThe Board noted it.\n".replace("\n", end)
    document = parse_bytes(text.encode(), name)
    for word in f"{inside} The Board noted it.".replace("#", "").split():
        assert word in document.text
    assert document.title is None


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_bytes_that_are_no_text_say_so(name: str) -> None:
    document = parse_bytes(b"a\x00b" * 50, name)
    assert document.status is Status.FAILED
    assert [issue.code for issue in document.issues] == ["not_text"]


def test_code_is_left_as_it_is() -> None:
    assert _md("Set `2**3 &amp; x` to **5** and **6.") == [
        ("paragraph", "Set 2**3 &amp; x to 5 and 6.")
    ]
    assert _md("```\n2**3\n```\n\n    4**5\n") == [("paragraph", "2**3"), ("paragraph", "4**5")]


def test_an_empty_list_item_keeps_its_mark_to_itself() -> None:
    assert _md("- one\n-\n\nText.\n\n3.\n\n# Heading") == [
        ("list_item", "- one"),
        ("paragraph", "Text."),
        ("list_item", "3."),
        ("heading", "Heading"),
    ]


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ("<div>\n<script>\nif (a < b) { no(); }\n</script>\nText.\n</div>", "Text."),
        ("<STYLE type='text/css'>\n\np > a {}\n</style>", ""),
        ("<div>\n<style>p > a {}</style >Text.</div>", "Text."),
        ("<div><!-- no > no\n<p>no</p> -->Text.</div>", "Text."),
        ("<div>1 < 2, 3 > 2 and <5 or </ 6.</div>", "1 < 2, 3 > 2 and <5 or </ 6."),
        ("<div>a < b <b>bold</b> &pound;5</div>", "a < b bold \u00a35"),
        ("<div>Text. <!-- no", "Text."),
    ],
)
def test_html_in_markdown_gives_only_its_text(block: str, text: str) -> None:
    assert [words for _, words in _md(f"{block}\n\nAfter.")] == [*filter(None, [text]), "After."]


def test_many_open_tags_take_no_long_time() -> None:
    for piece in ("<!--", "<a ", "<", "<script>", "</script "):
        parse_bytes(f"<div>\n{piece * 100_000}".encode(), "a.md")


def test_a_break_in_a_cell_of_markdown_parts_two_names() -> None:
    table = "| Present | Post |\n|---|---|\n| Ann Ash<br>Bob Birch | Chair<BR/>Clerk |\n"
    document = parse_bytes(table.encode(), "minutes.md")
    assert "Ann Ash Bob Birch" in " ".join(document.text.split())
    assert "Chair Clerk" in " ".join(document.text.split())


def test_rows_of_a_markdown_table_close_over_broken_lines() -> None:
    table = (
        "Before.\n\n| \n**No**\n\n | \n**Item**\n\n |\n| --- | --- |\n| 1. | Ponds |\n"
        "|   | Wet.\n\n Dry. \n\n  |\n\nAfter | all."
    )
    document = parse_bytes(table.encode(), "minutes.md")
    cells = [
        (block.row, block.column, document.text[block.span.start : block.span.end])
        for block in document.blocks
        if block.kind == "table_cell"
    ]
    assert cells == [
        (0, 0, "No"),
        (0, 1, "Item"),
        (1, 0, "1."),
        (1, 1, "Ponds"),
        (2, 1, "Wet."),
        (2, 1, "Dry."),
    ]
    assert document.text.rstrip().endswith("After | all.")


def test_a_row_that_never_closes_is_left_as_it_is() -> None:
    words = [text for _, text in _md("| A | B |\n|---|---|\n| one\n\ntwo\n")]
    assert "two" in words
