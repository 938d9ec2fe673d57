"""Frozen records that every stage passes on.

Offsets are half-open ``[start, end)`` positions in ``Document.text``, counted in Python
characters. Boxes are PDF points from the top left of the page as displayed, rotation
applied. Pages count from 1. Instants are aware UTC; meeting dates are plain dates.
A value that could not be told is None, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

SCHEMA_VERSION = "1.0"
"""Version of the records and tables; a reader refuses a newer major version."""

DocKind = Literal["agenda", "minutes", "paper", "pack", "strategy", "needs_assessment", "other"]
DOC_KINDS: tuple[DocKind, ...] = (
    "agenda",
    "minutes",
    "paper",
    "pack",
    "strategy",
    "needs_assessment",
    "other",
)
TextLayer = Literal["embedded", "ocr", "none"]
BlockKind = Literal[
    "heading", "paragraph", "list_item", "table_cell", "caption", "footnote", "furniture"
]
Outcome = Literal["process", "tangible", "none"]
OUTCOMES: tuple[Outcome, ...] = ("process", "tangible", "none")
Category = Literal["ownership", "accountability", "inequality"]
CATEGORIES: tuple[Category, ...] = ("ownership", "accountability", "inequality")
Polarity = Literal["affirmed", "lacking", "aspirational", "neutral"]
POLARITIES: tuple[Polarity, ...] = ("affirmed", "lacking", "aspirational", "neutral")
Severity = Literal["info", "warning", "error"]
ItemKind = Literal[
    "apologies",
    "attendance",
    "declarations",
    "minutes",
    "matters_arising",
    "action_log",
    "public_questions",
    "exclusion",
    "other_business",
    "next_meeting",
    "chair",
    "welcome",
    "business",
]
Presence = Literal["present", "in_attendance", "apologies", "absent"]
VoteResult = Literal["carried", "lost"]
ActionKind = Literal["explicit", "told"]
BodyRole = Literal["agent", "object", "listed"]


class Status(StrEnum):
    """What became of one file."""

    SUCCESS = "success"
    PARTIAL = "partial"  # some text, and an issue that took some away
    FAILED = "failed"  # no text
    SKIPPED = "skipped"  # not a paper, or the same bytes as another file


class CharSpan(NamedTuple):
    """Characters ``[start, end)`` of ``Document.text``."""

    start: int
    end: int


class BBox(NamedTuple):
    """A box in PDF points from the top left of the displayed page."""

    x0: float
    top: float
    x1: float
    bottom: float


class Region(NamedTuple):
    """One printed line, or a part of it, on a page (counted from 1)."""

    page: int
    bbox: BBox


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a finding stands: document, passage, characters, printed lines."""

    doc_id: str
    passage_id: str | None
    span: CharSpan
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where each word of a document is printed; one row a word, in reading order.

    Attributes
    ----------
    starts, ends : ndarray of int32, shape (n_words,)
        Offsets of the word in ``Document.text``.
    pages : ndarray of int32, shape (n_words,)
        Page of the word, from 1.
    lines : ndarray of int32, shape (n_words,)
        Running number of the printed line.
    boxes : ndarray of float32, shape (n_words, 4)
        x0, top, x1, bottom in points.
    """

    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    pages: NDArray[np.int32]
    lines: NDArray[np.int32]
    boxes: NDArray[np.float32]

    @classmethod
    def empty(cls) -> Layout:
        """Return the layout of a document that has no printed positions (HTML, text)."""
        import numpy as np

        none = np.zeros(0, dtype=np.int32)
        return cls(none, none, none, none, np.zeros((0, 4), dtype=np.float32))

    def regions(self, span: CharSpan) -> tuple[Region, ...]:
        """Return one box a printed line for the words that ``span`` touches; may be empty."""
        import numpy as np

        first = int(np.searchsorted(self.ends, span.start, side="right"))
        last = int(np.searchsorted(self.starts, span.end, side="left"))
        found: list[Region] = []
        low = first
        while low < last:
            high = low
            while high < last and self.lines[high] == self.lines[low]:
                high += 1
            box = self.boxes[low:high]
            found.append(
                Region(
                    int(self.pages[low]),
                    BBox(
                        float(box[:, 0].min()),
                        float(box[:, 1].min()),
                        float(box[:, 2].max()),
                        float(box[:, 3].max()),
                    ),
                )
            )
            low = high
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that went wrong with the world, not with the call."""

    code: str  # stable, snake_case: "encrypted", "no_text_layer"
    severity: Severity
    message: str
    component: str
    doc_id: str | None = None
    page: int | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A board's council; ``site_id`` is its ONS code, or a slug of its name."""

    site_id: str
    name: str
    platform: str | None
    base_url: str | None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was read, before any parsing.

    ``path`` is relative to the folder that was given, with forward slashes, so that results
    do not depend on where the folder lies.
    """

    path: str
    sha256: str
    media_type: str
    n_bytes: int

    @property
    def doc_id(self) -> str:
        """Return the first 16 hex digits of the SHA-256: codings outlive a parser."""
        return self.sha256[:16]


@dataclass(frozen=True, slots=True)
class Page:
    """One page. Page spans tile ``Document.text``. Size in points, None where there is none.

    ``confidence`` is the mean of the OCR's in each word, 0 to 1; None for embedded text.
    """

    number: int
    span: CharSpan
    width: float | None = None
    height: float | None = None
    text_layer: TextLayer = "embedded"
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, table cell, or piece of furniture.

    ``level`` is the depth of a heading from 1, and 0 for every other kind. The cells of one
    table row stand in order, a tab between them; ``row`` numbers the rows of a document and
    ``column`` the cells of a row, both from 0. A cell of several paragraphs gives a block each.
    """

    span: CharSpan
    kind: BlockKind
    level: int = 0
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """The text of one paper, written once by the parser; every finding points down to it.

    Attributes
    ----------
    doc_id : str
        First 16 hex digits of the SHA-256 of the bytes.
    source : SourceFile
        The file it was read from.
    text : str
        All text, furniture included. Lines of a paragraph are joined by a space.
    pages : tuple of Page
        Their spans tile ``text``.
    blocks : tuple of Block
        In order of the text, without overlap.
    layout : Layout
        Boxes of words; empty for formats without pages.
    parser : str
        Name and version of the parser: ``"pdf@1"``.
    status : Status
        FAILED when there is no text at all; then ``issues`` says why.
    issues : tuple of Issue
    title : str or None
        Title as the file's own properties give it (HTML title, front matter), if any.
    published : date or None
        Date of publication that the text itself states (front matter), if any.
    """

    doc_id: str
    source: SourceFile
    text: str
    pages: tuple[Page, ...]
    blocks: tuple[Block, ...]
    layout: Layout
    parser: str
    status: Status
    issues: tuple[Issue, ...] = ()
    title: str | None = None
    published: date | None = None
    schema_version: str = SCHEMA_VERSION

    @property
    def n_pages(self) -> int:
        """Return the number of pages; 1 for formats without pages."""
        return len(self.pages)

    def page_of(self, offset: int) -> int | None:
        """Return the page (from 1) on which the character at ``offset`` stands."""
        for page in self.pages:
            if page.span.start <= offset < page.span.end:
                return page.number
        return None


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a paper is: whose, of which body, of which meeting; None where it does not say.

    ``meeting_date`` is the meeting that the text records; ``published_with_date`` the folder
    or listing that it came with (minutes are usually published with the next meeting).
    ``start_time`` and ``close_time`` are "HH:MM" on the 24-hour clock, or as written where the
    paper leaves open whether it was morning.
    """

    site_id: str | None = None
    site: str | None = None
    committee: str | None = None
    kind: DocKind = "other"
    meeting_date: date | None = None
    published_with_date: date | None = None
    title: str | None = None
    place: str | None = None
    start_time: str | None = None
    close_time: str | None = None

    @property
    def year(self) -> int | None:
        """Return the year of the meeting, else of publication, else None."""
        when = self.meeting_date or self.published_with_date
        return when.year if when else None


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A numbered item of minutes or of an agenda; ``span`` runs to the next item.

    ``level`` is 1, and 2 or 3 for an item numbered below another. ``number`` is as printed,
    and empty where the paper does not number its items.
    """

    number: str
    title: str
    span: CharSpan
    item_id: str = ""
    level: int = 1
    page: int | None = None
    kind: ItemKind = "business"


