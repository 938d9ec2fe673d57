"""Charts as static SVG, drawn by Vega-Lite without a browser.

Colours are those of Okabe and Ito (2008), "Color Universal Design", and never carry a
meaning alone: each series has its own mark and dash, so the charts read in grey. A thin cell
is a grey column without a value in it: it cannot be mistaken for a share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import altair as alt

from hwbtext.report.cells import Point, percent
from hwbtext.svg import Layered, finished, to_svg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Series:
    """How one series looks everywhere on the page."""

    name: str
    label: str
    colour: str
    shape: str
    dash: tuple[int, ...]


OUTCOME_SERIES = (
    Series("process", "Process", "#0072B2", "circle", (1, 0)),
    Series("tangible", "Tangible", "#D55E00", "triangle-up", (5, 2)),
    Series("none", "None of these", "#767676", "square", (1, 3)),
)
POLARITY_SERIES = (
    Series("affirmed", "Affirmed", "#0072B2", "circle", (1, 0)),
    Series("lacking", "Lacking", "#D55E00", "triangle-up", (5, 2)),
    Series("aspirational", "Aspirational", "#009E73", "diamond", (3, 2)),
    Series("neutral", "Neutral", "#767676", "square", (1, 3)),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its heading; ``svg`` carries its text alternative as its label."""

    title: str
    svg: Markup


def small_multiples(
    sites: Sequence[tuple[str, Sequence[Point]]],
    series: Sequence[Series],
    years: Sequence[int],
    y_max: float,
    key: str,
) -> tuple[Figure, ...]:
    """Draw each site: shares by year with 95% intervals, thin years greyed out.

    Parameters
    ----------
    sites : sequence of (name, points)
        One chart each.
    years : sequence of int
        Every year of the axis, the same for all sites, so that they can be compared.
    y_max : float
        Top of the axis, likewise.
    key : str
        Prefix of the ids inside the SVG; unique on the page.
    """
    # One specification for all sites: altair checks it against its schema, which takes longer
    # than drawing. Only the data differ.
    spec = finished(_share_chart(series, years, y_max))
    figures = []
    for at, (site, points) in enumerate(sites):
        solid = [point for point in points if not point.thin and point.share is not None]
        shares = [
            {
                "year": point.year,
                "series": point.series,
                "share": point.share,
                "low": point.low,
                "high": point.high,
                "run": run,
            }
            for point, run in zip(solid, _runs(solid), strict=True)
        ]
        thin = [{"year": year} for year in sorted({point.year for point in points if point.thin})]
        label = f"{site}. {_points_text(points, series, years)} The table below has every number."
        datasets = {"shares": shares, "thin": thin}
        svg = to_svg({**spec, "datasets": datasets}, f"{key}{at}", label)
        figures.append(Figure(site, svg))
    return tuple(figures)


def _share_chart(series: Sequence[Series], years: Sequence[int], y_max: float) -> Layered:
    names = [each.name for each in series]
    # Wider gaps between years than between series: what stands together belongs to one year.
    x = alt.X(
        "year:O",
        title=None,
        scale=alt.Scale(domain=list(years), paddingInner=0.3, paddingOuter=0.15),
    )
    offset = alt.XOffset("series:N", scale=alt.Scale(domain=names))
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=names, range=[each.colour for each in series]),
        legend=None,
    )
    y = alt.Y(
        "share:Q",
        title=None,
        scale=alt.Scale(domain=[0, y_max], nice=False),
        axis=alt.Axis(format=".0%" if y_max >= 0.1 else ".1%", tickCount=4),
    )
    dash = alt.Scale(domain=names, range=[list(each.dash) for each in series])
    shape = alt.Scale(domain=names, range=[each.shape for each in series])
    thin = alt.Chart(alt.NamedData("thin"))
    band = thin.mark_rect(fill="#ededed", stroke="#bdbdbd", strokeDash=[2, 3])
    word = thin.mark_text(text="thin", angle=270, fontStyle="italic", fontSize=11, color="#5c5c5c")
    shares = alt.Chart(alt.NamedData("shares")).encode(x=x, xOffset=offset, color=colour)
    lines = shares.mark_line(strokeWidth=1.3, opacity=0.7).encode(
        y=y,
        detail="run:N",
        strokeDash=alt.StrokeDash("series:N", scale=dash, legend=None),
    )
    bars = shares.mark_rule(strokeWidth=1.6).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    dots = shares.mark_point(filled=True, opacity=1, size=38).encode(
        y=y, shape=alt.Shape("series:N", scale=shape, legend=None)
    )
    return alt.layer(
        band.encode(x=x), word.encode(x=x, y=alt.value(70)), lines, bars, dots
    ).properties(width=230, height=140)


def axis_years(years: Sequence[int | None]) -> list[int]:
    """Return the years of an axis: with the gaps, unless a wild year would make it endless.

    Examples
    --------
    >>> axis_years([2019, 2021, None]), axis_years([1066, 2021])
    ([2019, 2020, 2021], [1066, 2021])
    """
    known = sorted({year for year in years if year is not None})
    if not known or known[-1] - known[0] > 25:
        return known
    return list(range(known[0], known[-1] + 1))


def axis_top(points: Sequence[Point]) -> float:
    """Return the top of a shared axis: room for every interval that is drawn.

    Examples
    --------
    >>> axis_top([Point(2020, "lacking", 0.02, 0.01, 0.034, False)])
    0.04
    """
    highest = max(
        (point.high or point.share or 0.0 for point in points if not point.thin), default=0
    )
    steps = (0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8)
    return next((step for step in steps if highest <= step), 1.0)


def _runs(points: Sequence[Point]) -> list[int]:
    """Give each stretch of years without a gap a number, so that no line bridges a thin year."""
    last: dict[str, tuple[int, int]] = {}
    runs = []
    for point in points:
        year, run = last.get(point.series, (point.year - 1, 0))
        run += point.year != year + 1
        last[point.series] = (point.year, run)
        runs.append(run)
    return runs


def _points_text(points: Sequence[Point], series: Sequence[Series], years: Sequence[int]) -> str:
    parts = []
    for each in series:
        drawn = [
            f"{percent(point.share)} in {point.year}"
            for point in points
            if point.series == each.name and not point.thin and point.share is not None
        ]
        if drawn:
            ends = drawn if len(drawn) < 3 else (drawn[0], drawn[-1])
            parts.append(f"{each.label}: {' to '.join(ends)}.")
    n_thin = len({point.year for point in points if point.thin})
    if n_thin:
        parts.append(f"{n_thin} of {len(years)} years too thin to draw.")
    return " ".join(parts)
