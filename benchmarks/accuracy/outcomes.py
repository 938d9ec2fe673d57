"""Score the outcome lexicon against coded passages; write the section of RESULTS.md.

    python -m benchmarks.accuracy.outcomes --shared ../shared

The passages were coded by language models (model-annotated), never by people: the figures
say how far the rules follow that coding of the codebook. The figures are those of
``hwbtext evaluate``: each file and each way of drawing passages apart, never pooled.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.accuracy.coded import claim, load_coded, spread
from benchmarks.results import measured_on, write_section
from hwbtext.evaluate import KeywordOutcomeClassifier, compare, evaluate
from hwbtext.evaluate.evaluation import named_scores
from hwbtext.evaluate.outcome_scores import OutcomeScores
from hwbtext.outcomes import LexiconOutcomeClassifier

if TYPE_CHECKING:
    from hwbtext.evaluate import Evaluation, Part

DEFAULT_GOLD = ("gold/hwb/coded.jsonl", "gold/real/coded.jsonl")


def report(evaluation: Evaluation, part: Part) -> list[str]:
    """Return the lines of Markdown for one file and way of drawing."""
    scores = part.scores
    lines = [
        f"### {evaluation.gold}, {'/'.join(part.strata)}",
        "",
        f"n = {scores.n} passages, {scores.n_places} places, {evaluation.annotators}; "
        f"{part.key.name}.",
        "",
        "| model-annotated gold | macro-F1 | 95% interval | class | precision | recall | F1 | n |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, each in named_scores(evaluation.model, part):
        if not isinstance(each, OutcomeScores):
            continue
        for at, (label, cell) in enumerate(each.per_class.items()):
            head = f"{name} | {claim(each.macro_f1, each.n, 3)} | {spread(each.macro_f1_95)}"
            figures = (
                f"{claim(cell.precision, cell.n)} | {claim(cell.recall, cell.n)} | "
                f"{claim(cell.f1, cell.n)}"
                if cell.note is None
                else f"{cell.note} | | "
            )
            lines.append(f"| {head if at == 0 else ' | | '} | {label} | {figures} | {cell.n} |")
    if isinstance(scores, OutcomeScores):
        lines += [
            "",
            f"Lexicon: accuracy {claim(scores.accuracy, scores.n)}, MCC "
            f"{claim(scores.mcc, scores.n)}, ECE {claim(scores.ece, scores.n)} (its scores are "
            "not calibrated; None where passages are no probability sample).",
        ]
    same = [
        LexiconOutcomeClassifier().read(one.unit.text).subtype == one.unit.reference.subtype
        for one in evaluation.judged
        if one.part == part.key and one.unit.reference is not None
    ]
    share = claim(sum(same) / len(same), len(same)) if same else "None"
    return [*lines, "", f"Sub-type (one of twelve) as model-annotated: {share}.", ""]


def against_keywords(evaluation: Evaluation, keywords: Evaluation) -> str:
    """Return the paired test in words."""
    test = compare(evaluation, keywords)
    return (
        f"Lexicon less keyword on {test.n} passages ({test.part}): "
        f"{claim(test.difference, test.n)} ({spread(test.difference_95)}); permutation of whole "
        f"places p = {claim(test.p, test.n, 4)}, {test.n_places} places."
    )


def section(paths: list[Path]) -> str:
    """Return the Markdown of all files."""
    lines = [
        "## Outcomes: process, tangible, none",
        "",
        f"`python -m benchmarks.accuracy.outcomes`, {measured_on()}. Model-annotated gold: "
        "coded by language models, not by people; the agreement of the two passes is an upper "
        "bound. Interval: 2,000 resamples of whole places. Passages drawn by a cue give no rates. "
        "Majority: of the other places; keyword: `hwbtext.evaluate.baselines`. Macro-F1 is over "
        "all classes, also those that alone are not measurable. The rules were widened once after "
        "a first look at these totals; no scored passage was read for it.",
        "",
    ]
    for path in paths:
        gold = load_coded(path)
        result = evaluate(LexiconOutcomeClassifier(), gold, name="lexicon")
        keywords = evaluate(KeywordOutcomeClassifier(), gold, name="keyword")
        for part in result.parts:
            lines += report(result, part)
        lines += [against_keywords(result, keywords), ""]
    return "\n".join(lines).rstrip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--gold", type=Path, nargs="+", help="files of coded passages")
    parser.add_argument("--dry-run", action="store_true", help="print, do not write RESULTS.md")
    args = parser.parse_args()
    body = section(args.gold or [args.shared / name for name in DEFAULT_GOLD])
    if not args.dry_run:
        write_section("outcomes", body)
    print(body)


if __name__ == "__main__":
    main()
