"""The frame of a sample: the passages that can be drawn, each once, with what a coder sees."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from hwbtext.errors import InputError
from hwbtext.gold.lines import broken_encoding
from hwbtext.passages import is_fragment
from hwbtext.records import Passage
from hwbtext.store import load_table
from hwbtext.text import normalize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    Passages = pd.DataFrame | Sequence[Mapping[str, Any]] | Sequence[Passage]

NOT_TOLD = "not told"
"""Stands for a site, year or other value that a paper does not tell."""

_HALF = re.compile("[\ud800-\udfff]")  # half a character: no UTF-8 file can hold it
_CONTEXT = 500  # characters of the passage before or after; more than this is not read


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many passages are not in the frame, and why."""

    reason: str
    n: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that can be drawn; ``copies`` counts it and its duplicates."""

    passage_id: str
    doc_id: str
    text: str
    site: str
    place: str
    year: int | None
    item: str | None
    before: str | None
    after: str | None
    cell: tuple[str, ...]
    order: tuple[str, str, int, str]
    copies: int
    doc: str | None = None
    page: int | None = None
    doc_sha256: str | None = None
    start: int | None = None
    end: int | None = None


def load_passages(out: str | Path) -> pd.DataFrame:
    """Load the passages of a run with what their documents tell: site, path, SHA-256.

    Parameters
    ----------
    out : str or Path
        The folder that ``hwbtext mine`` wrote.

    Returns
    -------
    pandas.DataFrame
        The table ``passages`` and the columns ``site``, ``doc_sha256`` and ``doc`` (path of
        the paper, relative to the folder that was read); one row a passage.

    Raises
    ------
    InputError, MissingPathError, SchemaError
        As :func:`hwbtext.load_table`.

    Examples
    --------
    >>> load_passages("no-such-folder")
    Traceback (most recent call last):
    hwbtext.errors.MissingPathError: No documents.parquet in 'no-such-folder'. ...
    """
    documents = load_table(out, "documents")[["doc_id", "site", "sha256", "paths"]]
    documents = documents.rename(columns={"sha256": "doc_sha256"})
    documents["doc"] = [paths[0] if len(paths) else None for paths in documents.pop("paths")]
    return load_table(out, "passages").merge(documents, on="doc_id", how="left")


def build_frame(
    passages: Passages, by: Sequence[str]
) -> tuple[tuple[Candidate, ...], tuple[LeftOut, ...]]:
    """Return the passages that can be drawn, in a fixed order, and what was left out.

    A text that stands more than once in one site and year (in the minutes, and again in the
    pack that holds them) is one candidate: the first copy, in order of its id. Texts are
    compared without regard to case, spaces and kinds of quotation mark.
    """
    rows = _rows(passages)
    _check_columns(rows, by)
    _check_ids(rows)
    rows.sort(key=_order)
    fragments = empty = broken = 0
    first: dict[tuple[str, int | None, str], tuple[int, dict[str, Any]]] = {}
    copies: Counter[tuple[str, int | None, str]] = Counter()
    for index, row in enumerate(rows):
        text = str(row["text"])
        if not text.strip():
            empty += 1
        elif _flag(row, "fragment", text):
            fragments += 1
        elif broken_encoding(text) is not None or _HALF.search(text):
            broken += 1  # no coder could read it, and no gold file may hold it
        else:
            key = (_site(row), _whole(row.get("year")), same_text(text))
            first.setdefault(key, (index, row))
            copies[key] += 1
    frame = tuple(
        _candidate(rows, index, row, by, copies[key]) for key, (index, row) in first.items()
    )
    left_out = (
        LeftOut("a fragment: no sentence to judge (codebook, ruling E52)", fragments),
        LeftOut("without text", empty),
        LeftOut("with characters that were lost in the file's encoding", broken),
        LeftOut("a copy of a passage of the same site and year", copies.total() - len(copies)),
    )
    return frame, tuple(part for part in left_out if part.n)


def same_text(text: str) -> str:
    """Return a text in the form in which two copies of it are equal.

    Examples
    --------
    >>> same_text("The  Board’s report was NOTED.") == same_text("the board's report was noted.")
    True
    """
    return normalize(text).casefold()


def told(value: object) -> str:
    """Return a value as the name of a cell: whole numbers without a point, None as not told.

    Examples
    --------
    >>> told(2019.0), told(None), told("Leeds")
    ('2019', 'not told', 'Leeds')
    """
    if _missing(value):
        return NOT_TOLD
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or NOT_TOLD


def _rows(passages: Passages) -> list[dict[str, Any]]:
    if isinstance(passages, pd.DataFrame):
        records = passages.to_dict(orient="records")
        return [{str(key): value for key, value in row.items()} for row in records]
    return [_from_record(row) if isinstance(row, Passage) else dict(row) for row in passages]


def _from_record(passage: Passage) -> dict[str, Any]:
    return {
        "passage_id": passage.passage_id,
        "doc_id": passage.doc_id,
        "start": passage.span.start,
        "end": passage.span.end,
        "text": passage.text,
        "page": passage.page,
        "item_number": passage.item_number,
        "item_title": passage.item_title,
        "fragment": passage.fragment,
    }


def _check_columns(rows: Sequence[Mapping[str, Any]], by: Sequence[str]) -> None:
    if not rows:
        msg = "There are no passages to draw from."
        raise InputError(msg)
    if len(set(by)) != len(by):
        msg = f"by must name each column once: ('site', 'year'). Got {tuple(by)!r}."
        raise InputError(msg)
    columns = set(rows[0])
    known = columns | ({"site"} if "site_id" in columns else set())
    missing = [name for name in ("passage_id", "text", *by) if name not in known]
    if missing:
        msg = (
            f"The passages lack {', '.join(missing)}. They have: {', '.join(sorted(columns))}. "
            "load_passages(OUT) gives the table of a run with all columns."
        )
        raise InputError(msg)


def _check_ids(rows: Sequence[Mapping[str, Any]]) -> None:
    counts = Counter(str(row["passage_id"]) for row in rows)
    twice = sorted(name for name, n in counts.items() if n > 1)
    if twice:
        shown = ", ".join(twice[:3])
        msg = (
            f"passage_id must be unique. {len(twice)} stand more than once: {shown}. "
            "Drop the second rows, or give each passage an id of its own."
        )
        raise InputError(msg)


def _order(row: Mapping[str, Any]) -> tuple[str, str, int, str]:
    """Return what puts passages in order: meeting, document, position."""
    return (
        told(row.get("meeting_date")),
        _document(row),
        _whole(row.get("start")) or 0,
        str(row["passage_id"]),
    )


def _document(row: Mapping[str, Any]) -> str:
    """Return the document; a passage that names none is a document of its own."""
    doc_id = row.get("doc_id")
    return str(row["passage_id"]) if _missing(doc_id) else str(doc_id)


def _candidate(
    rows: Sequence[Mapping[str, Any]],
    index: int,
    row: Mapping[str, Any],
    by: Sequence[str],
    copies: int,
) -> Candidate:
    site = _site(row)
    return Candidate(
        passage_id=str(row["passage_id"]),
        doc_id=_document(row),
        text=str(row["text"]),
        site=site,
        place=site if _missing(row.get("place")) else str(row["place"]),
        year=_whole(row.get("year")),
        item=_item(row),
        before=_neighbour(rows, index, -1),
        after=_neighbour(rows, index, 1),
        cell=tuple(site if name == "site" else told(row.get(name)) for name in by),
        order=_order(row),
        copies=copies,
        doc=_string(row.get("doc")),
        page=_whole(row.get("page")),
        doc_sha256=_string(row.get("doc_sha256")),
        start=_whole(row.get("start")),
        end=_whole(row.get("end")),
    )


def _neighbour(rows: Sequence[Mapping[str, Any]], index: int, step: int) -> str | None:
    """Return the passage beside this one under the same item; a coder sees no other item."""
    at = index + step
    if not 0 <= at < len(rows):
        return None
    here, there = rows[index], rows[at]
    if _document(here) != _document(there) or _item(here) != _item(there):
        return None
    text = " ".join(str(there["text"]).split())
    if len(text) <= _CONTEXT:
        return text or None
    # The end of what stands before and the beginning of what stands after are nearest.
    return "… " + text[-_CONTEXT:] if step < 0 else text[:_CONTEXT] + " …"


def _site(row: Mapping[str, Any]) -> str:
    """Return the name of the site, else its id."""
    for name in ("site", "site_id"):
        if not _missing(row.get(name)):
            return str(row[name])
    return NOT_TOLD


def _item(row: Mapping[str, Any]) -> str | None:
    for name in ("item", "item_title", "item_number"):
        found = _string(row.get(name))
        if found:
            return found
    return None


def _flag(row: Mapping[str, Any], name: str, text: str) -> bool:
    value = row.get(name)
    return is_fragment(text) if _missing(value) else bool(value)


def _missing(value: Any) -> bool:
    # pandas writes what is missing as None, NA, NaT or NaN, the only float unlike itself.
    nan = isinstance(value, float) and value != value
    return nan or value is None or value is pd.NA or value is pd.NaT


def _string(value: object) -> str | None:
    return None if _missing(value) or not str(value).strip() else str(value)


def _whole(value: Any) -> int | None:
    return None if _missing(value) else int(value)
