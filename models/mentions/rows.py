"""The coded passages that the tagger of mentions learns from.

Three kinds, all **model-annotated**: the gold samples (`models.gold`); passages of public pages
restated in our own words (`corpora/gold/mentions-v1`), which ship; and verbatim passages of
../shared/real, whose text does not: ``verbatim.jsonl`` holds their codes by the SHA-256 of their
text, and ``hwbtext mine`` gives the texts back.
"""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from hwbtext.records import CATEGORIES, POLARITIES
from models.gold import load_all

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
VERBATIM = HERE / "verbatim.jsonl"
FOLDS = HERE / "folds.csv"
RESTATED = HERE.parent.parent / "corpora" / "gold" / "mentions-v1" / "training.jsonl"


class Mark(NamedTuple):
    """A coded mention: positions of category and polarity in their lists, and characters."""

    category: int
    polarity: int
    start: int
    end: int


class Row(NamedTuple):
    """A coded passage; ``sample`` and ``id`` say which."""

    sample: str
    id: str
    place: str
    text: str
    marks: tuple[Mark, ...]


def load_rows(shared: Path, runs: Iterable[Path]) -> list[Row]:
    """Return all passages; a few texts are in two samples.

    Parameters
    ----------
    shared : Path
        Where the gold lies.
    runs : iterable of Path
        Folders that ``hwbtext mine`` wrote of ../shared/real; verbatim passages that are in
        none of them are left out, and counted on the terminal.
    """
    return [*_gold(shared), *_restated(), *_verbatim(runs)]


def distinct(rows: Iterable[Row]) -> list[Row]:
    """Return the first row of each text: what is learned from, and by whose place it is read."""
    once: dict[str, Row] = {}
    for row in rows:
        once.setdefault(row.text, row)
    return list(once.values())


def read_folds() -> dict[str, int]:
    """Return the fold of each place: places that lie in one another have one fold."""
    with FOLDS.open(encoding="utf-8", newline="") as file:
        return {row["place"]: int(row["fold"]) for row in csv.DictReader(file)}


def _gold(shared: Path) -> list[Row]:
    rows = []
    for sample in load_all(shared):
        for unit in sample.units:
            coding = unit.reference
            if coding is not None:
                marks = (_mark(m.category, m.polarity, m.start, m.end) for m in coding.mentions)
                rows.append(Row(sample.name, unit.id, unit.place, unit.text, tuple(marks)))
    return rows


def _restated() -> list[Row]:
    rows = []
    for line in RESTATED.read_text("utf-8").splitlines():
        row = json.loads(line)
        marks = (_mark(m["category"], m["polarity"], m["start"], m["end"]) for m in row["mentions"])
        rows.append(Row("mentions-v1/training", row["id"], row["place"], row["text"], tuple(marks)))
    return rows


def _verbatim(runs: Iterable[Path]) -> list[Row]:
    texts: dict[str, str] = {}
    for run in runs:
        for text in pd.read_parquet(run / "passages.parquet", columns=["text"])["text"]:
            texts[hashlib.sha256(text.encode()).hexdigest()] = text
    rows, lost = [], 0
    for line in VERBATIM.read_text("utf-8").splitlines():
        row = json.loads(line)
        text = texts.get(row["text_sha256"])
        if text is None:
            lost += 1
            continue
        marks = tuple(_mark(*mark) for mark in row["mentions"])
        rows.append(Row("verbatim", row["id"], row["place"], text, marks))
    print(f"{len(rows)} verbatim passages; {lost} are in no run.")
    return rows


def _mark(category: str, polarity: str, start: int, end: int) -> Mark:
    return Mark(CATEGORIES.index(category), POLARITIES.index(polarity), start, end)
