"""Leaks: ways in which what is scored was known beforehand; each is found and named."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hwbtext.evaluate.near_duplicates import find_near_duplicates
from hwbtext.evaluate.training_record import text_sha256

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.evaluate.folds import Fold
    from hwbtext.evaluate.near_duplicates import NearDuplicates
    from hwbtext.evaluate.training_record import TrainedOn
    from hwbtext.gold import GoldUnit

LeakKind = Literal["seen-text", "near-duplicate", "place"]
_CUT_OFF = (
    "The search for near-duplicates was cut off: the texts are too many or too alike. Those "
    "found are named; there may be more."
)


@dataclass(frozen=True, slots=True)
class Leak:
    """One leak.

    Attributes
    ----------
    kind : {"seen-text", "near-duplicate", "place"}
        The very text was trained on; almost the text; another passage of its place.
    place : str
        Of the passage that is scored.
    n : int
        Passages concerned.
    unit_id : str or None
        The passage that is scored; None for a place.
    other_id, other_place : str or None
        The passage it was learned from, where that is known.
    similarity : float or None
        Jaccard similarity of a near-duplicate's three-word shingles.
    """

    kind: LeakKind
    place: str
    n: int
    unit_id: str | None = None
    other_id: str | None = None
    other_place: str | None = None
    similarity: float | None = None

    @property
    def message(self) -> str:
        """Return the leak in words.

        Examples
        --------
        >>> Leak("place", "Harbour", 12).message
        '12 passages of Harbour were scored by a model that learned from passages of Harbour.'
        """
        if self.kind == "place":
            return (
                f"{self.n} passages of {self.place} were scored by a model that learned from "
                f"passages of {self.place}."
            )
        other = "the training texts" if self.other_id is None else repr(self.other_id)
        if self.other_place is not None:
            other += f" ({self.other_place})"
        how = "stands" if self.kind == "seen-text" else "almost stands"
        alike = "" if self.similarity is None else f", similarity {self.similarity:.2f}"
        return f"{self.unit_id!r} ({self.place}) {how} in what was learned from: {other}{alike}."

    def to_json(self) -> dict[str, object]:
        """Return the leak as JSON."""
        return {
            "kind": self.kind,
            "place": self.place,
            "n": self.n,
            "unit_id": self.unit_id,
            "other_id": self.other_id,
            "other_place": self.other_place,
            "similarity": self.similarity,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Exposure:
    """What the model knew: for each passage whether its text was trained on, and the leaks.

    ``seen`` holds None where nobody said what the model was trained on.
    """

    seen: tuple[bool | None, ...]
    leaks: tuple[Leak, ...]
    notes: tuple[str, ...] = ()


def exposure_of_folds(units: Sequence[GoldUnit], folds: Sequence[Fold]) -> Exposure:
    """Compare each passage with those that its fold's classifier learned from."""
    train_of = [frozenset[int]()] * len(units)
    for fold in folds:
        for at in fold.test:
            train_of[at] = fold.train
    hashes = [text_sha256(unit.text) for unit in units]
    same: dict[str, list[int]] = {}
    for at, value in enumerate(hashes):
        same.setdefault(value, []).append(at)
    seen, leaks = [], []
    for at, unit in enumerate(units):
        copy = next((i for i in same[hashes[at]] if i in train_of[at]), None)
        seen.append(copy is not None)
        if copy is not None:
            leaks.append(_seen(unit, units[copy]))
    texts = [unit.text for unit in units]
    near = find_near_duplicates(
        texts, texts, allowed=lambda i, j: j in train_of[i] and hashes[i] != hashes[j]
    )
    leaks += _near(units, near, units)
    places = [unit.place for unit in units]
    known = Counter[str]()
    for fold in folds:
        learned = {places[i] for i in fold.train}
        known.update(places[at] for at in fold.test if places[at] in learned)
    leaks += [Leak("place", place, n) for place, n in sorted(known.items())]
    return Exposure(tuple(seen), tuple(leaks), () if near.complete else (_CUT_OFF,))


def exposure_of_training(
    units: Sequence[GoldUnit],
    record: TrainedOn | None,
    training: Sequence[GoldUnit] | None,
) -> Exposure:
    """Compare each passage with what a fitted model was trained on, as far as that is known.

    Parameters
    ----------
    record : TrainedOn or None
        Hashes and places; None where nobody said.
    training : sequence of GoldUnit or None
        The training passages themselves: only with them are near-duplicates found.
    """
    if record is None and training is None:
        return Exposure((None,) * len(units), ())
    hashes = set(record.texts_sha256) if record else set()
    places = set(record.places) if record else set()
    by_hash = {text_sha256(unit.text): unit for unit in training or ()}
    places |= {unit.place for unit in training or ()}
    seen, leaks = [], []
    for unit in units:
        value = text_sha256(unit.text)
        seen.append(value in hashes or value in by_hash)
        if seen[-1]:
            leaks.append(_seen(unit, by_hash.get(value)))
    notes: tuple[str, ...] = ()
    if training is not None:
        near = find_near_duplicates(
            [unit.text for unit in units],
            [unit.text for unit in training],
            # A text that was seen word for word is named as that.
            allowed=lambda i, _: not seen[i],
        )
        leaks += _near(units, near, training)
        notes = () if near.complete else (_CUT_OFF,)
    known = Counter(unit.place for unit in units if unit.place in places)
    leaks += [Leak("place", place, n) for place, n in sorted(known.items())]
    return Exposure(tuple(seen), tuple(leaks), notes)


def _seen(unit: GoldUnit, other: GoldUnit | None) -> Leak:
    return Leak(
        "seen-text",
        unit.place,
        1,
        unit_id=unit.id,
        other_id=None if other is None else other.id,
        other_place=None if other is None or not other.place else other.place,
    )


def _near(
    units: Sequence[GoldUnit], near: NearDuplicates, others: Sequence[GoldUnit]
) -> list[Leak]:
    return [
        Leak(
            "near-duplicate",
            units[pair.index].place,
            1,
            unit_id=units[pair.index].id,
            other_id=others[pair.other].id,
            other_place=others[pair.other].place,
            similarity=pair.similarity,
        )
        for pair in near.found
    ]
