"""Words of a passage as a model counts them, and which of them it may keep.

A model ships its vocabulary, so the vocabulary must not tell what one paper says or whom it
names: a term is kept only if several papers of several places use it, and every word of it is
also written in lower case there. A word that always has a capital is a name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.text import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_WORDS = 3
"""Words of one term, at most: a longer run of words could be somebody's sentence."""
NUMBER = "0"
"""Stands for every number: its digits are a fact of one paper."""

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,:/]\d+)*|[%£]")
_SIGNS = frozenset((NUMBER, "%", "£"))


def words(text: str) -> list[str]:
    """Return the words of a text as written, numbers as "0".

    Examples
    --------
    >>> words("The Trust’s waits fell by 3.5% to 1,204 (£2m).")
    ['The', "Trust's", 'waits', 'fell', 'by', '0', '%', 'to', '0', '£', '0', 'm']
    """
    return [NUMBER if token[0].isdecimal() else token for token in _TOKEN.findall(normalize(text))]


@dataclass(frozen=True, slots=True)
class TermFinder:
    """List the terms of a text, each as often as it stands there.

    Each beginning of a term of the vocabulary must be a term of it, as in what
    :func:`choose_terms` gives: that spares most of the looking up.

    Examples
    --------
    >>> TermFinder({"be": 0, "be noted": 1, "noted": 2}, 2)("That it BE noted.")
    ['be', 'be noted', 'noted']
    """

    vocabulary: dict[str, int]
    max_words: int

    def __call__(self, text: str) -> list[str]:
        """Return the terms in order."""
        vocabulary, max_words = self.vocabulary, self.max_words
        tokens = words(text.lower())
        found = []
        for at, term in enumerate(tokens):
            for following in tokens[at + 1 : at + max_words]:
                if term not in vocabulary:
                    break
                found.append(term)
                term = f"{term} {following}"
            if term in vocabulary:
                found.append(term)
        return found


def choose_terms(
    texts: Sequence[str],
    places: Sequence[str],
    documents: Sequence[str],
    *,
    max_words: int,
    min_documents: int,
    min_places: int,
) -> tuple[str, ...]:
    """Return the terms that a vocabulary may hold, sorted.

    Parameters
    ----------
    texts, places, documents : sequence of str
        One place and one document a text.
    max_words : int
        Words of a term, at most.
    min_documents, min_places : int
        A term stands in at least so many; and so does each of its words in lower case.
    """
    written = [words(text) for text in texts]
    lower = [[word.lower() for word in tokens] for tokens in written]

    def enough(terms: Iterator[tuple[str, int]]) -> set[str]:
        documents_of: defaultdict[str, set[str]] = defaultdict(set)
        places_of: defaultdict[str, set[str]] = defaultdict(set)
        for term, at in terms:
            documents_of[term].add(documents[at])
            places_of[term].add(places[at])
        return {
            term
            for term, those in documents_of.items()
            if len(those) >= min_documents and len(places_of[term]) >= min_places
        }

    level = enough(
        (word, at)
        for at, tokens in enumerate(written)
        for word in tokens
        if word[0].islower() or word in _SIGNS
    )
    kept = set(level)
    for size in range(2, max_words + 1):
        shorter, one_word = level, kept
        level = enough(
            (term, at)
            for at, tokens in enumerate(lower)
            for start in range(len(tokens) - size + 1)
            # A term is no commoner than its parts, so only common parts are put together.
            if tokens[start + size - 1] in one_word
            and " ".join(tokens[start : start + size - 1]) in shorter
            for term in (" ".join(tokens[start : start + size]),)
        )
        kept |= level
    return tuple(sorted(kept))
