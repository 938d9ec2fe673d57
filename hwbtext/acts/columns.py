"""Headers of tables that hold actions: which column says what, who, by when, how it stands."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hwbtext.records import Block, CharSpan, Document

_FIELDS = {
    "owner": re.compile(
        r"^(?:action )?owners?$|^(?:action )?leads?(?: (?:officers?|person|organisation|agency|"
        r"partner|"
        r"director|name))?$|^(?:officer |person )?responsib(?:le|ility)(?: (?:officers?|person|"
        r"lead|"
        r"organisation|owner|director|party))?$|^(?:by|for)? ?whom?$|^action(?:ed)? (?:by|for|"
        r"owner)"
        r"(?: whom)?$|^assigned to$|^officers?(?: responsible)?$|^person responsible$|"
        r"^initials$|^name$",
        re.IGNORECASE,
    ),
    "due": re.compile(
        r"^(?:due|deadline|by when|when|timescales?(?: ?/ ?deadline)?|target(?: date)?|"
        r"(?:due|completion|action|review) (?:date|by)|timeframe|date(?: due| for completion|"
        r" required)?|"
        r"(?:to be )?completed by|by date|due for completion|expected completion(?: date)?)$",
        re.IGNORECASE,
    ),
    "status": re.compile(
        r"^(?:current |action )?(?:status|progress|position|update|outcome|rag(?: status| rating)?|"
        r"comments?|progress (?:update|to date)|status ?/ ?update|standing|"
        r"(?:updates?|comments?|status) ?(?:/|and|&|-) ?(?:updates?|comments?|status|progress)|"
        r"open ?/ ?closed|complete(?:d)?(?: ?(?:y/n|\?))?)$",
        re.IGNORECASE,
    ),
    "text": re.compile(
        r"^(?:agreed )?actions?(?: (?:required|agreed|points?|items?|to be taken|needed|"
        r"details?|description))?$|"
        r"^task$|^what(?: (?:we will do|will be done|needs to be done))?$|^recommendations?$|"
        r"^description(?: of action)?$|^(?:key )?(?:decisions?)? ?(?:/|and|"
        r"&)? ?actions?(?: points?)?$",
        re.IGNORECASE,
    ),
    "minuted": re.compile(
        r"^(?:agenda )?(?:items?|discussions?|minutes?|subject|topic|notes|key points|business|"
        r"matters?|issues?|details?|description|narrative)(?: (?:and|&) (?:discussion|"
        r"decisions?|notes|"
        r"minutes))?(?: (?:points|title|discussed))?$",
        re.IGNORECASE,
    ),
}


class Row(NamedTuple):
    """One row of a table: its blocks, and the texts of each column, a paragraph each."""

    span: CharSpan
    cells: Mapping[int, tuple[Block, ...]]
    texts: Mapping[int, str]


def table_rows(document: Document) -> Iterator[Row | None]:
    """Yield the rows of all tables, and None where something else ends a table."""
    from hwbtext.records import CharSpan

    blocks = [block for block in document.blocks if block.kind != "furniture"]
    for number, group in groupby(
        blocks, key=lambda block: block.row if block.kind == "table_cell" else None
    ):
        found = list(group)
        if number is None:
            yield None
            continue
        cells: dict[int, tuple[Block, ...]] = {}
        for block in found:
            if block.column is not None:
                cells[block.column] = (*cells.get(block.column, ()), block)
        texts = {
            column: " ".join(" ".join(document.text[slice(*one.span)].split()) for one in held)
            for column, held in cells.items()
        }
        yield Row(CharSpan(found[0].span.start, found[-1].span.end), cells, texts)


def read_header(texts: Mapping[int, str]) -> dict[str, int]:
    """Return the column of each field that a row names as a header; empty for any other row.

    Examples
    --------
    >>> read_header({0: "No", 1: "Action", 2: "Lead", 3: "By when"})
    {'text': 1, 'owner': 2, 'due': 3}
    >>> read_header({0: "Item", 1: "Lead", 2: "Time"})
    {}
    """
    columns: dict[str, int] = {}
    for column, text in sorted(texts.items()):
        name = " ".join(text.replace("*", " ").split()).strip(" :.").casefold()
        for field, pattern in _FIELDS.items():
            if field not in columns and pattern.match(name):
                columns[field] = column
                break
    says_action = any(_ACTION.search(texts[column]) for column in columns.values())
    if "text" in columns and len(columns) >= 2:
        return columns
    beside = "minuted" in columns and "owner" in columns
    return columns if beside and (says_action or "due" in columns) else {}


_ACTION = re.compile(r"\baction", re.IGNORECASE)
