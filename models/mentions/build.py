"""Make the folder of the tagger of mentions from what `models.mentions.teach` trained.

    python -m models.mentions.build --shared ../shared --runs runs/kent-cc ... --taught taught

Each passage is read by the network of the fold that did not learn from its place; with that the
thresholds are chosen, on training samples alone, and the card is written. Then the final network
goes into the folder.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.accuracy.coded import f1
from benchmarks.results import measured_on
from hwbtext.evaluate import TrainedOn, evaluate, save_trained_on
from hwbtext.evaluate.mention_scores import MentionScores
from hwbtext.evaluate.spans import Marked, from_mentions, match_overlapping
from hwbtext.gold import load_gold
from hwbtext.mentions import rule_detectors
from hwbtext.mentions.frame import passage_of
from hwbtext.mentions.out_of_place import Recorded, write_out_of_place
from hwbtext.mentions.tagged import TaggedDetector, combine
from hwbtext.mentions.tagger import CONFIG, FILES, FLOOR, FOLDER, Tagger, Thresholds
from hwbtext.network import file_sha256
from hwbtext.records import CATEGORIES, POLARITIES
from models.gold import load_all
from models.mentions.rows import Row, distinct, load_rows, read_folds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hwbtext.mentions import Detector
    from hwbtext.mentions.tagger import Tagged
    from hwbtext.records import Category, Mention, Passage

HERE = Path(__file__).parent.parent
VERSION = "1"
JUDGES = ("hwb-v1", "real")
"""Samples that the figures are published on: nothing is chosen by them."""

FRESH = ("mentions-v1/training", "verbatim")
"""Samples that came after the rules were written."""

_KEEP = (0.0, FLOOR, 0.4, 0.5)
_ADD = (0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.97, 1.01)
_ANY: Mapping[Category, Thresholds] = dict.fromkeys(CATEGORIES, Thresholds(0, 0))


def read_out_of_place(
    rows: Sequence[Row], folds: Mapping[str, int], taught: Path
) -> dict[str, tuple[Tagged, ...]]:
    """Return what the network of each passage's fold says of it, by text."""
    taggers = {fold: Tagger(taught / f"fold-{fold}", VERSION, _ANY) for fold in folds.values()}
    return {row.text: taggers[folds[row.place]].read(row.text) for row in distinct(rows)}


def lacking(shared: Path) -> list[Row]:
    """Return the passages that were drawn for polarity "lacking": for scoring only."""
    path = shared / "gold" / "lacking" / "coded.jsonl"
    sample = load_gold(path, name="lacking", annotators="model-annotated", restated=False)
    return [Row(sample.name, unit.id, unit.place, unit.text, ()) for unit in sample.units]


def choose_thresholds(
    rows: Sequence[Row], said: Mapping[str, tuple[Tagged, ...]]
) -> dict[Category, Thresholds]:
    """Return the thresholds of the best mean F1 over training samples, a category each.

    What is kept of the rules is chosen on samples that they were not written with: where they
    were, they are seldom wrong. What is added, on all samples: those two are of natural mix, or
    nearer to it. A mean over samples, for the largest would decide alone otherwise.
    """
    samples: dict[str, list[Row]] = {}
    for row in distinct(rows):
        if row.sample not in JUDGES:
            samples.setdefault(row.sample, []).append(row)
    chosen: dict[Category, Thresholds] = {}
    for category in CATEGORIES:
        rules = Heard.of(category, [row.text for of in samples.values() for row in of])
        tried = {
            Thresholds(*pair): {
                name: _f1(of, rules, said, Thresholds(*pair)) for name, of in samples.items()
            }
            for pair in product(_KEEP, _ADD)
        }
        keep = max(tried, key=lambda pair: sum(tried[pair][name] for name in FRESH)).keep
        best = max(
            (pair for pair in tried if pair.keep == keep),
            key=lambda pair: sum(tried[pair].values()),
        )
        print(category, best, {name: round(value, 3) for name, value in tried[best].items()})
        chosen[category] = best
    return chosen


@dataclass(frozen=True)
class Heard:
    """Rules that give again what they found in texts: all pairs of thresholds ask for the same."""

    name: str
    version: str
    category: Category
    found: dict[str, tuple[Mention, ...]]

    @classmethod
    def of(cls, category: Category, texts: Sequence[str]) -> Heard:
        """Return what the rules of a category find in texts."""
        rules = next(one for one in rule_detectors() if one.category == category)
        found = {text: rules.detect(passage_of(text)) for text in texts}
        return cls(rules.name, rules.version, category, found)

    def detect(self, passage: Passage) -> tuple[Mention, ...]:
        """Return what was found in a passage."""
        return self.found[passage.text]


def _f1(
    rows: Sequence[Row],
    rules: Heard,
    said: Mapping[str, tuple[Tagged, ...]],
    pair: Thresholds | None,
) -> float:
    """Return F1 of mentions by rules and tagger, or where there is no pair by rules alone."""
    detector: Detector = rules
    if pair is not None:
        detector = TaggedDetector(rules, Recorded(said, VERSION, {rules.category: pair}))
    n_both = n_each = 0
    for row in rows:
        gold = [
            Marked(CATEGORIES[mark.category], POLARITIES[mark.polarity], mark.start, mark.end)
            for mark in row.marks
            if CATEGORIES[mark.category] == rules.category
        ]
        found = from_mentions(detector.detect(passage_of(row.text)))
        n_both += len(match_overlapping(gold, found))
        n_each += len(gold) + len(found)
    return 2 * n_both / max(1, n_each)


