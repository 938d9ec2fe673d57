from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from misbehaving import misbehave
from papers import MINUTES, SAMPLE, make_pdf

from hwbtext import batch
from hwbtext.batch import Limits, bounded, parse_bounded, run_jobs
from hwbtext.errors import InputError, MissingPathError
from hwbtext.parse import parse
from hwbtext.records import Status


def is_running(process_id: int) -> bool:
    stat = Path(f"/proc/{process_id}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_for_end(process_id: int) -> None:
    until = time.monotonic() + 10
    while is_running(process_id):
        assert time.monotonic() < until, "a process has been left behind"
        time.sleep(0.05)


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")


def test_each_job_has_one_outcome_whatever_the_others_do() -> None:
    doings = ["work", "hang", "die", "raise", "eat", "print", "recurse", "work"]
    jobs = [{"do": what, "n": n} for n, what in enumerate(doings)]
    outcomes = list(run_jobs(misbehave, jobs, n_workers=2, limits=Limits(seconds=5)))
    by_job = {outcome.job: outcome for outcome in outcomes}
    assert len(outcomes) == len(by_job) == len(jobs)
    assert [by_job[n].result for n in (0, 5, 7)] == [{"n": 0}, {"n": 10}, {"n": 14}]
    assert [by_job[n].code for n in (1, 2, 3, 4, 6)] == [
        "timeout",
        "crashed",
        "unexpected",
        "too_much_memory",
        "too_deep",
    ]
    assert by_job[3].message == "ValueError: odd"


def test_no_jobs() -> None:
    assert list(run_jobs(misbehave, [])) == []


def test_a_bounded_call_keeps_its_child_until_a_job_breaks_it() -> None:
    def process_id() -> int:
        result = bounded(misbehave, {"do": "tell"}).result
        assert result is not None
        return int(result["process_id"])

    first = process_id()
    assert process_id() == first != os.getpid()
    assert bounded(misbehave, {"do": "raise"}).code == "unexpected"
    assert process_id() == first
    assert bounded(misbehave, {"do": "die"}).code == "crashed"
    second = process_id()
    assert second != first
    assert bounded(misbehave, {"do": "hang"}, Limits(seconds=0.2)).code == "timeout"
    assert process_id() not in (first, second)


def test_a_child_that_closes_its_end_and_lives_on_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_END_SECONDS", 0.2)
    assert bounded(misbehave, {"do": "close"}).code == "crashed"
    assert bounded(misbehave, {"do": "work", "n": 1}).result == {"n": 2}


@needs_proc
def test_what_a_job_has_started_ends_with_it(tmp_path: Path) -> None:
    note = tmp_path / "process"
    job = {"do": "start", "note": str(note)}
    assert bounded(misbehave, job, Limits(seconds=3)).code == "timeout"
    wait_for_end(int(note.read_text()))


@needs_proc
def test_a_child_ends_with_its_parent_even_in_the_middle_of_a_job(tmp_path: Path) -> None:
    note = tmp_path / "process"
    script = tmp_path / "script.py"
    script.write_text(
        "import os, sys, threading, time\n"
        f"sys.path[:0] = {[p for p in sys.path if p]!r}\n"
        "from misbehaving import misbehave\n"
        "from hwbtext.batch import bounded\n"
        "child = bounded(misbehave, {'do': 'tell'}).result['process_id']\n"
        f"open({str(note)!r}, 'w').write(str(child))\n"
        "threading.Thread(target=bounded, args=(misbehave, {'do': 'hang'}), daemon=True).start()\n"
        "time.sleep(1)\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, script], check=True, timeout=60)
    wait_for_end(int(note.read_text()))


@pytest.fixture
def papers(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(make_pdf(MINUTES, ["A second page."], title="Minutes"))
    (folder / "b.pdf").write_bytes(b"%PDF-1.7 and no more")
    (folder / "c.md").write_text("---\ntitle: A plan\ndate: 2021-03-04\n---\n# Plan\n\nOne.\n")
    (folder / "d.pdf").write_bytes(next(SAMPLE.rglob("*protected.pdf")).read_bytes())
    return sorted(folder.iterdir())


def test_a_bounded_parse_is_a_parse(papers: list[Path]) -> None:
    for path in papers:
        one, other = parse(path), parse_bounded(path)
        for name in ("doc_id", "source", "text", "pages", "blocks", "parser", "status", "issues"):
            assert getattr(one, name) == getattr(other, name)
        assert (one.title, one.published) == (other.title, other.published)
        for name in ("starts", "ends", "pages", "lines", "boxes"):
            mine, theirs = getattr(one.layout, name), getattr(other.layout, name)
            assert mine.dtype == theirs.dtype
            np.testing.assert_array_equal(mine, theirs)
        assert type(other.status) is Status
        assert pickle.loads(pickle.dumps(other)).text == one.text


def test_a_bounded_parse_that_breaks_is_a_failed_document(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    path.write_bytes(make_pdf(*[MINUTES] * 400))
    document = parse_bounded(path, Limits(seconds=0.01))
    assert document.status is Status.FAILED
    assert [(issue.code, issue.component) for issue in document.issues] == [("timeout", "batch@1")]
    assert document.source == parse(path).source
    assert document.issues[0].doc_id == document.doc_id


def test_the_callers_mistake_raises_as_in_parse(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError):
        parse_bounded(tmp_path / "none.pdf")
    with pytest.raises(InputError):
        parse_bounded(tmp_path)


def test_any_executor_can_call_it(papers: list[Path]) -> None:
    texts = [parse(path).text for path in papers]
    with ThreadPoolExecutor(2) as threads:
        assert [d.text for d in threads.map(parse_bounded, papers)] == texts
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        assert [d.text for d in processes.map(parse_bounded, papers)] == texts


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_forked_process_does_not_use_its_parents_child(papers: list[Path]) -> None:
    def tell() -> int:
        return int((bounded(misbehave, {"do": "tell"}).result or {})["process_id"])

    mine = tell()
    read, write = os.pipe()
    fork = os.fork()
    if fork == 0:
        try:
            os.write(write, str(tell()).encode())
            batch._close_idle()
        finally:
            os._exit(0)
    os.waitpid(fork, 0)
    assert int(os.read(read, 100)) != mine
    assert tell() == mine
    os.close(read)
    os.close(write)
