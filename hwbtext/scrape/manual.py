"""The manual route: pages and files that a person saved are taken as the collector's own.

For sites that refuse machines: open the meeting's page in a browser, save it, save its papers
beside it, and give the folder.
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hwbtext.errors import InputError, MissingPathError
from hwbtext.scrape.disk import disk_errors
from hwbtext.scrape.holdings import Holdings, now_utc
from hwbtext.scrape.moderngov.pages import page_type, read_meeting_page
from hwbtext.scrape.records import Download, UnreadableAnswerError
from hwbtext.scrape.saved import find_listings, read_saved, saved_from, stated_papers
from hwbtext.scrape.sniff import HTML, sniff_file

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from hwbtext.records import Site
    from hwbtext.scrape.records import Listing, ManifestRow
    from hwbtext.scrape.saved import SavedFile
    from hwbtext.scrape.shelf import Shelf

_ROBOTS = "saved by a person; no request was made"
_NAMED_TYPES = {".md": "text/markdown", ".markdown": "text/markdown", ".csv": "text/csv"}


@dataclass(frozen=True, slots=True)
class ManualReport:
    """What became of a folder of saved files.

    Attributes
    ----------
    n_files : int
        Files in the folder, pages among them.
    n_meetings : int
        Meetings' pages that were read.
    outcomes : dict of str to int
        Documents by outcome: new, unchanged, duplicate, ...
    unmatched : tuple of str
        Files that no page lists, kept under the site with what ``metadata.csv`` says of them.
    passed_over : tuple of str
        Files that are neither papers nor meetings' pages, and why.
    failed : tuple of str
        Pages that could not be read and files that could not be kept, and why.
    """

    n_files: int
    n_meetings: int
    outcomes: dict[str, int]
    unmatched: tuple[str, ...]
    passed_over: tuple[str, ...]
    failed: tuple[str, ...]

    @property
    def all_well(self) -> bool:
        """Return whether every page was read and every paper kept."""
        return not self.failed

    def lines(self) -> Iterator[str]:
        """Yield what became of the files, a line each, for a person to read."""
        counts = ", ".join(f"{n} {outcome}" for outcome, n in sorted(self.outcomes.items()))
        yield f"{self.n_files} files, {self.n_meetings} meetings' pages; {counts or 'no papers'}"
        for line in self.unmatched:
            yield f"listed by no page that was saved with it: {line}"
        for line in self.passed_over:
            yield f"passed over: {line}"
        for line in self.failed:
            yield f"failed: {line}"


def take_folder(
    folder: str | os.PathLike[str],
    site: Site,
    out: str | os.PathLike[str],
    *,
    clock: Callable[[], datetime] = now_utc,
) -> ManualReport:
    """Take saved ModernGov pages and the papers beside them into a folder of collected papers.

    Parameters
    ----------
    folder : path-like
        Saved pages of meetings (``.html``) and their papers, in any folders below. A paper is
        told by the number of its attachment in its name (``s60860``), else by its name, among
        the pages of its own folder first. A ``metadata.csv`` (the columns of ``hwbtext mine``)
        says what the others are. Nothing in the folder is changed.
    site : Site
        The council whose papers they are.
    out : path-like
        The folder of collected papers; made if it is not there.

    Raises
    ------
    MissingPathError
        There is no such folder.
    InputError
        ``folder`` and ``out`` are one folder, or another run is writing ``out``.
    MetadataError
        A ``metadata.csv`` cannot be used.
    DiskError
        ``out`` cannot be written.
    """
    folder, out = Path(folder), Path(out)
    if not folder.is_dir():
        msg = f"There is no folder {str(folder)!r}."
        raise MissingPathError(msg)
    if folder.resolve() == out.resolve():
        msg = "The saved files and the collected papers need two folders; give another one."
        raise InputError(msg)
    files = read_saved(folder, out)
    with Holdings(
        out,
        run_id=f"manual-{clock():%Y%m%dT%H%M%SZ}",
        tool_version=f"hwbtext {version('hwbtext')}",
        source="manual",
        clock=clock,
    ) as holdings:
        taking = _Taking(site, holdings)
        by_age = sorted(files, key=lambda one: one.saved_at)
        for step in (taking.read_page, taking.take):
            for file in by_age:
                taking.try_step(step, file)
        taking.take_inline()
        holdings.write_metadata()
    return taking.report(len(files))


class _Taking:
    """One folder on its way: the pages that were read, and what became of each file."""

    def __init__(self, site: Site, holdings: Holdings) -> None:
        self._site = site
        self._holdings = holdings
        self._shelves: list[tuple[SavedFile, Shelf]] = []
        self._pages: set[Path] = set()
        self._closed: set[Path] = set()
        self._outcomes: Counter[str] = Counter()
        self._unmatched: list[str] = []
        self._passed_over: list[str] = []
        self._failed: list[str] = []

    def report(self, n_files: int) -> ManualReport:
        return ManualReport(
            n_files,
            len(self._shelves),
            dict(self._outcomes),
            tuple(self._unmatched),
            tuple(self._passed_over),
            tuple(self._failed),
        )

    def try_step(self, step: Callable[[SavedFile], None], file: SavedFile) -> None:
        """Do a step; a file that cannot be opened is told once."""
        if file.path in self._closed:
            return
        try:
            step(file)
        except OSError as error:
            self._closed.add(file.path)
            self._failed.append(f"{file.relative}: {error.strerror or error}")

    def read_page(self, file: SavedFile) -> None:
        """Read a file if it is a page of the site; papers are left for later."""
        if sniff_file(file.path).media_type != HTML:
            return
        body = file.path.read_bytes()
        kind = page_type(body)
        if kind is None:
            return
        self._pages.add(file.path)
        if kind != "meeting":
            self._passed_over.append(f"{file.relative} lists no papers: a page of {kind}")
            return
        own = self._site.base_url
        url = saved_from(body) or own or f"https://{self._site.site_id}.invalid/"
        base = own if own and _host(own) == _host(url) else None
        try:
            papers = read_meeting_page(body, url, base=base)
        except UnreadableAnswerError as error:
            self._failed.append(f"{file.relative}: {error}")
            return
        if own and base is None:
            warning = f"saved from {_host(url)}, while the register has {_host(own)}"
            papers = replace(papers, warnings=(*papers.warnings, warning))
        shelf = self._holdings.meeting(self._site, papers, looked_at=file.saved_at)
        self._shelves.append((file, shelf))

    def take(self, file: SavedFile) -> None:
        """Keep a paper under the meeting that lists it, or under the site."""
        if file.path in self._pages:
            return
        stated = file.stated.get("site_id", self._site.site_id)
        if stated != self._site.site_id:
            self._failed.append(f"{file.relative}: metadata.csv says that it is of {stated}")
            return
        sniffed = sniff_file(file.path)
        media_type = _NAMED_TYPES.get(file.path.suffix.lower(), sniffed.media_type)
        if file.path.stat().st_size and media_type is None:
            self._passed_over.append(f"{file.relative} is of no kind that papers have")
            return
        if media_type == HTML and not file.stated:
            why = "is no ModernGov page of a meeting; name it in metadata.csv to keep it"
            self._passed_over.append(f"{file.relative} {why}")
            return
        listing, shelves = self._listed(file)
        if listing is None:
            papers = stated_papers(file)
            shelf = self._holdings.meeting(self._site, papers, looked_at=file.saved_at)
            listing, shelves = papers.listings[0], [shelf]
        row = shelves[0].keep(
            listing,
            self._draft(file, media_type, sniffed.warnings),
            http_status=None,
            url_final=None,
        )
        self._count(row, file)
        for other in shelves[1:]:
            other.repeat(listing)

    def take_inline(self) -> None:
        """Keep the minutes that stand on the pages, where no file of them is held."""
        for page, shelf in self._shelves:
            if shelf.has_minutes():
                shelf.retire_inline("the printed minutes are held")
            elif row := shelf.keep_inline(page.saved_at):
                self._count(row, page)

    def _listed(self, file: SavedFile) -> tuple[Listing | None, list[Shelf]]:
        """Return the document that a file is, and the meetings that list it."""
        beside = [shelf for page, shelf in self._shelves if page.path.parent == file.path.parent]
        for shelves in (beside, [shelf for _, shelf in self._shelves]):
            listings = [one for shelf in shelves for one in shelf.papers.listings]
            found = find_listings(file, listings)
            if len(found) == 1:
                keys = [shelf for shelf in shelves if _lists(shelf, found[0])]
                return found[0], keys
            if found:
                n = f"{len(found)} documents have its name; save each page with its papers apart"
                self._unmatched.append(f"{file.relative} ({n})")
                return None, []
        if not file.stated:
            self._unmatched.append(file.relative)
        return None, []

    def _draft(
        self, file: SavedFile, media_type: str | None, warnings: tuple[str, ...]
    ) -> Download:
        draft = self._holdings.partial / "manual"
        with disk_errors(f"Copying {file.relative!r}"):
            shutil.copyfile(file.path, draft)
        return Download(
            url_final="",
            redirect_chain=(),
            http_status=0,
            not_modified=False,
            path=draft,
            n_bytes=file.path.stat().st_size,
            sha256=None,
            content_type=None,
            sniffed_type=media_type,
            etag=None,
            last_modified=None,
            retrieved_at=file.saved_at,
            robots=_ROBOTS,
            warnings=warnings,
        )

    def _count(self, row: ManifestRow, file: SavedFile) -> None:
        assert row.outcome is not None
        self._outcomes[row.outcome] += 1
        if row.outcome.startswith("failed"):
            self._failed.append(f"{file.relative}: {row.reason}")


def _lists(shelf: Shelf, listing: Listing) -> bool:
    return any(one.doc_key == listing.doc_key for one in shelf.papers.listings)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()
