"""Files that were good once: whatever is done to their bytes, there is a document or an issue.

They are read in a child process (PDFium is C++) that is used again, as in a run.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING

import docx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from papers import MINUTES, make_pdf
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from hwbtext.batch import Limits, parse_bounded
from hwbtext.parse import parse_bytes
from hwbtext.records import Document, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LIMITS = Limits(seconds=20, memory=2 * 1024**3)
SPILT = ("unexpected", "timeout", "too_much_memory", "too_deep")  # what a parser must not do
_STREAM = re.compile(rb"(?<=stream\n).*?(?=endstream)", re.DOTALL)


def _tables(*, compressed: bool) -> bytes:
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pagesize=A4, invariant=1, pageCompression=int(compressed))
    for page in range(3):
        paper.drawString(60, 800, "Health and Wellbeing Board")
        for row in range(6):
            for column in range(3):
                paper.rect(60 + 150 * column, 600 - 30 * row, 150, 30)
                paper.drawString(64 + 150 * column, 610 - 30 * row, f"Action {page}{row}{column}")
        paper.rotate(90)
        paper.drawString(300, -40, "printed sideways")
        paper.showPage()
    paper.save()
    return buffer.getvalue()


def _docx() -> bytes:
    paper = docx.Document()
    paper.add_heading("Minutes", 1)
    for line in MINUTES:
        paper.add_paragraph(line, style="List Bullet" if line[:1].isdigit() else None)
    table = paper.add_table(rows=3, cols=2)
    for number, cell in enumerate(table._cells):
        cell.text = f"Cell {number}\nof two lines"
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


_PAGE = (
    "<!DOCTYPE html><html><head><title>Minutes</title><meta charset='utf-8'></head><body><main>"
    "<h1>Minutes &amp; more</h1><p>The Board noted <b>the</b> report.<br>It was caf\u00e9.</p>"
    "<table><tr><th colspan=2>Who</th></tr><tr><td>One<ul><li>a</li></ul></td><td>2</td></tr>"
    "</table><ol><li>First<li>Second</ol><script>no()</script><!-- no --></main></body></html>"
).encode()
PDFS = [
    make_pdf(MINUTES, ["A second page."], title="Minutes"),
    _tables(compressed=False),
    _tables(compressed=True),
]
DOCX = _docx()
MARKDOWN = (
    b"---\ntitle: A plan\ndate: 2021-03-04\n---\n# Plan\n\n1. *One*\n   - [two](x)\n\n"
    b"|a|b|\n|-|-|\n|c|d|\n\n> quoted `code` &amp; <b>bold</b>\n\n```\nfence\n```\n"
)

# What is done, where (of a million), over how many bytes, and with what.
_change = st.tuples(
    st.sampled_from(["flip", "noise", "cut", "truncate", "copy", "splice", "number", "swap"]),
    st.integers(0, 1_000_000),
    st.integers(1, 300),
    st.binary(min_size=1, max_size=12),
)
changes = st.lists(_change, min_size=1, max_size=6)


def damage(good: bytes, done: list[tuple[str, int, int, bytes]], others: list[bytes]) -> bytes:
    """Return the bytes after each change in turn."""
    data = good
    for what, place, length, filling in done:
        at = place * len(data) // 1_000_001
        piece = data[at : at + length]
        match what:
            case "flip":
                data = data[:at] + bytes(b ^ filling[0] for b in piece[:1]) + data[at + 1 :]
            case "noise":
                data = data[:at] + filling + data[at + len(filling) :]
            case "cut":
                data = data[:at] + data[at + length :]
            case "truncate":
                data = data[: max(at, 1)]
            case "copy":
                data = data[:at] + piece * (1 + filling[0] % 5) + data[at:]
            case "splice":
                other = others[place % len(others)]
                data = data[:at] + other[place * len(other) // 1_000_001 :][: 10 * length]
                data += good[at:]
            case "number":
                numbers = list(re.finditer(rb"\d+", data))
                if numbers:
                    found = numbers[place % len(numbers)]
                    odd = [b"0", b"-1", b"99999999999", b"65536", b"1e9"][filling[0] % 5]
                    data = data[: found.start()] + odd + data[found.end() :]
            case "swap":
                streams = list(_STREAM.finditer(data))
                if len(streams) > 1:
                    one, other_ = sorted(
                        (place % len(streams), length % len(streams)),
                    )
                    a, b = streams[one], streams[other_]
                    if one != other_:
                        data = (
                            data[: a.start()]
                            + b.group()
                            + data[a.end() : b.start()]
                            + a.group()
                            + data[b.end() :]
                        )
    return data


def check(document: Document) -> None:
    """Check all that a document promises, whatever it was read from."""
    text = document.text
    assert not {issue.code for issue in document.issues} & set(SPILT), document.issues
    if document.status is Status.FAILED:
        assert not text.strip()
        assert document.issues
        return
    assert text.strip()
    at = 0
    for page in document.pages:
        assert page.span.start == at
        at = page.span.end
    assert at == len(text)
    at = 0
    for block in document.blocks:
        assert not text[at : block.span.start].strip()  # no text outside blocks
        assert at <= block.span.start < block.span.end <= len(text)
        words = text[block.span.start : block.span.end]
        assert words == words.strip()
        at = block.span.end
    assert not text[at:].strip()
    layout = document.layout
    at = 0
    for start, end, page_number in zip(layout.starts, layout.ends, layout.pages, strict=True):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()  # what is not printed is space
        assert text[start:end] == text[start:end].strip()
        assert document.page_of(int(start)) == page_number
        at = end
    if len(layout.starts):
        assert not text[at:].strip()
        printed = Counter(
            (int(page_number), text[start:end], tuple(round(float(edge), 1) for edge in box))
            for start, end, page_number, box in zip(
                layout.starts, layout.ends, layout.pages, layout.boxes, strict=True
            )
            if box[0] < box[2]
        )
        assert not [word for word, n in printed.items() if n > 1]  # no word of print twice


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[bytes, str], Document]]:
    folder: Path = tmp_path_factory.mktemp("damaged")

    def read_bytes(data: bytes, name: str) -> Document:
        path = folder / name
        path.write_bytes(data)
        return parse_bounded(path, LIMITS)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")  # no OCR of a page that has lost its text: it takes seconds
        yield read_bytes


def _settings(n: int) -> settings:
    return settings(max_examples=n, deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize("number", range(len(PDFS)))
def test_the_pdfs_are_good(number: int, read: Callable[[bytes, str], Document]) -> None:
    document = read(PDFS[number], "good.pdf")
    assert document.status is Status.SUCCESS
    check(document)


@_settings(250)
@given(which=st.integers(0, len(PDFS) - 1), done=changes)
def test_damaged_pdf(
    which: int, done: list[tuple[str, int, int, bytes]], read: Callable[[bytes, str], Document]
) -> None:
    check(read(damage(PDFS[which], done, PDFS), "damaged.pdf"))


@_settings(100)
@given(done=changes)
def test_damaged_docx(
    done: list[tuple[str, int, int, bytes]], read: Callable[[bytes, str], Document]
) -> None:
    check(read(damage(DOCX, done, [DOCX, PDFS[0]]), "damaged.docx"))


PARTS = ("word/document.xml", "word/styles.xml", "[Content_Types].xml", "_rels/.rels")


@_settings(150)
@given(part=st.sampled_from(PARTS), done=changes)
def test_damaged_part_of_a_docx(
    part: str, done: list[tuple[str, int, int, bytes]], read: Callable[[bytes, str], Document]
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(DOCX)) as good, zipfile.ZipFile(out, "w") as bad:
        others = [good.read(name) for name in PARTS]
        for name in good.namelist():
            content = good.read(name)
            bad.writestr(name, damage(content, done, others) if name == part else content)
    check(read(out.getvalue(), "damaged.docx"))


@_settings(200)
@given(done=changes)
@example(done=[("truncate", 0, 1, b"a")])
def test_damaged_html(
    done: list[tuple[str, int, int, bytes]], read: Callable[[bytes, str], Document]
) -> None:
    check(read(damage(_PAGE, done, [_PAGE, MARKDOWN]), "damaged.html"))


@_settings(200)
@given(done=changes, name=st.sampled_from(["damaged.md", "damaged.txt"]))
def test_damaged_text(
    done: list[tuple[str, int, int, bytes]], name: str, read: Callable[[bytes, str], Document]
) -> None:
    check(read(damage(MARKDOWN, done, [_PAGE, MARKDOWN]), name))


def test_a_word_file_of_too_much_xml_is_not_read() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(DOCX)) as good,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for name in good.namelist():
            filling = b" " * 40_000_000 if name == "word/document.xml" else b""
            bad.writestr(name, good.read(name) + filling)
    document = parse_bytes(out.getvalue(), "bomb.docx")
    assert [issue.code for issue in document.issues] == ["too_large"]


def test_a_row_of_cells_that_claim_columns_is_bounded() -> None:
    paper = docx.Document()
    row = paper.add_table(rows=1, cols=1).rows[0]
    for _ in range(300):
        row._tr.add_tc().grid_span = 50
    row.cells[0].text = "One"
    row._tr.tc_lst[-1].p_lst[0].add_r().text = "Last"
    out = io.BytesIO()
    paper.save(out)
    document = parse_bytes(out.getvalue(), "wide.docx")
    assert document.text.split() == ["One", "Last"]
    assert document.text.count("\t") < 500


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_too_much_text_is_not_read(name: str) -> None:
    document = parse_bytes(b"word " * 2_000_000, name)
    assert [issue.code for issue in document.issues] == ["too_large"]
