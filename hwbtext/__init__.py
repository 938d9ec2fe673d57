"""hwbtext mines board papers and policy texts.

Everything but ``parse`` loads on first use, so that ``import hwbtext`` is light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# Imported here and now: a later import of the package of this name would take its place.
from hwbtext.parse import parse

__version__ = "0.1.0"

if TYPE_CHECKING:
    from hwbtext.corpus import Corpus, read_folder
    from hwbtext.mentions import detect_mentions
    from hwbtext.outcomes import load_outcome_classifier
    from hwbtext.passages import segment
    from hwbtext.pipeline import mine
    from hwbtext.records import Document, Passage, RunReport
    from hwbtext.store import load_table

_HOMES = {
    "Corpus": "hwbtext.corpus",
    "Document": "hwbtext.records",
    "Passage": "hwbtext.records",
    "RunReport": "hwbtext.records",
    "detect_mentions": "hwbtext.mentions",
    "load_outcome_classifier": "hwbtext.outcomes",
    "load_table": "hwbtext.store",
    "mine": "hwbtext.pipeline",
    "read_folder": "hwbtext.corpus",
    "segment": "hwbtext.passages",
}

__all__ = [
    "Corpus",
    "Document",
    "Passage",
    "RunReport",
    "detect_mentions",
    "load_outcome_classifier",
    "load_table",
    "mine",
    "parse",
    "read_folder",
    "segment",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        msg = f"module 'hwbtext' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
