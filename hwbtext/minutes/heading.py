"""Where a meeting was held, when it began and when it closed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from hwbtext.dates import find_dates
from hwbtext.minutes.items import find_items
from hwbtext.minutes.lines import read_lines
from hwbtext.records import CharSpan
from hwbtext.text import same_length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.records import AgendaItem, Document

_CLOCK = (
    r"(?P<hour>[0-2]?\d)(?:\s?[.:]\s?(?P<minute>[0-5]\d)|(?P<tight>[0-5]\d)(?=\s?(?:hrs|hours|h\b)))?\s?"
    r"(?P<half>[ap]\.?\s?m\b\.?|noon|midday|hrs|hours|h\b)?"
)
_TIME = re.compile(rf"(?<![\d£.:/-]){_CLOCK}(?![\d/-])", re.IGNORECASE)
_NOON = re.compile(r"\b(?:12\s)?(?:noon|midday)\b", re.IGNORECASE)
_BEFORE_START = re.compile(
    r"(?:\b(?:at|commenc\w+|start\w*|began|opened|from|time|convened|@)\s*(?:at|:|-)?\s*(?:time\s*:?\s*)?)$|"
    r"(?:\d{4}|day|th|st|nd|rd),?\s*(?:[-(]|at|from|@)?\s*$",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"\b(?:held|conducted|took\s+place)\b\s*(?:(?:virtually|remotely|online)\s*)?,?\s*"
    r"(?P<how>in|at|via|by|over|through|on)\s+",
    re.IGNORECASE,
)
_AT_PLACE = re.compile(r"\b(?:in|at)\s+(?=(?:the\s+)?[A-Z])", re.IGNORECASE)
_PLACE_LABEL = re.compile(
    r"(?:^|\n)\W*(?:venue|location|place|held\s+at)\s*:\s*(?P<place>[^\n\t]{3,160})", re.I
)
_END_OF_PLACE = re.compile(
    r"\s*[,.-]?\s*(?:\bon\s+(?:the\s+)?(?:\d|mon|tue|wed|thu|fri|sat|sun)|\b(?:at|from|commencing|starting|"
    r"beginning)\s+(?:at\s+)?\d|@|\n\s*\n|\bat\s+the\s+(?:hour|conclusion)|\bpresent\b|\bcommencing\b|\bwhen\b|"
    r"\bdue\s+to\b|\.?\s*\bView\s+directions\b|\bto\s+(?:deal|consider|transact)\b)",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"\b(?:(?:meeting|council|committee|board|business|chair(?:man|person|woman)?|session)\b[^.\n]{0,80}?)?"
    r"\b(?:closed|ended|finished|concluded|terminated|rose|adjourned|close[ds]?\s+(?:of\s+meeting)?|closure|"
    r"to\s+a\s+close|finish(?:\s+time)?|end\s+of\s+meeting)\b[^\n]{0,60}?(?=\d|noon|midday)",
    re.IGNORECASE,
)
_STARTED = re.compile(
    r"\b(?:meeting|council|committee|board)\b[^.\n]{0,40}\b(?:opened|started|commenced|began|start(?:\s+time)?)\b"
    r"[^\n]{0,30}?(?=\d)",
    re.IGNORECASE,
)
_ZONE = 3_000  # characters of the front page that are looked at
_TAIL = 40  # blocks at the end


@dataclass(frozen=True, slots=True)
class Told:
    """Something read from the text, as written, and where."""

    text: str
    span: CharSpan
    time: time | None = None


@dataclass(frozen=True, slots=True)
class MeetingHeading:
    """Place, start and close of a meeting; None where the minutes do not say.

    Council, committee and date are in :class:`hwbtext.records.DocumentFacts`.
    """

    place: Told | None
    start: Told | None
    close: Told | None


def find_heading(document: Document, items: Sequence[AgendaItem] | None = None) -> MeetingHeading:
    r"""Find where a meeting was held, when it began and when it closed.

    Parameters
    ----------
    document : Document
        Minutes, an agenda, or any other paper: then all is None.
    items : sequence of AgendaItem, optional
        The items of this document, if they are known already.

    Returns
    -------
    MeetingHeading
        ``text`` is as written; ``time`` is None where it could be morning or afternoon.

    Examples
    --------
    >>> from hwbtext.parse import parse_bytes
    >>> text = "Minutes of the Board held in the Guildhall on 4 May 2021 at 2.00 pm\n\n"
    >>> text += "The meeting closed at 3.45pm."
    >>> heading = find_heading(parse_bytes(text.encode(), "minutes.txt"))
    >>> heading.place.text, heading.start.time, heading.close.time
    ('the Guildhall', datetime.time(14, 0), datetime.time(15, 45))
    """
    items = find_items(document) if items is None else items
    end = items[0].span.start if items else len(document.text)
    zone = same_length(document.text[: min(end, _ZONE)])
    zone = _keep_lines(document.text[: len(zone)], zone)
    place = _place(document.text, zone)
    start = _start(zone)
    lines = read_lines(document)
    close: Told | None = None
    for line in lines[-_TAIL:]:
        for match in _CLOSED.finditer(line.text[-1_500:]):
            offset = line.start + max(0, len(line.text) - 1_500)
            close = _clock(document.text, offset + match.end()) or close
        for match in _STARTED.finditer(line.text[:600]):
            start = start or _clock(document.text, line.start + match.end())
    return MeetingHeading(place, start, close)


def _keep_lines(text: str, plain: str) -> str:
    """Return plain text with the line feeds of ``text``."""
    return "".join("\n" if a == "\n" else b for a, b in zip(text, plain, strict=True))


def _place(text: str, zone: str) -> Told | None:
    if label := _PLACE_LABEL.search(zone):
        start, limit = label.span("place")
    elif (held := _HELD.search(zone)) is not None:
        start, limit = held.end(), min(len(zone), held.end() + 220)
        if held["how"].lower() == "on":
            # "held on 9 November in the Village Hall": the place comes after the date.
            dates = find_dates(zone[start:limit])
            after = start + (dates[0].span.end if dates else 0)
            behind = _AT_PLACE.search(zone, after, limit)
            if not dates or behind is None or behind.start() - after > 40:
                return None
            start = behind.end()
    else:
        return None
    stop = _END_OF_PLACE.search(zone, start, limit)
    end = stop.start() if stop else limit
    for mention in find_dates(zone[start:end]):
        end = min(end, start + mention.span.start)
    if match := _TIME.search(zone, start, end):
        end = match.start() if match["half"] else end
    if (feed := zone.find("\n", start, end)) > start and not zone[start:feed].rstrip().endswith(
        ","
    ):
        end = feed
    while end > start and (zone[end - 1].isspace() or zone[end - 1] in ",.-(:"):
        end -= 1
    written = text[start:end]
    if not 2 < len(written) <= 160 or not any(c.isalpha() for c in written):
        return None
    return Told(" ".join(written.split()), CharSpan(start, end))


def _start(zone: str) -> Told | None:
    for match in _TIME.finditer(zone):
        if not match["minute"] and not match["half"] and not match["tight"]:
            continue
        if _BEFORE_START.search(zone[max(0, match.start() - 40) : match.start()]):
            return _told(match.start(), match)
    noon = _NOON.search(zone)
    return Told(noon.group(), CharSpan(*noon.span()), time(12, 0)) if noon else None


def _clock(text: str, at: int) -> Told | None:
    """Return the time of day that begins at ``at``."""
    plain = same_length(text[at : at + 30])
    if noon := _NOON.match(plain):
        return Told(noon.group(), CharSpan(at, at + noon.end()), time(12, 0))
    match = _TIME.match(plain)
    if match is None or not (match["minute"] or match["half"] or match["tight"]):
        return None
    return _told(at, match)


def _told(at: int, match: re.Match[str]) -> Told | None:
    written = match.group().rstrip(" .")
    hour, minute = int(match["hour"]), int(match["minute"] or match["tight"] or 0)
    half = (match["half"] or "").lower().replace(".", "").replace(" ", "")
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    if hour > 23:
        return None
    # "7.30" without am or pm is read as written only where it can be nothing else.
    sure = bool(half) or hour >= 13 or match["hour"].startswith("0") or 9 <= hour <= 12
    when = time(hour, minute) if sure else None
    return Told(written, CharSpan(at, at + len(written)), when)
