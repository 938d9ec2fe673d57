"""The commands ``hwbtext scrape`` and ``hwbtext sites`` against local servers."""

from __future__ import annotations

import csv
import io
import signal
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from responses.catalogue import (
    REPOSITORY,
    council_with,
    made_council,
    make_pdf,
    meeting_with,
    report,
    sample_councils,
)
from responses.collecting import CONTACT, Collector
from responses.moderngov_server import ModernGovServer, answer, call, redirect, register_of

from hwbtext.cli import main

PDF = make_pdf("A report")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def scrape_from(server: ModernGovServer, out: Path, *more: object) -> Result:
    sites = [part for one in server.councils for part in ("--site", server.base_url(one))]
    return run(
        "scrape", *sites, "-o", out, "--contact", CONTACT, "--allow", server.address,
        "--delay", 0, *more,
    )  # fmt: skip


def test_the_closing_table_adds_up(tmp_path: Path) -> None:
    councils = [made_council("Ashmere", 2, base="/a"), made_council("Thornholme", 3, base="/t")]
    with ModernGovServer(councils) as server:
        result = scrape_from(server, tmp_path / "papers")
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.output.splitlines() if line.strip()]
    rows = [line for line in lines if line[-1].isdigit() and len(line) == 8]
    assert [row[1:] for row in rows] == [
        ["2", "6", "6", "0", "0", "0", "0"],
        ["3", "9", "9", "0", "0", "0", "0"],
        ["5", "15", "15", "0", "0", "0", "0"],
    ]
    assert len(server.documents()) == 15


def test_what_failed_and_what_was_not_checked_end_with_1(tmp_path: Path) -> None:
    council = council_with(meeting_with(report("5", "Report", PDF)))
    with ModernGovServer([council]) as server:
        server.on("documents/s5", answer(200, "<html>no paper</html>"), for_ever=True)
        failed = scrape_from(server, tmp_path / "one", "--kinds", "report")
        server.on("aspx|asmx", answer(404, "<html>gone</html>"), for_ever=True)
        unchecked = scrape_from(server, tmp_path / "two")
    assert failed.exit_code == unchecked.exit_code == 1
    assert "failed_type" in failed.output
    assert "could not be checked" in unchecked.output


def test_none_is_told_as_none(tmp_path: Path) -> None:
    with ModernGovServer([council_with()]) as server:
        result = scrape_from(server, tmp_path / "papers")
        other = scrape_from(server, tmp_path / "others", "--board", "Pensions")
    assert result.exit_code == other.exit_code == 0
    assert "no meetings in that time, and the list was read (Health and" in result.output
    assert "no committee of that name" in other.output


def test_a_dry_run_prints_the_documents_and_writes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "papers"
    with ModernGovServer([made_council("Ashmere", 2)]) as server:
        result = scrape_from(server, out, "--dry-run", "--kinds", "minutes")
    assert result.exit_code == 0
    assert result.output.count("Printed minutes") >= 2
    assert "?T=1" in result.output
    assert not out.exists()
    assert server.documents() == []


def test_verify_tells_what_was_edited(tmp_path: Path) -> None:
    out = tmp_path / "papers"
    with ModernGovServer([made_council("Ashmere", 1)]) as server:
        scrape_from(server, out)
    assert run("scrape", "--verify", "-o", out).exit_code == 0
    paper = next(out.rglob("*.pdf"))
    paper.write_bytes(b"edited")
    result = run("scrape", "--verify", "-o", out)
    assert result.exit_code == 1
    assert paper.name in result.output


