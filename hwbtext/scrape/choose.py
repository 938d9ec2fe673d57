"""Which of a meeting's documents a run takes, by the kinds that were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.errors import InputError
from hwbtext.scrape.records import DOCUMENT_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hwbtext.scrape.records import DocumentKind, Listing, MeetingPapers

DEFAULT_KINDS: tuple[DocumentKind, ...] = ("minutes", "agenda", "pack", "supplement", "strategy")
NO_PACK = "taken because the meeting has no pack"
NO_OTHER_MINUTES = "taken because that meeting has no minutes of its own"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A listing that the run deals with.

    Attributes
    ----------
    why : str or None
        Why it is dealt with, where its kind was not asked for.
    """

    listing: Listing
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a run does with the listings of one meeting.

    Attributes
    ----------
    now : tuple of Chosen
        Dealt with at once, in the order of the page; restricted and off-site ones among them.
    later : tuple of Chosen
        Minutes of an earlier meeting, which are wanted only if that one has none of its own.
    passed_over : tuple of Listing
        Of kinds that were not asked for.
    """

    now: tuple[Chosen, ...]
    later: tuple[Chosen, ...]
    passed_over: tuple[Listing, ...]


def read_kinds(names: Iterable[str]) -> frozenset[DocumentKind]:
    """Return the kinds of these names; raise :class:`InputError` for a name that is none.

    Minutes that stand on a page are no kind to ask for: they come with the minutes.

    Examples
    --------
    >>> sorted(read_kinds(["Minutes", "pack"]))
    ['minutes', 'pack']
    """
    known = {kind.replace("_", "-"): kind for kind in DOCUMENT_KINDS if kind != "minutes_inline"}
    kinds = set()
    for name in names:
        kind = known.get(name.strip().lower().replace("_", "-"))
        if kind is None:
            msg = f"There is no kind {name!r}. The kinds are {', '.join(known)}."
            raise InputError(msg)
        kinds.add(kind)
    if not kinds:
        msg = f"Name at least one kind of {', '.join(known)}."
        raise InputError(msg)
    return frozenset(kinds)


def choose(papers: MeetingPapers, kinds: frozenset[DocumentKind]) -> Choice:
    """Return what to do with the listings of one meeting.

    A public reports pack holds the single reports, so these are taken only where they were asked
    for, or where a pack was asked for and the meeting has none. What is restricted or lies on
    another host is always dealt with (and not fetched): the folder says that it exists.
    """
    packs = [one for one in papers.listings if one.kind == "pack" and not one.restricted]
    instead = "pack" in kinds and not packs
    now, later, passed_over = [], [], []
    for listing in papers.listings:
        if listing.restricted or listing.offsite or listing.kind in kinds:
            now.append(Chosen(listing))
        elif listing.kind == "report" and instead:
            now.append(Chosen(listing, NO_PACK))
        elif listing.kind == "previous_minutes" and "minutes" in kinds:
            later.append(Chosen(listing, NO_OTHER_MINUTES))
        else:
            passed_over.append(listing)
    return Choice(tuple(now), tuple(later), tuple(passed_over))
