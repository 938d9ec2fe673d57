from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from hwbtext.cli import main

if TYPE_CHECKING:
    from pathlib import Path


def test_help_teaches() -> None:
    result = CliRunner().invoke(main, ["mine", "--help"])
    assert result.exit_code == 0
    for word in ("report.html", "metadata.csv", "--jobs", "Example", "load_table"):
        assert word in result.output


@pytest.mark.parametrize(
    ("make", "message"),
    [("missing", "There is no folder"), ("empty", "holds no files"), ("full", "is not empty")],
)
def test_what_cannot_start_says_why_and_ends_with_2(
    tmp_path: Path, make: str, message: str
) -> None:
    folder, out = tmp_path / "papers", tmp_path / "out"
    if make != "missing":
        folder.mkdir()
    if make == "full":
        (folder / "a.txt").write_text("A paper.")
        out.mkdir()
        (out / "mine.txt").write_text("mine")
    result = CliRunner().invoke(main, ["mine", str(folder), "-o", str(out)])
    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output


def test_mine_prints_counts_and_where_the_report_is(tmp_path: Path) -> None:
    folder, out = tmp_path / "papers", tmp_path / "out"
    folder.mkdir()
    (folder / "a.txt").write_text("The Board noted the report on housing.")
    (folder / "b.pdf").write_bytes(b"")
    result = CliRunner().invoke(main, ["mine", str(folder), "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert "2 files: 1 read, 0 read in part, 1 failed, 0 skipped." in result.output
    assert "error: empty_file × 1" in result.output
    assert str(out / "report.html") in result.output
