"""Priorities and objectives of a strategy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hwbtext.minutes.clauses import printed_number
from hwbtext.minutes.lines import Line, read_lines
from hwbtext.records import CharSpan
from hwbtext.text import n_words

if TYPE_CHECKING:
    from hwbtext.records import Document

AimKind = Literal["priority", "objective"]

_PRIORITY = re.compile(
    r"^\W{0,3}(?:(?:strategic|key|our|health|joint)\s+)*(?:priority|theme|ambition|goal|aim|outcome|pillar)"
    r"(?:\s+area)?\s*(?P<number>\d{1,2}|[A-F]|one|two|three|four|five|six|seven|eight|nine|ten)\b\s*[:.)-]*\s*",
    re.I,
)
_OBJECTIVE = re.compile(
    r"^\W{0,3}(?:strategic\s+|key\s+)?(?:objective|action|commitment|outcome)\s*"
    r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,2}[a-z]?|[A-F])\b\s*[:.)-]*\s*",
    re.I,
)
_LEAD = re.compile(
    r"\b(?:we\s+will|we\s+aim\s+to|our\s+(?:priorities|objectives|aims|commitments|actions)|"
    r"(?:priorities|objectives|aims|commitments)\s+are|what\s+we\s+(?:will\s+do|want\s+to\s+(?:do|achieve|see))|"
    r"what\s+success\s+(?:will\s+)?looks?\s+like|how\s+we\s+will|partners\s+will|"
    r"to\s+achieve\s+this(?:\s+\w+)?)\b[^.]{0,80}?(?:\.{3}|\u2026|:|$)",
    re.I,
)
_FEWEST, _MOST = 3, 110  # words of one objective
_AFTER_LEAD = 24  # blocks below a lead-in that can be its list


@dataclass(frozen=True, slots=True)
class Aim:
    """A priority or an objective of a strategy; ``number`` is as printed.

    ``priority`` is the number or the text of the priority that an objective stands under.
    """

    kind: AimKind
    number: str | None
    text: str
    span: CharSpan
    priority: str | None = None


def find_aims(document: Document) -> tuple[Aim, ...]:
    r"""Find the priorities of a strategy, and the objectives under each.

    Parameters
    ----------
    document : Document

    Returns
    -------
    tuple of Aim
        In reading order: priorities ("Priority 1: Good homes"), numbered objectives, and the
        items of lists below words such as "To achieve this we will:". Empty for other papers.

    Examples
    --------
    >>> from hwbtext.parse import parse_bytes
    >>> text = "## Priority 1: Good homes\n\nWe will:\n\n- mend five hundred damp homes\n\nEnd."
    >>> [(a.kind, a.text) for a in find_aims(parse_bytes(text.encode(), "strategy.md"))]
    [('priority', 'Good homes'), ('objective', '- mend five hundred damp homes')]
    """
    lines = read_lines(document)
    found: list[Aim] = []
    priority: str | None = None
    lead_at: int | None = None
    for at, line in enumerate(lines):
        text = line.text.strip()
        if match := _PRIORITY.match(text):
            aim = _priority(document, lines, at, match)
            if aim is not None:
                found.append(aim)
                priority = aim.number
                lead_at = None
                continue
        if (match := _OBJECTIVE.match(text)) and _FEWEST <= n_words(text) <= _MOST:
            found.append(_objective(document, line, match["number"], priority))
            continue
        if (
            _LEAD.search(text[:160])
            and n_words(text) <= 25
            and text.endswith((":", "...", "\u2026", "will", "to"))
        ):
            lead_at = at
            continue
        if line.is_heading:
            lead_at = at if _LEAD.search(text) else None
            continue
        if lead_at is None or at - lead_at > _AFTER_LEAD:
            continue
        mark = printed_number(text)
        if (line.kind == "list_item" or mark) and _FEWEST <= n_words(text) <= _MOST:
            found.append(_objective(document, line, mark.number if mark else None, priority))
        elif line.kind != "list_item" and text.endswith(".") and n_words(text) > 40:
            lead_at = None
    return tuple(found)


def _priority(
    document: Document, lines: tuple[Line, ...], at: int, match: re.Match[str]
) -> Aim | None:
    """Read "Priority 1: Good homes", or "Priority 1" with the words on the next line."""
    line = lines[at]
    rest = line.text[match.end() :].strip()
    if rest and (rest[0].isupper() or line.is_heading) and n_words(rest) <= 30:
        begin = line.start + line.text.index(rest, match.end() - 1 if match.end() else 0)
        span = CharSpan(begin, begin + len(rest))
        return Aim("priority", match["number"], document.text[begin : span.end], span)
    following = lines[at + 1] if at + 1 < len(lines) else None
    if not rest and following is not None and 1 <= n_words(following.text) <= 30:
        span = CharSpan(following.start, following.end)
        return Aim("priority", match["number"], document.text[slice(*span)], span)
    return None


def _objective(document: Document, line: Line, number: str | None, priority: str | None) -> Aim:
    span = CharSpan(line.start, line.end)
    return Aim("objective", number, document.text[slice(*span)], span, priority)
