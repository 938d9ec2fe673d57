"""A codebook read from JSON and checked; one may extend another."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from hwbtext.codebook.book import (
    NO_CODE,
    Code,
    Codebook,
    Example,
    Family,
    FamilyKind,
    NearMiss,
    Ruling,
    SlotRule,
    Term,
)
from hwbtext.errors import InputError, MissingPathError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SHIPPED = "hwbtext"
"""What ``extends`` says to build upon the codebook that comes with hwbtext."""

_CODE_KEYS = {"id", "title", "definition", "include", "exclude", "positive", "near_miss"}
_BOOK_KEYS = {
    "version", "extends", "licence", "changes",
    "families", "directions", "acts", "rulings", "codes",
}  # fmt: skip
_Part = TypeVar("_Part")
_Row = dict[str, object]


@lru_cache(maxsize=1)
def shipped() -> Codebook:
    """Return the codebook that comes with hwbtext."""
    source = files("hwbtext.codebook") / "codebook.json"
    return _read(source.read_text(encoding="utf-8"), "codebook.json", None, ())


def read_file(path: Path, before: tuple[Path, ...] = ()) -> Codebook:
    """Read the codebook at ``path``; ``before`` are the files that extend it."""
    if not path.is_file():
        msg = f"There is no codebook at {str(path)!r}. Give a JSON file, or None for the default."
        raise MissingPathError(msg)
    if path.resolve() in before:
        msg = f"The codebook {str(path)!r} extends itself. Let `extends` name another file."
        raise InputError(msg)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"The codebook {str(path)!r} is not UTF-8: {error}."
        raise InputError(msg) from error
    return _read(text, str(path), path.parent, (*before, path.resolve()))


def _read(text: str, name: str, folder: Path | None, before: tuple[Path, ...]) -> Codebook:
    try:
        content: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = f"The codebook {name!r} is not JSON: {error}."
        raise InputError(msg) from error
    if not isinstance(content, dict) or not {"version", "codes"} <= content.keys():
        msg = f"The codebook {name!r} must be an object with the keys version and codes."
        raise InputError(msg)
    unknown = sorted(content.keys() - _BOOK_KEYS)
    if unknown:
        msg = f"The codebook {name!r} has unknown keys {unknown}. Known: {sorted(_BOOK_KEYS)}."
        raise InputError(msg)
    base = _base(content, name, folder, before)
    own = Codebook(
        version=_string(content, "version", name),
        codes=_parts(content, "codes", name, _code),
        families=_parts(content, "families", name, _family),
        directions=_parts(content, "directions", name, _term),
        acts=_parts(content, "acts", name, _term),
        rulings=_parts(content, "rulings", name, _ruling),
        changes=_parts(content, "changes", name, _change),
    )
    if base is None and not own.codes:
        msg = f"codes of the codebook {name!r} must be a list with at least one code."
        raise InputError(msg)
    if base is None and not own.families:
        msg = (
            f"The codebook {name!r} must say in families of each family of codes whether it is "
            'of kind outcome or mention, or have "extends": "hwbtext".'
        )
        raise InputError(msg)
    _check_twice((code.id for code in own.codes), "Code ids", name)
    _check_twice((family.name for family in own.families), "Names of families", name)
    _check_twice((ruling.id for ruling in own.rulings), "Ids of rulings", name)
    book = own if base is None else _merged(base, own)
    _check_whole(book, name)
    return book


def _base(
    content: _Row, name: str, folder: Path | None, before: tuple[Path, ...]
) -> Codebook | None:
    if "extends" not in content:
        return None
    said = _string(content, "extends", name)
    if said == SHIPPED:
        return shipped()
    # A codebook without a folder is the one that comes with hwbtext: it extends nothing.
    return read_file((folder or Path()) / said, before)


def _merged(base: Codebook, own: Codebook) -> Codebook:
    """Return ``base`` with what ``own`` adds; of two with one id, ``own`` has its way."""
    return Codebook(
        version=own.version,
        codes=_over(base.codes, own.codes, lambda code: code.id),
        families=_over(base.families, own.families, lambda family: family.name),
        directions=_over(base.directions, own.directions, lambda term: term.name),
        acts=_over(base.acts, own.acts, lambda term: term.name),
        rulings=_over(base.rulings, own.rulings, lambda ruling: ruling.id),
        changes=base.changes + own.changes,
    )


def _over(
    base: tuple[_Part, ...], own: tuple[_Part, ...], key: Callable[[_Part], str]
) -> tuple[_Part, ...]:
    parts = {key(part): part for part in base}
    parts.update((key(part), part) for part in own)
    return tuple(parts.values())


def _parts(
    content: _Row, key: str, name: str, make: Callable[[_Row, str], _Part]
) -> tuple[_Part, ...]:
    rows = content.get(key, [])
    if not isinstance(rows, list):
        msg = f"{key} of the codebook {name!r} must be a list. Got {rows!r}."
        raise InputError(msg)
    made = []
    for number, row in enumerate(rows, 1):
        where = f"{name}, {key} {number}"
        if not isinstance(row, dict):
            msg = f"{where}: must be an object. Got {row!r}."
            raise InputError(msg)
        made.append(make(row, where))
    return tuple(made)


def _code(row: _Row, where: str) -> Code:
    missing = sorted(_CODE_KEYS - row.keys())
    if missing:
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
        positive=_examples(row, where),
        near_miss=_near_misses(row, where),
    )


def _family(row: _Row, where: str) -> Family:
    name = _string(row, "name", where)
    kind = _string(row, "kind", where)
    if kind not in ("outcome", "mention"):
        msg = f"{where} ({name}): kind must be 'outcome' or 'mention'. Got {kind!r}."
        raise InputError(msg)
    label = _string(row, "category", where) if "category" in row else name
    if kind == "outcome" and label != name:
        msg = f"{where} ({name}): an outcome has no category. Got {label!r}."
        raise InputError(msg)
    slots = tuple(
        SlotRule(
            _string(slot, "name", where),
            _strings(slot, "values", where) if "values" in slot else (),
        )
        for slot in _objects(row, "slots", where)
    )
    return Family(name, cast("FamilyKind", kind), label, slots)


def _term(row: _Row, where: str) -> Term:
    return Term(_string(row, "name", where), _string(row, "definition", where))


def _change(row: _Row, where: str) -> tuple[str, str]:
    return _string(row, "version", where), _string(row, "change", where)


def _ruling(row: _Row, where: str) -> Ruling:
    return Ruling(
        id=_string(row, "id", where),
        since=_string(row, "since", where),
        case=_string(row, "case", where),
        ruling=_string(row, "ruling", where),
        positive=_examples(row, where),
        near_miss=_near_misses(row, where),
    )


def _examples(row: _Row, where: str) -> tuple[Example, ...]:
    return tuple(
        Example(
            _string(example, "text", where),
            # in_title is a boolean in the file; every other attribute is a string.
            tuple((key, str(value)) for key, value in example.items() if key != "text"),
        )
        for example in _objects(row, "positive", where)
    )


def _near_misses(row: _Row, where: str) -> tuple[NearMiss, ...]:
    return tuple(
        NearMiss(
            _string(miss, "text", where),
            _string(miss, "is_", where),
            _string(miss, "why", where),
        )
        for miss in _objects(row, "near_miss", where)
    )


def _string(row: _Row, key: str, where: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        msg = f"{where}: {key} must be a string that is not empty. Got {value!r}."
        raise InputError(msg)
    return value


def _strings(row: _Row, key: str, where: str) -> tuple[str, ...]:
    value = row[key]
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        msg = f"{where}: {key} must be a list of strings. Got {value!r}."
        raise InputError(msg)
    return tuple(value)


def _objects(row: _Row, key: str, where: str) -> list[_Row]:
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
        msg = f"{where}: {key} must be a list of objects. Got {value!r}."
        raise InputError(msg)
    return cast("list[_Row]", value)


def _check_twice(ids: Iterable[str], what: str, name: str) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            msg = f"{what} of {name!r} must be unique. Got {one!r} twice."
            raise InputError(msg)
        seen.add(one)


def _check_whole(book: Codebook, name: str) -> None:
    """Check what can only be told of a codebook with all that it extends."""
    families = {family.name for family in book.families}
    known = {code.id for code in book.codes}
    for code in book.codes:
        if not (code.family and code.name):
            msg = f"Code ids of {name!r} must look like 'process.note'. Got {code.id!r}."
            raise InputError(msg)
        if code.family not in families:
            msg = (
                f"The code {code.id!r} of {name!r} is of no family in families "
                f"({', '.join(sorted(families))}). Add {{'name': {code.family!r}, 'kind': …}}."
            )
            raise InputError(msg)
    for kind in (book.outcomes, book.categories):
        _check_twice(kind, "Outcomes, and categories of mentions,", name)
    parts = [(code.id, code.near_miss) for code in book.codes]
    parts += [(ruling.id, ruling.near_miss) for ruling in book.rulings]
    for part, misses in parts:
        for miss in misses:
            if miss.actual != NO_CODE and miss.actual not in known:
                msg = (
                    f"A near miss of {part!r} in {name!r} is said to be {miss.actual!r}, which "
                    f"is neither a code of the file nor {NO_CODE!r}."
                )
                raise InputError(msg)
    for ruling in book.rulings:
        for example in ruling.positive:
            said = dict(example.attributes).get("code")
            if said is not None and said != NO_CODE and said not in known:
                msg = f"An example of ruling {ruling.id!r} in {name!r} has no known code: {said!r}."
                raise InputError(msg)
