"""Word files (DOCX): paragraphs, headings by style, tables; tracked changes as accepted."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from hwbtext.parse.builder import DocumentBuilder, failed_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwbtext.records import BlockKind, Document, SourceFile

_MAX_UNPACKED = 512 * 1024 * 1024  # bytes; a zip bomb names more
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Text that a reader does not see: deletions, moves away, and the copy kept for old readers.
_UNSEEN = (
    f"{_W}del",
    f"{_W}moveFrom",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
)


class DocxParser:
    """DOCX by python-docx. It has no pages: all text is page 1."""

    name = "docx"
    version = "1"

    def parse(self, data: bytes, source: SourceFile) -> Document:
        """Return the document; damaged or encrypted files give status FAILED."""
        import docx
        from docx.opc.exceptions import OpcError
        from lxml.etree import XMLSyntaxError

        annotator = f"{self.name}@{self.version}"
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > _MAX_UNPACKED:
                message = f"Unpacks to {unpacked:,} bytes; the limit is {_MAX_UNPACKED:,}."
                return failed_document(source, "too_large", message, annotator)
            document = docx.Document(io.BytesIO(data))
        except (zipfile.BadZipFile, OpcError, XMLSyntaxError, KeyError, ValueError) as error:
            message = f"Not a readable Word file: {error}"
            return failed_document(source, "damaged", message, annotator)
        builder = DocumentBuilder(source, annotator)
        builder.title = (document.core_properties.title or "").strip() or None
        styles = {style.style_id: style.name or "" for style in document.styles}
        for element in document.element.body:
            if element.tag == f"{_W}p":
                _write_paragraph(element, styles, builder)
            elif element.tag == f"{_W}tbl":
                for row in element.iter(f"{_W}tr"):
                    cells = list(row.iter(f"{_W}tc"))
                    builder.table_row([[_text(p) for p in c.iter(f"{_W}p")] for c in cells])
            elif element.tag == f"{_W}sdt":  # content controls: forms and tables of contents
                for paragraph in element.iter(f"{_W}p"):
                    _write_paragraph(paragraph, styles, builder)
        builder.end_page(1)
        return builder.build()


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
        if child.tag in _UNSEEN:
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield " "
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        else:
            yield from _pieces(child)
