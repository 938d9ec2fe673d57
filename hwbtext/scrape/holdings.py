"""The folder of the papers: one writer at a time, whole files only, nothing deleted.

::

    DIR/ashmere-council/2026/2026-02-10_health-and-wellbeing-board_4967/Minutes-1f2e3d4c.pdf
    DIR/manifest.jsonl      what was listed, asked for and kept; only added to
    DIR/metadata.csv        what `hwbtext mine` wants to know of the files; written anew
    DIR/.partial/           downloads on their way
    DIR/.superseded/        earlier versions, under the paths that they had
    DIR/.lock               while a run writes
"""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from hwbtext.scrape.disk import disk_errors, inside, make_folder, write_whole
from hwbtext.scrape.lock import FolderLock
from hwbtext.scrape.manifest import MANIFEST_NAME, Manifest
from hwbtext.scrape.metadata import METADATA_NAME, metadata_csv
from hwbtext.scrape.placing import PARTIAL, finish_moves
from hwbtext.scrape.records import ManifestRow
from hwbtext.scrape.row_writer import permission_text
from hwbtext.scrape.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path
    from types import TracebackType

    from hwbtext.records import Site
    from hwbtext.scrape.records import Meeting, MeetingPapers, Outcome, Permission


def now_utc() -> datetime:
    """Return the time by this machine's own clock: a server's may be wrong."""
    return datetime.now(UTC)


