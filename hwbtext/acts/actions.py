"""Actions: what somebody is to do, by when, and how it stands."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from hwbtext.acts.due import due_days, printed_next_meeting
from hwbtext.acts.logs import TableReader
from hwbtext.acts.marked import marked_actions
from hwbtext.acts.phrases import read_due
from hwbtext.acts.points import point_actions
from hwbtext.acts.told import told_tasks
from hwbtext.minutes.lines import read_lines
from hwbtext.minutes.told import tells_of_meeting
from hwbtext.records import Action, CharSpan, Provenance
from hwbtext.text import same_length

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from hwbtext.records import Document, Passage

_MARKED = re.compile(r"\W*ACTIONS?\b|\W*Actions?\b.{0,12}[:-]")
# "Tom Sample (TSA)" in the list of those present; "Carrow County Council (CCC)" is no person.
_SAME_INITIALS = re.compile(
    r"(?<![A-Z]\w\s)\b(?P<given>(?P<first>[A-Z])[a-z]+)\s(?P<last>(?P<second>[A-Z])[\w'-]+)"
    r"\s\((?P=first)(?P=second)[A-Z]{0,2}\)"
)
_NEAR = 1_500  # characters between a discussion and its mark
_LEADS_UP = 2  # passages above a marked action


def detect_actions(
    document: Document,
    passages: Iterable[Passage],
    *,
    on: date | None = None,
    minutes: Sequence[CharSpan] | None = None,
    people: Sequence[str] = (),
) -> tuple[Action, ...]:
    r"""Find what somebody is to do: marked actions, rows of logs, and told tasks of minutes.

    Parameters
    ----------
    document : Document
    passages : iterable of Passage
        The passages of this document, as ``segment(document)`` gives them.
    on : date, optional
        The day of the meeting, from which a due is reckoned; without it only full dates are.
    minutes : sequence of CharSpan, optional
        The parts that are minutes: only there does a sentence give a task. By default the
        whole, if it tells of a meeting, else none.
    people : sequence of str, optional
        Names of those who took part, as :func:`hwbtext.minutes.find_attendance` gives them.

    Returns
    -------
    tuple of Action
        In reading order. ``owner``, ``due`` and ``status`` are as written; None where the
        paper does not state them (an empty cell, or a dash). The span is the line, the
        clause, or the row.

    Notes
    -----
    Explicit are "ACTION: X to do Y by Z", "Action - X" (then what X is to do stands in the
    sentence before), numbered action points, rows below a header that names an action beside
    an owner, a date or a status, and initials in the margin column of minutes. Told is a
    sentence that gives a named person, role or body a task: "Clerk to write", "X agreed to
    obtain", "that X be asked to". A decision without a bearer is none, nor is what was done.

    Examples
    --------
    >>> from datetime import date
    >>> from hwbtext.parse import parse_bytes
    >>> from hwbtext.passages import segment
    >>> text = "The minutes were approved.\n\nThe Clerk to write to Highways by 3 May."
    >>> document = parse_bytes(text.encode(), "minutes.txt")
    >>> (action,) = detect_actions(document, segment(document), on=date(2024, 4, 2))
    >>> action.owner, action.text, str(action.last_due_date)
    ('The Clerk', 'write to Highways by 3 May', '2024-05-03')
    """
    passages = tuple(passages)
    found = list(TableReader(document, passages).actions())
    found = _without_overlap(found, marked_actions(passages))
    found = _without_overlap(found, point_actions(passages))
    if minutes is None:
        tells = tells_of_meeting(read_lines(document))
        minutes = (CharSpan(0, len(document.text)),) if tells else ()
    held = [
        passage for passage in _not_marked(passages, found) if _inside(passage.span.start, minutes)
    ]
    plain = same_length(document.text)
    named = [f"{one['given']} {one['last']}" for one in _SAME_INITIALS.finditer(plain)]
    found = _without_overlap(found, _once(_told(held, (*people, *named)), found))
    next_meeting = printed_next_meeting(plain, on)
    return tuple(
        _dated(action, on, next_meeting)
        for action in sorted(found, key=lambda action: action.prov.span)
    )


def _not_marked(passages: Sequence[Passage], found: Sequence[Action]) -> Iterator[Passage]:
    """Yield the passages that no mark follows: what leads up to "ACTION:" is that action."""
    starts = [passage.span.start for passage in passages]
    taken = set()
    for action in found:
        at = bisect_right(starts, action.prov.span.start) - 1
        if _MARKED.match(passages[at].text[action.prov.span.start - starts[at] :]):
            taken |= set(range(at - _LEADS_UP, at))
    return (passage for number, passage in enumerate(passages) if number not in taken)


def _inside(offset: int, spans: Sequence[CharSpan]) -> bool:
    at = bisect_right([span.start for span in spans], offset) - 1
    return at >= 0 and offset < spans[at].end


def _without_overlap(found: Sequence[Action], more: Iterable[Action]) -> list[Action]:
    """Add the actions that stand nowhere in those found before."""
    spans = sorted(action.prov.span for action in found)
    kept = list(found)
    for action in more:
        span = action.prov.span
        before = bisect_left(spans, span.end, key=lambda one: one.start) - 1
        if before < 0 or spans[before].end <= span.start:
            kept.append(action)
    return kept


def _told(passages: Sequence[Passage], people: Sequence[str]) -> Iterator[Action]:
    for passage in passages:
        at = 0
        for cell in passage.text.split("\t"):  # a row of a table is one passage
            yield from _told_in(passage, cell, at, people)
            at += len(cell) + 1


def _told_in(passage: Passage, text: str, at: int, people: Sequence[str]) -> Iterator[Action]:
    plain = same_length(text)
    start = passage.span.start + at
    for told in told_tasks(plain, people):
        low, high = told.what
        due = read_due(text[low : told.span.end], plain[low : told.span.end])
        if due is None:
            due = read_due(text[slice(*told.span)], plain[slice(*told.span)])
        owner = passage.text[at + told.owner.start : at + told.owner.end]
        yield Action(
            Provenance(
                passage.doc_id,
                passage.passage_id,
                CharSpan(start + told.span.start, start + told.span.end),
                passage.regions,
            ),
            text[low:high],
            owner,
            due,
            status=None,
            kind="told",
        )


def _once(told: Iterable[Action], marked: Sequence[Action]) -> Iterator[Action]:
    """Leave out what a mark near by says again: the margin repeats the discussion."""
    kept = list(marked)
    for action in told:
        words = _content(action.text)
        again = any(
            other.owner is not None
            and other.owner.casefold() == (action.owner or "").casefold()
            and abs(other.prov.span.start - action.prov.span.start) < _NEAR
            and len(words & _content(other.text)) * 5 >= len(words) * 2
            for other in kept
            if other.kind == "explicit" or other.text == action.text
        )
        if not again:
            kept.append(action)
            yield action


def _content(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"\w+", text.casefold()) if len(word) > 3)


def _dated(action: Action, on: date | None, next_meeting: date | None) -> Action:
    if action.due is None:
        return action
    days = due_days(action.due, on, next_meeting)
    return replace(action, first_due_date=days.first, last_due_date=days.last)
