"""A web server on raw sockets that does whatever a test scripts, and keeps a log of it all.

A script is by path: a list of answers, one a request, the last of them for ever after. An answer
is bytes to send as they are, or a function that gets the request and the socket.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    target: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


Answer = bytes | Callable[[Asked, socket.socket], None]
Script = Answer | Sequence[Answer]


def reply(
    body: bytes | str = b"",
    status: int = 200,
    /,
    *headers: tuple[str, str],
    content_type: str = "text/html",
    length: int | None = None,
) -> bytes:
    """Return a whole answer; a ``length`` of -1 sends no Content-Length."""
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Because", f"Content-Type: {content_type}"]
    if length != -1:
        lines.append(f"Content-Length: {len(raw) if length is None else length}")
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + raw


def redirect(to: str, status: int = 302, /, *headers: tuple[str, str]) -> bytes:
    return reply(b"", status, ("Location", to), *headers)


def chunked(*chunks: bytes, end: bool = True) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return head + body + (b"0\r\n\r\n" if end else b"")


NO_ROBOTS = reply("none", 404)


@dataclass
class MisbehavingServer:
    script: dict[str, Script]
    tls: ssl.SSLContext | None = None
    log: list[Asked] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive(), "a thread of the server hangs"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """Return what was asked, in order, robots.txt left out."""
        return [asked.path for asked in self.log if asked.path != "/robots.txt"]

    def hold(self) -> None:
        """Keep silent until the test is over."""
        self._closing.wait(10)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(10)
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                with self._lock:
                    self._open.append(connection)
                asked = _read_request(connection)
                if asked is None:
                    return
                answer = self._next(asked)
                if isinstance(answer, bytes):
                    connection.sendall(answer)
                else:
                    answer(asked, connection)
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_WR)

    def _next(self, asked: Asked) -> Answer:
        with self._lock:
            self.log.append(asked)
            default = NO_ROBOTS if asked.path == "/robots.txt" else reply("no such page", 404)
            script = self.script.get(asked.path, default)
            if isinstance(script, bytes) or callable(script):
                return script
            number = self._counts.get(asked.path, 0)
            self._counts[asked.path] = number + 1
            return script[min(number, len(script) - 1)]


def _read_request(connection: socket.socket) -> Asked | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65_536)
        if not piece:
            return None
        data += piece
    first, *lines = data.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    return Asked(method, target, headers)
