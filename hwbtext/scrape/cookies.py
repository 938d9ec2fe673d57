"""Cookies for as long as a run lasts: each host gets back its own, and no other gets any.

Sites keep the session of a visitor in them and may refuse a second page without. A cookie that a
host sets for its parent domain is kept for that host alone, and nothing is written to disk.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.scrape.targets import host_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    import httpx2

_MAX_COOKIES = 50  # a host; RFC 6265, section 6.1, asks for no less
_MAX_BYTES = 4_096
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e \",]*")  # a browser takes these


@dataclass(frozen=True, slots=True)
class _Cookie:
    value: str
    path: str
    secure: bool


class CookieJar:
    """The cookies of every host; may be shared by threads."""

    def __init__(self) -> None:
        self._hosts: dict[str, dict[tuple[str, str], _Cookie]] = {}
        self._lock = threading.Lock()

    def keep(self, target: httpx2.URL, headers: Iterable[str]) -> None:
        """Keep what an answer of ``target`` set (its ``Set-Cookie`` headers)."""
        for header in headers:
            pair, *attributes = header.split(";")
            name, equals, value = pair.strip().partition("=")
            name, value = name.strip(), value.strip()
            fits = len(pair) <= _MAX_BYTES and _NAME.fullmatch(name) and _VALUE.fullmatch(value)
            if not equals or not fits:
                continue
            told = {
                key.strip().lower(): word.strip()
                for key, _, word in (attribute.partition("=") for attribute in attributes)
            }
            path = told.get("path", "")
            path = path if path.startswith("/") else _folder(target.path)
            secure = "secure" in told
            if secure and target.scheme != "https":
                continue
            with self._lock:
                cookies = self._hosts.setdefault(host_key(target), {})
                cookies.pop((name, path), None)
                gone = re.fullmatch(r"0+|-\d+", told.get("max-age", ""))
                if not gone and len(cookies) < _MAX_COOKIES:
                    cookies[name, path] = _Cookie(value, path, secure)

    def header(self, target: httpx2.URL) -> str | None:
        """Return the ``Cookie`` header for a request to ``target``, or None for none.

        Examples
        --------
        >>> import httpx2
        >>> jar = CookieJar()
        >>> jar.keep(httpx2.URL("https://ashmere.example/"), ["session=a1; Domain=.example"])
        >>> jar.header(httpx2.URL("https://ashmere.example/next"))
        'session=a1'
        >>> jar.header(httpx2.URL("https://thornholme.example/")) is None
        True
        """
        with self._lock:
            cookies = dict(self._hosts.get(host_key(target), {}))
        fitting = [
            (name, cookie.value)
            for (name, _), cookie in sorted(cookies.items(), key=lambda entry: -len(entry[0][1]))
            if _covers(cookie.path, target.path) and (target.scheme == "https" or not cookie.secure)
        ]
        return "; ".join(f"{name}={value}" for name, value in fitting) or None


def _folder(path: str) -> str:
    return path.rpartition("/")[0] or "/"


def _covers(path: str, asked: str) -> bool:
    return asked == path or asked.startswith(path if path.endswith("/") else f"{path}/")
