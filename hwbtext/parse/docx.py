"""Word files (DOCX): paragraphs, headings by style, tables; tracked changes as accepted."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from docx.opc.exceptions import OpcError
from docx.oxml.exceptions import XmlchemyError

from hwbtext.parse.builder import DocumentBuilder, failed_document
from hwbtext.parse.html import column_span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwbtext.records import BlockKind, Document, SourceFile

_MAX_UNPACKED = 512 * 1024 * 1024  # bytes; a zip bomb names more
_MAX_XML = 32 * 1024 * 1024  # bytes of it that are XML: empty paragraphs alone take 50 s
_MAX_COLUMNS = 63  # Word's own limit
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Text that a reader does not see: deletions, moves away, and the copy kept for old readers.
_UNSEEN = (
    f"{_W}del",
    f"{_W}moveFrom",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
)


# What zipfile, zlib, lxml and python-docx raise on damaged, encrypted or foreign packages.
_DAMAGE = (
    OpcError,
    XmlchemyError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    SyntaxError,  # lxml's XMLSyntaxError is one
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    RuntimeError,  # an encrypted entry; NotImplementedError: an unknown compression
    EOFError,
    OSError,
)


class DocxParser:
    """DOCX by python-docx. It has no pages: all text is page 1."""

    name = "docx"
    version = "1"

    def parse(self, data: bytes, source: SourceFile) -> Document:
        """Return the document; damaged or encrypted files give status FAILED."""
        annotator = f"{self.name}@{self.version}"
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = archive.infolist()
            xml = [entry for entry in entries if entry.filename.lower().endswith((".xml", ".rels"))]
            for what, limit in ((entries, _MAX_UNPACKED), (xml, _MAX_XML)):
                # zipfile reads no more of an entry than it says it has.
                unpacked = sum(entry.file_size for entry in what)
                if unpacked > limit:
                    message = f"Unpacks to {unpacked:,} bytes; the limit is {limit:,}."
                    return failed_document(source, "too_large", message, annotator)
            body, styles, title = _open(data)
        except _DAMAGE as error:
            message = f"Not a readable Word file: {error}"
            return failed_document(source, "damaged", message, annotator)
        builder = DocumentBuilder(source, annotator)
        builder.title = title
        for element in _nearest(body, f"{_W}p", f"{_W}tbl"):
            if element.tag == f"{_W}p":
                _write_paragraph(element, styles, builder)
            else:
                for row in _nearest(element, f"{_W}tr"):
                    builder.table_row(_cells(row))
        builder.end_page(1)
        return builder.build()


def _open(data: bytes) -> tuple[Any, dict[str, str], str | None]:
    """Return the body of a Word file, the names of its styles by their ids, and its title."""
    import docx

    document = docx.Document(io.BytesIO(data))
    body = document.element.find(f"{_W}body")
    if body is None:
        msg = "it has no body."
        raise ValueError(msg)
    styles = {style.style_id: style.name or "" for style in document.styles}
    return body, styles, (document.core_properties.title or "").strip() or None


def _nearest(element: Any, *tags: str) -> Iterator[Any]:
    """Yield the nearest elements below that bear one of the tags, and none inside of those.

    What stands between does not matter: content controls, insertions and custom XML all wrap
    paragraphs, tables, rows and cells alike.
    """
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag not in _UNSEEN:
            yield from _nearest(child, *tags)


def _cells(row: Any) -> list[list[str]]:
    """Return the paragraphs of each cell; those of a table in a cell are the cell's own."""
    cells: list[list[str]] = []
    for cell in _nearest(row, f"{_W}tc"):
        cells.append([_text(paragraph) for paragraph in _nearest(cell, f"{_W}p")])
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        if span is not None and len(cells) < _MAX_COLUMNS:
            cells += [[]] * (column_span(span.get(f"{_W}val")) - 1)
    return cells


def _write_paragraph(element: Any, styles: dict[str, str], builder: DocumentBuilder) -> None:
    style = element.find(f"{_W}pPr/{_W}pStyle")
    name = styles.get(style.get(f"{_W}val"), "") if style is not None else ""
    kind: BlockKind = "paragraph"
    level = 0
    if match := re.fullmatch(r"[Hh]eading (\d)", name):
        kind, level = "heading", int(match[1])
    elif name == "Title":
        kind, level = "heading", 1
    elif element.find(f"{_W}pPr/{_W}numPr") is not None or name.startswith("List"):
        kind = "list_item"
    for line in _text(element).split("\n"):
        builder.text_block(line, kind, level)


def _text(paragraph: Any) -> str:
    """Return the text of one paragraph with tracked changes accepted."""
    return "".join(_pieces(paragraph))


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _UNSEEN or (child.tag == f"{_W}r" and _is_hidden(child)):
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag == f"{_W}tab":
            yield " "
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag == f"{_W}p":  # of a text box, which stands inside a run
            yield "\n"
            yield from _pieces(child)
            yield "\n"
        else:
            yield from _pieces(child)


def _is_hidden(run: Any) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val") not in ("0", "false", "off")
