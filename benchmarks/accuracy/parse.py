"""Score the PDF parser on pages and tables that were read as pictures.

    python -m benchmarks.accuracy.parse --shared ../shared

Pages, in the manner of olmOCR-bench: readers (language models, not people) looked at pictures of
real pages and wrote down strings that are furniture and must be absent from the body, pairs that
must come in this order, and cells that share a row. ``parse_pages.csv`` and ``parse_tables.csv``
keep them as lengths and salted hashes (:mod:`benchmarks.accuracy.seal`), never as text. Neither
reader saw what any parser made of the page. The rules of the parser were mended while looking at
mistakes on the development set; papers of the held-out set are others.

Tables: cells as a reader wrote them down. "Cells": a cell counts where its whole text is right.
"Neighbours": pairs of cells next to each other in a row or a column (blank ones passed over),
the measure of the ICDAR 2013 table competition (Göbel et al. 2013).

    python -m benchmarks.accuracy.parse --seal READINGS.jsonl ... --shared ../shared

writes the two files anew from readings that lie outside the repository.
"""

from __future__ import annotations

import argparse
import bisect
import csv
import hashlib
import json
from collections import Counter, defaultdict
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.stats import binomtest

from benchmarks.accuracy.seal import find_sealed, sealed, squeeze
from benchmarks.results import measured_on, write_section
from hwbtext.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hwbtext.records import Document

_HERE = Path(__file__).parent
_PAGES, _TABLES = _HERE / "parse_pages.csv", _HERE / "parse_tables.csv"
_PAGE_FIELDS = ("set", "doc_id", "page", "kind", "why", "n_a", "hash_a", "n_b", "hash_b")
_TABLE_FIELDS = ("set", "doc_id", "page", "table", "ruled", "row", "column", "n", "hash")

Grid = list[list[tuple[int, str]]]
"""Rows of sealed cells; an empty one has length 0."""


class Words(NamedTuple):
    """Words of one page in the order of the text: squeezed, and where each one begins."""

    text: str
    starts: list[int]

    def places(self, n: int, digest: str, salt: str) -> list[int]:
        """Return where a sealed string stands, from word to word."""
        ends = {*self.starts[1:], len(self.text)}
        return [
            at
            for at in find_sealed(self.text, n, digest, salt)
            if self.starts[bisect.bisect_right(self.starts, at) - 1] == at and at + n in ends
        ]


def words_of(texts: Iterable[str]) -> Words:
    """Return words as :class:`Words`; those without a letter or digit leave no trace."""
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for text in texts:
        if squeezed := squeeze(text):
            parts.append(squeezed)
            starts.append(length)
            length += len(squeezed)
    return Words("".join(parts), starts)


def body_words(document: Document, page: int) -> Words:
    """Return the words of a page that stand in no furniture."""
    return words_of(_page_words(document, page, range(len(document.blocks))))


def _page_words(document: Document, page: int, blocks: Iterable[int]) -> Iterable[str]:
    starts, ends = document.layout.starts, document.layout.ends
    for index in blocks:
        block = document.blocks[index]
        if block.kind == "furniture":
            continue
        first = int(np.searchsorted(starts, block.span.start))
        last = int(np.searchsorted(starts, block.span.end))
        for word in range(first, last):
            if int(document.layout.pages[word]) == page:
                yield document.text[starts[word] : ends[word]]


def table_rows(document: Document, page: int) -> list[list[list[str]]]:
    """Return the tables of a page: rows of cells; a table ends where other text comes."""
    tables: list[list[list[str]]] = []
    blocks = [b for b in document.blocks if document.page_of(b.span.start) == page]
    for in_table, run in groupby(blocks, lambda block: block.kind == "table_cell"):
        if not in_table:
            continue
        rows = []
        for _, cells in groupby(run, lambda block: block.row):
            row: list[str] = []
            for block in cells:
                row += [""] * (block.column + 1 - len(row))
                text = document.text[block.span.start : block.span.end]
                row[block.column] = f"{row[block.column]} {text}".strip()
            rows.append(row)
        tables.append(rows)
    return tables


def page_test(document: Document, test: dict[str, str]) -> bool:
    """Return whether a page passes one test."""
    page, salt = int(test["page"]), document.doc_id
    one = int(test["n_a"]), test["hash_a"], salt
    if test["kind"] == "absent":
        return not body_words(document, page).places(*one)
    other = int(test["n_b"]), test["hash_b"], salt
    if test["kind"] == "order":
        text = body_words(document, page).text
        first, second = find_sealed(text, *one), find_sealed(text, *other)
        return bool(first and second) and min(first) < max(second)
    for row in (row for table in table_rows(document, page) for row in table):
        cells = [words_of(cell.split()) for cell in row]
        with_one = {i for i, cell in enumerate(cells) if cell.places(*one)}
        with_other = {i for i, cell in enumerate(cells) if cell.places(*other)}
        if with_one and with_other and (len(with_one | with_other) > 1):
            return True
    return False


