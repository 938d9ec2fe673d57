r"""Is every printed word in the text, once? Page by page beside pdftotext and pypdf.

    python -m benchmarks.accuracy.fidelity --shared ../shared
    python -m benchmarks.accuracy.fidelity --shared ../shared --sample 600 --dry-run

Words are runs of letters or digits after NFKC, in lower case; their order does not count. A
hyphen between two of them is dropped on both sides, together with any line end or space behind
it: "well-\nbeing", "well-being" and "wellbeing" are one word, because where a line breaks is
the printer's choice and what becomes of its hyphen the parser's. A page on which neither side
finds a word does not count. OCR is off (Tesseract is hidden from the parser): the peers have none.

Why a page scores under 0.95 is worked out by the command, from the words that differ and from
what PDFium itself says of them: so PDFium's own readings are told from what the parser does.
"""

from __future__ import annotations

import argparse
import importlib
import io
import logging
import os
import random
import re
import shutil
import subprocess
import unicodedata
import warnings
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.results import measured_on, write_section

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pypdfium2 as pdfium

    from hwbtext.records import Document

SETS = ("kent-cc", "west-sussex-jsna", "north-of-tyne-lpc", "milburn-parish")
SEED = 0
DRAWS = 500
LOW = 0.95
_HYPHEN = re.compile(r"(?<=[^\W_])[-\u2010\u2011\u00ad\x02\ufffe]\s*(?=[^\W_])")
_WORD = re.compile(r"[^\W_]+")
_UNMAPPED = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")
_MOST = 0.5  # of the words that differ: more of them than this must share a reason


def bag(text: str) -> Counter[str]:
    r"""Count the words of a text, as the head of this module defines them.

    Examples
    --------
    >>> bag("Well-\nbeing of the ﬁrst") == bag("first of the WELL-BEING")
    True
    """
    return Counter(_WORD.findall(_HYPHEN.sub("", unicodedata.normalize("NFKC", text).lower())))


def f1(ours: Counter[str], peers: Counter[str]) -> float | None:
    """Return the F1 of two bags of words; None where both are empty."""
    n_all = ours.total() + peers.total()
    return 2 * (ours & peers).total() / n_all if n_all else None


# ---- why a page differs ---------------------------------------------------------------------


class Printed(NamedTuple):
    """A word as PDFium reads it, and how it stands on the page."""

    text: str
    rotated: bool
    struck: bool
    double: bool  # the same word stands at the same place already


def printed_words(page: pdfium.PdfPage) -> list[Printed]:
    """Return the words of a page as PDFium gives them, before any parser has touched them."""
    import pypdfium2.raw as raw

    textpage = page.get_textpage()
    n_chars = textpage.count_chars()
    codes = [raw.FPDFText_GetUnicode(textpage, index) for index in range(n_chars)]
    text = "".join(chr(c) if 0 < c < 0xD800 or 0xE000 <= c < 0x110000 else " " for c in codes)
    strokes = _strokes(page)
    seen: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    found = []
    for token in re.finditer(r"\S+", text):
        left, bottom, _, top = textpage.get_charbox(token.start())
        right = textpage.get_charbox(token.end() - 1)[2]
        angle = raw.FPDFText_GetCharAngle(textpage, token.start())
        word = token.group()
        double = any(abs(left - x) < 1.5 and abs(top - y) < 1.5 for x, y in seen[word])
        seen[word].append((left, top))
        third = (top - bottom) / 3
        struck = any(
            low > bottom + third * 0.6 and high < top - third * 0.6 and x0 < right and x1 > left
            for x0, low, x1, high in strokes
        )
        found.append(Printed(word, 0.05 < angle < 6.23, struck, double))
    textpage.close()
    return found


