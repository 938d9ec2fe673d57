"""Whether an answer is what was asked for: by its status, by its body, by what the file is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx2

from hwbtext.scrape.blocks import HINT, N_BYTES, asks_for_login, recognise_block
from hwbtext.scrape.pace import retry_after
from hwbtext.scrape.reading import TruncatedError, read_body
from hwbtext.scrape.records import FetchError
from hwbtext.scrape.sniff import HTML, PDF, PLAIN, XML
from hwbtext.scrape.transfer import PassingError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hwbtext.scrape.sniff import Sniffed
    from hwbtext.scrape.transfer import Answer

# What may pass; 520 to 524 and 530 are Cloudflare's, for a council's server behind it.
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530})
_FOR_GOOD = re.compile(rb"Missing parameter|Request format is unrecognized", re.I)
_HTML_NAME = re.compile(r"\.html?$", re.I)
_PDF_NAME = re.compile(r"(?:\.pdf|/mgconvert2pdf\.aspx)$", re.I)


def judge_status(answer: Answer, url: str, *, now: datetime, longest_wait: float) -> None:
    """Raise unless the status is that of a page or a file.

    Raises
    ------
    PassingError
        A busy or a failing server: worth another try, after the wait that it asked for.
    FetchError
        ``not_found``, ``blocked_waf``, ``failed_http``; ``deferred`` where the server asks for a
        longer wait than ``longest_wait``.
    """
    status = answer.status
    if status == 200:
        return
    body = _peek(answer, url)
    judge_block(status, answer.headers, body, url)
    if status in (404, 410):
        msg = f"There is no such page ({status}): {url}"
        raise FetchError("not_found", msg, url, http_status=status)
    if status == 500 and _FOR_GOOD.search(body):
        # ASP.NET's words for a web service that is asked in a way it does not know.
        msg = f"The web service does not take this request (500): {url}"
        raise FetchError("failed_http", msg, url, http_status=status)
    if status in _PASSING:
        wait = retry_after(answer.headers.get("retry-after"), now)
        if wait is not None and wait > longest_wait:
            msg = (
                f"The server asks for a wait of {wait:,.0f} seconds ({status}); a run keeps "
                f"{longest_wait:,.0f} at most. Run the same command again later."
            )
            raise FetchError("deferred", msg, url, host_stopped=True, http_status=status)
        msg = f"The server is busy or failing ({status}): {url}"
        raise PassingError("failed_http", msg, url, http_status=status, wait=wait)
    hint = " It may refuse programs altogether." if status in (401, 403) else ""
    msg = f"The server answered {status}: {url}.{hint}"
    raise FetchError("failed_http", msg, url, http_status=status)


def judge_block(status: int, headers: Mapping[str, str], body: bytes, url: str) -> None:
    """Raise ``blocked_waf`` where a firewall's page stands in place of the answer."""
    block = recognise_block(status, headers, body)
    if block is not None:
        msg = f"Blocked ({block}, status {status}): {url}. {HINT}"
        raise FetchError("blocked_waf", msg, url, host_stopped=True, http_status=status)


def judge_file(
    sniffed: Sniffed, head: bytes, *, declared: str | None, urls: tuple[str, ...]
) -> tuple[str, ...]:
    """Return warnings about a file that is none of the things that stand in for a paper.

    Parameters
    ----------
    sniffed : Sniffed
        What the file is.
    head : bytes
        Its beginning; empty for an empty file.
    declared : str or None
        Media type as the server said.
    urls : tuple of str
        The address asked for and the one that answered.

    Raises
    ------
    FetchError
        ``failed_empty``, or ``failed_type`` for a page in place of a file, and for a "PDF" that
        is nothing known. A Word file under the name of a PDF is a paper.
    """
    url = urls[-1]
    if not head:
        msg = f"The file is empty: {url}"
        raise FetchError("failed_empty", msg, url, http_status=200)
    paths = [httpx2.URL(address).path for address in urls]
    if sniffed.media_type == HTML:
        if asks_for_login(head):
            msg = f"A login form came in place of the file: {url}"
            raise FetchError("failed_type", msg, url, http_status=200)
        if not any(_HTML_NAME.search(path) for path in paths):
            msg = f"A web page came in place of the file: {url}"
            raise FetchError("failed_type", msg, url, http_status=200)
    says_pdf = declared == PDF or any(_PDF_NAME.search(path) for path in paths)
    if says_pdf and sniffed.media_type in (None, PLAIN, XML):
        msg = f"The server says PDF, and the content is none: {url}"
        raise FetchError("failed_type", msg, url, http_status=200)
    if sniffed.media_type is None:
        return (*sniffed.warnings, "type not told by the content")
    return sniffed.warnings


def _peek(answer: Answer, url: str) -> bytes:
    """Return the beginning of a body that is only looked at; a broken one is as good."""
    body = b""
    try:
        for piece in read_body(answer.chunks, answer.headers, url=url, max_bytes=N_BYTES):
            body += piece
    except (FetchError, TruncatedError):
        pass
    return body
