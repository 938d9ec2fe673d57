from __future__ import annotations

from misbehaving import misbehave

from hwbtext.batch import Limits, run_jobs


def test_each_job_has_one_outcome_whatever_the_others_do() -> None:
    doings = ["work", "hang", "die", "raise", "eat", "print", "work"]
    jobs = [{"do": what, "n": n} for n, what in enumerate(doings)]
    outcomes = list(run_jobs(misbehave, jobs, n_workers=2, limits=Limits(seconds=5)))
    by_job = {outcome.job: outcome for outcome in outcomes}
    assert len(outcomes) == len(by_job) == len(jobs)
    assert [by_job[n].result for n in (0, 5, 6)] == [{"n": 0}, {"n": 10}, {"n": 12}]
    assert [by_job[n].code for n in (1, 2, 3, 4)] == [
        "timeout",
        "crashed",
        "unexpected",
        "too_much_memory",
    ]
    assert by_job[3].message == "ValueError: odd"


def test_no_jobs() -> None:
    assert list(run_jobs(misbehave, [])) == []
