"""Find the mentions of one category in a passage, with their polarity and roles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol

from hwbtext.mentions.context import Context, Found
from hwbtext.mentions.diffuse import is_diffuse
from hwbtext.mentions.rules import (
    Cue,
    Exclusion,
    Rule,
    SlotRule,
    load_cues,
    load_exclusions,
    load_rules,
    load_slots,
)
from hwbtext.mentions.statements import Statement, keep_first, keep_longest, merge_in_sentences
from hwbtext.records import CATEGORIES, CharSpan, Mention, Provenance, Slot
from hwbtext.text import same_length, sentences, strip_span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.mentions.statements import Merge
    from hwbtext.records import Category, Passage, Polarity

RULES_VERSION = 4
"""Raised with every change of a rule: it is part of the annotator on each mention."""

# A coder marks one difference between groups once a passage, one account once a sentence; but
# two owners in one sentence are two mentions.
_MERGE: dict[Category, Merge] = {
    "ownership": "never",
    "accountability": "sentence",
    "inequality": "passage",
}
_WORD_CHARACTER = re.compile(r"\w")
_TRAILING = re.compile(r"(?:[\s,]+(?:and|of|for|the|to|a|an|in|that|which|with|by|or|but))+$", re.I)
_LEADING = re.compile(r"^(?:on|for|in|of|into|over|about|that)\s+", re.I)
_THINGS = ("what", "object")
# A thing does not begin with a verb: the pattern has run into what is said of it.
_NO_THING = re.compile(r"(?:is|are|was|were|been|being|will|would|and|which|on)\b", re.I)
# "Nobody" fills no role: the slot was looked for, and nothing is there.
_NOBODY = re.compile(r"(?:nobody|no ?-?one|none|it|there|no)$", re.I)


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


@dataclass(frozen=True, slots=True)
class PatternDetector:
    """Find the phrases that match any rule; of those that overlap keep the longest.

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
    merge : {"never", "sentence", "passage"}
        What counts as one mention where several are found: see :func:`merge_in_sentences` and
        :func:`keep_first`.
    slots : tuple of SlotRule
        Roles that are looked for in the whole of a mention.

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
    merge: Merge = "never"
    slots: tuple[SlotRule, ...] = ()

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
        parts = sentences(plain)
        found = [
            Found(span, _key(match), rule, order, _slots(match, passage.text))
            for order, rule, match in self._matches(hidden, parts)
            if (span := strip_span(hidden, *match.span())).end > span.start
        ]
        if not found:
            return ()
        context = Context(plain, parts, self.cues)
        kept = keep_longest(found)
        statements = [
            Statement(one.span, one.slots, polarity, modifiers, one.rule)
            for one in kept
            for polarity, modifiers in [context.polarity(one)]
            if not self._only_asked(context.around(one.span), polarity)
        ]
        if self.merge != "never":
            statements = merge_in_sentences(statements, context)
        if self.merge == "passage":
            statements = keep_first(statements)
        return tuple(self._mention(passage, each, context.titled) for each in statements)

    def _matches(
        self, hidden: str, parts: Sequence[CharSpan]
    ) -> Iterator[tuple[int, Rule, re.Match[str]]]:
        """Search each rule in the sentences that may hold it: most hold a few rules at most."""
        lowered = hidden.lower()
        likely = [
            (order, rule)
            for order, rule in enumerate(self.rules)
            if rule.may_match(hidden, lowered)
        ]
        for start, end in parts if likely else ():
            sentence, sentence_lowered = hidden[start:end], lowered[start:end]
            for order, rule in likely:
                if len(parts) > 1 and not rule.may_match(sentence, sentence_lowered):
                    continue
                if rule.needs is not None and rule.needs.search(sentence) is None:
                    continue
                for match in rule.pattern.finditer(hidden, start, end):
                    yield order, rule, match

    def _only_asked(self, around: str, polarity: Polarity) -> bool:
        """Return whether a question is all there is: no ownership then (ruling E41)."""
        return self.category == "ownership" and polarity != "lacking" and around.endswith("?")

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

    def _mention(self, passage: Passage, statement: Statement, titled: bool) -> Mention:
        start, end = statement.span
        text = passage.text[start:end]
        named = {slot.name for slot in statement.slots}
        wanted = (rule for rule in self.slots if rule.name not in named)
        found = ((rule.name, rule.pattern.search(text)) for rule in wanted)
        slots = (*statement.slots, *(Slot(name, match[0]) for name, match in found if match))
        return Mention(
            prov=Provenance(
                doc_id=passage.doc_id,
                passage_id=passage.passage_id,
                span=CharSpan(passage.span.start + start, passage.span.start + end),
            ),
            text=text,
            category=self.category,
            polarity=statement.polarity,
            rule_id=statement.rule.rule_id,
            annotator=self.annotator,
            slots=slots,
            modifiers=statement.modifiers,
            in_title=titled or statement.rule.title,
            diffuse=self.category == "ownership" and is_diffuse(slots),
        )


@cache
def rule_detectors() -> tuple[PatternDetector, ...]:
    """Return the rules of hwbtext: ownership, accountability, inequality; fast, without a model.

    Examples
    --------
    >>> [detector.annotator for detector in rule_detectors()]
    ['ownership-rules@4', 'accountability-rules@4', 'inequality-rules@4']
    """
    return tuple(
        PatternDetector(
            annotator=f"{category}-rules@{RULES_VERSION}",
            category=category,
            rules=load_rules(category),
            cues=load_cues(category),
            exclusions=load_exclusions(category),
            merge=_MERGE[category],
            slots=load_slots(category),
        )
        for category in CATEGORIES
    )


def _key(match: re.Match[str]) -> CharSpan:
    for name in ("key", "key2", "key3"):
        if match.groupdict().get(name) is not None:
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
        if name in _THINGS and _NO_THING.match(words):
            continue
        # "The Chair's role": the Chair is spoken of, and fills no role in what follows.
        if words and not _NOBODY.match(words) and not words.endswith("'s"):
            slots[name] = words
    return tuple(Slot(name, words) for name, words in slots.items())
