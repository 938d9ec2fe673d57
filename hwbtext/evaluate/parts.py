"""Parts of a gold sample that are scored apart and never pooled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.evaluate.mention_scores import MentionScores
    from hwbtext.evaluate.outcome_scores import OutcomeScores
    from hwbtext.gold import GoldUnit

Drawn = Literal["probability", "unstated", "picked", "cue"]
_ORDER: tuple[Drawn, ...] = ("probability", "unstated", "picked", "cue")
_DRAWN_WORDS: dict[Drawn, str] = {
    "probability": "drawn at random or systematically",
    "unstated": "how they were drawn is not stated",
    "picked": "picked for training",
    "cue": "drawn by a cue",
}
_CUES = ("cue", "lack")
_PROBABILITY = ("systematic", "random")


@dataclass(frozen=True, slots=True)
class PartKey:
    """What sets a part apart: restated or verbatim, how it was drawn, trained on or not.

    ``seen`` is None where nobody said what the model was trained on.
    """

    restated: bool
    drawn: Drawn
    seen: bool | None

    @property
    def name(self) -> str:
        """Return the part in words.

        Examples
        --------
        >>> PartKey(restated=True, drawn="cue", seen=True).name
        'IN-SAMPLE: restated passages, drawn by a cue'
        """
        wording = "restated passages" if self.restated else "verbatim passages"
        seen = "IN-SAMPLE: " if self.seen else ""
        return f"{seen}{wording}, {_DRAWN_WORDS[self.drawn]}"

    @property
    def rank(self) -> tuple[bool, int, bool]:
        """Return the place of the part in the order in which one becomes the headline."""
        return (bool(self.seen), _ORDER.index(self.drawn), self.restated)


@dataclass(frozen=True, slots=True)
class CoderPair:
    """One coder scored against another, as a classifier would be: the ceiling."""

    a: str
    b: str
    scores: OutcomeScores | MentionScores


@dataclass(frozen=True, slots=True)
class Part:
    """The scores of one part.

    Attributes
    ----------
    strata : tuple of str
        As the gold names them.
    scores : OutcomeScores or MentionScores
    baselines : dict
        "majority" and "keyword" on the same passages; None where one cannot be had.
    coders : tuple of CoderPair
        The annotators' own agreement; empty where no two coded the same passages.
    shares : dict of str to float, or None
        Share of the passages with each outcome, or with a mention of each category; None for
        passages that are no probability sample: those never give a rate.
    """

    key: PartKey
    strata: tuple[str, ...]
    scores: OutcomeScores | MentionScores
    baselines: dict[str, OutcomeScores | MentionScores | None]
    coders: tuple[CoderPair, ...]
    shares: dict[str, float] | None

    @property
    def in_sample(self) -> bool | None:
        """Return whether the model was trained on these texts; None where nobody said."""
        return self.key.seen

    @property
    def ceiling(self) -> float | None:
        """Return macro-F1 of coder against coder, the mean over pairs; None without two."""
        values = [pair.scores.macro_f1 for pair in self.coders if pair.scores.macro_f1 is not None]
        return sum(values) / len(values) if values else None

    def to_json(self) -> dict[str, object]:
        """Return the part as JSON: its own scores first."""
        return {
            **self.scores.to_json(),
            "in_sample": self.in_sample,
            "part": {
                "name": self.key.name,
                "restated": self.key.restated,
                "drawn": self.key.drawn,
                "strata": list(self.strata),
            },
            "shares": self.shares,
            "baselines": {
                name: None if scores is None else scores.to_json()
                for name, scores in self.baselines.items()
            },
            "annotators_agreement": {
                "macro_f1": self.ceiling,
                "pairs": [{"a": p.a, "b": p.b, **p.scores.to_json()} for p in self.coders],
            },
        }


def drawn_by(unit: GoldUnit) -> Drawn:
    """Return how a passage was drawn, by its stratum, probability and pool."""
    stratum = unit.stratum.casefold()
    if stratum.startswith(_CUES):
        return "cue"
    if unit.pool == "training":
        return "picked"
    if stratum.startswith(_PROBABILITY) or unit.prob is not None:
        return "probability"
    return "unstated"


def split_parts(
    units: Sequence[GoldUnit], seen: Sequence[bool | None]
) -> dict[PartKey, tuple[int, ...]]:
    """Return the positions of the passages of each part, the headline first."""
    parts: dict[PartKey, list[int]] = {}
    for at, (unit, known) in enumerate(zip(units, seen, strict=True)):
        parts.setdefault(PartKey(unit.restated, drawn_by(unit), known), []).append(at)
    return {key: tuple(parts[key]) for key in sorted(parts, key=lambda key: key.rank)}
