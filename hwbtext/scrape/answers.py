"""What outcomes mean for the next run, and small questions about addresses and errors."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hwbtext.scrape.records import FetchError

if TYPE_CHECKING:
    from hwbtext.scrape.records import Outcome

CHECKED: frozenset[Outcome] = frozenset(("new", "new_version", "unchanged", "duplicate"))
# Answers that another request an hour later would not change; the others are failures.
ANSWERED: frozenset[Outcome] = frozenset(
    (
        *CHECKED,
        "skipped_restricted",
        "skipped_offsite",
        "skipped_too_large",
        "refused_robots",
        "not_found",
    )
)


def outcome_of(error: BaseException) -> Outcome | None:
    """Return the outcome of the request behind an error, where there was one."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, FetchError):
            return cause.outcome
        cause = cause.__cause__
    return None


def fault_of(error: Exception) -> str:
    """Return what to say where reading a site met a fault of this program.

    Examples
    --------
    >>> fault_of(KeyError("meetingid"))
    "a fault of hwbtext, please report it (KeyError: 'meetingid')"
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = f", {Path(frames[-1].filename).name} line {frames[-1].lineno}" if frames else ""
    said = f"{type(error).__name__}: {error}"[:300]
    return f"a fault of hwbtext, please report it ({said}{where})"


def host_of(url: str) -> str:
    """Return the host of an address, in small letters.

    Examples
    --------
    >>> host_of("https://Papers.Ashmere.example:8443/a.pdf")
    'papers.ashmere.example'
    """
    return (urlsplit(url).hostname or "").lower()
