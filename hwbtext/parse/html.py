"""HTML pages: the text that a reader sees, block by block."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwbtext.parse.builder import DocumentBuilder, failed_document
from hwbtext.parse.plain import decode

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from hwbtext.records import BlockKind, Document, SourceFile

# Not what the page says: scripts, navigation, fields to fill in. A form itself is kept: ASP.NET
# puts the whole page into one.
_DROPPED = frozenset(
    "script style noscript template nav header footer aside input select button textarea svg "
    "iframe".split()
)
_BLOCKS = frozenset(
    "p div section article main li ul ol dl dt dd table tr td th caption blockquote pre h1 h2 h3 "
    "h4 h5 h6 br hr body fieldset legend form address figure figcaption tbody thead tfoot "
    "center".split()
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?([\w-]{2,40})", re.IGNORECASE)
# Python knows more codecs, and some of them decode nothing or run escapes.
_WEB_CHARSET = re.compile(
    r"utf-?8|windows-125\d|iso-8859-\d+|koi8-\w|gb\w+|big5[\w-]*|shift[_-]jis|euc-\w+|macintosh"
)
# As the HTML standard reads them: a page whose ASCII could be read is not UTF-16.
_READ_AS = {
    "utf-16": "utf-8",
    "utf-16le": "utf-8",
    "utf-16be": "utf-8",
    "iso-8859-1": "windows-1252",
    "iso-8859-9": "windows-1254",
}
# What a page says of itself and of others, by the names that skins give it.
_CHROME = re.compile(
    r"\b(?:breadcrumbs?|side-?(?:nav|bar|menu)|(?:main|top|site|mobile|footer|section|sub|global|primary|"
    r"secondary|utility|left|right)[-_]?(?:nav(?:igation)?|menu)|nav(?:igation|bar)?|menu(?:-list|-holder)?|"
    r"skip[-_]?(?:link|nav|to)\w*|sr-only|visually-?hidden|cookie\w*|share[-_]?this|social\w*|footer|"
    r"site[-_]?(?:header|footer)|page-(?:header|footer)|mgFileSize|mgHide|mgFooter|mgActionList|mgHelpLine)\b",
    re.IGNORECASE,
)
_CHROME_ROLES = frozenset("navigation banner contentinfo search menu menubar".split())
_ITEM_TABLE = "mgItemTable"
_SECTION_LABEL = "mgSubItemTitleTxt"
_ITEM_LEVEL = 3
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii".split()
_MAX_SPAN = 50  # columns; a page can claim any number


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
        # libxml2 stops at 256 levels unless told that the tree may be huge, and then at 2,048.
        parser = html.HTMLParser(no_network=True, huge_tree=True, remove_comments=True)
        try:
            root = html.document_fromstring(text, parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
            return failed_document(source, "unreadable_html", f"Not readable: {error}", annotator)
        builder = DocumentBuilder(source, annotator)
        # Bad markup is an error and is mended; only what ends the reading is fatal.
        if fatal := parser.error_log.filter_from_fatals():
            message = f"The page was not read to its end: {fatal[0].message}"
            builder.add_issue("truncated_html", message)
        title = root.findtext(".//title")
        builder.title = " ".join(title.split()) if title and title.strip() else None
        _Writer(builder).walk(_main_part(root))
        builder.end_page(1)
        return builder.build()


def column_span(value: str | None) -> int:
    """Return the number of columns that a cell says it spans: 1 to 50.

    Examples
    --------
    >>> column_span("3"), column_span("0"), column_span("wide"), column_span(None)
    (3, 1, 1, 1)
    """
    match = re.match(r"\s*(\d{1,3})", value or "")
    return min(max(int(match[1]), 1), _MAX_SPAN) if match else 1


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
        charset = declared[1].decode("ascii").lower()
        charset = _READ_AS.get(charset, charset)
        if _WEB_CHARSET.fullmatch(charset):
            try:
                return data.decode(charset, errors="replace").replace("\x00", "")
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
        # The table of data, its row and cell that are open. Only these elements close them:
        # broken markup puts rows into rows and cells into cells.
        self._table: HtmlElement | None = None
        self._row: HtmlElement | None = None
        self._cell: HtmlElement | None = None
        self._cells: list[list[str]] = []
        self._items_open = 0  # tables of agenda items that are open
        self._number = ""  # of the item whose title comes next
        self._in_number = False
        self._mark = ""  # the number of the list item whose text comes next
        self._counts: dict[HtmlElement, int] = {}  # items that each ordered list has had

    def walk(self, root: HtmlElement) -> None:
        todo: list[tuple[str, HtmlElement | str]] = [("open", root)]
        while todo:
            step, node = todo.pop()
            if isinstance(node, str):
                self._inline.append(node)
                continue
            tag = node.tag if isinstance(node.tag, str) else ""
            if step == "close":
                self._close(node, tag)
                continue
            if (
                tag in _DROPPED
                or not tag
                or _hidden(node)
                or (node is not root and _is_chrome(node))
            ):
                continue
            if tag == "table" and _has_class(node, _ITEM_TABLE):
                self._flush()
                self._items_open += 1
            self._open(node, tag)
            children: list[tuple[str, HtmlElement | str]] = [("text", node.text or "")]
            for child in node:
                children += [("open", child), ("text", child.tail or "")]
            children.append(("close", node))
            todo.extend(reversed(children))
        self._flush()

    def _open(self, node: HtmlElement, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()
        if self._cell is not None:
            return
        if self._items_open and self._open_item_part(node, tag):
            return
        if tag == "li":
            self._kind = "list_item"
            self._mark = self._mark_of(node)
        elif tag == "caption":
            self._kind = "caption"
        elif len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self._kind, self._level = "heading", int(tag[1])
        elif tag == "table" and self._table is None and _is_data_table(node):
            self._table = node
        elif tag == "tr" and self._table is not None and self._row is None:
            self._row, self._cells = node, []
        elif tag in ("td", "th") and self._row is not None:
            self._cell = node

    def _open_item_part(self, node: HtmlElement, tag: str) -> bool:
        """Take number, title and labels of an item of a ModernGov page as minutes print them."""
        if tag == "td" and _has_class(node, "mgItemNumberCell"):
            self._in_number = True
            return True
        if tag in ("p", "div", "h3", "h4") and _has_class(node, "mgAiTitleTxt"):
            if not self._in_number:
                self._kind, self._level = "heading", _ITEM_LEVEL
            return True
        if _has_class(node, _SECTION_LABEL, "mgSubSubTitleTxt"):
            self._kind, self._level = "heading", _ITEM_LEVEL + 1
            return True
        return False

    def _close(self, node: HtmlElement, tag: str) -> None:
        if tag == "table" and _has_class(node, _ITEM_TABLE):
            self._flush()
            self._items_open -= 1
        if self._in_number and tag == "td":
            # The number goes before the title, which stands in the next cell.
            self._number = " ".join("".join(self._inline).split())
            self._inline, self._in_number = [], False
            self._kind, self._level = "paragraph", 0
            return
        if self._cell is not None and node is self._cell:
            empty: list[list[str]] = [[]] * (column_span(node.get("colspan")) - 1)
            self._cells += [["".join(self._inline)], *empty]
            self._inline, self._cell = [], None
        elif tag in _BLOCKS:
            self._flush()
            if tag == "li":
                self._mark = ""
        if node is self._row:
            self._builder.table_row(self._cells)
            self._row = None
        elif node is self._table:
            self._table = None

    def _mark_of(self, item: HtmlElement) -> str:
        """Return the number that a browser prints before an item of an ordered list."""
        parent = item.getparent()
        if parent is None or parent.tag != "ol":
            return ""
        if parent not in self._counts:
            start = re.match(r"\s*(\d{1,3})", parent.get("start") or "")
            self._counts[parent] = int(start[1]) - 1 if start else 0
        self._counts[parent] += 1
        number = self._counts[parent]
        match parent.get("type"):
            case "a" | "A" as letter if 1 <= number <= 26:
                return f"{chr(ord(letter) + number - 1)}. "
            case "i" | "I" if 1 <= number <= len(_ROMAN):
                return f"{_ROMAN[number - 1]}. "
        return f"{number}. "

    def _flush(self) -> None:
        """End a block; inside a cell that is no more than a space."""
        if self._cell is not None or self._in_number:
            self._inline.append(" ")
            return
        text = "".join(self._inline)
        if self._number.strip() and text.strip():
            if self._kind == "heading":
                text = f"{self._number} {text}"
            else:
                self._builder.text_block(self._number, "paragraph")
            self._number = ""
        if self._mark and text.strip():
            text, self._mark = self._mark + text, ""
            self._kind = "list_item" if self._kind == "paragraph" else self._kind
        self._builder.text_block(text, self._kind, self._level)
        self._inline = []
        self._kind, self._level = "paragraph", 0


def _has_class(node: HtmlElement, *names: str) -> bool:
    classes = (node.get("class") or "").split()
    return any(name in classes for name in names)


def _is_chrome(node: HtmlElement) -> bool:
    """Return whether an element is a menu, a trail or a footer by its role or its class."""
    if (node.get("role") or "").lower() in _CHROME_ROLES:
        return True
    names = f"{node.get('class') or ''} {node.get('id') or ''}".strip()
    if not names or node.tag in ("body", "html", "main", "form", "td", "th", "table"):
        return False
    if not _CHROME.search(names):
        return False
    # A wrapper named after the menu inside it holds the page as well.
    return next(node.iter("main", "article", "h1"), None) is None


def _hidden(node: HtmlElement) -> bool:
    style = (node.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or node.get("hidden") is not None


def _is_data_table(table: HtmlElement) -> bool:
    """Tell a table of data from one that lays out the page: that one holds tables or headings."""
    if table.find(".//table") is not None:  # first, for pages of nothing but nested tables
        return False
    if any(next(table.iter(tag), None) is not None for tag in ("h1", "h2", "h3", "ul", "ol", "p")):
        return False
    return any(sum(cell.tag in ("td", "th") for cell in row) > 1 for row in table.iter("tr"))
