"""Lines that may head an item: a number, and a title behind it, below it or in the next cell."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from hwbtext.minutes.clauses import RESOLUTION, opens_resolution
from hwbtext.minutes.kinds import is_usual, item_kind
from hwbtext.minutes.leads import clause_lines
from hwbtext.minutes.titles import clean_title, find_title, rough_title, tells
from hwbtext.text import n_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.minutes.lines import Line
    from hwbtext.records import Document

_WORD = r"(?:(?:agenda\s+)?item(?:\s+no\.?)?\s+|minute(?:\s+no\.?)?\s+)"
_CODE = (
    r"(?:[A-Z]{1,8}(?:\s?[/.-]\s?|\s)?)?\d{1,4}(?:\s?/\s?\d{1,4}|[.-]\d{1,4}){0,3}"
    r"(?:\s?\((?:\d{1,3}|[a-z])(?:[,\s&]{1,3}(?:and\s)?[a-z]){0,4}\)|\.?(?-i:[a-z]{1,2}|[A-Z])(?![A-Za-z]))?"
)
_NUMBERED = re.compile(
    rf"^(?P<word>{_WORD})?(?P<number>{_CODE})(?P<mark>\s?[.):/]|\s?-|,)?(?=\s|$)[\s:-]*",
    re.IGNORECASE,
)
_GLUED = re.compile(
    r"^(?P<number>\d{1,3}(?:\.\d{1,2}){0,2})(?P<mark>[.)/])(?=[A-Z])|"
    # The space between was lost: "3Roads", "3ROADS AND PATHS".
    r"^(?P<code>\d{1,4}/\d{2,4}|\d{1,2})(?=[A-Z][a-z]|[A-Z]{4})"
)
_LONE = re.compile(rf"^(?P<word>{_WORD})?(?P<number>{_CODE})\s?[.):]?$", re.IGNORECASE)
_MONTH = re.compile(
    r"^(?:st|nd|rd|th)?\s*(?:of\s+)?(?:january|february|march|april|may|june|july|august|september|october|"
    r"november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b|^(?:am|pm|a\.m|p\.m)\b|"
    r"^(?:January|Members of the public|%)",
    re.IGNORECASE,
)
_TITLE_OPENS = re.compile(r"^(?:[A-Z\"'(\[]|\d{1,4}/\d|(?:e-|eN|i[A-Z])\w)")
_DAY = re.compile(r"^\d{1,2}(?:st|nd|rd|th)?\s[A-Z][a-z]{2,8}\s(?:\d{4}\s)?[A-Z]")
_NUMBER_BELOW = re.compile(
    r"^\((?:agenda\s+)?item(?:\s+no\.?)?\s+(?P<number>[A-Z]?\d{1,3}[A-Za-z]?)\)\s*$", re.I
)
# The last words of a title in capitals, below it: "FUNDS (Agenda item 4)".
_TITLE_GOES_ON = re.compile(
    r"^(?P<title>[^a-z()\d]{3,80}?)\s+\((?i:agenda\s+item|item)(?:\s+[Nn]o\.?)?\s+\w{1,4}\)\s*$"
)
ITEM_HEADER = re.compile(
    r"^(?:(?:agenda\s+)?items?|minute|no|ref|agenda)\.?(?:\s+(?:no\.?|number|ref))?$", re.IGNORECASE
)
"""What heads the column of numbers in a table of minutes."""

_LABEL_LINE = re.compile(r"^(?:discussion(?:\s+points?)?|minutes?|title|subject)\s*:?$", re.I)
_SET_OFF = re.compile(r"^[^:]{1,60}:\s|\w\s*[.:-]\s*$")
_JOINS = re.compile(r"(?:[,&/-]|\b(?:and|or|of|for|to|the|with|on|in))\s*$")
_MOST_LEAD = 12  # words
_FEWEST_ROWS = 4
_USUAL = 2  # kinds of business of every meeting
_NO_NUMBER = re.compile(r"^(?:19|20)\d\d$|^[A-Z]{2,}\s\d|\d\s?(?i:[ap]m)$")  # years, clocks, codes
_YEAR = re.compile(r"^(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may head an item."""

    start: int
    number: str
    title: str
    shape: str  # what is alike in the numbers of one series: "9", "9.9", "9/9"
    key: tuple[int, ...]
    printed: bool
    lone: bool = False
    alone: bool = False  # the title is all that its line holds
    rough: bool = False  # no title was found: it counts only where it fills a gap


