"""Calibrate the tests of drift and the intervals of shares by planted truth.

    python -m benchmarks.accuracy.drift --shared ../shared

Corpora are drawn from the passages of real papers, so that meetings cluster, repeat themselves
and differ in length as real ones do, while the truth is known: both groups of meetings are
drawn from the same meetings (no drift), or a part of the passages of the second group is
replaced by passages of one topic (drift of a known size). The topic space is fitted once for
each corpus. A site is a village council of Norfolk with a long series of minutes; in West
Sussex and Kent, where there are few meetings, documents take their place.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.accuracy.topic_runs import CORPORA, TopicRun, load_run
from benchmarks.results import measured_on, write_section
from hwbtext.intervals import wilson
from hwbtext.topics.changepoints import MIN_PASSAGES, _p_value
from hwbtext.topics.features import random_features
from hwbtext.topics.meetings import meeting_key
from hwbtext.topics.permutation import ALPHA, compare_groups
from hwbtext.topics.shares import effective_size, one_hot

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_NULL = 2_000
N_POWER = 400
N_PERMUTATIONS = 199
GROUPS = ((5, 5), (4, 12), (10, 10))
LENGTHS = {
    "as they are": (1.0, 1.0),
    "second group a quarter": (1.0, 0.25),
    "first group a quarter": (0.25, 1.0),
}
SHIFTS = (0.02, 0.05, 0.1, 0.2, 0.3)
LIMIT = 0.07
CONSERVATIVE = 0.03
NULL_HEAD = (
    "corpus", "unit", "meetings", "lengths", "topic shares", "topic named", "text (MMD)",
    "chi-squared on plain counts", "verdict",
)  # fmt: skip
POWER_HEAD = (
    "corpus", "meetings", *(f"shift {shift:.2f}" for shift in SHIFTS), "right topic named",
    "said to be detectable",
)  # fmt: skip
COVERAGE_HEAD = (
    "corpus", "meetings", "ours", "Wilson on passages as if independent",
    "percentile bootstrap of meetings",
)  # fmt: skip
_SITES = {"norfolk-village-councils": 2, "west-sussex-jsna": 1, "kent-cc": 1}
_FEWEST = 12  # meetings that a site must have to be drawn from


@dataclass(frozen=True)
class Pool:
    """The meetings of one site: the topics and features of the passages of each."""

    name: str
    unit: str
    topics: list[NDArray[np.float32]]
    features: list[NDArray[np.float64]]

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        """Place of each meeting's first passage among all of them."""
        return np.concatenate([[0], np.cumsum([len(topics) for topics in self.topics])[:-1]])

    @cached_property
    def all_topics(self) -> NDArray[np.float64]:
        """The topics of all passages."""
        return np.concatenate(self.topics).astype(float)

    @cached_property
    def all_features(self) -> NDArray[np.float64]:
        """The features of all passages."""
        return np.concatenate(self.features)

    def draw(
        self, sizes: tuple[int, int], lengths: tuple[float, float], rng: np.random.Generator
    ) -> list[NDArray[np.int64]]:
        """Draw meetings with replacement, and passages in each: places within the meeting."""
        drawn = []
        for n, factor in zip(sizes, lengths, strict=True):
            for meeting in rng.integers(0, len(self.topics), n):
                length = len(self.topics[meeting])
                kept = max(2, round(length * factor))
                drawn.append(
                    np.column_stack(
                        [np.full(kept, meeting), rng.choice(length, kept, replace=factor > 1)]
                    )
                )
        return drawn


