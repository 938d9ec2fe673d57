"""The dated table of bodies: names and short names, from when to when, and what came after."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from io import StringIO
from pathlib import Path

from hwbtext.errors import InputError, MissingPathError
from hwbtext.text import same_length

COLUMNS = ("id", "name", "aliases", "kind", "valid_from", "valid_to", "successor")
# Bodies met in shadow before their day: their short names were used then.
_SHADOW = timedelta(days=730)
_CHAIN = 6  # successors in a row; more is a circle


@dataclass(frozen=True, slots=True)
class Body:
    """One row of the table of bodies: a kind of organisation, or one that stands alone.

    Attributes
    ----------
    body_id : str
        May stand in several rows: a name can belong to it for a part of its time only.
    name : str
        In full.
    aliases : tuple of str
        Other names. One in capitals is a short name, matched as written; the rest in any case.
    kind : str
        hwb, pct, sha, ccg, stp, acs, ics, icb, icp, pcn, healthwatch, trust, district, …
    valid_from, valid_to : date or None
        First and last day; None where it has none, or none that is sure.
    successor : str or None
        Id of the body that took its place.
    """

    body_id: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None

    def stands(self, on: date | None, *, short: bool = False) -> bool:
        """Return whether it could be called so on a day; a short name only near its time."""
        if on is None or not short or self.valid_from is None:
            return True
        return on >= self.valid_from - _SHADOW


def load_bodies(path: str | Path | None = None) -> tuple[Body, ...]:
    """Return the table of bodies, with the rows of a file of your own before it.

    Parameters
    ----------
    path : str or Path, optional
        A CSV file with the columns id, name, aliases (parted by ``|``), kind, valid_from,
        valid_to (ISO dates or empty) and successor.

    Raises
    ------
    MissingPathError
        There is no such file.
    InputError
        The file is no CSV in UTF-8, lacks a column, or a row of it cannot be used; the message
        names the line.

    Examples
    --------
    >>> {body.body_id: str(body.valid_to) for body in load_bodies()}["ccg"]
    '2022-06-30'
    """
    shipped = _read(files("hwbtext.bodies").joinpath("bodies.csv").read_text(encoding="utf-8"))
    if path is None:
        return shipped
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        msg = f"There is no table of bodies {str(path)!r}."
        raise MissingPathError(msg) from error
    except (OSError, UnicodeDecodeError) as error:
        msg = f"The table of bodies {str(path)!r} cannot be read. Save it as CSV in UTF-8."
        raise InputError(msg) from error
    return _read(text, path.name, before=shipped)


@cache
def _read(text: str, name: str = "bodies.csv", before: tuple[Body, ...] = ()) -> tuple[Body, ...]:
    reader = csv.DictReader(StringIO(text), strict=True)
    try:
        if missing := set(COLUMNS) - set(reader.fieldnames or ()):
            msg = f"{name} lacks the columns {sorted(missing)}. It needs {', '.join(COLUMNS)}."
            raise InputError(msg)
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        msg = f"{name}, line {reader.line_num}: {error}."
        raise InputError(msg) from error
    bodies = {line: _body(row, f"{name}, line {line}") for line, row in rows}
    known = {body.body_id for body in (*bodies.values(), *before)}
    for line, body in bodies.items():
        if body.successor is not None and body.successor not in known:
            msg = f"{name}, line {line}: the successor {body.successor!r} is no id of the table."
            raise InputError(msg)
    return (*bodies.values(), *before)


def _body(row: dict[str, str], where: str) -> Body:
    if None in row or None in row.values():
        msg = f"{where}: the row has more or fewer fields than the header. Quote commas."
        raise InputError(msg)
    cells = {name: row[name].strip() for name in COLUMNS}
    if empty := [name for name in ("id", "name", "kind") if not cells[name]]:
        msg = f"{where}: {' and '.join(empty)} must not be empty."
        raise InputError(msg)
    first, last = (_day(cells[name], where) for name in ("valid_from", "valid_to"))
    if first is not None and last is not None and last < first:
        msg = f"{where}: valid_to {last} is before valid_from {first}."
        raise InputError(msg)
    aliases = tuple(alias.strip() for alias in cells["aliases"].split("|") if alias.strip())
    successor = cells["successor"] or None
    return Body(cells["id"], cells["name"], aliases, cells["kind"], first, last, successor)


def _day(text: str, where: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        msg = f"{where}: {text!r} is no date; write 2013-04-01."
        raise InputError(msg) from error


class Names:
    """Finds the names of bodies in a text: the longest, full names in any case."""

    def __init__(self, bodies: tuple[Body, ...]) -> None:
        self._long: dict[str, list[Body]] = {}
        self._short: dict[str, list[Body]] = {}
        for body in bodies:
            for alias in (body.name, *body.aliases):
                short = _is_short(alias)
                table = self._short if short else self._long
                table.setdefault(alias if short else alias.casefold(), []).append(body)
        longest = sorted((*self._long, *self._short), key=len, reverse=True)
        parts = [
            re.escape(name) if name in self._short else f"(?i:{re.escape(name)})"
            for name in longest
        ]
        self._pattern = re.compile(rf"(?<![\w&])(?:{'|'.join(parts)})(?![\w&])(?!-[a-z])")

    def find(self, plain: str, on: date | None) -> list[tuple[Body, re.Match[str]]]:
        """Return each name in a text, and the body that it meant on a day."""
        found = []
        for match in self._pattern.finditer(plain):
            short = match[0] in self._short
            rows = self._short[match[0]] if short else self._long[match[0].casefold()]
            body = _of_day([row for row in rows if row.stands(on, short=short)], on)
            if body is not None:
                found.append((body, match))
        return found


def _is_short(alias: str) -> bool:
    return " " not in alias and sum(map(str.isupper, alias)) * 2 > len(alias.rstrip("s"))


def _of_day(rows: list[Body], on: date | None) -> Body | None:
    if on is not None:
        now = [
            row
            for row in rows
            if (row.valid_from is None or row.valid_from <= on)
            and (row.valid_to is None or on <= row.valid_to)
        ]
        rows = now or rows
    return rows[0] if rows else None


@cache
def names_of(bodies: tuple[Body, ...]) -> Names:
    """Return the finder of a table, made once."""
    return Names(bodies)


def resolve_owner(
    text: str, on: date | None = None, *, bodies: tuple[Body, ...] | None = None
) -> Body | None:
    """Return the organisation that an owner names, as it stood on a day.

    A body that had ended by then stands for its successor. Names of persons and posts that
    belong to no one kind of body name none.

    Parameters
    ----------
    text : str
        Owner of an action, as written.
    on : date, optional
        The day of the meeting.
    bodies : tuple of Body, optional
        As :func:`load_bodies` gives them, with rows of your own.

    Examples
    --------
    >>> from datetime import date
    >>> resolve_owner("NHS Carrow CCG", date(2019, 5, 1)).body_id
    'ccg'
    >>> resolve_owner("the CCG", date(2023, 5, 1)).body_id
    'icb'
    >>> resolve_owner("The Clerk") is None
    True
    """
    table = bodies or load_bodies()
    found = names_of(table).find(same_length(text), on)
    if not found:
        return None
    body = found[0][0]
    by_id = {row.body_id: row for row in reversed(table)}
    for _ in range(_CHAIN):
        ended = on is not None and body.valid_to is not None and body.valid_to < on
        following = by_id.get(body.successor or "")
        if not ended or following is None:
            break
        body = following
    return body
