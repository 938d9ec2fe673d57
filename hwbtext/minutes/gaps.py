"""Titles without a number among numbered items: a number that was lost, an open forum."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

from hwbtext.minutes.candidates import Candidate
from hwbtext.minutes.conventions import HOLDS_LIST, colon_title, ends_in_colons, in_capitals
from hwbtext.minutes.kinds import is_usual, item_kind
from hwbtext.minutes.unnumbered import set_off_title
from hwbtext.parse.emphasis import BOLD
from hwbtext.text import n_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.minutes.lines import Line

_MOST_LOST = 6  # numbers in one gap: where more are missing, they were never there
_MOST_ABOVE = 2  # above the first number: some papers count on from the meeting before
_MOST_FORUM = 8  # words
_FEWEST_BOLD = 3  # numbered titles in bold that show how a paper sets titles off
_MOSTLY = 0.75
_FEWEST_SAID = 5  # words


def find_unnumbered_among(lines: Sequence[Line], found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the titles without a number that are items all the same.

    Where numbers are missing between two items, or above the first, so many titles of usual
    business ("Matters arising:", "Correspondence") are the items that lost them. A forum of
    the public, set as a heading, is an item wherever it stands. Where the numbered titles of
    the paper end in a colon, so do those without a number, and are known by it; below letters,
    applications and payments a colon sets off the points of a list. The same goes for capitals,
    and below the last number for bold.

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> texts = ["1. Apologies", "Matters arising:", "None.", "3. Close"]
    >>> lines = [Line(n, 20 * n, 20 * n + 16, t, "paragraph") for n, t in enumerate(texts)]
    >>> items = [Candidate(0, "1", "Apologies", "9", (1,), False)]
    >>> items += [Candidate(60, "3", "Close", "9", (3,), False)]
    >>> [one.title for one in find_unnumbered_among(lines, items)]
    ['Matters arising']
    """
    starts = {candidate.start for candidate in found}
    titled = [
        (line, title)
        for line in lines
        if line.kind != "table_cell"
        and line.start not in starts
        and (title := set_off_title(line.text) or colon_title(line.text, line.text)) is not None
    ]
    usual = [(line.start, title) for line, title in titled if is_usual(title)]
    places = [start for start, _ in usual]
    top = [candidate for candidate in found if candidate.number and len(candidate.key) == 1]
    lost: set[int] = set()
    for before, after in pairwise([None, *top]):
        if after is None:
            continue
        n_lost = after.key[0] - (before.key[0] if before else 0) - 1
        if not 0 < n_lost <= (_MOST_LOST if before else _MOST_ABOVE):
            continue
        low = bisect_left(places, before.start) if before else 0
        between = usual[low : bisect_left(places, after.start)]
        inside = [start for start, title in between if not _is_same(title, before)]
        if len(inside) <= n_lost:
            lost.update(inside)
    if ends_in_colons(lines, found):
        lost.update(_by_colon(lines, found))
    lost.update(_in_bold(lines, top))
    if in_capitals(found):
        lost.update(
            line.start for line, title in titled if line.start > found[0].start and _shouts(line)
        )
    for line, title in titled:
        forum = (
            bool(found)
            and line.start > found[0].start
            and item_kind(title) == "public_questions"
            and n_words(line.text) <= _MOST_FORUM
            and ((line.is_heading and line.level < BOLD) or line.text.isupper())
        )
        if line.start in lost or forum:
            yield Candidate(line.start, "", title, "", (), printed=False)


def _in_bold(lines: Sequence[Line], top: Sequence[Candidate]) -> Iterator[int]:
    """Yield where titles in bold stand without a number, if bold is what sets off those with one.

    Below the last of them bold heads what is business of its own; between two that count on it
    heads a part of the item.
    """
    starts = {candidate.start for candidate in top}
    n_bold = sum(line.level == BOLD for line in lines if line.start in starts)
    if n_bold < max(_FEWEST_BOLD, _MOSTLY * len(top)):
        return
    for line, following in pairwise(lines):
        said = not following.is_heading and n_words(following.text) >= _FEWEST_SAID
        if line.start > top[-1].start and line.level == BOLD and said:
            yield line.start


def _shouts(line: Line) -> bool:
    """Return whether a line is a title in capitals of some words, no label and no sum."""
    plain = line.text.strip(" :-")
    long = n_words(plain) > 1 or is_usual(plain)
    return plain.isupper() and long and not any(character.isdigit() for character in plain)


def _by_colon(lines: Sequence[Line], found: Sequence[Candidate]) -> Iterator[int]:
    """Yield where titles stand that a colon sets off, as it does the numbered ones."""
    places = [candidate.start for candidate in found]
    seen: set[str] = set()
    for line, following in zip(lines, [*lines[1:], None], strict=False):
        at = bisect_left(places, line.start)
        title = colon_title(line.text, following.text if following else "")
        if not at or title is None or (at < len(found) and found[at].start == line.start):
            continue
        above = found[at - 1]
        lists = HOLDS_LIST.search(above.title) and not is_usual(title)
        if not lists and title.lower() not in seen and not _is_same(title, above):
            yield line.start
        seen.add(title.lower())


def _is_same(title: str, above: Candidate | None) -> bool:
    """Return whether a title says the item above again: "Apologies were received …"."""
    kind = item_kind(title)
    return above is not None and kind != "business" and kind == item_kind(above.title)
