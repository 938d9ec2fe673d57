"""Shares of topics by site and year, with intervals that know of meetings."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from hwbtext.intervals import Z95, wilson
from hwbtext.records import TopicShare
from hwbtext.topics.meetings import sum_by_meeting
from hwbtext.topics.model import NO_TOPIC

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


THIN_MEETINGS = 3
THIN_PASSAGES = 30
"""Cells with fewer meetings, or fewer passages, are thin."""

# Degrees of freedom of a design effect, for each meeting more than one. All topics of a cell
# share in it, so there are more than the meetings would give; four covers on the corpora of
# benchmarks/accuracy/drift.py.
_FREEDOM = 4.0
_LEAST_FREEDOM = 2.0


def topic_shares(rows: Sequence[Mapping[str, Any]], n_topics: int) -> tuple[TopicShare, ...]:
    """Return the share of every topic in every site and year.

    The interval is Wilson's on the effective number of passages: their number divided by the
    design effect of the meetings, which is the topic's own or that of all topics of the cell
    together, whichever is larger. (The percentile bootstrap over meetings covers the true
    share far too seldom with the five or ten meetings that a year has; benchmarks/RESULTS.md
    has both.)

    Parameters
    ----------
    rows : sequence of mapping
        Rows of the table ``topics``; those without site or year are left out.
    n_topics : int
        Topics of the model, with or without passages here; "none of these" comes besides.

    Returns
    -------
    tuple of TopicShare
        By site, year and topic.

    References
    ----------
    Wilson (1927). Korn and Graubard (1998), Confidence intervals for proportions with small
    expected number of positive counts estimated from survey data. Efron and Morris (1975), Data
    analysis using Stein's estimator and its generalizations (the pooled share).
    """
    told = [row for row in rows if row["site_id"] is not None and row["year"] is not None]
    if not told:
        return ()
    meetings = sum_by_meeting(told, one_hot([row["topic"] for row in told], n_topics))
    cells: dict[tuple[str, int], list[int]] = defaultdict(list)
    for index, (site, year) in enumerate(zip(meetings.sites, meetings.years, strict=True)):
        cells[site, int(year or 0)].append(index)
    sites: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for site, year in sorted(cells):
        sites[site].append((site, year))
    found = []
    for years in sites.values():
        some = [meetings.select(cells[cell]) for cell in years]
        shares = np.array([cell.sums.sum(axis=0) / cell.sizes.sum() for cell in some])
        effective = np.array([effective_size(cell.sums, cell.sizes) for cell in some])
        pooled = pool(shares, effective)
        for row, (cell, (site, year)) in enumerate(zip(some, years, strict=True)):
            low, high = wilson(shares[row], effective[row])
            alone = len(cell) < 2
            total = int(cell.sizes.sum())
            found += [
                TopicShare(
                    site,
                    year,
                    NO_TOPIC if column == n_topics else column,
                    int(cell.sums[:, column].sum()),
                    total,
                    len(cell),
                    round(float(shares[row, column]), 9),
                    None if alone else round(float(low[column]), 9),
                    None if alone else round(float(high[column]), 9),
                    round(float(pooled[row, column]), 9),
                    len(cell) < THIN_MEETINGS or total < THIN_PASSAGES,
                )
                for column in range(n_topics + 1)
            ]
    return tuple(found)


def one_hot(topics: Sequence[int], n_topics: int) -> NDArray[np.float32]:
    """Return a column a topic, and a last one for "none of these"; shape (n, n_topics + 1)."""
    columns = np.asarray(topics, dtype=np.int64)
    columns = np.where(columns == NO_TOPIC, n_topics, columns)
    values = np.zeros((len(columns), n_topics + 1), dtype=np.float32)
    values[np.arange(len(columns)), columns] = 1.0
    return values


def effective_size(sums: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how many independent passages the meetings of a cell are worth, for each topic.

    Parameters
    ----------
    sums : ndarray of float64, shape (n_meetings, n_topics)
    sizes : ndarray of float64, shape (n_meetings,)

    Returns
    -------
    ndarray of float64, shape (n_topics,)
        Never above the number of passages; that number itself with one meeting, which says
        nothing of how meetings differ.

    References
    ----------
    Kish (1965), Survey sampling (the effective number of meetings of unlike lengths).
    """
    from scipy.stats import t as student_t

    n, total = len(sizes), sizes.sum()
    share = sums.sum(axis=0) / total
    simple = share * (1 - share) / total
    if n < 2 or simple.sum() == 0:
        return np.full(len(share), total)
    scatter = ((sums - np.outer(sizes, share)) ** 2).sum(axis=0)
    clustered = scatter / total**2 * n / (n - 1)
    own = np.divide(clustered, simple, out=np.ones_like(simple), where=simple > 0)
    together = clustered.sum() / simple.sum()
    # The design effect is itself an estimate, the worse the fewer the meetings are, and the
    # more one long paper outweighs them.
    alike = total**2 / (sizes**2).sum()
    limit = float(student_t.ppf(0.975, max(_FREEDOM * (alike - 1), _LEAST_FREEDOM)))
    effective: NDArray[np.float64] = total / np.maximum(1.0, np.maximum(own, together))
    return effective * (Z95 / limit) ** 2


def pool(shares: NDArray[np.float64], effective: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draw the shares of each year of a site towards those of all its years.

    How much is told by the site itself: years that differ no more than meetings do are drawn
    together; where they differ more, only thin ones move.

    Parameters
    ----------
    shares, effective : ndarray of float64, shape (n_years, n_topics)

    Returns
    -------
    ndarray of float64, shape (n_years, n_topics)
        Rows sum to 1.
    """
    if len(shares) < 2:
        return shares
    weight = effective.mean(axis=1, keepdims=True)
    centre = (shares * weight).sum(axis=0) / weight.sum()
    sampling = centre * (1 - centre) * (1 / effective)
    between = ((shares - centre) ** 2).sum() * len(shares) / (len(shares) - 1) - sampling.sum()
    simple = (centre * (1 - centre)).sum() * len(shares)
    ratio = max(between, 0.0) / simple if simple > 0 else 0.0
    # The size of a sample whose shares vary as the years do; endless where they do not vary.
    prior = 1 / ratio - 1 if ratio > 0 else np.inf
    kept = np.array(weight / (weight + prior)) if np.isfinite(prior) else np.zeros_like(weight)
    drawn: NDArray[np.float64] = kept * shares + (1 - kept) * centre
    return drawn
