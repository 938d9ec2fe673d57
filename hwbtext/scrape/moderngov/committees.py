"""Choose the committees that are the board, its predecessors and its shadow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hwbtext.scrape.records import Committee

HEALTH_AND_WELLBEING = "Health and Wellbeing"
"""The board that is looked for unless another is named."""

# Bodies that watch, feed or stand in for the board; their papers are not the board's.
_OTHER_BODIES = frozenset("scrutiny overview select sub subcommittee subgroup".split())
# Registers of decisions by one person, listed as if they were committees.
_ONE_PERSON = re.compile(
    r"\b(?:cabinet|executive|lead|portfolio)\s(?:member|holder)|\bdelegated\b|\bdecisions?\b"
)
_BODY = frozenset("board boards partnership shadow".split())
_SMALL_WORDS = frozenset("and the of for".split())


def select_committees(
    committees: Iterable[Committee],
    board: str = HEALTH_AND_WELLBEING,
    *,
    committee_ids: tuple[str, ...] = (),
) -> tuple[Committee, ...]:
    """Return the committees that are the board, in the order of the site.

    Parameters
    ----------
    committees : iterable of Committee
        As the site lists them, expired ones included.
    board : str
        "Health and Wellbeing" (with or without "Board") finds current, expired and shadow
        boards however they spell it, and leaves out scrutiny, overview and select committees
        and sub-committees. Where no title has "Board" or "Partnership", other bodies of that
        name are taken. Any other text is matched by its words, all of them, in any order.
    committee_ids : tuple of str
        Where given, these and no others.

    Examples
    --------
    >>> from hwbtext.scrape.records import Committee
    >>> listed = [Committee("1", "Health & Well-being Board"), Committee("2", "Cabinet"),
    ...     Committee("3", "Health and Wellbeing Scrutiny Panel"),
    ...     Committee("4", "Shadow Health and Wellbeing Board", expired=True)]
    >>> [c.committee_id for c in select_committees(listed)]
    ['1', '4']
    >>> [c.committee_id for c in select_committees(listed, "scrutiny")]
    ['3']
    """
    listed = tuple({committee.committee_id: committee for committee in committees}.values())
    if committee_ids:
        return tuple(one for one in listed if one.committee_id in committee_ids)
    wanted = _words(board) - _SMALL_WORDS
    if not wanted:
        return ()
    # Who asks for a scrutiny panel by name means it.
    refused = frozenset[str]() if _OTHER_BODIES & wanted else _OTHER_BODIES
    fit = [one for one in listed if not _words(one.title) & refused]
    if wanted - {"board"} != {"health", "wellbeing"}:
        return tuple(one for one in fit if wanted <= _words(one.title))
    fit = [one for one in fit if not _ONE_PERSON.search(_plain(one.title))]
    named = [one for one in fit if _is_health_and_wellbeing(_words(one.title))]
    boards = [one for one in named if _words(one.title) & _BODY]
    return tuple(boards or named)


def _is_health_and_wellbeing(words: frozenset[str]) -> bool:
    # One board is called by its town and "Wellbeing Board" alone.
    return {"health", "wellbeing"} <= words or {"wellbeing", "board"} <= words or "hwb" in words


def _plain(title: str) -> str:
    plain = title.lower().replace("&", " and ")
    plain = re.sub(r"\bwell[\s‐‑–-]?being\b", "wellbeing", plain)
    return re.sub(r"\bh\s?and\s?wbb?\b|\bhwbb?\b", "hwb", plain)


def _words(title: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", _plain(title)))
