"""The coding kit: a spreadsheet a coder, with the passages, the codes to choose, the codebook.

Every text goes in as text, whatever it begins with: a passage that starts with ``=`` must not
become a formula on the coder's machine (OWASP, CSV Injection).
"""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from hwbtext.codebook import load_codebook
from hwbtext.coding.columns import Column, all_columns
from hwbtext.coding.frame import same_text
from hwbtext.coding.guide import codebook_rows, instruction_rows, ruling_rows
from hwbtext.coding.plan_lines import save_plan, to_lines
from hwbtext.errors import InputError, MissingPathError, OutputExistsError
from hwbtext.text import slugify

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hwbtext.codebook import Codebook
    from hwbtext.coding.plan import Plan, PlannedUnit

PASSAGES, PLAN, LISTS = "passages", "plan", "lists"
RISKY = re.compile(r"'*[=+\-@\t\r＝＋－＠]")  # full-width signs work too
MAX_CELL = 32_767
"""Characters that a cell of a spreadsheet can hold."""

_CHUNK = 30_000  # characters of a plan's line in one cell
_GREY = Font(color="FF7F7F7F")
_BOLD = Font(bold=True)
_WRAP = Alignment(wrap_text=True, vertical="top")
_HEAD_FILL = PatternFill("solid", fgColor="FFD9E1F2")
_CODED_FILL = PatternFill("solid", fgColor="FFFFF2CC")


def write_kit(
    plan: Plan,
    path: str | Path,
    *,
    coders: Sequence[str] = ("coder-1",),
    codebook: Codebook | None = None,
    blind: bool = True,
    overwrite: bool = False,
) -> tuple[Path, ...]:
    """Write a coding kit: an XLSX and a CSV a coder, and the plan.

    Each coder gets the passages in an order of their own, so that tiredness and habit do not
    fall on the same passages.

    Parameters
    ----------
    plan : Plan
    path : str or Path
        ``kit.xlsx``; with several coders ``kit-<coder>.xlsx`` is written for each. The CSV
        has the same name, and the plan is ``kit.plan.jsonl``.
    coders : sequence of str
        Labels, not people's names: they go into the gold. "agreed" is for who settles
        differences.
    codebook : Codebook or None
        None for the one that comes with hwbtext.
    blind : bool
        Hide site and year, which the codebook wants coders not to see. The columns are there
        all the same (and always visible in the CSV).
    overwrite : bool
        Whether files that are there may be replaced.

    Returns
    -------
    tuple of Path
        What was written, the plan last.

    Raises
    ------
    InputError
        No units, a coder twice, a name that is not .xlsx, or a text too long for a cell.
    MissingPathError, OutputExistsError
        The folder is not there; a file is, and ``overwrite`` is false.
    """
    path = Path(path)
    codebook = codebook or load_codebook()
    _check(plan, path, coders)
    targets = _targets(path, coders)
    plan_path = path.with_suffix(".plan.jsonl")
    spreadsheets = [file for _, xlsx in targets for file in (xlsx, xlsx.with_suffix(".csv"))]
    there = [str(file) for file in (*spreadsheets, plan_path) if file.exists()]
    if there and not overwrite:
        msg = f"{there[0]!r} is there already and may hold codes. Name another file, or use force."
        raise OutputExistsError(msg)
    columns = all_columns(codebook)
    for coder, xlsx in targets:
        rows = [_row(unit, coder, plan, columns) for unit in _own_order(plan, coder)]
        _write_xlsx(xlsx, plan, codebook, columns, rows, blind=blind)
        _write_csv(xlsx.with_suffix(".csv"), columns, rows)
    save_plan(plan, plan_path)
    return (*spreadsheets, plan_path)


