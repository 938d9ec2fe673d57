"""Scores of what a matched pair of mentions says: its polarity and its slots."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hwbtext.evaluate.cells import Cell, Interval, cell_of, macro, too_few
from hwbtext.evaluate.resampling import f1_of, interval
from hwbtext.evaluate.spans import Marked, same_slot, slot_agrees

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PolarityScores:
    """Polarity of matched pairs: F1 of each, the share that agrees, and how many pairs."""

    per_polarity: dict[str, Cell]
    agree: int
    n: int
    agree_95: Interval | None

    @property
    def accuracy(self) -> float | None:
        """Return the share of pairs with the coded polarity; None without pairs."""
        return self.agree / self.n if self.n else None

    @property
    def macro_f1(self) -> float | None:
        """Return the mean F1 over the polarities that were coded or predicted."""
        return macro(list(self.per_polarity.values()))

    def to_json(self) -> dict[str, object]:
        """Return the figures as JSON."""
        return {
            "accuracy": self.accuracy,
            "accuracy_95": None if self.agree_95 is None else list(self.agree_95),
            "macro_f1": self.macro_f1,
            "n": self.n,
            "note": too_few(self.n),
            "per_polarity": {name: cell.to_json() for name, cell in self.per_polarity.items()},
        }


def score_polarity(
    paired: Sequence[Sequence[tuple[Marked, Marked]]],
    at: Sequence[int],
    n_places: int,
    polarities: Sequence[str],
    category: str | None,
    seed: int,
) -> PolarityScores:
    """Score the polarity of pairs, shape (n,), whose places are ``at``; None: all categories."""
    tables = np.zeros((n_places, len(polarities), 3))
    agree = np.zeros((n_places, 2))
    for place, pairs in zip(at, paired, strict=True):
        for g, f in pairs:
            if category is not None and g.category != category:
                continue
            same = g.polarity == f.polarity
            agree[place] += (same, 1)
            for number, polarity in enumerate(polarities):
                coded, said = g.polarity == polarity, f.polarity == polarity
                tables[place, number] += (coded and said, said, coded)
    total = agree.sum(axis=0)
    return PolarityScores(
        per_polarity={
            polarity: placed_cell(tables[:, number], seed)
            for number, polarity in enumerate(polarities)
        },
        agree=int(total[0]),
        n=int(total[1]),
        agree_95=interval(agree, _ratio, seed=seed),
    )


def score_slots(
    paired: Sequence[Sequence[tuple[Marked, Marked]]],
    at: Sequence[int],
    n_places: int,
    category: str,
    seed: int,
) -> dict[str, tuple[Cell, Cell]]:
    """Return for each slot of a category its partial and its exact agreement over the pairs."""
    counts: dict[str, NDArray[np.float64]] = defaultdict(lambda: np.zeros((n_places, 2, 3)))
    for place, pairs in zip(at, paired, strict=True):
        for g, f in pairs:
            if g.category != category:
                continue
            coded, said = dict(g.slots), dict(f.slots)
            for name in coded.keys() | said.keys():
                both = name in coded and name in said
                for number, agrees in enumerate((slot_agrees, same_slot)):
                    hit = both and agrees(coded[name], said[name])
                    counts[name][place, number] += (hit, name in said, name in coded)
    return {
        name: (placed_cell(tables[:, 0], seed), placed_cell(tables[:, 1], seed))
        for name, tables in sorted(counts.items())
    }


def placed_cell(counts: NDArray[np.float64], seed: int) -> Cell:
    """Return the cell of counts, shape (n_places, 3), with its interval."""
    return cell_of(counts.sum(axis=0), interval(counts, f1_of, seed=seed))


def _ratio(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio = np.full(counts.shape[:-1], np.nan)
    np.divide(counts[..., 0], counts[..., 1], out=ratio, where=counts[..., 1] > 0)
    return ratio