class Holdings:
    """A folder of papers, open for writing; use it in a ``with`` statement.

    Parameters
    ----------
    root : Path
        Made if it is not there.
    run_id : str
        Names the run in every row that it writes.
    tool_version : str
        As the rows say it: "hwbtext 0.4.0".
    source : {"scrape", "manual"}, default "scrape"
        Whether papers come from a site or from a folder of saved files.
    clock : callable, optional
        Returns the present instant, aware and UTC.

    Attributes
    ----------
    partial : Path
        Where downloads are written: give it to ``Downloads.download`` as ``into``.
    manifest : Manifest
        ``manifest.state`` answers what is known of a document or a meeting.
    recovered : tuple of str
        What a run before this one left unfinished, and what was done about it.

    Raises
    ------
    FolderInUseError
        Another run is writing the folder.
    DiskError
        The folder cannot be made or written.
    SchemaError
        A newer hwbtext has written it.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Holdings(Path(folder), run_id="r1", tool_version="doctest") as holdings:
    ...         sorted(path.name for path in holdings.root.iterdir())
    ['.lock', '.partial', 'manifest.jsonl']
    """

    def __init__(
        self,
        root: Path,
        *,
        run_id: str,
        tool_version: str,
        source: Literal["scrape", "manual"] = "scrape",
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        self.root = root
        self.source = source
        self.run_id = run_id
        self.tool_version = tool_version
        self.clock = clock
        self.partial = root / PARTIAL
        self.recovered: tuple[str, ...] = ()
        self.lock = threading.RLock()
        self._open = ExitStack()

    def __enter__(self) -> Holdings:
        with disk_errors(f"Opening {str(self.root)!r}"), ExitStack() as opening:
            make_folder(self.root)
            opening.enter_context(FolderLock(self.root))
            make_folder(self.partial)
            inside(self.root, f"{PARTIAL}/draft")  # left drafts are removed: only ever its own
            self.manifest = Manifest(self.root / MANIFEST_NAME)
            opening.callback(self.manifest.close)
            self.recovered = finish_moves(self.root, self.manifest.state)
            if self.manifest.n_torn:
                cut = f"took {self.manifest.n_torn} bytes of a row cut off from the manifest's end"
                self.recovered = (cut, *self.recovered)
            self._open = opening.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def meeting(
        self,
        site: Site,
        papers: MeetingPapers,
        *,
        permission: Permission | None = None,
        looked_at: datetime | None = None,
    ) -> Shelf:
        """Write what was listed of a meeting, and return where its papers are kept.

        Documents that an earlier look found and this one does not are marked as no longer
        listed, unless the listing could not be read in full; nothing is deleted.

        Parameters
        ----------
        site : Site
        papers : MeetingPapers
            A meeting id of "" stands for papers of no known meeting: no row is written of it.
        permission : Permission, optional
            The leave under which a file was fetched that robots.txt refuses.
        looked_at : datetime, optional
            When the listing was read; by default now.
        """
        with self.lock:
            known = self.manifest.state.meeting(site.site_id, papers.meeting.meeting_id)
            row = self._meeting_row(site, papers, known, looked_at or self.clock())
            shelf = Shelf(self, site, papers, row, permission, looked_at)
            if row.meeting_id is not None:
                self.manifest.append(row)
                if papers.could_not_check is None and self.source == "scrape":
                    shelf.mark_unlisted()
            return shelf

    def note_vanished(
        self,
        site: Site,
        seen: Iterable[Meeting],
        *,
        since: date | None,
        until: date | None,
    ) -> tuple[ManifestRow, ...]:
        """Mark the meetings that a whole list no longer has: when each was last seen there.

        Only meetings of committees that the list did show, from ``since`` to ``until``, are
        judged. Call it after a list that was read to its end.
        """
        seen = tuple(seen)
        ids = {meeting.meeting_id for meeting in seen}
        committees = {meeting.committee_id for meeting in seen}
        gone: list[ManifestRow] = []
        with self.lock:
            for row in self.manifest.state.meetings(site.site_id):
                judged = (
                    row.source == "scrape"
                    and row.last_seen is None
                    and row.committee_id in committees
                    and row.meeting_id not in ids
                    and _within(row.meeting_day, since, until)
                )
                if judged:
                    mark = replace(
                        row,
                        run_id=self.run_id,
                        at=self.clock(),
                        last_seen=row.last_checked,
                        reason="no longer in the site's list",
                        tool_version=self.tool_version,
                    )
                    self.manifest.append(mark)
                    gone.append(mark)
        return tuple(gone)

    def note_site(
        self,
        site: Site,
        reason: str | None,
        *,
        outcome: Outcome | None = None,
        warnings: tuple[str, ...] = (),
        permission: Permission | None = None,
    ) -> ManifestRow:
        """Write a row on a site as a whole: its list was read (reason None), or why not."""
        row = ManifestRow(
            event="run",
            run_id=self.run_id,
            at=self.clock(),
            site_id=site.site_id,
            site=site.name,
            system=site.platform,
            outcome=outcome,
            reason=reason,
            warnings=warnings,
            permission=permission_text(permission),
            tool_version=self.tool_version,
        )
        self.manifest.append(row)
        return row

    def write_metadata(self) -> Path:
        """Write ``metadata.csv`` for every file that is there; return its path."""
        path = self.root / METADATA_NAME
        with self.lock, disk_errors(f"Writing {METADATA_NAME}"):
            content = metadata_csv(self.root, self.manifest.state).encode("utf-8")
            if not path.is_file() or path.read_bytes() != content:
                write_whole(path, content, self.partial)
        return path

    def _meeting_row(
        self,
        site: Site,
        papers: MeetingPapers,
        known: ManifestRow | None,
        looked_at: datetime,
    ) -> ManifestRow:
        meeting = papers.meeting
        before = known.meeting_days_before if known else ()
        day = meeting.day
        if known and known.meeting_day and day is None:
            day = known.meeting_day
        elif known and known.meeting_day and known.meeting_day != day:
            before = (*before, known.meeting_day)
        full = papers.could_not_check is None
        return ManifestRow(
            event="meeting",
            run_id=self.run_id,
            at=self.clock(),
            site_id=site.site_id,
            site=site.name,
            system=site.platform,
            committee_id=meeting.committee_id,
            committee=meeting.committee,
            source=self.source,
            meeting_id=meeting.meeting_id or None,
            meeting_day=day,
            meeting_days_before=before,
            meeting_time_raw=meeting.time_raw,
            status=meeting.status,
            status_raw=meeting.status_raw,
            url_original=meeting.url,
            first_seen=known.first_seen if known else looked_at,
            previous_check=known.last_checked if known else None,
            last_checked=looked_at if full else known.last_checked if known else None,
            reason=papers.could_not_check,
            sources=papers.sources,
            warnings=papers.warnings,
            tool_version=self.tool_version,
        )


def _within(day: date | None, since: date | None, until: date | None) -> bool:
    if day is None:
        return since is None and until is None
    return (since is None or day >= since) and (until is None or day <= until)
