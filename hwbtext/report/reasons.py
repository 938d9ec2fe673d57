"""What spoke for each outcome over all passages: the terms and rules of the labels' evidence."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hwbtext.report.tables import Row

REASON_CAP = 12
"""Terms shown for one outcome, at most."""

_WEIGHED = re.compile(r"(.+) \(\+(\d+\.\d+)\)")


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """The terms that spoke most for one value, each with the number of its passages."""

    value: str
    terms: tuple[tuple[str, int], ...]


def term_of(evidence: str) -> tuple[str, float]:
    """Return the term of one line of evidence and its weight; of a rule its id, and 1.

    Examples
    --------
    >>> term_of("noted (+0.8)"), term_of("report-noted: the report be noted")
    (('noted', 0.8), ('report-noted', 1.0))
    """
    if weighed := _WEIGHED.fullmatch(evidence):
        return weighed[1].lower(), float(weighed[2])
    return evidence.partition(": ")[0], 1.0


def reason_rows(judged: Iterable[Row], values: Sequence[str]) -> tuple[ReasonRow, ...]:
    """Add up the evidence of the labels of each value, the terms with most weight first.

    Function words are left out: each speaks little, but in every passage.

    Examples
    --------
    >>> labels = [{"value": "process", "evidence": ["the (+0.4)", "noted (+0.3)"]}] * 2
    >>> reason_rows(labels, ["process", "none"])
    (ReasonRow(value='process', terms=(('noted', 2),)),)
    """
    weight: defaultdict[tuple[str, str], float] = defaultdict(float)
    n: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in judged:
        said = dict(term_of(line) for line in row.get("evidence") or ())
        for term, each in said.items():
            if term in ENGLISH_STOP_WORDS:
                continue
            weight[row["value"], term] += each
            n[row["value"]][term] += 1
    return tuple(
        ReasonRow(
            value,
            tuple(
                (term, n[value][term])
                # Rounded: the order of the rows must not decide between two equal sums.
                for term in sorted(
                    n[value], key=lambda term: (-round(weight[value, term], 6), term)
                )[:REASON_CAP]
            ),
        )
        for value in values
        if n[value]
    )
