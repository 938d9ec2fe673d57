"""Writes the rows of one meeting's documents: what is listed, what is held, what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hwbtext.scrape.holdings import Holdings
    from hwbtext.scrape.records import (
        Download,
        Listing,
        ManifestRow,
        MeetingPapers,
        Outcome,
        Permission,
    )

# What is held of a document: said again beside the failure of a later check.
_HELD = (
    "path",
    "sha256",
    "n_bytes",
    "content_type",
    "sniffed_type",
    "etag",
    "last_modified",
    "retrieved_at",
    "supersedes",
    "warnings",
)


class RowWriter:
    """Puts the rows of a meeting's documents together and appends them."""

    def __init__(
        self,
        holdings: Holdings,
        papers: MeetingPapers,
        meeting: ManifestRow,
        permission: Permission | None,
        looked_at: datetime | None,
    ) -> None:
        self._holdings = holdings
        self._state = holdings.manifest.state
        self._meeting = meeting
        self._looked_at = looked_at
        self._permission = permission_text(permission)
        packs = [listing.doc_key for listing in papers.listings if listing.kind == "pack"]
        self._pack = packs[0] if len(packs) == 1 else None

    def document(self, doc_key: str) -> ManifestRow | None:
        """Return the last row of a document, whichever meeting lists it."""
        return self._state.document(self._meeting.site_id, doc_key)

    def place(self, doc_key: str) -> ManifestRow | None:
        """Return the last row of a document as this meeting lists it."""
        return self._state.place(self._meeting.site_id, self._meeting.meeting_id, doc_key)

    def start(self, listing: Listing, **facts: Any) -> ManifestRow:
        """Write that a document is about to be asked for."""
        return self._append(replace(self._row(listing, "started"), **facts))

    def finish(
        self, listing: Listing, outcome: Outcome, reason: str | None, **facts: Any
    ) -> ManifestRow:
        """Write what became of a document; what ``facts`` leave out of the bytes held is kept."""
        row = self._row(listing, "finished")
        held = self._held(listing.doc_key)
        return self._append(replace(row, **{**held, **facts, "outcome": outcome, "reason": reason}))

    def mark(self, row: ManifestRow, **facts: Any) -> ManifestRow:
        """Write something of a document that was not asked for: its outcome is None."""
        held = self._held(row.doc_key or "")
        return self._append(
            replace(
                row,
                **{
                    **held,
                    "run_id": self._holdings.run_id,
                    "at": self._holdings.clock(),
                    "outcome": None,
                    "tool_version": self._holdings.tool_version,
                    **facts,
                },
            )
        )

    def close_meeting(self, kinds: Iterable[str]) -> ManifestRow:
        """Write that the meeting's documents of these kinds were all dealt with."""
        at = self._holdings.clock()
        return self._append(replace(self._meeting, at=at, kinds=tuple(sorted(kinds))))

    def _append(self, row: ManifestRow) -> ManifestRow:
        self._holdings.manifest.append(row)
        return row

    def _held(self, doc_key: str) -> dict[str, Any]:
        """Return the fields of the bytes that are held, by the last row of the document.

        The row of another meeting may be older than a version that this document has since got.
        """
        before = self.document(doc_key)
        if before is None:
            return {}
        held: dict[str, Any] = {name: getattr(before, name) for name in _HELD}
        holders = self._state.holders(before.path) if before.path is not None else ()
        # Another document of the same bytes may have moved on to others.
        still = before.duplicate_of in {row.doc_key for row in holders}
        return {**held, "duplicate_of": before.duplicate_of if still else None}

    def _row(self, listing: Listing, event: Literal["started", "finished"]) -> ManifestRow:
        meeting, now = self._meeting, self._holdings.clock()
        looked_at = self._looked_at or now
        known = self.place(listing.doc_key)
        in_pack = listing.placements or listing.kind == "agenda"
        return replace(
            meeting,
            event=event,
            at=now,
            doc_key=listing.doc_key,
            kind=listing.kind,
            kind_evidence=listing.kind_evidence,
            title=listing.title,
            title_raw=listing.title_raw,
            placements=listing.placements,
            url_original=listing.url_original,
            attachment_id=listing.attachment_id,
            publication_day=listing.publication_day,
            restricted=listing.restricted,
            first_seen=known.first_seen if known else looked_at,
            previous_check=known.previous_check if known else meeting.previous_check,
            last_checked=looked_at,
            part_of=self._pack if in_pack and listing.doc_key != self._pack else None,
            permission=self._permission,
            reason=None,
            warnings=(),
        )


def permission_text(permission: Permission | None) -> str | None:
    """Return a permission as the manifest writes it."""
    if permission is None:
        return None
    return f"{permission.who}, {permission.day.isoformat()}, {permission.reference}"


def facts_of(download: Download) -> dict[str, Any]:
    """Return what a row says of the answer of a server."""
    return {
        "url_final": download.url_final,
        "redirect_chain": download.redirect_chain,
        "http_status": download.http_status,
        "robots": download.robots,
        "warnings": download.warnings,
    }
