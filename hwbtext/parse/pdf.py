"""PDF by PDFium: text, word boxes and ruling lines of each page, then the structure of all.

First every page is read (:mod:`~hwbtext.parse.printed`, :mod:`~hwbtext.parse.rules`,
:mod:`~hwbtext.parse.ocr`); then, with all pages at hand, furniture is told from text and the
pages are written (:mod:`~hwbtext.parse.compose`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwbtext.parse import ocr
from hwbtext.parse.builder import DocumentBuilder, failed_document
from hwbtext.parse.compose import PrintedPage, write_pages
from hwbtext.parse.printed import read_runs, upright
from hwbtext.parse.rules import read_rules
from hwbtext.parse.struck import part_struck
from hwbtext.parse.tables import tables_of

if TYPE_CHECKING:
    import pypdfium2 as pdfium

    from hwbtext.records import Document, SourceFile, TextLayer

MAX_PAGES = 3_000
MAX_WORDS = 3_000_000
"""A pack of 600 pages has 200,000; more come from pages that share one endless content."""


class PdfParser:
    """PDF by pypdfium2 (PDFium)."""

    name = "pdf"
    version = "2"

    def parse(self, data: bytes, source: SourceFile) -> Document:
        """Return the document; encrypted or damaged files give status FAILED."""
        import pypdfium2 as pdfium

        annotator = f"{self.name}@{self.version}"
        try:
            pdf = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            code, message = _why_unreadable(str(error))
            return failed_document(source, code, message, annotator)
        builder = DocumentBuilder(source, annotator)
        reader = _PageReader(builder)
        try:
            reader.read(pdf)
            builder.title = _title(pdf)
        finally:
            pdf.close()
        write_pages(builder, reader.pages)
        reader.note_what_is_missing()
        return builder.build()


class _PageReader:
    """Reads page after page, and keeps account of what could not be read."""

    def __init__(self, builder: DocumentBuilder) -> None:
        self.pages: list[PrintedPage] = []
        self._builder = builder
        self._with_ocr = ocr.is_available()
        self._scans: list[int] = []
        self._confidences: dict[int, float | None] = {}
        self._failures: dict[int, str] = {}

    def read(self, pdf: pdfium.PdfDocument) -> None:
        import pypdfium2 as pdfium

        n_pages = len(pdf)
        if n_pages > MAX_PAGES:
            message = f"{n_pages} pages; only the first {MAX_PAGES} were read."
            self._builder.add_issue("too_many_pages", message)
        n_words = 0
        for number in range(1, min(n_pages, MAX_PAGES) + 1):
            if n_words > MAX_WORDS:
                message = f"More than {MAX_WORDS:,} words; the pages from here on were not read."
                self._builder.add_issue("too_many_words", message, page=number)
                break
            try:
                page = pdf[number - 1]
            except pdfium.PdfiumError:
                self._builder.add_issue("damaged_page", "The page cannot be read.", page=number)
                self.pages.append(PrintedPage(number, 0.0, 0.0, text_layer="none"))
                continue
            self.pages.append(self._read_page(page, number))
            page.close()
            n_words += sum(len(run.words) for run in self.pages[-1].runs)

    def _read_page(self, page: pdfium.PdfPage, number: int) -> PrintedPage:
        width, height = page.get_size()
        runs = read_runs(page, number)
        layer: TextLayer = "embedded" if runs else "none"
        if ocr.needs_ocr(page, sum(len(word.text) for run in runs for word in run.words)):
            scan = self._read_scan(page, number)
            if scan is not None and scan.lines:
                # What little text the page holds is a stamp upon the scan, and read with it.
                runs, layer = scan.lines, "ocr"
        if not runs:
            return PrintedPage(number, width, height, text_layer=layer)
        runs, turn = upright(runs, width, height)
        rules = read_rules(page)
        if turn:
            rules = rules.turned(360 - turn, width, height)
        runs, struck = part_struck(runs, rules)
        return PrintedPage(
            number,
            width,
            height,
            runs,
            tables_of(rules, runs),
            struck,
            layer,
            self._confidences.get(number),
            turn,
        )

    def _read_scan(self, page: pdfium.PdfPage, number: int) -> ocr.OcrPage | None:
        self._scans.append(number)
        if not self._with_ocr or len(self._scans) > ocr.MAX_PAGES:
            return None
        try:
            scan = ocr.read_page(page, number)
        except ocr.OcrError as error:
            self._failures[number] = str(error)
            return None
        self._confidences[number] = scan.confidence
        return scan

    def note_what_is_missing(self) -> None:
        """Record the pages that were read by OCR or not at all, and what is struck out."""
        n_pages = len(self.pages)
        if self._scans and not self._with_ocr:
            notes = [ocr.no_text_note(self._scans, n_pages)]
        else:
            left_out = self._scans[ocr.MAX_PAGES :]
            notes = ocr.notes(self._confidences, self._failures, left_out, n_pages)
        for note in notes:
            self._builder.add_issue(note.code, note.message, page=note.page, severity=note.severity)
        touched = [page.number for page in self.pages if page.struck]
        if touched:
            n_words = sum(len(line.words) for page in self.pages for line in page.struck)
            message = f"{n_words} words are struck out, and kept apart from the text: page "
            message += f"{ocr.page_ranges(touched)} of {n_pages}."
            self._builder.add_issue("struck_out", message, page=touched[0], severity="info")


def _title(pdf: pdfium.PdfDocument) -> str | None:
    try:
        return (pdf.get_metadata_value("Title") or "").strip() or None
    except UnicodeDecodeError:  # half a surrogate pair: no reason to lose the paper
        return None


def _why_unreadable(error: str) -> tuple[str, str]:
    if "password" in error.lower():
        message = "The PDF asks for a password. Ask the publisher for an open copy."
        return "encrypted", message
    return "damaged", f"Not a readable PDF (truncated or damaged): {error}"
