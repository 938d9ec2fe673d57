"""Dates and times as ModernGov writes them: day before month, never guessed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hwbtext.dates import find_dates

if TYPE_CHECKING:
    from datetime import date

_TIME = re.compile(
    r"(?<![\d./:-])(?:\d{1,2}[.:]\d{2}(?:\s?(?:noon|midnight|[ap]\.?m\b\.?))?|"
    r"\d{1,2}\s?(?:noon|[ap]\.?m\b\.?)|noon|midday|midnight)(?![\d/]|-\w)|\bTB[CA]\b",
    re.IGNORECASE,
)
# "01/02/03" can be read three ways.
_OPEN_YEAR = re.compile(r"(?<![\d/.-])\d{1,2}([/.-])\d{1,2}\1\d{2}(?!\d|\1\d)")
_ALL_DIGITS = re.compile(r"^\D{0,40}\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b")


class WrittenTime(NamedTuple):
    """A meeting's day, its time as written, and what was wrong with either."""

    day: date | None
    time_raw: str | None
    warning: str | None
    start: int
    """Where the date begins in the text; its length where there is none."""
    end: int


def read_when(text: str | None) -> WrittenTime:
    """Read the day and time of a meeting from a heading, a list entry or a field.

    A day that no calendar has, or whose year or order is open, is None with a warning; text
    without any date is None without one. Times stay as written: they are the council's local
    time, whatever the clocks do that day.

    Examples
    --------
    >>> read_when("Thornholme Board - Thursday, 18th April, 2019 10.00 am")[:2]
    (datetime.date(2019, 4, 18), '10.00 am')
    >>> read_when("31/02/2024").warning
    "not a date that can be told: '31/02/2024'"
    """
    plain = " ".join((text or "").split())
    # "01/02/03" would otherwise be taken for the third of them.
    hidden = _OPEN_YEAR.sub(lambda match: " " * len(match.group()), plain)
    found = find_dates(hidden)
    if not found:
        time = _TIME.search(plain)
        told = _ALL_DIGITS.match(plain) or re.search(r"\b(?:19|20)\d{2}\b", plain)
        warning = f"not a date that can be told: {plain[:60]!r}" if told else None
        return WrittenTime(None, time.group() if time else None, warning, len(plain), len(plain))
    # Titles hold dates too ("Budget of 1 March 2024 - Friday 2 May 2025"): the meeting's stands
    # after the last dash, and the first one there is it.
    dash = max(plain.rfind(" - "), plain.rfind(" – "))
    mention = next((one for one in found if one.span.start > dash), found[-1])
    time = _TIME.search(plain, mention.span.end) or _TIME.search(plain[: mention.span.start])
    warning = None
    if mention.weekday_agrees is False:
        warning = f"the weekday is not that of the date: {mention.text!r}"
    return WrittenTime(
        mention.first,
        time.group() if time else None,
        warning,
        mention.span.start,
        mention.span.end,
    )


def write_day(day: date) -> str:
    """Return a day as the web service takes it; ISO dates are accepted there and ignored.

    Examples
    --------
    >>> from datetime import date
    >>> write_day(date(2024, 3, 9))
    '09/03/2024'
    """
    return day.strftime("%d/%m/%Y")
