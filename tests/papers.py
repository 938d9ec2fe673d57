"""Builders of papers that the tests share, in words of our own."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from hwbtext.parse import parse_bytes
from hwbtext.records import CharSpan, Document, Passage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

REPOSITORY = Path(__file__).resolve().parent.parent
SAMPLE = REPOSITORY / "corpora" / "sample"
SHARED_REAL = REPOSITORY.parent / "shared" / "real"


def make_pdf(*pages: list[str], size: int = 11, title: str | None = None) -> bytes:
    """Return a PDF with one printed line for each string; "# " makes a bold line."""
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pagesize=A4, invariant=1)
    if title:
        paper.setTitle(title)
    for lines in pages:
        y = 780
        for line in lines:
            bold = line.startswith("# ")
            paper.setFont("Helvetica-Bold" if bold else "Helvetica", size)
            paper.drawString(60, y, line.removeprefix("# "))
            y -= 14 if line else 24
        paper.showPage()
    paper.save()
    return buffer.getvalue()


def make_document(text: str, name: str = "minutes.txt") -> Document:
    return parse_bytes(text.encode(), name)


def make_passage(text: str, at: int = 0) -> Passage:
    return Passage(f"d:{at}-{at + len(text)}", "d", CharSpan(at, at + len(text)), text, None)


MINUTES = [
    "# THORNWICK COUNTY COUNCIL",
    "",
    "# HEALTH AND WELLBEING BOARD",
    "",
    "Minutes of the meeting of the Health and Wellbeing Board held in the Guildhall",
    "on Tuesday, 12 March 2019 at 2.00 pm.",
    "",
    "# 1. Apologies for absence",
    "",
    "Apologies were received from the representative of Healthwatch.",
    "",
    "# 2. Better Care Fund",
    "",
    "The Director of Adult Services presented the quarterly return. Delayed transfers of",
    "care had fallen by a fifth since the autumn.",
    "",
    "RESOLVED - (1) That the return be noted; (2) that a task group be set up.",
]


class HashEncoder:
    """Vectors that depend on the words of a text alone; stands in for a model in tests."""

    model_id = "hash-of-words"

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                digest = hashlib.sha256(word.encode()).digest()
                vectors[row, digest[0] % 64] += 1 if digest[1] % 2 else -1
            vectors[row] /= np.linalg.norm(vectors[row]) or 1.0
            if progress is not None:
                progress(1)
        return vectors
