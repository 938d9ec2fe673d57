"""Connections to public addresses only, checked when they are made.

A name is resolved once, every address that it gave is checked, and the connection goes to the
checked address itself: a name that answers differently the second time is not asked a second
time. This holds for every hop of a redirect, since each opens its own connection.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING

import httpcore2

from hwbtext.errors import HwbtextError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Collection, Iterable, Sequence

    Resolver = Callable[[str, int], Sequence[str]]
    Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# The registers of special-purpose addresses (RFC 6890 and later ones), written out: the standard
# library's `is_global` differs between patch versions of one Python, and calls 6to4 and NAT64
# forms of loopback global.
_REFUSED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, and where clouds keep their credentials
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "::/8",  # unspecified, loopback, IPv4-compatible and all that is reserved beside them
        "64:ff9b:1::/48",  # NAT64 of the local network
        "100::/64",
        "2001::/23",  # Teredo, ORCHID and the like
        "2001:db8::/32",
        "2620:4f:8000::/48",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",  # private
        "fe80::/10",  # link-local
        "fec0::/10",  # site-local
        "ff00::/8",  # multicast
    )
)
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
_ONLY_GLOBAL = ipaddress.IPv6Network("2000::/3")

_MAX_ADDRESSES = 8


class RefusedAddressError(HwbtextError):
    """A host whose address is none of the public internet."""


def refusal(text: str) -> str | None:
    """Return why no connection is made to an address, or None where one may be.

    Addresses that carry an IPv4 address (mapped, NAT64, 6to4) are as good as that one.

    Examples
    --------
    >>> refusal("203.0.114.7") is None
    True
    >>> refusal("169.254.169.254")
    '169.254.169.254 is in 169.254.0.0/16'
    >>> refusal("::ffff:127.0.0.1")
    '::ffff:127.0.0.1 carries 127.0.0.1, which is in 127.0.0.0/8'
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return f"{text!r} is no address"
    inner = _carried(address)
    checked = address if inner is None else inner
    carries = "" if inner is None else f" carries {inner}, which"
    for network in _REFUSED:
        if checked.version == network.version and checked in network:
            return f"{text}{carries} is in {network}"
    if checked.version == 6 and checked not in _ONLY_GLOBAL:
        return f"{text} is no global unicast address"
    return None


def _carried(address: Address) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _MAPPED or address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _SIX_TO_FOUR:
        return ipaddress.IPv4Address((int(address) >> 80) & 0xFFFFFFFF)
    return None


def system_resolve(host: str, port: int) -> tuple[str, ...]:
    """Return the addresses of a host, in the order in which the system prefers them."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        # Name servers that fail on IPv6 questions fail the whole answer: ask for IPv4 alone.
        found = socket.getaddrinfo(host, port, family=socket.AF_INET, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedBackend(httpcore2.NetworkBackend):
    """Opens the connections of one request: public addresses only, none beyond the deadline.

    Parameters
    ----------
    remaining : callable
        Seconds that the request has left; 0 or less ends it with a timeout.
    allowed : collection of str
        Exact ``host:port``, as the address writes the host, whose addresses are not checked: a
        council's intranet, a server of the tests. A port is always said.
    resolve : callable
        Takes host and port, gives addresses; raises OSError where there are none.
    """

    def __init__(
        self,
        remaining: Callable[[], float],
        *,
        allowed: Collection[str] = (),
        resolve: Resolver = system_resolve,
    ) -> None:
        self._remaining = remaining
        self._allowed = allowed
        self._resolve = resolve
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address of ``host`` that answers, every one having been checked."""
        shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        checks = shown not in self._allowed
        addresses = self._addresses(host, port)
        if checks:
            for address in addresses:
                self._check(host, address)
        failure: httpcore2.ConnectError | httpcore2.ConnectTimeout | None = None
        for address in addresses[:_MAX_ADDRESSES]:
            try:
                stream = self._sockets.connect_tcp(
                    address,
                    port,
                    timeout=_shorter(timeout, self._remaining()),
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as exc:
                failure = exc
                continue
            peer = stream.get_extra_info("server_addr")
            try:
                if checks:
                    self._check(host, str(peer[0]))
            except RefusedAddressError:
                stream.close()
                raise
            return TimedStream(stream, self._remaining)
        raise failure or httpcore2.ConnectError(f"{host} has no address")

    def _addresses(self, host: str, port: int) -> tuple[str, ...]:
        try:
            return tuple(self._resolve(host, port))
        except (OSError, UnicodeError) as exc:  # the codec of host names refuses some of them
            msg = f"The name {host} could not be resolved: {exc}"
            raise httpcore2.ConnectError(msg) from exc

    @staticmethod
    def _check(host: str, address: str) -> None:
        why = refusal(address)
        if why is not None:
            msg = f"{host} is not asked: {why}, which is not the public internet."
            raise RefusedAddressError(msg)


class TimedStream(httpcore2.NetworkStream):
    """A stream whose every wait ends with the request's deadline, however the bytes drip."""

    def __init__(self, stream: httpcore2.NetworkStream, remaining: Callable[[], float]) -> None:
        self._stream = stream
        self._remaining = remaining

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read some bytes."""
        return self._stream.read(max_bytes, _shorter(timeout, self._left(httpcore2.ReadTimeout)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all bytes."""
        self._stream.write(buffer, _shorter(timeout, self._left(httpcore2.WriteTimeout)))

    def close(self) -> None:
        """Close the socket."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        """Shake hands; the certificate is checked as the context says."""
        left = self._left(httpcore2.ConnectTimeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, _shorter(timeout, left))
        return TimedStream(stream, self._remaining)

    def get_extra_info(self, info: str) -> object:
        """Return what the socket knows of itself."""
        return self._stream.get_extra_info(info)

    def _left(self, late: type[httpcore2.TimeoutException]) -> float:
        left = self._remaining()
        if left <= 0:
            msg = "the time for the whole transfer is up"
            raise late(msg)
        return left


def _shorter(timeout: float | None, left: float) -> float:
    # A timeout of 0 would mean "do not wait at all": the smallest wait stands for none left.
    return max(left if timeout is None else min(timeout, left), 0.001)
