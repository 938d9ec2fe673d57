"""Which of several matches are one mention: overlaps, one sentence, one passage."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Literal, NamedTuple

from hwbtext.records import CharSpan, Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hwbtext.mentions.context import Context, Found
    from hwbtext.mentions.rules import Rule
    from hwbtext.records import Polarity

Merge = Literal["never", "sentence", "passage"]


class Statement(NamedTuple):
    """A match with its polarity; offsets in the passage."""

    span: CharSpan
    slots: tuple[Slot, ...]
    polarity: Polarity
    modifiers: tuple[str, ...]
    rule: Rule


def keep_longest(found: Iterable[Found]) -> list[Found]:
    """Keep the longest of matches that overlap; of equals the first in text, then in rules."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (f.span.start - f.span.end, f.span.start, f.order)):
        at = bisect_left(kept, one.span.start, key=lambda k: k.span.start)
        after_last = at == 0 or kept[at - 1].span.end <= one.span.start
        before_next = at == len(kept) or one.span.end <= kept[at].span.start
        if after_last and before_next:
            kept.insert(at, one)  # stays in reading order
    return kept


def merge_in_sentences(statements: Sequence[Statement], context: Context) -> list[Statement]:
    """Make one of the statements of a sentence that follow each other with one polarity.

    "Rates in the most deprived wards are twice those in the least deprived" names its groups
    twice and is one mention. The rule and the modifiers are those of the longest part, the
    slots those of all, each once. A title inside a sentence stays by itself.
    """
    merged: list[Statement] = []
    for one in statements:
        last = merged[-1] if merged else None
        if (
            last is None
            or last.polarity != one.polarity
            or last.rule.title != one.rule.title
            or not context.share_sentence(last.span, one.span)
        ):
            merged.append(one)
            continue
        longer = max((last, one), key=lambda each: each.span.end - each.span.start)
        names = {slot.name for slot in last.slots}
        merged[-1] = Statement(
            CharSpan(last.span.start, one.span.end),
            (*last.slots, *(slot for slot in one.slots if slot.name not in names)),
            one.polarity,
            longer.modifiers,
            longer.rule,
        )
    return merged


def keep_first(statements: Sequence[Statement]) -> list[Statement]:
    """Keep the first statement of each polarity, and leave out titles where there is another.

    A paragraph that speaks of one difference for five sentences is one mention, as a coder
    would mark it, and no five.
    """
    said = [one for one in statements if not one.rule.title] or list(statements)
    first: dict[Polarity, Statement] = {}
    for one in said:
        first.setdefault(one.polarity, one)
    return [one for one in said if first[one.polarity] is one]
