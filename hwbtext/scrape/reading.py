"""Bodies, read piece by piece: no more is taken, packed or unpacked, than was asked for.

Compression is undone here and not by the HTTP library, so that a few kilobytes that unpack to
gigabytes are given up when the limit is reached and not when the memory is.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from hwbtext.scrape.records import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ACCEPT_ENCODING = "gzip, deflate"
_STEP = 64 * 1024
# Text of council pages packs 5 to 20 to 1, and zlib reaches 1,030 to 1 with one repeated byte.
_MAX_RATIO = 200
_RATIO_FROM = 8 * 1024 * 1024


class TruncatedError(Exception):
    """A packed body that ends before its end."""


def declared_length(headers: Mapping[str, str]) -> int | None:
    """Return the Content-Length, or None where there is none that can be read.

    Examples
    --------
    >>> declared_length({"content-length": "600"}), declared_length({"content-length": "-1"})
    (600, None)
    """
    text = headers.get("content-length", "").strip()
    return int(text[:18]) if text.isascii() and text.isdigit() else None


def read_body(
    chunks: Iterable[bytes], headers: Mapping[str, str], *, url: str, max_bytes: int
) -> Iterator[bytes]:
    """Yield the unpacked body piece by piece.

    Raises
    ------
    FetchError
        ``skipped_too_large`` at the byte that exceeds ``max_bytes`` (on the wire or unpacked) or
        unpacks out of all proportion; ``failed_http`` for a packing that nobody asked for.
    TruncatedError
        The packed data end too early.
    """
    declared = declared_length(headers)
    if declared is not None and declared > max_bytes:
        raise _too_large(url, f"says that it has {declared:,} bytes", max_bytes)
    unpacker = _unpacker(headers.get("content-encoding", ""), url)
    n_wire = n_bytes = 0
    for chunk in chunks:
        n_wire += len(chunk)
        if n_wire > max_bytes:
            raise _too_large(url, "goes on", max_bytes)
        for piece in [chunk] if unpacker is None else unpacker.feed(chunk):
            n_bytes += len(piece)
            if n_bytes > max_bytes:
                raise _too_large(url, "goes on, unpacked,", max_bytes)
            if n_bytes > max(_RATIO_FROM, n_wire * _MAX_RATIO):
                msg = f"Given up: {n_wire:,} bytes unpack to more than {n_bytes:,}: {url}"
                raise FetchError("skipped_too_large", msg, url)
            yield piece
    if unpacker is not None:
        unpacker.finish()


def _too_large(url: str, what: str, max_bytes: int) -> FetchError:
    msg = f"Given up: the answer {what} beyond the {max_bytes:,} bytes that may be taken: {url}"
    return FetchError("skipped_too_large", msg, url)


def _unpacker(coding: str, url: str) -> _Unpacker | None:
    word = coding.strip().lower()
    if word in ("", "identity"):
        return None
    if word in ("gzip", "x-gzip", "deflate"):
        return _Unpacker(raw_possible=word == "deflate", url=url)
    msg = f"The server packed its answer as {word[:40]!r}, and was asked for {ACCEPT_ENCODING}."
    raise FetchError("failed_http", msg, url)


class _Unpacker:
    def __init__(self, *, raw_possible: bool, url: str) -> None:
        self._raw_possible = raw_possible  # some servers send "deflate" without zlib's frame
        self._url = url
        self._inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # gzip or zlib
        self._first = b""
        self._begun = False
        self._junk = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if not self._begun:
            self._first += data
            if len(self._first) < 2:  # the two bytes that tell gzip, zlib and neither
                return
            data = self._first
            self._begun = True
            if self._raw_possible and not _is_zlib(data):
                self._inflate = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        full = False
        while (data or full) and not self._junk:
            try:
                piece = self._inflate.decompress(data, _STEP)
            except zlib.error as exc:
                msg = f"The packed answer is damaged ({exc}): {self._url}"
                raise TruncatedError(msg) from exc
            if piece:
                yield piece
            full = len(piece) == _STEP  # there may be more, though no byte is left to be read
            data = self._inflate.unconsumed_tail
            if self._inflate.eof:
                full = False
                data = self._inflate.unused_data
                # A gzip body may have several members; what else follows is padding.
                self._junk = not data.startswith(b"\x1f")
                if data and not self._junk:
                    self._inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)

    def finish(self) -> None:
        if self._first and not self._inflate.eof:
            msg = f"The packed answer ends before its end: {self._url}"
            raise TruncatedError(msg)


def _is_zlib(data: bytes) -> bool:
    # RFC 1950: method 8, and a check of both bytes; and gzip, where the server took it for that.
    return data[:2] == b"\x1f\x8b" or (data[0] & 15 == 8 and (data[0] << 8 | data[1]) % 31 == 0)
