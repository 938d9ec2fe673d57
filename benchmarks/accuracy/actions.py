"""Score actions, their owners and due dates against meetings that language models counted.

    python -m benchmarks.accuracy.actions --shared ../shared
    python -m benchmarks.accuracy.actions --dry-run --show    # mistakes, of no held-out paper

``actions.jsonl`` holds a line a paper, every string sealed (:mod:`benchmarks.accuracy.seal`).
An action is *explicit* where the paper marks it (a line "Action:", a column, a log) and *told*
where a sentence gives a named person, role or body a task for after the meeting. ``SETS``
says how far the held-out set is one.

A found action is a true one if its first words, as the reader copied them, stand in it or just
before it, as in :mod:`benchmarks.accuracy.minutes`. A found one that fits only what the reader
doubted counts neither way. Of one kind, a hit may be found under either name; a false hit
counts for the kind that it was found as. Owners are compared without article and title; dues
with or without the preposition before them. A due date is right if it is the first or the last
day of the days that were found.
"""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.accuracy.minutes import TRUTH as MINUTES_TRUTH
from benchmarks.accuracy.minutes import (
    Counts,
    Paper,
    bare_name,
    interval,
    pair,
    read_truth,
    region_of,
    seal_of,
    total,
)
from benchmarks.accuracy.minutes import Reading as NoReading
from benchmarks.accuracy.seal import find_sealed, squeeze
from benchmarks.results import measured_on, write_section

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hwbtext.records import Action, DocumentFindings

TRUTH = Path(__file__).with_name("actions.jsonl")
KINDS = ("council", "parish", "trust", "pharmacy")
MEASURES = (
    "actions",
    "actions, explicit",
    "actions, told",
    "owner, given the action",
    "action with its owner",
    "due as written, given the action",
    "due date, given the action",
)
SETS = {
    "development": "Looked at while the detector was mended: papers, readings, every mistake.",
    "held_out": "Its papers and mistakes were not looked at, but it is no blind test: it was "
    "scored six times while the detector was mended, what to read next was chosen by those scores "
    "(other papers of the same parishes, county and committee), and the lengths of some sealed "
    "owners and dues were used to guess how they are written. For councils never met, expect less.",
    "unseen": "Counted by one reader when the detector was done, from papers drawn at random; "
    "scored once.",
}
_BEFORE = 80  # characters: "ACTION: the clerk" may stand before what is to be done
_ARTICLE = re.compile(r"^(?:the|our|its)\s+", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"\b(?:(?:by|on|at|to|for|in|before|from|prior\sto|in\stime\sfor|no\slater\sthan)\s+)?"
    r"(?:(?:the|its|our)\s+)?$",
    re.IGNORECASE,
)


