"""PDF: text and word boxes by PDFium, ruled tables by pdfplumber where a page has rules.

PDFium is about 40 times faster than pdfplumber, so pdfplumber sees only the pages whose
ruling lines could be a table.
"""

from __future__ import annotations

import ctypes
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from hwbtext.parse.builder import DocumentBuilder, failed_document
from hwbtext.parse.lines import Line, Word
from hwbtext.parse.tables import Table, find_tables
from hwbtext.records import BBox, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pypdfium2 as pdfium

    from hwbtext.records import Document, SourceFile, TextLayer

MAX_PAGES = 3_000
_SOFT_HYPHENS = "\x02\ufffe\u00ad"  # what PDFium writes where it knows that a word was broken
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_LIST_MARK = re.compile(
    r"^(?:[•●▪○◦‣\uf0b7\uf0a7➢➤✓*]|[-–—](?=\s)|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)](?=\s|$)"
    r"|\((?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})\)|\d{1,3}(?:\.\d{1,3}){1,3}\.?(?=\s|$)"
    r"|\d{1,3}(?=\s+[A-Z\"'“‘]))"
)
_ENDS = (".", "!", "?", ":", ";")
_PAGE_NUMBER = re.compile(r"^(?:page\s*)?[-–]?\s*\d{1,4}\s*[-–]?(?:\s*(?:of|/)\s*\d{1,4})?$", re.I)
_RESOLUTION = re.compile(r"^(?:RESOLVED|RESOLUTION|AGREED|DECISION|ACTION|Resolved|Agreed)\b")


@dataclass(slots=True)
class PageLines:
    """What was read off one page, before any structure."""

    number: int
    width: float
    height: float
    lines: list[Line]
    text_layer: TextLayer
    tables: list[Table]


class PdfParser:
    """PDF by pypdfium2 (PDFium), tables by pdfplumber."""

    name = "pdf"
    version = "1"

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
        try:
            pages = self._read_pages(pdf, data, builder)
            builder.title = _title(pdf)
        finally:
            pdf.close()
        furniture = find_furniture(pages)
        _Composer(builder, pages, furniture).write()
        _note_missing_text(pages, builder)
        return builder.build()

    def _read_pages(
        self, pdf: pdfium.PdfDocument, data: bytes, builder: DocumentBuilder
    ) -> list[PageLines]:
        import pypdfium2 as pdfium

        pages: list[PageLines] = []
        ruled: dict[int, tuple[float, float, float, float]] = {}
        n_pages = len(pdf)
        if n_pages > MAX_PAGES:
            message = f"{n_pages} pages; only the first {MAX_PAGES} were read."
            builder.add_issue("too_many_pages", message)
        for index in range(min(n_pages, MAX_PAGES)):
            try:
                page = pdf[index]
            except pdfium.PdfiumError:
                builder.add_issue("damaged_page", "The page cannot be read.", page=index + 1)
                pages.append(PageLines(index + 1, 0.0, 0.0, [], "none", []))
                continue
            width, height = page.get_size()
            lines = _read_lines(page, index + 1)
            layer: TextLayer = "embedded" if lines else "none"
            pages.append(PageLines(index + 1, width, height, lines, layer, []))
            if lines and _has_rules(page):
                ruled[index + 1] = page.get_bbox()
            page.close()
        found, unread = find_tables(io.BytesIO(data), ruled)
        for number, tables in found.items():
            pages[number - 1].tables.extend(tables)
        for number in unread:
            message = "Its tables cannot be told; its text was read line by line."
            builder.add_issue("tables_unread", message, page=number)
        return pages


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


def _is_ordinal(word: Word, above: Line) -> bool:
    last = above.words[-1]
    beside = -2 < word.box.x0 - last.box.x1 < above.size and word.box.top < last.box.bottom
    return beside and word.text in ("st", "nd", "rd", "th") and last.text[-1:].isdigit()


def _below(word: BBox, before: BBox) -> bool:
    return word.top > before.bottom - 0.2 * (before.bottom - before.top) and word.x0 < before.x0


def _rotation_and_box(page: pdfium.PdfPage) -> tuple[int, tuple[float, float, float, float]]:
    # Not get_cropbox(): that is what the file says, not what is shown.
    return page.get_rotation(), page.get_bbox()


def _displayed_box(
    left: float,
    right: float,
    bottom: float,
    top: float,
    rotation: int,
    crop: tuple[float, float, float, float],
) -> BBox:
    """Turn a box of page space (origin bottom left, unrotated) as the page is displayed."""
    x0, y0, x1, y1 = crop
    if rotation == 90:
        return BBox(bottom - y0, left - x0, top - y0, right - x0)
    if rotation == 180:
        return BBox(x1 - right, bottom - y0, x1 - left, top - y0)
    if rotation == 270:
        return BBox(y1 - top, x1 - right, y1 - bottom, x1 - left)
    return BBox(left - x0, y1 - top, right - x0, y1 - bottom)


