"""Features of sentence vectors whose means tell two sets of passages apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_FEATURES = 128
_BANDWIDTH = 1.0  # of unit vectors, two of which lie 1.2 to 1.4 apart as a rule
_SEED = 20_130_401  # fixed: the same text has the same features in every run
_BLOCK = 512


def random_features(vectors: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return random Fourier features of unit vectors, shape (n, 128).

    The squared distance of the mean features of two sets estimates their maximum mean
    discrepancy under a Gaussian kernel: 0 only where they are spread alike.

    References
    ----------
    Rahimi and Recht (2007), Random features for large-scale kernel machines. Gretton et al.
    (2012), A kernel two-sample test.
    """
    from threadpoolctl import threadpool_limits

    rng = np.random.default_rng(_SEED)
    directions = rng.normal(0.0, 1.0 / _BANDWIDTH, (vectors.shape[1], N_FEATURES))
    phases = rng.uniform(0.0, 2 * np.pi, N_FEATURES)
    features = np.zeros((len(vectors), N_FEATURES))
    with threadpool_limits(limits=1):
        for at in range(0, len(vectors), _BLOCK):
            some = vectors[at : at + _BLOCK]
            block = np.zeros((_BLOCK, vectors.shape[1]))
            block[: len(some)] = some
            angles = (block @ directions + phases)[: len(some)]
            features[at : at + _BLOCK] = np.sqrt(2 / N_FEATURES) * np.cos(angles)
    return features.round(9)
