"""A folder of saved pages and files: what lies there, and what its ``metadata.csv`` says."""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from hwbtext.errors import MetadataError
from hwbtext.parse.plain import decode
from hwbtext.records import DOC_KINDS
from hwbtext.scrape.disk import hash_file
from hwbtext.scrape.metadata import COLUMNS, METADATA_NAME, STATED_KIND
from hwbtext.scrape.records import Listing, Meeting, MeetingPapers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hwbtext.scrape.records import DocumentKind

# Browsers put what a page is made of into a folder of this name beside it.
_MADE_OF = re.compile(r".*[_-](?:files|Dateien|fichiers)$", re.IGNORECASE)
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_COPY = re.compile(r"[\s_]*(?:\(\d+\)|-\s*copy)$", re.IGNORECASE)
_NUMBER = re.compile(r"(?:(?<![a-z0-9])s|(?<![a-z])id[=_ -]?|^)(\d+)(?![0-9])", re.IGNORECASE)
KINDS: dict[str, DocumentKind] = {
    "agenda": "agenda",
    "minutes": "minutes",
    "paper": "report",
    "pack": "pack",
    "strategy": "strategy",
    "needs_assessment": "other",
    "other": "other",
}


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file of the folder; ``stated`` is its row of ``metadata.csv``."""

    path: Path
    relative: str
    saved_at: datetime
    stated: dict[str, str] = field(default_factory=dict)

    def day(self, column: str) -> date | None:
        """Return a date that ``metadata.csv`` states."""
        value = self.stated.get(column)
        return date.fromisoformat(value) if value else None


def read_saved(folder: Path, out: Path) -> tuple[SavedFile, ...]:
    """List the files of a folder in order; what pages are made of is passed over.

    Raises
    ------
    MetadataError
        A ``metadata.csv`` has an unknown column or kind, a date that is none, or names a file
        that is not there.
    """
    paths = list(_walk(folder, out.resolve()))
    stated: dict[str, dict[str, str]] = {}
    for path in paths:
        if path.name.lower() == METADATA_NAME:
            stated.update(_stated(path, folder))
    files = []
    for path in paths:
        if path.name.lower() == METADATA_NAME:
            continue
        relative = path.relative_to(folder).as_posix()
        of_file: dict[str, str] = {}
        for place in (*reversed(PurePosixPath(relative).parents), PurePosixPath(relative)):
            of_file.update(stated.get(str(place), {}))
        saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        files.append(SavedFile(path, relative, saved_at, of_file))
    return tuple(files)


def saved_from(body: bytes) -> str | None:
    """Return the address that a browser wrote into a saved page; None where it wrote none.

    Examples
    --------
    >>> saved_from(b"<html><!-- saved from url=(0017)https://a.example --></html>")
    'https://a.example'
    """
    found = _SAVED_FROM.search(body[:4096])
    return found[1].decode("ascii", "ignore") if found else None


def find_listings(file: SavedFile, listings: Iterable[Listing]) -> tuple[Listing, ...]:
    """Return the documents that a saved file can be, by attachment number, else by name.

    Returns
    -------
    tuple of Listing
        One a key; more than one where the name does not tell.
    """
    by_key = {listing.doc_key: listing for listing in reversed(tuple(listings))}
    stem = _COPY.sub("", unquote(file.path.stem))
    numbers = {found[1] for found in _NUMBER.finditer(stem)}
    for same in (
        [one for one in by_key.values() if one.attachment_id in numbers],
        [one for one in by_key.values() if _plain(stem) in _names_of(one)],
    ):
        if same:
            return tuple(same)
    return ()


def stated_papers(file: SavedFile) -> MeetingPapers:
    """Return a file that no page lists as a paper of the site, by its row of metadata.csv."""
    stated = file.stated
    kind = stated.get("kind")
    listing = Listing(
        # Nothing tells which document it is but its bytes.
        doc_key=f"saved:{hash_file(file.path)[0][:16]}",
        kind=KINDS[kind or "other"],
        kind_evidence=f"{STATED_KIND}{kind}" if kind else "nothing says what it is",
        url="",
        url_original=file.relative,
        title=stated.get("title") or file.path.stem,
        title_raw=file.path.name,
        publication_day=file.day("published_with_date"),
    )
    meeting = Meeting(
        meeting_id="",
        committee_id=None,
        committee=stated.get("committee"),
        day=file.day("meeting_date"),
        day_raw=None,
        time_raw=None,
        status="unknown",
        status_raw=None,
    )
    return MeetingPapers(meeting, (listing,), sources=("metadata.csv",) if stated else ())


def _names_of(listing: Listing) -> set[str]:
    written = PurePosixPath(unquote(urlsplit(listing.url).path)).name
    return {_plain(PurePosixPath(written).stem), _plain(listing.title)} - {""}


def _plain(name: str) -> str:
    """Return the letters and digits of a name: browsers replace other characters at will."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in folded if c.isalnum())


def _walk(folder: Path, out: Path) -> Iterator[Path]:
    real = folder.resolve()
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and not _MADE_OF.fullmatch(name)
            and (Path(here) / name).resolve() != out
        )
        for name in sorted(names):
            path = Path(here) / name
            inside = path.is_file() and path.resolve().is_relative_to(real)
            if inside and not name.startswith("."):
                yield path


def _stated(path: Path, folder: Path) -> dict[str, dict[str, str]]:
    shown = path.relative_to(folder).as_posix()
    text = decode(path.read_bytes())
    if text is None:
        msg = f"{shown} is not text. Save it as CSV in UTF-8."
        raise MetadataError(msg)
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    reader = csv.DictReader(io.StringIO(lines))
    columns = [name.strip() for name in reader.fieldnames or ()]
    if "path" not in columns or set(columns) - set(COLUMNS):
        msg = f"{shown} has the columns {columns}; it may have {', '.join(COLUMNS)}; path it must."
        raise MetadataError(msg)
    reader.fieldnames = columns
    rows: dict[str, dict[str, str]] = {}
    for row in reader:
        cells = {name: row[name].strip() for name in columns if row.get(name) and row[name].strip()}
        if not cells:
            continue
        where = f"{shown}, line {reader.line_num}"
        target = path.parent / cells.pop("path", "")
        if not target.exists() or not target.resolve().is_relative_to(folder.resolve()):
            msg = f"{where}: there is no file or folder {row['path']!r} in this folder."
            raise MetadataError(msg)
        _check(cells, where)
        rows[Path(os.path.relpath(target, folder)).as_posix()] = cells
    return rows


def _check(cells: dict[str, str], where: str) -> None:
    if (kind := cells.get("kind")) and kind not in DOC_KINDS:
        msg = f"{where}: unknown kind {kind!r}. Kinds: {', '.join(DOC_KINDS)}."
        raise MetadataError(msg)
    for name in ("meeting_date", "published_with_date"):
        try:
            date.fromisoformat(cells.get(name, "2000-01-01"))
        except ValueError:
            msg = f"{where}: {name} {cells[name]!r} is not a date like 2019-03-12."
            raise MetadataError(msg) from None