@dataclass(frozen=True, slots=True)
class Attendance:
    """One person in the attendance of a meeting.

    ``name`` is as printed, with title and honours; no other record holds names of its own.
    ``virtual`` is None where the paper does not say how somebody took part.
    """

    doc_id: str
    span: CharSpan  # of the name
    name: str
    presence: Presence
    role: str | None = None
    organisation: str | None = None
    virtual: bool | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """A recorded vote; counts are None where the paper does not give them.

    Who voted how stands in the text at ``span`` only.
    """

    doc_id: str
    span: CharSpan
    n_for: int | None
    n_against: int | None
    n_abstain: int | None
    result: VoteResult | None
    unanimous: bool = False
    item_id: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit of coding: a resolution clause, a minuted paragraph, a table row.

    ``document.text[span.start:span.end] == text``. ``fragment`` marks pieces without a
    sentence to judge (figures of a table, captions): they are not classified and stay out of
    rates (codebook, ruling E52).
    """

    passage_id: str
    doc_id: str
    span: CharSpan
    text: str
    page: int | None
    item_number: str | None = None
    item_title: str | None = None
    section_path: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    fragment: bool = False
    clause: str | None = None  # printed number of the resolution clause


@dataclass(frozen=True, slots=True)
class Label:
    """One judgement of one passage by one annotator, a person or a model.

    ``value`` is None where the annotator abstained. ``score`` lies in [0, 1].
    """

    prov: Provenance
    scheme: str
    value: str | None
    annotator: str
    subtype: str | None = None
    direction: str | None = None
    score: float | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """One role of a mention (who, what, due, holder, …), as written."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where the text speaks of ownership, accountability or inequality.

    ``in_title`` says that it stands in a title or a name, ``diffuse`` that its owner is
    everybody ("all partners").
    """

    prov: Provenance
    text: str
    category: Category
    polarity: Polarity
    rule_id: str
    annotator: str
    slots: tuple[Slot, ...] = ()
    modifiers: tuple[str, ...] = ()
    in_title: bool = False
    diffuse: bool = False
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """The verb of one resolution: noted, approved, delegated and so on."""

    prov: Provenance
    verb: str
    clause: str | None
    rule_id: str


@dataclass(frozen=True, slots=True)
class Action:
    """Something that somebody is to do; None for what is not stated.

    ``owner``, ``due`` and ``status`` are as written. ``first_due_date`` and ``last_due_date``
    are the first and last day that ``due`` can mean, reckoned from the day of the meeting.
    ``kind`` says whether the paper marks it as an action ("explicit") or a sentence gives
    somebody a task ("told"); ``owner_body`` is the id of the organisation that the owner names,
    in the table of bodies.
    """

    prov: Provenance
    text: str
    owner: str | None
    due: str | None
    status: str | None
    kind: ActionKind = "explicit"
    first_due_date: date | None = None
    last_due_date: date | None = None
    owner_body: str | None = None


@dataclass(frozen=True, slots=True)
class BodyMention:
    """A body of the health and care system named in one sentence, ``count`` times."""

    prov: Provenance
    text: str
    body_id: str
    name: str
    kind: str
    role: BodyRole
    count: int = 1


@dataclass(frozen=True, slots=True)
class TopicWord:
    """One of the words that tell a topic from the others.

    ``stability`` is the topic's: mean Jaccard similarity with its match in refits on half the
    passages. Under 0.5 it is a topic of the sample, from 0.75 a stable one.
    """

    topic: int
    rank: int
    word: str
    weight: float
    n_passages: int
    stability: float


@dataclass(frozen=True, slots=True)
class TopicShare:
    """Share of one topic in the passages of one site and year.

    Attributes
    ----------
    share : float
        ``n / n_total``.
    low, high : float or None
        95% interval; meetings, not passages, are its independent units. None with one meeting.
    pooled : float
        The share drawn towards the site's share over all years, the more the thinner the cell.
    thin : bool
        So few meetings or passages that the share is not to be read alone.
    """

    site_id: str
    year: int
    topic: int
    n: int
    n_total: int
    n_meetings: int
    share: float
    low: float | None
    high: float | None
    pooled: float
    thin: bool


@dataclass(frozen=True, slots=True)
class DriftDistance:
    """How far two cells lie apart, and whether meetings alone could explain it.

    Attributes
    ----------
    kind : str
        "years" (two years of one site; of all sites where ``site_id_a`` is None) or "sites"
        (two sites, in the years that both have).
    measure : str
        "topics": Jensen-Shannon distance of topic shares (base 2, 0 to 1). "text": distance of
        the mean features of the sentence vectors (a kernel mean discrepancy), for drift that
        topics hide. "wording": the same within ``topic``.
    chance : float or None
        Median distance when meetings change places: what the same distance is without drift.
    p, p_adjusted : float or None
        Of the permutation test, and corrected for all comparisons of the same kind and measure
        (Benjamini-Hochberg). None where there are too few meetings: see ``note``.
    moved_topic, moved_by, moved_p : int, float, float, or None
        The topic that changed most in standard errors, by how much of all passages, and its p.
    detectable : float or None
        Change of a topic's share (median over topics) that the comparison finds in four cases
        of five.
    template_a, template_b : float
        Share of the cell's passages left out as template (the same in meeting after meeting).
    note : str or None
        What else differs between the cells (kinds of paper, length, scans), or why p is None.
    """

    kind: str
    measure: str
    topic: int | None
    site_id_a: str | None
    year_a: int | None
    site_id_b: str | None
    year_b: int | None
    distance: float
    chance: float | None
    p: float | None
    p_adjusted: float | None
    moved_topic: int | None
    moved_by: float | None
    moved_p: float | None
    detectable: float | None
    n_a: int
    n_b: int
    n_meetings_a: int
    n_meetings_b: int
    n_documents_a: int
    n_documents_b: int
    template_a: float
    template_b: float
    note: str | None


@dataclass(frozen=True, slots=True)
class Changepoint:
    """A meeting of a site from which on its topic shares are others.

    Attributes
    ----------
    topic : int or None
        None: all topics together.
    day : date
        Of the first meeting after the change; ``low`` and ``high``, of the 95% interval's ends.
    share_before, share_after : float or None
        Of the topic; None for all topics together.
    p, p_adjusted : float
        As in :class:`DriftDistance`.
    """

    site_id: str
    topic: int | None
    day: date
    low: date
    high: date
    share_before: float | None
    share_after: float | None
    p: float
    p_adjusted: float
    n_meetings: int


@dataclass(frozen=True, slots=True)
class PanelCell:
    """One measure in one site and year; ``share`` is None where ``n_total`` is 0.

    ``low`` and ``high`` are a 95% interval that treats documents, not passages, as the
    independent units; None where fewer than two documents are in the cell.
    """

    site_id: str | None
    year: int | None
    measure: str
    n: int
    n_total: int
    n_documents: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class DocumentFindings:
    """All that is found in one file; the parts of a run are made of these."""

    document: Document
    facts: DocumentFacts
    paths: tuple[str, ...]
    passages: tuple[Passage, ...] = ()
    labels: tuple[Label, ...] = ()
    mentions: tuple[Mention, ...] = ()
    acts: tuple[Act, ...] = ()
    actions: tuple[Action, ...] = ()
    issues: tuple[Issue, ...] = ()
    items: tuple[AgendaItem, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    votes: tuple[Vote, ...] = ()
    bodies: tuple[BodyMention, ...] = ()


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did: ``n_in == n_success + n_partial + n_failed + n_skipped``."""

    n_in: int
    n_success: int
    n_partial: int
    n_failed: int
    n_skipped: int
    seed: int
    versions: dict[str, str] = field(default_factory=dict)
    out: str = ""
    n_passages: int = 0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        done = self.n_success + self.n_partial + self.n_failed + self.n_skipped
        if self.n_in != done:
            msg = f"The counts of a run must add up. Got n_in={self.n_in} and {done} accounted for."
            raise ValueError(msg)