def test_saved_papers_are_taken(tmp_path: Path) -> None:
    saved, out = tmp_path / "saved", tmp_path / "papers"
    saved.mkdir()
    (saved / "s5.pdf").write_bytes(PDF)
    result = run("scrape", "--take", saved, "--site", "Kent", "-o", out)
    assert result.exit_code == 0, result.output
    assert len(list(out.rglob("*.pdf"))) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--site", "Nowhere"], "No site 'Nowhere' is in the register"),
        (["--site", "Kent", "--all"], "one of the two"),
        ([], "Name sites with --site"),
        (["--site", "Kent", "--delay", "0.1", "--contact", CONTACT], "allowed by name"),
        (["--site", "Kent", "--kinds", "minuets", "--contact", CONTACT], "no kind 'minuets'"),
        (["--site", "Kent", "--max-bytes", "lots"], "is no size"),
        (["--site", "Kent"], "Say who asks"),
        (["--site", "Kent", "--contact", "someone"], "e-mail address"),
        (["--site", "Birmingham", "--contact", CONTACT], "--take"),
        (["--site", "ftp://x.example", "--contact", CONTACT], "is no address of a site"),
        (["--site", "Kent", "--since", "2024-01-02", "--until", "2024-01-01", "--contact",
          CONTACT], "is after the last"),
        (["--all", "--committee", "130"], "one --site"),
        (["--verify"], "no manifest.jsonl"),
        (["--take", "nowhere", "--site", "Kent"], "no folder"),
    ],
)  # fmt: skip
def test_what_cannot_start_says_why_and_ends_with_2(
    tmp_path: Path, arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HWBTEXT_CONTACT", raising=False)
    result = run("scrape", *arguments, "-o", tmp_path / "papers")
    assert result.exit_code == 2, result.output
    assert message in " ".join(result.output.split())
    assert "Traceback" not in result.output


def test_the_run_stops_at_its_bytes_and_says_so(tmp_path: Path) -> None:
    with ModernGovServer([made_council("Ashmere", 3)]) as server:
        result = scrape_from(server, tmp_path / "papers", "--max-bytes", "1.5kB")
    assert result.exit_code == 0, result.output
    assert "skipped_budget" in result.output
    assert 0 < len(list((tmp_path / "papers").rglob("*.pdf"))) < 9


def test_the_register_can_be_edited(tmp_path: Path) -> None:
    printed = run("sites", "--like", "kent county", "--csv")
    rows = list(csv.DictReader(io.StringIO(printed.output)))
    assert [row["name"] for row in rows] == ["Kent County Council"]
    own = tmp_path / "mine.csv"
    own.write_text(
        "site_id,name,base_url,permission,committees\n"
        "E10000016,,https://new.kent.example/mg,,130 131\n"
        "ashmere,Ashmere Council,https://ashmere.example,Clerk; 2026-01-02; ref 3,\n",
        encoding="utf-8",
    )
    result = run("sites", "--sites", own, "--csv")
    rows = {row["site_id"]: row for row in csv.DictReader(io.StringIO(result.output))}
    assert len(rows) == 154
    assert rows["E10000016"]["name"] == "Kent County Council"
    assert rows["E10000016"]["base_url"] == "https://new.kent.example/mg"
    assert rows["E10000016"]["committees"] == "130 131"
    assert rows["ashmere"]["permission"] == "Clerk; 2026-01-02; ref 3"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name\nKent\n", "needs site_id"),
        ("site_id,url\nE1,x\n", "needs site_id"),
        ("site_id,name\n ,Kent\n", "is empty"),
    ],
)
def test_a_register_that_cannot_be_used_says_why(tmp_path: Path, text: str, message: str) -> None:
    own = tmp_path / "mine.csv"
    own.write_text(text, encoding="utf-8")
    result = run("sites", "--sites", own)
    assert result.exit_code == 2
    assert message in result.output


def test_a_permission_that_is_none_stops_the_run(tmp_path: Path) -> None:
    own = tmp_path / "mine.csv"
    own.write_text("site_id,permission\nE10000016,they said yes\n", encoding="utf-8")
    result = run(
        "scrape", "--site", "Kent", "--sites", own, "-o", tmp_path / "x", "--contact", CONTACT
    )
    assert result.exit_code == 2
    assert "who; date; reference" in result.output


