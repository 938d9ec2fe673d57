"""Write the text of a document once, and note where its blocks, pages and words stand."""

from __future__ import annotations

import unicodedata
from array import array
from typing import TYPE_CHECKING

from hwbtext.records import (
    BBox,
    Block,
    BlockKind,
    CharSpan,
    Document,
    Issue,
    Layout,
    Page,
    Severity,
    SourceFile,
    Status,
    TextLayer,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date


# As users search and as the codebook is written; other compatibility characters are content.
_LIGATURES = {ord(ligature): unicodedata.normalize("NFKC", ligature) for ligature in "ﬀﬁﬂﬃﬄﬅﬆ"}


class DocumentBuilder:
    """Collects the text of one document in reading order.

    Page spans tile the text, and block spans hold no surrounding space, by construction.
    """

    def __init__(self, source: SourceFile, parser: str) -> None:
        self._source = source
        self._parser = parser
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._pages: list[Page] = []
        self._page_start = 0
        self._words = array("i")  # start, end, page, line; flat: packs have 100,000 words
        self._boxes = array("f")
        self._n_rows = 0
        self.issues: list[Issue] = []
        self.title: str | None = None
        self.published: date | None = None

    @property
    def length(self) -> int:
        """Return the number of characters written so far."""
        return self._length

    def write(self, text: str) -> CharSpan:
        """Write characters, letters composed and ligatures apart, and return their span."""
        if not text.isascii():
            text = unicodedata.normalize("NFC", text.translate(_LIGATURES))
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        return CharSpan(start, self._length)

    def write_word(self, text: str, page: int, line: int, box: BBox, *, space: bool) -> None:
        """Write one printed word, after a space or right behind the last, and note its place."""
        if not text.isascii():
            text = unicodedata.normalize("NFC", text.translate(_LIGATURES))
        start = self._length
        if space:
            self._parts.append(" ")
            start += 1
        self._parts.append(text)
        self._length = start + len(text)
        self._words.extend((start, self._length, page, line))
        self._boxes.extend(box)

    def drop_last_character(self) -> None:
        """Take back the last character of the word written last: a hyphen of print only."""
        self._parts[-1] = self._parts[-1][:-1]
        self._length -= 1
        self._words[-3] -= 1

    def add_block(
        self,
        start: int,
        kind: BlockKind,
        *,
        level: int = 0,
        row: int | None = None,
        column: int | None = None,
    ) -> None:
        """Close the block that began at ``start``; an empty one leaves no trace."""
        if self._length > start:
            span = CharSpan(start, self._length)
            self._blocks.append(Block(span, kind, level, row, column))

    def text_block(self, text: str, kind: BlockKind = "paragraph", level: int = 0) -> None:
        """Write one block of text on a line of its own; blank text leaves no trace."""
        text = " ".join(text.split())
        if text:
            start = self._length
            self.write(text)
            self.add_block(start, kind, level=level)
            self.write("\n")

    def table_row(self, cells: Sequence[Iterable[str]]) -> None:
        """Write one row of a table: cells of paragraphs, a tab between cells."""
        cleaned = [[" ".join(p.split()) for p in cell if p.strip()] for cell in cells]
        if not any(cleaned):
            return
        row = self.next_row()
        for column, paragraphs in enumerate(cleaned):
            if column:
                self.write("\t")
            for number, paragraph in enumerate(paragraphs):
                if number:
                    self.write("\n")
                start = self._length
                self.write(paragraph)
                self.add_block(start, "table_cell", row=row, column=column)
        self.write("\n")

    def next_row(self) -> int:
        """Return the number of a new table row."""
        self._n_rows += 1
        return self._n_rows - 1

    def end_page(
        self,
        number: int,
        width: float | None = None,
        height: float | None = None,
        text_layer: TextLayer = "embedded",
        confidence: float | None = None,
    ) -> None:
        """Close a page: it holds all that was written since the one before."""
        span = CharSpan(self._page_start, self._length)
        self._pages.append(Page(number, span, width, height, text_layer, confidence))
        self._page_start = self._length

    def add_issue(
        self, code: str, message: str, *, page: int | None = None, severity: Severity = "error"
    ) -> None:
        """Record what went wrong with this file; an error means that text was left unread."""
        self.issues.append(_issue(self._source, code, message, self._parser, page, severity))

    def build(self) -> Document:
        """Return the document: FAILED without text, PARTIAL beside an error."""
        import numpy as np

        text = "".join(self._parts)
        if not text.strip() and not any(issue.severity == "error" for issue in self.issues):
            self.add_issue("no_text", "The file holds no text.")
        if not text.strip():
            status = Status.FAILED
        else:
            has_error = any(issue.severity == "error" for issue in self.issues)
            status = Status.PARTIAL if has_error else Status.SUCCESS
        words = np.frombuffer(self._words, dtype=np.int32).reshape(-1, 4)
        return Document(
            doc_id=self._source.doc_id,
            source=self._source,
            text=text,
            pages=tuple(self._pages),
            blocks=tuple(self._blocks),
            layout=Layout(
                words[:, 0].copy(),
                words[:, 1].copy(),
                words[:, 2].copy(),
                words[:, 3].copy(),
                np.frombuffer(self._boxes, dtype=np.float32).reshape(-1, 4).copy(),
            ),
            parser=self._parser,
            status=status,
            issues=tuple(self.issues),
            title=self.title,
            published=self.published,
        )


def failed_document(source: SourceFile, code: str, message: str, parser: str) -> Document:
    """Return a document without text that says why."""
    return Document(
        doc_id=source.doc_id,
        source=source,
        text="",
        pages=(),
        blocks=(),
        layout=Layout.empty(),
        parser=parser,
        status=Status.FAILED,
        issues=(_issue(source, code, message, parser, None),),
    )


def _issue(
    source: SourceFile,
    code: str,
    message: str,
    parser: str,
    page: int | None,
    severity: Severity = "error",
) -> Issue:
    return Issue(code, severity, message, parser, source.doc_id, page, source.path)
