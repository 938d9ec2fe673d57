"""Charts as pictures that stand alone: a title, what the marks mean, and the charts below."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import vl_convert
from markupsafe import escape

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from markupsafe import Markup

_MARGIN = 24
_LINE = 17
_NARROWEST = 560
_SIZE = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"')
_SCALE = 2.0  # of the PNG: sharp in print


@dataclass(frozen=True, slots=True)
class Block:
    """Charts that stand side by side under one heading, each with its own title."""

    heading: str
    charts: tuple[tuple[str, Markup], ...]


def draw_sheet(title: str, notes: str, blocks: Iterable[Block], n_across: int = 1) -> str:
    """Lay out a picture as SVG text.

    Parameters
    ----------
    title, notes : str
    blocks : iterable of Block
    n_across : int
        Blocks beside each other.
    """
    blocks = list(blocks)
    rows = [blocks[at : at + n_across] for at in range(0, len(blocks), n_across)]
    width = max([_NARROWEST, *(sum(_width(block) for block in row) for row in rows)])
    parts: list[str] = []
    y = _MARGIN + 20.0
    parts.append(_text(_MARGIN, y, title, size=19, bold=True))
    y += 8
    for line in textwrap.wrap(notes, int(width / 6.4)):
        y += _LINE
        parts.append(_text(_MARGIN, y, line, size=12.5, colour="#444"))
    y += 14
    for row in rows:
        x, tallest = float(_MARGIN), 0.0
        for block in row:
            parts += _block(block, x, y)
            x += _width(block)
            tallest = max(tallest, _height(block))
        y += tallest
    whole = f'width="{width + 2 * _MARGIN:.0f}" height="{y + _MARGIN:.0f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title)}" {whole}>'
        f'<rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>\n'
    )


def write_sheet(path: Path, svg: str) -> None:
    """Write a picture as SVG and, beside it, as PNG."""
    path.with_suffix(".svg").write_text(svg, encoding="utf-8", newline="\n")
    path.with_suffix(".png").write_bytes(vl_convert.svg_to_png(svg, scale=_SCALE))


def _block(block: Block, x: float, y: float) -> list[str]:
    parts = []
    if block.heading:
        y += 22
        parts.append(_text(x, y, block.heading, size=14, bold=True))
    has_titles = any(title for title, _ in block.charts)
    y += 20 if has_titles else 8
    for title, svg in block.charts:
        if title:
            parts.append(_text(x, y - 4, _shortened(title), size=11.5, colour="#444"))
        parts.append(str(svg).replace("<svg ", f'<svg x="{x:.0f}" y="{y:.0f}" ', 1))
        x += _size(svg)[0] + 10
    return parts


def _width(block: Block) -> float:
    return max(sum(_size(svg)[0] + 10 for _, svg in block.charts), len(block.heading) * 8.0) + 14


def _height(block: Block) -> float:
    titles = 20 if any(title for title, _ in block.charts) else 8
    heading = 22 if block.heading else 0
    return heading + titles + max((_size(svg)[1] for _, svg in block.charts), default=0.0) + 6


def _size(svg: str) -> tuple[float, float]:
    found = _SIZE.search(svg)
    return (float(found[1]), float(found[2])) if found else (0.0, 0.0)


def _shortened(title: str, most: int = 30) -> str:
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"


def _text(
    x: float, y: float, text: str, *, size: float, bold: bool = False, colour: str = "#000"
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-family="sans-serif" font-size="{size}"{weight} '
        f'fill="{colour}">{escape(text)}</text>'
    )
