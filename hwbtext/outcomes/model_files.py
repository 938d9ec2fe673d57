"""Folders of trained models: what is written, and what is checked before it is used.

::

    config.json       task, kind, name, version, labels, calibration, SHA-256 of the weights
    linear.npz        kind "linear": idf, coef, intercept
    vocabulary.json   kind "linear": its terms, in the order of the columns
    encoder.onnx, tokenizer.json        kind "encoder"
    adapter.safetensors, tokenizer.json kind "large"
    trained_on.json   hashes of the training texts, and their places (hwbtext.evaluate)
    CARD.md           for people

Nothing in a folder is ever unpickled. A folder may come from a stranger: sizes are looked at
before files are read, and what the files say is held against each other.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hwbtext.errors import InputError, MissingPathError
from hwbtext.network import check_model_files, file_sha256, model_file
from hwbtext.outcomes.calibration import Calibration
from hwbtext.outcomes.classifier import LexiconOutcomeClassifier
from hwbtext.outcomes.encoder import FILES as ENCODER_FILES
from hwbtext.outcomes.encoder import EncoderOutcomeClassifier
from hwbtext.outcomes.large import FILES as LARGE_FILES
from hwbtext.outcomes.large import LargeOutcomeClassifier
from hwbtext.outcomes.linear_files import FILES as LINEAR_FILES
from hwbtext.outcomes.linear_files import read_linear, write_linear
from hwbtext.outcomes.reading import outcome_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hwbtext.outcomes.linear import LinearOutcomeClassifier
    from hwbtext.outcomes.reading import OutcomeClassifier

CONFIG = "config.json"
FILES_OF = {"linear": LINEAR_FILES, "encoder": ENCODER_FILES, "large": LARGE_FILES}
"""Files of each kind of trained model, the weights first; their SHA-256 is on record."""

SCHEMA = 1
KINDS = (*FILES_OF, "lexicon")

_MOST_BYTES = 1_000_000  # of config.json
_MOST_LABELS = 500
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")


def write_config(
    folder: str | Path,
    *,
    kind: str,
    name: str,
    version: str,
    labels: Sequence[str],
    calibration: Calibration,
    **more: object,
) -> Path:
    """Write ``config.json`` of a model whose other files lie in the folder, and return its path.

    Parameters
    ----------
    folder : str or Path
    kind : {"linear", "encoder", "large"}
    name, version : str
        Together the annotator in the tables: ``"outcome-small@1"``.
    labels : sequence of str
        In the order of the weights.
    calibration : Calibration
        For the outcomes, sorted.
    more : object
        What the kind needs besides; JSON.

    Raises
    ------
    InputError
        It would not be read again.
    MissingPathError
        One of the files is not there.
    """
    folder = Path(folder)
    config = {
        "schema": SCHEMA,
        "task": "outcome",
        "kind": kind,
        "name": name,
        "version": version,
        "labels": list(labels),
        "calibration": calibration.to_json(),
        "files": {each: file_sha256(model_file(folder, each)) for each in FILES_OF[kind]},
        **more,
    }
    _check(config, folder)
    path = folder / CONFIG
    text = json.dumps(config, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def read_config(folder: str | Path) -> dict[str, Any]:
    """Read ``config.json`` of a model folder, checked; its weights are not looked at yet.

    Raises
    ------
    MissingPathError
        There is no such folder, or no config.json in it.
    InputError
        The file is not what :func:`write_config` writes.
    """
    folder = Path(folder)
    path = folder / CONFIG
    if not path.is_file():
        msg = f"{str(folder)!r} is no model folder: it has no {CONFIG}."
        raise MissingPathError(msg)
    if path.stat().st_size > _MOST_BYTES:
        msg = f"{str(path)!r} is larger than {_MOST_BYTES:,} bytes. It is no config of a model."
        raise InputError(msg)
    try:
        config: object = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        msg = f"{str(path)!r} is not JSON in UTF-8: {error}."
        raise InputError(msg) from error
    return _check(config, folder)


def load_model_folder(folder: str | Path) -> OutcomeClassifier:
    """Load the classifier of a model folder, ready to predict.

    Raises
    ------
    MissingPathError
        There is no such folder, or a file of the model is not in it.
    InputError
        The folder is not what ``hwbtext train`` writes.
    ModelIntegrityError
        A file is too large, has another SHA-256 than on record, or does not fit the others.
    """
    folder = Path(folder)
    config = read_config(folder)
    if config["kind"] == "lexicon":
        return LexiconOutcomeClassifier(model_file(folder, config["lexicon"])).fit([])
    check_model_files(folder, config["files"])
    if config["kind"] == "encoder":
        return EncoderOutcomeClassifier.load(folder, config)
    if config["kind"] == "large":
        return LargeOutcomeClassifier.load(folder, config)
    return read_linear(folder, config)


def save_linear(
    classifier: LinearOutcomeClassifier, folder: str | Path, *, name: str, version: str
) -> Path:
    """Save a fitted linear classifier as a model folder and return the folder.

    ``trained_on.json`` and the card are written beside by whoever trained it; without the
    first, ``hwbtext evaluate`` refuses the folder.

    Raises
    ------
    InputError
        The classifier is not fitted, or a name does not fit.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_linear(classifier, folder)
    write_config(
        folder,
        kind="linear",
        name=name,
        version=version,
        labels=[str(label) for label in classifier.labels_],
        calibration=classifier.calibration_,
        parameters=classifier.get_params(),
    )
    classifier.name = f"{name}@{version}"
    return folder


