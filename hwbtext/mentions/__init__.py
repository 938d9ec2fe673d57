"""Mentions of ownership, accountability and inequality: rules that are data, and a tagger.

The rules stand in ``ownership.toml``, ``accountability.toml`` and ``inequality.toml``, the
classes of words that they are made of in ``classes.toml``, what sets their polarity and what is
no mention in ``modifiers.toml``; each follows the codebook. The tagger is a network that
learned from coded passages (``models/mention-v1``); rules alone are :func:`rule_detectors`.
"""

from __future__ import annotations

from hwbtext.mentions.detector import Detector, PatternDetector, rule_detectors
from hwbtext.mentions.displacy import displacy_options, displacy_spans
from hwbtext.mentions.frame import detect_mentions
from hwbtext.mentions.rules import Cue, Exclusion, Rule, load_cues, load_exclusions, load_rules
from hwbtext.mentions.tagged import TaggedDetector, default_detectors
from hwbtext.mentions.tagger import Tagger

__all__ = [
    "Cue",
    "Detector",
    "Exclusion",
    "PatternDetector",
    "Rule",
    "TaggedDetector",
    "Tagger",
    "default_detectors",
    "detect_mentions",
    "displacy_options",
    "displacy_spans",
    "load_cues",
    "load_exclusions",
    "load_rules",
    "rule_detectors",
]
