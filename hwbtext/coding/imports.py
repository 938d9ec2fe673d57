"""Filled sheets, of one coder or several, made into one gold sample."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from hwbtext.codebook import load_codebook
from hwbtext.coding.agreeing import agreed_coding
from hwbtext.coding.codings import QUOTES, CodingReader, Quotes
from hwbtext.coding.columns import AGREED, all_columns, coded_columns
from hwbtext.coding.given import Given, PlannedPassages, SheetPassages
from hwbtext.coding.sheets import Findings
from hwbtext.coding.workbooks import read_csv, read_xlsx
from hwbtext.errors import GoldError, InputError, MissingPathError
from hwbtext.gold import ANNOTATORS, Annotators, Coding, GoldSample, GoldUnit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hwbtext.codebook import Codebook
    from hwbtext.coding.plan import Plan
    from hwbtext.coding.sheets import Row, Sheet

SheetFormat = Literal["csv", "xlsx"]
_N_SHOWN = 20
_BESIDE = f"{AGREED}_"  # before the names of columns that hold agreed codes
_Found = dict[str, dict[str, Coding]]


@dataclass(frozen=True, slots=True)
class Imported:
    """A gold sample read from sheets, and what its user should know of the reading.

    ``n_disagreed`` counts the passages with several coders and no agreed coding,
    ``n_not_coded`` those that nobody coded, which the sample leaves out.
    """

    sample: GoldSample
    notes: tuple[str, ...]
    n_disagreed: int
    n_not_coded: int


def import_codings(
    files: Sequence[str | Path],
    *,
    format: SheetFormat | None = None,  # noqa: A002 - the name that the command has
    plan: Plan | None = None,
    codebook: Codebook | None = None,
    annotators: Annotators = "unknown",
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    quotes: Quotes = "required",
    name: str = "gold",
) -> Imported:
    """Read filled coding sheets, of a kit or of your own, into a gold sample.

    Several coders' files merge by the id of the passage. The coder is the column ``coder``,
    else the name of the file. A passage that all its coders agree on gets an agreed coding
    (see :func:`agreed_coding`); what a coder, a sheet or columns named "agreed" say goes
    before that. One coder alone agrees with nobody: the gold has that coding as the only one.

    A sheet of your own needs the columns ``text``, ``outcome`` (or those of a category) and
    ``place`` or ``site``; with several files also ``id``. Such passages have no probability:
    they train and score, and give no rate.

    Parameters
    ----------
    files : sequence of str or Path
        XLSX or CSV.
    format : {"csv", "xlsx"} or None
        None goes by the name of each file.
    plan : Plan or None
        None takes the plan that the XLSX of a kit holds. A CSV holds none: without it, the
        passages are taken as the CSV gives them.
    codebook : Codebook or None
        None for the one that comes with hwbtext.
    annotators : str
        "people", "model-annotated", "mixed" or "unknown": who coded, as you say.
    columns : mapping of str to str or None
        What your file calls a column: ``{"text": "Extract", "place": "Council"}``.
    encoding : str or None
        Of a CSV. None takes UTF-8, else Windows-1252 with a note.
    quotes : {"required", "passage"}
        What a mention without quote is: a problem, or a mention of the whole passage.
    name : str

    Returns
    -------
    Imported

    Raises
    ------
    GoldError
        Anything that cannot be read as it stands: ``problems`` has all of it, each with file,
        sheet, row, column, value and cure.
    InputError, MissingPathError
        An argument does not fit, or a file is not there.
    """
    paths = [Path(file) for file in files]
    columns = dict(columns or {})
    codebook = codebook or load_codebook()
    known = _known(codebook)
    _check(paths, format, columns, known, annotators, quotes)
    findings = Findings()
    sheets, held = _read(paths, format, known, columns, encoding, findings)
    held = held if plan is None else [("the plan given", plan), *held]
    plan = _one_plan(held, findings)
    given: Given = SheetPassages(findings) if plan is None else PlannedPassages(plan, findings)
    readable = _readable(sheets, codebook, len(paths), plan is not None, findings)
    reader = CodingReader(codebook, findings, quotes)
    units: dict[str, GoldUnit] = {}
    found: _Found = {}
    seen: dict[tuple[str, str], str] = {}
    # With two plans every id of one is a stranger to the other: that is told once.
    for sheet in readable if len({other for _, other in held}) < 2 else ():
        _collect(sheet, given, reader, units, found, seen)
    if isinstance(given, PlannedPassages):
        _note_missing(given, found, units, findings)
    if not findings.problems and not found:
        findings.problems.append("No row is coded: the columns of codes are empty.")
    if findings.problems:
        raise _error(findings.problems)
    finished = [_finish(unit, found.get(unit_id, {})) for unit_id, unit in units.items()]
    coded = [unit for unit in finished if unit.coders or unit.agreed is not None]
    return Imported(
        sample=GoldSample(name, tuple(coded), annotators),
        notes=tuple(findings.notes),
        n_disagreed=sum(len(unit.coders) > 1 and unit.agreed is None for unit in coded),
        n_not_coded=len(plan or units) - len(coded),
    )


def _known(codebook: Codebook) -> frozenset[str]:
    coded = [column.name for column in coded_columns(codebook)]
    every = [column.name for column in all_columns(codebook)]
    return frozenset([*every, *(_BESIDE + name for name in coded), "source_url"])


def _check(
    paths: Sequence[Path],
    format_: str | None,
    columns: Mapping[str, str],
    known: frozenset[str],
    annotators: str,
    quotes: str,
) -> None:
    if not paths:
        msg = "Name at least one file of codes."
        raise InputError(msg)
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        msg = f"There is no file {missing[0]!r}."
        raise MissingPathError(msg)
    for path in paths:
        if format_ is None and path.suffix.lower() not in (".csv", ".xlsx"):
            msg = f"{path.name!r} ends neither in .csv nor in .xlsx. Say which: format='csv'."
            raise InputError(msg)
    allowed = {"format": (None, "csv", "xlsx"), "annotators": ANNOTATORS, "quotes": QUOTES}
    said = {"format": format_, "annotators": annotators, "quotes": quotes}
    for argument, value in said.items():
        if value not in allowed[argument]:
            known_values = ", ".join(map(str, allowed[argument]))
            msg = f"{argument} must be one of {known_values}. Got {value!r}."
            raise InputError(msg)
    unknown = sorted(columns.keys() - known)
    if unknown:
        msg = f"columns names {unknown[0]!r}, which is not read. Read are: {sorted(known)}."
        raise InputError(msg)


def _read(
    paths: Sequence[Path],
    format_: str | None,
    known: frozenset[str],
    columns: Mapping[str, str],
    encoding: str | None,
    findings: Findings,
) -> tuple[list[Sheet], list[tuple[str, Plan]]]:
    sheets: list[Sheet] = []
    plans: list[tuple[str, Plan]] = []
    for path in paths:
        if (format_ or path.suffix.lower().lstrip(".")) == "csv":
            sheets += read_csv(path, known, columns, encoding, findings)
            continue
        read, plan = read_xlsx(path, known, columns, findings)
        sheets += read
        if plan is not None:
            plans.append((path.name, plan))
    return sheets, plans


def _one_plan(plans: Sequence[tuple[str, Plan]], findings: Findings) -> Plan | None:
    if not plans:
        return None
    where, first = plans[0]
    for other_place, other in plans[1:]:
        if other != first:
            findings.problems.append(
                f"{other_place} is of another plan ({other.pool}, seed {other.seed}) than {where} "
                f"({first.pool}, seed {first.seed}). Import each plan's files by themselves; "
                "join_samples puts a training sample beside an estimation sample."
            )
    return first


def _readable(
    sheets: Sequence[Sheet], codebook: Codebook, n_files: int, planned: bool, findings: Findings
) -> list[Sheet]:
    """Return the sheets that have the columns they need; the others are told."""
    codes = {"outcome", "subtype", *codebook.categories}
    codes |= {_BESIDE + name for name in codes}
    readable: list[Sheet] = []
    for sheet in sheets:
        before = len(findings.problems)
        there = sheet.letters.keys()
        wanted = [("id",)] if planned else [("text",), ("place", "site")]
        wanted += [("id",)] if n_files > 1 and not planned else []
        for names in wanted:
            if not there & set(names):
                findings.problems.append(
                    f"{sheet.at()}: no column {' or '.join(map(repr, names))}. Add it, or say "
                    f"which it is: --column {names[0]}=HEADING."
                )
        if not there & codes:
            findings.problems.append(
                f"{sheet.at()}: no column of codes. Name one of {', '.join(sorted(codes))}."
            )
        if len(findings.problems) == before:
            readable.append(sheet)
    return readable


def _collect(
    sheet: Sheet,
    given: Given,
    reader: CodingReader,
    units: dict[str, GoldUnit],
    found: _Found,
    seen: dict[tuple[str, str], str],
) -> None:
    beside = any(column.startswith(_BESIDE) for column in sheet.letters)
    for row in sheet.rows:
        unit = given.unit(sheet, row)
        if unit is None:
            continue
        units.setdefault(unit.id, unit)
        coder = _coder(sheet, row, reader.findings)
        prefixes = [(coder, "")] + ([(AGREED, _BESIDE)] if beside and coder != AGREED else [])
        for who, prefix in prefixes:
            coding = reader.read(sheet, row, unit.text, prefix)
            first = seen.get((who, unit.id))
            if first is not None and (coding is not None or not prefix):
                reader.findings.problems.append(
                    f"{sheet.at(row)}: {who!r} has {unit.id!r} at {first} already. Keep one of "
                    "the rows; two coders need two labels in the column coder."
                )
            elif coding is not None or not prefix:
                seen[who, unit.id] = sheet.at(row)
                if coding is not None:
                    found.setdefault(unit.id, {})[who] = coding


def _coder(sheet: Sheet, row: Row, findings: Findings) -> str:
    said = row.values.get("coder") or Path(sheet.file).stem
    if sheet.name == AGREED or said.casefold() == AGREED:
        return AGREED
    if not said.isprintable():
        findings.problems.append(
            f"{sheet.at(row, 'coder')}: a coder's label must be one line of print. Got {said!r}."
        )
    return said


def _note_missing(
    given: PlannedPassages, found: _Found, units: Mapping[str, GoldUnit], findings: Findings
) -> None:
    gone = [unit_id for unit_id in given.ids if unit_id not in units]
    if gone and units:
        findings.notes.append(
            f"{len(gone)} passages of the kit are in no file, or in rows that cannot be read: "
            f"{', '.join(gone[:5])}."
        )
    n_coded = sum(unit_id in found for unit_id in given.ids)
    if 0 < n_coded < len(given.ids):
        findings.notes.append(
            f"{n_coded} of the {len(given.ids)} passages drawn are coded. Rates from them hold "
            "only if the others are left out by chance, not because they were hard."
        )


def _finish(unit: GoldUnit, codings: Mapping[str, Coding]) -> GoldUnit:
    coders = {who: coding for who, coding in sorted(codings.items()) if who != AGREED}
    agreed = codings.get(AGREED) or agreed_coding(tuple(coders.values()), unit.text)
    return replace(unit, coders=tuple(coders.items()), agreed=agreed)


def _error(problems: Sequence[str]) -> GoldError:
    n = len(problems)
    counted = f"{n} problem{'' if n == 1 else 's'}"
    lines = [f"  {problem}" for problem in problems[:_N_SHOWN]]
    lines += [f"  and {n - _N_SHOWN} more"] if n > _N_SHOWN else []
    return GoldError("\n".join([f"The codes cannot be read: {counted}.", *lines]), tuple(problems))
