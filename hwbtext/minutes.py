"""The grammar of UK minutes: numbered agenda items, and resolutions with their clauses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.records import AgendaItem, CharSpan
from hwbtext.text import same_length, strip_span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.records import Document

_NUMBER = (
    r"(?:(?:agenda\s+)?item(?:\s+no\.?)?\s+|minute(?:\s+no\.?)?\s+)?"
    r"(?P<number>(?:[A-Z]{1,6}\s?[/.]?\s?)?\d{1,4}(?:[./]\d{1,4}){0,3}[a-z]?)"
)
_ITEM = re.compile(rf"^{_NUMBER}\s?[.):]?[\s:–-]+(?P<title>[A-Z\"'“‘(].*)$", re.DOTALL)
_ITEM_WORD = re.compile(r"^(?:agenda\s+)?item\b|^minute\b", re.IGNORECASE)
_ITEM_HEADER = re.compile(
    r"^(?:(?:agenda\s+)?items?|minute)(?:\s+(?:no\.?|number))?$", re.IGNORECASE
)
_BARE_NUMBER = re.compile(r"^\d{1,3}(?:\.\d{1,2})?\.?$")
_MAX_TITLE_WORDS = 16
_MAX_HEADING_WORDS = 30
_MAX_LINE_WORDS = 10  # without print to tell a heading by, only short lines count
_NUMBER_BELOW = re.compile(
    r"^\((?:agenda\s+)?item(?:\s+no\.?)?\s+(?P<number>[A-Z]?\d{1,3})\)$", re.I
)

RESOLUTION = re.compile(
    r"(?:\bRESOLVED\b|\bResolved\b(?=\s*(?:that\b|[:–-]|unanimously))|"
    r"\bRESOLUTIONS?\b\s*[:–-]|\bResolution\s*[:–-]|\bRECOMMENDED\b|\bAGREED\b|"
    r"\bDECISIONS?\b\s*[:–-]|"
    r"\bDecisions?\s*:|\bAgreed\s*[:–-]|\bActions?\s+agreed\s*[:–-]|"
    r"\b(?:it|It)\s+was\s+(?:therefore\s+|unanimously\s+|also\s+)?(?:agreed|resolved|AGREED|RESOLVED)\b|"
    r"\bThe\s+(?:Board|Committee|Cabinet|Panel|Council|Members)\s*:\s*[-–]?)"
)
"""What opens a resolution in the minutes of an English board."""

_CLAUSE = re.compile(
    r"(?:(?<=[\s–:;.,-])|^)\(?(?P<number>\d{1,2}|[a-hj-z]|[ivx]{1,4})(?:\)|\.(?=\s))\s?(?=\S)"
)
_BRACKETED = re.compile(r"(?:(?<=[\s–:;.,-])|^)\((?P<number>\d{1,2}|[a-z]|[ivx]{1,4})\)\s?(?=\S)")


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a resolution; ``number`` is as printed, without brackets."""

    span: CharSpan
    number: str | None


def find_items(document: Document) -> tuple[AgendaItem, ...]:
    """Find the numbered items of minutes or of an agenda.

    Parameters
    ----------
    document : Document
        Any document; one without numbered items gives an empty tuple.

    Returns
    -------
    tuple of AgendaItem
        In reading order, without overlap; each runs to the next one, the last to the end of
        the text.
    """
    found = _headed_items(document)
    spans = [start for start, _, _ in found] + [len(document.text)]
    return tuple(
        AgendaItem(number, title, strip_span(document.text, start, end))
        for (start, number, title), end in zip(found, spans[1:], strict=True)
    )


def _headed_items(document: Document) -> list[tuple[int, str, str]]:
    """Return (start, number, title) of each item.

    Where two or more numbered headings stand out by their print, only these count: the
    numbered paragraphs under them are no items. In formats that show no headings (Markdown,
    text), a short numbered line counts as long as the numbers rise.
    """
    by_print: list[tuple[int, str, str]] = []
    by_line: list[tuple[int, str, str]] = []
    highest = 0
    in_item_table = False
    for index, block in enumerate(document.blocks):
        text = document.text[block.span.start : block.span.end]
        if block.kind == "furniture":
            continue
        if block.kind == "table_cell":
            in_item_table = in_item_table or _ITEM_HEADER.match(text) is not None
            if in_item_table and (row_item := _table_item(document, index, text)):
                by_print.append((block.span.start, *row_item))
            continue
        in_item_table = False
        match = _ITEM.match(text)
        is_heading = block.kind == "heading"
        if match is None:
            if is_heading and (number := _number_below(document, index)):
                by_print.append((block.span.start, number, text))
            continue
        title = _title(match["title"], _MAX_HEADING_WORDS if is_heading else _MAX_TITLE_WORDS)
        if title is None:
            continue
        if is_heading or _ITEM_WORD.match(text):
            by_print.append((block.span.start, match["number"], title))
        leading = re.search(r"\d+", match["number"])
        sentence = len(title.split()) > _MAX_LINE_WORDS or opens_resolution(title)
        if leading and not sentence and highest < int(leading[0]) <= highest + 40:
            by_line.append((block.span.start, match["number"], title))
            highest = int(leading[0])
    return by_print if len(by_print) >= 2 else by_line


