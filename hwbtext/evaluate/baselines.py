"""What any classifier has to beat: the commonest answer, and a short list of words.

The lists are short on purpose: they are what a user could search for by hand. They were
written from the codebook before any passage was scored, and are not tuned.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from hwbtext.evaluate.spans import Marked
from hwbtext.records import CATEGORIES, OUTCOMES, CharSpan, Mention, Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from hwbtext.records import Category, Passage, Polarity

TANGIBLE_WORDS = (
    "increased", "decreased", "reduced", "risen", "rose", "fallen", "fell", "improved",
    "worsened", "achieved", "exceeded", "delivered", "opened", "supported",
)  # fmt: skip
PROCESS_WORDS = (
    "resolved", "agreed", "approved", "noted", "received", "endorsed", "recommended",
    "considered", "delegated", "appointed", "presented",
)  # fmt: skip
MENTION_WORDS: dict[Category, str] = {
    "ownership": r"own(?:s|ed|er|ers|ership)?|leads?|led|responsib\w+",
    "accountability": r"accountab\w+|to account|scrutin\w+|monitor\w*",
    "inequality": r"inequal\w+|inequit\w+|equity|gap|depriv\w+|dispar\w+",
}
LACKING_WORDS = r"no|not|nobody|lack\w*|without|never"
ASPIRATIONAL_WORDS = r"will|would|should|must|aims?|need\w*"
_NEAR = 80  # characters on either side in which a negation or a modal sets the polarity
_LACKING = re.compile(rf"\b(?:{LACKING_WORDS})\b", re.IGNORECASE)
_ASPIRATIONAL = re.compile(rf"\b(?:{ASPIRATIONAL_WORDS})\b", re.IGNORECASE)
_TANGIBLE = re.compile(rf"\b(?:{'|'.join(TANGIBLE_WORDS)})\b", re.IGNORECASE)
_PROCESS = re.compile(rf"\b(?:{'|'.join(PROCESS_WORDS)})\b", re.IGNORECASE)


class KeywordOutcomeClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The keyword baseline: a word of ``TANGIBLE_WORDS``, else of ``PROCESS_WORDS``, else none.

    Examples
    --------
    >>> KeywordOutcomeClassifier().predict(["The report was noted.", "Smoking rates had fallen."])
    array(['process', 'tangible'], dtype='<U8')
    """

    def fit(self, X: Iterable[str], y: object = None) -> KeywordOutcomeClassifier:  # noqa: ARG002, N803
        """Set ``classes_``; nothing is learned."""
        self.classes_ = np.array(sorted(OUTCOMES))
        return self

    def predict(self, X: Iterable[str]) -> NDArray[np.str_]:  # noqa: N803
        """Return one of none, process, tangible for each text."""
        found = [
            "tangible" if _TANGIBLE.search(text) else "process" if _PROCESS.search(text) else "none"
            for text in X
        ]
        return np.array(found, dtype="<U8")

    def __sklearn_is_fitted__(self) -> bool:
        """Return True: the words are there before any fit."""
        return True


@dataclass(frozen=True, slots=True)
class KeywordDetector:
    """The keyword baseline for one category: every bare word is a mention.

    Any negation within 80 characters makes it lacking, else any modal aspirational, else it
    is neutral.

    Examples
    --------
    >>> from hwbtext.mentions.frame import passage_of
    >>> [m.polarity for m in KeywordDetector("ownership").detect(passage_of("Nobody owns it."))]
    ['lacking']
    """

    category: Category

    @property
    def name(self) -> str:
        """Return what it is called."""
        return f"{self.category}-keywords"

    @property
    def version(self) -> str:
        """Return the version of the list of words."""
        return "1"

    @property
    def annotator(self) -> str:
        """Return name and version, as written on every mention."""
        return f"{self.name}@{self.version}"

    def detect(self, passage: Passage) -> tuple[Mention, ...]:
        """Return the mentions in reading order."""
        text, offset = passage.text, passage.span.start
        pattern = re.compile(rf"\b(?:{MENTION_WORDS[self.category]})\b", re.IGNORECASE)
        return tuple(
            Mention(
                prov=Provenance(
                    passage.doc_id,
                    passage.passage_id,
                    CharSpan(offset + match.start(), offset + match.end()),
                ),
                text=match.group(),
                category=self.category,
                polarity=_polarity(text[max(0, match.start() - _NEAR) : match.end() + _NEAR]),
                rule_id=f"{self.category}.keyword",
                annotator=self.annotator,
            )
            for match in pattern.finditer(text)
        )


def keyword_detectors() -> tuple[KeywordDetector, ...]:
    """Return the keyword baseline for ownership, accountability and inequality."""
    return tuple(KeywordDetector(category) for category in CATEGORIES)


def commonest_polarities(
    gold: Sequence[Sequence[Marked]], places: Sequence[str]
) -> list[list[tuple[Marked, Marked]]]:
    """Pair each coded mention with the polarity commonest for its category in other places.

    The commonest answer to "is there a mention?" is no, so the majority baseline finds none;
    this is what it says of the polarity of mentions that it is given. A mention whose category
    no other place has is left out: nothing could be learnt.
    """
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for marks, place in zip(gold, places, strict=True):
        for mark in marks:
            tally = counts.setdefault((place, mark.category), {})
            tally[mark.polarity] = tally.get(mark.polarity, 0) + 1
    guesses: dict[tuple[str, str], str | None] = {}
    for place, category in counts:
        others: dict[str, int] = {}
        for (other, of), tally in counts.items():
            if other != place and of == category:
                for polarity, n in tally.items():
                    others[polarity] = others.get(polarity, 0) + n
        # Of equally common ones the first by name, so that the order of the file changes nothing.
        guesses[place, category] = max(sorted(others), key=others.__getitem__) if others else None
    pairs = []
    for marks, place in zip(gold, places, strict=True):
        row = []
        for mark in marks:
            guess = guesses[place, mark.category]
            if guess is not None:
                row.append((mark, Marked(mark.category, guess, mark.start, mark.end)))
        pairs.append(row)
    return pairs


def _polarity(near: str) -> Polarity:
    if _LACKING.search(near):
        return "lacking"
    return "aspirational" if _ASPIRATIONAL.search(near) else "neutral"
