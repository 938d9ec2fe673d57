"""The body of ``hwbtext agreement``: the report as tables for a terminal, or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwbtext.evaluate.agreement_warnings import signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.console import RenderableType
    from rich.table import Table

    from hwbtext.codebook import Codebook
    from hwbtext.evaluate.agreement_figures import Figure
    from hwbtext.evaluate.agreement_report import AgreementReport, AgreementRow
    from hwbtext.evaluate.agreement_tables import Task
    from hwbtext.gold import Annotators

_COLUMNS = {
    "percent_agreement": "agree",
    "cohen_kappa": "kappa",
    "fleiss_kappa": "Fleiss",
    "krippendorff_alpha": "alpha",
    "gwet_ac1": "AC1",
    "prevalence_index": "prev.",
    "bias_index": "bias",
    "alpha_u": "alpha-U",
}
_WITH_INTERVAL = ("percent_agreement", "cohen_kappa", "krippendorff_alpha", "gwet_ac1", "alpha_u")
_TITLES = {
    "outcome": "process, tangible or none",
    "subtype": "sub-type",
    "presence": "is the category in the passage?",
    "polarity": "polarity, where both marked a mention",
    "spans": "where the mention stands (alpha for unitizing; n texts)",
}
_MOST_LINES = 40
_MOST_REASONS = 5


def agreement_of_file(
    path: Path,
    task: Task = "outcome",
    *,
    by: Sequence[str] = ("place",),
    n_resamples: int = 1000,
    seed: int = 0,
    annotators: Annotators | None = None,
    codebook: Codebook | None = None,
) -> AgreementReport:
    """Load a gold file and measure the agreement of its coders.

    ``annotators`` says who coded, where the file has no sidecar that does.

    Raises
    ------
    GoldError
        The file is no gold sample; the message lists every problem.
    InputError
        Unknown task or field, or fewer than two coders.
    """
    from hwbtext.evaluate.agreement import agreement
    from hwbtext.gold import load_gold

    gold = load_gold(path, annotators=annotators, codebook=codebook)
    return agreement(gold, task, by=by, n_resamples=n_resamples, seed=seed, codebook=codebook)


def render_agreement(report: AgreementReport) -> Iterator[RenderableType]:
    """Return what to print, in order; a rich console prints each.

    Examples
    --------
    >>> from hwbtext.evaluate.agreement_report import AgreementReport
    >>> report = AgreementReport("gold", "outcome", "people", ("a", "b"), "place", 0, 0, (), ())
    >>> [str(part) for part in render_agreement(report)]
    ['Agreement of coders: gold, outcome', 'Coders (people): a, b']
    """
    from rich.text import Text

    yield Text(f"Agreement of coders: {report.name}, {report.task}", style="bold")
    yield Text(f"Coders ({report.annotators}): {', '.join(report.coders)}")
    if report.n_resamples:
        yield Text(
            f"95% intervals resample by {report.clusters} ({report.n_resamples:,} resamples, "
            f"seed {report.seed})."
        )
    for text in dict.fromkeys(row.text for row in report.rows):
        yield Text()
        if text == "restated":
            yield Text("Passages restated in other words:")
        rows = [row for row in report.rows if row.text == text]
        yield from _tables(rows)
        yield from _reasons([row for row in rows if row.by == "all"])
    for warning in report.warnings:
        yield Text(f"! {warning}", style="yellow")


def _tables(rows: Sequence[AgreementRow]) -> Iterator[Table]:
    every = [row for row in rows if row.by == "all"]
    together = [row for row in every if row.coders == "all"]
    for measure in dict.fromkeys(row.measure for row in together):
        whole = [row for row in together if row.measure == measure and row.code is None]
        yield _table(f"All coders: {_TITLES[measure]}", whole, intervals=True)
    codes = [row for row in together if row.code is not None]
    if codes:
        yield _table("Each code against the rest", codes)
    pairs = [row for row in every if row.coders != "all"]
    if pairs:
        yield _table("Each pair of coders", pairs)
    for field in dict.fromkeys(row.by for row in rows if row.by != "all"):
        split = [row for row in rows if row.by == field]
        first = split[0].measure
        more = "" if all(row.measure == first for row in split) else f", {first} (others: --json)"
        yield _table(f"By {field}{more}", [row for row in split if row.measure == first])


def _table(title: str, rows: Sequence[AgreementRow], *, intervals: bool = False) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    lines: dict[str, dict[str, Figure]] = {}
    for row in rows:
        lines.setdefault(_label(row), {})[row.figure.statistic] = row.figure
    shown = [name for name in _COLUMNS if any(name in line for line in lines.values())]
    table = Table(title=Text(title), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    table.add_column("n", justify="right", no_wrap=True)
    for name in shown:
        table.add_column(_COLUMNS[name], justify="right", no_wrap=True)
    for label, figures in list(lines.items())[:_MOST_LINES]:
        n = next(iter(figures.values())).n_pairable
        cells = [_cell(figures.get(name), interval=intervals) for name in shown]
        table.add_row(Text(label), f"{n:,}", *(Text(cell) for cell in cells))
    if len(lines) > _MOST_LINES:
        table.add_row(Text(f"and {len(lines) - _MOST_LINES} more: --json"), "")
    return table


def _label(row: AgreementRow) -> str:
    coders = None if row.coders == "all" else row.coders
    measure = None if row.measure in ("presence", "spans") else row.measure
    parts = (row.group or None, coders, row.category, row.code or measure)
    return " · ".join(part for part in parts if part)


def _cell(figure: Figure | None, *, interval: bool) -> str:
    if figure is None:
        return ""
    if figure.value is None:
        return "–"
    share = figure.statistic == "percent_agreement"
    value = f"{figure.value:.0%}" if share else signed(figure.value)
    bounds = interval and figure.statistic in _WITH_INTERVAL
    if not bounds or figure.low is None or figure.high is None:
        return value
    low, high = (f"{end:.0%}" if share else signed(end) for end in (figure.low, figure.high))
    return f"{value}\n{low} to {high}"


def _reasons(rows: Sequence[AgreementRow]) -> Iterator[RenderableType]:
    """Say why a dash is a dash, once a reason."""
    from rich.text import Text

    found: dict[str, list[str]] = {}
    for row in rows:
        if row.figure.reason:
            labels = found.setdefault(row.figure.reason, [])
            if _label(row) not in labels:
                labels.append(_label(row))
    for reason, labels in found.items():
        more = len(labels) - _MOST_REASONS
        names = ", ".join(labels[:_MOST_REASONS]) + (f" and {more} more" if more > 0 else "")
        yield Text(f"– {reason}: {names}", style="dim")
