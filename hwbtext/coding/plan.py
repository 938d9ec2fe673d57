"""A probability sample of passages, drawn so that each one's probability is known."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hwbtext.coding.drawing import ALLOCATIONS, Allocation, allocate, draw_systematic, thin
from hwbtext.coding.frame import Candidate, LeftOut, build_frame
from hwbtext.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.coding.frame import Passages
    from hwbtext.gold import Pool

SYSTEMATIC = "systematic"
"""Stratum of what :func:`plan_sample` draws, as gold names it."""

_WHOLE = "all"  # the one cell of a sample that is not stratified


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """One passage to code.

    Attributes
    ----------
    id : str
        Made from the passage's id, so that kits can be put together.
    cell : str
        The cell of the design that it was drawn in: "Carrow · 2019".
    stratum : str
        How it was drawn, as gold says it: "systematic", or "uncertain" for what a model
        picked (never to be used for a rate).
    prob : float or None
        Inclusion probability, in (0, 1]; None in the training pool.
    before, after : str or None
        The passages beside it under the same agenda item, cut short.
    copies : int
        Passages of the same site and year with this text, itself included. ``copies / prob``
        weighs passages, ``1 / prob`` distinct texts.
    """

    id: str
    text: str
    place: str
    site: str
    year: int | None
    item: str | None
    before: str | None
    after: str | None
    cell: str
    stratum: str
    prob: float | None
    copies: int
    doc: str | None
    page: int | None
    doc_sha256: str | None
    doc_start: int | None
    doc_end: int | None
    passage_id: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the design: passages and documents in the frame, and passages drawn."""

    name: str
    n_frame: int
    n_documents: int
    n_drawn: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A sample to code, and how it was drawn; ``design`` says it in words.

    ``n_frame`` counts the passages that could have been drawn, after ``left_out``.
    """

    name: str
    pool: Pool
    by: tuple[str, ...]
    seed: int
    design: str
    n_frame: int
    cells: tuple[Cell, ...]
    left_out: tuple[LeftOut, ...]
    units: tuple[PlannedUnit, ...]

    def __len__(self) -> int:
        return len(self.units)

    @property
    def weights(self) -> tuple[float, ...]:
        """Return the Horvitz-Thompson weight of each unit, ``1 / prob``, shape (n_units,).

        Raises
        ------
        InputError
            The plan is of the training pool, whose units have no probability.
        """
        found = tuple(unit.prob for unit in self.units)
        weights = tuple(1 / prob for prob in found if prob is not None)
        if len(weights) != len(found):
            msg = f"The plan {self.name!r} is of the {self.pool} pool: its units have no weight."
            raise InputError(msg)
        return weights


def plan_sample(
    passages: Passages,
    n: int,
    by: Sequence[str] = ("site", "year"),
    seed: int = 0,
    *,
    allocation: Allocation = "proportional",
    minimum: int = 2,
    most_per_document: int = 10,
    name: str = "sample",
) -> Plan:
    """Draw a probability sample of passages for coding, and log each one's probability.

    The cells of ``by`` share ``n`` by their sizes, with a minimum, or equally. In each cell
    the sample is systematic from a random start, through the documents in order of meeting
    and the passages in order of the text, so that it spreads over meetings and within a long
    paper; documents so long that more than ``most_per_document`` would be expected of them
    are thinned, and the probabilities say so. Where there are more cells than ``n`` allows,
    the last names of ``by`` order the list instead of cutting it (implicit stratification).

    Fragments are left out. A text that stands more than once in one site and year is drawn
    at most once; ``copies`` counts how often it stands.

    Parameters
    ----------
    passages : pandas.DataFrame, or sequence of mappings or of Passage
        One row a passage: ``passage_id`` and ``text``, the columns of ``by``, and where there
        are any ``doc_id``, ``start``, ``end``, ``fragment``, ``item_title``, ``page``,
        ``meeting_date``, ``doc_sha256``, ``doc``, ``place``. :func:`load_passages` gives such
        a table of a run. "site" is the name of the site, else ``site_id``; a value that is
        missing makes a cell of its own, "not told".
    n : int
        Passages to draw, at least 1.
    by : sequence of str
        Columns whose values make the cells; empty for one cell.
    seed : int
        Same seed, same passages, in whatever order: same sample.
    allocation : {"proportional", "equal"}
    minimum : int
        Fewest of a cell that has as many, where the allocation is proportional.
    most_per_document : int
        Most passages of one document in a cell, where the other documents can fill it.
    name : str
        What the sample will be called.

    Returns
    -------
    Plan
        Its units are ordered by cell, meeting and position.

    Raises
    ------
    InputError
        A column is missing, an id stands twice, or ``n`` is more than there are passages.

    References
    ----------
    Horvitz and Thompson (1952), A generalization of sampling without replacement from a
    finite universe. Madow (1949), On the theory of systematic sampling, II.

    Examples
    --------
    >>> rows = [{"passage_id": f"p{i}", "doc_id": f"d{i // 10}", "start": i, "site": "Carrow",
    ...          "year": 2018 + i // 30, "fragment": False,
    ...          "text": f"The Board noted report {i}."} for i in range(60)]
    >>> plan = plan_sample(rows, 6)
    >>> [(cell.name, cell.n_drawn) for cell in plan.cells]
    [('Carrow · 2018', 3), ('Carrow · 2019', 3)]
    >>> {unit.prob for unit in plan.units}, sum(plan.weights)
    ({0.1}, 60.0)
    """
    _check(n, seed, allocation, minimum, most_per_document)
    if isinstance(by, str):
        msg = f"by must be a sequence of column names: ('site', 'year'). Got {by!r}."
        raise InputError(msg)
    by = tuple(by)
    frame, left_out = build_frame(passages, by)
    if n > len(frame):
        out = "; ".join(f"{part.n} {part.reason}" for part in left_out) or "none"
        msg = (
            f"n must be at most {len(frame)}, the passages that can be drawn (left out: {out}). "
            f"Got {n}."
        )
        raise InputError(msg)
    depth = _depth(frame, n, minimum if allocation == "proportional" else 1)
    cells: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in sorted(frame, key=lambda unit: (unit.cell, unit.order)):
        cells[" · ".join(candidate.cell[:depth]) or _WHOLE].append(candidate)
    least = minimum if allocation == "proportional" and depth == len(by) else 0
    sizes = {cell: len(found) for cell, found in cells.items()}
    wanted = allocate(sizes, n, allocation=allocation, minimum=least)
    units: list[PlannedUnit] = []
    logged: list[Cell] = []
    n_lifted = 0
    for cell, found in cells.items():
        lengths: dict[str, int] = defaultdict(int)
        for candidate in found:
            lengths[candidate.doc_id] += 1
        logged.append(Cell(cell, len(found), len(lengths), wanted[cell]))
        if not wanted[cell]:
            continue
        chances, cap = thin(lengths, wanted[cell], most_per_document)
        n_lifted += cap > most_per_document
        probs = [chances[candidate.doc_id] for candidate in found]
        start = np.random.default_rng([seed, *hashlib.sha256(cell.encode()).digest()]).random()
        units += [
            to_unit(found[index], cell, SYSTEMATIC, float(probs[index]))
            for index in draw_systematic(probs, float(start))
        ]
    design = _describe(by, depth, len(cells), allocation, least, most_per_document, n_lifted)
    return Plan(
        name, "estimation", by, seed, design, len(frame), tuple(logged), left_out, tuple(units)
    )


def to_unit(found: Candidate, cell: str, stratum: str, prob: float | None) -> PlannedUnit:
    """Return a candidate as a unit of a plan, with an id made from the passage's."""
    return PlannedUnit(
        id="p" + hashlib.sha256(found.passage_id.encode()).hexdigest()[:10],
        text=found.text,
        place=found.place,
        site=found.site,
        year=found.year,
        item=found.item,
        before=found.before,
        after=found.after,
        cell=cell,
        stratum=stratum,
        prob=prob,
        copies=found.copies,
        doc=found.doc,
        page=found.page,
        doc_sha256=found.doc_sha256,
        doc_start=found.start,
        doc_end=found.end,
        passage_id=found.passage_id,
    )


