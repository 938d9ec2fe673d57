"""The only door to the network: fetches pages and files, politely, and with every check.

Nothing here gets round a refusal. The rules of robots hold (a council's own leave excepted), the
program says who it is, a certificate that does not hold ends the request, and a host that blocks
is left alone.
"""

from __future__ import annotations

import hashlib
import re
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING
from uuid import uuid4

from hwbtext.errors import InputError
from hwbtext.scrape.addresses import system_resolve
from hwbtext.scrape.blocks import N_BYTES
from hwbtext.scrape.hops import Hops, Limits
from hwbtext.scrape.judging import judge_block, judge_file, judge_status
from hwbtext.scrape.pace import Clock, Pacer
from hwbtext.scrape.reading import read_body
from hwbtext.scrape.records import Download, FetchError, Page
from hwbtext.scrape.sniff import sniff_file
from hwbtext.scrape.transfer import Transfer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from hwbtext.scrape.addresses import Resolver
    from hwbtext.scrape.hops import Reply
    from hwbtext.scrape.records import Outcome, Permission
    from hwbtext.scrape.robots import Decision
    from hwbtext.scrape.transfer import Answer

_VERSION = version("hwbtext")
_CONTACT = re.compile(r"[^\s@();<>]+@[^\s@();<>]+\.[^\s@();<>]+|https?://[^\s();<>]+\.[^\s();<>]+")
_HOST_PORT = re.compile(r"(?:\[[0-9a-f:.]+\]|[0-9a-z._-]+):[0-9]{1,5}")


