"""A file of sentence vectors by text: what was encoded once is not encoded again."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

# Texts after which the file is written: so much a run that is cut off loses. Each block starts
# the encoder anew in its children, which costs as much as some hundred texts.
_BLOCK = 10_000
_MOST_BYTES = 8 * 1024**3
_UNSAFE = re.compile(r"[^A-Za-z0-9._@-]+")


class VectorFile:
    """Vectors of one model, found by the SHA-256 of the text.

    The file (``<model>.npy``) holds hashes and vectors, no text, sorted by hash: the same
    texts give the same bytes. One that cannot be read is written anew.

    Parameters
    ----------
    folder : Path
        Made when something is written.
    model_id : str
        Weights and revision, as :class:`hwbtext.embed.Encoder` names them.
    """

    def __init__(self, folder: Path, model_id: str) -> None:
        self.path = folder / f"{_UNSAFE.sub('-', model_id)}.npy"
        self._known = self._read()

    def encode(
        self,
        texts: Sequence[str],
        encode: Callable[[Sequence[str]], NDArray[np.float32]],
        *,
        progress: Callable[[int], object] | None = None,
    ) -> NDArray[np.float32]:
        """Return one vector a text, shape (n, d); only what is new is encoded, and kept.

        Parameters
        ----------
        texts : sequence of str
        encode : callable
            Gives the vectors of some texts.
        progress : callable, optional
            Called with the number of texts that were known.
        """
        keys = [hashlib.sha256(text.encode()).digest() for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if progress is not None and len(texts) > len(new):
            progress(len(texts) - len(new))
        pending = list(new.items())
        for at in range(0, len(pending), _BLOCK):
            block = pending[at : at + _BLOCK]
            found = encode([text for _, text in block])
            self._known.update(zip([key for key, _ in block], found, strict=True))
            self._write()
        return np.array([self._known[key] for key in keys], dtype=np.float32)

    def _read(self) -> dict[bytes, NDArray[np.float32]]:
        if not self.path.is_file() or self.path.stat().st_size > _MOST_BYTES:
            return {}
        try:
            table = np.load(self.path, allow_pickle=False)
            # A key is kept as numbers: a string of NumPy's loses zeros at its end.
            keys = [row.tobytes() for row in table["sha256"]]
            return dict(zip(keys, table["vector"], strict=True))
        except (ValueError, OSError, EOFError, IndexError, TypeError):
            return {}

    def _write(self) -> None:
        keys = sorted(self._known)
        dimension = len(self._known[keys[0]])
        table = np.zeros(
            len(keys), dtype=[("sha256", "u1", (32,)), ("vector", "<f4", (dimension,))]
        )
        table["sha256"] = np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, 32)
        table["vector"] = [self._known[key] for key in keys]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(".part")
        with part.open("wb") as stream:
            np.save(stream, table, allow_pickle=False)
        part.replace(self.path)
