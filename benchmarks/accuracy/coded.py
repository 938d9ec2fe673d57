"""The coded passages of ../shared/gold, and how figures from them are written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwbtext.evaluate.cells import too_few
from hwbtext.gold import load_gold

if TYPE_CHECKING:
    from pathlib import Path

    from hwbtext.evaluate.cells import Cell, Interval
    from hwbtext.gold import GoldSample


def load_coded(path: Path) -> GoldSample:
    """Load one file. Its README says what the file cannot: models coded it; hwb is restated."""
    name = f"{path.parent.name}/{path.name}"
    return load_gold(path, name=name, annotators="model-annotated", restated="hwb" in name)


def spread(interval: Interval | None) -> str:
    """Write an interval; None with fewer than three places."""
    return "None" if interval is None else f"{interval[0]:.2f} to {interval[1]:.2f}"


def claim(value: float | None, n: int, places: int = 2) -> str:
    """Write a figure, or that too few were coded to tell."""
    if note := too_few(n):
        return note
    return "None" if value is None else f"{value:.{places}f}"


def f1(cell: Cell) -> str:
    """Write F1 with its interval and n, or that too few were coded to tell."""
    return cell.note or f"{claim(cell.f1, cell.n)} ({spread(cell.f1_95)}), n = {cell.n}"
