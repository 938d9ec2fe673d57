"""A plan as lines of JSON: a head, then a line a unit; in a file, or in a sheet of the kit."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hwbtext.coding.frame import LeftOut
from hwbtext.coding.plan import Cell, Plan, PlannedUnit
from hwbtext.errors import InputError, MissingPathError

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAN_FORMAT = "1"
_MAX_BYTES = 256 * 2**20
_UNIT_KEYS = {field.name for field in fields(PlannedUnit)}
_HEAD_KEYS = {"format", "name", "pool", "by", "seed", "design", "n_frame", "cells", "left_out"}
_NUMBERS = ("year", "page", "doc_start", "doc_end")


def save_plan(plan: Plan, path: str | Path) -> None:
    """Save a plan as JSON Lines: the design, the seed, what was left out, and every unit.

    Raises
    ------
    OSError
        The file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from hwbtext.coding.plan import plan_sample
    >>> plan = plan_sample([{"passage_id": "a", "text": "The report was noted.", "year": 2019,
    ...                      "site": "Carrow", "fragment": False}], 1)
    >>> file = Path(tempfile.mkdtemp()) / "plan.jsonl"
    >>> save_plan(plan, file)
    >>> load_plan(file) == plan
    True
    """
    text = "".join(line + "\n" for line in to_lines(plan))
    Path(path).write_text(text, encoding="utf-8", newline="\n")


def load_plan(path: str | Path) -> Plan:
    """Load a plan that :func:`save_plan` or ``hwbtext plan`` wrote.

    Raises
    ------
    MissingPathError
        There is no file at ``path``.
    InputError
        The file is no plan.
    """
    path = Path(path)
    if not path.is_file():
        msg = f"There is no plan at {str(path)!r}. `hwbtext plan` writes one beside each kit."
        raise MissingPathError(msg)
    if path.stat().st_size > _MAX_BYTES:
        msg = f"{str(path)!r} has more than {_MAX_BYTES:,} bytes: it is no plan."
        raise InputError(msg)
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        msg = f"{str(path)!r} is no plan: it is not UTF-8 ({error.reason})."
        raise InputError(msg) from error
    return from_lines([line for line in lines if line.strip()], str(path))


def to_lines(plan: Plan) -> list[str]:
    """Return the lines of a plan; ASCII, so that no spreadsheet or mail changes them."""
    head = {key: value for key, value in asdict(plan).items() if key != "units"}
    rows = [{"format": PLAN_FORMAT, **head}, *(asdict(unit) for unit in plan.units)]
    return [json.dumps(row) for row in rows]


def from_lines(lines: Sequence[str], where: str) -> Plan:
    """Return the plan of its lines; raise InputError, naming ``where``, if they are none."""
    try:
        rows: list[Any] = [json.loads(line) for line in lines]
    except (ValueError, RecursionError) as error:
        raise _not_a_plan(where, f"a line is not JSON ({error})") from error
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise _not_a_plan(where, "it needs a head and a line a unit")
    head, units = rows[0], rows[1:]
    if head.keys() != _HEAD_KEYS or head["format"] != PLAN_FORMAT:
        raise _not_a_plan(where, f"its first line must be the head of a plan {PLAN_FORMAT}")
    for number, row in enumerate(units, 1):
        reason = _unit_problem(row, head["pool"])
        if reason:
            raise _not_a_plan(where, f"unit {number}: {reason}")
    if len({row["id"] for row in units}) < len(units):
        raise _not_a_plan(where, "an id stands twice")
    try:
        return Plan(
            name=str(head["name"]),
            pool=head["pool"],
            by=tuple(head["by"]),
            seed=int(head["seed"]),
            design=str(head["design"]),
            n_frame=int(head["n_frame"]),
            cells=tuple(Cell(**cell) for cell in head["cells"]),
            left_out=tuple(LeftOut(**part) for part in head["left_out"]),
            units=tuple(PlannedUnit(**row) for row in units),
        )
    except (TypeError, ValueError) as error:
        raise _not_a_plan(where, f"its head cannot be read ({error})") from error


def _unit_problem(row: dict[str, Any], pool: object) -> str | None:
    """Return what is wrong with a unit, or None."""
    if row.keys() != _UNIT_KEYS:
        odd = sorted(row.keys() ^ _UNIT_KEYS)
        return f"its keys are not those of a unit ({', '.join(odd)})"
    for key in ("id", "text", "place", "site", "cell", "stratum", "passage_id"):
        if not isinstance(row[key], str) or not row[key]:
            return f"{key} must be a string that is not empty, and is {row[key]!r}"
    for key in _NUMBERS:
        if row[key] is not None and type(row[key]) is not int:
            return f"{key} must be a whole number or null, and is {row[key]!r}"
    prob = row["prob"]
    if pool == "training" and prob is not None:
        return f"the training pool has no prob, and this one has {prob!r}"
    if pool == "estimation" and not (isinstance(prob, float | int) and 0 < prob <= 1):
        return f"prob must be above 0 and at most 1, and is {prob!r}"
    if pool not in ("estimation", "training"):
        return f"the pool must be estimation or training, and is {pool!r}"
    return None


def _not_a_plan(where: str, reason: str) -> InputError:
    return InputError(f"{where!r} holds no plan of `hwbtext plan`: {reason}. Use it as written.")
