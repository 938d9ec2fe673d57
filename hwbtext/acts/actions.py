"""Actions: what somebody is to do, by when, and how it stands."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from hwbtext.acts.phrases import ACTOR, ASSIGNING, read_action
from hwbtext.acts.points import point_actions
from hwbtext.acts.resolutions import resolution_spans
from hwbtext.records import Action, Block, CharSpan, Passage, Provenance
from hwbtext.text import n_words, same_length, sentences, strip_span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hwbtext.records import Document

_ACTION_MARK = re.compile(
    r"(?:\bACTIONS?(?:\s(?:POINTS?|REQUIRED|AGREED))?|\bActions?(?:\s(?:points?|required|agreed))?)"
    r"\s?(?:\d{1,3}(?:\.\d{1,2})?)?\s?[:-]-?\s?"
)
_LEAD_WORDS = re.compile(
    r"^(?:[\s:;,.-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s|\b(?:that|THAT|That|RESOLVED|Resolved|"
    r"AGREED|Agreed|It was|it was|agreed|resolved|therefore|unanimously|and|the Board)\b)+"
)
_OWNER_LABEL = re.compile(
    r"(?:^|(?<=[.;]\s))(?:responsib(?:le|ility)(?:\s+(?:officers?|persons?|leads?|owners?|directors?))?|"
    r"(?:action\s+)?owners?|(?:action\s+)?leads?(?:\s+officers?)?|(?:action\s+)?by\s+whom|action\s+by|"
    r"assigned\s+to|officers?)\s*[:-]\s*(?P<owner>[^.;\n]{2,120})",
    re.I,
)
_DUE_LABEL = re.compile(
    r"(?:^|(?<=[.;]\s))(?:deadline|due(?:\s+(?:date|by))?|by\s+when|timescales?(?:/deadline)?|target\s+date|"
    r"completion\s+date)\s*[:-]\s*(?P<due>[^;\n]{2,80})",
    re.I,
)
_LABELS_WITHIN = 3  # passages below an action that can name its owner and date
_NONE_STATED = re.compile(r"^(?:[-.\s]*|n/?a|none|not stated|nil)$", re.IGNORECASE)

_HEADERS = {
    "text": re.compile(
        r"^(?:agreed )?actions?(?: (?:required|agreed|points?|to be taken|needed|details?))?$|"
        r"^task$|^what(?: (?:we will do|will be done))?$|"
        r"^recommendations?$|^description(?: of action)?$",
        re.IGNORECASE,
    ),
    "owner": re.compile(
        r"^(?:action )?owners?$|^leads?(?: (?:officers?|person|organisation|agency|partner))?$|"
        r"^responsib(?:le|ility)(?: (?:officers?|person|lead|organisation|owner))?$|"
        r"^by whom$|^who$|^action (?:by|for)$|^assigned to$|"
        r"^officers?(?: responsible)?$|^person responsible$",
        re.IGNORECASE,
    ),
    "due": re.compile(
        r"^(?:due|deadline|by when|when|timescales?|target(?: date)?|"
        r"(?:due|completion) (?:date|by)|timeframe|date(?: due| for completion)?)$",
        re.IGNORECASE,
    ),
    "status": re.compile(
        r"^(?:current )?(?:status|progress|position|update|outcome|rag(?: status| rating)?|"
        r"comments?|progress (?:update|to date)|status/update|standing)$",
        re.IGNORECASE,
    ),
}


def detect_actions(document: Document, passages: Iterable[Passage]) -> tuple[Action, ...]:
    """Find what somebody is to do: action lines, assigning clauses, rows of action tables.

    Parameters
    ----------
    document : Document
    passages : iterable of Passage
        The passages of this document, as ``segment(document)`` gives them.

    Returns
    -------
    tuple of Action
        In reading order. ``owner``, ``due`` and ``status`` are as written; None where the
        paper does not state them (an empty cell, or a dash). The span is the line, the
        clause, or the row.

    Notes
    -----
    Read are "ACTION: X to do Y by Z" and "Action - X" (then what X is to do stands in the
    sentence before); in resolutions "that X be asked to do Y" and "that X bring Y"; and the
    rows below a header that names an action beside an owner, a date or a status.
    """
    passages = tuple(passages)
    rows = (*_table_actions(document, passages), *point_actions(document, passages))
    rows = tuple(sorted(rows, key=lambda action: action.prov.span))
    spans = [action.prov.span for action in rows]
    resolved = [span for span, _ in resolution_spans(document)]
    starts = [span.start for span in resolved]
    found = list(rows)
    for number, passage in enumerate(passages, start=1):
        before = bisect_left(spans, passage.span.end, key=lambda span: span.start) - 1
        if before >= 0 and passage.span.start < spans[before].end:
            continue  # a row of an action table has been read
        at = bisect_right(starts, passage.span.start) - 1
        inside = at >= 0 and passage.span.start < resolved[at].end
        lines = list(_marked(passage))
        if lines:
            lines[-1] = _with_labels(lines[-1], passages[number : number + _LABELS_WITHIN])
        found += lines or (list(_assigned(passage)) if inside else [])
    return tuple(sorted(found, key=lambda action: action.prov.span))


def _marked(passage: Passage) -> Iterator[Action]:
    """Read the lines that are marked as actions."""
    plain = same_length(passage.text)
    marks = list(_ACTION_MARK.finditer(plain))
    ends = [*(mark.start() for mark in marks[1:]), len(plain)]
    for mark, limit in zip(marks, ends, strict=False):
        span = _first_sentence(plain, mark.end(), limit)
        line = plain[span.start : span.end]
        if not line:
            continue
        parts = read_action(passage.text[span.start : span.end], line)
        if parts.owner is None and n_words(line) <= 8 and ACTOR.search(line):
            # "Action: all Board members": what they are to do was said just before.
            before = _last_sentence(plain, mark.start())
            text = passage.text[before.start : before.end]
            start = before.start if text else mark.start()
            said = read_action(text, plain[before.start : before.end])
            owner = passage.text[span.start : span.end].rstrip(" .;")
            yield _action(
                passage, CharSpan(start, span.end), text.rstrip(" .;") or owner, owner, said.due
            )
        else:
            yield _action(passage, CharSpan(mark.start(), span.end), *parts)


def _with_labels(action: Action, following: Sequence[Passage]) -> Action:
    """Add owner and date where they stand below as lines of their own: "Lead: the Clerk"."""
    owner, due = action.owner, action.due
    text = action.text
    if inner := _OWNER_LABEL.search(same_length(text)):
        owner = owner or text[slice(*inner.span("owner"))].strip(" .")
        text = text[: inner.start()].rstrip(" .;")
    for passage in following:
        plain = same_length(passage.text)
        found_owner, found_due = _OWNER_LABEL.match(plain), _DUE_LABEL.match(plain)
        if not found_owner and not found_due:
            break
        if found_owner and owner is None:
            owner = passage.text[slice(*found_owner.span("owner"))].strip(" .")
        if (later := found_due or _DUE_LABEL.search(plain)) and due is None:
            due = passage.text[slice(*later.span("due"))].strip(" .")
    return replace(action, text=text or action.text, owner=owner, due=due)


def _first_sentence(plain: str, start: int, limit: int) -> CharSpan:
    spans = sentences(plain[start:limit])
    end = start + (spans[0].end if spans else 0)
    return strip_span(plain, start, end)


def _last_sentence(plain: str, end: int) -> CharSpan:
    spans = sentences(plain[:end])
    return strip_span(plain, *spans[-1]) if spans else CharSpan(end, end)


def _assigned(passage: Passage) -> Iterator[Action]:
    """Read the clauses of a resolution that give somebody a task."""
    plain = same_length(passage.text)
    for span in sentences(plain):
        line = plain[span.start : span.end]
        lead = _LEAD_WORDS.match(line)
        begin = lead.end() if lead else 0
        parts = read_action(
            passage.text[span.start + begin : span.end],
            line[begin:],
            verbs=ASSIGNING,
        )
        if parts.owner is not None:
            yield _action(passage, span, *parts)
            return


def _action(
    passage: Passage, span: CharSpan, text: str, owner: str | None, due: str | None
) -> Action:
    start = passage.span.start
    whole = CharSpan(start + span.start, start + span.end)
    prov = Provenance(passage.doc_id, passage.passage_id, whole, passage.regions)
    return Action(prov, text, owner, due, status=None)


def _table_actions(document: Document, passages: Sequence[Passage]) -> Iterator[Action]:
    """Read the rows of action tables, each under the last header row above it."""
    columns: dict[str, int] = {}
    starts = [passage.span.start for passage in passages]
    cells = [block for block in document.blocks if block.kind != "furniture"]
    for row, group in groupby(
        cells, key=lambda block: block.row if block.kind == "table_cell" else None
    ):
        if row is None:
            columns = {}  # a paragraph or heading ends the table
            continue
        blocks = list(group)
        texts = _cell_texts(document, blocks)
        if header := _header(texts):
            columns = header
            continue
        if not columns:
            continue
        text = texts.get(columns["text"], "")
        if not text:
            continue
        span = CharSpan(blocks[0].span.start, blocks[-1].span.end)
        at = bisect_right(starts, span.start) - 1
        held = at >= 0 and span.start < passages[at].span.end
        yield Action(
            Provenance(
                document.doc_id,
                passages[at].passage_id if held else None,
                span,
                document.layout.regions(span),
            ),
            text,
            *(_stated(texts, columns.get(name)) for name in ("owner", "due", "status")),
        )


def _cell_texts(document: Document, blocks: Sequence[Block]) -> dict[int, str]:
    """Return the text of each column; a cell of several paragraphs is one text."""
    texts: dict[int, str] = {}
    for block in blocks:
        if block.column is None:
            continue
        text = " ".join(document.text[block.span.start : block.span.end].split())
        texts[block.column] = f"{texts[block.column]} {text}" if block.column in texts else text
    return texts


def _header(texts: dict[int, str]) -> dict[str, int]:
    """Return the column of each field; empty where the row is no header of an action table."""
    columns: dict[str, int] = {}
    for column, text in sorted(texts.items()):
        name = text.strip(" :*").casefold()
        for field, pattern in _HEADERS.items():
            if field not in columns and pattern.match(name):
                columns[field] = column
                break
    return columns if "text" in columns and len(columns) >= 2 else {}


def _stated(texts: dict[int, str], column: int | None) -> str | None:
    text = "" if column is None else texts.get(column, "")
    return None if _NONE_STATED.match(text) else text
