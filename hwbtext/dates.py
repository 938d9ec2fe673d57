"""Dates as UK minutes write them: day before month, ordinals, weekdays, two-digit years."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from hwbtext.records import CharSpan

_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_MONTH_NUMBER = {name[:3]: number for number, name in enumerate(_MONTHS, start=1)}
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = (
    r"(?:(?P<weekday>mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?\s{1,3}"
    r"(?:the\s)?)?"
)
_DAY = r"(?P<day>[0-3]?\d)\s?(?:st|nd|rd|th)?"
_WRITTEN = re.compile(
    rf"(?<!\d)\b{_WEEKDAY}{_DAY}\.?,?[\s-]{{1,3}}(?:day\s)?(?:of\s)?{_MONTH}\b\.?,?"
    # Two digits after the month are a year only if nothing shows them to be an hour, a number
    # of people or the next date.
    r"(?:[\s-]{0,3}(?P<year>(?:19|20)\d{2})|\s(?P<short>'?\d{2})(?![\d:.]|[ \t]?[A-Za-z-])|"
    r"-(?P<dashed>\d{2})(?![\d:.-]|\s?[ap]\.?m))?(?!\d)",
    re.IGNORECASE,
)
_AMERICAN = re.compile(  # "January 9th, 2025": the month is a word, so nothing is guessed
    rf"\b{_WEEKDAY}{_MONTH}\.?\s{{1,3}}{_DAY},?\s{{1,3}}(?P<year>(?:19|20)\d{{2}})\b",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?<![\d./-])(?P<day>[0-3]?\d)(?P<sep>[./-])(?P<month>[01]?\d)(?P=sep)"
    r"(?P<year>(?:19|20)\d{2}|\d{2})(?![\d/-]|\.\d)",
)
_ISO = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?!\d)")
_MONTH_ONLY = re.compile(rf"^{_MONTH}\s*,?\s*(?P<year>(?:19|20)\d{{2}})?$", re.IGNORECASE)
_QUARTER = re.compile(r"^q(?:uarter\s)?(?P<quarter>[1-4])(?:\s(?P<year>(?:19|20)\d{2}))?$", re.I)
_YEAR_END = re.compile(r"^(?:by\s)?(?:the\s)?(?:year\send|end\sof\s(?:the\s)?year)$", re.I)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as written: the first and last day that it can mean, and where it stands.

    ``weekday_agrees`` is None where no weekday is written. ``year_written`` is False where
    the year had to come from ``today``.
    """

    first: date
    last: date
    span: CharSpan
    text: str
    weekday_agrees: bool | None = None
    year_written: bool = True


def find_dates(text: str) -> tuple[DateMention, ...]:
    """Find the full dates (day, month and year) in a text, in reading order.

    Parameters
    ----------
    text : str
        Any text; spans point into it.

    Returns
    -------
    tuple of DateMention
        Without overlap. A date without a year is not a full date and is left out, and so is
        one that no calendar has ("31 April 2020").

    Examples
    --------
    >>> [str(d.first) for d in find_dates("held on Tuesday, 5th March, 2019 (not 31/04/2020)")]
    ['2019-03-05']
    """
    found: list[DateMention] = []
    for pattern in (_WRITTEN, _AMERICAN, _ISO, _NUMERIC):
        for match in pattern.finditer(text):
            mention = _full_date(match)
            if mention is not None and not any(_overlap(mention, other) for other in found):
                found.append(mention)
    return tuple(sorted(found, key=lambda mention: mention.span))


def parse_uk_date(text: str, *, today: date) -> DateMention | None:
    """Read one date as written in UK minutes, day before month.

    A form that leaves part open ("March", "Q2", "by year end") gives the whole range it can
    mean; one that cannot be a date gives None. The order of day and month is never guessed.

    Parameters
    ----------
    text : str
        The date alone.
    today : date
        The day from which an open form is read: a date without a year is the next one to come.

    Returns
    -------
    DateMention or None

    Notes
    -----
    Quarters are those of the English public financial year: Q1 is April to June.

    Examples
    --------
    >>> parse_uk_date("03/04/2023", today=date(2023, 6, 1)).first
    datetime.date(2023, 4, 3)
    >>> parse_uk_date("Q4", today=date(2023, 6, 1)).last
    datetime.date(2024, 3, 31)
    """
    stripped = text.strip()
    whole = CharSpan(0, len(text))
    for mention in find_dates(stripped):
        if mention.text == stripped:
            return DateMention(mention.first, mention.last, whole, text, mention.weekday_agrees)
    if match := _WRITTEN.fullmatch(stripped):
        for year in (today.year, today.year + 1):
            day = _calendar_day(year, _month(match["month"]), int(match["day"]))
            if day is not None and day >= today:
                return DateMention(day, day, whole, text, _agrees(match, day), year_written=False)
        return None
    if match := _MONTH_ONLY.match(stripped):
        month = _month(match["month"])
        written = match["year"] is not None
        year = int(match["year"]) if written else today.year + (month < today.month)
        return _range(year, month, year, month, text, written=written)
    if match := _QUARTER.match(stripped):
        quarter = int(match["quarter"])
        written = match["year"] is not None
        financial_year = int(match["year"]) if written else today.year - (today.month < 4)
        month = 3 * quarter + 1
        year = financial_year + (month > 12)
        month = month - 12 if month > 12 else month
        return _range(year, month, year, month + 2, text, written=written)
    if _YEAR_END.match(stripped):
        # "Year end" is the calendar's or the financial year's: the range holds both.
        march = today.year + (today.month > 3)
        return DateMention(
            min(date(today.year, 12, 31), date(march, 3, 31)),
            max(date(today.year, 12, 31), date(march, 3, 31)),
            whole,
            text,
            year_written=False,
        )
    return None


def _overlap(one: DateMention, other: DateMention) -> bool:
    return one.span.start < other.span.end and other.span.start < one.span.end


def _month(word: str) -> int:
    return _MONTH_NUMBER[word[:3].lower()] if word[:1].isalpha() else int(word)


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full_date(match: re.Match[str]) -> DateMention | None:
    parts = match.groupdict()
    written = match["year"] or parts.get("short") or parts.get("dashed")
    if written is None:
        return None
    digits = written.lstrip("'")
    # Two-digit years: boards date from 1974 to now, so the split at 70 is safe.
    year = int(digits) if len(digits) == 4 else int(digits) + (1900 if int(digits) >= 70 else 2000)
    day = _calendar_day(year, _month(match["month"]), int(match["day"]))
    agrees = None if day is None else _agrees(match, day)
    if day is None or (len(digits) == 2 and agrees is False):
        return None
    return DateMention(day, day, CharSpan(*match.span()), match.group(), agrees)


def _agrees(match: re.Match[str], day: date) -> bool | None:
    written = match.groupdict().get("weekday")
    if not written:
        return None
    return _WEEKDAYS[day.weekday()].startswith(written.lower()[:3])


def _range(
    year: int, month: int, last_year: int, last_month: int, text: str, *, written: bool
) -> DateMention:
    return DateMention(
        date(year, month, 1),
        date(last_year, last_month, monthrange(last_year, last_month)[1]),
        CharSpan(0, len(text)),
        text,
        year_written=written,
    )
