"""Texts that are almost the same: shared runs of three words, as a share of all they have.

Minutes are copied forward, restated in packs and annual reports; a model that has seen one
copy has seen the other. Jaccard similarity of word shingles: Broder (1997), "On the
resemblance and containment of documents". Only texts that share one of their rarest shingles
are compared, which misses none (prefix filter: Bayardo, Ma and Srikant, 2007, "Scaling up all
pairs similarity search").
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from hwbtext.errors import InputError
from hwbtext.text import normalize

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

N_WORDS = 3
THRESHOLD = 0.6
"""One word changed in the middle of 20 leaves 15 of 21 shingles shared: 0.71."""
MOST_COMPARISONS = 2_000_000
"""Where a corpus would need more, the search stops and says so."""
_WORD = re.compile(r"\w+")
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Text ``index`` of the one list is almost text ``other`` of the other list."""

    index: int
    other: int
    similarity: float


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """The most similar partner of each text that has one; ``complete`` is False if cut off."""

    found: tuple[NearDuplicate, ...]
    complete: bool


def find_near_duplicates(
    texts: Sequence[str],
    others: Sequence[str],
    *,
    threshold: float = THRESHOLD,
    allowed: Callable[[int, int], bool] | None = None,
    most_comparisons: int = MOST_COMPARISONS,
) -> NearDuplicates:
    """Return for each text its most similar one among ``others``, if similar enough.

    Parameters
    ----------
    texts, others : sequence of str
        May be the same list; then ``allowed`` has to keep a text from its own self.
    threshold : float
        Least Jaccard similarity of the sets of three-word shingles, above 0 and up to 1.
    allowed : callable, optional
        ``allowed(i, j)`` says whether text i may be compared with other j.
    most_comparisons : int
        Bound of the cost.

    Returns
    -------
    NearDuplicates
        In the order of ``texts``; a text without a partner is not in it.

    Raises
    ------
    InputError
        ``threshold`` is not in (0, 1].

    Examples
    --------
    >>> old = "The Board received the annual report of the Director of Public Health for 2019"
    >>> new = "The Board received the annual report of the Director of Public Health for 2020"
    >>> find_near_duplicates([new], ["Apologies were received.", old]).found[0].other
    1
    """
    if not 0 < threshold <= 1:
        msg = f"threshold must be above 0 and at most 1. Got {threshold!r}."
        raise InputError(msg)
    left, right = [shingles(text) for text in texts], [shingles(text) for text in others]
    n_texts_with = Counter(shingle for one in (*left, *right) for shingle in one)

    def prefix(one: frozenset[str]) -> list[str]:
        # Two sets this similar share one of these, whatever the order, if it is the same order.
        rarest_first = sorted(one, key=lambda shingle: (n_texts_with[shingle], shingle))
        return rarest_first[: len(one) - ceil(threshold * len(one) - _ROUNDING) + 1]

    holders: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(right):
        for shingle in prefix(one):
            holders[shingle].append(number)
    found: list[NearDuplicate] = []
    n_compared = 0
    for index, one in enumerate(left):
        best: NearDuplicate | None = None
        tried: set[int] = set()
        for shingle in prefix(one):
            for other in holders.get(shingle, ()):
                if other in tried:
                    continue
                tried.add(other)
                if allowed is not None and not allowed(index, other):
                    continue
                n_compared += 1
                if n_compared > most_comparisons:
                    return NearDuplicates(tuple(found), complete=False)
                similarity = jaccard(one, right[other])
                if similarity >= threshold and (best is None or similarity > best.similarity):
                    best = NearDuplicate(index, other, similarity)
        if best is not None:
            found.append(best)
    return NearDuplicates(tuple(found), complete=True)


def shingles(text: str) -> frozenset[str]:
    """Return the runs of three words, in lower case; of a shorter text all its words as one.

    Examples
    --------
    >>> sorted(shingles("The plan was noted."))
    ['plan was noted', 'the plan was']
    """
    words = _WORD.findall(normalize(text).casefold())
    if len(words) < N_WORDS:
        return frozenset([" ".join(words)] if words else [])
    return frozenset(" ".join(words[at : at + N_WORDS]) for at in range(len(words) - N_WORDS + 1))


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Return how much of two sets is shared, 0 to 1; 0 for two empty sets.

    Examples
    --------
    >>> jaccard(frozenset("abc"), frozenset("bcd"))
    0.5
    """
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) if shared else 0.0
