import math

import pytest

from hwbtext.panel import Unit, build_panel, clustered_interval


def test_counts_and_denominators() -> None:
    units = [
        Unit("a", 2019, "d1", frozenset({"outcome:process"})),
        Unit("a", 2019, "d2", frozenset()),
        Unit(None, None, "d3", frozenset({"outcome:process"})),
    ]
    cells = build_panel(units, ["outcome:process", "outcome:tangible"])
    assert [(c.site_id, c.year, c.measure, c.n, c.n_total) for c in cells] == [
        ("a", 2019, "outcome:process", 1, 2),
        ("a", 2019, "outcome:tangible", 0, 2),
        (None, None, "outcome:process", 1, 1),
        (None, None, "outcome:tangible", 0, 1),
    ]
    assert cells[0].share == 0.5
    assert cells[2].low is None  # one document


def test_equal_documents_give_wilsons_interval() -> None:
    # Wilson (1927) at n = 100, x = 20: (0.1334, 0.2888) to four places.
    low, high = clustered_interval([2] * 10, [10] * 10)
    assert low == pytest.approx(0.13337, abs=1e-4)
    assert high == pytest.approx(0.28883, abs=1e-4)


def test_clustered_documents_widen_it() -> None:
    even = clustered_interval([2] * 10, [10] * 10)
    lumped = clustered_interval([10, 10, 0, 0, 0, 0, 0, 0, 0, 0], [10] * 10)
    assert even[0] is not None
    assert lumped[0] is not None
    assert lumped[1] - lumped[0] > 2 * (even[1] - even[0])


def test_nothing_to_count_is_none_and_not_zero() -> None:
    assert build_panel([], ["outcome:process"]) == ()
    assert clustered_interval([], []) == (None, None)
    low, high = clustered_interval([0, 0], [10, 10])
    assert low == 0.0
    assert high is not None
    assert not math.isclose(high, 0.0)
