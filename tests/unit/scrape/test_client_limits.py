"""Bodies that are too long, too short, too slow or packed to burst, and servers in trouble."""

from __future__ import annotations

import gzip
import io
import socket
import zlib
from pathlib import Path

import pytest
from responses.fake_clock import FakeClock
from responses.making_clients import make_client
from responses.misbehaving_http import Asked, MisbehavingServer, chunked, reply

from hwbtext.scrape.client import Client
from hwbtext.scrape.hops import Limits
from hwbtext.scrape.records import FetchError

PDF = b"%PDF-1.7\n" + b"an invented paper of Ashmere\n" * 50 + b"%%EOF\n"
MAX = 1_000_000
ONCE = Limits(connect=5, read=5, page_seconds=60, file_seconds=60, attempts=1)


def fetch_error(client: Client, url: str, into: Path, max_bytes: int = MAX) -> FetchError:
    with pytest.raises(FetchError) as caught:
        client.download(url, into, max_bytes=max_bytes)
    assert not list(into.iterdir()), "a failed download leaves no file"
    return caught.value


@pytest.mark.parametrize(
    "broken",
    [
        reply(PDF[:600], length=1_000),  # 21
        chunked(PDF[:600], end=False),  # 22
        reply(gzip.compress(PDF)[:-20], 200, ("Content-Encoding", "gzip")),
        reply(b"no gzip at all", 200, ("Content-Encoding", "gzip")),
    ],
)
def test_21_22_a_body_that_breaks_off_is_tried_again(broken, tmp_path):
    time = FakeClock()
    with MisbehavingServer({"/a.pdf": broken, "/b.pdf": [broken, reply(PDF)]}) as server:
        client = make_client(server, time=time)
        assert fetch_error(client, server.url("/a.pdf"), tmp_path).outcome == "failed_truncated"
        assert server.paths() == ["/a.pdf"] * 4
        assert time.slept == [5.0, 10.0, 20.0]
        got = client.download(server.url("/b.pdf"), tmp_path, max_bytes=MAX)
        assert got.n_bytes == len(PDF)
        assert client.stopped(server.url()) is None, "one bad file says nothing of the host"


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(PDF)),
        ("GZIP", gzip.compress(PDF[:300]) + gzip.compress(PDF[300:])),  # two members
        ("x-gzip", gzip.compress(PDF) + b"\0\0\0"),  # padding
        ("deflate", zlib.compress(PDF)),
        ("deflate", _raw_deflate(PDF)),
        ("identity", PDF),
    ],
)
def test_23_packed_bodies_are_unpacked_and_counted_on_the_wire(coding, packed, tmp_path):
    with MisbehavingServer({"/a": reply(packed, 200, ("Content-Encoding", coding))}) as server:
        client = make_client(server)
        got = client.download(server.url("/a"), tmp_path, max_bytes=MAX)
        assert got.path is not None
        assert got.path.read_bytes() == PDF
        assert client.page(server.url("/a")).body == PDF


@pytest.mark.parametrize("coding", ["br", "gzip, gzip", "zstd"])
def test_a_packing_that_nobody_asked_for_is_refused(coding, tmp_path):
    with MisbehavingServer({"/a": reply(b"x", 200, ("Content-Encoding", coding))}) as server:
        assert fetch_error(make_client(server), server.url("/a"), tmp_path).outcome == "failed_http"


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """Return 30 KB that unpack to 32 MB."""
    return gzip.compress(bytes(32 * 1024 * 1024), compresslevel=6)


@pytest.mark.parametrize("max_bytes", [100_000, 1 << 40])
def test_24_a_bomb_is_given_up_while_it_unpacks(max_bytes, bomb, tmp_path):
    with MisbehavingServer({"/a.pdf": reply(bomb, 200, ("Content-Encoding", "gzip"))}) as server:
        error = fetch_error(make_client(server), server.url("/a.pdf"), tmp_path, max_bytes)
    assert error.outcome == "skipped_too_large"
    assert server.paths() == ["/a.pdf"]


def test_24_what_a_document_holds_is_never_unpacked(bomb, tmp_path):
    with MisbehavingServer({"/a.pdf": reply(b"%PDF-1.7\n" + bomb + b"%%EOF")}) as server:
        got = make_client(server).download(server.url("/a.pdf"), tmp_path, max_bytes=MAX)
    assert got.n_bytes < MAX


