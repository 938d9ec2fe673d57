"""Put listings of one meeting together: one a key, every placement kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from hwbtext.scrape.records import Listing, Placement

_VAGUE = frozenset(("report", "other"))


def collect(listings: Iterable[Listing]) -> tuple[Listing, ...]:
    """Return one listing for each canonical key, in the order of first sight.

    Placements add up; what one listing lacks (a title, a date of publication) another gives; a
    document that is restricted anywhere is restricted. A kind that says something comes before
    "report" and "other", also between two addresses of one attachment.
    """
    found: dict[str, Listing] = {}
    for listing in listings:
        known = found.get(listing.doc_key)
        found[listing.doc_key] = listing if known is None else _joined(known, listing)
    told: dict[str, Listing] = {}
    published: dict[str, date] = {}
    restricted: set[str] = set()
    for one in found.values():
        if one.attachment_id and one.kind not in _VAGUE:
            told.setdefault(one.attachment_id, one)
        if one.attachment_id and one.publication_day:
            published.setdefault(one.attachment_id, one.publication_day)
        if one.attachment_id and one.restricted:
            restricted.add(one.attachment_id)
    return tuple(_like_its_aliases(one, told, published, restricted) for one in found.values())


def _like_its_aliases(
    listing: Listing,
    told: dict[str, Listing],
    published: dict[str, date],
    restricted: set[str],
) -> Listing:
    number = listing.attachment_id
    if number is None:
        return listing
    alias = told.get(number, listing) if listing.kind in _VAGUE else listing
    return replace(
        listing,
        kind=alias.kind,
        kind_evidence=alias.kind_evidence,
        publication_day=listing.publication_day or published.get(number),
        restricted=listing.restricted or number in restricted,
    )


def _joined(known: Listing, other: Listing) -> Listing:
    told = other if known.kind in _VAGUE and other.kind not in _VAGUE else known
    return replace(
        known,
        kind=told.kind,
        kind_evidence=told.kind_evidence,
        title=known.title or other.title,
        title_raw=known.title_raw or other.title_raw,
        attachment_id=known.attachment_id or other.attachment_id,
        publication_day=known.publication_day or other.publication_day,
        restricted=known.restricted or other.restricted,
        placements=_placed(known.placements, other.placements),
    )


def _placed(known: tuple[Placement, ...], others: tuple[Placement, ...]) -> tuple[Placement, ...]:
    placed = list(known)
    for other in others:
        if not any(_same(one, other) for one in placed):
            placed.append(other)
    return tuple(placed)


def _same(one: Placement, other: Placement) -> bool:
    if one.item_id and other.item_id:
        return one.item_id == other.item_id
    return (one.number, one.title) == (other.number, other.title)
