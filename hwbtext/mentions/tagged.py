"""Rules and a tagger together: rules propose, the tagger drops what it doubts and adds its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from hwbtext.mentions.context import is_title
from hwbtext.mentions.detector import rule_detectors
from hwbtext.mentions.rules import load_gate
from hwbtext.mentions.tagger import Tagger, tagger_folder
from hwbtext.records import CharSpan, Mention, Provenance
from hwbtext.text import same_length, sentences

if TYPE_CHECKING:
    from hwbtext.mentions.detector import Detector
    from hwbtext.mentions.tagger import Reader, Tagged
    from hwbtext.records import Category, Passage

ADDED = "tagger"
"""The ``rule_id`` of a mention that no rule found."""


_WORDS = re.compile(r"\w(?:.*[\w.)%'\"?!])?", re.DOTALL)
"""From the first word to the last, with what closes it."""


@dataclass(frozen=True, slots=True)
class TaggedDetector:
    """Find mentions by rules and by a tagger that learned from coded passages.

    A mention by rules stays where the tagger marks its place with at least ``keep``, or where it
    is one of polarity lacking, which the tagger met seldom. Where the tagger marks a place that
    no rule found with at least ``add``, that is a mention too. Polarity and ``score`` are the
    tagger's (0 where it marks nothing); in titles, and where a rule says "lacking", the rule's
    polarity stands.

    Attributes
    ----------
    rules : Detector
        Of one category, as :func:`hwbtext.mentions.rule_detectors` gives them.
    reader : Reader
        The tagger.
    """

    rules: Detector
    reader: Reader

    @property
    def category(self) -> Category:
        """Return what is found."""
        return self.rules.category

    @property
    def name(self) -> str:
        """Return the name: the category."""
        return self.category

    @property
    def version(self) -> str:
        """Return the version of the rules, a dot, and that of the tagger."""
        return f"{self.rules.version}.{self.reader.version}"

    @property
    def annotator(self) -> str:
        """Return name and version, as written on every mention: ``"ownership@4.1"``."""
        return f"{self.name}@{self.version}"

    def detect(self, passage: Passage) -> tuple[Mention, ...]:
        """Return the mentions in reading order; none is an empty tuple.

        Parameters
        ----------
        passage : Passage

        Returns
        -------
        tuple of Mention
            Without overlap; ``rule_id`` is "tagger" for those that no rule found.
        """
        keep, add = self.reader.thresholds[self.category]
        tagged = [one for one in self.reader.read(passage.text) if one.category == self.category]
        kept = []
        for mention in self.rules.detect(passage):
            span = CharSpan(*(at - passage.span.start for at in mention.prov.span))
            near = [one for one in tagged if _overlap(one.reach, span)]
            best = max(near, key=lambda one: one.score, default=None)
            # The tagger met few that are lacking: what a rule takes for that is not its to drop.
            if mention.polarity == "lacking" or (0.0 if best is None else best.score) >= keep:
                kept.append(self._judged(mention, best))
        new = [self._new(passage, one) for one in tagged if one.score >= add]
        added = [
            one
            for one in new
            if one is not None and not any(_overlap(one.prov.span, each.prov.span) for each in kept)
        ]
        return tuple(sorted((*kept, *added), key=lambda mention: mention.prov.span))

    def _judged(self, mention: Mention, tagged: Tagged | None) -> Mention:
        """Take the polarity that the tagger says, but for titles and for what is lacking.

        The tagger met few mentions of polarity lacking; rules look for it in so many words.
        """
        if tagged is None:
            return replace(mention, annotator=self.annotator, score=0.0)
        score = round(tagged.score, 4)
        if mention.in_title or mention.polarity in ("lacking", tagged.polarity):
            return replace(mention, annotator=self.annotator, score=score)
        return replace(
            mention,
            polarity=tagged.polarity,
            modifiers=(),
            annotator=self.annotator,
            score=score,
        )

    def _new(self, passage: Passage, tagged: Tagged) -> Mention | None:
        plain = same_length(passage.text)
        # A comma before, or a bullet, is a token of its own and belongs to no mention.
        words = _WORDS.search(plain, *tagged.span)
        if words is None:
            return None
        start, end = words.span()
        gate = load_gate(self.category)
        if gate is not None and not gate.passes(plain[start:end], _sentence(plain, start, end)):
            return None
        titled = is_title(plain)
        return Mention(
            prov=Provenance(
                doc_id=passage.doc_id,
                passage_id=passage.passage_id,
                span=CharSpan(passage.span.start + start, passage.span.start + end),
            ),
            text=passage.text[start:end],
            category=self.category,
            polarity="neutral" if titled else tagged.polarity,
            rule_id=ADDED,
            annotator=self.annotator,
            in_title=titled,
            score=round(tagged.score, 4),
        )


def _sentence(plain: str, start: int, end: int) -> str:
    """Return the sentence, or sentences, of a span."""
    around = [part for part in sentences(plain) if part.start < end and start < part.end]
    return plain[around[0].start : around[-1].end] if around else plain[start:end]


def _overlap(one: CharSpan, other: CharSpan) -> bool:
    return one.start < other.end and other.start < one.end


def combine(reader: Reader) -> tuple[TaggedDetector, ...]:
    """Return the detectors of the three categories with the tagger given."""
    return tuple(TaggedDetector(rules, reader) for rules in rule_detectors())


@cache
def default_detectors() -> tuple[TaggedDetector, ...]:
    """Return the detectors of hwbtext: ownership, accountability, inequality.

    Examples
    --------
    >>> [detector.annotator for detector in default_detectors()]
    ['ownership@4.1', 'accountability@4.1', 'inequality@4.1']
    """
    return combine(Tagger.load(tagger_folder()))
