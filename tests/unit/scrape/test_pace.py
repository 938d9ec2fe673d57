"""Turns and distances, without waiting for any of them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from responses.fake_clock import FakeClock
from responses.making_clients import make_client
from responses.misbehaving_http import MisbehavingServer, reply

from hwbtext.errors import InputError
from hwbtext.scrape.groups import Interrupted, stoppable
from hwbtext.scrape.pace import Pacer, retry_after

A, B = "https://ashmere.moderngov.co.uk/a", "https://thornholme.moderngov.co.uk/b"
OTHER = "https://democracy.thornholme.example/"
NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def test_a_vendor_s_hosts_are_one_group_and_others_are_their_own():
    pacer = Pacer()
    assert pacer.group(A) == pacer.group(B) == "moderngov.co.uk"
    assert pacer.group("https://moderngov.co.uk/") == "moderngov.co.uk"
    assert pacer.group("https://ashmere.cmis.uk.com/x") == "cmis.uk.com"
    assert pacer.group("https://notmoderngov.co.uk/") == "notmoderngov.co.uk"
    assert pacer.group("https://moderngov.co.uk.example/") == "moderngov.co.uk.example"
    assert pacer.group("HTTP://Ashmere.Example.:80/") == pacer.group("https://ashmere.example/")


def test_starts_keep_their_distance_and_no_more():
    time = FakeClock()
    pacer = Pacer(clock=time.clock())
    for took in (0.5, 3.0, 0.0):
        with pacer.turn(A):
            time.advance(took)
    with pacer.turn(B):
        pass
    # After half a second it is 1.5 more; three seconds are distance enough.
    assert time.slept == [1.5, 2.0]


def test_another_group_does_not_wait():
    time = FakeClock()
    pacer = Pacer(clock=time.clock())
    with pacer.turn(A), pacer.turn(OTHER):
        pass
    assert time.slept == []


def test_a_delay_is_raised_and_never_lowered():
    time = FakeClock()
    pacer = Pacer(clock=time.clock())
    pacer.slow_down(A, 7)
    pacer.slow_down(B, 1)
    for _ in range(2):
        with pacer.turn(A):
            pass
    assert time.slept == [7.0]


def test_a_group_that_is_held_off_waits_as_long_as_the_longest():
    time = FakeClock()
    pacer = Pacer(clock=time.clock())
    pacer.hold_off(A, 30)
    pacer.hold_off(B, 10)
    with pacer.turn(A):
        pass
    assert time.slept == [30.0]


def test_a_wait_that_grows_while_one_sleeps_is_kept():
    time = FakeClock()
    pacer = Pacer(clock=time.clock())
    naps = iter([lambda: pacer.hold_off(A, 20), lambda: None])

    def sleep(seconds: float) -> None:
        time.sleep(seconds)
        next(naps)()

    clock = time.clock()
    pacer._clock = type(clock)(clock.monotonic, clock.now, sleep)
    pacer.hold_off(A, 5)
    with pacer.turn(A):
        pass
    assert time.slept == [5.0, 20.0]


def test_a_turn_ends_with_an_error_too():
    pacer = Pacer(clock=FakeClock().clock())
    with pytest.raises(ValueError, match="odd"), pacer.turn(A):
        raise ValueError("odd")
    with pacer.turn(A):
        pass


@pytest.mark.parametrize("delay", [-1, float("nan"), float("inf")])
def test_a_delay_is_a_number_of_seconds(delay):
    with pytest.raises(InputError):
        Pacer(delay=delay)


def test_56_twenty_councils_of_one_vendor_are_asked_one_at_a_time():
    in_flight = 0
    most = 0
    lock = threading.Lock()

    def count(asked, connection):
        nonlocal in_flight, most
        with lock:
            in_flight += 1
            most = max(most, in_flight)
        connection.sendall(reply("x")[:20])
        with lock:  # before the client can know that it has all
            in_flight -= 1
        connection.sendall(reply("x")[20:])

    time = FakeClock()
    names = [f"council{n}.vendor.example" for n in range(20)]
    with MisbehavingServer({"/a": count, "/robots.txt": count}) as server:
        client = make_client(
            server, time=time, names=names, delay=2.0, shared_domains=("vendor.example",)
        )
        with ThreadPoolExecutor(20) as pool:
            urls = [server.url("/a", host=name) for name in names]
            assert [page.body for page in pool.map(client.page, urls)] == [b"x"] * 20
    assert most == 1
    assert len(server.log) == 40
    assert time.elapsed >= 39 * 2.0
    assert time.slept == [2.0] * 39


def test_56_hosts_of_their_own_are_asked_side_by_side():
    meet = threading.Barrier(3, timeout=10)

    def together(asked, connection):
        meet.wait()  # passes only with three requests in flight
        connection.sendall(reply("x"))

    names = [f"council{n}.example" for n in range(3)]
    with MisbehavingServer({"/a": together}) as server:
        client = make_client(server, names=names, delay=2.0)
        with ThreadPoolExecutor(3) as pool:
            urls = [server.url("/a", host=name) for name in names]
            assert [page.body for page in pool.map(client.page, urls)] == [b"x"] * 3


def test_the_turn_is_held_until_the_last_byte(tmp_path):
    order = []

    def slow(asked, connection):
        order.append("begins")
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n%PDF-")
        order.append("ends")  # before the client can know that it has all
        connection.sendall(b"%EOF")

    with MisbehavingServer({"/a": slow}) as server:
        client = make_client(server)
        with ThreadPoolExecutor(4) as pool:
            jobs = [
                pool.submit(client.download, server.url("/a"), tmp_path, max_bytes=99)
                for _ in range(4)
            ]
            assert all(job.result().n_bytes == 9 for job in jobs)
    assert order == ["begins", "ends"] * 4


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("1.5", None),
        ("-3", None),
        ("\u0663", None),
        ("", None),
        (None, None),
        ("Mon, 05 Jan 2026 09:01:00 GMT", 60.0),
        ("Monday, 05-Jan-26 09:01:00 GMT", 60.0),
        ("Mon Jan  5 09:01:00 2026", 60.0),
        ("Mon, 05 Jan 2026 10:01:00 +0100", 60.0),
        ("Mon, 05 Jan 2026 08:00:00 GMT", None),
        ("Mon, 99 Jan 2026 08:00:00 GMT", None),
    ],
)
def test_29_what_retry_after_says(value, seconds):
    assert retry_after(value, NOW) == seconds


@given(st.text(max_size=60))
def test_29_no_header_breaks_the_reading(value):
    seconds = retry_after(value, NOW)
    assert seconds is None or seconds >= 0


def test_a_host_that_is_not_ones_own_is_never_asked_faster_than_the_shortest_delay() -> None:
    time = FakeClock()
    pacer = Pacer(delay=0.1, own={"127.0.0.1:8080"}, clock=time.clock())
    for url in ("http://127.0.0.1:8080/", "https://ashmere.example/"):
        for _ in range(2):
            with pacer.turn(url):
                pass
    assert time.slept == [pytest.approx(0.1), pytest.approx(1.0)]


def test_who_reads_bytes_looks_at_a_clock_that_stops() -> None:
    stop = threading.Event()
    clock = stoppable(FakeClock().clock(), stop)
    assert clock.monotonic() == 0
    stop.set()
    with pytest.raises(Interrupted):
        clock.monotonic()
