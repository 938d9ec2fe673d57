"""Time and memory of fitting topics, beside BERTopic as it comes, in the same run.

    python -m benchmarks.speed.topics --shared ../shared

The vectors are given to both. Growth is measured on real passages drawn again with small noise,
so that 100,000 of them are distinct; memory is the peak of a process of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.results import measured_on, write_section

N_ROUNDS = 3
PEER_PASSAGES = 3_000
SIZES = (3_000, 10_000, 30_000, 100_000)
SLOW = 10_000
"""The peer is not asked for more: it takes many minutes."""

_CHILD = """
import json, resource, sys, time
from pathlib import Path
import numpy as np
from benchmarks.accuracy.topic_runs import load_run
which, size, shared, runs = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4])
run = load_run("west-sussex-jsna", shared, runs)
rng = np.random.default_rng(0)
rows = rng.integers(0, len(run.texts), size)
vectors = run.vectors[rows] + rng.normal(0, 0.02, (size, run.vectors.shape[1])).astype(np.float32)
vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
words = " ".join(run.texts).split()
texts = [f"{run.texts[row]} {words[n % len(words)]} number{n}" for n, row in enumerate(rows)]
import bertopic, hdbscan, ruptures, scipy.optimize, sklearn.cluster, sklearn.metrics, umap
from benchmarks.accuracy.topics import _default_bertopic
from hwbtext.topics import fit_topics
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.perf_counter()
if which == "hwbtext":
    fit_topics(texts, vectors)
else:
    _default_bertopic(texts, vectors, 0)
seconds = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"seconds": seconds, "added": (peak - before) / 1024}))
"""


def measure(which: str, size: int, shared: Path, runs: Path) -> dict[str, float]:
    """Return the seconds of a fit, and by how many megabytes it raised the peak of its process."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _CHILD, which, str(size), str(shared), str(runs)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def main() -> None:
    """Write the section of RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--runs", type=Path, default=Path("out/runs"))
    given = parser.parse_args()
    started = perf_counter()
    ratios = []
    for _ in range(N_ROUNDS):
        pair = [
            measure(which, PEER_PASSAGES, given.shared, given.runs)["seconds"]
            for which in ("hwbtext", "BERTopic")
        ]
        ratios.append(pair[0] / pair[1])
    rows = []
    for size in SIZES:
        ours = measure("hwbtext", size, given.shared, given.runs)
        peer = measure("BERTopic", size, given.shared, given.runs) if size <= SLOW else None
        rows.append(
            f"| {size:,} | {ours['seconds']:.1f} | {ours['added']:.0f} "
            + (f"| {peer['seconds']:.1f} | {peer['added']:.0f} |" if peer else "| - | - |")
        )
        print(rows[-1], round(perf_counter() - started), "s", flush=True)
    told = f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    body = f"""## Speed and memory of fitting topics

`python -m benchmarks.speed.topics --shared ../shared`, {measured_on()}. Choice of the number of
topics, refits and words included; the vectors are given. Ratio of our time to BERTopic's own
(UMAP, HDBSCAN; seeded) at {PEER_PASSAGES:,} passages, {N_ROUNDS} interleaved rounds, each fit in a
process of its own: {told}. Asked: 0.5 or less.

| passages | seconds | megabytes added | BERTopic: seconds | megabytes added |
|---|---|---|---|---|
{chr(10).join(rows)}
"""
    write_section("topic-speed", body)


if __name__ == "__main__":
    main()
