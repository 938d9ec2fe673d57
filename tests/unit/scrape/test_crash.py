"""A run that is killed at any moment loses nothing and leaves no part of a file in a place.

A child process does the work of two runs and is killed (SIGKILL, so nothing is tidied up) at
the first, second, third, ... call that changes the disk, until it lives to its end. Half of the
bytes of a write reach the file before the kill.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from collected import (
    ASHMERE,
    a_listing,
    a_pdf,
    came,
    inline_papers,
    open_folder,
    papers_in,
    papers_of,
)

from hwbtext.scrape.disk import DiskError
from hwbtext.scrape.holdings import Holdings
from hwbtext.scrape.lock import FolderInUseError
from hwbtext.scrape.manifest import read_lines
from hwbtext.scrape.verify import verify

MINUTES = a_listing("g1-T1", "Printed minutes", kind="minutes", placements=())
REPORT = a_listing("s5", "Better Care Fund")
SAME = a_listing("convert-5", "Better Care Fund, again")
LATE = a_listing("b2", "Supplement", kind="supplement")
DRAFT, FINAL, OTHER = a_pdf("draft"), a_pdf("final"), a_pdf("other")
RUNS = (
    ("r1", ((MINUTES, DRAFT), (REPORT, OTHER), (SAME, OTHER))),
    ("r2", ((MINUTES, FINAL), (REPORT, OTHER), (SAME, FINAL), (LATE, DRAFT))),
)
INLINE = ("1", "Apologies", "<p>Apologies came from the Chair.</p>")


def work(root: Path, tell: Callable[[str, bytes], None]) -> None:
    """Do two runs and tell each document when it is said to be kept."""
    for run_id, contents in RUNS:
        with open_folder(root, run_id) as holdings:
            papers = papers_of(*(one for one, _ in contents), inline=inline_papers(INLINE).inline)
            shelf = holdings.meeting(ASHMERE, papers)
            for listing, content in contents:
                shelf.start(listing)
                shelf.keep(listing, came(holdings, content))
                tell(listing.doc_key, content)
            shelf.keep_inline()
            holdings.write_metadata()


class Killer:
    """Kills its own process at the n-th call that changes the disk."""

    NAMES = ("write", "fsync", "replace", "ftruncate", "unlink", "mkdir", "rename")

    def __init__(self, last: int) -> None:
        self.left = last
        for name in self.NAMES:
            setattr(os, name, self._wrap(name, getattr(os, name)))

    def _wrap(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                if name == "write":
                    call(args[0], args[1][: len(args[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **kwargs)

        return wrapped


def run_killed(root: Path, at: int) -> tuple[bool, dict[str, bytes]]:
    """Return whether the child lived, and what it said it had kept."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        say = os.write
        code = 1
        try:
            Killer(at)
            work(
                root,
                lambda key, content: say(theirs, f"{key}\t{content.hex()}\n".encode()) and None,
            )
            code = 0
        finally:
            os._exit(code)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        told = [line.decode().split("\t") for line in pipe.read().splitlines()]
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return not os.WIFSIGNALED(status), {key: bytes.fromhex(content) for key, content in told}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
def test_31_killed_at_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A kill takes nothing back from the system's memory: to wait for the disk shows no more.
    monkeypatch.setattr(os, "fsync", lambda handle: None)
    calm = tmp_path / "calm"
    work(calm, lambda key, content: None)
    expected = papers_in(calm)
    assert sorted(set(expected.values()) - {*contents_of_inline(calm)}) == sorted(
        {FINAL, OTHER, DRAFT}
    )
    n_kills, lived = 0, False
    while not lived:
        n_kills += 1
        root = tmp_path / f"killed-{n_kills}"
        lived, told = run_killed(root, n_kills)
        check_after_the_kill(root, told, set(expected.values()) | {DRAFT})
        work(root, lambda key, content: None)
        assert papers_in(root) == expected
        report = verify(root)
        assert report.ok
        assert report.orphans + report.leftovers + report.unfinished == ()
        assert (root / "metadata.csv").read_bytes() == (calm / "metadata.csv").read_bytes()
    assert n_kills > 100  # it cannot pass by killing nothing


def contents_of_inline(root: Path) -> list[bytes]:
    return [content for content in papers_in(root).values() if content.startswith(b"<!DOCTYPE")]


