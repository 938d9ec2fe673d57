"""Findings as table rows: plain values, dates as ISO text, so that they can be JSON."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from hwbtext.store import SLOT_NAMES

if TYPE_CHECKING:
    from hwbtext.records import CharSpan, DocumentFindings, Provenance

Row = dict[str, Any]


def to_rows(findings: DocumentFindings) -> dict[str, list[Row]]:
    """Return the table rows of one file's findings; dates are ISO text, as in JSON."""
    document, facts = findings.document, findings.facts
    base: Row = {
        "doc_id": document.doc_id,
        "site_id": facts.site_id,
        "meeting_date": _iso(facts.meeting_date),
        "year": facts.year,
        "doc_kind": facts.kind,
    }
    has_pages = bool(document.pages) and document.pages[0].width is not None

    def at(span: CharSpan) -> Row:
        page = document.page_of(span.start) if has_pages else None
        return {**base, "page": page, "start": span.start, "end": span.end}

    def placed(prov: Provenance) -> Row:
        return {**at(prov.span), "passage_id": prov.passage_id}

    return {
        "documents": [
            {
                **base,
                "paths": list(findings.paths),
                "sha256": document.source.sha256,
                "status": str(document.status),
                "n_pages": document.n_pages,
                "n_pages_ocr": sum(page.text_layer == "ocr" for page in document.pages),
                "title": facts.title,
                "site": facts.site,
                "committee": facts.committee,
                "published_with_date": _iso(facts.published_with_date),
                "place": facts.place,
                "start_time": facts.start_time,
                "close_time": facts.close_time,
                "media_type": document.source.media_type,
                "n_bytes": document.source.n_bytes,
                "parser": document.parser,
                "text": document.text,
            }
        ],
        "passages": [
            {
                **base,
                "passage_id": passage.passage_id,
                "item_number": passage.item_number,
                "item_title": passage.item_title,
                "clause": passage.clause,
                "section_path": list(passage.section_path),
                "page": passage.page,
                "start": passage.span.start,
                "end": passage.span.end,
                "text": passage.text,
                "fragment": passage.fragment,
                "regions": [
                    {"page": region.page, **region.bbox._asdict()} for region in passage.regions
                ],
            }
            for passage in findings.passages
        ],
        "items": [
            {
                **at(item.span),
                "item_id": item.item_id,
                "number": item.number,
                "title": item.title,
                "level": item.level,
                "kind": item.kind,
            }
            for item in findings.items
        ],
        "attendance": [
            {
                **at(person.span),
                "name": person.name,
                "presence": person.presence,
                "role": person.role,
                "organisation": person.organisation,
                "virtual": person.virtual,
            }
            for person in findings.attendance
        ],
        "votes": [
            {
                **at(vote.span),
                "item_id": vote.item_id,
                "n_for": vote.n_for,
                "n_against": vote.n_against,
                "n_abstain": vote.n_abstain,
                "result": vote.result,
                "unanimous": vote.unanimous,
            }
            for vote in findings.votes
        ],
        "labels": [
            {
                **placed(label.prov),
                "scheme": label.scheme,
                "value": label.value,
                "subtype": label.subtype,
                "direction": label.direction,
                "score": label.score,
                "annotator": label.annotator,
                "evidence": list(label.evidence),
            }
            for label in findings.labels
        ],
        "mentions": [
            {
                **placed(mention.prov),
                "category": mention.category,
                "polarity": mention.polarity,
                "text": mention.text,
                "slots": {
                    name: next((s.text for s in mention.slots if s.name == name), None)
                    for name in SLOT_NAMES
                },
                "in_title": mention.in_title,
                "diffuse": mention.diffuse,
                "modifiers": list(mention.modifiers),
                "rule_id": mention.rule_id,
                "annotator": mention.annotator,
                "score": mention.score,
            }
            for mention in findings.mentions
        ],
        "acts": [
            {**placed(act.prov), "verb": act.verb, "clause": act.clause, "rule_id": act.rule_id}
            for act in findings.acts
        ],
        "actions": [
            {
                **placed(action.prov),
                "kind": action.kind,
                "text": action.text,
                "owner": action.owner,
                "owner_body": action.owner_body,
                "due": action.due,
                "first_due_date": _iso(action.first_due_date),
                "last_due_date": _iso(action.last_due_date),
                "status": action.status,
            }
            for action in findings.actions
        ],
        "bodies": [
            {
                **placed(body.prov),
                "body": body.body_id,
                "name": body.name,
                "kind": body.kind,
                "role": body.role,
                "count": body.count,
                "text": body.text,
            }
            for body in findings.bodies
        ],
        "issues": [
            {
                **base,
                "code": issue.code,
                "severity": issue.severity,
                "message": issue.message,
                "component": issue.component,
                "path": issue.path,
                "page": issue.page,
            }
            for issue in findings.issues
        ],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def with_dates(row: Row) -> Row:
    """Return a row with its dates as dates."""
    return {
        name: date.fromisoformat(value)
        if name.endswith("_date") and isinstance(value, str)
        else value
        for name, value in row.items()
    }
