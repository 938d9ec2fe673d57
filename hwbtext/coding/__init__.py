"""Planning a sample, the kit that people code it in, and the codes read back.

Nothing here was validated against human coders yet. Importing this room loads pandas and
openpyxl; ``import hwbtext`` does not.
"""

from hwbtext.coding.agreeing import agreed_coding
from hwbtext.coding.commands import import_sheets, plan_kit
from hwbtext.coding.frame import LeftOut, load_passages
from hwbtext.coding.imports import Imported, import_codings
from hwbtext.coding.kit import write_kit
from hwbtext.coding.plan import Cell, Plan, PlannedUnit, plan_sample
from hwbtext.coding.plan_lines import load_plan, save_plan
from hwbtext.coding.precision import (
    DESIGN_EFFECT,
    ExpectedInterval,
    expected_f1_interval,
    expected_interval,
    n_for_width,
)
from hwbtext.coding.training import join_samples, pick_training

__all__ = [
    "DESIGN_EFFECT",
    "Cell",
    "ExpectedInterval",
    "Imported",
    "LeftOut",
    "Plan",
    "PlannedUnit",
    "agreed_coding",
    "expected_f1_interval",
    "expected_interval",
    "import_codings",
    "import_sheets",
    "join_samples",
    "load_passages",
    "load_plan",
    "n_for_width",
    "pick_training",
    "plan_kit",
    "plan_sample",
    "save_plan",
    "write_kit",
]
