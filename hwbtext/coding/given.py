"""The passages that sheets are about: those of the kit's plan, or as the sheets give them."""

from __future__ import annotations

import math
from difflib import get_close_matches
from typing import TYPE_CHECKING, Protocol, cast

from hwbtext.coding.frame import same_text
from hwbtext.coding.kit import text_hash
from hwbtext.gold import POOLS, GoldUnit, Pool
from hwbtext.gold.lines import broken_encoding, shown

if TYPE_CHECKING:
    from hwbtext.coding.plan import Plan
    from hwbtext.coding.sheets import Findings, Row, Sheet

UNPLANNED = "unknown"
"""Stratum of passages that no plan drew: nobody can say how they were chosen."""

_WHOLES = ("year", "page", "doc_start", "doc_end")
_TEXTS = ("item", "source_url", "doc", "doc_sha256", "passage_id")


class Given(Protocol):
    """Gives the passage, without codes, that a row is about."""

    def unit(self, sheet: Sheet, row: Row) -> GoldUnit | None:
        """Return the passage; None, and why in the findings, where there is none."""
        ...


class PlannedPassages:
    """The passages of a plan: the sheet's own columns are only compared with it."""

    def __init__(self, plan: Plan, findings: Findings) -> None:
        self._findings = findings
        self._units = {
            unit.id: GoldUnit(
                id=unit.id,
                text=unit.text,
                place=unit.place,
                site=unit.site,
                year=unit.year,
                item=unit.item,
                stratum=unit.stratum,
                coders=(),
                agreed=None,
                doc=unit.doc,
                page=unit.page,
                doc_sha256=unit.doc_sha256,
                # The two go with the file's hash or not at all.
                doc_start=unit.doc_start if unit.doc_sha256 else None,
                doc_end=unit.doc_end if unit.doc_sha256 else None,
                passage_id=unit.passage_id,
                prob=unit.prob,
                pool=plan.pool,
            )
            for unit in plan.units
        }

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of the plan, in its order."""
        return tuple(self._units)

    def unit(self, sheet: Sheet, row: Row) -> GoldUnit | None:
        """Return the passage of the plan with the row's id."""
        said = row.values.get("id", "")
        unit = self._units.get(said) or self._units.get(said.lower())
        if unit is None:
            near = get_close_matches(said, self._units, 1)
            cure = f" Did you mean {near[0]!r}?" if near else ""
            what = f"{shown(said)} is no passage of the kit.{cure}" if said else "the id is empty."
            self._tell(sheet, row, "id", f"{what} Copy the id from the kit as it was written.")
            return None
        text = row.values.get("text")
        if text is not None and not _same(text, unit.text):
            self._tell(
                sheet,
                row,
                "text",
                f"{shown(text)} is not the text of {unit.id!r} in the kit, {shown(unit.text)}. "
                "Copy it back from the kit: the codes are for the text that was drawn.",
            )
            return None
        return unit

    def _tell(self, sheet: Sheet, row: Row, column: str, message: str) -> None:
        self._findings.problems.append(f"{sheet.at(row, column)}: {message}")


