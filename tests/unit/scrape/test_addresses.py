"""Which addresses are connected to, and that it is the checked ones."""

from __future__ import annotations

import socket
from collections.abc import Sequence

import pytest
from responses.fake_clock import FakeClock
from responses.making_clients import CONTACT
from responses.misbehaving_http import MisbehavingServer, redirect, reply

from hwbtext.scrape.addresses import refusal, system_resolve
from hwbtext.scrape.client import Client
from hwbtext.scrape.hops import Limits
from hwbtext.scrape.pace import Pacer
from hwbtext.scrape.records import FetchError

REFUSED = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254
    169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.1.1
    198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1
    255.255.255.255
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe ::ffff:0:127.0.0.1
    64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b:1::1 64:ff9b:1::8.8.8.8 2002:7f00:1:: 2002:a00:1::1
    2002:c0a8:101::1 100::1 2001::1 2001:db8::1 3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1
    fe80::1%eth0 fec0::1 ff02::1 4000::1 8000::1
    localhost 127.1 2130706433 0x7f.1 0177.0.0.1 ashmere.example 1.2.3.4.5
""".split()
TAKEN = """
    8.8.8.8 1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0
    192.167.255.255 198.17.255.255 198.20.0.0 223.255.255.255 2606:4700::1111 2001:4860:4860::8888
    ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1
""".split()
PUBLIC = "203.0.114.7"


@pytest.mark.parametrize("address", REFUSED)
def test_34_addresses_of_no_public_host_are_refused(address):
    assert refusal(address) is not None


@pytest.mark.parametrize("address", TAKEN)
def test_public_addresses_are_taken(address):
    assert refusal(address) is None


def make(resolve, *allowed: str) -> Client:
    clock = FakeClock().clock()
    return Client(
        contact=CONTACT,
        clock=clock,
        pacer=Pacer(delay=0, clock=clock),
        limits=Limits(connect=1, read=5, attempts=1),
        allowed=allowed,
        resolve=resolve,
    )


def outcome(client: Client, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        client.page(url)
    return caught.value.outcome


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Return where sockets are opened to; none that is not of this machine is."""
    found: list[tuple[str, int]] = []
    connect = socket.create_connection

    def note(address: tuple[str, int], *rest: object, **more: object) -> socket.socket:
        found.append(address)
        if address[0] not in ("127.0.0.1", "::1"):
            raise ConnectionRefusedError(111, "refused by the test")
        return connect(address, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "create_connection", note)
    return found


def _resolve_numbers(host: str, port: int) -> Sequence[str]:
    """Read numbers as the C library does: "127.1", "2130706433", "0x7f.1"."""
    try:
        return [socket.inet_ntoa(socket.inet_aton(host))]
    except OSError:
        return [host]


@pytest.mark.parametrize(
    "host",
    "127.0.0.1 10.0.0.1 169.254.169.254 [::1] [::ffff:127.0.0.1] 2130706433 0x7f000001 127.1 "
    "0.0.0.0 [fe80::1] [64:ff9b::7f00:1]".split(),
)
@pytest.mark.parametrize("resolve", [system_resolve, _resolve_numbers])
def test_34_hosts_written_as_numbers_are_checked_by_what_they_mean(host, resolve, connections):
    for port in ("", ":8080"):
        assert outcome(make(resolve), f"http://{host}{port}/x") in (
            "failed_address",
            "failed_connection",  # a C library that reads no such number
        )
    assert connections == []


def test_34_a_name_with_one_private_address_is_not_asked_at_all(connections):
    client = make(lambda host, port: [PUBLIC, "10.0.0.7"])
    assert outcome(client, "http://ashmere.example/") == "failed_address"
    assert connections == []


def test_34_every_hop_is_checked(connections):
    targets = ["http://10.0.0.1/x", "http://[::ffff:7f00:1]/x", "http://inside.example/x"]
    with MisbehavingServer({f"/{n}": redirect(url) for n, url in enumerate(targets)}) as server:
        client = make(lambda host, port: [host.replace("inside.example", "127.0.0.1")], server.host)
        for n in range(len(targets)):
            assert outcome(client, server.url(f"/{n}")) == "failed_address"
    assert {address for address in connections if address[1] != server.port} == set()


def test_34_what_is_allowed_is_one_port_of_one_name(connections):
    with MisbehavingServer({"/a": reply("x")}) as server, MisbehavingServer({}) as other:
        client = make(lambda host, port: ["127.0.0.1"], server.host)
        assert client.page(server.url("/a")).body == b"x"
        assert outcome(client, other.url("/a")) == "failed_address"
        assert outcome(client, server.url("/a", host="ashmere.example")) == "failed_address"
    assert other.log == []


def test_34_an_answer_that_changes_after_the_check_changes_nothing(connections):
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    client = make(lambda host, port: next(answers))
    # The first answer passes and is what is connected to; the name is not asked a second time.
    assert outcome(client, "http://ashmere.example/") == "failed_connection"
    assert connections == [(PUBLIC, 80)]
    # The next request resolves anew and is checked anew.
    assert outcome(make(lambda host, port: ["127.0.0.1"]), "http://ashmere.example/") == (
        "failed_address"
    )
    assert connections == [(PUBLIC, 80)]


def test_34_the_other_end_is_checked_as_well(monkeypatch):
    with MisbehavingServer({}) as server:
        connect = socket.create_connection

        def elsewhere(address: object, *rest: object, **more: object) -> socket.socket:
            return connect(("127.0.0.1", server.port), *rest, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(socket, "create_connection", elsewhere)
        client = make(lambda host, port: [PUBLIC])
        assert outcome(client, "http://ashmere.example/") == "failed_address"
    assert server.log == []


@pytest.mark.parametrize("first", ["::1", "127.0.0.2", PUBLIC])
def test_55_an_address_that_refuses_gives_way_to_the_next(first, connections):
    with MisbehavingServer({"/a": reply("x")}) as server:
        client = make(lambda host, port: [first, "127.0.0.1"], f"ashmere.example:{server.port}")
        assert client.page(server.url("/a", host="ashmere.example")).body == b"x"
    assert connections[:2] == [(first, server.port), ("127.0.0.1", server.port)]


def test_55_a_name_server_that_fails_on_ipv6_is_asked_for_ipv4(monkeypatch):
    asked = []

    def answer(host: str, port: int, family: int = 0, **_: object) -> list[object]:
        asked.append(family)
        if family != socket.AF_INET:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return [(family, socket.SOCK_STREAM, 6, "", (PUBLIC, port))] * 2

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    assert system_resolve("ashmere.example", 443) == (PUBLIC,)
    assert asked == [0, socket.AF_INET]


@pytest.mark.parametrize(
    "error", [socket.gaierror(socket.EAI_NONAME, "unknown"), UnicodeError("label too long")]
)
def test_a_name_that_is_none_is_a_failed_connection(error):
    def fail(host: str, port: int) -> Sequence[str]:
        raise error

    assert outcome(make(fail), "http://ashmere.example/") == "failed_connection"
    assert outcome(make(lambda host, port: []), "http://ashmere.example/") == "failed_connection"


def test_no_proxy_of_the_environment_is_used(monkeypatch):
    with MisbehavingServer({"/a": reply("x")}) as server, MisbehavingServer({}) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        client = make(lambda host, port: ["127.0.0.1"], server.host)
        assert client.page(server.url("/a")).body == b"x"
    assert proxy.log == []
