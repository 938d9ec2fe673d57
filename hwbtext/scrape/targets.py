"""Addresses that may be asked at all: http or https, a host, no password, no odd port.

One parser reads every address (that of httpx2), and what it read is what is connected to, sent
and shown, so that no two parts can see two hosts in one address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2

from hwbtext.scrape.records import FetchError

if TYPE_CHECKING:
    from hwbtext.scrape.records import Outcome

_PORTS = {"http": 80, "https": 443}


def read_target(url: str, *, outcome: Outcome = "failed_address") -> httpx2.URL:
    """Return the address in parts, fit to be asked; else raise :class:`FetchError`.

    Examples
    --------
    >>> str(read_target("HTTPS://Ashmere.Example/documents/s1/A & B.pdf#page=2"))
    'https://ashmere.example/documents/s1/A%20&%20B.pdf'
    >>> read_target("file:///etc/passwd")
    Traceback (most recent call last):
    hwbtext.scrape.records.FetchError: Not an http or https address: file:///etc/passwd
    """
    shown = repr(url)[1:-1][:300]  # an address may hold control characters and be endless
    try:
        target = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError) as exc:
        msg = f"Not an address that can be asked ({exc}): {shown}"
        raise FetchError(outcome, msg, url) from exc
    if target.scheme not in _PORTS:
        msg = f"Not an http or https address: {shown}"
        raise FetchError(outcome, msg, url)
    if not target.host.strip("."):
        msg = f"An address without a host: {shown}"
        raise FetchError(outcome, msg, url)
    if target.userinfo:
        msg = f"An address with a user name in it is not asked: {target.scheme}://{target.host}"
        raise FetchError(outcome, msg, url)
    if not 0 < port_of(target) < 65536:
        msg = f"No such port: {shown}"
        raise FetchError(outcome, msg, url)
    # "ashmere.example." is the same host; certificates and the rules of robots are for one name.
    return target.copy_with(fragment=None, host=target.host.rstrip("."))


def port_of(target: httpx2.URL) -> int:
    """Return the port, which the scheme says where the address does not.

    Examples
    --------
    >>> port_of(httpx2.URL("https://ashmere.example/"))
    443
    """
    return _PORTS.get(target.scheme, 0) if target.port is None else target.port


def host_key(url: str | httpx2.URL) -> str:
    """Return what the collector keeps its account of a host under: the host, and an odd port.

    An address that :func:`read_target` does not take raises :class:`FetchError`.

    Examples
    --------
    >>> host_key("https://Ashmere.moderngov.co.uk/ieDocHome.aspx")
    'ashmere.moderngov.co.uk'
    >>> host_key("http://127.0.0.1:8080/")
    '127.0.0.1:8080'
    """
    target = read_target(url) if isinstance(url, str) else url
    name = target.host
    name = f"[{name}]" if ":" in name else name
    port = port_of(target)
    return name if port in _PORTS.values() else f"{name}:{port}"


def next_hop(target: httpx2.URL, location: str | None) -> httpx2.URL:
    """Return where a redirect of ``target`` leads; refuse one that leads nowhere or out of https.

    Examples
    --------
    >>> str(next_hop(httpx2.URL("https://ashmere.example/modernGov/a.aspx"), "../b c.pdf"))
    'https://ashmere.example/b%20c.pdf'
    """
    here = str(target)
    if not location:
        msg = f"A redirect that does not say where to: {here}"
        raise FetchError("failed_redirect", msg, here)
    try:
        joined = str(target.join(location))
    except (httpx2.InvalidURL, ValueError) as exc:
        msg = f"A redirect to no address ({exc}): {here}"
        raise FetchError("failed_redirect", msg, here) from exc
    found = read_target(joined, outcome="failed_redirect")
    if target.scheme == "https" and found.scheme != "https":
        msg = f"A redirect from https to http is not followed: {here} to {found}"
        raise FetchError("failed_redirect", msg, here)
    return found
