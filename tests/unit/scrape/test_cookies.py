"""Behaviour 44: whose cookies go where."""

from __future__ import annotations

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwbtext.scrape.cookies import CookieJar

HERE = "https://ashmere.example/modernGov/ieDocHome.aspx"


def sent(header: str, to: str, *, by: str = HERE) -> str | None:
    jar = CookieJar()
    jar.keep(httpx2.URL(by), [header])
    return jar.header(httpx2.URL(to))


@pytest.mark.parametrize(
    ("header", "to", "expected"),
    [
        ("s=1; path=/", "https://ashmere.example/x", "s=1"),
        ("s=1; path=/", "http://ashmere.example/x", "s=1"),
        ("s=1; path=/; Secure", "http://ashmere.example/x", None),
        ("s=1; path=/; secure", "https://ashmere.example/x", "s=1"),
        ("s=1; path=/", "https://www.ashmere.example/x", None),
        ("s=1; path=/; domain=.ashmere.example", "https://www.ashmere.example/x", None),
        ("s=1; path=/; domain=example", "https://thornholme.example/x", None),
        ("s=1; path=/", "https://ashmere.example:8443/x", None),
        ("s=1", "https://ashmere.example/modernGov/x", "s=1"),
        ("s=1", "https://ashmere.example/x", None),
        ("s=1; path=/modernGov", "https://ashmere.example/modernGovernment", None),
        ("s=1; path=/; max-age=0", "https://ashmere.example/x", None),
        ("s=1; path=/; max-age=-5", "https://ashmere.example/x", None),
        ("s=1; path=/; max-age=60", "https://ashmere.example/x", "s=1"),
        ("s=; path=/", "https://ashmere.example/x", "s="),
        ("s=a=b; path=/", "https://ashmere.example/x", "s=a=b"),
        ("s; path=/", "https://ashmere.example/x", None),
        ("=1; path=/", "https://ashmere.example/x", None),
        ("s=1\r\nX: y; path=/", "https://ashmere.example/x", None),
        ("s=\u00e9; path=/", "https://ashmere.example/x", None),
        (f"s={'x' * 5_000}; path=/", "https://ashmere.example/x", None),
    ],
)
def test_44_cookies(header, to, expected):
    assert sent(header, to) == expected


def test_a_secure_cookie_of_a_plain_page_is_not_kept():
    assert sent("s=1; path=/; secure", HERE, by="http://ashmere.example/") is None


def test_a_host_that_sets_cookies_without_end_fills_no_memory():
    jar = CookieJar()
    jar.keep(httpx2.URL(HERE), [f"s{n}=1; path=/" for n in range(10_000)])
    header = jar.header(httpx2.URL(HERE))
    assert header is not None
    assert header.count(";") < 50


def test_the_longest_path_comes_first():
    jar = CookieJar()
    jar.keep(httpx2.URL(HERE), ["s=1; path=/", "s=2; path=/modernGov"])
    assert jar.header(httpx2.URL(HERE)) == "s=2; s=1"


@given(st.text(max_size=80))
def test_no_header_makes_another(header):
    value = sent(header, HERE)
    assert value is None or (value.isascii() and value.isprintable())
