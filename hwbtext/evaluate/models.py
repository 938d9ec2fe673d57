"""Models by name or directory, with what they were trained on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sklearn.dummy import DummyClassifier

from hwbtext.errors import InputError, MissingPathError
from hwbtext.evaluate.baselines import KeywordOutcomeClassifier, keyword_detectors
from hwbtext.evaluate.run_mentions import MajorityMentions
from hwbtext.evaluate.training_record import TrainedOn, load_trained_on
from hwbtext.mentions import default_detectors
from hwbtext.outcomes import LexiconOutcomeClassifier, load_outcome_classifier

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ("default", "small", "lexicon", "majority", "keyword")
_CONFIG = "config.json"


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A classifier, or detectors; ``trained_on`` is None for one that learns in folds or rules."""

    name: str
    classifier: object
    trained_on: TrainedOn | None = None


def load_model(name: str, task: str) -> NamedModel:
    """Return the model of this name for a task, or that of a model directory.

    Parameters
    ----------
    name : {"default", "lexicon", "majority", "keyword"}, or a directory
        "default" is the lexicon (for mentions the rules) until a trained model ships.
    task : {"outcome", "mentions"}

    Raises
    ------
    InputError
        No such model; a directory for another task, or of a kind that cannot be loaded.
    MissingPathError
        A directory without config.json or trained_on.json.

    Examples
    --------
    >>> load_model("default", "outcome").name
    'default (lexicon)'
    """
    if task not in ("outcome", "mentions"):
        msg = f"task must be 'outcome' or 'mentions'. Got {task!r}."
        raise InputError(msg)
    if name in NAMES:
        if name == "small":
            msg = (
                "There is no model 'small' yet: no trained model ships with this version. There "
                "are: default, lexicon, majority, keyword, or a model directory."
            )
            raise InputError(msg)
        return _outcomes(name) if task == "outcome" else _mentions(name)
    if Path(name).is_dir():
        return _from_directory(Path(name), task)
    msg = (
        f"There is no model {name!r}. There are: default, lexicon, majority, keyword, or the "
        "directory of a model (with config.json and trained_on.json)."
    )
    raise InputError(msg)


def _outcomes(name: str) -> NamedModel:
    if name == "majority":
        return NamedModel(name, DummyClassifier(strategy="most_frequent"))
    if name == "keyword":
        return NamedModel(name, KeywordOutcomeClassifier())
    classifier = load_outcome_classifier(name)
    return NamedModel("default (lexicon)" if name == "default" else name, classifier)


def _mentions(name: str) -> NamedModel:
    if name == "majority":
        return NamedModel(name, MajorityMentions())
    if name == "keyword":
        return NamedModel(name, keyword_detectors())
    # The rules are what "lexicon" means for mentions.
    return NamedModel("default (rules)" if name == "default" else "rules", default_detectors())


def _from_directory(folder: Path, task: str) -> NamedModel:
    path = folder / _CONFIG
    if not path.is_file():
        msg = f"{str(folder)!r} is no model directory: it has no {_CONFIG}."
        raise MissingPathError(msg)
    try:
        config: object = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        msg = f"{str(path)!r} is not JSON in UTF-8: {error}."
        raise InputError(msg) from error
    if not isinstance(config, dict) or config.get("task") != task:
        got = config.get("task") if isinstance(config, dict) else config
        msg = f"{str(path)!r} must be an object with task {task!r}. Got {got!r}."
        raise InputError(msg)
    kind = config.get("kind")
    if kind not in _KINDS:
        msg = f"kind in {str(path)!r} must be one of {', '.join(_KINDS)}. Got {kind!r}."
        raise InputError(msg)
    return NamedModel(folder.name, _KINDS[kind](folder, config), load_trained_on(folder))


def _lexicon(folder: Path, config: dict[str, object]) -> object:
    file = config.get("lexicon")
    if not isinstance(file, str) or "/" in file or "\\" in file:
        msg = f"lexicon in {str(folder / _CONFIG)!r} must name a file beside it. Got {file!r}."
        raise InputError(msg)
    return LexiconOutcomeClassifier(folder / file).fit([])


_KINDS: dict[str, Callable[[Path, dict[str, object]], object]] = {"lexicon": _lexicon}
"""How each kind of model directory is loaded; a trained kind adds its loader here."""
