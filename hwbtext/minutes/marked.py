"""Titles below an item that letters or small Roman numbers count: "i) Footpaths", "ii) Signs"."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from hwbtext.minutes.candidates import Candidate
from hwbtext.minutes.clauses import opens_resolution, printed_number
from hwbtext.minutes.titles import find_title, has_verb, tells
from hwbtext.text import n_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.minutes.lines import Line

_MARK = re.compile(
    r"(?:^\(?(?P<mark>[ivx]{1,4}|[a-h])[.)]|(?<=[.:;?!)\w]\s)\(?(?P<inner>[ivx]{1,4}|[a-h])\))\s+"
    r"(?=(?-i:[A-Z]))",
    re.IGNORECASE,
)
_SERIES = ("i ii iii iv v vi vii viii ix x xi xii".split(), list("abcdefgh"))
# Below these, marks count what was received, applied for or paid.
_LISTS = re.compile(r"\b(?:correspond|letters?\b|planning|applic|payments?\b|cheque)", re.I)
_NOBODY = re.compile(r"(?!(?:Mr|Mrs|Ms|Miss|Dr|Cllrs?|Councillors?|The)\b)")
_MOST_TITLE = 8  # words
_MOST_RUN_IN = 14
_FEWEST_SAID = 8  # words of what is said below a title
_FEWEST_BEHIND = 3  # words of what is said behind it
_FEWEST = 2  # titles that count on: one alone may be a clause
_MOSTLY = 0.6


def find_marked(lines: Sequence[Line], found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the marked titles below numbered items, each over what was said or in front of it.

    Parameters
    ----------
    lines : sequence of Line
    found : sequence of Candidate
        The items, in reading order.

    Examples
    --------
    >>> said = "The owner wrote that the path would be cut back in the spring."
    >>> texts = ["4. Matters arising", "i) Footpaths", said, "ii) Signs", said]
    >>> from hwbtext.minutes.lines import Line
    >>> lines = [Line(n, n, n, text, "paragraph") for n, text in enumerate(texts)]
    >>> items = [Candidate(0, "4", "Matters arising", "9", (4,), False)]
    >>> [(one.number, one.title) for one in find_marked(lines, items)]
    [('i', 'Footpaths'), ('ii', 'Signs')]
    """
    places = [candidate.start for candidate in found]
    runs: dict[int, list[Candidate | None]] = {}
    for line, following in zip(lines, [*lines[1:], None], strict=False):
        marks = [] if line.kind == "table_cell" else list(_MARK.finditer(line.text))
        for mark, behind in zip(marks, [*marks[1:], None], strict=False):
            start = line.start + mark.start()
            at = bisect_right(places, start) - 1
            if at < 0 or start in places:
                continue
            run = runs.setdefault(at, [])
            printed = mark["mark"] or mark["inner"]
            if not any(series[len(run) : len(run) + 1] == [printed.lower()] for series in _SERIES):
                continue
            end = behind.start() if behind else len(line.text)
            if at + 1 < len(places):
                end = min(end, places[at + 1] - line.start)
            below = following.text if following and not behind else ""
            title = _title(line.text[mark.end() : end], below, found[at].title)
            key = (*found[at].key, len(run) + 1)
            run.append(Candidate(start, printed, title, "a", key, printed=False) if title else None)
    for run in runs.values():
        titled = [candidate for candidate in run if candidate]
        if len(titled) >= max(_FEWEST, _MOSTLY * len(run)):
            yield from titled


def _title(text: str, below: str, parent: str) -> str | None:
    """Return the title that is all of a text, over what was said, or that it opens with."""
    said = printed_number(below) is None and n_words(below) >= _FEWEST_SAID
    if said and _is_title(text) and not opens_resolution(text):
        return text.rstrip(" .:-")
    place = None if _LISTS.search(parent) else find_title(text, printed=False)
    title = text[slice(*place)] if place else ""
    behind = n_words(text[place[1] :]) if place else 0
    if behind < _FEWEST_BEHIND or n_words(title) > _MOST_RUN_IN or not _NOBODY.match(title):
        return None
    return None if tells(title) or has_verb(title) or opens_resolution(title) else title


def _is_title(text: str) -> bool:
    return n_words(text) <= _MOST_TITLE and not (
        text.endswith((";", ",")) or tells(text) or has_verb(text)
    )
