"""Coded passages as a classifier learns them: text, shares of the labels, direction, place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hwbtext.errors import InputError
from hwbtext.outcomes import DIRECTIONS
from hwbtext.outcomes.reading import outcome_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hwbtext.gold import GoldSample

MIN_PASSAGES = 50
MIN_PLACES = 3
_MIN_OF_LABEL = 5


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Passages to learn from.

    Attributes
    ----------
    texts, places : tuple of str, shape (n,)
    shares : ndarray of float64, shape (n, n_labels)
        Of each label in each passage: 1 for the coded one, or what a teacher gave; rows sum to 1.
    directions : ndarray of int64, shape (n,)
        Position in ``direction_names``; -1 where the passage has none.
    labels : tuple of str
        The finest labels: "process.note", or "process" in a codebook without sub-types.
    direction_names : tuple of str
        Empty for a codebook without directions.
    """

    texts: tuple[str, ...]
    places: tuple[str, ...]
    shares: NDArray[np.float64]
    directions: NDArray[np.int64]
    labels: tuple[str, ...]
    direction_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Return the outcomes that the labels belong to, sorted."""
        return tuple(sorted({outcome_of(label) for label in self.labels}))

    @property
    def outcome_of(self) -> NDArray[np.float64]:
        """Return which label belongs to which outcome, shape (n_labels, n_outcomes)."""
        return np.array(
            [[float(outcome_of(label) == name) for name in self.outcomes] for label in self.labels]
        )

    @property
    def coded(self) -> list[str]:
        """Return the label with the largest share of each passage."""
        return [self.labels[at] for at in self.shares.argmax(axis=1)]

    def take(self, rows: Sequence[int]) -> Examples:
        """Return the passages at these positions."""
        at = list(rows)
        return Examples(
            tuple(self.texts[i] for i in at),
            tuple(self.places[i] for i in at),
            self.shares[at],
            self.directions[at],
            self.labels,
            self.direction_names,
        )


def gather(samples: Sequence[GoldSample]) -> tuple[Examples, list[tuple[str, str]]]:
    """Return the coded passages of gold samples, and sample and id of each.

    A passage with a sub-type gives it as its label, else its outcome. A label with fewer than
    five passages cannot be learned: its passages give the commonest label of their outcome.

    Raises
    ------
    InputError
        Fewer than 50 coded passages, three places or two outcomes: nothing can be learned that
        could be tested on a place it was not learned from.
    """
    rows = [
        (sample.name, unit, coding.outcome, coding.subtype or coding.outcome, coding.direction)
        for sample in samples
        for unit in sample.units
        if (coding := unit.reference) is not None and coding.outcome is not None
    ]
    coded = [_within(outcome, label) for _, _, outcome, label, _ in rows]
    n_places, outcomes = len({unit.place for _, unit, *_ in rows}), set(map(outcome_of, coded))
    if len(rows) < MIN_PASSAGES or n_places < MIN_PLACES or len(outcomes) < 2:
        msg = (
            f"Training needs {MIN_PASSAGES} coded passages of {MIN_PLACES} places with 2 outcomes "
            f"at least. Got {len(rows)} passages, {n_places} places, outcomes: "
            f"{', '.join(sorted(outcomes)) or 'none'}. Code more, or give more --gold."
        )
        raise InputError(msg)
    coded = _without_rare(coded)
    labels = tuple(sorted(set(coded)))
    said = {direction for *_, direction in rows if direction}
    names = tuple(name for name in DIRECTIONS if name in said) if said <= set(DIRECTIONS) else ()
    shares = np.zeros((len(rows), len(labels)))
    shares[np.arange(len(rows)), [labels.index(label) for label in coded]] = 1.0
    directions = [names.index(direction) if direction in names else -1 for *_, direction in rows]
    examples = Examples(
        tuple(unit.text for _, unit, *_ in rows),
        tuple(unit.place for _, unit, *_ in rows),
        shares,
        np.array(directions, dtype=np.int64),
        labels,
        names,
    )
    return examples, [(name, unit.id) for name, unit, *_ in rows]


def _within(outcome: str, label: str) -> str:
    """Return the label, put under its outcome where its own name does not say it."""
    return label if outcome_of(label) == outcome else f"{outcome}.{label}"


def _without_rare(labels: list[str]) -> list[str]:
    counts = Counter(labels)
    commonest: dict[str, str] = {}
    for label, _ in counts.most_common():
        commonest.setdefault(outcome_of(label), label)
    return [
        label if counts[label] >= _MIN_OF_LABEL else commonest[outcome_of(label)]
        for label in labels
    ]
