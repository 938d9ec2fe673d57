"""Weights and vocabulary of a linear classifier as files: npz without pickle, and JSON."""

from __future__ import annotations

import json
import zipfile
import zlib
from io import BytesIO
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib import format as npy

from hwbtext.errors import ModelIntegrityError
from hwbtext.outcomes.calibration import Calibration
from hwbtext.outcomes.linear import LinearOutcomeClassifier
from hwbtext.outcomes.reading import outcome_of
from hwbtext.outcomes.vocabulary import MOST_WORDS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

WEIGHTS = "linear.npz"
VOCABULARY = "vocabulary.json"
FILES = (WEIGHTS, VOCABULARY)

_MOST_BYTES = 60_000_000  # of one file, and of one array
_ARRAYS = {"idf": 1, "coef": 2, "intercept": 1}
# No time in the archive: the same weights are the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_linear(classifier: LinearOutcomeClassifier, folder: Path) -> None:
    """Write ``linear.npz`` and ``vocabulary.json``.

    Raises
    ------
    InputError
        The classifier is not fitted.
    """
    classifier._check_fitted()
    arrays = {
        "idf": classifier.idf_,
        "coef": classifier.coef_,
        "intercept": classifier.intercept_,
    }
    with zipfile.ZipFile(folder / WEIGHTS, "w") as archive:
        for name, array in arrays.items():
            stream = BytesIO()
            npy.write_array(stream, np.ascontiguousarray(array), (1, 0), allow_pickle=False)
            member = zipfile.ZipInfo(f"{name}.npy", _EPOCH)
            archive.writestr(member, stream.getvalue(), zipfile.ZIP_DEFLATED)
    terms = json.dumps([str(term) for term in classifier.terms_], ensure_ascii=False, indent=0)
    (folder / VOCABULARY).write_text(terms + "\n", encoding="utf-8")


def read_linear(folder: Path, config: dict[str, Any]) -> LinearOutcomeClassifier:
    """Return the classifier of a folder whose ``config.json`` and hashes were checked before.

    Raises
    ------
    ModelIntegrityError
        A file is too large or broken, or the files do not fit each other.
    """
    parameters: dict[str, Any] = config.get("parameters", {})
    if not _are_parameters(parameters):
        msg = f"The parameters of the model in {str(folder)!r} do not fit: {parameters!s:.99}."
        raise ModelIntegrityError(msg)
    if not set(FILES) <= config["files"].keys():
        msg = f"The config of {str(folder)!r} must give the SHA-256 of {' and '.join(FILES)}."
        raise ModelIntegrityError(msg)
    for name in FILES:
        if (folder / name).stat().st_size > _MOST_BYTES:
            msg = f"{name} of {str(folder)!r} is larger than {_MOST_BYTES:,} bytes."
            raise ModelIntegrityError(msg)
    terms = _read_terms(folder / VOCABULARY)
    arrays = _read_arrays(folder / WEIGHTS)
    labels: list[str] = config["labels"]
    shapes = {"idf": (len(terms),), "coef": (len(labels), len(terms)), "intercept": (len(labels),)}
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            msg = (
                f"{name} in {WEIGHTS} of {str(folder)!r} must have shape {shape} for "
                f"{len(labels)} labels and {len(terms)} terms. Got {arrays[name].shape}."
            )
            raise ModelIntegrityError(msg)
    classifier = LinearOutcomeClassifier(**parameters)
    classifier.labels_ = np.array(labels)
    classifier.classes_ = np.array(sorted(set(map(outcome_of, labels))))
    classifier.calibration_ = Calibration.from_json(config["calibration"])
    classifier._set_weights(terms, **arrays)
    classifier.name = f"{config['name']}@{config['version']}"
    return classifier


def _are_parameters(parameters: object) -> bool:
    wanted = LinearOutcomeClassifier().get_params()
    return (
        isinstance(parameters, dict)
        and parameters.keys() == wanted.keys()
        and all(
            type(value) in (int, float) or (name == "abstain_below" and value is None)
            for name, value in parameters.items()
        )
        and parameters["max_words"] in range(1, MOST_WORDS + 1)
    )


def _read_terms(path: Path) -> list[str]:
    try:
        terms: object = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        msg = f"{str(path)!r} is not JSON in UTF-8: {error}."
        raise ModelIntegrityError(msg) from error
    if (
        not isinstance(terms, list)
        or not all(isinstance(term, str) and term for term in terms)
        or terms != sorted(set(terms))
    ):
        msg = f"{str(path)!r} must be a list of different terms, sorted."
        raise ModelIntegrityError(msg)
    return terms


def _read_arrays(path: Path) -> dict[str, NDArray[np.float64]]:
    """Read the arrays without trusting what the archive, or a header in it, says of its size."""
    found = {}
    try:
        with zipfile.ZipFile(path) as archive:
            members = {member.filename: member for member in archive.infolist()}
            if len(archive.infolist()) != len(_ARRAYS) or members.keys() != {
                f"{name}.npy" for name in _ARRAYS
            }:
                msg = f"{str(path)!r} must hold {', '.join(_ARRAYS)}. Got {sorted(members)!r:.200}."
                raise ModelIntegrityError(msg)
            for name, n_dimensions in _ARRAYS.items():
                with archive.open(f"{name}.npy") as stream:
                    data = stream.read(_MOST_BYTES + 1)
                found[name] = _array(data, n_dimensions)
    # NotImplementedError: a way of compression, RuntimeError: a password; EOFError: cut off.
    except (ValueError, OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        msg = f"{str(path)!r} is no archive of arrays: {error}."
        raise ModelIntegrityError(msg) from error
    return found


def _array(data: bytes, n_dimensions: int) -> NDArray[np.float64]:
    if len(data) > _MOST_BYTES:
        msg = f"an array is larger than {_MOST_BYTES:,} bytes"
        raise ValueError(msg)
    stream = BytesIO(data)
    if npy.read_magic(stream) != (1, 0):
        msg = "not version 1.0 of the format"
        raise ValueError(msg)
    shape, column_first, kind = npy.read_array_header_1_0(stream)
    if kind != np.dtype("<f8") or len(shape) != n_dimensions or column_first:
        msg = f"an array must be float64 of {n_dimensions} dimensions, row by row"
        raise ValueError(msg)
    body = data[stream.tell() :]
    # NumPy makes room for what a header promises before it reads.
    if prod(shape) * kind.itemsize != len(body):
        msg = f"an array of shape {shape} has {len(body):,} bytes"
        raise ValueError(msg)
    array: NDArray[np.float64] = np.frombuffer(body, dtype=kind).reshape(shape)
    if not np.isfinite(array).all():
        msg = "an array holds numbers that are not finite"
        raise ValueError(msg)
    return array
