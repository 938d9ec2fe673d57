"""Score the detectors of mentions against coded passages; write the section of RESULTS.md.

    python -m benchmarks.accuracy.mentions --shared ../shared
    python -m benchmarks.accuracy.mentions --shared ../shared --rules

The passages were coded by language models (model-annotated), never by people: the figures
say how far the detectors follow that coding of the codebook. The figures are those of
``hwbtext evaluate --task mentions``: each file and each way of drawing passages apart. What the
tagger says of a passage was said by a network that had not learned from its place.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.accuracy.coded import claim, f1, load_coded, spread
from benchmarks.accuracy.mention_rules import (
    found_lines,
    near_miss_lines,
    reading_lines,
    rules_section,
    slot_lines,
)
from benchmarks.results import measured_on, write_section
from hwbtext.evaluate import TrainedOn, evaluate
from hwbtext.evaluate.cells import FEWEST
from hwbtext.evaluate.mention_scores import MATCHING, MentionScores
from hwbtext.evaluate.resampling import FEWEST_PLACES, N_RESAMPLES
from hwbtext.mentions import Tagger, default_detectors, rule_detectors
from hwbtext.mentions.out_of_place import Recorded, read_out_of_place
from hwbtext.mentions.tagged import combine
from hwbtext.mentions.tagger import tagger_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.evaluate import Evaluation, Part
    from hwbtext.gold import GoldSample
    from hwbtext.mentions import TaggedDetector

DEFAULT_GOLD = ("gold/hwb/coded.jsonl", "gold/real/coded.jsonl", "gold/lacking/coded.jsonl")
TRAINING = ("gold/train/hwb.jsonl", "gold/train/real.jsonl")
# Of the passages drawn for "lacking", those of other places were read while rules were written.
UNREAD = {"lacking/coded.jsonl": "Leeds"}


RECORDED = {
    "hwb/coded.jsonl": "hwb-v1",
    "real/coded.jsonl": "real",
    "lacking/coded.jsonl": "lacking",
}
"""Names of the files in the tagger's record of what was said out of place."""


def out_of_place(sample: GoldSample) -> tuple[TaggedDetector, ...]:
    """Return the default detectors, the tagger as it was without the place of each passage."""
    folder = tagger_folder()
    said = read_out_of_place(folder)
    name = RECORDED[sample.name]
    tagger = Tagger.load(folder)
    by_text = {unit.text: said[name, unit.id] for unit in sample.units}
    return combine(Recorded(by_text, tagger.version, tagger.thresholds))


def columns(part: Part, rules: Part | None = None) -> dict[str, MentionScores]:
    """Return what stands side by side: the detectors, rules alone, keywords, coders."""
    beside = {
        "rules" if rules is None else "rules and tagger": part.scores,
        **({} if rules is None else {"rules": rules.scores}),
        "keyword baseline": part.baselines["keyword"],
        **{f"{pair.a} against {pair.b}": pair.scores for pair in part.coders},
    }
    return {name: each for name, each in beside.items() if isinstance(each, MentionScores)}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def report(evaluation: Evaluation, part: Part, rules: Part | None = None) -> str:
    """Return the Markdown of one file and way of drawing."""
    beside = columns(part, rules)
    what, scores = next(iter(beside.items()))
    lines = [
        f"### `{evaluation.gold}`, {part.key.name}: {scores.n} passages, {scores.n_places} places "
        f"({evaluation.annotators})",
        "",
        f"F1 of mentions (overlap), precision and recall of {what}:",
        "",
    ]
    lines += table(
        ["category", *beside, "precision", "recall"],
        [
            [
                category,
                *(f1(each.per_category[category].overlap) for each in beside.values()),
                claim(of.overlap.precision, of.overlap.n) if not of.overlap.note else "-",
                claim(of.overlap.recall, of.overlap.n) if not of.overlap.note else "-",
            ]
            for category, of in scores.per_category.items()
        ],
    )
    lines += ["", "Exact spans, presence by passage, and polarity given mention:", ""]
    lines += table(
        [
            "category",
            *(f"{what}, {n}" for what in ("exact", "present", "polarity") for n in beside),
        ],
        [
            [
                category,
                *(f1(each.per_category[category].exact) for each in beside.values()),
                *(f1(each.per_category[category].presence) for each in beside.values()),
                *(_polarity(each, category) for each in beside.values()),
            ]
            for category in scores.per_category
        ],
    )
    lines += ["", "F1 of mentions of one polarity (overlap, and the same polarity):", ""]
    lines += table(
        ["category", "polarity", *beside],
        [
            [
                category,
                polarity,
                *(
                    f1(each.per_category[category].with_polarity[polarity])
                    for each in beside.values()
                ),
            ]
            for category, of in scores.per_category.items()
            for polarity in of.with_polarity
        ],
    )
    said = "; ".join(
        f"{name} {claim(each.polarity.macro_f1, each.polarity.n)} (n = {each.polarity.n})"
        for name, each in beside.items()
    )
    lines += ["", f"Macro-F1 of polarity given mention, all categories: {said}."]
    slots = [
        [f"{category}: {slot}", f1(partial), f1(exact)]
        for category, of in scores.per_category.items()
        for slot, (partial, exact) in of.slots.items()
    ]
    if slots:
        lines += ["", f"Slots of matched mentions, {what}:", ""]
        lines += table(["slot", "F1, in part", "F1, same words"], slots)
    return "\n".join(lines)


