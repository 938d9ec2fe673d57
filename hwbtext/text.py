"""Small operations on text that keep every offset."""

from __future__ import annotations

import re
import unicodedata

from hwbtext.records import CharSpan

_SPACE = re.compile(r"\s+")
_QUOTES = str.maketrans("‘’‚‛“”„–—−\u00a0\u00ad", "''''\"\"\"---  ")

# A full stop after one of these does not end a sentence.
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Cllr|Cllrs|Rev|Hon|St|Sgt|No|Nos|Ref|para|paras|p|pp|"
    r"approx|etc|vs|v|i\.e|e\.g|cf|inc|Ltd|Co|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec"
    r"|a\.m|p\.m)|\b[A-Z]|^\s*\(?\d{1,3}(?:\.\d{1,3})*|^\s*\(?[a-z])\.$",
)
_SENTENCE_END = re.compile(r"[.!?]['\"’”)\]]*(?=\s+['\"‘“(\[]?[A-Z0-9£•])")


def normalize(text: str) -> str:
    r"""Return text in one spelling for matching: NFKC, plain quotes and dashes, single spaces.

    Offsets do not survive this: use it for hashes, features and comparison, never for spans.

    Examples
    --------
    >>> normalize("The  Board’s ﬁnal\nplan")
    "The Board's final plan"
    """
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text).translate(_QUOTES)).strip()


def same_length(text: str) -> str:
    r"""Return text with plain quotes, dashes and spaces, character for character.

    Every output character stands where its source stood, so a match found in the result has
    the same offsets in the source.

    Examples
    --------
    >>> same_length("Board’s\nplan – draft")
    "Board's plan - draft"
    """
    return re.sub(r"\s", " ", text.translate(_QUOTES))


def sentences(text: str) -> tuple[CharSpan, ...]:
    """Return the spans of the sentences of one paragraph, without surrounding space.

    Examples
    --------
    >>> body = "Cllr. Ward asked why. The Director replied."
    >>> [body[a:b] for a, b in sentences(body)]
    ['Cllr. Ward asked why.', 'The Director replied.']
    """
    spans: list[CharSpan] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        end = match.end()
        # Abbreviations are short: looking at the last few characters keeps this linear.
        if _ABBREVIATION.search(text[max(start, end - 12) : end]):
            continue
        spans.append(strip_span(text, start, end))
        start = end
    spans.append(strip_span(text, start, len(text)))
    return tuple(span for span in spans if span.end > span.start)


def strip_span(text: str, start: int, end: int) -> CharSpan:
    """Return ``[start, end)`` without white space at either side; empty spans stay in place."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return CharSpan(start, end)


def slugify(name: str) -> str:
    """Return an id for a name: lower case, words joined by hyphens.

    Examples
    --------
    >>> slugify("Carrow & Westholme Council")
    'carrow-and-westholme-council'
    """
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", plain.decode().lower()).strip("-")


def n_words(text: str) -> int:
    """Return the number of words that hold a letter."""
    return sum(any(c.isalpha() for c in word) for word in text.split())
