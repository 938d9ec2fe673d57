"""A local ModernGov server that can misbehave, with a log of every request.

As a program it serves the invented councils of ``corpora/sample`` for a try of ``hwbtext
scrape``: ``python tests/responses/moderngov_server.py``.
"""

from __future__ import annotations

import argparse
import re
import socket
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

if __name__ == "__main__":  # run as a script: the folder of the tests is not on the path yet
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from responses import rendering

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

    from responses.catalogue import Council

    Action = Callable[["Handler"], None]

_SERVICE = "mgwebservice.asmx"


@dataclass
class Request:
    """One request as the server saw it; times are of :func:`time.monotonic`."""

    started: float
    method: str
    host: str
    target: str
    headers: dict[str, str]
    status: int | None = None
    ended: float | None = None

    @property
    def path(self) -> str:
        """The path, unquoted, without the query."""
        return unquote(urlsplit(self.target).path)

    @property
    def is_document(self) -> bool:
        return "/documents/" in self.path or self.path.endswith("mgConvert2PDF.aspx")


@dataclass
class Script:
    """What is answered, in turn, where a target matches; None answers as usual."""

    pattern: re.Pattern[str]
    actions: deque[Action | None]
    for_ever: bool = False
    seen: int = 0

    def next(self) -> Action | None:
        self.seen += 1
        if len(self.actions) == 1 and self.for_ever:
            return self.actions[0]
        return self.actions.popleft() if self.actions else None


@dataclass
class ModernGovServer:
    """Serve councils on one port of 127.0.0.1; a context manager."""

    councils: list[Council]
    robots: str | bytes | None = None
    log: list[Request] = field(default_factory=list)
    scripts: list[Script] = field(default_factory=list)
    started_at: float = 0.0
    closing: threading.Event = field(default_factory=threading.Event)
    tls: ssl.SSLContext | None = None
    wanted_port: int = 0

    def __post_init__(self) -> None:
        self.lock = threading.Lock()
        self._server = _Server(("127.0.0.1", self.wanted_port), Handler)
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        """``host:port``, as the allow-list takes it."""
        return f"127.0.0.1:{self.port}"

    def base_url(self, council: Council | None = None) -> str:
        one = council or self.councils[0]
        host = one.host or "127.0.0.1"
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{one.base}"

    def __enter__(self) -> ModernGovServer:
        self.started_at = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def on(self, pattern: str, *actions: Action | None, for_ever: bool = False) -> Script:
        """Answer requests whose target matches with these, in turn (the last one for ever)."""
        script = Script(re.compile(pattern), deque(actions), for_ever)
        self.scripts.append(script)
        return script

    def asked(self, pattern: str) -> list[Request]:
        """Return the requests whose unquoted target matches."""
        return [one for one in self.log if re.search(pattern, unquote(one.target))]

    def documents(self) -> list[str]:
        """Return the targets of the documents asked for, unquoted, in order."""
        return [unquote(one.target) for one in self.log if one.is_document]

    def council_of(self, host: str, path: str) -> Council | None:
        name = host.rsplit(":", 1)[0].lower()
        fitting = [
            one
            for one in self.councils
            if (one.host is None or one.host == name)
            and (path == one.base or path.startswith(f"{one.base}/"))
        ]
        return max(fitting, key=lambda one: len(one.base), default=None)


