"""Build ``hwb-v1``, the benchmark that comes with hwbtext, from the shared gold.

    python -m corpora.gold.build --shared ../shared [--out corpora/gold/hwb-v1]

Takes the restated passages only, drops those that share a run of more than twelve words with
any real paper, gives each place one fold, and writes the samples, their sidecar, the folds,
the record of the check and the data statement. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from string import Template

from sklearn.metrics import cohen_kappa_score

from corpora.gold.overlap import RUN, Overlap, check, shared
from hwbtext import __version__
from hwbtext.gold import GoldMention, GoldSample, GoldUnit, Pool, load_gold, save_gold
from hwbtext.gold.sidecar import SIDECAR

HERE = Path(__file__).resolve().parent
N_FOLDS = 10
# A board of a part of a county hears the same officers, reports and programmes: folds that
# parted the two would test on what they were trained on. Its site keeps the board's name.
PLACE_OF = {"South Kent Coast (Dover, Kent)": "Kent"}
CODEBOOK = "0.2"  # what the adjudicator and the one-pass coders followed


def build(shared_folder: Path, out: Path) -> dict[str, object]:
    """Write ``hwb-v1`` to ``out`` and return what the data statement says in figures."""
    source = shared_folder / "gold"
    evaluation = _load(source / "hwb" / "coded.jsonl", "hwb-v1", "evaluation")
    training = _load(source / "train" / "hwb.jsonl", "hwb-v1/training", "training")
    lines = [*evaluation.texts, *training.texts]
    overlap = check(lines, shared_folder / "real")
    verbatim = [*sorted(source.glob("*/*.jsonl"))]
    verbatim = [path for path in verbatim if path.parent.name != "hwb" and path.stem != "hwb"]
    coded = [load_gold(path) for path in verbatim]
    in_coded = shared(lines, (text for gold in coded for text in gold.texts))
    dropped = overlap.lines | in_coded
    kept = [_without(evaluation, dropped, 0), _without(training, dropped, len(evaluation))]
    evaluation, training = kept
    folds = fold_places(evaluation.places, training.places)
    out.mkdir(parents=True, exist_ok=True)
    (out / SIDECAR).unlink(missing_ok=True)
    save_gold(evaluation, out / "coded.jsonl", overwrite=True)
    save_gold(training, out / "training.jsonl", overwrite=True)
    _write_sidecar(out)
    (out / "folds.csv").write_text(_folds_csv(folds, evaluation, training), encoding="utf-8")
    record = _record(overlap, sum(map(len, coded)), [lines[number] for number in sorted(dropped)])
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    (out / "overlap.json").write_text(text, encoding="utf-8")
    figures = _figures(evaluation, training, folds, record)
    statement = Template((HERE / "hwb-v1.statement.md").read_text(encoding="utf-8"))
    (out / "README.md").write_text(statement.substitute(figures), encoding="utf-8")
    return figures


def fold_places(
    evaluation: Sequence[str], training: Sequence[str], n_folds: int = N_FOLDS
) -> dict[str, int]:
    """Return the fold of each place, from 1; the folds have about as many passages each.

    ``evaluation`` and ``training`` are the places of the passages. A place has one fold in
    both, so that no model is tested on a place that it was trained on. The largest places are
    laid out first, each in the fold with the fewest passages for evaluation so far.
    """
    n_evaluation, n_training = Counter(evaluation), Counter(training)
    places = sorted(
        n_evaluation.keys() | n_training.keys(),
        key=lambda place: (-n_evaluation[place], -n_training[place], place),
    )
    load = dict.fromkeys(range(1, n_folds + 1), (0, 0))
    fold_of = {}
    for place in places:
        fold = min(load, key=lambda fold: (*load[fold], fold))
        if not n_evaluation[place]:
            fold = min(load, key=lambda fold: (load[fold][1], fold))
        before = load[fold]
        load[fold] = (before[0] + n_evaluation[place], before[1] + n_training[place])
        fold_of[place] = fold
    return dict(sorted(fold_of.items()))


def _load(path: Path, name: str, what: str) -> GoldSample:
    gold = load_gold(path, name=name, annotators="model-annotated", restated=True)
    pool: Pool | None = "training" if what == "training" else None
    units = tuple(
        replace(unit, place=PLACE_OF.get(unit.place, unit.place), pool=pool) for unit in gold.units
    )
    return replace(gold, units=units)


def _without(gold: GoldSample, dropped: set[int], first: int) -> GoldSample:
    kept = tuple(unit for number, unit in enumerate(gold.units, first) if number not in dropped)
    return replace(gold, units=kept)


def _write_sidecar(out: Path) -> None:
    content = json.loads((out / SIDECAR).read_text(encoding="utf-8"))
    for entry in content["files"].values():
        entry["codebook"] = CODEBOOK
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    (out / SIDECAR).write_text(text, encoding="utf-8")


def _folds_csv(folds: dict[str, int], evaluation: GoldSample, training: GoldSample) -> str:
    n_evaluation, n_training = Counter(evaluation.places), Counter(training.places)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["place", "fold", "n_evaluation", "n_training"])
    for place, fold in folds.items():
        writer.writerow([place, fold, n_evaluation[place], n_training[place]])
    return text.getvalue()


def _record(overlap: Overlap, n_coded: int, dropped: list[str]) -> dict[str, object]:
    return {
        "run_of_words": RUN,
        "hwbtext": __version__,
        "n_files": overlap.files.total(),
        "files_by_format": dict(sorted(overlap.files.items())),
        "files_without_text": {k: n for k, n in sorted(overlap.without_text.items()) if n},
        "n_words": overlap.n_words,
        "n_verbatim_passages": n_coded,
        "n_dropped": len(dropped),
        "dropped_sha256": sorted(hashlib.sha256(text.encode()).hexdigest() for text in dropped),
    }


def _figures(
    evaluation: GoldSample, training: GoldSample, folds: dict[str, int], record: dict[str, object]
) -> dict[str, object]:
    both = set(evaluation.places) & set(training.places)
    near = shared(evaluation.texts, training.texts)
    pages = {unit.source_url for unit in training.units} - {None}
    years = [unit.year for unit in evaluation.units if unit.year is not None]
    by_format = record["files_by_format"]
    without = record["files_without_text"]
    assert isinstance(by_format, dict)
    assert isinstance(without, dict)
    digests = record["dropped_sha256"]
    assert isinstance(digests, list)
    return {
        "n_evaluation": len(evaluation),
        "n_evaluation_places": len(set(evaluation.places)),
        "n_training": f"{len(training):,}",
        "n_training_places": len(set(training.places)),
        "n_both": len(both),
        "n_places": len(folds),
        "n_folds": len(set(folds.values())),
        "years": f"{min(years)} to {max(years)}",
        "outcomes": _outcomes(evaluation, training),
        "mentions": _mentions(evaluation, training),
        "agreement": _agreement(evaluation),
        "n_files": record["n_files"],
        "n_words": f"{record['n_words']:,}",
        "n_verbatim": f"{record['n_verbatim_passages']:,}",
        "formats": ", ".join(f"{n} {kind}" for kind, n in by_format.items()),
        "without_text": ", ".join(f"{n} {kind}" for kind, n in without.items()) or "none",
        "n_dropped": record["n_dropped"],
        "dropped": "".join(f"\n- `{digest}`" for digest in digests) or " none",
        "n_near": len(near),
        "n_same_page": sum(unit.source_url in pages for unit in evaluation.units),
    }


def _outcomes(evaluation: GoldSample, training: GoldSample) -> str:
    counts = [Counter(gold.labels) for gold in (evaluation, training)]
    return "\n".join(
        f"| {outcome} | {counts[0][outcome]} | {counts[1][outcome]:,} |"
        for outcome in ("process", "tangible", "none")
    )


def _mentions(evaluation: GoldSample, training: GoldSample) -> str:
    counts = [
        Counter((m.category, m.polarity) for m in _agreed_mentions(gold.units))
        for gold in (evaluation, training)
    ]
    kinds = sorted(counts[0].keys() | counts[1].keys())
    return "\n".join(f"| {c}, {p} | {counts[0][c, p]} | {counts[1][c, p]} |" for c, p in kinds)


def _agreed_mentions(units: Sequence[GoldUnit]) -> list[GoldMention]:
    return [mention for unit in units if unit.agreed for mention in unit.agreed.mentions]


def _agreement(gold: GoldSample) -> str:
    pairs = [(unit.coders[0][1], unit.coders[1][1]) for unit in gold.units]
    rated: dict[str, list[tuple[object, ...]]] = {
        "process, tangible or none": [(a.outcome, b.outcome) for a, b in pairs],
        "the twelve sub-types": [(a.subtype, b.subtype) for a, b in pairs],
    }
    for category in ("ownership", "accountability", "inequality"):
        rated[f"{category} mentioned"] = [
            tuple(any(m.category == category for m in coding.mentions) for coding in pair)
            for pair in pairs
        ]
    rows = []
    for what, values in rated.items():
        first, second = [a for a, _ in values], [b for _, b in values]
        same = sum(a == b for a, b in values) / len(values)
        # Where only one value was ever given, chance agrees always and kappa is undefined.
        one = len({*first, *second}) == 1
        kappa = "undefined" if one else f"{cohen_kappa_score(first, second):.2f}"
        rows.append(f"| {what} | {same:.1%} | {kappa} |")
    return "\n".join(rows)


def main() -> None:
    """Build the benchmark and print what it holds."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=HERE / "hwb-v1")
    arguments = parser.parse_args()
    for key, value in build(arguments.shared, arguments.out).items():
        print(f"{key}: {value}")


if __name__ == "__main__":
    main()
