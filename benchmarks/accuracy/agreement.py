"""Agreement of the two coding passes before adjudication; write the section of RESULTS.md.

    python -m benchmarks.accuracy.agreement --shared ../shared
    python -m benchmarks.accuracy.agreement --shared ../shared --dry-run

Both passes are language models' (model-annotated), blind to each other. Like models agree more
than people would: the figures are an upper bound and no proof of validity. The restated and the
verbatim file, and within it what was drawn at random and what a cue drew, are never pooled.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.results import measured_on, write_section
from hwbtext.evaluate.agreement import agreement
from hwbtext.evaluate.agreement_tables import TASKS
from hwbtext.gold import load_gold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwbtext.evaluate.agreement_figures import Figure
    from hwbtext.evaluate.agreement_report import AgreementReport
    from hwbtext.gold import GoldSample

N_RESAMPLES = 2_000
FILES = {"hwb": "gold/hwb/coded.jsonl", "real": "gold/real/coded.jsonl"}
STATISTICS = ("percent_agreement", "cohen_kappa", "krippendorff_alpha", "gwet_ac1", "alpha_u")
HEAD = (
    "| measure | n | documents | agree | Cohen's kappa | Krippendorff's alpha | Gwet's AC1 "
    "| alpha-U |\n|---|--:|--:|---|---|---|---|---|"
)
INTRODUCTION = """## Agreement of the two coding passes

`python -m benchmarks.accuracy.agreement --shared ../shared` · {measured_on}

Model-annotated: two passes by language models, blind to each other, before a third adjudicated;
never people. An upper bound for people's agreement, and no proof of validity. 95% intervals
resample whole documents (places where no document is known), {n_resamples:,} times, seed 0;
none is shown where no resample differs. Polarity: where both passes marked a mention. alpha-U:
agreement on the characters of the spans (Krippendorff et al., 2016). Below 30 units a figure
says little."""


def parts(name: str, gold: GoldSample) -> Iterator[tuple[str, GoldSample]]:
    """Keep apart what was drawn at random and what a cue drew."""
    natural = tuple(u for u in gold.units if u.stratum in ("random", "systematic"))
    drawn = tuple(u for u in gold.units if u.stratum not in ("random", "systematic"))
    kind = "restated" if name == "hwb" else "verbatim"
    if natural:
        strata = "/".join(sorted({unit.stratum for unit in natural}))
        yield f"gold/{name} ({kind}), {strata}", replace(gold, units=natural)
    if drawn:
        yield f"gold/{name} ({kind}), drawn by a cue: no rate", replace(gold, units=drawn)


def cell(figure: Figure | None) -> str:
    """Return a value with its interval; a dash where it is undefined."""
    if figure is None:
        return ""
    if figure.value is None:
        return "–"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"


def table_rows(report: AgreementReport) -> Iterator[str]:
    """Return a row of the table for each question that the coders answered."""
    measures = dict.fromkeys((row.measure, row.category) for row in report.rows)
    for measure, category in measures:
        figures = [report.find(name, measure=measure, category=category) for name in STATISTICS]
        known = next(figure for figure in figures if figure is not None)
        label = " ".join(part for part in (category, measure) if part)
        cells = " | ".join(cell(figure) for figure in figures)
        yield f"| {label} | {known.n_pairable} | {known.n_clusters} | {cells} |"


def section(shared: Path, n_resamples: int) -> str:
    """Measure both files and return the text of the section."""
    out = [INTRODUCTION.format(measured_on=measured_on(), n_resamples=n_resamples)]
    for name, path in FILES.items():
        gold = load_gold(
            shared / path, name=name, annotators="model-annotated", restated=name == "hwb"
        )
        for title, part in parts(name, gold):
            lines = [
                line
                for task in TASKS
                for line in table_rows(agreement(part, task, by=(), n_resamples=n_resamples))
            ]
            out.append("\n".join([f"### {title}, n = {len(part)}", "", HEAD, *lines]))
    return "\n\n".join(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--resamples", type=int, default=N_RESAMPLES)
    parser.add_argument("--dry-run", action="store_true", help="Print; leave RESULTS.md alone.")
    arguments = parser.parse_args()
    body = section(arguments.shared, arguments.resamples)
    if arguments.dry_run:
        print(body)
    else:
        write_section("agreement", body)


if __name__ == "__main__":
    main()