def _strokes(page: pdfium.PdfPage) -> list[tuple[float, float, float, float]]:
    """Return thin flat shapes: what strikes words out, and much else that does not."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    boxes = []
    for shape in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3):
        try:
            left, bottom, right, top = shape.get_bounds()
        except pdfium.PdfiumError:
            continue
        if top - bottom < 2 < right - left:
            boxes.append((left, bottom, right, top))
    return boxes


def why(ours: Counter[str], peers: Counter[str], printed: Sequence[Printed]) -> str:
    """Name the reason that most of the differing words of a page share.

    Parameters
    ----------
    ours, peers : Counter of str
        Bags of the page.
    printed : sequence of Printed
        The page as PDFium reads it.

    Returns
    -------
    str
        A diagnosis, not a verdict: "words split" says that one side has more and shorter words
        of the same letters, not which is right.
    """
    missing, extra = peers - ours, ours - peers
    if _UNMAPPED.search("".join(word.text for word in printed)):
        share = sum(bool(_UNMAPPED.search(w.text)) for w in printed) / len(printed)
        if share > 0.05:
            return "glyphs without Unicode"
    rotated = _bag_of(printed, "rotated")
    if _alike(missing, extra):
        turned = (
            ", rotated text" if _covers(rotated, extra) or _covers(rotated, missing, 0.3) else ""
        )
        n_ours, n_peers = extra.total(), missing.total()
        if n_ours == n_peers:
            return f"other letters or word bounds{turned}"
        return f"same letters, {'we' if n_ours > n_peers else 'the peer'} split words{turned}"
    if missing.total() >= 2 * extra.total():
        if _covers(_bag_of(printed, "double"), missing):
            return "words printed twice at one place, given once by us"
        read = bag(" ".join(word.text for word in printed))
        if not _covers(read - ours, missing):
            return "PDFium does not see the words that we lack"
        turned = ", rotated text" if _covers(rotated, missing) else ""
        struck = ", struck-out text" if _covers(_bag_of(printed, "struck"), missing) else ""
        return f"we lose words that PDFium reads{turned}{struck}"
    if extra.total() >= 2 * missing.total():
        twice = Counter({w: n for w, n in extra.items() if peers[w] and ours[w] >= 2 * peers[w]})
        if _covers(twice, extra):
            return "we give words twice"
        turned = ", rotated text" if _covers(rotated, extra) else ""
        return f"the peer lacks words{turned}"
    return "both lack words of the other"


def _bag_of(printed: Sequence[Printed], what: str) -> Counter[str]:
    return bag(" ".join(word.text for word in printed if getattr(word, what)))


def _covers(some: Counter[str], words: Counter[str], least: float = _MOST) -> bool:
    return bool(words) and (some & words).total() > least * words.total()


def _alike(missing: Counter[str], extra: Counter[str]) -> bool:
    """Return whether two bags of words are made of the same letters."""
    one, other = (Counter("".join(words.elements())) for words in (missing, extra))
    shared = 2 * (one & other).total()
    return bool(one and other) and shared >= 0.8 * (one.total() + other.total())


# ---- readers --------------------------------------------------------------------------------


def read_pdftotext(program: str, path: Path) -> list[str]:
    """Return the pages of a PDF as Poppler's pdftotext reads them."""
    said = subprocess.run(
        [program, "-enc", "UTF-8", str(path), "-"], capture_output=True, check=False, timeout=300
    )
    return said.stdout.decode("utf-8", "replace").split("\f")[:-1]


def read_pypdf(data: bytes, numbers: Sequence[int]) -> dict[int, str]:
    """Return some pages (from 1) as pypdf reads them; a page that it fails on is left out."""
    import pypdf

    found = {}
    reader = pypdf.PdfReader(io.BytesIO(data))
    for number in numbers:
        try:
            found[number] = reader.pages[number - 1].extract_text()
        except Exception:  # noqa: BLE001 (whatever a peer fails with is no matter of ours)
            continue
    return found


def _our_parser() -> Callable[[bytes, str], Document]:
    os.environ["PATH"] = ""  # no Tesseract, see the head of this module
    module = importlib.import_module("hwbtext.parse")
    parse: Callable[[bytes, str], Document] = module.parse_bytes
    return parse


