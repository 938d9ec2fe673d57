"""What a reader must know before citing an agreement figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.evaluate.agreement_report import AgreementReport, AgreementRow
    from hwbtext.gold import GoldUnit

EXTREME_PREVALENCE = 0.8
PARADOX_GAP = 0.15  # AC1 over kappa
GOOD_KAPPA = 0.8  # at or over it nobody is misled (Krippendorff, 2004, section 11.4.2)
GREAT_BIAS = 0.1
FEW_CLUSTERS = 10
FEW_UNITS = 30
NATURAL_STRATA = ("systematic", "random")


def warn_about(report: AgreementReport, units: Sequence[GoldUnit]) -> tuple[str, ...]:
    """Return the warnings of a report, the most general first."""
    return (
        *_who_coded(report),
        *_how_drawn(units),
        *_how_many(report),
        *(found for row in _with_prevalence(report) for found in _paradox(report, row)),
    )


def _who_coded(report: AgreementReport) -> Iterator[str]:
    if report.annotators == "model-annotated":
        yield (
            "Model-annotated: language models coded, not people. Like models agree more than "
            "people would; read the figures as an upper bound."
        )
    elif report.annotators == "mixed":
        yield "People and models coded: a pair of models can raise the figures of all coders."
    elif report.annotators == "unknown":
        yield "The file does not say who coded: do not cite the figures as agreement of people."


def _how_drawn(units: Sequence[GoldUnit]) -> Iterator[str]:
    drawn = [unit.stratum for unit in units if unit.stratum not in NATURAL_STRATA]
    if drawn:
        yield (
            f"{len(drawn)} of {len(units)} passages were not drawn at random "
            f"({', '.join(sorted(set(drawn)))}): kappa, alpha, AC1 and prevalence depend on the "
            "mix of codes and hold for passages drawn so. Give the figures by stratum."
        )
    if len({unit.restated for unit in units}) > 1:
        yield "Restated passages and the others are measured apart."


def _how_many(report: AgreementReport) -> Iterator[str]:
    overall = [
        row
        for row in report.rows
        if (row.by, row.coders, row.code) == ("all", "all", None)
        and row.figure.statistic in ("percent_agreement", "alpha_u")
    ]
    if not overall:
        return
    fewest = min(row.figure.n_clusters for row in overall)
    if report.n_resamples and fewest < FEW_CLUSTERS:
        yield (
            f"Intervals resample {fewest} clusters ({report.clusters}); with fewer than "
            f"{FEW_CLUSTERS} they come out too narrow."
        )
    for row in overall:
        if row.figure.n_pairable < FEW_UNITS:
            yield (
                f"{_name(row)}: n = {row.figure.n_pairable} with two codes, too few to tell good "
                "agreement from poor."
            )


def _with_prevalence(report: AgreementReport) -> Iterator[AgreementRow]:
    for row in report.rows:
        if row.figure.statistic == "prevalence_index" and (row.by, row.coders) == ("all", "all"):
            yield row


def _paradox(report: AgreementReport, row: AgreementRow) -> Iterator[str]:
    """Explain a low kappa beside a high agreement, and coders who differ in how often."""

    def value(statistic: str) -> float | None:
        figure = report.find(
            statistic,
            measure=row.measure,
            category=row.category,
            text=row.text,
            code=row.code,
        )
        return None if figure is None else figure.value

    prevalence, kappa, ac1 = row.figure.value, value("cohen_kappa"), value("gwet_ac1")
    same = value("percent_agreement")
    if prevalence is None or same is None:
        return
    side = "few" if prevalence < 0 else "most"
    things = "mentions" if row.measure == "polarity" else "passages"
    if abs(prevalence) >= EXTREME_PREVALENCE and kappa is None:
        yield f"{_name(row)}: no kappa, as every code is the same."
    elif kappa is not None and ac1 is not None and kappa < min(GOOD_KAPPA, ac1 - PARADOX_GAP):
        yield (
            f"{_name(row)}: kappa {signed(kappa)} beside {same:.0%} agreement is the kappa "
            f"paradox: {side} of the {things} have the code (prevalence index "
            f"{signed(prevalence)}), so much agreement is expected by chance. Read AC1 "
            f"({signed(ac1)}) beside it."
        )
    lean = value("bias_index")
    if lean is not None and lean >= GREAT_BIAS:
        yield (
            f"{_name(row)}: the coders differ in how often they give the code (bias index "
            f"{lean:.2f}): one reads it more widely. Settle the definition before more coding."
        )


def signed(value: float) -> str:
    """Return two decimals with a minus sign that is one."""
    return f"{value:.2f}".replace("-", "−")


def _name(row: AgreementRow) -> str:
    parts = (row.category, row.measure, row.code)
    return " ".join(part for part in parts if part)
