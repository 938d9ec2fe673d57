"""Outcomes: totals, what spoke for them, charts by site, and every cell with its evidence."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hwbtext.outcomes.reading import TANGIBLE_STRICT
from hwbtext.records import OUTCOMES
from hwbtext.report.cells import PanelRow, panel_rows, percent
from hwbtext.report.evidence import Count, Shelf, excerpt
from hwbtext.report.plots import OUTCOME_SERIES, POLARITY_SERIES, Series
from hwbtext.report.reasons import ReasonRow, reason_rows
from hwbtext.report.tables import Row, RunTables, grouped, query_of
from hwbtext.report.totals import (
    Charts,
    ValueRow,
    annotators_of,
    document_counts,
    draw_sites,
    passage_counts,
    place_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

OUTCOME_SITES = 12
"""Sites with a chart of outcomes, at most; the table has all of them."""

_NAMED = 'scheme == "outcome"'
_STRICT, _BROAD = "tangible_strict", "tangible_broad"
_STRICT_FILTER = f"subtype in {json.dumps(TANGIBLE_STRICT)}"
_HEADS = {
    "process": "Process",
    "tangible": "Tangible (broad)",
    _STRICT: "Tangible, strict",
    "none": "None of these",
}


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Process, tangible, none; or the outcomes of another codebook.

    ``strict`` is None where no sub-types tell it from the broad count. ``by_rules`` is whether
    only the lexicon has labelled. ``heads`` name the cells of ``rows``.
    """

    annotators: tuple[str, ...]
    by_rules: bool
    n_judged: Count
    n_undecided: Count
    values: tuple[ValueRow, ...]
    strict: Count | None
    broad: Count
    reasons: tuple[ReasonRow, ...]
    charts: Charts
    heads: tuple[str, ...]
    rows: tuple[PanelRow, ...]


def build_outcomes(tables: RunTables, shelf: Shelf) -> Outcomes:
    """Lay out the outcome labels, in total and by site and year."""
    labels = [row for row in tables.labels if row["scheme"] == "outcome"]
    judged = [row for row in labels if row["value"] is not None]
    strict = [row for row in judged if row["subtype"] in TANGIBLE_STRICT]
    measures = {
        row["measure"].removeprefix("outcome:")
        for row in tables.panel
        if row["measure"].startswith("outcome:")
    }
    codes = _codes(measures)
    with_strict = codes == OUTCOMES and _STRICT in measures
    columns = ("process", "tangible", _STRICT, "none") if with_strict else codes

    def count(title: str, rows: Sequence[Row], where: str) -> Count:
        return shelf.count(title, rows, "labels", f"{_NAMED} and {where}")

    cells = {
        (site, year, value): count(
            f"Outcome {value}, {place_name(tables, (site, year))}",
            rows,
            query_of(site_id=site, year=year, value=value),
        )
        for (site, year, value), rows in grouped(judged, "site_id", "year", "value").items()
    }
    if with_strict:
        cells |= {
            (site, year, _STRICT): count(
                f"Tangible, strict, {place_name(tables, (site, year))}",
                rows,
                f"{query_of(site_id=site, year=year)} and {_STRICT_FILTER}",
            )
            for (site, year), rows in grouped(strict, "site_id", "year").items()
        }
    undecided = [
        row
        for row in labels
        if row["value"] is None and not tables.passage_of[row["passage_id"]]["fragment"]
    ]
    annotators = annotators_of(labels)
    return Outcomes(
        annotators=annotators,
        by_rules=all(name.startswith("outcome-lexicon@") for name in annotators),
        n_judged=count("Judged passages", judged, "value.notna()"),
        n_undecided=count(
            "Passages left undecided (the filter finds fragments, too)",
            undecided,
            "value.isna()",
        ),
        values=tuple(_value_row(tables, judged, value, count) for value in codes),
        strict=count("Tangible, strict", strict, _STRICT_FILTER) if with_strict else None,
        broad=count(
            "Outcome tangible",
            [row for row in judged if row["value"] == "tangible"],
            query_of(value="tangible"),
        ),
        reasons=reason_rows(judged, codes),
        charts=draw_sites(
            tables, "outcome:", _series(codes, judged), OUTCOME_SITES, "o", fixed_top=True
        ),
        heads=tuple(_HEADS.get(column, column) for column in columns),
        rows=panel_rows(
            tables,
            "outcome:",
            columns,
            cells,
            passage_counts(tables, shelf),
            document_counts(tables, shelf),
        ),
    )


def _codes(measures: set[str]) -> tuple[str, ...]:
    """Return the outcomes of a run in the order of the page."""
    codes = measures - {_STRICT, _BROAD}
    return OUTCOMES if codes <= set(OUTCOMES) else tuple(sorted(codes))


def _series(codes: tuple[str, ...], judged: Sequence[Row]) -> tuple[Series, ...]:
    """Return how outcomes are drawn; of another codebook the commonest ones are."""
    if codes == OUTCOMES:
        return OUTCOME_SERIES
    n = Counter(row["value"] for row in judged)
    drawn = sorted(codes, key=lambda code: (-n[code], code))[: len(POLARITY_SERIES)]
    return tuple(
        replace(style, name=code, label=code)
        for style, code in zip(POLARITY_SERIES, drawn, strict=False)
    )


def _value_row(
    tables: RunTables,
    judged: list[Row],
    value: str,
    count: Callable[[str, Sequence[Row], str], Count],
) -> ValueRow:
    rows = [row for row in judged if row["value"] == value]
    parts = grouped(rows, "subtype")
    # Undecided passages stay in the denominator, as they do in the panel.
    n_passages = len(tables.body())
    total = count(f"Outcome {value}", rows, query_of(value=value))
    return ValueRow(
        value,
        total,
        percent(total.n / n_passages) if n_passages else "no passages",
        tuple(
            (
                subtype or "no sub-type",
                count(
                    f"Outcome {subtype or value}",
                    parts[(subtype,)],
                    query_of(value=value, subtype=subtype),
                ),
            )
            for (subtype,) in sorted(parts, key=lambda key: key[0] or "")
        ),
        excerpt(tables, rows),
    )
