from __future__ import annotations

import numpy as np
import pytest

from hwbtext import embed
from hwbtext.embed import SentenceEncoder
from hwbtext.errors import ModelIntegrityError

pytestmark = pytest.mark.filterwarnings("default")  # what transformers warns on import

TEXTS = [
    "The Board noted the report.",
    "Smoking had fallen among routine workers over the three years of the programme.",
    "Apologies.",
    "The Board noted the report.",
    "A longer passage about housing, damp and the cost of heating in the north of the town. " * 3,
]


def test_a_vector_depends_on_its_text_alone() -> None:
    encoder = SentenceEncoder()
    together = encoder.encode(TEXTS)
    assert together.dtype == np.float32
    assert together.shape == (5, 384)
    for order in ([4, 2, 0, 1, 3], [3], [1, 2]):
        again = encoder.encode([TEXTS[i] for i in order])
        assert (again == together[order]).all()
    assert (together[0] == together[3]).all()
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert encoder.encode([]).shape == (0, 384)


def test_weights_that_are_not_on_record_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed, "MINILM_SHA256", "0" * 64)
    with pytest.raises(ModelIntegrityError, match="not 0000"):
        embed.minilm_folder()