def test_25_a_size_that_is_told_is_believed_and_nothing_is_read(tmp_path):
    with MisbehavingServer({"/a.pdf": reply(PDF, length=5_000_000_000)}) as server:
        error = fetch_error(make_client(server), server.url("/a.pdf"), tmp_path)
    assert error.outcome == "skipped_too_large"
    assert "5,000,000,000" in str(error)


def _endless(asked: Asked, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n%PDF-")
    for _ in range(1_000):
        connection.sendall(bytes(65_536))


def test_25_a_body_without_end_is_given_up_at_the_limit(tmp_path):
    with MisbehavingServer({"/a.pdf": _endless, "/page": _endless}) as server:
        limits = Limits(connect=5, read=5, page_bytes=200_000)
        client = make_client(server, limits=limits)
        assert fetch_error(client, server.url("/a.pdf"), tmp_path).outcome == "skipped_too_large"
        with pytest.raises(FetchError) as caught:
            client.page(server.url("/page"))
        assert caught.value.outcome == "skipped_too_large"


def test_25_a_file_of_just_the_limit_is_taken(tmp_path):
    with MisbehavingServer({"/a.pdf": reply(PDF)}) as server:
        client = make_client(server)
        assert client.download(server.url("/a.pdf"), tmp_path, max_bytes=len(PDF)).path
        for file in tmp_path.iterdir():
            file.unlink()
        error = fetch_error(client, server.url("/a.pdf"), tmp_path, len(PDF) - 1)
        assert error.outcome == "skipped_too_large"


@pytest.mark.parametrize("where", ["headers", "body"])
def test_26_a_drip_ends_with_the_deadline(where, tmp_path):
    time = FakeClock()
    start = b"HTTP/1.1 200 OK\r\n" if where == "headers" else b"HTTP/1.1 200 OK\r\n\r\n"

    def drip(asked: Asked, connection: socket.socket) -> None:
        connection.sendall(start)
        for _ in range(10_000):  # each byte after five seconds of the test's own time
            time.advance(5)
            connection.sendall(b"X")

    with MisbehavingServer({"/a.pdf": drip}) as server:
        client = make_client(server, time=time, limits=ONCE)
        error = fetch_error(client, server.url("/a.pdf"), tmp_path)
    assert error.outcome == "timed_out"


def test_27_a_silent_server_is_given_up_and_then_left_alone(tmp_path):
    time = FakeClock()
    limits = Limits(connect=5, read=0.05, attempts=2, failures=3)
    with MisbehavingServer({}) as server:
        server.script = dict.fromkeys(("/a", "/b", "/c", "/d"), lambda *_: server.hold())
        client = make_client(server, time=time, limits=limits)
        errors = [fetch_error(client, server.url(path), tmp_path) for path in server.script]
        assert [error.outcome for error in errors] == ["timed_out"] * 4
        assert [error.host_stopped for error in errors] == [False, False, True, True]
        assert server.paths() == ["/a", "/a", "/b", "/b", "/c", "/c"]
        stopped = client.stopped(server.url("/x"))
    assert stopped is not None
    assert stopped[0] == "timed_out"


def test_27_an_answer_between_failures_starts_the_count_anew(tmp_path):
    script = {"/bad": reply("busy", 503), "/good": reply("x"), "/none": reply("x", 404)}
    with MisbehavingServer(script) as server:
        limits = Limits(connect=5, read=5, attempts=1, failures=2)
        client = make_client(server, limits=limits)
        for path in ("/bad", "/good", "/bad", "/none", "/bad"):
            assert client.stopped(server.url()) is None
            if path == "/good":
                client.page(server.url(path))
            else:
                fetch_error(client, server.url(path), tmp_path)
        assert client.stopped(server.url()) is None
        fetch_error(client, server.url("/bad"), tmp_path)
        assert client.stopped(server.url()) is not None


def test_28_a_page_that_takes_forty_seconds_is_waited_for():
    time = FakeClock()
    assert Limits().read >= 60
    assert Limits().page_seconds >= 120

    def slow(asked: Asked, connection: socket.socket) -> None:
        time.advance(40)
        connection.sendall(reply("at last"))

    with MisbehavingServer({"/a": slow}) as server:
        client = make_client(server, time=time, limits=Limits())
        assert client.page(server.url("/a")).body == b"at last"
    assert server.paths() == ["/a"]


@pytest.mark.parametrize(
    ("value", "waited"),
    [
        ("3", [3.0]),
        ("Mon, 05 Jan 2026 09:00:30 GMT", [30.0]),
        ("soon", [5.0]),
        ("-1", [5.0]),
        ("Mon, 05 Jan 2015 09:00:30 GMT", [5.0]),  # past: the server's clock, or ours, is wrong
        ("300", [300.0]),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_29_a_wait_that_is_asked_for_is_kept(value, waited, status):
    time = FakeClock()
    busy = reply("busy", status, ("Retry-After", value))
    with MisbehavingServer({"/a": [busy, reply("x")]}) as server:
        assert make_client(server, time=time).page(server.url("/a")).body == b"x"
    assert time.slept == waited


@pytest.mark.parametrize("value", ["301", "86400", "9" * 400, "Tue, 06 Jan 2026 09:00:00 GMT"])
def test_29_a_wait_beyond_all_measure_is_left_for_another_run(value, tmp_path):
    time = FakeClock()
    busy = reply("busy", 429, ("Retry-After", value))
    with MisbehavingServer({"/a": busy}) as server:
        client = make_client(server, time=time)
        error = fetch_error(client, server.url("/a"), tmp_path)
        assert (error.outcome, error.host_stopped) == ("deferred", True)
        assert fetch_error(client, server.url("/b"), tmp_path).outcome == "deferred"
    assert server.paths() == ["/a"]
    assert time.slept == []


def test_30_a_server_that_fails_once_costs_a_wait(tmp_path):
    time = FakeClock()
    with MisbehavingServer({"/7": [reply("busy", 503), reply(PDF)]}) as server:
        server.script |= {f"/{n}": reply(PDF) for n in range(20) if n != 7}
        client = make_client(server, time=time)
        for n in range(20):
            client.download(server.url(f"/{n}"), tmp_path, max_bytes=MAX)
    assert time.slept == [5.0]
    assert len(server.paths()) == 21


def test_30_a_server_that_keeps_failing_is_given_up(tmp_path):
    script = {f"/{n}": reply("busy", 503) for n in range(20)}
    with MisbehavingServer(script) as server:
        client = make_client(server)
        errors = [fetch_error(client, server.url(f"/{n}"), tmp_path) for n in range(20)]
    assert len(server.paths()) == 3 * 4
    assert {error.outcome for error in errors} == {"failed_http"}
    assert [error.host_stopped for error in errors].index(True) == 2


def test_a_host_that_refuses_one_paper_after_the_other_is_given_up_in_the_end(tmp_path):
    script = {f"/{n}": reply("no", 403) for n in range(20)}
    with MisbehavingServer(script) as server:
        client = make_client(server)
        for n in range(20):
            fetch_error(client, server.url(f"/{n}"), tmp_path)
    assert len(server.paths()) == 12


def test_a_reset_and_a_closed_port_are_failed_connections(tmp_path):
    with MisbehavingServer({"/a": lambda asked, connection: connection.close()}) as server:
        client = make_client(server, limits=ONCE)
        assert fetch_error(client, server.url("/a"), tmp_path).outcome == "failed_connection"
        url = server.url("/a")
    with MisbehavingServer({}) as other:
        client = make_client(other, server, limits=ONCE)
        assert fetch_error(client, url, tmp_path).outcome == "failed_connection"


@pytest.mark.parametrize(
    "odd", [b"", b"\x16\x03\x01", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nA: " + b"x" * 200_000]
)
def test_what_is_no_http_is_a_failed_connection(odd, tmp_path):
    with MisbehavingServer({"/a": odd}) as server:
        error = fetch_error(make_client(server, limits=ONCE), server.url("/a"), tmp_path)
    assert error.outcome == "failed_connection"


def test_bytes_beyond_the_length_are_of_no_answer():
    sly = reply("first", 200, length=5) + reply("second")
    with MisbehavingServer({"/a": sly, "/b": reply("third")}) as server:
        client = make_client(server)
        assert client.page(server.url("/a")).body == b"first"
        assert client.page(server.url("/b")).body == b"third"


def test_57_a_folder_that_cannot_be_written_is_told(tmp_path):
    with MisbehavingServer({"/a": reply(PDF)}) as server, pytest.raises(FetchError) as caught:
        make_client(server).download(server.url("/a"), tmp_path / "gone", max_bytes=MAX)
    assert caught.value.outcome == "failed_disk"


def test_57_a_full_disk_is_told(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    class Full(io.FileIO):
        write = full

    monkeypatch.setattr(Path, "open", lambda path, mode: io.BufferedWriter(Full(path, mode)))
    with MisbehavingServer({"/a": reply(PDF)}) as server:
        error = fetch_error(make_client(server), server.url("/a"), tmp_path)
    assert error.outcome == "failed_disk"
    assert "No space left" in str(error)
