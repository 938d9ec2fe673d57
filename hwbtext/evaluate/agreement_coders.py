"""A further coder beside those of a gold sample: a model may sit in, or one more person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hwbtext.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.gold import Annotators, Coding, GoldSample


def with_coder(
    gold: GoldSample, name: str, codings: Sequence[Coding | None], *, person: bool = False
) -> GoldSample:
    """Return the sample with one more coder, whose agreement can then be measured.

    Parameters
    ----------
    gold : GoldSample
    name : str
        Of the coder; a new one.
    codings : sequence of Coding or None, shape (n_units,)
        In the order of the units; None where the coder did not code.
    person : bool
        Whether the coder is a person; a model by default. A sample that people coded becomes
        "mixed" with a model among them, and the other way round.

    Raises
    ------
    InputError
        There is a coder of that name, or not one coding a unit.

    Examples
    --------
    >>> from hwbtext.gold import Coding, GoldSample, GoldUnit
    >>> by_hand = (("ann", Coding("process", None, None, None)),)
    >>> where = ("Text.", "Ambridge", "Board", 2020, None, "random")
    >>> sample = GoldSample("example", (GoldUnit("1", *where, by_hand, None),), "people")
    >>> more = with_coder(sample, "lexicon", [Coding("none", None, None, None)])
    >>> more.coders, more.annotators
    (('ann', 'lexicon'), 'mixed')
    """
    if name in gold.coders:
        msg = f"There is a coder {name!r} in {gold.name!r} already. Give the new one another name."
        raise InputError(msg)
    if len(codings) != len(gold.units):
        msg = f"codings needs one entry a unit: {len(gold.units)}. Got {len(codings)}."
        raise InputError(msg)
    units = tuple(
        unit if coding is None else replace(unit, coders=(*unit.coders, (name, coding)))
        for unit, coding in zip(gold.units, codings, strict=True)
    )
    before = gold.annotators
    others: Annotators = "model-annotated" if person else "people"
    after: Annotators = "mixed" if before == others else before
    return replace(gold, units=units, annotators=after)
