"""Records and protocols that the parts of the collector share.

A source lists what a site publishes (:class:`MeetingPapers`), a client fetches bytes, the
holdings keep them, and the manifest says of every document what became of it and why.
Instants are aware UTC; meeting dates are plain dates; a value that could not be told is None.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

from hwbtext.errors import HwbtextError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime
    from pathlib import Path

    from hwbtext.records import Site

MANIFEST_VERSION = "1.0"
"""Version of the manifest's rows; a reader refuses a newer major version."""

DocumentKind = Literal[
    "agenda",
    "minutes",
    "minutes_inline",
    "previous_minutes",
    "decisions",
    "pack",
    "supplement",
    "report",
    "strategy",
    "other",
]
DOCUMENT_KINDS: tuple[DocumentKind, ...] = (
    "agenda",
    "minutes",
    "minutes_inline",
    "previous_minutes",
    "decisions",
    "pack",
    "supplement",
    "report",
    "strategy",
    "other",
)
MeetingStatus = Literal[
    "confirmed", "provisional", "cancelled", "postponed", "withdrawn", "moved", "unknown"
]
Outcome = Literal[
    # What became of a document that the site lists.
    "new",  # fetched and kept
    "new_version",  # other bytes under the same key; the old file is kept as superseded
    "unchanged",  # the same bytes as before, or 304
    "duplicate",  # the same bytes as another document of the folder: one file, two rows
    "listed",  # a dry run: nothing was fetched
    # What was not asked for, on purpose.
    "skipped_restricted",
    "skipped_offsite",
    "skipped_too_large",
    "skipped_budget",  # the run's --max-bytes is used up
    "refused_robots",
    # What could not be had.
    "not_found",
    "deferred",  # the server asked for a longer wait than a run keeps
    "blocked_waf",
    "timed_out",
    "failed_address",
    "failed_redirect",
    "failed_tls",
    "failed_http",
    "failed_truncated",
    "failed_type",
    "failed_empty",
    "failed_connection",
    "failed_disk",
]


class FetchError(HwbtextError):
    """Bytes that could not be had: why, in a word of :data:`Outcome`, and what would help.

    Attributes
    ----------
    outcome : str
        One of :data:`Outcome`.
    url : str
        The address of the hop that failed.
    host_stopped : bool
        Whether nothing more is asked of this host in this run.
    http_status : int or None
        The status of the answer, where there was one.
    """

    def __init__(
        self,
        outcome: Outcome,
        reason: str,
        url: str,
        *,
        host_stopped: bool = False,
        http_status: int | None = None,
    ) -> None:
        super().__init__(reason)
        self.outcome: Outcome = outcome
        self.url = url
        self.host_stopped = host_stopped
        self.http_status = http_status


class UnreadableAnswerError(HwbtextError):
    """An answer that is no such thing: an error page, HTML in place of XML, a refused DTD."""


class CouldNotCheckError(HwbtextError):
    """A list that could not be read; never the same as a list with nothing in it."""


@dataclass(frozen=True, slots=True)
class Permission:
    """A site's leave to fetch what its robots.txt refuses: who gave it, when, under what name."""

    who: str
    day: date
    reference: str


@dataclass(frozen=True, slots=True)
class Committee:
    """A committee as the site lists it; predecessors of boards are usually expired ones."""

    committee_id: str
    title: str
    deleted: bool = False
    expired: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as the site lists it."""

    meeting_id: str
    committee_id: str | None
    committee: str | None
    day: date | None
    day_raw: str | None
    time_raw: str | None
    status: MeetingStatus
    status_raw: str | None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """An agenda item under which a document is linked."""

    item_id: str | None
    number: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A document as listed, before anything is fetched.

    Attributes
    ----------
    doc_key : str
        Canonical key: one document however its address is written.
    url : str
        Absolute address as it is asked for; ``url_original`` as the page wrote it.
    title : str
        Plain title; ``title_raw`` as listed.
    kind_evidence : str
        What the kind was told by ("label: Printed minutes", "T=10", "linked on item 3").
    placements : tuple of Placement
        Every item that links it; empty for files of the whole meeting.
    offsite : bool
        Whether the host is not the site's own.
    """

    doc_key: str
    kind: DocumentKind
    kind_evidence: str
    url: str
    url_original: str
    title: str
    title_raw: str
    attachment_id: str | None = None
    publication_day: date | None = None
    restricted: bool = False
    offsite: bool = False
    placements: tuple[Placement, ...] = ()


@dataclass(frozen=True, slots=True)
class InlineItem:
    """Minutes that stand on the meeting's page, by agenda item, as HTML of the site."""

    number: str | None
    title: str | None
    html: str


