"""Score the ladder of outcome classifiers on places left out; write the section of RESULTS.md.

    python -m benchmarks.accuracy.classifiers --shared ../shared

The passages were coded by language models (model-annotated), never by people. Each figure of a
classifier that learns is of a model that saw no passage of the place judged: five folds of
whole places, fixed in ``models/folds.csv``; ``train`` samples only train. What the shipped
models said out of place is read from their folders, where ``python -m models.build`` wrote it;
the simpler rungs are trained here.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline

from benchmarks.accuracy.coded import claim, spread
from benchmarks.results import measured_on, write_section
from hwbtext.codebook import load_codebook
from hwbtext.embed import SentenceEncoder
from hwbtext.evaluate import compare, evaluate
from hwbtext.evaluate.outcome_scores import OutcomeScores
from hwbtext.outcomes import LexiconOutcomeClassifier, load_lexicon, load_outcome_classifier
from hwbtext.training.examples import gather
from hwbtext.training.methods import method
from hwbtext.training.out_of_place import Recorded, read_out_of_place
from hwbtext.training.places import read_folds
from hwbtext.training.run import own_folds
from models.gold import FOLDS, load_all

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hwbtext.evaluate import Evaluation
    from hwbtext.gold import GoldSample
    from hwbtext.training.examples import Examples

MODELS = Path("models")
NAMES = ("none", "process", "tangible")
JUDGED = ("hwb-v1", "real")
SIZES = (50, 100, 200, 400)
N_DRAWS = 5
Table = dict[tuple[str, str], tuple[float, ...]]  # sample and id: shares in the order of NAMES


def tf_idf(texts: Sequence[str], labels: Sequence[str]) -> Any:
    """Return the usual baseline, fitted: words and pairs of words, logistic regression."""
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(C=1.0, class_weight="balanced", max_iter=3_000),
    )
    return model.fit(texts, labels)


def learned(
    fit: Callable[[Sequence[Any], Sequence[str]], Any],
    inputs: Sequence[Any],
    examples: Examples,
    ids: Sequence[tuple[str, str]],
    folds: dict[str, int],
) -> Table:
    """Return what a classifier says of each passage when its place was left out."""
    outcomes = [label.partition(".")[0] for label in examples.coded]
    of = np.array([folds[place] for place in examples.places])
    table: Table = {}
    for fold in sorted(set(of.tolist())):
        train, judge = np.flatnonzero(of != fold), np.flatnonzero(of == fold)
        model = fit([inputs[at] for at in train], [outcomes[at] for at in train])
        said = model.predict_proba([inputs[at] for at in judge])
        at = [list(model.classes_).index(name) for name in NAMES]
        table.update({ids[j]: tuple(row) for j, row in zip(judge, said[:, at], strict=True)})
    return table


def recorded(folder: Path) -> tuple[Table, dict[tuple[str, str], dict[str, str]]]:
    """Return what a shipped model said out of place, and the rows as they stand."""
    rows = {
        (sample, unit): row
        for sample, units in read_out_of_place(folder).items()
        for unit, row in units.items()
    }
    return {key: tuple(float(row[name]) for name in NAMES) for key, row in rows.items()}, rows


def evaluated(table: Table, sample: GoldSample, folds: dict[str, int], name: str) -> Evaluation:
    """Return the evaluation of recorded predictions on one sample."""
    said = {unit.text: table[sample.name, unit.id] for unit in sample.units if unit.reference}
    return evaluate(Recorded(said, NAMES), sample, split=own_folds(sample, folds), name=name)


# ---- what is reported ------------------------------------------------------------------------


def ladder(rungs: dict[str, Evaluation], best: str) -> list[str]:
    """Return a table a part: every rung, and the best less the others, paired by passage."""
    lines: list[str] = []
    top = rungs[best]
    for number, part in enumerate(top.parts):
        lines += [
            f"### {top.gold}: {part.key.name} ({', '.join(part.strata)})",
            "",
            f"n = {part.scores.n} passages, {part.scores.n_places} places, {top.annotators}.",
            "",
            "| classifier | macro-F1 (95%) | F1 tangible | F1 process | F1 none | ECE |",
            "|---|---|---|---|---|---|",
        ]
        for name, one in rungs.items():
            lines.append(_row(name, one.parts[number].scores))
        lines += [_row(f"{pair.a} against {pair.b}", pair.scores) for pair in part.coders]
        lines.append("")
    return [*lines, *ladder_pairs(rungs, best)]


def ladder_pairs(rungs: dict[str, Evaluation], best: str) -> list[str]:
    """Return one rung less each other, paired by passage, on the first part."""
    top = rungs[best]
    lines = [
        "| paired, first part | difference (95%) | p (whole places swapped) |",
        "|---|---|---|",
    ]
    for name, one in rungs.items():
        if name != best:
            test = compare(top, one)
            lines.append(
                f"| {best} less {name} | {claim(test.difference, test.n, 3)} "
                f"({spread(test.difference_95)}) | {claim(test.p, test.n, 4)} |"
            )
    return [*lines, ""]


def _row(name: str, scores: Any) -> str:
    assert isinstance(scores, OutcomeScores)
    cells = [scores.per_class[label] for label in ("tangible", "process", "none")]
    shown = " | ".join(
        # Three of the figures stand on fewer than thirty passages: shown with their n.
        f"{cell.f1:.2f} ({spread(cell.f1_95)}), n = {cell.n}" if cell.f1 is not None else "-"
        for cell in cells
    )
    macro = f"{scores.macro_f1:.3f} ({spread(scores.macro_f1_95)})"
    ece = "-" if scores.ece is None else f"{scores.ece:.3f}"
    return f"| {name} | {macro} | {shown} | {ece} |"


def finer(
    rows: dict[tuple[str, str], dict[str, str]], sample: GoldSample, said_by: str
) -> list[str]:
    """Return sub-type and direction scores of a shipped model on one sample."""
    lexicon = LexiconOutcomeClassifier()
    coded = [unit for unit in sample.units if unit.reference and unit.reference.subtype]
    truth = [str(unit.reference.subtype) for unit in coded if unit.reference]
    said = [rows[sample.name, unit.id]["label"] for unit in coded]
    rules = [lexicon.read(unit.text).subtype for unit in coded]
    counts = Counter(truth)
    lines = [
        f"- {sample.name}, sub-types: macro-F1 over {len(counts)} sub-types "
        f"{_macro(truth, said):.2f} {said_by}, {_macro(truth, rules):.2f} lexicon; right "
        f"{_share(truth, said):.2f} and {_share(truth, rules):.2f}; n = {len(coded)}, of which "
        f"{', '.join(f'{name} {n}' for name, n in sorted(counts.items()) if n < 30)} are too few "
        "to be told apart."
    ]
    moved = [unit for unit in coded if unit.reference and unit.reference.outcome == "tangible"]
    wanted = [str(unit.reference.direction) for unit in moved if unit.reference]
    by_model = [rows[sample.name, unit.id]["direction"] for unit in moved]
    by_rules = [load_lexicon().direction(unit.text) for unit in moved]
    if any(by_model):
        lines.append(
            f"- {sample.name}, direction of what is tangible: right "
            f"{claim(_share(wanted, by_model), len(moved))} {said_by}, "
            f"{claim(_share(wanted, by_rules), len(moved))} lexicon; n = {len(moved)}."
        )
    return lines


def _macro(truth: Sequence[str], said: Sequence[str | None]) -> float:
    filled = [label or "" for label in said]
    return float(
        f1_score(truth, filled, labels=sorted(set(truth)), average="macro", zero_division=0)
    )


def _share(truth: Sequence[str], said: Sequence[str | None]) -> float:
    return sum(t == s for t, s in zip(truth, said, strict=True)) / len(truth)


def challenge(named: dict[str, Any]) -> list[str]:
    """Return how many sentences of the codebook each classifier codes as the codebook does."""
    sentences = []
    for code in load_codebook().codes:
        if code.family in NAMES:
            sentences += [(example.text, code.family) for example in code.positive]
            sentences += [
                (miss.text, outcome)
                for miss in code.near_miss
                if (outcome := miss.actual.partition(".")[0]) in NAMES
            ]
    texts, truth = [text for text, _ in sentences], [outcome for _, outcome in sentences]
    return [
        f"- {name}: {sum(t == s for t, s in zip(truth, one.predict(texts), strict=True))} of "
        f"{len(truth)} example sentences of the codebook (a regression test, no target)."
        for name, one in named.items()
    ]


def curve(examples: Examples, ids: list[tuple[str, str]], folds: dict[str, int]) -> list[str]:
    """Return what so many coded passages buy, drawn at random from the places not judged."""
    of = np.array([folds[place] for place in examples.places])
    judged = {name: [at for at, (sample, _) in enumerate(ids) if sample == name] for name in JUDGED}
    truth = [label.partition(".")[0] for label in examples.coded]
    vectors = SentenceEncoder().encode(examples.texts)

    def small(train: Sequence[int], some: Sequence[int], draw: int) -> list[str]:
        model = method("small")(examples.take(train), None, draw)
        outcomes = model.shares([examples.texts[at] for at in some]) @ examples.outcome_of
        return [examples.outcomes[at] for at in outcomes.argmax(axis=1)]

    def frozen(train: Sequence[int], some: Sequence[int], draw: int) -> list[str]:  # noqa: ARG001
        model = _regression(vectors[list(train)], [truth[at] for at in train])
        return [str(label) for label in model.predict(vectors[list(some)])]

    lines = [
        "| classifier | coded passages | "
        + " | ".join(f"macro-F1 {name}" for name in JUDGED)
        + " |",
        "|---|---|" + "---|" * len(JUDGED),
    ]
    for name, learn in (("small", small), ("MiniLM + LR", frozen)):
        for size in (*SIZES, None):
            scores: dict[str, list[float]] = {one: [] for one in JUDGED}
            for draw in range(N_DRAWS if size else 1):
                said = [""] * len(ids)
                for fold in sorted(set(of.tolist())):
                    others = np.flatnonzero(of != fold)
                    rng = np.random.default_rng([draw, fold])
                    train = rng.choice(others, size, replace=False) if size else others
                    some = [at for one in judged.values() for at in one if of[at] == fold]
                    for at, outcome in zip(some, learn(train.tolist(), some, draw), strict=True):
                        said[at] = outcome
                for one, rows in judged.items():
                    scores[one].append(
                        _macro([truth[at] for at in rows], [said[at] for at in rows])
                    )
            cells = " | ".join(
                f"{np.mean(each):.2f}" + (f" ({min(each):.2f} to {max(each):.2f})" if size else "")
                for each in scores.values()
            )
            lines.append(f"| {name} | {size or 'all'} | {cells} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--curve", action="store_true", help="write only the learning curve (slow)")
    parser.add_argument("--dry-run", action="store_true", help="print, do not write RESULTS.md")
    args = parser.parse_args()
    samples = load_all(args.shared)
    examples, ids = gather(samples)
    folds = read_folds(FOLDS)
    if args.curve:
        name, body = "classifier-curve", _curve_section(curve(examples, ids, folds))
    else:
        name, body = "classifiers", section(samples, examples, ids, folds)
    if not args.dry_run:
        write_section(name, body)
    print(body)


def section(
    samples: Sequence[GoldSample],
    examples: Examples,
    ids: list[tuple[str, str]],
    folds: dict[str, int],
) -> str:
    """Return the Markdown of the ladder."""
    vectors = SentenceEncoder().encode(examples.texts)
    tables = {
        "TF-IDF + LR": learned(tf_idf, examples.texts, examples, ids, folds),
        "MiniLM + LR": learned(_regression, list(vectors), examples, ids, folds),
    }
    rows = {}
    for name, folder in (
        ("small", "outcome-small-v1"),
        ("default", "outcome-v1"),
        ("large", "outcome-large-v1"),
    ):
        tables[name], rows[name] = recorded(MODELS / folder)
    lines = [
        "## Classifiers of outcomes, on places left out",
        "",
        f"`python -m benchmarks.accuracy.classifiers`, {measured_on()}. Model-annotated gold: "
        "coded by language models, not by people. hwb-v1: restated passages; real: verbatim, of "
        "three places. Five folds of whole places (`models/folds.csv`); probabilities calibrated "
        "on the other folds. Intervals: 2,000 resamples of whole places; three places give none "
        "worth the name. `large` was given the item's heading too, and is scored before its cut "
        "to low rank. The agreement of the two coding passes is a ceiling, no target.",
        "",
    ]
    for sample in samples:
        if sample.name in JUDGED:
            rungs = {
                "lexicon": evaluate(LexiconOutcomeClassifier(), sample, name="lexicon"),
                **{name: evaluated(each, sample, folds, name) for name, each in tables.items()},
            }
            lines += ladder(rungs, "large") + ladder_pairs(rungs, "default")
    lines += ["### Sub-types and directions", ""]
    for sample in samples:
        if sample.name in JUDGED:
            for name, each in rows.items():
                lines += finer(each, sample, name)
    shipped = {name: load_outcome_classifier(name) for name in ("lexicon", "small", "default")}
    lines += ["", "### Sentences of the codebook", "", *challenge(shipped)]
    return "\n".join(lines)


def _regression(inputs: Sequence[Any], labels: Sequence[str]) -> Any:
    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=3_000)
    return model.fit(np.array(inputs), labels)


def _curve_section(lines: list[str]) -> str:
    return "\n".join(
        [
            "## How many coded passages a classifier needs",
            "",
            f"`python -m benchmarks.accuracy.classifiers --curve`, {measured_on()}. "
            "Model-annotated gold. Passages drawn at random from places that are not judged, five "
            "draws, lowest and highest; macro-F1 over process, tangible and none of all passages. "
            "The fine-tuned encoder is left out: twenty fits take over half an hour.",
            "",
            *lines,
        ]
    )


if __name__ == "__main__":
    main()
