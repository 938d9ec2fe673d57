"""The block that opens a report: from whom, to whom, about what, and what is recommended."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.minutes.clauses import Clause, printed_number, split_clauses
from hwbtext.minutes.lines import Line, read_lines
from hwbtext.records import CharSpan
from hwbtext.text import n_words, strip_span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.records import Document

_FIELDS: tuple[tuple[str, str], ...] = (
    (
        "from",
        r"(?:report\s+)?from|report\s+(?:of|by)(?:\s+the)?|presented\s+by|presenter|sponsor(?:ing\s+\w+)?|"
        r"(?:executive|lead)\s+(?:director|lead|member|officer)|portfolio\s+holder|cabinet\s+member",
    ),
    (
        "author",
        r"(?:report\s+)?authors?|prepared\s+by|contact(?:\s+officers?)?|lead\s+officers?|"
        r"officer\s+contact|responsible\s+officer",
    ),
    (
        "to",
        r"(?:report\s+)?to(?:\s+the)?|meeting|meeting\s+of|committee|name\s+of\s+(?:meeting|committee)|"
        r"decision(?:\s+to\s+be\s+taken\s+by|\s+maker)|board\s+meeting",
    ),
    ("date", r"date|date\s+of\s+meeting|meeting\s+date|on"),
    (
        "subject",
        r"subject|title(?:\s+of\s+(?:report|paper|decision))?|report\s+(?:title|on)|paper\s+title|re",
    ),
    (
        "classification",
        r"classification|status|exempt(?:ion)?|confidential(?:ity)?|security\s+classification",
    ),
    (
        "reference",
        r"decision\s+(?:no|number|ref\w*)|key\s+decision|(?:agenda\s+)?item(?:\s+(?:no|number))?|"
        r"(?:report|paper)\s+(?:no|number|ref\w*)|enclosure|reference",
    ),
    (
        "pathway",
        r"(?:past|previous|future)\s+pathway(?:\s+of\s+(?:report|paper))?|previously\s+considered(?:\s+by)?",
    ),
    ("wards", r"(?:wards?|electoral\s+divisions?|divisions?)(?:\s*(?:\([^()]*\))?\s+affected)?"),
    (
        "purpose",
        r"purpose(?:\s+of\s+(?:the\s+)?(?:report|paper))?|(?:report|paper)\s+is\s+for|action\s+required|"
        r"for\s+(?:decision|information|approval|assurance|discussion)",
    ),
    (
        "summary",
        r"(?:executive\s+)?summary(?:\s+of\s+(?:the\s+)?report)?|background\s+summary|report\s+summary",
    ),
    (
        "recommendations",
        r"(?:officer\s+|summary\s+of\s+)?recommendation(?:s|\(s\))?(?:\s+and\s+reasons?)?|"
        r"recommended(?:\s+(?:actions?|decisions?))?|decision(?:s)?\s+(?:required|requested|sought)|"
        r"(?:the\s+)?(?:board|committee|cabinet|council|members?)\s+(?:is|are)\s+(?:asked|recommended|"
        r"requested|invited)(?:\s+to)?",
    ),
)
_PATTERNS = tuple(
    (
        name,
        re.compile(
            rf"^\W{{0,3}}(?:\d{{1,2}}(?:\.\d{{1,2}})?[.)]?\s+)?(?:{form})\s*(?P<mark>:|$|\t)", re.I
        ),
    )
    for name, form in _FIELDS
)
_ASKED = re.compile(
    r"(?:\b(?:is|are)\s+(?:therefore\s+)?(?:asked|recommended|requested|invited)\s+to|"
    r"\bit\s+is\s+(?:therefore\s+)?recommended\s+that|\bthat\s+the\s+\w+)\b",
    re.I,
)
_INNER = re.compile(
    r"(?<=\s)(?:From|To|Subject|Classification|Decision\s+(?:No|Number)|Past\s+Pathway|Future\s+Pathway|"
    r"Electoral\s+Divisions?|Summary|Recommendations?(?:\(s\))?|Report\s+author|Date|Status|Title)\s*:\s"
)
_BODY = re.compile(
    r"^\W*(?:1|2)[.)]?\s+(?=(?-i:[A-Z]))|^(?:introduction|background|main\s+report|discussion)\s*$",
    re.I,
)
_LOOK = 70  # blocks of a report in which its cover can stand
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class CoverField:
    """One field of a cover: ``name`` is what it is, ``text`` what it says, at ``span``."""

    name: str
    label: str
    text: str
    span: CharSpan


@dataclass(frozen=True, slots=True)
class CoverSheet:
    """The fields of a cover in reading order, and the recommendations clause by clause."""

    fields: tuple[CoverField, ...]
    recommendations: tuple[Clause, ...]

    def get(self, name: str) -> str | None:
        """Return the text of the first field of a name, or None."""
        return next((field.text for field in self.fields if field.name == name), None)


def find_cover(document: Document, within: CharSpan | None = None) -> CoverSheet | None:
    r"""Find the block of fields that opens a report.

    Parameters
    ----------
    document : Document
    within : CharSpan, optional
        Look only in this part of the text (one part of a pack).

    Returns
    -------
    CoverSheet or None
        None where fewer than two fields are found. Names of fields are from, author, to, date,
        subject, classification, reference, pathway, wards, purpose, summary, recommendations.

    Examples
    --------
    >>> from hwbtext.parse import parse_bytes
    >>> text = "From: The Director\n\nTo: Cabinet\n\nSubject: Roads\n\nRecommendations:\n\n"
    >>> text += "Cabinet is asked to:\n\n(1) note the report; and\n\n(2) agree the plan."
    >>> cover = find_cover(parse_bytes(text.encode(), "report.txt"))
    >>> cover.get("subject"), [clause.number for clause in cover.recommendations]
    ('Roads', ['1', '2'])
    """
    lines = [piece for line in read_lines(document, within)[:_LOOK] for piece in _pieces(line)]
    found: list[tuple[str, str, list[tuple[int, int]]]] = []
    recommended: list[Line] = []
    current: list[tuple[int, int]] | None = None
    name = ""
    for line in lines:
        label = _label(line)
        if label is not None:
            name, written, end = label
            current = []
            found.append((name, written, current))
            start, stop = strip_span(line.text, end, len(line.text))
            if stop > start:
                current.append((line.start + start, line.start + stop))
                if name == "recommendations":
                    recommended.append(_from(line, start))
            continue
        section = line.is_heading or name != "recommendations" or n_words(line.text) <= 5
        begun = len({n for n, _, _ in found}) >= _FEWEST
        if begun and section and _BODY.match(line.text):
            break
        if current is None:
            continue
        if line.is_heading and current and name not in ("subject", "from"):
            current = None
            continue
        if name == "recommendations":
            if recommended and not _goes_on(line, recommended):
                current = None
                continue
            recommended.append(line)
        current.append((line.start, line.end))
    fields = tuple(
        CoverField(
            name,
            written,
            document.text[spans[0][0] : spans[-1][1]],
            CharSpan(spans[0][0], spans[-1][1]),
        )
        for name, written, spans in found
        if spans
    )
    if len({field.name for field in fields}) < _FEWEST:
        return None
    return CoverSheet(fields, tuple(_clauses(recommended)))


def _label(line: Line) -> tuple[str, str, int] | None:
    """Return (name, label as written, end) of the field that a line opens."""
    head = line.text[:90]
    for name, pattern in _PATTERNS:
        match = pattern.match(head)
        if match is None:
            continue
        alone = not match["mark"].strip()
        if (
            alone
            and not (line.is_heading or line.kind == "table_cell")
            and name not in ("recommendations", "summary")
        ):
            continue
        return name, match.group().strip(" :\t"), match.end()
    return None


def _pieces(line: Line) -> Iterator[Line]:
    """Cut a line in which several fields were printed beside each other."""
    text = line.text
    cuts = [0]
    if _label(line) is not None and len(text) < 1_500:
        cuts += [match.start() for match in _INNER.finditer(text)]
    for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True):
        low, high = strip_span(text, start, end)
        if high > low:
            yield Line(
                line.index,
                line.start + low,
                line.start + high,
                text[low:high],
                line.kind,
                line.level,
                line.row,
                line.column,
            )


def _from(line: Line, start: int) -> Line:
    text = line.text[start:]
    return Line(line.index, line.start + start, line.end, text, line.kind, line.level)


def _goes_on(line: Line, before: Sequence[Line]) -> bool:
    """Return whether a line still belongs to the recommendations."""
    leads = before[-1].text.rstrip().endswith((":", "to", "that", "-", ";", ",", "and"))
    listed = line.kind in ("list_item", "table_cell") or printed_number(line.text) is not None
    return leads or listed or line.text[:1].islower()


def _clauses(lines: Sequence[Line]) -> Iterator[Clause]:
    """Yield the recommendations; a lead-in ("Cabinet is asked to:") is none."""
    for number, line in enumerate(lines):
        leads_in = line.text.rstrip().endswith((":", " to", " that")) and _ASKED.search(line.text)
        if leads_in and number + 1 < len(lines):
            continue
        printed = printed_number(line.text)
        for at, clause in enumerate(split_clauses(line.text)):
            span = CharSpan(line.start + clause.span.start, line.start + clause.span.end)
            yield Clause(span, printed.number if printed and not at else clause.number)


def label_names(lines: Sequence[Line]) -> frozenset[str]:
    """Return the names of the fields that these lines open.

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> sorted(label_names([Line(0, 0, 11, "To: Cabinet", "paragraph")]))
    ['to']
    """
    pieces = [piece for line in lines for piece in _pieces(line)]
    return frozenset(label[0] for piece in pieces if (label := _label(piece)))
