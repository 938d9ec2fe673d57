"""The arithmetic of a probability sample: how many from each cell, and which.

Probabilities are fractions, not floats: a sum that is off by a rounding error would draw a
passage twice or one too few.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Allocation = Literal["proportional", "equal"]
ALLOCATIONS: tuple[Allocation, ...] = ("proportional", "equal")

_HALVINGS = 200  # far below the spacing of floats


def allocate(
    sizes: Mapping[str, int], n: int, *, allocation: Allocation, minimum: int
) -> dict[str, int]:
    """Share ``n`` units among cells; the largest remainders get what rounding leaves.

    Parameters
    ----------
    sizes : mapping of str to int
        Passages in each cell; together at least ``n``.
    n : int
        At least the sum of ``min(size, minimum)``.
    allocation : {"proportional", "equal"}
        By the size of the cell, or the same for each as far as its passages go.
    minimum : int
        Least for a cell that has as many.

    Examples
    --------
    >>> allocate({"a": 90, "b": 9, "c": 1}, 10, allocation="proportional", minimum=2)
    {'a': 7, 'b': 2, 'c': 1}
    >>> allocate({"a": 90, "b": 9, "c": 1}, 9, allocation="equal", minimum=0)
    {'a': 4, 'b': 4, 'c': 1}
    """
    names = sorted(sizes)
    least = {name: min(sizes[name], minimum) for name in names}
    pull = {name: sizes[name] if allocation == "proportional" else 1 for name in names}

    def quotas(level: float) -> dict[str, float]:
        return {name: min(sizes[name], max(least[name], level * pull[name])) for name in names}

    low, high = 0.0, float(max(sizes.values()))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if sum(quotas(middle).values()) < n:
            low = middle
        else:
            high = middle
    wanted = quotas(high)
    drawn = {name: int(wanted[name] + 1e-9) for name in names}
    by_remainder = sorted(
        (name for name in names if drawn[name] < sizes[name]),
        key=lambda name: (drawn[name] - wanted[name], name),
    )
    for name in by_remainder[: n - sum(drawn.values())]:
        drawn[name] += 1
    return drawn


def thin(sizes: Mapping[str, int], n: int, most: int) -> tuple[dict[str, Fraction], int]:
    """Return the probability of a passage of each document, and the cap that was kept.

    All passages have the same probability but those of documents so long that more than
    ``most`` passages would be expected of them: these share ``most`` among themselves. Where
    the documents cannot give ``n`` so, the cap is the least that does.

    Examples
    --------
    >>> thin({"minutes": 20, "pack": 180}, 20, most=10)
    ({'minutes': Fraction(1, 2), 'pack': Fraction(1, 18)}, 10)
    >>> thin({"minutes": 20, "pack": 180}, 50, most=10)
    ({'minutes': Fraction(1, 1), 'pack': Fraction(1, 6)}, 30)
    """
    cap = most
    while sum(min(size, cap) for size in sizes.values()) < n:
        cap += 1
    chances: dict[str, Fraction] = {}
    open_ended = dict(sorted(sizes.items()))
    left = n
    while open_ended:
        rate = Fraction(left, sum(open_ended.values()))
        over = [name for name, size in open_ended.items() if rate * size > min(size, cap)]
        if not over:
            chances |= dict.fromkeys(open_ended, rate)
            break
        for name in over:
            size = open_ended.pop(name)
            chances[name] = Fraction(min(size, cap), size)
            left -= min(size, cap)
    return {name: chances[name] for name in sizes}, cap


def draw_systematic(chances: Sequence[Fraction], start: float) -> list[int]:
    """Draw units in order with the given probabilities, from one random start.

    The units are laid end to end, each as long as its probability; those are drawn on which
    ``start``, ``start + 1``, ``start + 2``, … fall. A run of units from which ``c`` are
    expected gives ``c`` rounded down or up, never more.

    Parameters
    ----------
    chances : sequence of Fraction
        Each in [0, 1].
    start : float
        Uniform on [0, 1).

    References
    ----------
    Madow (1949), On the theory of systematic sampling, II.

    Examples
    --------
    >>> draw_systematic([Fraction(1, 3)] * 9, 0.5)
    [1, 4, 7]
    """
    drawn: list[int] = []
    reached = Fraction(0)
    following = Fraction(start)
    for index, chance in enumerate(chances):
        reached += chance
        if following < reached:
            drawn.append(index)
            following += 1
    return drawn
