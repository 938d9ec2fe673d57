from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from papers import MINUTES, make_pdf

from hwbtext.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("mine", ("report.html", "metadata.csv", "--jobs", "Example", "load_table")),
        ("parse", ("--html", "--json", "--pages", "margin", "exit code", "Examples")),
    ],
)
def test_help_teaches(command: str, words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    for word in words:
        assert word in result.output


@pytest.mark.parametrize(
    "arguments", [["--help"], *([command, "--help"] for command in sorted(main.commands))]
)
def test_lists_in_the_help_stay_lists(arguments: list[str]) -> None:
    output = CliRunner().invoke(main, arguments).output
    assert "\\b" not in output
    assert "\b" not in output
    longest = max(output.splitlines(), key=len)
    assert len(longest) <= 96, longest


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


def test_mine_with_a_model_that_is_not_there_ends_with_2(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A paper.")
    out = tmp_path / "out"
    result = CliRunner().invoke(main, ["mine", str(tmp_path), "-o", str(out), "--model", "bert"])
    assert result.exit_code == 2
    assert "There are: 'default', 'small', 'large', 'lexicon'" in result.output
    assert not out.exists()


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


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "minutes.pdf"
    path.write_bytes(make_pdf(MINUTES, ["A second page was noted."]))
    return path


def test_parse_prints_the_structure(paper: Path) -> None:
    result = CliRunner().invoke(main, ["parse", str(paper)])
    assert result.exit_code == 0, result.output
    for words in ("minutes.pdf", "12 March 2019", "Better Care Fund", "res (1)", "p.2"):
        assert words in result.output
    assert "\x1b" not in result.output  # plain where the output is no terminal


def test_parse_shows_the_pages_that_are_asked_for(paper: Path) -> None:
    result = CliRunner().invoke(main, ["parse", str(paper), "--pages", "2"])
    assert result.exit_code == 0
    assert "A second page" in result.output
    assert "Delayed transfers" not in result.output


def test_parse_prints_json_alone(paper: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    result = CliRunner().invoke(main, ["parse", str(paper), "--json", "--html", str(out)])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["file"] == "minutes.pdf"
    assert str(out) in result.stderr


def test_parse_draws_a_page(paper: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    for _ in range(2):  # it may write over its own page
        result = CliRunner().invoke(main, ["parse", str(paper), "--html", str(out)])
        assert result.exit_code == 0, result.output
    assert f"Page: {out}" in result.output
    assert out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert set(tmp_path.iterdir()) == {paper, out}


def test_a_paper_without_text_ends_with_1_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"")
    result = CliRunner().invoke(main, ["parse", str(path)])
    assert result.exit_code == 1
    assert "empty_file" in result.output
    result = CliRunner().invoke(main, ["parse", str(path), "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["issues"][0]["code"] == "empty_file"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing.pdf"], "There is no file"),
        (["."], "is a folder"),
        (["minutes.pdf", "--pages", "9"], "pages 1 to 2"),
        (["minutes.pdf", "--html", "out.pdf"], "ends in .html"),
        (["minutes.pdf", "--html", "none/out.html"], "No such file"),
    ],
)
def test_parse_that_cannot_start_says_why_and_ends_with_2(
    paper: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(paper.parent)
    result = CliRunner().invoke(main, ["parse", *arguments])
    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output


def test_parse_of_an_unreadable_file_ends_with_2(
    paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    result = CliRunner().invoke(main, ["parse", str(paper)])
    assert result.exit_code == 2
    assert "Permission denied" in result.output


def test_escape_sequences_in_a_file_name_are_not_printed(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[2J\x07.txt"
    path.write_text("The \x1b]0;gone\x07 plan was noted.")
    for options in ([], ["--full"], ["--json"], ["--pages", "\x1b[2J"]):
        result = CliRunner().invoke(main, ["parse", str(path), *options])
        assert "\x1b" not in result.output
        assert "\x07" not in result.output
    missing = CliRunner().invoke(main, ["parse", str(tmp_path / "b\x1b[2J.txt")])
    assert "\x1b" not in missing.output
