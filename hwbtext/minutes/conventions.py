"""How a paper sets off its titles: the titles of usual business show what marks the others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hwbtext.minutes.kinds import is_usual, item_kind
from hwbtext.minutes.labels import read_label
from hwbtext.minutes.titles import find_title, has_verb, tells
from hwbtext.text import n_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.minutes.candidates import Candidate
    from hwbtext.minutes.lines import Line

# "Play area. The roundabout was repaired": the title of a paragraph, ended by a stop.
_LEAD = re.compile(
    r"^(?P<title>[A-Z][\w'&/(),-]*(?:\s[\w'&/(),-]+){0,7})(?<!\b[A-Z])(?<!\bMr)(?<!\bMrs)"
    r"(?<!\bMs)(?<!\bDr)(?<!\bCllr)(?<!\bNo)(?<!\bSt)\.\s+(?=[A-Z\"'])"
)
_COLON = re.compile(r"^(?P<title>[A-Z][\w'&/(),-]*(?:\s[\w'&/(),-]+){0,7})\s*:(?=\s|-|$|[A-Z])")
# What a colon sets off inside an item.
_IN_LIST = re.compile(
    r"^(?:applica|ref\b|location|details?\b|proposal|site\b|notices?\b|decisions?\b|actions?\b|resolved|"
    r"resolution|agreed|proposed|seconded|present\b|in\s+attendance|also\b|those\b|members?\b|public\b|"
    r"balances?\b|income|expenditure|total|payee|payments?\b|cheques?\b|receipts?\b|notes?\b|votes?\b|"
    r"chair(?:man|person|woman)?\s*:|clerk\s*:|signed|date[ds]?\b|next\s+meeting|tel\w*\s*:|e-?mail\s*:|www|http|"
    r"grants?\b|refus|approv|support|object|permi)",
    re.IGNORECASE,
)
_NOT_ALONE = re.compile(r"^(?:Mr|Mrs|Ms|Miss|Dr|Cllrs?|Councillors?|PCSO|None|No|Yes|Agreed|All)\b")
HOLDS_LIST = re.compile(
    r"\b(?:correspond|letters?|planning|applic|financ|pay|account|cheque)", re.IGNORECASE
)
"""Titles of items that are lists: of what was received, applied for, or paid."""

_SMALL = 3  # letters: "and", "for", "the"
_FEWEST_LEADS = 5
_FEWEST_USUAL = 3
_FEWEST_SAID = 5  # words: fewer are the value of a field
_MOSTLY = 0.5
_NEARLY_ALL = 0.8
_PARAGRAPH = 12  # words: shorter ones do not show how paragraphs open
_OF_PEOPLE = ("attendance", "business")  # what an item would be by a line that names people
_TOP = 15  # lines among which those present are named


class Conventions(NamedTuple):
    """What marks a title in one paper, besides the marks that all papers share."""

    capitals: bool  # alone on a line, all in capitals
    leads: bool  # at the head of its paragraph, ended by a stop


def read_conventions(lines: Sequence[Line]) -> Conventions:
    """Return what marks the titles of a paper.

    Parameters
    ----------
    lines : sequence of Line

    Returns
    -------
    Conventions
        ``capitals`` where three titles of usual business stand alone in capitals and fewer in
        small letters; ``leads`` where half of the paragraphs open with a title and a stop.

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> texts = ["APOLOGIES", "None.", "PLANNING", "None.", "CORRESPONDENCE", "None."]
    >>> read_conventions([Line(n, n, n, t, "paragraph") for n, t in enumerate(texts)])
    Conventions(capitals=True, leads=False)
    """
    plain = [line.text for line in lines if line.kind == "paragraph"]
    alone = [text for text in plain if is_usual(text.strip(" :-"))]
    n_capitals = sum(text.isupper() for text in alone)
    long = [text for text in plain if n_words(text) >= _PARAGRAPH]
    titles = [title for text in long if (title := lead_title(text))]
    n_usual = sum(map(is_usual, titles))
    return Conventions(
        n_capitals >= _FEWEST_USUAL and n_capitals > len(alone) - n_capitals,
        len(titles) >= max(_FEWEST_LEADS, _MOSTLY * len(long)) and n_usual >= _FEWEST_USUAL,
    )


def lead_title(text: str) -> str | None:
    """Return the title that a paragraph opens with: before a stop, or glued to what was said.

    Examples
    --------
    >>> lead_title("Play area. The roundabout was repaired."), lead_title("It rained. We left.")
    ('Play area', None)
    """
    match = _LEAD.match(text[:160])
    if match and not _is_said(match["title"]) and len(match["title"]) > _SMALL:
        return match["title"]
    found = find_title(text, printed=False)
    title = text[slice(*found)] if found else ""
    said = text[found[1] :] if found else ""
    goes_on = not said.lstrip().startswith((":", "-")) and n_words(said) >= _FEWEST_LEADS
    return title if goes_on and is_capitalised(title) and not _is_said(title) else None


def _is_said(title: str) -> bool:
    return tells(title) or has_verb(title) or _NOT_ALONE.match(title) is not None


def is_capitalised(title: str) -> bool:
    """Return whether all words of a title but the small ones open with a capital.

    Examples
    --------
    >>> is_capitalised("Code of Conduct"), is_capitalised("Light on the green")
    (True, False)
    """
    words = [word for word in title.split() if len(word) > _SMALL and word[0].isalpha()]
    return title[:1].isupper() and not any(word[0].islower() for word in words)


def ends_in_colons(lines: Sequence[Line], found: Sequence[Candidate]) -> bool:
    """Return whether most of the numbered titles of a paper end in a colon.

    Examples
    --------
    >>> from hwbtext.minutes.candidates import Candidate
    >>> from hwbtext.minutes.lines import Line
    >>> lines = [Line(0, 0, 9, "1. Roads:", "paragraph"), Line(1, 9, 18, "2. Parks:", "paragraph")]
    >>> lines += [Line(2, 18, 29, "3. Bridges:", "paragraph")]
    >>> ends_in_colons(lines, [Candidate(9 * n, "", "Parks", "", (), False) for n in range(3)])
    False
    """
    texts = {line.start: line.text for line in lines}
    top = [c for c in found if c.number and len(c.key) == 1 and c.start in texts]
    n_colons = sum(re.search(rf"{re.escape(c.title)}\s*:", texts[c.start]) is not None for c in top)
    return n_colons >= max(_FEWEST_USUAL, _MOSTLY * len(top))


def in_capitals(found: Sequence[Candidate]) -> bool:
    """Return whether the numbered titles of a paper are set in capitals.

    Examples
    --------
    >>> from hwbtext.minutes.candidates import Candidate
    >>> in_capitals([Candidate(n, str(n), "ROADS", "9", (n,), False) for n in (1, 2, 3)])
    True
    """
    top = [candidate for candidate in found if candidate.number and len(candidate.key) == 1]
    n_capitals = sum(candidate.title.isupper() for candidate in top)
    return n_capitals >= max(_FEWEST_USUAL, _NEARLY_ALL * len(top))


def colon_title(text: str, following: str) -> str | None:
    """Return the title that a colon sets off, over or before what was said.

    Examples
    --------
    >>> colon_title("Code of Conduct: A new code was sent to all.", "")
    'Code of Conduct'
    >>> colon_title("Cheques:", "£40") is None
    True
    """
    match = _COLON.match(text[:120])
    if match is None or _NOT_ALONE.match(text) or _IN_LIST.match(text):
        return None
    said = text[match.end() :].strip() or following
    title = match["title"].strip()
    sure = is_capitalised(title) and not has_verb(title) and not tells(title)
    return title if sure and n_words(said) >= _FEWEST_SAID else None


def first_business(lines: Sequence[Line]) -> int:
    """Return the first line below the list of those present: what stands above is no business.

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> texts = ["Minutes of the June meeting", "Present: Mr A Ash", "Apologies: None"]
    >>> first_business([Line(n, n, n, t, "paragraph") for n, t in enumerate(texts)])
    2
    """
    for at, line in enumerate(lines[:_TOP]):
        label = read_label(line.text) if line.kind == "paragraph" else None
        if label and label.presence == "present" and item_kind(line.text) in _OF_PEOPLE:
            return at + 1
    return 0
