"""An evaluation as plain text, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwbtext.evaluate.cells import too_few
from hwbtext.evaluate.evaluation import named_scores
from hwbtext.evaluate.outcome_scores import OutcomeScores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hwbtext.evaluate.cells import Cell, Interval
    from hwbtext.evaluate.evaluation import Evaluation
    from hwbtext.evaluate.mention_scores import MentionScores
    from hwbtext.evaluate.parts import Part

_MOST_LEAKS = 10


def as_text(evaluation: Evaluation) -> str:
    """Return the figures as lines of text, the notes first; mistakes are in JSON and HTML."""
    lines = [f"{evaluation.model} on {evaluation.gold}: {evaluation.task}"]
    lines += [f"  ! {note}" for note in evaluation.notes]
    for part in evaluation.parts:
        lines += ["", *_part(evaluation, part)]
    if evaluation.leaks:
        lines += ["", f"Leaks: {len(evaluation.leaks)}"]
        lines += [f"  {leak.kind}: {leak.message}" for leak in evaluation.leaks[:_MOST_LEAKS]]
        if len(evaluation.leaks) > _MOST_LEAKS:
            lines.append(f"  and {len(evaluation.leaks) - _MOST_LEAKS} more (all with --json)")
    lines += ["", f"Mistakes: {len(evaluation.mistakes())} (quoted with --html and --json)"]
    # Control characters of a name or place must not reach the terminal.
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in "\n".join(lines)) + "\n"


def _part(evaluation: Evaluation, part: Part) -> Iterator[str]:
    scores = part.scores
    yield f"{part.key.name}: {scores.n} passages, {scores.n_places} places"
    for name, each in named_scores(evaluation.model, part):
        yield f"  {name:<24} macro-F1 {_value(each.macro_f1, each.n)} {_spread(each.macro_f1_95)}"
    yield from _outcomes(scores) if isinstance(scores, OutcomeScores) else _mentions(scores)


def _outcomes(scores: OutcomeScores) -> Iterator[str]:
    yield (
        f"  accuracy {_value(scores.accuracy, scores.n)}, MCC {_value(scores.mcc, scores.n)}, "
        f"ECE {_value(scores.ece, scores.n)}"
    )
    for label, cell in scores.per_class.items():
        yield f"  {label:<24} {_cell(cell)}"


def _mentions(scores: MentionScores) -> Iterator[str]:
    said = scores.polarity
    yield f"  polarity given mention: macro-F1 {_value(said.macro_f1, said.n)}"
    for name, cell in said.per_polarity.items():
        yield f"    {name:<22} {_cell(cell)}"
    for category, of in scores.per_category.items():
        yield f"  {category}"
        for what, cell in (("overlap", of.overlap), ("exact", of.exact), ("present", of.presence)):
            yield f"    {what:<22} {_cell(cell)}"
        yield f"    {'polarity':<22} {_value(of.polarity.accuracy, of.polarity.n)}"
        for slot, (partial, _) in of.slots.items():
            yield f"    {'slot ' + slot:<22} {_cell(partial)}"


def _cell(cell: Cell) -> str:
    if cell.note:
        return cell.note
    return (
        f"F1 {_figure(cell.f1)} {_spread(cell.f1_95)}, precision {_figure(cell.precision)}, "
        f"recall {_figure(cell.recall)}, n = {cell.n}"
    )


def _value(value: float | None, n: int) -> str:
    return too_few(n) or _figure(value)


def _figure(value: float | None) -> str:
    return "None" if value is None else f"{value:.3f}"


def _spread(interval: Interval | None) -> str:
    return "(no interval)" if interval is None else f"({interval[0]:.2f} to {interval[1]:.2f})"
