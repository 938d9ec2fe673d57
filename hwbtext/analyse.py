"""All that is found in one file: parse, describe, segment, classify, detect."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hwbtext.acts import detect_actions, detect_acts
from hwbtext.frontpage import describe
from hwbtext.mentions import default_detectors
from hwbtext.outcomes import load_lexicon, load_outcome_classifier
from hwbtext.parse import parse_file
from hwbtext.passages import segment
from hwbtext.records import DocumentFindings, Label, Provenance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.corpus import CorpusFile
    from hwbtext.outcomes import LexiconOutcomeClassifier
    from hwbtext.records import Passage


_KINDS_WITH_ITEMS = ("minutes", "agenda", "pack", "other")


def analyse(file: CorpusFile, paths: Sequence[str] = ()) -> DocumentFindings:
    """Find all there is in one file: a pure function of its bytes, paths and metadata.

    Parameters
    ----------
    file : CorpusFile
    paths : sequence of str
        Every path that holds the same bytes; by default the file's own.

    Returns
    -------
    DocumentFindings
        Without passages where there was no text; its issues say why.
    """
    paths = tuple(paths) or (file.relative,)
    document = parse_file(file.path, file.relative)
    # The same minutes come back in later packs: the first listing published them.
    described = [describe(document, path, file.metadata) for path in paths]
    facts, doubts = min(described, key=lambda found: found[0].published_with_date or date.max)
    passages = segment(document, with_items=facts.kind in _KINDS_WITH_ITEMS)
    classifier = load_outcome_classifier()
    annotator = f"outcome-lexicon@{load_lexicon().version}"
    return DocumentFindings(
        document=document,
        facts=facts,
        paths=paths,
        passages=passages,
        labels=tuple(_label(passage, classifier, annotator) for passage in passages),
        mentions=tuple(
            mention
            for passage in passages
            if not passage.fragment
            for detector in default_detectors()
            for mention in detector.detect(passage)
        ),
        acts=detect_acts(document, passages),
        actions=detect_actions(document, passages),
        issues=(*document.issues, *doubts),
    )


def _label(passage: Passage, classifier: LexiconOutcomeClassifier, annotator: str) -> Label:
    prov = Provenance(passage.doc_id, passage.passage_id, passage.span)
    if passage.fragment:
        return Label(prov, "outcome", None, annotator, evidence=("fragment",))
    reading = classifier.read(passage.text)
    return Label(
        prov=prov,
        scheme="outcome",
        value=reading.value,
        annotator=annotator,
        subtype=reading.subtype,
        direction=reading.direction,
        score=reading.score,
        evidence=reading.evidence,
    )
