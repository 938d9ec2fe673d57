"""A topic space as files: numbers as safetensors, words as JSON, nothing to unpickle."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hwbtext.errors import InputError, MissingPathError, ModelIntegrityError
from hwbtext.records import TopicWord
from hwbtext.topics.model import TopicModel

if TYPE_CHECKING:
    import os

FOLDER = "topic_model"
"""Name of the folder of a run's topic space."""

_NUMBERS, _WORDS, _BERTOPIC = "space.safetensors", "space.json", "bertopic"
_SCHEMA = 1
_MOST_BYTES = 200_000_000
_ARRAYS = {"mean": 1, "components": 2, "centroids": 2, "distances": 1, "template": 1}


def save_topic_model(model: TopicModel, folder: str | os.PathLike[str]) -> Path:
    """Write a topic space to a folder; the same space gives the same bytes.

    Parameters
    ----------
    model : TopicModel
    folder : path-like
        Made if it is not there; an earlier space in it is replaced.

    Returns
    -------
    Path
        The folder. ``bertopic/`` in it is BERTopic's own copy
        (:func:`load_bertopic`), where the space was fitted in this process; that of an earlier
        space goes.
    """
    from safetensors.numpy import save

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    numbers = save({name: np.ascontiguousarray(getattr(model, name)) for name in _ARRAYS})
    told = {
        "schema": _SCHEMA,
        "sha256": hashlib.sha256(numbers).hexdigest(),
        "encoder_id": model.encoder_id,
        "temperature": model.temperature,
        "stability": list(model.stability),
        "agreement": model.agreement,
        "anchors": list(model.anchors),
        "n_passages": model.n_passages,
        "seed": model.seed,
        "words": [asdict(word) for word in model.words],
    }
    shutil.rmtree(folder / _BERTOPIC, ignore_errors=True)
    if model.bertopic is not None:
        _save_bertopic(model.bertopic, folder / _BERTOPIC)
    (folder / _NUMBERS).write_bytes(numbers)
    # Last, by renaming: a folder with this file holds a whole space.
    part = folder / f"{_WORDS}.part"
    part.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(folder / _WORDS)
    return folder


def copy_topic_model(source: str | os.PathLike[str], folder: str | os.PathLike[str]) -> TopicModel:
    """Copy a topic space to another folder, BERTopic's copy with it, and return it.

    Raises
    ------
    MissingPathError, InputError, ModelIntegrityError
        As :func:`load_topic_model`.
    """
    source, folder = Path(source), Path(folder)
    model = load_topic_model(source)
    if source.resolve() != folder.resolve():
        save_topic_model(model, folder)
        if (source / _BERTOPIC).is_dir():
            shutil.copytree(source / _BERTOPIC, folder / _BERTOPIC)
    return model


def holds_topic_model(folder: str | os.PathLike[str]) -> bool:
    """Return whether a folder holds a whole topic space."""
    return (Path(folder) / _WORDS).is_file()


def load_topic_model(folder: str | os.PathLike[str]) -> TopicModel:
    """Read a topic space.

    Parameters
    ----------
    folder : path-like
        As :func:`save_topic_model` wrote it; a run's is ``OUT/topic_model``.

    Raises
    ------
    MissingPathError
        The folder holds no topic space.
    InputError
        It is of another version, or not what it should be.
    ModelIntegrityError
        The numbers are not those that were saved with the words.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    folder = Path(folder)
    if not holds_topic_model(folder):
        msg = f"The folder {str(folder)!r} holds no topic model ({_WORDS} is not in it)."
        raise MissingPathError(msg)
    for name in (_NUMBERS, _WORDS):
        path = folder / name
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            msg = f"{name} of the topic model {str(folder)!r} is missing or far too large."
            raise InputError(msg)
    try:
        told = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
        numbers = (folder / _NUMBERS).read_bytes()
        if told["schema"] != _SCHEMA:
            msg = f"The topic model is of version {told['schema']}; this hwbtext reads {_SCHEMA}."
            raise InputError(msg)
        if hashlib.sha256(numbers).hexdigest() != told["sha256"]:
            msg = f"{_NUMBERS} of {str(folder)!r} is not the one that its words were saved with."
            raise ModelIntegrityError(msg)
        arrays = load(numbers)
        model = TopicModel(
            encoder_id=str(told["encoder_id"]),
            mean=arrays["mean"],
            components=arrays["components"],
            centroids=arrays["centroids"],
            distances=arrays["distances"],
            template=arrays["template"],
            temperature=float(told["temperature"]),
            words=tuple(TopicWord(**word) for word in told["words"]),
            stability=tuple(map(float, told["stability"])),
            agreement=float(told["agreement"]),
            anchors=tuple(told["anchors"]),
            n_passages=int(told["n_passages"]),
            seed=int(told["seed"]),
        )
    except (ValueError, KeyError, TypeError, SafetensorError) as error:
        if isinstance(error, InputError):
            raise
        msg = f"The topic model {str(folder)!r} cannot be read: {error}."
        raise InputError(msg) from error
    _check(model, folder)
    return model


def load_bertopic(folder: str | os.PathLike[str]) -> Any:
    """Read BERTopic's own copy of a topic space, for its methods and plots.

    Returns
    -------
    bertopic.BERTopic

    Raises
    ------
    MissingPathError
        The folder holds none.
    """
    path = Path(folder) / _BERTOPIC
    if not (path / "topics.json").is_file():
        msg = f"The topic model {str(folder)!r} holds no BERTopic copy."
        raise MissingPathError(msg)
    from bertopic import BERTopic

    return BERTopic.load(str(path))


def _save_bertopic(bertopic: Any, folder: Path) -> None:
    logger = logging.getLogger("BERTopic")
    level = logger.level
    # It warns that the encoder is not saved along, which is meant: its vectors are given.
    logger.setLevel(logging.ERROR)
    try:
        bertopic.save(
            str(folder),
            serialization="safetensors",
            save_ctfidf=True,
            save_embedding_model=False,
        )
    finally:
        logger.setLevel(level)


def _check(model: TopicModel, folder: Path) -> None:
    n, p = (*model.centroids.shape, 0, 0)[:2]
    fits = (
        all(getattr(model, name).ndim == n_axes for name, n_axes in _ARRAYS.items())
        and model.components.shape == (p, len(model.mean))
        and n == len(model.stability) == len(model.anchors)
        and n > 0
        and model.temperature > 0
        and len(model.distances) > 0
        and all(np.isfinite(getattr(model, name)).all() for name in _ARRAYS)
    )
    if not fits:
        msg = f"The parts of the topic model {str(folder)!r} do not fit each other."
        raise InputError(msg)
