"""A task that does everything that a paper can do to the process that reads it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
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
        case "recurse":
            return misbehave(job)
        case "print":
            print("a library that prints")
        case "close":
            os.closerange(3, 64)  # its end of the pipe, and it lives on
            time.sleep(60)
        case "start":
            other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
            Path(job["note"]).write_text(str(other.pid))
            time.sleep(60)
        case "tell":
            return {"process_id": os.getpid()}
    return {"n": job["n"] * 2}
