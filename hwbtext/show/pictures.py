"""Pictures of the pages of a PDF, as data that an HTML file can hold."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pypdfium2 as pdfium
    from PIL.Image import Image

DPI = 90
LONGEST = 1_600
"""Pixels of the longer side, at most: a poster is drawn smaller than it is printed."""
_COLOURS = 32  # enough for grey edges of letters and a few coloured rules
_QUALITY = 72


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as an image; ``width`` and ``height`` are of the page, in points."""

    address: str
    width: float
    height: float


def draw_pages(paper: Path, numbers: Sequence[int]) -> dict[int, Picture]:
    """Draw pages of a PDF.

    Parameters
    ----------
    paper : Path
    numbers : sequence of int
        Pages, from 1.

    Returns
    -------
    dict of int to Picture
        Without the pages that cannot be drawn; empty for what is no readable PDF.
    """
    import pypdfium2 as pdfium

    try:
        pdf = pdfium.PdfDocument(paper)
    except pdfium.PdfiumError:
        return {}  # the document's issues say so
    pictures: dict[int, Picture] = {}
    try:
        for number in numbers:
            try:
                page = pdf[number - 1]
                pictures[number] = _draw(page)
            except pdfium.PdfiumError:
                continue
            page.close()
    finally:
        pdf.close()
    return pictures


def _draw(page: pdfium.PdfPage) -> Picture:
    width, height = page.get_size()
    scale = min(DPI / 72, LONGEST / max(width, height, 1.0))
    image = page.render(scale=scale).to_pil().convert("RGB")
    return Picture(_smallest(image), width, height)


def _smallest(image: Image) -> str:
    """Return the image as a data address: PNG for a page of text, JPEG for one of photographs."""
    from PIL.Image import Quantize

    drawn, photographed = io.BytesIO(), io.BytesIO()
    image.quantize(_COLOURS, method=Quantize.FASTOCTREE).save(drawn, "PNG")
    image.save(photographed, "JPEG", quality=_QUALITY, optimize=True)
    # Few colours spoil a photograph, and then the PNG is the larger one anyway.
    if drawn.tell() <= photographed.tell():
        return _address("png", drawn.getvalue())
    return _address("jpeg", photographed.getvalue())


def _address(kind: str, data: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
