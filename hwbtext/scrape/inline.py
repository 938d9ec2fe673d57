"""Minutes that stand on a meeting's page, as one clean HTML file.

Many boards publish no other minutes. What is written holds the text and its structure only:
elements and attributes are let in by name, so that no script, style, picture or field of the
site comes along. The same items give the same bytes.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from lxml import etree, html

from hwbtext.scrape.records import Listing

if TYPE_CHECKING:
    from datetime import date

    from lxml.html import HtmlElement

    from hwbtext.records import Site
    from hwbtext.scrape.records import InlineItem, MeetingPapers

INLINE_TITLE = "Minutes on the meeting's page"

_KEPT = frozenset(
    "p br ul ol li dl dt dd table caption thead tbody tfoot tr td th b strong i em u s del ins sub "
    "sup blockquote pre".split()
)
_RENAMED = {"div": "p", "section": "p", "article": "p", "strike": "s"} | {
    f"h{level}": "h4" for level in range(1, 7)
}
# Gone with all that is in them; of any other element the content stays.
_DROPPED = frozenset(
    "script style noscript template iframe frame object embed applet svg math canvas audio video "
    "img picture link meta base input select option textarea button title head".split()
)
_ATTRIBUTES = {
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan"),
    "ol": ("start", "type"),
    "li": ("value",),
}
_HOLDS_BLOCKS = frozenset("div section article td li blockquote".split())
_BLOCKS = frozenset("p div ul ol dl table h1 h2 h3 h4 h5 h6 blockquote section article".split())
_PLAIN_VALUE = re.compile(r"\d{1,3}|[aAiI]")
# A page inside the text would end the reading at its own end.
_WHOLE_PAGE = re.compile(r"</?(?:html|body)\b[^<>]*>", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)

_UNFIT = re.compile(r"[^\t\n\r -\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def inline_key(meeting_id: str) -> str:
    """Return the key of a meeting's inline minutes, which have no address of their own."""
    return f"inline-minutes:{meeting_id}"


def inline_listing(papers: MeetingPapers, site: Site) -> Listing | None:
    """Return the inline minutes as a document of the meeting; None where there are none."""
    if not papers.inline:
        return None
    address = papers.meeting.url or site.base_url or ""
    day = f" {papers.meeting.day.isoformat()}" if papers.meeting.day else ""
    return Listing(
        doc_key=inline_key(papers.meeting.meeting_id),
        kind="minutes_inline",
        kind_evidence=f"text under {len(papers.inline)} items of the meeting's page",
        url=address,
        url_original=address,
        title=f"Minutes as on the page{day}",
        title_raw=INLINE_TITLE,
    )


def inline_html(papers: MeetingPapers, site_name: str) -> bytes | None:
    """Return the minutes as a page in UTF-8; None where no item holds any text.

    Parameters
    ----------
    papers : MeetingPapers
        Its ``inline`` items, in the order of the agenda.
    site_name : str
        Of the council, for the head of the page.

    Returns
    -------
    bytes or None
        Each item under a heading with its number and title; ``hwbtext.parse`` reads them.
    """
    parts = [part for item in papers.inline if (part := _item(item))]
    if not parts:
        return None
    committee = papers.meeting.committee or "the meeting"
    held = f"Minutes of {committee}{_held_on(papers.meeting.day, papers.meeting.time_raw)}"
    head = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{_text(held)}</title>\n</head>\n<body>\n"
        f"<h1>{_text(site_name)}</h1>\n<h2>{_text(committee)}</h2>\n<p>{_text(held)}</p>\n"
    )
    return (head + "".join(parts) + "</body>\n</html>\n").encode("utf-8", "replace")


def sanitize(markup: str) -> str:
    """Return markup of a site with text and structure alone, in paragraphs and tables.

    Examples
    --------
    >>> sanitize('<div class="WordSection1" onclick="x()"><p>Agreed<script>x()</script></p></div>')
    '<p>Agreed</p>'
    """
    markup = _WHOLE_PAGE.sub(" ", markup)
    plain = "".join(c for c in markup if c in "\t\n\r" or c >= " ").encode("utf-8", "ignore")
    try:
        root = html.document_fromstring(
            b"<div>" + plain + b"</div>",
            parser=html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True),
        )
    except etree.ParserError:
        return ""
    clean: HtmlElement = html.Element("body")
    _copy(root, clean)
    inner = escape(clean.text or "", quote=False)
    inner += "".join(etree.tostring(one, method="html", encoding="unicode") for one in clean)
    return inner.strip()


def _item(item: InlineItem) -> str:
    content = sanitize(item.html)
    if not "".join(re.sub(r"<[^>]*>|&nbsp;|\u00a0", "", content).split()):
        return ""
    number = _squash(item.number)
    number += "." if number[-1:].isdigit() else ""
    heading = f"{number} {_squash(item.title)}".strip()
    title = f"<h3>{_text(heading)}</h3>\n" if heading else ""
    return f"{title}{content}\n"


def _copy(source: HtmlElement, target: HtmlElement) -> None:
    """Copy what is let in; without recursion, for pages nest deeper than Python's stack."""
    todo: list[tuple[str, HtmlElement | str, HtmlElement]] = [("open", source, target)]
    while todo:
        step, node, into = todo.pop()
        if step == "text":
            assert isinstance(node, str)
            _add_text(into, node)
            continue
        assert not isinstance(node, str)
        tag = node.tag if isinstance(node.tag, str) else None
        below = into
        if tag is None or tag in _DROPPED or _is_hidden(node):
            continue
        if name := _name_of(node, tag):
            below = etree.SubElement(into, name)
            for key in _ATTRIBUTES.get(name, ()):
                if (value := node.get(key)) and _PLAIN_VALUE.fullmatch(value):
                    below.set(key, value)
        elif tag in _BLOCKS:
            _add_text(into, " ")
        steps: list[tuple[str, HtmlElement | str, HtmlElement]] = [("text", node.text or "", below)]
        for child in node:
            steps += [("open", child, below), ("text", child.tail or "", below)]
        todo.extend(reversed(steps))


def _name_of(node: HtmlElement, tag: str) -> str | None:
    """Return what an element becomes; None for one of which only the content stays."""
    if tag in _HOLDS_BLOCKS and tag in _RENAMED:
        # Word wraps all paragraphs into a section: a paragraph holds no paragraphs.
        return None if any(child.tag in _BLOCKS for child in node.iterdescendants()) else "p"
    return _RENAMED.get(tag, tag if tag in _KEPT else None)


def _add_text(into: HtmlElement, text: str) -> None:
    text = _UNFIT.sub("", text)  # a numeric reference can give what no XML may hold
    if not text:
        return
    if len(into):
        last = into[-1]
        last.tail = (last.tail or "") + text
    else:
        into.text = (into.text or "") + text


def _is_hidden(node: HtmlElement) -> bool:
    if node.get("hidden") is not None or "mgHide" in (node.get("class") or "").split():
        return True
    return bool(_HIDDEN.search(node.get("style") or ""))


def _held_on(day: date | None, time: str | None) -> str:
    if day is None:
        return ""
    at = f" at {_squash(time)}" if time and any(c.isdigit() for c in time) else ""
    return f" held on {day:%A}, {day.day} {day:%B %Y}{at}"


def _squash(text: str | None) -> str:
    return " ".join((text or "").split())


def _text(text: str) -> str:
    return escape("".join(c for c in text if c >= " " or c in "\t\n"), quote=False)
