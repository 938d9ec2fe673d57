"""The structure of a paper as renderables of rich; nothing is printed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rich import box
from rich.cells import cell_len
from rich.segment import Segment as RichSegment
from rich.style import Style
from rich.table import Table as RichTable
from rich.text import Text

from hwbtext.show.facts import counted, facts_of, people_of
from hwbtext.show.printable import on_one_line
from hwbtext.show.structure import Piece, after_title, n_columns, runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from hwbtext.records import AgendaItem, BlockKind
    from hwbtext.show.structure import Mark, Structure, Table

TAGS: dict[BlockKind, str] = {
    "heading": "h",
    "paragraph": "para",
    "list_item": "li",
    "table_cell": "tab",
    "caption": "cap",
    "footnote": "note",
    "furniture": "furn",
}
"""What the margin calls each kind of block; a level is written behind it."""
_PAGE_WIDTH = 6
_TAG_WIDTH = 9
_FACT_WIDTH = 11
_MOST_ROWS = 12  # rows of a table that are shown where not all is asked for
_CELL_WIDTH = 14  # a grid of narrower columns is harder to read than rows
_FIRST_WORDS = 240  # characters kept before a line is cut to the width of the terminal
_STYLES: dict[str, str] = {
    "heading": "bold",
    "caption": "italic",
    "footnote": "dim",
    "furniture": "dim",
    "item": "bold cyan",
    "resolution": "green",
    "action": "yellow",
    "vote": "magenta",
}


@dataclass(frozen=True, slots=True)
class Hung:
    """A renderable behind a margin, every line of it, without space at line ends.

    ``margin`` stands before the first line only; ``lead`` (a bar, an indent) before each.
    """

    body: RenderableType
    margin: tuple[tuple[str, str], ...]  # text and style
    lead: str = ""
    style: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines of the body, each behind its margin."""
        blank = " " * sum(cell_len(text) for text, _ in self.margin)
        width = max(options.max_width - len(blank) - len(self.lead), 20)
        lines = console.render_lines(self.body, options.update(width=width), pad=False)
        for number, line in enumerate(lines):
            for text, style in self.margin if number == 0 else ((blank, ""),):
                yield RichSegment(text, Style.parse(style))
            yield RichSegment(self.lead, Style.parse(self.style))
            yield from line
            yield RichSegment.line()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the structure before its page is known."""

    body: RenderableType
    tag: str = ""
    lead: str = ""
    style: str = ""

    def on_page(self, page: str) -> Hung:
        """Return the line with page and tag in its margin."""
        page, tag = page.ljust(_PAGE_WIDTH), self.tag.ljust(_TAG_WIDTH)
        return Hung(self.body, ((page, "dim"), (tag, self.style or "dim")), self.lead, self.style)


def render_head(structure: Structure) -> Iterator[RenderableType]:
    """Yield what the paper is, how it was read, and what is wrong with it."""
    yield Text(on_one_line(structure.document.source.path), style="bold")
    for name, value in (*facts_of(structure), *people_of(structure)):
        margin = ((f"  {name:<{_FACT_WIDTH}}", "dim"),)
        yield Hung(Text(on_one_line(value), overflow="fold"), margin)
    for issue in structure.findings.issues:
        style = {"error": "bold red", "warning": "yellow"}.get(issue.severity, "dim")
        where = f" (page {issue.page})" if issue.page else ""
        said = on_one_line(f"{issue.code}{where}: {issue.message}")
        yield Hung(Text(said, overflow="fold"), ((f"  {issue.severity:<{_FACT_WIDTH}}", style),))


def render_body(
    structure: Structure, *, full: bool = False, furniture: bool = False
) -> Iterator[RenderableType]:
    """Yield the blocks in reading order, page numbers and kinds in the margin.

    Parameters
    ----------
    structure : Structure
    full : bool
        Whether paragraphs and tables are shown whole, not only their first words and rows.
    furniture : bool
        Whether running heads, footers and page numbers are shown, dimmed.
    """
    pieces = [p for p in structure.pieces if furniture or p.block.kind != "furniture"]
    page: int | None = None
    for run in runs(pieces):
        first = run if isinstance(run, Piece) else run[0][0][0]
        label = f"p.{first.page}" if first.page is not None and first.page != page else ""
        page = first.page
        lines = _piece(run, full) if isinstance(run, Piece) else _table(run, full)
        for line in lines:
            yield line.on_page(label)
            label = ""


def _piece(piece: Piece, full: bool) -> Iterator[Line]:
    kind = piece.block.kind
    tag = _tag(piece)
    indent = "  " * max(piece.block.level - 1, 0) if kind == "list_item" else ""
    style = _STYLES.get(kind, "")
    if piece.item is not None:
        yield _item(piece.item, tag, full)
    for number, segment in enumerate(piece.segments):
        text = segment.text
        if segment.role != "plain":
            yield _decided(text, segment.number, full)
            continue
        if piece.item is not None and number == 0:
            text = after_title(text, piece.item)
        if text:
            yield Line(_words(text, full, style), tag=tag, lead=indent)
    yield from map(_mark, _shown_below(piece.marks))


def _tag(piece: Piece) -> str:
    return f"{TAGS[piece.block.kind]}{piece.block.level or ''}"


def _item(item: AgendaItem, tag: str, full: bool) -> Line:
    """Return the line of an item; what kind of block heads it stands in the margin."""
    lead = "  " * (item.level - 1) + (f"{on_one_line(item.number, 20)}  " if item.number else "")
    return Line(_words(item.title, full), f"item {tag}", lead, _STYLES["item"])


def _decided(text: str, number: str | None, full: bool) -> Line:
    tag = "res" if number is None else f"res ({on_one_line(number, 2)})"
    return Line(_words(text, full), tag=tag, lead="┃ ", style=_STYLES["resolution"])


def _shown_below(marks: Iterable[Mark]) -> Iterator[Mark]:
    """Yield the marks that stand in no other way: an item is a line, a resolution a bar."""
    return (mark for mark in marks if mark.kind in ("action", "vote"))


def _mark(mark: Mark, text: str = "") -> Line:
    tag = {"action": "act", "vote": "vote"}[mark.kind]
    style = _STYLES[mark.kind]
    said = _words("; ".join(mark.notes) + (f" - {text}" if text else ""), False, style)
    return Line(said, tag, lead="→ ", style=style)


def _words(text: str, full: bool, style: str = "") -> Text:
    if full:
        return Text(on_one_line(text), style=style)
    return Text(on_one_line(text, _FIRST_WORDS), style=style, no_wrap=True, overflow="ellipsis")


@dataclass(frozen=True, slots=True)
class _Grid:
    """A table as a grid where its columns are wide enough, else as rows of cells."""

    rows: tuple[tuple[str, ...], ...]
    full: bool

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        n = len(self.rows[0])
        if n < 2 or options.max_width < n * _CELL_WIDTH:
            for row in self.rows:
                yield _words(" | ".join(row), self.full)
            return
        grid = RichTable(box=box.SQUARE, show_header=False, show_lines=self.full)
        natural = [max(1, *map(cell_len, column)) for column in zip(*self.rows, strict=True)]
        # A grid takes a bar and two spaces for each column, and a bar at its end.
        for width in fit_widths(natural, options.max_width - 3 * n - 1):
            overflow: Literal["fold", "ellipsis"] = "fold" if self.full else "ellipsis"
            grid.add_column(width=width, no_wrap=not self.full, overflow=overflow)
        for row in self.rows:
            grid.add_row(*map(Text, row))
        yield grid


def fit_widths(natural: Sequence[int], available: int) -> list[int]:
    """Cut the widest columns to one width, so that all of them fit.

    Examples
    --------
    >>> fit_widths([3, 80, 40], available=43)
    [3, 20, 20]
    """
    widest = max(natural)
    while widest > 1 and sum(min(width, widest) for width in natural) > available:
        widest -= 1
    return [min(width, widest) for width in natural]


def _table(table: Table, full: bool) -> Iterator[Line]:
    shown = table if full or len(table) <= _MOST_ROWS + 2 else table[:_MOST_ROWS]
    rows = tuple(tuple(_cells(row, n_columns(table), full)) for row in shown)
    yield Line(_Grid(rows, full), tag=TAGS["table_cell"])
    if len(shown) < len(table):
        more = counted(len(table) - len(shown), "more row")
        yield Line(Text(f"… {more} (--full shows them)", style="dim"))
    for row in table:
        for cell in row:
            for piece in cell:
                yield from _findings_in_cell(piece)


def _cells(row: tuple[tuple[Piece, ...], ...], width: int, full: bool) -> Iterator[str]:
    """Yield the texts of a row, an empty one where a column has no cell."""
    texts = {cell[0].block.column or 0: " / ".join(piece.text for piece in cell) for cell in row}
    for column in range(width):
        yield on_one_line(texts.get(column, ""), None if full else _FIRST_WORDS)


def _findings_in_cell(piece: Piece) -> Iterator[Line]:
    if piece.item is not None:
        yield _item(piece.item, _tag(piece), full=False)
    for segment in piece.segments:
        if segment.role != "plain":
            yield _decided(segment.text, segment.number, full=False)
    for mark in _shown_below(piece.marks):
        # Which of the rows above it is of is told by its words.
        at = mark.span.start - piece.block.span.start
        yield _mark(mark, piece.text[at:])
