"""Files go from the folder of drafts to their place, and old versions out of the way.

The row of the manifest comes first and is the plan: every step here can be cut off and done
again from it (:func:`finish_moves`).
"""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from hwbtext.scrape.disk import OutsideFolderError, hash_file, inside, move, sync_file, sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from hwbtext.scrape.state import State

PARTIAL = ".partial"
SUPERSEDED = ".superseded"
_STAGED = ".staged"


def free_path(
    root: Path, state: State, folder: PurePosixPath, named: Callable[..., str], sha256: str
) -> str:
    """Return a path for bytes that no other bytes were ever kept under.

    ``named`` makes the name with ``n_digits`` of the hash: eight, and more if need be.
    """
    for n_digits in (8, 16, 64):
        path = str(folder / named(n_digits=n_digits))
        inside(root, path)
        if state.hash_of(path) in (None, sha256):
            break
    return path


def stage(root: Path, draft: Path, sha256: str) -> Path:
    """Name a finished draft after its hash, so that a later run can tell what it is."""
    sync_file(draft)
    staged = staged_path(root, sha256)
    os.replace(draft, staged)
    sync_folder(staged.parent)
    return staged


def staged_path(root: Path, sha256: str) -> Path:
    """Return where bytes wait until the row that names their place is written."""
    return root / PARTIAL / f"{sha256}{_STAGED}"


def place(root: Path, staged: Path, relative: str) -> None:
    """Move staged bytes to their place; other bytes that lie there are put aside, not lost."""
    target = inside(root, relative)
    if target.is_file() and not target.is_symlink():
        found, _ = hash_file(target)
        if f"{found}{_STAGED}" != staged.name:
            aside = PurePosixPath(relative)
            kept = aside.with_name(f"{aside.stem}-found-{found[:8]}{aside.suffix}")
            move(target, inside(root, f"{SUPERSEDED}/{kept}"))
    move(staged, target)


def put_aside(root: Path, relative: str) -> None:
    """Move a file of an earlier version to ``.superseded``, under the path that it had."""
    old = inside(root, relative)
    if old.is_file():
        move(old, inside(root, f"{SUPERSEDED}/{relative}"))


def is_intact(root: Path, relative: str | None, sha256: str | None) -> bool:
    """Return whether a file is there and has the bytes that its row says."""
    if relative is None or sha256 is None:
        return False
    try:
        path = inside(root, relative)
        return path.is_file() and hash_file(path)[0] == sha256
    except (OSError, OutsideFolderError):
        return False


def has_size(root: Path, relative: str, n_bytes: int | None) -> bool:
    """Return whether a file is there and as long as its row says: most edits show in that.

    It costs no reading, so that a run can ask it of every file.
    """
    try:
        path = inside(root, relative)
        return path.is_file() and path.stat().st_size == n_bytes
    except (OSError, OutsideFolderError):
        return False


def finish_moves(root: Path, state: State) -> tuple[str, ...]:
    """Do what the rows of an earlier run planned and its end cut off; drop its drafts.

    Returns
    -------
    tuple of str
        What was done, for the report of the run; empty after a run that ended well.
    """
    done: list[str] = []
    for staged in sorted((root / PARTIAL).glob(f"*{_STAGED}")):
        sha256 = staged.name.removesuffix(_STAGED)
        if staged.is_file() and hash_file(staged)[0] == sha256:
            for path in state.paths_with(sha256):
                if staged.is_file() and not is_intact(root, path, sha256):
                    place(root, staged, path)
                    done.append(f"put in place: {path}")
    for path, _ in state.kept():
        if not state.is_held(path) and _is_there(root, path):
            put_aside(root, path)
            done.append(f"put aside as an earlier version: {path}")
    for draft in sorted((root / PARTIAL).iterdir()):
        if draft.is_file() or draft.is_symlink():
            draft.unlink()
            done.append(f"removed an unfinished download: {draft.name}")
    return tuple(done)


def _is_there(root: Path, relative: str) -> bool:
    try:
        return inside(root, relative).is_file()
    except OutsideFolderError:
        return False
