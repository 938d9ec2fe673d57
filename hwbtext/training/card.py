"""The card of a model, written from the run that trained it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

from hwbtext.evaluate.cells import too_few
from hwbtext.evaluate.evaluation import named_scores
from hwbtext.evaluate.outcome_scores import OutcomeScores

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hwbtext.evaluate import Evaluation
    from hwbtext.evaluate.cells import Cell, Interval
    from hwbtext.gold import GoldSample
    from hwbtext.training.examples import Examples

FILE_NAME = "CARD.md"
_METHOD = {
    "linear": "TF-IDF of words, and logistic regression.",
    "encoder": "The sentence encoder all-MiniLM-L6-v2 (Apache-2.0), fine-tuned end to end, in "
    "eight bits, run by ONNX Runtime.",
    "large": "The sentence encoder all-mpnet-base-v2 (Apache-2.0), its upper six layers "
    "fine-tuned; what they learned ships as an adapter of low rank, the encoder comes with the "
    "extra `large`. The figures are of the networks before the cut to low rank, which were "
    "given the heading of the item before the text.",
}
_WHO = {
    "model-annotated": "**Model-annotated: language models coded them, not people.**",
    "people": "People coded them.",
    "mixed": "People and language models coded them.",
    "unknown": "Nobody said who coded them.",
}
_N_CONFUSIONS = 6


def write_card(
    folder: Path,
    config: dict[str, Any],
    samples: Sequence[GoldSample],
    examples: Examples,
    evaluations: Sequence[Evaluation],
    *,
    n_folds: int,
    taught: str | None,
) -> None:
    """Write ``CARD.md`` into a model folder.

    Parameters
    ----------
    folder : Path
    config : dict
        As written to ``config.json``.
    samples : sequence of GoldSample
        What the model learned from.
    examples : Examples
    evaluations : sequence of Evaluation
        One a sample, out of place.
    n_folds : int
    taught : str or None
        A sentence about the teacher, where there was one.
    """
    template = files("hwbtext.training") / "templates" / "CARD.md.txt"
    counts = Counter(examples.coded)
    method = " ".join([_METHOD[config["kind"]], *([taught] if taught else [])])
    text = Template(template.read_text(encoding="utf-8")).substitute(
        name=config["name"],
        version=config["version"],
        date=datetime.now(UTC).date().isoformat(),
        outcomes=", ".join(examples.outcomes),
        method=method,
        n=f"{len(examples):,}",
        n_places=len(set(examples.places)),
        samples=_samples(samples),
        annotators=" ".join(_WHO[who] for who in sorted({one.annotators for one in samples})),
        n_folds=n_folds,
        results="\n\n".join(_results(one) for one in evaluations),
        labels=", ".join(f"{label} ({counts[label]})" for label in examples.labels),
        temperature=f"{config['calibration']['temperature']:.2f}",
        confusions=_confusions(evaluations),
    )
    (folder / FILE_NAME).write_text(text, encoding="utf-8")


def _samples(samples: Sequence[GoldSample]) -> str:
    rows = ["| Sample | Passages | Places | Restated |", "|---|---|---|---|"]
    for one in samples:
        restated = sum(unit.restated for unit in one.units)
        rows.append(f"| {one.name} | {len(one)} | {len(set(one.places))} | {restated} |")
    return "\n".join(rows)


def _results(evaluation: Evaluation) -> str:
    """Return one table a part: the model, the baselines, and the coders against each other."""
    lines = []
    for part in evaluation.parts:
        lines += [
            f"*{evaluation.gold}*: {part.key.name}, n = {part.scores.n}, "
            f"{part.scores.n_places} places, {evaluation.annotators}.",
            "",
            "| | macro-F1 (95%) | ECE | "
            + " | ".join(f"F1 {one}" for one in evaluation.labels)
            + " |",
            "|---|---|---|" + "---|" * len(evaluation.labels),
        ]
        for name, scores in named_scores(evaluation.model, part):
            if isinstance(scores, OutcomeScores):
                cells = " | ".join(_cell(scores.per_class[one]) for one in evaluation.labels)
                ece = "-" if scores.ece is None else f"{scores.ece:.2f}"
                lines.append(
                    f"| {name} | {_figure(scores.macro_f1, scores.macro_f1_95)} | {ece} | {cells} |"
                )
        lines.append("")
    return "\n".join(lines).rstrip()


def _cell(cell: Cell) -> str:
    return cell.note or _figure(cell.f1, cell.f1_95)


def _figure(value: float | None, interval: Interval | None) -> str:
    if value is None:
        return "-"
    spread = "" if interval is None else f" ({interval[0]:.2f} to {interval[1]:.2f})"
    return f"{value:.2f}{spread}"


def _confusions(evaluations: Sequence[Evaluation]) -> str:
    wrong = Counter(
        (one.gold, one.predicted)
        for evaluation in evaluations
        for one in evaluation.judged
        if one.gold != one.predicted
    )
    judged = Counter(one.gold for evaluation in evaluations for one in evaluation.judged)
    return "\n".join(
        f"- {gold} read as {said}: {n} of {judged[gold]}"
        + (f" ({note})" if (note := too_few(judged[gold])) else "")
        for (gold, said), n in wrong.most_common(_N_CONFUSIONS)
    )
