"""Numbered items of minutes and agendas, by the series that their numbers make."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from hwbtext.minutes.apart import find_parted
from hwbtext.minutes.candidates import Candidate, find_candidates
from hwbtext.minutes.gaps import find_unnumbered_among
from hwbtext.minutes.kinds import item_kind
from hwbtext.minutes.lines import read_lines
from hwbtext.minutes.marked import find_marked
from hwbtext.minutes.meetings import meeting_parts
from hwbtext.minutes.run_in import (
    Gap,
    RunInItem,
    find_coded,
    find_missing,
    find_missing_codes,
    find_run_in,
)
from hwbtext.minutes.series import best_series
from hwbtext.minutes.tabled import find_tabled
from hwbtext.minutes.unnumbered import find_unnumbered
from hwbtext.records import AgendaItem, CharSpan
from hwbtext.text import strip_span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.minutes.lines import Line
    from hwbtext.records import Document

# Business that may come before the first number.
_UNNUMBERED = frozenset({"chair", "declarations", "public_questions", "welcome"})
_KNOWN = 2  # kinds of usual business that show numbered lines to be the items
_MOST_TITLE = 14  # words
_MOST_ABOVE = 40  # lines above the first number: further up stands the agenda of a pack
_MOST_MISSING = 5  # numbers in one gap
_MOST = 5_000  # candidates that are looked at: a hostile paper can number every line


def find_items(document: Document, within: CharSpan | None = None) -> tuple[AgendaItem, ...]:
    r"""Find the numbered items of minutes or of an agenda.

    Parameters
    ----------
    document : Document
        Any document; one without numbered items gives an empty tuple.
    within : CharSpan, optional
        Look only in this part of the text (one part of a pack).

    Returns
    -------
    tuple of AgendaItem
        In reading order, without overlap; each runs to the next one, the last to the end of
        the text. ``level`` is 2 for items numbered below another ("3.1" below "3").

    Notes
    -----
    All numbered lines are sorted into series by the shape of their numbers ("9", "9.9",
    "99/99"); numbers of items rise through the paper, those of paragraphs start again under
    each item. The series with most titles in rising order holds the items. Where headings
    stand out by their print, other lines of the series count only where they fill a gap.

    Examples
    --------
    >>> from hwbtext.parse import parse_bytes
    >>> text = "24/1 Apologies\n\nNone.\n\n24/2 Air quality\n\nIt was noted."
    >>> [(i.number, i.title) for i in find_items(parse_bytes(text.encode(), "a.txt"))]
    [('24/1', 'Apologies'), ('24/2', 'Air quality')]
    """
    low, high = within or CharSpan(0, len(document.text))
    lines = read_lines(document, within)
    parts = meeting_parts(document, lines, within)
    if len(parts) > 1:
        return tuple(item for part in parts for item in find_items(document, part))
    candidates = list(islice(find_candidates(document, lines), _MOST))
    found = best_series(candidates)
    coded = find_coded(lines)
    run_in = max(find_run_in(lines), coded, key=len)
    if len(run_in) > len(found):
        found = [_run_in(head) for head in run_in]
    elif found and coded:
        found = _with_coded(found, coded)
    found = _with_missing(lines, found)
    parted = find_parted(lines)
    if len(parted) > len(found):
        found = [
            Candidate(head.start, head.number, head.title, "9", head.key, printed=False)
            for head in parted
        ]
    found = sorted([*found, *find_tabled(lines, found)], key=_place)
    if _n_kinds(found) < _KNOWN and not any(candidate.printed for candidate in found):
        heads = [
            Candidate(head.start, "", head.title, "", (at,), printed=False)
            for at, head in enumerate(find_unnumbered(lines))
        ]
        # Lists in minutes without numbers are numbered, and hold no apologies or minutes.
        found = heads if not found or _n_kinds(heads) > _KNOWN else found
    found = [*_above(lines, found), *found]
    found = sorted([*found, *find_unnumbered_among(lines, found)], key=_place)
    found = sorted([*found, *find_marked(lines, found)], key=_place)
    ends = [candidate.start for candidate in found[1:]] + [high]
    depth = min((len(candidate.key) for candidate in found if candidate.key), default=1)
    items: list[AgendaItem] = []
    for candidate, end in zip(found, ends, strict=False):
        span = strip_span(document.text, max(low, candidate.start), end)
        items.append(
            AgendaItem(
                candidate.number,
                candidate.title,
                span,
                item_id=f"{document.doc_id}:i{span.start}",
                level=1 + min(len(candidate.key) - depth, 2) if _is_nested(candidate, found) else 1,
                page=document.page_of(span.start) if _has_pages(document) else None,
                kind=item_kind(candidate.title),
            )
        )
    return tuple(items)


def _with_coded(found: Sequence[Candidate], coded: Sequence[RunInItem]) -> list[Candidate]:
    """Add the items "41/20" that open inside paragraphs, where their numbers are missing."""
    numbers = {candidate.number for candidate in found}
    merged = list(found)
    for head in coded:
        at = bisect_left(found, head.start, key=_place)
        rises = at == 0 or found[at - 1].key[:1] < head.key
        rises = rises and (at == len(found) or head.key < found[at].key[:1])
        if rises and head.number not in numbers:
            merged.append(_run_in(head))
    return merged


def _with_missing(lines: Sequence[Line], found: Sequence[Candidate]) -> list[Candidate]:
    """Add the items that open inside paragraphs between two whose numbers leave a gap."""
    top = [c for c in found if len(c.key) == 1 and re.fullmatch(r"\d{1,2}", c.number)]
    gaps = [
        Gap(before.start, after.start, before.key[0] + 1, after.key[0] - 1)
        for before, after in pairwise(top)
        if 1 < after.key[0] - before.key[0] <= _MOST_MISSING + 1
    ]
    missing = find_missing_codes(lines, [(one.start, one.number) for one in found])
    return sorted([*found, *map(_run_in, [*find_missing(lines, gaps), *missing])], key=_place)


def _run_in(head: RunInItem) -> Candidate:
    return Candidate(head.start, head.number, head.title, "9", head.key, printed=False)


def _place(candidate: Candidate) -> int:
    return candidate.start


def _n_kinds(found: Sequence[Candidate]) -> int:
    return len({item_kind(candidate.title) for candidate in found} - {"business"})


def _above(lines: Sequence[Line], found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the headings above the first number that are items without one: a chair's election."""
    if not found or not found[0].printed or not found[0].number:
        return
    first = bisect_left(lines, found[0].start, key=lambda line: line.start)
    for line in lines[max(0, first - _MOST_ABOVE) : first]:
        title = line.text.strip(" :.")
        if (
            line.is_heading
            and item_kind(title) in _UNNUMBERED
            and len(title.split()) <= _MOST_TITLE
        ):
            yield Candidate(line.start, "", title, "", (0,), printed=True)


def _has_pages(document: Document) -> bool:
    return bool(document.pages) and document.pages[0].width is not None


def _is_nested(candidate: Candidate, found: Sequence[Candidate]) -> bool:
    """Return whether another item's number is the first part of this one's."""
    return any(
        len(other.key) < len(candidate.key) and candidate.key[: len(other.key)] == other.key
        for other in found
        if other.shape != candidate.shape
    )
