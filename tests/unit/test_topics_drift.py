from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hwbtext.errors import InputError
from hwbtext.intervals import wilson
from hwbtext.topics import topic_drift
from hwbtext.topics.changepoints import find_changepoints
from hwbtext.topics.features import random_features
from hwbtext.topics.meetings import is_template, learn_template, sum_by_meeting
from hwbtext.topics.permutation import arrangements, compare_groups
from hwbtext.topics.shares import effective_size, one_hot, pool, topic_shares

Row = dict[str, Any]


def meeting(site: str, day: date, topics: list[int], kind: str = "minutes") -> list[Row]:
    return [
        {
            "passage_id": f"{site}{day}{kind}:{i:03}",
            "doc_id": f"{site}{day}{kind}",
            "site_id": site,
            "meeting_date": day,
            "year": day.year,
            "doc_kind": kind,
            "topic": topic,
        }
        for i, topic in enumerate(topics)
    ]


def series(
    site: str, shares: dict[int, list[float]], n: int = 6, length: int = 40, seed: int = 0
) -> list[Row]:
    """Meetings of a site, ``n`` a year, whose topics are drawn from the shares of the year."""
    rng = np.random.default_rng(seed)
    rows = []
    for year, share in shares.items():
        for number in range(n):
            day = date(year, 1, 5) + timedelta(days=50 * number)
            drawn = rng.choice(len(share), length, p=rng.dirichlet(60 * np.array(share)))
            rows += meeting(site, day, drawn.tolist())
    return rows


def draw(rng: np.random.Generator, n: int, length: int, share: np.ndarray) -> np.ndarray:
    return np.array([rng.multinomial(length, rng.dirichlet(30 * share)) for _ in range(n)], float)


@pytest.mark.parametrize(
    ("na", "nb", "la", "lb"), [(4, 12, 20, 80), (12, 4, 20, 80), (8, 8, 40, 40)]
)
def test_meetings_of_other_lengths_are_no_drift(na: int, nb: int, la: int, lb: int) -> None:
    # The plain permutation test of the distance says "drift" in half of the first of these.
    rng = np.random.default_rng(5)
    share = rng.dirichlet(np.ones(12))
    hits = 0
    for seed in range(300):
        sums = np.vstack([draw(rng, na, la, share), draw(rng, nb, lb, share)])
        test = compare_groups(
            sums, sums.sum(axis=1), np.arange(na + nb) >= na, n_permutations=199, seed=seed
        )
        hits += test.p is not None and test.p <= 0.05
    assert hits / 300 < 0.10


def test_a_planted_shift_is_found_and_named() -> None:
    rng = np.random.default_rng(2)
    share = np.full(8, 1 / 8)
    moved = share * 0.7
    moved[3] += 0.3
    sums = np.vstack([draw(rng, 10, 40, share), draw(rng, 10, 40, moved)])
    test = compare_groups(sums, sums.sum(axis=1), np.arange(20) >= 10)
    assert test.p is not None
    assert test.p < 0.01
    assert test.column == 3
    assert test.difference[3] == pytest.approx(0.26, abs=0.08)
    assert test.detectable is not None
    assert 0 < test.detectable[3] < 0.3


def test_a_change_in_the_mix_of_kinds_is_no_drift() -> None:
    minutes, pack = np.array([30.0, 0, 5]), np.array([0.0, 30, 5])
    noise = np.random.default_rng(0).integers(0, 4, (16, 3))
    kinds = np.array([0] * 6 + [1] * 2 + [0] * 2 + [1] * 6)
    sums = np.where(kinds[:, None] == 0, minutes, pack) + noise
    in_second = np.arange(16) >= 8
    plain = compare_groups(sums, sums.sum(axis=1), in_second)
    held = compare_groups(sums, sums.sum(axis=1), in_second, kinds)
    assert held.p is not None
    assert plain.p is not None
    assert held.p > 0.1
    assert np.abs(held.difference).max() < np.abs(plain.difference).max() / 3


def test_few_meetings_have_no_p() -> None:
    sums = np.random.default_rng(0).integers(1, 9, (6, 3)).astype(float)
    assert compare_groups(sums, sums.sum(axis=1), np.arange(6) >= 3).p is None
    assert compare_groups(sums, sums.sum(axis=1), np.arange(6) >= 5).p is None
    more = np.random.default_rng(0).integers(1, 9, (8, 3)).astype(float)
    assert compare_groups(more, more.sum(axis=1), np.arange(8) >= 4).p is not None


def test_few_arrangements_are_all_tried_once() -> None:
    labels = arrangements(np.arange(6) >= 3, np.zeros(6, int), 999, np.random.default_rng(0))
    assert len(labels) == 20
    assert len({tuple(row) for row in labels.tolist()}) == 20
    assert labels[0].tolist() == [False] * 3 + [True] * 3
    strata = np.array([0, 1, 0, 1, 0, 1])
    within = arrangements(np.array([0, 0, 0, 1, 1, 1], bool), strata, 50, np.random.default_rng(0))
    assert (within[:, strata == 0].sum(axis=1) == 1).all()
    assert (within[:, strata == 1].sum(axis=1) == 2).all()


