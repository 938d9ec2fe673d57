"""Meetings from which on a site's topic shares are others."""

from __future__ import annotations

import zlib
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hwbtext.records import Changepoint
from hwbtext.topics.adjusting import benjamini_hochberg
from hwbtext.topics.meetings import sum_by_meeting
from hwbtext.topics.model import NO_TOPIC
from hwbtext.topics.shares import one_hot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hwbtext.topics.meetings import Meetings

MIN_SEGMENT = 4
"""Meetings on either side of a change, at least."""

MIN_PASSAGES = 5
"""Meetings with fewer passages say too little of shares."""

_MOST_CHANGES = 3
_N_PERMUTATIONS = 999
_N_RESAMPLES = 200
_AT_ONCE = 100  # permutations: keeps the arrays small


def find_changepoints(
    rows: Sequence[Mapping[str, Any]], n_topics: int, *, seed: int = 0
) -> tuple[Changepoint, ...]:
    """Find up to three changes of each site, of all topics together and of each topic.

    Candidates are placed by least squares (binary segmentation, ruptures); each is then tested
    within its own segment by putting the meetings in other orders, and its date gets an
    interval by resampling the meetings before and after it. Kinds of paper are held equal by
    taking out their means. Changes of all topics together are listed if p is 0.05 or less;
    changes of one topic if they are after correction for all topics of the site.

    Parameters
    ----------
    rows : sequence of mapping
        Rows of the table ``topics`` with a day (``meeting_date``).
    n_topics : int
        Topics of the model.
    seed : int

    Returns
    -------
    tuple of Changepoint
        By site, topic and day.

    References
    ----------
    Truong, Oudre and Vayatis (2020), Selective review of offline change point detection
    methods. Matteson and James (2014), A nonparametric approach for multiple change point
    analysis (the test by permutation).
    """
    dated = [row for row in rows if row["site_id"] is not None and row["meeting_date"] is not None]
    if not dated:
        return ()
    meetings = sum_by_meeting(dated, one_hot([row["topic"] for row in dated], n_topics))
    by_site: dict[str, list[int]] = defaultdict(list)
    for row, site in enumerate(meetings.sites):
        if meetings.sizes[row] >= MIN_PASSAGES and meetings.days[row] is not None:
            by_site[site].append(row)
    found: list[Changepoint] = []
    for site, places in sorted(by_site.items()):
        if len(places) >= 2 * MIN_SEGMENT:
            found += _of_site(
                meetings.select(places), n_topics, zlib.crc32(f"{seed} {site}".encode())
            )
    return tuple(found)


def _of_site(meetings: Meetings, n_topics: int, seed: int) -> list[Changepoint]:
    signal = _adjusted(meetings)
    together = _changes(meetings, signal, None, seed)
    kept = [change for change in together if change.p <= 0.05]
    single: list[Changepoint] = []
    for column in range(n_topics + 1):
        topic = NO_TOPIC if column == n_topics else column
        if meetings.sums[:, column].sum() >= 2 * MIN_SEGMENT:
            single += _changes(meetings, signal[:, [column]], topic, seed + 1 + column)
    adjusted = benjamini_hochberg([change.p for change in single])
    for change, value in zip(single, adjusted, strict=True):
        if value <= 0.05:
            kept.append(replace(change, p_adjusted=value))
    return sorted(kept, key=lambda c: (c.topic is not None, c.topic or 0, c.day))


def _adjusted(meetings: Meetings) -> NDArray[np.float64]:
    """Return the shares of each meeting, less what its kinds of paper hold on average."""
    shares = meetings.sums / meetings.sizes[:, None]
    adjusted = shares.copy()
    for stratum in np.unique(meetings.strata):
        rows = meetings.strata == stratum
        adjusted[rows] -= shares[rows].mean(axis=0)
    return adjusted


def _changes(
    meetings: Meetings, signal: NDArray[np.float64], topic: int | None, seed: int
) -> list[Changepoint]:
    import ruptures

    most = min(_MOST_CHANGES, len(signal) // MIN_SEGMENT - 1)
    segmented = ruptures.Binseg(model="l2", min_size=MIN_SEGMENT, jump=1).fit(signal)
    found: list[Changepoint] = []
    ends = {0, len(signal)}
    for n_changes in range(1, most + 1):
        breaks = set(segmented.predict(n_bkps=n_changes)) | {0}
        new = breaks - ends
        if len(new) != 1:
            break
        at = new.pop()
        start = max(end for end in ends if end < at)
        stop = min(end for end in ends if end > at)
        rng = np.random.default_rng([seed, at])
        p = _p_value(signal[start:stop], rng)
        if p > 0.05:
            break  # what segmentation would place next explains less
        ends.add(at)
        low, high = _interval(signal[start:stop], at - start, rng)
        column = topic  # that of "none of these" is the last, -1
        found.append(
            Changepoint(
                meetings.sites[0],
                topic,
                _day(meetings, at),
                _day(meetings, start + low),
                _day(meetings, start + high),
                None if column is None else _share(meetings, column, start, at),
                None if column is None else _share(meetings, column, at, stop),
                p,
                p,
                len(signal),
            )
        )
    return found


def _gains(signals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a change before each meeting explains, for series of shape (r, n, columns).

    The sum of squares between the two segments; shape (r, n - 2 * MIN_SEGMENT + 1), the first
    place being MIN_SEGMENT.
    """
    n = signals.shape[1]
    total = np.cumsum(signals, axis=1)
    places = np.arange(MIN_SEGMENT, n - MIN_SEGMENT + 1)
    before = total[:, places - 1] / places[None, :, None]
    after = (total[:, [-1]] - total[:, places - 1]) / (n - places)[None, :, None]
    weight = places * (n - places) / n
    gains: NDArray[np.float64] = ((before - after) ** 2).sum(axis=2) * weight
    return gains


def _p_value(signal: NDArray[np.float64], rng: np.random.Generator) -> float:
    if len(signal) < 2 * MIN_SEGMENT:
        return 1.0
    observed = float(_gains(signal[None]).max())
    n_larger = 0
    for at in range(0, _N_PERMUTATIONS, _AT_ONCE):
        n = min(_AT_ONCE, _N_PERMUTATIONS - at)
        orders = rng.permuted(np.tile(np.arange(len(signal)), (n, 1)), axis=1)
        n_larger += int((_gains(signal[orders]).max(axis=1) >= observed * (1 - 1e-9)).sum())
    return round((1 + n_larger) / (1 + _N_PERMUTATIONS), 9)


def _interval(signal: NDArray[np.float64], at: int, rng: np.random.Generator) -> tuple[int, int]:
    """Return the places of 95% of the changes found when either side is drawn anew."""
    before = rng.integers(0, at, (_N_RESAMPLES, at))
    after = rng.integers(at, len(signal), (_N_RESAMPLES, len(signal) - at))
    drawn = signal[np.concatenate([before, after], axis=1)]
    places = MIN_SEGMENT + _gains(drawn).argmax(axis=1)
    low, high = np.quantile(places, [0.025, 0.975], method="nearest")
    return min(int(low), at), max(int(high), at)


def _day(meetings: Meetings, place: int) -> Any:
    return meetings.days[min(place, len(meetings) - 1)]


def _share(meetings: Meetings, column: int, start: int, stop: int) -> float:
    return round(
        float(meetings.sums[start:stop, column].sum() / meetings.sizes[start:stop].sum()), 9
    )
