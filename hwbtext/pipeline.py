"""Put the stages together: a folder of papers in, tables and a report out."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter, defaultdict
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from hwbtext.acts import detect_actions, detect_acts
from hwbtext.batch import Limits, run_jobs
from hwbtext.corpus import Corpus, in_order, read_folder
from hwbtext.errors import InputError, OutputExistsError
from hwbtext.frontpage import describe
from hwbtext.mentions import default_detectors
from hwbtext.panel import Unit, build_panel
from hwbtext.parse import parse_file
from hwbtext.passages import segment
from hwbtext.records import (
    CATEGORIES,
    OUTCOMES,
    POLARITIES,
    SCHEMA_VERSION,
    DocumentFindings,
    Issue,
    Label,
    Provenance,
    RunReport,
    Status,
)
from hwbtext.store import SCHEMAS, SLOT_NAMES, write_table

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from hwbtext.corpus import CorpusFile
    from hwbtext.embed import Encoder
    from hwbtext.records import Passage

Row = dict[str, Any]
_PARTS = ".parts"
_REPORTED_PACKAGES = (
    "bertopic", "lxml", "numpy", "pandas", "pdfplumber", "pyarrow", "pypdfium2", "python-docx",
    "scikit-learn", "sentence-transformers", "spacy", "torch",
)  # fmt: skip


class Progress(Protocol):
    """Told how a run goes on: ``start`` a stage of so many steps, ``step`` for each."""

    def start(self, stage: str, total: int) -> None:
        """Begin a stage."""
        ...

    def step(self, n: int = 1) -> None:
        """Note that ``n`` steps of the stage are done."""
        ...


class _NoProgress:
    def start(self, stage: str, total: int) -> None:
        pass

    def step(self, n: int = 1) -> None:
        pass


# ---- one file ----------------------------------------------------------------------------


def analyse(file: CorpusFile, paths: Sequence[str] = ()) -> DocumentFindings:
    """Find all there is in one file: a pure function of its bytes, paths and metadata.

    Parameters
    ----------
    file : CorpusFile
    paths : sequence of str
        Every path that holds the same bytes; by default the file's own.

    Returns
    -------
    DocumentFindings
        Without passages where there was no text; its issues say why.
    """
    from hwbtext.outcomes import load_outcome_classifier

    paths = tuple(paths) or (file.relative,)
    document = parse_file(file.path, file.relative)
    facts, doubts = describe(document, paths[0], file.metadata)
    for path in paths[1:]:
        other, _ = describe(document, path, file.metadata)
        if other.published_with_date and (
            facts.published_with_date is None
            or other.published_with_date < facts.published_with_date
        ):
            # The same minutes come back in later packs: the first listing published them.
            facts = replace(facts, published_with_date=other.published_with_date)
    passages = segment(document)
    classifier = load_outcome_classifier()
    annotator = f"{classifier.name}@{classifier.version}"
    return DocumentFindings(
        document=document,
        facts=facts,
        paths=paths,
        passages=passages,
        labels=tuple(_label(passage, classifier, annotator) for passage in passages),
        mentions=tuple(
            mention
            for passage in passages
            if not passage.fragment
            for detector in default_detectors()
            for mention in detector.detect(passage)
        ),
        acts=detect_acts(document, passages),
        actions=detect_actions(document, passages),
        issues=(*document.issues, *doubts),
    )


def _label(passage: Passage, classifier: Any, annotator: str) -> Label:
    prov = Provenance(passage.doc_id, passage.passage_id, passage.span)
    if passage.fragment:
        return Label(prov, "outcome", None, annotator, evidence=("fragment",))
    reading = classifier.read(passage.text)
    return Label(
        prov=prov,
        scheme="outcome",
        value=reading.value,
        annotator=annotator,
        subtype=reading.subtype,
        direction=reading.direction,
        score=reading.score,
        evidence=reading.evidence,
    )


def to_rows(findings: DocumentFindings) -> dict[str, list[Row]]:
    """Return the table rows of one file's findings; dates are ISO text, as in JSON."""
    document, facts = findings.document, findings.facts
    base: Row = {
        "doc_id": document.doc_id,
        "site_id": facts.site_id,
        "meeting_date": _iso(facts.meeting_date),
        "year": facts.year,
        "doc_kind": facts.kind,
    }
    pages = {passage.passage_id: passage.page for passage in findings.passages}

    def placed(prov: Provenance) -> Row:
        return {
            **base,
            "passage_id": prov.passage_id,
            "page": pages.get(prov.passage_id or ""),
            "start": prov.span.start,
            "end": prov.span.end,
        }

    return {
        "documents": [
            {
                **base,
                "paths": list(findings.paths),
                "sha256": document.source.sha256,
                "status": str(document.status),
                "n_pages": document.n_pages,
                "title": facts.title,
                "site": facts.site,
                "committee": facts.committee,
                "published_with_date": _iso(facts.published_with_date),
                "media_type": document.source.media_type,
                "n_bytes": document.source.n_bytes,
                "parser": document.parser,
                "text": document.text,
            }
        ],
        "passages": [
            {
                **base,
                "passage_id": passage.passage_id,
                "item_number": passage.item_number,
                "item_title": passage.item_title,
                "section_path": list(passage.section_path),
                "page": passage.page,
                "start": passage.span.start,
                "end": passage.span.end,
                "text": passage.text,
                "fragment": passage.fragment,
                "regions": [
                    {"page": region.page, **region.bbox._asdict()} for region in passage.regions
                ],
            }
            for passage in findings.passages
        ],
        "labels": [
            {
                **placed(label.prov),
                "scheme": label.scheme,
                "value": label.value,
                "subtype": label.subtype,
                "direction": label.direction,
                "score": label.score,
                "annotator": label.annotator,
                "evidence": list(label.evidence),
            }
            for label in findings.labels
        ],
        "mentions": [
            {
                **placed(mention.prov),
                "category": mention.category,
                "polarity": mention.polarity,
                "text": mention.text,
                "slots": {
                    name: next((s.text for s in mention.slots if s.name == name), None)
                    for name in SLOT_NAMES
                },
                "in_title": mention.in_title,
                "modifiers": list(mention.modifiers),
                "rule_id": mention.rule_id,
                "annotator": mention.annotator,
            }
            for mention in findings.mentions
        ],
        "acts": [
            {**placed(act.prov), "verb": act.verb, "clause": act.clause, "rule_id": act.rule_id}
            for act in findings.acts
        ],
        "actions": [
            {
                **placed(action.prov),
                "text": action.text,
                "owner": action.owner,
                "due": action.due,
                "status": action.status,
            }
            for action in findings.actions
        ],
        "issues": [
            {
                **base,
                "code": issue.code,
                "severity": issue.severity,
                "message": issue.message,
                "component": issue.component,
                "path": issue.path,
                "page": issue.page,
            }
            for issue in findings.issues
        ],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _analyse_job(job: dict[str, Any]) -> dict[str, Any]:
    """Analyse one file in a child process: JSON in, JSON out."""
    from hwbtext.corpus import CorpusFile

    metadata = {
        name: date.fromisoformat(value) if name.endswith("_date") else value
        for name, value in job["metadata"].items()
    }
    file = CorpusFile(Path(job["path"]), job["relative"], metadata)
    return to_rows(analyse(file, job["paths"]))


# ---- a folder ----------------------------------------------------------------------------


def mine(
    corpus: Corpus | str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    jobs: int = 1,
    force: bool = False,
    seed: int = 0,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> RunReport:
    """Mine a folder of papers: tables, ``run.json`` and ``report.html`` in ``out``.

    The same papers give byte-identical tables whatever their order and the number of jobs (on
    one machine and one set of pins). A run that was cut off goes on where it stopped when it
    is started again with the same ``out``.

    Parameters
    ----------
    corpus : Corpus or path-like
        From :func:`hwbtext.read_folder`, or the folder itself.
    out : path-like
        A folder that is new, empty, or holds a run that was cut off.
    jobs : int
        Processes that read papers at once.
    force : bool
        Replace an earlier run in ``out``; files that are not a run's stay.
    seed : int
        Seed of the topic model.
    encoder : Encoder, optional
        By default the installed MiniLM, see :class:`hwbtext.embed.SentenceEncoder`.
    progress : Progress, optional
        Told of each stage and step.
    limits : Limits, optional
        Time and memory that one file may cost.

    Returns
    -------
    RunReport
        ``n_in == n_success + n_partial + n_failed + n_skipped``.

    Raises
    ------
    InputError
        No papers, or ``jobs`` is not a positive number.
    OutputExistsError
        ``out`` holds files and ``force`` is not set.
    """
    started = monotonic()
    if jobs < 1:
        msg = f"jobs must be 1 or more. Got {jobs}."
        raise InputError(msg)
    if not isinstance(corpus, Corpus):
        corpus = read_folder(corpus)
    out = Path(out)
    progress = progress or _NoProgress()
    files = [file for file in in_order(corpus.files) if not _inside(file.path, out)]
    if not files:
        msg = "There are no files to read."
        raise InputError(msg)
    parts = _prepare(out, force=force)
    tables, counts = _read_all(files, parts, jobs, progress, limits or Limits())
    _add_topics(tables, seed, encoder, progress)
    _add_panel(tables)
    report = RunReport(
        n_in=len(files),
        n_success=counts[Status.SUCCESS],
        n_partial=counts[Status.PARTIAL],
        n_failed=counts[Status.FAILED],
        n_skipped=counts[Status.SKIPPED],
        seed=seed,
        versions=_versions(encoder),
        out=str(out),
        n_passages=len(tables["passages"]),
        seconds=monotonic() - started,
    )
    progress.start("writing tables and report", len(SCHEMAS) + 1)
    for name in SCHEMAS:
        write_table((_typed(row) for row in tables[name]), name, out)
        progress.step()
    from hwbtext.report import write_report

    write_report(out, report)
    progress.step()
    counted = {
        name: value
        for name, value in asdict(report).items()
        if name not in ("out", "seconds", "n_passages")
    }
    # Last, by renaming: a folder with a run.json holds a whole run.
    part = out / "run.json.part"
    part.write_text(json.dumps(counted, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    part.replace(out / "run.json")
    shutil.rmtree(parts)
    return replace(report, seconds=monotonic() - started)


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _prepare(out: Path, *, force: bool) -> Path:
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


def _read_all(
    files: Sequence[CorpusFile], parts: Path, n_workers: int, progress: Progress, limits: Limits
) -> tuple[dict[str, list[Row]], Counter[Status]]:
    """Read every file, or take up what a run that was cut off has read already."""
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
        job = _job(first, [file.relative for file in same])
        job["part"] = _part_name(digest, job)
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
    for result in sorted(results, key=lambda r: r["documents"][0]["paths"][0]):
        counts[Status(result["documents"][0]["status"])] += 1
        for name, rows in result.items():
            tables[name] += rows
    tables["issues"].sort(key=lambda r: (r["path"] or "", r["code"], r["page"] or 0, r["message"]))
    return tables, counts


def _job(file: CorpusFile, paths: list[str]) -> dict[str, Any]:
    return {
        "path": str(file.path),
        "relative": file.relative,
        "paths": paths,
        "metadata": {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in file.metadata.items()
        },
    }


def _digest(file: CorpusFile) -> str:
    """Return the SHA-256 of a file's bytes; of name and size for one too large to be read."""
    from hwbtext.parse import MAX_BYTES

    size = file.path.stat().st_size
    if size > MAX_BYTES:
        return hashlib.sha256(f"{file.relative}\0{size}".encode()).hexdigest()
    with file.path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _part_name(digest: str, job: Mapping[str, Any]) -> str:
    """Name a finished part by all that its rows depend on."""
    from hwbtext import __version__

    facts = json.dumps(
        [digest, job["paths"], job["metadata"], __version__, SCHEMA_VERSION], sort_keys=True
    )
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


def _typed(row: Row) -> Row:
    """Return a row with its dates as dates."""
    return {
        name: date.fromisoformat(value) if name.endswith("_date") and value else value
        for name, value in row.items()
    }


def _add_topics(
    tables: dict[str, list[Row]], seed: int, encoder: Encoder | None, progress: Progress
) -> None:
    """Fill the tables of topics and drift, or say in an issue why there are none."""
    from hwbtext.text import normalize
    from hwbtext.topics import MIN_PASSAGES, fit_topics, topic_drift

    passages = [row for row in tables["passages"] if not row["fragment"]]
    texts = [normalize(row["text"]) for row in passages]
    distinct = sorted(set(texts))
    if len(distinct) < MIN_PASSAGES:
        message = f"Topics need {MIN_PASSAGES} distinct passages; here are {len(distinct)}."
        issue = Issue("too_few_passages", "info", message, "topics@1")
        tables["issues"].append(
            {name: getattr(issue, name) for name in ("code", "severity", "message", "component")}
        )
        return
    if encoder is None:
        from hwbtext.embed import SentenceEncoder

        encoder = SentenceEncoder()
    progress.start("encoding passages", len(distinct))
    vectors = encoder.encode(distinct, progress=progress.step)
    row_of = {text: index for index, text in enumerate(distinct)}
    progress.start("fitting topics", 1)
    fit = fit_topics(texts, vectors[[row_of[text] for text in texts]], seed=seed)
    progress.step()
    for row, topic in zip(passages, fit.topics.tolist(), strict=True):
        kept = ("doc_id", "site_id", "meeting_date", "year", "doc_kind", "passage_id")
        tables["topics"].append(
            {
                **{name: row[name] for name in (*kept, "page", "start", "end")},
                "topic": topic,
                "topic_label": fit.labels[topic],
            }
        )
    tables["topic_words"] = [asdict(word) for word in fit.words]
    cells = [(row["site_id"], row["year"], row["doc_id"]) for row in passages]
    tables["drift"] = [asdict(distance) for distance in topic_drift(cells, fit.topics.tolist())]


def _add_panel(tables: dict[str, list[Row]]) -> None:
    """Fill the panel: shares of the passages that are no fragments, by site and year."""
    measures: dict[str, set[str]] = defaultdict(set)
    for row in tables["labels"]:
        if row["value"] is not None:
            measures[row["passage_id"]].add(f"{row['scheme']}:{row['value']}")
    for row in tables["mentions"]:
        if not row["in_title"]:
            measures[row["passage_id"]] |= {
                f"mention:{row['category']}",
                f"mention:{row['category']}:{row['polarity']}",
            }
    for row in tables["topics"]:
        measures[row["passage_id"]].add(f"topic:{row['topic']}")
    units = [
        Unit(row["site_id"], row["year"], row["doc_id"], frozenset(measures[row["passage_id"]]))
        for row in tables["passages"]
        if not row["fragment"]
    ]
    wanted = [f"outcome:{value}" for value in OUTCOMES]
    wanted += [f"mention:{category}" for category in CATEGORIES]
    wanted += [f"mention:{c}:{polarity}" for c in CATEGORIES for polarity in POLARITIES]
    wanted += [f"topic:{topic}" for topic in {row["topic"] for row in tables["topics"]}]
    tables["panel"] = [asdict(cell) for cell in build_panel(units, wanted)]


def _versions(encoder: Encoder | None) -> dict[str, str]:
    import platform
    from importlib.metadata import PackageNotFoundError, version

    from hwbtext import __version__
    from hwbtext.embed import SentenceEncoder

    found = {"hwbtext": __version__, "python": platform.python_version()}
    found["encoder"] = (encoder or SentenceEncoder()).model_id
    for name in _REPORTED_PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
