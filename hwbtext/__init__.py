"""hwbtext mines board papers and policy texts.

Everything but ``parse`` loads on first use, so that ``import hwbtext`` is light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# Imported here and now: a later import of the package of this name would take its place.
from hwbtext.evaluate import evaluate
from hwbtext.parse import parse

__version__ = "0.1.0"

if TYPE_CHECKING:
    from hwbtext.coding import (
        expected_interval,
        import_codings,
        join_samples,
        load_passages,
        pick_training,
        plan_sample,
        write_kit,
    )
    from hwbtext.corpus import Corpus, read_folder
    from hwbtext.evaluate import compare
    from hwbtext.evaluate.agreement import agreement
    from hwbtext.gold import load_gold, save_gold
    from hwbtext.mentions import detect_mentions
    from hwbtext.outcomes import load_outcome_classifier
    from hwbtext.passages import segment
    from hwbtext.pipeline import mine
    from hwbtext.records import Document, Passage, RunReport
    from hwbtext.store import load_table
    from hwbtext.topics import fit_topics, topic_drift
    from hwbtext.topics.files import load_bertopic, load_topic_model

_HOMES = {
    "Corpus": "hwbtext.corpus",
    "Document": "hwbtext.records",
    "Passage": "hwbtext.records",
    "RunReport": "hwbtext.records",
    "agreement": "hwbtext.evaluate.agreement",
    "compare": "hwbtext.evaluate",
    "detect_mentions": "hwbtext.mentions",
    "expected_interval": "hwbtext.coding",
    "fit_topics": "hwbtext.topics",
    "import_codings": "hwbtext.coding",
    "join_samples": "hwbtext.coding",
    "load_bertopic": "hwbtext.topics.files",
    "load_gold": "hwbtext.gold",
    "load_outcome_classifier": "hwbtext.outcomes",
    "load_passages": "hwbtext.coding",
    "load_table": "hwbtext.store",
    "load_topic_model": "hwbtext.topics.files",
    "mine": "hwbtext.pipeline",
    "pick_training": "hwbtext.coding",
    "plan_sample": "hwbtext.coding",
    "read_folder": "hwbtext.corpus",
    "save_gold": "hwbtext.gold",
    "segment": "hwbtext.passages",
    "topic_drift": "hwbtext.topics",
    "write_kit": "hwbtext.coding",
}

__all__ = [
    "Corpus",
    "Document",
    "Passage",
    "RunReport",
    "agreement",
    "compare",
    "detect_mentions",
    "evaluate",
    "expected_interval",
    "fit_topics",
    "import_codings",
    "join_samples",
    "load_bertopic",
    "load_gold",
    "load_outcome_classifier",
    "load_passages",
    "load_table",
    "load_topic_model",
    "mine",
    "parse",
    "pick_training",
    "plan_sample",
    "read_folder",
    "save_gold",
    "segment",
    "topic_drift",
    "write_kit",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        msg = f"module 'hwbtext' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
