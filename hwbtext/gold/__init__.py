"""Gold samples: coded passages, read, checked and written as JSON Lines.

The format (version 1.1) stands in ``corpora/gold/README.md``.
"""

from hwbtext.errors import GoldError
from hwbtext.gold.files import SHIPPED, load_folds, load_gold, save_gold
from hwbtext.gold.sample import (
    ANNOTATORS,
    POOLS,
    Annotators,
    Coding,
    GoldMention,
    GoldSample,
    GoldUnit,
    Pool,
)

__all__ = [
    "ANNOTATORS",
    "POOLS",
    "SHIPPED",
    "Annotators",
    "Coding",
    "GoldError",
    "GoldMention",
    "GoldSample",
    "GoldUnit",
    "Pool",
    "load_folds",
    "load_gold",
    "save_gold",
]
