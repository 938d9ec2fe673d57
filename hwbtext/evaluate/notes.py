"""What has to be said beside the figures, in every form in which they are shown."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hwbtext.evaluate.cells import too_few
from hwbtext.evaluate.outcome_scores import OutcomeScores
from hwbtext.evaluate.resampling import FEWEST_PLACES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.evaluate.leaks import Exposure
    from hwbtext.evaluate.parts import Part

_CODED_BY = {
    "model-annotated": "Model-annotated gold: coded by language models, not by people. The "
    "figures say how far the classifier follows that coding.",
    "people": "Coded by people.",
    "mixed": "Mixed gold: coded partly by people, partly by language models.",
    "unknown": "Who coded this gold is not stated; it must not be called hand-coded.",
}


def make_notes(
    annotators: str,
    split: str | None,
    parts: Sequence[Part],
    exposure: Exposure,
    n_uncoded: int,
    *,
    unequal: bool = False,
) -> tuple[str, ...]:
    """Return the notes, the gravest first.

    ``unequal`` says that the passages were drawn with probabilities that differ.
    """
    head = parts[0]
    n_seen = sum(bool(seen) for seen in exposure.seen)
    notes = []
    if head.in_sample:
        notes.append(
            f"IN-SAMPLE: the model was trained on all {n_seen} passages. The figures say how well "
            "it remembers, not how well it does on other papers."
        )
    elif n_seen:
        notes.append(
            f"The model was trained on {n_seen} of {len(exposure.seen)} passages. They are scored "
            "apart as IN-SAMPLE, and the headline leaves them out."
        )
    if head.in_sample is None:
        notes.append(
            "UNKNOWN TRAINING: nobody said what this classifier was trained on, so the figures "
            "may be in-sample. Give trained_on= or training=."
        )
    if split == "random":
        notes.append(
            "RANDOM SPLIT: passages of one place stand on both sides of a fold. They say "
            "nothing of a place that the classifier has not seen; leave-one-place-out does."
        )
    elif split is not None:
        notes.append(f"Out of fold: {split}.")
    kinds = Counter(leak.kind for leak in exposure.leaks)
    if kinds["near-duplicate"]:
        n = kinds["near-duplicate"]
        notes.append(
            f"NEAR-DUPLICATES: {n} {'passage is' if n == 1 else 'passages are'} almost the same as "
            "one that was learned from (see leaks). They stay in the headline."
        )
    if kinds["place"]:
        named = [leak.place for leak in exposure.leaks if leak.kind == "place"]
        shown = ", ".join(named[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")
        notes.append(f"PLACE OVERLAP: passages of these places were learned from: {shown}.")
    notes += exposure.notes
    notes.append(_CODED_BY[annotators])
    if head.key.drawn != "probability":
        notes.append(
            f"The headline ({head.key.name}) is no probability sample: nothing here is a rate, and "
            "nothing says whether scores are calibrated."
        )
    if len(parts) > 1:
        names = "; ".join(part.key.name for part in parts)
        notes.append(f"Parts are scored apart and never pooled: {names}.")
    if head.scores.n_places < FEWEST_PLACES:
        notes.append(
            f"{head.scores.n_places} place{'' if head.scores.n_places == 1 else 's'}: too few to "
            "say how places differ, so there are no intervals."
        )
    if note := too_few(head.scores.n):
        notes.append(f"The headline is {note} passages.")
    scores = head.scores
    cells = (
        scores.per_class
        if isinstance(scores, OutcomeScores)
        else {name: one.overlap for name, one in scores.per_category.items()}
    )
    thin = [f"{name} ({cell.n})" for name, cell in cells.items() if cell.note]
    if thin:
        notes.append(
            f"Macro-F1 rests on codes with fewer than 30 cases, which alone are not measurable: "
            f"{', '.join(thin)}."
        )
    if unequal:
        notes.append(
            "The passages were drawn with different probabilities; every figure here counts each "
            "passage once, without weights."
        )
    if n_uncoded:
        notes.append(f"{n_uncoded} passages without an agreed coding are not scored.")
    return tuple(notes)
