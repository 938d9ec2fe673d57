"""Agreement of any number of coders on a table of codes, missing codes allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hwbtext.evaluate import agreement_formulas as formulas
from hwbtext.evaluate.agreement_figures import Figure, Resampling, interval
from hwbtext.evaluate.agreement_ratings import MISSING, cluster_sums, read_ratings

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from hwbtext.evaluate.agreement_ratings import Ratings, Sums

    Formula = Callable[[Sums], NDArray[np.float64]]

NOMINAL: dict[str, Formula] = {
    "percent_agreement": formulas.percent,
    "cohen_kappa": formulas.cohen,
    "fleiss_kappa": formulas.fleiss,
    "krippendorff_alpha": formulas.krippendorff,
    "gwet_ac1": formulas.gwet,
}
BINARY: dict[str, Formula] = {
    "prevalence_index": formulas.prevalence,
    "bias_index": formulas.bias,
}
NO_INTERVAL = Resampling(n_resamples=0)


def percent_agreement(table: pd.DataFrame, *, labels: Sequence[Hashable] | None = None) -> Figure:
    """Return the share of units on which two coders agree, the mean over all pairs of coders.

    A pair counts the units that both coded. See :func:`krippendorff_alpha` for the parameters.

    Examples
    --------
    >>> import pandas as pd
    >>> percent_agreement(pd.DataFrame({"a": ["x", "x", "y"], "b": ["x", "y", None]})).value
    0.5
    """
    return _one("percent_agreement", table, labels)


def cohen_kappa(table: pd.DataFrame, *, labels: Sequence[Hashable] | None = None) -> Figure:
    """Return Cohen's kappa; for more than two coders the mean over pairs (Light, 1971).

    A pair counts the units that both coded; pairs without a kappa stay out of the mean. See
    :func:`krippendorff_alpha` for the parameters.

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and
    Psychological Measurement 20, 37-46. Light, R. J. (1971). Measures of response agreement
    for qualitative data. Psychological Bulletin 76, 365-377.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"a": ["x", "x", "y", "y"], "b": ["x", "y", "y", "y"]})
    >>> cohen_kappa(table).value
    0.5
    """
    return _one("cohen_kappa", table, labels)


def fleiss_kappa(table: pd.DataFrame, *, labels: Sequence[Hashable] | None = None) -> Figure:
    """Return Fleiss' kappa, for units of unequal numbers of codes in Gwet's form.

    With every coder on every unit it is Fleiss' own; for two coders, Scott's pi. See
    :func:`krippendorff_alpha` for the parameters.

    References
    ----------
    Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological
    Bulletin 76, 378-382. Gwet, K. L. (2014). Handbook of Inter-Rater Reliability, 4th ed.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"a": ["x", "x", "y"], "b": ["x", "y", "y"], "c": ["x", "x", "y"]})
    >>> round(fleiss_kappa(table).value, 6)
    0.55
    """
    return _one("fleiss_kappa", table, labels)


def gwet_ac1(table: pd.DataFrame, *, labels: Sequence[Hashable] | None = None) -> Figure:
    """Return Gwet's AC1, which stays near the percentage where one code is very frequent.

    Its chance term falls with the number of categories that coders could use: name them in
    ``labels`` where some were never used. See :func:`krippendorff_alpha` for the parameters.

    References
    ----------
    Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of
    high agreement. British Journal of Mathematical and Statistical Psychology 61, 29-48. With
    missing codes: Gwet, K. L. (2014). Handbook of Inter-Rater Reliability, 4th ed.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"a": ["x"] * 9 + ["y"], "b": ["x"] * 10})
    >>> round(gwet_ac1(table).value, 4), cohen_kappa(table).value
    (0.8895, 0.0)
    """
    return _one("gwet_ac1", table, labels)


def krippendorff_alpha(table: pd.DataFrame, *, labels: Sequence[Hashable] | None = None) -> Figure:
    """Return Krippendorff's alpha for nominal codes.

    Parameters
    ----------
    table : DataFrame, shape (n_units, n_coders)
        Codes; None or NaN where a coder did not code a unit.
    labels : sequence, optional
        The categories that coders could use. Default: those in the table.

    Returns
    -------
    Figure
        With the value, or None and the reason; no interval (see :func:`measure`).

    Raises
    ------
    InputError
        The table is no DataFrame, names a coder twice, or holds a code not in ``labels``.

    References
    ----------
    Krippendorff, K. (2004). Content Analysis: An Introduction to Its Methodology, 2nd ed.,
    chapter 11; (2011). Computing Krippendorff's alpha-reliability.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"a": ["x", "x", "y", None], "b": ["x", "y", "y", "y"]})
    >>> round(krippendorff_alpha(table).value, 4)
    0.4444
    >>> krippendorff_alpha(pd.DataFrame({"a": ["x", "x"], "b": ["x", "x"]})).reason
    'only one category is used'
    """
    return _one("krippendorff_alpha", table, labels)


def prevalence_index(table: pd.DataFrame, code: Hashable) -> Figure:
    """Return how far ``code`` outweighs the rest: (both gave it - neither did) / n.

    From -1 (nobody ever) to 1 (everybody always); near either end kappa is low whatever the
    agreement. The mean over pairs of coders.

    References
    ----------
    Byrt, T., Bishop, J. and Carlin, J. B. (1993). Bias, prevalence and kappa. Journal of
    Clinical Epidemiology 46, 423-429.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"a": ["x", "y", "y", "y"], "b": ["x", "y", "y", "x"]})
    >>> prevalence_index(table, "x").value
    -0.25
    """
    return _binary("prevalence_index", table, code)


def bias_index(table: pd.DataFrame, code: Hashable) -> Figure:
    """Return how far two coders differ in how often they give ``code``; mean size over pairs.

    References
    ----------
    As for :func:`prevalence_index`.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"a": ["x", "y", "y", "y"], "b": ["x", "y", "y", "x"]})
    >>> bias_index(table, "x").value
    0.25
    """
    return _binary("bias_index", table, code)


def measure(
    ratings: Ratings, resampling: Resampling = NO_INTERVAL, *, binary: bool = False
) -> tuple[Figure, ...]:
    """Return all figures of a table of codes, with intervals that resample its clusters.

    ``binary`` adds prevalence and bias of the first of two categories.
    """
    wanted = NOMINAL | BINARY if binary else NOMINAL
    sums = cluster_sums(ratings)
    pooled = sums.pooled()
    found = []
    for name, formula in wanted.items():
        value = float(formula(pooled)[0])
        if np.isnan(value):
            found.append(_figure(name, ratings, None, reason=why_undefined(ratings)))
            continue

        def resampled(
            weights: NDArray[np.float64], formula: Formula = formula
        ) -> NDArray[np.float64]:
            return formula(sums.weighted(weights))

        low, high, reason = interval(
            resampled, len(sums.rated), resampling, n_informative=ratings.n_clusters
        )
        found.append(_figure(name, ratings, value, low=low, high=high, reason_interval=reason))
    return tuple(found)


def why_undefined(ratings: Ratings) -> str:
    """Return why a coefficient has no value on these codes."""
    if ratings.n_coders < 2:
        return f"fewer than two coders ({ratings.n_coders})"
    if ratings.n_pairable == 0:
        return "no unit has two codes"
    pairable = ratings.codes[(ratings.codes != MISSING).sum(axis=1) >= 2]
    if len(np.unique(ratings.codes[ratings.codes != MISSING])) == 1:
        return "only one category is used"
    if len(np.unique(pairable[pairable != MISSING])) == 1:
        return "only one category is used where two coders coded"
    return "each pair of coders uses only one category where both coded"


def _one(name: str, table: pd.DataFrame, labels: Sequence[Hashable] | None) -> Figure:
    ratings = read_ratings(table, labels=labels)
    value = float(NOMINAL[name](cluster_sums(ratings).pooled())[0])
    return _finished(name, ratings, value)


def _binary(name: str, table: pd.DataFrame, code: Hashable) -> Figure:
    ratings = read_ratings(table).against_rest(code)
    value = float(BINARY[name](cluster_sums(ratings).pooled())[0])
    return _finished(name, ratings, value)


def _finished(name: str, ratings: Ratings, value: float) -> Figure:
    if np.isnan(value):
        return _figure(name, ratings, None, reason=why_undefined(ratings))
    return _figure(name, ratings, value)


def _figure(
    name: str,
    ratings: Ratings,
    value: float | None,
    *,
    reason: str | None = None,
    low: float | None = None,
    high: float | None = None,
    reason_interval: str | None = None,
) -> Figure:
    return Figure(
        statistic=name,
        value=value,
        n_units=ratings.n_units,
        n_pairable=ratings.n_pairable,
        n_coders=ratings.n_coders,
        n_clusters=ratings.n_clusters,
        reason=reason,
        low=low,
        high=high,
        reason_interval=reason_interval,
    )
