"""Filled sheets read back: XLSX and CSV as rows of text, with where each value stands.

Nothing is guessed in silence: an encoding or separator that is not the usual one is noted,
and a value that the spreadsheet turned into a date or an error is a problem to be told.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

from hwbtext.gold.lines import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

MAX_BYTES = 64 * 2**20
MAX_ROWS = 50_000
MAX_COLUMNS = 256
_ERRORS = {"#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
_AS_DATES = (datetime, date, time, timedelta)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet; ``number`` is its number as a spreadsheet shows it."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet by the names of the columns that are read."""

    file: str
    name: str | None
    letters: Mapping[str, str]
    rows: tuple[Row, ...]

    def at(self, row: Row | None = None, column: str | None = None) -> str:
        """Return where something stands: "kit.xlsx, sheet passages, row 3, column act (K)"."""
        parts = [self.file]
        if self.name is not None:
            parts.append(f"sheet {self.name}")
        if row is not None:
            parts.append(f"row {row.number}")
        if column is not None:
            letter = self.letters.get(column)
            parts.append(f"column {column} ({letter})" if letter else f"column {column}")
        return ", ".join(parts)


@dataclass(slots=True)
class Findings:
    """What is wrong (the import stops), and what should be known (it goes on)."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def make_sheet(
    file: str,
    name: str | None,
    table: Iterable[Sequence[Any]],
    known: Collection[str],
    renamed: Mapping[str, str],
    findings: Findings,
) -> Sheet:
    """Return the sheet of a table; its first row that is not empty is the head.

    Parameters
    ----------
    file, name : str, str or None
        For messages; None for a CSV.
    table : iterable of rows
        Values as the reader gives them.
    known : collection of str
        Columns that are read; all others are kept out, and noted.
    renamed : mapping of str to str
        Heading that the file uses for a known column, by the column.
    findings : Findings
        Grows. A row with a value that cannot be meant is told there, and not in the sheet.
    """
    numbered = enumerate(table, 1)
    head: list[str] = []
    for _, values in numbered:
        head = [_plain(value) for value in values]
        if any(head):
            break
    places = _places(file, name, head, known, renamed, findings)
    sheet = Sheet(file, name, {c: get_column_letter(at + 1) for c, at in places.items()}, ())
    rows: list[Row] = []
    for number, values in numbered:
        if number > MAX_ROWS:
            findings.problems.append(f"{sheet.at()}: more than {MAX_ROWS:,} rows. Part the file.")
            break
        raw = {c: values[at] if at < len(values) else None for c, at in places.items()}
        row = Row(number, {column: _plain(value) for column, value in raw.items()})
        if not any(row.values.values()):
            continue
        odd = [_odd(sheet.at(row, column), column, value) for column, value in raw.items()]
        findings.problems += filter(None, odd)
        if not any(odd):
            rows.append(row)
    return Sheet(file, name, sheet.letters, tuple(rows))


def head_name(heading: str) -> str:
    """Return a heading as a column's name.

    Examples
    --------
    >>> head_name(" Ownership polarity ")
    'ownership_polarity'
    """
    return re.sub(r"[\s\-]+", "_", heading.strip().casefold())


def _places(
    file: str,
    name: str | None,
    head: Sequence[str],
    known: Collection[str],
    renamed: Mapping[str, str],
    findings: Findings,
) -> dict[str, int]:
    """Return the position of each known column; double and unknown ones are told."""
    own = {head_name(heading): column for column, heading in renamed.items()}
    names = [own.get(head_name(heading), head_name(heading)) for heading in head]
    where = file if name is None else f"{file}, sheet {name}"
    for column, n in sorted(Counter(names).items()):
        if n > 1 and column in known:
            findings.problems.append(
                f"{where}: {n} columns are {column!r}. Keep one, or give the others another name."
            )
    for column, heading in renamed.items():
        if head_name(heading) not in {head_name(h) for h in head}:
            findings.problems.append(
                f"{where}: no column {heading!r}, which was said to be {column!r}. There are: "
                f"{', '.join(filter(None, head)) or 'none'}."
            )
    kept_out = [heading for heading, column in zip(head, names, strict=True) if column not in known]
    kept_out = [heading for heading in kept_out if heading]
    if kept_out:
        findings.notes.append(f"{where}: not read: {', '.join(map(shown, kept_out[:20]))}.")
    places: dict[str, int] = {}
    for at, column in enumerate(names):
        if column in known:
            places.setdefault(column, at)
    return places


def _plain(value: Any) -> str:
    """Return a cell as text without space around it; a whole number without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\u00a0", " ").strip()


def _odd(where: str, column: str, value: Any) -> str | None:
    """Return what the spreadsheet made of a value that its user did not mean, or None."""
    if isinstance(value, _AS_DATES):
        return (
            f"{where}: {shown(str(value))} is a date: the spreadsheet made one of what was typed. "
            f"Format the cell as text and write the {column} again."
        )
    if isinstance(value, str) and value.strip() in _ERRORS:
        return f"{where}: {value.strip()} is an error of the spreadsheet. Write the {column} again."
    return None
