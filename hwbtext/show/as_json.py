"""The structure of a paper as JSON, for scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hwbtext.show.printable import escaped_json

if TYPE_CHECKING:
    from datetime import date

    from hwbtext.minutes import Resolution
    from hwbtext.records import Action, AgendaItem, Attendance, CharSpan, Document, Issue, Vote
    from hwbtext.show.structure import Piece, Structure

_Json = dict[str, Any]


def to_json(structure: Structure) -> str:
    r"""Return the structure as one JSON object.

    Parameters
    ----------
    structure : Structure
        ``blocks`` holds those on the pages it shows, furniture included; every other list is
        of the whole document.

    Returns
    -------
    str
        ``start`` and ``end`` are positions in the text of the document, counted in Unicode
        characters. Keys never change their order; a value that is not known is null.

    Examples
    --------
    >>> import json
    >>> from hwbtext.parse import parse_bytes
    >>> from hwbtext.records import DocumentFacts, DocumentFindings
    >>> from hwbtext.show import read_structure
    >>> document = parse_bytes(b"# Air quality\n\nIt was noted.", "a.md")
    >>> found = DocumentFindings(document, DocumentFacts(), ("a.md",))
    >>> [block["kind"] for block in json.loads(to_json(read_structure(found)))["blocks"]]
    ['heading', 'paragraph']
    """
    document = structure.document
    content = {
        "file": document.source.path,
        "doc_id": document.doc_id,
        "media_type": document.source.media_type,
        "parser": document.parser,
        "schema_version": document.schema_version,
        "status": str(document.status),
        "n_pages": structure.n_pages,
        "facts": _facts(structure),
        "issues": [_issue(issue) for issue in structure.findings.issues],
        "pages": [
            {
                "number": page.number,
                **_span(page.span),
                "width": page.width,
                "height": page.height,
                "text_layer": page.text_layer,
            }
            for page in document.pages
            if page.number in structure.pages
        ],
        "blocks": [_block(piece) for piece in structure.pieces],
        "items": [_item(item) for item in structure.findings.items],
        "resolutions": [_resolution(document, found) for found in structure.resolutions],
        "actions": [_action(document, action) for action in structure.findings.actions],
        "attendance": [_attendance(who) for who in structure.findings.attendance],
        "votes": [_vote(vote) for vote in structure.findings.votes],
    }
    return escaped_json(json.dumps(content, ensure_ascii=False, indent=1)) + "\n"


def _span(span: CharSpan) -> _Json:
    return {"start": span.start, "end": span.end}


def _day(when: date | None) -> str | None:
    return when.isoformat() if when else None


def _facts(structure: Structure) -> _Json:
    facts = structure.findings.facts
    return {
        "site_id": facts.site_id,
        "site": facts.site,
        "committee": facts.committee,
        "kind": facts.kind,
        "meeting_date": _day(facts.meeting_date),
        "published_with_date": _day(facts.published_with_date),
        "title": facts.title,
        "place": facts.place,
        "start_time": facts.start_time,
        "close_time": facts.close_time,
    }


def _issue(issue: Issue) -> _Json:
    return {
        "code": issue.code,
        "severity": issue.severity,
        "message": issue.message,
        "page": issue.page,
    }


def _block(piece: Piece) -> _Json:
    block = piece.block
    return {
        "number": piece.number,
        "kind": block.kind,
        "level": block.level,
        "page": piece.page,
        **_span(block.span),
        "row": block.row,
        "column": block.column,
        "text": piece.text,
    }


def _item(item: AgendaItem) -> _Json:
    return {
        "item_id": item.item_id,
        "number": item.number,
        "title": item.title,
        "level": item.level,
        "kind": item.kind,
        "page": item.page,
        **_span(item.span),
    }


def _resolution(document: Document, resolution: Resolution) -> _Json:
    return {
        **_span(resolution.span),
        "clauses": [
            {
                "number": clause.number,
                **_span(clause.span),
                "text": document.text[clause.span.start : clause.span.end],
            }
            for clause in resolution.clauses
        ],
    }


def _action(document: Document, action: Action) -> _Json:
    return {
        **_span(action.prov.span),
        "text": document.text[action.prov.span.start : action.prov.span.end],
        "what": action.text,
        "kind": action.kind,
        "owner": action.owner,
        "owner_body": action.owner_body,
        "due": action.due,
        "first_due_date": _day(action.first_due_date),
        "last_due_date": _day(action.last_due_date),
        "status": action.status,
    }


def _attendance(who: Attendance) -> _Json:
    return {
        "name": who.name,
        "presence": who.presence,
        "role": who.role,
        "organisation": who.organisation,
        "virtual": who.virtual,
        **_span(who.span),
    }


def _vote(vote: Vote) -> _Json:
    return {
        **_span(vote.span),
        "n_for": vote.n_for,
        "n_against": vote.n_against,
        "n_abstain": vote.n_abstain,
        "result": vote.result,
        "unanimous": vote.unanimous,
        "item_id": vote.item_id,
    }