def pools_of(run: TopicRun) -> list[Pool]:
    """Return the sites of a corpus with the most meetings."""
    model = run.fit()
    topics = one_hot(model.assign(run.vectors).topics.tolist(), model.n_topics)
    features = random_features(run.vectors)
    by_document = run.name != "norfolk-village-councils"
    groups: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, row in enumerate(run.rows):
        site = run.name if by_document else row["site_id"]
        if site is not None:
            unit = row["doc_id"] if by_document else meeting_key(row)
            groups[site][unit].append(place)
    largest = sorted(groups, key=lambda site: (-len(groups[site]), site))[: _SITES[run.name]]
    pools = []
    for number, site in enumerate(largest, start=1):
        units = [rows for rows in groups[site].values() if len(rows) >= MIN_PASSAGES]
        if len(units) >= _FEWEST:
            name = f"{run.name}, site {number}" if _SITES[run.name] > 1 else run.name
            pools.append(
                Pool(
                    name,
                    "documents" if by_document else "meetings",
                    [topics[rows] for rows in units],
                    [features[rows] for rows in units],
                )
            )
    return pools


def null_rates(pool: Pool, seed: int) -> list[tuple[str, ...]]:
    """Return a row for each size of the groups and each difference in length."""
    rows = []
    for sizes in GROUPS:
        in_second = np.arange(sum(sizes)) >= sizes[0]
        for label, lengths in LENGTHS.items():
            rng = np.random.default_rng([seed, sizes[0], sizes[1], len(label)])
            hits = {"topics": 0, "text": 0, "moved": 0, "chi2": 0}
            for number in range(N_NULL):
                drawn = pool.draw(sizes, lengths, rng)
                sums, text, n = _sums(pool, drawn)
                options = {"n_permutations": N_PERMUTATIONS, "seed": number}
                test = compare_groups(sums, n, in_second, **options)
                hits["topics"] += test.p is not None and test.p <= ALPHA
                hits["moved"] += test.column_p is not None and test.column_p <= ALPHA
                hits["text"] += (compare_groups(text, n, in_second, **options).p or 1) <= ALPHA
                hits["chi2"] += _chi_squared(sums, in_second) <= ALPHA
            rows.append(
                (
                    pool.name,
                    pool.unit,
                    f"{sizes[0]} and {sizes[1]}",
                    label,
                    *(_rate(hits[key], N_NULL) for key in ("topics", "moved", "text", "chi2")),
                    _verdict(hits["topics"]),
                )
            )
    return rows


def power(pool: Pool, seed: int) -> list[tuple[str, ...]]:
    """Return a row for each shift planted in the second group."""
    rows = []
    target = int(np.concatenate(pool.topics).sum(axis=0)[:-1].argsort()[-3])  # the third largest
    of_target = np.array(
        [
            (meeting, place)
            for meeting, topics in enumerate(pool.topics)
            for place in np.flatnonzero(topics[:, target])
        ]
    )
    for sizes in ((5, 5), (10, 10), (20, 20)):
        in_second = np.arange(sum(sizes)) >= sizes[0]
        cells, found = [], []
        for shift in SHIFTS:
            rng = np.random.default_rng([seed, sizes[0], round(100 * shift)])
            hits = named = text_hits = 0
            detectable = []
            for number in range(N_POWER):
                drawn = pool.draw(sizes, (1.0, 1.0), rng)
                for meeting in drawn[sizes[0] :]:
                    moved = np.flatnonzero(rng.random(len(meeting)) < shift)
                    chosen = rng.integers(0, len(of_target), len(moved))
                    meeting[moved] = of_target[chosen]
                sums, text, n = _sums(pool, drawn)
                options = {"n_permutations": N_PERMUTATIONS, "seed": number}
                test = compare_groups(sums, n, in_second, **options)
                hit = test.p is not None and test.p <= ALPHA
                hits += hit
                named += hit and test.column == target and (test.column_p or 1) <= ALPHA
                text_hits += (compare_groups(text, n, in_second, **options).p or 1) <= ALPHA
                if test.detectable is not None:
                    detectable.append(float(np.median(test.detectable)))
            cells.append(f"{hits / N_POWER:.2f} / {text_hits / N_POWER:.2f}")
            found.append(f"{named / N_POWER:.2f}")
        median = f"{np.median(detectable):.3f}" if detectable else "-"
        rows.append((pool.name, f"{sizes[0]} and {sizes[1]}", *cells, ", ".join(found), median))
    return rows


