"""Plain text and Markdown."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import TYPE_CHECKING

from charset_normalizer import from_bytes
from markdown_it import MarkdownIt

from hwbtext.parse.builder import DocumentBuilder, failed_document

if TYPE_CHECKING:
    from markdown_it.token import Token

    from hwbtext.records import Document, SourceFile

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(?P<body>.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(?P<name>[A-Za-z_]+):[ \t]*(?P<value>\S.*)$", re.MULTILINE)
_LIST_MARK = re.compile(r"^\s*(?:[•●▪*-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+\S")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WRAPPED = 60  # a line at least this long that ends no sentence runs on into the next


def decode(data: bytes) -> str | None:
    """Return the text of bytes: UTF-8 (or as its mark says), else the likeliest; None if none."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data.decode(codec, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(data).best()
        return None if best is None else str(best)


class PlainTextParser:
    """Text files: paragraphs between blank lines, wrapped lines joined."""

    name = "text"
    version = "1"

    def parse(self, data: bytes, source: SourceFile) -> Document:
        """Return the document; bytes that are no text give status FAILED."""
        text = decode(data)
        annotator = f"{self.name}@{self.version}"
        if text is None or "\x00" in text:
            return failed_document(source, "not_text", "The bytes are not text.", annotator)
        builder = DocumentBuilder(source, annotator)
        body = _take_front_matter(text, builder)
        for chunk in re.split(r"\n\s*\n", body.replace("\r\n", "\n").replace("\r", "\n")):
            paragraph: list[str] = []
            for line in chunk.split("\n"):
                if paragraph and not _runs_on(paragraph[-1], line):
                    _write_lines(builder, paragraph)
                    paragraph = []
                paragraph.append(line)
            _write_lines(builder, paragraph)
        builder.end_page(1)
        return builder.build()


class MarkdownParser:
    """Markdown by markdown-it: headings, lists with their printed numbers, tables."""

    name = "markdown"
    version = "1"

    def parse(self, data: bytes, source: SourceFile) -> Document:
        """Return the document; bytes that are no text give status FAILED."""
        text = decode(data)
        annotator = f"{self.name}@{self.version}"
        if text is None or "\x00" in text:
            return failed_document(source, "not_text", "The bytes are not text.", annotator)
        builder = DocumentBuilder(source, annotator)
        body = _take_front_matter(text, builder)
        _write_tokens(MarkdownIt("commonmark").enable("table").parse(body), builder)
        builder.end_page(1)
        return builder.build()


def _take_front_matter(text: str, builder: DocumentBuilder) -> str:
    """Note title and date of a front-matter block and return the text after it."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        return text
    fields = {m["name"].lower(): m["value"].strip("\"' \t") for m in _FIELD.finditer(match["body"])}
    builder.title = fields.get("title") or None
    try:
        builder.published = date.fromisoformat(fields.get("date", "")[:10])
    except ValueError:
        builder.published = None
    return text[match.end() :]


def _runs_on(line: str, following: str) -> bool:
    ended = line.rstrip().endswith((".", ":", ";", "?", "!"))
    return len(line) >= _WRAPPED and not ended and not _LIST_MARK.match(following)


def _write_lines(builder: DocumentBuilder, lines: list[str]) -> None:
    text = " ".join(lines)
    builder.text_block(text, "list_item" if _LIST_MARK.match(text) else "paragraph")


def _inline_text(token: Token) -> str:
    parts = []
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak"):
            parts.append("\n" if child.type == "hardbreak" else " ")
        elif child.type in ("text", "code_inline", "text_special"):
            parts.append(child.content)
    # Emphasis that CommonMark cannot close, and entities escaped twice, are no text.
    return unescape("".join(parts)).replace("**", "")


def _write_tokens(tokens: list[Token], builder: DocumentBuilder) -> None:
    """Write the blocks of a token stream; a list item starts with its printed mark."""
    mark = ""
    heading = 0
    cells: list[list[str]] = []
    for token in tokens:
        match token.type:
            case "list_item_open":
                mark = f"{token.info}{token.markup} " if token.info else f"{token.markup} "
            case "heading_open":
                heading = int(token.tag[1])
            case "heading_close":
                heading = 0
            case "tr_open":
                cells = []
            case "tr_close":
                builder.table_row(cells)
                cells = []
            case "th_open" | "td_open":
                cells.append([])
            case "inline" if cells:
                cells[-1].append(_inline_text(token))
            case "inline":
                for line in _inline_text(token).split("\n"):
                    kind = "heading" if heading else "list_item" if mark else "paragraph"
                    builder.text_block(mark + line, kind, level=heading)  # type: ignore[arg-type]
                    mark = ""
            case "code_block" | "fence":
                for line in token.content.split("\n"):
                    builder.text_block(line)
            case "html_block":
                builder.text_block(re.sub(r"<[^>]*>", " ", token.content))
