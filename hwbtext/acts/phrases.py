"""What one line of action says: what is to be done, by whom and by when."""

from __future__ import annotations

import re
from typing import NamedTuple

from hwbtext.acts.due import find_due
from hwbtext.acts.owners import is_owner
from hwbtext.acts.told import told_tasks
from hwbtext.acts.verbs import ADVERB, TASK_VERB

_MOST_OWNER = 90  # characters
# "The Clerk to write", "AB will share", "Jo, Al and the Chair are to meet".
_TO_DO = re.compile(
    rf"^(?P<owner>.{{2,{_MOST_OWNER}}}?)\s?[,:-]?\s(?:(?:is|are)\s)?"
    rf"(?:to|will|would|should|shall|must)\s{ADVERB}(?P<what>[a-z].*)$",
    re.DOTALL,
)
_ASKED = re.compile(
    rf"^(?P<owner>.{{2,{_MOST_OWNER}}}?)\s(?:(?:was|were|is|are|be)\s)?(?:asked|requested|"
    rf"agreed|offered|"
    r"instructed|tasked|invited)\s(?:to|with)\s(?P<what>.+)$",
    re.DOTALL,
)
# "AB - circulate the slides", "Clerk: circulate the slides", "AB circulate the slides".
_NAMED_FIRST = re.compile(
    rf"^(?P<owner>.{{2,{_MOST_OWNER}}}?)(?:\s?[:-]\s(?:to\s)?|\s)(?P<what>{TASK_VERB}.+)$",
    re.DOTALL,
)
# "Circulate the slides (AB)", "Circulate the slides - AB", "... Lead: AB".
_NAMED_LAST = re.compile(
    rf"^(?P<what>.{{6,}}?)\s?(?:[-/:;]\s|\(|\[|\.\s)(?:(?:[Ll]ead|[Oo]wner|[Aa]ction)"
    rf"\s?[:-]?\s(?:by\s)?)?"
    rf"(?P<owner>[A-Z][^()\[\]]{{1,{_MOST_OWNER}}}?)[)\]]?\.?$",
    re.DOTALL,
)
_AT_END = re.compile(r"[\s.;,]{0,5}(?:\sand)?[\s.;,]{0,5}$")


class Parts(NamedTuple):
    """What one line of action says."""

    text: str
    owner: str | None
    due: str | None


def read_action(written: str, plain: str) -> Parts:
    """Split a line into what is to be done, by whom and by when.

    ``plain`` is ``written`` in plain spelling, character for character.

    Examples
    --------
    >>> line = "The Clerk to write to the Trust by 3 May."
    >>> read_action(line, line)
    Parts(text='write to the Trust by 3 May', owner='The Clerk', due='3 May')
    >>> line = "Send round the slides (AB)"
    >>> read_action(line, line).owner
    'AB'
    """
    due = read_due(written, plain)
    for pattern in (_TO_DO, _ASKED, _NAMED_FIRST, _NAMED_LAST):
        match = pattern.match(plain)
        if match and is_owner(match["owner"]):
            what = written[slice(*match.span("what"))]
            return Parts(_AT_END.sub("", what), _owner(written, match), due)
    for told in told_tasks(plain):
        if told.owner.start >= 0:
            what = written[slice(*told.what)]
            owner = written[slice(*told.owner)]
            # The bearer may stand in the middle: the line as a whole says what is to be done.
            return Parts(_AT_END.sub("", what if told.owner.start < 4 else written), owner, due)
    return Parts(_AT_END.sub("", written), None, due)


def read_due(written: str, plain: str) -> str | None:
    """Return the words of a line that say by when, as written."""
    found = find_due(plain)
    return written[slice(*found)] if found else None


def _owner(written: str, match: re.Match[str]) -> str:
    return written[slice(*match.span("owner"))].strip(" ,:-.")
