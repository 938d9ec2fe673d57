"""Collect 10,000 documents of 1,000 meetings, and be killed 20 times on the way.

``python -m benchmarks.scrape.soak`` starts local ModernGov servers, runs the collector in a
process of its own, ends that process with SIGKILL at random moments, starts it again, and then
holds the servers' logs against the folder: nothing lost, nothing that was kept asked for again,
requests to a host never closer than the delay.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests"))

from responses.catalogue import NAMES, Council, made_council  # noqa: E402
from responses.moderngov_server import ModernGovServer, closest, most_in_flight  # noqa: E402

from benchmarks.results import measured_on, write_section  # noqa: E402

_CHILD = """
import json, sys
from hwbtext.scrape.run import scrape
from hwbtext.sites import choose_sites
job = json.loads(sys.argv[1])
report = scrape(choose_sites(job["sites"], {}), job["out"], contact="soak@example.org",
                kinds=job["kinds"], delay=job["delay"], allow=job["allow"])
print(json.dumps({"found": report.total("n_found"), "new": report.total("n_new"),
                  "held": report.total("n_held"), "failed": report.total("n_failed"),
                  "unchecked": report.total("n_not_checked"), "well": report.all_well}))
"""
_KINDS = ("agenda", "pack", "minutes", "report")


@dataclass
class Soak:
    """What is measured."""

    n_kills: int = 0
    n_kills_while_starting: int = 0
    n_finished_asked_again: int = 0
    peaks: list[tuple[int, int]] = field(default_factory=list)  # documents held, kB
    seconds: float = 0.0
    last: dict[str, int] = field(default_factory=dict)


def councils_of(n_hosts: int, n_meetings: int, n_reports: int) -> list[list[Council]]:
    """Return the councils of each host; the last host is shared by two of them."""
    share = n_meetings // n_hosts
    size = (2_000, 40_000)
    hosts = [
        [made_council(NAMES[place], share, n_reports=n_reports, n_bytes=size, first=1_000)]
        for place in range(n_hosts - 1)
    ]
    hosts.append(
        [
            made_council(
                NAMES[n_hosts - 1 + half],
                share // 2,
                base=f"/{NAMES[n_hosts - 1 + half].lower()}",
                n_reports=n_reports,
                n_bytes=size,
                first=1_000,
            )
            for half in range(2)
        ]
    )
    return hosts


def finished_urls(out: Path) -> dict[str, str]:
    """Return the address of every document that the manifest says is kept, and its path."""
    path = out / "manifest.jsonl"
    kept = {}
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            row = json.loads(line)
        except ValueError:
            continue  # the row that the kill tore
        if row["event"] == "finished" and row["path"] and row["url_final"]:
            kept[row["url_final"]] = row["path"]
    return kept


def peak_of(pid: int) -> int:
    """Return the highest resident size of a process so far, in kB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) if lines else 0


@dataclass
class Watch:
    """One server, and what its log says was asked of it."""

    server: ModernGovServer
    asked: list[str] = field(default_factory=list)  # addresses of documents, in order
    kept: set[str] = field(default_factory=set)  # what the manifest had at the last kill
    n_judged: int = 0
    _n_read: int = 0

    def read_log(self) -> int:
        """Take in what is new in the log; return how many documents were asked for so far."""
        log = self.server.log
        n = len(log)
        self.asked += [
            f"http://{self.server.address}{one.target}"
            for one in log[self._n_read : n]
            if one.is_document
        ]
        self._n_read = n
        return len(self.asked)

    def judge(self) -> int:
        """Return how many documents were asked for since the last kill that were kept by then."""
        self.read_log()
        again = sum(1 for url in self.asked[self.n_judged :] if url in self.kept)
        self.n_judged = len(self.asked)
        return again


def run(watches: list[Watch], out: Path, n_kills: int, delay: float, seed: int) -> Soak:
    """Run the collector to its end, killing it on the way."""
    draw = random.Random(seed)
    soak = Soak()
    servers = [watch.server for watch in watches]
    job = {
        "sites": [server.base_url(one) for server in servers for one in server.councils],
        "allow": [server.address for server in servers],
        "out": str(out),
        "kinds": _KINDS,
        "delay": delay,
    }
    started = time.monotonic()
    for plan in (*_plans(servers, n_kills, draw), None):
        child = subprocess.Popen(
            [sys.executable, "-c", _CHILD, json.dumps(job)], stdout=subprocess.PIPE, text=True
        )
        peak = _wait(child, watches, plan)
        if plan is None:
            said, _ = child.communicate()
            if child.returncode != 0:
                msg = f"The last run ended with {child.returncode}."
                raise RuntimeError(msg)
            soak.last = json.loads(said)
        else:
            if child.poll() is not None:
                msg = f"A run ended by itself, with {child.returncode}, before it could be killed."
                raise RuntimeError(msg)
            child.send_signal(signal.SIGKILL)
            child.communicate()
            soak.n_kills += 1
            soak.n_kills_while_starting += plan.seconds is not None
            time.sleep(0.2)  # what the servers were still writing
        soak.n_finished_asked_again += sum(watch.judge() for watch in watches)
        kept = finished_urls(out)
        for watch in watches:
            here = f"http://{watch.server.address}/"
            watch.kept = {url for url in kept if url.startswith(here)}
        if peak and (plan is None or plan.seconds is None):
            soak.peaks.append((len(kept), peak))
    soak.seconds = time.monotonic() - started
    return soak


@dataclass(frozen=True)
class Plan:
    """When a process is killed: after so many documents and seconds, or seconds from its start."""

    n_asked: int | None
    wait: float
    seconds: float | None = None


