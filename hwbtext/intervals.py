"""The interval of a share that every table of hwbtext gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Z95 = 1.959963984540054
"""Two-sided 95% point of the normal distribution."""


@overload
def wilson(share: float, n: float) -> tuple[float, float]: ...
@overload
def wilson(
    share: NDArray[np.float64], n: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...
def wilson(share: Any, n: Any) -> Any:
    """Return the ends of Wilson's 95% interval of a share.

    Parameters
    ----------
    share : float or ndarray of float64
        0 to 1.
    n : float or ndarray of float64
        Independent units, above 0; any number, so that it may be an effective one.

    Returns
    -------
    tuple of float or of ndarray
        Within 0 and 1.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference.

    Examples
    --------
    >>> low, high = wilson(0.5, 100.0)
    >>> round(low, 3), round(high, 3)
    (0.404, 0.596)
    """
    centre = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n * n))
    low, high = np.maximum(0.0, centre - half), np.minimum(1.0, centre + half)
    return (float(low), float(high)) if np.ndim(share) == 0 else (low, high)
