"""HTML inside Markdown: what turns web pages into Markdown leaves tables of minutes as they are."""

from __future__ import annotations

import re
from functools import partial
from html import unescape
from typing import TYPE_CHECKING

from hwbtext.parse.emphasis import BOLD, parted_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.parse.builder import DocumentBuilder

# A tag starts with a letter; any other "<" is text. A script or comment may lack its end.
_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|"
    r"<(?P<close>/?)(?P<name>[a-z][a-z0-9]*)[^<>]*>|<[!?][^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_BLOCK_TAGS = frozenset("p div br li ul ol hr table tr td th h1 h2 h3 h4 h5 h6".split())
_STRONG = re.compile(r"<(strong|b)\b[^<>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_MARK = re.compile(r"\(?(?:\d{1,4}(?:[/.-]\d{1,4}){0,3}|[ivxIVX]{1,4}|[a-h])[.):]?")

_LABEL = re.compile(r"(?:Resolved|RESOLVED|Agreed|AGREED)\s+\d[\d/.]{2,14}\W*")
_FEWEST_CELLS = 2

_Paragraph = tuple[str, bool]  # its text, and whether bold makes it a title
_Cell = list[_Paragraph]


def write_markup(markup: str, builder: DocumentBuilder) -> None:
    """Write HTML: rows with their cells, and a block for all else that a tag ends.

    Parameters
    ----------
    markup : str
    builder : DocumentBuilder
        A row of one cell lays out the page, and is no table.
    """
    row: list[_Cell] = []
    label = ""  # "Resolved 4/20.1", on a line above what was resolved
    start = 0
    for tag in (*_MARKUP.finditer(markup), None):
        name = (tag["name"] or "").lower() if tag else "table"
        if name not in _BLOCK_TAGS:
            continue  # within a line
        for text, titled in _read(markup[start : tag.start() if tag else len(markup)]):
            if not label and _LABEL.fullmatch(text):
                label = f"{text} "
            elif row:
                row[-1].append((label + text, titled))
                label = ""
            else:
                _write_block(builder, (label + text, titled))
                label = ""
        start = tag.end() if tag else len(markup)
        if name in ("td", "th", "tr", "table") and label:
            (row[-1].append if row else partial(_write_block, builder))((label.strip(), False))
            label = ""
        if name in ("tr", "table"):
            _write_row(builder, row)
            row = []
        elif name in ("td", "th") and tag and not tag["close"]:
            row.append([])


def _read(markup: str) -> Iterator[_Paragraph]:
    """Yield what stands between two tags that end a block: a title in bold is one by itself."""
    pieces: list[tuple[str, bool]] = []
    start = 0
    for strong in (*_STRONG.finditer(markup), None):
        plain = markup[start : strong.start() if strong else len(markup)]
        pieces.append((_plain(plain), False))
        if strong:
            pieces.append((_plain(strong.group()), True))
            start = strong.end()
    for line, titled in parted_lines(pieces):
        if text := line.strip():
            yield text, titled


def _plain(markup: str) -> str:
    return re.sub(r"\s+", " ", unescape(_MARKUP.sub("", markup)))


def _write_block(builder: DocumentBuilder, paragraph: _Paragraph) -> None:
    text, titled = paragraph
    if titled:
        builder.text_block(text, "heading", level=BOLD)
    else:
        builder.text_block(text)


def _write_row(builder: DocumentBuilder, row: Sequence[_Cell]) -> None:
    if len(row) < _FEWEST_CELLS:
        for paragraph in (paragraph for cell in row for paragraph in cell):
            _write_block(builder, paragraph)
        return
    for part in _cut_row(row):
        builder.table_row([[text for text, _ in cell] for cell in part])


def _cut_row(cells: Sequence[_Cell]) -> Iterator[Sequence[_Cell]]:
    """Cut a row that holds several numbers, beside as many titles in bold, into one for each.

    Print set each number beside its title by blank lines, which no one reads.
    """
    numbers = cells[0]
    titles = [at for at, (_, titled) in enumerate(cells[1]) if titled]
    paired = len(numbers) == len(titles) > 0
    if not paired or not all(_MARK.fullmatch(text) for text, _ in numbers):
        yield cells
        return
    ends = [*titles[1:], len(cells[1])]
    for at, (number, title, end) in enumerate(zip(numbers, titles, ends, strict=True)):
        beside = cells[2:] if at == len(numbers) - 1 else [[] for _ in cells[2:]]
        yield [[number], cells[1][0 if at == 0 else title : end], *beside]
