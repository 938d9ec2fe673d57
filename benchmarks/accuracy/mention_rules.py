"""What each rule of the detectors does on the training passages, and "lacking" as read by eye.

The training passages were coded in one pass by a language model. The rules were written with
them open, so the precision here is that of a rule on what it was written for: it finds rules
that do harm, and says nothing of papers not seen.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.results import measured_on
from hwbtext.codebook import load_codebook
from hwbtext.intervals import wilson
from hwbtext.mentions import Detector, PatternDetector, rule_detectors
from hwbtext.mentions.frame import passage_of
from hwbtext.mentions.tagged import ADDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hwbtext.gold import GoldSample
    from hwbtext.records import Mention

READ = Path(__file__).parent / "lacking_read.csv"
FOUND_READ = READ.with_name("mentions_read.csv")
SLOTS_READ = READ.with_name("slots_read.csv")


@dataclass(slots=True)
class RuleCounts:
    """One rule, tried alone: matches, those that touch a coded mention, conflicts.

    ``kept`` are the mentions that it gives when all rules run; a conflict is a match that
    touches one of another rule with another polarity.
    """

    matches: int = 0
    right: int = 0
    kept: int = 0
    conflicts: int = 0


def count_rules(
    detectors: Sequence[PatternDetector], samples: Sequence[GoldSample]
) -> dict[str, RuleCounts]:
    """Return the counts of every rule over all passages of the samples."""
    counts: dict[str, RuleCounts] = {}
    units = [unit for sample in samples for unit in sample.units if unit.reference is not None]
    for detector in detectors:
        alone = [
            replace(detector, rules=(rule,), merge="never")
            for rule in detector.rules
            if counts.setdefault(rule.rule_id, RuleCounts()) is not None
        ]
        for unit in units:
            passage = passage_of(unit.text)
            coded = [
                (m.start, m.end)
                for m in unit.reference.mentions  # type: ignore[union-attr]
                if m.category == detector.category
            ]
            found = [mention for one in alone for mention in one.detect(passage)]
            for mention in found:
                count = counts[mention.rule_id]
                start, end = mention.prov.span
                count.matches += 1
                count.right += any(start < b and a < end for a, b in coded)
                count.conflicts += any(_conflict(mention, other) for other in found)
            for mention in detector.detect(passage) if found else ():
                counts[mention.rule_id].kept += 1
    return counts


def _conflict(one: Mention, other: Mention) -> bool:
    return (
        one.rule_id != other.rule_id
        and one.polarity != other.polarity
        and one.prov.span.start < other.prov.span.end
        and other.prov.span.start < one.prov.span.end
    )


def rules_section(samples: Sequence[GoldSample]) -> str:
    """Return the Markdown of the table of rules."""
    counts = count_rules(rule_detectors(), samples)
    n = sum(len(sample) for sample in samples)
    lines = [
        "## Rules of the mention detectors",
        "",
        f"`python -m benchmarks.accuracy.mentions --rules`, {measured_on()}; "
        f"{n:,} passages of {', '.join(f'`{sample.name}`' for sample in samples)} "
        "(model-annotated, one pass; **the rules were written with these open**, so this finds "
        "rules that do harm and promises nothing for other papers). Each rule alone: matches, "
        "those that touch a coded mention of the category, their share; mentions that the rule "
        "gives when all run (the longest of overlapping matches stays); matches that touch one "
        "of another rule with another polarity. Rules without a match are listed below.",
        "",
        "| rule | matches | right | share | given | conflicts |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {name} | {c.matches} | {c.right} | {c.right / c.matches:.2f} | {c.kept} | "
        f"{c.conflicts} |"
        for name, c in counts.items()
        if c.matches
    ]
    silent = [name for name, c in counts.items() if not c.matches]
    lines += ["", f"No match in these passages ({len(silent)}): {', '.join(silent)}."]
    return "\n".join(lines)


def near_miss_lines(detectors: Sequence[Detector]) -> list[str]:
    """Return how the sentences that the codebook gives for each code come out."""
    codes = {"ownership": "own", "accountability": "acc", "inequality": "ineq"}
    lines = [
        "**Sentences of the codebook**, examples and near misses of each code (authored for the "
        "project, in nobody's papers; a regression test, no target). A near miss is right where "
        "nothing of the category is found, or, where it is a mention of another code, that one.",
        "",
        "| category | near misses | right | examples | found, polarity right | found |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for detector in detectors:
        family = codes[detector.category]
        ours = [code for code in load_codebook().codes if code.family == family]
        missed = [
            _is_read_as(miss.text, miss.actual, detector) for c in ours for miss in c.near_miss
        ]
        found = [_polarities(one.text, detector) for c in ours for one in c.positive]
        wanted = [code.id.partition(".")[2] for code in ours for _ in code.positive]
        right = sum(polarity in of for polarity, of in zip(wanted, found, strict=True))
        lines.append(
            f"| {detector.category} | {len(missed)} | {sum(missed)} | {len(found)} | {right} | "
            f"{sum(map(bool, found))} |"
        )
    return ["\n".join(lines)]


def _is_read_as(text: str, actual: str, detector: Detector) -> bool:
    family, _, polarity = actual.partition(".")
    found = _polarities(text, detector)
    return polarity in found if detector.category.startswith(family) else not found


def _polarities(text: str, detector: Detector) -> set[str]:
    return {mention.polarity for mention in detector.detect(passage_of(text))}


def reading_lines(path: Path = READ) -> list[str]:
    """Return what reading hits of polarity "lacking" in real papers came to."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    draws: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        draws.setdefault(row["draw"], []).append(row)
    return [
        "**Lacking, read.** Mentions of polarity lacking in papers of ../shared/real, each read "
        "in its passage by a language model against the codebook (hashes and verdicts in "
        f"`benchmarks/accuracy/{path.name}`); the rules were amended after each reading, so only "
        "figures before an amendment are of passages not seen. "
        + " ".join(f"{draw.capitalize()}: {_verdicts(of)}." for draw, of in draws.items())
    ]


