"""Lists of people as minutes print them: names, and the role and organisation of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hwbtext.minutes.tokens import Token, name_end, name_length, read_tokens
from hwbtext.minutes.vocabulary import ORGANISATION, PLURAL_TITLES, ROLE, VIRTUAL
from hwbtext.records import CharSpan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SUBSTITUTE = re.compile(
    r"\b(?:substitut\w*|attended|deputis\w+|represent\w+|in\s+(?:his|her|their)\s+(?:absence|place|stead)|"
    r"for\s+(?:him|her|them))\b",
    re.IGNORECASE,
)
# Between one who sent apologies and who came instead: "Mr Ash, substituted by Ms Elm".
_STOOD_IN = re.compile(
    r"[\s,-]*(?:who\s+(?:was|were|is|had\s+been)\s+)?(?:substituted|represented|replaced|deputised)"
    r"\s+(?:for\s+)?by\s+",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\(([^()]{0,160})\)|\[([^\[\]]{0,160})\]")
_INITIALS_ONLY = re.compile(r"^(?:[A-Z]{2,4}|[A-Z][A-Za-z]{0,2}[A-Z])$")
_COMPANY = re.compile(
    r"(?:^|[\s,])(?:and|plus|together\s+with|also)?\s*(?:\w+\s){0,2}(?:members?\s+of\s+(?:the\s+)?(?:public|press)|"
    r"guests|parishioners|residents)\b.{0,80}$",
    re.IGNORECASE,
)
# "The Mayor (Councillor A Ash)": the post first, and who holds it.
_POST_OF = re.compile(
    r"^\W{0,3}(?:[Tt]he\s+)?(?P<post>[A-Z][\w-]{2,20}(?:\s[\w-]{2,20}){0,4})\s*"
    r"[(\[](?P<who>(?:Mr|Mrs|Ms|Miss|Dr|Cllr|Councillor|Alderman)\b[^()\[\]]{2,80})[)\]]\W*$"
)
# The same at the head of a list: "The Mayor (Councillor A Ash), Councillors Birch and Cole".
_POST_FIRST = re.compile(
    r"^\W{0,3}(?:[Tt]he\s+)?(?P<post>(?:Deputy\s|Vice.)?(?:Chair(?:man|person|woman)?|Mayor|President|"
    r"Leader))\s*[(\[](?P<who>(?:Mr|Mrs|Ms|Miss|Dr|Cllr|Councillor|Alderman)\b[^()\[\]]{2,80})[)\]]"
    r"\s*[,;]\s*(?:and\s+)?"
)
_GROUP = re.compile(r"\W*(?:Councillors|Cllrs|Members)\s*(?::-?|-)")
_JOINT = re.compile(r"\s*(?:[,;&\n]\s*(?:and\b)?|\band\b)\s*")
_MEN, _WIVES = ("Mr", "Dr", "Rev", "Cllr"), ("mrs", "ms", "dr")
_MOST_SURNAMES = 2_000  # characters
_FEWEST_SURNAMES = 3
_MOST = 20_000  # characters of one list that are read


@dataclass(frozen=True, slots=True)
class Person:
    """A person in a list; ``span`` is that of the name, from the start of the text read."""

    span: CharSpan
    name: str
    role: str | None = None
    organisation: str | None = None
    virtual: bool | None = None
    substitute: bool = False


@dataclass(slots=True)
class _Entry:
    """A name, and the pieces of text that are said of its bearer."""

    span: CharSpan
    notes: list[CharSpan] = field(default_factory=list)
    substitute: bool = False
    name: str | None = None  # where it is not printed in one piece


def find_people(text: str, *, names_only: bool = False) -> tuple[Person, ...]:
    """Read a list of people: "Mr A Ash (Chairman), Mrs B Birch and Dr C Cole, Healthwatch".

    Parameters
    ----------
    text : str
        A list in plain spelling, of one line or of many.
    names_only : bool
        Whether it is known to hold names and nothing else (a cell below "Name"): then initials
        alone and single words count.

    Returns
    -------
    tuple of Person
        In reading order; empty where there is no name. What follows a name up to the next one
        is role or organisation. Substitutes named in brackets follow the person they stood
        in for.

    Examples
    --------
    >>> people = find_people("Mr A Ash (Chairman), Mrs B Birch and Dr C Cole, Healthwatch Elm")
    >>> [(p.name, p.role, p.organisation) for p in people]
    [('Mr A Ash', 'Chairman', None), ('Mrs B Birch', None, None),
     ('Dr C Cole', None, 'Healthwatch Elm')]
    """
    text = text[:_MOST]
    if held := _POST_FIRST.match(text):
        first = [_moved(one, held.start("who"), held["post"]) for one in find_people(held["who"])]
        rest = [_moved(one, held.end()) for one in find_people(text[held.end() :])]
        return (*first[:1], *rest)
    tokens = read_tokens(text)
    entries: list[_Entry] = []
    at = 0
    depth = 0
    plural = False
    note_from = 0
    last = 0  # where the name before this ended
    while at < len(tokens):
        token = tokens[at]
        if token.text in "([":
            depth += 1
        elif token.text in ")]" and depth:
            depth -= 1
        stop = None if depth else name_end(tokens, at, plural=plural, after_name=at == last)
        if stop is None:
            if token.text == "\n":
                plural = False
            at += 1
            continue
        stood_in = bool(entries) and _STOOD_IN.fullmatch(text, note_from, token.start) is not None
        if entries and not stood_in:
            entries[-1].notes.append(CharSpan(note_from, _before_post(tokens, at, note_from)))
        begin = at
        while tokens[begin].text.strip(".").lower() in PLURAL_TITLES and begin + 1 < stop:
            plural = True
            begin += 1
        span = CharSpan(tokens[begin].start, tokens[stop - 1].end)
        if _is_couple(tokens, begin):
            surname = text[tokens[begin].end : span.end].lstrip(". ")
            husband = f"{tokens[begin - 2].text} {surname}"
            entries.append(_Entry(CharSpan(tokens[begin - 2].start, span.end), name=husband))
        entry = _Entry(_unstopped(text, span), substitute=stood_in)
        post = _before_post(tokens, at, note_from if entries else 0)
        if post < tokens[at].start:
            entry.notes.append(CharSpan(post, tokens[at].start))
        entries.append(entry)
        note_from = tokens[stop - 1].end
        at = last = stop
    if entries:
        entries[-1].notes.append(CharSpan(note_from, len(text)))
    if not entries and names_only and text.strip() and name_length(tokens):
        start = len(text) - len(text.lstrip())
        return (Person(CharSpan(start, len(text.rstrip())), text.strip()),)
    if not entries and (held := _POST_OF.match(text)):
        inner = find_people(held["who"])[:1]
        return tuple(_moved(person, held.start("who"), held["post"]) for person in inner)
    return tuple(person for entry in entries for person in _persons(text, entry))


def printed_name(person: Person, printed: str) -> str:
    """Return a name as the paper has it; of one of a couple, the title and the surname.

    Examples
    --------
    >>> husband, wife = find_people("Mr & Mrs Ash")
    >>> printed_name(husband, "Mr & Mrs Ash"), printed_name(wife, "Mrs Ash")
    ('Mr Ash', 'Mrs Ash')
    """
    return printed if len(printed) == len(person.name) else person.name


def find_surnames(text: str) -> tuple[Person, ...]:
    """Read a list of surnames: "Cllr Ash, Birch and Cole". Empty where anything else is in it.

    Examples
    --------
    >>> [person.name for person in find_surnames("Cllr Ash, Birch (ill) and Cole.")]
    ['Cllr Ash', 'Birch', 'Cole']
    >>> find_surnames("Cole, Elm Parish Council, Birch")
    ()
    """
    if len(text) > _MOST_SURNAMES:
        return ()
    people: list[Person] = []
    # Brackets tell why, and are left out in place.
    plain = _BRACKETS.sub(lambda match: " " * len(match.group()), text)
    plain = plain.rstrip(" .,;")
    if group := _GROUP.match(plain):
        plain = " " * group.end() + plain[group.end() :]
    starts = [0, *(joint.end() for joint in _JOINT.finditer(plain))]
    ends = [*(joint.start() for joint in _JOINT.finditer(plain)), len(plain)]
    for start, end in zip(starts, ends, strict=True):
        tokens = read_tokens(plain[start:end])
        kinds = [token.kind for token in tokens]
        if kinds.count("name") != 1 or not set(kinds) <= {"name", "initial", "title", "honour"}:
            return ()
        span = CharSpan(start + tokens[0].start, start + tokens[-1].end)
        people.append(Person(span, text[span.start : span.end]))
    return tuple(people) if len(people) >= _FEWEST_SURNAMES else ()


def _is_couple(tokens: Sequence[Token], at: int) -> bool:
    """Return whether a name is the second of "Mr & Mrs Ash"."""
    if at < 2 or tokens[at].text.strip(".").lower() not in _WIVES:
        return False
    joined = tokens[at - 1].text == "&" or tokens[at - 1].text.lower() == "and"
    return joined and tokens[at - 2].kind == "title" and tokens[at - 2].text.strip(".") in _MEN


def _moved(person: Person, by: int, post: str | None = None) -> Person:
    span = CharSpan(person.span.start + by, person.span.end + by)
    return replace(person, span=span, role=person.role or post)


def _before_post(tokens: Sequence[Token], at: int, low: int) -> int:
    """Return where a post begins that stands right before a name: "Clerk Mrs A Ash"."""
    first = at
    while first and tokens[first - 1].kind == "post" and tokens[first - 1].start >= low:
        first -= 1
    words = [token.text.lower() for token in tokens[first:at]]
    before = tokens[first - 1] if first else None
    bare = before is None or before.kind != "small" or before.text.lower() == "and"
    if words and bare and words[-1] in ("clerk", "secretary", "treasurer", "chairman", "chair"):
        return tokens[first].start
    return tokens[at].start


def _unstopped(text: str, span: CharSpan) -> CharSpan:
    end = span.end
    while end > span.start and text[end - 1] in ".,:;":
        end -= 1
    return CharSpan(span.start, end)


def _persons(text: str, entry: _Entry) -> Iterator[Person]:
    """Yield a person, with what is said of him or her sorted, and a substitute named beside."""
    roles: list[str] = []
    organisations: list[str] = []
    virtual: bool | None = None
    others: list[Person] = []
    for low, high in entry.notes:
        note = text[low:high]
        for match in _BRACKETS.finditer(note):
            inner = match[1] or match[2] or ""
            if _SUBSTITUTE.search(inner) and not re.match(
                r"\s*(?:as\s+)?(?:substitut|deputis)", inner, re.I
            ):
                offset = low + match.start() + 1
                for person in find_people(inner)[:1]:
                    note = note.replace(match.group(), " " * len(match.group()))
                    span = CharSpan(person.span.start + offset, person.span.end + offset)
                    role = (
                        person.role if person.role and not _SUBSTITUTE.search(person.role) else None
                    )
                    others.append(
                        Person(span, person.name, role or "substitute", None, None, substitute=True)
                    )
        inside = [a or b for a, b in _BRACKETS.findall(note)]
        for at, part in enumerate([_BRACKETS.sub(" ; ", note), *inside]):
            if VIRTUAL.search(part):
                virtual = True
                part = re.sub(
                    r"\b(?:via|by|link|ms|joined|attended)\b", "", VIRTUAL.sub("", part), flags=re.I
                )
            for bit in _bits(part, in_brackets=at > 0):
                if others and _SUBSTITUTE.search(bit):
                    continue
                is_body = (ORGANISATION.search(bit) or bit.isupper()) and not ROLE.search(bit)
                (organisations if is_body else roles).append(bit)
    yield Person(
        entry.span,
        entry.name or text[entry.span.start : entry.span.end],
        ", ".join(dict.fromkeys(roles)) or ("substitute" if entry.substitute else None),
        ", ".join(dict.fromkeys(organisations)) or None,
        virtual,
        substitute=entry.substitute,
    )
    yield from others


def _bits(part: str, *, in_brackets: bool) -> Iterator[str]:
    """Yield the pieces of what is said of a person, without initials and joining words."""
    for bit in re.split(r"\s-+\s|^\s*-\s*|[\t\n;|•●▪:]|,(?!\s*(?:and|&)\b)", part):
        bit = " ".join(bit.split()).strip(" ,.;:-()[]")
        bit = re.sub(r"^(?!NHS|ICB|CCG|GP)(?:[A-Z]{2,3}|[A-Z]{2}[a-z])\s+(?=[A-Z][a-z])", "", bit)
        bit = _COMPANY.sub("", bit)
        bit = re.sub(r"^(?:and|&|as|the)\s+|\s+(?:and|&)$", "", bit, flags=re.IGNORECASE)
        bit = bit.strip(" ,")
        if len(bit) < 2 or bit.lower() in ("and", "the", "as", "plus") or bit.isdigit():
            continue
        acronym = _INITIALS_ONLY.match(bit) and not ORGANISATION.search(bit)
        if acronym and bit not in ("GP", "CEO") and (in_brackets or len(bit) < 3):
            continue
        yield bit
