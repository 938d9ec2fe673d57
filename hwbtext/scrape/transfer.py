"""One request and its answer, on a connection of its own.

Each request opens and closes its connection. At one request in two seconds that costs little,
and every hop is then checked anew: its address, its certificate, its deadline.
"""

from __future__ import annotations

import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpcore2

from hwbtext.errors import InputError
from hwbtext.scrape.addresses import CheckedBackend, RefusedAddressError, system_resolve
from hwbtext.scrape.reading import TruncatedError
from hwbtext.scrape.records import FetchError
from hwbtext.scrape.targets import port_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    import httpx2

    from hwbtext.scrape.addresses import Resolver
    from hwbtext.scrape.pace import Clock
    from hwbtext.scrape.records import Outcome

_TLS_HINTS = {
    10: "The certificate has expired: tell the council.",
    18: "The certificate is signed by itself.",
    19: "The certificate's chain ends in a root that this machine does not know.",
    20: "The server does not send the certificates between its own and the root.",
    21: "The server does not send the certificates between its own and the root.",
    62: "The certificate is for another name; the site may have moved.",
}  # by X509_V_ERR_* of OpenSSL
_TLS_REMEDY = (
    "The connection is not made without a check. If you have the missing certificates from a "
    "source that you trust, name them as the CA bundle; else take the papers by hand."
)


class PassingError(FetchError):
    """A failure that may pass: it is tried again.

    Attributes
    ----------
    wait : float or None
        Seconds that the server asked for.
    """

    def __init__(
        self,
        outcome: Outcome,
        reason: str,
        url: str,
        *,
        http_status: int | None = None,
        wait: float | None = None,
    ) -> None:
        super().__init__(outcome, reason, url, http_status=http_status)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose body has yet to be read.

    ``headers`` have names in small letters, equal ones joined by a comma; ``chunks`` gives the
    body as it is on the wire.
    """

    status: int
    headers: Mapping[str, str]
    set_cookies: tuple[str, ...]
    chunks: Iterable[bytes]


class Transfer:
    """Makes requests, with every check that a connection can be given.

    Parameters
    ----------
    connect, read : float
        Seconds to wait for a connection, and for the next byte.
    ca_bundle : Path or None
        Certificates trusted beside those of the system.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        connect: float,
        read: float,
        allowed: Collection[str] = (),
        resolve: Resolver = system_resolve,
        ca_bundle: Path | None = None,
    ) -> None:
        self._clock = clock
        self._timeouts = {"connect": connect, "read": read, "write": read, "pool": connect}
        self._allowed = frozenset(allowed)
        self._resolve = resolve
        self._ca_bundle = ca_bundle
        self._lock = threading.Lock()
        self._tls: ssl.SSLContext | None = None
        if ca_bundle is not None:  # what is wrong with it is told before a run begins
            self._context()

    def _context(self) -> ssl.SSLContext:
        with self._lock:
            if self._tls is None:  # reading the system's certificates takes a fifth of a second
                # Certificates and names are checked; no argument of anything here changes that.
                self._tls = httpcore2.default_ssl_context()
                if self._ca_bundle is not None:
                    _trust(self._tls, self._ca_bundle)
            return self._tls

    @contextmanager
    def ask(
        self, target: httpx2.URL, headers: Mapping[str, str], *, seconds: float
    ) -> Iterator[Answer]:
        """Send a GET request; all of it, to the last byte of the body, ends after ``seconds``.

        Raises
        ------
        FetchError
            From the request, and from reading ``chunks`` inside the ``with``.
        """
        deadline = self._clock.monotonic() + seconds
        backend = CheckedBackend(
            lambda: deadline - self._clock.monotonic(),
            allowed=self._allowed,
            resolve=self._resolve,
        )
        address = httpcore2.URL(
            scheme=target.raw_scheme,
            host=target.raw_host,
            port=target.port,
            target=target.raw_path,
        )
        connection = httpcore2.HTTPConnection(
            httpcore2.Origin(target.raw_scheme, target.raw_host, port_of(target)),
            ssl_context=self._context() if target.scheme == "https" else None,
            network_backend=backend,
        )
        url = str(target)
        answered = False
        try:
            with connection.stream(
                "GET",
                address,
                headers=[("Host", target.netloc.decode("ascii")), *headers.items()],
                extensions={"timeout": self._timeouts},
            ) as response:
                answered = True
                yield _answer(response)
        except RefusedAddressError as exc:
            raise FetchError("failed_address", str(exc), url) from exc
        except httpcore2.TimeoutException as exc:
            msg = f"No answer in time from {target.host} ({exc or 'timeout'}): {url}"
            raise PassingError("timed_out", msg, url) from exc
        except httpcore2.ConnectError as exc:
            raise _connect_error(exc, target) from exc
        except TruncatedError as exc:
            raise PassingError("failed_truncated", str(exc), url) from exc
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as exc:
            # After the headers it is the body that breaks off: too few bytes, no last chunk.
            outcome: Outcome = "failed_truncated" if answered else "failed_connection"
            msg = f"The answer of {target.host} broke off ({exc}): {url}"
            raise PassingError(outcome, msg, url) from exc
        finally:
            connection.close()


def _trust(context: ssl.SSLContext, ca_bundle: Path) -> None:
    try:
        context.load_verify_locations(cafile=str(ca_bundle))
    except OSError as exc:  # ssl.SSLError is one
        msg = f"The CA bundle {str(ca_bundle)!r} could not be read: {exc}"
        raise InputError(msg) from exc


def _answer(response: httpcore2.Response) -> Answer:
    headers: dict[str, str] = {}
    set_cookies = []
    for raw_name, raw_value in response.headers:
        name, value = raw_name.decode("latin-1").lower(), _decode(raw_value)
        if name == "set-cookie":
            set_cookies.append(value)
        else:
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    assert not isinstance(response.stream, bytes)
    return Answer(response.status, headers, tuple(set_cookies), response.iter_stream())


def _decode(raw: bytes) -> str:
    # A Location may be in UTF-8, against the rule; Latin-1 takes every byte.
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _connect_error(exc: httpcore2.ConnectError, target: httpx2.URL) -> FetchError:
    url = str(target)
    cause = exc.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        hint = _TLS_HINTS.get(cause.verify_code, "")
        msg = " ".join(
            f"The certificate of {target.host} does not hold ({cause.verify_message}). "
            f"{hint} {_TLS_REMEDY}".split()
        )
        return FetchError("failed_tls", msg, url)
    if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError):
        msg = (
            f"No secure connection to {target.host} ({cause.reason or cause}). The server may "
            "only know methods that are no longer safe: tell the council, or take the papers by "
            "hand."
        )
        return FetchError("failed_tls", msg, url)
    msg = f"No connection to {target.host} ({exc}): {url}"
    return PassingError("failed_connection", msg, url)
