"""Mentions as displaCy draws them: ``displacy.render(displacy_spans(text), ...)``."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import Any

from hwbtext.mentions.frame import passage_of
from hwbtext.mentions.tagged import default_detectors
from hwbtext.records import POLARITIES

COLOURS = {"ownership": "#9ecae1", "accountability": "#fdd0a2", "inequality": "#c7e9c0"}
_TOKEN = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")


def displacy_spans(text: str) -> dict[str, Any]:
    """Return a text with its mentions in displaCy's manual format, style "span".

    The style shows mentions of two categories that overlap; style "ent" cannot. No pipeline
    and no model is needed.

    Parameters
    ----------
    text : str
        A passage.

    Returns
    -------
    dict
        ``text``, ``tokens`` and ``spans``; :func:`displacy_options` has the colours.

    Examples
    --------
    >>> drawn = displacy_spans("Nobody owns the strategy.")
    >>> drawn["spans"]
    [{'start_token': 0, 'end_token': 4, 'label': 'ownership:lacking'}]

    >>> from spacy import displacy
    >>> html = displacy.render(
    ...     drawn, style="span", manual=True, options=displacy_options(), jupyter=False
    ... )
    >>> "ownership:lacking" in html
    True
    """
    found = [match.span() for match in _TOKEN.finditer(text)]
    starts = [start for start, _ in found]
    ends = [end for _, end in found]
    passage = passage_of(text)
    mentions = [m for detector in default_detectors() for m in detector.detect(passage)]
    return {
        "text": text,
        "tokens": [text[start:end] for start, end in found],
        "spans": [
            {
                # A mention may end inside a token; then the whole token is drawn.
                "start_token": bisect_right(ends, mention.prov.span.start),
                "end_token": bisect_left(starts, mention.prov.span.end),
                "label": f"{mention.category}:{mention.polarity}",
            }
            for mention in sorted(mentions, key=lambda m: m.prov.span)
        ],
    }


def displacy_options() -> dict[str, Any]:
    """Return options of displaCy: a colour for each category, and the key of the component.

    With the pipeline component: ``displacy.render(doc, style="span",
    options=displacy_options())``.
    """
    return {
        "spans_key": "hwbtext",
        "colors": {
            f"{category}:{polarity}": colour
            for category, colour in COLOURS.items()
            for polarity in POLARITIES
        },
    }
