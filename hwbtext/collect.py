"""Read every file of a folder in child processes, and keep what is finished.

The rows of each file are kept as one JSON file until the run ends, so that a run that was cut
off goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import astuple
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from hwbtext.analyse import analyse
from hwbtext.batch import run_jobs
from hwbtext.bodies import load_bodies
from hwbtext.corpus import CorpusFile
from hwbtext.errors import OutputExistsError
from hwbtext.mentions import default_detectors
from hwbtext.outcomes import identify_model
from hwbtext.parse import MAX_BYTES, ocr
from hwbtext.records import SCHEMA_VERSION, Status
from hwbtext.rows import to_rows
from hwbtext.store import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hwbtext.batch import Limits
    from hwbtext.bodies import Body
    from hwbtext.corpus import Metadata
    from hwbtext.rows import Row

_PARTS = ".parts"


class Progress(Protocol):
    """Told how a run goes on: ``start`` a stage of so many steps, ``step`` for each."""

    def start(self, stage: str, total: int) -> None:
        """Begin a stage."""
        ...

    def step(self, n: int = 1) -> None:
        """Note that ``n`` steps of the stage are done."""
        ...


class NoProgress:
    """Tells nobody."""

    def start(self, stage: str, total: int) -> None:
        """Do nothing."""

    def step(self, n: int = 1) -> None:
        """Do nothing."""


def prepare_folder(out: Path, *, force: bool) -> Path:
    """Make the output folder and return the folder of finished parts in it."""
    if out.exists() and not out.is_dir():
        msg = f"{str(out)!r} is a file. Name a folder for the results."
        raise OutputExistsError(msg)
    parts = out / _PARTS
    cut_off = parts.is_dir() and not (out / "run.json").exists()
    if out.is_dir() and any(out.iterdir()) and not cut_off and not force:
        msg = (
            f"The folder {str(out)!r} is not empty. Name a new one, or say force=True "
            "(--force) to replace an earlier run in it."
        )
        raise OutputExistsError(msg)
    if force:
        (out / "run.json").unlink(missing_ok=True)
    parts.mkdir(parents=True, exist_ok=True)
    return parts


def read_all(
    files: Sequence[CorpusFile],
    parts: Path,
    n_workers: int,
    progress: Progress,
    limits: Limits,
    model: str,
    bodies: Path | None,
) -> tuple[dict[str, list[Row]], Counter[Status]]:
    """Read every file, or take up what a run that was cut off has read already."""
    own = _sha256(bodies) if bodies else ""
    # Detectors name their rules and their tagger by version.
    detectors = [detector.annotator for detector in default_detectors()]
    made_with = [*astuple(identify_model(model)), *detectors, own]
    counts: Counter[Status] = Counter()
    tables: dict[str, list[Row]] = {name: [] for name in SCHEMAS}
    groups: dict[str, list[CorpusFile]] = defaultdict(list)
    progress.start("reading papers", len(files))
    for file in files:
        if not file.is_paper:
            counts[Status.SKIPPED] += 1
            message = "Not a kind of file that hwbtext reads (PDF, DOCX, HTML, MD, TXT)."
            tables["issues"].append(_file_issue(file, "unsupported_type", "info", message))
            progress.step()
            continue
        try:
            groups[_digest(file)].append(file)
        except OSError as error:
            counts[Status.FAILED] += 1
            message = f"The file cannot be read: {error.strerror}."
            tables["issues"].append(_file_issue(file, "unreadable", "error", message))
            progress.step()
    todo: list[dict[str, Any]] = []
    results: list[dict[str, list[Row]]] = []
    for digest, same in groups.items():
        first, *copies = same
        for copy in copies:
            counts[Status.SKIPPED] += 1
            message = f"The same bytes as {first.relative}, which stands for both."
            tables["issues"].append(
                _file_issue(copy, "duplicate", "info", message, doc_id=digest[:16])
            )
            progress.step()
        metadata, conflicts = _joined_metadata(same)
        tables["issues"] += conflicts
        job = _job(first, [file.relative for file in same], metadata)
        job["model"] = model
        job["bodies"] = str(bodies) if bodies else None
        job["part"] = _part_name(digest, job, made_with)
        try:
            results.append(json.loads((parts / job["part"]).read_text(encoding="utf-8")))
            progress.step()
        except (FileNotFoundError, ValueError):
            todo.append({**job, "digest": digest})
    for outcome in run_jobs(_analyse_job, todo, n_workers=n_workers, limits=limits):
        job = todo[outcome.job]
        result = outcome.result
        if result is None:
            result = _lost_file(job, outcome.code, outcome.message)
        else:
            part = parts / (job["part"] + ".part")
            part.write_text(json.dumps(result), encoding="utf-8")
            part.replace(parts / job["part"])
        results.append(result)
        progress.step()
    # By name, then by content: two names that are no UTF-8 can look the same.
    results.sort(key=lambda r: (r["documents"][0]["paths"][0], r["documents"][0]["sha256"]))
    for result in results:
        counts[Status(result["documents"][0]["status"])] += 1
        for name, rows in result.items():
            tables[name] += rows
    tables["issues"].sort(key=lambda r: (r["path"] or "", r["code"], r["page"] or 0, r["message"]))
    return tables, counts


def _joined_metadata(same: Sequence[CorpusFile]) -> tuple[Metadata, list[Row]]:
    """Join what is stated of files with equal bytes; where two differ the first one wins."""
    joined: dict[str, str | date | None] = {}
    conflicts: list[Row] = []
    for file in same:
        for name, value in file.metadata.items():
            if joined.setdefault(name, value) != value:
                message = f"metadata.csv states {name} {value} here, and {joined[name]} of a copy."
                conflicts.append(_file_issue(file, "metadata_disagrees", "warning", message))
    return joined, conflicts


def _job(file: CorpusFile, paths: list[str], metadata: Metadata) -> dict[str, Any]:
    return {
        "path": str(file.path),
        "relative": file.relative,
        "paths": paths,
        "metadata": {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in metadata.items()
        },
    }


def _digest(file: CorpusFile) -> str:
    """Return the SHA-256 of a file's bytes; of name and size for one too large to be read."""
    size = file.path.stat().st_size
    if size > MAX_BYTES:
        return hashlib.sha256(f"{file.relative}\0{size}".encode()).hexdigest()
    return _sha256(file.path)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _part_name(digest: str, job: Mapping[str, Any], made_with: Sequence[str]) -> str:
    """Name a finished part by all that its rows depend on."""
    # A run that is taken up again with Tesseract installed is to read its scans.
    made_by = [version("hwbtext"), SCHEMA_VERSION, ocr.is_available(), *made_with]
    facts = json.dumps([digest, job["paths"], job["metadata"], *made_by], sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()[:32] + ".json"


def _file_issue(
    file: CorpusFile, code: str, severity: str, message: str, doc_id: str | None = None
) -> Row:
    return {
        "doc_id": doc_id,
        "code": code,
        "severity": severity,
        "message": message,
        "component": "pipeline@1",
        "path": file.relative,
        "page": None,
    }


def _lost_file(job: Mapping[str, Any], code: str, message: str) -> dict[str, list[Row]]:
    """Return the rows of a file whose reading was ended: a failed document and its issue."""
    base = {"doc_id": job["digest"][:16], "doc_kind": "other"}
    path = Path(job["path"])
    return {
        "documents": [
            {
                **base,
                "paths": job["paths"],
                "sha256": job["digest"],
                "status": str(Status.FAILED),
                "n_pages": 0,
                "n_pages_ocr": 0,
                "n_bytes": path.stat().st_size if path.exists() else None,
                "parser": "none",
                "text": "",
            }
        ],
        "issues": [
            {
                **base,
                "code": code,
                "severity": "error",
                "message": message,
                "component": "batch@1",
                "path": job["paths"][0],
                "page": None,
            }
        ],
    }


def _analyse_job(job: dict[str, Any]) -> dict[str, Any]:
    """Analyse one file in a child process: JSON in, JSON out."""
    metadata = {
        name: date.fromisoformat(value) if name.endswith("_date") else value
        for name, value in job["metadata"].items()
    }
    file = CorpusFile(Path(job["path"]), job["relative"], metadata)
    bodies = _bodies(job["bodies"]) if job["bodies"] else None
    return to_rows(analyse(file, job["paths"], model=job["model"], bodies=bodies))


@cache
def _bodies(path: str) -> tuple[Body, ...]:
    # Once a process: it reads many papers, and the table stays the same for a run.
    return load_bodies(path)
