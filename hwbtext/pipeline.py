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

from hwbtext.batch import Limits
from hwbtext.bodies import load_bodies
from hwbtext.collect import NoProgress, prepare_folder, read_all
from hwbtext.corpus import Corpus, in_order, read_folder
from hwbtext.embed import SentenceEncoder
from hwbtext.errors import InputError
from hwbtext.mentions import default_detectors
from hwbtext.outcomes import identify_model, load_outcome_classifier, outcome_views
from hwbtext.panel import Unit, build_panel
from hwbtext.records import CATEGORIES, POLARITIES, RunReport, Status
from hwbtext.rows import with_dates
from hwbtext.store import SCHEMAS, write_table
from hwbtext.topic_run import TopicChoice, add_topics
from hwbtext.topics.anchors import read_anchors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.collect import Progress
    from hwbtext.embed import Encoder
    from hwbtext.rows import Row

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
    refit_topics: bool = False,
    topic_model: str | os.PathLike[str] | None = None,
    n_topics: int | None = None,
    anchors: str | os.PathLike[str] | None = None,
    bodies: str | os.PathLike[str] | None = None,
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
        vectors (``out/vectors``: a text is encoded once) and the topic model.
    seed : int
        Seed of a topic model that is fitted, and of the permutation tests of drift.
    encoder : Encoder, optional
        Of the topics. By default the installed MiniLM, see
        :class:`hwbtext.embed.SentenceEncoder`.
    model : str or path-like
        Classifier of outcomes, by name or folder: see :func:`hwbtext.load_outcome_classifier`.
    refit_topics : bool
        Fit topics anew where ``out`` holds a topic model. Otherwise it is used as it is: papers
        that are added change no topic of the old ones.
    topic_model : path-like, optional
        Folder of a topic model to use (a run's is ``OUT/topic_model``).
    n_topics : int, optional
        Number of topics of a model that is fitted; by default as many as last when half the
        passages are lost.
    anchors : str or path-like, optional
        Topics that are looked for: "study", or a TOML file of phrases
        (:func:`hwbtext.topics.anchors.read_anchors`). For a model that is fitted.
    bodies : path-like, optional
        A CSV file of bodies of your own, see :func:`hwbtext.bodies.load_bodies`.
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
    MissingPathError
        There is no such folder, or no such file of bodies.
    InputError
        No papers, ``jobs`` is not a positive number, or ``bodies``, ``model`` or the topic
        model cannot be used (one of another encoder, say).
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
    spaces = TopicChoice(
        refit_topics,
        Path(topic_model) if topic_model else None,
        seed,
        n_topics,
        read_anchors(anchors) if anchors else {},
    )
    spaces.check(out, encoder or SentenceEncoder())
    own_bodies = Path(bodies).resolve() if bodies is not None else None
    load_bodies(own_bodies)  # now, for the same reason
    progress = progress or NoProgress()
    files = [file for file in in_order(corpus.files) if not _inside(file.path, out)]
    if not files:
        msg = "There are no files to read."
        raise InputError(msg)
    parts = prepare_folder(out, force=force)
    tables, counts = read_all(files, parts, jobs, progress, limits or Limits(), model, own_bodies)
    add_topics(tables, out, spaces, encoder, jobs, progress)
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
    finish(out, report, parts)
    return replace(report, seconds=monotonic() - started)


def finish(out: Path, report: RunReport, parts: Path) -> None:
    """Write ``run.json``, the last file of a run, and remove the folder of its parts."""
    counted = {
        name: value
        for name, value in asdict(report).items()
        if name not in ("out", "seconds", "n_passages")
    }
    # By renaming: a folder with a run.json holds a whole run.
    part = out / "run.json.part"
    part.write_text(json.dumps(counted, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    part.replace(out / "run.json")
    shutil.rmtree(parts)


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _add_panel(tables: dict[str, list[Row]], classes: Sequence[str]) -> None:
    """Fill the panel: shares of the passages that are no fragments, by site and year.

    Topics have a table of their own, ``topic_shares``, whose units are meetings.
    """
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
    units = [
        Unit(row["site_id"], row["year"], row["doc_id"], frozenset(measures[row["passage_id"]]))
        for row in tables["passages"]
        if not row["fragment"]
    ]
    wanted += [f"mention:{category}" for category in CATEGORIES]
    wanted += [f"mention:{c}:{polarity}" for c in CATEGORIES for polarity in POLARITIES]
    tables["panel"] = [asdict(cell) for cell in build_panel(units, wanted)]


def _versions(encoder: Encoder | None, model: str) -> dict[str, str]:
    import platform
    from importlib.metadata import PackageNotFoundError, version

    found = {"hwbtext": version("hwbtext"), "python": platform.python_version()}
    found["encoder"] = (encoder or SentenceEncoder()).model_id
    labelled_by = identify_model(model)
    found["outcome_model"] = labelled_by.name
    found["outcome_model_sha256"] = labelled_by.weights_sha256
    found["mention_detectors"] = " ".join(one.annotator for one in default_detectors())
    for name in _REPORTED_PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