class _Server(ThreadingHTTPServer):
    owner: ModernGovServer
    daemon_threads = True
    request_queue_size = 128

    def finish_request(self, request: object, client_address: object) -> None:
        """Shake hands in the request's own thread, where TLS is asked for."""
        if self.owner.tls is not None:
            assert isinstance(request, socket.socket)
            with self.owner.tls.wrap_socket(request, server_side=True) as wrapped:
                super().finish_request(wrapped, client_address)  # type: ignore[arg-type]
        else:
            super().finish_request(request, client_address)  # type: ignore[arg-type]

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over connections that a client (or a kill) broke."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Handler(BaseHTTPRequestHandler):
    """Answers as ModernGov does, unless a script says otherwise."""

    protocol_version = "HTTP/1.1"
    server: _Server
    council: Council
    entry: Request
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        owner = self.server.owner
        host = self.headers.get("Host", "")
        self.entry = Request(
            time.monotonic(), self.command, host, self.path, dict(self.headers.items())
        )
        with owner.lock:
            owner.log.append(self.entry)
            action = self._scripted()
        try:
            if action is not None:
                action(self)
            else:
                self.behave()
        finally:
            if self.entry.ended is None:
                self.entry.ended = time.monotonic()

    do_HEAD = do_GET  # noqa: N815 - the library's name

    def _scripted(self) -> Action | None:
        target = unquote(self.path)
        for script in self.server.owner.scripts:
            if (script.actions or script.for_ever) and script.pattern.search(target):
                return script.next()
        return None

    def behave(self) -> None:
        """Answer as usual."""
        owner = self.server.owner
        path = unquote(urlsplit(self.path).path)
        if path == "/robots.txt":
            self._robots()
            return
        council = owner.council_of(self.entry.host, path)
        if council is None:
            self.answer(404, b"No such site", "text/plain")
            return
        self.council = council
        below = path[len(council.base) :].lstrip("/")
        query = {key.lower(): value for key, value in parse_qsl(urlsplit(self.path).query)}
        if below.lower().startswith(f"{_SERVICE}/"):
            self._service(below.split("/", 1)[1].lower(), query)
        elif below.lower() in _PAGES:
            self._page(below.lower(), query)
        else:
            self._paper(self.path[len(council.base) :])

    def answer(
        self,
        status: int,
        body: bytes,
        content_type: str | None = "text/html; charset=utf-8",
        **headers: str,
    ) -> None:
        """Send a whole answer; underscores in names of headers stand for hyphens."""
        self.entry.status = status
        self.send_response(status)
        if content_type is not None:
            self.send_header("Content-Type", content_type)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.entry.ended = time.monotonic()  # the client may go on as soon as it has the bytes
        self.end_headers()
        if self.command != "HEAD" and status != 304:
            self.wfile.write(body)

    def _robots(self) -> None:
        name = self.entry.host.rsplit(":", 1)[0].lower()
        found = [
            one.robots
            for one in self.server.owner.councils
            if one.robots is not None and one.host in (None, name)
        ]
        robots = found[0] if found else self.server.owner.robots
        if robots is None:
            self.answer(404, b"Not found", "text/plain")
            return
        body = robots if isinstance(robots, bytes) else robots.encode()
        self.answer(200, body, "text/plain")

    def _service(self, method: str, query: dict[str, str]) -> None:
        council = self.council
        if not council.has_web_service:
            self.answer(500, b"Request format is unrecognized for URL unexpectedly ending", None)
        elif method == "getcommittees":
            self._xml(rendering.committees_xml(council))
        elif method == "getmeetings":
            wanted = ("lcommitteeid", "sfromdate", "stodate")
            missing = next((name for name in wanted if name not in query), None)
            if missing is not None:
                self.answer(500, f"Missing parameter: {missing}.".encode(), "text/plain")
            else:
                self._xml(rendering.meetings_xml(council, *(query[name] for name in wanted)))
        elif method == "getmeeting" and (found := council.meeting(query.get("lmeetingid", ""))):
            host = self.entry.host
            self._xml(rendering.meeting_xml(council, found[1], f"http://{host}{council.base}"))
        else:
            self.answer(500, b"Missing parameter", "text/plain")

    def _page(self, name: str, query: dict[str, str]) -> None:
        council = self.council
        if name in ("mglistcommittees.aspx", "iedochome.aspx"):
            self._html(rendering.committees_page(council))
            return
        if name == "ielistdocuments.aspx":
            found = council.meeting(query.get("mid") or query.get("meetingid") or "")
            if found is not None:
                self._html(rendering.meeting_page(council, *found))
                return
        wanted = query.get("cid") or query.get("committeeid") or query.get("id")
        for committee in council.committees:
            if name != "ielistdocuments.aspx" and committee.committee_id == wanted:
                self._html(rendering.meetings_page(council, committee))
                return
        self.answer(404, b"<html>The page cannot be found</html>")

    def _paper(self, target: str) -> None:
        paper = self.council.bodies.get(rendering.request_key(target))
        if paper is None:
            self.answer(404, b"<html>The page cannot be found</html>")
            return
        headers = dict(paper.headers)
        if paper.etag is not None:
            headers["ETag"] = paper.etag
        if paper.last_modified is not None:
            headers["Last-Modified"] = paper.last_modified
        unchanged = (
            paper.etag is not None and self.headers.get("If-None-Match") == paper.etag
        ) or (
            paper.etag is None
            and paper.last_modified is not None
            and self.headers.get("If-Modified-Since") == paper.last_modified
        )
        if unchanged:
            self.answer(304, b"", None, **headers)
        else:
            self.answer(200, paper.bytes(), paper.content_type, **headers)

    def _xml(self, text: str) -> None:
        self.answer(200, text.encode(), "text/xml; charset=utf-8")

    def _html(self, text: str) -> None:
        self.answer(200, text.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing: the log is a list."""


_PAGES = frozenset(
    (
        "mglistcommittees.aspx",
        "iedochome.aspx",
        "mgcommitteedetails.aspx",
        "ielistmeetings.aspx",
        "ielistdocuments.aspx",
    )
)


# ---- misbehaviour: what a script can answer


def answer(
    status: int,
    body: bytes | str = b"",
    content_type: str | None = "text/html; charset=utf-8",
    **headers: str,
) -> Action:
    """Answer this status and body, whatever was asked."""
    raw = body.encode() if isinstance(body, str) else body
    return lambda handler: handler.answer(status, raw, content_type, **headers)


def redirect(location: str | None, status: int = 302) -> Action:
    """Send on to ``location``; None leaves the header out."""
    if location is None:
        return answer(status, b"")
    return answer(status, b"", Location=location)


def truncated(
    body: bytes, at: int, content_type: str = "application/pdf", says: int | None = None
) -> Action:
    """Promise the whole body (or as many bytes as it ``says``), send ``at`` bytes, and close."""

    def act(handler: Handler) -> None:
        _head(handler, content_type, f"Content-Length: {len(body) if says is None else says}")
        handler.wfile.write(body[:at])
        _close(handler)

    return act


def unended(body: bytes, content_type: str = "application/pdf") -> Action:
    """Send one chunk of a chunked body, and close without the last chunk."""

    def act(handler: Handler) -> None:
        _head(handler, content_type, "Transfer-Encoding: chunked")
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))
        _close(handler)

    return act


def endless(block: bytes = b"%PDF-1.4\n" + b"0" * 65_536, limit: int = 1 << 30) -> Action:
    """Send blocks with no length until the client hangs up (or ``limit`` is reached)."""

    def act(handler: Handler) -> None:
        _head(handler, "application/pdf", "Connection: close")
        sent = 0
        while sent < limit and not handler.server.owner.closing.is_set():
            try:
                handler.wfile.write(block)
            except OSError:
                break
            sent += len(block)
        handler.entry.headers["sent"] = str(sent)
        _close(handler)

    return act


def drip(block: bytes, between: Callable[[], None], n: int = 10_000) -> Action:
    """Send a block at a time, and do something between two of them (let time pass)."""

    def act(handler: Handler) -> None:
        _head(handler, "application/pdf", f"Content-Length: {n * len(block)}")
        for _ in range(n):
            if handler.server.owner.closing.is_set():
                break
            between()
            try:
                handler.wfile.write(block)
                handler.wfile.flush()
            except OSError:
                break
        _close(handler)

    return act


def silence() -> Action:
    """Take the request and never answer (until the server is closed or the client goes)."""

    def act(handler: Handler) -> None:
        handler.connection.settimeout(0.05)
        while not handler.server.owner.closing.is_set():
            try:
                if handler.connection.recv(1, socket.MSG_PEEK) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        _close(handler)

    return act


def after(wait: threading.Event, then: Action | None = None, timeout: float = 30) -> Action:
    """Answer once ``wait`` is set."""

    def act(handler: Handler) -> None:
        wait.wait(timeout)
        if then is None:
            handler.behave()
        else:
            then(handler)

    return act


def call(function: Callable[[Handler], None]) -> Action:
    """Run a function of the test before the usual answer."""

    def act(handler: Handler) -> None:
        function(handler)
        handler.behave()

    return act


def _head(handler: Handler, content_type: str, *lines: str) -> None:
    handler.entry.status = 200
    head = "\r\n".join(("HTTP/1.1 200 OK", f"Content-Type: {content_type}", *lines))
    handler.wfile.write(f"{head}\r\n\r\n".encode())


def _close(handler: Handler) -> None:
    handler.close_connection = True
    try:
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def closest(requests: Iterable[Request]) -> float | None:
    """Return the smallest time between the starts of two requests that follow each other."""
    starts = sorted(one.started for one in requests)
    gaps = [later - earlier for earlier, later in _pairs(starts)]
    return min(gaps, default=None)


def most_in_flight(requests: Iterable[Request]) -> int:
    """Return how many requests were in work at once, at most."""
    events = sorted(
        event
        for one in requests
        for event in ((one.started, 1), (one.ended if one.ended is not None else 1e18, -1))
    )
    most = now = 0
    for _, step in events:
        now += step
        most = max(most, now)
    return most


def _pairs(values: list[float]) -> Iterator[tuple[float, float]]:
    return zip(values, values[1:], strict=False)


def register_of(server: ModernGovServer) -> str:
    """Return the councils as a register that ``hwbtext scrape --sites`` takes."""
    rows = [
        f"{one.name.lower().replace(' ', '-')},{one.name},ModernGov,{server.base_url(one)}"
        for one in server.councils
    ]
    return "\n".join(["site_id,name,platform,base_url", *rows, ""])


def main() -> None:
    """Serve the sample's councils until the keyboard interrupts."""
    from responses.catalogue import sample_councils

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=0, help="any that is free, unless named")
    parser.add_argument(
        "--register", type=Path, metavar="FILE", help="write the councils there, for --sites"
    )
    arguments = parser.parse_args()
    with ModernGovServer(list(sample_councils()), wanted_port=arguments.port) as server:
        if arguments.register is not None:
            arguments.register.write_text(register_of(server), encoding="utf-8")
        for one in server.councils:
            print(f"{one.name}: {server.base_url(one)}")
        print("Stop with Ctrl-C.", flush=True)
        try:
            server.closing.wait()
        except KeyboardInterrupt:
            print("Stopped.")


if __name__ == "__main__":
    main()
