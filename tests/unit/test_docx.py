import io
import re
import zipfile

import docx
import pytest
from docx.oxml import parse_xml

from hwbtext.parse import parse_bytes
from hwbtext.records import Document, Status

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _bytes(paper: "docx.document.Document") -> bytes:
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def _read(body: str) -> Document:
    """Parse a Word file whose body holds the given XML."""
    paper = docx.Document()
    for element in reversed(parse_xml(f"<w:body {_W}>{body}</w:body>")):
        paper.element.body.insert(0, element)
    return parse_bytes(_bytes(paper), "a.docx")


def _p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _tc(content: str) -> str:
    return f"<w:tc>{content}</w:tc>"


def _cells(document: Document) -> list[tuple[int | None, int | None, str]]:
    return [
        (b.row, b.column, document.text[b.span.start : b.span.end])
        for b in document.blocks
        if b.kind == "table_cell"
    ]


def test_tracked_changes_are_read_as_accepted() -> None:
    paper = docx.Document()
    paper.add_heading("Terms of reference", 2)
    paragraph = paper.add_paragraph("The Board meets ")
    paragraph._p.append(
        parse_xml(f"<w:del {_W}><w:r><w:delText>monthly</w:delText><w:t>gone</w:t></w:r></w:del>")
    )
    paragraph._p.append(parse_xml(f"<w:ins {_W}><w:r><w:t>quarterly</w:t></w:r></w:ins>"))
    document = parse_bytes(_bytes(paper), "a.docx")
    assert [
        (b.kind, b.level, document.text[b.span.start : b.span.end]) for b in document.blocks
    ] == [("heading", 2, "Terms of reference"), ("paragraph", 0, "The Board meets quarterly")]


def test_a_table_in_a_table_is_read_once() -> None:
    inner = f"<w:tbl><w:tr>{_tc(_p('in1'))}{_tc(_p('in2'))}</w:tr></w:tbl>"
    document = _read(
        f"<w:tbl><w:tr>{_tc(_p('before') + inner + _p('after'))}{_tc(_p('beside'))}</w:tr></w:tbl>"
    )
    assert _cells(document) == [
        (0, 0, "before"),
        (0, 0, "in1"),
        (0, 0, "in2"),
        (0, 0, "after"),
        (0, 1, "beside"),
    ]


def test_rows_cells_and_paragraphs_are_found_through_their_wrappers() -> None:
    def sdt(content: str) -> str:
        return f"<w:sdt><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    first = sdt(f"<w:tr>{sdt(_tc(sdt(_p('one'))))}{_tc('<w:ins>' + _p('two') + '</w:ins>')}</w:tr>")
    second = f"<w:customXml><w:tr>{_tc(_p('three'))}{_tc(_p('four'))}</w:tr></w:customXml>"
    gone = f"<w:del><w:tr>{_tc(_p('gone'))}</w:tr></w:del>"
    document = _read(sdt(f"<w:tbl>{first}{second}{gone}</w:tbl>"))
    assert _cells(document) == [(0, 0, "one"), (0, 1, "two"), (1, 0, "three"), (1, 1, "four")]
    assert document.text == "one\ttwo\nthree\tfour\n"


def test_paragraphs_of_the_body_are_found_through_their_wrappers() -> None:
    document = _read(
        f"<w:ins>{_p('inserted')}</w:ins><w:customXml><w:sdt><w:sdtContent>{_p('wrapped')}"
        f"</w:sdtContent></w:sdt></w:customXml><w:moveFrom>{_p('moved')}</w:moveFrom>"
        f"<w:moveTo>{_p('here')}</w:moveTo><w:del>{_p('gone')}</w:del>"
    )
    assert document.text == "inserted\nwrapped\nhere\n"


def test_hyphens_and_hidden_runs() -> None:
    document = _read(
        "<w:p><w:r><w:t>co</w:t><w:noBreakHyphen/><w:t>opt</w:t><w:softHyphen/><w:t>ed</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t> hidden</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t> shown</w:t></w:r></w:p>'
    )
    assert document.text == "co-opted shown\n"


def test_a_text_box_stands_apart_from_its_paragraph() -> None:
    box = f"<w:pict><w:txbxContent>{_p('In')}{_p('box')}</w:txbxContent></w:pict>"
    document = _read(f"<w:p><w:r><w:t>Out</w:t>{box}</w:r></w:p>")
    assert document.text == "Out\nIn\nbox\n"


def test_a_cell_over_several_columns_keeps_the_next_ones_in_place() -> None:
    wide = '<w:tcPr><w:gridSpan w:val="{}"/></w:tcPr>'
    document = _read(
        f"<w:tbl><w:tr>{_tc(wide.format(2) + _p('wide'))}{_tc(_p('third'))}</w:tr>"
        f"<w:tr>{_tc(_p('1'))}{_tc(_p('2'))}{_tc(_p('3'))}</w:tr>"
        f"<w:tr>{_tc(wide.format(99999999) + _p('wider'))}{_tc(_p('last'))}</w:tr></w:tbl>"
    )
    assert _cells(document) == [
        (0, 0, "wide"),
        (0, 2, "third"),
        (1, 0, "1"),
        (1, 1, "2"),
        (1, 2, "3"),
        (2, 0, "wider"),
        (2, 50, "last"),
    ]


def _with_part(name: str, pattern: bytes, new: bytes) -> bytes:
    """Return a Word file with a change to one of its parts."""
    paper = docx.Document()
    paper.add_paragraph("The Board noted the report.")
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_bytes(paper))) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == name:
                content = re.sub(pattern, new, content, flags=re.DOTALL)
            archive.writestr(entry.filename, content)
    return buffer.getvalue()


def _with_header_byte(offset: int, value: int) -> bytes:
    """Return a Word file with a byte changed in the header of each zip entry."""
    data = bytearray(_with_part("none", b"", b""))
    for mark, at in ((b"PK\x03\x04", offset), (b"PK\x01\x02", offset + 2)):
        for match in re.finditer(mark, bytes(data)):
            data[match.start() + at] = value
    return bytes(data)


def _with_noise() -> bytes:
    data = _with_part("none", b"", b"")
    at = data.index(b"word/document.xml") + 25
    return data[:at] + b"\xff" * 40 + data[at + 40 :]


@pytest.mark.parametrize(
    "data",
    [
        _with_part("word/document.xml", rb"<w:body>.*</w:body>", b""),
        _with_part("word/document.xml", rb".+", b"<html><body><p>no</p></body></html>"),
        _with_part("word/styles.xml", rb'<w:name w:val="Normal"/>', b"<w:name/>"),
        _with_part("word/styles.xml", rb'w:type="paragraph"', b'w:type="odd"'),
        _with_part("docProps/core.xml", rb".+", b"<odd/>"),
        _with_part("[Content_Types].xml", rb".+", b"<odd/>"),
        _with_header_byte(6, 1),
        _with_header_byte(8, 99),
        _with_noise(),
    ],
    ids="no-body foreign-root nameless-style odd-style odd-core odd-types encrypted method "
    "noise".split(),
)
def test_a_damaged_file_says_so(data: bytes) -> None:
    document = parse_bytes(data, "a.docx")
    assert document.status is Status.FAILED
    assert [issue.code for issue in document.issues] == ["damaged"]


def test_a_style_without_the_name_that_it_may_lack_is_no_damage() -> None:
    data = _with_part("word/styles.xml", rb'<w:name w:val="Normal"/>', b"")
    assert parse_bytes(data, "a.docx").text == "The Board noted the report.\n"
