"""The way to an answer: every hop of a redirect is checked, every failure is tried again or told.

The order at each hop: is the host still asked, do its robots let us, is it our turn, is its
address public, does its certificate hold.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from hwbtext.scrape.blocks import N_BYTES, is_error_page
from hwbtext.scrape.cookies import CookieJar
from hwbtext.scrape.judging import judge_block, judge_status
from hwbtext.scrape.reading import ACCEPT_ENCODING, read_body
from hwbtext.scrape.records import FetchError
from hwbtext.scrape.robots import MAX_BYTES, Robots, RobotsAnswer
from hwbtext.scrape.stops import Stops
from hwbtext.scrape.targets import host_key, next_hop, read_target
from hwbtext.scrape.transfer import PassingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import httpx2
    from tenacity import RetryCallState

    from hwbtext.scrape.pace import Clock, Pacer
    from hwbtext.scrape.records import Permission
    from hwbtext.scrape.robots import Decision
    from hwbtext.scrape.transfer import Answer, Transfer

T = TypeVar("T")

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_ROBOTS_REDIRECTS = 5  # RFC 9309, section 2.3.1.2
_NO_END = 1 << 62
# A refusal may be of one paper or of the program: it takes more of them to tell.
_WEIGHT_OF_REFUSAL = 0.25


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much; seconds and bytes.

    Attributes
    ----------
    connect, read : float
        For a connection, and for the next byte: some councils' pages take 40 seconds.
    page_seconds, file_seconds : float
        For a whole page, and a whole file, however they drip.
    page_bytes : int
        The largest page.
    redirects : int
        Hops that are followed.
    attempts : int
        Times that a request is tried.
    backoff : tuple of float
        Waits between them, where the server names none; the last is used again.
    longest_wait : float
        What is kept of a Retry-After; a server that asks for more is left for another run.
    failures : int
        So many in a row, each after all its attempts, and the host is given up.
    """

    connect: float = 20.0
    read: float = 90.0
    page_seconds: float = 180.0
    file_seconds: float = 900.0
    page_bytes: int = 20 * 1024 * 1024
    redirects: int = 10
    attempts: int = 4
    backoff: tuple[float, ...] = (5.0, 10.0, 20.0)
    longest_wait: float = 300.0
    failures: int = 3


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer at the end of the hops, its body yet to be read.

    ``chain`` has the addresses that were passed, ``robots`` what the rules said of each.
    """

    target: httpx2.URL
    chain: tuple[str, ...]
    answer: Answer
    robots: str


class _TooManyRedirectsError(FetchError):
    pass


class Hops:
    """Follows redirects and tries again; may be shared by threads."""

    def __init__(
        self,
        *,
        transfer: Transfer,
        user_agent: str,
        pacer: Pacer,
        clock: Clock,
        limits: Limits,
        permissions: Mapping[str, Permission] | None,
    ) -> None:
        self._transfer = transfer
        self._user_agent = user_agent
        self._pacer = pacer
        self._clock = clock
        self._limits = limits
        self._jar = CookieJar()
        self._robots = Robots(self._read_robots, clock=clock, permissions=permissions)
        self.stops = Stops(limits.failures)

    def decide(self, url: str) -> Decision:
        """Return what robots.txt says of ``url``; a host whose rules cannot be kept is stopped."""
        target = read_target(url)
        self.stops.check(target)
        try:
            decision = self._robots.decide(url)
        except FetchError as error:
            self.stops.stop(target, error)
            raise
        if decision.delay is not None:
            self._pacer.slow_down(url, decision.delay)
        return decision

    @contextmanager
    def follow(
        self, url: str, *, headers: Mapping[str, str] | None = None, seconds: float
    ) -> Iterator[Reply]:
        """Yield the answer at the end of the redirects; the turn is held until its body is read."""
        hops = self._walk(
            url,
            headers=headers or {},
            seconds=seconds,
            redirects=self._limits.redirects,
            ask_leave=self._ask_leave,
        )
        with hops as reply:
            yield reply

    def persist(self, once: Callable[[], T]) -> T:
        """Return what ``once`` returns, tried again after failures that may pass."""
        tries = Retrying(
            retry=retry_if_exception_type(PassingError),
            stop=stop_after_attempt(self._limits.attempts),
            wait=self._wait,
            before_sleep=self._put_off,
            sleep=lambda _: None,  # the pacer waits: others of the group keep the distance too
            reraise=True,
        )
        try:
            return tries(once)
        except FetchError as error:
            self._account_for(error)
            raise

    def _ask_leave(self, url: str) -> str:
        decision = self.decide(url)
        if not decision.allowed:
            msg = (
                f"The site's robots.txt does not let programs fetch {url}. The council can give "
                "its leave, or the papers can be taken by hand."
            )
            raise FetchError("refused_robots", msg, url)
        return decision.word

    @contextmanager
    def _walk(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        seconds: float,
        redirects: int,
        ask_leave: Callable[[str], str],
    ) -> Iterator[Reply]:
        target = read_target(url)
        home = host_key(target)
        chain: list[str] = []
        words: list[str] = []
        while True:
            if is_error_page(target):
                msg = f"The site sent its error page: {chain[0] if chain else url}"
                raise FetchError("not_found", msg, str(target))
            words.append(ask_leave(str(target)))
            own = headers if host_key(target) == home else {}
            with self._pacer.turn(str(target)) as answered:
                self.stops.check(target)  # the host may have been given up while we waited
                with self._transfer.ask(
                    target, self._headers(target, own), seconds=seconds
                ) as answer:
                    answered()
                    self._jar.keep(target, answer.set_cookies)
                    if answer.status not in _REDIRECTS:
                        robots = "; ".join(dict.fromkeys(words))
                        yield Reply(target, tuple(chain), answer, robots)
                        self.stops.count_success(target)
                        return
                    location = answer.headers.get("location")
            chain.append(str(target))
            if len(chain) > redirects:
                msg = f"More than {redirects} redirects from {url}"
                raise _TooManyRedirectsError("failed_redirect", msg, str(target))
            target = next_hop(target, location)

    def _headers(self, target: httpx2.URL, own: Mapping[str, str]) -> dict[str, str]:
        headers = {
            "User-Agent": self._user_agent,
            "Accept": "*/*",
            "Accept-Encoding": ACCEPT_ENCODING,
            "Connection": "close",
            **own,
        }
        cookies = self._jar.header(target)
        return headers if cookies is None else {**headers, "Cookie": cookies}

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        if isinstance(error, PassingError) and error.wait is not None:
            return error.wait
        backoff = self._limits.backoff
        return backoff[min(state.attempt_number, len(backoff)) - 1]

    def _put_off(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome is not None else None
        if isinstance(error, PassingError) and state.next_action is not None:
            self._pacer.hold_off(error.url, state.next_action.sleep)

    def _account_for(self, error: FetchError) -> None:
        if error.host_stopped or error.outcome in ("blocked_waf", "failed_tls"):
            self.stops.stop(error.url, error)
        elif error.outcome == "not_found":
            self.stops.count_success(error.url)
        elif error.http_status in (401, 403):
            self.stops.count_failure(error.url, error, weight=_WEIGHT_OF_REFUSAL)
        elif isinstance(error, PassingError) and error.outcome != "failed_truncated":
            if error.wait is not None:
                self._pacer.hold_off(error.url, error.wait)
            self.stops.count_failure(error.url, error)

    def _read_robots(self, url: str) -> RobotsAnswer:
        try:
            return self.persist(partial(self._read_robots_once, url))
        except FetchError as error:
            if error.outcome == "not_found":
                return RobotsAnswer(b"", "no robots.txt (error page)")
            if isinstance(error, _TooManyRedirectsError):
                return RobotsAnswer(b"", "no robots.txt (redirects without end)")
            if error.outcome in ("failed_http", "failed_redirect", "failed_truncated"):
                msg = (
                    f"The robots.txt could not be read, so nothing is fetched for now: {error}. "
                    "Run the same command again later."
                )
                raise FetchError(
                    "refused_robots", msg, url, host_stopped=True, http_status=error.http_status
                ) from error
            # It was tried often enough: who asked must not try it all again.
            msg = f"The robots.txt could not be read, so nothing is fetched for now: {error}"
            raise FetchError(
                error.outcome, msg, error.url, host_stopped=True, http_status=error.http_status
            ) from error

    def _read_robots_once(self, url: str) -> RobotsAnswer:
        hops = self._walk(
            url,
            headers={},
            seconds=self._limits.page_seconds,
            redirects=_MAX_ROBOTS_REDIRECTS,
            ask_leave=lambda _: "",  # a robots.txt may always be read
        )
        with hops as reply:
            answer, here = reply.answer, str(reply.target)
            # RFC 9309, section 2.3.1.3: no rules can be had, so there are none; but a busy
            # server (429) has not said so.
            gone = 400 <= answer.status < 500 and answer.status != 429
            if not gone:
                judge_status(
                    answer,
                    here,
                    now=self._clock.now(),
                    longest_wait=self._limits.longest_wait,
                )
            body = bytearray()
            for piece in read_body(answer.chunks, answer.headers, url=here, max_bytes=_NO_END):
                body += piece
                if len(body) > MAX_BYTES:
                    # The rest is not read, and half a line says something else than a whole one.
                    body = body[: body.rfind(b"\n", 0, MAX_BYTES) + 1]
                    break
            judge_block(answer.status, answer.headers, bytes(body[:N_BYTES]), here)
            unavailable = f"no robots.txt ({answer.status})" if gone else None
            return RobotsAnswer(bytes(body), unavailable)
