"""Scores of marked spans against marked spans: a detector, or a coder, against the gold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hwbtext.evaluate.cells import macro
from hwbtext.evaluate.polarity_scores import (
    PolarityScores,
    placed_cell,
    score_polarity,
    score_slots,
)
from hwbtext.evaluate.resampling import f1_of, interval, mean_of_defined
from hwbtext.evaluate.spans import Marked, match_exactly, match_overlapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from hwbtext.evaluate.cells import Cell, Interval

MATCHING = (
    "overlap: a found mention counts where it shares a character with a coded one of its "
    "category, one to one, the largest overlap first; exact: same start and end; presence: the "
    "passage has a mention of the category, or has none; polarity and slots: of the pairs "
    "matched by overlap; a slot agrees in part where F1 over its words is 0.5 or more"
)


@dataclass(frozen=True, slots=True)
class CategoryScores:
    """One category: its spans, its presence by passage, polarity and slots.

    ``with_polarity`` counts a span only where category and polarity both agree.
    ``slots`` holds for each slot its partial and its exact agreement.
    """

    overlap: Cell
    exact: Cell
    presence: Cell
    polarity: PolarityScores
    with_polarity: dict[str, Cell]
    slots: dict[str, tuple[Cell, Cell]]

    def to_json(self) -> dict[str, object]:
        """Return the figures as JSON: those of the overlap first, the rest by name."""
        return {
            **self.overlap.to_json(),
            "exact": self.exact.to_json(),
            "presence": self.presence.to_json(),
            "polarity": self.polarity.to_json(),
            "with_polarity": {name: cell.to_json() for name, cell in self.with_polarity.items()},
            "slots": {
                name: {"partial": partial.to_json(), "exact": exact.to_json()}
                for name, (partial, exact) in self.slots.items()
            },
        }


@dataclass(frozen=True, slots=True)
class MentionScores:
    """How found mentions agree with coded ones; see ``MATCHING`` for what counts.

    ``macro_f1`` is the mean F1 (overlap) over the categories, ``accuracy`` the share of
    decisions "this passage has a mention of this category" that agree, ``polarity`` that of
    all matched pairs together.
    """

    n: int
    n_places: int
    macro_f1: float | None
    macro_f1_95: Interval | None
    accuracy: float | None
    per_category: dict[str, CategoryScores]
    polarity: PolarityScores

    def to_json(self) -> dict[str, object]:
        """Return the figures as JSON; undefined is null."""
        return {
            "n": self.n,
            "n_places": self.n_places,
            "macro_f1": self.macro_f1,
            "macro_f1_95": None if self.macro_f1_95 is None else list(self.macro_f1_95),
            "macro_f1_over": [
                name for name, cell in self.per_category.items() if cell.overlap.f1 is not None
            ],
            "accuracy": self.accuracy,
            "ece": None,
            "per_category": {name: cell.to_json() for name, cell in self.per_category.items()},
            "per_polarity": {
                name: cell.to_json() for name, cell in self.polarity.per_polarity.items()
            },
            "polarity_macro_f1": self.polarity.macro_f1,
            "polarity_accuracy": self.polarity.accuracy,
            "n_polarity": self.polarity.n,
            "matching": MATCHING,
        }


def score_mentions(
    gold: Sequence[Sequence[Marked]],
    found: Sequence[Sequence[Marked]],
    places: Sequence[str],
    categories: Sequence[str],
    polarities: Sequence[str],
    *,
    polarity_pairs: Sequence[Sequence[tuple[Marked, Marked]]] | None = None,
    seed: int = 0,
) -> MentionScores:
    """Score the mentions found in passages against the coded ones.

    Parameters
    ----------
    gold, found : sequence of sequences of Marked, shape (n,)
        What was marked in each passage.
    places : sequence of str, shape (n,)
    categories, polarities : sequence of str
        In the order of the tables.
    polarity_pairs : optional, shape (n,)
        Pairs whose polarity is compared in place of the matched ones: for a baseline that
        guesses the polarity of mentions that it is given.

    Examples
    --------
    >>> coded = [[Marked("ownership", "lacking", 0, 12)], []]
    >>> found = [[Marked("ownership", "neutral", 0, 6)], []]
    >>> scores = score_mentions(coded, found, ["X", "Y"], ["ownership"], ["lacking", "neutral"])
    >>> scores.per_category["ownership"].overlap.f1, scores.polarity.accuracy
    (1.0, 0.0)
    """
    paired = [match_overlapping(g, f) for g, f in zip(gold, found, strict=True)]
    judged = paired if polarity_pairs is None else [list(pairs) for pairs in polarity_pairs]
    names = sorted(set(places))
    at = [names.index(place) for place in places]
    overlap = span_tables(gold, found, places, categories)
    exact = _tables(
        len(names),
        at,
        categories,
        ([g.category for g, _ in match_exactly(a, b)] for a, b in zip(gold, found, strict=True)),
        gold,
        found,
    )
    per_category, right = {}, 0
    for number, category in enumerate(categories):
        presence = _presence(gold, found, at, len(names), category)
        right += len(gold) - int(presence.sum(axis=0) @ np.array([-2, 1, 1]))
        per_category[category] = CategoryScores(
            overlap=placed_cell(overlap[:, number], seed),
            exact=placed_cell(exact[:, number], seed),
            presence=placed_cell(presence, seed),
            polarity=score_polarity(judged, at, len(names), polarities, category, seed),
            with_polarity={
                polarity: placed_cell(
                    span_tables(
                        [_only(marks, polarity) for marks in gold],
                        [_only(marks, polarity) for marks in found],
                        places,
                        [category],
                    )[:, 0],
                    seed,
                )
                for polarity in polarities
            },
            slots=score_slots(paired, at, len(names), category, seed),
        )
    decisions = len(gold) * len(categories)
    return MentionScores(
        n=len(gold),
        n_places=len(names),
        macro_f1=macro([scores.overlap for scores in per_category.values()]),
        macro_f1_95=interval(overlap, macro_f1_of, seed=seed),
        accuracy=right / decisions if decisions else None,
        per_category=per_category,
        polarity=score_polarity(judged, at, len(names), polarities, None, seed),
    )


def span_tables(
    gold: Sequence[Sequence[Marked]],
    found: Sequence[Sequence[Marked]],
    places: Sequence[str],
    categories: Sequence[str],
) -> NDArray[np.float64]:
    """Return hits (overlap), found and coded, shape (n_places, n_categories, 3)."""
    names = sorted(set(places))
    hits = (
        [g.category for g, _ in match_overlapping(a, b)] for a, b in zip(gold, found, strict=True)
    )
    return _tables(
        len(names), [names.index(place) for place in places], categories, hits, gold, found
    )


def macro_f1_of(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean F1 over categories of tables, shape (n, n_categories, 3), as shape (n,)."""
    return mean_of_defined(f1_of(tables))


def _tables(
    n_places: int,
    at: Sequence[int],
    categories: Sequence[str],
    hits: Iterable[list[str]],
    gold: Sequence[Sequence[Marked]],
    found: Sequence[Sequence[Marked]],
) -> NDArray[np.float64]:
    column = {category: number for number, category in enumerate(categories)}
    tables = np.zeros((n_places, len(categories), 3))
    for place, hit, a, b in zip(at, hits, gold, found, strict=True):
        for kind, marks in enumerate((hit, [m.category for m in b], [m.category for m in a])):
            for category in marks:
                if category in column:
                    tables[place, column[category], kind] += 1
    return tables


def _presence(
    gold: Sequence[Sequence[Marked]],
    found: Sequence[Sequence[Marked]],
    at: Sequence[int],
    n_places: int,
    category: str,
) -> NDArray[np.float64]:
    tables = np.zeros((n_places, 3))
    for place, a, b in zip(at, gold, found, strict=True):
        coded = any(mark.category == category for mark in a)
        seen = any(mark.category == category for mark in b)
        tables[place] += (coded and seen, seen, coded)
    return tables


def _only(marks: Sequence[Marked], polarity: str) -> list[Marked]:
    return [mark for mark in marks if mark.polarity == polarity]
