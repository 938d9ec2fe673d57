"""Addresses of a ModernGov site: one key however an address is written.

A key is opaque text without a scheme: host, the site's own path, and what tells the document
(``democracy.ashmere.gov.uk/s/60860``). ``documents/s60860/A.pdf`` and
``mgConvert2PDF.aspx?ID=60860`` are probably one attachment, but no source says so for certain:
they have two keys and one :func:`attachment_id`, and the bytes decide.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urljoin, urlsplit, urlunsplit

# ASP.NET's cookieless session: "/(S(k2p))/" and, with more than a session in it, "/(X(1)S(k2p))/".
_SESSION = re.compile(r"/\((?:[A-Za-z]\([^()/]*\))+\)(?=/|$)")
_PAGE = re.compile(r"/[^/]*\.as(?:px|mx|hx|p)(?:/.*)?$", re.IGNORECASE)
_FILE = re.compile(r"^(?P<base>.*?)/documents/(?P<type>[sgb])(?P<id>\d+)(?:/(?P<name>.*))?$", re.I)
_HANDLER = re.compile(r"^(?P<base>.*)/(?P<page>[a-z0-9]+)\.aspx$", re.IGNORECASE)
# Whole-meeting files that some sites link without T: what their names say stands in its place.
_NAMED_T = (
    ("agenda frontsheet", "0"),
    ("printed minutes", "1"),
    ("decisions", "2"),
    ("public reports pack", "10"),
    ("public minutes", "11"),
)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_KEPT = "!$&'()*+,;=:@/%~-._"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def normalize_base(url: str) -> str:
    """Return the address of the folder that holds the site's pages, without a last slash.

    A page's name, a query and a session in the path go; the sub-path stays, since
    ``https://www.ashmere.gov.uk/moderngov`` is not ``https://www.ashmere.gov.uk``.

    Examples
    --------
    >>> normalize_base("HTTPS://Democracy.Ashmere.gov.uk/moderngov/ieDocHome.aspx?bcr=1")
    'https://democracy.ashmere.gov.uk/moderngov'
    >>> normalize_base("democracy.ashmere.gov.uk/")
    'https://democracy.ashmere.gov.uk'
    """
    written = url.strip()
    parts = urlsplit(written if "://" in written else f"https://{written}")
    path = _PAGE.sub("", _SESSION.sub("", parts.path)).rstrip("/")
    return f"{parts.scheme.lower()}://{_host(parts)}{path}"


def resolve(href: str, page_url: str) -> str:
    """Return the absolute address that a page means by ``href``, encoded once, no fragment.

    Line breaks and control characters inside go, as browsers drop them; what is encoded
    already stays as it is, so ``%2520`` is asked for as ``%2520``. An ``href`` that can be no
    address gives an empty string. Where the page has a ``<base href>``, pass that.

    Examples
    --------
    >>> resolve("documents/s1/A & B.pdf", "https://x.gov.uk/modernGov/ieListDocuments.aspx?MId=1")
    'https://x.gov.uk/modernGov/documents/s1/A%20&%20B.pdf'
    """
    cleaned = re.sub(r"[\x00-\x1f\x7f]", "", href).strip()
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", cleaned) or cleaned.lower().startswith("http"):
        path, mark, query = cleaned.partition("?")
        cleaned = path.replace("\\", "/") + mark + query
    try:
        parts = urlsplit(urljoin(page_url, cleaned))
        if parts.scheme not in {"http", "https"}:
            return urlunsplit(parts)
        host = _host(parts)
    except ValueError:
        return ""
    if not host:
        return ""
    return urlunsplit(
        (parts.scheme, host, _encoded(parts.path, _KEPT), _encoded(parts.query, _KEPT + "?"), "")
    )


def with_scheme_of(base: str, url: str) -> str:
    """Return an address of the site's own host under the scheme of the site.

    Answers of sites that moved to https still write http, which nothing may fall back to.

    Examples
    --------
    >>> with_scheme_of("https://x.gov.uk", "http://x.gov.uk/documents/s1/A.pdf")
    'https://x.gov.uk/documents/s1/A.pdf'
    """
    own, other = urlsplit(base), urlsplit(url)
    if (own.scheme, other.scheme) == ("https", "http") and own.hostname == other.hostname:
        return urlunsplit(other._replace(scheme="https")) if other.port is None else url
    return url


def document_key(url: str, base: str) -> str:
    """Return the canonical key of a document's address.

    Parameters
    ----------
    url : str
        Absolute, or relative to ``base``.
    base : str
        Address of the site, as :func:`normalize_base` gives it.

    Examples
    --------
    >>> base = "https://x.gov.uk"
    >>> document_key("http://X.gov.uk/(S(abc))/documents/s5/A%20b.pdf#page=2", base)
    'x.gov.uk/s/5'
    >>> document_key("mgConvert2PDF.aspx?ID=5", base)
    'x.gov.uk/convert/5'
    >>> document_key("mgConvert2PDF.aspx?ID=5&T=10", base)
    'x.gov.uk/convert/5?T=10'
    >>> document_key("documents/g9236/Printed minutes 18th-Apr-2019.pdf?T=1", base)
    'x.gov.uk/g/9236?T=1'
    """
    parts = urlsplit(resolve(url, base + "/"))
    path = _SESSION.sub("", parts.path)
    query = {name.lower(): value for name, value in parse_qsl(parts.query)}
    if file := _FILE.match(path):
        folder = f"{_host(parts)}{file['base'].lower()}/{file['type'].lower()}/{file['id']}"
        if file["type"].lower() == "s":
            return folder  # the name after the number is the title, which gets corrected
        return f"{folder}?T={query['t']}" if query.get("t") else folder + _named(file["name"])
    handler = _HANDLER.match(path)
    page = handler["page"].lower() if handler else ""
    if handler and page in {"mgconvert2pdf", "mgchoosedocpack"} and query.get("id", "").isdigit():
        folder = f"{_host(parts)}{handler['base'].lower()}"
        name = "convert" if page == "mgconvert2pdf" else "pack"
        kept = [f"{key.upper()}={query[key]}" for key in ("sid", "t") if query.get(key)]
        return f"{folder}/{name}/{query['id']}" + ("?" + "&".join(kept) if kept else "")
    plain = quote(unquote(path), safe=_KEPT.replace("%", ""))
    return f"{_host(parts)}{plain}" + (f"?{parts.query}" if parts.query else "")


def meeting_key(url: str, base: str) -> str | None:
    """Return the canonical key of a meeting page's address; None where it is no such address.

    Examples
    --------
    >>> meeting_key("ieListDocuments.aspx?CId=7&MID=12&Ver=4#AI3", "https://x.gov.uk/modgov")
    'x.gov.uk/modgov/m/12'
    """
    parts = urlsplit(resolve(url, base + "/"))
    number = meeting_id(url)
    handler = _HANDLER.match(_SESSION.sub("", parts.path))
    if handler is None or number is None:
        return None
    # Pages of the system before this one number their meetings anew.
    kind = "m" if handler["page"].lower() == "ielistdocuments" else "ce"
    return f"{_host(parts)}{handler['base'].lower()}/{kind}/{number}"


def key_base(base: str) -> str:
    """Return what all keys of a site begin with.

    Examples
    --------
    >>> key_base("https://www.Ashmere.gov.uk/modernGov/")
    'www.ashmere.gov.uk/moderngov'
    """
    parts = urlsplit(normalize_base(base))
    return f"{_host(parts)}{parts.path.lower()}"


def meeting_id(url: str) -> str | None:
    """Return the meeting's number in the address of its page, None where there is none.

    Examples
    --------
    >>> meeting_id("ieListDocuments.aspx?CId=7&MeetingId=12")
    '12'
    """
    if not re.search(r"\b(?:ie|ce)listdocuments\.aspx", url, re.IGNORECASE):
        return None
    return query_number(url, "mid", "meetingid")


def query_number(url: str, *names: str) -> str | None:
    """Return the first whole number that the query gives under one of the (lower-case) names.

    Examples
    --------
    >>> query_number("ieListMeetings.aspx?CommitteeId=130&Year=0", "cid", "committeeid")
    '130'
    """
    _, _, query = re.sub(r"\s", "", url).partition("?")
    for name, value in parse_qsl(query.partition("#")[0]):
        if name.lower() in names and re.fullmatch(r"[0-9]+", value) and int(value):
            return value
    return None


def attachment_id(url: str) -> str | None:
    """Return the number of the attachment that an address gives; None for whole-meeting files.

    Examples
    --------
    >>> attachment_id("https://x.gov.uk/documents/s60860/A.pdf")
    '60860'
    >>> attachment_id("https://x.gov.uk/mgConvert2PDF.aspx?ID=60860")
    '60860'
    >>> attachment_id("https://x.gov.uk/mgConvert2PDF.aspx?ID=60860&T=10") is None
    True
    """
    path, _, query = re.sub(r"[\r\n]", "", url).partition("?")
    if file := _FILE.match("/" + path):
        return file["id"] if file["type"].lower() == "s" else None
    names = {name.lower() for name, _ in parse_qsl(query)}
    if path.lower().endswith("mgconvert2pdf.aspx") and "t" not in names:
        return query_number(url, "id")
    return None


def file_type(url: str) -> str | None:
    """Return T, the type of a whole-meeting file, as the address gives it.

    Examples
    --------
    >>> file_type("documents/b552/Late items.pdf?T=9")
    '9'
    """
    for name, value in parse_qsl(url.partition("?")[2].partition("#")[0]):
        if name.lower() == "t" and value.isdigit():
            return value
    return None


def _named(name: str | None) -> str:
    plain = re.sub(r"[\s_]+", " ", unquote(name or "")).strip().lower()
    for label, number in _NAMED_T:
        if plain.startswith(label):
            return f"?T={number}"
    words = re.split(r"\d", plain, maxsplit=1)[0]
    slug = re.sub(r"[^a-z]+", "-", words).strip("-")
    return f"?name={slug}" if slug else ""


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    default = _DEFAULT_PORTS.get(parts.scheme.lower())
    return host if parts.port in {None, default} else f"{host}:{parts.port}"


def _encoded(text: str, kept: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", text), safe=kept)
