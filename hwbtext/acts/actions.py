"""Actions: what somebody is to do, by when, and how it stands."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from hwbtext.acts.resolutions import resolution_spans
from hwbtext.records import Action, Block, CharSpan, Passage, Provenance
from hwbtext.text import n_words, same_length, sentences, strip_span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hwbtext.records import Document

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
_DATE = (
    rf"(?:(?:the\s)?(?:(?:end|start|middle)\sof\s)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?)?{_MONTH}\b"
    r"(?:,?\s20\d\d)?|\d{1,2}[./-]\d{1,2}[./-](?:20)?\d\d|(?:the\s)?end\sof\s(?:the\s)?"
    r"(?:year|month|week|financial\syear|quarter)|year\send|Q[1-4](?:\s20\d\d(?:[/-]\d\d)?)?|"
    r"(?:the\s)?(?:spring|summer|autumn|winter)(?:\s(?:of\s)?20\d\d)?|20\d\d(?:[/-]\d\d)?|"
    r"next\s(?:week|month|year))"
)
_MEETING = (
    rf"(?:(?:the|its|our)\s)?(?:(?:next|following|{_MONTH})(?:\s20\d\d)?\s(?:\w{{1,15}}\s){{0,2}}?"
    rf"meeting|meeting\s(?:on|in|of)\s{_DATE})"
)
_DUE = re.compile(
    rf"\b(?:(?:by|before|no\slater\sthan|not\slater\sthan)\s(?P<by>{_DATE}|{_MEETING}|then)|"
    rf"(?:to|at|for|in\stime\sfor)\s(?P<meeting>{_MEETING})|"
    rf"(?P<within>within\s(?:\w{{1,12}}\s){{1,2}}(?:days|weeks|months))|"
    rf"(?:in|on|from)\s(?P<on>{_DATE}))",
)
_ACTION_MARK = re.compile(
    r"(?:\bACTIONS?(?:\s(?:POINTS?|REQUIRED|AGREED))?|\bActions?(?:\s(?:points?|required|agreed))?)"
    r"\s?(?:\d{1,3}(?:\.\d{1,2})?)?\s?[:-]-?\s?"
)
_LEAD_WORDS = re.compile(
    r"^(?:[\s:;,.-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s|\b(?:that|THAT|That|RESOLVED|Resolved|"
    r"AGREED|Agreed|It was|it was|agreed|resolved|therefore|unanimously|and|the Board)\b)+"
)
_WORDS = r"(?:[\w'&/,()-]{1,30}\s){0,14}?[\w'&/,()-]{1,30}"
_ASKED = re.compile(
    rf"^(?P<owner>{_WORDS})\s(?:be|is|was|were|are)\s(?:also\s)?"
    r"(?:asked|requested|instructed|invited|tasked|directed|required|authori[sz]ed)\s"
    r"(?:to|with)\s(?P<what>.{3,400})$",
    re.DOTALL,
)
_ASKS = re.compile(
    rf"^(?:to\s)?(?:ask|request|instruct|task|invite|direct|require)(?:s|ed)?\s(?P<owner>{_WORDS})"
    r"\s(?:to|with)\s(?P<what>.{3,400})$",
    re.DOTALL | re.IGNORECASE,
)
_TO_DO = re.compile(
    rf"^(?P<owner>{_WORDS}?)\s(?:to|will|would)\s(?P<what>[a-z].{{2,400}})$", re.DOTALL
)
_VERBS = (
    r"(?:bring|report|prepare|provide|circulate|write|arrange|convene|submit|draft|lead|liaise|"
    r"contact|follow|look|take|investigate|explore|raise|host|co-?ordinate|oversee|send|supply|"
    r"present|produce|compile|feed|find|respond|publish|organise|act|carry|undertake|nominate|"
    r"check|clarify|return|attend|promote|share|work|develop|review|consult|meet|give|make|ensure|"
    r"identify|draw|set|discuss|invite|update|establish|explain|examine|obtain|finalise|sign)"
)
_TO_VERB = re.compile(rf"^(?P<owner>{_WORDS}?)\sto\s(?P<what>{_VERBS}\b.{{2,400}})$", re.DOTALL)
_AT_END = re.compile(r"[\s.;,]{0,5}(?:\sand)?[\s.;,]{0,5}$")
_THAT_DO = re.compile(
    rf"^(?P<owner>{_WORDS}?)\s(?:also\s|jointly\s|then\s|again\s)?(?P<what>{_VERBS}\b.{{2,400}})$",
    re.DOTALL,
)
_ACTOR = re.compile(
    r"\b(?:directors?|officers?|managers?|chair|chairs|chairman|co-chairs|vice-chair|leads?|clerk|"
    r"executive|secretary|consultants?|teams?|trusts?|groups?|partners|members|organisations?|"
    r"sponsors?|healthwatch|ccgs?|icb|councils?|councillors?|cllr|commissioners?|advis[eo]rs?|"
    r"representatives?|practitioner|analyst|solicitor|commander|all|board|committee|partnership|"
    r"department|services?|agency|agencies|nhs|(?-i:[A-Z]{2,6}))\b|^(?-i:[A-Z]\w{1,25}(?:\s[A-Z]\w{1,25}){0,3})$",
    re.IGNORECASE,
)
_NO_ACTOR = re.compile(
    r"^(?:the\s)?(?:board|committee|meeting|report|strategy|plan|minutes|programme|item|next)\b"
    r"(?!\smembers)|\b(?:to|be|been|is|was|were|are|had|has|have|that|this|which|noted|approved|agreed|"
    r"endorsed|appointed|choose)\b|^(?:it|there|and|by)\b|'s$",
    re.IGNORECASE,
)
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


class _Parts(NamedTuple):
    """What one line of action says."""

    text: str
    owner: str | None
    due: str | None


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
    rows = tuple(_table_actions(document, passages))
    spans = [action.prov.span for action in rows]
    resolved = [span for span, _ in resolution_spans(document)]
    starts = [span.start for span in resolved]
    found = list(rows)
    for passage in passages:
        before = bisect_left(spans, passage.span.end, key=lambda span: span.start) - 1
        if before >= 0 and passage.span.start < spans[before].end:
            continue  # a row of an action table has been read
        at = bisect_right(starts, passage.span.start) - 1
        inside = at >= 0 and passage.span.start < resolved[at].end
        lines = list(_marked(passage))
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
        parts = _read(passage.text[span.start : span.end], line)
        if parts.owner is None and n_words(line) <= 8 and _ACTOR.search(line):
            # "Action: all Board members": what they are to do was said just before.
            before = _last_sentence(plain, mark.start())
            text = passage.text[before.start : before.end]
            start = before.start if text else mark.start()
            said = _read(text, plain[before.start : before.end])
            owner = passage.text[span.start : span.end].rstrip(" .;")
            yield _action(
                passage, CharSpan(start, span.end), text.rstrip(" .;") or owner, owner, said.due
            )
        else:
            yield _action(passage, CharSpan(mark.start(), span.end), *parts)


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
        parts = _read(
            passage.text[span.start + begin : span.end],
            line[begin:],
            verbs=(_ASKED, _ASKS, _TO_VERB, _THAT_DO),
        )
        if parts.owner is not None:
            yield _action(passage, span, *parts)
            return


def _read(
    written: str, plain: str, *, verbs: Sequence[re.Pattern[str]] = (_ASKED, _TO_DO, _THAT_DO)
) -> _Parts:
    """Split a line into what is to be done, by whom and by when.

    ``plain`` is ``written`` in plain spelling, character for character.
    """
    due = _due(written, plain)
    for pattern in verbs:
        match = pattern.match(plain)
        if match is None:
            continue
        owner = match["owner"]
        if not _ACTOR.search(owner) or _NO_ACTOR.search(owner):
            continue
        return _Parts(
            _AT_END.sub("", written[slice(*match.span("what"))]),
            written[slice(*match.span("owner"))].strip(" ,"),
            due,
        )
    return _Parts(_AT_END.sub("", written), None, due)


def _due(written: str, plain: str) -> str | None:
    """Return the day or meeting by which; of several the last, unless one says "by"."""
    matches = list(_DUE.finditer(plain))
    if not matches:
        return None
    chosen = next((match for match in matches if match["by"]), matches[-1])
    name = str(chosen.lastgroup)
    return written[slice(*chosen.span(name))]


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
