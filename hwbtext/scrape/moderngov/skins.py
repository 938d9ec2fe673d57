"""Small readings of ModernGov's HTML, whatever skin a council put round it.

The classes that begin with ``mg`` are the product's own and survive every skin; where they are
missing, addresses tell what a link is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import lxml.html
from lxml import etree

from hwbtext.scrape.moderngov.keys import resolve
from hwbtext.scrape.moderngov.tree import MAX_BYTES, decode, inner_text
from hwbtext.scrape.records import UnreadableAnswerError

if TYPE_CHECKING:
    from collections.abc import Iterator

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
# "PDF 119 KB", "(PDF, 1.2 MB)", "pdf icon PDF 133 KB", and what screen readers are told.
_SIZE = re.compile(
    r"\s*\(?\s*(?:(?:pdf|docx?|xlsx?|pptx?) icon\s*)?(?:(?:pdf|docx?|xlsx?|pptx?|html)\s*,?\s*)?"
    r"[\d.,]+\s*[KMG]B\s*\)?\s*$",
    re.IGNORECASE,
)
_ITEM_NOTE = re.compile(r"\s*,\s*item\s+\w+\.?(?=\s*$)", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"/documents/[sgb]\d+(?:/|$)|/mg(?:convert2pdf|choosedocpack|getattachment)\.aspx\?",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|odt|zip|txt)$", re.IGNORECASE)
_LOGIN = re.compile(r"/(?:ie|mg|uu)?log(?:on|in)\w*\.aspx", re.IGNORECASE)


def read_html(body: bytes) -> lxml.html.HtmlElement:
    """Return the root of a page; raises UnreadableAnswerError where there is nothing in it."""
    if len(body) > MAX_BYTES:
        raise UnreadableAnswerError(f"a page of {len(body):,} bytes; at most {MAX_BYTES:,}")
    text, _ = decode(body)
    # As bytes of a known encoding: what the page declares of itself is not to be believed.
    parser = lxml.html.HTMLParser(encoding="utf-8")
    try:
        root = lxml.html.document_fromstring(
            _ILLEGAL.sub("", text).encode("utf-8", "replace"), parser=parser
        )
    except etree.ParserError as error:
        raise UnreadableAnswerError("an empty page") from error
    etree.strip_elements(root, "script", "style", "noscript", "template", with_tail=False)
    return root


def page_base(root: lxml.html.HtmlElement, url: str) -> str:
    """Return the address that relative links of a page start from."""
    for element in root.iter("base"):
        if href := element.get("href"):
            return resolve(href, url) or url
    return url


def has_class(element: etree._Element, name: str) -> bool:
    """Tell whether an element has a class."""
    return name in (element.get("class") or "").split()


def with_class(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the elements of a class in document order, ``root`` included."""
    return (one for one in root.iter() if isinstance(one.tag, str) and has_class(one, name))


def within(element: etree._Element, *names: str) -> bool:
    """Tell whether an element stands in (or is) one of a class."""
    return any(
        has_class(above, name) for name in names for above in (element, *element.iterancestors())
    )


def squash(text: str) -> str:
    """Return text on one line.

    Examples
    --------
    >>> squash("  Item   4 ")
    'Item 4'
    """
    return " ".join(text.split())


def raw_text(element: etree._Element) -> str:
    """Return an element's text as listed, on one line."""
    return squash(inner_text(element))


def label_of(element: etree._Element) -> str:
    """Return a link's label without file size, hidden references and item numbers."""
    parts: list[str] = []

    def walk(one: etree._Element) -> None:
        if not isinstance(one.tag, str) or has_class(one, "mgFileSize") or has_class(one, "mgHide"):
            return
        parts.append(one.text or "")
        for inner in one:
            walk(inner)
            parts.append(inner.tail or "")

    walk(element)
    return trim_label(squash("".join(parts)))


def trim_label(label: str) -> str:
    """Take what sites add to a document's title away from its end.

    Examples
    --------
    >>> trim_label("Better Care Fund (PDF, 132 KB)"), trim_label("Appendix 1, item 82.")
    ('Better Care Fund', 'Appendix 1')
    """
    return _ITEM_NOTE.sub("", _SIZE.sub("", label)).strip()


def is_document(url: str) -> bool:
    """Tell whether an absolute address is that of a ModernGov document or of a file.

    Examples
    --------
    >>> is_document("https://x.gov.uk/documents/s5/A.pdf")
    True
    >>> is_document("https://x.gov.uk/mgIssueHistoryHome.aspx?IId=5")
    False
    """
    return bool(_DOCUMENT.search(url) or _FILE.search(urlsplit(url).path))


def is_login(url: str) -> bool:
    """Tell whether an address is that of a login form."""
    return bool(_LOGIN.search(url))


def is_page(url: str) -> bool:
    """Tell whether an address is another page of a site, a mail address or a script.

    Examples
    --------
    >>> is_page("https://x.gov.uk/mgUserInfo.aspx?UID=1"), is_page("https://x.gov.uk/a.pdf")
    (True, False)
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        return True
    return bool(re.search(r"\.(?:aspx?|asmx|php)$", parts.path, re.I)) and not is_document(url)
