"""Mentions of plain texts, as a pandas DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwbtext.errors import InputError
from hwbtext.mentions.tagged import default_detectors
from hwbtext.records import CharSpan, Passage

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    import pandas as pd

    from hwbtext.mentions.detector import Detector

COLUMNS = (
    "text_id",
    "category",
    "polarity",
    "start",
    "end",
    "text",
    "slots",
    "rule_id",
    "score",
    "modifiers",
    "in_title",
    "diffuse",
)
_TEXT = "text"


def detect_mentions(
    texts: Iterable[str] | pd.DataFrame, *, detectors: Sequence[Detector] | None = None
) -> pd.DataFrame:
    """Find mentions of ownership, accountability and inequality in texts.

    Parameters
    ----------
    texts : iterable of str, pandas.Series or pandas.DataFrame
        Passages, one a text: a paragraph of minutes, a clause of a resolution. A frame has
        them in its column ``text``, as the table "passages" does.
    detectors : sequence of Detector, optional
        By default rules and the tagger together, some hundred passages a second;
        ``hwbtext.mentions.rule_detectors()`` are the rules alone, far faster and less exact.

    Returns
    -------
    pandas.DataFrame
        One row a mention, by text and then in reading order: ``text_id`` (position of the
        text, from 0; of a frame or series its index, so that ``found.join(frame, on="text_id",
        rsuffix="_of_passage")`` puts both together), ``category``, ``polarity``, ``start`` and
        ``end`` (characters of the text, half-open), ``text``, ``slots`` (dict of str: who,
        what, forum, …), ``rule_id`` ("tagger" where no rule found it), ``score`` (how likely
        the tagger holds it, 0 to 1; missing from rules alone), ``modifiers`` (tuple of the
        words that set the polarity by rule), ``in_title`` (inside a title or a name; left out
        of rates), ``diffuse`` (the owner is everybody). No mention is a frame without rows,
        with the same columns.

    Raises
    ------
    InputError
        ``texts`` is one str, or holds something that is no str, or has no column ``text``.

    Examples
    --------
    >>> found = detect_mentions(["Nobody owns the strategy."])
    >>> found[["category", "polarity"]].values.tolist()
    [['ownership', 'lacking']]
    """
    import pandas as pd

    if isinstance(texts, pd.DataFrame):
        if _TEXT not in texts:
            msg = f"A frame of texts must have a column 'text'. Got {list(texts.columns)!s:.200}."
            raise InputError(msg)
        texts = texts[_TEXT]

    if isinstance(texts, str | bytes):
        msg = (
            f"detect_mentions takes a list of texts. Got one {type(texts).__name__}; "
            "put it in a list: detect_mentions([text])."
        )
        raise InputError(msg)
    detectors = default_detectors() if detectors is None else detectors
    rows: list[dict[str, object]] = []
    # What callers without a type checker may give; a Series names its texts itself.
    several: Iterable[tuple[Hashable, object]] = (
        texts.items() if isinstance(texts, pd.Series) else enumerate(texts)
    )
    for number, text in several:
        if not isinstance(text, str):
            msg = f"Every text must be a str. Got {type(text).__name__} at position {number}."
            raise InputError(msg)
        passage = passage_of(text)
        mentions = [m for detector in detectors for m in detector.detect(passage)]
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
                "score": mention.score,
                "modifiers": mention.modifiers,
                "in_title": mention.in_title,
                "diffuse": mention.diffuse,
            }
            for mention in sorted(mentions, key=lambda m: m.prov.span)
        ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    kind = texts.index.dtype if isinstance(texts, pd.Series) else "int64"
    whole = {
        "start": "int64",
        "end": "int64",
        "score": "float64",
        "in_title": "bool",
        "diffuse": "bool",
    }
    return frame.astype({"text_id": kind, **whole})


def passage_of(text: str, *, doc_id: str = "") -> Passage:
    """Return a text that stands alone as a passage from character 0."""
    span = CharSpan(0, len(text))
    return Passage(f"{doc_id}:0-{len(text)}", doc_id, span, text, page=None)
