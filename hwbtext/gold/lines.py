"""A file of JSON Lines read into objects; what cannot be read is told by line."""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES = 256 * 2**20
MAX_LINE = 2**20
"""Bounds in bytes: a passage with its codings takes about one kibibyte."""

_SHOWN = 60
_RESAVE = "Save the file again as UTF-8 (in a spreadsheet: CSV UTF-8)"
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# UTF-8 bytes that were read as Windows-1252 and saved again: a lead byte and as many
# continuations as it promises, then read the right way round.
_NEXT = "[\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u2122]"
_TWICE = re.compile(
    f"[\u00c2-\u00df]{_NEXT}|[\u00e0-\u00ef]{_NEXT}{{2}}|[\u00f0-\u00f4]{_NEXT}{{3}}"
)
# Only what English papers hold: "caf\u00e9\u2019\u201d" would read as a Chinese character.
_PLAUSIBLE = re.compile("[\u00a0-\u017f\u2010-\u2044\u20ac\u2122\ufeff]")


class Problems(list[str]):
    """What is wrong with a sample, in the order of its lines."""

    def add(self, line: int, message: str) -> None:
        """Add a problem of one line, counted from 1."""
        self.append(f"line {line}: {message}")


def shown(value: object) -> str:
    """Return ``value`` as a message shows it: quoted, and cut where it is long.

    >>> shown("short"), len(shown("long" * 99))
    ("'short'", 61)
    """
    said = repr(value)
    return said if len(said) <= _SHOWN else said[:_SHOWN] + "…"


def read_rows(path: Path, problems: Problems) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield number and object of each line that is not blank; the others go to ``problems``."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        problems.append(
            f"the file has {size:,} bytes, more than the {MAX_BYTES:,} of a gold sample. Is it "
            "the right file? If so, part it in several."
        )
        return
    content = path.read_bytes()
    if content.startswith(_WIDE):
        problems.append(f"the file is UTF-16, which JSON Lines never are. {_RESAVE}.")
        return
    content = content.removeprefix(codecs.BOM_UTF8)
    any_utf8 = False
    # Only the byte of a new line parts lines: U+2028 and its like may stand in a text.
    for number, raw in enumerate(content.split(b"\n"), 1):
        if not raw.strip():
            continue
        if len(raw) > MAX_LINE:
            problems.add(number, f"{len(raw):,} bytes, more than {MAX_LINE:,}. One passage a line.")
            continue
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            mixed = " Lines before it are: the file mixes encodings." if any_utf8 else ""
            near = raw[max(error.start - 20, 0) : error.start + 20].decode("cp1252", "replace")
            problems.add(
                number,
                f"not UTF-8: byte 0x{raw[error.start]:02x} at {error.start} of the line, near "
                f"{shown(near)}.{mixed} {_RESAVE}.",
            )
            continue
        any_utf8 = any_utf8 or not text.isascii()
        row = _read_row(number, text, problems)
        if row is not None:
            yield number, row


def _read_row(number: int, text: str, problems: Problems) -> dict[str, object] | None:
    broken = broken_encoding(text)
    if broken is not None:
        problems.add(number, f"{broken} {_RESAVE} from the source that still has it right.")
        return None
    twice: list[str] = []

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        row = dict(pairs)
        if len(row) < len(pairs):
            keys = [key for key, _ in pairs]
            twice.extend(key for key in row if keys.count(key) > 1)
        return row

    try:
        row: object = json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:  # the second: brackets a thousand deep
        problems.add(
            number,
            f"not JSON: {error or 'nested too deep'}. Got {shown(text)}. Each line must be one "
            "JSON object; `hwbtext import` makes them from CSV or XLSX.",
        )
        return None
    if not isinstance(row, dict):
        problems.add(number, f"a JSON object is wanted. Got {shown(row)}.")
        return None
    if twice:
        problems.add(number, f"the key {shown(twice[0])} stands twice. Keep one.")
        return None
    return row


def broken_encoding(text: str) -> str | None:
    """Return what shows that ``text`` went through a wrong encoding, or None.

    >>> broken_encoding("it cost Â£40")
    "'Â£' stands where '£' was meant: encoded twice."
    >>> broken_encoding("the café’s £40") is None
    True
    """
    if "\ufffd" in text:
        at = text.index("\ufffd")
        near = shown(text[max(at - 20, 0) : at + 20])
        return f"a character was lost in an earlier change of encoding (U+FFFD), near {near}."
    for match in _TWICE.finditer(text):
        try:
            meant = b"".join(map(_byte, match.group())).decode("utf-8")
        except UnicodeDecodeError:
            continue
        if _PLAUSIBLE.fullmatch(meant):
            return f"{shown(match.group())} stands where {shown(meant)} was meant: encoded twice."
    return None


def _byte(letter: str) -> bytes:
    # Five bytes have no letter in Windows-1252; programs leave them as they are.
    return letter.encode("latin-1" if letter <= "\u00ff" else "cp1252", "replace")
