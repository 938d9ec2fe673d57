"""Plain text and Markdown."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from datetime import date
from html import unescape
from typing import TYPE_CHECKING

from charset_normalizer import from_bytes
from markdown_it import MarkdownIt

from hwbtext.parse.builder import DocumentBuilder, failed_document
from hwbtext.parse.emphasis import BOLD, parted_lines
from hwbtext.parse.markup import write_markup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

    from hwbtext.records import Document, SourceFile

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<body>.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"(?P<name>[A-Za-z_][\w-]*):(?:[ \t]+(?P<value>.*))?")
_UNDER_FIELD = re.compile(r"-(?:[ \t].*)?|[ \t].*|")  # a list item, an indented or a blank line
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LIST_MARK = re.compile(r"^\s*(?:[•●▪*-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+\S")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
_MAX_BYTES = 8 * 1024 * 1024
"""The text of a thousand pages is 3 MB; nothing but one-letter lines takes two minutes at 8."""
_RULE = re.compile(r"\|(?:\s*:?-{3,}:?\s*\|)+\s*")  # between the head of a table and its rows
_PIPE = re.compile(r"(?<!\\)\|")
_MOST_IN_ROW = 300  # lines of one row: what does not close by then is no table
_WRAPPED = 60  # a line at least this long that ends no sentence runs on into the next


def decode(data: bytes) -> str | None:
    """Return the text of bytes, or None if they are none.

    They are what their mark says, else UTF-8, else Windows-1252 (old papers of Word and
    Notepad), else whatever is likeliest.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data.decode(codec, errors="replace")
    # Windows-1252 takes nearly any bytes, but text has no control characters.
    for codec in ("utf-8",) if _CONTROL.search(data) else ("utf-8", "windows-1252"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    best = from_bytes(data).best()
    return None if best is None else str(best)


class _TextParser(ABC):
    """What both formats share: decoding and front matter."""

    name: str
    version: str

    def parse(self, data: bytes, source: SourceFile) -> Document:
        """Return the document; bytes that are no text give status FAILED."""
        annotator = f"{self.name}@{self.version}"
        if len(data) > _MAX_BYTES:
            message = f"{len(data):,} bytes of text; the limit is {_MAX_BYTES:,}."
            return failed_document(source, "too_large", message, annotator)
        text = decode(data)
        if text is None or "\x00" in text:
            return failed_document(source, "not_text", "The bytes are not text.", annotator)
        builder = DocumentBuilder(source, annotator)
        self._write(_take_front_matter(re.sub(r"\r\n?", "\n", text), builder), builder)
        builder.end_page(1)
        return builder.build()

    @abstractmethod
    def _write(self, text: str, builder: DocumentBuilder) -> None:
        """Write the blocks of a text whose lines end in a line feed."""


class PlainTextParser(_TextParser):
    """Text files: paragraphs between blank lines, wrapped lines joined."""

    name = "text"
    version = "1"

    def _write(self, text: str, builder: DocumentBuilder) -> None:
        for chunk in re.split(r"\n\s*\n", text):
            paragraph: list[str] = []
            for line in chunk.split("\n"):
                if paragraph and not _runs_on(paragraph[-1], line):
                    _write_lines(builder, paragraph)
                    paragraph = []
                paragraph.append(line)
            _write_lines(builder, paragraph)


class MarkdownParser(_TextParser):
    """Markdown by markdown-it: headings, lists with their printed numbers, tables."""

    name = "markdown"
    version = "1"

    def _write(self, text: str, builder: DocumentBuilder) -> None:
        _write_tokens(MarkdownIt("commonmark").enable("table").parse(_close_rows(text)), builder)


def _close_rows(text: str) -> str:
    """Set each row of a table on one line: what turns web pages into Markdown breaks long cells."""
    lines = text.split("\n")
    rules = [at for at, line in enumerate(lines) if _RULE.fullmatch(line)]
    if not rules:
        return text
    closed: list[str] = []
    at = 0
    for rule in rules:
        if rule < at:
            continue
        n_pipes = len(_PIPE.findall(lines[rule]))
        head = _row_above(lines, at, rule, n_pipes)
        closed += lines[at:head]
        if head < rule:
            closed.append(_one_line(lines[head:rule]))
        closed.append(lines[rule])
        at = rule + 1
        while at < len(lines) and (end := _row_end(lines, at, n_pipes)):
            closed.append(_one_line(lines[at:end]))
            at = end
    return "\n".join([*closed, *lines[at:]])


def _row_above(lines: list[str], low: int, rule: int, n_pipes: int) -> int:
    """Return where the head of a table begins that ends right above its rule."""
    count = 0
    for at in range(rule - 1, max(low, rule - _MOST_IN_ROW) - 1, -1):
        count += len(_PIPE.findall(lines[at]))
        if count >= n_pipes:
            return at if lines[at].startswith("|") else rule
    return rule


def _row_end(lines: list[str], at: int, n_pipes: int) -> int | None:
    """Return the line after a row; None where a line opens none, or its row does not close."""
    if not lines[at].startswith("|"):
        return None
    count = 0
    for end in range(at, min(at + _MOST_IN_ROW, len(lines))):
        count += len(_PIPE.findall(lines[end]))
        if count >= n_pipes:
            return end + 1
    return None


def _one_line(lines: list[str]) -> str:
    return "<br>".join(line.strip() for line in lines if line.strip())


def _take_front_matter(text: str, builder: DocumentBuilder) -> str:
    """Note title and date of a front-matter block and return the text after it.

    A block with any other line than fields and what belongs to them is text between rules.
    """
    match = _FRONT_MATTER.match(text)
    if match is None:
        return text
    fields: dict[str, str] = {}
    for line in match["body"].split("\n"):
        if field := _FIELD.fullmatch(line):
            fields[field["name"].lower()] = (field["value"] or "").strip("\"' \t")
        elif not (_UNDER_FIELD.fullmatch(line) and (fields or not line.strip())):
            return text
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
    return "".join(text for text, _ in _inline_parts(token))


def _inline_parts(token: Token) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a paragraph, and whether each is set in bold."""
    bold = 0
    for child in token.children or []:
        if child.type in ("strong_open", "strong_close"):
            bold += child.nesting
        elif child.type == "softbreak":
            yield " ", bold > 0
        elif child.type == "hardbreak" or (
            child.type == "html_inline" and _BREAK.fullmatch(child.content)
        ):
            yield "\n", bold > 0
        elif child.type == "code_inline":
            yield child.content, bold > 0
        elif child.type in ("text", "text_special"):
            # Emphasis that CommonMark cannot close, and entities escaped twice, are no text.
            yield unescape(child.content).replace("**", ""), bold > 0


def _write_tokens(tokens: list[Token], builder: DocumentBuilder) -> None:
    """Write the blocks of a token stream; a list item starts with its printed mark."""
    mark = ""
    heading = 0
    cells: list[list[str]] = []
    for token in tokens:
        match token.type:
            case "list_item_open":
                mark = f"{token.info}{token.markup} " if token.info else f"{token.markup} "
            case "list_item_close":
                # An empty item: its dash says nothing, but "2020." may end a wrapped sentence.
                if mark[:1].isdigit():
                    builder.text_block(mark, "list_item")
                mark = ""
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
                cells[-1] += _inline_text(token).split("\n")
            case "inline":
                if heading:
                    for line in _inline_text(token).split("\n"):
                        builder.text_block(line, "heading", level=heading)
                    continue
                for line, titled in parted_lines(_inline_parts(token), mark):
                    if titled:
                        builder.text_block(line, "heading", level=BOLD)
                    else:
                        builder.text_block(line, "list_item" if mark else "paragraph")
                    mark = ""
            case "code_block" | "fence":
                for line in token.content.split("\n"):
                    builder.text_block(line)
            case "html_block":
                write_markup(token.content, builder)
