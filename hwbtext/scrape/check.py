"""Ask sites whether they answer: which do, which refuse, which have moved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from hwbtext.scrape.addresses import system_resolve
from hwbtext.scrape.moderngov.committees import select_committees
from hwbtext.scrape.moderngov.keys import normalize_base
from hwbtext.scrape.moderngov.pages import read_committees_page
from hwbtext.scrape.moderngov.xml import read_committees
from hwbtext.scrape.pace import DEFAULT_DELAY
from hwbtext.scrape.records import FetchError, UnreadableAnswerError
from hwbtext.scrape.targets import host_key
from hwbtext.scrape.visit import prepare_visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from hwbtext.scrape.addresses import Resolver
    from hwbtext.scrape.hops import Limits
    from hwbtext.scrape.pace import Clock
    from hwbtext.scrape.records import Committee, Page, Pages
    from hwbtext.sites import RegisterEntry

Answer = Literal["answers", "moved", "refuses", "not_there", "unreadable", "no_answer"]
_OF_OUTCOMES: dict[str, Answer] = {
    "refused_robots": "refuses",
    "blocked_waf": "refuses",
    "deferred": "refuses",
    "not_found": "not_there",
}


@dataclass(frozen=True, slots=True)
class SiteCheck:
    """How one site answered.

    Attributes
    ----------
    answer : str
        "answers" (its committees could be read), "moved" (they could, elsewhere), "refuses"
        (robots.txt, a firewall), "not_there" (no such page), "unreadable" (an answer that is no
        list of committees), "no_answer" (silence, TLS, an error of the server).
    how : str or None
        "xml" where the web service answered, "html" where only the pages did.
    boards : tuple of str
        Committees whose name fits.
    detail : str
        Where it moved, or why it could not be read.
    """

    site_id: str
    name: str
    answer: Answer
    how: str | None = None
    boards: tuple[str, ...] = ()
    detail: str = ""


def check_sites(
    entries: Iterable[RegisterEntry],
    *,
    contact: str,
    board: str = "Health and Wellbeing",
    delay: float = DEFAULT_DELAY,
    allow: Iterable[str] = (),
    ca_bundle: Path | None = None,
    limits: Limits | None = None,
    clock: Clock | None = None,
    resolve: Resolver = system_resolve,
    told: Callable[[SiteCheck], None] | None = None,
) -> tuple[SiteCheck, ...]:
    """Read the list of committees of each site, as a run would begin; at most four requests each.

    Parameters
    ----------
    entries : iterable of RegisterEntry
        ModernGov sites with an address.
    told : callable, optional
        Hears of each site as soon as it is known, from many threads.

    Raises
    ------
    InputError
        An argument does not fit.
    """
    based = tuple(
        replace(entry, site=replace(entry.site, base_url=normalize_base(entry.site.base_url or "")))
        for entry in entries
    )
    visit = prepare_visit(
        based,
        contact=contact,
        delay=delay,
        allow=allow,
        ca_bundle=ca_bundle,
        limits=limits,
        clock=clock,
        resolve=resolve,
    )

    def check(entry: RegisterEntry) -> SiteCheck:
        found = check_site(entry, visit.client, board)
        if told is not None:
            told(found)
        return found

    return visit.each(check)


def check_site(entry: RegisterEntry, pages: Pages, board: str) -> SiteCheck:
    """Ask one site for its committees: the web service first, then its pages."""
    site = entry.site
    base = site.base_url or ""
    error: FetchError | UnreadableAnswerError | None = None
    for how, path in (
        ("xml", "mgWebService.asmx/GetCommittees"),
        ("html", "mgListCommittees.aspx"),
        ("html", "ieDocHome.aspx"),
    ):
        try:
            page = pages.page(f"{base}/{path}")
            committees = _read(how, page)
        except FetchError as caught:
            error = caught
            if caught.host_stopped or caught.outcome in ("refused_robots", "failed_tls"):
                break
            continue
        except UnreadableAnswerError as caught:
            error = error or caught
            continue
        boards = tuple(
            one.title
            for one in select_committees(committees, board, committee_ids=entry.committees)
        )
        there = normalize_base(page.url_final.rsplit("/mgWebService.asmx", 1)[0])
        if host_key(there) != host_key(base):
            return SiteCheck(site.site_id, site.name, "moved", how, boards, there)
        return SiteCheck(site.site_id, site.name, "answers", how, boards)
    answer: Answer = "unreadable"
    if isinstance(error, FetchError):
        answer = _OF_OUTCOMES.get(error.outcome, "no_answer")
    return SiteCheck(site.site_id, site.name, answer, detail=str(error))


def _read(how: str, page: Page) -> tuple[Committee, ...]:
    if how == "xml":
        return read_committees(page.body)
    return read_committees_page(page.body, page.url_final)
