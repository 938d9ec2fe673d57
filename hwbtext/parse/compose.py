"""Write the pages of a document: furniture apart, regions in order, paragraphs in one piece."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from hwbtext.parse.furniture import PageLines, find_furniture
from hwbtext.parse.lines import Line
from hwbtext.parse.paragraphs import (
    ListLevels,
    Paragraph,
    goes_on,
    is_unfinished,
    mark_footnotes,
    paragraphs,
)
from hwbtext.parse.printed import turned
from hwbtext.parse.reading import regions
from hwbtext.parse.tables import Table, find_unruled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hwbtext.parse.builder import DocumentBuilder
    from hwbtext.records import BBox, TextLayer

_LINE_END_HYPHEN = re.compile(r"\w[-‐]$")


@dataclass(slots=True)
class PrintedPage:
    """What was read off one page, before any structure.

    ``struck`` are words that are struck out; they are kept as furniture. ``confidence`` is that
    of OCR. ``turn`` is the angle by which the boxes of a page that is printed sideways are turned
    back to where they stand as it is displayed.
    """

    number: int
    width: float
    height: float
    runs: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    struck: list[Line] = field(default_factory=list)
    text_layer: TextLayer = "embedded"
    confidence: float | None = None
    turn: int = 0

    @property
    def upright_size(self) -> tuple[float, float]:
        """Return width and height of the page with its lines upright."""
        if self.turn in (90, 270):
            return self.height, self.width
        return self.width, self.height


def write_pages(builder: DocumentBuilder, pages: Sequence[PrintedPage]) -> None:
    """Write all pages of a document.

    Parameters
    ----------
    builder : DocumentBuilder
    pages : sequence of PrintedPage
        All pages in order: furniture shows only across pages, and paragraphs run over them.
    """
    _Composer(builder, pages).write()


class _Composer:
    def __init__(self, builder: DocumentBuilder, pages: Sequence[PrintedPage]) -> None:
        self._builder = builder
        self._pages = pages
        self._furniture = find_furniture(
            [
                PageLines(
                    page.number,
                    *page.upright_size,
                    page.runs,
                    [table.box for table in page.tables],
                )
                for page in pages
            ]
        )
        self._body_size = _body_size(pages)
        self._hyphens: Hyphens | None = None
        self._lists = ListLevels()
        self._n_lines = 0

    def write(self) -> None:
        open_block: Paragraph | None = None  # one that ran over the foot of the page before
        open_start = 0
        for index, page in enumerate(self._pages):
            content, furniture = self._content(page)
            is_last = index + 1 == len(self._pages)
            if open_block is not None:
                first = content[0] if content else None
                if isinstance(first, Paragraph) and goes_on(first, open_block):
                    # The rest of the paragraph comes before this page's furniture, so that
                    # the paragraph stands in one piece and pages still tile the text.
                    self._write_lines(first.lines, after=open_block.lines[-1])
                    content = content[1:]
                    open_block.lines = first.lines
                    if content or furniture or is_last:
                        self._close(open_block, open_start)
                        open_block = None
                elif content or is_last:
                    self._close(open_block, open_start)
                    open_block = None
            for line in furniture:
                if open_block is not None:  # a page of nothing else
                    self._close(open_block, open_start)
                    open_block = None
                self._write_paragraph(Paragraph([line], "furniture"))
            for position, piece in enumerate(content):
                if isinstance(piece, Table):
                    self._lists.close()
                    self._write_table(piece)
                    continue
                last = position + 1 == len(content) and not is_last
                if last and is_unfinished(piece):
                    open_block, open_start = piece, self._builder.length
                    self._set_level(piece)
                    self._write_lines(piece.lines)
                else:
                    self._write_paragraph(piece)
            self._builder.end_page(
                page.number, page.width, page.height, page.text_layer, page.confidence
            )
        if open_block is not None:
            self._builder.add_block(open_start, open_block.kind, level=open_block.level)

    def _content(self, page: PrintedPage) -> tuple[list[Paragraph | Table], list[Line]]:
        """Return the paragraphs and tables of a page in reading order, and its furniture."""
        furniture = [run for run in page.runs if id(run) in self._furniture]
        pieces: list[Line | Table] = []
        for run in page.runs:
            rest: Line | None = None if id(run) in self._furniture else run
            for table in page.tables:
                if rest is not None:
                    rest = table.take(rest)
            if rest is not None:
                pieces.append(rest)
        tables = list(page.tables)
        for table in find_unruled([piece for piece in pieces if isinstance(piece, Line)]):
            rests = [table.take(piece) for piece in pieces if isinstance(piece, Line)]
            pieces = [rest for rest in rests if rest is not None]
            tables.append(table)
        pieces += tables
        found: list[Paragraph | Table] = []
        for region in regions(pieces):
            lines: list[Line] = []
            for row in region:
                if isinstance(row, Line):
                    lines.append(row)
                    continue
                _extend(found, paragraphs(lines, self._body_size))
                found.append(row)
                lines = []
            _extend(found, paragraphs(lines, self._body_size))
        height = page.upright_size[1]
        texts = [piece for piece in found if isinstance(piece, Paragraph)]
        gone = {id(piece) for piece in mark_footnotes(texts, self._body_size, height)}
        found = [piece for piece in found if id(piece) not in gone]
        return _notes_before_open_end(found), furniture + page.struck

    def _set_level(self, paragraph: Paragraph) -> None:
        if paragraph.kind == "list_item":
            paragraph.level = self._lists.level(paragraph)
        elif paragraph.kind == "heading":
            self._lists.close()

    def _write_paragraph(self, paragraph: Paragraph) -> None:
        start = self._builder.length
        self._set_level(paragraph)
        self._write_lines(paragraph.lines)
        self._close(paragraph, start)

    def _close(self, paragraph: Paragraph, start: int) -> None:
        self._builder.add_block(start, paragraph.kind, level=paragraph.level)
        self._builder.write("\n")

    def _write_table(self, table: Table) -> None:
        for cells in table.rows:
            if not any(cells):
                continue
            row = self._builder.next_row()
            for column, runs in enumerate(cells):
                if column:
                    self._builder.write("\t")
                lines = [row for region in regions(runs) for row in region if isinstance(row, Line)]
                for number, paragraph in enumerate(paragraphs(lines, self._body_size)):
                    if number:
                        self._builder.write("\n")
                    start = self._builder.length
                    self._write_lines(paragraph.lines)
                    self._builder.add_block(start, "table_cell", row=row, column=column)
            self._builder.write("\n")

    def _write_lines(self, lines: Sequence[Line], *, after: Line | None = None) -> None:
        write_word = self._builder.write_word
        before = after
        for line in lines:
            page = self._pages[line.page - 1]
            self._n_lines += 1
            space = before is not None and not self._join(before, line)
            for word in line.words:
                box = self._displayed(word.box, page) if page.turn else word.box
                write_word(
                    word.text, line.page, self._n_lines, box, space=space and not word.joined
                )
                space = True
            before = line

    def _displayed(self, box: BBox, page: PrintedPage) -> BBox:
        return turned(box, page.turn, *page.upright_size)

    def _join(self, before: Line, line: Line) -> bool:
        """Return whether a word goes on from one line to the next; drop a hyphen of print."""
        if before.broken:
            return True
        last, first = before.words[-1].text, line.words[0].text
        if not _LINE_END_HYPHEN.search(last) or not (first[0].islower() or first[0].isdigit()):
            return False
        if self._hyphens is None:
            self._hyphens = Hyphens(page.runs for page in self._pages)
        if self._hyphens.is_of_print(last, first):
            self._builder.drop_last_character()
        return True


class Hyphens:
    """Tells the hyphens of print, at the end of a line, from those that belong to the word.

    The document itself is the dictionary: "inequal-ities" is one word where "inequalities"
    stands elsewhere, "long-term" keeps its hyphen where "long-term" does. Where neither
    stands, what is more frequent in the document decides: word processors seldom hyphenate.
    """

    def __init__(self, pages: Iterable[Sequence[Line]]) -> None:
        self._words: set[str] = set()
        self._broken: list[tuple[str, str]] = []
        for runs in pages:
            for run, below in pairwise([*runs, None]):
                if run is not None:
                    self._take(run, below)
        self._prints = 0
        for head, tail in self._broken:
            self._prints += f"{head}{tail}" in self._words
            self._prints -= f"{head}-{tail}" in self._words

    def _take(self, run: Line, below: Line | None) -> None:
        self._words.update(_plain(word.text) for word in run.words[:-1])
        last = run.words[-1].text
        if not _LINE_END_HYPHEN.search(last):
            self._words.add(_plain(last))
        elif below is not None:
            self._broken.append((_plain(last[:-1]), _plain(below.words[0].text)))

    def is_of_print(self, last: str, first: str) -> bool:
        """Return whether the hyphen of ``last`` is no part of the word that ``first`` ends."""
        head, tail = _plain(last[:-1]), _plain(first)
        if not head.isalpha() or not tail[:1].isalpha() or f"{head}-{tail}" in self._words:
            return False
        return f"{head}{tail}" in self._words or self._prints > 0


def _plain(word: str) -> str:
    return word.strip(".,;:()[]'\"‘’“”").lower()


def _extend(found: list[Paragraph | Table], more: Iterable[Paragraph]) -> None:
    """Add paragraphs; the first may go on with one that ran over the foot of a column."""
    for number, paragraph in enumerate(more):
        last = found[-1] if found and number == 0 else None
        if (
            isinstance(last, Paragraph)
            and is_unfinished(last)
            and goes_on(paragraph, last)
            and paragraph.lines[0].box.top < last.lines[-1].box.top
        ):
            last.lines = [*last.lines, *paragraph.lines]
        else:
            found.append(paragraph)


def _notes_before_open_end(found: list[Paragraph | Table]) -> list[Paragraph | Table]:
    """Put footnotes before a last paragraph that runs on overleaf, which must stay in one piece."""
    n_notes = 0
    while n_notes < len(found):
        piece = found[-1 - n_notes]
        if not (isinstance(piece, Paragraph) and piece.kind == "footnote"):
            break
        n_notes += 1
    if n_notes in (0, len(found)):
        return found
    last = found[-1 - n_notes]
    if isinstance(last, Paragraph) and is_unfinished(last):
        return [*found[: -1 - n_notes], *found[-n_notes:], last]
    return found


def _body_size(pages: Sequence[PrintedPage]) -> float:
    weights: Counter[float] = Counter()
    for page in pages:
        for line in page.runs:
            weights[round(line.size * 2) / 2] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 11.0
