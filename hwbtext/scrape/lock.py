"""One run at a time writes a folder: a lock that the death of its holder releases."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from hwbtext.errors import InputError
from hwbtext.scrape.disk import disk_errors

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

LOCK_NAME = ".lock"


class FolderInUseError(InputError):
    """Another run is writing the folder."""


class FolderLock:
    """Hold ``folder/.lock`` for as long as a run writes there.

    The system's own lock on the open file decides, and it ends with the process that holds it:
    the file of a run that was killed is taken over. The file names the holder, for people.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK_NAME
        self._handle: int | None = None

    def __enter__(self) -> FolderLock:
        with disk_errors(f"Locking {self.path.parent}"):
            while self._handle is None:
                handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
                if not _take(handle):
                    holder = os.read(handle, 40).decode("ascii", "replace").strip()
                    os.close(handle)
                    msg = (
                        f"{str(self.path.parent)!r} is being written by another run "
                        f"(process {holder or 'unknown'}). Wait for it, or give another folder."
                    )
                    raise FolderInUseError(msg)
                # The holder before may have removed the file between opening and locking it.
                if _is_still(handle, self.path):
                    self._handle = handle
                else:
                    os.close(handle)
            os.ftruncate(self._handle, 0)
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, f"{os.getpid()}\n".encode("ascii"))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._handle is not None:
            self.path.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None


def _is_still(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> bool:
        # A byte past the text, so that others can still read who holds it.
        os.lseek(handle, 1_000, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _take(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
