"""The codebook as data: what each code means, with sentences that are and are not examples.

The sentences were written for this project. The near misses are a challenge set for
detectors and classifiers, never gold.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import cast

from hwbtext.errors import InputError, MissingPathError

__all__ = ["Code", "Codebook", "Example", "NearMiss", "load_codebook"]

NO_CODE = "no mention"
"""What a near miss of a mention is when no code applies to it."""

_CODE_KEYS = {"id", "title", "definition", "include", "exclude", "positive", "near_miss"}


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that has the code; ``attributes`` are its act, direction or slots by name."""

    text: str
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A sentence that looks like the code and is ``actual`` instead, with the reason.

    ``actual`` is the id of another code, or ``"no mention"``.
    """

    text: str
    actual: str
    why: str


@dataclass(frozen=True, slots=True)
class Code:
    """One code. ``id`` is family and name with a dot between: ``process.note``."""

    id: str
    title: str
    definition: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    positive: tuple[Example, ...]
    near_miss: tuple[NearMiss, ...]

    @property
    def family(self) -> str:
        """Return what stands before the dot: process, tangible, none, own, acc, ineq."""
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Codebook:
    """All codes in the order of the file; indexed by id."""

    version: str
    codes: tuple[Code, ...]

    def __getitem__(self, code_id: str) -> Code:
        """Return the code with this id; raise InputError where there is none."""
        for code in self.codes:
            if code.id == code_id:
                return code
        known = ", ".join(code.id for code in self.codes)
        msg = f"Unknown code {code_id!r}. The codebook (version {self.version}) has: {known}."
        raise InputError(msg)

    def family(self, name: str) -> tuple[Code, ...]:
        """Return the codes of one family; empty where the codebook has no such family."""
        return tuple(code for code in self.codes if code.family == name)


def load_codebook(path: str | Path | None = None) -> Codebook:
    """Load the codebook that comes with hwbtext, or one of your own in the same JSON format.

    Parameters
    ----------
    path : str, Path or None
        A JSON file; None for the one that comes with hwbtext, which is read once.

    Raises
    ------
    MissingPathError
        There is no file at ``path``.
    InputError
        The file is no codebook: not JSON, a key missing or of the wrong type, an id twice, or
        a near miss that is said to be a code the file does not have.

    Examples
    --------
    >>> load_codebook()["process.note"].title
    'Received / noted / considered'
    >>> [code.id for code in load_codebook().family("process")]
    ['process.note', 'process.approve', 'process.produce', 'process.govern']
    """
    if path is None:
        return _shipped()
    path = Path(path)
    if not path.is_file():
        msg = f"There is no codebook at {str(path)!r}. Give a JSON file, or None for the default."
        raise MissingPathError(msg)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        msg = f"The codebook {str(path)!r} is not UTF-8: {error}."
        raise InputError(msg) from error
    return _read(text, str(path))


@lru_cache(maxsize=1)
def _shipped() -> Codebook:
    source = files("hwbtext.codebook") / "codebook.json"
    return _read(source.read_text(encoding="utf-8"), "codebook.json")


def _read(text: str, name: str) -> Codebook:
    try:
        content: object = json.loads(text)
    except json.JSONDecodeError as error:
        msg = f"The codebook {name!r} is not JSON: {error}."
        raise InputError(msg) from error
    if not isinstance(content, dict) or not {"version", "codes"} <= content.keys():
        msg = f"The codebook {name!r} must be an object with the keys version and codes."
        raise InputError(msg)
    rows = content["codes"]
    if not isinstance(rows, list) or not rows:
        msg = f"codes of the codebook {name!r} must be a list with at least one code."
        raise InputError(msg)
    codes = tuple(_code(row, f"{name}, code {number}") for number, row in enumerate(rows, 1))
    _check_ids(codes, name)
    return Codebook(version=str(content["version"]), codes=codes)


def _code(row: object, where: str) -> Code:
    if not isinstance(row, dict) or not row.keys() >= _CODE_KEYS:
        missing = sorted(_CODE_KEYS - row.keys()) if isinstance(row, dict) else sorted(_CODE_KEYS)
        msg = f"{where}: missing {', '.join(missing)}."
        raise InputError(msg)
    code_id = _string(row, "id", where)
    where = f"{where} ({code_id})"
    return Code(
        id=code_id,
        title=_string(row, "title", where),
        definition=_string(row, "definition", where),
        include=_strings(row, "include", where),
        exclude=_strings(row, "exclude", where),
        positive=tuple(
            Example(
                _string(example, "text", where),
                # in_title is a boolean in the file; every other attribute is a string.
                tuple((key, str(value)) for key, value in example.items() if key != "text"),
            )
            for example in _objects(row, "positive", where)
        ),
        near_miss=tuple(
            NearMiss(
                _string(miss, "text", where),
                _string(miss, "is_", where),
                _string(miss, "why", where),
            )
            for miss in _objects(row, "near_miss", where)
        ),
    )


def _string(row: dict[str, object], key: str, where: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        msg = f"{where}: {key} must be a string that is not empty. Got {value!r}."
        raise InputError(msg)
    return value


def _strings(row: dict[str, object], key: str, where: str) -> tuple[str, ...]:
    value = row[key]
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        msg = f"{where}: {key} must be a list of strings. Got {value!r}."
        raise InputError(msg)
    return tuple(value)


def _objects(row: dict[str, object], key: str, where: str) -> list[dict[str, object]]:
    value = row[key]
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
        msg = f"{where}: {key} must be a list of objects. Got {value!r}."
        raise InputError(msg)
    return cast("list[dict[str, object]]", value)


def _check_ids(codes: tuple[Code, ...], name: str) -> None:
    seen: set[str] = set()
    for code in codes:
        family, dot, rest = code.id.partition(".")
        if not (family and dot and rest):
            msg = f"Code ids of {name!r} must look like 'process.note'. Got {code.id!r}."
            raise InputError(msg)
        if code.id in seen:
            msg = f"Code ids of {name!r} must be unique. Got {code.id!r} twice."
            raise InputError(msg)
        seen.add(code.id)
    for code in codes:
        for miss in code.near_miss:
            if miss.actual != NO_CODE and miss.actual not in seen:
                msg = (
                    f"A near miss of {code.id!r} in {name!r} is said to be {miss.actual!r}, which "
                    f"is neither a code of the file nor {NO_CODE!r}."
                )
                raise InputError(msg)
