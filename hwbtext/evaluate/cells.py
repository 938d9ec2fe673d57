"""One cell of a table of scores: precision, recall, F1, and how many were coded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST = 30
"""With fewer coded cases a cell claims nothing: a case more or less would move it by 0.03."""
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Cell:
    """Precision, recall and F1 with their counts; None where undefined, never 0.0 for it.

    Attributes
    ----------
    hit : int
        Predicted and coded.
    n_predicted : int
    n : int
        Coded.
    f1_95 : tuple of float or None
        95% interval of F1 that resamples places; None with fewer than three places.
    """

    hit: int
    n_predicted: int
    n: int
    f1_95: Interval | None = None

    @property
    def precision(self) -> float | None:
        """Return the share of the predicted that were coded; None where none was predicted."""
        return self.hit / self.n_predicted if self.n_predicted else None

    @property
    def recall(self) -> float | None:
        """Return the share of the coded that were predicted; None where none was coded."""
        return self.hit / self.n if self.n else None

    @property
    def f1(self) -> float | None:
        """Return the harmonic mean; None where none was coded and none predicted."""
        total = self.n_predicted + self.n
        return 2 * self.hit / total if total else None

    @property
    def note(self) -> str | None:
        """Return what to show in place of the figures where too few were coded, else None.

        Examples
        --------
        >>> Cell(hit=4, n_predicted=6, n=21).note
        'not measurable, n = 21'
        """
        return too_few(self.n)

    def to_json(self) -> dict[str, object]:
        """Return the figures as they are, with the note beside them where n is under 30."""
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "n": self.n,
            "n_predicted": self.n_predicted,
            "f1_95": None if self.f1_95 is None else list(self.f1_95),
            "note": self.note,
        }


def too_few(n: int) -> str | None:
    """Return "not measurable, n = …" for fewer than 30 cases, else None."""
    return f"not measurable, n = {n}" if n < FEWEST else None


def cell_of(counts: NDArray[np.float64], f1_95: Interval | None = None) -> Cell:
    """Return the cell for hits, predicted and coded, shape (3,)."""
    hit, n_predicted, n = (int(count) for count in counts)
    return Cell(hit, n_predicted, n, f1_95)


def macro(cells: list[Cell]) -> float | None:
    """Return the mean F1 of the cells where it is defined; None where it is nowhere.

    Examples
    --------
    >>> macro([Cell(1, 1, 1), Cell(0, 0, 2), Cell(0, 0, 0)])
    0.5
    """
    defined = [cell.f1 for cell in cells if cell.f1 is not None]
    return sum(defined) / len(defined) if defined else None
