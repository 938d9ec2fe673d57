"""Find the minutes and decisions that stand on a page, item by item."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from lxml import etree

from hwbtext.scrape.moderngov.keys import resolve
from hwbtext.scrape.moderngov.skins import has_class, raw_text
from hwbtext.scrape.moderngov.xml import has_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES: tuple[tuple[re.Pattern[str], Literal["minutes", "decisions"]], ...] = (
    (re.compile(r"^(?:draft |unconfirmed )?minutes?(?: text)?\s*:?$", re.IGNORECASE), "minutes"),
    (re.compile(r"^(?:draft )?decisions?\s*:?$", re.IGNORECASE), "decisions"),
)
_TITLE_CLASSES = ("mgSubItemTitleTxt", "mgSectionTitle", "mgSubSubTitleTxt", "mgLabel")
_TEXT_TAGS = frozenset("div p ol blockquote".split())
_MORE = re.compile(r"\bmgAi\.aspx\?", re.IGNORECASE)
_ELLIPSIS = re.compile(r"[\s ]*(?:\.{3}|…)[\s ]*$")


class Section(NamedTuple):
    """A part of an item: its title's element, what it is, its HTML, and where the rest is."""

    title: etree._Element
    name: Literal["minutes", "decisions"]
    html: str
    more: tuple[str, ...]


def find_sections(root: etree._Element, start: str) -> Iterator[Section]:
    """Yield the sections "Minutes:" and "Decision:" of a page that have any words.

    Parameters
    ----------
    root : Element
    start : str
        Address that relative links start from.
    """
    for element in root.iter("*"):
        if not any(has_class(element, name) for name in _TITLE_CLASSES):
            continue
        text = raw_text(element)
        name = next((name for pattern, name in _NAMES if pattern.match(text)), None)
        if name is None:
            continue
        paragraphs = list(_paragraphs(element))
        more = tuple(url for one in paragraphs for url in _cut(one, start))
        html = "\n".join(
            etree.tostring(one, encoding="unicode", method="html", with_tail=False)
            for one in paragraphs
        )
        if html and has_text(html):
            yield Section(element, name, html, more)


def _paragraphs(title: etree._Element) -> Iterator[etree._Element]:
    """Yield the text that follows a title, to the next one."""
    following: list[etree._Element] = []
    for one in title.itersiblings("*"):
        if any(has_class(one, name) for name in _TITLE_CLASSES):
            break
        following.append(one)
    # Recorded votes and links stand there too; they have no such class.
    marked = [one for one in following if has_class(one, "mgWordPara")]
    yield from marked or (one for one in following if one.tag in _TEXT_TAGS)


def _cut(paragraph: etree._Element, start: str) -> Iterator[str]:
    """Take the link "view the full minutes text" out of a paragraph and yield where it leads."""
    for link in list(paragraph.iter("a")):
        href = link.get("href") or ""
        if _MORE.search(href) and "full" in raw_text(link).lower():
            before = link.getprevious()
            above = link.getparent()
            if before is not None:
                before.tail = _ELLIPSIS.sub(" …", before.tail or "") + (link.tail or "")
            elif above is not None:
                above.text = _ELLIPSIS.sub(" …", above.text or "") + (link.tail or "")
            if above is not None:
                link.tail = None
                above.remove(link)
            yield resolve(href, start)