class Task(NamedTuple):
    """An action: seals of its first words, owners, due and due dates that are right."""

    begins: frozenset[str]
    owners: frozenset[str]
    kind: str
    dues: frozenset[str]
    dates: frozenset[str]
    doubtful: bool = False
    text: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One line of the truth file."""

    path: str
    doc_id: str
    kind: str
    part: str
    tasks: tuple[Task, ...]
    meeting_date: date | None


def read_meetings(lines: Iterable[str]) -> list[Meeting]:
    """Read the truth file."""
    found = []
    for row in map(json.loads, filter(str.strip, lines)):
        day = row.get("meeting_date")
        found.append(
            Meeting(
                row["path"],
                row["doc_id"],
                row["kind"],
                row["set"],
                tuple(_task(task) for task in row["actions"]),
                date.fromisoformat(day) if day else None,
            )
        )
    return found


def _task(row: dict[str, Any]) -> Task:
    return Task(
        frozenset(row["begins"]),
        frozenset(row["owners"]),
        row["kind"],
        frozenset({row["due"]} if "due" in row else ()),
        frozenset({row["due_date"]} if "due_date" in row else ()),
        bool(row.get("doubtful")),
    )


def tasks_in(findings: DocumentFindings, meeting: Meeting, region: tuple[int, int]) -> list[Task]:
    """Put the actions that were found in a paper into the form of the truth."""
    low, high = region
    return [
        _found(action, findings.document.text, meeting.doc_id)
        for action in findings.actions
        if low <= action.prov.span.start < high
    ]


def _found(action: Action, text: str, salt: str) -> Task:
    start, end = action.prov.span
    dues = set()
    if action.due:
        at = text.find(action.due, start)
        before = _PREPOSITION.search(text[max(0, at - 30) : at]) if at >= 0 else None
        dues = {
            action.due,
            _ARTICLE.sub("", action.due),
            (before[0] if before else "") + action.due,
        }
    owner = action.owner or ""
    owners = {owner, _ARTICLE.sub("", owner), bare_name(owner)} - {""}
    days = {day.isoformat() for day in (action.first_due_date, action.last_due_date) if day}
    return Task(
        frozenset(),
        frozenset(seal_of(name, salt) for name in owners),
        action.kind,
        frozenset(seal_of(due, salt) for due in dues),
        frozenset(seal_of(day, salt) for day in days),
        text=text[max(0, start - _BEFORE) : end],
        shown=f"{action.kind} | {action.owner} | {action.text[:120]} | {action.due}"
        f" | {action.first_due_date}..{action.last_due_date}",
    )


def score(truths: Sequence[Task], found: Sequence[Task], salt: str) -> dict[str, Counts]:
    """Score one paper by every measure."""

    def begins(true: Task, said: Task) -> bool:
        return any(_stands_in(said.text, seal, salt) for seal in true.begins)

    counts, pairs = pair(truths, found, begins)
    result = {"actions": counts}
    hit = [said for _, said in pairs]
    for kind in ("explicit", "told"):
        n_true = sum(task.kind == kind and not task.doubtful for task in truths)
        hits = sum(true.kind == kind for true, _ in pairs)
        rest = [said for said in found if said not in hit and said.kind == kind]
        spared, _ = pair([task._replace(doubtful=True) for task in truths], rest, begins)
        result[f"actions, {kind}"] = Counts(hits, n_true - hits, spared.false)
    result["owner, given the action"] = _given((t.owners, f.owners) for t, f in pairs)
    owned = sum(bool(t.owners & f.owners) or not t.owners for t, f in pairs)
    result["action with its owner"] = Counts(
        owned, counts.missed + len(pairs) - owned, counts.false + len(pairs) - owned
    )
    result["due as written, given the action"] = _given((t.dues, f.dues) for t, f in pairs)
    # Where a day is printed and the reader named none, a range that was found is no mistake.
    result["due date, given the action"] = _given(
        (t.dates, f.dates if t.dates or not t.dues else frozenset()) for t, f in pairs
    )
    return result


def _stands_in(text: str, seal: str, salt: str) -> bool:
    n, _, digest = seal.partition(":")
    return bool(find_sealed(text, int(n), digest, salt))


def _given(pairs: Iterable[tuple[frozenset[str], frozenset[str]]]) -> Counts:
    total_ = Counts()
    for true, said in pairs:
        right = bool(true & said)
        total_ = total_.plus(
            Counts(int(right), int(bool(true) and not right), int(bool(said) and not right))
        )
    return total_


def mistakes(meeting: Meeting, found: Sequence[Task], text: str) -> Iterator[str]:
    """Yield what was missed, found in vain, or given a wrong owner or date."""
    if meeting.part != "development":
        message = f"{meeting.doc_id} is held out: its mistakes are not to be looked at."
        raise SystemExit(message)
    salt = meeting.doc_id
    kept = [(at, letter) for at, whole in enumerate(text) for letter in squeeze(whole)]
    squeezed = "".join(letter for _, letter in kept)

    def plain(seals: Iterable[str]) -> str:
        for seal in seals:
            n, _, digest = seal.partition(":")
            for at in find_sealed(squeezed, int(n), digest, salt)[:1]:
                return " ".join(text[kept[at][0] : kept[at][0] + 140].split())
        return "-"

    def begins(true: Task, said: Task) -> bool:
        return any(_stands_in(said.text, seal, salt) for seal in true.begins)

    _, pairs = pair(meeting.tasks, found, begins)
    for true, said in pairs:
        for name, one, other in (
            ("owner", true.owners, said.owners),
            ("due", true.dues, said.dues),
            ("date", true.dates, said.dates),
        ):
            if one and not one & other:
                yield f"wrong {name}: {said.shown}"
            elif other and not one and name == "due":
                yield f"due in vain: {said.shown}"
    for task in meeting.tasks:
        if not task.doubtful and task not in [true for true, _ in pairs]:
            yield f"missed {task.kind}: {plain(task.begins)}"
    rest = [said for said in found if said not in [one for _, one in pairs]]
    doubtful = [task for task in meeting.tasks if task.doubtful]
    for said in rest:
        spared = any(begins(task, said) for task in doubtful)
        yield f"{'spared' if spared else 'false'}: {said.shown}"


Scored = list[tuple[str, dict[str, Counts]]]


def report(scored: dict[str, Scored]) -> str:
    """Return the section: for each set of papers one row a measure, one column a kind."""
    n_papers = sum(map(len, scored.values()))
    lines = [
        "## Actions",
        "",
        f"`python -m benchmarks.accuracy.actions`, {measured_on()}. {n_papers} meetings, "
        "model-annotated: counted by language models, not people. Each cell: F1 (precision, "
        "recall; true things); a dash where the papers hold none and none was found. Interval: "
        "95%, 2,000 draws of whole meetings. Readings that a reader doubted count neither way.",
    ]
    for part, papers in scored.items():
        sizes = {kind: n for kind in KINDS if (n := sum(k == kind for k, _ in papers))}
        heads = " | ".join(f"{kind} ({n})" for kind, n in sizes.items())
        lines += ["", f"### Actions: {part.replace('_', ' ')} set", "", SETS[part], ""]
        lines += [f"| measure | {heads} | all ({len(papers)}) | 95% interval |"]
        lines += ["|---|" + "---|" * (len(sizes) + 2)]
        every = [scores for _, scores in papers]
        for measure in MEASURES:
            cells = [_cell(total([s for k, s in papers if k == kind], measure)) for kind in sizes]
            bounds = interval(every, measure)
            between = f"{bounds[0]:.2f} to {bounds[1]:.2f}" if bounds else "-"
            cells += [_cell(total(every, measure)), between]
            lines.append(f"| {measure} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(counts: Counts) -> str:
    if counts.f1 is None:
        return "-"
    parts = ["-" if v is None else f"{v:.2f}" for v in (counts.precision, counts.recall)]
    return f"{counts.f1:.2f} ({', '.join(parts)}; {counts.hits + counts.missed})"


def main() -> None:
    """Score all papers, and write the section."""
    from hwbtext.analyse import analyse
    from hwbtext.corpus import CorpusFile

    arguments = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    arguments.add_argument("--shared", type=Path, default=Path("../shared"))
    arguments.add_argument("--dry-run", action="store_true", help="print, and write nothing")
    arguments.add_argument(
        "--show", action="store_true", help="print the mistakes in the development set instead"
    )
    chosen = arguments.parse_args()
    # Which pages of a pack are the paper stands with the other counts of the same paper.
    lines = MINUTES_TRUTH.read_text(encoding="utf-8").splitlines()
    regions = {paper.doc_id: paper for paper in read_truth(lines)}
    scored: dict[str, Scored] = {part: [] for part in SETS}
    for meeting in read_meetings(TRUTH.read_text(encoding="utf-8").splitlines()):
        if chosen.show and meeting.part != "development":
            continue
        path = chosen.shared / "real" / meeting.path
        findings = analyse(CorpusFile(path, path.name))
        if findings.document.doc_id != meeting.doc_id:
            message = f"{meeting.doc_id}: the file has changed since it was counted."
            raise SystemExit(message)
        whole = Paper(meeting.path, meeting.doc_id, meeting.kind, NoReading())
        region = region_of(findings.document, regions.get(meeting.doc_id, whole))
        found = tasks_in(findings, meeting, region)
        if chosen.show:
            print(f"\n# {meeting.path}")
            print(*mistakes(meeting, found, findings.document.text), sep="\n")
        scored[meeting.part].append((meeting.kind, score(meeting.tasks, found, meeting.doc_id)))
    if chosen.show:
        print(report({"development": scored["development"]}))
        return
    body = report(scored)
    if not chosen.dry_run:
        write_section("actions", body)
    print(body)


if __name__ == "__main__":
    main()
