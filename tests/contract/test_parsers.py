"""What every parser promises, over every registered one."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from papers import MINUTES, SAMPLE, make_pdf

from hwbtext.parse import DOCX, HTML, MARKDOWN, PARSERS, PDF, TEXT, parse_bytes, parser_for
from hwbtext.records import Document, Status


def _docx() -> bytes:
    paper = docx.Document()
    paper.add_heading("Minutes", 1)
    paper.add_paragraph("The Board noted the report.")
    table = paper.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text = "Write to the trust"
    table.rows[0].cells[1].text = "Director"
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


GOOD = {
    PDF: (make_pdf(MINUTES, ["A second page."]), "a.pdf"),
    DOCX: (_docx(), "a.docx"),
    HTML: (b"<html><body><h1>Minutes</h1><p>The Board noted it.</p></body></html>", "a.html"),
    MARKDOWN: (b"# Minutes\n\nThe Board noted it.\n\n- one\n- two\n", "a.md"),
    TEXT: (b"Minutes\n\nThe Board noted it.\n", "a.txt"),
}


def check(document: Document) -> None:
    """Page spans tile the text; blocks lie in order inside it, without space at their ends."""
    text = document.text
    assert "".join(text[p.span.start : p.span.end] for p in document.pages) == text
    at = 0
    for block in document.blocks:
        assert at <= block.span.start < block.span.end <= len(text)
        assert (
            text[block.span.start : block.span.end].strip()
            == text[block.span.start : block.span.end]
        )
        at = block.span.end
    layout = document.layout
    for start, end in zip(layout.starts, layout.ends, strict=True):
        assert text[start:end].strip() == text[start:end]
    if document.status is Status.FAILED:
        assert not text.strip()
        assert document.issues
    else:
        assert text.strip()
    if document.issues:
        assert document.status is not Status.SUCCESS


@pytest.mark.parametrize("media_type", PARSERS)
def test_reads_a_good_file(media_type: str) -> None:
    data, name = GOOD[media_type]
    document = parse_bytes(data, name)
    assert document.status is Status.SUCCESS
    assert document.source.media_type == media_type
    assert document.doc_id == document.source.sha256[:16]
    assert document.parser == f"{parser_for(media_type).name}@{parser_for(media_type).version}"
    check(document)


@pytest.mark.parametrize("media_type", PARSERS)
@pytest.mark.parametrize("damage", ["empty", "half", "noise", "zeros"])
def test_damage_is_an_issue_and_never_an_exception(media_type: str, damage: str) -> None:
    data, name = GOOD[media_type]
    damaged = {
        "empty": b"",
        "half": data[: len(data) // 2],
        "noise": data[:40] + bytes(range(256)) * 20,
        "zeros": bytes(5000),
    }[damage]
    document = parse_bytes(damaged, name)
    check(document)
    if damage in ("empty", "zeros"):
        assert document.status is Status.FAILED


@pytest.mark.usefixtures("without_tesseract")
def test_every_sample_paper_keeps_the_contract() -> None:
    papers = [
        path for path in sorted(SAMPLE.rglob("*")) if path.suffix != ".csv" and path.is_file()
    ]
    statuses = []
    for path in papers:
        document = parse_bytes(path.read_bytes(), path.name)
        check(document)
        statuses.append(document.status)
    assert len(papers) >= 30
    assert statuses.count(Status.FAILED) == 2  # the scan and the encrypted one


def test_an_encrypted_pdf_says_so() -> None:
    (path,) = SAMPLE.rglob("*protected.pdf")
    document = parse_bytes(path.read_bytes(), path.name)
    assert [issue.code for issue in document.issues] == ["encrypted"]


@pytest.mark.usefixtures("without_tesseract")
def test_a_scan_says_so() -> None:
    (path,) = SAMPLE.rglob("*scan.pdf")
    document = parse_bytes(path.read_bytes(), path.name)
    assert [issue.code for issue in document.issues] == ["no_text_layer"]
    assert {page.text_layer for page in document.pages} == {"none"}


def test_an_error_page_under_the_name_of_a_pdf() -> None:
    page = b"<!DOCTYPE html><html><body>404 Not Found</body></html>"
    document = parse_bytes(page, "minutes.pdf")
    assert [issue.code for issue in document.issues] == ["html_instead_of_pdf"]
    assert document.status is Status.FAILED


def test_a_zip_bomb_is_not_unpacked() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(600 * 1024 * 1024))
    document = parse_bytes(buffer.getvalue(), "bomb.docx")
    assert [issue.code for issue in document.issues] == ["too_large"]


def test_entities_of_a_dtd_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret words")
    page = (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        "<html><body><p>Before &x; after</p></body></html>"
    )
    text = parse_bytes(page.encode(), "a.html").text
    assert "Before" in text
    assert "secret words" not in text


def test_deeply_nested_html_is_read() -> None:
    page = b"<html><body>" + b"<div>" * 5000 + b"deep" + b"</div>" * 5000 + b"</body></html>"
    check(parse_bytes(page, "a.html"))
