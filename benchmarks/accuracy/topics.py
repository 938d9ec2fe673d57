"""Topics on real papers: coherence, diversity, what is left over, and what a change costs.

    python -m benchmarks.accuracy.topics --shared ../shared

Beside BERTopic as it comes (UMAP and HDBSCAN, seeded), on the same vectors and words. NPMI and
diversity are those of the ten words of each topic; passages are the windows. Outliers are what
a model gives no topic. The adjusted Rand index compares the topics of all passages under two
seeds, and in two orders of the same passages.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.accuracy.topic_runs import CORPORA, TopicRun, load_run
from benchmarks.results import measured_on, write_section
from hwbtext.topics.fitting import fit_topics
from hwbtext.topics.model import NO_TOPIC
from hwbtext.topics.words import TOKEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MOST_PASSAGES = 6_000
"""Distinct passages of a corpus: the peer takes minutes for more."""


def npmi(words: Sequence[Sequence[str]], texts: Sequence[str]) -> float:
    """Return the mean normalized pointwise mutual information of the word pairs of topics.

    References
    ----------
    Bouma (2009), Normalized (pointwise) mutual information in collocation extraction.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    vocabulary = sorted({word for topic in words for word in topic})
    vectorizer = CountVectorizer(binary=True, vocabulary=vocabulary, token_pattern=TOKEN)
    holds = vectorizer.transform(texts).astype(np.int64)
    together = (holds.T @ holds).toarray() / len(texts)
    place = {word: column for column, word in enumerate(vocabulary)}
    scores = []
    for topic in words:
        columns = [place[word] for word in topic]
        pairs = []
        for one in range(len(columns)):
            for other in range(one):
                a, b = columns[one], columns[other]
                joint = together[a, b]
                if joint == 0:
                    pairs.append(-1.0)
                elif joint < 1:
                    expected = together[a, a] * together[b, b]
                    pairs.append(float(np.log(joint / expected) / -np.log(joint)))
        if pairs:
            scores.append(np.mean(pairs))
    return float(np.mean(scores))


def diversity(words: Sequence[Sequence[str]]) -> float:
    """Return the share of distinct words among the words of all topics."""
    every = [word for topic in words for word in topic]
    return len(set(every)) / len(every)


def _default_bertopic(texts: list[str], vectors: NDArray[np.float32], seed: int) -> Any:
    from bertopic import BERTopic
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer
    from umap import UMAP

    model = BERTopic(
        # BERTopic's own settings; the seed is what it cannot be compared without.
        umap_model=UMAP(
            n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed
        ),
        vectorizer_model=CountVectorizer(
            stop_words=sorted(ENGLISH_STOP_WORDS), token_pattern=TOKEN
        ),
        embedding_model=None,
    )
    topics, _ = model.fit_transform(texts, embeddings=vectors)
    return model, np.array(topics)


def _sample(run: TopicRun) -> tuple[list[str], NDArray[np.float32]]:
    first: dict[str, int] = {}
    for place, text in enumerate(run.texts):
        first.setdefault(text, place)
    texts = sorted(first)
    chosen = np.random.default_rng(0).permutation(len(texts))[:MOST_PASSAGES]
    kept = [texts[place] for place in sorted(chosen.tolist())]
    return kept, run.vectors[[first[text] for text in kept]]


