"""Charts of an evaluation as static SVG: scores side by side, reliability, abstention."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from hwbtext.evaluate.cells import too_few
from hwbtext.evaluate.evaluation import named_scores
from hwbtext.evaluate.outcome_scores import OutcomeScores
from hwbtext.svg import finished, to_svg

if TYPE_CHECKING:
    from markupsafe import Markup

    from hwbtext.evaluate.parts import Part

# Okabe and Ito (2008), "Color Universal Design"; shapes carry the same meaning in grey.
_OURS, _BASELINE, _CODERS = "#0072B2", "#767676", "#D55E00"
_WIDTH = 420


def scores_chart(model: str, part: Part, key: str) -> Markup:
    """Draw macro-F1 of the classifier, the baselines and the coders, with 95% intervals."""
    rows = []
    for name, scores in named_scores(model, part):
        kind = "ours" if name == model else "baseline" if name in part.baselines else "coders"
        low, high = scores.macro_f1_95 or (None, None)
        rows.append({"name": name, "f1": scores.macro_f1, "low": low, "high": high, "kind": kind})
    drawn = [row for row in rows if row["f1"] is not None]
    kinds = ["ours", "baseline", "coders"]
    base = alt.Chart(alt.NamedData("rows"))
    y = alt.Y(
        "name:N",
        title=None,
        scale=alt.Scale(domain=[row["name"] for row in rows]),
        axis=alt.Axis(labelLimit=230),
    )
    colour = alt.Color(
        "kind:N", scale=alt.Scale(domain=kinds, range=[_OURS, _BASELINE, _CODERS]), legend=None
    )
    shape = alt.Shape(
        "kind:N", scale=alt.Scale(domain=kinds, range=["circle", "square", "diamond"]), legend=None
    )
    x = alt.X("f1:Q", title="macro-F1", scale=alt.Scale(domain=[0, 1]))
    bars = base.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=2)
    chart = alt.layer(
        bars.encode(y=y, x=alt.X("low:Q", title="macro-F1"), x2="high:Q", color=colour),
        base.mark_point(filled=True, opacity=1, size=90).encode(
            y=y, x=x, color=colour, shape=shape
        ),
    ).properties(width=_WIDTH, height=alt.Step(30))
    said = "; ".join(f"{row['name']} {row['f1']:.2f}" for row in drawn)
    label = f"Macro-F1: {said}. The table below has every number."
    return to_svg({**finished(chart), "datasets": {"rows": drawn}}, key, label)


def reliability_chart(part: Part, key: str) -> Markup | None:
    """Draw score against share that was right, by tenths; None without calibration."""
    scores = part.scores
    if not isinstance(scores, OutcomeScores) or scores.reliability is None:
        return None
    rows = [
        {"confidence": b.confidence, "accuracy": b.accuracy, "n": b.n, "thin": b.note is not None}
        for b in scores.reliability
        if b.n
    ]
    line = [{"at": 0.0}, {"at": 1.0}]
    diagonal = (
        alt.Chart(alt.NamedData("line"))
        .mark_line(color="#8a8a8a", strokeDash=[4, 3])
        .encode(x=alt.X("at:Q", scale=alt.Scale(domain=[0, 1])), y="at:Q")
    )
    points = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("confidence:Q", title="score of the predicted label"),
        y=alt.Y("accuracy:Q", title="share that was right", scale=alt.Scale(domain=[0, 1])),
    )
    chart = alt.layer(
        diagonal,
        points.mark_point(size=70, color=_OURS, opacity=1).encode(
            # Hollow: fewer than 30 passages.
            fill=alt.condition(alt.datum.thin, alt.value("white"), alt.value(_OURS))
        ),
        points.mark_text(dy=-12, fontSize=10).encode(text=alt.Text("n:Q", format="d")),
    ).properties(width=260, height=220)
    label = "Reliability curve. " + "; ".join(
        f"score {row['confidence']:.2f}, right {row['accuracy']:.2f}, n {row['n']}" for row in rows
    )
    return to_svg({**finished(chart), "datasets": {"rows": rows, "line": line}}, key, label)


def abstention_chart(part: Part, key: str) -> Markup | None:
    """Draw accuracy of what is left against the share that is left; None without scores."""
    scores = part.scores
    if not isinstance(scores, OutcomeScores) or not scores.abstention:
        return None
    # What rests on fewer than 30 passages is not drawn: it would swing from 0 to 1.
    rows = [
        {"coverage": p.coverage, "accuracy": p.accuracy}
        for p in scores.abstention
        if too_few(p.n) is None
    ]
    if not rows:
        return None
    points = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("coverage:Q", title="share of passages kept", scale=alt.Scale(domain=[0, 1])),
        y=alt.Y("accuracy:Q", title="share of them right", scale=alt.Scale(domain=[0, 1])),
    )
    chart = alt.layer(
        points.mark_line(color=_OURS), points.mark_point(filled=True, color=_OURS, opacity=1)
    ).properties(width=260, height=220)
    label = (
        f"Abstention curve: all passages {rows[0]['accuracy']:.2f} right; the "
        f"{rows[-1]['coverage']:.0%} with the highest scores {rows[-1]['accuracy']:.2f}."
    )
    return to_svg({**finished(chart), "datasets": {"rows": rows}}, key, label)
