"""Site by year counts with denominators, and intervals that know of documents."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hwbtext.intervals import wilson
from hwbtext.records import PanelCell

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Unit:
    """One passage that could have any of ``measures``, and those that it has."""

    site_id: str | None
    year: int | None
    doc_id: str
    measures: frozenset[str] = field(default_factory=frozenset)


def build_panel(units: Iterable[Unit], measures: Iterable[str]) -> tuple[PanelCell, ...]:
    """Count each measure in each site and year.

    Parameters
    ----------
    units : iterable of Unit
        One a passage that counts in the denominator.
    measures : iterable of str
        Every measure gets a cell in every site and year, also where it never occurs.

    Returns
    -------
    tuple of PanelCell
        Sorted by site, year and measure; no units give an empty tuple.
    """
    measures = sorted(set(measures))
    cells: dict[tuple[str | None, int | None], dict[str, list[frozenset[str]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for unit in units:
        cells[unit.site_id, unit.year][unit.doc_id].append(unit.measures)
    panel: list[PanelCell] = []
    for site, year in sorted(cells, key=_untold_last):
        documents = cells[site, year]
        sizes = [len(passages) for passages in documents.values()]
        for measure in measures:
            hits = [sum(measure in p for p in passages) for passages in documents.values()]
            n, total = sum(hits), sum(sizes)
            low, high = clustered_interval(hits, sizes)
            share = n / total if total else None
            panel.append(PanelCell(site, year, measure, n, total, len(sizes), share, low, high))
    return tuple(panel)


def _untold_last(cell: tuple[str | None, int | None]) -> tuple[bool, str, bool, int]:
    site, year = cell
    return site is None, site or "", year is None, year or 0


def clustered_interval(
    hits: list[int], sizes: list[int]
) -> tuple[float, float] | tuple[None, None]:
    """Return a 95% interval for a share whose units come in documents.

    Wilson's interval on the effective sample size: the number of passages divided by the
    design effect of the documents (linearized ratio estimator), which is never taken below 1,
    so that the interval is never narrower than that of as many independent passages.

    Parameters
    ----------
    hits, sizes : list of int
        Passages with the measure, and passages in all, of each document.

    Returns
    -------
    tuple of float, or of None
        None, None with fewer than two documents: one document says nothing of how documents
        differ.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference.
    Kish (1965), Survey sampling. Korn and Graubard (1998), Confidence intervals for
    proportions with small expected number of positive counts estimated from survey data.

    Examples
    --------
    >>> low, high = clustered_interval([2, 3, 1], [20, 25, 30])
    >>> round(low, 3), round(high, 3)
    (0.037, 0.164)
    >>> clustered_interval([5], [40])
    (None, None)
    """
    n_documents, total = len(sizes), sum(sizes)
    if n_documents < 2 or total == 0:
        return None, None
    share = sum(hits) / total
    simple = share * (1 - share) / total
    residuals = [hit - share * size for hit, size in zip(hits, sizes, strict=True)]
    clustered = sum(r * r for r in residuals) / total**2 * n_documents / (n_documents - 1)
    effect = max(1.0, clustered / simple) if simple else 1.0
    return wilson(share, total / effect)
