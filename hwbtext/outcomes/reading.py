"""What every classifier of outcomes does, and what it says of a passage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from hwbtext.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

TANGIBLE_STRICT = ("tangible.population", "tangible.service")
"""Sub-types in which somebody's life or care has changed; delivery and structure are means."""


@dataclass(frozen=True, slots=True)
class OutcomeReading:
    """What a classifier reads in one passage.

    Attributes
    ----------
    value : str or None
        process, tangible or none, or an outcome of your own codebook; None where the
        classifier abstains.
    subtype : str or None
        A code of the codebook (``"tangible.service"``); None where the codebook has none.
    direction : str or None
        One of ``DIRECTIONS`` for tangible, else None.
    score : float
        Share of the most probable outcome, in (0, 1). That of the lexicon is not calibrated.
    evidence : tuple of str
        What speaks for ``value``, the strongest first: ``"rule-id: words that matched"`` of
        the lexicon, ``"words (+0.8)"`` of a model that weighs words; it may be empty.
    """

    value: str | None
    subtype: str | None
    direction: str | None
    score: float
    evidence: tuple[str, ...]


class Reason(NamedTuple):
    """A word, phrase or rule, and how much it spoke for (above 0) or against an outcome."""

    term: str
    weight: float


@runtime_checkable
class OutcomeClassifier(Protocol):
    """Tells outcomes of passages apart; the lexicon and every trained model do.

    ``name`` is name and version (``"outcome-lexicon@1"``) and stands in the tables as the
    annotator. What is said of a text depends on that text alone.
    """

    @property
    def name(self) -> str:
        """Return name and version."""
        ...

    @property
    def classes_(self) -> NDArray[np.str_]:
        """Return the outcomes, sorted."""
        ...

    def predict(self, X: Iterable[str]) -> NDArray[Any]:  # noqa: N803
        """Return one outcome a text, or None where it abstains."""
        ...

    def predict_proba(self, X: Iterable[str]) -> NDArray[np.float64]:  # noqa: N803
        """Return shares, shape (n_texts, n_outcomes); rows sum to 1."""
        ...

    def read(self, text: str) -> OutcomeReading:
        """Read one passage."""
        ...

    def read_many(self, texts: Iterable[str]) -> list[OutcomeReading]:
        """Read passages; each as :meth:`read` would."""
        ...

    def explain(self, text: str, n: int = 8) -> tuple[tuple[str, float], ...]:
        """Return what spoke most for and against the most probable outcome."""
        ...


def outcome_of(label: str) -> str:
    """Return the outcome of a label: what stands before its first dot.

    Examples
    --------
    >>> outcome_of("process.note"), outcome_of("process")
    ('process', 'process')
    """
    return label.partition(".")[0]


def outcome_views(label: str | None) -> tuple[str, ...]:
    """Return the views of *tangible* in which a passage with this label counts.

    Parameters
    ----------
    label : str or None
        A sub-type, or an outcome for want of one.

    Returns
    -------
    tuple of str
        ``"tangible_broad"`` for everything tangible; before it ``"tangible_strict"`` where the
        health of people or a service changed (population, service), not where something was
        delivered or set up.

    Examples
    --------
    >>> outcome_views("tangible.service"), outcome_views("tangible.delivery")
    (('tangible_strict', 'tangible_broad'), ('tangible_broad',))
    >>> outcome_views("process.note"), outcome_views(None)
    ((), ())
    """
    if label is None or outcome_of(label) != "tangible":
        return ()
    broad = ("tangible_broad",)
    return ("tangible_strict", *broad) if label in TANGIBLE_STRICT else broad


def as_texts(texts: Iterable[str]) -> list[str]:
    """Return the texts as a list.

    Raises
    ------
    InputError
        It is one string, no iterable, or holds something that is no string.
    """
    if isinstance(texts, str | bytes):
        msg = "The texts must be a list or other iterable of strings. Got one string: put it in []."
        raise InputError(msg)
    try:
        listed: list[object] = list(texts)
    except TypeError as error:
        msg = f"The texts must be an iterable of strings. Got {type(texts).__name__}."
        raise InputError(msg) from error
    strings = [text for text in listed if isinstance(text, str)]
    if len(strings) < len(listed):
        index = next(i for i, text in enumerate(listed) if not isinstance(text, str))
        kind = type(listed[index]).__name__
        msg = f"Every text must be a string. Got {kind} at position {index}."
        raise InputError(msg)
    return strings


def as_text(text: object) -> str:
    """Return the one text that ``read`` and ``explain`` take.

    Raises
    ------
    InputError
        It is no string.
    """
    if not isinstance(text, str):
        msg = f"read() takes one string. Got {type(text).__name__}: use predict() for many."
        raise InputError(msg)
    return text
