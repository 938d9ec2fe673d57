"""Saved pages of real ModernGov sites, and address lists of fourteen councils.

The pages lie outside the repository; nothing of their text is in it. All counts were made by
eye on the HTML, or by searching the text for the addresses, before the parser was run.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from hwbtext.scrape.moderngov.committees import select_committees
from hwbtext.scrape.moderngov.keys import document_key, meeting_key, normalize_base, resolve
from hwbtext.scrape.moderngov.kinds import judge_kind
from hwbtext.scrape.moderngov.meeting_page import read_page
from hwbtext.scrape.moderngov.pages import (
    page_type,
    read_committees_page,
    read_meetings_page,
)
from hwbtext.scrape.moderngov.skins import is_document, trim_label

SITE = "https://moderngov.kingston.gov.uk"


@pytest.mark.parametrize(
    ("name", "day", "status", "header", "by_item", "n_items", "n_inline", "n_decided", "n_cut"),
    [
        (
            "Agenda_151.html",
            date(2026, 1, 15),
            "unknown",
            ["agenda", "pack", "supplement", "supplement", "decisions", "minutes"],
            {"58": 1, "59": 5, "60": 2, "61": 1, "62": 5, "63": 2, "64": 1},
            12,
            12,
            3,
            2,
        ),
        ("Agenda_412.html", date(2025, 12, 4), "cancelled", [], {}, 0, 0, 0, 0),
        (
            "Agenda_Irrelevant.html",
            date(2025, 11, 18),
            "unknown",
            ["agenda", "pack", "decisions", "minutes"],
            {"35": 2, "36": 1, "37": 1},
            10,
            10,
            1,
            1,
        ),
    ],
)
def test_meetings(
    real_papers: Path,
    name: str,
    day: date,
    status: str,
    header: list[str],
    by_item: dict[str, int],
    n_items: int,
    n_inline: int,
    n_decided: int,
    n_cut: int,
) -> None:
    page = read_page((real_papers / "kingston-moderngov" / name).read_bytes(), SITE, base=SITE)
    meeting = page.papers.meeting
    assert (meeting.day, meeting.status, meeting.time_raw) == (day, status, "7:30 pm")
    assert [one.kind for one in page.papers.listings if not one.placements] == header
    placed = [one for one in page.papers.listings if one.placements]
    assert Counter(place.number for one in placed for place in one.placements) == by_item
    assert page.n_items == n_items
    assert len(page.papers.inline) == n_inline
    assert len(page.decisions) == n_decided
    assert len(page.more) == n_cut
    assert not any(one.title.endswith(("KB", "MB")) for one in page.papers.listings)
    assert not any(one.offsite or one.restricted for one in page.papers.listings)


def test_the_minutes_for_approval_are_the_only_earlier_ones(real_papers: Path) -> None:
    body = (real_papers / "kingston-moderngov" / "Agenda_151.html").read_bytes()
    kinds = Counter(one.kind for one in read_page(body, SITE, base=SITE).papers.listings)
    assert kinds == {
        "report": 16,
        "supplement": 2,
        "previous_minutes": 1,
        "minutes": 1,
        "decisions": 1,
        "agenda": 1,
        "pack": 1,
    }


def test_a_list_of_meetings(real_papers: Path) -> None:
    body = (real_papers / "kingston-moderngov" / "BrowseMeetings.html").read_bytes()
    page = read_meetings_page(body, f"{SITE}/ieListMeetings.aspx?CommitteeId=711")
    assert len(page.meetings) == 15
    assert {one.committee_id for one in page.meetings} == {"711"}
    assert (page.meetings[0].day, page.meetings[-1].day) == (date(2026, 6, 15), date(2024, 9, 5))
    assert Counter(one.day.year for one in page.meetings if one.day) == {2024: 3, 2025: 8, 2026: 4}
    assert [one.day for one in page.meetings if one.status == "cancelled"] == [date(2025, 12, 4)]
    assert Counter(one.time_raw for one in page.meetings) == {"7:30 pm": 14, "7:00 pm": 1}
    assert len(page.earlier) == len(page.later) == 1


def test_a_list_of_committees_without_the_board(real_papers: Path) -> None:
    body = (real_papers / "kingston-moderngov" / "CommitteeStructure.html").read_bytes()
    committees = read_committees_page(body, SITE)
    assert len(committees) == 30
    assert select_committees(committees) == ()
    assert len(select_committees(committees, "Scrutiny Panel")) == 2


def test_other_pages_are_told_from_those(real_papers: Path) -> None:
    types = {
        path.name: page_type(path.read_bytes())
        for folder in ("kingston-moderngov", "openlylocal-fixtures")
        for path in sorted((real_papers / folder).glob("*.html"))
    }
    assert {name: told for name, told in types.items() if told} == {
        "Agenda_151.html": "meeting",
        "Agenda_412.html": "meeting",
        "Agenda_Irrelevant.html": "meeting",
        "BrowseMeetings.html": "meetings",
        "CommitteeStructure.html": "committees",
    }
    assert len(types) == 13


def test_addresses_of_fourteen_councils(real_papers: Path) -> None:
    meetings: list[str] = []
    documents: dict[str, set[str]] = {}
    kinds: Counter[str] = Counter()
    n_documents = n_more = 0
    for path in sorted((real_papers / "lancs-meetings-json").glob("*.json")):
        council = json.loads(path.read_text(encoding="utf-8"))
        if not council:
            continue
        base = normalize_base(council["source"])
        for meeting in council["meetings"]:
            if key := meeting_key(meeting["link"], base):
                meetings.append(key)
            for one in meeting.get("documents", []):
                if isinstance(one, str):
                    continue
                n_documents += 1
                url = resolve(one["url"], base)
                if not is_document(url):
                    n_more += 1
                    continue
                documents.setdefault(document_key(url, base), set()).add(one["url"])
                label = trim_label(one["title"])
                kind, _ = judge_kind(label, url=url, committee=meeting["committee"])
                kinds[kind] += 1
    assert len(meetings) == len(set(meetings)) == 208
    assert (n_documents, n_more) == (1452, 22)
    assert len(documents) == 1430
    assert all(len(urls) == 1 for urls in documents.values())
    # By T in the addresses: 0, 10, 1 and 11, 2, 9.
    assert (kinds["agenda"], kinds["pack"]) == (111, 87)
    assert (kinds["minutes"], kinds["decisions"], kinds["supplement"]) == (41 + 3, 7, 28)
    assert kinds["previous_minutes"] == 80
