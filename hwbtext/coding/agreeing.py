"""What all coders of a passage agree on; nothing where they do not."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING

from hwbtext.gold import Coding, GoldMention
from hwbtext.text import strip_span

if TYPE_CHECKING:
    from collections.abc import Sequence


def agreed_coding(codings: Sequence[Coding], text: str) -> Coding | None:
    """Return the coding that several coders share, or None where they differ.

    They share one where the outcome is the same and the mentions pair up: as many of each
    category and polarity, each pair with characters in common; the span is those. Sub-type,
    direction and act are None where the coders differ in these alone. One coder shares
    nothing with anybody: None.

    Examples
    --------
    >>> one = Coding("process", "process.note", None, "noted")
    >>> two = Coding("process", "process.approve", None, "noted")
    >>> agreed_coding([one, two], "The plan was noted.")
    Coding(outcome='process', subtype=None, direction=None, act='noted', mentions=())
    """
    if len(codings) < 2 or len({coding.outcome for coding in codings}) > 1:
        return None
    mentions = _shared(codings, text)
    if mentions is None:
        return None
    first = codings[0]
    return Coding(
        outcome=first.outcome,
        subtype=_same([coding.subtype for coding in codings]),
        direction=_same([coding.direction for coding in codings]),
        act=_same([coding.act for coding in codings]),
        mentions=mentions,
    )


def _same(values: Sequence[str | None]) -> str | None:
    return values[0] if len(set(values)) == 1 else None


def _shared(codings: Sequence[Coding], text: str) -> tuple[GoldMention, ...] | None:
    by_kind: list[dict[tuple[str, str], list[GoldMention]]] = []
    for coding in codings:
        kinds: dict[tuple[str, str], list[GoldMention]] = defaultdict(list)
        for mention in sorted(coding.mentions, key=lambda m: (m.start, m.end)):
            kinds[mention.category, mention.polarity].append(mention)
        by_kind.append(kinds)
    shared: list[GoldMention] = []
    for kind in sorted(set(chain.from_iterable(by_kind))):
        found = [kinds.get(kind, []) for kinds in by_kind]
        if len({len(mentions) for mentions in found}) > 1:
            return None
        for group in zip(*found, strict=True):
            start, end = max(m.start for m in group), min(m.end for m in group)
            start, end = strip_span(text, start, max(start, end))
            if start >= end:
                return None
            shared.append(GoldMention(*kind, start, end, text[start:end]))
    return tuple(sorted(shared, key=lambda m: (m.start, m.end, m.category)))
