"""Words that say what a topic is about: no furniture of minutes, no names of people."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

TOKEN = r"(?u)\b[^\W\d_]{3,}\b"  # noqa: S105 - a pattern of words
N_WORDS = 10
"""Words kept of a topic."""

_FEWEST_SHARE = 0.003  # of the passages that hold a word of a topic (by NPMI, on three corpora)
_LEAST_TEXTS = 3
_FEWEST_TEXTS = 0.005  # a rarer word cannot be furniture
# Bits that a word tells of the topic. Of the words of real minutes, "report", "members" and
# "agreed" lie under it, "housing", "footpath" and "dementia" well above.
_TELLS_LITTLE = 0.35
_TITLE = (
    r"\b(?:Cllrs?|Councillors?|Messrs|Mr|Mrs|Ms|Miss|Mx|Dr|Prof(?:essor)?|Sir|Dame|Lord|Lady|"
    r"Baroness|Rev(?:erend|d)?|Canon)\b\.?"
)
_NAMED = re.compile(rf"{_TITLE}\s+(?:[A-Z]\.?\s*){{0,3}}([A-Z][\w'’-]+)(?:\s+([A-Z][\w'’-]+))?")
_WORD = re.compile(r"\b[^\W\d_]{3,}\b")
# Forms of address stand beside every name, in any topic.
_ADDRESS = (
    "mrs miss messrs cllr cllrs councillor councillors sir dame lord lady baroness rev reverend"
).split()


def stop_words(texts: Sequence[str], topics: NDArray[np.int64], names: Iterable[str]) -> list[str]:
    """Return the words that no topic is to be told by, sorted.

    English stop words (scikit-learn's), the boilerplate of this corpus, forms of address, and
    names of people.

    Parameters
    ----------
    texts : sequence of str
    topics : ndarray of int, shape (n_texts,)
        A first grouping: boilerplate is what is as common in one group as in another.
    names : iterable of str
        Names known from elsewhere (lists of attendance).
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    people = find_names(texts) | {
        word.lower() for name in names for word in _WORD.findall(name) if word[0].isupper()
    }
    people -= _in_lower_case(texts, people)
    return sorted({*ENGLISH_STOP_WORDS, *_ADDRESS, *people, *learn_boilerplate(texts, topics)})


def vocabulary(texts: Sequence[str], stop: Sequence[str]) -> list[str]:
    """Return the words that topics may be told by, sorted: common enough, and no stop words.

    A rare word looks typical of any topic that it stands in, and tells a reader little of it.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    fewest = max(_LEAST_TEXTS, round(_FEWEST_SHARE * len(texts)))
    vectorizer = CountVectorizer(
        binary=True, stop_words=list(stop), token_pattern=TOKEN, min_df=min(fewest, len(texts))
    )
    try:
        return sorted(vectorizer.fit(texts).vocabulary_)
    except ValueError:  # no word is left
        return []


def find_names(texts: Iterable[str]) -> set[str]:
    """Return the words that follow a form of address, in lower case.

    Examples
    --------
    >>> sorted(find_names(["Cllr J. Thornbury and Dr Amy Vale were thanked."]))
    ['amy', 'thornbury', 'vale']
    """
    found: set[str] = set()
    for text in texts:
        for match in _NAMED.finditer(text):
            found.update(
                part.lower().removesuffix("'s").removesuffix("’s")
                for part in match.groups()
                if part
            )
    return found


def learn_boilerplate(texts: Sequence[str], topics: NDArray[np.int64]) -> set[str]:
    """Return the common words that tell next to nothing of the topic.

    Measured is the Kullback-Leibler divergence, in bits, of the topics of the texts that hold
    a word from the topics of all texts.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(binary=True, token_pattern=TOKEN, min_df=2)
    try:
        holds = vectorizer.fit_transform(texts)
    except ValueError:  # no word is in two texts
        return set()
    labels, columns = np.unique(topics, return_inverse=True)
    counts = np.zeros((len(labels), holds.shape[1]))
    for column in range(len(labels)):
        counts[column] = np.asarray(holds[columns == column].sum(axis=0)).ravel()
    total = counts.sum(axis=0)
    base = np.bincount(columns, minlength=len(labels)) / len(texts)
    share = counts / total
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = np.where(share > 0, share * np.log2(share / base[:, None]), 0.0).sum(axis=0)
    # A word of few texts tells some bits by chance alone.
    chance = (len(labels) - 1) / (2 * np.log(2) * total)
    little = (bits - chance < _TELLS_LITTLE) & (total >= _FEWEST_TEXTS * len(texts))
    if little.all():  # no word tells the groups apart: then none is to be told from the others
        return set()
    return set(vectorizer.get_feature_names_out()[little].tolist())


def _in_lower_case(texts: Iterable[str], words: set[str]) -> set[str]:
    """Return those of the words that are written small more often than not: no mere names."""
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    for text in texts:
        for word in _WORD.findall(text):
            lower = word.lower()
            if lower in words:
                (small if word == lower else large)[lower] += 1
    return {word for word in words if small[word] > large[word]}
