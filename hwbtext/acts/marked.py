"""Actions that a line marks: "ACTION: …", "(Action: AB)", a heading "Actions" above a list."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from hwbtext.acts.owners import is_owner
from hwbtext.acts.phrases import read_action
from hwbtext.records import Action, CharSpan, Provenance
from hwbtext.text import n_words, same_length, sentences, strip_span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.records import Passage

_ACTION_MARK = re.compile(
    r"(?:\bACTIONS?(?:\s(?:POINTS?|REQUIRED|AGREED|ITEMS?|FOR|BY))?|"
    r"\bActions?(?:\s(?:points?|required|agreed|items?|for|by))?)"
    r"\s?(?:\(?\d{1,4}(?:[./-]\d{1,4})*\)?)?\s?[:-]-?\s?|"
    r"\bACTION\s(?=[A-Z]{2,4}\b(?:\s?[/&,]\s?[A-Z]{2,4}\b)*\W*$)|"
    r"\[Action\s(?=[A-Z][^\]]{1,60}\]$)"
)
_OWNER_LABEL = re.compile(
    r"(?:^|(?<=[.;]\s))(?:responsib(?:le|ility)(?:\s+(?:officers?|persons?|leads?|owners?|"
    r"directors?))?|"
    r"(?:action\s+)?owners?|(?:action\s+)?leads?(?:\s+officers?)?|(?:action\s+)?by\s+whom|"
    r"action\s+by|"
    r"assigned\s+to|officers?|person\s+responsible|who)\s*[:-]\s*(?P<owner>[^;\n]{2,120}?)"
    r"(?=\.\s|;|\.?$)",
    re.I,
)
_DUE_LABEL = re.compile(
    r"(?:^|(?<=[.;]\s))(?:deadline|due(?:\s+(?:date|by))?|by\s+when|timescales?(?:/deadline)?|"
    r"target\s+date|"
    r"completion\s+date|date\s+due|timeframe|when)\s*[:-]\s*(?P<due>[^;\n]{2,80})",
    re.I,
)
_LABELS_WITHIN = 5  # passages below an action that can name its owner and date
_PAGE = re.compile(r"^\W*(?:page\s)?\d{1,4}(?:\s(?:of|/)\s\d{1,4})?\W*$", re.IGNORECASE)
_NOTHING = re.compile(
    r"^\W*(?:no(?:ne)?|nil|n/?a|not\sapplicable|tbc|no\s(?:further\s)?(?:action|update)"
    r"s?\b.{0,40})\W*$",
    re.IGNORECASE,
)
# "Action: To …" of a report tells what it proposes; "Action - the film" is no mark of a task.
_BULLET = re.compile(r"^\W{0,3}(?:[-*\u2022\uf0b7o]\s|\(?(?:\d{1,2}|[a-z])[.)]\s)")
_FEW = 10  # words of an owner that stands alone


def marked_actions(passages: Sequence[Passage]) -> Iterator[Action]:
    """Read the lines that are marked as actions, with the labels below them."""
    listed = False
    for number, passage in enumerate(passages, start=1):
        plain = same_length(passage.text)
        if listed:
            listed = bool(_BULLET.match(plain)) or _ends_open(passages, number)
            if listed and _BULLET.match(plain):
                yield from _listed(passage, plain)
                continue
        lines = list(_marked(passage, plain))
        if lines:
            lines[-1] = _with_labels(lines[-1], passages[number : number + _LABELS_WITHIN])
        yield from lines
        marks = list(_ACTION_MARK.finditer(plain))
        listed = bool(marks) and not plain[marks[-1].end() :].strip(" :-")


def _ends_open(passages: Sequence[Passage], number: int) -> bool:
    return bool(_PAGE.match(passages[number - 1].text))


def _listed(passage: Passage, plain: str) -> Iterator[Action]:
    """Read one line of a list below a mark that stands alone."""
    lead = _BULLET.match(plain)
    span = strip_span(plain, lead.end() if lead else 0, len(plain))
    if span.end > span.start and not _NOTHING.match(plain[span.start : span.end]):
        parts = read_action(passage.text[slice(*span)], plain[slice(*span)])
        yield _action(passage, CharSpan(0, len(plain)), *parts)


def _marked(passage: Passage, plain: str) -> Iterator[Action]:
    marks = list(_ACTION_MARK.finditer(plain))
    ends = [*(mark.start() for mark in marks[1:]), len(plain)]
    for mark, limit in zip(marks, ends, strict=False):
        span = _first_sentence(plain, mark.end(), limit)
        line = plain[span.start : span.end]
        if not line or _NOTHING.match(line):
            continue
        owner = line.rstrip(" .;)]").lstrip("(")
        if is_owner(owner) and n_words(owner) <= _FEW:
            # "Action: all Board members": what they are to do was said just before.
            yield _points_back(passage, plain, mark.start(), span, owner)
            continue
        parts = read_action(passage.text[span.start : span.end], line)
        yield _action(passage, CharSpan(mark.start(), span.end), *parts)


def _points_back(passage: Passage, plain: str, mark: int, span: CharSpan, owner: str) -> Action:
    before = _last_sentence(plain, mark)
    text = passage.text[before.start : before.end].rstrip(" .;([")
    said = read_action(text, plain[before.start : before.start + len(text)])
    at = plain.find(owner, span.start)
    written = passage.text[at : at + len(owner)]
    start = before.start if text else mark
    return _action(passage, CharSpan(start, span.end), text or written, written, said.due)


def _with_labels(action: Action, following: Sequence[Passage]) -> Action:
    """Add owner and date where they stand below as lines of their own: "Lead: the Clerk"."""
    owner, due = action.owner, action.due
    text = action.text
    labelled = None
    if inner := _OWNER_LABEL.search(same_length(text)):
        labelled = text[slice(*inner.span("owner"))].strip(" .")
        text = text[: inner.start()].rstrip(" .;")
    for passage in following:
        plain = same_length(passage.text)
        found_owner, found_due = _OWNER_LABEL.match(plain), _DUE_LABEL.match(plain)
        if not found_owner and not found_due:
            if _PAGE.match(plain):
                continue
            break
        if found_owner and labelled is None:
            labelled = passage.text[slice(*found_owner.span("owner"))].strip(" .")
        if (later := found_due or _DUE_LABEL.search(plain)) and due is None:
            due = passage.text[slice(*later.span("due"))].strip(" .")
    # A label says who answers for it, whoever the line itself names.
    return replace(action, text=text or action.text, owner=labelled or owner, due=due)


def _first_sentence(plain: str, start: int, limit: int) -> CharSpan:
    spans = sentences(plain[start:limit])
    end = start + (spans[0].end if spans else 0)
    return strip_span(plain, start, end)


def _last_sentence(plain: str, end: int) -> CharSpan:
    spans = [span for span in sentences(plain[:end]) if n_words(plain[slice(*span)]) > 1]
    return strip_span(plain, *spans[-1]) if spans else CharSpan(end, end)


def _action(
    passage: Passage, span: CharSpan, text: str, owner: str | None, due: str | None
) -> Action:
    start = passage.span.start
    whole = CharSpan(start + span.start, start + span.end)
    prov = Provenance(passage.doc_id, passage.passage_id, whole, passage.regions)
    return Action(prov, text, owner, due, status=None)
