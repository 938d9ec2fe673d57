"""The gold that the shipped models learn from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hwbtext.gold import load_gold

if TYPE_CHECKING:
    from hwbtext.gold import GoldSample

FOLDS = Path(__file__).with_name("folds.csv")
_VERBATIM = {"real": "gold/real/coded.jsonl", "real/training": "gold/train/real.jsonl"}


def load_all(shared: Path) -> list[GoldSample]:
    """Return the restated samples, which ship, and the verbatim ones, whose text does not."""
    return [
        load_gold("hwb-v1", name="hwb-v1"),
        load_gold("hwb-v1/training", name="hwb-v1/training"),
        *(
            load_gold(shared / path, name=name, annotators="model-annotated", restated=False)
            for name, path in _VERBATIM.items()
        ),
    ]
