"""Mentions of ownership, accountability and inequality, found by rules that are data.

The rules stand in ``ownership.toml``, ``accountability.toml`` and ``inequality.toml``, the
classes of words that they are made of in ``classes.toml``, what sets their polarity and what is
no mention in ``modifiers.toml``; each follows the codebook.
"""

from __future__ import annotations

from hwbtext.mentions.detector import Detector, PatternDetector, default_detectors
from hwbtext.mentions.displacy import displacy_options, displacy_spans
from hwbtext.mentions.frame import detect_mentions
from hwbtext.mentions.rules import Cue, Exclusion, Rule, load_cues, load_exclusions, load_rules

__all__ = [
    "Cue",
    "Detector",
    "Exclusion",
    "PatternDetector",
    "Rule",
    "default_detectors",
    "detect_mentions",
    "displacy_options",
    "displacy_spans",
    "load_cues",
    "load_exclusions",
    "load_rules",
]