@dataclass(frozen=True, slots=True)
class MeetingPapers:
    """A meeting with everything that the site lists for it.

    Attributes
    ----------
    sources : tuple of str
        What was read: "xml", "html".
    warnings : tuple of str
        What had to be mended or was passed over while reading.
    could_not_check : str or None
        Why the papers of this meeting could not be listed (in whole or in part); None where
        they were, be there none.
    """

    meeting: Meeting
    listings: tuple[Listing, ...] = ()
    inline: tuple[InlineItem, ...] = ()
    sources: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    could_not_check: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page or an XML answer, whole, in memory."""

    url: str
    url_final: str
    status: int
    media_type: str | None
    body: bytes
    retrieved_at: datetime


@dataclass(frozen=True, slots=True)
class Download:
    """A file as it arrived.

    Attributes
    ----------
    path : Path or None
        The temporary file; None where the server said 304.
    sniffed_type : str or None
        Media type by content; ``content_type`` is what the server said.
    warnings : tuple of str
        "no end of file mark", "leading bytes before %PDF-".
    """

    url_final: str
    redirect_chain: tuple[str, ...]
    http_status: int
    not_modified: bool
    path: Path | None
    n_bytes: int
    sha256: str | None
    content_type: str | None
    sniffed_type: str | None
    etag: str | None
    last_modified: str | None
    retrieved_at: datetime
    robots: str
    warnings: tuple[str, ...] = ()


class Pages(Protocol):
    """Fetches pages; raises :class:`FetchError`."""

    def page(self, url: str) -> Page:
        """Return the page at ``url``, redirects followed."""
        ...


class Downloads(Protocol):
    """Fetches files into a folder; raises :class:`FetchError`."""

    def download(
        self,
        url: str,
        into: Path,
        *,
        max_bytes: int,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Download:
        """Stream ``url`` to a new temporary file in the folder ``into``."""
        ...


class Source(Protocol):
    """Lists the papers of a site; one class a platform.

    ``discover`` yields each meeting once, in a stable order, and downloads no document. It
    raises :class:`CouldNotCheckError` where the list itself could not be read, and yields nothing
    where the list is empty.
    """

    name: ClassVar[str]
    version: ClassVar[str]

    def discover(
        self,
        site: Site,
        pages: Pages,
        *,
        board: str,
        since: date | None,
        until: date | None,
        committee_ids: tuple[str, ...] = (),
        is_done: Callable[[Meeting], bool] | None = None,
    ) -> Iterator[MeetingPapers]:
        """Yield the meetings of the board from ``since`` to ``until``, both included, by day.

        A meeting of which ``is_done`` is true is yielded as the list has it, unread.
        """
        ...

    def committees(
        self, site: Site, pages: Pages, *, board: str, committee_ids: tuple[str, ...] = ()
    ) -> tuple[tuple[Committee, ...], tuple[str, ...]]:
        """Return the committees that ``discover`` would read, and what was read to find them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestRow:
    """What is known of one document, or of one meeting (``doc_key`` None), after one event.

    The fields follow the union of what collectors of council papers keep; see
    ``docs/collecting.md``. ``path`` is relative to the folder of the manifest.
    """

    event: Literal["started", "finished", "meeting", "run"]
    run_id: str
    at: datetime
    site_id: str
    site: str | None = None
    system: str | None = None
    source: Literal["scrape", "manual"] = "scrape"
    committee_id: str | None = None
    committee: str | None = None
    meeting_id: str | None = None
    meeting_day: date | None = None
    meeting_days_before: tuple[date, ...] = ()
    meeting_time_raw: str | None = None
    status: MeetingStatus | None = None
    status_raw: str | None = None
    doc_key: str | None = None
    kind: DocumentKind | None = None
    kind_evidence: str | None = None
    title: str | None = None
    title_raw: str | None = None
    placements: tuple[Placement, ...] = ()
    url_original: str | None = None
    url_final: str | None = None
    redirect_chain: tuple[str, ...] = ()
    attachment_id: str | None = None
    publication_day: date | None = None
    restricted: bool = False
    http_status: int | None = None
    content_type: str | None = None
    sniffed_type: str | None = None
    n_bytes: int | None = None
    sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    first_seen: datetime | None = None
    previous_check: datetime | None = None
    last_checked: datetime | None = None
    last_seen: datetime | None = None
    retrieved_at: datetime | None = None
    path: str | None = None
    duplicate_of: str | None = None
    part_of: str | None = None
    supersedes: str | None = None
    outcome: Outcome | None = None
    reason: str | None = None
    robots: str | None = None
    permission: str | None = None
    kinds: tuple[str, ...] = ()  # of a meeting's row: those whose documents were all dealt with
    sources: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    tool_version: str = ""
    schema_version: str = field(default=MANIFEST_VERSION)
