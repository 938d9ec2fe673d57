"""Charts as static SVG, drawn by Vega-Lite without a browser; every page uses this."""

from __future__ import annotations

import re
from typing import Any

import altair as alt
import vl_convert
from markupsafe import Markup, escape

VEGALITE = "6.4"
"""The Vega-Lite that vl-convert is asked for; altair's own must be of the same minor version."""
Layered = alt.LayerChart | alt.FacetChart
"""What ``alt.layer`` returns."""
# A NUL in a text ends the whole process inside vl-convert, and SVG allows none of these.
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)), "\ufffd")


def to_svg(spec: dict[str, Any], key: str, label: str) -> Markup:
    """Convert a chart; the same chart gives the same text, whatever was drawn before it.

    ``label`` is read out in place of the picture. No file and no address is read.
    """
    svg = vl_convert.vegalite_to_svg(_clean(spec), vl_version=VEGALITE, allowed_base_urls=[])
    # Vega writes many marks for editors and screen readers that one label replaces.
    svg = re.sub(r' (?:aria-hidden|pointer-events|aria-roledescription|role)="[^"<]*"', "", svg)
    svg = re.sub(r'<path class="(?:fore|back)ground" d="(?:M0,0h0v0h0Z)?"[^<>]*/>', "", svg)
    svg = re.sub(r' xmlns:xlink="[^"<]*"', "", svg)
    # It numbers its clip paths through the life of the process; here from 1, for each picture.
    for number, old in enumerate(dict.fromkeys(re.findall(r'<[^<>]* id="([^"<>]+)"', svg)), 1):
        new = f"{key}-{number}"
        svg = svg.replace(f' id="{old}"', f' id="{new}"').replace(f"url(#{old})", f"url(#{new})")
    opening = f'<svg role="img" aria-label="{escape(_clean(label))}" '
    return Markup(svg.replace("<svg ", opening, 1))  # noqa: S704 - Vega escapes text


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(_CONTROLS)
    if isinstance(value, dict):
        return {name: _clean(each) for name, each in value.items()}
    return [_clean(each) for each in value] if isinstance(value, list) else value


def finished(chart: Layered) -> dict[str, Any]:
    """Return the specification of a chart in the style of all pages."""
    styled = (
        chart.configure(aria=False, font="sans-serif", background="transparent")
        .configure_view(stroke="#c9ced3")
        .configure_axis(
            labelFontSize=11,
            labelColor="#333",
            gridColor="#e4e7ea",
            domainColor="#8a8a8a",
            tickColor="#8a8a8a",
            labelOverlap="greedy",
        )
        .configure_axisX(labelAngle=0, grid=False)
    )
    spec: dict[str, Any] = styled.to_dict()
    return spec
