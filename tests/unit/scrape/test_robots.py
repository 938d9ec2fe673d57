"""Behaviour 39: what a robots.txt lets us fetch, and that nothing else is asked for."""

from __future__ import annotations

import inspect
from datetime import date

import pytest
from responses.fake_clock import FakeClock
from responses.making_clients import make_client
from responses.misbehaving_http import MisbehavingServer, redirect, reply

from hwbtext.scrape import client as client_module
from hwbtext.scrape import hops, robots
from hwbtext.scrape.hops import Limits
from hwbtext.scrape.records import FetchError, Permission
from hwbtext.scrape.robots import Rules

FULL = "User-agent: *\nDisallow: /\n"
RSS = "User-agent: *\nDisallow: /mgRss.aspx\n"
SITE = "https://ashmere.example"
GAVE = Permission(who="Clerk of Ashmere", day=date(2026, 1, 5), reference="letter 12")


def allows(text: str | bytes, path: str) -> bool:
    return Rules(text if isinstance(text, bytes) else text.encode()).allows(f"{SITE}{path}")


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        (FULL, "/ieDocHome.aspx", False),
        ("", "/a", True),
        ("User-agent: *\nDisallow:\n", "/a", True),
        ("User-agent: *\nDisallow: /mgRss.aspx\n", "/mgRss.aspx?XXR=0", False),
        ("User-agent: *\nDisallow: /mgRss.aspx\n", "/MGRSS.ASPX", False),
        ("User-agent: *\nDisallow: /MGRSS.aspx\n", "/mgRss.aspx", False),
        ("User-agent: *\nDisallow: /mgRss.aspx\n", "/ieDocHome.aspx", True),
        # What an IIS server takes for the same path is the same path.
        (RSS, "//mgRss.aspx", False),
        (RSS, "/a/../mgRss.aspx", False),
        (RSS, "/a%2f%2e%2e%2fmgRss.aspx", False),
        (RSS, "/a\\..\\mgRss.aspx", False),
        (RSS, "/(S(abc123))/mgRss.aspx", False),
        (RSS, "/(S(abc)F(x))/mgRss.aspx?bcr=1", False),
        (RSS, "/%6DgRss.aspx", False),
        (RSS, "/mgRss.aspx#x", False),
        (RSS, "/(S(abc123))/ieDocHome.aspx", True),
        (RSS, "/", True),
        ("User-agent: *\nDisallow: /documents/\nAllow: /documents/g\n", "/documents/g1/a", True),
        ("User-agent: *\nDisallow: /documents/\nAllow: /documents/g\n", "/documents/s1/a", False),
        ("User-agent: *\nAllow: /a\nDisallow: /a\n", "/a", True),  # RFC 9309: the least restrictive
        ("User-agent: *\nDisallow: /*?T=1$\n", "/documents/g1/a.pdf?T=1", False),
        ("User-agent: *\nDisallow: /*?T=1$\n", "/documents/g1/a.pdf?T=10", True),
        ("User-agent: *\nDisallow: /A%20B\n", "/a b", False),
        (f"{FULL}\nUser-agent: hwbtext\nDisallow: /mgRss.aspx\n", "/ieDocHome.aspx", True),
        (f"{FULL}\nUser-agent: HWBtext\nDisallow:\n", "/ieDocHome.aspx", True),
        ("User-agent: *\nAllow: /\n\nUser-agent: hwbtext\nDisallow: /\n", "/a", False),
        ("User-agent: a\nUser-agent: hwbtext\nDisallow: /\n", "/a", False),
        ("User-agent: GPTBot\nDisallow: /\n", "/a", True),
        # The beginning of our token is another robot's token, and so is a longer one.
        ("User-agent: hwb\nAllow: /\n\nUser-agent: *\nDisallow: /\n", "/a", False),
        ("User-agent: hwbtext-news\nAllow: /\n\nUser-agent: *\nDisallow: /\n", "/a", False),
        (FULL.replace("\n", "\r\n"), "/a", False),
        (FULL.replace("\n", "\r"), "/a", False),
        (b"\xef\xbb\xbf" + FULL.encode(), "/a", False),
        (FULL.encode("utf-16"), "/a", False),
        (FULL.encode("latin-1") + b"# caf\xe9\n", "/a", False),
        ("<!DOCTYPE html><html>User-agent: *\nDisallow: /\n</html>", "/a", True),
    ],
)
def test_39_rules(text, path, expected):
    assert allows(text, path) is expected


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 5\n", 5.0),
        ("User-agent: *\nCrawl-delay: 5\n\nUser-agent: hwbtext\nDisallow: /x\n", 5.0),
        ("User-agent: *\nCrawl-delay: 1\n\nUser-agent: hwbtext\nCrawl-delay: 7\n", 7.0),
        ("User-agent: *\nRequest-rate: 1/10\n", 10.0),
        ("User-agent: *\nCrawl-delay: soon\n", None),
        ("User-agent: other\nCrawl-delay: 50\n", None),
    ],
)
def test_39_delays(text, delay):
    assert Rules(text.encode()).delay == delay


