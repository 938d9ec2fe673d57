"""Mentions of plain texts, as a pandas DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwbtext.errors import InputError
from hwbtext.mentions.detector import default_detectors
from hwbtext.records import CharSpan, Passage

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

COLUMNS = (
    "text_id",
    "category",
    "polarity",
    "start",
    "end",
    "text",
    "slots",
    "rule_id",
    "modifiers",
)


def detect_mentions(texts: Iterable[str]) -> pd.DataFrame:
    """Find mentions of ownership, accountability and inequality in texts.

    Parameters
    ----------
    texts : iterable of str
        Passages, one a text: a paragraph of minutes, a clause of a resolution.

    Returns
    -------
    pandas.DataFrame
        One row a mention, by text and then in reading order: ``text_id`` (position of the
        text, from 0), ``category``, ``polarity``, ``start`` and ``end`` (characters of the
        text, half-open), ``text``, ``slots`` (dict of str: who, what, forum, …), ``rule_id``,
        ``modifiers`` (tuple of the words that set the polarity). No mention is a frame
        without rows, with the same columns.

    Raises
    ------
    InputError
        ``texts`` is one str, or holds something that is no str.

    Examples
    --------
    >>> found = detect_mentions(["Nobody owns the strategy."])
    >>> found[["category", "polarity"]].values.tolist()
    [['ownership', 'lacking']]
    """
    import pandas as pd

    if isinstance(texts, str | bytes):
        msg = (
            f"detect_mentions takes a list of texts. Got one {type(texts).__name__}; "
            "put it in a list: detect_mentions([text])."
        )
        raise InputError(msg)
    rows: list[dict[str, object]] = []
    several: Iterable[object] = texts  # what callers without a type checker may give
    for number, text in enumerate(several):
        if not isinstance(text, str):
            msg = f"Every text must be a str. Got {type(text).__name__} at position {number}."
            raise InputError(msg)
        passage = passage_of(text)
        mentions = [m for detector in default_detectors() for m in detector.detect(passage)]
        rows += [
            {
                "text_id": number,
                "category": mention.category,
                "polarity": mention.polarity,
                "start": mention.prov.span.start,
                "end": mention.prov.span.end,
                "text": mention.text,
                "slots": {slot.name: slot.text for slot in mention.slots},
                "rule_id": mention.rule_id,
                "modifiers": mention.modifiers,
            }
            for mention in sorted(mentions, key=lambda m: m.prov.span)
        ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"text_id": "int64", "start": "int64", "end": "int64"})


def passage_of(text: str, *, doc_id: str = "") -> Passage:
    """Return a text that stands alone as a passage from character 0."""
    span = CharSpan(0, len(text))
    return Passage(f"{doc_id}:0-{len(text)}", doc_id, span, text, page=None)
