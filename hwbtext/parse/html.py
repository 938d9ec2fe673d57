"""HTML pages: the text that a reader sees, block by block."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwbtext.parse.builder import DocumentBuilder, failed_document
from hwbtext.parse.plain import decode

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from hwbtext.records import BlockKind, Document, SourceFile

# Not what the page says: scripts, navigation, forms.
_DROPPED = frozenset(
    "script style noscript template nav header footer aside form select button svg iframe".split()
)
_BLOCKS = frozenset(
    "p div section article main li ul ol dl dt dd table tr td th caption blockquote pre h1 h2 h3 "
    "h4 h5 h6 br hr body fieldset address figure figcaption tbody thead tfoot center".split()
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?([\w-]{2,40})", re.IGNORECASE)


class HtmlParser:
    """HTML by lxml; entities of a DTD are never resolved, nothing is fetched."""

    name = "html"
    version = "1"

    def parse(self, data: bytes, source: SourceFile) -> Document:
        """Return the document; a page without text gives status FAILED."""
        from lxml import etree, html

        annotator = f"{self.name}@{self.version}"
        text = _decode_html(data)
        if text is None:
            return failed_document(source, "not_text", "The bytes are not text.", annotator)
        # A declared encoding in a str makes lxml refuse it.
        text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
        parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
        try:
            root = html.document_fromstring(text, parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
            return failed_document(source, "unreadable_html", f"Not readable: {error}", annotator)
        builder = DocumentBuilder(source, annotator)
        title = root.findtext(".//title")
        builder.title = " ".join(title.split()) if title and title.strip() else None
        _Writer(builder).walk(_main_part(root))
        builder.end_page(1)
        return builder.build()


def _main_part(root: HtmlElement) -> HtmlElement:
    """Return the element that the page itself names as its main content, else the body."""
    for path in (".//main", ".//*[@role='main']", "body"):
        found = root.find(path)
        if found is not None:
            return found
    return root


def _decode_html(data: bytes) -> str | None:
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(declared[1].decode("ascii"), errors="replace").replace("\x00", "")
        except LookupError:
            pass
    text = decode(data)
    return None if text is None else text.replace("\x00", "")


class _Writer:
    """Walks a tree without recursion (pages nest deeper than Python's stack) in text order."""

    def __init__(self, builder: DocumentBuilder) -> None:
        self._builder = builder
        self._inline: list[str] = []
        self._kind: BlockKind = "paragraph"
        self._level = 0

    def flush(self) -> None:
        self._builder.text_block("".join(self._inline), self._kind, self._level)
        self._inline = []
        self._kind, self._level = "paragraph", 0

    def walk(self, root: HtmlElement) -> None:
        todo: list[tuple[str, HtmlElement | str]] = [("open", root)]
        while todo:
            step, node = todo.pop()
            if isinstance(node, str):
                self._inline.append(node)
                continue
            tag = node.tag if isinstance(node.tag, str) else ""
            if step == "close":
                if tag in _BLOCKS:
                    self.flush()
                continue
            if tag in _DROPPED or not tag or _hidden(node):
                continue
            if tag == "table" and _is_data_table(node):
                self.flush()
                for row in node.iter("tr"):
                    cells = [cell for cell in row if cell.tag in ("td", "th")]
                    self._builder.table_row([[_visible_text(cell)] for cell in cells])
                continue
            if tag in _BLOCKS:
                self.flush()
            if tag == "li":
                self._kind = "list_item"
            elif len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
                self._kind, self._level = "heading", int(tag[1])
            children: list[tuple[str, HtmlElement | str]] = [("text", node.text or "")]
            for child in node:
                children += [("open", child), ("text", child.tail or "")]
            children.append(("close", node))
            todo.extend(reversed(children))
        self.flush()


def _hidden(node: HtmlElement) -> bool:
    style = (node.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or node.get("hidden") is not None


def _is_data_table(table: HtmlElement) -> bool:
    """Tell a table of data from one that lays out the page: that one holds tables or headings."""
    if any(next(table.iter(tag), None) is not None for tag in ("h1", "h2", "h3", "ul", "ol", "p")):
        return False
    if sum(1 for _ in table.iter("table")) > 1:
        return False
    return any(sum(cell.tag in ("td", "th") for cell in row) > 1 for row in table.iter("tr"))


def _visible_text(cell: HtmlElement) -> str:
    return " ".join(part for part in cell.itertext() if part.strip())
