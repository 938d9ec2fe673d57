"""Bodies of the English system: a dated table of names, and where a paper speaks of them."""

from __future__ import annotations

from hwbtext.bodies.detector import detect_bodies
from hwbtext.bodies.register import Body, load_bodies, resolve_owner

__all__ = ["Body", "detect_bodies", "load_bodies", "resolve_owner"]
