"""What leads in to a list of clauses, and the numbered lines that are clauses and no items."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from hwbtext.minutes.clauses import BODY, Printed, opens_resolution, printed_number
from hwbtext.minutes.kinds import item_kind
from hwbtext.minutes.titles import has_verb, tells
from hwbtext.text import n_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hwbtext.minutes.lines import Line

BARE_LABEL = re.compile(
    r"^\W*(?:\w{1,6}[.)]\s+)?(?:Decisions?|DECISIONS?|Resolutions?|RESOLUTIONS?|Resolved|Outcomes?|"
    r"OUTCOMES?|Agreed|Actions?\s+agreed)\s*:?\s*-?$"
)
"""A label alone on its line: the paragraphs below it are the clauses."""

LEADS_IN = re.compile(
    r"(?:[:-]|\b(?:that|to|and|The|the|Board|Committee|Council|Cabinet|Panel))\s*$"
)
"""How a line ends that leads in to the ones below it."""

ENDS_LIST = re.compile(
    r"^\W*(?:Minutes|Reasons?(?:\s+for)?|Action|Note|Background|Discussion|Voting|Vote|Signed|"
    r"Alternative|Options|Additional|In\s+accordance|Following|Motion|Amendment|For\s*\()\b"
)
"""What no clause opens with: below a list it stands apart."""

_PAYMENT = re.compile(r"£\s?\d")
_BALANCE = re.compile(r"\b(?:balances?|stood|stands?|total\s+income)\b", re.IGNORECASE)
_PAYS = re.compile(r"\bpay\b[^£]{0,60}£")
_MOST_PAYMENT = 15  # words
_THAT = re.compile(rf"\W*[Tt]hat(?:\s+(?:the\s+)?{BODY})?\W*")
_CLAUSE_END = re.compile(r"(?:[.;,]|\b(?:and|or))\W{0,2}$")
_MOST_TITLE = 14  # words
_AMBIGUOUS = ("i", "v", "x")  # letters that count clauses, and numbers too


def is_payment(text: str) -> bool:
    """Return whether a line is one of a list of payments.

    Examples
    --------
    >>> is_payment("Hall hire £40.00"), is_payment("Hall hire")
    (True, False)
    """
    paid = _PAYMENT.search(text) is not None and n_words(text) <= _MOST_PAYMENT
    return paid and not (tells(text) or has_verb(text) or _BALANCE.search(text))


def opens_payments(text: str) -> bool:
    """Return whether a decision may have more payments on the lines below it.

    Examples
    --------
    >>> opens_payments("It was resolved to pay Hall hire £40.00"), opens_payments("£40 was paid")
    (True, False)
    """
    return _PAYS.search(text) is not None


def leads_on(line: Line) -> bool:
    """Return whether a line below a lead-in leads in too: "RESOLVED", "That the Council:".

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> leads_on(Line(0, 0, 17, "That the Council:", "paragraph"))
    True
    """
    if line.kind != "paragraph" or printed_number(line.text) is not None:
        return False
    return line.text.rstrip().endswith(":") or _THAT.fullmatch(line.text) is not None


def heads_clauses(line: Line, following: Line | None) -> bool:
    """Return whether a line is a title over the first of the clauses: "Capital", "(a) The plan".

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> clause = Line(1, 8, 29, "(a) The plan be agreed", "paragraph")
    >>> heads_clauses(Line(0, 0, 7, "Capital", "paragraph"), clause)
    True
    """
    if following is None or following.is_heading or printed_number(line.text) is not None:
        return False
    mark = printed_number(following.text)
    short = n_words(line.text) <= _MOST_TITLE and not _CLAUSE_END.search(line.text)
    return short and mark is not None and mark.place == 1


def number_after(text: str, last: Mapping[str, int]) -> Printed | None:
    """Return the number that a paragraph opens with, as those before it count.

    Parameters
    ----------
    text : str
    last : mapping of str to int
        The styles that have counted so far, and the last place of each.

    Examples
    --------
    >>> number_after("(i) The fees", {"(a)": 8}).place, number_after("(i) The fees", {}).place
    (9, 1)
    """
    mark = printed_number(text)
    if mark is None or mark.number not in _AMBIGUOUS:
        return mark
    letters = mark.style.replace("i", "a")
    place = ord(mark.number) - 96
    counts_on = last.get(mark.style) == mark.place - 1 and mark.place > 1
    if last.get(letters) == place - 1 and not counts_on:
        return Printed(mark.number, letters, place)
    return mark


def clause_lines(lines: Sequence[Line]) -> frozenset[int]:
    """Return the starts of numbered lines that are clauses of a decision above them.

    They count from one below a lead-in ("DECISIONS", "RESOLVED that:") and end as clauses do,
    with a stop or a joint. Where none of them does, those that the next number follows directly
    are clauses; any other line may be the title of the next item.

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> texts = ["DECISIONS", "That Council:", "1. Note it;", "2. Pay.", "3. Roads"]
    >>> sorted(clause_lines([Line(n, n, n, t, "paragraph") for n, t in enumerate(texts)]))
    [2, 3]
    """
    found: set[int] = set()
    open_list = False
    place, style = 0, ""
    stopped = False  # a clause of this list ended in a stop
    for line, following in pairwise((*lines, None)):
        if line is None:
            break
        if line.kind == "table_cell" or line.is_heading:
            open_list = BARE_LABEL.match(line.text) is not None
            place = 0
            continue
        mark = printed_number(line.text)
        lead = BARE_LABEL.match(line.text) is not None or (
            opens_resolution(line.text) and LEADS_IN.search(line.text) is not None
        )
        if lead or (open_list and not place and leads_on(line)):
            open_list, place, stopped = True, 0, False
            continue
        if not open_list or mark is None:
            open_list = open_list and place > 0  # prose may go on below a clause
            continue
        if mark.place == 0 or (place and mark.style != style):
            continue  # bullets, and clauses below a clause
        ends = _CLAUSE_END.search(line.text) is not None
        after = printed_number(following.text) if following else None
        counts_on = after is not None and after.place == mark.place + 1
        clause = ends or (counts_on and not stopped)
        if mark.place != place + 1 or not clause or item_kind(line.text) != "business":
            open_list = False
            continue
        stopped = stopped or ends
        place, style = mark.place, mark.style
        found.add(line.start)
    return frozenset(found)
