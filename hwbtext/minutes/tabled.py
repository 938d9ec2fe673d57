"""Items of minutes that are set as a table: titles without a number, and those below an item."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from hwbtext.minutes.candidates import ITEM_HEADER, Candidate
from hwbtext.minutes.clauses import printed_number
from hwbtext.minutes.kinds import is_usual
from hwbtext.minutes.titles import has_verb, tells
from hwbtext.text import n_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.minutes.lines import Line

_HEADS_TEXT = re.compile(
    r"^(?:discussions?|items?|subject|topic|title|minutes?|decisions?\b.*|actions?\b.*|outcomes?)$",
    re.I,
)
_MARKED = re.compile(r"^\(?(?P<mark>[ivx]{1,4}|[a-z])[.)]\s+(?P<title>[A-Z].*)$")
_MARK_ALONE = re.compile(r"\(?(?P<mark>[ivx]{1,4}|[a-h])[.):]", re.I)
_SAYS_NONE = re.compile(r"(?:No|None|Nil|Nothing)\b")
_IN_BRACKETS = re.compile(r"\([^()]{0,60}\)")
_MOST_TITLE = 8  # words
_MOST_MARKED = 16
_MOST_LEAD = 6
_FEWEST_SAID = 4  # words below a lead: fewer are another point of a list
_SMALL = 4  # letters: "and", "from"
_MOST_BESIDE = 3  # words of another cell in the row of a title: who is to act


def find_tabled(lines: Sequence[Line], found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the items that stand in tables of minutes, besides those that were found.

    Below a numbered item, a row that holds no more than "ii. Drainage" is an item below it, and
    so is the lead of a cell, "Chair's Report", over what was said. In
    a table whose column of numbers is empty, so is each row with a short title that a row of
    discussion follows.

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> cells = [(0, 0, "Item"), (0, 1, "Discussion"), (1, 1, "New gate"), (2, 1, "It was wet.")]
    >>> lines = [Line(n, n, n, t, "table_cell", 0, r, c) for n, (r, c, t) in enumerate(cells)]
    >>> [item.title for item in find_tabled(lines, [])]
    ['New gate']
    """
    in_table = [line for line in lines if line.kind == "table_cell"]
    rows = [list(cells) for _, cells in groupby(in_table, key=lambda line: line.row)]
    at = next((n for n, row in enumerate(rows) if _is_header(row)), None)
    if at is None:
        return
    numbered = {candidate.start: candidate for candidate in found}
    rows = rows[at + 1 :]
    # A number that print set apart from its title stands for the cell of the title.
    heads = [[numbered[cell.start] for cell in row if cell.start in numbered] for row in rows]
    has_numbers = any(heads)
    if found and not has_numbers:
        return
    parent: Candidate | None = None
    count = 0
    above = False  # the row above is a title
    for row, following, inside in zip(rows, [*rows[1:], None], heads, strict=True):
        if inside:
            parent, count, above = inside[-1], 0, True
            continue
        if parent and (marked := _marked_title(row)):
            count += 1
            key = (*parent.key, count)
            yield Candidate(row[0].start, marked[0], marked[1], "a", key, printed=True)
            above = True
            continue
        if parent and parent.number and (lead := _lead_of(row, following)):
            count += 1
            yield Candidate(row[0].start, "", lead, "a", (*parent.key, count), printed=True)
            above = False
            continue
        title = _title_of(row)
        match = _MARKED.match(title) if title else None
        if title and match and parent:
            count += 1
            key = (*parent.key, count)
            yield Candidate(row[0].start, match["mark"], match["title"], "a", key, printed=True)
        elif title and not has_numbers and not above and following and not _title_of(following):
            yield Candidate(row[0].start, "", title, "", (row[0].start,), printed=True)
        above = title is not None


def _is_header(row: Sequence[Line]) -> bool:
    return (
        len(row) > 1
        and ITEM_HEADER.match(row[0].text.strip()) is not None
        and any(_HEADS_TEXT.match(cell.text.strip()) for cell in row[1:])
    )


def _marked_title(row: Sequence[Line]) -> tuple[str, str] | None:
    """Return mark and title of a row below an item: "ii)" in one cell, "Drainage" in the next."""
    mark = _MARK_ALONE.fullmatch(row[0].text.strip())
    if mark is None or len(row) == 1 or row[1].column == row[0].column:
        return None
    title = row[1].text.strip(" .:")
    short = n_words(title) <= _MOST_MARKED and title[:1].isupper()
    return (mark["mark"], title) if short and not (tells(title) or has_verb(title)) else None


def _lead_of(row: Sequence[Line], following: Sequence[Line] | None) -> str | None:
    """Return the heading that the first paragraph of a cell is, over what was said of it."""
    first = row[0]
    below = [line for line in row[1:] if line.column == first.column]
    if len(row) == 1 and following:
        below = [line for line in following if line.column == first.column]  # on the next page
    if first.column != 1 or not below or sum(n_words(line.text) for line in below) < _FEWEST_SAID:
        return None
    text = first.text.strip()
    title = text.rstrip(" .:")
    usual = is_usual(_IN_BRACKETS.sub("", title))
    short = (
        n_words(title) <= _MOST_LEAD
        and title[:1].isalpha()
        and not _SAYS_NONE.match(title)
        and not tells(title)
    )
    if not short or (text.endswith(".") and not usual and not _is_capitalised(title)):
        return None
    if (
        text.endswith((";", ",", "?") if usual else (":", ";", ",", "?"))
        or printed_number(text) is not None
    ):
        return None
    return title if usual or _is_capitalised(title) else None


def _is_capitalised(title: str) -> bool:
    """Return whether the words of a title open in capitals: "Officers' Report", not "New gate"."""
    words = [word for word in _IN_BRACKETS.sub(" ", title).split() if len(word) > _SMALL]
    return bool(words) and all(not word[0].islower() for word in words)


def _title_of(row: Sequence[Line]) -> str | None:
    """Return the title that a row holds and nothing else, but for who is to act."""
    first = row[0].text.strip()
    if row[0].column not in (0, 1) or any(n_words(cell.text) > _MOST_BESIDE for cell in row[1:]):
        return None
    if len({cell.column for cell in row}) != len(row):
        return None  # a cell of several paragraphs
    short = n_words(first) <= _MOST_TITLE and not first.endswith((".", ";", ","))
    return first.rstrip(" :?") if short and first[:1].isalpha() and not tells(first) else None
