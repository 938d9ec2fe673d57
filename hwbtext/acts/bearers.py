"""Who can bear a task: people with a title, roles, initials, teams of the meeting."""

from __future__ import annotations

import re

_TITLE = (
    r"(?:(?:County|Borough|District|Parish|Town|City|Ward)\s)?"
    r"(?:Cllrs?|Clrs?|Councillors?|Alderman|Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|"
    r"Rev|Revd|Reverend|Sgt|Sergeant|Inspector|Supt|PCSO|PC|CC|BC)\b\.?"
)
_NAME = r"[A-Z][\w'-]{0,24}\.?"
PERSON = rf"{_TITLE}(?:\s{_TITLE}){{0,2}}(?:\s?{_NAME}){{1,3}}"
_HEADS = (
    r"(?:[Cc]lerks?|[Cc]hair(?:man|woman|person|s)?|[Vv]ice[- ][Cc]hair(?:man|woman|person)?|"
    r"[Cc]o-[Cc]hairs?|[Ss]ecretary|[Tt]reasurer|[Dd]irectors?|[Oo]fficers?|[Mm]anagers?|[Ll]eads?|"
    r"[Ll]eader|[Cc]o-?ordinators?|[Ee]xecutives?|[Cc]onsultants?|[Cc]ommissioners?|"
    r"[Aa]dvis[eo]rs?|"
    r"[Ss]olicitor|[Ww]ardens?|[Hh]andyman|[Rr]anger|[Cc]aretaker|[Cc]ontractors?|[Ee]ditor|"
    r"[Mm]ayor|"
    r"[Aa]dministrators?|[Aa]ccountant|[Nn]urse|[Rr]epresentatives?|[Rr]eps?|[Aa]nalyst|"
    r"[Pp]ractitioner|"
    r"[Cc]ommander|Portfolio\sHolders?|Cabinet\sMembers?|[Ss]ponsors?|[Pp]lanners?|[Aa]uditors?|"
    r"[Ss]ecretariat|[Ww]ebmaster|[Tt]rustees?|[Gg]overnors?|[Pp]artners|[Cc]ouncillors|[Mm]embers|"
    r"[Cc]olleagues|[Tt]eams?|[Ss]ub-[Gg]roup|[Gg]roups?|[Pp]arty|[Cc]ommittee|[Ss]ub-[Cc]ommittee|"
    r"[Pp]anel|[Aa]ssistant|[Ii]nspector|[Ee]ngineer|[Aa]gents?)"
)
_MODIFIER = (
    r"(?:[A-Z][\w'&/-]{0,24}|parish|deputy|vice|working|steering|task|and|finish|of|for|the|&|"
    r"joint|assistant|project|interim|acting|relevant|appropriate|lead|sub-group|all|both|other)"
)
_HEAD_OF = r"Heads?\sof\s(?:(?:[A-Z][\w'&-]{1,24}|and|&|the)\s?){1,6}(?<=\w)"
_AFTER = (
    r"(?:\s(?:of|for|on)\s(?:the\s)?[A-Z][\w'&-]{1,24}"
    r"(?:(?:,\s|\s)(?:and\s|&\s|of\s|the\s|for\s)?[A-Z][\w'&-]{1,24}){0,7})?"
    r"(?:,?\s\([A-Z][\w.]{0,4}\))?"
)
ROLE = (
    rf"(?:(?:[Tt]he|[Oo]ur|[Ii]ts|[Aa]ll|[Ee]ach|[Bb]oth|[Aa]n?)"
    rf"\s(?:the\s)?)?(?:(?:{_MODIFIER}\s){{0,7}}?{_HEADS}\b"
    rf"|{_HEAD_OF}){_AFTER}"
)
MEMBER = (
    r"(?:[Tt]he\s)?(?:[Pp]arish\s)?(?:[Cc]lerk|[Cc]hair(?:man)?|[Cc]ouncillors|[Mm]embers|"
    r"[Hh]andyman)\b"
)
INITIALS = (
    r"(?!(?:AGM|AOB|ACTION|ITEM|NOTE|NB|UPDATE|RESOLVED|AGREED|NOTED|THAT|AND|THE|TO|DATE)\b)"
    r"[A-Z]{2,4}[a-z]?[A-Z]?\b"
)
"""Initials of one person; an acronym of a body looks the same and bears a task as well."""
FULL_NAME = r"[A-Z][a-z][\w'-]{0,20}(?:\s[A-Z][\w'-]{0,20}\.?){1,2}"
INITIAL_NAME = r"(?:[A-Z]\.?\s?){1,3}[A-Z][a-z][\w'-]{1,20}"
GIVEN_NAME = r"[A-Z][a-z]{1,15}"

