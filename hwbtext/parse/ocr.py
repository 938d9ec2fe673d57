"""OCR of single PDF pages by the program Tesseract, where it is installed.

Tesseract is called as a program, so that it stays optional and brings no Python package:
tesserocr's wheel has no language data, so it needs the installation too; ocrmypdf writes whole
PDFs, with twelve more packages; pytesseract starts the same program, through files on disk.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from hwbtext.parse.lines import Line, Word
from hwbtext.records import BBox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pypdfium2 as pdfium
    from lxml.etree import _Element

    from hwbtext.records import Severity

MAX_PAGES = 100
"""Pages of one file that are read by OCR, at about 3 s each; the rest are reported."""
LOW_CONFIDENCE = 0.6
"""Below it a third of the words or more are wrong.

Measured on a page whose text is known, made worse by steps: 0.87 to 0.95 where 4% of the words
were wrong at most, 0.57 where 32% to 37% were; text the wrong way up reads at 0.25.
"""

_SECONDS = 60.0  # for one page; a full page of A3 takes 10
_DPI = 300
_MAX_PIXELS = 18_000_000  # A3 at 300 dpi; Tesseract's time grows with them
_MAX_SIDE = 32_000  # pixels; Tesseract refuses 32,768
_MAX_PICTURE_PIXELS = 300_000_000  # PDFium unpacks a picture whole before it scales it
_MAX_STAMP = 50  # characters: "DRAFT", "Page 12 of 40", "Agenda Item 7" upon a scan
_MIN_COVER = 0.15  # of the page: logos and signatures cover less
_MIN_SEGMENTS = 1_000  # of drawn paths: about 60 letters turned into outlines
_MAX_OBJECTS = 20_000  # looked at; a page that draws more is a map
_NOISE = 0.1  # confidence of dotted lines and pictures read as letters; print has none so low
_NOISE_OF_MARKS = 0.5  # the same of words without letter or digit
_WIDE = 1.6  # ems: a wider space divides two columns or cells, as in printed.py
_SAME_SIZE = 0.12  # sizes read off a picture are good to a tenth

_RULES = re.compile(r"[|¦_]+")  # the lines of a table read as letters
_HINT = (
    "To have it read, install Tesseract (Debian or Ubuntu: apt install tesseract-ocr; macOS: "
    "brew install tesseract; Windows: winget install UB-Mannheim.TesseractOCR, then add its "
    "folder to PATH) and run again."
)


class OcrError(RuntimeError):
    """One page could not be read by OCR; the message is fit for an issue."""


@dataclass(frozen=True, slots=True)
class OcrPage:
    """What OCR read on one page.

    Attributes
    ----------
    lines : list of Line
        Runs of words up to a wide gap, in the order of Tesseract, with boxes on the page as
        displayed; never bold.
    confidence : float or None
        Mean of Tesseract's confidence in each word, weighted by characters, 0 to 1; None
        where it read no word.
    """

    lines: list[Line]
    confidence: float | None


class Note(NamedTuple):
    """An issue to be: about ``page`` and perhaps more."""

    code: str
    severity: Severity
    message: str
    page: int


def is_available() -> bool:
    """Return whether the program Tesseract can be found."""
    return _program() is not None


def needs_ocr(page: pdfium.PdfPage, n_chars: int) -> bool:
    """Return whether a page shows text that its text layer does not hold.

    Parameters
    ----------
    page : PdfPage
    n_chars : int
        Characters of its text layer other than space. More than a stamp or watermark has,
        and the page is not looked at.

    Returns
    -------
    bool
        Whether there is hardly any text, and pictures cover a good part of the page or as
        much is drawn as letters in outline would take. False for a blank page.
    """
    if n_chars >= _MAX_STAMP:
        return False
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    left, bottom, right, top = page.get_bbox()
    needed = _MIN_COVER * (right - left) * (top - bottom)
    covered = 0.0
    n_segments = 0
    wanted = [raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH]
    try:
        for n_seen, item in enumerate(page.get_objects(filter=wanted)):
            if item.type == raw.FPDF_PAGEOBJ_PATH:
                n_segments += max(0, raw.FPDFPath_CountSegments(item))
            else:
                x0, y0, x1, y1 = _bounds(item)
                width, height = min(x1, right) - max(x0, left), min(y1, top) - max(y0, bottom)
                covered += max(0.0, width) * max(0.0, height)
            if covered > needed or n_segments >= _MIN_SEGMENTS:
                return True
            if n_seen >= _MAX_OBJECTS:
                break
    except pdfium.PdfiumError:  # an object that PDFium cannot place, it does not draw either
        return False
    return False


def read_page(page: pdfium.PdfPage, number: int) -> OcrPage:
    """Read one page by OCR: the same bytes give the same text.

    A page whose text reads badly is tried once more with Tesseract's own test of the
    orientation (which errs on pages that hold little text, so it does not come first).

    Parameters
    ----------
    page : PdfPage
    number : int
        Its number, from 1, for the lines.

    Raises
    ------
    OcrError
        Tesseract is not there, fails or takes too long, or the page cannot be drawn.
    """
    image, scale = _draw(page)
    found = _read(image, scale, number, "3")
    if found.confidence is not None and found.confidence < LOW_CONFIDENCE:
        turned = _read(image, scale, number, "1")
        if (turned.confidence or 0.0) > found.confidence:
            found = turned
    return found


def no_text_note(pages: Sequence[int], n_pages: int) -> Note:
    """Return the note on pages that want OCR where there is no Tesseract."""
    message = f"No text layer (a scan, or a picture): {_which(pages, n_pages)}. {_HINT}"
    return Note("no_text_layer", "error", message, pages[0])


def notes(
    confidences: Mapping[int, float | None],
    failures: Mapping[int, str],
    left_out: Sequence[int],
    n_pages: int,
) -> list[Note]:
    """Return the notes on the pages of one file that were to be read by OCR.

    Parameters
    ----------
    confidences : mapping of int to float or None
        Each page that was read.
    failures : mapping of int to str
        Each page that raised :class:`OcrError`, and its message.
    left_out : sequence of int
        Pages beyond :data:`MAX_PAGES`.
    n_pages : int
        Pages of the file.
    """
    found: list[Note] = []
    if confidences:
        known = [value for value in confidences.values() if value is not None]
        mean = f"mean confidence {sum(known) / len(known):.2f}" if known else "no text found"
        which = _which(list(confidences), n_pages)
        message = f"Read by OCR ({_version()}), {mean}: {which}."
        found.append(Note("ocr", "info", message, min(confidences)))
    low = {n: c for n, c in confidences.items() if c is not None and c < LOW_CONFIDENCE}
    if low:
        mean = f"{sum(low.values()) / len(low):.2f}"
        which = _which(list(low), n_pages)
        message = f"OCR is unsure of what it read (mean confidence {mean}): {which}."
        found.append(Note("low_ocr_confidence", "warning", message, min(low)))
    for reason in sorted(set(failures.values())):
        pages = [number for number, message in failures.items() if message == reason]
        message = f"OCR failed: {_which(pages, n_pages)}. {reason}"
        found.append(Note("ocr_failed", "error", message, min(pages)))
    if left_out:
        which = _which(left_out, n_pages)
        message = f"Not read: {which}. At most {MAX_PAGES} pages of a file are read by OCR."
        found.append(Note("too_many_scans", "error", message, left_out[0]))
    return found


def page_ranges(numbers: Sequence[int]) -> str:
    """Write page numbers as people do.

    Examples
    --------
    >>> page_ranges([1, 2, 3, 7])
    '1-3, 7'
    """
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)


def _which(pages: Sequence[int], n_pages: int) -> str:
    if len(pages) == n_pages:
        return f"every page of {n_pages}"
    return f"page {page_ranges(pages)} of {n_pages}"


def _bounds(item: pdfium.PdfObject) -> tuple[float, float, float, float]:
    """Return the box of an object in page space; PDFium gives it in that of its form."""
    box: tuple[float, float, float, float] = item.get_bounds()
    form = item.container
    while form is not None:
        box = form.get_matrix().on_rect(*box)
        form = form.container
    return box


def _draw(page: pdfium.PdfPage) -> tuple[bytes, float]:
    """Return a page as displayed, as a grey PGM picture, and its pixels a point."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    width, height = page.get_size()
    if not (0 < width < math.inf and 0 < height < math.inf):
        msg = "The page has no size that can be drawn."
        raise OcrError(msg)
    scale = min(
        _DPI / 72, math.sqrt(_MAX_PIXELS / (width * height)), _MAX_SIDE / max(width, height)
    )
    try:
        n_pixels = 0
        for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
            across, down = item.get_px_size()
            n_pixels = max(n_pixels, across * down)
        if n_pixels > _MAX_PICTURE_PIXELS:
            msg = f"A picture has {n_pixels:,} pixels; the limit is {_MAX_PICTURE_PIXELS:,}."
            raise OcrError(msg)
        pixels = page.render(scale=scale, grayscale=True).to_numpy()
    except pdfium.PdfiumError as error:
        msg = f"The page cannot be drawn: {error}"
        raise OcrError(msg) from error
    rows, columns = pixels.shape[:2]
    return b"P5\n%d %d\n255\n" % (columns, rows) + pixels.tobytes(), scale


