"""Text of a paper as it may be shown: nothing in it can steer a terminal or a browser."""

from __future__ import annotations

import re

# Control characters move the cursor, rename the window or answer as if typed; overrides of
# writing direction make a line read as another one; half a surrogate pair cannot be written.
_UNSAFE = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff"
    "\U000e0000-\U000e007f"
)
_STEERS = re.compile(f"[{_UNSAFE}]")


def printable(text: str) -> str:
    r"""Return text in which every character that steers its display is U+FFFD.

    Tabs and line feeds stay. The length stays too, so offsets into the text hold.

    Examples
    --------
    >>> printable("\x1b]0;gone\x07 Minutes")
    '�]0;gone� Minutes'
    """
    return _STEERS.sub("�", text)


def on_one_line(text: str, most: int | None = None) -> str:
    """Return printable text with single spaces, cut after about ``most`` characters.

    Examples
    --------
    >>> on_one_line("The   plan was noted.", most=8)
    'The plan…'
    """
    if most is None:
        return " ".join(printable(text).split())
    words = " ".join(printable(text[: 4 * most + 200]).split())
    if len(words) <= most and len(text) <= 4 * most + 200:
        return words
    return words[:most].rstrip() + "…"


def escaped_json(text: str) -> str:
    r"""Return JSON in which characters that steer a display are ``\u`` escapes.

    A reader of the JSON gets every character back.

    Examples
    --------
    >>> escaped_json('"\x9b2J"')
    '"\\u009b2J"'
    """
    return _STEERS.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
