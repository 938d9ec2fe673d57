"""Folds of whole places, the same on every run."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

from hwbtext.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

N_FOLDS = 5


def place_folds(places: Sequence[str], given: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return the fold of each place, from 0: whole places, folds of like size.

    Parameters
    ----------
    places : sequence of str, shape (n_passages,)
    given : mapping of place to fold, optional
        Folds that are fixed already. Other places go to the smallest fold.

    Raises
    ------
    InputError
        A given fold is not a number from 0.

    Examples
    --------
    >>> place_folds(["Dale", "Dale", "Port", "Weir"], {"Weir": 0})
    {'Weir': 0, 'Dale': 1, 'Port': 2}
    """
    counts = Counter(places)
    folds = {place: fold for place, fold in (given or {}).items() if place in counts}
    wrong = [fold for fold in folds.values() if not 0 <= fold < N_FOLDS]
    if wrong:
        msg = f"A fold is a number from 0 to {N_FOLDS - 1}. Got {wrong[0]!r}."
        raise InputError(msg)
    sizes = [0] * N_FOLDS
    for place, fold in folds.items():
        sizes[fold] += counts[place]
    # The largest first, and by name where they are equal: no chance, and little is left over.
    for place in sorted(counts, key=lambda place: (-counts[place], place)):
        if place not in folds:
            folds[place] = sizes.index(min(sizes))
            sizes[folds[place]] += counts[place]
    return folds


def read_folds(path: Path) -> dict[str, int]:
    """Return folds from a CSV file with the columns place and fold.

    Raises
    ------
    InputError
        A column is missing, or a fold is no whole number.
    """
    folds = {}
    for line, row in enumerate(csv.DictReader(path.read_text("utf-8").splitlines()), start=2):
        place, fold = row.get("place"), row.get("fold")
        if not place or fold is None or not fold.isdecimal():
            msg = f"{str(path)!r}, line {line}: place and fold (0, 1, ...) are wanted. Got {row}."
            raise InputError(msg)
        folds[place] = int(fold)
    return folds
