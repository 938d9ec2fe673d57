"""Speed and memory of the PDF parser, beside pdfplumber and bare PDFium in the same run.

    python -m benchmarks.speed.parse --shared ../shared
    python -m benchmarks.speed.parse --shared ../shared --sample 30 --dry-run

All systems run on one core, each in a process of its own, and take turns file by file: the
machine is shared, and what slows one of them down slows them all. Files are given as bytes, so
that no disk is timed; what is compared is CPU time. OCR is out of it: Tesseract is hidden from
the parser, whose pages without a text layer cost as little as the peers' do.

Tables are turned off by replacing ``hwbtext.parse.pdf.tables_of`` by a function that finds none:
the parser itself has no such option. Ruling lines are read all the same, for struck-out text.
"""

from __future__ import annotations

import argparse
import importlib
import io
import multiprocessing
import os
import random
import resource
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.results import measured_on, write_section

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection

SETS = ("kent-cc", "west-sussex-jsna")
OURS = "hwbtext, with tables"
NO_TABLES = "hwbtext, tables off"
PEER = "pdfplumber extract_words"
FLOOR = "pypdfium2 plain text"
SYSTEMS = (OURS, NO_TABLES, PEER, FLOOR)
SEED = 0
DRAWS = 2_000
MARKS = (0.1, 0.5, 1.0)  # of the files: where resident memory is read
TABLES = ("hwbtext.parse.pdf", "tables_of")
"""The function that the run without tables replaces."""
STAGES: tuple[tuple[str, str, str], ...] = (
    ("pypdfium2", "PdfDocument.get_page", "open pages (PDFium)"),
    ("hwbtext.parse.pdf", "read_runs", "read runs"),
    ("hwbtext.parse.pdf", "upright", "read runs"),
    ("hwbtext.parse.pdf", "read_rules", "ruling lines"),
    ("hwbtext.parse.pdf", "part_struck", "ruling lines"),
    (*TABLES, "tables"),
    ("hwbtext.parse.compose", "find_furniture", "furniture and reading order"),
    ("hwbtext.parse.compose", "regions", "furniture and reading order"),
    ("hwbtext.parse.pdf", "write_pages", "paragraphs and writing"),
    ("hwbtext.parse.builder", "DocumentBuilder.build", "paragraphs and writing"),
)
"""Functions that open a stage, named where they are called from. Time counts for the innermost."""
REST = "the rest"


@dataclass(slots=True)
class Run:
    """What one process reports after one file."""

    cpu: float
    wall: float
    resident: int
    peak: int
    n_pages: int
    error: str = ""


@dataclass(slots=True)
class Timing:
    """All runs of one file: seconds of CPU and of the clock by system, medians of the rounds."""

    path: Path
    n_pages: int
    cpu: dict[str, float] = field(default_factory=dict)
    wall: dict[str, float] = field(default_factory=dict)


# ---- the systems, each in a process of its own ----------------------------------------------


def parser_of(system: str) -> Callable[[bytes], int]:
    """Return a function from the bytes of a PDF to the number of pages that were read."""
    if system in (OURS, NO_TABLES):
        os.environ["PATH"] = ""  # no Tesseract: see the head of this module
        from hwbtext.parse import parse_bytes

        holder, name = _named(*TABLES)  # loads the parser for both, so that they start alike
        if system == NO_TABLES:
            setattr(holder, name, lambda *_, **__: [])
        return lambda data: parse_bytes(data, "paper.pdf").n_pages
    if system == PEER:
        import pdfplumber

        def words(data: bytes) -> int:
            with pdfplumber.open(io.BytesIO(data)) as pdf:
                for page in pdf.pages:
                    page.extract_words()
                    page.close()  # its objects are not kept: the peer at its leanest
                return len(pdf.pages)

        return words
    import pypdfium2

    def plain(data: bytes) -> int:
        pdf = pypdfium2.PdfDocument(data)
        n_pages = len(pdf)
        for page in pdf:
            text = page.get_textpage()
            text.get_text_range()
            text.close()
            page.close()
        pdf.close()
        return n_pages

    return plain


def _work(system: str, core: int | None, pipe: Connection) -> None:
    """Read paths from a pipe and answer each with a :class:`Run`; the first answer is for none."""
    if core is not None:
        os.sched_setaffinity(0, {core})
    parse = parser_of(system)
    pipe.send(Run(0.0, 0.0, resident_bytes(), peak_bytes(), 0))
    while (path := pipe.recv()) is not None:
        data = Path(path).read_bytes()
        wall, cpu = time.perf_counter(), time.process_time()
        error, n_pages = "", 0
        try:
            n_pages = parse(data)
        except Exception as problem:  # noqa: BLE001 (a peer that fails on a file is a finding)
            error = type(problem).__name__
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        pipe.send(Run(cpu, wall, resident_bytes(), peak_bytes(), n_pages, error))


