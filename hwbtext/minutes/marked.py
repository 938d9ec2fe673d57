"""Titles below an item that letters or small Roman numbers count: "i) Footpaths", "ii) Signs"."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from hwbtext.minutes.candidates import Candidate
from hwbtext.minutes.clauses import opens_resolution, printed_number
from hwbtext.minutes.titles import has_verb, tells
from hwbtext.text import n_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.minutes.lines import Line

_MARKED = re.compile(r"^\(?(?P<mark>[ivx]{1,4}|[a-h])[.)]\s+(?P<title>[A-Z].*)$")
_MOST_TITLE = 8  # words
_FEWEST_SAID = 8  # words of what is said below a title
_FEWEST = 2  # titles that count on: one alone may be a clause


def find_marked(lines: Sequence[Line], found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the marked titles below numbered items, each alone on its line above what was said.

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
    runs: dict[int, list[Candidate]] = {}
    for line, following in zip(lines, [*lines[1:], None], strict=False):
        at = bisect_right(places, line.start) - 1
        match = _MARKED.match(line.text)
        if at < 0 or match is None or following is None or line.start in places:
            continue
        place = printed_number(line.text)
        run = runs.setdefault(at, [])
        if place is None or place.place != len(run) + 1 or not _is_title(match["title"]):
            continue
        said = printed_number(following.text) is None and n_words(following.text) >= _FEWEST_SAID
        if said and not opens_resolution(line.text):
            key = (*found[at].key, place.place)
            title = match["title"].rstrip(" .:-")
            run.append(Candidate(line.start, match["mark"], title, "a", key, printed=False))
    for run in runs.values():
        if len(run) >= _FEWEST:
            yield from run


def _is_title(text: str) -> bool:
    return n_words(text) <= _MOST_TITLE and not (
        text.endswith((";", ",")) or tells(text) or has_verb(text)
    )
