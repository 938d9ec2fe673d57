"""Invented coded passages of invented places, for tests of classifiers that learn."""

from __future__ import annotations

from typing import NamedTuple

PLACES = ("Ashmere", "Bramstow", "Coldwick", "Dunthorpe", "Elmley", "Fenham")
THINGS = ("falls", "oral health", "loneliness", "school nursing", "smoking", "damp housing")
SENTENCES = {
    "process.note": "The Board noted the report on {thing} in {place}.",
    "process.approve": "RESOLVED - That the strategy for {thing} be approved, said Cllr Quillby.",
    "tangible.population": "The number of people with {thing} had fallen by {n}% since {year}.",
    "tangible.delivery": "By then {n} residents had used the new service for {thing}.",
    "none.intention": "It was hoped that work on {thing} would begin in the spring of {year}.",
    "none.discussion": "A member asked whether {thing} mattered; Mrs Quillby thought it did.",
}


class Coded(NamedTuple):
    """Passages with their labels, places and documents."""

    texts: list[str]
    labels: list[str]
    places: list[str]
    documents: list[str]


def coded() -> Coded:
    """Return one passage of each label for each place and thing: 216 of six places."""
    rows = [
        (
            sentence.format(thing=thing, place=place, n=3 + 7 * at, year=2016 + at),
            label,
            place,
            f"{place}, {thing}",
        )
        for place in PLACES
        for at, thing in enumerate(THINGS)
        for label, sentence in SENTENCES.items()
    ]
    return Coded(*map(list, zip(*rows, strict=True)))
