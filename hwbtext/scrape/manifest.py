"""The manifest of a folder: what was listed, asked for and kept, in rows that are only added.

``manifest.jsonl`` holds one JSON object a line (:class:`~hwbtext.scrape.records.ManifestRow`).
A row is written before a document is asked for (``started``) and after (``finished``), and is on
the disk before the next step is taken. The last finished row of a document is its state: a
check that fails repeats what is held of the document beside the failure, so that no state has
to be put together from several rows.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hwbtext.errors import SchemaError
from hwbtext.scrape.disk import disk_errors, sync_folder
from hwbtext.scrape.row_json import from_line, to_line
from hwbtext.scrape.state import State

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hwbtext.scrape.records import ManifestRow

MANIFEST_NAME = "manifest.jsonl"


@dataclass(frozen=True, slots=True)
class ReadManifest:
    """What a manifest file holds.

    Attributes
    ----------
    state : State
        What its rows come to; the file is read again for each row that is asked for.
    problems : tuple of str
        Lines that are no rows, each with its number and why.
    n_torn : int
        Bytes after the last whole line: a row whose writing was cut off.
    ends_open : bool
        The last row is whole and only its line feed is missing.
    n_bytes : int
        Size of the file, what is torn included.
    """

    state: State
    problems: tuple[str, ...] = ()
    n_torn: int = 0
    ends_open: bool = False
    n_bytes: int = 0


class ManifestLines(NamedTuple):
    """The rows of a manifest file, all in memory, and what is wrong with it."""

    rows: tuple[ManifestRow, ...]
    problems: tuple[str, ...]
    n_torn: int
    ends_open: bool


class Manifest:
    """The rows of a folder and the state that they come to; safe to use from many threads.

    Parameters
    ----------
    path : Path
        ``manifest.jsonl``; made if it is not there. A row that was cut off by a crash is taken
        away from its end.

    Raises
    ------
    SchemaError
        The manifest is of a newer major version.
    DiskError
        It cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with disk_errors(f"Opening {path.name}"):
            is_new = not path.exists()
            read = read_state(path)
            self.state = read.state
            self.problems = read.problems
            self.n_torn = read.n_torn
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
            if is_new:
                sync_folder(path.parent)
            if read.n_torn:
                os.ftruncate(self._handle, read.n_bytes - read.n_torn)
            if read.ends_open:
                _write_all(self._handle, b"\n")
            if read.n_torn or read.ends_open:
                os.fsync(self._handle)

    def append(self, row: ManifestRow) -> None:
        """Add a row; it is on the disk when this returns.

        Raises
        ------
        DiskError
            The disk is full or read-only; the manifest ends with the row before.
        """
        with self._lock, disk_errors("Writing the manifest"):
            end = os.fstat(self._handle).st_size
            try:
                _write_all(self._handle, to_line(row))
                os.fsync(self._handle)
            except OSError:
                os.ftruncate(self._handle, end)
                raise
            self.state.take(row, end)

    def close(self) -> None:
        """Close the file; closing twice does no harm."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def read_state(path: Path) -> ReadManifest:
    """Read a manifest file line by line and change nothing; one that is not there has no rows.

    Raises
    ------
    SchemaError
        A row is of a newer major version.
    """
    state = State(read=_reader(path))
    problems, n_torn, ends_open, at = _pass_over(path, state.take)
    return ReadManifest(state, problems, n_torn, ends_open, at)


def read_lines(path: Path) -> ManifestLines:
    """Read all rows of a manifest file into memory; see :func:`read_state` for large ones."""
    rows: list[ManifestRow] = []
    problems, n_torn, ends_open, _ = _pass_over(path, lambda row, _: rows.append(row))
    return ManifestLines(tuple(rows), problems, n_torn, ends_open)


def _pass_over(
    path: Path, take: Callable[[ManifestRow, int], None]
) -> tuple[tuple[str, ...], int, bool, int]:
    """Hand each row and its place to ``take``; return problems, torn bytes, open end and size."""
    problems: list[str] = []
    at = 0
    if not path.exists():
        return (), 0, False, 0
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            is_whole = line.endswith(b"\n")
            start, at = at, at + len(line)
            if is_whole and not line.strip():
                continue
            try:
                take(from_line(line), start)
            except SchemaError:
                raise
            except ValueError as error:
                if not is_whole:
                    return tuple(problems), len(line), False, at
                problems.append(f"line {number} is no row of a manifest: {error}")
            else:
                if not is_whole:
                    return tuple(problems), 0, True, at
    return tuple(problems), 0, False, at


def _reader(path: Path) -> Callable[[int], ManifestRow]:
    def read(at: int) -> ManifestRow:
        with disk_errors(f"Reading {path.name}"), path.open("rb") as file:
            file.seek(at)
            return from_line(file.readline())

    return read


def _write_all(handle: int, content: bytes) -> None:
    while content:
        content = content[os.write(handle, content) :]
