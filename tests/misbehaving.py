"""A task that does everything that a paper can do to the process that reads it."""

from __future__ import annotations

import os
import time
from typing import Any


def misbehave(job: dict[str, Any]) -> dict[str, Any]:
    match job["do"]:
        case "hang":
            time.sleep(60)
        case "die":
            os._exit(3)
        case "raise":
            raise ValueError("odd")
        case "eat":
            return {"n": len(bytearray(64 * 1024**3))}
        case "print":
            print("a library that prints")
    return {"n": job["n"] * 2}
