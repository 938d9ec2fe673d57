"""How far years and sites lie apart in their topics, and whether chance explains it."""

from __future__ import annotations

import zlib
from collections import defaultdict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from hwbtext.errors import InputError
from hwbtext.records import DriftDistance
from hwbtext.topics.adjusting import benjamini_hochberg
from hwbtext.topics.cells import CellCounts, CellPair, cell_pairs, follows, note_of, strata_of
from hwbtext.topics.features import random_features
from hwbtext.topics.meetings import sum_by_meeting
from hwbtext.topics.model import NO_TOPIC
from hwbtext.topics.permutation import arrangements, compare_arrangements
from hwbtext.topics.shares import one_hot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from hwbtext.topics.meetings import Meetings
    from hwbtext.topics.permutation import Comparison

    Distance = Callable[
        [NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]
    ]

N_PERMUTATIONS = 999
_CHANCE_DRAWS = 200  # for the median distance by chance
_WORDING_MEETINGS = 4  # a topic's wording is compared where both years have so many meetings


def topic_drift(
    topics: Any,
    *,
    by: Sequence[str] = ("site", "year"),
    embeddings: NDArray[np.floating[Any]] | None = None,
    template: NDArray[np.bool_] | None = None,
    n_topics: int | None = None,
    n_permutations: int = N_PERMUTATIONS,
    seed: int = 0,
    progress: Callable[[int, int], object] | None = None,
) -> tuple[DriftDistance, ...]:
    """Compare the topic shares of years within each site, and of sites.

    A meeting (the papers of one site and day; a document where the day is not known) is the
    unit that is permuted, and it changes places only with meetings whose papers are of the
    same kinds; sites are compared within the years that both have.

    Parameters
    ----------
    topics : DataFrame or sequence of mapping
        The table ``topics``: passage_id, doc_id, site_id, meeting_date, year, doc_kind, topic.
        A column ``ocr`` (bool) keeps scans apart.
    by : sequence of str
        ("site", "year"): years within each site, and sites. ("site",): sites alone.
        ("year",): years, over all sites.
    embeddings : ndarray, shape (n_passages, d), optional
        Unit vectors of the same passages: adds the measures "text" and "wording".
    template : ndarray of bool, shape (n_passages,), optional
        Passages to leave out (:func:`hwbtext.topics.meetings.is_template`).
    n_topics : int, optional
        Topics of the model; by default those that occur. With it, what is said of two years
        does not depend on the topics of others.
    n_permutations, seed : int
    progress : callable, optional
        Called with the comparisons that are done, and with their number in all.

    Returns
    -------
    tuple of DriftDistance
        No passage with a site gives an empty tuple.

    Raises
    ------
    InputError
        ``by`` is none of the three, a column is missing, or arrays have another length.

    References
    ----------
    Lin (1991), Divergence measures based on the Shannon entropy. Chung and Romano (2013) for
    the test; see :mod:`hwbtext.topics.permutation`. Benjamini and Hochberg (1995).
    """
    wanted = _kinds(by)
    rows = _rows(topics)
    given = len(rows)
    for name, array in (("embeddings", embeddings), ("template", template)):
        if array is not None and len(array) != given:
            msg = f"{name} must have one row a passage. Got {len(array)} for {given} passages."
            raise InputError(msg)
    skipped = np.zeros(given, dtype=bool) if template is None else template
    in_site = np.array([row["site_id"] is not None for row in rows], dtype=bool)
    kept = np.flatnonzero(in_site & ~skipped)
    if not len(kept):
        return ()
    told = [rows[index] for index in kept]
    numbers = (
        sorted({int(row["topic"]) for row in told if row["topic"] != NO_TOPIC})
        if n_topics is None
        else list(range(n_topics))
    )
    column = {topic: place for place, topic in enumerate(numbers)} | {NO_TOPIC: NO_TOPIC}
    columns = np.array([column[int(row["topic"])] for row in told])
    meetings = sum_by_meeting(told, one_hot(columns.tolist(), len(numbers)))
    cells = list(cell_pairs(meetings, wanted))
    counts = CellCounts.of(rows, skipped)
    labels = [*numbers, NO_TOPIC]
    options = (n_permutations, seed)
    work = [partial(_topics, meetings, cell, labels, counts, options) for cell in cells]
    if embeddings is not None:
        features = random_features(np.asarray(embeddings)[kept])
        text = sum_by_meeting(told, features)
        work += [partial(_text, text, cell, "text", None, counts, options) for cell in cells]
        yearly = [cell for cell in cells if cell.kind == "years" and follows(cell, cells)]
        for place, topic in enumerate(numbers):
            holds = np.flatnonzero(columns == place)
            worded = sum_by_meeting([told[i] for i in holds], features[holds])
            work += [
                partial(_text, worded, cell, "wording", topic, counts, options)
                for cell in _cells_of(worded, yearly)
            ]
    found = []
    for n_done, compare in enumerate(work, start=1):
        found.append(compare())
        if progress is not None:
            progress(n_done, len(work))
    return _corrected(found)


def _kinds(by: Sequence[str]) -> set[str]:
    chosen = tuple(by) if not isinstance(by, str) else (by,)
    kinds = {("site", "year"): {"years", "sites"}, ("site",): {"sites"}, ("year",): {"all"}}
    if chosen not in kinds:
        msg = f"by must be ['site', 'year'], ['site'] or ['year']. Got {list(chosen)}."
        raise InputError(msg)
    return kinds[chosen]


