"""What one line of action says: what is to be done, by whom and by when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
_DATE = (
    rf"(?:(?:the\s)?(?:(?:end|start|middle)\sof\s)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?)?{_MONTH}\b"
    r"(?:,?\s20\d\d)?|\d{1,2}[./-]\d{1,2}[./-](?:20)?\d\d|(?:the\s)?end\sof\s(?:the\s)?"
    r"(?:year|month|week|financial\syear|quarter)|year\send|Q[1-4](?:\s20\d\d(?:[/-]\d\d)?)?|"
    r"(?:the\s)?(?:spring|summer|autumn|winter)(?:\s(?:of\s)?20\d\d)?|20\d\d(?:[/-]\d\d)?|"
    r"next\s(?:week|month|year))"
)
_MEETING = (
    rf"(?:(?:the|its|our)\s)?(?:(?:next|following|{_MONTH})(?:\s20\d\d)?\s(?:\w{{1,15}}\s){{0,2}}?"
    rf"meeting|meeting\s(?:on|in|of)\s{_DATE})"
)
_DUE = re.compile(
    rf"\b(?:(?:by|before|no\slater\sthan|not\slater\sthan)\s(?P<by>{_DATE}|{_MEETING}|then)|"
    rf"(?:to|at|for|in\stime\sfor)\s(?P<meeting>{_MEETING})|"
    rf"(?P<within>within\s(?:\w{{1,12}}\s){{1,2}}(?:days|weeks|months))|"
    rf"(?:in|on|from)\s(?P<on>{_DATE}))",
)
_WORDS = r"(?:[\w'&/,()-]{1,30}\s){0,14}?[\w'&/,()-]{1,30}"
_ASKED = re.compile(
    rf"^(?P<owner>{_WORDS})\s(?:be|is|was|were|are)\s(?:also\s)?"
    r"(?:asked|requested|instructed|invited|tasked|directed|required|authori[sz]ed)\s"
    r"(?:to|with)\s(?P<what>.{3,400})$",
    re.DOTALL,
)
_ASKS = re.compile(
    rf"^(?:to\s)?(?:ask|request|instruct|task|invite|direct|require)(?:s|ed)?\s(?P<owner>{_WORDS})"
    r"\s(?:to|with)\s(?P<what>.{3,400})$",
    re.DOTALL | re.IGNORECASE,
)
_TO_DO = re.compile(
    rf"^(?P<owner>{_WORDS}?)\s(?:to|will|would)\s(?P<what>[a-z].{{2,400}})$", re.DOTALL
)
_VERBS = (
    r"(?:bring|report|prepare|provide|circulate|write|arrange|convene|submit|draft|lead|liaise|"
    r"contact|follow|look|take|investigate|explore|raise|host|co-?ordinate|oversee|send|supply|"
    r"present|produce|compile|feed|find|respond|publish|organise|act|carry|undertake|nominate|"
    r"check|clarify|return|attend|promote|share|work|develop|review|consult|meet|give|make|ensure|"
    r"identify|draw|set|discuss|invite|update|establish|explain|examine|obtain|finalise|sign)"
)
_TO_VERB = re.compile(rf"^(?P<owner>{_WORDS}?)\sto\s(?P<what>{_VERBS}\b.{{2,400}})$", re.DOTALL)
_AT_END = re.compile(r"[\s.;,]{0,5}(?:\sand)?[\s.;,]{0,5}$")
_THAT_DO = re.compile(
    rf"^(?P<owner>{_WORDS}?)\s(?:also\s|jointly\s|then\s|again\s)?(?P<what>{_VERBS}\b.{{2,400}})$",
    re.DOTALL,
)
ACTOR = re.compile(
    r"\b(?:directors?|officers?|managers?|chair|chairs|chairman|co-chairs|vice-chair|leads?|clerk|"
    r"executive|secretary|consultants?|teams?|trusts?|groups?|partners|members|organisations?|"
    r"sponsors?|healthwatch|ccgs?|icb|councils?|councillors?|cllr|commissioners?|advis[eo]rs?|"
    r"representatives?|practitioner|analyst|solicitor|commander|all|board|committee|partnership|"
    r"department|services?|agency|agencies|nhs|(?-i:[A-Z]{2,6}))\b|^(?-i:[A-Z]\w{1,25}(?:\s[A-Z]\w{1,25}){0,3})$",
    re.IGNORECASE,
)
_NO_ACTOR = re.compile(
    r"^(?:the\s)?(?:board|committee|meeting|report|strategy|plan|minutes|programme|item|next)\b"
    r"(?!\smembers)|\b(?:to|be|been|is|was|were|are|had|has|have|that|this|which|noted|approved|agreed|"
    r"endorsed|appointed|choose)\b|^(?:it|there|and|by)\b|'s$",
    re.IGNORECASE,
)


class Parts(NamedTuple):
    """What one line of action says."""

    text: str
    owner: str | None
    due: str | None


def read_action(
    written: str, plain: str, *, verbs: Sequence[re.Pattern[str]] = (_ASKED, _TO_DO, _THAT_DO)
) -> Parts:
    """Split a line into what is to be done, by whom and by when.

    ``plain`` is ``written`` in plain spelling, character for character.

    Examples
    --------
    >>> line = "The Clerk to write to the Trust by 3 May."
    >>> read_action(line, line)
    Parts(text='write to the Trust by 3 May', owner='The Clerk', due='3 May')
    """
    due = _due(written, plain)
    for pattern in verbs:
        match = pattern.match(plain)
        if match is None:
            continue
        owner = match["owner"]
        if not ACTOR.search(owner) or _NO_ACTOR.search(owner):
            continue
        return Parts(
            _AT_END.sub("", written[slice(*match.span("what"))]),
            written[slice(*match.span("owner"))].strip(" ,"),
            due,
        )
    return Parts(_AT_END.sub("", written), None, due)


def _due(written: str, plain: str) -> str | None:
    """Return the day or meeting by which; of several the last, unless one says "by"."""
    matches = list(_DUE.finditer(plain))
    if not matches:
        return None
    chosen = next((match for match in matches if match["by"]), matches[-1])
    name = str(chosen.lastgroup)
    return written[slice(*chosen.span(name))]


ASSIGNING = (_ASKED, _ASKS, _TO_VERB, _THAT_DO)
"""How a clause of a resolution gives somebody a task."""
