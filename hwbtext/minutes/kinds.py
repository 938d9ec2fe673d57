"""What kind of business an item is, by its title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hwbtext.records import ItemKind

_KINDS: tuple[tuple[ItemKind, re.Pattern[str]], ...] = (
    (
        "declarations",
        re.compile(
            r"\b(?:declarations?|disclosures?|conflicts?|declare|register(?:s|ing)?)\b[^.]{0,60}"
            r"\binterests?\b|\binterests?\s+declared|\bdispensations?\b",
            re.I,
        ),
    ),
    (
        "apologies",
        re.compile(
            r"\bapolog(?:y|ies)\b|\bmembership\s+and\s+substitut|^(?:notification\s+of\s+)?substitut",
            re.I,
        ),
    ),
    (
        "attendance",
        re.compile(
            r"^(?:(?:members|councillors|those)\s+)?(?:present|in\s+attendance|attendance|attending|attendees)\b",
            re.I,
        ),
    ),
    (
        "matters_arising",
        re.compile(
            r"^(?:to\s+(?:\w+\s+){1,3}|no\s+)?(?:any\s+)?matters?\s+(?:arising|raised\s+(?:from|at)\b)",
            re.I,
        ),
    ),
    (
        "action_log",
        re.compile(r"\baction\s+(?:log|tracker|list|points)\b|\bactions\s+arising", re.I),
    ),
    (
        "minutes",
        re.compile(
            r"^(?:(?:to\s+(?:\w+,?\s+){1,8}?|approval\s+of\s+|confirmation\s+of\s+)?(?:the\s+|draft\s+|"
            r"public\s+)*)minutes\b|\bminutes\s+(?:of|from)\s+(?:the\s+)?(?:last|previous|meeting)|"
            r"^minutes$|\bprevious\s+minutes\b",
            re.I,
        ),
    ),
    (
        "public_questions",
        re.compile(
            r"\b(?:public|members?\s+of\s+the\s+public)\b[^.]{0,40}\b(?:questions?|participation|"
            r"speaking|forum|comments?|session)\b|\bquestions?\b[^.]{0,40}\bpublic\b|"
            r"^open\s+(?:forum|session)|"
            r"\bpetitions?\b",
            re.I,
        ),
    ),
    ("exclusion", re.compile(r"\bexclusion\s+of\b|\bexclude\b[^.]{0,40}\bpublic|\bexempt\b", re.I)),
    (
        "other_business",
        re.compile(r"\b(?:any\s+)?other\s+business\b|\burgent\s+(?:business|items?)\b|^aob$", re.I),
    ),
    (
        "next_meeting",
        re.compile(
            r"\b(?:date|dates|time)\b[^.]{0,40}\b(?:next|future)\b[^.]{0,20}\bmeetings?\b|"
            r"^(?:next|future)\s+meetings?\b|^close\b",
            re.I,
        ),
    ),
    (
        "chair",
        re.compile(
            r"\b(?:election|appointment)\s+of\s+(?:the\s+|a\s+)?(?:(?:vice.|deputy.)?chair|officers\b)",
            re.I,
        ),
    ),
    (
        "welcome",
        re.compile(
            r"^(?:welcome|introductions?|chair(?:man|person)?'?s\s+(?:opening|introduct))", re.I
        ),
    ),
)

# Business of most meetings of a parish, a town or a small body.
_PARISH = re.compile(
    r"^(?:(?:any\s+)?(?:correspondence|planning|payments?|accounts?|cheques|financ\w+|treasurer'?s|precept|"
    r"highways?|footpaths|police|allotments?|cemetery|councill?ors'?|borough|county|district|chair(?:man)?'s|"
    r"clerk'?s|officers'|public)(?:\s+[\w'&/-]+){0,5}|reports?(?:\s+from\s.*)?)$",
    re.I,
)


def item_kind(title: str) -> ItemKind:
    """Return the kind of business that a title names; ``"business"`` for any other.

    Examples
    --------
    >>> item_kind("Declarations of Interest"), item_kind("Better Care Fund")
    ('declarations', 'business')
    """
    plain = title.replace("\u2019", "'")[:300]
    return next((kind for kind, pattern in _KINDS if pattern.search(plain)), "business")


def is_usual(title: str) -> bool:
    """Return whether a title is that of business which most meetings have.

    Examples
    --------
    >>> is_usual("Payments for approval"), is_usual("Matters arising"), is_usual("New gate")
    (True, True, False)
    """
    plain = title.replace("\u2019", "'").strip()[:300]
    return item_kind(plain) not in ("business", "attendance") or bool(_PARISH.match(plain))