def _depth(frame: Sequence[Candidate], n: int, minimum: int) -> int:
    """Return how many names of ``by`` can cut the frame with the minimum in every cell."""
    for depth in range(len(frame[0].cell), 0, -1):
        sizes: dict[tuple[str, ...], int] = defaultdict(int)
        for candidate in frame:
            sizes[candidate.cell[:depth]] += 1
        if sum(min(size, max(minimum, 1)) for size in sizes.values()) <= n:
            return depth
    return 0


def _describe(
    by: Sequence[str],
    depth: int,
    n_cells: int,
    allocation: Allocation,
    least: int,
    most: int,
    n_lifted: int,
) -> str:
    if depth:
        shares = {"proportional": "in proportion to size", "equal": "equally"}[allocation]
        cut = f"Stratified by {', '.join(by[:depth])} ({n_cells} cells), shared {shares}"
        cut += f", at least {least} in each" if least else ""
    else:
        cut = "Not stratified"
    rest = f"; ordered by {', '.join(by[depth:])}, too many cells to cut by" if by[depth:] else ""
    lifted = f" (more in {n_lifted} that had too few documents)" if n_lifted else ""
    return (
        f"{cut}{rest}. Systematic from a random start (Madow 1949) through documents by "
        f"meeting and passages by position; at most {most} of one document in a cell{lifted}. "
        "Fragments left out; a text that repeats in a site and year is one unit."
    )


def _check(n: int, seed: int, allocation: str, minimum: int, most_per_document: int) -> None:
    for name, value, least in (
        ("n", n, 1),
        ("seed", seed, 0),
        ("minimum", minimum, 0),
        ("most_per_document", most_per_document, 1),
    ):
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            msg = f"{name} must be a whole number of at least {least}. Got {value!r}."
            raise InputError(msg)
    if allocation not in ALLOCATIONS:
        msg = f"allocation must be one of {', '.join(ALLOCATIONS)}. Got {allocation!r}."
        raise InputError(msg)