def coverage(pool: Pool, seed: int) -> list[tuple[str, ...]]:
    """Return how often the 95% intervals of shares hold the share of the whole site."""
    every = [topics.sum(axis=0).astype(float) for topics in pool.topics]
    sizes = np.array([len(topics) for topics in pool.topics], dtype=float)
    truth = np.sum(every, axis=0) / sizes.sum()
    sums = np.array(every)
    told = truth > 0
    rows = []
    for n in (3, 5, 10):
        rng = np.random.default_rng([seed, n])
        hits = {"ours": 0.0, "naive": 0.0, "bootstrap": 0.0}
        widths = {"ours": 0.0, "naive": 0.0, "bootstrap": 0.0}
        for _ in range(N_NULL):
            chosen = rng.integers(0, len(sizes), n)
            some, lengths = sums[chosen], sizes[chosen]
            share = some.sum(axis=0) / lengths.sum()
            resampled = rng.integers(0, n, (200, n))
            drawn = some[resampled].sum(axis=1) / lengths[resampled].sum(axis=1)[:, None]
            intervals = {
                "ours": wilson(share, effective_size(some, lengths)),
                "naive": wilson(share, np.full(len(share), lengths.sum())),
                "bootstrap": tuple(np.quantile(drawn, [0.025, 0.975], axis=0)),
            }
            for key, (low, high) in intervals.items():
                hits[key] += float(((low <= truth) & (truth <= high))[told].mean())
                widths[key] += float((high - low)[told].mean())
        rows.append(
            (
                pool.name,
                str(n),
                *(
                    f"{hits[key] / N_NULL:.3f} (width {widths[key] / N_NULL:.3f})"
                    for key in ("ours", "naive", "bootstrap")
                ),
            )
        )
    return rows


def changepoint_rate(pool: Pool, seed: int) -> tuple[str, ...]:
    """Return how often a series of meetings in random order gets a changepoint."""
    shares = np.array([topics.mean(axis=0) for topics in pool.topics], dtype=float)
    rng = np.random.default_rng(seed)
    n = 24
    hits = sum(
        _p_value(shares[rng.integers(0, len(shares), n)], np.random.default_rng(number)) <= ALPHA
        for number in range(N_NULL)
    )
    return pool.name, str(n), _rate(hits, N_NULL)


