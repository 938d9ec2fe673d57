"""Run a task over many files, each in a child process with limits.

A hang, a crash or a bomb in one file costs that file only. What comes back from a child is
JSON, never a pickle: the child has read a stranger's file. The child is a Python of its own
(``python -m hwbtext.batch``) and does not import the user's script again, as multiprocessing
would: a script needs no ``if __name__ == "__main__"``.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Task = Callable[[dict[str, Any]], dict[str, Any]]

_START_SECONDS = 120.0  # importing the libraries can take long on a cold or busy disk


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
    task: Task,
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

    children: list[_Child] = []

    def serve() -> None:
        child = _Child(task, limits)
        children.append(child)
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
        for child in children:
            child.kill()  # its thread sees the end of its answers, and closes it
        for thread in threads:
            thread.join()


class _Child:
    """A child process that is used again until a job breaks it."""

    def __init__(self, task: Task, limits: Limits) -> None:
        self._task = task
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def run(self, number: int, job: dict[str, Any]) -> Outcome:
        process = self._process
        if process is None or process.poll() is not None:
            process = self._start()
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(job).encode() + b"\n")
            process.stdin.flush()
            line = self._answers.get(timeout=self._limits.seconds)
        except queue.Empty:
            self.close()
            message = f"Reading it took more than {self._limits.seconds:g} s and was stopped."
            return Outcome(number, None, "timeout", message)
        except OSError:
            line = b""
        if not line:
            code = process.wait()
            self.close()
            return Outcome(number, None, "crashed", f"Reading it ended the process ({code}).")
        answer = json.loads(line)
        if "error" in answer:
            return Outcome(number, None, answer["error"], answer["message"])
        return Outcome(number, answer["result"])

    def _start(self) -> subprocess.Popen[bytes]:
        """Start a child and wait until it is up: importing it is not a file's fault."""
        self.close()
        name = f"{self._task.__module__}:{self._task.__qualname__}"
        process = subprocess.Popen(  # noqa: S603 - this Python, and a function of ours
            # -P: a file queue.py in the user's folder must not pass for Python's own.
            [sys.executable, "-P", "-m", "hwbtext.batch", name, str(self._limits.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # The child finds what its parent finds, also where a script has added to sys.path.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        assert process.stdout is not None
        self._process, self._answers = process, queue.SimpleQueue()
        threading.Thread(
            target=_pump, args=(process.stdout, self._answers), daemon=True, name="hwbtext-pump"
        ).start()
        try:
            ready = self._answers.get(timeout=_START_SECONDS)
        except queue.Empty:
            ready = b""
        if not ready:
            self.close()
            msg = f"The process that reads papers did not start ({name})."
            raise RuntimeError(msg)
        return process

    def kill(self) -> None:
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with suppress(OSError):  # a line that the dead child did not take
                        pipe.close()
        self._process = None


def _pump(pipe: IO[bytes], answers: queue.SimpleQueue[bytes]) -> None:
    """Pass on lines until the child ends, then an empty one."""
    with suppress(OSError, ValueError):
        for line in pipe:
            answers.put(line)
    answers.put(b"")


def _serve_jobs(task_name: str, memory: int) -> None:
    """Answer jobs until standard input closes (in the child)."""
    # Answers go out by a descriptor of their own: what a library prints goes to stderr.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        # pdfminer writes a line for each font that it dislikes; the process is ours alone.
        logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
        module, _, function = task_name.partition(":")
        task = getattr(importlib.import_module(module), function)
        with suppress(ImportError):  # no limit on address space where the system has none
            import resource

            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        answers.write(b"ready\n")
        answers.flush()
        for line in sys.stdin.buffer:
            answers.write(json.dumps(_answer(task, json.loads(line))).encode() + b"\n")
            answers.flush()


def _answer(task: Task, job: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"result": task(job)}
    except MemoryError:
        return {"error": "too_much_memory", "message": "Reading it took more memory than allowed."}
    except RecursionError:
        return {"error": "too_deep", "message": "Its structure is nested too deep to read."}
    except Exception as error:  # noqa: BLE001 - one file's surprise must not end the run
        return {"error": "unexpected", "message": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        _serve_jobs(sys.argv[1], int(sys.argv[2]))
