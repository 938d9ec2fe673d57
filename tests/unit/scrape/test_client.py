"""Answers, redirects and types: what a client takes, and what it will not take for a paper."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from responses.fake_clock import START, FakeClock
from responses.making_clients import CONTACT, make_client
from responses.misbehaving_http import MisbehavingServer, redirect, reply

from hwbtext import __version__
from hwbtext.errors import InputError
from hwbtext.scrape.client import Client
from hwbtext.scrape.hops import Limits
from hwbtext.scrape.records import FetchError

PDF = b"%PDF-1.7\nan invented paper of Ashmere\n%%EOF\n"
DOCX = (
    b"PK\x03\x04" + b"\0" * 26 + b"[Content_Types].xml" + b"PK\x03\x04" + b"\0" * 26 + b"word/a.xml"
)
MAX = 1_000_000


def fetch_error(client: Client, url: str, into: Path, max_bytes: int = MAX) -> FetchError:
    with pytest.raises(FetchError) as caught:
        client.download(url, into, max_bytes=max_bytes)
    assert not list(into.iterdir()), "a failed download leaves no file"
    return caught.value


def page_error(client: Client, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        client.page(url)
    return caught.value


def test_a_page_comes_whole_with_its_type_and_address():
    with MisbehavingServer({"/a": redirect("/b?x=1"), "/b": reply("<p>Ashmere</p>")}) as server:
        page = make_client(server).page(server.url("/a"))
    assert page.body == b"<p>Ashmere</p>"
    assert (page.status, page.media_type) == (200, "text/html")
    assert (page.url, page.url_final) == (server.url("/a"), server.url("/b?x=1"))


def test_every_request_says_who_asks_and_claims_to_be_no_browser():
    with MisbehavingServer({"/a": reply("x")}) as server:
        make_client(server).page(server.url("/a"))
    assert [asked.path for asked in server.log] == ["/robots.txt", "/a"]
    for asked in server.log:
        assert asked.method == "GET"
        assert asked.headers["user-agent"] == f"hwbtext/{__version__} ({CONTACT})"
        assert asked.headers["host"] == server.host
        assert asked.headers["accept-encoding"] == "gzip, deflate"


@pytest.mark.parametrize("contact", ["", "me", "a@b", "data@ashmere.example\r\nX: y", "a b@c.de"])
def test_a_client_without_a_contact_is_none(contact):
    with pytest.raises(InputError, match="who asks"):
        Client(contact=contact)


def test_a_home_page_stands_before_the_contact():
    client = Client(contact=CONTACT, home="https://thornholme.example/about")
    assert client.user_agent.endswith(f"(+https://thornholme.example/about; {CONTACT})")


@pytest.mark.parametrize(
    "entry", ["127.0.0.1", "*:80", "ashmere.example", "ASHMERE.example:80", ""]
)
def test_hosts_with_private_addresses_are_named_exactly(entry):
    with pytest.raises(InputError, match="host:port"):
        Client(contact=CONTACT, allowed=[entry])


def test_a_download_is_hashed_and_described(tmp_path):
    headers = (("ETag", '"a1"'), ("Last-Modified", "Mon, 05 Jan 2099 09:00:00 GMT"))
    script = {
        "/old": redirect("/documents/s1/A.pdf"),
        "/documents/s1/A.pdf": reply(PDF, 200, *headers, content_type="application/pdf"),
    }
    with MisbehavingServer(script) as server:
        got = make_client(server).download(server.url("/old"), tmp_path, max_bytes=MAX)
    assert got.path is not None
    assert got.path.read_bytes() == PDF
    (tmp_path / "other").touch()
    assert got.path.stat().st_mode == (tmp_path / "other").stat().st_mode, "not for one user alone"
    assert (got.n_bytes, got.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
    assert got.redirect_chain == (server.url("/old"),)
    assert got.url_final == server.url("/documents/s1/A.pdf")
    assert (got.content_type, got.sniffed_type) == ("application/pdf", "application/pdf")
    assert (got.etag, got.last_modified) == ('"a1"', "Mon, 05 Jan 2099 09:00:00 GMT")
    assert (got.robots, got.warnings) == ("allowed: no robots.txt (404)", ())


def test_58_the_time_is_our_own_whatever_the_server_says(tmp_path):
    time = FakeClock()
    answer = reply(PDF, 200, ("Date", "Thu, 01 Jan 1970 00:00:00 GMT"))
    with MisbehavingServer({"/a.pdf": answer}) as server:
        got = make_client(server, time=time).download(server.url("/a.pdf"), tmp_path, max_bytes=MAX)
    assert got.retrieved_at == START


def test_10_a_server_may_say_that_nothing_changed(tmp_path):
    with MisbehavingServer({"/a.pdf": reply(b"", 304, ("ETag", '"a1"'))}) as server:
        client = make_client(server)
        got = client.download(
            server.url("/a.pdf"), tmp_path, max_bytes=MAX, etag='"a1"', last_modified="Mon"
        )
        assert got.not_modified
        assert (got.path, got.sha256, got.n_bytes) == (None, None, 0)
        assert server.log[-1].headers["if-none-match"] == '"a1"'
        assert server.log[-1].headers["if-modified-since"] == "Mon"
        # Nobody asked whether it changed, so this is no answer.
        assert fetch_error(client, server.url("/a.pdf"), tmp_path).outcome == "failed_http"


def test_what_validates_for_one_host_is_not_told_to_another(tmp_path):
    with (
        MisbehavingServer({"/a.pdf": reply(PDF)}) as other,
        MisbehavingServer({"/a.pdf": redirect(other.url("/a.pdf"))}) as server,
    ):
        client = make_client(server, other)
        client.download(server.url("/a.pdf"), tmp_path, max_bytes=MAX, etag='"a1"')
    assert "if-none-match" in server.log[-1].headers
    assert "if-none-match" not in other.log[-1].headers


@pytest.mark.parametrize(
    ("name", "answer", "reason"),
    [
        ("/a.pdf", reply("<html><form><input type='password'></form></html>"), "login"),  # 17
        ("/a.pdf", reply("<html>Sorry</html>", content_type="application/pdf"), "web page"),  # 18
        ("/mgConvert2PDF.aspx", reply("Error 42", content_type="text/plain"), "says PDF"),
        ("/a", reply(b"\0\1\2", content_type="application/pdf"), "says PDF"),
        ("/a.htm", reply("<html><input type=password></html>"), "login"),
    ],
)
def test_17_18_what_is_no_paper_is_not_saved_as_one(name, answer, reason, tmp_path):
    with MisbehavingServer({name: answer}) as server:
        error = fetch_error(make_client(server), server.url(name), tmp_path)
    assert error.outcome == "failed_type"
    assert reason in str(error)
    assert server.paths() == [name], "the same would come again"


@pytest.mark.parametrize("said", ["application/octet-stream", "text/html", "application/x-odd"])
def test_19_a_paper_is_told_by_its_content(said, tmp_path):
    with MisbehavingServer({"/x": reply(PDF, content_type=said)}) as server:
        got = make_client(server).download(server.url("/x"), tmp_path, max_bytes=MAX)
    assert (got.content_type, got.sniffed_type) == (said, "application/pdf")


def test_20_a_word_file_under_the_name_of_a_pdf_is_a_paper(tmp_path):
    with MisbehavingServer({"/a.pdf": reply(DOCX, content_type="application/pdf")}) as server:
        got = make_client(server).download(server.url("/a.pdf"), tmp_path, max_bytes=MAX)
    assert got.sniffed_type is not None
    assert got.sniffed_type.endswith("wordprocessingml.document")


def test_a_page_whose_address_says_so_is_a_paper(tmp_path):
    with MisbehavingServer({"/documents/s1/Minutes.htm": reply("<html>Minutes</html>")}) as server:
        url = server.url("/documents/s1/Minutes.htm")
        got = make_client(server).download(url, tmp_path, max_bytes=MAX)
    assert got.sniffed_type == "text/html"


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        (b"%PDF-1.7 without its end", "no end of file mark"),
        (b"junk\n" + PDF, "leading bytes before %PDF-"),
        (PDF + b"/Encrypt 4 0 R %%EOF", "says that it is encrypted"),
    ],
)
def test_22_59_odd_papers_are_saved_and_told(body, warning, tmp_path):
    with MisbehavingServer({"/a.pdf": reply(body)}) as server:
        got = make_client(server).download(server.url("/a.pdf"), tmp_path, max_bytes=MAX)
    assert got.warnings == (warning,)


def test_59_an_empty_file_is_none(tmp_path):
    with MisbehavingServer({"/a.pdf": reply(b"")}) as server:
        assert fetch_error(make_client(server), server.url("/a.pdf"), tmp_path).outcome == (
            "failed_empty"
        )


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_is_asked_for_once(status, tmp_path):
    with MisbehavingServer({"/a": reply("gone", status)}) as server:
        client = make_client(server)
        error = fetch_error(client, server.url("/a"), tmp_path)
        assert page_error(client, server.url("/a")).outcome == "not_found"
    assert (error.outcome, error.http_status, error.host_stopped) == ("not_found", status, False)
    assert server.paths() == ["/a", "/a"]


@pytest.mark.parametrize("status", [204, 206, 300, 400, 403, 409, 501])
def test_other_answers_are_told_with_their_status_and_not_repeated(status):
    with MisbehavingServer({"/a": reply("odd", status, length=-1)}) as server:
        error = page_error(make_client(server), server.url("/a"))
    assert (error.outcome, error.http_status) == ("failed_http", status)
    assert server.paths() == ["/a"]


def test_47_a_web_service_that_knows_no_such_request_is_asked_once():
    body = "System.InvalidOperationException: Missing parameter: lCommitteeId."
    with MisbehavingServer({"/mgWebService.asmx/GetMeetings": reply(body, 500)}) as server:
        client = make_client(server, limits=Limits(failures=1))
        error = page_error(client, server.url("/mgWebService.asmx/GetMeetings"))
        assert client.stopped(server.url()) is None
    assert (error.outcome, error.http_status) == ("failed_http", 500)
    assert len(server.paths()) == 1


# Redirects.


@pytest.mark.parametrize(
    ("script", "n_asked"),
    [
        ({"/a": redirect("/b"), "/b": redirect("/a")}, 11),
        ({f"/{n}": redirect(f"/{n + 1}") for n in range(30)} | {"/a": redirect("/0")}, 11),
        ({"/a": reply(b"", 302)}, 1),
        ({"/a": redirect("")}, 1),
        ({"/a": redirect("http://[::1/x")}, 1),
        ({"/a": redirect("http://")}, 11),
        ({"/a": redirect("http://user:secret@127.0.0.1/")}, 1),
        ({"/a": redirect("http://127.0.0.1:99999/")}, 1),
        ({"/a": redirect("file:///etc/passwd")}, 1),
        ({"/a": redirect("ftp://127.0.0.1/x")}, 1),
        ({"/a": redirect("data:text/html,x")}, 1),
        ({"/a": redirect("javascript:alert(1)")}, 1),
        ({"/a": redirect("gopher://127.0.0.1/x")}, 1),
    ],
)
def test_32_33_redirects_that_lead_nowhere(script, n_asked, tmp_path):
    with MisbehavingServer(script) as server:
        error = fetch_error(make_client(server), server.url("/a"), tmp_path)
    assert error.outcome == "failed_redirect"
    assert len(server.paths()) == n_asked


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://h/x", "x.pdf", "http://", "http://a@h/"]
)
def test_33_nothing_but_http_is_asked_for_at_all(url, tmp_path):
    assert fetch_error(make_client(), url, tmp_path).outcome == "failed_address"


def test_a_redirect_to_itself_with_a_cookie_is_no_loop():
    script = {"/a": [redirect("/a", 302, ("Set-Cookie", "seen=1")), reply("in")]}
    with MisbehavingServer(script) as server:
        assert make_client(server).page(server.url("/a")).body == b"in"
    assert server.log[-1].headers["cookie"] == "seen=1"


def test_a_location_with_spaces_and_accents_is_encoded_once():
    location = "/documents/s1/Caf\u00e9 & B.pdf?x=%20y"
    with MisbehavingServer({"/a": redirect(location)}) as server:
        page_error(make_client(server), server.url("/a"))
    assert server.log[-1].target == "/documents/s1/Caf%C3%A9%20&%20B.pdf?x=%20y"


def test_36_the_error_page_is_no_content_and_is_not_asked_for():
    script = {"/a": redirect("/modernGov/mgError.aspx?x=1"), "/modernGov/mgError.aspx": reply("Oh")}
    with MisbehavingServer(script) as server:
        error = page_error(make_client(server), server.url("/a"))
    assert error.outcome == "not_found"
    assert server.paths() == ["/a"]


def test_38_a_challenge_ends_the_talk_with_this_host(tmp_path):
    stub = reply("<html><title>Just a moment...</title><body>cf-chl</body></html>", 403)
    with (
        MisbehavingServer({"/a": reply("x")}) as other,
        MisbehavingServer({"/a": stub, "/b": reply("x")}) as server,
    ):
        client = make_client(server, other)
        error = fetch_error(client, server.url("/a"), tmp_path)
        assert (error.outcome, error.host_stopped) == ("blocked_waf", True)
        assert "Cloudflare" in str(error)
        assert "by hand" in str(error)
        assert page_error(client, server.url("/b")).outcome == "blocked_waf"
        assert client.stopped(server.url()) is not None
        assert client.stopped(other.url()) is None
        assert client.page(other.url("/a")).body == b"x"
    assert server.paths() == ["/a"], "no second try, under this or another name"
    assert len({asked.headers["user-agent"] for asked in server.log}) == 1


def test_37_a_stub_with_status_200_is_a_block(tmp_path):
    stub = reply('<html><head><META NAME="ROBOTS" CONTENT="NOINDEX"></head><iframe src="/_Inc'
                 'apsula_Resource?CWUDNSAI=9" frameborder=0></iframe></html>')  # fmt: skip
    for path in ("/mgWebService.asmx/GetCommittees", "/robots.txt", "/a.pdf"):
        with MisbehavingServer({path: stub}) as server:
            client = make_client(server)
            if path == "/a.pdf":
                error = fetch_error(client, server.url(path), tmp_path)
            else:
                error = page_error(client, server.url("/mgWebService.asmx/GetCommittees"))
            assert (error.outcome, error.host_stopped) == ("blocked_waf", True)
            assert page_error(client, server.url("/c")).outcome == "blocked_waf"
        assert len(server.paths()) == (path != "/robots.txt")


def test_40_a_name_in_a_header_decides_nothing(tmp_path):
    header = ("Content-Disposition", "attachment; filename=\"../x.pdf\"; filename*=UTF-8''..%2fy")
    with MisbehavingServer({"/a": reply(PDF, 200, header)}) as server:
        got = make_client(server).download(server.url("/a"), tmp_path, max_bytes=MAX)
    assert got.path is not None
    assert got.path.parent == tmp_path


# Cookies.


def test_44_a_session_is_kept_for_its_host_and_told_to_no_other():
    def session(asked, connection):
        known = asked.headers.get("cookie") == "ASP.NET_SessionId=a1"
        connection.sendall(reply("in") if known else reply("out", 400))

    cookie = ("Set-Cookie", "ASP.NET_SessionId=a1; Domain=.example; path=/; HttpOnly")
    with MisbehavingServer({"/1": reply("x", 200, cookie), "/2": session}) as server:
        client = make_client(server, names=("ashmere.example", "thornholme.example"))
        client.page(server.url("/1", host="ashmere.example"))
        assert client.page(server.url("/2", host="ashmere.example")).body == b"in"
        page_error(client, server.url("/2", host="thornholme.example"))
        assert "cookie" not in server.log[-1].headers
        again = make_client(server, names=("ashmere.example",))
        page_error(again, server.url("/2", host="ashmere.example"))
        assert "cookie" not in server.log[-1].headers, "nothing is kept from run to run"


def test_44_the_newest_cookie_counts():
    script = {f"/{n}": reply("x", 200, ("Set-Cookie", f"s={n}; path=/")) for n in range(3)}
    with MisbehavingServer(script) as server:
        client = make_client(server)
        for n in range(3):
            client.page(server.url(f"/{n}"))
    cookies = [asked.headers.get("cookie") for asked in server.log if asked.path != "/robots.txt"]
    assert cookies == [None, "s=0", "s=1"]
