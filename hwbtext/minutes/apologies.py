"""Sentences that tell who sent apologies: "Apologies were received from A and B"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwbtext.minutes.people import Person, find_people, find_surnames, printed_name
from hwbtext.records import Attendance, CharSpan
from hwbtext.text import n_words, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.minutes.lines import Line
    from hwbtext.records import AgendaItem, Document

_SAID = re.compile(
    r"\bapologies\b[^.:;]{0,80}?\b(?:from|for|on\s+behalf\s+of)\b(?!\s+(?:absence|lateness|non))\s*:?\s*"
    r"(?:the\s+following(?:\s+\w+)?\s*:?\s*)?",
    re.I,
)
_SENT = re.compile(
    r"\b(?:(?:had\s+)?sent|gave|had\s+given|tendered|submitted|offered|conveyed|have\s+sent)\s+"
    r"(?:(?:his|her|their|its)\s+)?(?:(?!no\b)[a-z]+\s+)?apologies\b",
    re.I,
)
_NOBODY = re.compile(r"^\W*(?:none|nil|n/?a|no\s+apologies|not\s+applicable)\b", re.I)
_FIRST_LETTERS = re.compile(r"(?<![A-Za-z])[A-Z]{2,3}(?![A-Za-z])")


def tells_of_apologies(text: str) -> bool:
    """Return whether a sentence names those who sent apologies.

    Examples
    --------
    >>> tells_of_apologies("Apologies were received from Mr Ash."), tells_of_apologies("Mr Ash")
    (True, False)
    """
    return bool(_SAID.search(text) or _SENT.search(text))


def told_apologies(
    document: Document, lines: Sequence[Line], items: Sequence[AgendaItem]
) -> Iterator[Attendance]:
    """Read "Apologies were received from A and B" above the items and in those on apologies.

    Examples
    --------
    >>> from hwbtext.minutes.lines import read_lines
    >>> from hwbtext.parse import parse_bytes
    >>> document = parse_bytes(b"Apologies had been received from Mr Ash and Dr Birch.", "a.txt")
    >>> [one.name for one in told_apologies(document, read_lines(document), ())]
    ['Mr Ash', 'Dr Birch']
    """
    spans = [item.span for item in items if item.kind in ("apologies", "attendance", "welcome")]
    first = items[0].span.start if items else len(document.text)
    # Where no item is about apologies, the first few may tell of them all the same.
    if not any(item.kind == "apologies" for item in items):
        spans += [item.span for item in items[:3]]
    for line in lines:
        inside = line.start < first or any(
            a <= line.start < b or line.start <= a < line.end for a, b in spans
        )
        if not inside:
            continue
        for low, high in sentences(line.text):
            text = line.text[low:high]
            said = _SAID.search(text)
            sent = None if said else _SENT.search(text)
            part = text[said.end() :] if said else text[: sent.start()] if sent else ""
            offset = line.start + low + (said.end() if said else 0)
            if not part.strip() or _NOBODY.match(part):
                continue
            people = max(find_people(part), find_surnames(part), key=len)
            if not people and n_words(part) <= 16:
                people = _by_initials(part)
            for person in people:
                span = CharSpan(offset + person.span.start, offset + person.span.end)
                yield Attendance(
                    document.doc_id,
                    span,
                    printed_name(person, document.text[span.start : span.end]),
                    "present" if person.substitute else "apologies",
                    person.role,
                    person.organisation,
                    person.virtual,
                )


def _by_initials(part: str) -> tuple[Person, ...]:
    """Read "CD, DP and GM": minutes for people who all know each other."""
    words = re.findall(r"[A-Za-z]+", part)
    if not words or any(not re.fullmatch(r"[A-Z]{2,3}|and", word) for word in words):
        return ()
    return tuple(
        Person(CharSpan(*match.span()), match.group()) for match in _FIRST_LETTERS.finditer(part)
    )
