"""Fill the template: boxes over the pictures of the pages, and the text beside them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.pages import page_environment
from hwbtext.records import BBox, CharSpan
from hwbtext.show.facts import KIND_NAMES, facts_of, people_of, written_ranges
from hwbtext.show.printable import printable
from hwbtext.show.structure import MARK_KINDS, Piece, n_columns, runs
from hwbtext.show.target import MARKER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jinja2 import Environment

    from hwbtext.records import BlockKind, Region
    from hwbtext.show.pictures import Picture
    from hwbtext.show.structure import Mark, Structure, Table

LETTERS: dict[BlockKind, str] = {
    "heading": "H",
    "paragraph": "P",
    "list_item": "L",
    "table_cell": "T",
    "caption": "C",
    "footnote": "N",
    "furniture": "F",
}
"""Stands in the label of each box with the number: a kind is not told by its colour alone."""


@dataclass(frozen=True, slots=True)
class Box:
    """The box of a block, or of a part of it in one column, in points on its page."""

    piece: Piece
    bbox: BBox
    first: bool  # where the block begins: it carries the label


@dataclass(frozen=True, slots=True)
class Frame:
    """The stronger frame of an item, resolution, action or vote."""

    kind: str
    label: str
    bbox: BBox
    first: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as the template shows it; ``number`` is None for a document without pages."""

    number: int | None
    picture: Picture | None
    boxes: tuple[Box, ...]
    frames: tuple[Frame, ...]
    runs: tuple[Piece | Table, ...]
    continued: tuple[Piece, ...]  # blocks that began on an earlier page
    without_text: bool


def render(structure: Structure, pictures: Mapping[int, Picture]) -> str:
    """Return the page; nothing is written.

    Parameters
    ----------
    structure : Structure
    pictures : mapping of int to Picture
        As :func:`hwbtext.show.pictures.draw_pages` returns them.
    """
    counts: defaultdict[str, int] = defaultdict(int)
    for piece in structure.pieces:
        counts[piece.block.kind] += 1
        for mark in piece.marks:
            counts[mark.kind] += 1
    return (
        _environment()
        .get_template("structure.html.j2")
        .render(
            structure=structure,
            name=structure.document.source.path,
            facts=tuple(facts_of(structure)),
            people=tuple(people_of(structure)),
            sheets=tuple(_sheets(structure, pictures)),
            kinds=[(kind, name, LETTERS[kind], counts[kind]) for kind, name in KIND_NAMES.items()],
            marks=[(kind, counts[kind]) for kind in MARK_KINDS],
            left_out=_left_out(structure),
            marker=MARKER,
            is_table=lambda run: isinstance(run, tuple),
        )
    )


def _left_out(structure: Structure) -> str:
    """Return the pages of the document that are not shown, as people write them; or none."""
    if not structure.pages:
        return ""
    shown = set(structure.pages)
    return written_ranges(
        page.number for page in structure.document.pages if page.number not in shown
    )


def _sheets(structure: Structure, pictures: Mapping[int, Picture]) -> Iterator[Sheet]:
    if not structure.pages:
        yield Sheet(None, None, (), (), tuple(runs(structure.pieces)), (), without_text=False)
        return
    boxes = _boxes(structure)
    frames = _frames(structure)
    begun: defaultdict[int | None, list[Piece]] = defaultdict(list)
    continued: defaultdict[int | None, list[Piece]] = defaultdict(list)
    for piece in structure.pieces:
        begun[piece.page].append(piece)
        if piece.last_page != piece.page:
            continued[piece.last_page].append(piece)
    layers = {page.number: page.text_layer for page in structure.document.pages}
    for number in structure.pages:
        yield Sheet(
            number,
            pictures.get(number),
            tuple(boxes[number]),
            tuple(frames[number]),
            tuple(runs(begun[number])),
            tuple(continued[number]),
            without_text=layers.get(number) == "none",
        )


def _boxes(structure: Structure) -> defaultdict[int, list[Box]]:
    found: defaultdict[int, list[Box]] = defaultdict(list)
    for piece in structure.pieces:
        regions = structure.document.layout.regions(piece.block.span)
        for at, (page, bbox) in enumerate(join_lines(regions)):
            found[page].append(Box(piece, bbox, first=at == 0))
    return found


def _frames(structure: Structure) -> defaultdict[int, list[Frame]]:
    found: defaultdict[int, list[Frame]] = defaultdict(list)
    for piece in structure.pieces:
        for mark in piece.marks:
            regions = structure.document.layout.regions(_framed(mark, piece))
            # In a table the label of an item would cover the next cell.
            label = "" if mark.kind == "item" and piece.block.row is not None else mark.label
            for at, (page, bbox) in enumerate(join_lines(regions)):
                found[page].append(Frame(mark.kind, label, bbox, first=at == 0))
    return found


def _framed(mark: Mark, piece: Piece) -> CharSpan:
    """Return what is framed: of an item its heading, not the pages up to the next one."""
    return piece.block.span if mark.kind == "item" else mark.span


def join_lines(regions: Iterable[Region]) -> Iterator[tuple[int, BBox]]:
    """Join printed lines that follow one another down a column.

    Yields
    ------
    tuple of int and BBox
        The page and one box a column: a block that goes on at the head of the next column
        has two, and neither covers what is printed between them.

    Examples
    --------
    >>> from hwbtext.records import Region
    >>> lines = [Region(1, BBox(50, 700, 250, 712)), Region(1, BBox(300, 60, 500, 72))]
    >>> len(list(join_lines(lines)))
    2
    """
    page: int | None = None
    box = BBox(0.0, 0.0, 0.0, 0.0)
    for region in regions:
        new = region.bbox
        height = max(new.bottom - new.top, 1.0)
        below = box.top - height <= new.top <= box.bottom + 4 * height
        beside = new.x0 <= box.x1 + 4 * height and new.x1 >= box.x0 - 4 * height
        if page == region.page and below and beside:
            box = BBox(
                min(box.x0, new.x0), min(box.top, new.top),
                max(box.x1, new.x1), max(box.bottom, new.bottom),
            )  # fmt: skip
            continue
        if page is not None:
            yield page, box
        page, box = region.page, new
    if page is not None:
        yield page, box


def _label(piece: Piece) -> str:
    """Return what the box of a block is called: its number, kind and level."""
    block = piece.block
    if block.row is not None:
        # A row is labelled once: labels of every cell would cover its text.
        return f"{piece.number} T" if not block.column else ""
    return f"{piece.number} {LETTERS[block.kind]}{block.level or ''}"


def _environment() -> Environment:
    environment = page_environment("hwbtext.show", printable)
    environment.filters["label"] = _label
    environment.filters["n_columns"] = n_columns
    environment.filters["points"] = lambda value: f"{value:.1f}"
    environment.filters["kind_name"] = lambda kind: KIND_NAMES[kind]
    return environment
