"""The detectors as a spaCy component: ``nlp.add_pipe("hwbtext_mentions")``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.language import Language

from hwbtext.mentions.frame import passage_of
from hwbtext.mentions.tagged import default_detectors

if TYPE_CHECKING:
    from spacy.tokens import Doc

SPANS_KEY = "hwbtext"


class HwbtextMentions:
    """Fill ``doc.spans["hwbtext"]`` with spans labelled ``"<category>:<polarity>"``."""

    def __call__(self, doc: Doc) -> Doc:
        """Add the span group, empty where nothing is found; the rest of the doc stays."""
        passage = passage_of(doc.text)
        mentions = [m for detector in default_detectors() for m in detector.detect(passage)]
        spans = [
            doc.char_span(
                *mention.prov.span,
                label=f"{mention.category}:{mention.polarity}",
                alignment_mode="expand",
            )
            for mention in sorted(mentions, key=lambda m: m.prov.span)
        ]
        doc.spans[SPANS_KEY] = [span for span in spans if span is not None]
        return doc


@Language.factory("hwbtext_mentions")
def make_hwbtext_mentions(nlp: Language, name: str) -> HwbtextMentions:  # noqa: ARG001 (spaCy calls it so)
    """Make the component; it needs no other component and no model.

    Parameters
    ----------
    nlp : spacy.language.Language
        Any pipeline, ``spacy.blank("en")`` included.
    name : str
        Name in the pipeline.

    Examples
    --------
    >>> import spacy
    >>> nlp = spacy.blank("en")
    >>> _ = nlp.add_pipe("hwbtext_mentions")
    >>> doc = nlp("Nobody owns the strategy.")
    >>> [span.label_ for span in doc.spans["hwbtext"]]
    ['ownership:lacking']
    """
    return HwbtextMentions()
