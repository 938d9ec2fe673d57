"""Folds: which passages a classifier learns from before it judges which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from hwbtext.errors import InputError

NamedSplit = Literal["leave-one-place-out", "random"]
OwnFolds = Sequence[tuple[Sequence[int], Sequence[int]]]
Split = NamedSplit | OwnFolds | None
OWN = "own folds"
N_FOLDS = 10


@dataclass(frozen=True, slots=True)
class Fold:
    """Positions of the passages to learn from and to judge."""

    train: frozenset[int]
    test: tuple[int, ...]


def make_folds(
    places: Sequence[str], split: Split, *, n_folds: int = N_FOLDS, seed: int = 0
) -> tuple[Fold, ...]:
    """Return the folds of passages whose places are given.

    Parameters
    ----------
    places : sequence of str, shape (n,)
    split : "leave-one-place-out", "random", or own folds
        Leave-one-place-out: each place is judged by a classifier that saw only the others.
        Random: ``n_folds`` folds drawn whatever the place. Own folds: pairs of positions to
        learn from and to judge; no passage is judged twice.

    Raises
    ------
    InputError
        Unknown split; one place only; folds that judge a passage they learn from, or twice.

    Examples
    --------
    >>> [fold.test for fold in make_folds(["Dale", "Port", "Dale"], "leave-one-place-out")]
    [(0, 2), (1,)]
    """
    n = len(places)
    if split is None:
        msg = (
            "A classifier that is not fitted needs a split: 'leave-one-place-out' or 'random'. "
            "Got None; or fit it first."
        )
        raise InputError(msg)
    if not isinstance(split, str):
        return _own(split, n)
    named: str = split  # what callers without a type checker may give
    if named == "leave-one-place-out":
        return _by_place(places)
    if named == "random":
        return _random(n, n_folds, seed)
    msg = f"split must be 'leave-one-place-out', 'random', own folds or None. Got {named!r}."
    raise InputError(msg)


def split_name(split: Split) -> str | None:
    """Return how a split is named wherever its figures are shown."""
    return split if split is None or isinstance(split, str) else OWN


def _by_place(places: Sequence[str]) -> tuple[Fold, ...]:
    at: dict[str, list[int]] = {}
    for number, place in enumerate(places):
        at.setdefault(place, []).append(number)
    if len(at) < 2:
        only = ", ".join(repr(place) for place in at) or "none"
        msg = (
            f"leave-one-place-out needs passages of two places or more. Got {only}. Add places, "
            "or ask for split='random', which is labelled as such."
        )
        raise InputError(msg)
    everything = frozenset(range(len(places)))
    return tuple(Fold(everything - set(test), tuple(test)) for _, test in sorted(at.items()))


def _random(n: int, n_folds: int, seed: int) -> tuple[Fold, ...]:
    from sklearn.model_selection import KFold

    if n < 2 or n_folds < 2:
        msg = f"A random split needs 2 passages and 2 folds at least. Got {n} and {n_folds}."
        raise InputError(msg)
    splitter = KFold(min(n_folds, n), shuffle=True, random_state=seed)
    return tuple(
        Fold(frozenset(train.tolist()), tuple(test.tolist()))
        for train, test in splitter.split(range(n))
    )


def _own(split: OwnFolds, n: int) -> tuple[Fold, ...]:
    folds: list[Fold] = []
    judged: set[int] = set()
    for train, test in split:
        fold = Fold(frozenset(int(i) for i in train), tuple(int(i) for i in test))
        wrong = [i for i in (*fold.train, *fold.test) if not 0 <= i < n]
        twice = sorted((set(fold.test) & judged) | (fold.train & set(fold.test)))
        if wrong or twice or len(set(fold.test)) < len(fold.test):
            msg = (
                f"Own folds hold positions from 0 to {n - 1}; none is judged twice, or judged by "
                f"a classifier that learned from it. Got {(wrong or twice or list(fold.test))[:5]}."
            )
            raise InputError(msg)
        judged.update(fold.test)
        folds.append(fold)
    if len(judged) < n:
        missing = sorted(set(range(n)) - judged)[:5]
        msg = f"Own folds must judge every coded passage once. Not judged: positions {missing}."
        raise InputError(msg)
    return tuple(folds)
