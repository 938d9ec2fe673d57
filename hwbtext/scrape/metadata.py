"""``metadata.csv``: what ``hwbtext mine`` wants to know of each file, taken from the manifest."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from hwbtext.scrape.disk import OutsideFolderError, inside

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from hwbtext.records import DocKind
    from hwbtext.scrape.records import DocumentKind, ManifestRow
    from hwbtext.scrape.state import State

METADATA_NAME = "metadata.csv"
# The columns of ``hwbtext.corpus``, which is no lower room; a test holds the two together.
COLUMNS = (
    "path",
    "site_id",
    "site",
    "committee",
    "kind",
    "meeting_date",
    "published_with_date",
    "title",
)
# Of a kind that is left open, the text itself tells more than a site's label.
KINDS: dict[DocumentKind, DocKind | None] = {
    "agenda": "agenda",
    "minutes": "minutes",
    "minutes_inline": "minutes",
    "previous_minutes": "minutes",
    "decisions": None,
    "pack": "pack",
    "supplement": "pack",
    "report": "paper",
    "strategy": "strategy",
    "other": None,
}
STATED_KIND = "metadata.csv kind: "
"""Begins the ``kind_evidence`` of a saved file of which the user's own table says the kind."""

# These do not record the meeting that lists them: minutes of the one before, a plan for years.
_OF_ANOTHER_DAY = frozenset({"previous_minutes", "strategy", "other"})


def metadata_csv(root: Path, state: State) -> str:
    """Return the table: one row a file that is there, in order of the paths.

    Minutes of an earlier meeting have no ``meeting_date`` (their text says it) and the meeting
    that lists them as ``published_with_date``. The date of a meeting is the last one listed.

    Parameters
    ----------
    root : Path
        The folder of the papers.
    state : State
        Of its manifest.
    """
    places: dict[str, tuple[str, str | None, str]] = {}
    for place in state.first_places():
        document = state.document(place.site_id, place.doc_key or "")
        if document is None or document.path is None or not _is_there(root, document.path):
            continue
        owner = state.holders(document.path)[0]
        if (owner.site_id, owner.doc_key) == (place.site_id, place.doc_key):
            places[document.path] = (place.site_id, place.meeting_id, place.doc_key or "")
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    for path, key in sorted(places.items()):
        row = state.place(*key)
        assert row is not None
        writer.writerow(_cells(path, row, _day_of(state, row)))
    return table.getvalue()


def _cells(path: str, row: ManifestRow, day: date | None) -> tuple[str, ...]:
    listed = day.isoformat() if day else ""
    held = "" if row.kind in _OF_ANOTHER_DAY else listed
    kind: str = KINDS.get(row.kind or "other") or ""
    evidence = row.kind_evidence or ""
    if row.meeting_id is None:  # no meeting lists it: it is what the user said
        held = listed
        listed = row.publication_day.isoformat() if row.publication_day else ""
        kind = evidence.removeprefix(STATED_KIND) if evidence.startswith(STATED_KIND) else ""
    return (
        path,
        row.site_id,
        _cell(row.site),
        _cell(row.committee),
        kind,
        held,
        listed,
        _cell(row.title),
    )


def _cell(text: str | None) -> str:
    """Return a text on one line; a spreadsheet takes what begins with these for a formula."""
    plain = " ".join((text or "").encode("utf-8", "replace").decode("utf-8").split())
    return plain.replace("\0", "").lstrip("=+-@ ")


def _day_of(state: State, row: ManifestRow) -> date | None:
    meeting = state.meeting(row.site_id, row.meeting_id) if row.meeting_id else None
    return meeting.meeting_day if meeting else row.meeting_day


def _is_there(root: Path, relative: str) -> bool:
    try:
        return inside(root, relative).is_file()
    except OutsideFolderError:
        return False
