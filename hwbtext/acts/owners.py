"""Owners in cells and at the ends of lines: initials, names, roles, "All"."""

from __future__ import annotations

import re

from hwbtext.acts.bearers import FULL_NAME, GIVEN_NAME, INITIALS, PERSON, ROLE, is_bearer, joined
from hwbtext.acts.verbs import begins_with_task
from hwbtext.text import n_words

_BODY = (
    r"(?:(?:[Tt]he\s)?(?:[A-Z][\w'&-]{0,24}\s|and\s|of\s|&\s){0,6}(?:Board|Committee|Council|Trust|"
    r"Partnership|Healthwatch|CCG|ICB|ICS|NHS|Police|Team|Service|Services|Health|Care|Alliance|"
    r"Department|Agency)(?:\s[Mm]embers)?)"
)
_ALL = (
    r"(?:[Aa]ll|ALL|[Ee]veryone|[Pp]artners)(?:\s(?:[Bb]oard\s|[Cc]ommittee\s|[Pp]anel\s)?"
    r"(?:[Mm]embers|[Pp]artners|[Oo]rganisations|[Cc]ouncillors|[Cc]olleagues))?"
)
_OWNER = re.compile(
    rf"{joined(PERSON, ROLE, INITIALS, _BODY, _ALL, FULL_NAME, GIVEN_NAME, most=6)}"
    r"(?:\s?\([^()]{1,40}\))?"
)
_NO_OWNER = re.compile(
    r"^(?:note[ds]?|none|n/?a|completed?|closed|open|ongoing|agreed|approved|resolved|information|"
    r"discussion|decision|action|lead|update|owner|date|tbc|tba|yes|no|verbal|attached|paper|"
    r"deferred|monday|january|march|review|report|minutes|unanimous.*)$",
    re.IGNORECASE,
)
_MOST_WORDS = 9


def is_owner(text: str) -> bool:
    """Return whether a text names who is to act, and says nothing else.

    Examples
    --------
    >>> is_owner("AB/CD"), is_owner("All Board members"), is_owner("Noted")
    (True, True, False)
    """
    bare = text.strip(" .;:*()[]-")
    if not bare or n_words(bare) > _MOST_WORDS or _NO_OWNER.match(bare):
        return False
    # "Invite Healthwatch" says what is to be done.
    if " " in bare and begins_with_task(bare[0].lower() + bare[1:]) and not bare.startswith("Lead"):
        return False
    return _OWNER.fullmatch(bare) is not None and (is_bearer(bare) or "ouncil" in bare)