def neighbours(grid: Grid) -> Counter[tuple[str, str, str]]:
    """Return pairs of neighbouring cells: to the right, and below."""
    found: Counter[tuple[str, str, str]] = Counter()
    for row in grid:
        filled = [digest for n, digest in row if n]
        found.update(("right", a, b) for a, b in pairwise(filled))
    for column in range(max(map(len, grid), default=0)):
        filled = [row[column][1] for row in grid if column < len(row) and row[column][0]]
        found.update(("below", a, b) for a, b in pairwise(filled))
    return found


def cells(grid: Grid) -> Counter[str]:
    """Return the filled cells of a table."""
    return Counter(digest for row in grid for n, digest in row if n)


def matching(tables: Sequence[Grid], truth: Grid) -> list[Grid]:
    """Return the tables that were made of this one: half of their cells, or of its, are shared."""
    wanted = cells(truth)
    chosen = []
    for grid in tables:
        shared = (cells(grid) & wanted).total()
        if shared and shared >= 0.5 * min(cells(grid).total(), wanted.total()):
            chosen.append(grid)
    return chosen


class Tally(NamedTuple):
    """Right, found, and to be found."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    def __add__(self, other: Tally) -> Tally:  # type: ignore[override]
        return Tally(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        return 2 * self.right / max(1, self.found + self.wanted)


def table_score(tables: Sequence[Grid], truth: Grid) -> tuple[Tally, Tally]:
    """Return the tallies of cells and of neighbours of one table."""
    made = matching(tables, truth)
    tallies = []
    for count in (cells, neighbours):
        found: Counter[object] = Counter()
        for grid in made:
            found.update(count(grid))
        wanted = count(truth)
        tallies.append(Tally((found & wanted).total(), found.total(), wanted.total()))
    return tallies[0], tallies[1]


def _interval(tallies: dict[str, list[Tally]]) -> tuple[float, float]:
    """Return a 95% interval of F1 that resamples papers."""
    rng = np.random.default_rng(0)
    papers = [np.array(list(map(sum, zip(*t, strict=True)))) for t in tallies.values()]
    table = np.array(papers)
    draws = rng.integers(0, len(table), (2_000, len(table)))
    sums = table[draws].sum(axis=1)
    f1 = 2 * sums[:, 0] / np.maximum(1, sums[:, 1] + sums[:, 2])
    low, high = np.quantile(f1, [0.025, 0.975])
    return float(low), float(high)


def _wilson(right: int, n: int) -> str:
    interval = binomtest(right, n).proportion_ci(method="wilson")
    return f"{interval.low:.0%} to {interval.high:.0%}"


def plumber_tables(path: Path, page: int, salt: str) -> list[Grid]:
    """Return what pdfplumber's own ``extract_tables`` finds."""
    import pdfplumber

    with pdfplumber.open(path, pages=[page]) as pdf:
        tables = pdf.pages[0].extract_tables()
    return [[[sealed(cell or "", salt) for cell in row] for row in table] for table in tables]


@cache
def papers(real: Path) -> dict[str, Path]:
    """Return the PDFs of the real papers by document id."""
    return {
        hashlib.sha256(path.read_bytes()).hexdigest()[:16]: path
        for path in sorted(real.rglob("*.pdf"))
    }


def seal(readings: Sequence[Path], real: Path) -> None:
    """Write both truth files from readings with text."""
    pages, tables = [], []
    for path in readings:
        for line in path.read_text(encoding="utf-8").splitlines():
            reading = json.loads(line)
            data = (real / reading["file"]).read_bytes()
            doc_id = hashlib.sha256(data).hexdigest()[:16]
            if "rows" in reading:
                for r, row in enumerate(reading["rows"]):
                    for c, cell in enumerate(row):
                        ruled = str(reading["ruled"]).lower()
                        where = (doc_id, reading["page"], reading["table"], ruled, r, c)
                        tables.append((reading["set"], *where, *sealed(cell, doc_id)))
            else:
                part = "development" if "dev" in path.stem else "held_out"
                ends = (
                    *sealed(reading["a"], doc_id),
                    *(sealed(reading["b"], doc_id) if "b" in reading else ("", "")),
                )
                what = (doc_id, reading["page"], reading["kind"], reading["why"])
                pages.append((part, *what, *ends))
    for target, fields, rows in ((_PAGES, _PAGE_FIELDS, pages), (_TABLES, _TABLE_FIELDS, tables)):
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(fields)
            writer.writerows(rows)