# ---- measuring ------------------------------------------------------------------------------


@dataclass(slots=True)
class PageScore:
    """F1 of one page for each pair of readers; None where neither found a word."""

    doc_id: str
    page: int
    pdftotext: float | None
    pypdf: float | None = None
    between: float | None = None  # pdftotext against pypdf, how far the peers agree
    reason: str = ""


@dataclass(slots=True)
class Measured:
    """All pages, and the files that could not be compared."""

    scores: list[PageScore]
    n_files: int = 0
    failed: Counter[str] | None = None


def drawn_pages(files: Sequence[Path], sample: int | None) -> dict[Path, set[int]]:
    """Return the pages of each file to compare: all, or a seeded draw among all pages."""
    import pypdfium2 as pdfium

    pages = []
    for path in files:
        try:
            with pdfium.PdfDocument(path) as pdf:
                pages += [(path, number) for number in range(1, len(pdf) + 1)]
        except pdfium.PdfiumError:
            continue
    if sample is not None and sample < len(pages):
        pages = random.Random(SEED).sample(pages, sample)
    found: dict[Path, set[int]] = {}
    for path, number in pages:
        found.setdefault(path, set()).add(number)
    return found


def measure(
    chosen: dict[Path, set[int]], *, n_pypdf: int, program: str, diagnose: bool = True
) -> Measured:
    """Compare the chosen pages with pdftotext, and a seeded part of them with pypdf."""
    import pypdfium2 as pdfium

    parse = _our_parser()
    every = [(path, number) for path, numbers in chosen.items() for number in sorted(numbers)]
    some = set(random.Random(SEED + 1).sample(every, min(n_pypdf, len(every))))
    measured = Measured([], failed=Counter())
    for path, numbers in chosen.items():
        data = path.read_bytes()
        try:
            document = parse(data, path.name)
        except Exception as problem:  # noqa: BLE001 (counted and reported, the run goes on)
            measured.failed[f"the parser raised {type(problem).__name__}"] += 1
            continue
        peers = read_pdftotext(program, path)
        if len(peers) != document.n_pages:
            measured.failed["page counts differ"] += 1
            continue
        measured.n_files += 1
        wanted = [number for number in sorted(numbers) if (path, number) in some]
        third = read_pypdf(data, wanted) if wanted else {}
        pdf = pdfium.PdfDocument(data)
        for number in sorted(numbers):
            span = document.pages[number - 1].span
            ours, peer = bag(document.text[span.start : span.end]), bag(peers[number - 1])
            score = PageScore(document.doc_id, number, f1(ours, peer))
            if number in third:
                other = bag(third[number])
                score.pypdf, score.between = f1(ours, other), f1(peer, other)
            if diagnose and score.pdftotext is not None and score.pdftotext < LOW:
                page = pdf[number - 1]
                score.reason = why(ours, peer, printed_words(page))
                page.close()
            measured.scores.append(score)
        pdf.close()
    return measured


class Summary(NamedTuple):
    """Median with its interval, low percentile and number of low pages."""

    n: int
    median: float
    low: float
    high: float
    fifth: float
    n_low: int


def summary(scores: Sequence[tuple[str, float]]) -> Summary:
    """Sum up (doc_id, F1) pairs; the interval of the median resamples whole files."""
    values = sorted(value for _, value in scores)
    by_file: defaultdict[str, list[float]] = defaultdict(list)
    for doc_id, value in scores:
        by_file[doc_id].append(value)
    files, draw = list(by_file.values()), random.Random(SEED)
    drawn = sorted(
        median(value for file in draw.choices(files, k=len(files)) for value in file)
        for _ in range(DRAWS)
    )
    return Summary(
        len(values),
        median(values),
        drawn[int(0.025 * DRAWS)],
        drawn[int(0.975 * DRAWS) - 1],
        values[int(0.05 * len(values))],
        sum(value < LOW for value in values),
    )


