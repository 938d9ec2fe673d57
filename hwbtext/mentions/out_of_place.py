"""What a tagger said of coded passages whose places it had not learned from."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from hwbtext.mentions.tagger import Tagged
from hwbtext.records import CharSpan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from hwbtext.mentions.tagger import Thresholds
    from hwbtext.records import Category, Polarity

FILE_NAME = "out_of_place.csv"
_COLUMNS = (
    "sample", "id", "category", "polarity", "start", "end", "reach_start", "reach_end", "score",
)  # fmt: skip

Key = tuple[str, str]
"""Name of a sample, and id of a passage in it."""


@dataclass(frozen=True)
class Recorded:
    """A tagger that gives again what was said of texts: for scoring, nothing is computed.

    Attributes
    ----------
    said : mapping of str to tuple of Tagged
        By text.
    version : str
    thresholds : mapping of category to Thresholds
    """

    said: Mapping[str, tuple[Tagged, ...]]
    version: str
    thresholds: Mapping[Category, Thresholds]

    def read(self, text: str) -> tuple[Tagged, ...]:
        """Return what was said of a text.

        Raises
        ------
        KeyError
            Nothing was: the record is not of this text.
        """
        return self.said[text]


def write_out_of_place(said: Mapping[Key, Iterable[Tagged]], folder: Path) -> None:
    """Write what was said of each passage; one with nothing said has a line without category."""
    with (folder / FILE_NAME).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for (sample, unit), tagged in said.items():
            rows: list[tuple[object, ...]] = [
                (one.category, one.polarity, *one.span, *one.reach, f"{one.score:.4f}")
                for one in tagged
            ]
            for row in rows or [("",) * (len(_COLUMNS) - 2)]:
                writer.writerow((sample, unit, *row))


def read_out_of_place(folder: Path) -> dict[Key, tuple[Tagged, ...]]:
    """Return what :func:`write_out_of_place` wrote."""
    said: dict[Key, list[Tagged]] = {}
    with (folder / FILE_NAME).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found = said.setdefault((row["sample"], row["id"]), [])
            if row["category"]:
                found.append(
                    Tagged(
                        cast("Category", row["category"]),
                        cast("Polarity", row["polarity"]),
                        CharSpan(int(row["start"]), int(row["end"])),
                        CharSpan(int(row["reach_start"]), int(row["reach_end"])),
                        float(row["score"]),
                    )
                )
    return {key: tuple(found) for key, found in said.items()}