def _polarity(scores: MentionScores, category: str) -> str:
    of = scores.per_category[category].polarity
    value = claim(of.accuracy, of.n)
    return value if of.n < FEWEST else f"{value} ({spread(of.agree_95)}), n = {of.n}"


def apart(sample: GoldSample) -> list[GoldSample]:
    """Return a sample, or its parts: the place that nobody read, and the places of development."""
    unread = UNREAD.get(sample.name)
    if unread is None:
        return [sample]
    return [
        replace(
            sample,
            name=f"{sample.name}, {what}",
            units=tuple(unit for unit in sample.units if (unit.place == unread) is held),
        )
        for what, held in (("place kept apart", True), ("places of development", False))
    ]


def scored(sample: GoldSample) -> list[tuple[Evaluation, Part, Part]]:
    """Return each part of a sample, scored with the default detectors and with rules alone."""
    # Said without its place: nothing of what is scored was seen.
    whole = replace(sample, name=sample.name.partition(",")[0])
    both = evaluate(out_of_place(whole), sample, "mentions", trained_on=TrainedOn())
    rules = evaluate(rule_detectors(), sample, "mentions")
    return [(both, *pair) for pair in zip(both.parts, rules.parts, strict=True)]


def main() -> None:
    """Score the gold files and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="*", help="gold files, relative to --shared or absolute")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--rules", action="store_true", help="each rule on the training gold")
    parser.add_argument("--dry-run", action="store_true", help="print, do not write RESULTS.md")
    options = parser.parse_args()
    if options.rules:
        body = rules_section([load_coded(options.shared / name) for name in TRAINING])
        if not options.dry_run:
            write_section("mention-rules", body)
        print(body)
        return
    names = options.gold or [n for n in DEFAULT_GOLD if (options.shared / n).is_file()]
    if not names:
        parser.error(f"no gold file under {options.shared}; give --shared or paths")
    samples = [part for name in names for part in apart(load_coded(options.shared / name))]
    versions = ", ".join(f"`{detector.annotator}`" for detector in default_detectors())
    parts = [pair for sample in samples for pair in scored(sample)]
    body = "\n\n".join(
        [
            "## Mentions of ownership, accountability and inequality",
            f"`python -m benchmarks.accuracy.mentions`, {measured_on()}; detectors {versions}. "
            "The gold is **model-annotated** (two passes and an adjudicator, all language models "
            "following the codebook), so the figures say how far the detectors follow that "
            "coding. **Rules and tagger** are the default; what the tagger says of a passage was "
            "said by a network that had not learned from its place, its thresholds were chosen on "
            "the training samples. "
            f"Counted are, {MATCHING}. "
            f"Brackets: 95% interval resampling whole places ({N_RESAMPLES:,} draws, seed 0); "
            f"None under {FEWEST_PLACES} places. Under {FEWEST} coded mentions nothing is claimed. "
            "Baseline: bare keywords, polarity from any negation or modal within 80 characters. "
            "The majority finds no mention (F1 0). Passages drawn by a cue, among them all of "
            "`lacking`, say nothing about rates and are scored apart.",
            *(report(result, part, rules) for result, part, rules in parts),
            *near_miss_lines(default_detectors()),
            *reading_lines(),
            *found_lines(),
            *slot_lines(),
        ]
    )
    if not options.dry_run:
        write_section("mentions", body)
    print(body)


if __name__ == "__main__":
    main()
