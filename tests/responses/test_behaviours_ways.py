"""Behaviours 31-44 of SCRAPING.md, section 5: kills, redirects, refusals, names, addresses.

Each test asserts on the server's log and on the manifest.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

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
    answer,
    redirect,
)

from hwbtext.scrape.run import scrape

if TYPE_CHECKING:
    from responses.catalogue import Council

PDF = make_pdf("A report")
STUB = (
    '<html><head><META NAME="robots" CONTENT="noindex,nofollow"><script src="/_Incapsula_Resource'
    '?SWJIYLWA=5074a744e2e3d891814e9a2dace20bd4,719d34d31c8e3a6e6fffd425f7e032f3"></script>'
    "</head><body></body></html>"
)
CHALLENGE = (
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>"
    '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script></body></html>'
)


def one_report(**changes: object) -> Council:
    return council_with(meeting_with(replace(report("5", "Report", PDF), **changes)))  # type: ignore[arg-type]


CHILD = """
import json, sys
from hwbtext.scrape.run import scrape
from hwbtext.sites import choose_sites
job = json.loads(sys.argv[1])
scrape(choose_sites(job["sites"], {}), job["out"], contact="a@ashmere.example", delay=0.0,
       allow=job["allow"])
"""


def test_31_a_kill_in_the_middle_of_a_file_loses_nothing(collect: Collector) -> None:
    with ModernGovServer([made_council("Ashmere", 4, n_reports=0)]) as server:
        reached, go_on = threading.Event(), threading.Event()

        def half(handler: Handler) -> None:
            handler.wfile.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: 90000\r\n\r\n"
            )
            handler.wfile.write(b"%PDF-1.4" + b"0" * 40_000)
            handler.wfile.flush()
            reached.set()
            go_on.wait(20)
            handler.close_connection = True

        server.on(r"documents/g102.*T=10", half)
        job = {
            "sites": [server.base_url()],
            "allow": [server.address],
            "out": str(collect.out),
        }
        child = subprocess.Popen([sys.executable, "-c", CHILD, json.dumps(job)])
        assert reached.wait(60)
        child.send_signal(signal.SIGKILL)
        child.wait()
        go_on.set()
        had = {row["url_final"] for row in collect.documents()}
        assert 0 < len(had) < 12
        files = collect.papers()
        assert all(path.read_bytes().endswith(b"%%EOF\n") for path in files)
        first = len(server.log)
        counts = scrape(
            collect.entries(server), collect.out, contact=CONTACT, delay=0, allow=[server.address]
        ).sites[0]
        asked = {f"http://{server.address}{one.target}" for one in server.log[first:]}
    assert not had & asked
    assert counts.all_well
    assert len(collect.papers()) == 12
    assert list((collect.out / ".partial").iterdir()) == []


@pytest.mark.parametrize("kind", ["loop", "chain", "no location"])
def test_32_redirects_without_end_fail_at_the_limit(collect: Collector, kind: str) -> None:
    with ModernGovServer([one_report()]) as server:
        if kind == "loop":
            server.on("documents/s5", redirect("/documents/s5/Report.pdf"), for_ever=True)
        elif kind == "chain":
            for hop in range(30):
                server.on(rf"/hop{hop}$", redirect(f"/hop{hop + 1}"))
            server.on("documents/s5", redirect("/hop0"))
        else:
            server.on("documents/s5", redirect(None))
        collect.run(server)
    assert collect.document()["outcome"] == "failed_redirect"
    assert len(server.asked("documents/s5|/hop")) <= 11
    assert collect.papers() == []


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "ftp://127.0.0.1/a.pdf", "data:application/pdf,%25PDF-"]
)
def test_33_redirects_to_other_schemes_are_refused(collect: Collector, to: str) -> None:
    with ModernGovServer([one_report()]) as server:
        server.on("documents/s5", redirect(to), for_ever=True)
        collect.run(server)
    assert collect.document()["outcome"] == "failed_redirect"
    assert len(server.documents()) == 1
    assert collect.papers() == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.0.0.5",
        "169.254.169.254",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "0177.0.0.1",
        "0.0.0.0",
        "inside.example",
    ],
)
def test_34_redirects_to_private_addresses_are_refused(collect: Collector, host: str) -> None:
    with ModernGovServer([one_report()]) as server, ModernGovServer([one_report()]) as inner:
        server.on("documents/s5", redirect(f"http://{host}:{inner.port}/documents/s5/Report.pdf"))
        collect.run(
            server,
            names=("127.0.0.1",),
            resolve=lambda name, port: ["127.0.0.1"] if name.endswith(".example") else [name],
        )
    row = collect.document()
    assert row["outcome"] in ("failed_address", "failed_redirect", "failed_connection")
    assert inner.log == []
    assert collect.papers() == []


def test_34_the_address_is_checked_at_every_connection(collect: Collector) -> None:
    turns = iter([["10.0.0.5"], ["::1", "127.0.0.1"], ["169.254.169.254"], ["127.0.0.1"]] * 3)
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        if host == "turns.example":
            asked.append(host)
            return next(turns)
        return ["127.0.0.1"]

    papers = [report(str(number), f"Report {number}", PDF) for number in range(4)]
    with ModernGovServer([council_with(meeting_with(*papers))]) as server:
        there = f"http://turns.example:{server.port}/documents/s0/Report%200.pdf"
        server.on("documents/s", *[redirect(there)] * 4)
        collect.run(server, resolve=resolve)
        seen = [one for one in server.log if one.host.startswith("turns")]
    assert seen == []
    assert asked
    assert {row["outcome"] for row in collect.documents()} == {"failed_address"}
    assert collect.papers() == []


def test_35_a_document_of_another_host_is_recorded_only(collect: Collector) -> None:
    with ModernGovServer([council_with()]) as other:
        away = Paper(f"http://papers.example:{other.port}/documents/s1/Away.pdf", "Away")
        with ModernGovServer([council_with(meeting_with(away))]) as server:
            counts = collect.one(server)
    row = collect.document()
    assert row["outcome"] == "skipped_offsite"
    assert "papers.example" in row["reason"]
    assert other.log == []
    assert (counts.n_refused, counts.all_well) == (1, True)


@pytest.mark.parametrize("robots", [None, "User-agent: *\nDisallow: /documents/"])
def test_35_another_host_is_asked_only_by_name_and_by_its_own_robots(
    collect: Collector, robots: str | None
) -> None:
    with ModernGovServer([one_report()], robots=robots) as other:
        away = Paper(f"http://papers.example:{other.port}/documents/s5/Report.pdf", "Away")
        with ModernGovServer([council_with(meeting_with(away))]) as server:
            collect.run(
                server, other, names=("127.0.0.1", "papers.example"), offsite=["papers.example"],
                entries=collect.entries(server),
            )  # fmt: skip
    assert next(one.path for one in other.log) == "/robots.txt"
    row = collect.document()
    assert row["outcome"] == ("new" if robots is None else "refused_robots")
    assert len(other.documents()) == (1 if robots is None else 0)


def test_36_the_error_page_is_not_found_and_no_content(collect: Collector) -> None:
    with ModernGovServer([one_report()]) as server:
        server.on("documents/s5", redirect("/mgError.aspx"))
        counts = collect.one(server)
    assert collect.document()["outcome"] == "not_found"
    assert collect.papers() == []
    assert counts.all_well
    assert len(server.documents()) == 1


def test_37_a_stub_in_place_of_the_list_stops_the_host(collect: Collector) -> None:
    with ModernGovServer([one_report()]) as server:
        server.on("GetCommittees", answer(200, STUB), for_ever=True)
        counts = collect.one(server)
    assert len(server.log) <= 2  # robots.txt and the list
    assert (counts.n_found, counts.n_not_checked) == (0, 1)
    assert not counts.all_well
    row = collect.rows("run")[-1]
    assert row["outcome"] == "blocked_waf"
    assert "by hand" in row["reason"]


def test_38_a_challenge_is_neither_solved_nor_stormed(collect: Collector) -> None:
    papers = [report(str(number), f"Report {number}") for number in range(5)]
    with ModernGovServer([council_with(meeting_with(*papers))]) as server:
        server.on("documents/s", answer(403, CHALLENGE, Server="cloudflare"), for_ever=True)
        counts = collect.one(server)
    assert len(server.documents()) == 1
    assert {one.headers["User-Agent"] for one in server.log} == {
        server.log[0].headers["User-Agent"]
    }
    assert CONTACT in server.log[0].headers["User-Agent"]
    assert collect.documents()[0]["outcome"] == "blocked_waf"
    assert counts.stopped is not None


REFUSE_ALL = "User-agent: *\nDisallow: /"


@pytest.mark.parametrize(
    "robots",
    [
        REFUSE_ALL,
        "User-agent: hwbtext\nDisallow: /\n\nUser-agent: *\nDisallow:",
        "\ufeffUser-agent: *\r\nDisallow: /\r\n",
    ],
)
def test_39_nothing_is_asked_of_a_site_that_refuses(collect: Collector, robots: str) -> None:
    with ModernGovServer([one_report()], robots=robots) as server:
        counts = collect.one(server)
    assert [one.path for one in server.log] == ["/robots.txt"]
    assert counts.n_not_checked == 1
    assert not counts.all_well
    assert collect.rows("run")[-1]["outcome"] == "refused_robots"


@pytest.mark.parametrize(
    "robots",
    [
        None,
        "User-agent: *\nDisallow: /mgRss.aspx",
        "<html><body>Welcome</body></html>",
        "User-agent: hwbtext\nDisallow:\n\nUser-agent: *\nDisallow: /",
        "User-agent: *\nDisallow: /mgRss.aspx\n" + "# filling\n" * 100_000,
    ],
)
def test_39_a_site_that_lets_us_is_read(collect: Collector, robots: str | None) -> None:
    with ModernGovServer([one_report()], robots=robots) as server:
        counts = collect.one(server)
    assert counts.n_new == 1
    assert collect.document()["robots"].startswith("allowed")


def test_39_a_refused_folder_is_not_asked_for_and_no_failure(collect: Collector) -> None:
    robots = "User-agent: *\nDisallow: /documents/"
    with ModernGovServer([one_report()], robots=robots) as server:
        counts = collect.one(server)
    assert server.documents() == []
    assert collect.document()["outcome"] == "refused_robots"
    assert (counts.n_refused, counts.all_well) == (1, True)


def test_39_a_crawl_delay_is_kept(collect: Collector) -> None:
    with ModernGovServer([one_report()], robots="User-agent: *\nCrawl-delay: 5") as server:
        collect.run(server)
    assert collect.time.slept.count(5) >= len(server.log) - 2


def test_39_robots_that_fail_let_nothing_be_asked(collect: Collector) -> None:
    with ModernGovServer([one_report()]) as server:
        server.on("robots.txt", answer(500, b"oops"), for_ever=True)
        counts = collect.one(server)
    assert {one.path for one in server.log} == {"/robots.txt"}
    assert counts.n_not_checked == 1
    assert not counts.all_well


def test_39_a_leave_is_recorded_on_every_file(collect: Collector) -> None:
    with ModernGovServer([one_report()], robots=REFUSE_ALL) as server:
        (entry,) = collect.entries(server)
        entry = replace(entry, permission="Democratic Services; 2026-01-02; their email")
        counts = collect.one(server, entries=[entry])
    assert counts.n_new == 1
    row = collect.document()
    assert row["permission"] == "Democratic Services, 2026-01-02, their email"
    assert "permission" in row["robots"]
    assert len(server.documents()) == 1


BAD_NAMES = (
    "documents/s5/../../etc/passwd",
    "documents/s5/..%2f..%2fetc%2fpasswd",
    r"documents/s5/C:\x.pdf",
    "documents/s5/CON.pdf",
    "documents/s5/trailing. . .pdf",
    "documents/s5/nul%00byte.pdf",
    "documents/s5/-rf.pdf",
    "documents/s5/line\r\nbreak.pdf",
)


@pytest.mark.parametrize("href", BAD_NAMES)
def test_40_no_link_leads_out_of_the_folder(collect: Collector, href: str) -> None:
    title = href.rpartition("/")[2].replace("\r\n", " ")
    paper = Paper(href, title)
    with ModernGovServer([council_with(meeting_with(paper))]) as server:
        server.on(
            "documents/s5|etc",
            answer(
                200,
                PDF,
                "application/pdf",
                Content_Disposition="attachment; filename=\"../../x\"; filename*=UTF-8''..%2fy",
            ),
            for_ever=True,
        )
        collect.run(server)
    inside = {path.resolve() for path in collect.papers()}
    assert all(path.is_relative_to(collect.out.resolve()) for path in inside)
    others = [path for path in collect.out.parent.iterdir() if path != collect.out]
    assert others == []
    for path in inside:
        assert not path.name.startswith(("-", "."))
        assert path.stem.split("-")[0].upper() != "CON"
        assert path.name == path.name.strip(" .")
    assert all(row["url_original"] for row in collect.documents())
    assert all(one.path.startswith(("/documents", "/etc")) for one in server.asked("s5|etc"))


LONG = "Überprüfung der Gesundheit " * 20


@pytest.mark.parametrize("title", [LONG, "Plan 🏥 for 2026", "Annex\u202egpj.exe"])
def test_41_names_are_cut_and_cleaned_and_the_title_is_kept(collect: Collector, title: str) -> None:
    paper = Paper("documents/s5/Report.pdf", title, PDF)
    with ModernGovServer([council_with(meeting_with(paper))]) as server:
        collect.run(server)
    (path,) = collect.papers()
    assert len(path.name.encode()) <= 255
    assert path.suffix == ".pdf"
    assert "\u202e" not in path.name
    row = collect.document()
    assert title.split()[0].split("\u202e")[0] in row["title_raw"]
    assert len(row["title_raw"]) >= len(title.strip()) - 1
    assert len(server.documents()) == 1


@pytest.mark.parametrize(
    ("href", "asked"),
    [
        ("documents/s1/A & B.pdf", "/modernGov/documents/s1/A%20&%20B.pdf"),
        ("documents/s1/A%20B.pdf", "/modernGov/documents/s1/A%20B.pdf"),
        ("documents/s1/A+B.pdf", "/modernGov/documents/s1/A+B.pdf"),
        ("documents/s1/A%2520B.pdf", "/modernGov/documents/s1/A%2520B.pdf"),
        ("documents/s1/A.pdf#AI1", "/modernGov/documents/s1/A.pdf"),
        ("/modernGov/documents/s1/A.pdf", "/modernGov/documents/s1/A.pdf"),
    ],
)
def test_42_addresses_are_encoded_once(collect: Collector, href: str, asked: str) -> None:
    council = council_with(meeting_with(Paper(href, "Report")), base="/modernGov")
    with ModernGovServer([council]) as server:
        server.on("documents/s1", answer(200, PDF, "application/pdf"), for_ever=True)
        collect.run(server)
    assert [one.target for one in server.log if one.is_document] == [asked]
    row = collect.document()
    assert row["outcome"] == "new"
    assert row["url_original"] == href


def test_43_a_meeting_has_one_key_however_it_is_linked(collect: Collector) -> None:
    links = "".join(
        f'<a href="{href}">again</a>'
        for href in (
            "ieListDocuments.aspx?MID=100",
            "ieListDocuments.aspx?MeetingId=100&amp;LLL=0",
            "(S(abc))/ieListDocuments.aspx?CId=130&amp;MId=100&amp;Ver=4#AI1",
        )
    )
    council = council_with(meeting_with(report("5", "Report", PDF)), more_links=links)
    with ModernGovServer([council]) as server:
        counts = collect.one(server)
    assert counts.n_meetings == 1
    assert list(collect.meetings()) == ["100"]
    assert len(server.asked("ieListDocuments")) == 1
    assert len(server.documents()) == 1


def test_44_a_session_is_kept_for_its_host_alone(collect: Collector) -> None:
    def needs_cookie(handler: Handler) -> None:
        if "session=1" in handler.headers.get("Cookie", ""):
            handler.behave()
        else:
            handler.answer(302, b"", Location="/login", Set_Cookie="session=1; Domain=.1; Path=/")

    with ModernGovServer([one_report()]) as other:
        away = Paper(f"http://papers.example:{other.port}/documents/s5/Report.pdf", "Away")
        council = council_with(meeting_with(report("6", "Report"), away))
        with ModernGovServer([council]) as server:
            server.on(
                "GetCommittees",
                lambda handler: handler.answer(
                    302,
                    b"",
                    Location="/mgWebService.asmx/GetCommittees?again",
                    Set_Cookie="session=1; Path=/",
                ),
                needs_cookie,
            )
            server.on("documents/s6", needs_cookie)
            collect.run(
                server,
                other,
                names=("127.0.0.1", "papers.example"),
                offsite=["papers.example"],
                entries=collect.entries(server),
            )
    assert {row["outcome"] for row in collect.documents()} == {"new"}
    assert any("Cookie" in one.headers for one in server.log)
    assert not any("Cookie" in one.headers for one in other.log)
    assert not any(
        "session" in path.read_text("utf-8") for path in [collect.out / "manifest.jsonl"]
    )
