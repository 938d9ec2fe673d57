"""Told tasks: sentences of minutes that give a named person, role or body something to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hwbtext.acts.bearers import (
    FULL_NAME,
    GIVEN_NAME,
    INITIAL_NAME,
    INITIALS,
    MEMBER,
    PERSON,
    ROLE,
    is_bearer,
    is_outside,
    joined,
    names_role,
)
from hwbtext.acts.roll import Roll
from hwbtext.acts.verbs import ADVERB, FIRM_VERB, TASK_DOES, TASK_DOING, TASK_VERB
from hwbtext.records import CharSpan
from hwbtext.text import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DOER = joined(PERSON, INITIALS, MEMBER)
_ANY = joined(PERSON, ROLE, INITIALS, INITIAL_NAME, FULL_NAME, GIVEN_NAME)
_NAMED = joined(PERSON, ROLE, INITIALS, INITIAL_NAME, FULL_NAME)
# Where a clause can begin: not after a verb or preposition, where a name is an object.
_BEGIN = (
    r"(?:^\W{0,4}(?:\(?(?:\d{1,3}|[a-z]{1,4}|[A-Z])[.)]\s){0,2}|[;:,.(\"]\s?|\s-\s|[\w)"
    r"]\s(?=The\s)|"
    r"\b(?:and|but|then|so|that|as|while|agreed|resolved|decided|suggested|proposed|requested|"
    r"(?:agreed|resolved|proposed)\sfor)\s)"
    r"(?:(?:[Ff]irstly|[Mm]eanwhile|[Hh]owever|[Tt]herefore|[Aa]lso|[Ii]n\sthe\smeantime),?\s)?"
)
_TO = rf"(?:(?:is|are)\s)?{ADVERB}to\s{ADVERB}(?:try\s(?:and|to)\s)?"
_PROMISED = (
    rf"(?:has\s|have\s)?{ADVERB}(?:agreed|offered|volunteered|undertook|promised|committed|"
    r"undertaken|is\sgoing|are\sgoing)(?:,[^,]{1,60},)?\sto\s"
)
_ASKED = (
    rf"(?:(?:was|were|is|are|be|to\sbe|will\sbe|would\sbe)\s)?{ADVERB}"
    r"(?:asked|requested|instructed|tasked|directed|nominated|appointed)\s"
    rf"(?:to\s|with\s\w{{3,20}}ing\b){ADVERB}"
)
_ASKING = (
    r"(?<!had\s)\b(?:asked|requested|instructed|tasked|[Aa]sks?|[Rr]equests?|[Ii]nstructs?|"
    r"[Ii]nvites?|[Dd]irects?|[Tt]asks?|[Uu]rges?|[Mm]andates?|[Cc]alls?\s(?:up)?on|called\supon|"
    r"reminded)\s(?:that\s)?"
)
_REQUIRED = (
    r"\b(?:[Aa]greed|AGREED|[Rr]esolved|RESOLVED|requests|requested|asks|decided|proposed)\W{1,3}"
    r"(?:[Tt]hat|THAT)\s"
)
_FORMS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        # "The Clerk to write", "AB and CD to meet", "the Chairman is to plant"
        rf"{_BEGIN}(?P<owner>{_ANY}),?\s(?P<lead>{_TO})(?P<what>{TASK_VERB}.*)",
        # "Cllr Ash agreed to obtain", "Jo Sample offered to share"
        rf"{_BEGIN}(?P<owner>{_NAMED}|{GIVEN_NAME})"
        rf"\s(?P<lead>{_PROMISED}){ADVERB}(?P<what>{TASK_VERB}.*)",
        # "The Chairman will approach", "the Director would bring"
        rf"{_BEGIN}(?P<owner>{_NAMED}),?\s(?P<lead>(?:(?:will|shall)\s{ADVERB}(?={TASK_VERB})|"
        rf"would\s{ADVERB}(?={FIRM_VERB})|(?:will|would)\sbe\s(?={TASK_DOING})))(?P<what>.*)",
        # "Mr Elm was asked to look", "Clerk asked to send"
        rf"{_BEGIN}(?P<owner>{_NAMED})\s(?P<lead>{_ASKED})(?P<what>.*)",
        # "it was agreed to ask the Clerk to write", "The Chair asked Jo Sample to chase up"
        rf"{_ASKING}(?P<owner>{_NAMED})\s(?P<lead>{ADVERB}(?:to|would|should|could|will)"
        rf"\s{ADVERB})(?P<what>{TASK_VERB}.*)",
        # "That the Chair write to them", "agreed that Cllr Ash should attend"
        rf"(?:{_REQUIRED}|^\W{{0,3}}(?:\(?\w{{1,4}}[.)]\s)?(?:[Tt]hat|THAT)\s)(?P<owner>{_NAMED})\s"
        rf"(?P<lead>{ADVERB}(?:should\s|would\s|will\s|to\s)?{ADVERB})"
        rf"(?P<what>(?:{FIRM_VERB}|{TASK_DOES}).*)",
        # "the hedge is to be cut by councillors"
        rf"\b(?P<what>(?:to|will|should)\sbe\s(?:\w+ly\s)?\w{{1,14}}(?:ed|en|ut|nt|ne|de|ght|ld)"
        rf"\b[^.;,]{{0,90}}?)\sby\s(?P<owner>{_DOER})(?P<lead>)(?=[\s.,;)]|$)",
    )
)
_THEY = re.compile(
    r"(?:^\W{0,3}|[,;]\s|"
    r"\b(?:and|but|so|that|advised|said|stated|confirmed|noted|reported|added|explained|replied|"
    r"indicated|agreed)\s)(?P<who>[Hh]e|[Ss]he|[Tt]hey)\s"
    rf"(?P<lead>(?:will|would|shall)\s{ADVERB}|{_PROMISED}|(?:is|are)\sto\s{ADVERB})"
    rf"(?P<what>{FIRM_VERB}.*)"
)
_ALSO = re.compile(
    rf"\b(?:and|but)\s(?P<lead>{ADVERB}(?:(?:has\s)?(?:agreed|offered|volunteered|undertook|"
    r"promised)\sto|will)\s"
    rf"{ADVERB})(?P<what>{TASK_VERB}.*)"
)
_SUBJECT = re.compile(rf"\b(?P<owner>{joined(PERSON, ROLE, INITIAL_NAME, FULL_NAME, most=2)})")
_SEVERAL = re.compile(r"\sand\s|&|,|/")
_IF = re.compile(
    r"\b(?:if|whether|unless|until|till|when|once|what|how|why|who|where|which|because|since|"
    r"should|"
    r"hoped|hopes|understood|expected|believed|felt)"
    r"\s(?:that\s)?(?:[\w']+\s){0,2}$",
    re.IGNORECASE,
)
_BEFORE_NOW = re.compile(
    r"\b(?:last|previous)\s(?:meeting|month|year)\b|\bpreviously\b|\bhad\s(?:been\s)?(?:asked|"
    r"agreed|"
    r"requested|instructed)\b|\b(?:standing\sorders?|terms\sof\sreference)\s(?:state|require|say)",
    re.IGNORECASE,
)
# "Members are asked to note": courtesy of a report, no task.
_COURTESY = re.compile(
    r"^(?:note|consider|approve|agree|endorse|comment|receive|discuss|leave|stand|speak|introduce|"
    r"declare|vote|accept|support|adopt|confirm\sthe\sminutes|see|be|have)\b|^attend\sto\s"
)
_DONE = re.compile(
    r"\b(?:this|which)\s(?:has|had)\s(?:now\s)?been\s(?:done|completed)\b", re.IGNORECASE
)
_SMALL = re.compile(
    r"^(?:[Tt]he\s|[Oo]ur\s|[Ii]ts\s)?(?:council|board|committee|panel|services?|group|team|"
    r"trust)s?$",
    re.IGNORECASE,
)
# "to be paid as proposed by Mrs Elm": who moved it, not who is to do it.
_AS_MOVED = re.compile(
    r"\b(?:proposed|seconded|requested|suggested|reported|moved|agreed|received|considered|"
    r"funded|led)$"
)
_PASSED_ON = re.compile(
    r"^(?:ask|request|instruct|invite|tell|remind|get|contact|write\sto|e-?mail|liaise\swith)\s"
    r"(?:for\s|and\sask\s|again\s)?(?:the\s)?$"
)
_WILL = re.compile(r"(?:will|would|shall)\b")
# "Members would …" tells of views; who is to do it is named.
_PROMISE = re.compile(
    r"(?:has\s|have\s)?\w*\s?(?:agreed|offered|volunteered|undertook|undertaken)\b"
)
_DELEGATES = re.compile(r"\b(?:delegat\w+|authori[sz]\w+|authority)\b[^.;]*$", re.IGNORECASE)
_AND = re.compile(r"(?<![,;])\s(?:and|as|while)\s$")
_WHOLE = re.compile(rf"{PERSON}|(?:[Tt]he\s)|[Cc]lerk\b|[Cc]hair|{INITIALS}")
_MANY = re.compile(r"\b(?:[Mm]embers|[Cc]ouncillors|[Pp]artners|[Ss]ervices?|[Oo]fficers)$")
# A heading that runs into its paragraph; "agreed for councillors to".
_RUN_IN = re.compile(
    r"(?:[A-Z]{3,}\s){1,4}(?=The\s|Clerk|Cllr|Chair)|(?:for|of|and|&)\s|.*?\S\s(?=The\s)"
)
_ASKED_ONCE = re.compile(r"(?:was|were)\b")
_CLAUSE = 60  # characters before a name that tell when
_LONGEST = 1_200  # characters of a sentence that are read
_TRIM = re.compile(
    r"[\s.;,:(-]{0,5}(?:\s(?:and|but|so|also|that|\(?(?:[ivx]{1,4}|[a-h])[.)]?))?[\s.;,:(-]{0,5}$"
)


class Told(NamedTuple):
    """A task as told: the clause, what is to be done, and the bearer as written."""

    span: CharSpan
    what: CharSpan
    owner: CharSpan


def told_tasks(plain: str, people: Sequence[str] = ()) -> list[Told]:
    """Find the tasks that a paragraph of minutes gives to somebody.

    Parameters
    ----------
    plain : str
        In plain spelling (:func:`hwbtext.text.same_length`); spans point into it.
    people : sequence of str
        Names of those who took part: a single name is taken for a person only if it is one.

    Examples
    --------
    >>> text = "The bin is full. Clerk to write to Highways and Cllr Ash agreed to measure it."
    >>> [(text[slice(*one.owner)], text[slice(*one.what)]) for one in told_tasks(text)]
    [('Clerk', 'write to Highways'), ('Cllr Ash', 'measure it')]
    """
    roll = Roll.of(people)
    found: list[Told] = []
    for low, high in sentences(plain):
        sentence = plain[low : min(high, low + _LONGEST)]
        if sentence.endswith("?") or _DONE.search(sentence):
            continue
        pieces = sorted(_in_sentence(sentence, roll), key=lambda told: (told.span, told.what))
        kept: list[Told] = []
        for told in pieces:
            if kept and told.what.start < kept[-1].what.start + 1:
                continue
            if kept and _PASSED_ON.match(sentence[kept[-1].what.start : told.owner.start]):
                continue  # "the Clerk to ask the Warden to call": the task is the Clerk's
            kept.append(told)
        kept += _elided(sentence, kept, plain[max(0, low - 400) : low], roll)
        kept.sort(key=lambda told: told.what.start)
        for told, following in zip(kept, [*kept[1:], None], strict=False):
            end = following.span.start if following else len(sentence)
            end = (
                max(end, told.what.start + 1)
                if told.what.end > told.owner.start
                else told.owner.end
            )
            found.append(_moved(_cut(sentence, told, end), low))
    return found


def _in_sentence(sentence: str, roll: Roll) -> Iterator[Told]:
    for form in _FORMS:
        at = 0
        while match := form.search(sentence, at):
            at = match.start("what") if match.start("what") > match.start() else match.end("owner")
            at = max(at, match.start() + 1)
            if _fits(sentence, match, roll):
                start = min(match.start("owner"), match.start("what"))
                end = max(match.end("what"), match.end("owner"))
                shift = _RUN_IN.match(match["owner"])
                owner = CharSpan(
                    match.start("owner") + (shift.end() if shift else 0), match.end("owner")
                )
                yield Told(CharSpan(start, end), CharSpan(*match.span("what")), owner)


def _fits(sentence: str, match: re.Match[str], roll: Roll) -> bool:
    owner, lead, what = match["owner"], match["lead"], match["what"]
    if not is_bearer(owner) or _IF.search(sentence[: match.start("owner")]):
        return False
    before = sentence[max(0, match.start("owner") - _CLAUSE) : match.end("lead")]
    if _ASKED_ONCE.match(lead) and _BEFORE_NOW.search(before):
        return False
    if _COURTESY.match(what) or _AS_MOVED.search(what):
        return False
    promises = _WILL.match(lead) is not None
    said_of_all = _MANY.search(owner) is not None
    if said_of_all and (lead.startswith("would") or _PROMISE.match(lead)):
        return False  # what members would like is a view, what they agreed to a decision
    if _DELEGATES.search(sentence[: match.start("owner")]):
        return False
    # "with the health and housing teams to build": the second half of a longer name.
    halved = lead.startswith("to ") and _AND.search(sentence[: match.start("owner")])
    if halved and not _WHOLE.match(owner):
        return False
    if not names_role(owner):
        if not roll.knows(owner, initials_too=promises or not lead):
            return False
        if is_outside(owner):
            return False
    return not (promises and _SMALL.match(owner))


def _elided(sentence: str, kept: list[Told], before: str, roll: Roll) -> list[Told]:
    """Find tasks whose bearer is "he" or "she", or is left out after "and"."""
    found = []
    for form in (_THEY, _ALSO):
        for match in form.finditer(sentence):
            if any(told.span.start <= match.start("what") <= told.what.start for told in kept):
                continue
            if _COURTESY.match(match["what"]) or _IF.search(sentence[: match.start("lead")]):
                continue
            many = form is _THEY and match["who"].lower() == "they"
            start = match.start("who" if form is _THEY else "lead")
            owner = _last_subject(sentence[:start], roll, many=many)
            if owner is None:
                owner = _last_subject(before, roll, many=many)
                owner = owner and CharSpan(owner.start - len(before), owner.end - len(before))
            if owner is not None:
                span = CharSpan(start, match.end())
                found.append(Told(span, CharSpan(*match.span("what")), owner))
    return found


def _last_subject(text: str, roll: Roll, *, many: bool) -> CharSpan | None:
    spans = [
        CharSpan(*match.span("owner"))
        for match in _SUBJECT.finditer(text)
        if is_bearer(match["owner"])
        and (names_role(match["owner"]) or roll.knows(match["owner"]))
        and many == bool(_SEVERAL.search(match["owner"]) or _MANY.search(match["owner"]))
    ]
    return spans[-1] if spans else None


def _cut(sentence: str, told: Told, end: int) -> Told:
    end = min(end, told.span.end)
    if told.what.start < told.owner.start:
        return told  # passive: what stands before who
    tail = _TRIM.search(sentence, told.what.start, end)
    what_end = tail.start() if tail else end
    return Told(CharSpan(told.span.start, end), CharSpan(told.what.start, what_end), told.owner)


def _moved(told: Told, by: int) -> Told:
    return Told(*(CharSpan(span.start + by, span.end + by) for span in told))
