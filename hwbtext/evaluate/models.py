"""Models by name or directory, with what they were trained on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sklearn.dummy import DummyClassifier

from hwbtext.errors import InputError
from hwbtext.evaluate.baselines import KeywordOutcomeClassifier, keyword_detectors
from hwbtext.evaluate.run_mentions import MajorityMentions
from hwbtext.evaluate.training_record import TrainedOn, load_trained_on
from hwbtext.mentions import default_detectors, rule_detectors
from hwbtext.mentions.tagger import tagger_folder
from hwbtext.outcomes.loading import load_outcome_classifier, model_folder

NAMES = ("default", "small", "large", "lexicon", "majority", "keyword")
_OF_OUTCOMES = ("small", "large")


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
    name : {"default", "small", "large", "lexicon", "majority", "keyword"}, or a directory
        For mentions "lexicon" are the rules alone; "small" and "large" are of outcomes.
    task : {"outcome", "mentions"}

    Raises
    ------
    InputError
        No such model, or a directory that cannot be used; for mentions, any directory.
    MissingPathError
        A directory without config.json or trained_on.json.
    ModelIntegrityError
        Weights that are not the ones on record.

    Examples
    --------
    >>> load_model("lexicon", "outcome").name
    'lexicon (outcome-lexicon@1)'
    """
    if task not in ("outcome", "mentions"):
        msg = f"task must be 'outcome' or 'mentions'. Got {task!r}."
        raise InputError(msg)
    other = () if task == "outcome" else _OF_OUTCOMES
    known = tuple(each for each in NAMES if each not in other)
    if task == "outcome" and (name in known or Path(name).is_dir()):
        return _outcomes(name)
    if name in known:
        return _mentions(name)
    msg = f"There is no model {name!r} of {task}. There are: {', '.join(known)}"
    raise InputError(msg + (", or the directory of a model." if task == "outcome" else "."))


def _outcomes(name: str) -> NamedModel:
    if name == "majority":
        return NamedModel(name, DummyClassifier(strategy="most_frequent"))
    if name == "keyword":
        return NamedModel(name, KeywordOutcomeClassifier())
    folder = model_folder(name)
    classifier = load_outcome_classifier(name)
    said = f"{name} ({classifier.name})" if name in NAMES else classifier.name
    return NamedModel(said, classifier, None if folder is None else load_trained_on(folder))


def _mentions(name: str) -> NamedModel:
    if name == "majority":
        return NamedModel(name, MajorityMentions())
    if name == "keyword":
        return NamedModel(name, keyword_detectors())
    if name == "lexicon":  # what that means for mentions
        return NamedModel("rules", rule_detectors())
    return NamedModel(
        "default (rules and tagger)", default_detectors(), load_trained_on(tagger_folder())
    )
