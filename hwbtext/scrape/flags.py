"""What a reader of a PDF should know before it is opened, told from its bytes as they lie."""

from __future__ import annotations

import mmap
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "encrypted: it may ask for a password"  # noqa: S105
SCANNED = "no fonts, so no text: probably a scan"

_ENCRYPT = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_FONT = re.compile(rb"/Fonts?\b")


def pdf_flags(path: Path) -> tuple[str, ...]:
    """Return what stands out about a PDF; nothing in it is unpacked.

    A page that was unpacked could be a bomb, so fonts inside object streams (PDF 1.5 and later)
    are not seen: where there are such streams, nothing is said of scans. ``hwbtext parse`` tells.
    """
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        flags = [PASSWORD] if _ENCRYPT.search(data) else []
        hides_objects = data.find(b"/ObjStm") >= 0
        if not hides_objects and not flags and not _FONT.search(data):
            flags.append(SCANNED)
    return tuple(flags)


def with_flags(warnings: tuple[str, ...], path: Path) -> tuple[str, ...]:
    """Return what was said of a PDF when it came, and its flags; nothing twice."""
    flags = pdf_flags(path)
    others = (one for one in warnings if PASSWORD not in flags or "encrypted" not in one)
    return (*others, *flags)
