"""Topics and drift of papers, or anew of a run: what was read and encoded is not read again."""

from __future__ import annotations

import json
import shutil
from dataclasses import fields, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from hwbtext.collect import NoProgress, prepare_folder
from hwbtext.embed import SentenceEncoder
from hwbtext.errors import InputError, SchemaError
from hwbtext.pipeline import finish, mine
from hwbtext.records import RunReport
from hwbtext.report import write_report
from hwbtext.report.topic_files import write_topic_files
from hwbtext.rows import with_dates
from hwbtext.store import SCHEMAS, read_arrow, write_table
from hwbtext.topic_run import (
    NO_TOPICS,
    OTHER_PASSAGES,
    TopicChoice,
    add_topics,
    measure_stability,
)
from hwbtext.topics.anchors import read_anchors
from hwbtext.topics.files import FOLDER, holds_topic_model
from hwbtext.topics.tables import TABLES

if TYPE_CHECKING:
    import os

    from hwbtext.collect import Progress
    from hwbtext.embed import Encoder
    from hwbtext.rows import Row

_CHANGED = (*TABLES, "issues")


def map_topics(
    folder: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    jobs: int = 1,
    force: bool = False,
    seed: int = 0,
    encoder: Encoder | None = None,
    n_topics: int | None = None,
    anchors: str | os.PathLike[str] | None = None,
    topic_model: str | os.PathLike[str] | None = None,
    refit_topics: bool = False,
    progress: Progress | None = None,
) -> RunReport:
    """Find the topics of papers, or of a run, and write ``out/topics`` for people.

    Parameters
    ----------
    folder : path-like
        Papers; or the ``out`` of an earlier run, whose sentence vectors are used again, and
        whose topics too unless others are asked for.
    out : path-like
        Becomes a whole run, as :func:`hwbtext.mine` makes it.
    jobs, force, seed, encoder, n_topics, anchors, topic_model, refit_topics, progress
        As for :func:`hwbtext.mine`.

    Raises
    ------
    MissingPathError, InputError, OutputExistsError
        As :func:`hwbtext.mine`.
    SchemaError
        The run is of an older hwbtext.
    """
    out = Path(out)
    used = encoder or SentenceEncoder()
    progress = progress or NoProgress()
    if is_run(folder):
        choice = TopicChoice(
            refit_topics,
            Path(topic_model) if topic_model else None,
            seed,
            n_topics,
            read_anchors(anchors) if anchors else {},
        )
        run = retopic(
            Path(folder), out, choice, jobs=jobs, force=force, encoder=used, progress=progress
        )
    else:
        run = mine(
            folder,
            out,
            jobs=jobs,
            force=force,
            seed=seed,
            encoder=used,
            refit_topics=refit_topics,
            topic_model=topic_model,
            n_topics=n_topics,
            anchors=anchors,
            progress=progress,
        )
    stability = OTHER_PASSAGES if topic_model else measure_stability(out, used, progress)
    progress.start("drawing topics", 1)
    write_topic_files(out, stability)
    progress.step()
    return run


def is_run(folder: str | os.PathLike[str]) -> bool:
    """Return whether a folder holds a whole run of ``mine``."""
    folder = Path(folder)
    return (folder / "run.json").is_file() and (folder / "passages.parquet").is_file()


def retopic(
    earlier: Path,
    out: Path,
    choice: TopicChoice,
    *,
    jobs: int = 1,
    force: bool = False,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> RunReport:
    """Give the passages of an earlier run their topics anew, as a whole run in ``out``.

    Tables that do not depend on topics are copied, and so are the sentence vectors and, unless
    another is asked for, the topic model. The earlier run is left as it is.

    Raises
    ------
    InputError
        ``out`` is the earlier run, or the topic model cannot be used.
    OutputExistsError
        ``out`` holds files and ``force`` is not set.
    """
    started = monotonic()
    if earlier.resolve() == out.resolve():
        msg = f"{str(out)!r} is the run itself. Name another folder for the results."
        raise InputError(msg)
    if choice.given is None and not choice.refit and holds_topic_model(earlier / FOLDER):
        choice = replace(choice, given=earlier / FOLDER)
    choice.check(out, encoder or SentenceEncoder())
    told = json.loads((earlier / "run.json").read_text(encoding="utf-8"))
    known = {field.name for field in fields(RunReport)}
    run = RunReport(**{name: value for name, value in told.items() if name in known})
    kept = [name for name in SCHEMAS if name not in _CHANGED]
    for name in kept:
        path = earlier / f"{name}.parquet"
        if not path.is_file() or set(SCHEMAS[name].names) - set(pq.read_schema(path).names):
            msg = (
                f"The table {name!r} of the run {str(earlier)!r} is missing, or of an older "
                "hwbtext. Mine the papers again, or give their folder."
            )
            raise SchemaError(msg)
    tables: dict[str, list[Row]] = {
        name: read_arrow(earlier, name).to_pylist() for name in ("passages", "attendance", "issues")
    }
    tables["documents"] = read_arrow(earlier, "documents").drop_columns(["text"]).to_pylist()
    tables["issues"] = [row for row in tables["issues"] if row["code"] not in NO_TOPICS]
    tables |= {name: [] for name in TABLES}
    parts = prepare_folder(out, force=force)
    progress = progress or NoProgress()
    if (earlier / "vectors").is_dir():
        shutil.copytree(earlier / "vectors", out / "vectors", dirs_exist_ok=True)
    add_topics(tables, out, choice, encoder, jobs, progress)
    run = replace(
        run,
        seed=choice.seed,
        versions={**run.versions, "encoder": (encoder or SentenceEncoder()).model_id},
        out=str(out),
        n_passages=len(tables["passages"]),
        seconds=monotonic() - started,
    )
    progress.start("writing tables and report", len(SCHEMAS) + 1)
    for name in kept:
        shutil.copyfile(earlier / f"{name}.parquet", out / f"{name}.parquet")
        progress.step()
    for name in _CHANGED:
        write_table((with_dates(row) for row in tables[name]), name, out)
        progress.step()
    write_report(out, run)
    progress.step()
    finish(out, run, parts)
    return run
