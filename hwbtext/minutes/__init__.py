"""The grammar of UK minutes: heading, attendance, items, resolutions with clauses, votes."""

from __future__ import annotations

from hwbtext.minutes.attendance import find_attendance
from hwbtext.minutes.blocks import resolution_blocks
from hwbtext.minutes.clauses import RESOLUTION, Clause, opens_resolution, split_clauses
from hwbtext.minutes.heading import MeetingHeading, find_heading
from hwbtext.minutes.items import find_items
from hwbtext.minutes.resolutions import Resolution, find_resolutions
from hwbtext.minutes.votes import find_votes

__all__ = [
    "RESOLUTION",
    "Clause",
    "MeetingHeading",
    "Resolution",
    "find_attendance",
    "find_heading",
    "find_items",
    "find_resolutions",
    "find_votes",
    "opens_resolution",
    "resolution_blocks",
    "split_clauses",
]
