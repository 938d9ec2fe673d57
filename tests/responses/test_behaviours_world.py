"""Behaviours 54-62 of SCRAPING.md, section 5: networks, disks, clocks, and runs after runs.

53 is of CMIS, which is not collected from yet. Each test asserts on the server's log and on the
manifest.
"""

from __future__ import annotations

import errno
import os
import threading
from datetime import date
from pathlib import Path

import pytest
from responses.catalogue import (
    Paper,
    council_with,
    made_council,
    make_pdf,
    meeting_with,
    report,
)
from responses.collecting import CONTACT, Collector
from responses.moderngov_server import (
    Handler,
    ModernGovServer,
    after,
    answer,
    call,
    closest,
    most_in_flight,
)

from hwbtext.errors import InputError
from hwbtext.scrape.counts import SiteCounts
from hwbtext.scrape.disk import DiskError
from hwbtext.scrape.lock import LOCK_NAME
from hwbtext.scrape.run import scrape
from hwbtext.scrape.verify import verify

PDF = make_pdf("A report")


@pytest.mark.parametrize("trusted", [False, True])
def test_54_a_certificate_that_does_not_hold_ends_it(
    collect: Collector, tmp_path: Path, trusted: bool
) -> None:
    pytest.importorskip("cryptography", reason="certificates are made with cryptography")
    from responses.certificates import bundle, issue, server_context

    host = "ashmere.example"
    root = issue("Ashmere Root", authority=True)
    context = server_context(tmp_path, issue(host, root))
    council = council_with(meeting_with(report("5", "Report", PDF)), host=host)
    with ModernGovServer([council], tls=context) as server:
        counts = collect.one(
            server, names=(host,), ca_bundle=bundle(tmp_path, root) if trusted else None
        )
    if trusted:
        assert collect.document()["outcome"] == "new"
        assert collect.document()["url_final"].startswith("https://")
        assert len(server.documents()) == 1
    else:
        assert server.log == []
        row = collect.rows("run")[-1]
        assert row["outcome"] == "failed_tls"
        assert "CA bundle" in row["reason"]
        assert not counts.all_well


def test_55_ipv4_is_tried_where_ipv6_is_refused(collect: Collector) -> None:
    with ModernGovServer([council_with(meeting_with(report("5", "Report", PDF)))]) as server:
        counts = collect.one(server, resolve=lambda host, port: ["::1", "127.0.0.1"])
    assert counts.all_well
    assert collect.document()["outcome"] == "new"
    assert len(server.documents()) == 1


def test_56_councils_of_one_vendor_take_turns_and_others_do_not_wait(
    collect: Collector,
) -> None:
    names = [f"council{number}.moderngov.co.uk" for number in range(20)]
    tenants = [
        council_with(meeting_with(report("5", f"Report of {name}")), name=name, host=name)
        for name in names
    ]
    done = threading.Event()

    class Watching:
        def meeting(self, *_: object) -> None: ...

        def document(self, *_: object) -> None: ...

        def site(self, counts: SiteCounts) -> None:
            if counts.site_id == apart.site.site_id:
                done.set()

    delay = 0.02
    with (
        ModernGovServer(tenants) as shared,
        ModernGovServer([council_with(meeting_with(report("5", "Report", PDF)))]) as other,
    ):
        (apart,) = collect.entries(other)
        # The vendor's machine sends nothing until the other council is done with.
        shared.on("robots.txt", after(done))
        result = scrape(
            [*collect.entries(shared), apart],
            collect.out,
            contact=CONTACT,
            kinds=("report",),
            delay=delay,
            allow=[other.address, *(f"{name}:{shared.port}" for name in names)],
            resolve=lambda host, port: ["127.0.0.1"],
            progress=Watching(),
        )
    assert done.is_set()
    assert result.all_well
    assert len(shared.documents()) == 20
    assert most_in_flight(shared.log) == 1
    gap = closest(shared.log)
    assert gap is not None
    assert gap >= delay
    assert len(collect.documents(outcome="new")) == 21


