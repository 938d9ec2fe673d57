"""All that is found in one file: parse, describe, segment, classify, detect."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from hwbtext.acts import detect_actions, detect_acts
from hwbtext.bodies import detect_bodies, resolve_owner
from hwbtext.frontpage import describe
from hwbtext.mentions import default_detectors
from hwbtext.minutes import find_attendance, find_heading, find_items, find_votes
from hwbtext.minutes.lines import read_lines
from hwbtext.minutes.told import tells_of_meeting
from hwbtext.outcomes import load_outcome_classifier
from hwbtext.papers import split_pack
from hwbtext.parse import parse_file
from hwbtext.passages import segment
from hwbtext.records import DocumentFindings, Label, Provenance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.bodies import Body
    from hwbtext.corpus import CorpusFile
    from hwbtext.minutes.heading import Told
    from hwbtext.outcomes import OutcomeClassifier
    from hwbtext.papers import PackPart
    from hwbtext.records import (
        Action,
        AgendaItem,
        Attendance,
        CharSpan,
        DocKind,
        Document,
        DocumentFacts,
        Passage,
        Vote,
    )

    _Minutes = tuple[tuple[AgendaItem, ...], tuple[Attendance, ...], tuple[Vote, ...]]

_KINDS_WITH_ITEMS = ("minutes", "agenda", "pack", "other")


def analyse(
    file: CorpusFile,
    paths: Sequence[str] = (),
    *,
    model: str = "default",
    bodies: tuple[Body, ...] | None = None,
) -> DocumentFindings:
    """Find all there is in one file: a pure function of its bytes, paths and metadata.

    Parameters
    ----------
    file : CorpusFile
    paths : sequence of str
        Every path that holds the same bytes; by default the file's own.
    model : str
        Name or folder for :func:`hwbtext.outcomes.load_outcome_classifier`.
    bodies : tuple of Body, optional
        As :func:`hwbtext.bodies.load_bodies` gives them, with rows of your own.

    Returns
    -------
    DocumentFindings
        Without passages where there was no text; its issues say why.

    Raises
    ------
    InputError
        There is no such model, or it cannot be used.
    """
    paths = tuple(paths) or (file.relative,)
    document = parse_file(file.path, file.relative)
    # The same minutes come back in later packs: the first listing published them.
    described = [describe(document, path, file.metadata) for path in paths]
    facts, doubts = min(described, key=lambda found: found[0].published_with_date or date.max)
    parts = split_pack(document) if facts.kind == "pack" else ()
    items, attendance, votes = _read_minutes(document, facts.kind, parts)
    if facts.kind in ("minutes", "agenda"):
        facts = _with_heading(document, facts, items)
    passages = segment(document, items=items)
    return DocumentFindings(
        document=document,
        facts=facts,
        paths=paths,
        passages=passages,
        labels=_label(passages, _classifier(model)),
        mentions=tuple(
            mention
            for passage in passages
            if not passage.fragment
            for detector in default_detectors()
            for mention in detector.detect(passage)
        ),
        acts=detect_acts(document, passages),
        actions=_actions(document, passages, facts, attendance, parts, bodies),
        issues=(*document.issues, *doubts),
        items=items,
        attendance=attendance,
        votes=votes,
        bodies=detect_bodies(passages, on=facts.meeting_date, bodies=bodies),
    )


def _actions(
    document: Document,
    passages: Sequence[Passage],
    facts: DocumentFacts,
    attendance: Sequence[Attendance],
    parts: Sequence[PackPart],
    bodies: tuple[Body, ...] | None,
) -> tuple[Action, ...]:
    """Find the actions, and the organisations that own them."""
    # The date of a pack is that of the meeting to come, not of the minutes in it.
    on = facts.meeting_date if facts.kind in ("minutes", "agenda") else None
    found = detect_actions(
        document,
        passages,
        on=on,
        minutes=_minutes_of(facts.kind, parts),
        people=[person.name for person in attendance],
    )
    owners = [
        resolve_owner(action.owner or "", facts.meeting_date, bodies=bodies) for action in found
    ]
    return tuple(
        replace(action, owner_body=body.body_id if body else None)
        for action, body in zip(found, owners, strict=True)
    )


def _read_minutes(document: Document, kind: DocKind, parts: Sequence[PackPart]) -> _Minutes:
    """Read items, attendance and votes; of a pack, from the parts that are minutes or agendas."""
    if kind not in _KINDS_WITH_ITEMS:
        return (), (), ()
    if kind != "pack":
        found = find_items(document)
        # A page of a meeting that is past holds what was minuted below each item of its agenda.
        if kind == "agenda" and not tells_of_meeting(read_lines(document)):
            return found, (), ()
        return found, find_attendance(document, found), find_votes(document, found)
    items: tuple[AgendaItem, ...] = ()
    people: tuple[Attendance, ...] = ()
    votes: tuple[Vote, ...] = ()
    for part in parts:
        if part.kind not in ("agenda", "minutes"):
            continue
        found = find_items(document, part.span)
        items += found
        if part.kind == "minutes":
            people += find_attendance(document, found, part.span)
            votes += find_votes(document, found, part.span)
    return items, people, votes


def _minutes_of(kind: DocKind, parts: Sequence[PackPart]) -> tuple[CharSpan, ...] | None:
    """Return the parts that are minutes; None where the text itself has to tell."""
    if kind in ("minutes", "agenda", "other"):
        return None
    return tuple(part.span for part in parts if part.kind == "minutes")


def _with_heading(
    document: Document, facts: DocumentFacts, items: Sequence[AgendaItem]
) -> DocumentFacts:
    """Add place, start and close of the meeting to what is known of a paper."""
    heading = find_heading(document, items)
    return replace(
        facts,
        place=heading.place.text if heading.place else None,
        start_time=_clock(heading.start),
        close_time=_clock(heading.close),
    )


def _clock(told: Told | None) -> str | None:
    if told is None:
        return None
    return told.time.strftime("%H:%M") if told.time else told.text


@lru_cache(maxsize=1)
def _classifier(model: str) -> OutcomeClassifier:
    # Loaded once a process: a model takes longer to load than most papers to read.
    return load_outcome_classifier(model)


def _label(passages: Sequence[Passage], classifier: OutcomeClassifier) -> tuple[Label, ...]:
    """Label each passage; one that is a fragment has nothing to judge."""
    whole = [passage for passage in passages if not passage.fragment]
    readings = iter(classifier.read_many([passage.text for passage in whole]))
    labels = []
    for passage in passages:
        label = Label(
            prov=Provenance(passage.doc_id, passage.passage_id, passage.span),
            scheme="outcome",
            value=None,
            annotator=classifier.name,
            evidence=("fragment",),
        )
        if not passage.fragment:
            reading = next(readings)
            label = replace(
                label,
                value=reading.value,
                subtype=reading.subtype,
                direction=reading.direction,
                score=reading.score,
                evidence=reading.evidence,
            )
        labels.append(label)
    return tuple(labels)