def test_39_zero_requests_to_what_is_refused():
    rules = reply("User-agent: *\nDisallow: /mgRss.aspx\n")
    script = {"/robots.txt": rules, "/mgRss.aspx": reply("x"), "/a": reply("x")}
    script["/to"] = redirect("/mgrss.aspx")
    with MisbehavingServer(script) as server:
        client = make_client(server)
        for path in ("/mgRss.aspx?XXR=0", "/MGRSS.aspx", "/to"):
            with pytest.raises(FetchError) as caught:
                client.page(server.url(path))
            assert (caught.value.outcome, caught.value.host_stopped) == ("refused_robots", False)
        assert client.page(server.url("/a")).body == b"x"
        assert not client.decide(server.url("/mgRss.aspx")).allowed
    assert server.paths() == ["/to", "/a"]
    assert [asked.path for asked in server.log].count("/robots.txt") == 1


def test_39_the_robots_of_every_host_on_the_way_are_asked():
    with (
        MisbehavingServer({"/robots.txt": reply(FULL), "/b": reply("x")}) as other,
        MisbehavingServer({"/a": redirect(other.url("/b"))}) as server,
        pytest.raises(FetchError) as caught,
    ):
        make_client(server, other).page(server.url("/a"))
    assert caught.value.outcome == "refused_robots"
    assert caught.value.url == other.url("/b")
    assert other.paths() == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_39_no_robots_txt_is_no_rule(status):
    with MisbehavingServer({"/robots.txt": reply("x", status), "/a": reply("x")}) as server:
        client = make_client(server)
        assert client.page(server.url("/a")).body == b"x"
        assert client.decide(server.url("/a")).word == f"allowed: no robots.txt ({status})"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_39_a_robots_txt_that_fails_lets_nothing_be_fetched_for_now(status):
    script = {"/robots.txt": reply("x", status), "/a": reply("x"), "/b": reply("x")}
    time = FakeClock()
    with MisbehavingServer(script) as server:
        client = make_client(server, time=time)
        for path in ("/a", "/b"):
            with pytest.raises(FetchError) as caught:
                client.page(server.url(path))
            assert (caught.value.outcome, caught.value.host_stopped) == ("refused_robots", True)
    assert server.paths() == []
    assert len(server.log) == 4, "tried as often as any page, and once for the whole host"
    assert time.slept == [5.0, 10.0, 20.0]


def test_39_a_robots_txt_that_recovers_is_obeyed():
    script = {"/robots.txt": [reply("x", 503), reply(FULL)], "/a": reply("x")}
    with MisbehavingServer(script) as server, pytest.raises(FetchError) as caught:
        make_client(server).page(server.url("/a"))
    assert (caught.value.outcome, caught.value.host_stopped) == ("refused_robots", False)
    assert server.paths() == []


def test_39_silence_lets_nothing_be_fetched():
    limits = Limits(connect=1, read=0.05, attempts=2)
    with MisbehavingServer({"/a": reply("x")}) as server:
        server.script["/robots.txt"] = lambda *_: server.hold()
        with pytest.raises(FetchError) as caught:
            make_client(server, limits=limits).page(server.url("/a"))
    assert (caught.value.outcome, caught.value.host_stopped) == ("timed_out", True)
    assert server.paths() == []
    assert len(server.log) == 2


def test_39_a_page_in_place_of_the_rules_is_no_rule_and_is_told():
    with MisbehavingServer({"/robots.txt": reply("<html>Home</html>")}) as server:
        decision = make_client(server).decide(server.url("/a"))
    assert decision.allowed
    assert decision.word == "allowed: robots.txt is a page of HTML"


def test_39_of_a_long_file_the_first_part_counts():
    filler = b"# filler\n" * 60_000  # 540,000 bytes
    for body, allowed in ((FULL.encode() + filler, False), (filler + FULL.encode(), True)):
        with MisbehavingServer({"/robots.txt": reply(body), "/a": reply("x")}) as server:
            assert make_client(server).decide(server.url("/a")).allowed is allowed


