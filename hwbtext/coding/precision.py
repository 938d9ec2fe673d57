"""How wide an interval will be before anybody codes, and how many passages a width takes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hwbtext.errors import InputError
from hwbtext.intervals import wilson

DESIGN_EFFECT = 2.0
"""Default design effect: passages of one paper are more alike than passages of many.

Clustered by document, the outcomes and mentions of the model-annotated passages of this
project have design effects between 0.9 and 3.0, half of them below 1.4; clustered by place up
to 8 (inequality), and more where places are few. So 2.0 is on the careful side for samples drawn
over many documents, and too small for a sample of a few.
"""

_MOST = 10_000_000  # passages; more than this is no plan


@dataclass(frozen=True, slots=True)
class ExpectedInterval:
    """The 95% interval to expect; ``n_effective`` is ``n`` divided by the design effect."""

    low: float
    high: float
    n: int
    n_effective: float

    @property
    def width(self) -> float:
        """Return ``high - low``."""
        return self.high - self.low


def expected_interval(
    n: int, share: float, *, design_effect: float = DESIGN_EFFECT
) -> ExpectedInterval:
    """Return the 95% interval that ``n`` coded passages will give for a share.

    Wilson's interval on the effective sample size. It says what coding ``n`` passages is
    worth, for a share near ``share``; it is no interval of anything measured.

    Parameters
    ----------
    n : int
        Passages that will be coded, at least 1.
    share : float
        The share that you expect, in [0, 1]; 0.5 gives the widest.
    design_effect : float
        Variance of your sample over that of as many independent passages, at least 1 in a
        plan. See ``DESIGN_EFFECT``.

    Raises
    ------
    InputError
        An argument outside its range.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference.
    Kish (1965), Survey sampling.

    Examples
    --------
    >>> expected = expected_interval(200, 0.07)
    >>> round(expected.low, 3), round(expected.high, 3), expected.n_effective
    (0.034, 0.137, 100.0)
    """
    _check(n, share, design_effect)
    effective = n / design_effect
    low, high = wilson(share, effective)
    return ExpectedInterval(low, high, n, effective)


def expected_f1_interval(
    n: int, share: float, f1: float, *, design_effect: float = DESIGN_EFFECT
) -> ExpectedInterval:
    """Return the 95% interval of the F1 of one class that ``n`` coded passages will give.

    Of the passages that the class is either said or found for, those that are both are a
    binomial share J, and F1 is 2J / (1 + J): so Wilson's interval of J is turned into one of
    F1. Precision and recall are taken as equal. Macro-F1 over several classes is not covered:
    it depends on how the mistakes are shared among them.

    Parameters
    ----------
    n : int
        Passages of all classes that will be coded, at least 1.
    share : float
        Share of the class among them, in (0, 1].
    f1 : float
        The F1 that you expect, in [0, 1].
    design_effect : float
        As in :func:`expected_interval`.

    Raises
    ------
    InputError
        An argument outside its range.

    Examples
    --------
    Two hundred passages with 14 tangible ones tell next to nothing of a tangible F1:

    >>> expected = expected_f1_interval(200, 0.07, 0.6)
    >>> round(expected.low, 2), round(expected.high, 2)
    (0.31, 0.83)
    """
    _check(n, share, design_effect)
    if share == 0:
        msg = "share must be above 0 for an F1: without one passage of the class it has none."
        raise InputError(msg)
    if not 0 <= f1 <= 1:
        msg = f"f1 must lie in [0, 1]. Got {f1!r}."
        raise InputError(msg)
    # With m passages of the class and P = R = F1 there are F1·m hits, and (1 - F1)·m of each
    # kind of mistake.
    said_or_found = n * share * (2 - f1)
    overlap = f1 / (2 - f1)
    low, high = wilson(overlap, said_or_found / design_effect)
    return ExpectedInterval(2 * low / (1 + low), 2 * high / (1 + high), n, n / design_effect)


def n_for_width(width: float, share: float, *, design_effect: float = DESIGN_EFFECT) -> int:
    """Return the fewest passages whose 95% interval for ``share`` is no wider than ``width``.

    Parameters
    ----------
    width : float
        From the lower to the upper end, in (0, 1): 0.1 is ±5 points.
    share, design_effect : float
        As in :func:`expected_interval`.

    Raises
    ------
    InputError
        An argument outside its range, or more than ten million passages.

    Examples
    --------
    >>> n_for_width(0.1, 0.07)
    213
    >>> expected_interval(213, 0.07).width <= 0.1 < expected_interval(212, 0.07).width
    True
    """
    _check(1, share, design_effect)
    if not 0 < width < 1:
        msg = f"width must lie in (0, 1), from the lower to the upper end. Got {width!r}."
        raise InputError(msg)
    low, high = 0, 1
    while _width(high, share, design_effect) > width:
        low, high = high, high * 2
        if high > _MOST:
            msg = f"A width of {width!r} takes more than {_MOST:,} passages. Ask for a wider one."
            raise InputError(msg)
    # The width falls with n wherever the share lies: halve what is left.
    while high - low > 1:
        middle = (low + high) // 2
        if _width(middle, share, design_effect) > width:
            low = middle
        else:
            high = middle
    return high


def _width(n: int, share: float, design_effect: float) -> float:
    low, high = wilson(share, n / design_effect)
    return high - low


def _check(n: int, share: float, design_effect: float) -> None:
    if n < 1:
        msg = f"n must be at least 1 passage. Got {n!r}."
        raise InputError(msg)
    if not 0 <= share <= 1:
        msg = f"share must lie in [0, 1]: 0.07 for 7%. Got {share!r}."
        raise InputError(msg)
    if not (design_effect >= 1 and math.isfinite(design_effect)):
        msg = (
            "design_effect must be a number of at least 1 (1 for passages drawn one by one). "
            f"Got {design_effect!r}."
        )
        raise InputError(msg)