def _rows(topics: Any) -> list[Mapping[str, Any]]:
    """Return the rows of a table of topics, pandas' missing values as None."""
    if hasattr(topics, "to_dict"):
        frame = topics.astype(object)
        topics = frame.where(frame.notna(), None).to_dict("records")
    rows = list(topics)
    needed = {"passage_id", "doc_id", "site_id", "meeting_date", "year", "doc_kind", "topic"}
    if rows and (missing := needed - set(rows[0])):
        msg = f"The topics have no columns {sorted(missing)}. Give the table `topics` of a run."
        raise InputError(msg)
    return rows


def _topics(
    meetings: Meetings,
    cell: CellPair,
    labels: Sequence[int],
    counts: CellCounts,
    options: tuple[int, int],
) -> DriftDistance:
    row, test = _compared(meetings, cell, counts, options, "topics", None, _jensen_shannon)
    if row.p is None or test.column is None or test.detectable is None:
        return row
    return replace(
        row,
        moved_topic=labels[test.column],
        moved_by=round(float(test.difference[test.column]), 9),
        moved_p=test.column_p,
        detectable=round(float(np.median(test.detectable)), 9),
    )


def _text(
    meetings: Meetings,
    cell: CellPair,
    measure: str,
    topic: int | None,
    counts: CellCounts,
    options: tuple[int, int],
) -> DriftDistance:
    return _compared(meetings, cell, counts, options, measure, topic, _mean_discrepancy)[0]


def _compared(
    meetings: Meetings,
    cell: CellPair,
    counts: CellCounts,
    options: tuple[int, int],
    measure: str,
    topic: int | None,
    distance_of: Distance,
) -> tuple[DriftDistance, Comparison]:
    """Test two cells, and measure how far apart they are: observed, and by chance."""
    rows = [*cell.rows_a, *cell.rows_b]
    n_a = len(cell.rows_a)
    sums, sizes = meetings.sums[rows], meetings.sizes[rows]
    strata = strata_of(meetings, cell, rows)
    rng = np.random.default_rng(_seed(options[1], f"{measure} {topic}", cell))
    labels = arrangements(np.arange(len(rows)) >= n_a, strata, options[0], rng)
    test = compare_arrangements(sums, sizes, labels, strata, n_permutations=options[0])
    # Every so many of them: a median needs no more, and the observed one comes first.
    some = labels[:: max(1, len(labels) // _CHANCE_DRAWS)]
    distances = distance_of(sums, sizes, some.astype(np.float64))
    row = DriftDistance(
        kind=cell.kind,
        measure=measure,
        topic=topic,
        site_id_a=cell.a[0],
        year_a=cell.a[1],
        site_id_b=cell.b[0],
        year_b=cell.b[1],
        distance=round(float(distances[0]), 9),
        chance=round(float(np.median(distances[1:])), 9) if len(distances) > 2 else None,
        p=test.p if cell.note is None else None,
        p_adjusted=None,
        moved_topic=None,
        moved_by=None,
        moved_p=None,
        detectable=None,
        n_a=int(sizes[:n_a].sum()),
        n_b=int(sizes[n_a:].sum()),
        n_meetings_a=n_a,
        n_meetings_b=len(rows) - n_a,
        n_documents_a=len(counts.documents[cell.a]),
        n_documents_b=len(counts.documents[cell.b]),
        template_a=round(counts.template[cell.a], 6),
        template_b=round(counts.template[cell.b], 6),
        note=note_of(meetings, cell, test.p is None),
    )
    return row, test


def _cells_of(meetings: Meetings, cells: Sequence[CellPair]) -> Iterator[CellPair]:
    """Yield the pairs of which both have enough of these meetings, with their rows here."""
    of: dict[tuple[str | None, int | None], list[int]] = defaultdict(list)
    for row, (site, year) in enumerate(zip(meetings.sites, meetings.years, strict=True)):
        of[site, year].append(row)
    for cell in cells:
        a, b = of.get(cell.a, []), of.get(cell.b, [])
        if min(len(a), len(b)) >= _WORDING_MEETINGS:
            yield replace(cell, rows_a=tuple(a), rows_b=tuple(b))


def _jensen_shannon(
    sums: NDArray[np.float64], sizes: NDArray[np.float64], second: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the Jensen-Shannon distance (base 2) of the two groups in each arrangement."""
    p, q = ((weight @ sums) / (weight @ sizes)[:, None] for weight in (1 - second, second))
    middle = (p + q) / 2

    def divergence(part: NDArray[np.float64]) -> NDArray[np.float64]:
        ratio = np.divide(part, middle, out=np.ones_like(part), where=part > 0)
        bits: NDArray[np.float64] = (part * np.log2(ratio)).sum(axis=1)
        return bits

    # Equal shares can come out as -1e-17 under the root.
    distances: NDArray[np.float64] = np.sqrt(np.maximum((divergence(p) + divergence(q)) / 2, 0.0))
    return distances


def _mean_discrepancy(
    sums: NDArray[np.float64], sizes: NDArray[np.float64], second: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the distance of the mean features of the two groups in each arrangement."""
    p, q = ((weight @ sums) / (weight @ sizes)[:, None] for weight in (1 - second, second))
    distances: NDArray[np.float64] = np.sqrt(((p - q) ** 2).sum(axis=1))
    return distances


def _seed(seed: int, measure: str, cell: CellPair) -> int:
    """Return a seed of the comparison's own: the others change none of its draws."""
    return zlib.crc32(f"{seed} {measure} {cell.kind} {cell.a} {cell.b}".encode())


def _corrected(found: list[DriftDistance]) -> tuple[DriftDistance, ...]:
    families: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, row in enumerate(found):
        if row.p is not None:
            families[row.kind, row.measure].append(index)
    corrected = list(found)
    for members in families.values():
        adjusted = benjamini_hochberg([found[index].p or 0.0 for index in members])
        for index, value in zip(members, adjusted, strict=True):
            corrected[index] = replace(found[index], p_adjusted=value)
    return tuple(corrected)
