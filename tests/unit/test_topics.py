from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hwbtext.errors import InputError
from hwbtext.topics import MIN_PASSAGES, TopicModel, fit_topics
from hwbtext.topics.files import load_bertopic, save_topic_model
from hwbtext.topics.model import NO_TOPIC, NOVELTY_LEVEL
from hwbtext.topics.stability import stability_report
from hwbtext.topics.words import find_names, learn_boilerplate

THEMES = ["damp cold housing tenants", "smoking tobacco quitting", "dementia memory carers"]
pytestmark = pytest.mark.filterwarnings("default")  # numba and umap, which bertopic imports, warn


def planted(n: int = 240, seed: int = 0) -> tuple[list[str], np.ndarray]:
    """Texts of three themes, with unit vectors near one of three directions."""
    rng = np.random.default_rng(seed)
    texts = [
        f"{THEMES[i % 3]} case {i} seed {seed} {'abcdefghij'[i % 10]}word raised by Cllr Thornbury"
        for i in range(n)
    ]
    vectors = rng.normal(0, 0.05, (n, 60))
    for i in range(n):
        vectors[i, i % 3] += 1.0
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return texts, vectors.astype(np.float32)


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return fit_topics(*planted(), n_topics=3)


def test_planted_themes_are_kept_apart(model: TopicModel) -> None:
    _texts, vectors = planted()
    given = model.assign(vectors)
    for topic in range(3):
        members = np.flatnonzero(given.probabilities.argmax(axis=1) == topic)
        assert len({i % 3 for i in members.tolist()}) == 1
    assert min(model.stability) > 0.95
    assert model.agreement > 0.95
    words = {topic: {w.word for w in model.words if w.topic == topic} for topic in range(3)}
    for theme in THEMES:
        assert any(set(theme.split()) <= found for found in words.values())


def test_order_and_reruns_change_nothing(model: TopicModel) -> None:
    texts, vectors = planted()
    order = np.random.default_rng(1).permutation(len(texts))
    again = fit_topics([texts[i] for i in order], vectors[order], n_topics=3)
    assert (again.centroids == model.centroids).all()
    assert again.words == model.words
    assert again.temperature == model.temperature
    assert (again.distances == model.distances).all()


def test_new_papers_change_no_number_of_the_old_ones(model: TopicModel) -> None:
    _, old = planted()
    _, new = planted(400, seed=7)
    alone = model.assign(old)
    together = model.assign(np.concatenate([new, old]))
    assert (together.topics[400:] == alone.topics).all()
    assert (together.probabilities[400:] == alone.probabilities).all()
    assert (together.novelty[400:] == alone.novelty).all()
    one = model.assign(old[17:18])
    assert (one.probabilities[0] == alone.probabilities[17]).all()


def test_no_passages_get_no_topics(model: TopicModel) -> None:
    given = model.assign(np.zeros((0, 60), dtype=np.float32))
    assert len(given.topics) == len(given.novelty) == 0
    assert given.probabilities.shape == (0, 3)


def test_passages_unlike_any_are_none_of_these(model: TopicModel) -> None:
    rng = np.random.default_rng(3)
    strange = rng.normal(0, 0.02, (50, 60))
    strange[:, 40] += 1.0
    given = model.assign(strange / np.linalg.norm(strange, axis=1, keepdims=True))
    assert (given.topics == NO_TOPIC).all()
    assert (given.novelty < NOVELTY_LEVEL).all()
    _, like = planted(600, seed=11)
    assert (model.assign(like).topics == NO_TOPIC).mean() < 0.05


def test_probabilities_sum_to_1_and_labels_name_every_topic(model: TopicModel) -> None:
    _, vectors = planted()
    assert model.assign(vectors).probabilities.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert set(model.labels) == {NO_TOPIC, 0, 1, 2}


def test_vectors_of_another_encoder_are_refused(model: TopicModel) -> None:
    with pytest.raises(InputError, match="60 dimensions"):
        model.assign(np.zeros((4, 384), dtype=np.float32))


def test_anchors_start_topics_and_name_them() -> None:
    texts, vectors = planted()
    sought = {"smoke free": vectors[1], "homes": vectors[0]}
    model = fit_topics(texts, vectors, n_topics=3, anchors=sought)
    assert set(model.anchors) == {"smoke free", "homes", None}
    named = model.anchors.index("smoke free")
    assert {w.word for w in model.words if w.topic == named} >= {"smoking", "tobacco"}
    assert model.labels[named].startswith("smoke free: ")
    nowhere = np.zeros(60, dtype=np.float32)
    nowhere[50] = 1.0
    without = fit_topics(texts, vectors, n_topics=3, anchors={**sought, "buses": nowhere})
    assert set(without.anchors) == {"smoke free", "homes", None}  # nobody speaks of buses
    with pytest.raises(InputError, match="n_topics must be from 2"):
        fit_topics(texts, vectors, n_topics=1, anchors=sought)


def test_people_are_no_words_of_topics(model: TopicModel) -> None:
    assert "thornbury" not in {word.word for word in model.words}
    texts, vectors = planted()
    named = fit_topics(
        [f"{text} Amberley" for text in texts], vectors, n_topics=3, names=["A. Amberley"]
    )
    assert "amberley" not in {word.word for word in named.words}


def test_names_follow_forms_of_address_only() -> None:
    assert find_names(["Thanks to Councillor P Marl. Green spaces were discussed."]) == {"marl"}


def test_boilerplate_is_what_stands_in_every_topic_alike() -> None:
    texts = [f"{THEMES[i % 3]} members noted the update" for i in range(90)]
    learned = learn_boilerplate(texts, np.arange(90) % 3)
    assert {"members", "noted", "update"} <= learned
    assert not learned & {"damp", "tobacco", "dementia"}


def test_too_few_texts_are_refused() -> None:
    texts, vectors = planted(MIN_PASSAGES - 1)
    with pytest.raises(InputError, match="distinct passages"):
        fit_topics(texts, vectors)
    with pytest.raises(InputError, match="one vector a text"):
        fit_topics(texts, vectors[:-1])


def test_texts_without_words_are_refused() -> None:
    _, vectors = planted(150)
    with pytest.raises(InputError, match="words of English"):
        fit_topics([f"{i} 4.{i}" for i in range(150)], vectors, n_topics=3)


def test_stability_report_says_what_a_change_costs(model: TopicModel) -> None:
    texts, vectors = planted()
    blurred = vectors + np.random.default_rng(0).normal(0, 0.6, vectors.shape).astype(np.float32)
    report = stability_report(texts, vectors, model, others={"blurred": blurred}, n_runs=2)
    rows = {row.change: row for row in report}
    assert rows["shuffled"].ari == 1.0
    assert rows["other seeds"].n_runs == 2
    assert rows["bootstrap"].ari > 0.9
    assert rows["encoder blurred"].ari < rows["other seeds"].ari


def test_users_reach_bertopic_after_a_save(
    model: TopicModel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    save_topic_model(model, tmp_path)
    assert not caplog.records
    bertopic = load_bertopic(tmp_path)
    assert len(bertopic.get_topic_info()) == 3
    assert {word for word, _ in bertopic.get_topic(0)} & {w.word for w in model.words}
    assert bertopic.visualize_barchart() is not None