def weights_sha256(folder: str | Path, config: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a model's weights: on record, or of the lexicon as it is now."""
    if config["kind"] == "lexicon":
        return file_sha256(model_file(Path(folder), config["lexicon"]))
    weights: str = config["files"][FILES_OF[config["kind"]][0]]
    return weights


def _check(config: object, folder: Path) -> dict[str, Any]:
    """Return a config in which everything that all kinds have is as it should be."""
    where = repr(str(folder / CONFIG))
    if not isinstance(config, dict) or config.get("task") != "outcome":
        got = config.get("task") if isinstance(config, dict) else type(config).__name__
        msg = f"{where} must be an object with task 'outcome'. Got {_short(got)}."
        raise InputError(msg)
    if config.get("schema") != SCHEMA:
        msg = f"schema in {where} must be {SCHEMA}. Got {_short(config.get('schema'))}."
        raise InputError(msg)
    if config.get("kind") not in KINDS:
        msg = f"kind in {where} must be one of {', '.join(KINDS)}. Got "
        raise InputError(msg + f"{_short(config.get('kind'))}.")
    if config["kind"] == "lexicon":
        if not _is_name(config.get("lexicon"), _FILE_NAME):
            got = _short(config.get("lexicon"))
            msg = f"lexicon in {where} must name a file beside it. Got {got}."
            raise InputError(msg)
        return config
    for key in ("name", "version"):
        if not _is_name(config.get(key), _NAME):
            msg = f"{key} in {where} must be letters, digits, '.', '_' and '-'. Got "
            raise InputError(msg + f"{_short(config.get(key))}.")
    labels = config.get("labels")
    if (
        not isinstance(labels, list)
        or not 2 <= len(labels) <= _MOST_LABELS
        or not all(isinstance(label, str) and outcome_of(label) for label in labels)
        or len(set(labels)) < len(labels)
    ):
        msg = f"labels in {where} must be 2 to {_MOST_LABELS} different strings. Got "
        raise InputError(msg + f"{_short(labels)}.")
    Calibration.from_json(config.get("calibration"))
    files = config.get("files")
    wanted = FILES_OF[config["kind"]]
    if (
        not isinstance(files, dict)
        or files.keys() != set(wanted)
        or not all(isinstance(digest, str) for digest in files.values())
    ):
        msg = f"files in {where} must give the SHA-256 of {', '.join(wanted)}. Got "
        msg += f"{_short(files)}."
        raise InputError(msg)
    return config


def _is_name(value: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _short(value: object) -> str:
    return repr(value)[:120]
