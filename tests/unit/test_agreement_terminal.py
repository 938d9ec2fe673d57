"""What ``hwbtext agreement`` prints."""

import io

import pytest
from rich.console import Console

from benchmarks.accuracy.agreement import table_rows
from hwbtext.errors import InputError
from hwbtext.evaluate.agreement import agreement
from hwbtext.evaluate.agreement_terminal import agreement_of_file, render_agreement
from hwbtext.gold import Coding, GoldMention, GoldSample, GoldUnit, save_gold

TEXT = "The Director would lead the work and report progress to the Board in March."


def coding(outcome, polarity=None):
    found = ()
    if polarity:
        found = (GoldMention("ownership", polarity, 0, 26, TEXT[:26]),)
    return Coding(outcome, f"{outcome}.note" if outcome == "process" else None, "", "none", found)


def gold(n_coders=2):
    units = []
    for number in range(6):
        codes = ["process" if number % 2 else "none", "process" if number % 3 else "none"] * 2
        coders = tuple(
            (f"coder-{n + 1}", coding(code, "affirmed" if number < 2 else None))
            for n, code in enumerate(codes[:n_coders])
        )
        units.append(
            GoldUnit(f"u{number}", TEXT, f"Place {number % 2}", "Board", 2020, None, "random",
                     coders, None, doc=f"{number}.pdf")
        )  # fmt: skip
    return GoldSample("invented", tuple(units), "people")


def printed(report, width=110):
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False)
    for part in render_agreement(report):
        console.print(part)
    return out.getvalue()


def test_two_coders():
    text = printed(agreement(gold(), "outcome", n_resamples=50))
    assert "Coders (people): coder-1, coder-2" in text
    assert "resample by document" in text
    for word in ("agree", "kappa", "Fleiss", "alpha", "AC1", "prev.", "bias", "Place 1"):
        assert word in text
    assert "Each pair" not in text
    assert "too few" in text


def test_three_coders_are_shown_pair_by_pair():
    text = printed(agreement(gold(3), "outcome", n_resamples=0))
    assert "Each pair of coders" in text
    assert "coder-1 · coder-3" in text
    assert "95% intervals" not in text


def test_a_dash_is_explained():
    report = agreement(gold(), "mentions", n_resamples=0)
    assert report.find("cohen_kappa", measure="polarity").value is None
    text = printed(report)
    assert "–" in text
    assert "only one category is used: ownership · polarity" in text
    assert "alpha-U" in text


def test_nothing_is_wider_than_the_terminal():
    for task in ("outcome", "mentions"):
        text = printed(agreement(gold(3), task, n_resamples=50))
        assert max(map(len, text.splitlines())) <= 110


def test_the_command_loads_a_file(tmp_path):
    path = tmp_path / "coded.jsonl"
    save_gold(gold(), path)
    report = agreement_of_file(path, "outcome", n_resamples=10, annotators="people")
    assert report.find("percent_agreement").n_pairable == 6
    with pytest.raises(InputError):
        agreement_of_file(path, "outcome", by=("colour",))


def test_the_benchmark_has_a_row_for_each_question():
    rows = list(table_rows(agreement(gold(), "mentions", n_resamples=50)))
    assert [row.split("|")[1].strip() for row in rows] == [
        "ownership presence",
        "ownership polarity",
        "ownership spans",
    ]
    assert "| – |" in rows[1]