def _number_below(document: Document, index: int) -> str | None:
    """Return the number of "(Item 3)" under a heading, as ModernGov prints minutes."""
    if index + 1 >= len(document.blocks):
        return None
    span = document.blocks[index + 1].span
    match = _NUMBER_BELOW.match(document.text[span.start : span.end])
    return match["number"] if match else None


def _title(text: str, most_words: int) -> str | None:
    """Return the title in what follows the number; None where that is a sentence."""
    title, colon, _ = text.partition(":")
    if not colon or len(title.split()) > most_words:
        title, _, _ = text.partition("\n")
    title = re.sub(r"\s*\((?:item|pages?)\s[^)]*\)\s*$", "", title, flags=re.IGNORECASE).strip()
    words = title.split()
    if not words or len(words) > most_words:
        return None
    if title.endswith(".") and len(words) > 7:
        return None
    return title.rstrip(" .:–-")


def _table_item(document: Document, index: int, text: str) -> tuple[str, str] | None:
    """Read "01 | Introduction" from a row of minutes set as a table."""
    blocks = document.blocks
    block = blocks[index]
    if not _BARE_NUMBER.match(text) or index + 1 >= len(blocks):
        return None
    if index and blocks[index - 1].row == block.row and blocks[index - 1].kind == "table_cell":
        return None
    following = blocks[index + 1]
    if following.row != block.row or following.kind != "table_cell":
        return None
    title = document.text[following.span.start : following.span.end]
    words = title.split()
    if not words or len(words) > _MAX_TITLE_WORDS or not any(c.isalpha() for c in words[0]):
        return None
    return text.rstrip("."), title


def opens_resolution(text: str) -> bool:
    """Return whether a paragraph opens, or is, a resolution.

    Examples
    --------
    >>> opens_resolution("RESOLVED - That the report be noted.")
    True
    >>> opens_resolution("A member asked whether it was wise.")
    False
    """
    return RESOLUTION.search(text) is not None


def split_clauses(text: str) -> tuple[Clause, ...]:
    """Split a resolution into its clauses: "(1) … (2) …"; one without numbers is one clause.

    Parameters
    ----------
    text : str
        One paragraph that holds a resolution.

    Returns
    -------
    tuple of Clause
        In order; spans count from the start of ``text`` and do not overlap. The words before
        the first number go with the first clause: they hold its verb of deciding.

    Examples
    --------
    >>> text = "RESOLVED - (1) note the report; (2) establish a group."
    >>> [text[c.span.start:c.span.end] for c in split_clauses(text)]
    ['RESOLVED - (1) note the report;', '(2) establish a group.']
    """
    marks = list(_in_order(_BRACKETED.finditer(text))) or list(_in_order(_CLAUSE.finditer(text)))
    if len(marks) < 2:
        number = marks[0]["number"] if marks else None
        return (Clause(strip_span(text, 0, len(text)), number),)
    starts = [0, *(mark.start() for mark in marks[1:]), len(text)]
    return tuple(
        Clause(strip_span(text, start, end), mark["number"])
        for mark, start, end in zip(marks, starts, starts[1:], strict=False)
    )


def _in_order(marks: Iterator[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Keep the marks that count 1, 2, 3 or a, b, c or i, ii, iii: others are cross-references."""
    series: tuple[Sequence[str], ...] = (
        [str(n) for n in range(1, 40)],
        list("abcdefghijklmnopqrstuvwxyz"),
        ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"],
    )
    chosen: Sequence[str] | None = None
    position = 0
    for mark in marks:
        if chosen is None:
            chosen = next((s for s in series if mark["number"] == s[0]), None)
            if chosen is None:
                continue
        if position < len(chosen) and mark["number"] == chosen[position]:
            position += 1
            yield mark


def resolution_blocks(document: Document) -> dict[int, str | None]:
    """Return the blocks that are clauses of a resolution, and the clause number of each.

    A lead-in ("RESOLVED that:") makes the list items after it clauses, up to the next
    paragraph that is no list item, or the next heading.

    Returns
    -------
    dict of int to str or None
        Index in ``document.blocks`` to the printed number.
    """
    found: dict[int, str | None] = {}
    open_list = False
    for index, block in enumerate(document.blocks):
        if block.kind in ("furniture", "table_cell"):
            continue
        text = same_length(document.text[block.span.start : block.span.end])
        if block.kind == "heading":
            open_list = False
        elif opens_resolution(text):
            found[index] = _printed_number(text)
            open_list = text.rstrip().endswith((":", "-", "that", ":-")) or len(text.split()) < 5
        elif open_list and (block.kind == "list_item" or _CLAUSE.match(text)):
            found[index] = _printed_number(text)
        elif open_list and text[:1].islower():
            found[index] = None
        else:
            open_list = False
    return found


def _printed_number(text: str) -> str | None:
    match = _CLAUSE.match(text)
    return match["number"] if match else None