def find_candidates(document: Document, lines: Sequence[Line]) -> Iterator[Candidate]:
    """Yield every line that could head an item."""
    clauses = clause_lines(lines)
    in_item_table = False  # from its header on: the table goes on over pages
    numbered_rows = _rows_count_items(lines)
    without_header = False  # items were numbered above any header
    for at, line in enumerate(lines):
        if line.kind == "table_cell":
            in_item_table = in_item_table or (
                ITEM_HEADER.match(line.text) is not None and not without_header
            )
            without_header = without_header or (
                numbered_rows and not in_item_table and _LONE.match(line.text) is not None
            )
            yield from _from_row(lines, at, headed=in_item_table, counted=numbered_rows)
            continue
        if line.start in clauses:
            continue
        following = lines[at + 1] if at + 1 < len(lines) else None
        match = _NUMBERED.match(line.text) or _GLUED.match(line.text)
        if match is None:
            below = _NUMBER_BELOW.match(following.text) if following else None
            title = find_title(line.text, printed=True)
            if below and title and not opens_resolution(line.text):
                number = below["number"]
                text = document.text[line.start + title[0] : line.start + title[1]]
                yield Candidate(line.start, number, text, "below", number_key(number), printed=True)
            continue
        if _LONE.match(line.text):
            yield from _from_lone(lines, at, match)
            continue
        if found := _from_line(document, line, match):
            more = _TITLE_GOES_ON.match(following.text) if following else None
            if more and found.title.isupper():
                found = replace(found, title=f"{found.title} {more['title']}")
            yield found


def _from_line(document: Document, line: Line, match: re.Match[str]) -> Candidate | None:
    word = match.groupdict().get("word")
    printed = line.is_heading or bool(word)
    rest = line.text[match.end() :]
    number = _clean(match["number"] or match["code"])
    if match["mark"] == "," and not is_usual(rest.strip(" :.")):
        return None  # "2, Matters arising" is a slip, "2, High Street" an address
    coded = "/" in number and _DAY.match(rest) is not None  # "60/19 2 May 2019 Elections"
    if not coded and (_MONTH.match(rest) or not _TITLE_OPENS.match(rest)):
        return None
    if not line.is_heading and _NO_NUMBER.search(number):
        return None
    decided = RESOLUTION.search(rest[:60])
    # "3. Minutes: It was agreed …" is an item all the same; "3. It was agreed …" a paragraph,
    # unless its number is the one that is missing.
    titled = decided and _SET_OFF.search(rest[: decided.start()])
    unlikely = not line.is_heading and decided is not None and not titled and not word
    # A word such as "Item" says that a title follows, but not where it ends.
    whole = line.is_heading or (bool(word) and n_words(rest) <= _MOST_LEAD)
    title = None if unlikely else find_title(rest, printed=whole)
    if unlikely and decided and decided.group()[0].isupper():
        # "3. Future meetings It was agreed …": the line that was the title ran on.
        lead = rest[: decided.start()].rstrip(" .:-")
        unlikely = not lead or len(lead.split()) > _MOST_LEAD or tells(lead)
        title = None if unlikely else find_title(lead, printed=True)
    if word and title and not line.is_heading and tells(rest[slice(*title)]):
        return None  # "Item 5 - The hedge has been cut": an item of the minutes before
    if title is None and not unlikely and re.search(r"\d[./]\d", number):
        # Print shows where the title ends: the first line of the block is the title's.
        first = rest[: max(0, _first_line_end(document, line) - line.start - match.end())]
        title = find_title(first, printed=whole) if first.strip() else None
    rough = title is None
    if title is None:
        title = rough_title(rest)
    begin = line.start + match.end()
    text = clean_title(document.text[begin + title[0] : begin + title[1]])
    shape = _shape(number, match["mark"])
    alone = not rest[title[1] :].strip(" .:;,-")
    return Candidate(
        line.start,
        number,
        text,
        shape,
        number_key(number),
        printed and not rough,
        alone=alone,
        rough=rough,
    )