def test_sites_are_checked(tmp_path: Path) -> None:
    answers = made_council("Ashmere", 1, base="/answers")
    moved = made_council("Moved", 1, base="/moved")
    gone = made_council("Gone", 1, base="/gone")
    with (
        ModernGovServer([answers, moved, gone]) as server,
        ModernGovServer([made_council("New", 1)]) as new,
        ModernGovServer([made_council("Closed", 1)], robots="User-agent: *\nDisallow: /") as shut,
    ):
        server.on("/gone/", answer(404, "<html>gone</html>"), for_ever=True)
        target = f"{new.base_url()}/mgWebService.asmx/GetCommittees"
        server.on("/moved/mgWebService", redirect(target), for_ever=True)
        sites = [server.base_url(one) for one in (answers, moved, gone)] + [shut.base_url()]
        result = run(
            "sites", "check", "--contact", CONTACT, "--delay", 0,
            *(part for site in sites for part in ("--site", site)),
            *(part for one in (server, new, shut) for part in ("--allow", one.address)),
        )  # fmt: skip
    assert result.exit_code == 1
    told = {line.split()[1]: line for line in result.output.splitlines() if line.strip()}
    by_end = {name.rpartition("-")[2]: line.split()[0] for name, line in told.items()}
    assert by_end["answers"] == "answers"
    assert by_end["moved"] == "moved"
    assert by_end["gone"] == "not_there"
    assert by_end[str(shut.port)] == "refuses"
    assert "Health and Wellbeing Board" in result.output
    assert new.base_url() in result.output
    assert len(shut.log) == 1


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # what bertopic imports warns
def test_from_a_server_to_a_report_in_two_commands(tmp_path: Path) -> None:
    """The demo of the README: invented councils on a local server, collected and mined."""
    papers, results, register = (tmp_path / name for name in ("papers", "results", "own.csv"))
    with ModernGovServer(list(sample_councils())) as server:
        register.write_text(register_of(server), encoding="utf-8")
        scraped = run(
            "scrape", "--sites", register, "--site", "Aldermarsh County Council",
            "--site", "Carrow and Westholme Council",
            "-o", papers, "--contact", CONTACT, "--allow", server.address, "--delay", 0,
        )  # fmt: skip
    assert scraped.exit_code == 0, scraped.output
    n_papers = len(list(papers.rglob("*.pdf")))
    assert n_papers == 19
    mined = subprocess.run(
        [sys.executable, "-m", "hwbtext.cli", "mine", str(papers), "-o", str(results),
         "--model", "small"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert mined.returncode == 0, mined.stderr
    assert (results / "report.html").is_file()
    import hwbtext

    documents = hwbtext.load_table(results, "documents")
    assert set(documents["site"]) == {"Aldermarsh County Council", "Carrow and Westholme Council"}
    minutes = documents[documents["doc_kind"] == "minutes"]
    assert len(minutes) == 18
    assert minutes["meeting_date"].notna().all()


def test_the_server_is_a_program(tmp_path: Path) -> None:
    register = tmp_path / "own.csv"
    server = subprocess.Popen(
        [sys.executable, str(REPOSITORY / "tests/responses/moderngov_server.py"), "--register",
         str(register)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    first = server.stdout.readline()
    server.terminate()
    server.wait()
    server.stdout.close()
    assert first.startswith("Aldermarsh County Council: http://127.0.0.1:")
    assert "base_url" in register.read_text(encoding="utf-8")


def test_days_bound_the_meetings(tmp_path: Path, collect: Collector) -> None:
    council = made_council("Ashmere", 12, start=date(2024, 1, 10))
    with ModernGovServer([council]) as server:
        result = scrape_from(server, collect.out, "--since", "2024-03-01", "--until", "2024-04-30")
    assert result.exit_code == 0
    assert sorted(row["meeting_day"] for row in collect.meetings().values()) == [
        "2024-03-10",
        "2024-04-09",
    ]


def test_ctrl_c_ends_at_once_and_the_next_run_goes_on(collect: Collector) -> None:
    with ModernGovServer([made_council("Ashmere", 4)]) as server:
        asked = threading.Event()
        server.on("documents/g101", call(lambda _: asked.set()))
        arguments = [
            "scrape", "--site", server.base_url(), "-o", str(collect.out), "--contact", CONTACT,
            "--allow", server.address,
        ]  # fmt: skip
        child = subprocess.Popen(
            [sys.executable, "-m", "hwbtext.cli", *arguments, "--delay", "0.3"],
            stderr=subprocess.PIPE, text=True,
            # A shell that runs the tests in the background leaves them deaf to Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        assert asked.wait(60)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=60)
        assert child.returncode == 130, said
        assert "to go on" in said
        assert "Traceback" not in said
        had = {row["url_final"] for row in collect.documents() if row["path"]}
        assert (collect.out / "metadata.csv").is_file()
        n_before = len(server.log)
        assert run(*arguments, "--delay", 0).exit_code == 0
        again = {f"http://{server.address}{one.target}" for one in server.log[n_before:]}
    assert had
    assert not had & again
    assert len(collect.papers()) == 12
