"""What a file is, by its content: names and headers of council sites are often wrong.

Nothing is unpacked: of a zip, the names in its headers are read and no more.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.scrape.blocks import looks_like_html

if TYPE_CHECKING:
    from pathlib import Path

PDF = "application/pdf"
HTML = "text/html"
PLAIN = "text/plain"
RTF = "application/rtf"
ZIP = "application/zip"
OLE = "application/x-ole-storage"
XML = "application/xml"
_OPEN = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

EXTENSIONS: dict[str, str] = {
    PDF: ".pdf",
    HTML: ".html",
    PLAIN: ".txt",
    RTF: ".rtf",
    ZIP: ".zip",
    OLE: ".ole",
    XML: ".xml",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.ms-outlook": ".msg",
    f"{_OPEN}wordprocessingml.document": ".docx",
    f"{_OPEN}spreadsheetml.sheet": ".xlsx",
    f"{_OPEN}presentationml.presentation": ".pptx",
    f"{_ODF}text": ".odt",
    f"{_ODF}spreadsheet": ".ods",
    f"{_ODF}presentation": ".odp",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/tiff": ".tif",
}
"""File extension by media type, for every type that :func:`sniff` can tell."""

_HEAD = 256 * 1024
_TAIL = 64 * 1024
_END_OF_PDF = 1_024  # readers look for %%EOF in the last kilobyte

_ZIP_NAMES = (
    (re.compile(rb"PK\x03\x04.{26}word/", re.S), f"{_OPEN}wordprocessingml.document"),
    (re.compile(rb"PK\x03\x04.{26}xl/", re.S), f"{_OPEN}spreadsheetml.sheet"),
    (re.compile(rb"PK\x03\x04.{26}ppt/", re.S), f"{_OPEN}presentationml.presentation"),
    (re.compile(rb"PK\x01\x02.{42}word/", re.S), f"{_OPEN}wordprocessingml.document"),
    (re.compile(rb"PK\x01\x02.{42}xl/", re.S), f"{_OPEN}spreadsheetml.sheet"),
    (re.compile(rb"PK\x01\x02.{42}ppt/", re.S), f"{_OPEN}presentationml.presentation"),
)
_ODF_TYPE = re.compile(
    rb"^PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)",
    re.S,
)
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
)
_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file is; ``media_type`` is None where the content does not say."""

    media_type: str | None
    warnings: tuple[str, ...] = ()


def sniff_file(path: Path) -> Sniffed:
    """Return what a file is, having read its two ends."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        tail = file.read(_TAIL)
        names = b""
        if head.startswith(_OLE_MAGIC):
            file.seek(min(_ole_directory(head), size))
            names = file.read(4_096)
    return sniff(head, tail, ole_names=names)


def sniff(head: bytes, tail: bytes = b"", *, ole_names: bytes = b"") -> Sniffed:
    r"""Return what a file is by its first bytes and, where it is long, its last ones.

    Examples
    --------
    >>> sniff(b"%PDF-1.7 ... %%EOF").media_type
    'application/pdf'
    >>> sniff(b"\r\n%PDF-1.7 ...").warnings
    ('leading bytes before %PDF-', 'no end of file mark')
    >>> sniff(b"<!DOCTYPE html><html>Sorry").media_type
    'text/html'
    >>> sniff(b"\x00\x01\x02").media_type is None
    True
    """
    tail = tail or head
    if looks_like_html(head):  # before PDF: a page may speak of "%PDF-"
        return Sniffed(HTML)
    at = head[: 1_024 + 5].find(b"%PDF-")
    if 0 <= at <= 1_024:
        return Sniffed(PDF, _pdf_warnings(at, tail))
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Sniffed(_zip_type(head, tail))
    if head.startswith(_OLE_MAGIC):
        return _sniff_ole(head + ole_names + tail)
    if head.lstrip().startswith(b"{\\rtf"):
        return Sniffed(RTF)
    for magic, media_type in _IMAGES:
        if head.startswith(magic):
            return Sniffed(media_type)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<?xml"):
        return Sniffed(XML)
    return Sniffed(PLAIN if _is_text(head) else None)


def _pdf_warnings(at: int, tail: bytes) -> tuple[str, ...]:
    warnings = []
    if at:
        warnings.append("leading bytes before %PDF-")
    if b"%%EOF" not in tail[-_END_OF_PDF:]:
        warnings.append("no end of file mark")
    if b"/Encrypt" in tail:
        warnings.append("says that it is encrypted")
    return tuple(warnings)


def _zip_type(head: bytes, tail: bytes) -> str:
    odf = _ODF_TYPE.match(head)
    if odf:
        return _ODF + odf[1].decode("ascii")
    if b"[Content_Types].xml" not in head and b"[Content_Types].xml" not in tail:
        return ZIP  # an archive may hold a folder called "word" and be no document
    for part in (head, tail):
        for pattern, media_type in _ZIP_NAMES:
            if pattern.search(part):
                return media_type
    return ZIP


def _ole_directory(head: bytes) -> int:
    """Return where an OLE file lists its streams ([MS-CFB], section 2.2)."""
    if len(head) < 0x34:
        return 0
    (shift,) = struct.unpack_from("<H", head, 0x1E)
    (sector,) = struct.unpack_from("<I", head, 0x30)
    return int((sector + 1) << shift) if shift in (9, 12) else 0


def _sniff_ole(data: bytes) -> Sniffed:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Sniffed(OLE, ("says that it is encrypted",))
    for name, media_type in _OLE_STREAMS:
        if name.encode("utf-16-le") + b"\x00\x00" in data:
            return Sniffed(media_type)
    return Sniffed(OLE)


def _is_text(head: bytes) -> bool:
    if not head:
        return False
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    # Windows-1252 text is no UTF-8, so only the control characters tell text from the rest.
    return not any(byte < 32 and byte not in b"\t\n\r\f\x1a\x1b" for byte in head[:4_096])
