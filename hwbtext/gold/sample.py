"""The records of a gold sample: passages with the codings of one or more coders.

``start`` and ``end`` of a mention are half-open positions in ``GoldUnit.text``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from hwbtext.records import Slot

Annotators = Literal["model-annotated", "people", "mixed", "unknown"]
ANNOTATORS: tuple[Annotators, ...] = ("model-annotated", "people", "mixed", "unknown")
Pool = Literal["estimation", "training"]
POOLS: tuple[Pool, ...] = ("estimation", "training")


@dataclass(frozen=True, slots=True)
class GoldMention:
    """A span that a coder marked; ``quote`` is ``text[start:end]`` of its unit."""

    category: str
    polarity: str
    start: int
    end: int
    quote: str
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class Coding:
    """What one coder said of one passage; ``outcome`` is None where they did not code it.

    ``subtype``, ``direction`` and ``act`` are None where the coder gave none. The act *none*
    of the codebook ("the passage reports no act of this body") is a code, not a None.
    """

    outcome: str | None
    subtype: str | None
    direction: str | None
    act: str | None
    mentions: tuple[GoldMention, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldUnit:
    """One passage with its codings.

    Attributes
    ----------
    id : str
        Unique in the sample.
    text : str
        The passage as the coders saw it.
    place, site : str
        Folds never part a place; a site is one of its bodies.
    year : int or None
    item : str or None
        Heading of the agenda item.
    stratum : str
        How the passage was drawn: "systematic", "random", or the cue that drew it
        ("cue-tangible"). What a cue drew never gives a rate.
    coders : tuple of (str, Coding)
        By name of the coder. A coder who did not see the passage is not in it.
    agreed : Coding or None
        The adjudicated coding, or the single coder's; None where nothing was agreed.
    source_url, doc, page : str, str, int, or None
        Where the passage is published.
    doc_sha256, doc_start, doc_end, passage_id : str, int, int, str, or None
        The passage in a document that hwbtext read: SHA-256 of the file's bytes and half-open
        offsets in ``Document.text``.
    prob : float or None
        Probability with which the passage was drawn, in (0, 1]. Without it a passage trains
        and scores, and gives no rate.
    pool : str or None
        "estimation" or "training".
    restated : bool
        Written again in other words; False means verbatim, or that nobody said.
    """

    id: str
    text: str
    place: str
    site: str
    year: int | None
    item: str | None
    stratum: str
    coders: tuple[tuple[str, Coding], ...]
    agreed: Coding | None
    source_url: str | None = None
    doc: str | None = None
    page: int | None = None
    doc_sha256: str | None = None
    doc_start: int | None = None
    doc_end: int | None = None
    passage_id: str | None = None
    prob: float | None = None
    pool: Pool | None = None
    restated: bool = False

    @property
    def reference(self) -> Coding | None:
        """Return the agreed coding; the only coder's where one coded; else None."""
        if self.agreed is not None:
            return self.agreed
        return self.coders[0][1] if len(self.coders) == 1 else None


@dataclass(frozen=True, slots=True)
class GoldSample:
    """A set of coded passages, in the order of the file.

    ``annotators`` says who coded: "model-annotated", "people", "mixed", or "unknown" where
    neither the sample's sidecar nor the caller says.
    """

    name: str
    units: tuple[GoldUnit, ...]
    annotators: Annotators = "unknown"

    def __len__(self) -> int:
        return len(self.units)

    @property
    def places(self) -> tuple[str, ...]:
        """Return the place of each unit, shape (n_units,): the groups of the folds."""
        return tuple(unit.place for unit in self.units)

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the text of each unit, shape (n_units,)."""
        return tuple(unit.text for unit in self.units)

    @property
    def labels(self) -> tuple[str | None, ...]:
        """Return the reference outcome of each unit, shape (n_units,); None where none."""
        found = (unit.reference for unit in self.units)
        return tuple(None if coding is None else coding.outcome for coding in found)

    @property
    def coders(self) -> tuple[str, ...]:
        """Return the names of the coders, sorted."""
        return tuple(sorted({name for unit in self.units for name, _ in unit.coders}))
