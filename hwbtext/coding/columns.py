"""The columns of a coding sheet, by a codebook: what they are called and what they take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from hwbtext.codebook import Codebook

Role = Literal["given", "coded", "hidden"]

AGREED = "agreed"
"""Name of the sheet, or of the coder, whose codes are the agreed ones."""

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``choices`` is empty where it takes words of the coder's own."""

    name: str
    role: Role
    width: int
    choices: tuple[str, ...] = ()


GIVEN = (
    Column("id", "given", 13),
    Column("coder", "given", 12),
    Column("site", "given", 16),
    Column("year", "given", 7),
    Column("item", "given", 24),
    Column("before", "given", 30),
    Column("text", "given", 70),
    Column("after", "given", 30),
)
HIDDEN = tuple(
    Column(name, "hidden", 12)
    for name in (
        "place",
        "pool",
        "prob",
        "stratum",
        "doc",
        "page",
        "doc_sha256",
        "doc_start",
        "doc_end",
        "passage_id",
        "text_sha256",
    )
)


def coded_columns(codebook: Codebook) -> tuple[Column, ...]:
    """Return the columns that a coder fills: four for the passage, three a category.

    Examples
    --------
    >>> from hwbtext.codebook import load_codebook
    >>> [column.name for column in coded_columns(load_codebook())][:7]
    ['outcome', 'subtype', 'direction', 'act',
     'ownership', 'ownership_polarity', 'ownership_quote']
    """
    subtypes = tuple(code for outcome in codebook.outcomes for code in codebook.subtypes(outcome))
    columns = [
        Column("outcome", "coded", 12, codebook.outcomes),
        Column("subtype", "coded", 21, subtypes),
        Column("direction", "coded", 11, tuple(term.name for term in codebook.directions)),
        Column("act", "coded", 13, tuple(term.name for term in codebook.acts)),
    ]
    for category in codebook.categories:
        columns += [
            Column(category, "coded", 13, (YES, NO)),
            Column(f"{category}_polarity", "coded", 14, codebook.polarities(category)),
            Column(f"{category}_quote", "coded", 36),
        ]
    return tuple(columns)


def all_columns(codebook: Codebook) -> tuple[Column, ...]:
    """Return every column of a coding sheet, in order."""
    return (*GIVEN, *coded_columns(codebook), *HIDDEN)
