"""Measure how fast the outcome classifiers read passages, beside a peer in the same run.

    python -m benchmarks.speed.classifiers --shared ../shared

The peer is SentenceTransformer (all-MiniLM-L6-v2, fp32, batches of 32, torch's own threads) with
logistic regression. Ours run as they are used: what is said of a passage depends on its text
alone, which the run checks. Rounds are interleaved, since machines are shared and noisy: read
the ratios.
"""

from __future__ import annotations

import argparse
import statistics
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.accuracy.coded import load_coded
from benchmarks.results import measured_on, write_section
from hwbtext.embed import minilm_folder
from hwbtext.errors import MissingPathError
from hwbtext.outcomes import load_outcome_classifier

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

N_ROUNDS = 5
N_PEER = 200  # passages a round; ours are given more, as they are faster
N_DEFAULT = 400
N_LARGE = 40
N_SMALL = 5_000


def peer(texts: Sequence[str], labels: Sequence[str]) -> Callable[[Sequence[str]], Any]:
    """Return the peer, its regression fitted."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(minilm_folder()), device="cpu")

    def encode(some: Sequence[str]) -> Any:
        return model.encode(list(some), batch_size=32, show_progress_bar=False)

    regression = LogisticRegression(max_iter=1_000).fit(encode(texts[:N_PEER]), labels[:N_PEER])
    return lambda some: regression.predict_proba(encode(some))


def rate(predict: Callable[[Sequence[str]], Any], texts: Sequence[str]) -> float:
    """Return passages a second of one round."""
    started = perf_counter()
    predict(texts)
    return len(texts) / (perf_counter() - started)


def alone(predict: Callable[[Sequence[str]], Any], texts: Sequence[str]) -> bool:
    """Return whether what is said of a text is the same bits alone, shuffled and together."""
    together = predict(texts)
    backwards = predict(texts[::-1])[::-1]
    single = np.vstack([predict([text]) for text in texts])
    return bool((together == backwards).all() and (together == single).all())


def section(texts: list[str], labels: list[str]) -> str:
    """Return the Markdown."""
    runs = {
        "SentenceTransformer fp32 + LR (peer)": (peer(texts, labels), N_PEER),
        "default (one text a call, two threads)": (
            load_outcome_classifier("default").predict_proba,
            N_DEFAULT,
        ),
        "small": (load_outcome_classifier("small").predict_proba, N_SMALL),
        "lexicon": (load_outcome_classifier("lexicon").predict_proba, N_DEFAULT),
    }
    with suppress(MissingPathError):  # without the extra there is nothing to time
        runs["large (one text a call, two threads)"] = (
            load_outcome_classifier("large").predict_proba,
            N_LARGE,
        )
    rates: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(N_ROUNDS + 1):
        for name, (predict, n) in runs.items():
            start = number * 37
            some = [texts[(start + at) % len(texts)] for at in range(n)]
            # No text twice: equal texts are read once, and that is not what is measured.
            some = [f"{at} {text}" for at, text in enumerate(some)]
            measured = rate(predict, some)
            if number:  # the first round loads models
                rates[name].append(measured)
    base = next(iter(rates))
    words = statistics.mean(len(text.split()) for text in texts)
    lines = [
        "## Speed of the outcome classifiers",
        "",
        f"`python -m benchmarks.speed.classifiers`, {measured_on()}. Verbatim passages of "
        f"{words:.0f} words on average (model-annotated gold, real/coded); {N_ROUNDS} interleaved "
        "rounds after one to load; median, lowest and highest. Asked: small 5,000 passages a "
        "second, default 100.",
        "",
        "| classifier | passages a second | ratio to the peer, by round | same bits alone, "
        "shuffled and together |",
        "|---|---|---|---|",
    ]
    for name, found in rates.items():
        ratios = [one / two for one, two in zip(found, rates[base], strict=True)]
        same = "yes" if alone(runs[name][0], texts[:40]) else "no"
        lines.append(
            f"| {name} | {statistics.median(found):,.0f} ({min(found):,.0f} to {max(found):,.0f}) "
            f"| {statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f}) | {same} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--dry-run", action="store_true", help="print, do not write RESULTS.md")
    args = parser.parse_args()
    gold = load_coded(args.shared / "gold/real/coded.jsonl")
    body = section(list(gold.texts), [label or "none" for label in gold.labels])
    if not args.dry_run:
        write_section("classifier-speed", body)
    print(body)


if __name__ == "__main__":
    main()
