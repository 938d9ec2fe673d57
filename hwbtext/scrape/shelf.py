"""The papers of one meeting: what was asked for, what is kept, and what became of the rest."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from hwbtext.scrape.answers import CHECKED
from hwbtext.scrape.disk import disk_errors, hash_file
from hwbtext.scrape.flags import with_flags
from hwbtext.scrape.inline import inline_html, inline_key, inline_listing
from hwbtext.scrape.names import file_name, meeting_folder
from hwbtext.scrape.placing import free_path, is_intact, place, put_aside, stage
from hwbtext.scrape.records import Download
from hwbtext.scrape.row_writer import RowWriter, facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from hwbtext.records import Site
    from hwbtext.scrape.holdings import Holdings
    from hwbtext.scrape.records import (
        FetchError,
        Listing,
        ManifestRow,
        MeetingPapers,
        Outcome,
        Permission,
    )


class Conditions(NamedTuple):
    """What a server said of the bytes that are held; both None where none are, or were changed."""

    etag: str | None = None
    last_modified: str | None = None


class Shelf:
    """Keeps the papers of one meeting; :meth:`Holdings.meeting` makes it.

    For each document: :meth:`start`, then :meth:`keep` with what came or :meth:`fail` with the
    error; or :meth:`note` alone for what is not asked for. Each returns the row it wrote.
    """

    def __init__(
        self,
        holdings: Holdings,
        site: Site,
        papers: MeetingPapers,
        meeting: ManifestRow,
        permission: Permission | None,
        looked_at: datetime | None,
    ) -> None:
        self.papers = papers
        self.meeting = meeting
        self._holdings = holdings
        self._state = holdings.manifest.state
        self._site = site
        self._rows = RowWriter(holdings, papers, meeting, permission, looked_at)

    def held(self, listing: Listing) -> ManifestRow | None:
        """Return the row of the bytes that are held of a document, if they are still as kept."""
        row = self._rows.document(listing.doc_key)
        if row is not None and is_intact(self._holdings.root, row.path, row.sha256):
            return row
        return None

    def conditions(self, listing: Listing) -> Conditions:
        """Return what to ask the server with; nothing where the file is gone or was edited."""
        row = self.held(listing)
        return Conditions() if row is None else Conditions(row.etag, row.last_modified)

    def has_minutes(self) -> bool:
        """Return whether a file of this meeting's own minutes is held."""
        rows = self._state.places(self._site.site_id, self.meeting.meeting_id)
        return any(row.kind == "minutes" and row.path is not None for row in rows)

    def repeat(self, listing: Listing, since: datetime | None = None) -> ManifestRow | None:
        """Note a document that this run has checked for another meeting; None if it has not.

        A document that two meetings list is asked for once. With ``since``, checks of earlier
        runs from then on count too: those that this run goes on with.
        """
        with self._holdings.lock:
            row = self.held(listing)
            if (
                row is None
                or not (row.run_id == self._holdings.run_id or _is_since(row.last_checked, since))
                or row.meeting_id == self.meeting.meeting_id
                or row.outcome not in CHECKED
            ):
                return None
            known = self._rows.place(listing.doc_key)
            same = known is not None and known.sha256 == row.sha256
            return self._rows.finish(
                listing,
                "unchanged" if same else "duplicate",
                f"listed by meeting {row.meeting_id} too, and fetched for it",
                url_final=row.url_final,
                http_status=row.http_status,
                robots=row.robots,
            )

    def list_only(self, listing: Listing, reason: str) -> ManifestRow | None:
        """Note once that a document is listed which nobody asked for; None if that is known.

        It keeps ``previous_check`` true for the day on which somebody does ask.
        """
        known = self._rows.place(listing.doc_key)
        if known is not None and known.last_seen is None:
            return None
        return self.note(listing, "listed", reason)

    def start(self, listing: Listing, **facts: Any) -> ManifestRow:
        """Write that a document is about to be asked for."""
        return self._rows.start(listing, **facts)

    def note(self, listing: Listing, outcome: Outcome, reason: str, **facts: Any) -> ManifestRow:
        """Write what became of a document of which no new bytes came.

        Parameters
        ----------
        listing : Listing
        outcome : str
        reason : str
            For a person to read.
        **facts
            Other fields of the row: http_status, url_final, redirect_chain, robots, warnings.
        """
        with self._holdings.lock:
            return self._rows.finish(listing, outcome, reason, **facts)

    def fail(self, listing: Listing, error: FetchError, **facts: Any) -> ManifestRow:
        """Write why a document could not be had; what is held of it stays as it is."""
        facts = {"http_status": error.http_status, "url_final": error.url, **facts}
        return self.note(listing, error.outcome, str(error), **facts)

    def keep(self, listing: Listing, download: Download, **more: Any) -> ManifestRow:
        """Put what came in its place, or drop it where the same bytes are held already.

        Parameters
        ----------
        listing : Listing
        download : Download
            Its file is moved or removed, whatever becomes of it.
        **more
            Other fields of the row, as in :meth:`note`.

        Returns
        -------
        ManifestRow
            Its outcome is "new", "new_version", "unchanged", "duplicate", or "failed_empty".
            Where the row is written the file is kept, also through a crash the moment after.

        Raises
        ------
        DiskError
            The disk is full or read-only. What was kept before is as it was.
        """
        with self._holdings.lock, disk_errors(f"Keeping {listing.title!r}"):
            facts = facts_of(download) | more
            if download.not_modified or download.path is None:
                return self._not_modified(listing, facts)
            sha256, n_bytes = hash_file(download.path)
            if download.sha256 is not None and download.sha256 != sha256:
                download.path.unlink()
                reason = "the bytes on the disk are not those that came; check the disk"
                return self._rows.finish(listing, "failed_disk", reason, **facts)
            if not n_bytes:
                download.path.unlink()
                reason = "a file of no bytes came"
                return self._rows.finish(listing, "failed_empty", reason, **facts)
            if download.sniffed_type == "application/pdf":
                facts["warnings"] = with_flags(facts["warnings"], download.path)
            facts |= {
                "sha256": sha256,
                "n_bytes": n_bytes,
                "content_type": download.content_type,
                "sniffed_type": download.sniffed_type,
                "etag": download.etag,
                "last_modified": download.last_modified,
                "retrieved_at": download.retrieved_at,
            }
            return self._keep_bytes(listing, download.path, facts)

    def keep_inline(self, retrieved_at: datetime | None = None) -> ManifestRow | None:
        """Keep the minutes that stand on the meeting's page as one file; None if there are none.

        ``retrieved_at`` is when the page was read; by default now.
        """
        listing = inline_listing(self.papers, self._site)
        content = inline_html(self.papers, self._site.name)
        if listing is None or content is None:
            return None
        sha256 = hashlib.sha256(content).hexdigest()
        draft = self._holdings.partial / f"inline-{sha256}"
        with self._holdings.lock, disk_errors(f"Keeping {listing.title!r}"):
            draft.write_bytes(content)
            came = Download(
                url_final=listing.url,
                redirect_chain=(),
                http_status=200,
                not_modified=False,
                path=draft,
                n_bytes=len(content),
                sha256=sha256,
                content_type=None,
                sniffed_type="text/html",
                etag=None,
                last_modified=None,
                retrieved_at=retrieved_at or self._holdings.clock(),
                robots="the page was read already",
            )
            return self.keep(listing, came)

    def close(self, kinds: Iterable[str]) -> ManifestRow:
        """Write that the meeting's documents of these kinds were all dealt with."""
        return self._rows.close_meeting(kinds)

    def retire_inline(self, reason: str) -> ManifestRow | None:
        """Put the minutes of the page aside where a file of them is held: they are one text."""
        key = inline_key(self.papers.meeting.meeting_id)
        with self._holdings.lock, disk_errors("Putting the inline minutes aside"):
            before = self._rows.document(key)
            if before is None or before.path is None:
                return None
            row = self._rows.mark(before, path=None, supersedes=before.path, reason=reason)
            self._release(before)
            return row

    def mark_unlisted(self) -> tuple[ManifestRow, ...]:
        """Mark the documents that the meeting's page no longer lists; nothing is deleted."""
        listed = {listing.doc_key for listing in self.papers.listings}
        if self.papers.inline:
            listed.add(inline_key(self.papers.meeting.meeting_id))
        marked: list[ManifestRow] = []
        for row in self._state.places(self._site.site_id, self.meeting.meeting_id):
            if row.doc_key in listed or row.source != "scrape" or row.last_seen is not None:
                continue
            reason = "no longer listed by its meeting"
            marked.append(self._rows.mark(row, last_seen=row.last_checked, reason=reason))
        return tuple(marked)

    def _keep_bytes(self, listing: Listing, draft: Path, facts: dict[str, Any]) -> ManifestRow:
        """Write the row, which is the plan, and then carry it out."""
        root, sha256 = self._holdings.root, facts["sha256"]
        before = self._rows.document(listing.doc_key)
        known = before.sha256 if before is not None else None
        if before is not None and known == sha256 and is_intact(root, before.path, sha256):
            draft.unlink()
            if self._rows.place(listing.doc_key):
                return self._rows.finish(listing, "unchanged", None, **facts)
            reason = f"listed by meeting {before.meeting_id} too"
            return self._rows.finish(listing, "duplicate", reason, **facts)
        restored = before.path if before is not None and known == sha256 else None
        if before is not None and before.path is not None and known != sha256:
            facts["supersedes"] = before.path
        for path in self._state.paths_with(sha256):
            if restored is None and is_intact(root, path, sha256):
                draft.unlink()
                primary = self._state.holders(path)[0].doc_key
                facts |= {"path": path, "duplicate_of": primary}
                reason = "the same bytes as another one"
                row = self._rows.finish(listing, "duplicate", reason, **facts)
                self._release(before)
                return row
        outcome: Outcome = "new" if known is None else "new_version"
        again = None
        if restored is not None:
            outcome, again = "unchanged", "the file was gone or edited and is fetched again"
            facts["path"] = restored
        else:
            facts |= {"path": self._path(listing.title, facts), "duplicate_of": None}
        staged = stage(root, draft, sha256)
        row = self._rows.finish(listing, outcome, again, **facts)
        assert row.path is not None
        place(root, staged, row.path)
        self._release(before)
        return row

    def _release(self, before: ManifestRow | None) -> None:
        """Put the file of an earlier version aside, unless another document still has it."""
        if before is not None and before.path is not None and not self._state.holders(before.path):
            put_aside(self._holdings.root, before.path)

    def _path(self, title: str, facts: dict[str, Any]) -> str:
        """Return the path for new bytes; a meeting that moved keeps the folder of its first day."""
        meeting = self.meeting
        day = (*meeting.meeting_days_before, meeting.meeting_day)[0]
        folder = meeting_folder(self._site.name, meeting.committee, meeting.meeting_id, day)
        named = partial(file_name, title, facts["sha256"], facts["sniffed_type"])
        return free_path(self._holdings.root, self._state, folder, named, facts["sha256"])

    def _not_modified(self, listing: Listing, facts: dict[str, Any]) -> ManifestRow:
        if self.held(listing) is None:
            reason = "the server says 'not modified', but the file is not here; run again"
            return self._rows.finish(listing, "failed_http", reason, **facts)
        facts.pop("warnings")  # those of the bytes that are held stay
        return self._rows.finish(listing, "unchanged", None, **facts)


def _is_since(when: datetime | None, since: datetime | None) -> bool:
    return when is not None and since is not None and when >= since
