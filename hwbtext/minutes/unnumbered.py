"""Items of minutes that number none: headings, titles set off by a colon or alone on a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hwbtext.minutes.conventions import (
    HOLDS_LIST,
    Conventions,
    first_business,
    lead_title,
    read_conventions,
)
from hwbtext.minutes.kinds import is_usual, item_kind
from hwbtext.minutes.titles import find_title, tells
from hwbtext.text import n_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.minutes.lines import Line

_TITLE = re.compile(
    r"^(?P<title>(?:[A-Z]|\d{1,3}\s?m(?:ph)?\s)[\w'&/(),-]*(?:\s[\w'&/(),-]+){0,9})\s*:(?=\s|-|$)"
)
# Capitals, or a word such as "Apologies", before what was said of it.
_RUN_IN = re.compile(
    r"^(?P<title>[A-Z]{4,}(?:\s[A-Z]{2,}){0,4}|Apologies(?:\s+for\s+absence)?)\b"
    r"(?=\s*,|\s+(?:[a-z]|[A-Z][a-z]))"
)
_ALONE = re.compile(r"^(?:\d{1,3}m(?:ph)?\s)?[A-Z][\w'&/(),.-]*(?:\s[\w'&/(),-]+){0,8}\s?-?$")
_NO_ITEM = re.compile(
    r"^(?:members\b|those\b|present|also\b|in\s+attendance$|attend(?:ance|ees|ing)?$|officers?$|dated?$|time$|"
    r"venue$|location$|(?:members?\s+of\s+(?:the\s+)?)?public$|(?:vice.?)?chair(?:man|person|woman)?$|"
    r"(?:parish\s+|town\s+)?clerk$|signed|notes?$|actions?$|resolved|resolution|decisions?|agreed|"
    r"proposed(?:\s+(?:by|mr|mrs|ms|miss|dr|cllr|councillor)\b.*|:.*)?$|seconded|applicants?$|details$|ref\b|site$|address$|proposal$|reasons?\b|email|e-mail|tel|"
    r"minutes\s+of\b.*\b(?:council|board|committee|parish|pc|meeting\s+held)\b|draft|agenda|page\b|"
    r"meeting\s+(?:closed|ended|held)|held\b|to$|from$|cc$|distribution)",
    re.IGNORECASE,
)
# What heads a group of applications or payments inside an item.
_INSIDE = re.compile(
    r"^(?:applications?|approv\w+|refus\w+|grant\w*|permission|received|notices?|parish\s+consult\w+|"
    r"statements?|balances?|payee|support\w*|object\w*|no\s|none|mr|mrs|ms|miss|dr|cllrs?|councillors?|pcso?)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.:;?!)]\W*$")
# Whose letter a list goes on with.
_BODY = re.compile(r"(?:borough|county|district)\s+council\b(?!.*\breports?\W*$)", re.I)
_FEWEST, _KNOWN = 3, 2
_FEWEST_USUAL = 4  # titles of usual business that make a paper minutes, below those present
_USUAL = 0.2  # of the titles: a long report has headings of its own
_SMALL = 3  # letters: "and", "for", "the"
_MOST_GLUED = 6  # words
_FEWEST_SAID = 4
_SAID = 10  # words: a longer paragraph is what was said


class Heading(NamedTuple):
    """A line that heads an item without a number."""

    start: int
    title: str


def find_unnumbered(lines: Sequence[Line]) -> tuple[Heading, ...]:
    r"""Find the items of minutes whose items have titles and no numbers.

    Parameters
    ----------
    lines : sequence of Line

    Returns
    -------
    tuple of Heading
        Empty unless two kinds of title are those of every meeting (apologies, minutes,
        matters arising and the like): other papers have headings too. Where titles are not
        printed as headings, lines that stand alone above a paragraph are titles too, and what
        else this paper sets its titles off by (:mod:`hwbtext.minutes.conventions`).

    Examples
    --------
    >>> from hwbtext.parse import parse_bytes
    >>> from hwbtext.minutes.lines import read_lines
    >>> text = "Apologies: None\n\nMatters Arising: None\n\nPlanning: None"
    >>> [head.title for head in find_unnumbered(read_lines(parse_bytes(text.encode(), "a.txt")))]
    ['Apologies', 'Matters Arising', 'Planning']
    """
    first = first_business(lines)
    below = lines[first:]
    conventions = read_conventions(below)
    headed = [
        Heading(line.start, line.text.strip(" :."))
        for line in below
        if line.is_heading and 0 < len(line.text.split()) <= 14
    ]
    for found in (headed, list(_set_off(below, conventions))):
        at = next((i for i, head in enumerate(found) if _is_known(head.title)), None)
        if at is None:
            continue
        items = [head for head in found[at:] if not _NO_ITEM.match(head.title)]
        known = len({item_kind(head.title) for head in items if _is_known(head.title)})
        usual = sum(is_usual(head.title) for head in items)
        is_meeting = known >= _KNOWN or (first > 0 and usual >= _FEWEST_USUAL)
        if len(items) >= _FEWEST and is_meeting and usual >= _USUAL * len(items):
            return tuple(items)
    return ()


def set_off_title(text: str) -> str | None:
    """Return the title that a paragraph opens with, set off by a colon or alone on its line.

    Examples
    --------
    >>> set_off_title("Planning: None"), set_off_title("Any Other Business")
    ('Planning', 'Any Other Business')
    >>> set_off_title("The gate was mended.") is None
    True
    """
    match = _TITLE.match(text[:120]) or _RUN_IN.match(text[:120])
    before_dash = re.split(r"\s+-+\s", text[:120], maxsplit=1)[0]
    if match:
        title = match["title"].strip()
    elif before_dash != text[:120] and is_usual(before_dash):
        title = before_dash
    elif _ALONE.match(text) and not _INSIDE.match(text):
        title = text.strip(" -")
    else:
        return None
    return None if _NO_ITEM.match(title) else title


def _set_off(lines: Sequence[Line], conventions: Conventions) -> Iterator[Heading]:
    """Yield the titles that no print shows to be headings."""
    before: Line | None = None
    last = ""  # the title above
    for at, line in enumerate(lines):
        if line.kind != "paragraph":
            before = line
            continue
        following = lines[at + 1] if at + 1 < len(lines) else None
        marked = _TITLE.match(line.text[:120])
        title = marked["title"].strip() if marked else None
        if title is not None and _INSIDE.match(title) and not is_usual(title):
            title = None
        if title is None and _stands_alone(line, before, following, conventions):
            title = None if _is_listed(line, before, last) else line.text.strip(" -")
        if title is None and conventions.leads:
            title = lead_title(line.text)
        if title is None and (run := _RUN_IN.match(line.text[:120])):
            # Below its own heading it is the sentence: "Apologies were received from …".
            known = _is_known(run["title"]) and item_kind(run["title"]) != item_kind(last)
            goes_on = line.text[run.end() :].lstrip(" ,")[:1]
            title = (
                run["title"] if known and (goes_on.isupper() or run["title"].isupper()) else None
            )
        if title is None:
            glued = _glued_title(line.text)
            listed = HOLDS_LIST.search(last) and _BODY.match(line.text)
            title = glued if glued and not listed and not _is_alike(glued, last) else None
        if title is not None:
            last = title
            yield Heading(line.start, title)
        before = line


def _is_listed(line: Line, before: Line | None, above: str) -> bool:
    """Return whether a line goes on with a list of letters, applications or payments."""
    if not HOLDS_LIST.search(above):
        return False
    wraps = before is not None and not _ENDS.search(before.text) and not is_usual(line.text)
    return wraps or _BODY.match(line.text) is not None


def _glued_title(text: str) -> str | None:
    """Return the usual title that a paragraph opens with: "Correspondence. A letter was read"."""
    found = find_title(text, printed=False)
    title = text[slice(*found)] if found else ""
    goes_on = bool(found) and n_words(text[len(title) :]) >= _FEWEST_SAID
    if not goes_on or n_words(title) > _MOST_GLUED or not title[0].isupper():
        return None
    return title if is_usual(title) and not tells(title) and not _NO_ITEM.match(title) else None


def _is_alike(title: str, above: str) -> bool:
    """Return whether two titles name the same business: the second is a sentence below it."""
    kind = item_kind(title)
    if kind != "business":
        return kind == item_kind(above)
    return title.split()[0].lower() == (above.split() or [""])[0].lower()


def _stands_alone(
    line: Line, before: Line | None, following: Line | None, conventions: Conventions
) -> bool:
    """Return whether a short line is a title: alone between what was said, or a usual one."""
    if not _ALONE.match(line.text) or "£" in line.text or _INSIDE.match(line.text):
        return False
    if is_usual(line.text.strip(" -")):
        return True
    if conventions.capitals:  # then what is in small letters is no title
        return line.text.isupper()
    if before is None or following is None or following.kind == "table_cell":
        return False
    # "The Cemetery and Garden", not "Light on the green not working".
    if any(len(word) > _SMALL and word.islower() for word in line.text.split()):
        return False
    return n_words(before.text) > _SAID and n_words(following.text) > _SAID


def _is_known(title: str) -> bool:
    return item_kind(title) not in ("business", "attendance")
