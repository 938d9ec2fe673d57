"""Score the rule detectors against coded passages; write the section of RESULTS.md.

    python -m benchmarks.accuracy.mentions --shared ../shared

The passages were coded by language models (model-annotated), never by people: the figures
say how far the rules follow that coding of the codebook. Places, not passages, are resampled.
"""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from benchmarks.results import measured_on, write_section
from hwbtext.mentions import default_detectors
from hwbtext.mentions.frame import passage_of
from hwbtext.records import CATEGORIES, POLARITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

DEFAULT_GOLD = ("gold/hwb/coded.jsonl", "gold/real/coded.jsonl", "gold/lacking/coded.jsonl")
FEWEST = 30
FEWEST_PLACES = 3
N_BOOTSTRAP = 2_000

_KEYWORDS = {
    "ownership": re.compile(r"\b(?:own(?:s|ed|er|ers|ership)?|leads?|led|responsib\w+)\b", re.I),
    "accountability": re.compile(r"\b(?:accountab\w+|to account|scrutin\w+|monitor\w*)\b", re.I),
    "inequality": re.compile(r"\b(?:inequal\w+|inequit\w+|equity|gap|depriv\w+|dispar\w+)\b", re.I),
}
_LACKING = re.compile(r"\b(?:no|not|nobody|lack\w*|without|never)\b", re.I)
_ASPIRATIONAL = re.compile(r"\b(?:will|would|should|must|aims?|need\w*)\b", re.I)


class Span(NamedTuple):
    """A mention to be compared: gold or found."""

    start: int
    end: int
    polarity: str


@dataclass
class Tally:
    """Counts of one place; lists hold one number a polarity where the name says so."""

    hit: int = 0
    found: int = 0
    gold: int = 0
    same_polarity: int = 0
    by_polarity: dict[str, list[int]] = field(
        default_factory=lambda: {polarity: [0, 0, 0] for polarity in POLARITIES}
    )


def find_by_rules(text: str) -> dict[str, list[Span]]:
    """Return the mentions that the detectors of hwbtext find."""
    passage = passage_of(text)
    return {
        detector.category: [
            Span(*mention.prov.span, mention.polarity) for mention in detector.detect(passage)
        ]
        for detector in default_detectors()
    }


def find_by_keywords(text: str) -> dict[str, list[Span]]:
    """Return the baseline: bare words, and the polarity of any negation or modal near."""
    return {
        category: [
            Span(*match.span(), _bare_polarity(text[max(0, match.start() - 80) : match.end() + 80]))
            for match in pattern.finditer(text)
        ]
        for category, pattern in _KEYWORDS.items()
    }


def _bare_polarity(near: str) -> str:
    if _LACKING.search(near):
        return "lacking"
    return "aspirational" if _ASPIRATIONAL.search(near) else "neutral"


def pair(gold: Sequence[Span], found: Sequence[Span]) -> list[tuple[Span, Span]]:
    """Pair mentions that overlap, each at most once, the largest overlap first."""
    overlaps = sorted(
        (
            (min(g.end, f.end) - max(g.start, f.start), i, j)
            for i, g in enumerate(gold)
            for j, f in enumerate(found)
            if min(g.end, f.end) > max(g.start, f.start)
        ),
        key=lambda row: (-row[0], row[1], row[2]),
    )
    pairs: list[tuple[Span, Span]] = []
    used_gold: set[int] = set()
    used_found: set[int] = set()
    for _, i, j in overlaps:
        if i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            pairs.append((gold[i], found[j]))
    return pairs


def tally(
    rows: Iterable[dict[str, Any]], find: Callable[[str], dict[str, list[Span]]]
) -> dict[str, dict[str, Tally]]:
    """Return the counts: category, then place."""
    counts: dict[str, dict[str, Tally]] = {category: {} for category in CATEGORIES}
    for row in rows:
        found = find(row["text"])
        for category in CATEGORIES:
            place = counts[category].setdefault(str(row["place"]), Tally())
            gold = [
                Span(m["start"], m["end"], m["polarity"])
                for m in row["agreed"]["mentions"]
                if m["category"] == category
            ]
            pairs = pair(gold, found[category])
            place.hit += len(pairs)
            place.gold += len(gold)
            place.found += len(found[category])
            place.same_polarity += sum(g.polarity == f.polarity for g, f in pairs)
            for polarity in POLARITIES:
                of_gold = [g for g in gold if g.polarity == polarity]
                of_found = [f for f in found[category] if f.polarity == polarity]
                cell = place.by_polarity[polarity]
                cell[0] += len(pair(of_gold, of_found))
                cell[1] += len(of_found)
                cell[2] += len(of_gold)
    return counts


def ratio_interval(parts: np.ndarray) -> tuple[float, float] | None:
    """Return the 95% interval of sum(a) / sum(b) that resamples places.

    Parameters
    ----------
    parts : ndarray, shape (n_places, 2)
        Numerator and denominator of each place.

    Returns
    -------
    tuple of float or None
        None with fewer than three places: they cannot say how places differ.
    """
    if len(parts) < FEWEST_PLACES:
        return None
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, len(parts), size=(N_BOOTSTRAP, len(parts)))
    sums = parts[drawn].sum(axis=1)
    shares = sums[:, 0] / np.maximum(sums[:, 1], 1)
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(low), float(high)


