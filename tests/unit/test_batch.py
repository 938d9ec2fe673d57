from __future__ import annotations

import os
import time
from typing import Any

from hwbtext.batch import Limits, run_jobs


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
    return {"n": job["n"] * 2}


def test_each_job_has_one_outcome_whatever_the_others_do() -> None:
    jobs = [
        {"do": d, "n": n} for n, d in enumerate(["work", "hang", "die", "raise", "eat", "work"])
    ]
    outcomes = list(run_jobs(misbehave, jobs, n_workers=2, limits=Limits(seconds=5)))
    by_job = {outcome.job: outcome for outcome in outcomes}
    assert len(outcomes) == len(by_job) == len(jobs)
    assert by_job[0].result == {"n": 0}
    assert by_job[5].result == {"n": 10}
    assert [by_job[n].code for n in (1, 2, 3, 4)] == [
        "timeout",
        "crashed",
        "unexpected",
        "too_much_memory",
    ]
    assert by_job[3].message == "ValueError: odd"


def test_no_jobs() -> None:
    assert list(run_jobs(misbehave, [])) == []
