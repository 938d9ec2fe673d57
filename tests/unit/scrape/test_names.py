"""Names that every disk takes, whatever a site calls a paper."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwbtext.scrape.disk import OutsideFolderError, inside
from hwbtext.scrape.names import MAX_NAME_BYTES, file_name, human_name, meeting_folder

SHA = "0123456789abcdef" * 4
PDF = "application/pdf"
DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}

_nasty = st.sampled_from(
    [
        "..",
        "/",
        "\\",
        "\0",
        "\r\n",
        "CON",
        ".pdf",
        "%2f",
        "\u202e",
        "e\u0301",
        "😀",
        "-",
        " ",
        "é",
        ":",
    ]
)
titles = st.lists(_nasty | st.text(max_size=30), max_size=40).map("".join)


@given(titles)
def test_a_name_is_safe_on_every_disk(title: str) -> None:
    name = file_name(title, SHA, PDF)
    assert len(name.encode("utf-8")) <= MAX_NAME_BYTES
    assert name.endswith("-01234567.pdf")
    assert not set('<>:"/\\|?*') & set(name)
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co"} for c in name)
    assert not name.startswith((".", "-", " "))
    assert name == unicodedata.normalize("NFC", name)
    assert name == name.strip()
    assert not unicodedata.combining(name[0])
    assert Path(name).name == name


@given(titles, st.integers(min_value=4, max_value=90))
def test_a_part_of_a_name_keeps_its_length_and_is_never_empty_or_a_device(
    title: str, max_bytes: int
) -> None:
    name = human_name(title, max_bytes=max_bytes)
    assert name
    assert len(name.encode("utf-8")) <= max(max_bytes, len("document"))
    if max_bytes > 12:
        assert name.split(".")[0].strip().casefold() not in DEVICES


@given(titles, st.text(max_size=80), st.none() | st.text(max_size=60), st.none() | st.dates())
def test_a_folder_stays_below_the_root(site: str, committee: str, mid: str, day: date) -> None:
    folder = meeting_folder(site, committee, mid, day)
    assert len(folder.parts) == 3
    assert all(part.isascii() and part not in {"", ".", ".."} for part in folder.parts)
    assert len(str(folder)) + 1 + MAX_NAME_BYTES < 245  # Windows: 260 with the folder above


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Report.PDF", "Report"),
        ("Minutes.pdf.pdf ", "Minutes"),
        ("Minutes 24.11.25", "Minutes 24.11.25"),
        ("NUL .txt", "NUL_"),
        ("Com1.final", "Com1_.final"),
        ("console", "console"),
        ("A \t\r\n B", "A B"),
        ("\u202egnp.exe", "gnp.exe"),
        ("cafe\u0301", "caf\u00e9"),
        ("e\u200d\u0301", "\u00e9"),
        (".hidden", "hidden"),
        ("--help", "help"),
        ("what? <b>", "what- -b"),
        ("", "document"),
        ("\u0301", "document"),
    ],
)
def test_titles_that_harm(title: str, name: str) -> None:
    assert human_name(title, max_bytes=80) == name


def test_41_a_name_is_cut_by_bytes_and_keeps_hash_and_extension() -> None:
    for letter in ("é", "😀", "字"):
        name = file_name(letter * 300, SHA, PDF)
        assert MAX_NAME_BYTES - 4 < len(name.encode()) <= MAX_NAME_BYTES
        assert name.startswith(letter)
        assert name.endswith("-01234567.pdf")


@pytest.mark.parametrize(
    ("media_type", "extension"),
    [
        (PDF, ".pdf"),
        ("application/msword", ".doc"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
        ("text/html", ".html"),
        ("text/csv", ".csv"),
        ("application/x-unheard-of", ".bin"),
        (None, ".bin"),
    ],
)
def test_the_extension_is_that_of_the_content(media_type: str | None, extension: str) -> None:
    assert file_name("Report.pdf", SHA, media_type) == f"Report-01234567{extension}"


@pytest.mark.parametrize(
    "relative", ["../x", "/etc/passwd", "a/../../x", "a\\..\\x", "", "a\0b", ".."]
)
def test_a_path_that_leads_out_is_refused(tmp_path: Path, relative: str) -> None:
    with pytest.raises(OutsideFolderError):
        inside(tmp_path, relative)


def test_a_path_through_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "out").symlink_to(tmp_path)
    (root / "round").symlink_to(root)
    with pytest.raises(OutsideFolderError, match="symbolic link"):
        inside(root, "out/x.pdf")
    assert inside(root, "round/x.pdf").name == "x.pdf"
