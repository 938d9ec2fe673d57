"""What a host lets robots fetch: its robots.txt, read as RFC 9309 says.

There is no switch that ignores the rules. A site that gave its leave has a
:class:`~hwbtext.scrape.records.Permission`, and every row of the manifest then says so.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from posixpath import normpath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from protego import Protego

from hwbtext.scrape.records import FetchError
from hwbtext.scrape.targets import host_key, read_target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hwbtext.scrape.pace import Clock
    from hwbtext.scrape.records import Permission

TOKEN = "hwbtext"  # noqa: S105 - the product token, by which a robots.txt speaks to us
MAX_DELAY = 60.0
"""Longest Crawl-delay, in seconds, that a run keeps; a host that asks for more is left alone."""
MAX_BYTES = 500 * 1024
"""What is read of a robots.txt; RFC 9309, section 2.5, asks for no less."""
_FRESH = 24 * 3600.0  # RFC 9309, section 2.4: no older than a day

_OWN_GROUP = re.compile(rf"^\s*user[-\s]?agent\s*:?\s*{TOKEN}(?![\w-])", re.I | re.M)

_SESSION = re.compile(r"/\((?:[A-Za-z]\([^()/]*\))+\)")  # ASP.NET's, where it has no cookies


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """What came back for a robots.txt.

    ``unavailable`` says why there is none (404, too many redirects): all is allowed.
    """

    body: bytes
    unavailable: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an address may be fetched.

    Attributes
    ----------
    word : str
        As the manifest records it: "allowed", "allowed: no robots.txt (404)", "refused",
        "permission: Clerk, 2026-01-05, ref 12".
    delay : float or None
        Crawl-delay in seconds.
    """

    allowed: bool
    word: str
    delay: float | None = None


class Rules:
    r"""The rules of one robots.txt.

    Parameters
    ----------
    body : bytes
        As it came: a BOM, UTF-16 or a page of HTML in its place are taken as they are.

    Examples
    --------
    >>> rules = Rules(b"User-agent: *\nDisallow: /mgRss.aspx\nCrawl-delay: 5")
    >>> rules.allows("https://ashmere.example/mgrss.aspx?XXR=0")
    False
    >>> rules.allows("https://ashmere.example/ieDocHome.aspx"), rules.delay
    (True, 5.0)
    """

    def __init__(self, body: bytes) -> None:
        text = _decode(body)
        self.note: str | None = None
        if text.lstrip().startswith("<"):
            self.note = "robots.txt is a page of HTML"
            text = ""
        # Only the group of our very token is ours; Protego would also take a shorter beginning.
        agent = TOKEN if _OWN_GROUP.search(text) else "*"
        as_written = Protego.parse(text)
        # IIS serves /mgrss.aspx and /mgRss.aspx alike, so the rules are tried in both spellings.
        self._readings = (as_written, Protego.parse(text.lower()))
        self._agent = agent
        delays = [as_written.crawl_delay(name) for name in (agent, "*")]
        rates = [as_written.request_rate(agent)]
        delays += [rate.seconds / rate.requests for rate in rates if rate is not None]
        self.delay: float | None = max((d for d in delays if d is not None), default=None)

    def allows(self, url: str) -> bool:
        """Return whether ``url`` may be fetched, in every spelling that means the same path."""
        as_written, in_small = self._readings
        return all(
            as_written.can_fetch(spelling, self._agent)
            and in_small.can_fetch(spelling.lower(), self._agent)
            for spelling in (url, _as_served(url))
        )


def _as_served(url: str) -> str:
    """Return an address as IIS reads it: sessions, dots and double strokes out of the path."""
    parts = urlsplit(url)
    path = _SESSION.sub("", unquote(parts.path).replace("\\", "/"))
    path = "/" + normpath(path or "/").lstrip("/")
    return parts._replace(path=quote(path)).geturl()


def _decode(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace")
    return body.decode("utf-8-sig", errors="replace")


@dataclass(slots=True)
class _Known:
    lock: threading.Lock
    rules: Rules | None = None
    unavailable: str | None = None
    read_at: float | None = None


class Robots:
    """Decides by the robots.txt of each host, read once a day; may be shared by threads.

    Parameters
    ----------
    read : callable
        Takes the address of a robots.txt and returns a :class:`RobotsAnswer`. It raises
        :class:`FetchError` where the file could not be read, be it for a server's error or for
        silence: nothing of the host is fetched then, and the error goes to who asked.
    permissions : mapping of str to Permission
        By host, as :func:`~hwbtext.scrape.targets.host_key` gives it.
    """

    def __init__(
        self,
        read: Callable[[str], RobotsAnswer],
        *,
        clock: Clock,
        permissions: Mapping[str, Permission] | None = None,
    ) -> None:
        self._read = read
        self._clock = clock
        self._permissions = dict(permissions or {})
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def decide(self, url: str) -> Decision:
        """Return whether ``url`` may be fetched, reading its host's robots.txt where needed.

        Raises
        ------
        FetchError
            The robots.txt could not be read, or asks for a longer delay than a run keeps.
        """
        target = read_target(url)
        permission = self._permissions.get(host_key(target))
        known = self._get(target.scheme, host_key(target))
        if known.rules is None:
            allowed, word, delay = True, f"allowed: {known.unavailable}", None
        else:
            rules = known.rules
            allowed, delay = rules.allows(str(target)), rules.delay
            word = "allowed" if allowed else "refused"
            word += f": {rules.note}" if rules.note else ""
        if delay is not None and delay > MAX_DELAY:
            msg = (
                f"The robots.txt of {host_key(target)} asks for {delay:g} seconds between "
                f"requests; a run keeps {MAX_DELAY:g} at most. Ask the council, or take the "
                "papers by hand."
            )
            raise FetchError("deferred", msg, url, host_stopped=True)
        if permission is not None and not allowed:
            given = f"{permission.who}, {permission.day.isoformat()}, {permission.reference}"
            return Decision(allowed=True, word=f"permission: {given}", delay=delay)
        return Decision(allowed=allowed, word=word, delay=delay)

    def _get(self, scheme: str, key: str) -> _Known:
        origin = f"{scheme}://{key}"
        with self._lock:
            known = self._known.setdefault(origin, _Known(threading.Lock()))
        with known.lock:
            now = self._clock.monotonic()
            if known.read_at is None or now - known.read_at > _FRESH:
                answer = self._read(f"{origin}/robots.txt")
                known.unavailable = answer.unavailable
                known.rules = Rules(answer.body) if answer.unavailable is None else None
                known.read_at = now
            return known
