"""Where a paper speaks of bodies: one mention a body and sentence, and its role there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwbtext.bodies.register import Body, load_bodies, names_of
from hwbtext.records import BodyMention, CharSpan, Provenance
from hwbtext.text import same_length, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from hwbtext.records import BodyRole, Passage

_BETWEEN = re.compile(
    r"^(?:'s)?(?:\s?\([^()]{1,30}\))?(?:,|;|/|\s&|\sand|\sor|,\sand|\sas\swell\sas)\s?"
    r"(?:(?:the|local|its|our|other|NHS|all|relevant)\s|[A-Z][\w'&-]{0,24}\s|and\s){0,5}$"
)
_FEWEST_LISTED = 3
_ADVERB = r"(?:(?:also|now|then|still|already|jointly|therefore|both|all|\w+ly)\s){0,2}"
_ACTS = re.compile(
    rf"^(?:\s?\([^()]{{1,30}}\))?,?\s{_ADVERB}(?:"
    r"(?:has|have|had|will|would|shall|should|must|can|could|may|might|does|do|did|cannot)\b"
    rf"(?!\s{_ADVERB}(?:not\s)?(?:be|been)\s\w+(?:ed|en|t)\b)|"
    rf"(?:is|are|was|were)\s(?!{_ADVERB}(?:being\s)?(?:\w+ed|given|told|held|shown|seen|set|"
    rf"made|asked)\b)|"
    r"(?:met|held|gave|took|made|said|heard|wrote|sent|saw|chose|felt|found|began|brought|kept|ran|"
    r"told|thought|understood|set\sup|led)\b|"
    r"(?:to\s(?!be\b)[a-z]+)|(?!needs?\b|plans?\b|boards?\b|members?\b|leads?\b|areas?\b|"
    r"services\b|"
    r"partners\b|colleagues\b|staff\b|officers\b|based\b|related\b|funded\b|led\b|commissioned\b)"
    r"[a-z]{2,}(?:ed|es|[a-rt-z]s)\b)"
)
_BY = re.compile(
    r"\bby\s(?:the\s|both\s|local\s|our\s|its\s|each\s)?(?:[A-Z][\w'&-]{0,24}\s){0,4}$"
)
_LOCAL = re.compile(
    r"(?:NHS\s)?(?:(?!The\b|This\b|A\b|Our\b|Each\b)[A-Z][\w'-]{1,24}\s(?:and\s|&\s|of\s)?){1,5}$"
)


def detect_bodies(
    passages: Iterable[Passage],
    *,
    on: date | None = None,
    bodies: tuple[Body, ...] | None = None,
) -> tuple[BodyMention, ...]:
    """Find the bodies that passages speak of by name.

    Parameters
    ----------
    passages : iterable of Passage
        As ``segment(document)`` gives them.
    on : date, optional
        The day of the meeting: "SAB" or "ICP" meant other things before their time.
    bodies : tuple of Body, optional
        As :func:`load_bodies` gives them, with rows of your own.

    Returns
    -------
    tuple of BodyMention
        One a body and sentence, in reading order; ``count`` says how often the sentence names
        it, the span is that of the first name.

    Notes
    -----
    Only names count: "the Board" is none. The role is *listed* among three or more bodies in a
    row, *agent* before a verb of its own or after "by", else *object*.

    Examples
    --------
    >>> from hwbtext.parse import parse_bytes
    >>> from hwbtext.passages import segment
    >>> text = "The HWB agreed the plan. It was sent to the CCG, and the CCG liked it."
    >>> mentions = detect_bodies(segment(parse_bytes(text.encode(), "a.txt")))
    >>> [(one.body_id, one.role, one.count) for one in mentions]
    [('hwb', 'agent', 1), ('ccg', 'object', 2)]
    """
    finder = names_of(bodies or load_bodies())
    found: list[BodyMention] = []
    for passage in passages:
        plain = same_length(passage.text)
        for low, high in sentences(plain):
            sentence = plain[low:high]
            hits = finder.find(sentence, on)
            spans = [CharSpan(*match.span()) for _, match in hits]
            seen: dict[str, int] = {}
            for body, _ in hits:
                seen[body.body_id] = seen.get(body.body_id, 0) + 1
            for index, (body, _) in enumerate(hits):
                if body.body_id not in seen:
                    continue
                start = passage.span.start + low
                span = CharSpan(start + _begin(sentence, spans[index]), start + spans[index].end)
                at = passage.span.start
                found.append(
                    BodyMention(
                        Provenance(passage.doc_id, passage.passage_id, span),
                        passage.text[span.start - at : span.end - at],
                        body.body_id,
                        body.name,
                        body.kind,
                        _role(sentence, hits, index),
                        seen.pop(body.body_id),
                    )
                )
    return tuple(found)


def _begin(sentence: str, span: CharSpan) -> int:
    """Return where the name begins with the place it is of: "NHS Carrow CCG"."""
    local = _LOCAL.search(sentence[max(0, span.start - 80) : span.start])
    return span.start - len(local[0]) if local else span.start


def _role(sentence: str, hits: Sequence[tuple[Body, re.Match[str]]], index: int) -> BodyRole:
    first = last = index
    while first > 0 and _joined(sentence, hits[first - 1], hits[first]):
        first -= 1
    while last < len(hits) - 1 and _joined(sentence, hits[last], hits[last + 1]):
        last += 1
    if last - first + 1 >= _FEWEST_LISTED:
        return "listed"
    before, after = sentence[: hits[first][1].start()], sentence[hits[last][1].end() :]
    return "agent" if _ACTS.match(after) or _BY.search(before) else "object"


def _joined(
    sentence: str, one: tuple[Body, re.Match[str]], other: tuple[Body, re.Match[str]]
) -> bool:
    # A body that is named twice begins a clause of its own.
    if one[0].body_id == other[0].body_id:
        return False
    return _BETWEEN.match(sentence[one[1].end() : other[1].start()]) is not None