def test_years_and_sites_are_compared() -> None:
    rows = series("a", {2018: [0.5, 0.4, 0.1], 2019: [0.1, 0.4, 0.5]})
    rows += series("b", {2018: [0.5, 0.4, 0.1], 2019: [0.1, 0.4, 0.5]}, seed=9)
    found = {(d.kind, d.site_id_a, d.site_id_b): d for d in topic_drift(rows)}
    assert set(found) == {("years", "a", "a"), ("years", "b", "b"), ("sites", "a", "b")}
    years, sites = found["years", "a", "a"], found["sites", "a", "b"]
    assert years.p_adjusted is not None
    assert years.p_adjusted < 0.05
    assert years.moved_topic in {0, 2}
    assert years.chance is not None
    assert years.distance > 2 * years.chance
    assert sites.p is not None
    assert sites.p > 0.05
    assert (years.n_meetings_a, years.n_documents_a, years.n_a) == (6, 6, 240)
    assert [d.kind for d in topic_drift(rows, by=["site"])] == ["sites"]
    assert [(d.kind, d.site_id_a) for d in topic_drift(rows, by=["year"])] == [("years", None)]


def test_order_of_the_passages_and_pandas_change_nothing() -> None:
    rows = series("a", {2018: [0.5, 0.4, 0.1], 2019: [0.1, 0.4, 0.5]})
    vectors = np.random.default_rng(0).normal(size=(len(rows), 16))
    order = np.random.default_rng(1).permutation(len(rows))
    one = topic_drift(rows, embeddings=vectors)
    assert topic_drift([rows[i] for i in order], embeddings=vectors[order]) == one
    assert topic_drift(pd.DataFrame(rows), embeddings=vectors) == one


def test_drift_that_topics_hide_is_found_in_the_text() -> None:
    rows = series("a", {2018: [0.6, 0.4], 2019: [0.6, 0.4]})
    vectors = np.random.default_rng(0).normal(size=(len(rows), 24))
    later = np.array([row["year"] == 2019 and row["topic"] == 1 for row in rows])
    vectors[later, 0] += 4.0
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    steps: list[tuple[int, int]] = []
    drift = topic_drift(rows, embeddings=vectors, progress=lambda n, of: steps.append((n, of)))
    assert steps == [(n, len(drift)) for n in range(1, len(drift) + 1)]
    found = {(d.measure, d.topic): d for d in drift}
    assert (found["topics", None].p or 0) > 0.05
    assert (found["text", None].p or 1) < 0.01
    assert (found["wording", 1].p or 1) < 0.01
    assert (found["wording", 0].p or 0) > 0.05


def test_notes_say_why_there_is_no_p_and_what_else_differs() -> None:
    rows = series("a", {2018: [0.5, 0.5], 2019: [0.5, 0.5]}, n=2)
    (few,) = topic_drift(rows)
    assert few.p is None
    assert few.note == "too few meetings"
    long = series("a", {2018: [0.5, 0.5]}, length=20)
    long += series("a", {2019: [0.5, 0.5]}, length=90)
    (lengths,) = topic_drift(long)
    assert lengths.note == "meetings of another length"
    apart = series("a", {2018: [0.5, 0.5]}) + series("b", {2019: [0.5, 0.5]})
    (sites,) = topic_drift(apart)
    assert (sites.p, sites.note) == (None, "no year in common")
    kinds = [{**row, "doc_kind": "pack"} if row["year"] == 2019 else row for row in long]
    assert "other kinds of paper" in str(topic_drift(kinds)[0].note)


def test_nothing_to_compare() -> None:
    assert topic_drift([]) == ()
    assert (
        topic_drift([{**row, "site_id": None} for row in meeting("a", date(2019, 1, 1), [0])]) == ()
    )


def test_wrong_arguments_say_what_would_work() -> None:
    rows = meeting("a", date(2019, 1, 1), [0, 1])
    with pytest.raises(InputError, match="by must be"):
        topic_drift(rows, by=["month"])
    with pytest.raises(InputError, match="no columns"):
        topic_drift([{"topic": 1}])
    with pytest.raises(InputError, match="one row a passage"):
        topic_drift(rows, embeddings=np.zeros((5, 3)))


def test_template_is_what_stands_in_meeting_after_meeting() -> None:
    texts, rows = [], []
    for number in range(4):
        rows += meeting("a", date(2019, 1 + number, 3), [0, 0])
        texts += [f"Cllr {'ABCD'[number]}marsh opened at {number}.30 pm.", f"Item {number * 'x'} b"]
    learned = learn_template(rows, texts)
    assert is_template(texts, learned).tolist() == [True, False] * 4
    assert is_template(["Cllr Newname opened at 6.15 pm."], learned).tolist() == [True]


