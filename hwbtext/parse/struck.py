"""Words that are struck out: the deletions of tracked changes, which the paper no longer says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hwbtext.parse.lines import Line, Word
    from hwbtext.parse.rules import Rules

# Where a line of deletion crosses a word, as a share of its height from the top: the box
# holds ascent and descent, and an underline runs below 0.8.
_HIGHEST, _LOWEST = 0.36, 0.74
_COVERED = 0.8  # of the word's width
_NEAR = 4.0  # points: a deletion begins and ends with a word, a frame or a table's rule need not


def part_struck(runs: Sequence[Line], rules: Rules) -> tuple[list[Line], list[Line]]:
    """Part the words that a rule strikes out from those that stand.

    Parameters
    ----------
    runs : sequence of Line
        Of one page, upright.
    rules : Rules
        Of the same page, turned as the runs are.

    Returns
    -------
    kept, struck : list of Line
        A run that is struck out in part gives a run to each.
    """
    lines = rules.horizontal[rules.horizontal[:, 3] > 0]
    if not len(lines) or not runs:
        return list(runs), []
    boxes = np.array([run.box for run in runs])
    height = boxes[:, 3] - boxes[:, 1]
    crossing = (
        (lines[:, 0, None] > boxes[:, 1] + _HIGHEST * height)
        & (lines[:, 0, None] < boxes[:, 1] + _LOWEST * height)
        & (lines[:, 1, None] < boxes[:, 2])
        & (lines[:, 2, None] > boxes[:, 0])
    )
    for number in np.flatnonzero(crossing.any(axis=1)):
        beside = np.flatnonzero(crossing[number]).tolist()
        words = [word.box for index in beside for word in runs[index].words]
        _, left, right, _ = lines[number]
        begins = any(abs(left - box.x0) < _NEAR for box in words)
        ends = any(abs(right - box.x1) < _NEAR for box in words)
        crossing[number] &= begins and ends
    touched = crossing.any(axis=0)
    if not touched.any():
        return list(runs), []
    kept: list[Line] = []
    struck: list[Line] = []
    for index, run in enumerate(runs):
        if not touched[index] or run.angle:
            kept.append(run)
            continue
        cuts = lines[crossing[:, index]]
        out = [_is_struck(word, cuts) for word in run.words]
        gone = [word for word, is_out in zip(run.words, out, strict=True) if is_out]
        left = [word for word, is_out in zip(run.words, out, strict=True) if not is_out]
        if gone:
            struck.append(run.with_words(gone))
        if left:
            kept.append(run.with_words(left, broken=run.broken and not out[-1]) if gone else run)
    return kept, struck


def _is_struck(word: Word, cuts: NDArray[np.float64]) -> bool:
    x0, top, x1, bottom = word.box
    height, width = bottom - top, max(x1 - x0, 0.1)
    level = (cuts[:, 0] > top + _HIGHEST * height) & (cuts[:, 0] < top + _LOWEST * height)
    # Deletions are drawn run by run of print: one word may be covered by several rules.
    covered: float = sum(
        max(0.0, min(right, x1) - max(left, x0)) for _, left, right, *_ in cuts[level].tolist()
    )
    return covered >= _COVERED * width