def score_pages(real: Path, *, show: bool) -> list[str]:
    """Return the table of page tests."""
    tests = list(csv.DictReader(_PAGES.read_text(encoding="utf-8").splitlines()))
    documents = papers(real)
    counts: defaultdict[tuple[str, str, str], list[bool]] = defaultdict(list)
    n_pages: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for doc_id, group in groupby(sorted(tests, key=lambda t: t["doc_id"]), lambda t: t["doc_id"]):
        document = parse(documents[doc_id])
        for test in group:
            passed = page_test(document, test)
            counts[test["set"], test["kind"], test["why"]].append(passed)
            counts[test["set"], test["kind"], "all"].append(passed)
            n_pages[test["set"]].add((doc_id, test["page"]))
            if show and not passed and test["set"] == "development":
                number = tests.index(test)
                print(f"failed: test {number} {documents[doc_id].name} p{test['page']}", test)
    lines = ["| set | kind | why | passed | 95% interval |", "|---|---|---|---|---|"]
    for (part, kind, why), passed in sorted(counts.items()):
        name = "**all**" if why == "all" else why
        share = f"{sum(passed)}/{len(passed)} ({sum(passed) / len(passed):.1%})"
        interval = _wilson(sum(passed), len(passed)) if why == "all" else ""
        lines.append(f"| {part.replace('_', ' ')} | {kind} | {name} | {share} | {interval} |")
    sizes = ", ".join(f"{len(n_pages[part])} pages {part.replace('_', ' ')}" for part in n_pages)
    return [f"Pages: {sizes}.", "", *lines]


def score_tables(real: Path, *, show: bool) -> list[str]:
    """Return the table of table scores, beside pdfplumber's own."""
    rows = list(csv.DictReader(_TABLES.read_text(encoding="utf-8").splitlines()))
    documents = papers(real)
    tallies: defaultdict[tuple[str, str, str, str], dict[str, list[Tally]]] = defaultdict(
        lambda: defaultdict(list)
    )
    parsed = {doc_id: parse(documents[doc_id]) for doc_id in {row["doc_id"] for row in rows}}
    n_tables: Counter[tuple[str, str]] = Counter()
    for key, group in groupby(rows, lambda t: (t["set"], t["doc_id"], t["page"], t["table"])):
        cells_of_table = list(group)
        part, doc_id, page, _ = key
        ruled = {"true": "ruled", "false": "no rules"}.get(cells_of_table[0]["ruled"], "some rules")
        truth: Grid = [
            [(int(cell["n"]), cell["hash"]) for cell in row]
            for _, row in groupby(cells_of_table, lambda t: t["row"])
        ]
        ours = [
            [[sealed(cell, doc_id) for cell in row] for row in table]
            for table in table_rows(parsed[doc_id], int(page))
        ]
        theirs = plumber_tables(documents[doc_id], int(page), doc_id)
        for system, tables in (("hwbtext", ours), ("pdfplumber", theirs)):
            in_cells, in_pairs = table_score(tables, truth)
            for kind in (ruled, "all"):
                tallies[part, kind, "cells", system][doc_id].append(in_cells)
                tallies[part, kind, "neighbours", system][doc_id].append(in_pairs)
            if show and part == "dev" and system == "hwbtext":
                name = documents[doc_id].name
                print(f"table {name} p{page}: {in_cells.f1:.2f} {in_pairs.f1:.2f} {in_cells}")
        n_tables[part, ruled] += 1
        n_tables[part, "all"] += 1
    lines = [
        "| set | rules | tables | measure | system | precision | recall | F1 | 95% interval |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for (part, kind, measure, system), by_paper in sorted(tallies.items()):
        total = sum((t for ts in by_paper.values() for t in ts), start=Tally())
        low, high = _interval(by_paper)
        precision, recall = total.right / max(1, total.found), total.right / max(1, total.wanted)
        lines.append(
            f"| {'development' if part == 'dev' else 'held out'} | {kind} | {n_tables[part, kind]} "
            f"| {measure} | {system} | {precision:.3f} | {recall:.3f} | **{total.f1:.3f}** "
            f"| {low:.2f} to {high:.2f} |"
        )
    return lines


def main() -> None:
    """Score pages and tables and write the section, or seal new readings."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--shared", type=Path, default=Path("../shared"))
    arguments.add_argument("--seal", type=Path, nargs="+", metavar="READINGS")
    arguments.add_argument("--show", action="store_true", help="print the development failures")
    arguments.add_argument("--dry-run", action="store_true", help="leave RESULTS.md as it is")
    given = arguments.parse_args()
    real = given.shared / "real"
    if given.seal:
        seal(given.seal, real)
        return
    lines = [
        "## Parsing: furniture, order, tables",
        "",
        f"`python -m benchmarks.accuracy.parse`, {measured_on()}.",
        "Truth, model-annotated: language models, not people, looked at pictures of the pages,",
        "before and apart from any parser; kept as hashes.",
        "",
        *score_pages(real, show=given.show),
        "",
        "Tables, transcribed from pictures by language models; papers resampled for the interval.",
        "",
        *score_tables(real, show=given.show),
    ]
    print("\n".join(lines))
    if not given.dry_run:
        write_section("parse", "\n".join(lines))


if __name__ == "__main__":
    main()
