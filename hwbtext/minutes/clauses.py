"""Clauses of a resolution: what opens one, and the numbers that count its clauses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.text import strip_span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.records import CharSpan

BODY = (
    r"(?:(?:Health\s+(?:and|&)\s+Wellbeing\s+|Governing\s+|Trust\s+|Partnership\s+|Parish\s+|"
    r"Town\s+|County\s+|Borough\s+|City\s+|District\s+|Joint\s+|Integrated\s+Care\s+|Scrutiny\s+|"
    r"Executive\s+)?(?:Board|Committee|Sub-Committee|Cabinet|Panel|Council|Body|Forum|Executive|"
    r"Partnership|Assembly|Commission|Group)|(?:Board\s+|Committee\s+)?Members|Councillors|"
    r"Trustees|Governors)"
)
"""How minutes name the body whose meeting it is."""

_HOW = (
    r"(?:\s+(?:therefore|unanimously|also|then|further|accordingly|duly|subsequently|formally|"
    r"collectively|all)){0,2}"
)
# Set off by capitals or by a colon or dash: all that follows in the paragraph is the decision.
_LABELS = (
    r"\bRESOLVED\b",
    r"\bResolved\b(?=\s*(?:that\b|to\b|not\b|[:(-]|unanimously\b))",
    r"\bRESOLUTIONS?\b\s*[:-]",
    r"\bResolutions?\s*[:-]",
    r"\bRECOMMENDED\b",
    r"\bRecommended\s*(?:[:-]|that\b|to\b)",
    r"\bAGREED\b(?!\s*(?:unanimously|UNANIMOUSLY)?\s*[.)]?\s*$)",
    r"\bAgreed\s*(?::|-\s|that\b|to\b)",
    r"\bDECISIONS?\b(?:\s+(?:AGREED|MADE|TAKEN))?\s*[:-]",
    # Not those of another body: "Planning decisions:", "Notice of decision:".
    r"(?<!\b[Pp]lanning\s)(?<!\b[Aa]pplication\s)(?<!\bof\s)(?<!\b[Aa]ppeal\s)(?<!\b[Bb]orough\s)(?<!\b[Dd]istrict\s)"
    r"\bDecisions?\s*(?:agreed|made|taken)?\s*(?::|-\s(?!\d))",
    r"\b(?:Actions?|Outcomes?|Points?)\s+agreed\s*[:-]",
    r"\b(?:OUTCOME|Outcome)\s*:",
    rf"\bThe\s+{BODY}\s*:\s*-?",
    rf"\b(?:[Tt]he|THE)\s+{BODY}{_HOW}\s+(?:NOTED|APPROVED|ENDORSED|RECEIVED|SUPPORTED|RATIFIED|"
    r"ACCEPTED|ADOPTED|REQUESTED|DELEGATED)\b",
)
# The verb itself, said of the body: the sentence is the decision.
_VERBS = (
    r"\bResolved\s*:?\s*\d{1,4}[\d/.\\]{2,14}\s",  # with its number: "Resolved 20/05/4.01 The …"
    rf"\b(?<!\b(?:19|20)\d\d\s)[Ii]t\s+(?:was|is){_HOW}\s+(?:proposed,?\s+seconded,?\s+and\s+)?"
    rf"(?:agreed|resolved|decided|AGREED|RESOLVED|DECIDED|recommended){_HOW}"
    r"(?!\s*(?:[.;,)]|$|by\b|(?:at|during)\s+(?:the|a|our)\s+(?:last|previous|\w+\s+meeting)|unanimously\s*(?:[.;,)]|$)))",
    rf"(?<!\bbeen\s)(?<!\bhad\s)(?<!\bbe\s)(?<!\bwas\s)(?<!\bwere\s)(?<!\bis\s)(?<!\bare\s)"
    rf"\bresolved{_HOW}(?=\s+(?:to|that|not|the|this|it|its|unanimously)\b)",
    rf"\b(?:[Tt]his|[Tt]hese)\s+(?:was|were){_HOW}\s+agreed\s+(?:to|that)\b",
    rf"\b[Tt]he\s+following\s+(?:\w+\s+){{0,3}}(?:was|were){_HOW}\s+(?:agreed|approved|authorised)\b"
    r"(?=(?:\s+for\s+payment)?\s*:)",
)
_LABEL = re.compile("|".join(_LABELS))
_VERB = re.compile("|".join(_VERBS))
RESOLUTION = re.compile("|".join((*_LABELS, *_VERBS)))
"""What opens a resolution in the minutes of an English board."""

_SERIES: tuple[Sequence[str], ...] = (
    [str(n) for n in range(1, 60)],
    list("abcdefghijklmnopqrstuvwxyz"),
    ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"],
    list("ABCDEFGH"),
)
_CLAUSE = re.compile(
    r"(?:(?<=[\s:;.,-])|^)\(?(?P<number>\d{1,2}|[a-hj-z]|[ivx]{1,4})(?:\)|\.(?=\s))\s?(?=\S)"
)
_BRACKETED = re.compile(
    r"(?:(?<=[\s:;.,-])|^)\((?P<number>\d{1,2}|[a-z]|[ivx]{1,4}|[A-H])\)\s?(?=\S)"
)
_BULLET = re.compile(r"(?:(?<=[\s:;.])|^)(?P<number>[•●▪·\uf0b7])\s*(?=\S)")
_PRINTED = re.compile(
    r"^\s*(?:\(?(?P<number>\d{1,2}|[a-z]|[ivx]{1,4}|[A-H])(?:\)|\.\)|\.(?=\s|[A-Z]))|"
    r"(?P<decimal>\d{1,2}(?:\.\d{1,2}){1,2})\.?\s|\(?(?P<wide>\d{3})\)|(?P<bullet>[•●▪·\uf0b7o-])\s)"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a resolution; ``number`` is as printed, without brackets."""

    span: CharSpan
    number: str | None


