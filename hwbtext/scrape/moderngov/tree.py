"""Read a web-service answer into a tree: no DTD, no entities, mended where it must be.

The service writes XML by hand: other bytes than it says, control characters, ``&nbsp;`` and
HTML that nobody escaped have all been seen. Each repair is told in a warning.
"""

from __future__ import annotations

import codecs
import html
import re

from lxml import etree

from hwbtext.scrape.records import UnreadableAnswerError

MAX_BYTES = 32 * 1024 * 1024
"""Longer answers are refused; a list of 5,000 meetings takes about 2 MB."""

_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?:#(?P<decimal>\d{1,8})|#[xX](?P<hex>[0-9A-Fa-f]{1,8})|(?P<name>\w+));")
_BARE = re.compile(r"&(?!(?:#\d{1,8}|#[xX][0-9A-Fa-f]{1,8}|\w+);)")
_WINDOWS = re.compile(r"&#(?:12[89]|1[34]\d|15\d);")
_DISGUISES = (
    ("&amp;", "\ue000", "&"),
    ("&lt;", "\ue001", "<"),
    ("&gt;", "\ue002", ">"),
    ("&quot;", "\ue003", '"'),
    ("&apos;", "\ue004", "'"),
)
# Fields that hold HTML; where it was not escaped, its tags need not match.
_HTML_FIELD = re.compile(
    r"(<(agendatext|minutesnonemptyhtmlbody|decision\w*|commenttext\d?)>)(.*?)(</\2>)",
    re.IGNORECASE | re.DOTALL,
)
_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]*(?:\[[^\]]*\]\s*)?>", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]*\?>")
_FIRST_TAG = re.compile(r"<(?=[A-Za-z_])(?P<name>[^\s/>]+)")


def decode(body: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a page or an answer, and warnings.

    UTF-16 and UTF-8 byte order marks are obeyed; what is no UTF-8 is taken for Windows-1252,
    whatever it is labelled.

    Examples
    --------
    >>> decode("caf\u00e9".encode("cp1252"))
    ('café', ('not UTF-8: read as Windows-1252',))
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(mark):
            return _punctuated(body[len(mark) :].decode(encoding, "replace")), ()
    try:
        return _punctuated(body.decode("utf-8")), ()
    except UnicodeDecodeError:
        text = _punctuated(body.decode("cp1252", "replace"))
        return text, ("not UTF-8: read as Windows-1252",)


def read_tree(body: bytes) -> tuple[etree._Element, tuple[str, ...]]:
    """Return the root of an XML answer, and what was mended.

    Raises
    ------
    UnreadableAnswerError
        The answer is empty, too long, plain text, HTML, cut off, or brings a DTD.
    """
    if len(body) > MAX_BYTES:
        raise UnreadableAnswerError(f"an answer of {len(body):,} bytes; at most {MAX_BYTES:,}")
    text, warnings = decode(body)
    text = _DECLARATION.sub("", text)
    first = _FIRST_TAG.search(text)
    if first is None:
        raise UnreadableAnswerError(f"no XML: {' '.join(text.split())[:80]!r}")
    if re.search(r"<!\s*DOCTYPE|<!\s*ENTITY", text[: first.start()], re.IGNORECASE):
        # HTML says so too; either way it is no answer of the service.
        raise UnreadableAnswerError("the answer has a DOCTYPE: an HTML page, or a refused DTD")
    if text[: first.start()].strip() and not re.match(r"\s*<[!?]", text):
        raise UnreadableAnswerError(f"no XML: {' '.join(text.split())[:80]!r}")
    name = first["name"]
    if name.lower() in {"html", "head", "body"}:
        raise UnreadableAnswerError("an HTML page where XML was expected")
    if not re.search(rf"(?:</{re.escape(name)}\s*|/)>\s*(?:<!--.*-->\s*)?$", text, re.DOTALL):
        # A list that stops early must not pass for a short list.
        raise UnreadableAnswerError(f"the answer is cut off: no end of <{name}>")
    root = _parse(text)
    if root is not None:
        return root, warnings
    mended = _mend(text)
    warnings += ("mended: characters or entities that XML does not allow",)
    root = _parse(mended)
    if root is None:
        warnings += ("mended: tags that do not match",)
        root = _recover(mended)
    if root is None:
        raise UnreadableAnswerError("an answer that cannot be mended into XML")
    return root, warnings


def name_of(element: etree._Element) -> str:
    """Return the local name in lower case; SOAP answers have a namespace, GET answers none."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def descendants(element: etree._Element, name: str) -> list[etree._Element]:
    """Return all elements of a local name below (or at) an element: one or many alike."""
    return [one for one in element.iter() if name_of(one) == name]


def child(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first child of a local name."""
    return next((one for one in element if name_of(one) == name), None)


def plain(element: etree._Element, name: str) -> str | None:
    """Return a child's text on one line, escaped once too often or not; None where it is blank.

    The service escapes titles before it writes them into XML, so a parsed title still reads
    ``Health &amp; Wellbeing``.
    """
    field = child(element, name)
    if field is None:
        return None
    return " ".join(html.unescape(inner_text(field)).split()) or None


def inner_text(element: etree._Element) -> str:
    """Return all text of an element, its children's included, as it stands."""
    return "".join(str(part) for part in element.itertext())


def markup(element: etree._Element, name: str) -> str | None:
    """Return a child's HTML, whether it was escaped or stands as elements; None where blank."""
    field = child(element, name)
    if field is None:
        return None
    parts = [html.escape(field.text, quote=False)] if len(field) and field.text else [field.text]
    parts += [etree.tostring(one, encoding="unicode", method="html") for one in field]
    written = "".join(part for part in parts if part).strip()
    return written or None


def _punctuated(text: str) -> str:
    # "&#146;" is Windows-1252's apostrophe, whatever the standard says that it is.
    return _WINDOWS.sub(lambda match: html.unescape(match.group()), text)


def _parse(text: str, *, recover: bool = False) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None
    return root if isinstance(root, etree._Element) else None


def _recover(text: str) -> etree._Element | None:
    # After its first error libxml2 drops "&amp;" and its like: they go round it in disguise.
    for entity, disguise, _ in _DISGUISES:
        text = text.replace(entity, disguise)
    root = _parse(text, recover=True)
    if root is None:
        return None
    back = {ord(disguise): character for _, disguise, character in _DISGUISES}
    for element in root.iter():
        element.text = element.text.translate(back) if element.text else element.text
        element.tail = element.tail.translate(back) if element.tail else element.tail
    return root


def _mend(text: str) -> str:
    text = _HTML_FIELD.sub(_escaped, _DOCTYPE.sub("", text))
    return _BARE.sub("&amp;", _REFERENCE.sub(_legal, _ILLEGAL.sub("", text)))


def _escaped(match: re.Match[str]) -> str:
    start, _, body, end = match.groups()
    if "<" not in body or "<![CDATA[" in body:
        return match.group()
    return f"{start}{html.escape(body, quote=False)}{end}"


def _legal(match: re.Match[str]) -> str:
    if name := match["name"]:
        if name in _XML_ENTITIES:
            return match.group()
        character = html.unescape(match.group())
        return character if character != match.group() else f"&amp;{name};"
    number = int(match["decimal"]) if match["decimal"] else int(match["hex"], 16)
    allowed = number in {9, 10, 13} or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE
    return match.group() if allowed or 0x10000 <= number < 0x110000 else ""
