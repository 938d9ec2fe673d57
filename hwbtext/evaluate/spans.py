"""Spans marked in a passage, and how found ones are matched with coded ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hwbtext.gold import GoldMention
    from hwbtext.records import Mention

_WORD = re.compile(r"\w+")
_SAME_SLOT = 0.5
_NOTHING = {"", "∅", "-", "–"}


@dataclass(frozen=True, slots=True)
class Marked:
    """A mention that a coder or a detector marked; offsets are half-open, in the passage."""

    category: str
    polarity: str
    start: int
    end: int
    slots: tuple[tuple[str, str], ...] = ()  # name and words; empty slots are left out


def from_gold(mentions: Iterable[GoldMention]) -> tuple[Marked, ...]:
    """Return what a coder marked."""
    return tuple(
        Marked(m.category, m.polarity, m.start, m.end, _filled((s.name, s.text) for s in m.slots))
        for m in mentions
    )


def from_mentions(mentions: Iterable[Mention], offset: int = 0) -> tuple[Marked, ...]:
    """Return what a detector found; ``offset`` is where the passage starts in its document."""
    return tuple(
        Marked(
            m.category,
            m.polarity,
            m.prov.span.start - offset,
            m.prov.span.end - offset,
            _filled((s.name, s.text) for s in m.slots),
        )
        for m in mentions
    )


def match_overlapping(
    gold: Sequence[Marked], found: Sequence[Marked]
) -> list[tuple[Marked, Marked]]:
    """Pair spans of one category that share a character, each span at most once.

    The pair with the largest overlap comes first, then the earlier in the sequences.

    Examples
    --------
    >>> coded = [Marked("ownership", "neutral", 0, 10), Marked("ownership", "neutral", 10, 20)]
    >>> found = [Marked("ownership", "neutral", 5, 18)]
    >>> [(g.start, f.start) for g, f in match_overlapping(coded, found)]
    [(10, 5)]
    """
    overlaps = sorted(
        (
            (min(g.end, f.end) - max(g.start, f.start), i, j)
            for i, g in enumerate(gold)
            for j, f in enumerate(found)
            if g.category == f.category and min(g.end, f.end) > max(g.start, f.start)
        ),
        key=lambda row: (-row[0], row[1], row[2]),
    )
    pairs: list[tuple[Marked, Marked]] = []
    used_gold: set[int] = set()
    used_found: set[int] = set()
    for _, i, j in overlaps:
        if i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            pairs.append((gold[i], found[j]))
    return pairs


def match_exactly(gold: Sequence[Marked], found: Sequence[Marked]) -> list[tuple[Marked, Marked]]:
    """Pair spans of one category with the same start and end, each span at most once."""
    left = list(found)
    pairs = []
    for one in gold:
        key = (one.category, one.start, one.end)
        other = next((f for f in left if (f.category, f.start, f.end) == key), None)
        if other is not None:
            left.remove(other)
            pairs.append((one, other))
    return pairs


def slot_agrees(gold: str, found: str) -> bool:
    """Return whether two slots share words enough: F1 over their words is 0.5 or more.

    Coders and rules draw the edge of a slot differently ("the Director", "the Director of
    Public Health"); case and punctuation do not count.

    Examples
    --------
    >>> slot_agrees("the Director of Public Health", "Director of Public Health")
    True
    >>> slot_agrees("the Director", "the Chief Nurse")
    False
    """
    a, b = (set(_WORD.findall(text.casefold())) for text in (gold, found))
    if not a or not b:
        return gold == found
    return 2 * len(a & b) / (len(a) + len(b)) >= _SAME_SLOT


def same_slot(gold: str, found: str) -> bool:
    """Return whether two slots have the same words; case and punctuation do not count."""
    return _WORD.findall(gold.casefold()) == _WORD.findall(found.casefold())


def _filled(slots: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in slots if text.strip() not in _NOTHING)
