"""Names of files and folders that every disk takes and a person can read.

What a site calls a paper is kept in the manifest as it came; the name on the disk is made from
it. The first eight digits of the bytes' hash are part of every name: two papers of one title are
two files, also where the disk does not tell capitals apart.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from hwbtext.scrape.sniff import EXTENSIONS
from hwbtext.text import slugify

if TYPE_CHECKING:
    from datetime import date

MAX_NAME_BYTES = 100
"""Of a file's name: with the folders above, a path stays below the 260 of Windows."""

_MAX_SLUG = 48
_MAX_ID = 16
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\s*(?:\.|$))", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]+')
_PERCENT = re.compile(r"(?i)%(?:2f|5c|00|0a|0d)")
# Control, format (U+202E turns a name round), surrogate, private and unassigned characters.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_BREAKS = "\t\r\n\v\f"
_SPACES = frozenset({"Zs", "Zl", "Zp"})

# Types that a saved file may have beside those that bytes alone can tell.
_BY_NAME = {"text/csv": ".csv", "text/markdown": ".md", "text/rtf": ".rtf"}

_WRITTEN_EXTENSION = re.compile(
    rf"(?:\s*\.(?:{'|'.join(sorted(e[1:] for e in EXTENSIONS.values()))}|htm|jpeg|tiff|md|aspx))+$",
    re.IGNORECASE,
)


def human_name(title: str, *, max_bytes: int) -> str:
    """Return a title as part of a file name, without extension and not longer than ``max_bytes``.

    Parameters
    ----------
    title : str
        Anything: a title, a file name, a path that means harm.
    max_bytes : int
        In UTF-8; a character is never cut through.

    Returns
    -------
    str
        In Unicode form NFC, on one line, never empty.

    Examples
    --------
    >>> human_name("../../etc/passwd", max_bytes=80)
    'etc-passwd'
    >>> human_name("CON.pdf", max_bytes=80)
    'CON_'
    """
    kept = "".join(
        " " if unicodedata.category(c) in _SPACES or c in _BREAKS else c
        for c in _PERCENT.sub("-", title)
        if unicodedata.category(c) not in _UNSEEN or c in _BREAKS
    )
    kept = unicodedata.normalize("NFC", kept)
    kept = _WRITTEN_EXTENSION.sub("", _FORBIDDEN.sub("-", kept).rstrip(" ."))
    kept = _edges(" ".join(kept.split()))
    # A device of Windows stays one with any extension behind it.
    if device := _RESERVED.match(kept):
        kept = f"{device[0]}_{kept[device.end() :]}"
    kept = kept.encode("utf-8")[:max_bytes].decode("utf-8", "ignore")
    return _edges(kept) or "document"


def file_name(title: str, sha256: str, media_type: str | None, *, n_digits: int = 8) -> str:
    """Return the name of a file: title, digits of its hash, extension by its content.

    Parameters
    ----------
    title : str
        As the site gives it.
    sha256 : str
        Of the bytes, in hex.
    media_type : str or None
        By content; None and types without an extension of their own give "bin".
    n_digits : int, default 8
        Of the hash; more where two different files would have one name.

    Examples
    --------
    >>> file_name("Better Care Fund.PDF", "0123456789abcdef", "application/pdf")
    'Better Care Fund-01234567.pdf'
    """
    extension = (EXTENSIONS | _BY_NAME).get(media_type or "", ".bin")
    end = f"-{sha256[:n_digits]}{extension}"
    return human_name(title, max_bytes=MAX_NAME_BYTES - len(end)) + end


def meeting_folder(
    site: str, committee: str | None, meeting_id: str | None, day: date | None
) -> PurePosixPath:
    """Return the folder of a meeting's papers, relative to the folder of all papers.

    Examples
    --------
    >>> from datetime import date
    >>> meeting_folder("Ashmere Council", "Health & Wellbeing Board", "4967", date(2026, 2, 10))
    PurePosixPath('ashmere-council/2026/2026-02-10_health-and-wellbeing-board_4967')
    >>> meeting_folder("Ashmere Council", None, None, None)
    PurePosixPath('ashmere-council/undated/undated')
    """
    when = day.isoformat() if day else "undated"
    parts = [when, slug(committee or "", _MAX_SLUG), slug(meeting_id or "", _MAX_ID)]
    year = f"{day.year:04}" if day else "undated"
    name = "_".join(part for part in parts if part)
    return PurePosixPath(slug(site, _MAX_SLUG) or "site", year, name)


def slug(name: str, max_length: int) -> str:
    """Return a slug of at most so many characters, which no disk reserves.

    Examples
    --------
    >>> slug("Health & Wellbeing Board", 10)
    'health-and'
    """
    short = slugify(name)[:max_length].strip("-")
    return f"{short}_" if _RESERVED.fullmatch(short) else short


def _edges(name: str) -> str:
    """Strip what hides a file (dots), reads as an option (hyphens), or is lost (spaces)."""
    name = name.strip(" .-")
    while name and unicodedata.combining(name[0]):
        name = name[1:].strip(" .-")
    return name