def write_folder(
    folder: Path,
    taught: Path,
    shared: Path,
    rows: Sequence[Row],
    said: Mapping[str, tuple[Tagged, ...]],
    thresholds: Mapping[Category, Thresholds],
) -> None:
    """Write all but the card."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(taught / "final" / name, folder / name)
    config = {
        "schema": 1,
        "task": "mentions",
        "name": "mention",
        "version": VERSION,
        "thresholds": {category: list(pair) for category, pair in thresholds.items()},
        "files": {name: file_sha256(folder / name) for name in FILES},
    }
    _write(folder / CONFIG, config)
    packages = ("numpy", "torch", "transformers", "onnxruntime")
    found = {"python": platform.python_version(), **{name: version(name) for name in packages}}
    _write(folder / "versions.json", found)
    save_trained_on(TrainedOn.of([r.text for r in rows], [r.place for r in rows]), folder)
    every = [*rows, *lacking(shared)]
    write_out_of_place({(row.sample, row.id): said[row.text] for row in every}, folder)


def write_card(
    folder: Path,
    shared: Path,
    rows: Sequence[Row],
    said: Mapping[str, tuple[Tagged, ...]],
    thresholds: Mapping[Category, Thresholds],
) -> None:
    """Write the card with figures of places not seen."""
    lines = []
    for sample in load_all(shared):
        # What is scored of a passage was said without its place: nothing of it was seen.
        both = evaluate(
            combine(Recorded(said, VERSION, thresholds)), sample, "mentions", trained_on=TrainedOn()
        )
        rules = evaluate(rule_detectors(), sample, "mentions")
        for part, beside in zip(both.parts, rules.parts, strict=True):
            assert isinstance(part.scores, MentionScores)
            assert isinstance(beside.scores, MentionScores)
            for category, of in part.scores.per_category.items():
                lines.append(
                    f"| {sample.name}, {part.key.drawn} | {category} | {f1(of.overlap)} | "
                    f"{f1(beside.scores.per_category[category].overlap)} |"
                )
    for name in FRESH:
        of = [row for row in distinct(rows) if row.sample == name]
        for category, pair in thresholds.items():
            alone = Heard.of(category, [row.text for row in of])
            n = sum(CATEGORIES[mark.category] == category for row in of for mark in row.marks)
            both, rules_alone = (_f1(of, alone, said, each) for each in (pair, None))
            lines.append(
                f"| {name}, training | {category} | {both:.2f}, n = {n} | "
                f"{rules_alone:.2f}, n = {n} |"
            )
    count = {
        name: sum(row.sample == name for row in rows)
        for name in dict.fromkeys(row.sample for row in rows)
    }
    learned = ", ".join(f"{name} {n:,}" for name, n in count.items())
    pairs = "; ".join(
        f"{category} {pair.keep:g} and {pair.add:g}" for category, pair in thresholds.items()
    )
    text = CARD.format(
        learned=learned, pairs=pairs, table="\n".join(lines), floor=FLOOR, day=measured_on()
    )
    (folder / "CARD.md").write_text(text, encoding="utf-8")


CARD = """# mention-v1

Marks mentions of ownership, accountability and inequality, token by token, with a polarity
each; `hwbtext.mentions.default_detectors` joins it with the rules.

**What it is.** The sentence encoder all-MiniLM-L6-v2 (Apache-2.0), fine-tuned, in eight bits, run
by ONNX Runtime. It learned from coded passages, and from what a larger encoder
(all-mpnet-base-v2, Apache-2.0), fine-tuned on the same passages, said of passages of real papers
without codes.

**What it learned from.** Passages, all **model-annotated**: coded by language models that
followed the codebook, not by people. By sample: {learned}; of
those without a mention 45% were drawn. "verbatim" are passages of public
papers whose text is not in the repository, in part drawn by what rules and words find, coded
once; "mentions-v1/training" are restated, coded once.

**How it is joined with the rules.** A mention by rules stays where the tagger is at least as
sure of its place as the first number, and one is added where it is at least as sure as the
second: {pairs}.
Chosen by the mean F1 over training samples, of places left out: the first number on those that
the rules were not written with.

**Figures** ({day}), F1 of mentions (overlap), of networks that learned from no passage of the
place (95% interval, resampling places). The network of fold 2, West Sussex among its places, had
no teacher, which the others and the one that ships had. The rules were written with the training
samples open, so their figures there are too high.

| sample, how drawn | category | rules and tagger | rules alone |
| --- | --- | --- | --- |
{table}

**Limits.** English papers of councils and the NHS. Polarity "lacking" is rare in all that it
learned from. A token less likely than {floor:g} is in no mention. Not for judging persons.
"""


def _write(path: Path, content: object) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--runs", type=Path, nargs="+", required=True)
    parser.add_argument("--taught", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=HERE)
    args = parser.parse_args()
    rows = load_rows(args.shared, args.runs)
    said = read_out_of_place([*rows, *lacking(args.shared)], read_folds(), args.taught)
    thresholds = choose_thresholds(rows, said)
    folder = args.out / FOLDER
    write_folder(folder, args.taught, args.shared, rows, said, thresholds)
    write_card(folder, args.shared, rows, said, thresholds)


if __name__ == "__main__":
    main()
