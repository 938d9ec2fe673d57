"""Run a task over many files, each in a child process with limits.

A hang, a crash or a bomb in one file costs that file only. :func:`run_jobs` goes through a
list; :func:`bounded` and :func:`parse_bounded` hold the same bound inside one call, so that
any executor can make it: joblib, concurrent.futures, dask.

What comes back from a child is JSON, never a pickle: the child has read a stranger's file. The
child is a Python of its own (``python -m hwbtext.batch``) and does not import the user's script
again, as multiprocessing would: a script needs no ``if __name__ == "__main__"``.
"""

from __future__ import annotations

import atexit
import base64
import hashlib
import importlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from hwbtext.parse import MAX_BYTES, parse, parse_file, sniff
from hwbtext.parse.builder import failed_document
from hwbtext.records import (
    Block,
    CharSpan,
    Document,
    Issue,
    Layout,
    Page,
    SourceFile,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Task = Callable[[dict[str, Any]], dict[str, Any]]

_START_SECONDS = 120.0  # importing the libraries can take long on a cold or busy disk
_END_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: seconds of time, and bytes of address space."""

    seconds: float = 600.0  # OCR of a hundred scanned pages takes up to half of that
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
                done.put(child.run(number, jobs[number], limits.seconds))
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


def bounded(task: Task, job: dict[str, Any], limits: Limits | None = None) -> Outcome:
    """Run ``task`` on one job in a child process with limits, and wait for its outcome.

    The child is kept for the next call in this process (each thread that calls at the same
    time has its own) and ends with it.

    Parameters
    ----------
    task : callable
        A module-level function from a JSON-like dict to a JSON-like dict.
    job : dict
        Its JSON-like argument.
    limits : Limits, optional

    Returns
    -------
    Outcome
        Its ``job`` is 0. A hang, a crash or a bomb has no result but a code: "timeout",
        "crashed", "too_much_memory", "too_deep" or "unexpected".
    """
    limits = limits or Limits()
    # By process: a child belongs to the process that started it, not to what is forked off.
    # No lock is needed: list.append and list.pop are atomic.
    idle = _idle.setdefault((os.getpid(), _name_of(task), limits.memory), [])
    try:
        child = idle.pop()
    except IndexError:
        child = _Child(task, limits)
    try:
        outcome = child.run(0, job, limits.seconds)
    except BaseException:  # such as Ctrl-C: its answer would go to the next caller
        child.close()
        raise
    idle.append(child)
    return outcome


_idle: dict[tuple[int, str, int], list[_Child]] = {}


@atexit.register
def _close_idle() -> None:
    for (process_id, _, _), children in _idle.items():
        while process_id == os.getpid() and children:
            children.pop().close()


def parse_bounded(path: str | os.PathLike[str], limits: Limits | None = None) -> Document:
    """Parse one file in a child process with limits (:func:`bounded`).

    Parameters
    ----------
    path : path-like
        A PDF, DOCX, HTML, Markdown or text file.
    limits : Limits, optional

    Returns
    -------
    Document
        As :func:`hwbtext.parse.parse` returns it; FAILED, with an issue, also where reading
        it took too long or too much memory, or ended the process.

    Raises
    ------
    MissingPathError
        There is no such file.
    InputError
        It is a folder.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(2) as pool:
    ...     documents = list(pool.map(parse_bounded, []))
    """
    path = Path(path)
    if not path.is_file() or path.stat().st_size > MAX_BYTES:
        return parse(path)  # raises, or says that the file is too large without reading it
    outcome = bounded(_parse_job, {"path": str(path)}, limits)
    if outcome.result is not None:
        return _document_from_json(outcome.result)
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    source = SourceFile(path.name, digest, sniff(data, path.name), len(data))
    return failed_document(source, outcome.code, outcome.message, "batch@1")


def _parse_job(job: dict[str, Any]) -> dict[str, Any]:
    """Parse one file in a child process: JSON in, JSON out."""
    path = Path(job["path"])
    return _document_to_json(parse_file(path, path.name))


_ARRAYS = {"starts": "int32", "ends": "int32", "pages": "int32", "lines": "int32"}


def _document_to_json(document: Document) -> dict[str, Any]:
    told = asdict(replace(document, layout=Layout.empty()))
    told["published"] = document.published.isoformat() if document.published else None
    told["layout"] = {
        name: base64.b64encode(getattr(document.layout, name).tobytes()).decode()
        for name in (*_ARRAYS, "boxes")
    }
    return told


def _document_from_json(told: dict[str, Any]) -> Document:
    import numpy as np

    arrays = {name: base64.b64decode(text) for name, text in told["layout"].items()}
    layout = Layout(
        **{name: np.frombuffer(arrays[name], dtype=kind).copy() for name, kind in _ARRAYS.items()},
        boxes=np.frombuffer(arrays["boxes"], dtype=np.float32).reshape(-1, 4).copy(),
    )
    published = told["published"]
    return Document(
        **{
            **told,
            "source": SourceFile(**told["source"]),
            "pages": tuple(Page(**_with_span(page)) for page in told["pages"]),
            "blocks": tuple(Block(**_with_span(block)) for block in told["blocks"]),
            "layout": layout,
            "status": Status(told["status"]),
            "issues": tuple(Issue(**issue) for issue in told["issues"]),
            "published": date.fromisoformat(published) if published else None,
        }
    )


def _with_span(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "span": CharSpan(*told["span"])}


def _name_of(task: Task) -> str:
    return f"{task.__module__}:{task.__qualname__}"


class _Child:
    """A child process that is used again until a job breaks it."""

    def __init__(self, task: Task, limits: Limits) -> None:
        self._task = _name_of(task)
        self._memory = limits.memory
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def run(self, number: int, job: dict[str, Any], seconds: float) -> Outcome:
        process = self._process
        if process is None or process.poll() is not None:
            process = self._start()
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(job).encode() + b"\n")
            process.stdin.flush()
            line = self._answers.get(timeout=seconds)
        except queue.Empty:
            self.close()
            message = f"Reading it took more than {seconds:g} s and was stopped."
            return Outcome(number, None, "timeout", message)
        except OSError:
            line = b""
        if not line:
            with suppress(subprocess.TimeoutExpired):  # it has closed its end, and yet lives
                process.wait(_END_SECONDS)
            self.close()
            message = f"Reading it ended the process ({process.returncode})."
            return Outcome(number, None, "crashed", message)
        answer = json.loads(line)
        if "error" in answer:
            return Outcome(number, None, answer["error"], answer["message"])
        return Outcome(number, answer["result"])

    def _start(self) -> subprocess.Popen[bytes]:
        """Start a child and wait until it is up: importing it is not a file's fault."""
        self.close()
        process = subprocess.Popen(  # noqa: S603 - this Python, and a function of ours
            # -P: a file queue.py in the user's folder must not pass for Python's own.
            [sys.executable, "-P", "-m", "hwbtext.batch", self._task, str(self._memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # The child finds what its parent finds, also where a script has added to sys.path.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            # A group of its own, so that what it has started (Tesseract) ends with it.
            start_new_session=True,
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
            msg = f"The process that reads papers did not start ({self._task})."
            raise RuntimeError(msg)
        return process

    def kill(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        if sys.platform == "win32":
            process.kill()
        else:
            with suppress(OSError):  # it has ended in the meantime
                os.killpg(process.pid, signal.SIGKILL)

    def close(self) -> None:
        if self._process is not None:
            self.kill()
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
    """Answer jobs until the parent ends (in the child)."""
    # Answers go out by a descriptor of their own: what a library prints goes to stderr.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        module, _, function = task_name.partition(":")
        task = getattr(importlib.import_module(module), function)
        with suppress(ImportError):  # no limit on address space where the system has none
            import resource

            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        jobs: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=_receive, args=(jobs,), daemon=True).start()
        answers.write(b"ready\n")
        answers.flush()
        while True:
            answers.write(json.dumps(_answer(task, json.loads(jobs.get()))).encode() + b"\n")
            answers.flush()


def _receive(jobs: queue.SimpleQueue[bytes]) -> None:
    """Pass on jobs; end the process with its parent, even in the middle of a file that hangs."""
    for line in sys.stdin.buffer:
        jobs.put(line)
    os._exit(0)


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
