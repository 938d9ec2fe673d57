"""Gold samples from and to files, and those that come with hwbtext, by name."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hwbtext.codebook import load_codebook
from hwbtext.errors import GoldError, InputError, MissingPathError, OutputExistsError
from hwbtext.gold.checks import UnitReader
from hwbtext.gold.lines import Problems, read_rows
from hwbtext.gold.sample import ANNOTATORS, Annotators, Coding, GoldSample, GoldUnit
from hwbtext.gold.sidecar import Sidecar, read_sidecar, write_sidecar
from hwbtext.sites import corpora

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from hwbtext.codebook import Codebook

SHIPPED = {
    "hwb-v1": "hwb-v1/coded.jsonl",
    "hwb-v1/training": "hwb-v1/training.jsonl",
    "example": "example/coded.jsonl",
}
"""Gold that comes with hwbtext, by name; paths in ``corpora/gold``."""

_N_SHOWN = 20


def load_gold(
    path: str | Path,
    *,
    codebook: Codebook | None = None,
    name: str | None = None,
    annotators: Annotators | None = None,
    restated: bool | None = None,
) -> GoldSample:
    """Load a gold sample and check all of it.

    Each quote must stand at its offsets, each code in the codebook, each id once. A coder who
    is missing from a unit did not code it, which is allowed; a unit that nobody coded is not.

    Parameters
    ----------
    path : str or Path
        A file of JSON Lines, or the name of a sample that comes with hwbtext: "hwb-v1",
        "hwb-v1/training", "example".
    codebook : Codebook or None
        None for the one that comes with hwbtext.
    name, annotators, restated : str, str, bool, or None
        What the sample is called, who coded it and whether its text was written again in
        other words; None to take it from the sidecar ``sample.json`` beside the file. Where
        neither says it: the name of the file, "unknown", and False. A line's own ``restated``
        stands before either.

    Returns
    -------
    GoldSample

    Raises
    ------
    MissingPathError
        There is neither a file nor a sample of that name.
    InputError
        ``annotators`` is none of the four words.
    GoldError
        The sample cannot be used. The message shows the first 20 problems, each with line,
        value and cure; ``problems`` holds all.

    Examples
    --------
    >>> gold = load_gold("example")
    >>> len(gold), gold.coders, gold.annotators
    (12, ('coder-1', 'coder-2'), 'model-annotated')
    >>> gold.units[0].agreed.subtype
    'process.note'
    """
    found = _find(path)
    if annotators is not None and annotators not in ANNOTATORS:
        msg = f"annotators must be one of {', '.join(ANNOTATORS)}, or None. Got {annotators!r}."
        raise InputError(msg)
    said = read_sidecar(found)
    if restated is None:
        restated = bool(said.restated)
    problems = Problems()
    reader = UnitReader(codebook or load_codebook(), problems, restated=restated)
    read = [reader.read(line, row) for line, row in read_rows(found, problems)]
    if not read and not problems:
        problems.append("the file holds no passages. One JSON object a line is wanted.")
    if problems:
        raise _error(path, problems)
    return GoldSample(
        name=name or said.name or found.stem,
        units=tuple(unit for unit in read if unit is not None),
        annotators=annotators or said.annotators or "unknown",
    )


def save_gold(sample: GoldSample, path: str | Path, *, overwrite: bool = False) -> None:
    """Save a gold sample as JSON Lines (format 1.1), and its sidecar beside it.

    ``load_gold`` gives back what was saved. The sidecar keeps what it says of other files.

    Parameters
    ----------
    sample : GoldSample
    path : str or Path
        The file to write, in a folder that exists.
    overwrite : bool
        Whether a file that is there may be replaced.

    Raises
    ------
    MissingPathError
        The folder is not there.
    OutputExistsError
        The file is there, and ``overwrite`` is false.

    Examples
    --------
    >>> file = Path(tempfile.mkdtemp()) / "gold.jsonl"
    >>> gold = load_gold("example")
    >>> save_gold(gold, file)
    >>> load_gold(file) == gold
    True
    """
    path = Path(path)
    if not path.parent.is_dir():
        msg = f"There is no folder {str(path.parent)!r} to save gold in. Make it first."
        raise MissingPathError(msg)
    if path.exists() and not overwrite:
        msg = f"{str(path)!r} is there already. Name another file, or give overwrite=True."
        raise OutputExistsError(msg)
    restated = {unit.restated for unit in sample.units}
    rows = (_row(unit, mixed=len(restated) > 1) for unit in sample.units)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    # Written beside and moved: a full disk never leaves half a sample under the name.
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    finally:
        Path(beside).unlink(missing_ok=True)
    one = restated.pop() if len(restated) == 1 else None
    write_sidecar(path, Sidecar(sample.name, sample.annotators, one, read_sidecar(path).codebook))


def load_folds(name: str) -> dict[str, int]:
    """Return the fold of each place, from 1, of a sample that comes with hwbtext.

    A place has one fold in all files of the sample.

    Raises
    ------
    MissingPathError
        No sample of that name has folds.

    Examples
    --------
    >>> folds = load_folds("hwb-v1")
    >>> set(load_gold("hwb-v1").places) <= folds.keys()
    True
    """
    path = corpora() / "gold" / name / "folds.csv" if name in SHIPPED else None
    if path is None or not path.is_file():
        msg = f"There are no folds of {name!r}. There are of: hwb-v1."
        raise MissingPathError(msg)
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {row["place"]: int(row["fold"]) for row in rows}


def _find(path: str | Path) -> Path:
    found = Path(path)
    if found.is_file():
        return found
    if str(path) in SHIPPED:
        shipped: Traversable = corpora() / "gold"
        for part in SHIPPED[str(path)].split("/"):
            shipped = shipped / part
        if isinstance(shipped, Path) and shipped.is_file():
            return shipped
    msg = (
        f"There is no gold at {str(path)!r}. Give a JSON Lines file, or the name of a sample "
        f"that comes with hwbtext: {', '.join(SHIPPED)}."
    )
    raise MissingPathError(msg)


def _error(path: str | Path, problems: Problems) -> GoldError:
    n = len(problems)
    counted = "1 problem" if n == 1 else f"{n} problems"
    shown = "\n".join(f"  {problem}" for problem in problems[:_N_SHOWN])
    more = f"\n  and {n - _N_SHOWN} more" if n > _N_SHOWN else ""
    return GoldError(f"{str(path)!r} cannot be used: {counted}.\n{shown}{more}", tuple(problems))


def _row(unit: GoldUnit, *, mixed: bool) -> dict[str, object]:
    row: dict[str, object] = {
        "id": unit.id,
        "site": unit.site,
        "place": unit.place,
        "year": unit.year,
        "text": unit.text,
        "item": unit.item,
    }
    optional = {
        "source_url": unit.source_url,
        "doc": unit.doc,
        "page": unit.page,
        "doc_sha256": unit.doc_sha256,
        "doc_start": unit.doc_start,
        "doc_end": unit.doc_end,
        "passage_id": unit.passage_id,
        "prob": unit.prob,
        "pool": unit.pool,
        "restated": unit.restated if mixed else None,
    }
    row.update((key, value) for key, value in optional.items() if value is not None)
    row["stratum"] = unit.stratum
    row["coders"] = {name: _coding(coding) for name, coding in unit.coders}
    row["agreed"] = None if unit.agreed is None else _coding(unit.agreed)
    return row


def _coding(coding: Coding) -> dict[str, object]:
    return {
        "outcome": coding.outcome,
        "subtype": coding.subtype,
        "direction": coding.direction or "",
        "act": coding.act,
        "mentions": [
            {
                "category": mention.category,
                "polarity": mention.polarity,
                "start": mention.start,
                "end": mention.end,
                "quote": mention.quote,
                "slots": {slot.name: slot.text for slot in mention.slots},
            }
            for mention in coding.mentions
        ],
    }
