"""A row of the manifest as a line of JSON, and back."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

from hwbtext.errors import SchemaError
from hwbtext.scrape.records import MANIFEST_VERSION, ManifestRow, Placement

_INSTANTS = frozenset("at first_seen previous_check last_checked last_seen retrieved_at".split())
_DAYS = frozenset({"meeting_day", "publication_day"})
_TEXT_LISTS = frozenset({"redirect_chain", "kinds", "sources", "warnings"})
_NUMBERS = frozenset({"http_status", "n_bytes"})
_NAMES = tuple(field.name for field in fields(ManifestRow))
_KNOWN = frozenset(_NAMES)
_NEEDED = ("event", "run_id", "at", "site_id")
_EVENTS = ("started", "finished", "meeting", "run")


def to_line(row: ManifestRow) -> bytes:
    r"""Return a row as one line of JSON in ASCII, its line feed included.

    Every field is written, null where it is not known, so that every line has all columns.
    """
    written = {name: _plain(getattr(row, name)) for name in _NAMES}
    return json.dumps(written, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def from_line(line: bytes) -> ManifestRow:
    """Return the row of a line; fields that this version does not know are passed over.

    Raises
    ------
    ValueError
        The line is no row: torn, damaged or something else.
    SchemaError
        It is of a newer major version than this program reads.
    """
    stated = json.loads(line)
    if not isinstance(stated, dict):
        msg = "not a JSON object"
        raise ValueError(msg)
    version = str(stated.get("schema_version", ""))
    if version.split(".")[0] not in ("", MANIFEST_VERSION.split(".")[0]):
        msg = (
            f"The manifest has schema version {version}, this hwbtext reads {MANIFEST_VERSION}. "
            "Install a newer hwbtext."
        )
        raise SchemaError(msg)
    for name in _NEEDED:
        if not isinstance(stated.get(name), str):
            msg = f"no {name}"
            raise ValueError(msg)
    if stated["event"] not in _EVENTS:
        msg = f"unknown event {stated['event']!r}"
        raise ValueError(msg)
    told = {name: value for name, value in stated.items() if value is not None and value != []}
    return ManifestRow(**{name: _typed(name, told[name]) for name in told if name in _KNOWN})


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Placement):
        return {"item_id": value.item_id, "number": value.number, "title": value.title}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def _typed(name: str, value: Any) -> Any:
    if name == "placements":
        return tuple(
            Placement(*(_text(one.get(part)) for part in ("item_id", "number", "title")))
            for one in _listed(name, value)
            if isinstance(one, dict)
        )
    if name == "meeting_days_before":
        return tuple(date.fromisoformat(one) for one in _texts(name, value))
    if name in _TEXT_LISTS:
        return tuple(_texts(name, value))
    if name == "restricted":
        return value is True
    if name in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int):
            msg = f"{name} is no number"
            raise ValueError(msg)
        return value
    if not isinstance(value, str):
        msg = f"{name} is no text"
        raise ValueError(msg)
    if name in _INSTANTS:
        when = datetime.fromisoformat(value)
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    return date.fromisoformat(value) if name in _DAYS else value


def _listed(name: str, value: object) -> list[Any]:
    if not isinstance(value, list):
        msg = f"{name} is no list"
        raise ValueError(msg)
    return value


def _texts(name: str, value: object) -> list[str]:
    if any(not isinstance(one, str) for one in _listed(name, value)):
        msg = f"{name} holds something that is no text"
        raise ValueError(msg)
    return _listed(name, value)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
