"""Pairs of cells that drift is measured between: two years of a site, or two sites."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from hwbtext.topics.permutation import MIN_MEETINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from hwbtext.topics.meetings import Meetings

Cell = tuple[str | None, int | None]
"""Site and year; None stands for all of them."""

_LENGTH_RATIO = 2.0  # of the passages a meeting holds: beyond it, a note says so
_OTHER_KINDS = 0.5  # share of the meetings whose papers are of other kinds


@dataclass(frozen=True, slots=True)
class CellPair:
    """Two sets of meetings to compare, and their names."""

    kind: str
    a: Cell
    b: Cell
    rows_a: tuple[int, ...]
    rows_b: tuple[int, ...]
    year_strata: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CellCounts:
    """Documents and template passages of every cell."""

    documents: Mapping[Cell, set[str]]
    template: Mapping[Cell, float]

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]], skipped: NDArray[np.bool_]) -> CellCounts:
        """Count the passages of a table of topics; ``skipped`` says which are template."""
        documents: dict[Cell, set[str]] = defaultdict(set)
        total: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])
        for row, is_template in zip(rows, skipped.tolist(), strict=True):
            site, year = row["site_id"], row["year"]
            if site is None:
                continue
            for cell in ((site, year), (site, None), (None, year)):
                documents[cell].add(row["doc_id"])
                total[cell][0] += int(is_template)
                total[cell][1] += 1
        return cls(documents, {cell: n / of for cell, (n, of) in total.items()})


def cell_pairs(meetings: Meetings, wanted: set[str]) -> Iterator[CellPair]:
    """Yield the pairs of cells: "years" of each site, "all" years of all sites, "sites"."""
    by_site: dict[str, list[int]] = defaultdict(list)
    by_year: dict[tuple[str | None, int], list[int]] = defaultdict(list)
    for row, (site, year) in enumerate(zip(meetings.sites, meetings.years, strict=True)):
        by_site[site].append(row)
        if year is not None:
            by_year[None if "all" in wanted else site, year].append(row)
    if wanted & {"years", "all"}:
        for a, b in combinations(sorted(by_year, key=lambda key: (key[0] or "", key[1])), 2):
            if a[0] == b[0]:
                yield CellPair("years", a, b, tuple(by_year[a]), tuple(by_year[b]))
    if "sites" in wanted:
        for one, other in combinations(sorted(by_site), 2):
            years = {site: {meetings.years[row] for row in by_site[site]} for site in (one, other)}
            common = (years[one] & years[other]) - {None}
            note = None if common else "no year in common"
            rows = [
                tuple(r for r in by_site[s] if not common or meetings.years[r] in common)
                for s in (one, other)
            ]
            yield CellPair("sites", (one, None), (other, None), rows[0], rows[1], True, note)


def strata_of(meetings: Meetings, cell: CellPair, rows: list[int]) -> NDArray[np.int64]:
    """Return the number of the group within which each meeting may change places."""
    keys = [
        (
            int(meetings.strata[row]),
            meetings.years[row] if cell.year_strata else None,
            meetings.sites[row] if cell.a[0] is None else None,
        )
        for row in rows
    ]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return np.array([numbers[key] for key in keys], dtype=np.int64)


def follows(cell: CellPair, cells: Sequence[CellPair]) -> bool:
    """Return whether the second year is the next that the site has after the first."""
    years = {
        year
        for other in cells
        if other.kind == "years" and other.a[0] == cell.a[0]
        for year in (other.a[1], other.b[1])
    }
    between = [year for year in years if (cell.a[1] or 0) < (year or 0) < (cell.b[1] or 0)]
    return not between


def note_of(meetings: Meetings, cell: CellPair, untested: bool) -> str | None:
    """Say what else differs between the cells, and why there is no p."""
    notes = [cell.note] if cell.note else []
    a, b = list(cell.rows_a), list(cell.rows_b)
    if untested and not cell.note:
        fewest = min(len(a), len(b))
        notes.append(
            "too few meetings"
            if fewest < MIN_MEETINGS or len(a) + len(b) < 8
            else "too few meetings with papers of the same kinds"
        )
    mixes = [
        np.bincount(meetings.strata[rows], minlength=int(meetings.strata.max()) + 1) / len(rows)
        for rows in (a, b)
    ]
    if float(np.abs(mixes[0] - mixes[1]).sum()) / 2 > _OTHER_KINDS:
        notes.append("other kinds of paper")
    lengths = [float(meetings.sizes[rows].mean()) for rows in (a, b)]
    if max(lengths) > _LENGTH_RATIO * min(lengths):
        notes.append("meetings of another length")
    return "; ".join(notes) or None
