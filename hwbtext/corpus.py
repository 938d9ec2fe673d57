"""A folder of board papers, read lazily."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from hwbtext.errors import InputError, MetadataError, MissingPathError
from hwbtext.parse import is_paper, parse_file
from hwbtext.parse.plain import decode
from hwbtext.records import DOC_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hwbtext.records import Document

Metadata = Mapping[str, "str | date | None"]
METADATA_NAME = "metadata.csv"
METADATA_COLUMNS = (
    "path",
    "site_id",
    "site",
    "committee",
    "kind",
    "meeting_date",
    "published_with_date",
    "title",
)
_DATE_COLUMNS = ("meeting_date", "published_with_date")


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """One file: where it is, its name below the folder, and its row of ``metadata.csv``."""

    path: Path
    relative: str
    metadata: Metadata = field(default_factory=dict)

    @property
    def is_paper(self) -> bool:
        """Return whether a parser reads files of this name."""
        return is_paper(self.relative)


@dataclass(frozen=True, slots=True)
class Corpus:
    """The files of a folder. Iterating parses them one by one; nothing is kept in memory.

    The order of the files does not matter to any result.
    """

    root: Path
    files: tuple[CorpusFile, ...]

    def __len__(self) -> int:
        return len(self.files)

    def __iter__(self) -> Iterator[Document]:
        for file in self.files:
            if file.is_paper:
                yield parse_file(file.path, file.relative)


def read_folder(folder: str | os.PathLike[str]) -> Corpus:
    """List the papers of a folder and of the folders in it.

    Site, committee, kind and dates are inferred when a paper is read. A file
    ``metadata.csv`` beside papers states them instead: columns ``path`` (relative to that
    file) and any of site_id, site, committee, kind, meeting_date, published_with_date, title;
    dates as 2019-03-12; an empty cell means "infer it". A path may be a folder ("." is the
    one of the file itself): its row holds for every paper in it that has none of its own.

    Parameters
    ----------
    folder : path-like
        Hidden files, and links that lead out of the folder, are passed over.

    Returns
    -------
    Corpus
        Lazy: no paper is opened yet. Files that no parser reads are listed too, so that the
        counts of a run add up.

    Raises
    ------
    MissingPathError
        There is no such folder.
    InputError
        It is a file, holds no file at all, or a folder in it cannot be opened.
    MetadataError
        A ``metadata.csv`` has an unknown column or kind, a date that is none, or names a file
        that is not there.
    """
    root = Path(folder)
    if not root.exists():
        msg = f"There is no folder {str(folder)!r}."
        raise MissingPathError(msg)
    if not root.is_dir():
        msg = f"{str(folder)!r} is a file. Give the folder that holds the papers."
        raise InputError(msg)
    metadata: dict[str, Metadata] = {}
    found: list[CorpusFile] = []
    for path in _walk(root):
        if path.name.lower() == METADATA_NAME:
            metadata.update(_read_metadata(path, root))
    for path in _walk(root):
        relative = _relative(path, root)
        if path.name.lower() != METADATA_NAME:
            found.append(CorpusFile(path, relative, _metadata_of(relative, metadata)))
    if not found:
        msg = f"The folder {str(folder)!r} holds no files."
        raise InputError(msg)
    return Corpus(root, tuple(found))


def _metadata_of(relative: str, metadata: Mapping[str, Metadata]) -> Metadata:
    """Join the rows of a file and of the folders it is in; the nearest row wins."""
    stated: dict[str, str | date | None] = {}
    for place in (*reversed(PurePosixPath(relative).parents), PurePosixPath(relative)):
        stated.update(metadata.get(str(place), {}))
    return stated


def _walk(root: Path) -> Iterator[Path]:
    real_root = root.resolve()

    def refuse(error: OSError) -> None:
        msg = f"The folder {error.filename!r} cannot be opened: {error.strerror}."
        raise InputError(msg) from error

    for folder, folders, names in os.walk(root, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder) / name
            if name.startswith(".") or not path.is_file():
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(real_root):
                continue
            yield path


def _relative(path: Path, root: Path) -> str:
    relative = path.relative_to(root).as_posix()
    # A name that is no UTF-8 cannot stand in a table: shown with replacement characters.
    return relative.encode("utf-8", "replace").decode("utf-8")


def _read_metadata(path: Path, root: Path) -> dict[str, Metadata]:
    text = decode(path.read_bytes())
    shown = _relative(path, root)
    if text is None:
        msg = f"{shown} is not text. Save it as CSV in UTF-8."
        raise MetadataError(msg)
    # Excel for Mac ends lines with a bare CR.
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    try:
        return _rows_of(csv.DictReader(io.StringIO(text)), path, root)
    except csv.Error as error:
        msg = f"{shown} is not a table in CSV: {error}."
        raise MetadataError(msg) from error


def _rows_of(reader: csv.DictReader[str], path: Path, root: Path) -> dict[str, Metadata]:
    shown = _relative(path, root)
    columns = [name.strip() for name in reader.fieldnames or ()]
    if "path" not in columns:
        hint = " Separate them by commas, not semicolons." if ";" in "".join(columns) else ""
        msg = f"{shown} has no column 'path'. Its columns are {columns}.{hint}"
        raise MetadataError(msg)
    if unknown := set(columns) - set(METADATA_COLUMNS):
        known = ", ".join(METADATA_COLUMNS)
        msg = f"{shown} has unknown columns {sorted(unknown)}. Known: {known}."
        raise MetadataError(msg)
    if len(set(columns)) < len(columns):
        msg = f"{shown} names a column twice: {columns}."
        raise MetadataError(msg)
    reader.fieldnames = columns
    rows: dict[str, Metadata] = {}
    for row in reader:
        if not any(isinstance(value, str) and value.strip() for value in row.values()):
            continue  # spreadsheets write empty rows
        where = f"{shown}, line {reader.line_num}"
        name = (row["path"] or "").strip()
        parts = PurePosixPath(name)
        if not name or parts.is_absolute() or ".." in parts.parts:
            msg = f"{where}: path {name!r} is not a path below the folder of {METADATA_NAME}."
            raise MetadataError(msg)
        target = path.parent / name
        try:
            there = target.exists()
        except OSError:
            there = False
        if not there:
            msg = f"{where}: there is no file or folder {name!r}."
            raise MetadataError(msg)
        relative = _relative(target, root)
        if relative in rows:
            msg = f"{where}: {name!r} has a row already."
            raise MetadataError(msg)
        rows[relative] = _stated(row, where)
    return rows


def _stated(row: Mapping[str, str | None], where: str) -> dict[str, str | date | None]:
    stated: dict[str, str | date | None] = {}
    for name in METADATA_COLUMNS[1:]:
        value = (row.get(name) or "").strip()
        if not value:
            continue
        if name == "kind" and value not in DOC_KINDS:
            msg = f"{where}: unknown kind {value!r}. Kinds: {', '.join(DOC_KINDS)}."
            raise MetadataError(msg)
        if name in _DATE_COLUMNS:
            try:
                stated[name] = date.fromisoformat(value)
            except ValueError:
                msg = f"{where}: {name} {value!r} is not a date like 2019-03-12."
                raise MetadataError(msg) from None
        else:
            stated[name] = value
    return stated


def in_order(files: Iterable[CorpusFile]) -> list[CorpusFile]:
    """Return files in the one order that results are made in: by name below the folder."""
    return sorted(files, key=lambda file: file.relative)