def check_after_the_kill(root: Path, told: dict[str, bytes], whole: set[bytes]) -> None:
    if not root.is_dir():
        return
    for path, content in papers_in(root).items():
        assert content in whole, f"a part of a file at {path}"
    read = read_lines(root / "manifest.jsonl")
    assert not read.problems
    with Holdings(root, run_id="after", tool_version="test") as holdings:
        state = holdings.manifest.state
        for key, content in told.items():
            row = state.document(ASHMERE.site_id, key)
            assert row is not None
            assert row.path is not None
            assert (root / row.path).is_file(), f"{key} was said to be kept"
            kept = [(root / row.path).read_bytes()]
            if row.supersedes:
                kept += [p.read_bytes() for p in (root / ".superseded").rglob("*.pdf")]
                kept += papers_in(root).values()
            assert content in kept
        current = {row.path for row in state.documents() if row.path is not None}
        assert set(papers_in(root)) == current  # what is old is out of the way
        assert list(holdings.partial.iterdir()) == []
    report = verify(root)
    assert report.ok
    assert not report.leftovers
    assert not report.orphans


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
def test_31_what_was_finished_is_not_fetched_again(tmp_path: Path) -> None:
    """Killed between the second and the third document of the first run."""
    child = os.fork()
    if not child:
        n_kept = 0

        def tell(key: str, content: bytes) -> None:
            nonlocal n_kept
            n_kept += 1
            if n_kept == 2:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            work(tmp_path, tell)
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    with open_folder(tmp_path, "r2") as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(MINUTES, REPORT, SAME))
        assert [shelf.held(one) is not None for one in (MINUTES, REPORT, SAME)] == [
            True,
            True,
            False,
        ]
        assert holdings.manifest.state.unfinished() == ()


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
def test_57_the_lock_of_a_killed_run_is_taken_over(tmp_path: Path) -> None:
    child = os.fork()
    if not child:
        try:
            with open_folder(tmp_path):
                os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    assert (tmp_path / ".lock").read_text() == f"{child}\n"
    with open_folder(tmp_path):
        assert (tmp_path / ".lock").read_text() == f"{os.getpid()}\n"
    assert not (tmp_path / ".lock").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_57_two_runs_at_once_are_refused_with_the_process_id(tmp_path: Path) -> None:
    ready, go = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        try:
            with open_folder(tmp_path):
                os.write(ready[1], b".")
                os.read(go[0], 1)
        finally:
            os._exit(0)
    os.read(ready[0], 1)
    before = (tmp_path / "manifest.jsonl").read_bytes()
    try:
        with pytest.raises(FolderInUseError, match=f"process {child}"), open_folder(tmp_path):
            pass
    finally:
        os.write(go[1], b".")
        os.waitpid(child, 0)
    assert (tmp_path / "manifest.jsonl").read_bytes() == before
    with open_folder(tmp_path):
        pass


def keep_many(holdings: Holdings) -> None:
    for n in range(10):
        listing = a_listing(f"more-{n}")
        shelf = holdings.meeting(ASHMERE, papers_of(REPORT, listing))
        shelf.keep(listing, came(holdings, a_pdf(str(n))))


def full_after(n_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the disk full after so many bytes that the manifest takes."""
    left = n_bytes
    write = os.write

    def limited(handle: int, content: bytes) -> int:
        nonlocal left
        if not left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        n = write(handle, content[:left])
        left -= n
        return n

    monkeypatch.setattr(os, "write", limited)


@pytest.mark.parametrize("n_bytes", [1, 700, 2_000, 4_000])
def test_57_a_full_disk_stops_the_run_and_spoils_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_bytes: int
) -> None:
    with open_folder(tmp_path, "r1") as holdings:
        kept = holdings.meeting(ASHMERE, papers_of(REPORT)).keep(REPORT, came(holdings, OTHER))
    with monkeypatch.context() as patch, open_folder(tmp_path, "r2") as holdings:
        full_after(n_bytes, patch)
        with pytest.raises(DiskError, match="disk is full"):
            keep_many(holdings)
        lines = (tmp_path / "manifest.jsonl").read_bytes()
        assert lines.endswith(b"\n")
        for line in lines.splitlines():
            json.loads(line)
    with open_folder(tmp_path, "r3") as holdings:
        assert (tmp_path / kept.path).read_bytes() == OTHER
        assert not holdings.manifest.problems
    assert verify(tmp_path).ok
    assert not verify(tmp_path).orphans


def test_57_a_disk_that_fails_after_the_row_is_put_right_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: Path, target: Path) -> None:
        if ".partial" not in str(target):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        replace(source, target)

    replace = os.replace
    with open_folder(tmp_path) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(REPORT))
        monkeypatch.setattr(os, "replace", refuse)
        with pytest.raises(DiskError, match="read-only"):
            shelf.keep(REPORT, came(holdings, OTHER))
    monkeypatch.undo()
    assert papers_in(tmp_path) == {}
    with open_folder(tmp_path) as holdings:
        assert holdings.recovered
        assert holdings.meeting(ASHMERE, papers_of(REPORT)).held(REPORT) is not None
    assert list(papers_in(tmp_path).values()) == [OTHER]


def test_57_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    with pytest.raises(DiskError, match="Opening"), open_folder(file / "papers"):
        pass


def test_57_a_path_that_is_too_long_is_told(tmp_path: Path) -> None:
    with pytest.raises(DiskError, match="shorter"), open_folder(tmp_path / ("x" * 300)):
        pass


def test_a_folder_without_the_right_to_write_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(DiskError, match="not allowed"), open_folder(tmp_path):
        pass