def test_a_meeting_is_all_papers_of_one_day() -> None:
    rows = meeting("a", date(2019, 1, 3), [0, 1]) + meeting("a", date(2019, 1, 3), [1], "pack")
    rows += [{**row, "meeting_date": None} for row in meeting("a", date(2019, 5, 3), [0])]
    meetings = sum_by_meeting(rows, one_hot([0, 1, 1, 0], 2))
    assert meetings.sizes.tolist() == [3, 1]
    assert meetings.sums[0].tolist() == [1, 2, 0]
    assert meetings.days[1] is None
    assert len(set(meetings.strata.tolist())) == 2


def test_shares_know_of_meetings() -> None:
    rows = series("a", {2018: [0.5, 0.5], 2019: [0.5, 0.5]}, seed=1)
    rows += meeting("a", date(2020, 1, 3), [0, 0, 0, 1])
    cells = {(s.year, s.topic): s for s in topic_shares(rows, 2)}
    full, thin = cells[2018, 0], cells[2020, 0]
    assert full.low is not None
    assert full.high is not None
    assert full.low < full.share < full.high
    assert full.high - full.low > 2 * 1.96 * np.sqrt(0.25 / 240)  # 240 independent passages
    assert thin.low is None
    assert thin.thin
    assert not full.thin
    assert abs(thin.pooled - 0.5) < abs(thin.share - 0.5)
    assert sum(cells[2020, topic].pooled for topic in (0, 1, -1)) == pytest.approx(1.0)
    assert topic_shares([], 2) == ()


def test_intervals_cover_the_truth() -> None:
    rng = np.random.default_rng(4)
    share = rng.dirichlet(np.full(10, 0.7))
    covered = []
    for _ in range(400):
        sums = draw(rng, 6, 40, share)
        low, high = wilson(sums.sum(axis=0) / sums.sum(), effective_size(sums, sums.sum(axis=1)))
        covered.append(((low <= share) & (share <= high)).mean())
    assert 0.93 <= np.mean(covered) <= 0.985


def test_years_that_do_not_differ_are_drawn_together() -> None:
    shares = np.array([[0.5, 0.5], [0.52, 0.48], [0.1, 0.9]])
    drawn = pool(shares[:2], np.full((2, 2), 50.0))
    assert drawn[0] == pytest.approx(drawn[1])
    apart = pool(shares, np.full((3, 2), 400.0))
    assert apart[2, 0] < 0.15
    assert pool(shares[:1], np.full((1, 2), 9.0)).tolist() == [[0.5, 0.5]]


def test_a_planted_change_is_dated_and_named() -> None:
    rows = series("a", {2016: [0.6, 0.3, 0.1], 2017: [0.6, 0.3, 0.1]})
    rows += series("a", {2018: [0.3, 0.3, 0.4], 2019: [0.3, 0.3, 0.4]}, seed=3)
    found = find_changepoints(rows, 3)
    together = [change for change in found if change.topic is None]
    assert together[0].low <= date(2018, 1, 5) <= together[0].high
    (grown,) = [change for change in found if change.topic == 2]
    assert grown.share_before is not None
    assert grown.share_after is not None
    assert grown.share_before < 0.2 < grown.share_after
    assert 1 not in {change.topic for change in found}


def test_steady_series_have_no_changes() -> None:
    rows = series("a", {key: [0.4, 0.3, 0.2, 0.1] for key in range(2014, 2020)}, seed=8)
    assert find_changepoints(rows, 4) == ()
    assert find_changepoints([], 4) == ()


def test_features_depend_on_their_own_text_alone() -> None:
    vectors = np.random.default_rng(0).normal(size=(700, 32))
    every = random_features(vectors)
    assert (random_features(vectors[::-1])[::-1] == every).all()
    assert (random_features(vectors[5:6])[0] == every[5]).all()


def test_a_new_year_changes_nothing_between_old_ones() -> None:
    old = series("a", {2018: [0.5, 0.4, 0.1], 2019: [0.1, 0.4, 0.5]})
    new = series("a", {2020: [0.1, 0.1, 0.1, 0.7]}, seed=5) + series("b", {2018: [1.0]}, seed=6)
    before = {(d.year_a, d.year_b): d for d in topic_drift(old, n_topics=4)}
    after = {
        (d.year_a, d.year_b): d
        for d in topic_drift(old + new, n_topics=4)
        if d.kind == "years" and d.site_id_a == "a"
    }
    assert len(after) == 3
    kept = after[2018, 2019]
    assert kept.p_adjusted is not None  # corrected for more comparisons: it alone may move
    assert replace(kept, p_adjusted=before[2018, 2019].p_adjusted) == before[2018, 2019]
    shares = {(s.year, s.topic): s for s in topic_shares(old, 4)}
    for share in topic_shares(old + new, 4):
        if share.site_id == "a" and share.year < 2020:
            told = shares[share.year, share.topic]
            assert replace(share, pooled=told.pooled) == told
