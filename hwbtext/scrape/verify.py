"""Whether a folder of papers still is what its manifest says."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hwbtext.errors import MissingPathError
from hwbtext.scrape.disk import OutsideFolderError, hash_file, inside
from hwbtext.scrape.lock import LOCK_NAME
from hwbtext.scrape.manifest import MANIFEST_NAME, read_state
from hwbtext.scrape.metadata import METADATA_NAME
from hwbtext.scrape.placing import PARTIAL, SUPERSEDED

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_THE_COLLECTOR = frozenset({MANIFEST_NAME, METADATA_NAME, LOCK_NAME})


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a check of a folder found; paths are relative to it, each list in order.

    Attributes
    ----------
    n_files : int
        Files that the manifest names and that are as it says, earlier versions among them.
    missing : tuple of str
        Named by the manifest and not there.
    changed : tuple of str
        There with other bytes than those that were kept.
    outside : tuple of str
        Named by the manifest with a path that leads out of the folder; not opened.
    orphans : tuple of str
        There and not named by the manifest; `hwbtext mine` reads them all the same.
    torn : tuple of str
        Lines of the manifest that are no rows.
    leftovers : tuple of str
        Unfinished downloads; the next run removes them.
    unfinished : tuple of str
        Keys of documents that were asked for and of which no end is known: a run was cut off.
    """

    n_files: int
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    orphans: tuple[str, ...] = ()
    torn: tuple[str, ...] = ()
    leftovers: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Return whether every file is there as it was kept and every row can be read."""
        return not (self.missing or self.changed or self.outside or self.torn)

    def lines(self) -> Iterator[str]:
        """Yield what was found, a line each, for a person to read."""
        yield f"{self.n_files} files are as they were kept"
        for path in self.missing:
            yield f"missing: {path}"
        for path in self.changed:
            yield f"changed since it was kept (its hash is another): {path}"
        for path in self.outside:
            yield f"not looked at, it leads out of the folder: {path}"
        for problem in self.torn:
            yield f"manifest: {problem}"
        for path in self.orphans:
            yield f"not in the manifest: {path}"
        for path in self.leftovers:
            yield f"left by a run that was cut off: {path}"
        for key in self.unfinished:
            yield f"asked for, and no end known: {key}"


def verify(folder: str | os.PathLike[str]) -> VerifyReport:
    """Hash every file that the manifest of a folder names; nothing is changed.

    Parameters
    ----------
    folder : path-like
        A folder that the collector wrote.

    Raises
    ------
    MissingPathError
        There is no such folder, or no manifest in it.
    SchemaError
        A newer hwbtext has written the manifest.
    """
    root = Path(folder)
    path = root / MANIFEST_NAME
    if not path.is_file():
        msg = f"There is no {MANIFEST_NAME} in {str(folder)!r}: give a folder of collected papers."
        raise MissingPathError(msg)
    read = read_state(path)
    state = read.state
    torn = list(read.problems)
    if read.n_torn:
        torn.append(f"the last row was cut off ({read.n_torn} bytes); the next run removes it")
    missing, changed, outside = [], [], []
    named: set[str] = set()
    for relative, sha256 in sorted(state.kept()):
        places = [relative] if state.is_held(relative) else [f"{SUPERSEDED}/{relative}", relative]
        try:
            found = next((p for p in places if inside(root, p).is_file()), None)
        except OutsideFolderError:
            outside.append(relative)
            continue
        if found is None:
            missing.append(places[0])
            continue
        named.add(found)
        if hash_file(root / found)[0] != sha256:
            changed.append(found)
    others = [name for name in _files(root) if name not in named]
    leftovers = [name for name in others if name.startswith(f"{PARTIAL}/")]
    return VerifyReport(
        n_files=len(named) - len(changed),
        missing=tuple(missing),
        changed=tuple(changed),
        outside=tuple(outside),
        orphans=tuple(
            name
            for name in others
            if name not in _OF_THE_COLLECTOR and not name.startswith((PARTIAL, SUPERSEDED))
        ),
        torn=tuple(torn),
        leftovers=tuple(leftovers),
        unfinished=tuple(row.doc_key or "" for row in state.unfinished()),
    )


def _files(root: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            yield (Path(folder) / name).relative_to(root).as_posix()