def _read_lines(page: pdfium.PdfPage, number: int) -> list[Line]:
    """Return the lines of a page in PDFium's order, with a box a word."""
    import pypdfium2.raw as raw

    textpage = page.get_textpage()
    n_chars = textpage.count_chars()
    text = textpage.get_text_range() if n_chars else ""
    if len(text) != n_chars:
        # Characters beyond the BMP take two UTF-16 units: read one by one to keep step.
        codes = [raw.FPDFText_GetUnicode(textpage, i) for i in range(n_chars)]
        text = "".join(chr(c) if 0 < c < 0xD800 or 0xE000 <= c < 0x110000 else " " for c in codes)
    rotation, crop = _rotation_and_box(page)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    rect = raw.FS_RECTF()

    def box_of(first: int, last: int) -> BBox:
        boxes = []
        for index in {first, last}:
            if raw.FPDFText_GetLooseCharBox(textpage, index, rect):
                boxes.append((rect.left, rect.right, rect.bottom, rect.top))
            elif raw.FPDFText_GetCharBox(textpage, index, left, right, bottom, top):
                boxes.append((left.value, right.value, bottom.value, top.value))
        if not boxes:
            return BBox(0.0, 0.0, 0.0, 0.0)
        return _displayed_box(
            min(b[0] for b in boxes),
            max(b[1] for b in boxes),
            min(b[2] for b in boxes),
            max(b[3] for b in boxes),
            rotation,
            crop,
        )

    lines: list[Line] = []

    def add_line(words: list[Word], first_char: int) -> None:
        size = float(raw.FPDFText_GetFontSize(textpage, first_char))
        if size < 3:  # text of size 1 scaled by its matrix: the box is the better measure
            size = words[0].box.bottom - words[0].box.top
        lines.append(Line(words, size, _is_bold(textpage, first_char), number))

    broken = False  # the line before ended inside a word
    for match in re.finditer(r"[^\r\n]+", text):
        words: list[Word] = []
        first_char = -1
        soft_end = False
        for token in re.finditer(r"\S+", match.group()):
            start, end = match.start() + token.start(), match.start() + token.end()
            soft_end = token.group()[-1] in _SOFT_HYPHENS
            clean = _CONTROL.sub("", token.group().replace("\u00ad", ""))
            if not clean:
                continue
            word = Word(clean, box_of(start, end - 1), broken and not words)
            if words and _below(word.box, words[-1].box):
                # PDFium runs two printed lines into one where a break has no space.
                add_line(words, first_char)
                words, first_char = [], -1
            first_char = start if first_char < 0 else first_char
            words.append(word)
        if words and lines and _is_ordinal(words[0], lines[-1]):
            # The raised "th" of "8th" reads as a line of its own.
            ordinal = Word(words[0].text, words[0].box, joined=True)
            lines[-1] = lines[-1].with_words((*lines[-1].words, ordinal, *words[1:]))
        elif words:
            add_line(words, first_char)
            broken = soft_end
    textpage.close()
    return lines


_BOLD_NAME = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
_FORCE_BOLD = 1 << 18  # PDF 32000-1, table 123: font descriptor flags


def _is_bold(textpage: pdfium.PdfTextPage, index: int) -> bool:
    """Return whether a character is printed bold, by its font's name or flags.

    ``FPDFText_GetFontWeight`` says 400 for most embedded bold fonts, so it is no help.
    """
    import pypdfium2.raw as raw

    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    if not raw.FPDFText_GetFontInfo(textpage, index, name, len(name), flags):
        return False
    return bool(flags.value & _FORCE_BOLD) or _BOLD_NAME.search(name.value) is not None


def _has_rules(page: pdfium.PdfPage) -> bool:
    """Return whether a page draws enough thin lines or boxes that a table could be among them."""
    import pypdfium2.raw as raw

    n_rules = 0
    for n_seen, item in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=2)):
        left, bottom, right, top = item.get_bounds()
        width, height = right - left, top - bottom
        thin = min(width, height) < 3 and max(width, height) > 15
        cell = width > 15 and height > 8 and width < 0.98 * page.get_width()
        n_rules += thin or cell
        if n_seen > 4_000:  # maps and charts: pdfplumber would take minutes
            return False
    return n_rules >= 4


