"""Honest scores of classifiers and detectors against gold samples, and coders' agreement.

The package itself is light, so that ``hwbtext.evaluate`` can be the function: what loads
NumPy and scikit-learn does so on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hwbtext.evaluate.entry import evaluate

if TYPE_CHECKING:
    from hwbtext.evaluate.baselines import KeywordDetector, KeywordOutcomeClassifier
    from hwbtext.evaluate.comparing import Comparison, compare
    from hwbtext.evaluate.evaluation import Evaluation
    from hwbtext.evaluate.leaks import Leak
    from hwbtext.evaluate.near_duplicates import find_near_duplicates
    from hwbtext.evaluate.parts import Part
    from hwbtext.evaluate.training_record import (
        TrainedOn,
        load_trained_on,
        save_trained_on,
        text_sha256,
    )

_HOMES = {
    "Comparison": "hwbtext.evaluate.comparing",
    "Evaluation": "hwbtext.evaluate.evaluation",
    "KeywordDetector": "hwbtext.evaluate.baselines",
    "KeywordOutcomeClassifier": "hwbtext.evaluate.baselines",
    "Leak": "hwbtext.evaluate.leaks",
    "Part": "hwbtext.evaluate.parts",
    "TrainedOn": "hwbtext.evaluate.training_record",
    "compare": "hwbtext.evaluate.comparing",
    "find_near_duplicates": "hwbtext.evaluate.near_duplicates",
    "load_trained_on": "hwbtext.evaluate.training_record",
    "save_trained_on": "hwbtext.evaluate.training_record",
    "text_sha256": "hwbtext.evaluate.training_record",
}

__all__ = [
    "Comparison",
    "Evaluation",
    "KeywordDetector",
    "KeywordOutcomeClassifier",
    "Leak",
    "Part",
    "TrainedOn",
    "compare",
    "evaluate",
    "find_near_duplicates",
    "load_trained_on",
    "save_trained_on",
    "text_sha256",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        msg = f"module 'hwbtext.evaluate' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