def report(measured: Measured, versions: str, *, sample: int | None) -> str:
    """Return the section."""
    which = "" if sample is None else f", a seeded sample of {sample} pages"
    lines = [
        "## Text fidelity of PDF pages",
        "",
        f"`python -m benchmarks.accuracy.fidelity`, {measured_on()}; {versions}. "
        f"{measured.n_files} PDFs of Kent, West Sussex, North of Tyne and Milburn{which}. "
        "F1 of the bags of words of each page; hyphens inside words and at line ends are dropped "
        "on both sides. OCR off. Interval of the median: 95%, resampling whole files.",
        "",
        "| pair | pages with words | median | 95% interval | 5th percentile | pages under 0.95 |",
        "|---|---|---|---|---|---|",
    ]
    for name, attribute in (
        ("hwbtext, pdftotext", "pdftotext"),
        ("hwbtext, pypdf (same pages as the row below)", "pypdf"),
        ("pdftotext, pypdf (how far the peers agree)", "between"),
    ):
        values = [
            (score.doc_id, value)
            for score in measured.scores
            if (value := getattr(score, attribute)) is not None
        ]
        if not values:
            continue
        s = summary(values)
        lines.append(
            f"| {name} | {s.n:,} | {s.median:.4f} | {s.low:.4f} to {s.high:.4f} | {s.fifth:.4f} "
            f"| {s.n_low} ({s.n_low / s.n:.1%}) |"
        )
    for problem, n_files in (measured.failed or Counter()).items():
        lines += ["", f"Not compared: {n_files} files ({problem})."]
    reasons: defaultdict[str, list[PageScore]] = defaultdict(list)
    for score in measured.scores:
        if score.reason:
            reasons[score.reason].append(score)
    lines += [
        "",
        "Pages under 0.95 beside pdftotext, by what most differing words share",
        "",
    ]
    lines += ["| diagnosis | pages | lowest F1 | which (doc_id: pages) |", "|---|---|---|---|"]
    for reason, scores in sorted(reasons.items(), key=lambda pair: -len(pair[1])):
        lowest = min(score.pdftotext or 0.0 for score in scores)
        lines.append(f"| {reason} | {len(scores)} | {lowest:.2f} | {_where(scores)} |")
    return "\n".join(lines)


def _where(scores: Sequence[PageScore]) -> str:
    pages: defaultdict[str, list[str]] = defaultdict(list)
    for score in scores:
        pages[score.doc_id].append(str(score.page))
    return "; ".join(f"`{doc_id}`: {', '.join(found)}" for doc_id, found in pages.items())


def main() -> None:
    """Compare, and write the section."""
    arguments = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    arguments.add_argument("--shared", type=Path, default=Path("../shared"))
    arguments.add_argument("--sample", type=int, help="only so many pages, by a fixed seed")
    arguments.add_argument("--pypdf-pages", type=int, default=600, help="pypdf is slow")
    arguments.add_argument("--dry-run", action="store_true", help="print, and write nothing")
    chosen = arguments.parse_args()
    program = shutil.which("pdftotext")
    if program is None:
        message = "pdftotext is not installed (Debian, Ubuntu: apt install poppler-utils)."
        raise SystemExit(message)
    said = subprocess.run([program, "-v"], capture_output=True, check=False).stderr.decode()
    logging.disable(logging.ERROR)  # pypdf tells of every odd object
    warnings.filterwarnings("ignore")
    import pypdf

    real = chosen.shared / "real"
    files = [path for part in SETS for path in sorted((real / part).rglob("*.pdf"))]
    measured = measure(
        drawn_pages(files, chosen.sample), n_pypdf=chosen.pypdf_pages, program=program
    )
    if not measured.scores:
        message = f"No page could be compared below {real}."
        raise SystemExit(message)
    versions = f"{said.splitlines()[0]}, pypdf {pypdf.__version__}"
    body = report(measured, versions, sample=chosen.sample)
    if not chosen.dry_run:
        write_section("fidelity", body)
    print(body)


if __name__ == "__main__":
    main()
