"""The drift calendar: when each site's topics changed, on one axis of time.

Places on the page are worked out here, in pixels from the top: a site takes one lane for its
meetings and year-to-year distances, and one for each change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import altair as alt

from hwbtext.svg import Layered, finished, to_svg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

_WIDTH = 960
_LANE = 17
_BOX = 20
_CHARACTER = 6.2  # pixels that a letter of a label takes, about


@dataclass(frozen=True, slots=True)
class Change:
    """A change to draw; ``name`` is "all topics" or that of one, with its shares."""

    day: date
    low: date
    high: date
    name: str
    is_main: bool
    rises: bool


@dataclass(frozen=True, slots=True)
class YearStep:
    """The distance of a year from the next that the site has.

    ``moved`` names the topic that moved where chance hardly explains the distance.
    """

    first: int
    last: int
    distance: float
    above_chance: float
    is_tested: bool
    moved: str | None


@dataclass(frozen=True, slots=True)
class SiteLine:
    """What the calendar shows of one site; ``remark`` says why there is nothing."""

    name: str
    days: tuple[date, ...]
    steps: tuple[YearStep, ...]
    changes: tuple[Change, ...]
    remark: str


@dataclass(slots=True)
class _Sheet:
    """Marks with their places; ``top`` is the next free pixel."""

    start: float
    end: float
    top: float = 0.0
    marks: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {
            name: [] for name in ("sites", "days", "steps", "moved", "bars", "main", "single")
        }
    )

    def width(self, years: float) -> float:
        return years / (self.end - self.start) * _WIDTH


def draw_calendar(sites: Sequence[SiteLine], key: str, label: str) -> Markup:
    """Draw the calendar of some sites, at least one of them with a day."""
    years = [day.year for site in sites for day in site.days]
    years += [year for site in sites for step in site.steps for year in (step.first, step.last)]
    sheet = _Sheet(min(years), max(years) + 1)
    for site in sites:
        _place(sheet, site)
    top = max((step["above"] for step in sheet.marks["steps"]), default=0.0) or 1.0
    chart = _chart(sheet, top)
    return to_svg({**finished(chart), "datasets": sheet.marks}, key, label)


def in_years(day: date) -> float:
    """Return a day as a number of years.

    Examples
    --------
    >>> in_years(date(2021, 1, 1)), round(in_years(date(2021, 7, 2)), 2)
    (2021.0, 2021.5)
    """
    return day.year + (day - date(day.year, 1, 1)).days / 365.25


def _place(sheet: _Sheet, site: SiteLine) -> None:
    marks = sheet.marks
    y = sheet.top + 19
    remark = f"   {site.remark}" if site.remark else ""
    marks["sites"].append({"x": sheet.start, "y": y - 7, "text": f"{site.name}{remark}"})
    marks["days"] += [{"x": in_years(day), "y": y, "y2": y + 5} for day in site.days]
    y += 8
    # From middle to middle of the years: the distance is between them, not in one of them.
    for step in site.steps:
        marks["steps"].append(
            {
                "x": step.first + 0.54,
                "x2": step.last + 0.46,
                "middle": (step.first + step.last + 1) / 2,
                "y": y,
                "y2": y + _BOX,
                "above": max(step.above_chance, 0.0),
                "tested": step.is_tested,
                "text": f"{step.distance:.2f}{'*' if step.moved else ''}",
            }
        )
    y += _BOX if site.steps else 0
    y = _place_moved(sheet, site, y)
    for change in site.changes:
        _place_change(sheet, change, y + _LANE / 2)
        y += _LANE
    sheet.top = y + 14


def _place_moved(sheet: _Sheet, site: SiteLine, y: float) -> float:
    """Write what moved under the steps, on as many lines as keep the words apart."""
    ends: list[float] = []
    for step in site.steps:
        if step.moved is None:
            continue
        half = len(step.moved) * _CHARACTER / 2
        limits = (half, _WIDTH - half)
        middle = sheet.width((step.first + step.last + 1) / 2 - sheet.start)
        middle = min(max(middle, limits[0]), limits[1])
        line = next((n for n, end in enumerate(ends) if end <= middle - half), len(ends))
        ends[line:] = [middle + half + 6, *ends[line + 1 :]]
        at = sheet.start + middle / _WIDTH * (sheet.end - sheet.start)
        sheet.marks["moved"].append({"x": at, "y": y + 8 + 13 * line, "text": step.moved})
    return y + 13 * len(ends) + (4 if ends else 0)


def _place_change(sheet: _Sheet, change: Change, y: float) -> None:
    low, at, high = (in_years(day) for day in (change.low, change.day, change.high))
    reach = sheet.width(sheet.end - high)
    is_right = reach > len(change.name) * _CHARACTER + 14
    edge = high if is_right else low
    gap = sheet.width(abs(edge - at))
    # Beyond the end of the bar, and beyond the mark where the bar is short.
    shift = max(5.0, 9.0 - gap) / _WIDTH * (sheet.end - sheet.start)
    text_x = edge + shift if is_right else edge - shift
    sheet.marks["bars"].append({"x": low, "x2": high, "y": y, "main": change.is_main})
    sheet.marks["main" if change.is_main else "single"].append(
        {
            "x": at,
            "y": y,
            "text": change.name,
            "text_x": text_x,
            "right": is_right,
            "rises": change.rises,
        }
    )


def _chart(sheet: _Sheet, top: float) -> Layered:
    years = list(range(int(sheet.start), int(sheet.end)))
    every = -(-len(years) // 24)
    axis = alt.Axis(
        values=years[::every], format="d", grid=True, orient="top", labelAlign="left", title=None
    )
    x_scale = alt.Scale(domain=[sheet.start, sheet.end], nice=False, zero=False)
    y_scale = alt.Scale(domain=[sheet.top, 0], nice=False, zero=False)

    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=x_scale, axis=axis)

    def data(name: str) -> alt.Chart:
        y = alt.Y("y:Q", scale=y_scale, axis=None)
        return alt.Chart(alt.NamedData(name)).encode(x=x("x"), y=y)

    steps = data("steps")
    shade = alt.Fill(
        "above:Q", scale=alt.Scale(domain=[0, top], range=["#f2f7fb", "#2171b5"]), legend=None
    )
    ink = alt.condition(alt.datum.above > 0.7 * top, alt.value("white"), alt.value("black"))
    tested, untested = alt.datum.tested, ~alt.datum.tested
    text: dict[str, Any] = {"fontSize": 11, "baseline": "middle"}
    up, down = alt.datum.rises, ~alt.datum.rises
    right, left = alt.datum.right, ~alt.datum.right
    layers: list[alt.Chart] = [
        data("sites")
        .mark_text(align="left", dx=2, fontSize=12.5, fontWeight="bold")
        .encode(text="text:N"),
        data("days").mark_rule(stroke="#8a8a8a", strokeWidth=0.8).encode(y2="y2:Q"),
        steps.transform_filter(tested)
        .mark_rect(stroke="#8fa6b8", strokeWidth=0.6)
        .encode(x2="x2:Q", y2="y2:Q", fill=shade),
        steps.transform_filter(untested)
        .mark_rect(fill="white", stroke="#9a9a9a", strokeDash=[2, 2])
        .encode(x2="x2:Q", y2="y2:Q"),
        steps.transform_filter(tested)
        .mark_text(**{**text, "fontSize": 10}, dy=_BOX / 2)
        .encode(x=x("middle"), text="text:N", color=ink),
        data("moved").mark_text(**text, color="#222").encode(text="text:N"),
        data("bars").mark_rule(strokeWidth=3, stroke="#4a4a4a", opacity=0.55).encode(x2="x2:Q"),
        data("main").mark_point(shape="diamond", size=120, filled=True, color="black", opacity=1),
        data("single")
        .transform_filter(up)
        .mark_point(shape="triangle-up", size=60, filled=True, color="#0b4f79", opacity=1),
        data("single")
        .transform_filter(down)
        .mark_point(shape="triangle-down", size=60, color="#0b4f79", fill="white", opacity=1),
    ]
    weights: tuple[tuple[str, Literal["bold", "normal"]], ...]
    weights = (("main", "bold"), ("single", "normal"))
    sides: tuple[tuple[Any, Literal["left", "right"]], ...] = ((right, "left"), (left, "right"))
    for name, weight in weights:
        for side, align in sides:
            layers.append(
                data(name)
                .transform_filter(side)
                .mark_text(**text, align=align, fontWeight=weight)
                .encode(x=x("text_x"), text="text:N")
            )
    return alt.layer(*layers).properties(width=_WIDTH, height=sheet.top)
