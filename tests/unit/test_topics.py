from __future__ import annotations

import numpy as np
import pytest

from hwbtext.errors import InputError
from hwbtext.topics import MIN_PASSAGES, fit_topics, topic_drift

THEMES = ["damp cold housing tenants", "smoking tobacco quitting", "dementia memory carers"]


def planted(n: int = 150) -> tuple[list[str], np.ndarray]:
    """Texts of three themes, with vectors that lie near one of three directions."""
    rng = np.random.default_rng(0)
    texts = [f"{THEMES[i % 3]} case {i} {'abcdefghij'[i % 10]}word" for i in range(n)]
    vectors = np.zeros((n, 60), dtype=np.float32)
    for i in range(n):
        vectors[i, i % 3] = 1.0
    vectors += rng.normal(0, 0.05, vectors.shape).astype(np.float32)
    return texts, vectors


@pytest.mark.filterwarnings("default")  # numba and umap, which bertopic imports, warn
@pytest.mark.slow
def test_planted_themes_are_kept_apart_whatever_the_order() -> None:
    texts, vectors = planted()
    fit = fit_topics(texts, vectors)
    for topic in set(fit.topics.tolist()):
        themes = {i % 3 for i in np.flatnonzero(fit.topics == topic).tolist()}
        assert len(themes) == 1
    shuffled = np.random.default_rng(1).permutation(len(texts))
    again = fit_topics([texts[i] for i in shuffled], vectors[shuffled])
    assert (again.topics == fit.topics[shuffled]).all()
    assert again.words == fit.words
    assert {word.rank for word in fit.words} <= set(range(1, 11))


def test_too_few_texts_are_refused() -> None:
    texts, vectors = planted(MIN_PASSAGES - 1)
    with pytest.raises(InputError, match="distinct passages"):
        fit_topics(texts, vectors)
    with pytest.raises(InputError, match="one vector a text"):
        fit_topics(texts, vectors[:-1])


def test_distance_is_0_for_equal_shares_and_1_for_none_in_common() -> None:
    cells = [("a", 2019, "d1")] * 4 + [("a", 2020, "d2")] * 4 + [("b", 2019, "d3")] * 4
    drift = topic_drift(cells, [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 2])
    by_kind = {(d.kind, d.site_id_a, d.site_id_b): d for d in drift}
    assert by_kind["years", "a", "a"].distance == 0.0
    assert by_kind["sites", "a", "b"].distance == pytest.approx(1.0)
    assert (by_kind["sites", "a", "b"].n_a, by_kind["sites", "a", "b"].n_b) == (8, 4)
    assert by_kind["sites", "a", "b"].n_documents_a == 2


def test_no_passages_no_drift() -> None:
    assert topic_drift([], []) == ()
    assert topic_drift([(None, 2019, "d")], [0]) == ()
