"""Behaviours 17-30 of SCRAPING.md, section 5: what a server sends in the place of a paper.

Each test asserts on the server's log and on the manifest.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from responses.catalogue import Council, council_with, make_pdf, meeting_with, report
from responses.collecting import PATIENCE, Collector
from responses.fake_clock import START
from responses.moderngov_server import (
    ModernGovServer,
    answer,
    call,
    drip,
    endless,
    silence,
    truncated,
    unended,
)

from hwbtext.scrape.hops import Limits

if TYPE_CHECKING:
    from responses.moderngov_server import Action

PDF = make_pdf("A report")
LOGIN = (
    "<html><body><form action='login.aspx'><input type='password' name='p'></form></body></html>"
)


def one_report() -> Council:
    return council_with(meeting_with(report("5", "Report", PDF)))


def many_reports(n: int) -> Council:
    papers = [report(str(number), f"Report {number}") for number in range(500, 500 + n)]
    return council_with(meeting_with(*papers))


def no_partial(collect: Collector) -> bool:
    return list((collect.out / ".partial").iterdir()) == []


def test_17_a_login_form_is_no_paper(collect: Collector) -> None:
    with ModernGovServer([one_report()]) as server:
        server.on("documents/s5", answer(200, LOGIN), for_ever=True)
        counts = collect.one(server)
    row = collect.document()
    assert row["outcome"] == "failed_type"
    assert row["path"] is None
    assert collect.papers() == []
    assert not counts.all_well


def test_18_an_error_page_under_the_name_of_a_pdf_is_rejected(collect: Collector) -> None:
    page = "<html><body>The document is not available at present.</body></html>"
    with ModernGovServer([one_report()]) as server:
        server.on("documents/s5", answer(200, page, "application/pdf"), for_ever=True)
        collect.run(server)
    row = collect.document()
    assert row["outcome"] == "failed_type"
    assert collect.papers() == []
    assert no_partial(collect)
    assert len(server.documents()) == 1


@pytest.mark.parametrize("said", ["application/octet-stream", "text/html"])
def test_19_a_pdf_is_told_by_its_content(collect: Collector, said: str) -> None:
    with ModernGovServer([one_report()]) as server:
        server.on("documents/s5", answer(200, PDF, said))
        collect.run(server)
    row = collect.document()
    assert row["outcome"] == "new"
    assert row["content_type"].startswith(said)
    assert row["sniffed_type"] == "application/pdf"
    assert row["path"].endswith(".pdf")
    assert len(server.documents()) == 1


def office(folder: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}/document.xml", "<document/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("body", "ending"),
    [
        (office("word"), ".docx"),
        (office("ppt"), ".pptx"),
        (office("xl"), ".xlsx"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + b"\0" * 1_500
            + "WordDocument".encode("utf-16-le")
            + b"\0" * 500,
            ".doc",
        ),
    ],
)
def test_20_the_extension_is_that_of_the_content(
    collect: Collector, body: bytes, ending: str
) -> None:
    with ModernGovServer([one_report()]) as server:
        server.on("documents/s5", answer(200, body, "application/pdf"))
        collect.run(server)
    row = collect.document()
    assert row["outcome"] == "new"
    assert row["path"].endswith(ending)
    assert collect.bytes_of(row) == body
    assert len(server.documents()) == 1


def test_21_a_truncated_file_is_tried_again_and_never_kept(collect: Collector) -> None:
    with ModernGovServer([one_report()]) as server:
        server.on("documents/s5", truncated(b"%PDF-" + b"0" * 995, 600), for_ever=True)
        collect.run(server)
    assert collect.document()["outcome"] == "failed_truncated"
    assert len(server.documents()) == PATIENCE.attempts
    assert collect.papers() == []
    assert no_partial(collect)
    assert collect.time.slept[:3] == [5, 10, 20]


def test_22_a_chunked_body_without_its_end_fails(collect: Collector) -> None:
    with ModernGovServer([one_report()]) as server:
        server.on("documents/s5", unended(PDF), for_ever=True)
        collect.run(server)
    assert collect.document()["outcome"] == "failed_truncated"
    assert len(server.documents()) == PATIENCE.attempts
    assert collect.papers() == []


def test_22_a_pdf_without_its_mark_is_kept_and_told(collect: Collector) -> None:
    body = PDF[: PDF.index(b"startxref")]
    with ModernGovServer([one_report()]) as server:
        server.on("documents/s5", answer(200, body, "application/pdf"))
        collect.run(server)
    row = collect.document()
    assert row["outcome"] == "new"
    assert any("end of file" in warning for warning in row["warnings"])
    assert len(server.documents()) == 1


def test_23_the_length_of_a_packed_body_is_the_packed_one(collect: Collector) -> None:
    packed = gzip.compress(PDF)
    with ModernGovServer([one_report()]) as server:
        server.on("documents/s5", answer(200, packed, "application/pdf", Content_Encoding="gzip"))
        collect.run(server)
    row = collect.document()
    assert row["outcome"] == "new"
    assert collect.bytes_of(row) == PDF
    assert row["n_bytes"] == len(PDF)
    assert len(server.documents()) == 1


def test_24_a_bomb_is_given_up_while_it_unpacks(collect: Collector) -> None:
    pump = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"\0" * (1 << 20)
    bomb = b"".join(pump.compress(block) for _ in range(256)) + pump.flush()
    with ModernGovServer([one_report()]) as server:
        server.on(
            "documents/s5",
            answer(200, bomb, "application/pdf", Content_Encoding="gzip"),
            for_ever=True,
        )
        collect.run(server)
    assert collect.document()["outcome"] == "skipped_too_large"
    assert collect.papers() == []
    assert no_partial(collect)
    assert len(server.documents()) == 1


def test_24_what_a_document_holds_is_not_unpacked(collect: Collector) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"\0" * (64 << 20))
    with ModernGovServer([one_report()]) as server:
        server.on("documents/s5", answer(200, stream.getvalue(), "application/pdf"))
        collect.run(server)
    row = collect.document()
    assert row["outcome"] == "new"
    assert row["n_bytes"] == len(stream.getvalue()) < 1 << 20
    assert len(server.documents()) == 1


def test_25_what_says_that_it_is_too_large_is_not_read(collect: Collector) -> None:
    with ModernGovServer([one_report()]) as server:
        server.on("documents/s5", truncated(b"%PDF-1.4", 8, says=5_000_000_000), for_ever=True)
        counts = collect.one(server)
    row = collect.document()
    assert row["outcome"] == "skipped_too_large"
    assert len(server.documents()) == 1
    assert collect.papers() == []
    assert no_partial(collect)
    assert counts.n_refused == 1


def test_25_a_body_without_end_is_given_up(collect: Collector) -> None:
    with ModernGovServer([one_report()]) as server:
        server.on("documents/s5", endless(), for_ever=True)
        collect.run(server, max_file_bytes=1_000_000)
    assert collect.document()["outcome"] == "skipped_too_large"
    (asked,) = server.asked("documents/s5")
    assert asked.status == 200
    assert collect.papers() == []
    assert no_partial(collect)


def test_25_a_run_stops_at_its_bytes_and_the_next_goes_on(collect: Collector) -> None:
    with ModernGovServer([many_reports(6)]) as server:
        size = len(server.councils[0].committees[0].meetings[0].items[0].papers[0].bytes())
        first = collect.one(server, max_bytes=2 * size + 10)
        assert len(collect.papers()) == 2
        assert dict(first.outcomes)["skipped_budget"] == 1
        assert first.ran_out
        assert first.all_well  # as asked for
        second = collect.one(server)
    assert second.n_new == 4
    assert len(collect.papers()) == 6
    assert len(set(server.documents())) == 6
    fetched = [one for one in server.documents() if server.documents().count(one) > 1]
    assert len(set(fetched)) <= 1  # the one at which the bytes ran out


def test_26_a_drip_ends_with_the_deadline(collect: Collector) -> None:
    with ModernGovServer([one_report()]) as server:
        slow = drip(b"%", lambda: collect.time.advance(5))
        server.on("documents/s5", slow, for_ever=True)
        collect.run(server, limits=Limits(connect=5, read=5, file_seconds=60, attempts=1))
    assert collect.document()["outcome"] == "timed_out"
    assert len(server.documents()) == 1
    assert no_partial(collect)


def test_27_a_silent_server_is_given_up(collect: Collector) -> None:
    with ModernGovServer([many_reports(6)]) as server:
        server.on("documents/s", silence(), for_ever=True)
        counts = collect.one(server, limits=Limits(connect=5, read=0.2, attempts=1, failures=3))
    assert len(server.documents()) == 3  # and no more after that
    assert {row["outcome"] for row in collect.documents()} == {"timed_out"}
    assert counts.stopped is not None
    assert not counts.all_well


def test_28_a_page_that_takes_forty_seconds_is_waited_for(collect: Collector) -> None:
    with ModernGovServer([one_report()]) as server:
        server.on("ieListDocuments", call(lambda handler: collect.time.advance(40)))
        server.on("documents/s5", call(lambda handler: collect.time.advance(40)))
        counts = collect.one(server)
    assert counts.all_well
    assert collect.document()["outcome"] == "new"
    assert len(server.documents()) == 1
    assert Limits().read > 40


@pytest.mark.parametrize(
    ("said", "waited"),
    [
        ("3", 3),
        (format_datetime(START.replace(minute=1), usegmt=True), 60),
        ("soon", 5),
        ("-1", 5),
    ],
)
def test_29_a_busy_server_is_given_its_time(collect: Collector, said: str, waited: float) -> None:
    with ModernGovServer([one_report()]) as server:
        server.on("documents/s5", answer(429, b"busy", Retry_After=said), None)
        collect.run(server)
    assert [one.status for one in server.asked("documents/s5")] == [429, 200]
    assert collect.time.slept == [pytest.approx(waited, abs=0.01)]
    assert collect.document()["outcome"] == "new"


def test_29_an_absurd_wait_is_put_off_to_another_run(collect: Collector) -> None:
    with ModernGovServer([one_report()]) as server:
        server.on("documents/s5", answer(429, b"busy", Retry_After="86400"))
        counts = collect.one(server)
        assert collect.document()["outcome"] == "deferred"
        assert len(server.documents()) == 1
        assert not counts.all_well
        collect.later(1.5)
        assert collect.one(server).all_well
    assert collect.document()["outcome"] == "new"


def failing(after: int, n: int | None) -> list[Action | None]:
    return [None] * after + [answer(503, b"Service Unavailable")] * (n or 1)


def test_30_one_failure_does_not_end_the_run(collect: Collector) -> None:
    with ModernGovServer([many_reports(20)]) as server:
        server.on("documents/s", *failing(6, 1))
        counts = collect.one(server)
    assert counts.all_well
    assert counts.n_new == 20
    assert len(server.documents()) == 21


def test_30_a_server_that_keeps_failing_is_left_and_the_next_run_fetches_the_rest(
    collect: Collector,
) -> None:
    with ModernGovServer([many_reports(20)]) as server:
        script = server.on("documents/s", *failing(6, None), for_ever=True)
        counts = collect.one(server)
        assert counts.n_new == 6
        assert counts.stopped is not None
        assert not counts.all_well
        had = set(server.documents()[:6])
        server.scripts.remove(script)
        server.log.clear()
        second = collect.one(server)
    assert second.all_well
    assert (second.n_new, second.n_held) == (14, 6)
    assert len(server.documents()) == 14
    assert not had & set(server.documents())
    assert len(collect.papers()) == 20