class Worker:
    """One system in a fresh process, pinned to one core."""

    def __init__(self, system: str, core: int | None) -> None:
        # Not a fork: what the parent holds in memory is none of the system's business.
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_work, args=(system, core, other), daemon=True)
        self._process.start()
        other.close()
        self.at_rest: Run = self._pipe.recv()

    def run(self, path: Path) -> Run:
        """Parse one file there."""
        self._pipe.send(str(path))
        answer: Run = self._pipe.recv()
        return answer

    def close(self) -> None:
        """End the process."""
        with suppress(BrokenPipeError):
            self._pipe.send(None)
        self._process.join(10)


def resident_bytes() -> int:
    """Return the memory that this process holds now; its peak where the system does not say."""
    try:
        fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    except OSError:
        return peak_bytes()
    return int(fields[1]) * os.sysconf("SC_PAGESIZE")


def peak_bytes() -> int:
    """Return the most memory that this process has held."""
    try:
        # Linux hands ru_maxrss on through exec, so a small child of a large parent would show
        # the parent's; VmHWM starts anew.
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    except (OSError, StopIteration):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def one_core() -> int | None:
    """Return a core to pin all systems to; None where the system has no such call."""
    if not hasattr(os, "sched_getaffinity"):
        return None
    return max(os.sched_getaffinity(0))


# ---- measuring ------------------------------------------------------------------------------


def papers(shared: Path, sample: int | None) -> list[Path]:
    """Return the PDFs of the sets in a seeded order; a sample is the head of that order."""
    found = [path for part in SETS for path in sorted((shared / "real" / part).rglob("*.pdf"))]
    random.Random(SEED).shuffle(found)
    return found if sample is None else found[:sample]


