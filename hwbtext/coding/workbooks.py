"""Files of coders opened: XLSX within bounds and without entities, CSV in a known encoding."""

from __future__ import annotations

import codecs
import csv
import io
import struct
import zipfile
import zlib
from contextlib import closing
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from hwbtext.coding.columns import AGREED
from hwbtext.coding.kit import PASSAGES, PLAN, unescape_formula
from hwbtext.coding.plan_lines import from_lines
from hwbtext.coding.sheets import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    Findings,
    Sheet,
    head_name,
    make_sheet,
)
from hwbtext.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from hwbtext.coding.plan import Plan

_MAX_UNPACKED = 256 * 2**20  # bytes; a zip bomb names more
_MAX_RATIO = 200  # spreadsheets pack to about a tenth; bombs to a thousandth
_SMALL = 2**20  # a file of this size harms nobody, however well it packs
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # XLS, and XLSX with a password
# What zipfile, zlib, lxml, defusedxml and openpyxl raise on damaged or hostile packages.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    InvalidFileException,
    SyntaxError,  # the XML libraries' parse errors are ones
    LookupError,
    ValueError,  # defusedxml's refusals are ones
    TypeError,
    AttributeError,
    AssertionError,
    RuntimeError,
    EOFError,
    OSError,
)


def read_xlsx(
    path: Path, known: Collection[str], renamed: Mapping[str, str], findings: Findings
) -> tuple[list[Sheet], Plan | None]:
    """Return the sheets with codes, and the kit's plan where there is one.

    Read are the sheets "passages" and "agreed"; without them the first sheet that has a
    column for the text.
    """
    data = _bounded(path, findings)
    if data is None:
        return [], None
    if data.startswith(_OLE):
        findings.problems.append(
            f"{path.name}: an old XLS file, or one with a password. Save it as XLSX without one."
        )
        return [], None
    try:
        reason = _too_large(data)
        if reason:
            findings.problems.append(f"{path.name}: {reason}. Save the sheet as CSV UTF-8.")
            return [], None
        with closing(load_workbook(io.BytesIO(data), read_only=True, data_only=True)) as book:
            tables = _tables(book, head_name(renamed.get("text", "text")))
    except _DAMAGE as error:
        findings.problems.append(
            f"{path.name}: not a readable XLSX file ({_reason(error)}). Open it in a spreadsheet "
            "and save it as XLSX or CSV UTF-8."
        )
        return [], None
    plan = None
    if PLAN in tables:
        lines = ["".join(str(cell) for cell in row if cell) for row in tables.pop(PLAN)]
        try:
            plan = from_lines([line for line in lines if line], f"{path.name}, sheet {PLAN}")
        except InputError as error:
            findings.problems.append(str(error))
    if not tables:
        findings.problems.append(
            f"{path.name}: no sheet {PASSAGES!r}, and none with a column 'text'. Name the column "
            "that holds the passages: --column text=HEADING."
        )
    sheets = [
        make_sheet(path.name, name, table, known, renamed, findings)
        for name, table in tables.items()
    ]
    return sheets, plan


def read_csv(
    path: Path,
    known: Collection[str],
    renamed: Mapping[str, str],
    encoding: str | None,
    findings: Findings,
) -> list[Sheet]:
    """Return the one sheet of a CSV; none where it cannot be read."""
    data = _bounded(path, findings)
    text = None if data is None else _decode(path.name, data, encoding, findings)
    if text is None:
        return []
    first, _, rest = text.partition("\n")
    named = first.strip().casefold().startswith("sep=")  # Excel's own way to name it
    text = rest if named else text
    separator = _separator(text, known, renamed)
    if separator != ",":
        findings.notes.append(f"{path.name}: the columns are parted by {separator!r}.")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        findings.problems.append(
            f"{path.name}: not a readable CSV ({error}). Save it again from the spreadsheet."
        )
        return []
    if named:
        rows.insert(0, [])  # so that the rows keep their numbers
    table = [[unescape_formula(cell) for cell in row[:MAX_COLUMNS]] for row in rows]
    return [make_sheet(path.name, None, table, known, renamed, findings)]


def _reason(error: BaseException) -> str:
    """Return what lies at the root of an error: openpyxl wraps what the XML libraries say."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return f"{type(error).__name__}: {error}"


def _bounded(path: Path, findings: Findings) -> bytes | None:
    size = path.stat().st_size
    if size > MAX_BYTES:
        findings.problems.append(
            f"{path.name}: {size:,} bytes, more than the {MAX_BYTES:,} of a coding sheet."
        )
        return None
    return path.read_bytes()


def _too_large(data: bytes) -> str | None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        # zipfile reads no more of an entry than it says it has.
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > _MAX_UNPACKED:
        return f"unpacks to {unpacked:,} bytes, more than {_MAX_UNPACKED:,}"
    if unpacked > max(_SMALL, 1) and unpacked > _MAX_RATIO * len(data):
        return f"{len(data):,} bytes that unpack to {unpacked:,}: no spreadsheet packs so well"
    return None


def _tables(book: Any, heading: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return the sheets to read, by name: those of a kit, else the first with ``heading``."""
    names = book.sheetnames
    if PASSAGES in names or AGREED in names:
        return {n: _table(book[n]) for n in (PLAN, PASSAGES, AGREED) if n in names}
    for name in names:
        table = _table(book[name])
        head = next((row for row in table if row), ())
        if heading in {head_name(str(cell)) for cell in head if cell is not None}:
            return {name: table}
    return {}


def _table(sheet: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a sheet, without the empty cells and rows at their ends."""
    rows: list[tuple[Any, ...]] = []
    bounds = {"max_row": MAX_ROWS + 2, "max_col": MAX_COLUMNS, "values_only": True}
    sheet.reset_dimensions()  # what a sheet says of its size is not to be trusted
    filled = 0
    for row in sheet.iter_rows(**bounds):
        n = len(row)
        while n and row[n - 1] is None:
            n -= 1
        rows.append(row[:n])
        filled = len(rows) if n else filled
    return rows[:filled]


def _decode(name: str, data: bytes, encoding: str | None, findings: Findings) -> str | None:
    if encoding is None:
        for mark, wide in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
            if data.startswith(mark):
                encoding = wide
                findings.notes.append(f"{name}: read as UTF-16, as its first bytes say.")
    try:
        return data.decode(encoding or "utf-8-sig")
    except LookupError:
        findings.problems.append(f"{name}: no encoding {encoding!r}. Try utf-8 or cp1252.")
        return None
    except UnicodeDecodeError as error:
        if encoding is not None:
            findings.problems.append(f"{name}: not {encoding}: {error.reason} at {error.start}.")
            return None
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        findings.problems.append(
            f"{name}: neither UTF-8 nor Windows-1252. Save it as CSV UTF-8, or say --encoding."
        )
        return None
    odd = sorted({letter for letter in text if ord(letter) > 127})
    findings.notes.append(
        f"{name}: not UTF-8; read as Windows-1252. Characters beyond ASCII: "
        f"{' '.join(odd[:20])}. If these look wrong, save it as CSV UTF-8 or say --encoding."
    )
    return text


def _separator(text: str, known: Collection[str], renamed: Mapping[str, str]) -> str:
    """Return the separator by which the head has most columns that are known."""
    wanted = {*known, *(head_name(heading) for heading in renamed.values())}
    head = next((line for line in text.splitlines() if line.strip(" ,;\t|")), "")

    def n_known(separator: str) -> int:
        cells = next(csv.reader([head], delimiter=separator), [])
        return sum(head_name(cell) in wanted for cell in cells)

    return max((",", ";", "\t", "|"), key=n_known)
