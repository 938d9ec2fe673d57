"""Papers other than minutes: cover reports, public reports packs, strategies."""

from __future__ import annotations

from hwbtext.papers.cover import CoverField, CoverSheet, find_cover
from hwbtext.papers.pack import PackPart, split_pack
from hwbtext.papers.strategy import Aim, find_aims

__all__ = [
    "Aim",
    "CoverField",
    "CoverSheet",
    "PackPart",
    "find_aims",
    "find_cover",
    "split_pack",
]