def _sums(
    pool: Pool, drawn: list[NDArray[np.int64]]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Add up topics and features of the passages drawn, meeting by meeting."""
    n = np.array([len(meeting) for meeting in drawn], dtype=float)
    starts = np.concatenate([[0], np.cumsum(n[:-1])]).astype(int)
    places = np.concatenate(drawn)
    rows = pool.offsets[places[:, 0]] + places[:, 1]
    topics = np.add.reduceat(pool.all_topics[rows], starts, axis=0)
    return topics, np.add.reduceat(pool.all_features[rows], starts, axis=0), n


def _chi_squared(sums: NDArray[np.float64], in_second: NDArray[np.bool_]) -> float:
    """Return the p of a chi-squared test on counts, as topics_over_time would give them."""
    from scipy.stats import chi2_contingency

    table = np.array([sums[~in_second].sum(axis=0), sums[in_second].sum(axis=0)])
    return float(chi2_contingency(table[:, table.sum(axis=0) > 0]).pvalue)


def _rate(hits: int, n: int) -> str:
    low, high = _interval(hits, n)
    return f"{hits / n:.3f} ({low:.3f} to {high:.3f})"


def _interval(hits: int, n: int) -> tuple[float, float]:
    from scipy.stats import binomtest

    interval = binomtest(hits, n).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def _verdict(hits: int) -> str:
    rate = hits / N_NULL
    if _interval(hits, N_NULL)[1] >= LIMIT:
        return "missed"
    return "conservative" if rate < CONSERVATIVE else "met"


def same_counts(run: TopicRun) -> bool:
    """Return whether BERTopic's topics_over_time counts passages as this benchmark does."""
    bertopic = run.fit().bertopic
    texts = sorted(set(run.texts), key=lambda text: hashlib.sha256(text.encode()).digest())
    stamps = [number % 2 for number in range(len(texts))]
    over_time = bertopic.topics_over_time(
        texts, stamps, global_tuning=False, evolution_tuning=False
    )
    ours = Counter(zip(bertopic.topics_, stamps, strict=True))
    theirs = {(row.Topic, row.Timestamp): row.Frequency for row in over_time.itertuples()}
    return theirs == dict(ours)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def main() -> None:
    """Write the section of RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--runs", type=Path, default=Path("out/runs"))
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    started = monotonic()
    runs = [load_run(name, given.shared, given.runs) for name in CORPORA]
    counts_agree = same_counts(runs[0])
    pools = [pool for run in runs for pool in pools_of(run)]
    nulls, powers, covers, changes = [], [], [], []
    with threadpool_limits(limits=1):
        for pool in pools:
            print(pool.name, len(pool.topics), pool.unit, flush=True)
            nulls += null_rates(pool, given.seed)
            covers += coverage(pool, given.seed)
            changes.append(changepoint_rate(pool, given.seed))
            if not pool.name.startswith("kent"):
                powers += power(pool, given.seed)
            print(round(monotonic() - started), "s", flush=True)
    write_section("drift", _section(pools, nulls, powers, covers, changes, counts_agree))


def _section(
    pools: list[Pool],
    nulls: list[tuple[str, ...]],
    powers: list[tuple[str, ...]],
    covers: list[tuple[str, ...]],
    changes: list[tuple[str, ...]],
    counts_agree: bool,
) -> str:
    drawn = "; ".join(f"{pool.name}: {len(pool.topics)} {pool.unit}" for pool in pools)
    verdicts = Counter(row[-1] for row in nulls)
    summary = ", ".join(f"{verdict} {n}" for verdict, n in sorted(verdicts.items()))
    agree = "equal to" if counts_agree else "NOT equal to"
    return f"""## Drift: calibration by planted truth

`python -m benchmarks.accuracy.drift --shared ../shared`, {measured_on()}.
Corpora drawn from the passages of real papers ({drawn}); a topic space fitted once for each;
{N_NULL:,} simulations a cell, {N_PERMUTATIONS} permutations each; brackets: 95% interval of the
rate (Wilson).

### No drift: how often the tests say p <= 0.05

Both groups are drawn from the same meetings. Asked: the interval of the rate for topic shares
ends under {LIMIT}; a rate under {CONSERVATIVE} is conservative (its power is below). Cells:
{summary}. "Topic named": a single topic is named as changed. The last column but one puts the
counts of BERTopic's `topics_over_time` ({agree} ours on the Norfolk corpus) to a chi-squared test,
as if passages were independent: it has no test of its own.

{_table(NULL_HEAD, nulls)}

### Planted drift: power

Of each passage of the second group, by this chance, its place is taken by a passage of one
topic. Topic shares / text, {N_POWER} simulations a cell; then how often the right topic is
named, shift by shift; then the change of a share that the comparisons called detectable (median).

{_table(POWER_HEAD, powers)}

### Coverage of the 95% intervals of shares

Truth: the share of the whole site. Mean over topics, {N_NULL:,} draws. Asked: 0.93 or more.

{_table(COVERAGE_HEAD, covers)}

### Changepoints in series without any

Meetings in random order; how often the first candidate of all topics together has p <= 0.05.

{_table(("corpus", "meetings", "rate"), changes)}
"""


if __name__ == "__main__":
    main()