_ROLE_OR_TITLE = re.compile(rf"{_TITLE}|\b{_HEADS}\b|{_HEAD_OF}")
_JOINED = r"(?:,\s(?:and\s)?|\s(?:and|&|plus|together\swith|with)\s(?:the\s)?|\s?/\s?)"


def joined(*kinds: str, most: int = 4) -> str:
    """Return a pattern for one bearer, or several joined by commas and "and".

    Examples
    --------
    >>> bool(re.fullmatch(joined(PERSON, ROLE), "Cllr A Ash and the Clerk"))
    True
    """
    one = rf"(?:{'|'.join(kinds)})"
    return rf"{one}(?:{_JOINED}{one}){{0,{most - 1}}}"


# What names nobody who was at the meeting to take a task, or the body itself, which decides.
_NOBODY = re.compile(
    r"^(?:(?:the|a|an)\s)?(?:(?:parish|town|city|borough|district|county)\s)?"
    r"(?:council|board|committee|panel|cabinet|meeting|members?\sof\sthe\spublic|a\smember|"
    r"members?\sof|item|date|"
    r"minutes?|report|reports|agenda|lead|leads|services?|group|party|agent|agents|contractor|"
    r"vice|deputy|joint)$|\b(?:members?\sof\sthe\spublic)\b",
    re.IGNORECASE,
)
# A place, a paper or a day that stands where a name could.
_NO_NAME = re.compile(
    r"\b(?:Road|Street|Lane|Drive|Close|Avenue|Way|Green|Field|Hall|Church|School|House|Farm|Park|"
    r"Bridge|Village|Cemetery|Report|Plan|Policy|Strategy|Minutes|Item|Agenda|Act|Meeting|Letter|"
    r"Notice|Grant|Budget|Precept|Account|Accounts|Application|Appendix|Consultation|Framework|"
    r"Programme|Project|Scheme|Order|Fund|Update|January|February|March|April|June|July|August|"
    r"September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|"
    r"Sunday)\b"
)
_OUTSIDE = re.compile(
    r"\b(?:Highways|Water|Borough|County|District|Police|Ltd|Limited|plc|Government|Agency|Homes|"
    r"Housing|Electricity|Energy|Network|Networks|Power|Ministry|Department|University|Company|"
    r"Contractors?|England|Services|Society|Association|Trust|Bank|Office)\b"
)


def is_bearer(name: str) -> bool:
    """Return whether a matched name can bear a task.

    Examples
    --------
    >>> is_bearer("The Clerk"), is_bearer("the Council"), is_bearer("Mill Lane")
    (True, False, False)
    """
    if _NOBODY.search(name.strip(" ,")):
        return False
    return names_role(name) or not _NO_NAME.search(name)


def names_role(name: str) -> bool:
    """Return whether a name holds a title or a role, which only people and teams have.

    Examples
    --------
    >>> names_role("Cllr Ash"), names_role("the Policy Officer"), names_role("Jo Sample")
    (True, True, False)
    """
    return _ROLE_OR_TITLE.search(name) is not None


def is_outside(name: str) -> bool:
    """Return whether a bare name is that of a company or another authority: its plans are news.

    Examples
    --------
    >>> is_outside("Carrow Water"), is_outside("Jo Sample")
    (True, False)
    """
    return bool(_OUTSIDE.search(name))
