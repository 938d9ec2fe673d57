"""Where the page may be written: never over a paper, or over somebody's own file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwbtext.errors import InputError, OutputExistsError

if TYPE_CHECKING:
    from pathlib import Path

MARKER = '<meta name="generator" content="hwbtext parse">'
"""Stands near the top of every page that this room writes."""


def check(out: Path, paper: Path) -> None:
    """Raise where ``out`` must not be written; see :func:`hwbtext.show.check_target`."""
    if out.suffix.lower() not in (".html", ".htm"):
        msg = f"The page is HTML: name a file that ends in .html. Got {str(out)!r}."
        raise InputError(msg)
    if not out.exists():
        return
    if out.is_dir() or out.samefile(paper):
        what = "a folder" if out.is_dir() else "the paper itself"
        msg = f"{str(out)!r} is {what}. Name another file for the page."
        raise InputError(msg)
    with out.open("rb") as stream:
        if MARKER.encode() not in stream.read(2_000):
            msg = f"{str(out)!r} is there, and hwbtext has not written it. Name another file."
            raise OutputExistsError(msg)
