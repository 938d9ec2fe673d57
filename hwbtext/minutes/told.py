"""Decisions that minutes tell without a label: minutes approved, proposals that were carried."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hwbtext.minutes.clauses import BODY, deciding_verb
from hwbtext.text import n_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.minutes.lines import Line

_HOW = r"(?:(?:then|duly|unanimously|all|also|therefore|formally|subsequently|hereby)\s+)?"
_DONE = r"(?:approved|agreed|adopted|accepted|ratified|endorsed)"
_APPROVED = rf"(?:{_DONE}|confirmed|signed\s+and\s+approved)"
_TOLD = (
    # "The minutes of 3 May were agreed as a correct record and signed."
    re.compile(rf"\b[Mm]inutes\b[^.;]{{0,250}}?\b(?:was|were)\s+{_HOW}{_APPROVED}\b"),
    re.compile(
        rf"\b(?:[Mm]inutes|MINUTES)\b[^.;]{{0,200}}?\b(?:{_DONE}|confirmed|read)\b[^.;]{{0,40}}\bsigned\b"
    ),
    re.compile(
        r"\b(?:agreed|approved|accepted|confirmed)\b[^.;]{0,120}\b(?:true|correct|accurate|fair)\b"
        r"[^.;]{0,30}\brecord(?:ing)?\b"
    ),
    # "The accounts were approved by the Council."
    re.compile(
        rf"\w\s+(?:was|were)\s+{_HOW}(?:\w+\s+and\s+)?{_DONE}\s+by\s+(?:the\s+)?"
        rf"(?:{BODY}|[Mm]embers|[Cc]ouncillors|all\b|everyone\b|those\s+present)"
    ),
    re.compile(rf"^\W*[Mm]inutes\s+(?:\w+\s+){{0,8}}{_APPROVED}\s+as\b"),
    re.compile(rf"\b[Rr]ecommendations?\b[^.;,]{{0,60}}\b(?:was|were)\s+{_HOW}{_APPROVED}\W*$"),
    re.compile(rf"\w\s+(?:was|were)\s+(?:duly|unanimously)\s+{_DONE}\b"),
    re.compile(
        r"\ball\s+(?:(?:the\s+)?(?:members|councillors)\s+)?(?:(?:were|being)\s+)?in\s+favour\s+of\s+\w",
        re.I,
    ),
    # "All councillors noted that they were content with the payments."
    re.compile(
        r"(?:^\W*|[,;]\s+(?:and\s+)?)(?:[Aa]ll\s+(?:the\s+)?|[Tt]he\s+)(?:[Cc]ouncillors|[Mm]embers)\b[^.;,]{0,40}\b(?:were|are)\s+"
        r"(?:all\s+)?(?:content|satisfied|in\s+(?:full\s+)?agreement)\b"
    ),
    # "The new forms were read through and approved", "Terms of reference circulated and agreed."
    re.compile(
        r"\b(?:presented|circulated|read(?:\s+\w+)?|considered|reviewed|scrutinised|checked)\s+and\s+"
        rf"(?:duly\s+|unanimously\s+)?{_DONE}\b(?!\s+(?:by|in|on|to|at)\b)"
    ),
    # "Accounts were presented and accepted for payment."
    re.compile(
        r"\b(?:[Pp]ayments?|[Aa]ccounts|[Cc]heques|[Ii]nvoices)\b[^.;:]{0,60}?\b(?:was|were)\s+"
        rf"{_HOW}(?:presented,?\s+(?:and\s+)?)?(?:{_DONE}|authorised|passed)\b"
        r"(?!\s+(?:by|in|to|on|over|round|around)\b)"
    ),
    re.compile(
        r"\b(?:was|were)\s+(?:then\s+)?(?:duly|unanimously)\s+(?:re-?)?(?:elected|appointed|co-?opted)\b|"
        r"\bno\s+(?:other|further)\s+nominations\b.{0,40}\b(?:elected|appointed|accepted\s+the)\b"
    ),
    # "The Parish Council agreed to share the cost", "Audit - All members agreed that …".
    re.compile(
        rf"(?:^|\s-\s)\W*(?:(?:Following|After)\b[^.;,]{{0,100}},\s+)?(?:[Tt]he\s+{BODY}|"
        r"(?:[Aa]ll\s+(?:the\s+)?)?(?:(?:Parish\s+|Town\s+)?Council(?:lors)?|(?:[Tt]he\s+)?(?:LPC|[PT]\.?C\.?)|"
        r"[Cc]ouncillors|[Mm]embers))\s+"
        rf"{_HOW}(?:agreed?|resolved|decided|voted|elected|appointed)\s+(?:unanimously\s+)?"
        r"(?:that|to|not|all|the|this|an?|(?:Mr|Mrs|Ms|Miss|Dr|Cllr)\b)"
    ),
    # "Grass cutting £90, Councillors agreed to pay".
    re.compile(
        r"(?:[,;]|\band|\bso)\s+(?:(?:the\s+)?(?:Parish\s+|Town\s+)?Council(?:lors)?|(?:the\s+)?(?:[Cc]ouncillors|"
        rf"[Mm]embers|Committee|Panel|Board|PC))\s+{_HOW}(?:agreed|resolved|decided|voted)\s+"
        r"(?:unanimously\s+)?(?:that|to|not)\b"
    ),
    re.compile(r"(?:^|\s-\s)\W*All\s+(?:were\s+)?agreed\s+(?:that|to)\b"),
    re.compile(rf"(?:^|\s-\s)\W*Agreed\s+by\s+(?:(?:[Tt]he\s+)?(?:{BODY}|PC)|all)\s+(?:to|that)\b"),
    # "New bulbs £25, Council agreed."
    re.compile(
        r"(?:[,-]|\s)\s*(?:\b(?:[Tt]he\s+)?(?:Parish\s+)?Council(?:lors)?\s+|\s-\s*(?:[Aa]ll\s+)?)"
        r"[Aa]greed\W*$"
    ),
)
_PROPOSED = re.compile(r"\b(?:proposed|proposal|proposing|moved|prop)\b", re.I)
_SECONDED = re.compile(r"\bseconded\b|\b2\s?nd(?:ed)?\.?\s+[A-Z]", re.I)
_PROPOSES = re.compile(r"\bproposed\s+(?:that|to)\b", re.I)
_DEBATED = re.compile(r"\b(?:motion|amendment|no\s+seconders?|declined|did\s+not\s+wish)\b", re.I)
_NOT_CARRIED = re.compile(r"\b(?:lost|defeated|withdrawn|not\s+carried|rejected|fell)\b", re.I)
_CARRIED = re.compile(
    r"\ball\s+(?:were\s+|being\s+|members\s+|councillors\s+|present\s+|those\s+present\s+)?"
    r"(?:voted\s+)?(?:in\s+favour|agreed|approved)\b|\bcarried(?!\s+(?:out|on|forward|over))\b|"
    r"\bunanimous(?:ly)?\b|\b(?:and\s+)?(?:it|this|which|and)\s+was\s+(?:all\s+)?(?:agreed|approved)\b|"
    r"\b(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?:were\s+|voted\s+|votes?\s+)?"
    r"in\s+favour\b|,\s+(?:and\s+)?(?:agreed|approved)\b\W*$",
    re.I,
)
_SHORT = re.compile(
    r"^\W*(?:(?:this|it|the\s+(?:motion|proposal))\s+was\s+(?:then\s+|duly\s+|unanimously\s+|therefore\s+)?)?(?:all\s+(?:were\s+|members\s+)?(?:in\s+"
    r"favour|agreed)|carried|agreed|approved|resolved|unanimous(?:ly)?|a\s+vote\s+was\s+taken)\b",
    re.I,
)
# Only who moved it: the decision stands in the sentence before.
_MOVERS = re.compile(
    r"^\W*(?:[Pp]rop(?:osed|oser)?|[Mm]oved|[Ss]econded)\b\.?\s*(?::|-|by\b|[A-Z])"
    r"(?!.{0,80}\b(?:t(?:hat|o)|pass|payment)\b)"
)
_NOT_NOW = re.compile(
    r"^\W*To\s|^\W*At\s+(?:that|the\s+(?:last|previous)|its|their|an?)\b[^,]{0,60}\bmeetings?\b|\b(?:had|has|have|will|would|could|should|may|might|if|once|until|whether|"
    rf"previously|earlier|which|who)\b[^,;]{{0,60}}?\b(?:{_DONE}|confirmed|proposed|moved)\b|"
    rf"^\W*(?:Once|Until|When|After|If|Whether)\b[^,;]{{0,80}}?\b{_DONE}\b|"
    r"\b(?:lost|defeated|not\s+(?:agreed|approved|carried)|withdrawn|rejected|fell)\b"
)
_DATED = re.compile(r"\bby\s.{0,80}\b(?:in|on|at)\s+(?:its|their|the\s+last|\d|[A-Z][a-z]+\s+20)")
# "Agreed unanimously.", alone: the outcome of what was proposed above it.
ALONE = re.compile(
    r"\W*(?:(?:unanimously\s+(?:agreed|approved))|(?:agreed|approved)\s+(?:unanimously|nem\.?\s?con\.?|"
    r"without\s+(?:a\s+vote|dissent))|"
    r"the\s+(?:reports?|updates?|recommendations?)\s+(?:was|were)\s+(?:(?:otherwise|duly|then|also)\s+)?"
    r"(?:noted|agreed|approved|accepted|endorsed)|(?-i:NOTED|AGREED|APPROVED|RECEIVED|ENDORSED))\W*",
    re.I,
)
_HELD = re.compile(
    r"\bRESOLVED\b|\b[Aa]pologies\b[^.:;]{0,60}?\b(?:was|were|had\s+been|have\s+been)\s+"
    r"(?:\w+\s+)?(?:received|given|sent|submitted|tendered|reported|noted|accepted)\b"
)
_HEADS_DECISIONS = re.compile(
    r"^(?:key\s+)?(?:decisions?|resolutions?|outcomes?)(?:\s+(?:taken|made)|\s*(?:and|&|/|,).{1,40})?\s*:?$",
    re.I,
)
_MOST_OUTCOME = 8  # words
_MOST_HEADER = 7  # words
_MOST_DECISION = 25
_SAYS_DONE = re.compile(
    r"^(?!\d{1,2}[-/]\d)(?:(?!\bto\s)[^:;?]){1,160}?\b(?:approved|agreed|accepted|adopted|appointed|"
    r"elected|ratified|endorsed|confirmed|approves|agrees)\b|^(?:unanimous\s+|general\s+)?agreement\b",
    re.I,
)


def tells_decision(sentence: str, following: str = "") -> bool:
    """Return whether a sentence tells a decision of the meeting without saying "resolved".

    Parameters
    ----------
    sentence : str
    following : str
        The sentence after it, which may say what came of a proposal.

    Examples
    --------
    >>> tells_decision("The minutes of 3 May were approved as a correct record.")
    True
    >>> tells_decision("Cllr Ash proposed a new bench, seconded by Cllr Elm.", "All in favour.")
    True
    >>> tells_decision("The application was approved by the Borough Council in May 2019.")
    False
    """
    if _NOT_NOW.search(sentence):
        return False
    if any(pattern.search(sentence) for pattern in _TOLD):
        return not _DATED.search(sentence)
    if not _PROPOSED.search(sentence) or _MOVERS.match(sentence):
        return False
    if _CARRIED.search(sentence):
        return True
    moved = _SECONDED.search(sentence) or _PROPOSES.search(sentence)
    return bool(moved and says_outcome(following))


def says_outcome(sentence: str) -> bool:
    """Return whether a sentence says no more than what came of the proposal before it.

    Examples
    --------
    >>> says_outcome("The proposal was therefore carried."), says_outcome("Mr Ash was in favour.")
    (True, False)
    """
    return _SHORT.match(sentence) is not None and n_words(sentence) <= _MOST_OUTCOME


def tells_proposal(sentence: str, following: str = "") -> bool:
    """Return whether a sentence tells who moved and who seconded, and no more.

    Where a clerk notes no outcomes, what was proposed and seconded was agreed.

    Examples
    --------
    >>> tells_proposal("Mrs Elm proposed that the fair end, seconded by Mr Ash.")
    True
    >>> tells_proposal("Mrs Elm moved an amendment, seconded by Mr Ash.", "It was lost.")
    False
    """
    if _NOT_NOW.search(sentence) or _DEBATED.search(sentence) or _NOT_CARRIED.search(following):
        return False
    return bool(_PROPOSED.search(sentence) and _SECONDED.search(sentence))


def names_movers(sentence: str) -> bool:
    """Return whether a sentence names who moved what the sentence before it says.

    Examples
    --------
    >>> names_movers("Proposed Mr Ash, seconded Mrs Elm."), names_movers("Mr Ash proposed a fair.")
    (True, False)
    """
    return _MOVERS.match(sentence) is not None and _SECONDED.search(sentence) is not None


def tells_of_meeting(lines: Sequence[Line]) -> bool:
    """Return whether a paper tells what a meeting did: some agendas hold the minutes too.

    Told are a resolution, minutes that were approved, or apologies that were received. What an
    agenda asks for ("To receive apologies", "RECOMMENDED that") tells nothing.

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> text = "Apologies for absence were received from Mr Ash."
    >>> tells_of_meeting([Line(0, 0, 48, text, "paragraph")])
    True
    >>> tells_of_meeting([Line(0, 0, 23, "To receive any apologies", "paragraph")])
    False
    """
    return any(
        _HELD.search(line.text) or deciding_verb(line.text) or tells_decision(line.text)
        for line in lines
    )


def decision_cells(lines: Sequence[Line]) -> Iterator[tuple[Line, bool]]:
    """Yield the cells of tables with a column of decisions, and whether each holds one.

    Minutes set as a table keep a column "Decisions and action points": "Minutes approved" in it
    is a decision, "AB to send the forms" an action, and what other columns say was discussed.

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> cells = [Line(0, 0, 9, "Decisions", "table_cell", 0, 0, 2)]
    >>> cells += [Line(1, 10, 26, "Minutes approved", "table_cell", 0, 1, 2)]
    >>> [(line.text, decided) for line, decided in decision_cells(cells)]
    [('Minutes approved', True)]
    """
    column: int | None = None
    for line in lines:
        if line.kind != "table_cell":
            column = None if line.is_heading else column
            continue
        if _HEADS_DECISIONS.match(line.text) and n_words(line.text) <= _MOST_HEADER and line.column:
            column = line.column
            continue
        if column is None:
            continue
        decided = line.column == column and n_words(line.text) <= _MOST_DECISION
        yield line, decided and _SAYS_DONE.match(line.text) is not None
