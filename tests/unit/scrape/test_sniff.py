"""Files told by what they are: 18 to 20, and nothing unpacked."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwbtext.scrape.blocks import asks_for_login, looks_like_html, recognise_block
from hwbtext.scrape.sniff import EXTENSIONS, sniff, sniff_file

OPEN = "application/vnd.openxmlformats-officedocument."


def told(path: Path, data: bytes) -> str | None:
    path.write_bytes(data)
    return sniff_file(path).media_type


def archive(*names: str, padding: int = 0) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as whole:
        for name in names:
            whole.writestr(name, bytes(padding))
    return file.getvalue()


def ole(name: str, *, at: int = 1) -> bytes:
    """Return the shell of an OLE file whose first stream has a name."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", head, 0x1E, 9)
    struct.pack_into("<I", head, 0x30, at)
    entry = name.encode("utf-16-le").ljust(64, b"\0")
    return bytes(head) + bytes(512 * at) + entry + bytes(512)


def test_20_real_word_and_excel_files(tmp_path):
    file = io.BytesIO()
    docx.Document().save(file)
    assert told(tmp_path / "a.pdf", file.getvalue()) == f"{OPEN}wordprocessingml.document"
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    assert told(tmp_path / "a.pdf", file.getvalue()) == f"{OPEN}spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("[Content_Types].xml", "ppt/presentation.xml"), f"{OPEN}presentationml.presentation"),
        (("word/document.xml", "[Content_Types].xml"), f"{OPEN}wordprocessingml.document"),
        (("word/document.xml",), "application/zip"),
        (("a.pdf", "[Content_Types].xml"), "application/zip"),
        (("[Content_Types].xml", "docs/word/x"), "application/zip"),
        ((), "application/zip"),
    ],
)
@pytest.mark.parametrize("padding", [0, 400_000])
def test_20_zips_by_the_names_in_their_headers(names, expected, padding, tmp_path):
    assert told(tmp_path / "a", archive(*names, padding=padding)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("WordDocument", "application/msword"),
        ("Workbook", "application/vnd.ms-excel"),
        ("Book", "application/vnd.ms-excel"),
        ("PowerPoint Document", "application/vnd.ms-powerpoint"),
        ("__properties_version1.0", "application/vnd.ms-outlook"),
        ("Other", "application/x-ole-storage"),
    ],
)
@pytest.mark.parametrize("at", [1, 900])
def test_20_old_office_files_by_their_streams(name, expected, at, tmp_path):
    assert told(tmp_path / "a.pdf", ole(name, at=at)) == expected


def test_an_encrypted_office_file_is_told():
    assert sniff(ole("EncryptedPackage")).warnings == ("says that it is encrypted",)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (b"x" * 1_024 + b"%PDF-1.4", "application/pdf"),
        (b"x" * 1_025 + b"%PDF-1.4", "text/plain"),
        (b"<html>We could not find %PDF-1.4</html>", "text/html"),
        (b"\xef\xbb\xbf\r\n<!doctype HTML>", "text/html"),
        (b"<?xml version='1.0'?><!DOCTYPE html><html/>", "text/html"),
        (b"<?xml version='1.0'?><committees/>", "application/xml"),
        (b"{\\rtf1\\ansi", "application/rtf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"II*\0", "image/tiff"),
        (b"Agenda caf\xe9\r\n", "text/plain"),
        ("Agenda".encode("utf-16"), "text/plain"),
        (b"\0\1\2\3", None),
        (b"", None),
    ],
)
def test_types_by_content(data, expected, tmp_path):
    assert told(tmp_path / "a", data) == expected
    assert expected is None or expected in EXTENSIONS


def test_the_end_of_a_long_pdf_is_looked_for_at_its_end(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"%PDF-1.7" + bytes(900_000) + b"%%EOF\n")
    assert sniff_file(path).warnings == ()
    path.write_bytes(b"%PDF-1.7%%EOF" + bytes(900_000))
    assert sniff_file(path).warnings == ("no end of file mark",)


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_no_bytes_break_the_telling(head, tail):
    for start in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        media_type = sniff(start + head, tail).media_type
        assert media_type is None or media_type in EXTENSIONS


def test_an_ole_header_that_points_nowhere_is_read_to_its_end(tmp_path):
    data = bytearray(ole("WordDocument"))
    struct.pack_into("<I", data, 0x30, 0xFFFFFFF0)
    assert told(tmp_path / "a", bytes(data)) == "application/msword"  # it lies in the head anyway
    assert told(tmp_path / "b", data[:20]) == "application/x-ole-storage"


# What stands in the place of an answer.

STUB = b'<html><head></head><body><iframe src="https://x.example/"></iframe></body></html>'
REAL = b"<html><body>" + b"<p>Item 4 Better Care Fund</p>" * 200 + b"</body></html>"


@pytest.mark.parametrize(
    ("status", "headers", "body", "block"),
    [
        (200, {}, b"<html><iframe src='/_Incapsula_Resource?x'></iframe></html>", "Incapsula"),
        (200, {}, REAL + b"Request unsuccessful. Incapsula incident ID: 1-2", "Incapsula"),
        (200, {}, REAL + b"<script src='/_Incapsula_Resource?S=1'></script>", None),
        (200, {}, STUB, "a page that shows nothing and loads something else"),
        (200, {}, b"<html><body><p>No meetings</p></body></html>", None),
        (200, {}, b"<html></html>", None),
        (200, {}, b"<?xml version='1.0'?><committees/>", None),
        (200, {}, b"<html>The requested URL was rejected. Please consult with</html>", "F5"),
        (200, {}, REAL + b"Just a moment... cf-chl captcha", None),
        (200, {}, b"<html><div class='g-recaptcha'></div></html>", "a captcha"),
        (403, {}, b"<html><title>Just a moment...</title></html>", "Cloudflare"),
        (503, {"server": "cloudflare"}, b"<html>challenge-platform</html>", "Cloudflare"),
        (403, {}, b"error code: 1020", "Cloudflare"),
        (429, {}, b"error code: 1015", None),
        (403, {"cf-mitigated": "challenge"}, b"", "Cloudflare"),
        (202, {"x-amzn-waf-action": "challenge"}, b"", "AWS WAF"),
        (403, {}, b"<html>The request could not be satisfied", "CloudFront"),
        (403, {}, b"<title>Access Denied</title> x Reference #18.2", "Akamai"),
        (403, {}, b"<html>You may not see this paper</html>", None),
        (404, {}, b"<html>Just a moment</html>", None),
        (522, {"server": "cloudflare"}, b"<html>cf-error-details</html>", None),
    ],
)
def test_37_38_blocks(status, headers, body, block):
    assert recognise_block(status, headers, body) == block


def test_login_forms_and_pages():
    assert asks_for_login(b"<INPUT name=p TYPE=password>")
    assert not asks_for_login(b"<p>Forgotten your password?</p>")
    assert not looks_like_html(b"Agenda <html>")