def score(run: TopicRun) -> list[tuple[str, ...]]:
    """Return a row for each model."""
    from sklearn.metrics import adjusted_rand_score

    texts, vectors = _sample(run)
    order = np.random.default_rng(1).permutation(len(texts))
    shuffled = [texts[place] for place in order]
    rows = []
    ours, given = [], []
    for seed, some, found in (
        (0, texts, vectors),
        (1, texts, vectors),
        (0, shuffled, vectors[order]),
    ):
        model = fit_topics(some, found, names=run.people, seed=seed)
        ours.append(model)
        given.append(model.assign(vectors).topics)
    words = [[w.word for w in ours[0].words if w.topic == t] for t in range(ours[0].n_topics)]
    rows.append(
        _row(
            run, "hwbtext", texts, words, given[0],
            adjusted_rand_score(given[0], given[1]), adjusted_rand_score(given[0], given[2]),
        )
    )  # fmt: skip
    peers = [_default_bertopic(texts, vectors, seed) for seed in (0, 1)]
    other_order = _default_bertopic(shuffled, vectors[order], 0)[1]
    back = np.empty_like(other_order)
    back[order] = other_order
    model, topics = peers[0]
    words = [
        [word for word, _ in model.get_topic(topic) if word] for topic in sorted(set(topics) - {-1})
    ]
    rows.append(
        _row(
            run, "BERTopic", texts, words, topics,
            adjusted_rand_score(topics, peers[1][1]), adjusted_rand_score(topics, back),
        )
    )  # fmt: skip
    return rows


def _row(
    run: TopicRun,
    name: str,
    texts: list[str],
    words: list[list[str]],
    topics: NDArray[np.int64],
    seeds: float,
    order: float,
) -> tuple[str, ...]:
    return (
        run.name,
        name,
        f"{len(texts):,}",
        str(len(words)),
        f"{npmi(words, texts):.3f}",
        f"{diversity(words):.2f}",
        f"{float((topics == NO_TOPIC).mean()):.3f}",
        f"{seeds:.2f}",
        f"{order:.2f}",
    )


def same_in_two_processes(shared: Path, runs: Path) -> bool:
    """Return whether two processes, with other hash seeds, give the same assignments."""
    script = (
        "import sys, hashlib; from pathlib import Path; "
        "from benchmarks.accuracy.topic_runs import load_run; "
        "run = load_run(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])); "
        "given = run.fit().assign(run.vectors); "
        "print(hashlib.sha256(given.topics.tobytes() + given.probabilities.tobytes()).hexdigest())"
    )
    digests = set()
    for hash_seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script, CORPORA[1], str(shared), str(runs)],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
        )
        digests.add(done.stdout.strip().splitlines()[-1])
    return len(digests) == 1


def same_with_two_jobs(shared: Path) -> bool:
    """Return whether --jobs 1 and 2 give the same tables of topics, on the parish of Milburn."""
    import hwbtext

    tables = ("topics", "topic_words", "topic_shares", "drift", "changepoints")
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for jobs in (1, 2):
            out = Path(folder) / str(jobs)
            hwbtext.mine(shared / "real" / "milburn-parish", out, jobs=jobs, model="lexicon")
            found.append([(out / f"{name}.parquet").read_bytes() for name in tables])
    return found[0] == found[1]


def main() -> None:
    """Write the section of RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--runs", type=Path, default=Path("out/runs"))
    given = parser.parse_args()
    rows = []
    for name in CORPORA:
        rows += score(load_run(name, given.shared, given.runs))
        print(*rows[-2:], sep="\n", flush=True)
    head = (
        "corpus", "model", "passages", "topics", "NPMI", "diversity", "left over",
        "ARI, other seed", "ARI, other order",
    )  # fmt: skip
    table = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    table += ["| " + " | ".join(row) + " |" for row in rows]
    processes = "the same" if same_in_two_processes(given.shared, given.runs) else "NOT the same"
    jobs = "the same" if same_with_two_jobs(given.shared) else "NOT the same"
    body = f"""## Topics on real papers

`python -m benchmarks.accuracy.topics --shared ../shared`, {measured_on()}. At most
{MOST_PASSAGES:,} distinct passages of each corpus, drawn with seed 0; the same vectors for both.
NPMI and diversity of the ten words of each topic. "Left over": passages without a topic (ours: set
to one in a hundred by design). Asked: NPMI and diversity at least BERTopic's, nothing left over or
a calibrated share, identical assignments in any order.

{chr(10).join(table)}

Two processes with other hash seeds (West Sussex, all passages): {processes} topics and
probabilities, byte for byte. `--jobs` 1 and 2 (Milburn): {jobs} tables, byte for byte.
"""
    write_section("topics", body)


if __name__ == "__main__":
    main()
