"""What the rows of a manifest come to: the last row of each document and of each meeting.

A folder may hold a hundred thousand papers, so only where a row lies in the file is kept in
memory, and little more; the row itself is read when it is asked for.
"""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING

from hwbtext.scrape.records import ManifestRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

BEGUN = "begun"
"""Reason of the row that opens a site; the one without a reason closes it."""
BEGUN_ANEW = "begun, to fetch everything once more"
"""The same, where what is held is to be fetched as well."""


class State:
    """What rows come to.

    Parameters
    ----------
    rows : iterable of ManifestRow
        In the order in which they were written.
    read : callable, optional
        Returns the row at a place in the manifest's file; needed where :meth:`take` is told the
        places of rows.
    """

    def __init__(
        self,
        rows: Iterable[ManifestRow] = (),
        read: Callable[[int], ManifestRow] | None = None,
    ) -> None:
        self._read = read
        self._documents: dict[tuple[str, str], int | ManifestRow] = {}
        self._places: dict[tuple[str, str | None, str], int | ManifestRow] = {}
        self._meetings: dict[tuple[str, str], int | ManifestRow] = {}
        self._of_meetings: dict[tuple[str, str | None], dict[str, None]] = {}
        self._opened: dict[str, tuple[datetime, bool]] = {}
        self._started: dict[tuple[str, str | None, str], int | ManifestRow] = {}
        # Path and hash of what is held of each document; and what else files are found by.
        self._bytes: dict[tuple[str, str], tuple[str | None, str | None]] = {}
        self._holders: dict[str, tuple[tuple[str, str], ...]] = {}
        self._paths_of: dict[str, tuple[str, ...]] = {}
        self._hash_of: dict[str, str] = {}
        for row in rows:
            self.take(row)

    def take(self, row: ManifestRow, at: int | None = None) -> None:
        """Bring the state up to date with one more row, which lies at ``at`` in the file."""
        kept = row if at is None or self._read is None else at
        site_id = intern(row.site_id)
        meeting_id = None if row.meeting_id is None else intern(row.meeting_id)
        if row.event == "meeting" and meeting_id is not None:
            self._meetings[site_id, meeting_id] = kept
        if row.event == "run" and row.reason in (BEGUN, BEGUN_ANEW):
            self._opened[site_id] = row.at, row.reason == BEGUN_ANEW
        elif row.event == "run" and row.reason is None:
            self._opened.pop(site_id, None)
        if row.doc_key is None:
            return
        doc_key = intern(row.doc_key)
        place = (site_id, meeting_id, doc_key)
        if row.event == "started":
            self._started[place] = kept
        elif row.event == "finished":
            self._started.pop(place, None)
            self._places[place] = kept
            self._of_meetings.setdefault(place[:2], {})[doc_key] = None
            self._documents[site_id, doc_key] = kept
            self._take_bytes((site_id, doc_key), row)

    def _take_bytes(self, key: tuple[str, str], row: ManifestRow) -> None:
        path_before, _ = self._bytes.get(key, (None, None))
        path = None if row.path is None else intern(row.path)
        sha256 = None if row.sha256 is None else intern(row.sha256)
        self._bytes[key] = (path, sha256)
        if path_before is not None and path_before != path:
            others = tuple(one for one in self._holders.get(path_before, ()) if one != key)
            self._holders[path_before] = others
        if path is not None and sha256 is not None:
            if key not in self._holders.get(path, ()):
                self._holders[path] = (*self._holders.get(path, ()), key)
            if path not in self._paths_of.get(sha256, ()):
                self._paths_of[sha256] = (*self._paths_of.get(sha256, ()), path)
            self._hash_of[path] = sha256

    def _row(self, kept: int | ManifestRow) -> ManifestRow:
        if isinstance(kept, ManifestRow):
            return kept
        assert self._read is not None
        return self._read(kept)

    def _maybe(self, kept: int | ManifestRow | None) -> ManifestRow | None:
        return None if kept is None else self._row(kept)

    def document(self, site_id: str, doc_key: str) -> ManifestRow | None:
        """Return the last finished row of a document, whichever meeting lists it."""
        return self._maybe(self._documents.get((site_id, doc_key)))

    def place(self, site_id: str, meeting_id: str | None, doc_key: str) -> ManifestRow | None:
        """Return the last finished row of a document as one meeting lists it."""
        return self._maybe(self._places.get((site_id, meeting_id, doc_key)))

    def meeting(self, site_id: str, meeting_id: str) -> ManifestRow | None:
        """Return the last row of a meeting."""
        return self._maybe(self._meetings.get((site_id, meeting_id)))

    def documents(self, site_id: str | None = None) -> Iterator[ManifestRow]:
        """Yield the last row of each document, in the order in which they were first met."""
        kept = [one for key, one in self._documents.items() if site_id in (None, key[0])]
        yield from map(self._row, kept)

    def places(self, site_id: str, meeting_id: str | None) -> Iterator[ManifestRow]:
        """Yield the last row of each document that a meeting lists."""
        keys = list(self._of_meetings.get((site_id, meeting_id), ()))
        yield from [self._row(self._places[site_id, meeting_id, key]) for key in keys]

    def meetings(self, site_id: str | None = None) -> Iterator[ManifestRow]:
        """Yield the last row of each meeting, in the order in which they were first met."""
        kept = [one for key, one in self._meetings.items() if site_id in (None, key[0])]
        yield from map(self._row, kept)

    def opened(self, site_id: str, *, anew: bool = False) -> datetime | None:
        """Return when the runs began of which none has ended well yet; None where one has.

        With ``anew``, only of runs that were to fetch everything once more.
        """
        opened, was_anew = self._opened.get(site_id, (None, False))
        return opened if was_anew or not anew else None

    def unfinished(self) -> tuple[ManifestRow, ...]:
        """Return the rows of documents that were asked for and of which no end is known."""
        return tuple(map(self._row, list(self._started.values())))

    def holders(self, path: str) -> tuple[ManifestRow, ...]:
        """Return the rows of the documents whose present bytes are the file ``path``."""
        return tuple(self._row(self._documents[key]) for key in self._holders.get(path, ()))

    def is_held(self, path: str) -> bool:
        """Return whether the file ``path`` has the present bytes of any document."""
        return bool(self._holders.get(path))

    def hash_of(self, path: str) -> str | None:
        """Return the SHA-256 of the bytes that were last kept under a path, if ever any were."""
        return self._hash_of.get(path)

    def paths_with(self, sha256: str) -> tuple[str, ...]:
        """Return the paths under which these bytes were kept and a document still has them."""
        return tuple(path for path in self._paths_of.get(sha256, ()) if self.is_held(path))

    def first_places(self) -> Iterator[ManifestRow]:
        """Yield the last row of each document as the meeting lists it that listed it first."""
        first: dict[tuple[str, str], int | ManifestRow] = {}
        for (site_id, _, doc_key), kept in list(self._places.items()):
            first.setdefault((site_id, doc_key), kept)
        yield from map(self._row, first.values())

    def kept(self) -> Iterator[tuple[str, str]]:
        """Yield every path that was ever written, as ``(path, sha256)``; old ones too."""
        yield from list(self._hash_of.items())
