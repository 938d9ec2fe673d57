"""Bytes to :class:`~hwbtext.records.Document`, one module a media type.

``PARSERS`` is the table of who reads what; other packages add theirs under the entry-point
group ``hwbtext.components`` with the name ``parse:<media type>``.
"""

from __future__ import annotations

import hashlib
import importlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from hwbtext.errors import InputError, MissingPathError
from hwbtext.parse.builder import failed_document
from hwbtext.records import SourceFile

if TYPE_CHECKING:
    import os

    from hwbtext.records import Document

MAX_BYTES = 200 * 1024 * 1024
"""Larger files are not read: the largest board packs we know are under 100 MB."""

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = "text/html"
MARKDOWN = "text/markdown"
TEXT = "text/plain"

PARSERS: dict[str, str] = {
    PDF: "hwbtext.parse.pdf:PdfParser",
    DOCX: "hwbtext.parse.docx:DocxParser",
    HTML: "hwbtext.parse.html:HtmlParser",
    MARKDOWN: "hwbtext.parse.plain:MarkdownParser",
    TEXT: "hwbtext.parse.plain:PlainTextParser",
}
_SUFFIXES = {
    ".pdf": PDF,
    ".docx": DOCX,
    ".html": HTML,
    ".htm": HTML,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".txt": TEXT,
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Word files, and DOCX behind a password


class Parser(Protocol):
    """Reads one media type.

    Page spans tile the text. Damaged input gives status FAILED with an issue, never an
    exception.
    """

    name: str
    version: str

    def parse(self, data: bytes, source: SourceFile) -> Document:
        """Return the document that the bytes hold."""
        ...


def is_paper(path: str | os.PathLike[str]) -> bool:
    """Return whether a file's name ends like one that a parser reads."""
    return Path(path).suffix.lower() in _SUFFIXES


@cache
def parser_for(media_type: str) -> Parser | None:
    """Return the parser of a media type, or None where there is none."""
    target = PARSERS.get(media_type)
    if target is None:
        from importlib.metadata import entry_points  # slow to import, seldom needed

        for entry in entry_points(group="hwbtext.components", name=f"parse:{media_type}"):
            target = entry.value
    if target is None:
        return None
    module, _, name = target.partition(":")
    parser: Parser = getattr(importlib.import_module(module), name)()
    return parser


def sniff(data: bytes, path: str) -> str:
    """Return the media type of bytes, by what they are; the name decides only among text.

    Examples
    --------
    >>> sniff(b"%PDF-1.7 ...", "minutes.doc")
    'application/pdf'
    """
    named = _SUFFIXES.get(Path(path).suffix.lower(), "application/octet-stream")
    # Acrobat's own rule: the mark may stand anywhere in the first 1,024 bytes.
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return DOCX if b"word/" in data[:100_000] or named == DOCX else "application/zip"
    if data.startswith(_OLE):
        return "application/x-ole-storage"
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")) or b"<html" in head[:1024]:
        return HTML
    return named


def parse(path: str | os.PathLike[str]) -> Document:
    """Parse one file.

    Parameters
    ----------
    path : path-like
        A PDF, DOCX, HTML, Markdown or text file.

    Returns
    -------
    Document
        ``doc.status`` is FAILED, and ``doc.issues`` says why, where there is no text to be
        had: an encrypted, damaged or scanned file is not an exception.

    Raises
    ------
    MissingPathError
        There is no such file.
    InputError
        It is a folder.
    """
    path = Path(path)
    if path.is_dir():
        msg = f"{str(path)!r} is a folder. Use hwbtext.read_folder() for a folder."
        raise InputError(msg)
    if not path.is_file():
        msg = f"There is no file {str(path)!r}."
        raise MissingPathError(msg)
    return parse_file(path, path.name)


def parse_file(path: Path, relative: str) -> Document:
    """Parse one file under the name ``relative``; whatever is wrong with it is an issue."""
    n_bytes = path.stat().st_size
    if n_bytes > MAX_BYTES:
        # Its identity cannot come from its bytes, which are not read; its name and size serve.
        digest = hashlib.sha256(f"{relative}\0{n_bytes}".encode("utf-8", "surrogateescape"))
        source = SourceFile(relative, digest.hexdigest(), "application/octet-stream", n_bytes)
        message = f"The file has {n_bytes:,} bytes; the limit is {MAX_BYTES:,}."
        return failed_document(source, "too_large", message, "parse@1")
    return parse_bytes(path.read_bytes(), relative)


def parse_bytes(data: bytes, relative: str) -> Document:
    """Parse bytes under the name ``relative``."""
    media_type = sniff(data, relative)
    source = SourceFile(relative, hashlib.sha256(data).hexdigest(), media_type, len(data))
    named = _SUFFIXES.get(Path(relative).suffix.lower())
    if not data:
        return failed_document(source, "empty_file", "The file has no bytes.", "parse@1")
    if named == PDF and media_type == HTML:
        message = "A web page under the name of a PDF: probably an error page of the site."
        return failed_document(source, "html_instead_of_pdf", message, "parse@1")
    if named == PDF and media_type == PDF and b"%PDF-" not in data[:1024]:
        return failed_document(source, "not_a_pdf", "The file has no PDF header.", "parse@1")
    if media_type == "application/x-ole-storage":
        message = "An old Word file, or one behind a password. Save it as DOCX or PDF."
        return failed_document(source, "unsupported_type", message, "parse@1")
    parser = parser_for(media_type)
    if parser is None:
        message = f"No parser reads {media_type}. Parsers: {', '.join(sorted(PARSERS))}."
        return failed_document(source, "unsupported_type", message, "parse@1")
    return parser.parse(data, source)
