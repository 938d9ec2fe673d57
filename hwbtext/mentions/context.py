"""What stands around a candidate: its sentence and clause, the cues that speak of it, titles."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from hwbtext.records import CharSpan, Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hwbtext.mentions.rules import Cue, Rule
    from hwbtext.records import Polarity

_CLAUSE_BREAK = re.compile(
    r";|,?\s(?:but|although|though|however|whereas|while|whilst|yet)\s|:\s", re.IGNORECASE
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|be|been|had|has|have|will|would|should|must|can|could|does|did|"
    r"own|owns|leads|needs?|\w+ed)\b",
    re.IGNORECASE,
)
_FARTHEST = 400  # characters: nothing further off says anything of a candidate
_GOVERNS = 22  # characters between a modal and the participle that it governs
_TITLE_WORDS = 14
_SHORT_TITLE_WORDS = 6
_CAPITALS = 0.6  # share of the longer words of a title that start with a capital

# Where several cues stand in a clause (codebook, procedure): the first of these wins.
PRECEDENCE: tuple[Polarity, ...] = ("lacking", "affirmed", "aspirational", "neutral")


class Found(NamedTuple):
    """A match of a rule, before its polarity is known; offsets in the passage."""

    span: CharSpan
    key: CharSpan  # the words that make it a mention, without the slots around them
    rule: Rule
    order: int
    slots: tuple[Slot, ...]


class Signal(NamedTuple):
    """A cue where it stands in the passage."""

    span: CharSpan
    cue: Cue
    text: str


class Context:
    """A passage cut into sentences, with its cues, read once for all its candidates."""

    def __init__(self, plain: str, parts: Sequence[CharSpan], cues: Iterable[Cue]) -> None:
        self.plain = plain
        self.parts = parts
        self.titled = is_title(plain)
        self.signals = sorted(
            (
                Signal(CharSpan(*match.span()), cue, match.group())
                for cue in cues
                for match in cue.pattern.finditer(plain)
            ),
            key=lambda signal: (signal.span, signal.cue.cue_id),
        )

    def share_sentence(self, one: CharSpan, other: CharSpan) -> bool:
        """Return whether two spans start in one sentence."""
        first, second = (
            bisect_right(self.parts, span.start, key=lambda part: part.start)
            for span in (one, other)
        )
        return first == second

    def sentence(self, span: CharSpan) -> CharSpan:
        """Return the sentence around a span; of a sentence without end, what stands near."""
        first = max(0, bisect_right(self.parts, span.start, key=lambda part: part.start) - 1)
        last = max(first, bisect_left(self.parts, span.end, key=lambda part: part.start) - 1)
        if not self.parts:
            return span
        return CharSpan(
            max(min(self.parts[first].start, span.start), span.start - _FARTHEST),
            min(max(self.parts[last].end, span.end), span.end + _FARTHEST),
        )

    def around(self, span: CharSpan) -> str:
        """Return the words of the sentence, or sentences, in which a span stands."""
        start, end = self.sentence(span)
        return self.plain[start:end]

    def clause(self, span: CharSpan) -> CharSpan:
        """Return the clause around a span: its sentence, cut at "; ", "but" and the like."""
        start, end = self.sentence(span)
        for match in _CLAUSE_BREAK.finditer(self.plain, start, end):
            if match.end() <= span.start:
                start = match.end()
            elif match.start() >= span.end:
                end = match.start()
                break
        return CharSpan(start, end)

    def polarity(self, found: Found) -> tuple[Polarity, tuple[str, ...]]:
        """Return the polarity of a candidate and the words that set it."""
        rule = found.rule
        if rule.fixed:
            return rule.polarity, ()
        if self.titled:
            return "neutral", ()
        heard = self._heard(found)
        for candidate in PRECEDENCE:
            words = [signal.text for signal in heard if signal.cue.polarity == candidate]
            if words:
                return candidate, tuple(dict.fromkeys(words))
        return rule.polarity, ()

    def _heard(self, found: Found) -> list[Signal]:
        """Return the cues that speak of a candidate: before its key words, in them, just after.

        What stands further on, in the slots, has a meaning of its own: "sought assurance that
        nothing was hidden" does not say that assurance was lacking.
        """
        clause = self.clause(found.span)
        # The signals stand in order of their start: only those of the clause are looked at.
        first = bisect_left(self.signals, clause.start, key=lambda signal: signal.span.start)
        last = bisect_right(self.signals, clause.end, key=lambda signal: signal.span.start)
        near = self.signals[first:last]
        return [
            signal
            for signal in near
            if signal.cue.cue_id not in found.rule.ignore
            and signal.span.end <= clause.end
            and signal.span.end >= min(found.span.start, found.key.start - signal.cue.reach_before)
            and signal.span.start <= found.key.end + signal.cue.reach_after
            and not _governed(signal, near)
        ]


def _governed(signal: Signal, signals: Sequence[Signal]) -> bool:
    if signal.cue.polarity != "affirmed":
        return False
    return any(
        other.cue.polarity == "aspirational" and 0 <= signal.span.start - other.span.end <= _GOVERNS
        for other in signals
        if other.cue.cue_id in ("future", "obligation", "intent")
    )


def is_title(plain: str) -> bool:
    """Return whether a piece of text is set like a title: short, no sentence, no full stop.

    Examples
    --------
    >>> is_title("Reducing Health Inequalities in Carrow"), is_title("We will reduce them.")
    (True, False)
    """
    text = plain.strip()
    words = list(_title_words(text))
    if not words or len(words) > _TITLE_WORDS or text.endswith((".", "?", "!", ";", ":", ",")):
        return False
    if len(words) <= _SHORT_TITLE_WORDS and not _FINITE.search(text):
        return text[0].isupper() or text[0].isdigit()
    long = [word for word in words if len(word) > 3]
    capitals = sum(word[0].isupper() for word in long)
    return bool(long) and capitals >= _CAPITALS * len(long)


def _title_words(text: str) -> Iterator[str]:
    # Only the first words decide: a long text is no title whatever follows.
    for match in re.finditer(r"[A-Za-z][\w'&-]{0,40}", text[:400]):
        yield match.group()