@dataclass(frozen=True, slots=True)
class Printed:
    """The number or bullet that opens a paragraph: its style, and its place in its series."""

    number: str | None
    style: str
    place: int


def opens_resolution(text: str) -> bool:
    """Return whether a paragraph opens, or is, a resolution.

    Examples
    --------
    >>> opens_resolution("RESOLVED - That the report be noted.")
    True
    >>> opens_resolution("A member asked whether it was wise.")
    False
    """
    return RESOLUTION.search(text) is not None


def opening_label(text: str) -> re.Match[str] | None:
    """Return the label ("RESOLVED", "Decision:") that opens a resolution, if one does.

    Examples
    --------
    >>> opening_label("It was agreed that we meet.") is None
    True
    """
    return _LABEL.search(text)


def deciding_verb(text: str) -> re.Match[str] | None:
    """Return the words of a sentence that tell a decision of the body ("it was agreed that").

    Examples
    --------
    >>> deciding_verb("After discussion it was agreed to write.").group()
    'it was agreed'
    """
    return _VERB.search(text)


def split_clauses(text: str) -> tuple[Clause, ...]:
    """Split a resolution into its clauses: "(1) … (2) …"; one without numbers is one clause.

    Parameters
    ----------
    text : str
        One paragraph that holds a resolution.

    Returns
    -------
    tuple of Clause
        In order; spans count from the start of ``text`` and do not overlap. The words before
        the first number go with the first clause: they hold its verb of deciding. Clauses
        below a clause ("(2) that (a) … (b) …") are clauses of their own.

    Examples
    --------
    >>> text = "RESOLVED - (1) note the report; (2) establish a group."
    >>> [text[c.span.start:c.span.end] for c in split_clauses(text)]
    ['RESOLVED - (1) note the report;', '(2) establish a group.']
    """
    marks = _marks(text)
    if len(marks) < 2:
        number = marks[0]["number"] if marks and marks[0]["number"].isalnum() else None
        if number and not marks[0].start() and RESOLUTION.search(text):
            number = None  # the number of a minuted paragraph: "27) RESOLVED that …"
        return (Clause(strip_span(text, 0, len(text)), number),)
    starts = [0, *(mark.start() for mark in marks[1:]), len(text)]
    clauses: list[Clause] = []
    for mark, start, end in zip(marks, starts, starts[1:], strict=False):
        number = mark["number"] if mark["number"].isalnum() else None
        inner = _nested(text[:end], mark.end())
        cuts = [start, *(m.start() for m in inner[1:]), end] if inner else [start, end]
        numbers = [m["number"] for m in inner] if inner else [number]
        clauses += [
            Clause(strip_span(text, low, high), name)
            for name, low, high in zip(numbers, cuts, cuts[1:], strict=False)
        ]
    return tuple(clauses)


def _marks(text: str) -> list[re.Match[str]]:
    """Return the marks that count the clauses of a text: brackets, else stops, else bullets."""
    for pattern in (_BRACKETED, _CLAUSE):
        if marks := list(_in_order(pattern.finditer(text))):
            return marks
    bullets = list(_BULLET.finditer(text))
    return bullets if len(bullets) >= 2 else []


def _nested(text: str, start: int) -> list[re.Match[str]]:
    """Return the marks of clauses below a clause; empty where these are cross-references."""
    for pattern in (_BRACKETED, _CLAUSE):
        marks = list(_in_order(pattern.finditer(text, start)))
        if len(marks) >= 2 and re.search(
            r"(?:[:-]|\b(?:that|to|and))\s*$", text[start : marks[0].start()]
        ):
            return marks
    return []


def _in_order(marks: Iterator[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Keep the marks that count 1, 2, 3 or a, b, c or i, ii, iii: others are cross-references."""
    chosen: Sequence[str] | None = None
    position = 0
    for mark in marks:
        if chosen is None:
            chosen = next((s for s in _SERIES if mark["number"] == s[0]), None)
            if chosen is None:
                continue
        if position < len(chosen) and mark["number"] == chosen[position]:
            position += 1
            yield mark


def printed_number(text: str) -> Printed | None:
    """Return the number or bullet that a paragraph opens with, and the series it is of.

    Examples
    --------
    >>> printed_number("(b) that the Chair write"), printed_number("The Chair wrote")
    (Printed(number='b', style='(a)', place=2), None)
    """
    match = _PRINTED.match(text)
    if match is None:
        return None
    if match["bullet"]:
        return Printed(None, "bullet", 0)
    number = match["decimal"] or match["wide"] or match["number"]
    if match["decimal"]:
        return Printed(number, "1.1", int(number.rsplit(".", 1)[1]))
    mark = match.group().strip()
    wrap = ("(" if mark.startswith("(") else "") + "{}" + (")" if mark.endswith(")") else ".")
    for name, series in zip(("1", "a", "i", "A"), _SERIES, strict=True):
        # "i" is read as the first of i, ii, iii: nine clauses before it are rarer.
        if number in series and not (name == "a" and number in ("i", "v", "x")):
            return Printed(number, wrap.format(name), series.index(number) + 1)
    return Printed(number, wrap.format("i" if number in ("i", "v", "x") else "?"), 0)
