"""Builders of listings, downloads and folders of papers that the tests of the disk share."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hwbtext.records import Site
from hwbtext.scrape.holdings import Holdings
from hwbtext.scrape.records import (
    Download,
    InlineItem,
    Listing,
    Meeting,
    MeetingPapers,
    Placement,
)

ASHMERE = Site("ashmere-council", "Ashmere Council", "moderngov", "https://papers.ashmere.example")
THORNHOLME = Site("thornholme-council", "Thornholme Council", "moderngov", "https://t.example")
BASE = "https://papers.ashmere.example"
PDF = "application/pdf"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

_numbers = itertools.count()


def ticking(start: datetime = NOON) -> Callable[[], datetime]:
    """Return a clock that goes on by a second each time that it is read."""
    seconds = itertools.count()
    return lambda: start + timedelta(seconds=next(seconds))


def open_folder(root: Path, run_id: str = "r1", **options: Any) -> Holdings:
    options.setdefault("clock", ticking())
    return Holdings(root, run_id=run_id, tool_version="test", **options)


def a_meeting(
    meeting_id: str = "4967", day: date | None = date(2026, 2, 10), **more: Any
) -> Meeting:
    facts: dict[str, Any] = {
        "committee_id": "130",
        "committee": "Health and Wellbeing Board",
        "day_raw": None,
        "time_raw": "10.00 am",
        "status": "confirmed",
        "status_raw": "Confirmed",
        "url": f"{BASE}/ieListDocuments.aspx?MId={meeting_id}",
    }
    return Meeting(meeting_id=meeting_id, day=day, **{**facts, **more})


def a_listing(key: str = "s5", title: str = "Better Care Fund", **more: Any) -> Listing:
    facts: dict[str, Any] = {
        "kind": "report",
        "kind_evidence": "linked on item 4",
        "url": f"{BASE}/documents/{key}/{title}.pdf".replace(" ", "%20"),
        "url_original": f"documents/{key}/{title}.pdf",
        "title_raw": title,
        "placements": (Placement("18831", "4", "Better Care Fund"),),
    }
    return Listing(doc_key=key, title=title, **{**facts, **more})


def papers_of(*listings: Listing, meeting: Meeting | None = None, **more: Any) -> MeetingPapers:
    return MeetingPapers(
        meeting=meeting or a_meeting(), listings=listings, sources=("xml", "html"), **more
    )


def inline_papers(*items: tuple[str, str, str], **more: Any) -> MeetingPapers:
    return papers_of(inline=tuple(InlineItem(*item) for item in items), **more)


def a_pdf(text: str = "paper") -> bytes:
    """Return bytes that begin and end like a PDF; the disk does not look inside."""
    return f"%PDF-1.4\n/Font\n{text}\n%%EOF\n".encode()


def came(holdings: Holdings, content: bytes, **more: Any) -> Download:
    """Return a download as the client leaves it: complete, in the folder of drafts."""
    path = holdings.partial / f"download-{next(_numbers)}"
    path.write_bytes(content)
    facts: dict[str, Any] = {
        "url_final": f"{BASE}/documents/final.pdf",
        "redirect_chain": (),
        "http_status": 200,
        "not_modified": False,
        "path": path,
        "n_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "content_type": PDF,
        "sniffed_type": PDF,
        "etag": None,
        "last_modified": None,
        "retrieved_at": NOON,
        "robots": "allowed",
    }
    return Download(**{**facts, **more})


def not_modified(**more: Any) -> Download:
    return Download(
        url_final=f"{BASE}/documents/final.pdf",
        redirect_chain=(),
        http_status=304,
        not_modified=True,
        path=None,
        n_bytes=0,
        sha256=None,
        content_type=None,
        sniffed_type=None,
        etag=None,
        last_modified=None,
        retrieved_at=NOON,
        robots="allowed",
    )


def papers_in(root: Path) -> dict[str, bytes]:
    """Return the files that are kept as current, by path."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(root).parts)
        and path.parent != root
    }
