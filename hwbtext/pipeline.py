"""Put the stages together: a folder of papers in, tables and a report out."""

from __future__ import annotations

import json
import os
import shutil
from collections import defaultdict
from dataclasses import asdict, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from hwbtext.batch import Limits, run_jobs
from hwbtext.collect import NoProgress, prepare_folder, read_all
from hwbtext.corpus import Corpus, in_order, read_folder
from hwbtext.embed import SentenceEncoder, decode_vectors, encode_job
from hwbtext.errors import HwbtextError, InputError
from hwbtext.outcomes import identify_model, load_outcome_classifier, outcome_views
from hwbtext.panel import Unit, build_panel
from hwbtext.records import CATEGORIES, POLARITIES, RunReport, Status
from hwbtext.rows import with_dates
from hwbtext.store import SCHEMAS, write_table
from hwbtext.vectors import VectorFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from hwbtext.collect import Progress
    from hwbtext.embed import Encoder
    from hwbtext.rows import Row

_FEW_TEXTS = 400  # starting a model in two processes costs as much as encoding these
_CHUNK = 64
_MODEL_MEMORY = 64 * 1024**3  # address space, most of it never touched
_REPORTED_PACKAGES = (
    "bertopic", "lxml", "numpy", "pandas", "pyarrow", "pypdfium2", "python-docx",
    "scikit-learn", "sentence-transformers", "spacy", "torch",
)  # fmt: skip


def mine(
    corpus: Corpus | str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    jobs: int = 1,
    force: bool = False,
    seed: int = 0,
    encoder: Encoder | None = None,
    model: str | os.PathLike[str] = "default",
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
        Replace an earlier run in ``out``; files that are not a run's stay, and so do sentence
        vectors (``out/vectors``): a text is encoded once.
    seed : int
        Seed of the topic model.
    encoder : Encoder, optional
        Of the topics. By default the installed MiniLM, see
        :class:`hwbtext.embed.SentenceEncoder`.
    model : str or path-like
        Classifier of outcomes, by name or folder: see :func:`hwbtext.load_outcome_classifier`.
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
        No papers, ``jobs`` is not a positive number, or ``model`` cannot be used.
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
    model = os.fspath(model)
    # Here once, although children load it too: a model that cannot be used ends the run now.
    classes = [str(name) for name in load_outcome_classifier(model).classes_]
    progress = progress or NoProgress()
    files = [file for file in in_order(corpus.files) if not _inside(file.path, out)]
    if not files:
        msg = "There are no files to read."
        raise InputError(msg)
    parts = prepare_folder(out, force=force)
    tables, counts = read_all(files, parts, jobs, progress, limits or Limits(), model)
    _add_topics(tables, seed, encoder, jobs, progress, out)
    _add_panel(tables, classes)
    report = RunReport(
        n_in=len(files),
        n_success=counts[Status.SUCCESS],
        n_partial=counts[Status.PARTIAL],
        n_failed=counts[Status.FAILED],
        n_skipped=counts[Status.SKIPPED],
        seed=seed,
        versions=_versions(encoder, model),
        out=str(out),
        n_passages=len(tables["passages"]),
        seconds=monotonic() - started,
    )
    progress.start("writing tables and report", len(SCHEMAS) + 1)
    for name in SCHEMAS:
        write_table((with_dates(row) for row in tables[name]), name, out)
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


def _add_topics(
    tables: dict[str, list[Row]],
    seed: int,
    encoder: Encoder | None,
    n_workers: int,
    progress: Progress,
    out: Path,
) -> None:
    """Fill the tables of topics and drift, or say in an issue why there are none."""
    from hwbtext.text import normalize
    from hwbtext.topics import MIN_PASSAGES, fit_topics, topic_drift

    passages = [row for row in tables["passages"] if not row["fragment"]]
    texts = [normalize(row["text"]) for row in passages]
    distinct = sorted(set(texts))
    if len(distinct) < MIN_PASSAGES:
        message = f"Topics need {MIN_PASSAGES} distinct passages; here are {len(distinct)}."
        _note_no_topics(tables, "too_few_passages", message)
        return
    progress.start("encoding passages", len(distinct))
    used = encoder or SentenceEncoder()
    vectors = VectorFile(out / "vectors", used.model_id).encode(
        distinct,
        lambda some: _encode(some, used, n_workers, progress),
        progress=progress.step,
    )
    row_of = {text: index for index, text in enumerate(distinct)}
    progress.start("fitting topics", 1)
    try:
        fit = fit_topics(texts, vectors[[row_of[text] for text in texts]], seed=seed)
    except InputError as error:
        _note_no_topics(tables, "no_topic_words", str(error))
        return
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


def _note_no_topics(tables: dict[str, list[Row]], code: str, message: str) -> None:
    issue = {"code": code, "severity": "info", "message": message, "component": "topics@1"}
    tables["issues"].append(issue)


def _encode(
    texts: Sequence[str], encoder: Encoder, n_workers: int, progress: Progress
) -> NDArray[np.float32]:
    """Encode texts, in child processes where that is worth their start."""
    import numpy as np

    if n_workers == 1 or len(texts) < _FEW_TEXTS or not isinstance(encoder, SentenceEncoder):
        return encoder.encode(texts, progress=progress.step)
    chunks = [texts[at : at + _CHUNK] for at in range(0, len(texts), _CHUNK)]
    parts: dict[int, NDArray[np.float32]] = {}
    outcomes = run_jobs(
        encode_job,
        [{"name": encoder.name, "texts": chunk} for chunk in chunks],
        n_workers=n_workers,
        limits=Limits(seconds=3600, memory=_MODEL_MEMORY),
    )
    for outcome in outcomes:
        if outcome.result is None:
            msg = f"Encoding ended ({outcome.code}): {outcome.message} Try jobs=1."
            raise HwbtextError(msg)
        parts[outcome.job] = decode_vectors(outcome.result)
        progress.step(len(chunks[outcome.job]))
    return np.concatenate([parts[number] for number in range(len(chunks))])


def _add_panel(tables: dict[str, list[Row]], classes: Sequence[str]) -> None:
    """Fill the panel: shares of the passages that are no fragments, by site and year."""
    wanted = [f"outcome:{value}" for value in classes]
    # A model without sub-types cannot tell the strict view from the broad one.
    if "tangible" in classes and any(row["subtype"] for row in tables["labels"]):
        wanted += ["outcome:tangible_strict", "outcome:tangible_broad"]
    measures: dict[str, set[str]] = defaultdict(set)
    for row in tables["labels"]:
        if row["value"] is not None:
            views = outcome_views(row["subtype"] or row["value"])
            measures[row["passage_id"]] |= {
                f"{row['scheme']}:{value}" for value in (row["value"], *views)
            }
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
    wanted += [f"mention:{category}" for category in CATEGORIES]
    wanted += [f"mention:{c}:{polarity}" for c in CATEGORIES for polarity in POLARITIES]
    wanted += [f"topic:{topic}" for topic in {row["topic"] for row in tables["topics"]}]
    tables["panel"] = [asdict(cell) for cell in build_panel(units, wanted)]


def _versions(encoder: Encoder | None, model: str) -> dict[str, str]:
    import platform
    from importlib.metadata import PackageNotFoundError, version

    found = {"hwbtext": version("hwbtext"), "python": platform.python_version()}
    found["encoder"] = (encoder or SentenceEncoder()).model_id
    labelled_by = identify_model(model)
    found["outcome_model"] = labelled_by.name
    found["outcome_model_sha256"] = labelled_by.weights_sha256
    for name in _REPORTED_PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
