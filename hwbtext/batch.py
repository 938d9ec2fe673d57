"""Run a task over many files, each in a child process with limits.

A hang, a crash or a bomb in one file costs that file only. What comes back from a child is
JSON, never a pickle: the child has read a stranger's file.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import queue
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: seconds of time, and bytes of address space."""

    seconds: float = 300.0
    memory: int = 6 * 1024**3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one job: its result, or a code and message of what went wrong."""

    job: int
    result: dict[str, Any] | None
    code: str = ""
    message: str = ""


def run_jobs(
    task: Callable[[dict[str, Any]], dict[str, Any]],
    jobs: Sequence[dict[str, Any]],
    *,
    n_workers: int = 1,
    limits: Limits | None = None,
) -> Iterator[Outcome]:
    """Run ``task`` on every job and yield each outcome as it comes, in no fixed order.

    Parameters
    ----------
    task : callable
        A module-level function from a JSON-like dict to a JSON-like dict.
    jobs : sequence of dict
        JSON-like arguments, one a call.
    n_workers : int
        Child processes at once.
    limits : Limits, optional
        A child over them is ended; the job's outcome says so and the next job gets a new one.

    Yields
    ------
    Outcome
        Exactly one a job.
    """
    limits = limits or Limits()
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(len(jobs)):
        todo.put(number)
    done: queue.SimpleQueue[Outcome | BaseException] = queue.SimpleQueue()
    stop = threading.Event()

    def serve() -> None:
        child = _Child(task, limits)
        try:
            while not stop.is_set():
                try:
                    number = todo.get_nowait()
                except queue.Empty:
                    return
                done.put(child.run(number, jobs[number]))
        except BaseException as error:  # noqa: BLE001 - the caller's thread raises it
            done.put(error)
        finally:
            child.close()

    threads = [
        threading.Thread(target=serve, daemon=True, name=f"hwbtext-{number}")
        for number in range(max(1, min(n_workers, len(jobs))))
    ]
    for thread in threads:
        thread.start()
    try:
        for _ in jobs:
            outcome = done.get()
            if isinstance(outcome, BaseException):
                raise outcome
            yield outcome
    finally:
        stop.set()
        for thread in threads:
            thread.join()


class _Child:
    """A child process that is used again until a job breaks it."""

    def __init__(self, task: Callable[[dict[str, Any]], dict[str, Any]], limits: Limits) -> None:
        self._task = task
        self._limits = limits
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def run(self, number: int, job: dict[str, Any]) -> Outcome:
        pipe = self._start()
        try:
            pipe.send_bytes(json.dumps(job).encode())
            # The clock starts when the child is up: importing it is not the file's fault.
            if not pipe.poll(self._limits.seconds):
                self.close()
                seconds = self._limits.seconds
                message = f"Reading it took more than {seconds:g} s and was stopped."
                return Outcome(number, None, "timeout", message)
            answer = json.loads(pipe.recv_bytes())
        except (EOFError, OSError):
            code = self._process.exitcode if self._process else None
            self.close()
            return Outcome(number, None, "crashed", f"Reading it ended the process ({code}).")
        if "error" in answer:
            return Outcome(number, None, answer["error"], answer["message"])
        return Outcome(number, answer["result"])

    def _start(self) -> Connection:
        if self._pipe is not None and self._process is not None and self._process.is_alive():
            return self._pipe
        self.close()
        # Spawned, not forked: the parent may hold threads and locks of torch.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_serve_jobs, args=(self._task, theirs, self._limits.memory), daemon=True
        )
        process.start()
        theirs.close()
        self._process, self._pipe = process, ours
        ours.recv_bytes()  # ready
        return ours

    def close(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        self._pipe = self._process = None


def _serve_jobs(
    task: Callable[[dict[str, Any]], dict[str, Any]], pipe: Connection, memory: int
) -> None:
    """Answer jobs until the pipe closes (in the child)."""
    # pdfminer writes a line to stderr for each font it dislikes; the process is ours alone.
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    with suppress(ImportError):  # no limit on address space where the system has none
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(EOFError, OSError, KeyboardInterrupt):
        pipe.send_bytes(b"ready")
        while True:
            job = json.loads(pipe.recv_bytes())
            pipe.send_bytes(json.dumps(_answer(task, job)).encode())


def _answer(
    task: Callable[[dict[str, Any]], dict[str, Any]], job: dict[str, Any]
) -> dict[str, Any]:
    try:
        return {"result": task(job)}
    except MemoryError:
        return {"error": "too_much_memory", "message": "Reading it took more memory than allowed."}
    except RecursionError:
        return {"error": "too_deep", "message": "Its structure is nested too deep to read."}
    except Exception as error:  # noqa: BLE001 - one file's surprise must not end the run
        return {"error": "unexpected", "message": f"{type(error).__name__}: {error}"}
