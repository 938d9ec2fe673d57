"""The page of one paper: boxes, frames, pictures, and papers that have none."""

from __future__ import annotations

import base64
import io
import re
from typing import TYPE_CHECKING

import pytest
from papers import MINUTES, make_document, make_pdf
from PIL import Image
from reportlab.lib.pagesizes import A0, A4
from reportlab.pdfgen import canvas

from hwbtext.analyse import analyse
from hwbtext.corpus import CorpusFile
from hwbtext.records import BBox, DocumentFacts, DocumentFindings, Region
from hwbtext.show import read_structure, write_page
from hwbtext.show.page import join_lines, render
from hwbtext.show.pictures import LONGEST, draw_pages

if TYPE_CHECKING:
    from pathlib import Path


def page_of(folder: Path, data: bytes, name: str, pages: str | None = None) -> str:
    paper = folder / name
    paper.write_bytes(data)
    structure = read_structure(analyse(CorpusFile(paper, name)), pages=pages)
    return write_page(structure, paper, folder / "out.html").read_text(encoding="utf-8")


def test_every_block_has_a_text_and_a_box(tmp_path: Path) -> None:
    html = page_of(tmp_path, make_pdf(MINUTES), "minutes.pdf")
    texts = re.findall(r'id="b(\d+)"', html)
    assert len(texts) > 5
    assert sorted(texts) == sorted(re.findall(r'id="x(\d+)"', html))
    assert html.count("<img") == 1


def test_a_box_lies_where_the_words_are_printed(tmp_path: Path) -> None:
    html = page_of(tmp_path, make_pdf(["The plan."]), "a.pdf")
    found = re.search(r'<rect x="([\d.]+)" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', html)
    assert found
    left, top, height = map(float, found.groups())
    assert left == pytest.approx(60, abs=5)
    assert top < A4[1] - 780 < top + height  # the line that it was drawn on


def test_findings_are_framed_and_named(tmp_path: Path) -> None:
    html = page_of(tmp_path, make_pdf(MINUTES), "minutes.pdf")
    for kind, label in (("item", "item 2"), ("resolution", "resolution")):
        assert f'class="frame m-{kind}"' in html
        assert f">{label}</text>" in html
        assert f'<span class="badge m-{kind}"><b>{label}</b>' in html
    assert "<b>clause 2</b>" in html


def test_the_same_paper_gives_the_same_bytes(tmp_path: Path) -> None:
    data = make_pdf(MINUTES)
    assert page_of(tmp_path, data, "a.pdf") == page_of(tmp_path, data, "a.pdf")


def test_pages_that_are_left_out_are_named(tmp_path: Path) -> None:
    data = make_pdf(*[[f"Part {n} of the plan."] for n in range(1, 6)])
    html = page_of(tmp_path, data, "a.pdf", pages="2-3")
    assert re.findall(r'id="page-(\d)"', html) == ["2", "3"]
    assert "pages 1, 4-5" in html


def test_a_scan_is_drawn_and_said_to_have_no_text(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pagesize=A4, invariant=1)
    paper.rect(100, 100, 200, 200, fill=1)
    paper.showPage()
    paper.save()
    html = page_of(tmp_path, buffer.getvalue(), "scan.pdf")
    assert html.count("<img") == 1
    assert "No text: a scan, or a picture." in html


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.pdf"),
        (b"%PDF-1.7 broken", "a.pdf"),
        (b"The plan was noted.", "a.txt"),
        (b"<html><body><h1>Plan</h1><p>It was noted.</p></body></html>", "a.html"),
    ],
)
def test_a_paper_without_pages_gives_its_text_and_issues(
    tmp_path: Path, data: bytes, name: str
) -> None:
    html = page_of(tmp_path, data, name)
    assert "<img" not in html
    assert "<svg" not in html
    assert ("empty_file" in html) == (not data)
    assert ("noted" in html) == (b"noted" in data)


def test_a_table_keeps_its_empty_cells(tmp_path: Path) -> None:
    rows = b"<tr><td>A</td><td></td><td>C</td></tr><tr><td>D</td><td>E</td><td></td></tr>"
    html = page_of(tmp_path, b"<html><body><table>" + rows + b"</table></body></html>", "a.html")
    table = html.split("<table>")[1].split("</table>")[0]
    assert [len(re.findall("<td", row)) for row in table.split("</tr>")[:2]] == [3, 3]
    assert table.count('class="empty"') == 2


def test_markup_and_control_characters_of_a_paper_are_not_markup() -> None:
    document = make_document("A </script><b>plan</b> \x1b[2J \x07 \x85 of the Board.")
    findings = DocumentFindings(document, DocumentFacts(title="<i>"), ("a.txt",))
    html = render(read_structure(findings), {})
    assert "&lt;/script&gt;&lt;b&gt;plan&lt;/b&gt;" in html
    assert "<i>" not in html
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", html)


def test_lines_of_a_column_are_one_box_and_columns_two() -> None:
    lines = [Region(1, BBox(50, 100 + 14 * n, 250, 112 + 14 * n)) for n in range(3)]
    head = Region(1, BBox(300, 60, 500, 72))
    assert list(join_lines(lines)) == [(1, BBox(50, 100, 250, 140))]
    assert [page for page, _ in join_lines([*lines, head])] == [1, 1]
    assert [page for page, _ in join_lines([*lines, Region(2, BBox(50, 128, 250, 140))])] == [1, 2]
    assert list(join_lines([])) == []


def test_a_poster_is_drawn_smaller_than_it_is_printed(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pagesize=A0, invariant=1)
    paper.drawString(100, 100, "The plan")
    paper.save()
    (tmp_path / "a.pdf").write_bytes(buffer.getvalue())
    (picture,) = draw_pages(tmp_path / "a.pdf", (1,)).values()
    image = Image.open(io.BytesIO(base64.b64decode(picture.address.split(",")[1])))
    assert max(image.size) <= LONGEST + 1
    assert picture.height == pytest.approx(A0[1], abs=1)


def test_pages_that_cannot_be_drawn_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(make_pdf(["The plan."]))
    (tmp_path / "b.pdf").write_bytes(b"no PDF")
    assert list(draw_pages(tmp_path / "a.pdf", (1, 9))) == [1]
    assert draw_pages(tmp_path / "b.pdf", (1,)) == {}
