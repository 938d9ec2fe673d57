"""From a coded spreadsheet to scores, by the commands alone."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from hwbtext.cli import main

if TYPE_CHECKING:
    from pathlib import Path

SENTENCES = (
    ("RESOLVED that the report on falls be noted.", "process"),
    ("Falls among residents over 80 fell by 12% after the clinics opened.", "tangible"),
    ("Weather had been poor on the day of the visit.", "none"),
)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "ours.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Extract", "outcome", "Council"])
        for place in ("Aldermarsh", "Thornwick", "Carrow", "Westholme"):
            for text, outcome in SENTENCES:
                writer.writerow([f"{text[:-1]} in {place}.", outcome, place])
    return path


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return done.exit_code, done.output


def imported(sheet: Path) -> Path:
    gold = sheet.with_name("gold.jsonl")
    columns = ("--column", "text=Extract", "--column", "place=Council")
    code, output = run("import", sheet, *columns, "--annotators", "people", "-o", gold)
    assert code == 0, output
    return gold


def test_a_spreadsheet_becomes_gold_and_is_scored(sheet: Path) -> None:
    gold = imported(sheet)
    html = sheet.with_name("scores.html")
    code, output = run("evaluate", "--gold", gold, "--model", "lexicon", "--json", "--html", html)
    assert code == 0, output
    scores = json.loads(output)
    assert scores["n"] == 12
    assert scores["n_places"] == 4
    assert set(scores["per_class"]) == {"process", "tangible", "none"}
    assert 0 <= scores["macro_f1"] <= 1
    assert html.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html")


def test_an_unknown_code_is_told_with_its_row_and_nothing_is_written(sheet: Path) -> None:
    sheet.write_text(sheet.read_text().replace("tangible", "tangable", 1))
    gold = sheet.with_name("gold.jsonl")
    columns = ("--column", "text=Extract", "--column", "place=Council")
    code, output = run("import", sheet, *columns, "--annotators", "people", "-o", gold)
    assert code == 2
    assert "tangable" in output
    assert "row 3" in output
    assert not gold.exists()


def test_a_column_without_its_heading_is_refused(sheet: Path) -> None:
    code, output = run("import", sheet, "--column", "text", "-o", sheet.with_name("gold.jsonl"))
    assert code == 2
    assert "text=Extract" in output


def test_agreement_of_the_example_is_shown_and_given_to_machines() -> None:
    from hwbtext.gold import load_gold

    assert load_gold("example").coders
    code, output = run("agreement", "example", "--json", "--resamples", "20")
    assert code == 0, output
    assert json.loads(output)
    code, output = run("agreement", "example", "--resamples", "20")
    assert code == 0
    assert "kappa" in output.lower()


def test_a_model_that_is_not_there_is_named_with_those_that_are() -> None:
    code, output = run("evaluate", "--gold", "hwb-v1", "--model", "oracle")
    assert code == 2
    assert "oracle" in output
    assert "lexicon" in output


def test_coders_are_compared_on_what_they_differ_in_too(sheet: Path) -> None:
    lines = sheet.read_text().splitlines()
    ids = [lines[0] + ",id", *[f"{line},{n}" for n, line in enumerate(lines[1:])]]
    one, other = sheet.with_name("one.csv"), sheet.with_name("other.csv")
    one.write_text("\n".join(ids))
    other.write_text("\n".join(ids).replace("process", "none"))  # they differ in four of twelve
    gold = sheet.with_name("gold.jsonl")
    columns = ("--column", "text=Extract", "--column", "place=Council")
    code, output = run("import", one, other, *columns, "--annotators", "people", "-o", gold)
    assert code == 0, output
    code, output = run("evaluate", "--gold", gold, "--model", "lexicon")
    assert code == 0, output
    (line,) = [line for line in output.splitlines() if "one against other" in line]
    assert "1.000" not in line


def test_a_second_coder_without_ids_and_a_place_that_differs_are_refused(sheet: Path) -> None:
    columns = ("--column", "text=Extract", "--column", "place=Council")
    gold = sheet.with_name("gold.jsonl")
    lines = sheet.read_text().splitlines()
    coded = [f"{line},{coder}" for coder in "ab" for line in lines[1:]]
    sheet.write_text("\n".join([lines[0] + ",coder", *coded]))
    code, output = run("import", sheet, *columns, "--annotators", "people", "-o", gold)
    assert code == 2
    assert "no column 'id'" in output

    with_ids = [f"{line},{n % 12}" for n, line in enumerate(coded)]
    with_ids[-1] = with_ids[-1].replace("Westholme,b", "Elsewhere,b")
    sheet.write_text("\n".join([lines[0] + ",coder,id", *with_ids]))
    code, output = run("import", sheet, *columns, "--annotators", "people", "-o", gold)
    assert code == 2
    assert "Elsewhere" in output


def test_passages_that_one_coder_left_out_are_named(sheet: Path) -> None:
    lines = sheet.read_text().splitlines()
    ids = [lines[0] + ",id", *[f"{line},p{n}" for n, line in enumerate(lines[1:])]]
    one, other = sheet.with_name("one.csv"), sheet.with_name("other.csv")
    one.write_text("\n".join(ids))
    other.write_text("\n".join(ids[:-1]))
    columns = ("--column", "text=Extract", "--column", "place=Council")
    gold = sheet.with_name("gold.jsonl")
    code, output = run("import", one, other, *columns, "--annotators", "people", "-o", gold)
    assert code == 0, output
    assert "other coded 11 of 12; not coded: p11." in output
