"""The topic stage of a run: encode the passages, fit or take up a topic space, fill the tables."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from hwbtext.batch import Limits, run_jobs
from hwbtext.embed import SentenceEncoder, decode_vectors, encode_job
from hwbtext.errors import HwbtextError, InputError
from hwbtext.rows import with_dates
from hwbtext.store import read_arrow
from hwbtext.text import normalize
from hwbtext.topics.files import (
    FOLDER,
    copy_topic_model,
    holds_topic_model,
    load_topic_model,
    save_topic_model,
)
from hwbtext.vectors import VectorFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from hwbtext.collect import Progress
    from hwbtext.embed import Encoder
    from hwbtext.rows import Row
    from hwbtext.topics import TopicModel
    from hwbtext.topics.stability import StabilityRow

NO_TOPICS = ("too_few_passages", "no_topic_words")
"""Codes of the issues that say why a run has no topics."""

OTHER_PASSAGES = "The topics were fitted to other passages than these; nothing was refitted."
"""Why the topics of another run are not refitted: it would tell nothing of them."""

_FEW_TEXTS = 400  # starting a model in two processes costs as much as encoding these
_CHUNK = 64
_MODEL_MEMORY = 64 * 1024**3  # address space, most of it never touched


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """Which topic space a run uses: a given one, that of its folder, or a new one.

    ``n_topics`` and ``anchors`` (phrases by name) say what a new one is to be.
    """

    refit: bool
    given: Path | None
    seed: int
    n_topics: int | None = None
    anchors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def check(self, out: Path, encoder: Encoder) -> None:
        """Raise an InputError where the space to be used is none, or not the one asked for."""
        if self.refit and self.given:
            msg = "Say either to refit the topics or which topic model to use, not both."
            raise InputError(msg)
        least = max(2, len(self.anchors))
        if self.n_topics is not None and self.n_topics < least:
            msg = f"n_topics must be {least} or more (one for each anchor). Got {self.n_topics}."
            raise InputError(msg)
        space = self.load(out)
        if space is None:
            return
        if space.encoder_id != encoder.model_id:
            msg = (
                f"The topic model is of the encoder {space.encoder_id!r}, this run of "
                f"{encoder.model_id!r}. Use that encoder, or refit the topics (--refit-topics)."
            )
            raise InputError(msg)
        # A run that was cut off after the fit finds the very space that it had asked for.
        other_number = self.n_topics not in (None, space.n_topics)
        if other_number or not set(space.anchors) - {None} <= set(self.anchors or space.anchors):
            msg = (
                f"There is a topic model already, of {space.n_topics} topics, which is used as "
                "it is. To have one of another number, or with other anchors, refit the topics "
                "(--refit-topics)."
            )
            raise InputError(msg)

    def load(self, out: Path) -> TopicModel | None:
        """Return the space to use as it is; None where one is to be fitted."""
        if self.given is not None:
            return load_topic_model(self.given)
        folder = out / FOLDER
        if self.refit or not holds_topic_model(folder):
            return None
        return load_topic_model(folder)


def add_topics(
    tables: dict[str, list[Row]],
    out: Path,
    choice: TopicChoice,
    encoder: Encoder | None,
    n_workers: int,
    progress: Progress,
) -> None:
    """Fill the tables of topics and drift, or say in an issue why there are none."""
    from hwbtext.topics import MIN_PASSAGES, fit_topics
    from hwbtext.topics.anchors import encode_anchors
    from hwbtext.topics.meetings import learn_template
    from hwbtext.topics.tables import topic_tables

    passages = [with_dates(row) for row in tables["passages"] if not row["fragment"]]
    texts = [normalize(row["text"]) for row in passages]
    distinct = sorted(set(texts))
    space = choice.load(out)
    least = max(MIN_PASSAGES, choice.n_topics or 0)
    if not distinct or (space is None and len(distinct) < least):
        message = f"Topics need {least} distinct passages; here are {len(distinct)}."
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
    embeddings = vectors[[row_of[text] for text in texts]]
    if choice.given is not None:
        # The folder of a run holds the space of its topics, wherever that was fitted.
        copy_topic_model(choice.given, out / FOLDER)
    if space is None:
        progress.start("fitting topics", 1)
        people = {str(row["name"]) for row in tables["attendance"] if row["name"]}
        try:
            space = fit_topics(
                texts,
                embeddings,
                encoder_id=used.model_id,
                n_topics=choice.n_topics,
                anchors=encode_anchors(dict(choice.anchors), used),
                names=sorted(people),
                seed=choice.seed,
            )
        except InputError as error:
            _note_no_topics(tables, "no_topic_words", str(error))
            return
        learned = learn_template(passages, [str(row["text"]) for row in passages])
        space = replace(space, template=learned)
        save_topic_model(space, out / FOLDER)
        progress.step()
    scanned = frozenset(
        row["doc_id"] for row in tables["documents"] if 2 * row["n_pages_ocr"] > row["n_pages"]
    )

    def compared(n_done: int, n_all: int) -> None:
        if n_done == 1:
            progress.start("comparing years and sites", n_all)
        progress.step()

    found = topic_tables(
        passages, embeddings, space, scanned=scanned, seed=choice.seed, progress=compared
    )
    tables.update(found)


def measure_stability(
    out: Path, encoder: Encoder, progress: Progress
) -> tuple[StabilityRow, ...] | str:
    """Refit the topics of a run with one thing changed at a time; or say why that cannot be."""
    from hwbtext.topics import MIN_PASSAGES
    from hwbtext.topics.stability import stability_report

    if not holds_topic_model(out / FOLDER) or not read_arrow(out, "topics").num_rows:
        return "There are no topics."
    space = load_topic_model(out / FOLDER)
    table = read_arrow(out, "passages").select(["text", "fragment"]).to_pylist()
    texts = sorted({normalize(row["text"]) for row in table if not row["fragment"]})
    if len(texts) != space.n_passages:
        return OTHER_PASSAGES
    if len(texts) < 2 * MIN_PASSAGES:  # two of three passages come into a bootstrap sample
        return f"Refits need {2 * MIN_PASSAGES} distinct passages; here are {len(texts)}."
    progress.start("refitting topics", 1)
    vectors = VectorFile(out / "vectors", space.encoder_id).encode(texts, encoder.encode)
    rows = stability_report(texts, vectors, space)
    progress.step()
    return rows


def _note_no_topics(tables: dict[str, list[Row]], code: str, message: str) -> None:
    issue = {"code": code, "severity": "info", "message": message, "component": "topics@1"}
    tables["issues"].append(issue)


def _encode(
    texts: Sequence[str], encoder: Encoder, n_workers: int, progress: Progress
) -> NDArray[np.float32]:
    """Encode texts, in child processes where that is worth their start."""
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
