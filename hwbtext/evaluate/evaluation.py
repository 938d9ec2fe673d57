"""What an evaluation gives back, and its forms: frame, JSON, HTML."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hwbtext.evaluate.outcome_scores import OutcomeScores
from hwbtext.evaluate.spans import match_overlapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from hwbtext.evaluate.cells import Cell, Interval
    from hwbtext.evaluate.leaks import Leak
    from hwbtext.evaluate.mention_scores import MentionScores
    from hwbtext.evaluate.parts import Part, PartKey
    from hwbtext.evaluate.spans import Marked
    from hwbtext.gold import GoldUnit

Task = Literal["outcome", "mentions"]
TASKS: tuple[Task, ...] = ("outcome", "mentions")
COLUMNS = ("part", "model", "measure", "label", "value", "low", "high", "n", "n_places", "note")


@dataclass(frozen=True, slots=True)
class Judged:
    """One passage with what was coded and what was predicted.

    For outcomes ``gold``, ``predicted`` (None: abstained) and ``score``; for mentions the
    marks of both.
    """

    unit: GoldUnit
    part: PartKey
    gold: str | None = None
    predicted: str | None = None
    score: float | None = None
    gold_marks: tuple[Marked, ...] = ()
    found_marks: tuple[Marked, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """A passage, or a span of one, that was judged otherwise than coded.

    ``kind`` is label, abstained, missed, spurious or polarity; ``quote`` the span's text.
    """

    id: str
    place: str
    part: str
    kind: str
    gold: str | None
    predicted: str | None
    score: float | None
    text: str
    quote: str | None = None

    def to_json(self) -> dict[str, object]:
        """Return the mistake as JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores of one classifier on one gold sample; ``parts[0]`` is the headline.

    Attributes
    ----------
    task : {"outcome", "mentions"}
    model, gold : str
        Names.
    annotators : {"model-annotated", "people", "mixed", "unknown"}
        Who coded the gold.
    split : str or None
        How folds were made; None for a classifier that was scored as it was.
    labels : tuple of str
        Outcomes, or categories.
    parts : tuple of Part
        Unseen before seen, probability samples before the rest, verbatim before restated.
    leaks : tuple of Leak
    notes : tuple of str
        What a reader has to know beside the figures; shown in every form.
    n_seen_in_training : int or None
        Passages, of all parts, whose text the model was trained on; None where nobody said.
    n_uncoded : int
        Passages without an agreed coding, which are not scored.
    judged : tuple of Judged
    """

    task: Task
    model: str
    gold: str
    annotators: str
    split: str | None
    labels: tuple[str, ...]
    parts: tuple[Part, ...]
    leaks: tuple[Leak, ...]
    notes: tuple[str, ...]
    n_seen_in_training: int | None
    n_uncoded: int
    judged: tuple[Judged, ...]
    seed: int = 0

    @property
    def headline(self) -> Part:
        """Return the part whose figures stand for the evaluation."""
        return self.parts[0]

    @property
    def macro_f1(self) -> float | None:
        """Return macro-F1 of the headline."""
        return self.headline.scores.macro_f1

    @property
    def in_sample(self) -> bool | None:
        """Return whether even the headline rests on texts that the model was trained on."""
        return self.headline.in_sample

    def mistakes(self) -> tuple[Mistake, ...]:
        """Return the mistakes of all parts in their order, the most confident first."""
        rank = {part.key: number for number, part in enumerate(self.parts)}
        found = [
            (rank[one.part], -(mistake.score or 0.0), number, mistake)
            for number, one in enumerate(self.judged)
            for mistake in (_of_label(one) if self.task == "outcome" else _of_spans(one))
        ]
        return tuple(row[-1] for row in sorted(found, key=lambda row: row[:3]))

    def to_json(self) -> str:
        """Return all figures as JSON text: those of the headline at the top, ``parts`` below.

        Undefined is null. Where fewer than 30 were coded, ``note`` says "not measurable": the
        figure beside it is for adding up, not for quoting.
        """
        content = {
            "task": self.task,
            "model": self.model,
            "gold": self.gold,
            "annotators": self.annotators,
            "split": self.split,
            "labels": list(self.labels),
            **self.headline.to_json(),
            "n_seen_in_training": self.n_seen_in_training,
            "n_uncoded": self.n_uncoded,
            "notes": list(self.notes),
            "leaks": [leak.to_json() for leak in self.leaks],
            "parts": [part.to_json() for part in self.parts],
            "mistakes": [mistake.to_json() for mistake in self.mistakes()],
            "seed": self.seed,
        }
        return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"

    def to_frame(self) -> pd.DataFrame:
        """Return one row a figure: part, model, measure, label, value, low, high, n, n_places.

        ``model`` is the classifier's name, "majority", "keyword", or "coder-1 against coder-2".
        ``note`` says "not measurable, n = …" where fewer than 30 were coded.
        """
        import pandas as pd

        rows = [
            (part.key.name, name, *figure)
            for part in self.parts
            for name, scores in named_scores(self.model, part)
            for figure in _figures(scores)
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"n": "int64", "n_places": "int64"})

    def to_html(self) -> str:
        """Return a page for people: one file, nothing loaded from elsewhere."""
        from hwbtext.evaluate.page import render

        return render(self)


def named_scores(model: str, part: Part) -> list[tuple[str, OutcomeScores | MentionScores]]:
    """Return the classifier's scores, the baselines' and the coders', each with its name."""
    return [
        (model, part.scores),
        *((name, scores) for name, scores in part.baselines.items() if scores is not None),
        *((f"{pair.a} against {pair.b}", pair.scores) for pair in part.coders),
    ]