def find_furniture(pages: Sequence[PageLines]) -> set[int]:
    """Return the ``id`` of each line that is a running head or foot or a page number.

    A line near the top or bottom edge is furniture where the same words (numbers apart)
    stand at the same height on at least two fifths of the pages, and on three or more; a bare
    page number, where it stands there at all in a paper of two pages or more.
    """
    if len(pages) < 2:
        return set()
    candidates: list[tuple[tuple[str, int], Line]] = []
    for page in pages:
        for line in page.lines:
            box = line.box
            if box.bottom < 0.12 * page.height or box.top > 0.88 * page.height:
                key = re.sub(r"\d+", "#", line.text.lower())
                candidates.append(((key, round(box.top / 12)), line))
    seen = Counter(key for key, _ in candidates)
    needed = max(3, 0.4 * sum(bool(page.lines) for page in pages))
    return {
        id(line)
        for (text, band), line in candidates
        if _PAGE_NUMBER.match(line.text)
        or sum(seen[(text, band + step)] for step in (-1, 0, 1)) >= needed
    }


@dataclass(slots=True)
class _Paragraph:
    lines: list[Line]
    kind: BlockKind = "paragraph"
    level: int = 0


def _note_missing_text(pages: Sequence[PageLines], builder: DocumentBuilder) -> None:
    damaged = {issue.page for issue in builder.issues if issue.code == "damaged_page"}
    bare = [p.number for p in pages if p.text_layer == "none" and p.number not in damaged]
    if bare:
        which = "every page" if len(bare) == len(pages) else f"page {_ranges(bare)}"
        message = f"No text layer (a scan, or a picture): {which} of {len(pages)}."
        builder.add_issue("no_text_layer", message, page=bare[0])