def _plans(servers: list[ModernGovServer], n_kills: int, draw: random.Random) -> list[Plan]:
    n_documents = sum(1 for server in servers for one in server.councils for _ in one.papers())
    n_starting = n_kills // 5
    marks = sorted(draw.sample(range(1, n_documents), n_kills - n_starting))
    plans = [Plan(mark, draw.uniform(0, 0.1)) for mark in marks]
    # Those that die while starting come at random places between the others.
    for _ in range(n_starting):
        plans.insert(draw.randrange(len(plans)), Plan(None, 0, draw.uniform(0.2, 2.0)))
    return plans


def _wait(child: subprocess.Popen[str], watches: list[Watch], plan: Plan | None) -> int:
    """Wait until a process is to die, or ends; return its highest resident size in kB."""
    peak = 0
    begun = time.monotonic()
    while child.poll() is None:
        peak = max(peak, peak_of(child.pid))
        n_asked = sum(watch.read_log() for watch in watches)
        if plan is not None:
            if plan.n_asked is not None and n_asked >= plan.n_asked:
                time.sleep(plan.wait)
                break
            if plan.seconds is not None and time.monotonic() - begun >= plan.seconds:
                break
        time.sleep(0.01)
    return peak


def check(servers: list[ModernGovServer], out: Path) -> dict[str, int]:
    """Hold the folder against the catalogue, byte by byte."""
    from hwbtext.scrape.verify import verify

    expected = Counter(
        hashlib.sha256(paper.bytes()).hexdigest()
        for server in servers
        for council in server.councils
        for paper in council.papers()
    )
    found = Counter(
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in out.rglob("*.pdf")
        if not any(part.startswith(".") for part in path.relative_to(out).parts)
    )
    report = verify(out)
    lines = (out / "manifest.jsonl").read_bytes().splitlines()
    return {
        "expected": expected.total(),
        "lost": (expected - found).total(),
        "too_many": (found - expected).total(),
        "problems": 0 if report.ok else len(report.lines()),
        "rows": len(lines),
        "torn": sum(1 for line in lines if not _is_json(line)),
    }


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def table(watches: list[Watch], soak: Soak, found: dict[str, int], delay: float) -> str:
    """Return the section of RESULTS.md."""
    servers = [watch.server for watch in watches]
    n_requests = sum(len(server.log) for server in servers)
    n_meetings = sum(
        len(committee.meetings)
        for server in servers
        for one in server.councils
        for committee in one.committees
    )
    times = Counter(url for watch in watches for url in watch.asked)
    gaps = [gap for server in servers if (gap := closest(server.log)) is not None]
    early, late = soak.peaks[0], soak.peaks[-1]
    rows = (
        ("meetings, documents", f"{n_meetings:,}, {found['expected']:,}"),
        ("hosts, councils", f"{len(servers)}, {sum(len(one.councils) for one in servers)}"),
        (
            "killed (SIGKILL)",
            f"{soak.n_kills} times, {soak.n_kills_while_starting} of them while starting",
        ),
        ("files lost, files too many", f"{found['lost']}, {found['too_many']}"),
        ("documents asked for again that were kept", f"{soak.n_finished_asked_again}"),
        (
            "documents asked for twice since the kill came before they were kept",
            f"{sum(1 for n in times.values() if n > 1)} (most often asked: {max(times.values())})",
        ),
        ("rows of the manifest, damaged ones", f"{found['rows']:,}, {found['torn']}"),
        ("what `verify` found", f"{found['problems']} problems"),
        (
            "requests",
            f"{n_requests:,} in {soak.seconds:.0f} s, starts of {soak.n_kills + 1} runs in it",
        ),
        (
            f"closest two requests to one host, by the server's log (delay {delay * 1000:g} ms)",
            f"{min(gaps) * 1000:.1f} ms",
        ),
        (
            "most requests to one host in work at once",
            f"{max(most_in_flight(server.log) for server in servers)}",
        ),
        (
            "peak memory of the first and of the last process",
            f"{early[1] / 1024:.0f} MB ({early[0]:,} documents held), "
            f"{late[1] / 1024:.0f} MB ({late[0]:,} held)",
        ),
        (
            "peak memory by process, MB",
            ", ".join(f"{kb / 1024:.0f}" for _, kb in soak.peaks),
        ),
        (
            "last run: found, new, held, failed, unchecked",
            ", ".join(
                f"{soak.last[name]:,}" for name in ("found", "new", "held", "failed", "unchecked")
            ),
        ),
    )
    body = "\n".join(f"| {name} | {value} |" for name, value in rows)
    return (
        "## Soak of the collector\n\n"
        f"`python -m benchmarks.scrape.soak`, {measured_on()}. Local servers behave like "
        "ModernGov; the collector runs in a process of its own.\n\n"
        f"| what | measured |\n|---|---|\n{body}"
    )


def main() -> None:
    """Run the soak and write its section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meetings", type=int, default=1_000)
    parser.add_argument("--reports", type=int, default=7, help="a meeting, beside 3 files of it")
    parser.add_argument("--hosts", type=int, default=5)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--delay", type=float, default=0.02, help="seconds")
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--folder", type=Path, help="where the papers go; else a temporary one")
    parser.add_argument("--dry", action="store_true", help="print the section, do not write it")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        watches = [
            Watch(stack.enter_context(ModernGovServer(councils)))
            for councils in councils_of(arguments.hosts, arguments.meetings, arguments.reports)
        ]
        out = Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="hwbtext-soak-", dir=arguments.folder)
            )
        )
        soak = run(watches, out, arguments.kills, arguments.delay, arguments.seed)
        found = check([watch.server for watch in watches], out)
        body = table(watches, soak, found, arguments.delay)
    print(body)
    if not arguments.dry:
        write_section("scrape-soak", body)


if __name__ == "__main__":
    main()