def _first_line_end(document: Document, line: Line) -> int:
    """Return where the first printed line of a block ends; its end for formats without print."""
    layout = document.layout
    at = int(layout.starts.searchsorted(line.start))
    last = at
    while last < len(layout.starts) and layout.lines[last] == layout.lines[at]:
        last += 1
    return min(int(layout.ends[last - 1]), line.end) if last > at else line.end


def _from_lone(lines: Sequence[Line], at: int, match: re.Match[str]) -> Iterator[Candidate]:
    """Read a number alone on its line, with the title on the next one."""
    word = match.groupdict().get("word")
    number = _clean(match["number"])
    rest = [line for line in lines[at + 1 : at + 4] if not _LABEL_LINE.match(line.text)]
    if not rest or rest[0].kind == "table_cell" or (_YEAR.match(number) and not word):
        return
    title = find_title(rest[0].text, printed=bool(word) or rest[0].is_heading)
    if title is None or _NUMBERED.match(rest[0].text) or not _TITLE_OPENS.match(rest[0].text):
        return
    text = rest[0].text[slice(*title)]
    yield Candidate(
        lines[at].start,
        number,
        text,
        _shape(number, None),
        number_key(number),
        printed=bool(word) or rest[0].is_heading,
        lone=not word,
    )


def _rows_count_items(lines: Sequence[Line]) -> bool:
    """Return whether a table without a header numbers usual business in its first column."""
    titles = [
        below.text
        for line, below in pairwise(lines)
        if line.column == 0
        and below.column == 1
        and below.row == line.row
        and _LONE.match(line.text) is not None
    ]
    kinds = {item_kind(title) for title in titles} - {"business", "attendance"}
    return len(titles) >= _FEWEST_ROWS and len(kinds) >= _USUAL


def _from_row(
    lines: Sequence[Line], at: int, *, headed: bool, counted: bool
) -> Iterator[Candidate]:
    """Read "01 | Introduction" from a row of minutes set as a table."""
    line = lines[at]
    sure = headed or counted
    if at and lines[at - 1].row == line.row:
        return
    lone = _LONE.match(line.text)
    if lone is None:
        match = _NUMBERED.match(line.text)
        if sure and match and _TITLE_OPENS.match(line.text[match.end() :]):
            title = find_title(line.text[match.end() :], printed=False)
            if title and not _MONTH.match(line.text[match.end() :]):
                number = _clean(match["number"])
                text = line.text[match.end() :][slice(*title)]
                yield Candidate(
                    line.start, number, text, _shape(number, None), number_key(number), True
                )
        return
    if at + 1 >= len(lines) or lines[at + 1].row != line.row or not sure:
        return
    cell = _cell_title(lines, at + 1)
    title = find_title(cell, printed=False)
    if title and cell[title[0]].isalpha():
        number = _clean(lone["number"])
        text = cell[slice(*title)]
        below = lines[at + 2] if at + 2 < len(lines) else None
        alone = not cell[title[1] :].strip(" .:-") and (below is None or below.column != 1)
        yield Candidate(
            line.start,
            number,
            text,
            _shape(number, None),
            number_key(number),
            printed=headed,
            alone=alone,
        )


def _cell_title(lines: Sequence[Line], at: int) -> str:
    """Return the text of a cell, with the line below where a joining word leads over to it."""
    first = lines[at]
    second = lines[at + 1] if at + 1 < len(lines) else None
    same = second is not None and (second.row, second.column) == (first.row, first.column)
    if second and same and _JOINS.search(first.text) and len(second.text.split()) <= _MOST_LEAD:
        return f"{first.text.rstrip()} {second.text}"
    return first.text


def _clean(number: str) -> str:
    return re.sub(r"\s*([/.-])\s*", r"\1", number).strip(" .")


def _shape(number: str, mark: str | None) -> str:
    shape = re.sub(r"\d+", "9", re.sub(r"\s+(?=\()", "", number))
    shape = re.sub(r"(?<=9)\.?[A-Za-z]{1,2}$", ".a", shape)
    return shape + (")" if mark and ")" in mark else "")


def number_key(number: str) -> tuple[int, ...]:
    """Return what a number counts: 4.a gives (4, 1)."""
    parts = re.findall(
        r"\d+|(?<![A-Za-z])[a-z](?![a-z])", number.lower() if number[:1].isdigit() else number
    )
    return tuple(int(part) if part.isdigit() else ord(part) - 96 for part in parts)
