"""What one site, one paper or one terminal must not do to the rest of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from responses.catalogue import council_with, made_council, make_pdf, meeting_with, report
from responses.collecting import CONTACT
from responses.moderngov_server import ModernGovServer, answer, redirect

from hwbtext.cli import main
from hwbtext.scrape.disk import OutsideFolderError
from hwbtext.scrape.moderngov import source

if TYPE_CHECKING:
    from responses.collecting import Collector

    from hwbtext.scrape.records import Meeting

PDF = make_pdf("A report")


def test_a_fault_of_ours_in_one_site_does_not_end_the_others(
    collect: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    councils = [made_council("Ashmere", 1, base="/a"), made_council("Thornholme", 1, base="/t")]
    read = source.read_meetings

    def broken(body: bytes, *, base: str) -> tuple[Meeting, ...]:
        if base.endswith("/a"):
            raise KeyError("a tag that nobody thought of")
        return read(body, base=base)

    monkeypatch.setattr(source, "read_meetings", broken)
    with ModernGovServer(councils) as server:
        report_of = collect.run(server)
        listed = collect.run(server, dry_run=True)
    for one, other in (report_of.sites, listed.sites):
        assert one.n_not_checked == 1
        assert "please report it (KeyError" in one.not_checked[0]
        assert other.n_not_checked == 0
        assert other.n_found
    assert not report_of.all_well


def test_a_paper_that_leads_to_a_host_that_blocks_does_not_end_its_site(
    collect: Collector,
) -> None:
    council = council_with(meeting_with(report("5", "First", PDF), report("6", "Second", PDF)))
    with ModernGovServer([council]) as server, ModernGovServer([made_council("Other", 1)]) as other:
        challenge = "<html><title>Just a moment...</title></html>"
        other.on("elsewhere", answer(403, challenge), for_ever=True)
        server.on("documents/s5", redirect(f"http://{other.address}/elsewhere"), for_ever=True)
        counts = collect.one(server, other, entries=collect.entries(server))
        assert counts.stopped is None
        assert collect.outcomes() == {"First": "blocked_waf", "Second": "new"}
        assert counts.n_failed == 1


def test_a_tag_that_cannot_be_sent_back_is_not(collect: Collector) -> None:
    council = council_with(meeting_with(report("5", "Report", PDF)))
    with ModernGovServer([council]) as server:
        server.on("documents/s5", answer(200, PDF, "application/pdf", ETag='"\u00e9"'))
        collect.run(server)
        collect.later(1)
        assert collect.one(server).n_unchanged == 1
        assert len(server.documents()) == 2


def test_an_old_paper_of_another_length_is_fetched_again_and_the_edit_is_kept(
    collect: Collector,
) -> None:
    council = council_with(meeting_with(report("5", "Report", PDF)))
    with ModernGovServer([council]) as server:
        collect.later(3_000)
        collect.run(server)
        (paper,) = collect.papers()
        paper.write_bytes(PDF + b"a note")
        collect.run(server)
    assert paper.read_bytes() == PDF
    (aside,) = (path for path in collect.out.rglob("*-found-*"))
    assert aside.read_bytes() == PDF + b"a note"


def test_a_recheck_that_was_cut_off_is_gone_on_with(collect: Collector) -> None:
    papers = [report(str(n), f"Report {n}", make_pdf(f"Report {n}")) for n in range(5, 9)]
    with ModernGovServer([council_with(meeting_with(*papers))]) as server:
        collect.run(server)
        collect.later(1)
        assert collect.one(server, recheck=True, max_bytes=2 * len(PDF)).ran_out
        n_before = len(server.documents())
        assert collect.one(server, recheck=True).all_well
        asked = server.documents()
    whole = set(asked[4 : n_before - 1])  # the last one was larger than what was left
    assert whole
    assert not whole & set(asked[n_before:])


def test_drafts_are_only_removed_from_a_folder_of_its_own(collect: Collector) -> None:
    elsewhere = collect.out.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "thesis.txt").write_text("mine")
    collect.out.mkdir(exist_ok=True)
    (collect.out / ".partial").symlink_to(elsewhere)
    with ModernGovServer([made_council("Ashmere", 1)]) as server, pytest.raises(OutsideFolderError):
        collect.run(server)
    assert (elsewhere / "thesis.txt").read_text() == "mine"


def test_what_a_site_writes_gives_a_terminal_no_orders(collect: Collector) -> None:
    council = council_with(meeting_with(report("5", "Plan\u009b2J \u202efdp", PDF)))
    with ModernGovServer([council]) as server:
        result = CliRunner().invoke(
            main,
            ["scrape", "--site", server.base_url(), "-o", str(collect.out), "--contact", CONTACT,
             "--allow", server.address, "--delay", "0", "--dry-run", "--kinds", "report"],
        )  # fmt: skip
    assert "Plan?2J ?fdp" in result.output
    assert "\u009b" not in result.output
    assert "\u202e" not in result.output
