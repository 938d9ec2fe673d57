"""Meetings, the units that drift is measured in, and the passages that each holds."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

TEMPLATE_MEETINGS = 3
"""Meetings of a site that must hold a sentence, names and figures aside, for it to be template."""

_NAME_OR_FIGURE = re.compile(r"\b(?:[A-Z][\w'’.-]*|\d[\d.,:/-]*)")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Meetings:
    """Sums over the passages of each meeting, in the order of time.

    Attributes
    ----------
    keys : tuple of str
        Site and day; site and document where the day is not known.
    sites : tuple of str
    years : tuple of int or None
    days : tuple of date or None
    strata : ndarray of int64, shape (n_meetings,)
        Meetings of one kind of papers (minutes alone; minutes and pack; scans) share a number.
    sums : ndarray of float64, shape (n_meetings, n_columns)
    sizes : ndarray of float64, shape (n_meetings,)
        Passages counted.
    """

    keys: tuple[str, ...]
    sites: tuple[str, ...]
    years: tuple[int | None, ...]
    days: tuple[date | None, ...]
    strata: NDArray[np.int64]
    sums: NDArray[np.float64]
    sizes: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.keys)

    def select(self, rows: Iterable[int]) -> Meetings:
        """Return some of the meetings, by row."""
        kept = np.array(sorted(rows), dtype=np.int64)
        return Meetings(
            tuple(self.keys[row] for row in kept),
            tuple(self.sites[row] for row in kept),
            tuple(self.years[row] for row in kept),
            tuple(self.days[row] for row in kept),
            self.strata[kept],
            self.sums[kept],
            self.sizes[kept],
        )


def sum_by_meeting(
    passages: Sequence[Mapping[str, Any]], values: NDArray[np.floating[Any]]
) -> Meetings:
    """Add up what the passages of each meeting hold.

    Parameters
    ----------
    passages : sequence of mapping
        Rows with ``passage_id``, ``doc_id``, ``site_id``, ``meeting_date``, ``year`` and
        ``doc_kind``; those without a site are left out. ``ocr`` (bool) is used where it is there.
    values : ndarray, shape (n_passages, n_columns)
        One-hot topics, or features of the passages' vectors.

    Returns
    -------
    Meetings
        Sorted by site, day and key: the same whatever the order of the passages.
    """
    rows_of: dict[str, list[int]] = defaultdict(list)
    for row, passage in enumerate(passages):
        if passage["site_id"] is not None:
            rows_of[meeting_key(passage)].append(row)
    order = sorted(rows_of, key=lambda key: _when(passages[rows_of[key][0]], key))
    patterns = [_pattern([passages[row] for row in rows_of[key]]) for key in order]
    numbers = {pattern: number for number, pattern in enumerate(sorted(set(patterns)))}
    first = [passages[rows_of[key][0]] for key in order]
    sums = np.zeros((len(order), values.shape[1]))
    for index, key in enumerate(order):
        # In one order: floats added up in another differ in the last bit.
        rows = sorted(rows_of[key], key=lambda row: str(passages[row]["passage_id"]))
        sums[index] = values[rows].sum(axis=0, dtype=np.float64)
    return Meetings(
        tuple(order),
        tuple(str(passage["site_id"]) for passage in first),
        tuple(None if passage["year"] is None else int(passage["year"]) for passage in first),
        tuple(day_of(passage) for passage in first),
        np.array([numbers[pattern] for pattern in patterns], dtype=np.int64),
        sums,
        np.array([len(rows_of[key]) for key in order], dtype=np.float64),
    )


def meeting_key(passage: Mapping[str, Any]) -> str:
    """Return what tells one meeting from another: site and day, or site and document.

    Examples
    --------
    >>> meeting_key({"site_id": "E1", "meeting_date": date(2019, 3, 1), "doc_id": "ab"})
    'E1 2019-03-01'
    >>> meeting_key({"site_id": "E1", "meeting_date": None, "doc_id": "ab"})
    'E1 ab'
    """
    day = day_of(passage)
    return f"{passage['site_id']} {day.isoformat() if day else passage['doc_id']}"


def day_of(passage: Mapping[str, Any]) -> date | None:
    """Return the day of a passage's meeting; tables read by pandas hold it as an instant."""
    day = passage["meeting_date"]
    if isinstance(day, datetime):
        return None if day != day else day.date()
    return day if isinstance(day, date) else None


def learn_template(
    passages: Sequence[Mapping[str, Any]], texts: Sequence[str]
) -> NDArray[np.uint64]:
    """Find what stands, names and figures aside, in meeting after meeting of a site.

    A council that changes its clerk or its template changes these sentences all at once, which
    is no change of its business.

    Parameters
    ----------
    passages : sequence of mapping
        Rows of the table ``passages``.
    texts : sequence of str
        Their texts.

    Returns
    -------
    ndarray of uint64
        Sorted keys of the sentences, for :func:`is_template`.
    """
    keys = _template_keys(texts).tolist()
    pairs = {
        (passage["site_id"], key, meeting_key(passage))
        for passage, key in zip(passages, keys, strict=True)
    }
    n_meetings = Counter((site, key) for site, key, _ in pairs)
    found = {key for (_, key), n in n_meetings.items() if n >= TEMPLATE_MEETINGS}
    return np.array(sorted(found), dtype=np.uint64)


def is_template(texts: Sequence[str], learned: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which texts are template, bool of shape (n,)."""
    return np.isin(_template_keys(texts), learned)


def _template_keys(texts: Sequence[str]) -> NDArray[np.uint64]:
    masked = (_SPACE.sub(" ", _NAME_OR_FIGURE.sub("#", text)).strip().casefold() for text in texts)
    digests = (hashlib.sha256(text.encode()).digest()[:8] for text in masked)
    return np.array([int.from_bytes(digest, "little") for digest in digests], dtype=np.uint64)


def _when(passage: Mapping[str, Any], key: str) -> tuple[str, int, date, str]:
    day = day_of(passage)
    year = passage["year"]
    return str(passage["site_id"]), year or 0, day or date(int(year or 1), 12, 31), key


def _pattern(passages: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    kinds = {str(passage["doc_kind"]) for passage in passages}
    scanned = sum(bool(passage.get("ocr")) for passage in passages) * 2 > len(passages)
    return (*sorted(kinds), "scanned") if scanned else tuple(sorted(kinds))
