from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hwbtext.errors import InputError, MissingPathError, ModelIntegrityError
from hwbtext.records import TopicWord
from hwbtext.topics.anchors import read_anchors
from hwbtext.topics.files import (
    copy_topic_model,
    holds_topic_model,
    load_bertopic,
    load_topic_model,
    save_topic_model,
)
from hwbtext.topics.model import TopicModel


@pytest.fixture
def space() -> TopicModel:
    rng = np.random.default_rng(0)
    return TopicModel(
        encoder_id="toy@1",
        mean=rng.normal(size=8),
        components=rng.normal(size=(3, 8)),
        centroids=rng.normal(size=(2, 3)),
        temperature=0.3,
        distances=np.linspace(0, 2, 50),
        words=(TopicWord(0, 1, "footpath", 0.5, 40, 0.9), TopicWord(1, 1, "precept", 0.4, 30, 0.6)),
        stability=(0.9, 0.6),
        agreement=0.7,
        anchors=(None, "money"),
        n_passages=70,
        seed=0,
    )


def test_a_saved_space_gives_the_same_numbers(space: TopicModel, tmp_path: Path) -> None:
    vectors = np.random.default_rng(1).normal(size=(20, 8))
    assert not holds_topic_model(tmp_path)
    again = load_topic_model(save_topic_model(space, tmp_path))
    assert holds_topic_model(tmp_path)
    one, other = space.assign(vectors), again.assign(vectors)
    assert (one.probabilities == other.probabilities).all()
    assert (one.novelty == other.novelty).all()
    assert again.labels == space.labels
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    save_topic_model(again, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_copy_takes_the_place_of_another_space(space: TopicModel, tmp_path: Path) -> None:
    source, folder = tmp_path / "source", tmp_path / "folder"
    save_topic_model(space, source)
    save_topic_model(replace(space, agreement=0.1), folder)
    (folder / "bertopic").mkdir()
    (folder / "bertopic" / "topics.json").write_text("{}")  # of the other space
    assert copy_topic_model(source, folder).agreement == 0.7
    assert load_topic_model(folder).agreement == 0.7
    with pytest.raises(MissingPathError, match="no BERTopic copy"):
        load_bertopic(folder)
    assert copy_topic_model(folder, folder).agreement == 0.7


def test_no_space_no_model(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match="holds no topic model"):
        load_topic_model(tmp_path)
    with pytest.raises(MissingPathError, match="no BERTopic copy"):
        load_bertopic(tmp_path)


def test_numbers_of_another_space_are_refused(space: TopicModel, tmp_path: Path) -> None:
    save_topic_model(space, tmp_path)
    path = tmp_path / "space.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ModelIntegrityError, match="not the one"):
        load_topic_model(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": 99}, "version 99"),
        ({"stability": [0.5]}, "do not fit"),
        ({"temperature": 0}, "do not fit"),
        ({"words": [{"word": "x"}]}, "cannot be read"),
        ({"temperature": "warm"}, "cannot be read"),
    ],
)
def test_words_that_do_not_fit_are_refused(
    space: TopicModel, tmp_path: Path, change: dict, message: str
) -> None:
    save_topic_model(space, tmp_path)
    path = tmp_path / "space.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(InputError, match=message):
        load_topic_model(tmp_path)


def test_the_study_has_nine_anchors() -> None:
    anchors = read_anchors()
    assert len(anchors) == 9
    assert all(len(phrases) >= 2 for phrases in anchors.values())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[a]\nphrases = []", "needs phrases"),
        ("a = 1", "needs phrases"),
        ("[a\n", "no TOML"),
        ("", "1 to 100 anchors"),
    ],
)
def test_anchors_that_are_none(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "anchors.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_anchors(path)
    with pytest.raises(MissingPathError, match="no file of anchors"):
        read_anchors(tmp_path / "none.toml")