def escape_formula(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; `unescape_formula` undoes it.

    Examples
    --------
    >>> escape_formula("=SUM(A1)"), escape_formula("The report"), unescape_formula("'=SUM(A1)")
    ("'=SUM(A1)", 'The report', '=SUM(A1)')
    """
    return "'" + text if RISKY.match(text) else text


def unescape_formula(text: str) -> str:
    """Return what :func:`escape_formula` was given."""
    return text[1:] if text.startswith("'") and RISKY.match(text) else text


def text_hash(text: str) -> str:
    """Return the SHA-256 by which a changed text is told; spaces and case do not count."""
    return hashlib.sha256(same_text(text).encode("utf-8", "surrogatepass")).hexdigest()


def _check(plan: Plan, path: Path, coders: Sequence[str]) -> None:
    if not plan.units:
        msg = "The plan has no units: there is nothing to code."
        raise InputError(msg)
    if path.suffix.lower() != ".xlsx":
        msg = f"The kit must be named .xlsx (a CSV is written beside it). Got {str(path)!r}."
        raise InputError(msg)
    if not path.parent.is_dir():
        msg = f"There is no folder {str(path.parent)!r} to write the kit to. Make it first."
        raise MissingPathError(msg)
    slugs = [slugify(coder) for coder in coders]
    if not slugs or not all(slugs) or len(set(slugs)) < len(slugs):
        msg = (
            "coders must be labels that differ, with letters or figures in each: "
            f"('anna', 'ben'). Got {tuple(coders)!r}."
        )
        raise InputError(msg)
    for unit in plan.units:
        if len(unit.text) > MAX_CELL:
            msg = (
                f"A cell holds {MAX_CELL:,} characters. Passage {unit.passage_id!r} has "
                f"{len(unit.text):,}: cut it, or leave it out."
            )
            raise InputError(msg)


def _targets(path: Path, coders: Sequence[str]) -> list[tuple[str, Path]]:
    if len(coders) == 1:
        return [(coders[0], path)]
    return [(coder, path.with_stem(f"{path.stem}-{slugify(coder)}")) for coder in coders]


def _own_order(plan: Plan, coder: str) -> list[PlannedUnit]:
    def key(unit: PlannedUnit) -> str:
        return hashlib.sha256(f"{plan.seed}:{coder}:{unit.id}".encode()).hexdigest()

    return sorted(plan.units, key=key)


def _row(unit: PlannedUnit, coder: str, plan: Plan, columns: Iterable[Column]) -> list[str]:
    given: dict[str, object] = {
        "id": unit.id,
        "coder": coder,
        "site": unit.site,
        "year": unit.year,
        "item": unit.item,
        "before": unit.before,
        "text": unit.text,
        "after": unit.after,
        "place": unit.place,
        "pool": plan.pool,
        "prob": unit.prob,
        "stratum": unit.stratum,
        "doc": unit.doc,
        "page": unit.page,
        "doc_sha256": unit.doc_sha256,
        "doc_start": unit.doc_start,
        "doc_end": unit.doc_end,
        "passage_id": unit.passage_id,
        "text_sha256": text_hash(unit.text),
    }
    values = (given.get(column.name) for column in columns)
    # Characters that XML cannot hold; the plan keeps the text as it is.
    return ["" if v is None else ILLEGAL_CHARACTERS_RE.sub("\ufffd", str(v)) for v in values]


def _write_csv(path: Path, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    # With a byte order mark Excel reads UTF-8 as such.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in columns])
        writer.writerows([escape_formula(value) for value in row] for row in rows)


def _write_xlsx(
    path: Path,
    plan: Plan,
    codebook: Codebook,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    blind: bool,
) -> None:
    book = Workbook()
    # Plain tables first, so that the coder opens the instructions.
    _table(book.active, "instructions", instruction_rows(plan, codebook), (28, 110))
    sheet = book.create_sheet(PASSAGES)
    _fill_passages(sheet, columns, rows, blind=blind)
    _table(book.create_sheet(), "codebook", codebook_rows(codebook), (20, 26, 44, 36, 36, 60, 60))
    _table(book.create_sheet(), "rulings", ruling_rows(codebook), (8, 60, 80))
    _add_choices(book.create_sheet(LISTS), sheet, columns, len(rows))
    hidden = book.create_sheet(PLAN)
    hidden.sheet_state = "veryHidden"
    for number, line in enumerate(to_lines(plan), 1):
        for at in range(0, len(line), _CHUNK):
            _put(hidden.cell(number, at // _CHUNK + 1), line[at : at + _CHUNK])
    book.save(path)


def _fill_passages(
    sheet: Any, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, blind: bool
) -> None:
    for at, column in enumerate(columns, 1):
        head = sheet.cell(1, at)
        _put(head, column.name)
        head.font, head.fill = _BOLD, _CODED_FILL if column.role == "coded" else _HEAD_FILL
        sized = sheet.column_dimensions[get_column_letter(at)]
        sized.width = column.width
        sized.hidden = column.role == "hidden" or (blind and column.name in ("site", "year"))
    for number, row in enumerate(rows, 2):
        for at, (column, value) in enumerate(zip(columns, row, strict=True), 1):
            cell = sheet.cell(number, at)
            _put(cell, value)
            if column.name in ("before", "after"):
                cell.font = _GREY
            elif column.role == "coded":
                cell.fill = _CODED_FILL
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"


def _add_choices(lists: Any, sheet: Any, columns: Sequence[Column], n_rows: int) -> None:
    """Give each column with choices its list; kept in cells, since a rule holds 255 letters."""
    lists.sheet_state = "hidden"
    at = 0
    for index, column in enumerate(columns, 1):
        if not column.choices:
            continue
        at += 1
        letter = get_column_letter(at)
        for number, value in enumerate((column.name, *column.choices), 1):
            _put(lists.cell(number, at), value)
        rule = DataValidation(
            type="list",
            formula1=f"{LISTS}!${letter}$2:${letter}${len(column.choices) + 1}",
            allow_blank=True,
            # "warning", not "stop": two mentions in a cell ("affirmed | neutral") are allowed.
            errorStyle="warning",
            errorTitle=column.name,
            error=f"Choose from the list of {column.name}, or see the instructions.",
        )
        sheet.add_data_validation(rule)
        coded = get_column_letter(index)
        rule.add(f"{coded}2:{coded}{n_rows + 1}")


def _table(sheet: Any, title: str, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    sheet.title = title
    for number, row in enumerate(rows, 1):
        for at, value in enumerate(row, 1):
            cell = sheet.cell(number, at)
            _put(cell, value[:MAX_CELL])
            if number == 1:
                cell.font, cell.fill = _BOLD, _HEAD_FILL
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = "A2"


def _put(cell: Any, value: str) -> None:
    """Write a text as text: no formula, no number, no date, whatever it looks like."""
    cell.alignment = _WRAP
    cell.number_format = "@"
    if value:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
        cell.data_type = "s"  # openpyxl takes what begins with = for a formula
        # Excel keeps it text after an edit, too.
        cell.quotePrefix = RISKY.match(value) is not None
