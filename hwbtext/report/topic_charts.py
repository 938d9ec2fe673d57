"""Charts of topics as static SVG: shares with their bands, and sites laid against each other.

What is not solid is drawn otherwise, not fainter: a thin year is a hollow dot on a dashed line
without a band, a pair that could not be tested a box without a shade. Nothing is told by
colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import altair as alt

from hwbtext.report.cells import percent
from hwbtext.svg import finished, to_svg

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from markupsafe import Markup

INK = "#0b4f79"
MARK = "*"
"""Stands after a distance that chance hardly explains."""
_WIDTH, _HEIGHT = 156, 84


@dataclass(frozen=True, slots=True)
class PairBox:
    """One cell of the map of sites; ``why_not`` says why there is no test: "years" or "few"."""

    row: str
    column: str
    distance: float
    marked: bool
    why_not: str | None


def share_panels(
    panels: Mapping[str, Sequence[Mapping[str, Any]]],
    years: Sequence[int],
    y_max: float,
    key: str,
) -> dict[str, Markup]:
    """Draw one panel for each list of shares of one topic and site.

    Parameters
    ----------
    panels : mapping of str to sequence of mapping
        Rows of the table ``topic_shares`` in the order of years, by the label of the picture.
    years : sequence of int
        Of the axis, the same for all panels.
    y_max : float
        Top of the axis, likewise.
    key : str
        Prefix of the ids inside the pictures; unique on the page.
    """
    spec = _panel_spec(tuple(years), y_max)
    return {
        label: to_svg({**spec, "datasets": _panel_data(rows)}, f"{key}{at}", label)
        for at, (label, rows) in enumerate(panels.items())
    }


def drawn_share(row: Mapping[str, Any]) -> float:
    """Return the share that is drawn: the pooled one where the cell is thin."""
    return float(row["pooled"] if row["thin"] else row["share"])


def _panel_data(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    steps = [
        {
            "year": a["year"],
            "share": drawn_share(a),
            "next_year": b["year"],
            "next_share": drawn_share(b),
            "thin": bool(a["thin"] or b["thin"]),
        }
        for a, b in pairwise(rows)
        if b["year"] == a["year"] + 1  # no line bridges a year without papers
    ]
    solid = [row for row in rows if not row["thin"] and row["low"] is not None]
    band, run = [], 0
    for at, row in enumerate(solid):
        run += at > 0 and row["year"] != solid[at - 1]["year"] + 1
        band.append({"year": row["year"], "low": row["low"], "high": row["high"], "run": run})
    dots = [{"year": r["year"], "share": drawn_share(r), "thin": bool(r["thin"])} for r in rows]
    return {"steps": steps, "band": band, "dots": dots}


@lru_cache(maxsize=32)
def _panel_spec(years: tuple[int, ...], y_max: float) -> dict[str, Any]:
    """Return the specification of panels; altair checks it, which takes longer than drawing."""
    ends = [years[0], years[-1]] if len(years) > 1 else list(years)
    middle = [years[len(years) // 2]] if len(years) > 6 else []
    x_scale = alt.Scale(domain=[years[0] - 0.6, years[-1] + 0.6], nice=False, zero=False)
    axis = alt.Axis(values=[*ends[:1], *middle, *ends[1:]], format="d", labelOverlap=False)
    x = alt.X("year:Q", title=None, scale=x_scale, axis=axis)
    scale = alt.Scale(domain=[0, y_max], nice=False, clamp=True)
    y_axis = alt.Axis(format=".0%" if y_max >= 0.06 else ".1%", values=[0, y_max / 2, y_max])
    band = alt.Chart(alt.NamedData("band")).encode(
        x=x, y=alt.Y("low:Q", title=None, scale=scale, axis=y_axis), y2="high:Q"
    )
    steps = alt.Chart(alt.NamedData("steps")).encode(
        x=x,
        x2="next_year:Q",
        y=alt.Y("share:Q", title=None, scale=scale, axis=y_axis),
        y2="next_share:Q",
        strokeDash=alt.condition(alt.datum.thin, alt.value([2, 3]), alt.value([1, 0])),
    )
    dots = alt.Chart(alt.NamedData("dots")).encode(
        x=x,
        y=alt.Y("share:Q", title=None, scale=scale, axis=y_axis),
        fill=alt.condition(alt.datum.thin, alt.value("white"), alt.value(INK)),
    )
    chart = alt.layer(
        band.mark_area(fill=INK, opacity=0.22).encode(detail="run:N"),
        band.mark_rule(stroke=INK, opacity=0.4, strokeWidth=1),
        steps.mark_rule(stroke=INK, strokeWidth=1.4),
        dots.mark_point(stroke=INK, strokeWidth=1.1, size=16, opacity=1, shape="circle"),
    ).properties(width=_WIDTH, height=_HEIGHT)
    return finished(chart)


def site_map(boxes: Iterable[PairBox], names: Sequence[str], key: str, label: str) -> Markup:
    """Draw the distances between sites as a grid with the numbers in it."""
    boxes = list(boxes)
    tested = [
        {
            "row": box.row,
            "column": box.column,
            "distance": box.distance,
            "text": f"{box.distance:.2f}{MARK if box.marked else ''}",
            "marked": box.marked,
        }
        for box in boxes
        if box.why_not is None
    ]
    untested = [
        {"row": box.row, "column": box.column, "text": "few" if box.why_not == "few" else "///"}
        for box in boxes
        if box.why_not is not None
    ]
    top = max((box.distance for box in boxes if box.why_not is None), default=1.0) or 1.0
    scale = alt.Scale(domain=list(names), padding=0.06)
    x = alt.X(
        "column:N",
        title=None,
        scale=scale,
        axis=alt.Axis(
            orient="top", labelAngle=-40, labelLimit=170, labelAlign="left", labelOverlap=False
        ),
    )
    y = alt.Y("row:N", title=None, scale=scale, axis=alt.Axis(labelLimit=200, labelOverlap=False))
    # From light to dark in one hue: grey print keeps the order.
    shade = alt.Color(
        "distance:Q",
        scale=alt.Scale(domain=[0, top], range=["#f2f7fb", "#08306b"]),
        legend=alt.Legend(title="Distance", format=".2f", tickCount=4, gradientLength=110),
    )
    ink = alt.condition(alt.datum.distance > 0.5 * top, alt.value("white"), alt.value("black"))
    drawn = alt.Chart(alt.NamedData("tested")).encode(x=x, y=y)
    blank = alt.Chart(alt.NamedData("untested")).encode(x=x, y=y)
    chart = alt.layer(
        blank.mark_rect(fill="white", stroke="#9a9a9a", strokeDash=[2, 2]),
        blank.mark_text(fontSize=10, fontStyle="italic", color="#5c5c5c").encode(text="text:N"),
        drawn.mark_rect(stroke="white", strokeWidth=2).encode(color=shade),
        drawn.transform_filter(alt.datum.marked).mark_rect(
            filled=False, stroke="black", strokeWidth=1.6
        ),
        drawn.mark_text(fontSize=11).encode(text="text:N", color=ink),
    ).properties(width=alt.Step(48), height=alt.Step(30))
    datasets = {"tested": tested, "untested": untested}
    return to_svg({**finished(chart), "datasets": datasets}, key, label)


def panel_label(site: str, topic: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Say in words what a panel shows."""
    solid = [f"{percent(row['share'])} in {row['year']}" for row in rows if not row["thin"]]
    ends = solid if len(solid) < 3 else (solid[0], solid[-1])
    n_thin = sum(bool(row["thin"]) for row in rows)
    thin = f" {n_thin} of {len(rows)} years are thin." if n_thin else ""
    return f"{site}, {topic}: {' to '.join(ends) or 'no year that is not thin'}.{thin}"
