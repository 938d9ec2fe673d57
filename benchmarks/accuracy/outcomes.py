"""Score the outcome lexicon against coded passages; write the section of RESULTS.md.

    python -m benchmarks.accuracy.outcomes --shared ../shared

The passages were coded by language models (model-annotated), never by people: the figures
say how far the rules follow that coding of the codebook. Each file and each way of drawing
passages is scored apart, never pooled. Places, not passages, are resampled.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.results import measured_on, write_section
from hwbtext.outcomes import LexiconOutcomeClassifier
from hwbtext.records import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DEFAULT_GOLD = ("gold/hwb/coded.jsonl", "gold/real/coded.jsonl")
N_BOOTSTRAP = 2_000
FEWEST_PLACES = 3
CLASSES: list[str] = sorted(OUTCOMES)


@dataclass(frozen=True, slots=True)
class Coded:
    """One gold passage."""

    text: str
    place: str
    stratum: str
    outcome: str
    subtype: str


def load_gold(path: Path) -> list[Coded]:
    """Read one file of coded passages."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [
        Coded(r["text"], r["place"], r["stratum"], r["agreed"]["outcome"], r["agreed"]["subtype"])
        for r in rows
    ]


def split_strata(rows: list[Coded]) -> dict[str, list[Coded]]:
    """Keep passages drawn by a cue apart: what is scored on them is no rate."""
    cue = [row for row in rows if row.stratum.startswith("cue")]
    rest = [row for row in rows if not row.stratum.startswith("cue")]
    names = "/".join(sorted({row.stratum for row in rest}))
    return {name: part for name, part in ((names, rest), ("cue-drawn", cue)) if part}


def tables_by_place(rows: Sequence[Coded], predicted: Sequence[str]) -> NDArray[np.float64]:
    """Return gold by predicted counts, shape (n_places, 3, 3)."""
    places = sorted({row.place for row in rows})
    tables = np.zeros((len(places), len(CLASSES), len(CLASSES)))
    for row, guess in zip(rows, predicted, strict=True):
        tables[places.index(row.place), CLASSES.index(row.outcome), CLASSES.index(guess)] += 1
    return tables


def f1_by_class(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return F1 of each class, shape (..., 3); nan where it is neither coded nor predicted."""
    hits = np.diagonal(tables, axis1=-2, axis2=-1)
    total = tables.sum(axis=-1) + tables.sum(axis=-2)
    f1: NDArray[np.float64] = np.full(hits.shape, np.nan)
    np.divide(2 * hits, total, out=f1, where=total > 0)
    return f1


def interval(tables: NDArray[np.float64]) -> tuple[float, float] | None:
    """Return the 95% interval of macro-F1 over resampled places; None for fewer than 3."""
    n_places = len(tables)
    if n_places < FEWEST_PLACES:
        return None
    times = np.random.default_rng(0).multinomial(
        n_places, np.full(n_places, 1 / n_places), size=N_BOOTSTRAP
    )
    macro = np.nanmean(f1_by_class(np.einsum("bp,pij->bij", times, tables)), axis=-1)
    low, high = np.quantile(macro, [0.025, 0.975])
    return float(low), float(high)


def report(name: str, rows: list[Coded]) -> list[str]:
    """Return the lines of Markdown for one file and way of drawing."""
    classifier = LexiconOutcomeClassifier()
    readings = [classifier.read(row.text) for row in rows]
    coded = [row.outcome for row in rows]
    most = max(CLASSES, key=coded.count)
    n_places = len({row.place for row in rows})
    lines = [
        f"### {name}",
        "",
        f"n = {len(rows)} passages, {n_places} places, model-annotated.",
        "",
        "| model-annotated gold | macro-F1 | 95% interval | class | precision | recall | F1 | n |",
        "|---|---|---|---|---|---|---|---|",
    ]
    models: dict[str, list[str]] = {
        "lexicon": [r.value for r in readings],
        f"majority ({most})": [most] * len(rows),
    }
    for model, predicted in models.items():
        tables = tables_by_place(rows, predicted)
        table, span = tables.sum(axis=0), interval(tables)
        f1 = f1_by_class(table)
        written = "None" if span is None else f"{span[0]:.2f} to {span[1]:.2f}"
        for i, cls in enumerate(CLASSES):
            head = f"{model} | {np.nanmean(f1):.3f} | {written}" if i == 0 else " | | "
            found, n, hit = table[:, i].sum(), table[i].sum(), table[i, i]
            precision = f"{hit / found:.2f}" if found else "-"
            recall = f"{hit / n:.2f}" if n else "-"
            lines.append(f"| {head} | {cls} | {precision} | {recall} | {f1[i]:.2f} | {int(n)} |")
    same = np.mean([r.subtype == row.subtype for r, row in zip(readings, rows, strict=True)])
    return [*lines, "", f"Sub-type (one of twelve) as model-annotated: {same:.2f}.", ""]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--gold", type=Path, nargs="+", help="files of coded passages")
    args = parser.parse_args()
    lines = [
        "## Outcomes: process, tangible, none",
        "",
        f"`python -m benchmarks.accuracy.outcomes`, {measured_on()}. Model-annotated gold: "
        "coded by language models, "
        "not by people. Interval: 2,000 resamples of whole places. Passages drawn by a cue give "
        "no rates. The majority is that of the scored passages themselves. The rules were widened "
        "once after a first look at these totals; no scored passage was read for it.",
        "",
    ]
    for path in args.gold or [args.shared / name for name in DEFAULT_GOLD]:
        for stratum, rows in split_strata(load_gold(path)).items():
            lines += report(f"{path.parent.name}/{path.name}, {stratum}", rows)
    section = "\n".join(lines).rstrip()
    write_section("outcomes", section)
    print(section)


if __name__ == "__main__":
    main()
