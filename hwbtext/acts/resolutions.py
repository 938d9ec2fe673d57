"""Acts: the literal verb of each resolution clause and minuted decision."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from hwbtext.acts.rules import load_act_rules
from hwbtext.minutes import RESOLUTION, find_resolutions, split_clauses
from hwbtext.records import Act, CharSpan, Provenance
from hwbtext.text import n_words, same_length

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hwbtext.acts.rules import ActRule, Where
    from hwbtext.records import Document, Passage

_PRINTED = re.compile(r"^\(?(?P<number>\d{1,2}|[a-z]|[ivx]{1,4})(?:\)|\.(?=\s))\s")
# "It was agreed that ..." in running text is itself the verb; RESOLVED and AGREED in capitals
# are the label under which the verb follows.
_SAID = re.compile(r"\b[Ii]t was (?:\w{1,15} )?(?:agreed|resolved)\b|\bThe \w{1,12}\s*:")
# "(2) That the Chair write": a clause whose lead-in stands on another page.
_THAT = re.compile(
    r"^(?:\(?\w{1,4}[.)]\s)?(?:That|THAT)(?:,|\s(?:the|an?|it|authority|"
    r"members|officers|partners|each|all|both|its|Cabinet|with)\b)"
)
# "which the Board had agreed" tells of an earlier act, not of one in this passage.
_BACKGROUND = re.compile(
    r"\b(?:which|once|when|after|until|whether|if|that|before|as|where)\s(?:the\s)?$", re.IGNORECASE
)
_NOTED_THAT = re.compile(r",?\s(?:\w{1,12},\s)?that\b")
_LEAD_IN = re.compile(r"(?:that|:|:-|-|to)\s*$", re.IGNORECASE)
_NOT_YET = re.compile(
    r"\b(?:board|committee|cabinet|panel|members|council)\s(?:is|are|was|were)\s"
    r"(?:also\s|therefore\s)?(?:asked|recommended|invited|requested)\sto\b|"
    r"\brecommendations?\s?:|\b(?:will|would|should|could|might)\s(?:then\s)?be\s"
    r"(?:asked|invited|submitted|considered|approved)\b|\bhoped\b",
    re.IGNORECASE,
)
# In the order in which they are looked for: the first that stands there is the verb.
_TOLD_VERBS = tuple(
    (verb, re.compile(pattern, re.IGNORECASE))
    for verb, pattern in (
        ("deferred", r"\b(?:deferred|postponed|adjourned|carried\sforward)\b"),
        ("rejected", r"\b(?:rejected|refused|declined|not\s(?:approved|agreed|accepted))\b"),
        (
            "approved",
            r"\b(?:approved?|adopted|accepted|ratified|passed|signed|confirmed|approval)\b",
        ),
        ("agreed", r"\b(?:agreed?|resolved|decided|voted|unanimous(?:ly)?|agreement)\b"),
        ("noted", r"\bnoted\b"),
        (
            "agreed",
            r"\b(?:(?:re-?)?elected|appointed|co-?opted|carried|in\sfavour|proposed|prop|moved|"
            r"nominated|seconded)\b",
        ),
    )
)
TOLD_RULE = "clause-told"
_FEW_WORDS = 3
DEFAULT_RULE = "clause-without-verb"


def detect_acts(document: Document, passages: Iterable[Passage]) -> tuple[Act, ...]:
    """Find what was decided: one act for a clause of a resolution or a minuted sentence.

    Parameters
    ----------
    document : Document
    passages : iterable of Passage
        The passages of this document, as ``segment(document)`` gives them.

    Returns
    -------
    tuple of Act
        In the order of the passages, at most one each. The span is the words of the verb, or
        the whole passage for a clause that decides without a verb of deciding ("that the
        Chair write to the Minister" is directed; "that the next meeting be in May" agreed).
        A bare lead-in ("RESOLVED that:") is no act: its clauses are.

    Notes
    -----
    The verb is the literal one of this body (ruling E50); where a clause has several, the
    strongest, in the order of ``acts.toml``. What is only recommended in a report ("The
    Board is asked to note") is no act.
    """
    resolved = resolution_spans(document)
    starts = [span.start for span, _ in resolved]
    acts = []
    for passage in passages:
        if passage.fragment:
            continue
        at = bisect_right(starts, passage.span.start) - 1
        inside = at >= 0 and passage.span.start < resolved[at][0].end
        act = _act(passage, resolved[at][1] if inside else None, in_resolution=inside)
        if act is None:
            act = _told(passage, resolved[bisect_left(starts, passage.span.start) :])
        if act is not None:
            acts.append(act)
    return tuple(acts)


def resolution_spans(document: Document) -> list[tuple[CharSpan, str | None]]:
    """Return the clauses of resolutions and their lead-ins, with the number printed."""
    resolutions = find_resolutions(document)
    found = [
        (clause.span, clause.number) for resolution in resolutions for clause in resolution.clauses
    ]
    found += [(r.lead, None) for r in resolutions if r.lead is not None]
    return sorted(found, key=lambda one: one[0])


def _act(passage: Passage, block_number: str | None, *, in_resolution: bool) -> Act | None:
    plain = same_length(passage.text)
    opening = RESOLUTION.search(plain)
    decides = in_resolution and (opening is not None or not _precedes(plain))
    if not decides and opening is None and not _THAT.match(plain):
        return _said(passage, plain)
    if _NOT_YET.search(plain) and opening is None:
        return None
    rest = plain[opening.end() :] if opening else plain
    if n_words(_LEAD_IN.sub("", rest)) < _FEW_WORDS and _LEAD_IN.search(plain):
        return None
    clause = passage.clause or _clause_number(plain, block_number)
    if opening is not None and _SAID.search(plain[opening.start() : opening.end() + 1]):
        said = _said(passage, plain)
        if said is not None:
            return Act(said.prov, said.verb, clause, said.rule_id)
    found = _strongest(plain, "clause", from_=opening.end() if opening else 0)
    if found is None:
        # What it decides stands in the clause itself: the act is that it was agreed.
        return Act(_provenance(passage, CharSpan(0, len(plain))), "agreed", clause, DEFAULT_RULE)
    rule, span = found
    return Act(_provenance(passage, span), rule.verb, clause, rule.rule_id)


def _precedes(plain: str) -> bool:
    """Return whether a passage without an opening is the report before a decision.

    A clause of a list starts with its number, in lower case, or with "That".
    """
    return (
        not (_PRINTED.match(plain) or plain[:1].islower() or plain.startswith(("That ", "THAT ")))
        and bool(re.search(r"\b(?:was|were|had)\b", plain))
        and not _starts_with_verb(plain)
    )


def _starts_with_verb(plain: str) -> bool:
    return bool(
        re.match(r"(?:Not?e|Notes|Agrees?|Approves?|Endorses?|Receives?|Asks?)\b", plain, re.I)
    )


def _said(passage: Passage, plain: str) -> Act | None:
    found = _strongest(plain, "sentence")
    if found is None:
        return None
    rule, span = found
    return Act(_provenance(passage, span), rule.verb, None, rule.rule_id)


def _strongest(plain: str, where: Where, *, from_: int = 0) -> tuple[ActRule, CharSpan] | None:
    found = [
        (rule, CharSpan(*match.span()))
        for rule in load_act_rules(where)
        if (match := _first(rule, plain, from_)) is not None
    ]
    if not found:
        return None
    rule, span = min(found, key=lambda one: one[1].start)
    if where == "sentence" and rule.verb == "noted" and _NOTED_THAT.match(plain, span.end):
        return rule, span  # what follows "that" is what was noted, not a second act
    return min(found, key=lambda one: (-one[0].strength, one[1].start))


def _first(rule: ActRule, plain: str, from_: int) -> re.Match[str] | None:
    for match in rule.pattern.finditer(plain, from_):
        before = plain[max(0, match.start() - 20) : match.start()]
        if rule.where == "clause" or not _BACKGROUND.search(before):
            return match
    return None


def _clause_number(plain: str, block_number: str | None) -> str | None:
    if (match := _PRINTED.match(plain)) and not RESOLUTION.match(plain, match.end()):
        return match["number"]
    return split_clauses(plain)[0].number or block_number


def _told(passage: Passage, following: Sequence[tuple[CharSpan, str | None]]) -> Act | None:
    """Return the act of a decision that a passage tells in its course, the last one.

    Such a decision has a verb of its own ("the quote was accepted"), or was moved and carried.
    """
    inside = [one for one in following if one[0].end <= passage.span.end]
    if not inside:
        return None
    clause, number = inside[-1]
    start = clause.start - passage.span.start
    plain = same_length(passage.text)[start : clause.end - passage.span.start]
    if _LEAD_IN.search(plain):
        return None
    for verb, pattern in _TOLD_VERBS:
        if match := pattern.search(plain):
            span = CharSpan(start + match.start(), start + match.end())
            return Act(_provenance(passage, span), verb, number, TOLD_RULE)
    return None


def _provenance(passage: Passage, span: CharSpan) -> Provenance:
    start = passage.span.start
    return Provenance(
        passage.doc_id,
        passage.passage_id,
        CharSpan(start + span.start, start + span.end),
        passage.regions,
    )
