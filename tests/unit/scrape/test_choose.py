"""What a run takes of a meeting, how it counts, and what it refuses to begin with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hwbtext.errors import InputError
from hwbtext.records import Site
from hwbtext.scrape.choose import DEFAULT_KINDS, NO_PACK, choose, read_kinds
from hwbtext.scrape.counts import ScrapeReport, Tally
from hwbtext.scrape.records import DOCUMENT_KINDS, DocumentKind, Listing, Meeting, MeetingPapers
from hwbtext.scrape.run import scrape
from hwbtext.scrape.visit import read_permission
from hwbtext.scrape.wish import Budget
from hwbtext.sites import RegisterEntry, choose_sites, read_register

MEETING = Meeting("1", "130", "Board", date(2025, 1, 9), None, None, "confirmed", None)


def listing(kind: DocumentKind, key: str = "", **stated: bool) -> Listing:
    url = f"https://ashmere.example/{key or kind}"
    return Listing(key or kind, kind, "label", url, url, kind, kind, **stated)  # type: ignore[arg-type]


def chosen(*listings: Listing, kinds: tuple[str, ...] = DEFAULT_KINDS) -> list[str]:
    choice = choose(MeetingPapers(MEETING, tuple(listings)), read_kinds(kinds))
    return [one.listing.doc_key for one in choice.now]


def test_every_listing_goes_one_way() -> None:
    papers = MeetingPapers(MEETING, tuple(listing(kind) for kind in DOCUMENT_KINDS))
    choice = choose(papers, read_kinds(DEFAULT_KINDS))
    keys = [one.listing.doc_key for one in (*choice.now, *choice.later)]
    keys += [one.doc_key for one in choice.passed_over]
    assert sorted(keys) == sorted(DOCUMENT_KINDS)


def test_reports_are_taken_where_there_is_no_pack() -> None:
    assert chosen(listing("report"), listing("pack")) == ["pack"]
    assert chosen(listing("report")) == ["report"]
    assert chosen(listing("report"), listing("pack", restricted=True)) == ["report", "pack"]
    assert chosen(listing("report"), kinds=("minutes",)) == []
    choice = choose(MeetingPapers(MEETING, (listing("report"),)), read_kinds(["pack"]))
    assert choice.now[0].why == NO_PACK


def test_what_is_restricted_or_away_is_always_dealt_with() -> None:
    assert chosen(
        listing("report", "a", restricted=True), listing("other", "b", offsite=True),
        kinds=("minutes",),
    ) == ["a", "b"]  # fmt: skip


@pytest.mark.parametrize("kinds", [["minuets"], ["minutes-inline"], []])
def test_kinds_are_known_ones(kinds: list[str]) -> None:
    with pytest.raises(InputError, match="minutes"):
        read_kinds(kinds)


def test_counts_add_up() -> None:
    tally = Tally("ashmere", "Ashmere")
    for outcome in ("new", "new_version", "duplicate", "unchanged", "not_found", "deferred"):
        tally.count(outcome)  # type: ignore[arg-type]
    for outcome in ("skipped_restricted", "refused_robots", "failed_type", "timed_out"):
        tally.count(outcome)  # type: ignore[arg-type]
    tally.hold(3)
    counts = tally.counts(1.0)
    assert (counts.n_new, counts.n_unchanged, counts.n_refused, counts.n_failed) == (3, 4, 3, 3)
    assert counts.n_found == 13
    assert not counts.all_well
    report = ScrapeReport("r", (counts, counts))
    assert report.total("n_found") == 26
    assert not report.all_well


def test_what_could_not_be_checked_is_no_none() -> None:
    tally = Tally("ashmere", "Ashmere")
    assert tally.counts(0).all_well
    for number in range(30):
        tally.could_not_check(f"meeting {number}")
    counts = tally.counts(0)
    assert counts.n_not_checked == 30
    assert len(counts.not_checked) == 20
    assert not counts.all_well


def test_a_budget_is_never_below_nothing() -> None:
    budget = Budget(10)
    budget.spend(25)
    assert budget.left() == 0


@pytest.mark.parametrize(
    ("permission", "who"),
    [("", None), ("Clerk; 2026-01-02; ref 3", "Clerk")],
)
def test_permissions_are_read(permission: str, who: str | None) -> None:
    entry = RegisterEntry(Site("a", "Ashmere", "ModernGov", None), permission=permission)
    found = read_permission(entry)
    assert (found.who if found else None) == who


@pytest.mark.parametrize("permission", ["yes", "Clerk; soon; ref", "Clerk; 2026-01-02"])
def test_a_permission_has_three_parts(permission: str) -> None:
    entry = RegisterEntry(Site("a", "Ashmere", "ModernGov", None), permission=permission)
    with pytest.raises(InputError, match="who; date; reference"):
        read_permission(entry)


@pytest.mark.parametrize(
    ("site", "message"),
    [
        (None, "no site"),
        (Site("a", "Ashmere", "CMIS", "https://a.example"), "by hand"),
        (Site("a", "Ashmere", "ModernGov", None), "no address"),
    ],
)
def test_what_cannot_be_collected_raises(tmp_path: Path, site: Site | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        scrape([site] if site else [], tmp_path / "out", contact="a@ashmere.example")
    assert not (tmp_path / "out").exists()


def test_the_register_says_what_is_known() -> None:
    register = read_register()
    assert len(register) == 153
    assert sum(1 for one in register.values() if one.site.platform == "ModernGov") == 135
    refused = [one for one in register.values() if "robots.txt disallowed" in one.notes]
    assert len(refused) == 19
    assert not any(one.permission for one in register.values())


def test_names_of_sites_are_told_apart() -> None:
    register = read_register()
    assert choose_sites(["E10000016", "Kent", "Kent County Council"], register) == (
        register["E10000016"],
    )
    with pytest.raises(InputError, match="may be"):
        choose_sites(
            ["Wokingham"],
            register | {"w": RegisterEntry(Site("w", "District of Wokingham", "", ""))},
        )
    with pytest.raises(InputError, match="Is it Kent County Council"):
        choose_sites(["Kent Co"], register)