def test_39_half_a_line_is_no_rule():
    start = b"User-agent: *\nDisallow: /x\n"
    filler = b"#" * (robots.MAX_BYTES - len(start) - 12) + b"\n"
    body = start + filler + b"Disallow: /documents/private\n"  # cut after "Disallow: /"
    with MisbehavingServer({"/robots.txt": reply(body)}) as server:
        client = make_client(server)
        assert client.decide(server.url("/a")).allowed
        assert not client.decide(server.url("/x")).allowed


def test_39_redirects_of_a_robots_txt_are_followed_five_times_and_off_the_host():
    with MisbehavingServer({"/r": reply(FULL)}) as other:
        script = {"/robots.txt": redirect("/1")}
        script |= {f"/{n}": redirect(f"/{n + 1}") for n in range(1, 4)}
        script["/4"] = redirect(other.url("/r"))
        with MisbehavingServer(script) as server:
            assert not make_client(server, other).decide(server.url("/a")).allowed
            assert server.paths() == ["/1", "/2", "/3", "/4"]


def test_39_redirects_without_end_are_no_rule():
    with MisbehavingServer({"/robots.txt": redirect("/robots.txt")}) as server:
        assert make_client(server).decide(server.url("/a")).allowed
    assert len(server.log) == 6


@pytest.mark.parametrize(
    ("to", "outcome"),
    [("http://10.0.0.1/robots.txt", "failed_address"), ("file:///x", "refused_robots")],
)
def test_39_the_way_to_the_rules_is_checked_like_any(to, outcome):
    with MisbehavingServer({"/robots.txt": redirect(to), "/a": reply("x")}) as server:
        client = make_client(server)
        with pytest.raises(FetchError) as caught:
            client.page(server.url("/a"))
    assert caught.value.outcome == outcome
    assert server.paths() == []


def test_39_a_crawl_delay_is_kept_from_start_to_start():
    time = FakeClock()
    rules = reply("User-agent: *\nCrawl-delay: 5\n")
    with MisbehavingServer({"/robots.txt": rules, "/a": reply("x"), "/b": reply("x")}) as server:
        client = make_client(server, time=time, delay=2.0)
        client.page(server.url("/a"))
        time.advance(1.5)
        client.page(server.url("/b"))
    assert time.slept == [5.0, 3.5]


def test_39_a_delay_beyond_all_measure_leaves_the_host_alone():
    rules = reply("User-agent: *\nCrawl-delay: 61\n")
    with MisbehavingServer({"/robots.txt": rules, "/a": reply("x")}) as server:
        client = make_client(server)
        with pytest.raises(FetchError, match="61 seconds") as caught:
            client.page(server.url("/a"))
        assert (caught.value.outcome, caught.value.host_stopped) == ("deferred", True)
        assert client.stopped(server.url()) is not None
    assert server.paths() == []


def test_the_rules_are_read_again_after_a_day():
    time = FakeClock()
    with MisbehavingServer({"/robots.txt": [reply(""), reply(FULL)]}) as server:
        client = make_client(server, time=time)
        assert client.decide(server.url("/a")).allowed
        time.advance(23 * 3600)
        assert client.decide(server.url("/a")).allowed
        time.advance(2 * 3600)
        assert not client.decide(server.url("/a")).allowed


def test_a_leave_lifts_the_rules_of_its_own_site_and_is_recorded(tmp_path):
    script = {"/robots.txt": reply(FULL), "/a": reply(b"%PDF-1.7 %%EOF")}
    with MisbehavingServer(script) as server, MisbehavingServer(dict(script)) as other:
        client = make_client(server, other, permissions={server.host: GAVE})
        got = client.download(server.url("/a"), tmp_path, max_bytes=1_000)
        assert got.robots == "permission: Clerk of Ashmere, 2026-01-05, letter 12"
        with pytest.raises(FetchError) as caught:
            client.download(other.url("/a"), tmp_path, max_bytes=1_000)
    assert caught.value.outcome == "refused_robots"
    assert other.paths() == []


def test_a_leave_that_is_not_needed_is_not_recorded():
    with MisbehavingServer({"/robots.txt": reply("")}) as server:
        client = make_client(server, permissions={server.host: GAVE})
        assert client.decide(server.url("/a")).word == "allowed"


def test_a_leave_does_not_open_a_host_that_asks_for_silence():
    rules = reply(f"{FULL}Crawl-delay: 3600\n")
    with MisbehavingServer({"/robots.txt": rules, "/a": reply("x")}) as server:
        client = make_client(server, permissions={server.host: GAVE})
        with pytest.raises(FetchError):
            client.page(server.url("/a"))
    assert server.paths() == []


def test_there_is_no_switch():
    for thing in (client_module.Client, Limits, hops.Hops, robots.Robots):
        names = inspect.signature(thing).parameters
        assert not [name for name in names if "robots" in name or "verify" in name]
