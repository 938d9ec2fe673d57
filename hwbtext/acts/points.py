"""Numbered action points that stand on lines of their own, below a title that names them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwbtext.acts.phrases import read_action
from hwbtext.records import Action, CharSpan, Provenance
from hwbtext.text import n_words, same_length, strip_span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.records import Passage

_POINT = re.compile(
    r"(?:^|(?<=\s))(?P<ref>\d{2}[-/.]\d{2}|AP\s?\d{1,4}|[A-Z]{1,3}\d{2,4}[/-]\d{1,4})"
    r"[.:]?\s+(?=[A-Z])"
)
_POINTS_NAMED = re.compile(r"\bactions?\s+points?\b|\boutstanding\s+actions?\b", re.I)
_STATUS = re.compile(
    r"\s[-(\[]?\s?(?P<status>ongoing|on-going|closed|completed?|done|open|in\sprogress|"
    r"carried\sforward|"
    r"not\s(?:yet\s)?started|outstanding|deferred)[\])]?\W*$",
    re.IGNORECASE,
)
_TITLE_WORDS = 8


def point_actions(passages: Sequence[Passage]) -> Iterator[Action]:
    """Read the numbered action points of lines: "11-02 The Clerk to write - ongoing"."""
    named = False
    for passage in passages:
        plain = same_length(passage.text)
        named = named or (n_words(plain) <= _TITLE_WORDS and bool(_POINTS_NAMED.search(plain)))
        marks = list(_POINT.finditer(plain))
        # A point that calls itself one ("AP12") needs no title above it.
        if not marks or marks[0].start() or not (named or plain.startswith("AP")):
            continue
        ends = [*(mark.start() for mark in marks[1:]), len(plain)]
        for mark, end in zip(marks, ends, strict=True):
            low, high = strip_span(plain, mark.start(), end)
            start = mark.end()
            said = _STATUS.search(plain, start, high)
            last = said.start() if said else high
            parts = read_action(passage.text[start:last], plain[start:last])
            at = passage.span.start
            prov = Provenance(
                passage.doc_id,
                passage.passage_id,
                CharSpan(at + low, at + high),
                passage.regions,
            )
            status = passage.text[slice(*said.span("status"))] if said else None
            yield Action(prov, parts.text, parts.owner, parts.due, status)
