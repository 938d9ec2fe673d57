"""What topics are called, and how far they can be trusted: the line above every topic table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.report.tables import RunTables, grouped
from hwbtext.topics.files import FOLDER, holds_topic_model, load_topic_model
from hwbtext.topics.model import NO_TOPIC
from hwbtext.topics.refits import DISSOLVED, STABLE

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Trust:
    """Topics by what becomes of them in refits.

    Attributes
    ----------
    agreement : float or None
        Mean adjusted Rand index with refits on half the passages; None without topics, or where the
        tables were moved without their ``topic_model``.
    n_stable, n_fair, n_dissolving : int
    """

    agreement: float | None
    n_stable: int
    n_fair: int
    n_dissolving: int

    @property
    def n_topics(self) -> int:
        """Number of topics."""
        return self.n_stable + self.n_fair + self.n_dissolving

    def __str__(self) -> str:
        """Return the line that stands above every topic table."""
        if not self.n_topics:
            return "It is not known how stable these topics are."
        parts = ["Stability: fitted anew on half the passages,"]
        if self.agreement is not None:
            parts.append(
                f"the topics agree to {self.agreement:.2f} (adjusted Rand index; 1 is the same "
                "topics, 0 chance);"
            )
        parts.append(
            f"of {self.n_topics} {'topic' if self.n_topics == 1 else 'topics'} {self.n_stable} "
            f"{'is' if self.n_stable == 1 else 'are'} stable ({STABLE} or more), {self.n_fair} "
            f"fair, and {self.n_dissolving} "
            f"{'dissolves' if self.n_dissolving == 1 else 'dissolve'} (under {DISSOLVED})."
        )
        return " ".join(parts)


def stability_words(stability: float) -> str:
    """Say what a stability means.

    Examples
    --------
    >>> stability_words(0.9), stability_words(0.6), stability_words(0.2)
    ('stable', 'fair', 'dissolves in refits')
    """
    if stability >= STABLE:
        return "stable"
    return "fair" if stability >= DISSOLVED else "dissolves in refits"


def build_trust(out: Path, tables: RunTables) -> Trust:
    """Add up the stability of the topics of a run, and read their agreement in its folder."""
    stability = {
        row["topic"]: row["stability"] for row in tables.topic_words if row["stability"] is not None
    }
    folder = out / FOLDER
    told = [stability_words(value) for value in stability.values()]
    return Trust(
        load_topic_model(folder).agreement if stability and holds_topic_model(folder) else None,
        told.count("stable"),
        told.count("fair"),
        told.count("dissolves in refits"),
    )


def topic_names(tables: RunTables, n_words: int = 3) -> dict[int, str]:
    """Return what each topic is called: its first words, after the anchor it grew from."""
    words = grouped(sorted(tables.topic_words, key=lambda row: row["rank"] or 0), "topic")
    names = {
        topic: ", ".join(str(row["word"]) for row in rows[:n_words])
        for (topic,), rows in words.items()
    }
    return {**names, **topic_anchors(tables), NO_TOPIC: "none of these"}


def topic_anchors(tables: RunTables) -> dict[int, str]:
    """Return the anchor of each topic that grew from one: it stands before a colon."""
    labels = {row["topic"]: row["topic_label"] or "" for row in tables.topics}
    return {topic: label.partition(": ")[0] for topic, label in labels.items() if ": " in label}
