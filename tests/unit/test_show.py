"""The structure of one paper: pieces, terminal, JSON, and where the page may be written."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING

import pytest
from papers import MINUTES, make_document, make_pdf
from rich.console import Console

from hwbtext.errors import InputError, OutputExistsError
from hwbtext.minutes import find_items
from hwbtext.parse import parse_bytes
from hwbtext.records import (
    Action,
    Attendance,
    CharSpan,
    Document,
    DocumentFacts,
    DocumentFindings,
    Provenance,
    Vote,
)
from hwbtext.show import Structure, check_target, read_structure, to_json, write_page
from hwbtext.show.printable import escaped_json, on_one_line, printable
from hwbtext.show.structure import Piece, choose_pages, runs
from hwbtext.show.target import MARKER
from hwbtext.show.terminal import render_body, render_head

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnihton\u2069 \ud800 [red]plan[/red] :warning:"
PLAN = """The Board met.

RESOLVED that:

(1) the plan be noted; and

(2) the Chair write to the Trust.
"""
TABLE = """
<table>
  <tr><td>Measure</td><td>North</td><td>South</td></tr>
  <tr><td>Falls in a year</td><td>1,200</td><td>800</td></tr>
</table>
"""


def findings_of(document: Document, **found: object) -> DocumentFindings:
    facts = DocumentFacts(site="Ashmere Council", committee="Board", kind="minutes")
    values: dict[str, object] = {"items": find_items(document), **found}
    return DocumentFindings(document, facts, (document.source.path,), **values)  # type: ignore[arg-type]


def structure_of(text: str, name: str = "minutes.txt", **found: object) -> Structure:
    return read_structure(findings_of(make_document(text, name), **found))


def pdf_structure(*pages: list[str], shown: str | None = None) -> Structure:
    document = parse_bytes(make_pdf(*pages), "minutes.pdf")
    return read_structure(findings_of(document), pages=shown)


def printed(structure: Structure, width: int = 100, **options: bool) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False, markup=False, emoji=False)
    for renderable in (*render_head(structure), *render_body(structure, **options)):
        console.print(renderable)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def lines_of(structure: Structure, **options: bool) -> list[str]:
    return [" ".join(line.split()) for line in printed(structure, **options).splitlines()]


def test_pieces_are_the_blocks_in_order() -> None:
    structure = pdf_structure(MINUTES)
    document = structure.document
    assert [piece.number for piece in structure.pieces] == list(range(1, len(document.blocks) + 1))
    for piece in structure.pieces:
        assert piece.text == document.text[piece.block.span.start : piece.block.span.end]
        assert piece.page == piece.last_page == 1


def test_a_resolution_is_cut_into_its_clauses() -> None:
    structure = structure_of(PLAN)
    parts = [(s.role, s.number) for piece in structure.pieces for s in piece.segments]
    assert ("clause", "1") in parts
    assert ("clause", "2") in parts
    assert parts[0] == ("plain", None)
    assert [m.label for piece in structure.pieces for m in piece.marks] == ["resolution"]


def test_segments_hold_all_words_of_a_block() -> None:
    for structure in (structure_of(PLAN), pdf_structure(MINUTES)):
        for piece in structure.pieces:
            assert " ".join(s.text for s in piece.segments).split() == piece.text.split()


def test_an_item_is_marked_where_it_begins() -> None:
    structure = pdf_structure(MINUTES)
    begun = [(p.item.number, p.item.title) for p in structure.pieces if p.item]
    assert begun == [("1", "Apologies for absence"), ("2", "Better Care Fund")]


def test_a_page_is_chosen_with_what_goes_on_there() -> None:
    first, second = ["The first page says this."], ["The second page says that."]
    structure = pdf_structure(first, second, shown="2")
    assert structure.pages == (2,)
    assert [piece.text for piece in structure.pieces] == second


@pytest.mark.parametrize(
    ("pages", "n_pages", "chosen"),
    [
        ("3", 5, (3,)),
        ("2-4", 5, (2, 3, 4)),
        ("4-", 5, (4, 5)),
        (" 1 , 3 - 99 ", 4, (1, 3, 4)),
        ("2,1,2", 3, (1, 2)),
        ("1-999999999", 2, (1, 2)),
    ],
)
def test_pages_are_read_as_people_write_them(
    pages: str, n_pages: int, chosen: tuple[int, ...]
) -> None:
    assert choose_pages(pages, n_pages) == chosen


@pytest.mark.parametrize("pages", ["", "x", "0", "7", "4-2", "1,,2", "-3", "1-2-3", "1" * 5000])
def test_pages_that_are_not_there_are_refused(pages: str) -> None:
    with pytest.raises(InputError, match=r"[Pp]ages"):
        choose_pages(pages, 5)


def test_a_text_has_no_pages_to_choose_from() -> None:
    with pytest.raises(InputError, match="has none"):
        read_structure(findings_of(make_document(PLAN)), pages="1")


def test_only_the_first_pages_are_shown_where_a_most_is_given() -> None:
    document = parse_bytes(make_pdf(*[[f"Page {n} of the plan."] for n in range(4)]), "a.pdf")
    found = findings_of(document)
    assert read_structure(found, most_pages=2).pages == (1, 2)
    assert read_structure(found, most_pages=2, pages="2-4").pages == (2, 3, 4)


def test_neighbouring_rows_are_one_table() -> None:
    structure = structure_of(
        f"<html><body><p>Before</p>{TABLE}<p>After</p></body></html>", "a.html"
    )
    before, table, after = runs(structure.pieces)
    assert isinstance(before, Piece)
    assert isinstance(after, Piece)
    assert isinstance(table, tuple)
    assert [[cell[0].text for cell in row] for row in table][1] == [
        "Falls in a year",
        "1,200",
        "800",
    ]


def test_the_head_says_what_the_paper_is_and_what_is_wrong() -> None:
    text = printed(structure_of(PLAN))
    for words in ("minutes.txt", "Ashmere Council", "minutes", "not stated", "success", "1 resol"):
        assert words in text
    failed = read_structure(findings_of(parse_bytes(b"", "a.pdf"), items=(), issues=()))
    assert "could not be read" in printed(failed)


def test_the_margin_names_kind_and_page() -> None:
    lines = lines_of(pdf_structure(MINUTES))
    assert any(re.match(r"p\.1 ", line) for line in lines)
    assert any(re.match(r"item (h\d|para|li\d) 2 Better Care Fund$", line) for line in lines)
    assert "res (1) ┃ RESOLVED - (1) That the return be noted;" in lines
    assert "res (2) ┃ (2) that a task group be set up." in lines
    assert all(line == line.rstrip() for line in printed(pdf_structure(MINUTES)).splitlines())


def test_long_paragraphs_are_cut_unless_all_is_asked_for() -> None:
    structure = structure_of("The plan of the Board " + "goes on and on " * 60 + "to its end.")
    short, full = printed(structure), printed(structure, full=True)
    assert "to its end." not in short
    assert "…" in short
    assert "to its end." in full
    assert max(map(len, full.splitlines())) <= 100


def test_a_narrow_table_is_a_grid_and_a_wide_one_rows() -> None:
    structure = structure_of(f"<html><body>{TABLE}</body></html>", "a.html")
    assert re.search(r"│ Falls in a year\s+│ 1,200\s+│ 800", printed(structure))
    assert "Falls in a year | 1,200 | 800" in printed(structure, width=50)


def test_the_rest_of_a_long_table_is_counted() -> None:
    rows = "".join(f"<tr><td>Ward {n}</td><td>{n} falls</td></tr>" for n in range(40))
    structure = structure_of(f"<html><body><table>{rows}</table></body></html>", "a.html")
    assert "28 more rows" in printed(structure)
    assert "Ward 39" not in printed(structure)
    assert "Ward 39" in printed(structure, full=True)


def test_furniture_is_counted_and_shown_when_asked_for() -> None:
    pages = [
        ["Ashmere Board 2019", "", f"The plan of part {n} was noted.", "", f"Page {n}"]
        for n in range(1, 6)
    ]
    structure = pdf_structure(*pages)
    assert structure.furniture
    assert f"{len(structure.furniture)} pieces of furniture" in printed(structure)
    assert not any(line.startswith(("furn", "p.1 furn")) for line in lines_of(structure))
    shown = printed(structure, furniture=True)
    assert len(re.findall(r"^(?:p\.\d)?\s+furn ", shown, re.MULTILINE)) == len(structure.furniture)


def test_actions_votes_and_people_are_shown() -> None:
    document = make_document("The Clerk to write to the Trust by June.\n\nSix were for it.")
    ids, first, second = document.doc_id, *(block.span for block in document.blocks)
    structure = read_structure(
        findings_of(
            document,
            actions=(Action(Provenance(ids, None, first), "write", "The Clerk", None, None),),
            votes=(Vote(ids, second, 6, None, 1, "carried"),),
            attendance=(Attendance(ids, CharSpan(0, 9), "Dr A Person", "present"),),
        )
    )
    lines = lines_of(structure)
    assert "act → owner: The Clerk; due: not stated" in lines
    assert "vote → for: 6; abstained: 1; carried" in lines
    assert "present 1: Dr A Person" in lines


@pytest.mark.parametrize("options", [{}, {"full": True}])
def test_no_control_character_of_a_paper_reaches_the_terminal(options: dict[str, bool]) -> None:
    document = make_document("placeholder")
    hostile = Document(
        document.doc_id,
        document.source,
        HOSTILE,
        document.pages,
        (type(document.blocks[0])(CharSpan(0, len(HOSTILE)), "paragraph"),),
        document.layout,
        document.parser,
        document.status,
    )
    span = CharSpan(0, 5)
    structure = read_structure(
        findings_of(
            hostile,
            items=(),
            actions=(Action(Provenance("d", None, span), HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
            attendance=(Attendance("d", span, HOSTILE, "present"),),
        )
    )
    text = printed(structure, **options)
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text
    )
    assert "[red]plan[/red] :warning:" in text
    content = to_json(structure)
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", content
    )
    content.encode()
    assert json.loads(content)["blocks"][0]["text"] == HOSTILE


def test_printable_keeps_the_length() -> None:
    assert len(printable(HOSTILE)) == len(HOSTILE)
    assert on_one_line("a\tb\n c") == "a b c"
    assert on_one_line("word " * 100, 20) == "word word word word…"


def test_json_escapes_give_the_characters_back() -> None:
    text = "\x9b \U000e0041 \ud83d £ –"
    escaped = escaped_json(json.dumps(text, ensure_ascii=False))
    assert "£ –" in escaped
    assert json.loads(escaped) == text


def test_json_holds_blocks_and_findings_with_their_places() -> None:
    structure = pdf_structure(MINUTES)
    content = json.loads(to_json(structure))
    text = structure.document.text
    assert content["status"] == "success"
    assert content["facts"]["site"] == "Ashmere Council"
    assert [page["number"] for page in content["pages"]] == [1]
    for block in content["blocks"]:
        assert text[block["start"] : block["end"]] == block["text"]
    (resolution,) = content["resolutions"]
    assert [clause["number"] for clause in resolution["clauses"]] == ["1", "2"]
    assert [item["title"] for item in content["items"]][1] == "Better Care Fund"


def test_json_counts_pages_only_where_there_are_some() -> None:
    assert json.loads(to_json(structure_of(PLAN)))["n_pages"] == 0
    assert json.loads(to_json(pdf_structure(MINUTES, MINUTES, shown="2")))["n_pages"] == 2


def test_the_page_is_written_over_its_own_kind_only(tmp_path: Path) -> None:
    paper, out = tmp_path / "a.html", tmp_path / "out.html"
    paper.write_text("<html><body><p>The plan.</p></body></html>")
    check_target(out, paper)
    structure = read_structure(findings_of(parse_bytes(paper.read_bytes(), "a.html")))
    assert write_page(structure, paper, out) == out
    assert MARKER in out.read_text()
    check_target(out, paper)
    with pytest.raises(InputError, match="the paper itself"):
        check_target(paper, paper)
    with pytest.raises(InputError, match=r"ends in \.html"):
        check_target(tmp_path / "out.pdf", paper)
    (tmp_path / "own.html").write_text("<p>Somebody's own.</p>")
    with pytest.raises(OutputExistsError, match="has not written it"):
        check_target(tmp_path / "own.html", paper)
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(InputError, match="a folder"):
        check_target(tmp_path / "folder.html", paper)


def test_an_item_that_is_a_whole_paragraph_loses_no_words() -> None:
    text = "1. Apologies: the Chair’s were received.\n\n2. Falls - the Board noted the plan.\n"
    words = re.findall(r"\w+", text)
    assert [
        word for word in words if word not in re.findall(r"\w+", printed(structure_of(text)))
    ] == []
