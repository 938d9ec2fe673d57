"""Files that are whole or not there: synced writes, moves inside one folder, hashes."""

from __future__ import annotations

import errno
import hashlib
import os
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from hwbtext.errors import HwbtextError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1024 * 1024
_HINTS = {
    errno.ENOSPC: "The disk is full. Make room and run again: what is there is kept.",
    errno.EDQUOT: "The disk quota is used up. Make room and run again: what is there is kept.",
    errno.EFBIG: "The disk takes no file of that size.",
    errno.EROFS: "The disk is read-only. Give another output folder.",
    errno.EACCES: "Writing there is not allowed. Give another output folder.",
    errno.EPERM: "Writing there is not allowed. Give another output folder.",
    errno.ENAMETOOLONG: "The path of the output folder is too long. Give a shorter one.",
}


class DiskError(HwbtextError):
    """The folder cannot be written: the run has to stop, and nothing in the folder is spoilt."""


class OutsideFolderError(DiskError):
    """A path that would lead out of the folder, by its name or by a symbolic link."""


@contextmanager
def disk_errors(what: str) -> Iterator[None]:
    """Turn an OSError into a :class:`DiskError` that says what to do."""
    try:
        yield
    except OSError as error:
        hint = _HINTS.get(error.errno or 0, "")
        msg = f"{what} failed: {error.strerror or error}. {hint}".rstrip()
        raise DiskError(msg) from error


def hash_file(path: Path) -> tuple[str, int]:
    """Return the SHA-256 of a file, in hex, and its size in bytes."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can do that."""
    if os.name == "nt":  # Windows opens no folders
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Make the bytes of a file durable."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder and the ones above it; their names are durable afterwards."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        sync_folder(one.parent)


def move(source: Path, target: Path) -> None:
    """Move a file within one disk in one step; a file of the same name is replaced."""
    make_folder(target.parent)
    os.replace(source, target)
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)


def write_whole(path: Path, content: bytes, drafts: Path) -> None:
    """Write a file so that its name holds the old bytes or the new ones, never a part.

    The draft is written in the folder ``drafts``, which has to be on the same disk.
    """
    draft = drafts / f"{path.name}.part"
    try:
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        move(draft, path)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def inside(root: Path, relative: str) -> Path:
    """Return the path of a name below ``root``.

    Raises
    ------
    OutsideFolderError
        The name is absolute, climbs, or passes through a link that leads out of ``root``.

    Examples
    --------
    >>> inside(Path("/papers"), "ashmere/2024/Minutes.pdf").as_posix()
    '/papers/ashmere/2024/Minutes.pdf'
    """
    parts = PurePosixPath(relative)
    climbs = parts.is_absolute() or ".." in parts.parts or not parts.parts
    if climbs or "\\" in relative or "\0" in relative:
        msg = f"{relative!r} is no path below the folder of the papers."
        raise OutsideFolderError(msg)
    path = root.joinpath(*parts.parts)
    # The last name may be a link: a move replaces the link, not what it points to.
    if not path.parent.resolve().is_relative_to(root.resolve()):
        msg = f"{relative!r} leads out of the folder of the papers through a symbolic link."
        raise OutsideFolderError(msg)
    return path
