"""The codes of a gold sample as tables that can be measured: one row a passage, or a mention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from hwbtext.codebook import load_codebook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hwbtext.codebook import Codebook
    from hwbtext.gold import Coding, GoldMention, GoldSample, GoldUnit

Task = Literal["outcome", "subtype", "mentions"]
TASKS: tuple[Task, ...] = ("outcome", "subtype", "mentions")
PRESENT, ABSENT = "present", "absent"


@dataclass(frozen=True, slots=True, eq=False)
class CodeTable:
    """Codes of one question that the coders answered.

    Attributes
    ----------
    measure : str
        "outcome", "subtype", "presence" or "polarity".
    category : str or None
        The category of mention that was asked for.
    table : DataFrame, shape (n_rows, n_coders)
        Codes, None where a coder did not code; the index is the position of the unit.
    labels : tuple of str
    """

    measure: str
    category: str | None
    table: pd.DataFrame
    labels: tuple[str, ...]


def code_tables(
    gold: GoldSample, task: Task, codebook: Codebook | None = None
) -> tuple[CodeTable, ...]:
    """Return the tables of a task: one for outcome and subtype, two a category of mention."""
    book = load_codebook() if codebook is None else codebook
    if task == "outcome":
        return (_labels_table(gold, "outcome", lambda coding: coding.outcome, book.outcomes),)
    if task == "subtype":
        scheme = [name for outcome in book.outcomes for name in book.subtypes(outcome)]
        return (_labels_table(gold, "subtype", lambda coding: coding.subtype, scheme),)
    tables = []
    for category in categories(gold):
        known = category in book.categories
        tables.append(_presence(gold, category))
        tables.append(_polarity(gold, category, book.polarities(category) if known else ()))
    return tuple(tables)


def categories(gold: GoldSample) -> tuple[str, ...]:
    """Return the categories of mention that any coder found, sorted."""
    return tuple(
        sorted(
            {
                mention.category
                for unit in gold.units
                for _, coding in unit.coders
                for mention in coding.mentions
            }
        )
    )


def category_spans(
    gold: GoldSample, category: str
) -> tuple[tuple[int, ...], list[dict[str, list[tuple[int, int]]]]]:
    """Return the positions of the units that were read for mentions, and the spans by coder."""
    positions, spans = [], []
    readers = _mention_readers(gold)
    for position, unit in enumerate(gold.units):
        found = {
            name: [(m.start, m.end) for m in coding.mentions if m.category == category]
            for name, coding in unit.coders
            if readers(name, coding)
        }
        if found:
            positions.append(position)
            spans.append(found)
    return tuple(positions), spans


def cluster_of(unit: GoldUnit) -> str:
    """Return the document of a unit, or its place where no document is known."""
    document = unit.doc_sha256 or unit.doc or unit.source_url
    return f"{unit.place}\n{document}" if document else unit.place


def cluster_name(units: Sequence[GoldUnit]) -> str:
    """Return in words what :func:`cluster_of` makes of these units."""
    without = sum(1 for unit in units if not (unit.doc_sha256 or unit.doc or unit.source_url))
    if without == 0:
        return "document"
    if without == len(units):
        return "place"
    return f"document, or place where none is known ({without} of {len(units)} passages)"


def _labels_table(
    gold: GoldSample,
    measure: str,
    code: Callable[[Coding], str | None],
    scheme: Sequence[str],
) -> CodeTable:
    rows = [{name: code(coding) for name, coding in unit.coders} for unit in gold.units]
    table = _frame(gold, rows, range(len(rows)))
    used = {value for row in rows for value in row.values() if value is not None}
    return CodeTable(measure, None, table, _scheme(used, scheme))


def _presence(gold: GoldSample, category: str) -> CodeTable:
    positions, spans = category_spans(gold, category)
    rows = [
        {name: PRESENT if found else ABSENT for name, found in by_coder.items()}
        for by_coder in spans
    ]
    return CodeTable("presence", category, _frame(gold, rows, positions), (PRESENT, ABSENT))


def _polarity(gold: GoldSample, category: str, scheme: Sequence[str]) -> CodeTable:
    positions: list[int] = []
    rows: list[dict[str, str]] = []
    for position, unit in enumerate(gold.units):
        mentions = {
            name: [mention for mention in coding.mentions if mention.category == category]
            for name, coding in unit.coders
        }
        for row in _same_mention({name: found for name, found in mentions.items() if found}):
            positions.append(position)
            rows.append(row)
    used = {value for row in rows for value in row.values()}
    table = _frame(gold, rows, positions)
    return CodeTable("polarity", category, table, _scheme(used, scheme))


def _scheme(used: set[str], scheme: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of the codebook; where it lacks some, those used are all we know."""
    return tuple(scheme) if used <= set(scheme) else tuple(sorted(used))


def _same_mention(mentions: dict[str, list[GoldMention]]) -> list[dict[str, str]]:
    """Return the polarity by coder of each mention that the coders marked, as far as one can say.

    Where each coder marked one, it is the same. Where one marked several, those are the same
    that overlap; a coder with two in one such group is read by the longer.
    """
    if not mentions:
        return []
    if all(len(found) == 1 for found in mentions.values()):
        return [{name: found[0].polarity for name, found in mentions.items()}]
    every = sorted(
        ((mention, name) for name, found in mentions.items() for mention in found),
        key=lambda pair: (pair[0].start, pair[0].end, pair[1]),
    )
    groups: list[list[tuple[GoldMention, str]]] = []
    reach = -1
    for mention, name in every:
        if mention.start < reach:
            groups[-1].append((mention, name))
        else:
            groups.append([(mention, name)])
        reach = max(reach, mention.end)
    rows = []
    for group in groups:
        longest: dict[str, GoldMention] = {}
        for mention, name in group:
            kept = longest.get(name)
            if kept is None or mention.end - mention.start > kept.end - kept.start:
                longest[name] = mention
        rows.append({name: mention.polarity for name, mention in longest.items()})
    return rows


def _mention_readers(gold: GoldSample) -> Callable[[str, Coding], bool]:
    """Return whether a coding says anything on mentions.

    A coding without an outcome and without a mention is one that its coder left blank, unless
    the coder gives no outcomes at all: then mentions are what they coded.
    """
    gives_outcomes = {
        name for unit in gold.units for name, coding in unit.coders if coding.outcome is not None
    }

    def reads(name: str, coding: Coding) -> bool:
        return bool(coding.mentions) or coding.outcome is not None or name not in gives_outcomes

    return reads


def _frame(
    gold: GoldSample, rows: Sequence[Mapping[str, str | None]], positions: Sequence[int]
) -> pd.DataFrame:
    coders = sorted({name for unit in gold.units for name, _ in unit.coders})
    cells = [[row.get(coder) for coder in coders] for row in rows]
    return pd.DataFrame(cells, index=list(positions), columns=coders, dtype=object)
