"""Runs on real papers that the benchmarks of topics start from: passages, vectors, a space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import hwbtext
from hwbtext.embed import SentenceEncoder
from hwbtext.store import read_arrow
from hwbtext.text import normalize
from hwbtext.topics import fit_topics
from hwbtext.vectors import VectorFile

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from hwbtext.topics import TopicModel

CORPORA = ("norfolk-village-councils", "west-sussex-jsna", "kent-cc")


@dataclass(frozen=True)
class TopicRun:
    """Passages of one corpus that are no fragments, and their vectors."""

    name: str
    rows: list[dict[str, Any]]
    texts: list[str]
    vectors: NDArray[np.float32]
    people: list[str]

    def fit(self, **options: Any) -> TopicModel:
        """Fit a topic space to the corpus."""
        return fit_topics(self.texts, self.vectors, names=self.people, **options)


def load_run(name: str, shared: Path, runs: Path) -> TopicRun:
    """Return the run of a corpus below ``shared/real``, made in ``runs`` if it is not there."""
    out = runs / name
    if not (out / "run.json").exists():
        hwbtext.mine(shared / "real" / name, out, jobs=2, model="lexicon", force=True)
    rows = [row for row in read_arrow(out, "passages").to_pylist() if not row["fragment"]]
    texts = [normalize(row["text"]) for row in rows]
    encoder = SentenceEncoder()
    vectors = VectorFile(out / "vectors", encoder.model_id).encode(texts, encoder.encode)
    people = {row["name"] for row in read_arrow(out, "attendance").to_pylist() if row["name"]}
    return TopicRun(name, rows, texts, vectors, sorted(people))