def _ranges(numbers: Sequence[int]) -> str:
    """Write page numbers as people do: 1-3, 7."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)


class _Composer:
    """Turns lines into paragraphs, headings and table rows, and writes them page by page."""

    def __init__(
        self, builder: DocumentBuilder, pages: Sequence[PageLines], furniture: set[int]
    ) -> None:
        self._builder = builder
        self._pages = pages
        self._furniture = furniture
        number = 0
        for page in pages:
            for line in page.lines:
                line.number = number
                number += 1
        weights: Counter[float] = Counter()
        for page in pages:
            for line in page.lines:
                weights[round(line.size * 2) / 2] += len(line.text)
        self._body_size = weights.most_common(1)[0][0] if weights else 11.0

    def write(self) -> None:
        open_block: _Paragraph | None = None  # one that ran over the foot of the page before
        open_start = 0
        for index, page in enumerate(self._pages):
            content = self._content(page)
            head = [line for line in page.lines if id(line) in self._furniture]
            following = content[0] if content else None
            if open_block is not None:
                if isinstance(following, _Paragraph) and _goes_on(following):
                    # The rest of the paragraph comes before this page's furniture, so that
                    # the paragraph stands in one piece and pages still tile the text.
                    self._write_lines(following.lines, space_first=True)
                    content = content[1:]
                    if content or head or index + 1 == len(self._pages):
                        open_block.lines = following.lines
                        self._close(open_block, open_start)
                        open_block = None
                else:
                    self._close(open_block, open_start)
                    open_block = None
            for line in head:
                start = self._builder.length
                self._write_lines([line])
                self._builder.add_block(start, "furniture")
                self._builder.write("\n")
            for piece in content:
                if isinstance(piece, Table):
                    self._write_table(piece)
                    continue
                start = self._builder.length
                self._write_lines(piece.lines)
                last = piece is content[-1] and index + 1 < len(self._pages)
                if last and piece.kind != "heading" and _unfinished(piece):
                    open_block, open_start = piece, start
                else:
                    self._close(piece, start)
            self._builder.end_page(page.number, page.width, page.height, page.text_layer)
        if open_block is not None:
            self._builder.add_block(open_start, open_block.kind, level=open_block.level)

    def _close(self, paragraph: _Paragraph, start: int) -> None:
        self._builder.add_block(start, paragraph.kind, level=paragraph.level)
        self._builder.write("\n")

    def _write_lines(self, lines: Sequence[Line], *, space_first: bool = False) -> None:
        for number, line in enumerate(lines):
            for position, word in enumerate(line.words):
                if (number or position or space_first) and not word.joined:
                    self._builder.write(" ")
                self._builder.write_word(word.text, line.page, line.number, word.box)

    def _write_table(self, table: Table) -> None:
        for cells in table.rows:
            if not any(cells):
                continue
            row = self._builder.next_row()
            for column, lines in enumerate(cells):
                if column:
                    self._builder.write("\t")
                for number, paragraph in enumerate(self._paragraphs(lines)):
                    if number:
                        self._builder.write("\n")
                    start = self._builder.length
                    self._write_lines(paragraph.lines)
                    self._builder.add_block(start, "table_cell", row=row, column=column)
            self._builder.write("\n")

    def _content(self, page: PageLines) -> list[_Paragraph | Table]:
        """Return the paragraphs and tables of a page in reading order, without furniture."""
        body = [line for line in page.lines if id(line) not in self._furniture]
        pieces: list[_Paragraph | Table] = []
        run: list[Line] = []
        placed: set[int] = set()
        tables = [table for table in page.tables if table.fits(body)]
        for line in body:
            table = next((t for t in tables if t.claim(line)), None)
            if table is None:
                run.append(line)
                continue
            rest = table.take(line)
            if id(table) not in placed:
                pieces += self._paragraphs(run)
                run = []
                pieces.append(table)
                placed.add(id(table))
            if rest is not None:
                run.append(rest)
        return pieces + list(self._paragraphs(run))

    def _paragraphs(self, lines: Sequence[Line]) -> Iterator[_Paragraph]:
        if not lines:
            return
        gaps = [
            b.box.bottom - a.box.bottom
            for a, b in pairwise(lines)
            if 0 < b.box.bottom - a.box.bottom < 4 * max(a.size, 6)
        ]
        pitch = min(median(gaps), 2.0 * self._body_size) if gaps else 1.3 * self._body_size
        right = max(line.box.x1 for line in lines)
        left = min(line.box.x0 for line in lines)
        run = [lines[0]]
        for above, below in pairwise(lines):
            if _breaks(above, below, pitch, left, right):
                yield self._paragraph(run)
                run = []
            run.append(below)
        yield self._paragraph(run)

    def _paragraph(self, lines: list[Line]) -> _Paragraph:
        text = " ".join(line.text for line in lines)
        level = self._heading_level(lines, text)
        if level:
            return _Paragraph(lines, "heading", level)
        return _Paragraph(lines, "list_item" if _LIST_MARK.match(text) else "paragraph")

    def _heading_level(self, lines: list[Line], text: str) -> int:
        """Return 1 to 3 for a heading, by size, weight and capitals; 0 for other text."""
        words = text.split()
        if len(lines) > 3 or len(words) > 30 or text.endswith((".", ";", ",")):
            return 0
        if not any(c.isalpha() for c in text) or _RESOLUTION.match(text):
            return 0
        size = min(line.size for line in lines)
        if size >= 1.45 * self._body_size:
            return 1
        if size >= 1.12 * self._body_size:
            return 2
        letters = [c for c in text if c.isalpha()]
        capitals = len(letters) > 3 and sum(c.isupper() for c in letters) > 0.9 * len(letters)
        if all(line.bold for line in lines) or (capitals and len(words) <= 12):
            return 3
        return 0


def _breaks(above: Line, below: Line, pitch: float, left: float, right: float) -> bool:
    """Return whether a paragraph ends between two lines."""
    if below.words[0].joined:
        return False
    step = below.box.bottom - above.box.bottom
    if step < -2 * pitch:  # the next column
        return not (_open_ended(above.text) and below.text[:1].islower())
    if step > 1.45 * pitch or abs(below.size - above.size) > 0.15 * above.size:
        return True
    if _LIST_MARK.match(below.text) and not _mid_sentence(above, below, right):
        return True
    if above.bold != below.bold and not (_open_ended(above.text) and below.text[:1].islower()):
        return True
    width = max(right - left, 1.0)
    short = above.box.x1 < right - 0.15 * width
    if short and above.text.endswith(_ENDS):
        return True
    return above.box.x1 < right - 0.35 * width and not below.text[:1].islower()


def _mid_sentence(above: Line, below: Line, right: float) -> bool:
    """Return whether what looks like a list mark is a number inside a running sentence."""
    full = above.box.x1 > right - 0.1 * max(right - above.box.x0, 1.0)
    bare = re.match(r"^\d{1,3}\s", below.text) is not None
    return bare and full and _open_ended(above.text) and below.box.x0 <= above.box.x0 + 2


def _open_ended(text: str) -> bool:
    return not text.rstrip("'\"’”)").endswith(_ENDS)


def _unfinished(paragraph: _Paragraph) -> bool:
    return _open_ended(paragraph.lines[-1].text) and len(paragraph.lines[-1].words) > 2


def _goes_on(below: _Paragraph) -> bool:
    """Return whether a paragraph is the rest of an unfinished one on the page before."""
    first = below.lines[0]
    return below.kind != "heading" and (first.words[0].joined or first.text[:1].islower())
