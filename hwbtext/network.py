"""Networks that ship: an ONNX file and its tokenizer in a model folder, checked before use.

A folder may come from a stranger: sizes are looked at before files are read, and nothing is
ever unpickled.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hwbtext.errors import MissingPathError, ModelIntegrityError

if TYPE_CHECKING:
    from collections.abc import Mapping

MODEL_FILE = "encoder.onnx"
TOKENIZER_FILE = "tokenizer.json"
MAX_TOKENS = 192
"""A passage has at most about 150 words; what is longer is cut, in training as here."""

_MOST_BYTES = 200_000_000  # of any one file


def shipped_models() -> Path | None:
    """Return the folder ``models``: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    for folder in (package / "models", package.parent / "models"):
        if folder.is_dir():
            return folder
    return None


def model_file(folder: Path, name: str) -> Path:
    """Return the path of a file in a model folder.

    Raises
    ------
    MissingPathError
        There is none.
    ModelIntegrityError
        It is too large to be one.
    """
    path = folder / name
    if not path.is_file():
        msg = f"The model folder {str(folder)!r} has no {name}."
        raise MissingPathError(msg)
    if path.stat().st_size > _MOST_BYTES:
        msg = f"{str(path)!r} is larger than {_MOST_BYTES:,} bytes. It is no model of hwbtext."
        raise ModelIntegrityError(msg)
    return path


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check_model_files(folder: Path, on_record: Mapping[str, str]) -> None:
    """Raise unless each file of a model has the SHA-256 on record.

    Raises
    ------
    MissingPathError, ModelIntegrityError
    """
    for name, wanted in on_record.items():
        if (found := file_sha256(model_file(folder, name))) != wanted:
            msg = (
                f"{name} of {str(folder)!r} has SHA-256 {found}, not {wanted}: it was changed "
                "after the model was saved, or came incomplete. Get the folder again."
            )
            raise ModelIntegrityError(msg)


def load_tokenizer(folder: Path) -> Any:
    """Return the tokenizer of a model folder, cutting texts at ``MAX_TOKENS``."""
    from tokenizers import Tokenizer

    content = (folder / TOKENIZER_FILE).read_text(encoding="utf-8")
    tokenizer = Tokenizer.from_str(content)
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def open_network(folder: Path) -> Any:
    """Return the network of a model folder, to be run on one thread.

    Raises
    ------
    ModelIntegrityError
        It cannot be read.
    """
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as errors

    options = onnxruntime.SessionOptions()
    # One thread a text: passages are too short to be shared out.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    path = str(folder / MODEL_FILE)
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except (errors.Fail, errors.InvalidProtobuf, errors.InvalidGraph) as error:
        msg = f"The network {path!r} cannot be read: {error}."
        raise ModelIntegrityError(msg) from error