def test_57_two_runs_at_once_are_refused(collect: Collector) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def hold(handler: Handler) -> None:
        begun.set()
        go_on.wait(30)

    with ModernGovServer([made_council("Ashmere", 2)]) as server:
        server.on("GetCommittees", call(hold))
        first = threading.Thread(target=collect.run, args=(server,))
        first.start()
        assert begun.wait(30)
        with pytest.raises(InputError, match=f"another run .process {os.getpid()}"):
            Collector(collect.out).run(server)
        go_on.set()
        first.join()
    assert verify(collect.out).ok
    assert not (collect.out / LOCK_NAME).exists()
    assert len(server.asked("GetCommittees")) == 1


def test_57_a_full_disk_stops_all_and_the_next_run_goes_on(
    collect: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, n_moves = os.replace, iter(range(1_000))

    def full(source: object, target: object) -> None:
        if str(target).endswith(".pdf") and next(n_moves) >= 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(source, target)  # type: ignore[arg-type]

    with ModernGovServer([made_council("Ashmere", 4)]) as server:
        monkeypatch.setattr(os, "replace", full)
        with pytest.raises(DiskError, match="disk is full"):
            collect.run(server)
        monkeypatch.undo()
        held = len(collect.papers())
        assert held == 3
        n_asked = len(server.documents())
        counts = collect.one(server)
    assert counts.all_well
    assert verify(collect.out).ok
    assert len(collect.papers()) == 20
    # What was fetched but had no room is kept in .partial by its row, or fetched once more.
    assert len(server.documents()) - n_asked <= 20 - held
    assert len(collect.documents()) == 20


def test_57_a_folder_that_cannot_be_written_is_told(collect: Collector) -> None:
    collect.out.parent.mkdir(exist_ok=True)
    collect.out.write_text("a file where the folder should be")
    with (
        ModernGovServer([made_council("Ashmere", 1)]) as server,
        pytest.raises(DiskError, match="papers"),
    ):
        collect.run(server)
    assert server.log == []


def test_58_our_own_clock_counts_and_the_server_s_words_are_kept(collect: Collector) -> None:
    future = "Fri, 01 Jan 2100 00:00:00 GMT"
    paper = report("5", "Report", PDF, last_modified=future)
    with ModernGovServer([council_with(meeting_with(paper))]) as server:
        server.on(
            "documents/s5",
            answer(
                200,
                PDF,
                "application/pdf",
                Date="Thu, 01 Jan 1970 00:00:00 GMT",
                Last_Modified=future,
            ),
            None,
        )
        collect.run(server)
        row = collect.document()
        assert row["last_modified"] == future
        assert row["retrieved_at"].startswith("2026-01-05T")
        collect.later(7)
        collect.run(server)
    assert server.asked("documents/s5")[1].headers["If-Modified-Since"] == future
    assert collect.document()["outcome"] == "unchanged"


@pytest.mark.parametrize(
    ("body", "outcome", "warning"),
    [
        (b"", "failed_empty", None),
        (PDF.replace(b"trailer\n<<", b"trailer\n<< /Encrypt 9 0 R"), "new", "password"),
        (PDF.replace(b"/Font", b"/XObj").replace(b"/F1", b"/I1"), "new", "scan"),
        (b"\r\njunk before\r\n" + PDF, "new", "before"),
    ],
)
def test_59_odd_papers_are_kept_and_flagged(
    collect: Collector, body: bytes, outcome: str, warning: str | None
) -> None:
    with ModernGovServer([council_with(meeting_with(report("5", "Report", body)))]) as server:
        collect.run(server)
    row = collect.document()
    assert row["outcome"] == outcome
    assert (row["path"] is None) == (outcome == "failed_empty")
    if warning is not None:
        assert any(warning in one for one in row["warnings"]), row["warnings"]
        assert collect.bytes_of(row) == body
    assert len(server.documents()) == 1


def test_60_a_dry_run_lists_and_writes_nothing(collect: Collector) -> None:
    listed: list[tuple[str, str]] = []

    class Watching:
        def meeting(self, *_: object) -> None: ...

        def document(
            self, site: object, meeting: object, listing: object, outcome: str, reason: str
        ) -> None:
            listed.append((listing.url, outcome))  # type: ignore[attr-defined]

        def site(self, counts: SiteCounts) -> None: ...

    with ModernGovServer([made_council("Ashmere", 2)]) as server:
        counts = collect.one(server, dry_run=True, progress=Watching())
    assert not collect.out.exists()
    assert server.documents() == []
    assert {one.method for one in server.log} == {"GET"}
    assert (counts.n_found, counts.n_listed, counts.n_new) == (10, 10, 0)
    assert len(listed) == 10
    assert all(outcome == "listed" for _, outcome in listed)


def test_60_a_dry_run_knows_what_is_held(collect: Collector) -> None:
    with ModernGovServer([made_council("Ashmere", 2)]) as server:
        collect.run(server, kinds=("minutes",))
        before = (collect.out / "manifest.jsonl").read_bytes()
        n_asked = len(server.documents())
        counts = collect.one(server, dry_run=True)
    assert (counts.n_listed, counts.n_unchanged) == (8, 2)
    assert (collect.out / "manifest.jsonl").read_bytes() == before
    assert len(server.documents()) == n_asked


def test_61_a_supplement_that_appears_is_dated_between_two_looks(collect: Collector) -> None:
    supplement = Paper("documents/b9/Late items.pdf?T=9", "Supplement 1", make_pdf("Late"))
    with ModernGovServer([council_with(meeting_with(report("5", "Report", PDF)))]) as server:
        collect.run(server)
        looked = collect.meetings()["100"]["last_checked"]
        server.councils[0].change("100", header=(supplement,))
        collect.later(3)
        counts = collect.one(server)
    row = collect.document(kind="supplement")
    assert row["outcome"] == "new"
    assert row["previous_check"] == looked
    assert row["first_seen"].startswith("2026-01-08")
    assert (counts.n_new, counts.n_unchanged) == (1, 1)
    assert len(server.asked("documents/b9")) == 1


def test_62_an_edited_file_is_told_and_put_right(collect: Collector) -> None:
    with ModernGovServer([council_with(meeting_with(report("5", "Report", PDF)))]) as server:
        collect.run(server)
        path = collect.out / collect.document()["path"]
        path.write_bytes(b"%PDF-1.4 edited")
        found = verify(collect.out)
        assert found.changed == (collect.document()["path"],)
        assert not found.ok
        collect.later(7)
        collect.run(server)
    assert verify(collect.out).ok
    assert path.read_bytes() == PDF
    assert len(server.documents()) == 2


def test_a_settled_meeting_is_not_read_again(collect: Collector) -> None:
    old = meeting_with(report("5", "Report", PDF), day=date(2020, 1, 9))
    with ModernGovServer([council_with(old)]) as server:
        collect.run(server)
        collect.later(7)
        counts = collect.one(server)
        assert (counts.n_found, counts.n_held) == (1, 1)
        assert len(server.documents()) == 1
        assert len(server.asked("ieListDocuments")) == 1
        collect.later(7)
        assert collect.one(server, recheck=True).n_unchanged == 1
        assert len(server.documents()) == 2


def test_other_kinds_are_fetched_when_they_are_asked_for(collect: Collector) -> None:
    with ModernGovServer([made_council("Ashmere", 2)]) as server:
        assert collect.one(server, kinds=("minutes",)).n_new == 2
        assert collect.one(server, kinds=("minutes", "agenda")).n_new == 2
    assert len(server.documents()) == 4
    assert len(collect.papers()) == 4
