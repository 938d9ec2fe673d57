"""Labels of an attendance list: "PRESENT:", "Members in attendance", "Apologies"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwbtext.minutes.lines import Line
    from hwbtext.records import Presence

_WHO = (
    r"(?:(?:voting|non-?voting|board|committee|cabinet|council|elected|other|core|co-?opted|lay|parish|"
    r"statutory|governing\s+body|sub-?committee|trust|panel|executive|non-?executive|county|town|"
    r"district|independent|appointed|additional)\s+){0,3}"
)
_GROUP = (
    r"(?:members?|councillors?|cllrs?|officers?|directors?|governors?|trustees|staff|attendees?|"
    r"representatives?|partners|persons|advisers|advisors)"
)
_LABEL_FORMS: tuple[tuple[Presence, str], ...] = (
    (
        "apologies",
        r"(?:members'?\s+)?apologies(?:\s+(?:for\s+absence|received|given|sent|from|for\s+non-attendance))?"
        r"(?:\s+(?:were\s+)?(?:received\s+)?from)?|"
        r"apologies\s+for\s+absence\s+(?:received|from)",
    ),
    (
        "absent",
        rf"(?:{_WHO}{_GROUP}\s+)?(?:absent|not\s+present|not\s+in\s+attendance)"
        rf"(?:\s+without\s+apolog\w+|\s+{_GROUP})?|did\s+not\s+attend",
    ),
    (
        "in_attendance",
        rf"(?:also,?\s+|{_WHO}(?:{_GROUP}\s+)?)?(?:in\s+attendance|attending)(?:\s+{_GROUP})?"
        rf"(?:\s+(?:were|was))?|also\s+(?:present|attended|attending)(?:\s+(?:were|was))?|"
        rf"(?:others?|{_WHO}officers?|staff)(?:\s+(?:also\s+)?(?:present|attending|in\s+attendance))?|"
        r"observers?|observing|guests?|visitors?|by\s+invitation|invitees?|invited|secretariat|minutes?"
        r"(?:\s+(?:taken\s+by|secretary|taker))?|note\s+taker|clerk|speakers?|presenters?|non-?members?|"
        rf"officers?\s+in\s+attendance|{_WHO}{_GROUP}\s+in\s+attendance(?:\s+as\s+observers?)?",
    ),
    (
        "present",
        rf"(?:those\s+|{_WHO}{_GROUP}\s+)?(?:present|attended|attending|attendance)"
        rf"(?:\s+(?:at\s+the\s+meeting|virtually|remotely|in\s+person|were|was|{_WHO}{_GROUP}))?|"
        rf"{_WHO}{_GROUP}(?:\s+present(?:\s+(?:virtually|remotely|online))?)?|attendees|"
        r"(?:in\s+the\s+)?chair(?:man|person)?|substitutes?(?:\s+members?)?|substitutions?|"
        r"(?:attending|attendance|joined|joining|present)\s+(?:virtually|remotely|(?:via|by)\s+\w+|on\s?line)|"
        r"(?:virtual|remote|online)\s+(?:attendance|attendees)|virtually|remotely",
    ),
)
_NUMBER_PREFIX = r"(?:\d{1,4}(?:[./]\d{1,4}){0,2}[.):]?\s+)?"
_COUNT = r"(?:\s*\((?:[^()]{0,40})\))?"
_LABELS = tuple(
    (
        presence,
        re.compile(
            rf"^\W{{0,3}}{_NUMBER_PREFIX}(?:{form}){_COUNT}\s*(?P<mark>:\s?-|:|-|$|\t|\n)", re.I
        ),
    )
    for presence, form in _LABEL_FORMS
)
# The colon may be missing before a name.
_NO_COLON = re.compile(
    r"^\W*(?:Those\s+(?:[Aa]ttending|[Pp]resent)|PRESENT|Present)\s+(?=(?:Cllrs?|Mrs?|Ms|Miss|Dr)\b)"
)
_WEAK = re.compile(
    r"^\W*(?:clerk|chair\w*|minutes?|directors?|governors?|staff|partners|speakers?|trustees?|"
    r"councillors?|members?|representatives?|advis[eo]rs?|clerk|secretariat|executive)\W*$",
    re.IGNORECASE,
)
# A label inside a paragraph: "Public: 2 Also, in attendance: the Clerk".
_INNER = re.compile(
    r"(?:(?<=[\s.;])|^)(?P<label>(?:Also,?\s+)?(?:In|in)\s+(?:A|a)ttendance|ATTENDANCE|Attendance|"
    r"(?:Those|Councillors|Members)\s+(?:A|a)ttending|(?:Others\s+|Councillors\s+|Those\s+)(?:P|p)resent|Also\s+(?:P|p)resent|Apologies"
    r"(?:\s+(?:for\s+absence|received))?|Absent|Officers(?:\s+present)?|Observers|Members\s+(?:P|p)resent|"
    r"PRESENT|IN\s+ATTENDANCE|APOLOGIES|ALSO\s+PRESENT|Present|Clerk|Public|Chair|Distribution|Venue)(?:\s*\([^()]{0,30}\))?(?:\s*:\s?-?\s*|\s?-\s?(?=(?:Cllr|Mr|Mrs|Ms|Dr|Councillor|Chair|None|Nil)\b))"
)
_ONLY_WITH_COLON = ("Attendance", "Chair", "Clerk", "Distribution", "Venue")


@dataclass(frozen=True, slots=True)
class Label:
    """A label, and how those below it took part."""

    presence: Presence
    end: int  # of the label in the line
    virtual: bool
    bare: bool = False  # "In attendance", and no more


def read_label(text: str) -> Label | None:
    """Return the label that a line opens with: "PRESENT:" or "Members in attendance".

    Examples
    --------
    >>> read_label("Also in attendance: the Clerk").presence
    'in_attendance'
    >>> read_label("Presenting the report, the Director spoke") is None
    True
    """
    head = text[:160]
    for presence, pattern in _LABELS:
        match = pattern.match(head)
        if match is None:
            continue
        if match["mark"] == "-" and presence == "present" and "resent" not in match.group().lower():
            continue
        if _WEAK.match(head) and not match["mark"].startswith(":"):
            continue  # "Clerk" below a name is a post
        virtual = bool(re.search(r"virtual|remote|on\s?line|(?:via|by)\s", match.group(), re.I))
        bare = re.fullmatch(r"\W*in\s+attendance\W*", match.group(), re.I) is not None
        return Label(presence, match.end(), virtual, bare)
    match = _NO_COLON.match(head)
    return Label("present", match.end(), virtual=False) if match else None


def cut_at_labels(line: Line) -> Iterator[Line]:
    """Cut a paragraph before each label inside it.

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> text = "Public: 2 Also, in attendance: Mr Ash"
    >>> [line.text for line in cut_at_labels(Line(0, 0, len(text), text, "paragraph"))]
    ['Public: 2', 'Also, in attendance: Mr Ash']
    """
    if line.end - line.start > 6_000:
        yield line
        return
    cuts = [0]
    cuts += [
        match.start("label")
        for match in _INNER.finditer(line.text)
        if match["label"] not in _ONLY_WITH_COLON or ":" in match.group()
    ]
    head = re.search(r"(?<=\s)(?<!ALSO\s)(?=PRESENT\b[^:a-z]{0,40}:)", line.text)
    if head and head.start() not in cuts:
        cuts.append(head.start())
    cuts = sorted(set(cuts))
    for start, end in zip(cuts, [*cuts[1:], len(line.text)], strict=True):
        yield replace(
            line, start=line.start + start, end=line.start + end, text=line.text[start:end].rstrip()
        )