def _program() -> str | None:
    return shutil.which("tesseract")


@cache
def _version() -> str:
    program = _program()
    if program is None:
        return "Tesseract"
    said = subprocess.run(  # noqa: S603 - a fixed program, no shell
        [program, "--version"], capture_output=True, timeout=_SECONDS, check=False
    )
    match = re.match(rb"tesseract v?(\S+)", said.stdout)
    return f"Tesseract {match[1].decode(errors='replace')}" if match else "Tesseract"


def _read(image: bytes, scale: float, number: int, mode: str) -> OcrPage:
    """Run Tesseract on a picture: mode "3" takes it as it lies, "1" tests how it lies."""
    program = _program()
    if program is None:
        msg = f"Tesseract is not installed. {_HINT}"
        raise OcrError(msg)
    dpi = max(70, round(72 * scale))  # below 70 it takes it for an error
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, no shell; the picture is data
            [program, "stdin", "stdout", "-l", "eng", "--psm", mode, "--dpi", str(dpi), "hocr"],
            input=image,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            # Its own threads wait for each other: 7.8 s a page on two cores, 1.7 s with one.
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired:
        msg = f"Tesseract took more than {_SECONDS:g} s."
        raise OcrError(msg) from None
    except OSError as error:
        msg = f"Tesseract cannot be run: {error.strerror}."
        raise OcrError(msg) from error
    if done.returncode:
        said = " ".join(done.stderr.decode(errors="replace").split())[:200]
        msg = f"Tesseract ended with code {done.returncode}: {said}"
        raise OcrError(msg)
    try:
        return _from_hocr(done.stdout, scale, number)
    except (LookupError, ValueError, SyntaxError) as error:  # no hOCR as of versions 4 and 5
        msg = "Tesseract's answer cannot be read."
        raise OcrError(msg) from error


