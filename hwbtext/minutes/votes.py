"""Recorded votes: how many for, against and abstaining, and what came of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hwbtext.minutes.items import find_items
from hwbtext.minutes.lines import cut_at, read_lines
from hwbtext.minutes.people import find_people
from hwbtext.records import CharSpan, Vote
from hwbtext.text import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.minutes.lines import Line
    from hwbtext.records import AgendaItem, Document, VoteResult

_NUMBERS = {
    name: value
    for value, name in enumerate(
        "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {"none": 0, "nil": 0, "zero": 0}
_N = r"(?:\d{1,3}|" + "|".join(_NUMBERS) + ")"
_SIDES = {
    "for": r"(?:in\s+favour(?:\s+of\s+the\s+\w+)?|for(?:\s+the\s+(?:motion|amendment|proposal))?)",
    "against": r"(?:against(?:\s+the\s+(?:motion|amendment|proposal))?|opposed|not\s+in\s+favour)",
    "abstain": r"(?:abstentions?|abstain(?:ed|ing|s)?)",
}
# "For (52)", "Against: 3", "Abstentions - none"; alone, or with the names behind it.
_LABELLED = {
    side: re.compile(
        rf"(?:^|(?<=[\s.;,(]))(?:votes?\s+|members\s+(?:voting\s+)?)?{form}\s*"
        rf"(?:[(\[]\s*(?P<n>{_N})\s*[)\]]|[:=-]\s*(?P<m>{_N})\b(?!\s+\w+\s+(?:against|for))|:\s*(?=[A-Z]))",
        re.IGNORECASE,
    )
    for side, form in _SIDES.items()
}
# "12 votes for, 3 against and 1 abstention".
_COUNTED = {
    side: re.compile(
        rf"(?<![/.£\d-])\b(?P<n>{_N})\s+(?:votes?\s+|members?\s+|councillors?\s+|people\s+|were\s+|voted\s+|voting\s+|"
        rf"was\s+){{0,3}}(?:cast\s+)?{form}\b",
        re.IGNORECASE,
    )
    for side, form in _SIDES.items()
}
# "Five were in favour and Cllr Ash abstained": the names are counted.
_NAMED = re.compile(
    r"(?P<names>\b(?:Cllrs?|Councillors?|Mr|Mrs|Ms|Miss|Dr)\b\.?[^.;]{2,120}?)\s+(?:had\s+)?abstain"
)
_TO = re.compile(rf"\bby\s+(?P<for>{_N})\s+(?:votes?\s+)?to\s+(?P<against>{_N})\b", re.IGNORECASE)
_BY = re.compile(
    rf"\b(?:carried|passed|agreed|approved)\s+by\s+(?P<for>{_N})\s+votes?\b", re.IGNORECASE
)
_CARRIED = re.compile(
    r"\b(?:(?:motion|amendment|proposal|recommendations?|resolution|vote|it)\s+(?:\([^()]{0,40}\)\s+)?"
    r"(?:(?:was|were|is|being)\s+)?(?:therefore\s+|then\s+|duly\s+|declared\s+|unanimously\s+|put\s+and\s+)*"
    r"(?:carried|passed)|(?:was|were)\s+(?:declared\s+)?carried|^\W*(?:carried|agreed|passed)\s*"
    r"(?:unanimously|nem\.?\s?con\.?|without\s+dissent)?\W*$)",
    re.IGNORECASE,
)
_LOST = re.compile(
    r"\b(?:motion|amendment|proposal|recommendations?|vote|it)\s+(?:\([^()]{0,40}\)\s+)?"
    r"(?:(?:was|were|is)\s+)?(?:therefore\s+|then\s+|declared\s+|put\s+and\s+)*"
    r"(?:lost|defeated|rejected|fell|not\s+carried|failed)\b|"
    r"\b(?:motion|amendment|proposal)\b[^.;]{0,80}?\b(?:was|were|and)\s+(?:declared\s+)?(?:lost|defeated)\b|^\W*(?:lost|defeated)\W*$",
    re.IGNORECASE,
)
_UNANIMOUS = re.compile(
    r"\b(?:unanimous(?:ly)?(?!\s+(?:support|welcom))|all\s+(?:were\s+|being\s+|members\s+|councillors\s+)?(?:voted\s+)?"
    r"in\s+favour|nem\.?\s?con|without\s+dissent)\b",
    re.IGNORECASE,
)
_AGREED = re.compile(r"\b(?:agreed|resolved|approved|all\b.{0,30}\bin\s+favour|supported)\b", re.I)
_DECIDES = re.compile(r"\b(?:agreed|resolved|approved|accepted|adopted|proposed|seconded)\b", re.I)
_ON_VOTE = re.compile(
    r"\b(?:voted?|voting|votes|motion|amendment|proposal|proposed|moved|seconded|carried|resolved|agreed|"
    r"put)\b",
    re.IGNORECASE,
)
_PUT = re.compile(
    r"\b(?:put|taken)\s+(?:\w+\s+){0,10}?(?:to\s+(?:the|a)\s+vote|vote\s+was)\b", re.I
)


@dataclass(slots=True)
class _Tally:
    """One vote as it is being read."""

    start: int
    end: int
    counts: dict[str, int | None] = field(default_factory=dict)
    result: VoteResult | None = None
    unanimous: bool = False
    side: str | None = None  # the side whose names come next


def find_votes(
    document: Document,
    items: Sequence[AgendaItem] | None = None,
    within: CharSpan | None = None,
) -> tuple[Vote, ...]:
    """Find the votes that minutes record.

    Parameters
    ----------
    document : Document
    items : sequence of AgendaItem, optional
        The items of this document, if they are known already.
    within : CharSpan, optional
        Look only in this part of the text.

    Returns
    -------
    tuple of Vote
        In reading order. Lists of names without a number are counted. A vote may have a
        result and no counts ("Motion carried."), or counts and no result.

    Examples
    --------
    >>> from hwbtext.parse import parse_bytes
    >>> text = "The motion was put to the vote: 12 for, 3 against. The motion was carried."
    >>> (vote,) = find_votes(parse_bytes(text.encode(), "a.txt"))
    >>> vote.n_for, vote.n_against, vote.n_abstain, vote.result
    (12, 3, None, 'carried')
    """
    items = find_items(document, within) if items is None else items
    tallies: list[_Tally] = []
    open_tally: _Tally | None = None
    starts = [item.span.start for item in items]
    known = set(starts)
    for line in cut_at(read_lines(document, within), starts):
        if line.is_heading and not _side_of(line.text):
            open_tally = None
            continue
        open_tally = _read_line(line, open_tally, tallies, opens_item=line.start in known)
    return tuple(
        Vote(
            document.doc_id,
            CharSpan(tally.start, tally.end),
            tally.counts.get("for"),
            tally.counts.get("against"),
            tally.counts.get("abstain"),
            tally.result or _by_majority(tally, document.text[tally.start : tally.end]),
            tally.unanimous,
            items[at - 1].item_id if (at := bisect_right(starts, tally.start)) else None,
        )
        for tally in tallies
    )


def _by_majority(tally: _Tally, text: str) -> VoteResult | None:
    """Return what came of a vote by its counts: of those who vote, more than half decide."""
    n_for, n_against = tally.counts.get("for"), tally.counts.get("against")
    if n_for is None or n_for == n_against:
        return None
    if n_against is None and not _DECIDES.search(text):
        return None  # how many were against, no one says
    return "carried" if n_for > (n_against or 0) else "lost"


def _side_of(text: str) -> str | None:
    return next((side for side, pattern in _LABELLED.items() if pattern.match(text)), None)


def _read_line(
    line: Line, open_tally: _Tally | None, tallies: list[_Tally], *, opens_item: bool
) -> _Tally | None:
    """Read one line into the open vote, or begin a new one; return the vote that is open."""
    labelled = _labels(line.text)
    listed = labelled and (_side_of(line.text) or open_tally is not None or len(labelled) > 1)
    if listed:
        first = labelled[0][1]
        side = labelled[0][0]
        if open_tally is None or open_tally.result or side in open_tally.counts:
            open_tally = _Tally(line.start + first, line.end)
            tallies.append(open_tally)
        _take_labels(line, labelled, open_tally)
        _take_result(line.text[labelled[-1][2] :], open_tally)
        open_tally.end = line.end
        return open_tally
    if open_tally is not None and not open_tally.result:
        if (
            open_tally.side
            and (names := len(find_people(line.text)))
            and not _PUT.search(line.text)
        ):
            if open_tally.counts.get(open_tally.side) is None:
                open_tally.counts[open_tally.side] = names
            open_tally.end = line.end
            _take_result(line.text[-160:], open_tally)
            return open_tally
        if len(line.text.split()) <= 16 and _take_result(line.text, open_tally):
            open_tally.end = line.end
            return None
    last = tallies[-1] if tallies and not opens_item else None
    for low, high in sentences(line.text):
        tally = _read_sentence(line, low, high)
        if tally is None:
            continue
        if last is not None and _belongs(last, tally):
            last.end = tally.end
            last.counts = {**tally.counts, **last.counts}
            last.result = last.result or tally.result
            last.unanimous = last.unanimous or tally.unanimous
        else:
            tallies.append(tally)
            last = tally
    return None


def _belongs(last: _Tally, tally: _Tally) -> bool:
    """Return whether a sentence goes on about the vote in the one before it."""
    near = tally.start - last.end <= 3
    return near and not (last.result and tally.result) and not set(last.counts) & set(tally.counts)


def _labels(text: str) -> list[tuple[str, int, int, int | None]]:
    """Return (side, start, end, count) of each label with a count or a list behind it."""
    found = [
        (side, match.start(), match.end(), _number(match["n"] or match["m"]))
        for side, pattern in _LABELLED.items()
        for match in pattern.finditer(text)
    ]
    found.sort(key=lambda label: label[1])
    return [label for label in found if label[3] is not None or len(found) > 1 or not label[1]]


def _take_labels(
    line: Line, labels: Sequence[tuple[str, int, int, int | None]], tally: _Tally
) -> None:
    ends = [label[1] for label in labels[1:]] + [len(line.text)]
    for (side, _, end, count), stop in zip(labels, ends, strict=True):
        names = len(find_people(line.text[end:stop]))
        tally.counts[side] = count if count is not None else names or None
        tally.side = side


def _take_result(text: str, tally: _Tally) -> bool:
    if _LOST.search(text):
        tally.result = "lost"
    elif _CARRIED.search(text):
        tally.result = "carried"
    tally.unanimous = tally.unanimous or _UNANIMOUS.search(text) is not None
    if tally.unanimous and tally.result is None and _AGREED.search(text):
        tally.result = "carried"
    return tally.result is not None


def _read_sentence(line: Line, low: int, high: int) -> _Tally | None:
    """Read a vote that is told in one sentence."""
    text = line.text[low:high]
    counts: dict[str, int | None] = {}
    for side, pattern in _COUNTED.items():
        if match := pattern.search(text):
            counts[side] = _number(match["n"])
    if "for" not in counts and (match := _BY.search(text)):
        counts["for"] = _number(match["for"])
    if match := _TO.search(text):
        counts |= {"for": _number(match["for"]), "against": _number(match["against"])}
    if "for" in counts and "abstain" not in counts and (named := _NAMED.search(text)):
        # What stands before the last comma or side names others.
        names = re.split(r"\b(?:favour|against|for)\b", named["names"])[-1]
        counts["abstain"] = len(find_people(names)) or None
    tally = _Tally(line.start + low, line.start + high, counts)
    decided = _take_result(text, tally)
    about_vote = _ON_VOTE.search(text) is not None
    counted = len(counts) >= 2 or (counts and (decided or re.search(r"\bvot", text, re.I)))
    if (counted and about_vote) or (counts and len(counts) >= 2):
        return tally
    tally.counts = {} if not counted else tally.counts
    if decided and not re.search(r"\bcarried\s+(?:out|on|forward|over|through)\b", text):
        return tally
    return tally if tally.unanimous and about_vote else None


def _number(word: str | None) -> int | None:
    if word is None:
        return None
    return int(word) if word.isdigit() else _NUMBERS.get(word.lower())