def _of_label(one: Judged) -> Iterator[Mistake]:
    if one.gold != one.predicted:
        kind = "abstained" if one.predicted is None else "label"
        yield _mistake(one, kind, one.gold, one.predicted, one.score)


def _of_spans(one: Judged) -> Iterator[Mistake]:
    pairs = match_overlapping(one.gold_marks, one.found_marks)
    coded, found = list(one.gold_marks), list(one.found_marks)
    for g, f in pairs:
        coded.remove(g)
        found.remove(f)
        if g.polarity != f.polarity:
            yield _mistake(one, "polarity", _code(g), _code(f), quote=_quote(one, g))
    for g in coded:
        yield _mistake(one, "missed", _code(g), None, quote=_quote(one, g))
    for f in found:
        yield _mistake(one, "spurious", None, _code(f), quote=_quote(one, f))


def _quote(one: Judged, mark: Marked) -> str:
    return one.unit.text[mark.start : mark.end]


def _mistake(
    one: Judged,
    kind: str,
    gold: str | None,
    predicted: str | None,
    score: float | None = None,
    quote: str | None = None,
) -> Mistake:
    unit = one.unit
    return Mistake(
        unit.id, unit.place, one.part.name, kind, gold, predicted, score, unit.text, quote
    )


def _code(mark: Marked) -> str:
    return f"{mark.category}.{mark.polarity}"


_Figure = tuple[str, str | None, float | None, float | None, float | None, int, int, str | None]


def _figures(scores: OutcomeScores | MentionScores) -> Iterator[_Figure]:
    def row(
        measure: str,
        label: str | None,
        value: float | None,
        n: int,
        span: Interval | None = None,
        note: str | None = None,
    ) -> _Figure:
        low, high = span or (None, None)
        return (measure, label, value, low, high, n, scores.n_places, note)

    def cell(measure: str, label: str, one: Cell) -> Iterator[_Figure]:
        yield row(f"{measure}precision", label, one.precision, one.n, note=one.note)
        yield row(f"{measure}recall", label, one.recall, one.n, note=one.note)
        yield row(f"{measure}f1", label, one.f1, one.n, one.f1_95, one.note)

    yield row("macro_f1", None, scores.macro_f1, scores.n, scores.macro_f1_95)
    yield row("accuracy", None, scores.accuracy, scores.n)
    if isinstance(scores, OutcomeScores):
        yield row("mcc", None, scores.mcc, scores.n)
        yield row("ece", None, scores.ece, scores.n)
        for label, one in scores.per_class.items():
            yield from cell("", label, one)
        return
    yield row("polarity_macro_f1", None, scores.polarity.macro_f1, scores.polarity.n)
    for polarity, one in scores.polarity.per_polarity.items():
        yield from cell("polarity_", polarity, one)
    for category, of in scores.per_category.items():
        yield from cell("overlap_", category, of.overlap)
        yield from cell("exact_", category, of.exact)
        yield from cell("presence_", category, of.presence)
        said = of.polarity
        yield row("polarity_accuracy", category, said.accuracy, said.n, said.agree_95)
        for polarity, one in of.with_polarity.items():
            yield from cell("overlap_", f"{category}.{polarity}", one)
        for slot, (partial, exact) in of.slots.items():
            yield from cell("slot_partial_", f"{category}.{slot}", partial)
            yield from cell("slot_exact_", f"{category}.{slot}", exact)
