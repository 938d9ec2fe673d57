"""The evaluation as a page for people: one file, nothing loaded from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.evaluate.cells import too_few
from hwbtext.evaluate.evaluation import named_scores
from hwbtext.evaluate.mention_scores import MATCHING, MentionScores
from hwbtext.evaluate.outcome_scores import ABSTAINED
from hwbtext.evaluate.plots import abstention_chart, reliability_chart, scores_chart
from hwbtext.pages import page_environment

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from hwbtext.evaluate.cells import Cell, Interval
    from hwbtext.evaluate.evaluation import Evaluation
    from hwbtext.evaluate.outcome_scores import OutcomeScores
    from hwbtext.evaluate.parts import Part

MARKER = '<meta name="generator" content="hwbtext evaluate">'
"""Stands near the top of every page that this room writes."""
MOST_SHOWN = 200
# Characters that HTML does not allow; PDF text layers hold them now and then.
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)), "\ufffd")


@dataclass(frozen=True, slots=True)
class Section:
    """One part with its charts."""

    part: Part
    models: list[tuple[str, OutcomeScores | MentionScores]]
    scores: Markup
    reliability: Markup | None
    abstention: Markup | None


def render(evaluation: Evaluation) -> str:
    """Return the page; nothing is written."""
    sections = [
        Section(
            part=part,
            models=named_scores(evaluation.model, part),
            scores=scores_chart(evaluation.model, part, f"s{at}"),
            reliability=reliability_chart(part, f"r{at}"),
            abstention=abstention_chart(part, f"a{at}"),
        )
        for at, part in enumerate(evaluation.parts)
    ]
    mistakes = evaluation.mistakes()
    return (
        _environment()
        .get_template("evaluation.html.j2")
        .render(
            evaluation=evaluation,
            marker=MARKER,
            head=evaluation.headline,
            sections=sections,
            mistakes=mistakes[:MOST_SHOWN],
            n_mistakes=len(mistakes),
            leaks=evaluation.leaks[:MOST_SHOWN],
            matching=MATCHING,
            abstained=ABSTAINED,
        )
    )


def figure(value: float | None) -> str:
    """Return a figure with two decimals; an en dash where it is undefined.

    Examples
    --------
    >>> figure(0.613), figure(None)
    ('0.61', '–')
    """
    return "–" if value is None else f"{value:.2f}"


def spread(interval: Interval | None) -> str:
    """Return an interval in words; "no interval" with fewer than three places."""
    return "no interval" if interval is None else f"{interval[0]:.2f} to {interval[1]:.2f}"


def claim(value: float | None, n: int) -> str:
    """Return a figure, or "not measurable, n = …" where fewer than 30 stand behind it.

    Examples
    --------
    >>> claim(0.5, 40), claim(0.5, 4)
    ('0.50', 'not measurable, n = 4')
    """
    return too_few(n) or figure(value)


def _cell(cell: Cell) -> str:
    return cell.note or f"{figure(cell.f1)} ({spread(cell.f1_95)}), n = {cell.n}"


def _environment() -> Environment:
    environment = page_environment("hwbtext.evaluate", lambda text: text.translate(_CONTROLS))
    environment.filters["figure"] = figure
    environment.filters["spread"] = spread
    environment.filters["cell"] = _cell
    environment.globals["claim"] = claim
    environment.tests["grave"] = lambda note: note.split(":")[0].isupper()
    return environment
