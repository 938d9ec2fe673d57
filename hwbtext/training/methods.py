"""The ways to fit a classifier of outcomes: each learns from examples and writes its weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from hwbtext.errors import InputError
from hwbtext.outcomes import load_lexicon
from hwbtext.outcomes.linear import LinearOutcomeClassifier
from hwbtext.outcomes.model_files import save_linear, write_config

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from hwbtext.outcomes.calibration import Calibration
    from hwbtext.training.examples import Examples
    from hwbtext.training.fine_tune import FineTuned


class Savable(Protocol):
    """A classifier that can be written as a model folder."""

    def save(self, folder: Path, name: str, version: str, calibration: Calibration) -> None:
        """Write the weights and ``config.json``."""
        ...


class Fitted(Savable, Protocol):
    """A classifier that has learned."""

    def shares(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the share of each label, not calibrated, shape (n_texts, n_labels)."""
        ...

    def directions(self, texts: Sequence[str]) -> list[str | None]:
        """Return the direction of each text as if it were tangible; None where unknown."""
        ...


@dataclass(frozen=True, slots=True)
class FittedLinear:
    """Words with a weight for each label; directions by the rules of the lexicon."""

    classifier: LinearOutcomeClassifier
    labels: tuple[str, ...]

    def shares(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the share of each label; 0 for one that the training passages lacked."""
        table = np.zeros((len(texts), len(self.labels)))
        at = [self.labels.index(str(label)) for label in self.classifier.labels_]
        table[:, at] = self.classifier.predict_label_proba(texts)
        return table

    def directions(self, texts: Sequence[str]) -> list[str | None]:
        """Return what the rules say."""
        lexicon = load_lexicon()
        return [lexicon.direction(text) for text in texts]

    def save(self, folder: Path, name: str, version: str, calibration: Calibration) -> None:
        """Write ``linear.npz`` and ``vocabulary.json``."""
        self.classifier.calibration_ = calibration
        save_linear(self.classifier, folder, name=name, version=version)


@dataclass(frozen=True, slots=True)
class FittedEncoder:
    """A fine-tuned sentence encoder."""

    model: FineTuned
    labels: tuple[str, ...]
    direction_names: tuple[str, ...]

    def shares(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the softmax of the logits."""
        from hwbtext.training.fine_tune import predict_logits

        logits = predict_logits(self.model, texts)[:, : len(self.labels)]
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        table: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
        return table

    def directions(self, texts: Sequence[str]) -> list[str | None]:
        """Return the direction with the highest logit."""
        from hwbtext.training.fine_tune import predict_logits

        if not self.direction_names:
            return [None] * len(texts)
        logits = predict_logits(self.model, texts)[:, len(self.labels) :]
        return [self.direction_names[at] for at in logits.argmax(axis=1)]

    def save(self, folder: Path, name: str, version: str, calibration: Calibration) -> None:
        """Write ``encoder.onnx`` and ``tokenizer.json``."""
        from hwbtext.training.export import export

        export(self.model, folder)
        write_config(
            folder,
            kind="encoder",
            name=name,
            version=version,
            labels=self.labels,
            calibration=calibration,
            directions=list(self.direction_names),
        )


def fit_linear(examples: Examples, extra: Examples | None, seed: int) -> FittedLinear:  # noqa: ARG001
    """Fit words, to what was coded only.

    Raises
    ------
    InputError
        There are passages of a teacher: this method gained nothing from them when measured.
    """
    if extra is not None:
        msg = "Only the model 'best' learns from passages that a teacher labelled."
        raise InputError(msg)
    classifier = LinearOutcomeClassifier()
    classifier.fit(examples.texts, examples.coded, places=examples.places)
    return FittedLinear(classifier, examples.labels)


def fit_encoder(examples: Examples, extra: Examples | None, seed: int) -> FittedEncoder:
    """Fine-tune the installed sentence encoder."""
    from hwbtext.training.fine_tune import fine_tune

    model = fine_tune(examples, extra=extra, seed=seed)
    return FittedEncoder(model, examples.labels, examples.direction_names)


METHODS: dict[str, Any] = {"small": fit_linear, "best": fit_encoder}


def method(name: str) -> Callable[[Examples, Examples | None, int], Fitted]:
    """Return how a model of this name is fitted.

    Raises
    ------
    InputError
        There is no such method.
    """
    if name not in METHODS:
        msg = f"model must be one of {', '.join(METHODS)}. Got {name!r}."
        raise InputError(msg)
    found: Callable[[Examples, Examples | None, int], Fitted] = METHODS[name]
    return found
