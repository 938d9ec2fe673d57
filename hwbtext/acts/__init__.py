"""Acts (the verb of each resolution) and actions (who is to do what, by when)."""

from __future__ import annotations

from hwbtext.acts.actions import detect_actions
from hwbtext.acts.resolutions import detect_acts
from hwbtext.acts.rules import ActRule, load_act_rules

__all__ = ["ActRule", "detect_actions", "detect_acts", "load_act_rules"]
