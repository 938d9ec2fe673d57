"""Vectors are kept by text and model: nothing is encoded twice, and nothing foreign is trusted."""

import numpy as np
import pytest

from hwbtext import vectors
from hwbtext.vectors import VectorFile


class Counting:
    """Encodes a text as its length and first letter, and counts."""

    def __init__(self):
        self.n = 0

    def __call__(self, texts):
        self.n += len(texts)
        return np.array([[len(text), ord(text[0])] for text in texts], dtype=np.float32)


def test_a_text_is_encoded_once_and_order_is_kept(tmp_path):
    encode, told = Counting(), []
    first = VectorFile(tmp_path, "m@1").encode(["bb", "a"], encode)
    again = VectorFile(tmp_path, "m@1").encode(["a", "ccc", "bb"], encode, progress=told.append)
    assert encode.n == 3
    assert again[:, 0].tolist() == [1, 3, 2]
    assert first[0].tolist() == again[2].tolist()
    assert told == [2]


def test_another_model_shares_nothing(tmp_path):
    encode = Counting()
    VectorFile(tmp_path, "m@1").encode(["a"], encode)
    VectorFile(tmp_path, "folder/with ../odd name").encode(["a"], encode)
    assert encode.n == 2
    assert len(list(tmp_path.iterdir())) == 2


def test_the_same_texts_give_the_same_bytes(tmp_path):
    VectorFile(tmp_path / "one", "m").encode(["a", "b", "c"], Counting())
    other = VectorFile(tmp_path / "two", "m")
    other.encode(["c"], Counting())
    other.encode(["b", "a"], Counting())
    one, two = ((tmp_path / name / "m.npy").read_bytes() for name in ("one", "two"))
    assert one == two


def test_what_was_encoded_before_the_cut_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors, "_BLOCK", 2)
    encode = Counting()

    def dies(texts):
        if encode.n == 2:
            raise KeyboardInterrupt
        return encode(texts)

    with pytest.raises(KeyboardInterrupt):
        VectorFile(tmp_path, "m").encode(["a", "b", "c", "d"], dies)
    VectorFile(tmp_path, "m").encode(["a", "b", "c", "d"], encode)
    assert encode.n == 4


@pytest.mark.parametrize("content", [b"", b"no array", b"\x93NUMPY\x01\x00garbage"])
def test_a_damaged_file_is_written_anew(tmp_path, content):
    (tmp_path / "m.npy").write_bytes(content)
    assert VectorFile(tmp_path, "m").encode(["a"], Counting()).shape == (1, 2)
    assert len(np.load(tmp_path / "m.npy")) == 1


def test_a_pickle_is_not_loaded(tmp_path):
    np.save(tmp_path / "m.npy", np.array([{"sha256": 1}], dtype=object), allow_pickle=True)
    assert VectorFile(tmp_path, "m").encode(["a"], Counting()).shape == (1, 2)