class SheetPassages:
    """The passages as the sheets' own columns give them; the first sheet sets each one's text."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._units: dict[str, tuple[GoldUnit, str]] = {}
        self._coders: dict[str, tuple[str, str]] = {}

    def unit(self, sheet: Sheet, row: Row) -> GoldUnit | None:
        """Return the passage that the row's columns give."""
        before = len(self._findings.problems)
        values = row.values
        text = values.get("text", "")
        unit_id = values.get("id", f"row-{row.number}")
        place = values.get("place") or values.get("site") or ""
        for column, value in (("text", text), ("id", unit_id), ("place", place)):
            if not value:
                self._tell(sheet, row, column, f"empty. Every passage needs its {column}.")
        broken = broken_encoding(text)
        if broken:
            self._tell(sheet, row, "text", f"{broken} Save the sheet as CSV UTF-8 from its source.")
        if values.get("text_sha256") and values["text_sha256"] != text_hash(text):
            self._tell(
                sheet,
                row,
                "text",
                f"{shown(text)} was changed since the kit was written. Copy it back from the kit.",
            )
        prob = self._prob(sheet, row)
        pool = values.get("pool") or None
        if pool is not None and pool not in POOLS:
            self._tell(sheet, row, "pool", f"{shown(pool)}. Known: {', '.join(POOLS)}, or empty.")
        if pool == "estimation" and prob is None:
            self._tell(sheet, row, "prob", "empty, though the pool is 'estimation'. Give both.")
        if pool == "training" and prob is not None:
            self._tell(sheet, row, "prob", "filled, though the pool is 'training'. Clear it.")
        wholes = {name: self._whole(sheet, row, name) for name in _WHOLES}
        texts = {name: values.get(name) or None for name in _TEXTS}
        if len(self._findings.problems) > before:
            return None
        located = None not in (texts["doc_sha256"], wholes["doc_start"], wholes["doc_end"])
        unit = GoldUnit(
            id=unit_id,
            text=text,
            place=place,
            site=values.get("site") or place,
            year=wholes["year"],
            item=texts["item"],
            stratum=values.get("stratum") or UNPLANNED,
            coders=(),
            agreed=None,
            source_url=texts["source_url"],
            doc=texts["doc"],
            page=wholes["page"],
            doc_sha256=texts["doc_sha256"],
            doc_start=wholes["doc_start"] if located else None,
            doc_end=wholes["doc_end"] if located else None,
            passage_id=texts["passage_id"],
            prob=prob,
            pool=cast("Pool | None", pool),
        )
        first, where = self._units.setdefault(unit_id, (unit, sheet.at(row)))
        if not _same(text, first.text):
            self._tell(
                sheet,
                row,
                "text",
                f"{shown(text)} is not the text that {unit_id!r} has at {where}. Give each "
                "passage an id of its own, the same in every coder's file.",
            )
            return None
        if place != first.place:
            self._tell(
                sheet,
                row,
                "place",
                f"{shown(place)} is not the place that {unit_id!r} has at {where}: "
                f"{shown(first.place)}. Scores and intervals go by place; give it one.",
            )
            return None
        if "id" not in values and self._is_second_coder(sheet, row, text):
            return None
        return first

    def _is_second_coder(self, sheet: Sheet, row: Row, text: str) -> bool:
        """Tell a text that a second coder coded, where no id says that it is one passage."""
        coder = row.values.get("coder", "")
        other, where = self._coders.setdefault(text_hash(text), (coder, sheet.at(row)))
        if other == coder:
            return False
        self._tell(
            sheet,
            row,
            "coder",
            f"{shown(coder)} codes a text that {shown(other)} has at {where}, and no column 'id' "
            "says that they are one passage. Add it, the same id for the same passage.",
        )
        return True

    def _tell(self, sheet: Sheet, row: Row, column: str, message: str) -> None:
        self._findings.problems.append(f"{sheet.at(row, column)}: {message}")

    def _whole(self, sheet: Sheet, row: Row, column: str) -> int | None:
        value = row.values.get(column)
        if not value:
            return None
        if value.isascii() and value.isdecimal() and len(value) < 10:
            return int(value)
        self._tell(sheet, row, column, f"{shown(value)} is no whole number.")
        return None

    def _prob(self, sheet: Sheet, row: Row) -> float | None:
        value = row.values.get("prob")
        if not value:
            return None
        try:
            prob = float(value)
        except ValueError:
            prob = math.nan
        if 0 < prob <= 1:
            return prob
        self._tell(sheet, row, "prob", f"{shown(value)}. It must be above 0 and at most 1.")
        return None


def _same(one: str, other: str) -> bool:
    """Return whether two texts are one, but for spaces, quotes and what XML cannot hold."""
    lost = {ord("\ufffd"): None, **dict.fromkeys(range(32)), **{ord(c): " " for c in "\t\n\r"}}
    return same_text(one.translate(lost)) == same_text(other.translate(lost))
