"""Words of a list of people, sorted; and where a name that begins at one of them ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hwbtext.minutes.vocabulary import HONOURS, ORGANISATION, PARTICLES, POSTS, TITLES

if TYPE_CHECKING:
    from collections.abc import Sequence

# The stop of an initial may be all that parts it from the surname: "T.Ash".
_TOKEN = re.compile(r"[^\W_][\w'\u2019-]*(?:\.(?:[A-Z](?![a-z])\.?)*)?|[^\w\s]|\n|\t")
_NAME_WORD = re.compile(r"[A-ZÀ-Þ][\w'\u2019]*(?:-[\w'\u2019]+)*")
_POST_NOUN = re.compile(
    r"Chair(?:man|person)?|Director|Executive|Officer|Manager|Secretary|Treasurer|Nurse"
)
_PARTED = re.compile(r"[A-ZÀ-Þ][a-zà-þ]{1,20}-\s")
_INITIAL = re.compile(r"(?:[A-Z]\.?){1,4}")
_ACRONYM = re.compile(r"[A-Z]{2,6}(?:[a-z][A-Z]?)?")
_INSTEAD_OF = re.compile(
    r"\b(?:for|of|by|behalf|representing|deputising|substituting)\W*$", re.IGNORECASE
)

_BODIES = frozenset("borough city council county district parish town".split())

Kind = Literal["title", "initial", "name", "post", "honour", "acronym", "particle", "small", "mark"]


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark, and what it can be in a name."""

    text: str
    start: int
    end: int
    kind: Kind


def name_length(tokens: Sequence[Token]) -> int:
    """Return how many words could be a name, where all are; else 0.

    Examples
    --------
    >>> name_length(read_tokens("Cher")), name_length(read_tokens("Chief Officer"))
    (1, 0)
    """
    kinds = {token.kind for token in tokens}
    return len(tokens) if tokens and kinds <= {"name", "initial", "title", "acronym"} else 0


def read_tokens(text: str) -> list[Token]:
    """Return the words and marks of a text.

    Examples
    --------
    >>> [token.kind for token in read_tokens("Mr A Ash, Clerk")]
    ['title', 'initial', 'name', 'mark', 'post']
    """
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = _kind(match.group())
        last = tokens[-1] if tokens else None
        if kind == "name" and last and _PARTED.fullmatch(text, last.start, match.start()):
            # A double name that the end of a printed line parted: "Ash- Birch".
            tokens[-1] = Token(text[last.start : match.end()], last.start, match.end(), "name")
        else:
            tokens.append(Token(match.group(), match.start(), match.end(), kind))
    return tokens


def _kind(word: str) -> Kind:
    plain = word.strip(".").lower()
    if not word[0].isalnum():
        return "mark"
    if word[0].isdigit():
        return "small"
    if plain in TITLES and word[0].isupper() and word != "MS":  # initials
        return "title"
    if plain in HONOURS and word.isupper():
        return "honour"
    if _INITIAL.fullmatch(word) and (len(word.replace(".", "")) == 1 or "." in word):
        return "initial"
    if plain in PARTICLES:
        return "particle"
    parts = re.split(r"[-'\u2019]", plain)
    if plain in POSTS or (parts[0] in POSTS and len(parts[0]) > 3):
        return "post"
    if _ACRONYM.fullmatch(word):
        return "acronym"
    if _NAME_WORD.fullmatch(word.strip(".")) and len(word) > 1:
        return "name"
    return "small"


