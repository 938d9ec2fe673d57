"""Find the mentions of one category in a passage, with their polarity and roles."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

from hwbtext.mentions.rules import (
    Cue,
    Exclusion,
    Rule,
    load_cues,
    load_exclusions,
    load_rules,
)
from hwbtext.records import CATEGORIES, CharSpan, Mention, Provenance, Slot
from hwbtext.text import same_length, sentences, strip_span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hwbtext.records import Category, Passage, Polarity

RULES_VERSION = 1
"""Raised with every change of a rule: it is part of the annotator on each mention."""

_WORD_CHARACTER = re.compile(r"\w")
_CLAUSE_BREAK = re.compile(
    r";|,?\s(?:but|although|though|however|whereas|while|whilst|yet)\s|:\s", re.IGNORECASE
)
_TRAILING = re.compile(r"(?:[\s,]+(?:and|of|for|the|to|a|an|in|that|which|with|by|or|but))+$", re.I)
_LEADING = re.compile(r"^(?:on|for|in|of|into|over|about|that)\s+", re.I)
_THINGS = ("what", "object")
# "Nobody" fills no role: the slot was looked for, and nothing is there.
_NOBODY = re.compile(r"(?:nobody|no ?-?one|none|it|there|no)$", re.I)
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
_PRECEDENCE: tuple[Polarity, ...] = ("lacking", "affirmed", "aspirational", "neutral")


class Detector(Protocol):
    """What finds mentions: pure and picklable.

    ``passage.text`` between the offsets of a mention, less ``passage.span.start``, is the
    text of the mention.
    """

    @property
    def name(self) -> str:
        """Name of the detector."""

    @property
    def version(self) -> str:
        """Version, raised whenever its results may change."""

    @property
    def category(self) -> Category:
        """The category that it finds."""

    def detect(self, passage: Passage) -> tuple[Mention, ...]:
        """Return the mentions in reading order; none is an empty tuple."""


class _Found(NamedTuple):
    """A match of a rule, before its polarity is known; offsets in the passage."""

    span: CharSpan
    key: CharSpan  # the words that make it a mention, without the slots around them
    rule: Rule
    order: int
    slots: tuple[Slot, ...]


class _Signal(NamedTuple):
    """A cue where it stands in the passage."""

    span: CharSpan
    cue: Cue
    text: str


@dataclass(frozen=True, slots=True)
class PatternDetector:
    """Find the phrases that match any rule; where matches overlap, keep the longest.

    Attributes
    ----------
    annotator : str
        Name and version, written on every mention: ``"ownership-rules@1"``.
    category : str
        What the rules find.
    rules : tuple of Rule
    cues : tuple of Cue
        Words near a candidate that set its polarity.
    exclusions : tuple of Exclusion
        Phrases that are hidden before the rules are tried.

    Notes
    -----
    A candidate takes the polarity of the cues in its clause. *Lacking* comes before
    *affirmed*, *affirmed* before *aspirational*, as the codebook rules; but an affirmed cue
    that a modal governs ("should be ring-fenced") is no affirmed cue. Without a cue the rule
    decides. A question without an answer is no ownership (ruling E41).
    """

    annotator: str
    category: Category
    rules: tuple[Rule, ...]
    cues: tuple[Cue, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()

    @property
    def name(self) -> str:
        """Return the part of the annotator before the version."""
        return self.annotator.partition("@")[0]

    @property
    def version(self) -> str:
        """Return the version, as text."""
        return self.annotator.partition("@")[2]

    def detect(self, passage: Passage) -> tuple[Mention, ...]:
        """Return the mentions in reading order; none is an empty tuple.

        Parameters
        ----------
        passage : Passage

        Returns
        -------
        tuple of Mention
            Without overlap. Spans are offsets in the document: ``passage.span.start`` is
            added to the place in ``passage.text``.
        """
        plain = same_length(passage.text)
        hidden = self._hide(plain)
        lowered = hidden.lower()
        found = [
            _Found(span, _key(match), rule, order, _slots(match, passage.text))
            for order, rule in enumerate(self.rules)
            if rule.may_match(hidden, lowered)
            for match in rule.pattern.finditer(hidden)
            if (span := strip_span(hidden, *match.span())).end > span.start
        ]
        if not found:
            return ()
        parts = sentences(plain)
        titled = _is_title(plain)
        signals = sorted(
            (
                _Signal(CharSpan(*match.span()), cue, match.group())
                for cue in self.cues
                for match in cue.pattern.finditer(plain)
            ),
            key=lambda signal: (signal.span, signal.cue.cue_id),
        )
        kept = keep_longest(
            one
            for one in found
            if one.rule.needs is None or one.rule.needs.search(_around(plain, parts, one.span))
        )
        mentions = (self._mention(passage, plain, one, parts, signals, titled) for one in kept)
        return tuple(mention for mention in mentions if mention is not None)

    def _hide(self, plain: str) -> str:
        """Blank out the exclusions, letter by letter: lengths and words stay as they are."""
        lowered = plain.lower()
        for exclusion in self.exclusions:
            if not any(cue in lowered for cue in exclusion.cues):
                continue
            plain = exclusion.pattern.sub(
                lambda match: _WORD_CHARACTER.sub("_", match.group()), plain
            )
        return plain

    def _mention(
        self,
        passage: Passage,
        plain: str,
        found: _Found,
        parts: Sequence[CharSpan],
        signals: Sequence[_Signal],
        titled: bool,
    ) -> Mention | None:
        rule = found.rule
        polarity = rule.polarity
        modifiers: tuple[str, ...] = ()
        if titled and not rule.fixed:
            polarity = "neutral"
        elif not rule.fixed:
            heard = _heard(signals, found, _clause(plain, parts, found.span))
            for candidate in _PRECEDENCE:
                words = [s.text for s in heard if s.cue.polarity == candidate]
                if words:
                    polarity, modifiers = candidate, tuple(dict.fromkeys(words))
                    break
        asks = _around(plain, parts, found.span).endswith("?")
        if asks and self.category == "ownership" and polarity != "lacking":
            return None
        start, end = found.span
        return Mention(
            prov=Provenance(
                doc_id=passage.doc_id,
                passage_id=passage.passage_id,
                span=CharSpan(passage.span.start + start, passage.span.start + end),
            ),
            text=passage.text[start:end],
            category=self.category,
            polarity=polarity,
            rule_id=rule.rule_id,
            annotator=self.annotator,
            slots=found.slots,
            modifiers=modifiers,
            in_title=titled or rule.title,
        )


def keep_longest(found: Iterable[_Found]) -> list[_Found]:
    """Keep the longest of matches that overlap; of equals the first in text, then in rules."""
    kept: list[_Found] = []
    for one in sorted(found, key=lambda f: (f.span.start - f.span.end, f.span.start, f.order)):
        at = bisect_left(kept, one.span.start, key=lambda k: k.span.start)
        after_last = at == 0 or kept[at - 1].span.end <= one.span.start
        before_next = at == len(kept) or one.span.end <= kept[at].span.start
        if after_last and before_next:
            kept.insert(at, one)  # stays in reading order
    return kept


@cache
def default_detectors() -> tuple[PatternDetector, ...]:
    """Return the detectors of hwbtext: ownership, accountability, inequality.

    Examples
    --------
    >>> [detector.annotator for detector in default_detectors()]
    ['ownership-rules@1', 'accountability-rules@1', 'inequality-rules@1']
    """
    return tuple(
        PatternDetector(
            annotator=f"{category}-rules@{RULES_VERSION}",
            category=category,
            rules=load_rules(category),
            cues=load_cues(category),
            exclusions=load_exclusions(category),
        )
        for category in CATEGORIES
    )


def _key(match: re.Match[str]) -> CharSpan:
    for name in ("key", "key2"):
        if match.groupdict().get(name):
            return CharSpan(*match.span(name))
    return CharSpan(*match.span())


def _slots(match: re.Match[str], text: str) -> tuple[Slot, ...]:
    """Return the named groups that matched, as written, each slot once."""
    slots: dict[str, str] = {}
    for group in match.groupdict():
        name = group.rstrip("0123456789")
        start, end = match.span(group)
        if name == "key" or end <= start or name in slots:
            continue
        words = text[start:end].strip(" ,'\"-\t\n")
        words = _TRAILING.sub("", _LEADING.sub("", words) if name in _THINGS else words)
        if words and not _NOBODY.match(words):
            slots[name] = words
    return tuple(Slot(name, words) for name, words in slots.items())


def _around(plain: str, parts: Sequence[CharSpan], span: CharSpan) -> str:
    """Return the sentence, or sentences, in which a span stands."""
    start, end = _sentence(parts, span)
    return plain[start:end]


def _sentence(parts: Sequence[CharSpan], span: CharSpan) -> CharSpan:
    """Return the sentence around a span; of a sentence without end, what stands near."""
    first = max(0, bisect_right(parts, span.start, key=lambda part: part.start) - 1)
    last = max(first, bisect_left(parts, span.end, key=lambda part: part.start) - 1)
    if not parts:
        return span
    return CharSpan(
        max(min(parts[first].start, span.start), span.start - _FARTHEST),
        min(max(parts[last].end, span.end), span.end + _FARTHEST),
    )


def _clause(plain: str, parts: Sequence[CharSpan], span: CharSpan) -> CharSpan:
    """Return the clause around a span: its sentence, cut at "; ", "but" and the like."""
    start, end = _sentence(parts, span)
    for match in _CLAUSE_BREAK.finditer(plain, start, end):
        if match.end() <= span.start:
            start = match.end()
        elif match.start() >= span.end:
            end = match.start()
            break
    return CharSpan(start, end)


def _heard(signals: Sequence[_Signal], found: _Found, clause: CharSpan) -> list[_Signal]:
    """Return the cues that speak of a candidate: before its key words, in them, or just after.

    What stands further on, in the slots, has a meaning of its own: "sought assurance that
    nothing was hidden" does not say that assurance was lacking.
    """
    # ``signals`` stand in order of their start: only those of the clause are looked at.
    first = bisect_left(signals, clause.start, key=lambda signal: signal.span.start)
    last = bisect_right(signals, clause.end, key=lambda signal: signal.span.start)
    near = signals[first:last]
    return [
        signal
        for signal in near
        if signal.cue.cue_id not in found.rule.ignore
        and signal.span.end <= clause.end
        and signal.span.end >= min(found.span.start, found.key.start - signal.cue.reach_before)
        and signal.span.start <= found.key.end + signal.cue.reach_after
        and not _governed(signal, near)
    ]


def _governed(signal: _Signal, signals: Sequence[_Signal]) -> bool:
    if signal.cue.polarity != "affirmed":
        return False
    return any(
        other.cue.polarity == "aspirational" and 0 <= signal.span.start - other.span.end <= _GOVERNS
        for other in signals
        if other.cue.cue_id in ("future", "obligation", "intent")
    )


def _is_title(plain: str) -> bool:
    """Return whether a piece of text is set like a title: short, no sentence, no full stop."""
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
