"""Write one section of RESULTS.md; each benchmark owns the text between its two marks."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
_HEAD = (
    "# Results\n\nEach section is written by the command that it names; none is edited by hand.\n"
)


def measured_on() -> str:
    """Return date, number of cores and Python version: what a figure has to be read with."""
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, {os.cpu_count()} cores, Python {platform.python_version()}"


def write_section(name: str, body: str, path: Path = RESULTS) -> None:
    """Put ``body`` between the marks of ``name``, and leave all other sections as they are."""
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    section = f"{opening}\n{body.strip()}\n{closing}\n"
    text = path.read_text(encoding="utf-8") if path.exists() else _HEAD
    pattern = re.compile(re.escape(opening) + r".*?" + re.escape(closing) + r"\n?", re.DOTALL)
    if pattern.search(text):
        text = pattern.sub(lambda _: section, text)
    else:
        text = text.rstrip("\n") + "\n\n" + section
    path.write_text(text, encoding="utf-8")
