"""OCR of scans that are made here: words drawn into a picture, and the picture into a PDF."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw, ImageFont
from pypdf.generic import NameObject, NumberObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from hwbtext.parse import ocr

WIDTH, HEIGHT = 400, 260  # points
PIXELS = 300 / 72  # a point
LINES = [
    (24, 20, "Health and Wellbeing Board"),
    (12, 70, "The Board considered the annual report of the"),
    (12, 86, "Director of Public Health on smoking in pregnancy"),
    (12, 102, "and agreed that a further paper should come back."),
    (12, 150, "Resolved that the strategy be approved."),
]

with_tesseract = pytest.mark.skipif(
    not ocr.is_available(), reason="the program Tesseract is not installed"
)


def draw(lines: list[tuple[int, int, str]] = LINES, x: int = 30) -> Image.Image:
    picture = Image.new("L", (round(WIDTH * PIXELS), round(HEIGHT * PIXELS)), 255)
    pen = ImageDraw.Draw(picture)
    for size, top, text in lines:
        font = ImageFont.load_default(size=size * PIXELS)
        pen.text((x * PIXELS, top * PIXELS), text, fill=0, font=font)
    return picture


def open_page(data: bytes) -> pdfium.PdfPage:
    return pdfium.PdfDocument(data)[0]


def scan(picture: Image.Image, *, stamp: str = "") -> pdfium.PdfPage:
    buffer = io.BytesIO()
    width, height = picture.width / PIXELS, picture.height / PIXELS
    paper = canvas.Canvas(buffer, pagesize=(width, height), invariant=1)
    paper.drawImage(ImageReader(picture), 0, 0, width, height)
    paper.drawString(20, 10, stamp)
    paper.showPage()
    paper.save()
    return open_page(buffer.getvalue())


def drawn(draw_on: object) -> pdfium.PdfPage:
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
    draw_on(paper)  # type: ignore[operator]
    paper.showPage()
    paper.save()
    return open_page(buffer.getvalue())


def text_of(page: ocr.OcrPage) -> str:
    return " ".join(line.text for line in page.lines)


@with_tesseract
def test_reads_the_words_of_a_scan_where_they_stand() -> None:
    found = ocr.read_page(scan(draw()), 7)
    assert [line.text for line in found.lines] == [text for _, _, text in LINES]
    assert found.confidence is not None
    assert 0.85 < found.confidence <= 1
    for line, (size, top, _) in zip(found.lines, LINES, strict=True):
        assert line.page == 7
        assert line.angle == 0
        assert line.box.x0 == pytest.approx(30, abs=3)
        assert top - 3 < line.box.top < line.box.bottom < top + 1.5 * size
        assert line.size == pytest.approx(size, rel=0.25)
        assert all(word.box.x0 < word.box.x1 for word in line.words)
    body = {line.size for line in found.lines[1:]}
    assert len(body) == 1  # no noise in the size of lines that are printed alike
    assert found.lines[0].size > 1.4 * body.pop()


@with_tesseract
def test_the_same_bytes_give_the_same_text() -> None:
    first, second = (ocr.read_page(scan(draw()), 1) for _ in range(2))
    assert [line.words for line in first.lines] == [line.words for line in second.lines]
    assert first.confidence == second.confidence


@with_tesseract
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_scan_that_lies_on_its_side_or_head_is_read(turn: int) -> None:
    found = ocr.read_page(scan(draw().rotate(turn, expand=True)), 1)
    assert "considered the annual report" in text_of(found)
    assert {line.angle for line in found.lines} == {360 - turn}  # clockwise, as displayed
    first = found.lines[0].words
    if turn == 180:
        assert first[0].box.x0 > first[1].box.x1
    else:
        assert (first[0].box.top > first[1].box.top) == (turn == 90)


@with_tesseract
def test_words_across_a_wide_gap_or_a_rule_are_runs_of_their_own() -> None:
    picture = draw([(12, 40, "Write to the trust"), (12, 80, "Publish the plan")])
    pen = ImageDraw.Draw(picture)
    for top, text in ((40, "The Director of Housing"), (80, "The Chair")):
        font = ImageFont.load_default(size=12 * PIXELS)
        pen.text((200 * PIXELS, top * PIXELS), text, fill=0, font=font)
    runs = {line.text for line in ocr.read_page(scan(picture), 1).lines}
    assert runs == {
        "Write to the trust",
        "Publish the plan",
        "The Director of Housing",
        "The Chair",
    }


@with_tesseract
def test_an_empty_page_holds_nothing_and_has_no_confidence() -> None:
    found = ocr.read_page(scan(Image.new("L", (800, 500), 255)), 1)
    assert found.lines == []
    assert found.confidence is None


def test_a_page_with_text_or_without_anything_needs_none() -> None:
    assert not ocr.needs_ocr(drawn(lambda paper: None), 0)
    assert not ocr.needs_ocr(scan(draw()), 900)
    small = ImageReader(Image.new("L", (50, 50)))
    assert not ocr.needs_ocr(drawn(lambda p: p.drawImage(small, 10, 10, 80, 60)), 0)
    assert not ocr.needs_ocr(drawn(lambda p: p.rect(5, 5, WIDTH - 10, HEIGHT - 10)), 0)


def test_a_scan_needs_it_also_under_a_stamp() -> None:
    assert ocr.needs_ocr(scan(draw()), 0)
    assert ocr.needs_ocr(scan(draw(), stamp="DRAFT"), 5)


def test_letters_turned_into_outlines_need_it() -> None:
    def outlines(paper: canvas.Canvas) -> None:
        for n in range(100):
            path = paper.beginPath()
            path.moveTo(n, n)
            for step in range(15):
                path.lineTo(n + step, n + step % 3)
            paper.drawPath(path, fill=1)

    assert ocr.needs_ocr(drawn(outlines), 0)


@pytest.mark.parametrize(("scale", "needed"), [(1.0, True), (0.2, False)])
def test_a_picture_inside_a_form_is_measured_on_the_page(scale: float, needed: bool) -> None:
    picture = ImageReader(Image.new("L", (50, 50)))

    def form(paper: canvas.Canvas) -> None:
        paper.beginForm("stamped")
        paper.drawImage(picture, 0, 0, WIDTH, HEIGHT)
        paper.endForm()
        paper.scale(scale, scale)
        paper.doForm("stamped")

    assert ocr.needs_ocr(drawn(form), 0) is needed


def test_without_tesseract_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not ocr.is_available()
    with pytest.raises(ocr.OcrError, match="apt install tesseract-ocr"):
        ocr.read_page(scan(draw()), 1)
    note = ocr.no_text_note([2, 3, 5], 9)
    assert (note.code, note.severity, note.page) == ("no_text_layer", "error", 2)
    assert note.message.startswith("No text layer (a scan, or a picture): page 2-3, 5 of 9.")
    assert "brew install tesseract" in note.message
    assert "every page of 2" in ocr.no_text_note([1, 2], 2).message


@pytest.mark.skipif(os.name == "nt", reason="a shell script plays Tesseract")
@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("exec /bin/sleep 30", "took more than 2 s"),
        ("echo 'no language eng' >&2; exit 1", "code 1: no language eng"),
        ("exec /bin/kill -9 $$", "code -9"),
        ("exit 0", "cannot be read"),
        ("echo no html at all", "cannot be read"),
        ("echo '<html><span id=\"line_1\"/></html>'", "cannot be read"),
    ],
)
def test_a_tesseract_that_misbehaves_is_one_clear_error(
    script: str, message: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "tesseract"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(ocr, "_SECONDS", 2.0)
    with pytest.raises(ocr.OcrError, match=message):
        ocr.read_page(scan(draw()), 1)


def test_what_is_drawn_is_bounded_whatever_the_size_of_the_page() -> None:
    for width, height in ((14_400, 14_400), (14_400, 1), (3, 3)):
        pdf = pdfium.PdfDocument.new()
        image, scale = ocr._draw(pdf.new_page(width, height))
        assert len(image) <= 1.01 * 18_000_000
        assert scale * max(width, height) <= 32_000


def test_a_picture_that_claims_too_many_pixels_is_not_unpacked() -> None:
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pagesize=(WIDTH, HEIGHT))
    paper.drawImage(ImageReader(Image.new("L", (50, 50))), 0, 0, WIDTH, HEIGHT)
    paper.save()
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(buffer.getvalue()))
    (picture,) = writer.pages[0]["/Resources"]["/XObject"].values()  # type: ignore[index]
    for name in ("/Width", "/Height"):
        picture.get_object()[NameObject(name)] = NumberObject(60_000)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(ocr.OcrError, match="3,600,000,000 pixels"):
        ocr._draw(open_page(out.getvalue()))


def test_notes_say_which_pages_and_how_sure() -> None:
    found = ocr.notes({1: 0.95, 2: 0.35, 4: None}, {3: "Odd.", 5: "Odd."}, [6, 7], 9)
    assert [(note.code, note.severity, note.page) for note in found] == [
        ("ocr", "info", 1),
        ("low_ocr_confidence", "warning", 2),
        ("ocr_failed", "error", 3),
        ("too_many_scans", "error", 6),
    ]
    assert "mean confidence 0.65: page 1-2, 4 of 9" in found[0].message
    assert "(mean confidence 0.35): page 2 of 9" in found[1].message
    assert found[2].message == "OCR failed: page 3, 5 of 9. Odd."
    assert "page 6-7 of 9" in found[3].message
    assert ocr.notes({}, {}, [], 9) == []
    assert "no text found: every page of 1" in ocr.notes({1: None}, {}, [], 1)[0].message
