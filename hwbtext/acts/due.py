"""By when: the words that say it, and the days that they can mean."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from hwbtext.dates import find_dates, parse_uk_date

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
_DAY = (
    rf"(?:(?:{_WEEKDAY},?\s)?(?:the\s)?{_ORDINAL}\s(?:of\s)?{_MONTH}\b(?:,?\s(?:20\d\d|'?\d\d\b))?|"
    rf"(?:{_WEEKDAY},?\s)?{_MONTH}\s{_ORDINAL}\b(?!\.?\d)(?:,?\s20\d\d)?|"
    r"\d{1,2}[./-]\d{1,2}[./-](?:20)?\d\d)"
)
_PERIOD = (
    rf"(?:(?:the\s)?(?:(?:end|start|beginning|middle)\sof\s|early\s|late\s|"
    rf"mid[ -])?{_MONTH}\b(?:,?\s20\d\d)?|"
    r"(?:the\s)?(?:end\sof\s(?:the\s)?|close\sof\s)(?:(?:financial|calendar|municipal|this|next)"
    r"\s)?"
    r"(?:year|month|week|quarter|term|summer|day|business)|(?:financial\s)?year[\s-]end|"
    r"Q[1-4]\b(?:\s20\d\d(?:[/-]\d\d)?)?|(?:the\s)?(?:spring|summer|autumn|winter|new\syear|"
    r"New\sYear)"
    r"(?:\s(?:of\s)?20\d\d)?|20\d\d(?:[/-]\d\d)?|(?:this|next)\s(?:week|month|year|quarter|spring|"
    rf"summer|autumn|winter|{_WEEKDAY})(?:end)?|{_WEEKDAY}(?:\s(?:morning|afternoon|evening)"
    rf")?\b|tomorrow)"
)
_MEETING = (
    rf"(?:(?:the|its|our|a)\s)?(?:(?:next|following|future|{_MONTH})"
    rf"(?:\s20\d\d)?\s(?:\w{{1,15}}\s){{0,3}}?"
    rf"(?:meeting|agenda)|meeting\s(?:on|in|of)\s(?:the\s)?(?:{_DAY}|{_PERIOD}))"
)
_SOON = (
    r"(?:as\ssoon\sas\s(?:possible|practicable|practical)|a\.?s\.?a\.?p\.?\b|ASAP\b|immediately|"
    r"at\s(?:the|their|his|her)\searliest\s(?:time|opportunity|convenience)|in\sdue\scourse|"
    r"urgently|in\sthe\snear\sfuture|over\sthe\s(?:next\s)?(?:weekend|summer|winter)|"
    r"this\s(?:week|weekend|month))"
)
_WITHIN = (
    r"(?:within|in)\s(?:the\snext\s)?(?:the\s)?(?:next\s)?(?:\d{1,2}|a|one|two|three|four|five|"
    r"six|seven|"
    r"ten|twelve|couple\sof|few)\s(?:working\s|calendar\s)?(?:days?|weeks?|months?)(?:'?\stime)?"
)
_DUE = re.compile(
    rf"\b(?:(?:by|before|prior\sto|no\slater\sthan|not\slater\sthan|until)"
    rf"\s(?P<by>{_DAY}|{_MEETING}|(?:the|this)\smeeting\b|Christmas|Easter|"
    rf"{_PERIOD}|then\b)|(?:to|at|for|in\stime\sfor|on)\s(?P<meeting>{_MEETING})|"
    rf"(?P<within>{_WITHIN})|"
    rf"(?:in|on|from|during)\s(?P<on>{_DAY}|{_PERIOD})|"
    rf"(?P<soon>{_SOON}|next\s(?:week|month|{_WEEKDAY})|tomorrow))",
)
# "within the report to the March meeting": what was said or printed then, not a time to come.
_PAST = re.compile(
    r"\b(?:held|dated|received|published|agreed|made|raised|discussed|from|of|since|approved|"
    r"minutes|took\splace|vandalised|happened)\s(?:at\s|on\s|in\s)?(?:the\s)?$",
    re.IGNORECASE,
)
_EDGES = re.compile(
    r"^(?:by|before|on|in|at|for|to|no later than|the|end of|middle of|start of|beginning of|early|"
    r"late|mid)\b[\s-]*",
    re.I,
)
_AMERICAN = re.compile(
    rf"^(?:{_WEEKDAY},?\s)?(?P<month>{_MONTH})\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?$"
)
_OF_MEETING = re.compile(
    rf"(?P<when>{_MONTH}(?:\s20\d\d)?)\s(?:[\w-]{{1,15}}\s){{0,3}}?(?:meeting|agenda)$"
)
_NEXT_MEETING = re.compile(
    r"\b(?:next|following)\s(?:\w{1,15}\s){0,3}?meeting|\bmeeting\snext\b", re.IGNORECASE
)
_COUNT = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_COUNT |= {"ten": 10, "twelve": 12, "couple of": 2}
_SPAN = re.compile(
    r"\b(?P<n>\d{1,2}|a|one|two|three|four|five|six|seven|ten|twelve|couple\sof)\s"
    r"(?P<working>working\s)?(?:calendar\s)?(?P<unit>day|week|month)s?",
    re.IGNORECASE,
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Days(NamedTuple):
    """The first and the last day that a due can mean; None where it names no day."""

    first: date | None
    last: date | None


def find_due(plain: str) -> tuple[int, int] | None:
    """Return where a clause says by when; of several the last, unless one says "by".

    Examples
    --------
    >>> text = "bring a plan to the March meeting"
    >>> text[slice(*find_due(text))]
    'the March meeting'
    """
    matches = [
        match
        for match in _DUE.finditer(plain)
        if not _PAST.search(plain[max(0, match.start() - 20) : match.start()])
    ]
    if not matches:
        return None
    chosen = next((match for match in matches if match["by"]), matches[-1])
    return chosen.span(str(chosen.lastgroup))


def due_days(due: str, on: date | None, next_meeting: date | None = None) -> Days:
    """Return the days that the words of a due can mean.

    Parameters
    ----------
    due : str
        As written.
    on : date or None
        The day of the meeting; without it only a full date can be read.
    next_meeting : date, optional
        The next meeting, where its date is printed.

    Examples
    --------
    >>> due_days("the March meeting", date(2024, 1, 16))
    Days(first=datetime.date(2024, 3, 1), last=datetime.date(2024, 3, 31))
    >>> due_days("as soon as possible", date(2024, 1, 16))
    Days(first=None, last=None)
    """
    text = " ".join(due.replace("\u2019", "'").split()).strip(" .,;:()")
    dates = find_dates(text)
    if dates:
        return Days(dates[-1].first, dates[-1].last)
    if on is None:
        return Days(None, None)
    if _NEXT_MEETING.search(text) and not _OF_MEETING.search(text):
        return Days(next_meeting, next_meeting)
    return _open_days(text, on)


def _open_days(text: str, on: date) -> Days:
    lowered = text.lower()
    ends = re.match(r"(?:by\s)?(?:the\s)?end\sof\b", lowered) is not None
    meeting = _OF_MEETING.search(text)
    bare = meeting["when"] if meeting else text
    for _ in range(4):
        bare = _EDGES.sub("", bare)
    if match := _AMERICAN.match(bare):
        bare = f"{match['day']} {match['month']}"
    if span := _SPAN.search(lowered):
        n = _COUNT.get(span["n"]) or int(span["n"])
        n = n * 7 // 5 if span["working"] else n
        unit = {"day": 1, "week": 7, "month": 30}[span["unit"]]
        return Days(on, on + timedelta(days=n * unit))
    if week := _week_days(lowered, on):
        return week
    for candidate in dict.fromkeys((bare, bare.replace("financial ", ""), text)):
        found = parse_uk_date(candidate, today=on)
        if found:
            return Days(found.last if ends else found.first, found.last)
    return Days(None, None)


def _week_days(lowered: str, on: date) -> Days | None:
    monday = on - timedelta(days=on.weekday())
    if "tomorrow" in lowered:
        return Days(on + timedelta(days=1), on + timedelta(days=1))
    if re.search(r"\bnext\sweek(?!end)\b", lowered):
        return Days(monday + timedelta(days=7), monday + timedelta(days=13))
    if re.search(r"\bend\sof\s(?:the\s|this\s)?week\b", lowered):
        return Days(monday + timedelta(days=4), monday + timedelta(days=6))
    if re.search(r"\b(?:next|end\sof\s(?:the\s|this\s)?)\s?month\b", lowered):
        ahead = on.replace(day=monthrange(on.year, on.month)[1])
        if "next" not in lowered:
            return Days(ahead, ahead)
        first = ahead + timedelta(days=1)
        return Days(first, first.replace(day=monthrange(first.year, first.month)[1]))
    if match := re.fullmatch(rf"(?:next\s|this\s)?({'|'.join(_WEEKDAYS)})\w*day\b.*", lowered):
        n_days = (_WEEKDAYS.index(match[1]) - on.weekday() - 1) % 7 + 1
        day = on + timedelta(days=n_days)
        return Days(day, day)
    return None


def printed_next_meeting(plain: str, on: date | None) -> date | None:
    """Return the date of the next meeting where minutes print it, else None.

    Examples
    --------
    >>> printed_next_meeting("Next meeting: Tuesday 5 March 2024 at 7 p.m.", date(2024, 1, 9))
    datetime.date(2024, 3, 5)
    """
    for match in _ANNOUNCED.finditer(plain):
        after = plain[match.end() : match.end() + _NEAR]
        for mention in find_dates(after):
            if on is None or mention.first > on:
                return mention.first
        short = _DAY_ONLY.search(after) if on else None
        found = parse_uk_date(short[0], today=on) if short and on else None
        if found and on and found.first > on:
            return found.first
    return None


_NEAR = 120  # characters
_ANNOUNCED = re.compile(
    r"\b(?:date|time|venue)[^.;]{0,40}\bnext\b[^.;:]{0,40}\bmeetings?\b|"
    r"\bnext\s(?:\w{1,15}\s){0,3}?meetings?\b\W{0,3}(?:will|is|to|of|on|date|:|-|\s[A-Z0-9])",
    re.IGNORECASE,
)
_DAY_ONLY = re.compile(rf"{_ORDINAL}\s(?:of\s)?{_MONTH}\b")
