"""How far apart the topic shares of two years of a site, or of two sites, are."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from hwbtext.records import DriftDistance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

Cell = tuple[str | None, int | None, str]
"""Site, year and document of one passage."""


def topic_drift(cells: Sequence[Cell], topics: Sequence[int]) -> tuple[DriftDistance, ...]:
    """Measure the distance between years within each site, and between sites over all years.

    Parameters
    ----------
    cells : sequence of (site_id, year, doc_id)
        One a passage; passages without a site, or for the years without a year, are left out.
    topics : sequence of int
        The topic of each passage.

    Returns
    -------
    tuple of DriftDistance
        Jensen-Shannon distance to base 2: 0 where the shares are equal, 1 where no topic is
        common. Thin cells are far from everything by chance alone: look at the counts.

    References
    ----------
    Lin (1991), Divergence measures based on the Shannon entropy.
    """
    if not len(topics):
        return ()
    index = {topic: column for column, topic in enumerate(sorted(set(topics)))}
    by_site: dict[str, list[int]] = {}
    by_year: dict[tuple[str, int], list[int]] = {}
    for row, (site, year, _) in enumerate(cells):
        if site is None:
            continue
        by_site.setdefault(site, []).append(row)
        if year is not None:
            by_year.setdefault((site, year), []).append(row)

    def shares(rows: Iterable[int]) -> NDArray[np.float64]:
        counts = np.zeros(len(index))
        for row in rows:
            counts[index[topics[row]]] += 1
        fractions: NDArray[np.float64] = counts / counts.sum()
        return fractions

    def between(
        kind: str, a: tuple[str, int | None], b: tuple[str, int | None], rows: list[list[int]]
    ) -> DriftDistance:
        from scipy.spatial.distance import jensenshannon

        distance = float(jensenshannon(shares(rows[0]), shares(rows[1]), base=2))
        n_documents = [len({cells[row][2] for row in part}) for part in rows]
        # Equal shares can come out as -1e-17 under the root.
        distance = 0.0 if np.isnan(distance) else round(distance, 9)
        return DriftDistance(kind, *a, *b, distance, len(rows[0]), len(rows[1]), *n_documents)

    years = [
        between("years", a, b, [by_year[a], by_year[b]])
        for a, b in combinations(sorted(by_year), 2)
        if a[0] == b[0]
    ]
    sites = [
        between("sites", (a, None), (b, None), [by_site[a], by_site[b]])
        for a, b in combinations(sorted(by_site), 2)
    ]
    return (*years, *sites)
