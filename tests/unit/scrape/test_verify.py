"""A folder is what its manifest says, or the check says what is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from collected import ASHMERE, a_listing, a_pdf, came, open_folder, papers_in, papers_of

from hwbtext.errors import MissingPathError
from hwbtext.scrape.records import ManifestRow
from hwbtext.scrape.verify import verify


def fill(root: Path) -> list[ManifestRow]:
    listings = [a_listing("s1"), a_listing("s2")]
    with open_folder(root) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(*listings))
        shelf.keep(listings[0], came(holdings, a_pdf("old")))
        rows = [shelf.keep(one, came(holdings, a_pdf(one.doc_key))) for one in listings]
        holdings.write_metadata()
    return rows


def test_a_sound_folder(tmp_path: Path) -> None:
    fill(tmp_path)
    report = verify(tmp_path)
    assert report.ok
    assert report.n_files == 3  # the earlier version among them
    assert list(report.lines()) == ["3 files are as they were kept"]


def test_62_an_edited_file_has_another_hash(tmp_path: Path) -> None:
    row = fill(tmp_path)[0]
    assert row.path is not None
    (tmp_path / row.path).write_bytes(a_pdf("s1").replace(b"s1", b"s9"))
    report = verify(tmp_path)
    assert not report.ok
    assert report.changed == (row.path,)
    assert report.n_files == 2
    assert any("changed" in line and row.path in line for line in report.lines())


def test_an_edited_earlier_version_is_told_too(tmp_path: Path) -> None:
    fill(tmp_path)
    (old,) = (tmp_path / ".superseded").rglob("*.pdf")
    old.write_bytes(b"other")
    assert verify(tmp_path).changed == (old.relative_to(tmp_path).as_posix(),)


def test_a_missing_file_and_an_orphan(tmp_path: Path) -> None:
    row = fill(tmp_path)[0]
    assert row.path is not None
    moved = (tmp_path / row.path).rename(tmp_path / "elsewhere.pdf")
    report = verify(tmp_path)
    assert report.missing == (row.path,)
    assert report.orphans == (moved.name,)
    assert not report.ok


def test_an_orphan_alone_is_no_fault(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    report = verify(tmp_path)
    assert report.ok
    assert report.orphans == ("notes.txt",)


def test_torn_and_damaged_rows_and_leftovers(tmp_path: Path) -> None:
    fill(tmp_path)
    listing = a_listing("s3")
    with open_folder(tmp_path, "r2") as holdings:
        holdings.meeting(ASHMERE, papers_of(listing)).start(listing)
        came(holdings, b"half")
    with (tmp_path / "manifest.jsonl").open("ab") as stream:
        stream.write(b'not a row\n{"event":"fin')
    before = (tmp_path / "manifest.jsonl").read_bytes()
    report = verify(tmp_path)
    assert not report.ok
    assert len(report.torn) == 2
    assert len(report.leftovers) == 1
    assert report.unfinished == ("s3",)
    assert (tmp_path / "manifest.jsonl").read_bytes() == before
    with open_folder(tmp_path, "r3"):
        pass
    report = verify(tmp_path)
    assert len(report.torn) == 1
    assert report.leftovers == ()


def test_a_path_of_the_manifest_that_leads_out_is_not_opened(tmp_path: Path) -> None:
    root = tmp_path / "papers"
    row = fill(root)[0]
    (tmp_path / "secret.pdf").write_bytes(b"secret")
    lines = (root / "manifest.jsonl").read_text()
    (root / "manifest.jsonl").write_text(lines.replace(json.dumps(row.path), '"../secret.pdf"'))
    report = verify(root)
    assert report.outside == ("../secret.pdf",)
    assert not report.ok
    with open_folder(root) as holdings:
        holdings.write_metadata()
    assert (tmp_path / "secret.pdf").read_bytes() == b"secret"
    assert "secret" not in (root / "metadata.csv").read_text()
    assert len(papers_in(root)) == 2


def test_a_folder_without_a_manifest_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match="manifest"):
        verify(tmp_path)