def count_pages(path: Path) -> int:
    """Return the number of pages as PDFium counts them; 0 where it cannot open the file."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as pdf:
            return len(pdf)
    except pypdfium2.PdfiumError:
        return 0


@dataclass(slots=True)
class Measured:
    """All that the interleaved run gives."""

    timings: list[Timing]
    failed: dict[str, list[str]]
    memory: dict[str, list[int]]  # resident bytes at each mark


def interleaved(
    files: Sequence[Path],
    rounds: int,
    core: int | None,
    systems: Sequence[str] = SYSTEMS,
) -> Measured:
    """Let the systems take turns file by file, and the order of the turns rotate."""
    workers = {system: Worker(system, core) for system in systems}
    warm = min(files, key=lambda path: path.stat().st_size)
    for worker in workers.values():  # first calls import modules and build tables
        worker.run(warm)
    timings: list[Timing] = []
    failed: dict[str, list[str]] = {system: [] for system in systems}
    memory: dict[str, list[int]] = {system: [] for system in systems}
    marks = {max(1, round(share * len(files))) for share in MARKS}
    try:
        for number, path in enumerate(files, start=1):
            turn = number % len(systems)
            timing = Timing(path, count_pages(path))
            runs: dict[str, list[Run]] = {system: [] for system in systems}
            for _ in range(rounds):
                for system in (*systems[turn:], *systems[:turn]):
                    runs[system].append(workers[system].run(path))
            for system, done in runs.items():
                if problems := {run.error for run in done if run.error}:
                    failed[system].append(", ".join(sorted(problems)))
                    continue
                timing.cpu[system] = _median([run.cpu for run in done])
                timing.wall[system] = _median([run.wall for run in done])
            if number in marks:
                for system, done in runs.items():
                    memory[system].append(done[-1].resident)
            timings.append(timing)
    finally:
        for worker in workers.values():
            worker.close()
    return Measured(timings, failed, memory)


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def ratio(
    timings: Sequence[Timing], slow: str, fast: str, clock: str = "cpu"
) -> tuple[float, float, float]:
    """Return how many times faster ``fast`` is than ``slow``, with a 95% interval over files.

    Parameters
    ----------
    timings : sequence of Timing
        Of files that both have read.
    slow, fast : str
        Names of systems.
    clock : {"cpu", "wall"}

    Returns
    -------
    tuple of float
        Ratio of the sums of seconds; its 2.5th and 97.5th percentile over draws of whole
        files, because pages of one file cost alike.
    """
    pairs = [(getattr(t, clock)[slow], getattr(t, clock)[fast]) for t in timings]
    draw = random.Random(SEED)
    drawn = []
    for _ in range(DRAWS):
        some = draw.choices(pairs, k=len(pairs))
        drawn.append(_share(some))
    drawn.sort()
    low, high = drawn[int(0.025 * DRAWS)], drawn[int(0.975 * DRAWS) - 1]
    return _share(pairs), low, high


def _share(pairs: Sequence[tuple[float, float]]) -> float:
    return sum(slow for slow, _ in pairs) / sum(fast for _, fast in pairs)


def largest(timings: Sequence[Timing]) -> list[tuple[str, Timing]]:
    """Return the file of most bytes and the file of most pages, once if they are one."""
    by_bytes = max(timings, key=lambda timing: timing.path.stat().st_size)
    by_pages = max(timings, key=lambda timing: timing.n_pages)
    if by_bytes is by_pages:
        return [("most bytes and most pages", by_bytes)]
    return [("most bytes", by_bytes), ("most pages", by_pages)]


def peak_of(system: str, path: Path, core: int | None) -> tuple[int, int]:
    """Return peak memory of a fresh process that reads one file, and memory before it."""
    worker = Worker(system, core)
    try:
        run = worker.run(path)
    finally:
        worker.close()
    return run.peak, worker.at_rest.resident


# ---- the profile by stage -------------------------------------------------------------------


def _named(module: str, name: str) -> tuple[Any, str]:
    """Return the module or class that holds a function; end the run where it has been renamed."""
    holder: Any = importlib.import_module(module)
    *above, last = name.split(".")
    for part in above:
        holder = getattr(holder, part, None)
    if not hasattr(holder, last):
        message = f"{module} has no {name} any more: mend STAGES in benchmarks/speed/parse.py."
        raise SystemExit(message)
    return holder, last


class Stopwatch:
    """Seconds of CPU by stage; time inside an inner stage is not counted for the outer one."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._open: list[str] = []
        self._since = 0.0

    def _turn(self) -> None:
        now = time.process_time()
        if self._open:
            stage = self._open[-1]
            self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._since
        self._since = now

    def timed(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        """Return the function with its time counted for ``stage``."""

        def wrapper(*args: Any, **kwargs: Any) -> Any:
            self._turn()
            self._open.append(stage)
            try:
                found = function(*args, **kwargs)
                # A generator does its work when it is read: read it while the watch runs.
                return list(found) if hasattr(found, "__next__") else found
            finally:
                self._turn()
                self._open.pop()

        return wrapper


def _profile(paths: Sequence[Path], core: int | None, pipe: Connection) -> None:
    if core is not None:
        os.sched_setaffinity(0, {core})
    parse = parser_of(OURS)
    watch = Stopwatch()
    parse(paths[0].read_bytes())
    for module, name, stage in STAGES:
        holder, last = _named(module, name)
        setattr(holder, last, watch.timed(getattr(holder, last), stage))
    asked = 0
    if "pdfplumber" in sys.modules:  # the parser has loaded it: count the pages it is asked about
        import pdfplumber.page

        def counted(function: Callable[..., Any]) -> Callable[..., Any]:
            def wrapper(*args: Any, **kwargs: Any) -> Any:
                nonlocal asked
                asked += 1
                return function(*args, **kwargs)

            return wrapper

        pdfplumber.page.Page.find_tables = counted(pdfplumber.page.Page.find_tables)
    whole = watch.timed(parse, REST)
    n_pages = sum(whole(path.read_bytes()) for path in paths)
    pipe.send((watch.seconds, asked, n_pages))


def profile(paths: Sequence[Path], core: int | None) -> tuple[dict[str, float], int, int]:
    """Return CPU seconds by stage, pages handed to pdfplumber, and pages; in its own process."""
    context = multiprocessing.get_context("spawn")
    pipe, other = context.Pipe()
    process = context.Process(target=_profile, args=(list(paths), core, other), daemon=True)
    process.start()
    other.close()
    try:
        answer: tuple[dict[str, float], int, int] = pipe.recv()
    finally:
        process.join(10)
    return answer


# ---- the report -----------------------------------------------------------------------------


def report(measured: Measured, core: int | None, *, sample: int | None, rounds: int) -> str:
    """Return the section, and measure what needs processes of its own: peaks and the profile."""
    timings = [t for t in measured.timings if len(t.cpu) == len(SYSTEMS) and t.n_pages]
    if not timings:
        message = "No file was read by all systems: there is nothing to compare."
        raise SystemExit(message)
    n_pages = sum(timing.n_pages for timing in timings)
    pinned = "one core (pinned)" if core is not None else "one process at a time (not pinned)"
    which = "" if sample is None else f", a seeded sample of {sample}"
    lines = [
        "## Speed and memory of the PDF parser",
        "",
        f"`python -m benchmarks.speed.parse`, {measured_on()}, {pinned}. "
        f"{len(timings)} PDFs of Kent and West Sussex{which}, {n_pages:,} pages, "
        f"rounds: {rounds}. The systems take turns file by file, each in a process of its own; "
        "CPU time, OCR off. Interval: 95%, 2,000 draws of whole files.",
        "",
        "| system | pages/s (CPU) | pages/s (clock) | CPU s | times faster than pdfplumber (CPU) | "
        "the same by the clock |",
        "|---|---|---|---|---|---|",
    ]
    for system in SYSTEMS:
        cpu = sum(timing.cpu[system] for timing in timings)
        wall = sum(timing.wall[system] for timing in timings)
        times = "1" if system == PEER else _interval(*ratio(timings, PEER, system))
        clock = "1" if system == PEER else _interval(*ratio(timings, PEER, system, "wall"))
        lines.append(
            f"| {system} | {n_pages / cpu:,.0f} | {n_pages / wall:,.0f} | {cpu:.1f} | {times} "
            f"| {clock} |"
        )
    lines += ["", "`pypdfium2` plain text is the floor: the parser reads through PDFium too."]
    failed = {system: names for system, names in measured.failed.items() if names}
    for system, names in failed.items():
        lines.append(f"{system} failed on {len(names)} files ({', '.join(sorted(set(names)))}).")
    lines += ["", "Peak memory of a fresh process on the largest file (MB; in brackets: before it)"]
    lines += ["", f"| file | pages | MB | {' | '.join(SYSTEMS)} |", "|---|---|---|" + "---|" * 4]
    for what, timing in largest(timings):
        cells = []
        for system in SYSTEMS:
            peak, before = peak_of(system, timing.path, core)
            cells.append(f"{peak / 1e6:.0f} ({before / 1e6:.0f})")
        size = timing.path.stat().st_size / 1e6
        lines.append(f"| {what} | {timing.n_pages} | {size:.1f} | {' | '.join(cells)} |")
    lines += ["", "Resident memory of one process after a share of the files (MB)", ""]
    lines += [
        f"| system | {' | '.join(f'{share:.0%}' for share in MARKS)} |",
        "|---|" + "---|" * len(MARKS),
    ]
    for system in SYSTEMS:
        cells = [f"{held / 1e6:.0f}" for held in measured.memory[system]]
        lines.append(f"| {system} | {' | '.join(cells)} |")
    seconds, asked, parsed = profile([timing.path for timing in timings], core)
    whole = sum(seconds.values())
    lines += ["", "Where the parser's CPU time goes (timers of the benchmark)", ""]
    lines += ["| stage | share |", "|---|---|"]
    names = dict.fromkeys([stage for _, _, stage in STAGES] + [REST])
    lines += [f"| {name} | {seconds.get(name, 0.0) / whole:.0%} |" for name in names]
    lines += [
        "",
        f"Pages whose tables were sought with pdfplumber: {asked} ({asked / parsed:.0%}).",
    ]
    return "\n".join(lines)


def _interval(value: float, low: float, high: float) -> str:
    return f"{value:.1f} ({low:.1f} to {high:.1f})"


def main() -> None:
    """Measure, and write the section."""
    arguments = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    arguments.add_argument("--shared", type=Path, default=Path("../shared"))
    arguments.add_argument("--sample", type=int, help="only so many files, drawn by a fixed seed")
    arguments.add_argument("--rounds", type=int, default=1, help="turns a file; medians count")
    arguments.add_argument("--dry-run", action="store_true", help="print, and write nothing")
    chosen = arguments.parse_args()
    files = papers(chosen.shared, chosen.sample)
    if not files:
        message = f"There are no PDFs below {chosen.shared / 'real'}."
        raise SystemExit(message)
    for module, name, _ in STAGES:
        _named(module, name)  # before ten minutes of timing, not after
    core = one_core()
    measured = interleaved(files, chosen.rounds, core)
    body = report(measured, core, sample=chosen.sample, rounds=chosen.rounds)
    if not chosen.dry_run:
        write_section("speed", body)
    print(body)


if __name__ == "__main__":
    main()
