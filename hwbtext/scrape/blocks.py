"""Pages that stand where an answer should: a firewall's stub, a challenge, a login form.

They often come with status 200, so that only the body tells. None is ever worked round: the
host is left alone, and its papers can be taken by hand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx2

N_BYTES = 64 * 1024
"""How much of a body is looked at."""
_SMALL = 2_048
_STUB = 1_024

HINT = (
    "The site takes this program for an unwanted robot and is not asked again in this run. Ask the "
    "council to let it in (its name and your contact are in every request), or save the pages and "
    "papers by hand and give the folder to hwbtext."
)

_ANY_SIZE: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("Incapsula", re.compile(rb"Incapsula incident ID", re.I)),
    ("F5", re.compile(rb"The requested URL was rejected\. Please consult", re.I)),
)
_IN_SMALL: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    # Incapsula puts its script into true pages too: it tells only where there is nothing else.
    ("Incapsula", re.compile(rb"_Incapsula_Resource", re.I)),
    ("a captcha", re.compile(rb"\b(?:h|re)?captcha\b", re.I)),
)
_IN_ERRORS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    (
        "Cloudflare",
        re.compile(
            rb"cf[-_]chl|challenge-platform|<title>Just a moment|Attention Required! \| Cloudflare"
            rb"|cf-error-details|error code: 10(?:09|10|12|20)\b",
            re.I,
        ),
    ),
    ("CloudFront", re.compile(rb"The request could not be satisfied", re.I)),
    (
        "Akamai",
        re.compile(rb"<title>Access Denied</title>.{0,2000}Reference\s*(?:&#32;)?#", re.I | re.S),
    ),
    ("Sucuri", re.compile(rb"Sucuri WebSite Firewall", re.I)),
    ("Azure", re.compile(rb"Azure (?:WAF|Front Door|Application Gateway)", re.I)),
    ("a captcha", re.compile(rb"\b(?:h|re)?captcha\b", re.I)),
)
_HEADERS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("Cloudflare", "cf-mitigated", re.compile("challenge", re.I)),
    ("AWS WAF", "x-amzn-waf-action", re.compile("captcha|challenge", re.I)),
)
_REFUSALS = frozenset({401, 403, 405, 406, 429, 503})

_MARKUP = re.compile(
    rb"<(script|style|noscript|title)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.I | re.S
)
_FRAME = re.compile(rb"<(?:iframe|script)\b[^>]*\bsrc\s*=", re.I)
_PASSWORD = re.compile(rb"<input\b[^>]*\btype\s*=\s*[\"']?password", re.I)


def recognise_block(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Return what blocks, or None where the answer looks like one.

    Parameters
    ----------
    status : int
        Status of the answer.
    headers : mapping of str to str
        Headers, their names in small letters.
    body : bytes
        The body, or its first :data:`N_BYTES`.

    Examples
    --------
    >>> recognise_block(200, {}, b'<html><iframe src="/_Incapsula_Resource?x=1"></iframe></html>')
    'Incapsula'
    >>> recognise_block(403, {"cf-mitigated": "challenge"}, b"")
    'Cloudflare'
    >>> recognise_block(404, {}, b"<html><p>There is no such page.</p></html>") is None
    True
    """
    for name, header, word in _HEADERS:
        if word.search(headers.get(header, "")):
            return name
    patterns = _ANY_SIZE
    if status in _REFUSALS:
        patterns += _IN_ERRORS
    if looks_like_html(body) and len(body) <= _SMALL:
        patterns += _IN_SMALL
    for name, pattern in patterns:
        if pattern.search(body):
            return name
    stub = looks_like_html(body) and len(body) <= _STUB and _FRAME.search(body)
    if stub and not _MARKUP.sub(b"", body).strip():
        return "a page that shows nothing and loads something else"
    return None


def looks_like_html(head: bytes) -> bool:
    r"""Return whether bytes begin as a page does.

    Examples
    --------
    >>> looks_like_html(b"\xef\xbb\xbf <!DOCTYPE html><html>")
    True
    >>> looks_like_html(b"<?xml version='1.0'?><committees/>")
    False
    """
    start = head[:1_024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(b"<?xml"):
        return b"<html" in start
    return (
        re.match(rb"<(?:!doctype\s+html|html|head|body|title|meta|script|iframe|!--)", start)
        is not None
    )


def asks_for_login(body: bytes) -> bool:
    """Return whether a page has a field for a password.

    Examples
    --------
    >>> asks_for_login(b'<form><input name="p" type="password"></form>')
    True
    """
    return _PASSWORD.search(body) is not None


def is_error_page(target: httpx2.URL) -> bool:
    """Return whether an address is that of ModernGov's error page, which answers with 200.

    Examples
    --------
    >>> import httpx2
    >>> is_error_page(httpx2.URL("https://ashmere.example/MGError.aspx?x=1"))
    True
    """
    return target.path.lower().rpartition("/")[2] == "mgerror.aspx"