class Client:
    """Fetches pages and files; one for a run, shared by its threads.

    Parameters
    ----------
    contact : str
        An e-mail address or a page of whoever runs the program; councils see it.
    home : str or None
        A page that says what the program is.
    pacer : Pacer or None
        Gives turns; one with the default distance unless given.
    clock : Clock or None
        Where time comes from.
    limits : Limits or None
        How long and how much.
    allowed : collection of str
        Exact ``host:port`` that may have private addresses: an intranet, a server of the tests.
    permissions : mapping of str to Permission
        Leave of sites to fetch what their robots.txt refuses, by
        :func:`~hwbtext.scrape.targets.host_key`.
    ca_bundle : Path or None
        Certificates trusted beside those of the system.
    resolve : callable
        Gives the addresses of a host; they are checked whoever gives them.

    Raises
    ------
    InputError
        The contact is none, or an argument does not fit.

    Examples
    --------
    >>> Client(contact="data@ashmere.example").user_agent
    'hwbtext/... (data@ashmere.example)'
    >>> Client(contact="")
    Traceback (most recent call last):
    hwbtext.errors.InputError: Councils must see who asks: the contact must be an e-mail address
    or a web address; it is ''.
    """

    def __init__(
        self,
        *,
        contact: str,
        home: str | None = None,
        pacer: Pacer | None = None,
        clock: Clock | None = None,
        limits: Limits | None = None,
        allowed: Collection[str] = (),
        permissions: Mapping[str, Permission] | None = None,
        ca_bundle: Path | None = None,
        resolve: Resolver = system_resolve,
    ) -> None:
        self.user_agent = _user_agent(contact, home)
        self._clock = clock or Clock()
        self._limits = limits or Limits()
        transfer = Transfer(
            clock=self._clock,
            connect=self._limits.connect,
            read=self._limits.read,
            allowed=_checked_hosts(allowed),
            resolve=resolve,
            ca_bundle=ca_bundle,
        )
        self._hops = Hops(
            transfer=transfer,
            user_agent=self.user_agent,
            pacer=pacer or Pacer(clock=self._clock),
            clock=self._clock,
            limits=self._limits,
            permissions=permissions,
        )

    def page(self, url: str) -> Page:
        """Return the page at ``url``, redirects followed.

        Raises
        ------
        FetchError
            There is none: any status but 200 raises. 404 and 410 are ``not_found``, most others
            ``failed_http``; ``http_status`` has the status.
        """
        return self._hops.persist(partial(self._page_once, url))

    def download(
        self,
        url: str,
        into: Path,
        *,
        max_bytes: int,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Download:
        """Stream ``url`` to a new file in the folder ``into``, which is there already.

        With ``etag`` or ``last_modified``, as an earlier answer gave them, the server may say
        that nothing has changed. Whoever calls moves the file to its place.

        Raises
        ------
        FetchError
            No file could be had; nothing stays in ``into``.
        """
        told = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        validators = {  # a header can only be sent back where it is one that may be sent
            name: value
            for name, value in told.items()
            if value and value.isascii() and value.isprintable()
        }
        return self._hops.persist(
            partial(self._download_once, url, into, max_bytes=max_bytes, validators=validators)
        )

    def decide(self, url: str) -> Decision:
        """Return what robots.txt says of ``url``, which is not fetched."""
        return self._hops.decide(url)

    def stopped(self, url: str) -> tuple[Outcome, str] | None:
        """Return why nothing more is asked of the host of ``url`` in this run, or None.

        An address that is none has no host, and so no reason.
        """
        try:
            return self._hops.stops.why(url)
        except FetchError:
            return None

    def _page_once(self, url: str) -> Page:
        with self._hops.follow(url, seconds=self._limits.page_seconds) as reply:
            here = self._judge_status(reply)
            answer = reply.answer
            pieces = read_body(
                answer.chunks, answer.headers, url=here, max_bytes=self._limits.page_bytes
            )
            body = bytearray()
            for piece in pieces:  # which may be of one byte each
                body += piece
            judge_block(answer.status, answer.headers, bytes(body[: N_BYTES + 1]), here)
        return Page(
            url=url,
            url_final=here,
            status=answer.status,
            media_type=_media_type(answer),
            body=bytes(body),
            retrieved_at=self._clock.now(),
        )

    def _download_once(
        self, url: str, into: Path, *, max_bytes: int, validators: Mapping[str, str]
    ) -> Download:
        seconds = self._limits.file_seconds
        with self._hops.follow(url, headers=validators, seconds=seconds) as reply:
            if reply.answer.status == 304 and validators:
                return self._describe(reply, None, b"", (url,))
            here = self._judge_status(reply)
            pieces = read_body(
                reply.answer.chunks, reply.answer.headers, url=here, max_bytes=max_bytes
            )
            path, digest = _write(pieces, into, here)
        try:
            return self._describe(reply, path, digest, (url, here))
        except (FetchError, OSError, KeyboardInterrupt):
            path.unlink(missing_ok=True)
            raise

    def _judge_status(self, reply: Reply) -> str:
        here = str(reply.target)
        judge_status(
            reply.answer, here, now=self._clock.now(), longest_wait=self._limits.longest_wait
        )
        return here

    def _describe(
        self, reply: Reply, path: Path | None, digest: bytes, urls: tuple[str, ...]
    ) -> Download:
        answer, here = reply.answer, str(reply.target)
        sniffed = None if path is None else sniff_file(path)
        warnings: tuple[str, ...] = ()
        if path is not None and sniffed is not None:
            with path.open("rb") as file:
                head = file.read(N_BYTES + 1)
            judge_block(answer.status, answer.headers, head, here)
            warnings = judge_file(sniffed, head, declared=_media_type(answer), urls=urls)
        return Download(
            url_final=here,
            redirect_chain=reply.chain,
            http_status=answer.status,
            not_modified=path is None,
            path=path,
            n_bytes=0 if path is None else path.stat().st_size,
            sha256=None if path is None else digest.hex(),
            content_type=answer.headers.get("content-type"),
            sniffed_type=None if sniffed is None else sniffed.media_type,
            etag=answer.headers.get("etag"),
            last_modified=answer.headers.get("last-modified"),
            retrieved_at=self._clock.now(),  # never the server's Date, which may be wrong
            robots=reply.robots,
            warnings=warnings,
        )


def _write(pieces: Iterable[bytes], into: Path, url: str) -> tuple[Path, bytes]:
    """Write a new file and return it with the SHA-256 of its bytes; a failure leaves none."""
    digest = hashlib.sha256()
    # Not of tempfile: its files can be read by their owner alone, wherever they are moved to.
    path = into / f"download-{uuid4().hex}.part"
    done = False
    try:
        with path.open("xb") as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
        done = True
    except OSError as exc:  # what goes wrong in `pieces` is none
        msg = f"The file could not be written ({exc.strerror}): {url}"
        raise FetchError("failed_disk", msg, url) from exc
    finally:
        if not done:
            path.unlink(missing_ok=True)
    return path, digest.digest()


def _media_type(answer: Answer) -> str | None:
    told = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return told or None


def _user_agent(contact: str, home: str | None) -> str:
    for name, value in (("contact", contact), ("home", home)):
        fits = _CONTACT.fullmatch(value or "") and (value or "").isascii()
        if not fits and (name == "contact" or home is not None):
            msg = (
                f"Councils must see who asks: the {name} must be an e-mail address or a web "
                f"address; it is {value!r}."
            )
            raise InputError(msg)
    about = f"+{home}; {contact}" if home else contact
    return f"hwbtext/{_VERSION} ({about})"


def _checked_hosts(allowed: Collection[str]) -> frozenset[str]:
    for entry in allowed:
        if not _HOST_PORT.fullmatch(entry):
            msg = (
                "A host that may have a private address is written host:port, in small letters "
                f"and without a wildcard; this is {entry!r}."
            )
            raise InputError(msg)
    return frozenset(allowed)