def name_end(tokens: Sequence[Token], at: int, *, plural: bool, after_name: bool) -> int | None:
    """Return where the name ends that begins at a token; None where none does.

    With a title a surname is enough; without, initials or a first name must come before it.
    """
    start = at
    before = tokens[at - 1] if at else None
    listed = before is None or before.text in (",", ";", "\n", "&") or before.text.lower() == "and"
    if before and before.kind in ("name", "initial", "particle") and not after_name:
        return None
    while at < len(tokens) and tokens[at].kind == "title":
        at += 1
    titled = at > start
    if titled and before and start > 2 and _INSTEAD_OF.search(before.text):
        return None  # "substitute for Mr Ash"
    initials = at
    while at < len(tokens) and (
        tokens[at].kind == "initial" or (titled and at == initials and _two_initials(tokens, at))
    ):
        at += 1
    has_initials = at > initials
    run: list[int] = []  # one past each name word, particles glued to the next one
    glued = at
    while glued < len(tokens) and len(run) < 6:
        if tokens[glued].kind == "particle" and glued + 1 < len(tokens):
            glued += 1
            continue
        middle = tokens[glued].kind == "initial" and len(run) == 1 and not has_initials
        if (
            tokens[glued].kind != "name"
            and not middle
            and not _surname_in_capitals(
                tokens,
                glued,
                titled=titled or has_initials or (plural and listed and _all_in_capitals(tokens)),
                n_before=len(run),
            )
        ):
            break
        if not middle:
            run.append(glued + 1)
        glued += 1
        if tokens[glued - 1].text.endswith("."):
            break
    if not run:
        return None
    follows = tokens[run[-1]] if run[-1] < len(tokens) else None
    if has_initials:
        glued_post = follows is not None and follows.kind in ("initial", "post")
        n_words = 1 if len(run) != 2 or glued_post else 2
    elif len(run) == 1:
        if not titled and not (plural and listed):
            return None
        n_words = 1
    elif plural and not titled:
        n_words = min(len(run), 2)
    else:
        n_words = 3 if len(run) in (3, 5) else 2
        if n_words == 3 and ORGANISATION.search(tokens[run[2] - 1].text):
            n_words = 2  # "Ann Ash Healthwatch"
    if follows is not None and follows.text.lower() in _BODIES and n_words > 1 + (not titled):
        n_words -= 1  # "Ann Ash Elmshire County Council": the last word names the council
    end = run[n_words - 1]
    if not titled and not has_initials and not plural and not _stands_alone(tokens, start, end):
        return None
    while end < len(tokens) and (
        tokens[end].kind == "honour"
        or (tokens[end].text == "," and end + 1 < len(tokens) and tokens[end + 1].kind == "honour")
    ):
        end += 1
    return end


def _surname_in_capitals(tokens: Sequence[Token], at: int, *, titled: bool, n_before: int) -> bool:
    """Return whether a word is a surname though it looks otherwise: "Cllr ASH", "Mrs West"."""
    token = tokens[at]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.kind == "acronym":
        return (len(token.text) > 3 and n_before == 1) or (
            len(token.text) > 2 and titled and not n_before
        )
    if n_before and tokens[at - 2].kind == "initial":
        return False  # "D Ash Apologies": the next word of the list
    bounded = after is None or after.kind in ("mark", "honour") or after.text == "and"
    return token.kind == "post" and titled and n_before <= 1 and bounded and token.text[0].isupper()


def _all_in_capitals(tokens: Sequence[Token]) -> bool:
    """Return whether a list of surnames is set in capitals: where one is alone, it is a body."""
    return sum(token.kind == "acronym" and len(token.text) > 2 for token in tokens) > 1


def _two_initials(tokens: Sequence[Token], at: int) -> bool:
    """Return whether capitals after a title are initials written together: "Mr RW Ash"."""
    word = tokens[at].text
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return bool(
        re.fullmatch(r"[A-Z]{2,3}", word) and following and following.kind in ("name", "particle")
    )


def _is_listed(tokens: Sequence[Token], end: int) -> bool:
    """Return whether a post, or initials in brackets, follows a name."""
    if end < len(tokens) and tokens[end].kind == "post" and tokens[end].text[0].isupper():
        return True
    initials = tokens[end + 1] if end + 2 < len(tokens) and tokens[end].text == "(" else None
    return initials is not None and re.fullmatch(r"[A-Z]{2,4}", initials.text) is not None


def _stands_alone(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Return whether a run of capitals stands where a person is named, not inside a sentence."""
    before = tokens[start - 1] if start else None
    after = tokens[end] if end < len(tokens) else None
    opens = (
        before is None
        or before.kind == "mark"
        or before.text.lower() in ("and", "plus", "from", "by", "also", "clerk", "for")
        or before.kind in ("honour", "name")
    )
    if before is not None and before.kind == "post" and before.text.istitle():
        # A list that lost its lines: "Ann Ash Trust Chair Bob Birch Chief Executive".
        opens = _POST_NOUN.fullmatch(before.text) is not None and _is_listed(tokens, end)
    if before is not None and before.kind == "acronym" and end + 1 < len(tokens):
        # The body of the one before: "Cllr Ash, ECC Ann Birch, Warden".
        opens = tokens[end].text == "," and tokens[end + 1].kind == "post"
    if before is not None and before.kind == "acronym" and start > 2:
        # "Ann Ash AA Bob Birch BB": the initials of the one before.
        opens = opens or before.text == "".join(t.text[0] for t in tokens[start - 3 : start - 1])
    if not opens or (before and before.text == "-"):
        return False
    if before and before.text.lower() == "and":
        for token in reversed(tokens[max(0, start - 5) : start - 1]):
            if token.kind == "mark":
                break
            if token.text == "of":  # "Borough Council of Elm and North Ash"
                return False
    goes_on = (
        after is not None
        and after.kind == "small"
        and not re.match(
            r"(?:and|as|from|for|on|to|until|via|who|left|in|arrived|joined|together|representing|\d)",
            after.text,
        )
    )
    return not goes_on
