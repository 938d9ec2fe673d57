"""Tell what a listed document is, and what a meeting's status means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from hwbtext.dates import find_dates
from hwbtext.scrape.moderngov.keys import file_type

if TYPE_CHECKING:
    from datetime import date

    from hwbtext.scrape.records import DocumentKind, MeetingStatus

Place = Literal["meeting", "item"]
"""Whether a document is listed for the whole meeting or linked on an agenda item."""

# T of whole-meeting files (documents/g...); 9 is that of supplements (documents/b...).
_BY_T: dict[str, DocumentKind] = {
    "0": "agenda",
    "1": "minutes",
    "2": "decisions",
    "9": "supplement",
    "10": "pack",
    "11": "minutes",  # the public part, where some of the minutes are exempt
}
_SUPPLEMENT = re.compile(
    r"\bsupplement|\baddend(?:um|a)\b|\bupdate sheet|\blate (?:item|paper|report|material|pack)|"
    r"\bto follow\b|\badditional (?:paper|item|document|report|information)|\btabled\b|"
    r"\berrat(?:um|a)\b|\bamendment",
    re.IGNORECASE,
)
_LABELS: tuple[tuple[re.Pattern[str], DocumentKind], ...] = (
    (_SUPPLEMENT, "supplement"),
    (
        re.compile(r"\b(?:reports?|agenda|document|full|public) (?:reports? )?pack\b", re.I),
        "pack",
    ),
    (re.compile(r"\bminutes\b", re.IGNORECASE), "minutes"),
    (re.compile(r"\bdecisions?\b", re.IGNORECASE), "decisions"),
    (re.compile(r"\bagenda\b|\bfront ?sheet\b", re.IGNORECASE), "agenda"),
)
_MINUTES = re.compile(r"\bminutes\b", re.IGNORECASE)
# "Minutes action sheet", "Matters arising from the minutes": papers about minutes.
_ABOUT_MINUTES = re.compile(
    r"\b(?:action|matters arising|tracker|update|log|extract|cover|report|appendix|annex)\b", re.I
)
_MINUTES_ITEM = re.compile(
    r"^\W*(?:(?:to )?(?:approv|confirm|agree|sign|receiv|consider)\w*\W+)?(?:of )?(?:the )?"
    r"(?:draft |public |unconfirmed )*(?:minutes\b|(?:previous|last) meeting)",
    re.IGNORECASE,
)
# What remains of a label when all that any minutes are called is taken out.
_COMMON_WORDS = re.compile(
    r"\b(?:public|private|open|printed|draft|unconfirmed|confirmed|confirm(?:ation)?|approv(?:ed|al|e)|"
    r"agree|sign(?:ed)?|receive|consider|note|final|chair(?:s|man|person|woman)?|minutes?|of|the|an?|"
    r"as|in|meetings?|held|on|from|for|previous|last|ordinary|extraordinary|special|annual|general|"
    r"budget|[ea]gm|pack|part|record|correct|accura(?:te|cy)|and|to|at|by|board|health|well-?being|"
    r"hwbb?|pdf|day|january|february|march|april|may|june|july|august|september|october|november|"
    r"december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|\d+(?:st|nd|rd|th))\b|"
    r"[\W\d_]+",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b(?:committee|cabinet|council|panel|partnership|forum|group|trust|authority|commission|"
    r"executive|alliance|consortium)\b",
    re.IGNORECASE,
)
_STRATEGY = re.compile(
    r"\b(?:health (?:and|&) (?:care and )?well-?\s?being strategy|JL?HWS|needs assessment|JSNA|"
    r"PNA)\b",
    re.IGNORECASE,
)
_ABOUT_STRATEGY = re.compile(
    r"\b(?:report|update|progress|cover|briefing|presentation|slides|delivery|action|monitoring|"
    r"refresh|development|consultation|timeline|terms of reference|appendix|performance|review|"
    r"minutes|proposals?|process|summary of)\b",
    re.IGNORECASE,
)
_STATUSES: tuple[tuple[re.Pattern[str], MeetingStatus], ...] = (
    (re.compile(r"\bcancel", re.IGNORECASE), "cancelled"),
    (re.compile(r"\bpostpone|\bdeferred\b", re.IGNORECASE), "postponed"),
    (re.compile(r"\bwithdrawn\b", re.IGNORECASE), "withdrawn"),
    (re.compile(r"\bmoved\b|\brescheduled\b|\brearranged\b", re.IGNORECASE), "moved"),
    (re.compile(r"\bprovisional\b", re.IGNORECASE), "provisional"),
    (re.compile(r"\bconfirmed\b", re.IGNORECASE), "confirmed"),
)


def judge_kind(
    label: str,
    *,
    url: str = "",
    place: Place = "item",
    item_title: str | None = None,
    committee: str | None = None,
    meeting_day: date | None = None,
) -> tuple[DocumentKind, str]:
    """Tell what a document is, and by what that was told.

    The number T in the address of a whole-meeting file comes before its label; every other
    document of the whole meeting whose label is not known is a supplement, since councils
    name theirs as they like. Minutes linked on an item are those of an earlier meeting, put
    there for approval, unless their label gives this meeting's own date; minutes of another
    body are a report.

    Examples
    --------
    >>> judge_kind("Printed draft minutes", url="documents/g7/Printed.pdf?T=1", place="meeting")
    ('minutes', 'T=1, label: Printed draft minutes')
    >>> judge_kind("Minutes", item_title="Minutes of the last meeting")
    ('previous_minutes', 'linked on an item: Minutes')
    """
    t = file_type(url)
    told = f"label: {label}"
    if t in _BY_T:
        return _BY_T[t], f"T={t}, {told}"
    if place == "meeting":
        for pattern, kind in _LABELS:
            if pattern.search(label):
                return kind, told
        return "supplement", f"listed for the whole meeting, {told}"
    if kind_of_item := _on_item(label, item_title, committee, meeting_day):
        return kind_of_item
    return "report", f"linked on an item: {label}"


def read_status(raw: str | None) -> MeetingStatus:
    """Tell a meeting's status from the site's words; "unknown" where they say nothing.

    Examples
    --------
    >>> read_status("Confirmed; Budget meeting"), read_status("CANCELLED"), read_status(None)
    ('confirmed', 'cancelled', 'unknown')
    """
    for pattern, status in _STATUSES:
        if raw and pattern.search(raw):
            return status
    return "unknown"


def _on_item(
    label: str, item_title: str | None, committee: str | None, meeting_day: date | None
) -> tuple[DocumentKind, str] | None:
    told = f"linked on an item: {label}"
    days = {mention.first for mention in find_dates(label)}
    item_is_minutes = bool(item_title and _MINUTES_ITEM.match(item_title))
    if _MINUTES.search(label) and not _ABOUT_MINUTES.search(label):
        if meeting_day in days and days:
            return "minutes", f"{told}, with this meeting's date"
        others = _other_words(label, committee)
        if not others.strip() or (item_is_minutes and not _BODY.search(others)):
            return "previous_minutes", told
        return "report", f"minutes of another body, {told}"
    if item_is_minutes and days and meeting_day not in days and not _ABOUT_MINUTES.search(label):
        return "previous_minutes", f"{told}, item: {item_title}"
    if re.fullmatch(r"\W*agenda(?: front ?sheet)?\W*", label, re.IGNORECASE):
        return "agenda", told
    if re.match(r"\W*(?:public|agenda) reports? pack\b", label, re.IGNORECASE):
        return "pack", told
    if re.search(r"\bdecision (?:notice|sheet|list)\b", label, re.IGNORECASE):
        return "decisions", told
    if _STRATEGY.search(label) and not _ABOUT_STRATEGY.search(label):
        return "strategy", told
    return None


def _other_words(label: str, committee: str | None) -> str:
    rest = label
    for mention in reversed(find_dates(label)):
        rest = rest[: mention.span.start] + " " + rest[mention.span.end :]
    for word in re.findall(r"\w+", committee or ""):
        rest = re.sub(rf"\b{re.escape(word)}\b", " ", rest, flags=re.IGNORECASE)
    return _COMMON_WORDS.sub(" ", rest)