def found_lines(path: Path = FOUND_READ) -> list[str]:
    """Return what reading mentions of the default detectors in real papers came to."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [
        "**Mentions, read.** Up to twenty mentions of each kind in passages of ../shared/real "
        "drawn at random among those without codes (the tagger may have heard its teacher on "
        "some of them), found by rules 4 and tagger 1, each read by a language model that saw "
        "what the detectors said of it (hashes and "
        f"verdicts in `benchmarks/accuracy/{path.name}`).",
        "",
        "| category | found by | read | right | another polarity | no mention | a mention |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for category in dict.fromkeys(row["category"] for row in rows):
        for by in ("rules", "tagger"):
            tally = Counter(
                row["verdict"]
                for row in rows
                if row["category"] == category and (row["rule"] == ADDED) is (by == "tagger")
            )
            n, found = tally.total(), tally["right"] + tally["polarity"]
            low, high = wilson(found / n, n)
            lines.append(
                f"| {category} | {by} | {n} | {tally['right']} | {tally['polarity']} | "
                f"{tally['none']} | {found / n:.2f} ({low:.2f} to {high:.2f}) |"
            )
    return ["\n".join(lines)]


def slot_lines(path: Path = SLOTS_READ) -> list[str]:
    """Return what reading slots that rules filled in real papers came to."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [
        "**Slots, read.** Slots that the gold has too few of, filled by rules (version 3) in "
        "passages of ../shared/real drawn at random, each read by a language model against the "
        f"codebook (hashes and verdicts in `benchmarks/accuracy/{path.name}`). Where the passage "
        "held no mention at all, the slot could not be judged.",
        "",
        "| slot | read | right | wrong | no mention | right of those judged |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for slot in dict.fromkeys(row["slot"] for row in rows):
        tally = Counter(row["verdict"] for row in rows if row["slot"] == slot)
        judged = tally["right"] + tally["wrong"]
        low, high = wilson(tally["right"] / judged, judged)
        lines.append(
            f"| {slot} | {tally.total()} | {tally['right']} | {tally['wrong']} | "
            f"{tally['nomention']} | {tally['right'] / judged:.2f} ({low:.2f} to {high:.2f}) |"
        )
    return ["\n".join(lines)]


def _verdicts(rows: Iterable[dict[str, str]]) -> str:
    tally = Counter(row["verdict"] for row in rows)
    n = tally.total()
    return (
        f"{tally['right']} of {n} right ({tally['right'] / n:.2f}), {tally['polarity']} a mention "
        f"of another polarity, {tally['none']} no mention"
    )