def _from_hocr(hocr: bytes, scale: float, number: int) -> OcrPage:
    """Take lines and words from Tesseract's hOCR, which, unlike its TSV, tells the print's size."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    root = etree.fromstring(hocr, parser)
    runs: list[Line] = []
    n_chars = 0
    sure = 0.0
    for line in root.iterfind(".//{*}span"):
        if not line.get("id", "").startswith("line_"):
            continue
        told = _properties(line)
        size = told["x_size"][0] / scale
        angle = _angle(told, len(_text(line)))
        words: list[Word] = []
        for element in line.iterfind(".//{*}span[@class='ocrx_word']"):
            text = _text(element)
            properties = _properties(element)
            confidence = properties["x_wconf"][0] / 100
            rule = _RULES.fullmatch(text) is not None
            if not rule:
                n_chars += len(text)
                sure += confidence * len(text)
            box = BBox(*(edge / scale for edge in _word_box(properties["bbox"], told, angle)))
            if words and (rule or _gap(words[-1].box, box) > _WIDE * size):
                runs.append(Line(words, size, bold=False, page=number, angle=angle))
                words = []
            least = _NOISE if any(char.isalnum() for char in text) else _NOISE_OF_MARKS
            if not rule and confidence >= least:
                words.append(Word(text, box))
        if words:
            runs.append(Line(words, size, bold=False, page=number, angle=angle))
    _even_out_sizes(runs)
    return OcrPage(runs, sure / n_chars if n_chars else None)


def _properties(element: _Element) -> dict[str, list[float]]:
    """Return the properties of an hOCR element: ``bbox 1 2 3 4; x_wconf 96``."""
    found: dict[str, list[float]] = {}
    for part in element.get("title", "").split(";"):
        name, *values = part.split()
        found[name] = [float(value) for value in values]
    return found


def _text(element: _Element) -> str:
    return "".join("".join(map(str, element.itertext())).split())


def _angle(line: Mapping[str, Sequence[float]], n_chars: int) -> int:
    """Return how far a line is turned: 0, 90, 180 or 270 degrees clockwise."""
    if "textangle" in line:  # counter-clockwise
        return round(360 - line["textangle"][0]) % 360
    x0, top, x1, bottom = line["bbox"]
    # Tesseract reads lines that run down the page as they lie, and then says no angle.
    return 90 if n_chars > 2 and bottom - top > 2 * (x1 - x0) else 0


def _word_box(
    ink: Sequence[float], line: Mapping[str, Sequence[float]], angle: int
) -> Sequence[float]:
    """Return a word's box from the descenders to the ascenders of its line, as PDFium does.

    Boxes round the ink would differ in height with the letters of each word, and so would the
    pitch of the lines.
    """
    if angle or "baseline" not in line:
        return ink
    slope, offset = line["baseline"]
    x0, _, x1, _ = ink
    baseline = line["bbox"][3] + offset + slope * ((x0 + x1) / 2 - line["bbox"][0])
    bottom = baseline + line["x_descenders"][0]
    return x0, bottom - line["x_size"][0], x1, bottom


def _gap(one: BBox, other: BBox) -> float:
    """Return the space between two words of a line, in whichever direction it runs."""
    across = max(other.x0 - one.x1, one.x0 - other.x1)
    return max(across, other.top - one.bottom, one.top - other.bottom)


def _even_out_sizes(lines: Sequence[Line]) -> None:
    """Give lines of about the page's usual size that size: the rest differ on purpose."""
    by_size = sorted((line.size, len(line.text)) for line in lines)
    half = sum(weight for _, weight in by_size) / 2
    usual = 0.0
    for size, weight in by_size:
        usual, half = size, half - weight
        if half <= 0:
            break
    for line in lines:
        if abs(line.size - usual) <= _SAME_SIZE * usual:
            line.size = usual
