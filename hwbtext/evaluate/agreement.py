"""How far the coders of a gold sample agree, people and models alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hwbtext.errors import InputError
from hwbtext.evaluate.agreement_coders import with_coder
from hwbtext.evaluate.agreement_figures import Figure, Resampling
from hwbtext.evaluate.agreement_ratings import MISSING, Ratings, read_ratings
from hwbtext.evaluate.agreement_report import AgreementReport, AgreementRow
from hwbtext.evaluate.agreement_spans import alpha_u
from hwbtext.evaluate.agreement_statistics import (
    bias_index,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    measure,
    percent_agreement,
    prevalence_index,
)
from hwbtext.evaluate.agreement_tables import (
    TASKS,
    CodeTable,
    Task,
    categories,
    category_spans,
    cluster_name,
    cluster_of,
    code_tables,
)
from hwbtext.evaluate.agreement_warnings import warn_about

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from hwbtext.codebook import Codebook
    from hwbtext.gold import GoldSample, GoldUnit

__all__ = [
    "AgreementReport",
    "AgreementRow",
    "Figure",
    "Resampling",
    "agreement",
    "alpha_u",
    "bias_index",
    "cohen_kappa",
    "fleiss_kappa",
    "gwet_ac1",
    "krippendorff_alpha",
    "percent_agreement",
    "prevalence_index",
    "with_coder",
]

BY = ("place", "site", "year", "stratum", "item", "pool")


def agreement(
    gold: GoldSample,
    task: Task = "outcome",
    *,
    by: Sequence[str] = ("place",),
    n_resamples: int = 1000,
    seed: int = 0,
    codebook: Codebook | None = None,
) -> AgreementReport:
    """Measure the agreement of all coders of a gold sample.

    Any number of coders, people or models, each of whom may have left passages out; the
    adjudicated coding takes no part. :func:`with_coder` lets a model sit in. Restated passages
    and others are never pooled.

    Parameters
    ----------
    gold : GoldSample
    task : {"outcome", "subtype", "mentions"}
        For mentions: whether a category is present in the passage, its polarity where two
        coders marked one, and where the spans begin and end.
    by : sequence of str
        Fields to give the figures by as well: "place", "site", "year", "stratum", "item",
        "pool".
    n_resamples : int
        Resamples of whole documents for the 95% intervals; 0 for none.
    seed : int
    codebook : Codebook, optional
        Whose codes the coders could use. Default: the one that comes with hwbtext.

    Returns
    -------
    AgreementReport
        Percent agreement, Cohen's kappa (mean of pairs), Fleiss' kappa, Krippendorff's alpha
        and Gwet's AC1 for all codes; for each code against the rest also prevalence and bias
        index; for each pair of coders where there are more than two; alpha for unitizing for
        spans. What is undefined is None with its reason.

    Raises
    ------
    InputError
        Unknown task or field, or a sample that fewer than two coders coded.

    Examples
    --------
    >>> from hwbtext.gold import Coding, GoldSample, GoldUnit
    >>> def unit(number, first, second):
    ...     a, b = (Coding(code, None, None, None) for code in (first, second))
    ...     where = ("Ambridge", "Board", 2020, None, "random")
    ...     return GoldUnit(str(number), "Text.", *where, (("a", a), ("b", b)), None)
    >>> codes = [("process", "process"), ("none", "none"), ("none", "process")]
    >>> sample = GoldSample("example", tuple(unit(n, *pair) for n, pair in enumerate(codes)))
    >>> report = agreement(sample, "outcome")
    >>> round(report.find("cohen_kappa").value, 2)
    0.4
    """
    _check(gold, task, by)
    units = gold.units
    resampling = Resampling(n_resamples, seed, cluster_name(units))
    texts = np.array(["restated" if unit.restated else "not restated" for unit in units])
    rows: list[AgreementRow] = []
    for text in sorted(set(texts)):
        chosen = np.flatnonzero(texts == text)
        part = replace(gold, units=tuple(units[position] for position in chosen))
        for codes in code_tables(part, task, codebook):
            rows += _code_rows(part.units, codes, str(text), by, resampling)
        if task == "mentions":
            rows += _span_rows(part, str(text), by, resampling)
    report = AgreementReport(
        name=gold.name,
        task=task,
        annotators=gold.annotators,
        coders=tuple(sorted({name for unit in units for name, _ in unit.coders})),
        clusters=resampling.clusters,
        n_resamples=n_resamples,
        seed=seed,
        rows=tuple(rows),
        warnings=(),
    )
    return replace(report, warnings=warn_about(report, units))


def _code_rows(
    units: Sequence[GoldUnit],
    codes: CodeTable,
    text: str,
    by: Sequence[str],
    resampling: Resampling,
) -> Iterator[AgreementRow]:
    positions = [int(position) for position in codes.table.index]
    clusters = [cluster_of(units[position]) for position in positions]
    ratings = read_ratings(codes.table, labels=codes.labels, clusters=clusters)
    # Presence is one code with its prevalence; the figures of "absent" would say it twice.
    single = codes.measure == "presence"

    def rows(
        part: Ratings,
        *,
        by: str = "all",
        group: str = "",
        coders: str = "all",
        code: str | None = None,
        binary: bool = single,
    ) -> Iterator[AgreementRow]:
        for figure in measure(part, resampling, binary=binary):
            yield AgreementRow(codes.measure, codes.category, text, by, group, code, coders, figure)

    yield from rows(ratings)
    used = np.unique(ratings.codes[ratings.codes != MISSING])
    if not single:
        for number in used:
            label = codes.labels[number]
            yield from rows(ratings.against_rest(label), code=label, binary=True)
    for field in by:
        for group, chosen in _groups(units, positions, field):
            yield from rows(ratings.take(chosen), by=field, group=group)
    if len(ratings.coders) > 2:
        everyone = np.arange(len(positions))
        for first, second in ratings.pairs:
            pair = f"{ratings.coders[first]} · {ratings.coders[second]}"
            yield from rows(ratings.take(everyone, (first, second)), coders=pair)


def _span_rows(
    gold: GoldSample, text: str, by: Sequence[str], resampling: Resampling
) -> Iterator[AgreementRow]:
    for category in categories(gold):
        positions, spans = category_spans(gold, category)
        everyone = np.arange(len(positions), dtype=np.int64)
        split: list[tuple[str, str, NDArray[np.int64]]] = [("all", "", everyone)]
        for name in by:
            split += [(name, *found) for found in _groups(gold.units, positions, name)]
        for field, group, chosen in split:
            units = [gold.units[positions[number]] for number in chosen]
            figure = alpha_u(
                [spans[number] for number in chosen],
                [len(unit.text) for unit in units],
                clusters=[cluster_of(unit) for unit in units],
                resampling=resampling,
            )
            yield AgreementRow("spans", category, text, field, group, None, "all", figure)


def _groups(
    units: Sequence[GoldUnit], positions: Sequence[int], field: str
) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """Return each value of a field and the rows that have it, in the order of the values."""
    values = [getattr(units[position], field) for position in positions]
    names = np.array(["not stated" if value is None else str(value) for value in values])
    for name in sorted(set(names)):
        yield str(name), np.flatnonzero(names == name).astype(np.int64)


def _check(gold: GoldSample, task: str, by: Sequence[str]) -> None:
    if task not in TASKS:
        msg = f"Unknown task {task!r}. Agreement can be measured for: {', '.join(TASKS)}."
        raise InputError(msg)
    strange = [field for field in ([by] if isinstance(by, str) else by) if field not in BY]
    if isinstance(by, str) or strange:
        msg = f"by must be a list of fields among {', '.join(BY)}. Got {by!r}."
        raise InputError(msg)
    coders = {name for unit in gold.units for name, _ in unit.coders}
    if len(coders) < 2:
        msg = (
            f"Agreement needs two coders or more. {gold.name!r} has {len(coders)}"
            f"{': ' + ', '.join(sorted(coders)) if coders else ''}. Have a second coder code some "
            "of the passages, and import both."
        )
        raise InputError(msg)
    if task == "mentions" and not categories(gold):
        msg = f"No coder of {gold.name!r} marked a mention. Measure the outcome or the subtype."
        raise InputError(msg)