def shown(parts: Sequence[tuple[int, int]], n: int) -> str:
    """Write a ratio with its interval, or that there is too little to tell."""
    if n < FEWEST:
        return f"not measurable, n = {n}"
    values = np.array(parts, dtype=float)
    total = values.sum(axis=0)
    value = total[0] / total[1] if total[1] else 0.0
    interval = ratio_interval(values)
    spread = "interval None" if interval is None else f"{interval[0]:.2f}-{interval[1]:.2f}"
    return f"{value:.2f} ({spread}), n = {n}"


def f1_parts(cells: Iterable[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Return 2·hit and found + gold of each place: F1 is the ratio of their sums."""
    return [(2 * hit, found + gold) for hit, found, gold in cells]


def section(name: str, rows: list[dict[str, Any]]) -> str:
    """Return the Markdown of one gold file."""
    rules, words = tally(rows, find_by_rules), tally(rows, find_by_keywords)
    n_places = len({row["place"] for row in rows})
    lines = [
        f"### `{name}`: {len(rows)} passages, {n_places} places (model-annotated)",
        "",
        "| category | mention F1 (overlap), rules | precision | recall | keyword baseline F1 "
        "| polarity given mention, rules | keyword baseline polarity |",
        "|---|---|---|---|---|---|---|",
    ]
    for category in CATEGORIES:
        ours, bare = list(rules[category].values()), list(words[category].values())
        n = sum(t.gold for t in ours)
        hits = sum(t.hit for t in ours)
        bare_hits = sum(t.hit for t in bare)
        few = n < FEWEST
        precision = "-" if few else f"{hits / max(1, sum(t.found for t in ours)):.2f}"
        recall = "-" if few else f"{hits / max(1, n):.2f}"
        lines.append(
            f"| {category} | {shown(f1_parts((t.hit, t.found, t.gold) for t in ours), n)} "
            f"| {precision} | {recall} "
            f"| {shown(f1_parts((t.hit, t.found, t.gold) for t in bare), n)} "
            f"| {shown([(t.same_polarity, t.hit) for t in ours], hits)} "
            f"| {shown([(t.same_polarity, t.hit) for t in bare], bare_hits)} |"
        )
    lines += [
        "",
        "F1 of mentions of one polarity (overlap, and the same polarity), model-annotated:",
        "",
        "| category | polarity | rules | keyword baseline |",
        "|---|---|---|---|",
    ]
    for category in CATEGORIES:
        for polarity in POLARITIES:
            ours_cells = [t.by_polarity[polarity] for t in rules[category].values()]
            bare_cells = [t.by_polarity[polarity] for t in words[category].values()]
            n = sum(cell[2] for cell in ours_cells)
            lines.append(
                f"| {category} | {polarity} "
                f"| {shown(f1_parts((a, b, c) for a, b, c in ours_cells), n)} "
                f"| {shown(f1_parts((a, b, c) for a, b, c in bare_cells), n)} |"
            )
    return "\n".join(lines)


def speed(rows: Sequence[dict[str, Any]]) -> float:
    """Return words a second on one core, all three detectors."""
    words = sum(len(row["text"].split()) for row in rows)
    begin = perf_counter()
    for row in rows:
        find_by_rules(row["text"])
    return words / (perf_counter() - begin)


def main() -> None:
    """Score the gold files and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="*", help="gold files, relative to --shared or absolute")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    options = parser.parse_args()
    names = options.gold or [n for n in DEFAULT_GOLD if (options.shared / n).is_file()]
    if not names:
        parser.error(f"no gold file under {options.shared}; give --shared or paths")
    files = {
        name: [
            json.loads(line)
            for line in (options.shared / name).read_text(encoding="utf-8").splitlines()
        ]
        for name in names
    }
    versions = ", ".join(f"`{detector.annotator}`" for detector in default_detectors())
    every_row = [row for rows in files.values() for row in rows]
    body = "\n\n".join(
        [
            "## Mentions of ownership, accountability and inequality",
            f"`python -m benchmarks.accuracy.mentions`, {measured_on()}; detectors {versions}. "
            "The gold is **model-annotated** (two passes and an adjudicator, all language models "
            "following the codebook), so the figures say how far the rules follow that coding. "
            "A found mention counts where it overlaps a coded one of its category, one to one. "
            f"Brackets: 95% interval resampling whole places ({N_BOOTSTRAP:,} draws, seed 0); "
            f"None under {FEWEST_PLACES} places. Under {FEWEST} coded mentions nothing is claimed. "
            "Polarity is the share of paired mentions with the coded polarity. Baseline: bare "
            "keywords, polarity from any negation or modal within 80 characters. The `lacking` "
            "file was drawn by negative cues and says nothing about rates.",
            *(section(name, rows) for name, rows in files.items()),
            f"Speed: {speed(every_row):,.0f} words a second on one core, the three detectors "
            "together.",
        ]
    )
    write_section("mentions", body)
    print(body)


if __name__ == "__main__":
    main()
