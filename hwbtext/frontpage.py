"""What a paper is: whose, of which body, of which meeting, of what kind.

Read from the front page, the path, and a ``metadata.csv``. For minutes the text's own date
wins; a disagreement is an issue; what cannot be told is None, never a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from hwbtext.dates import find_dates
from hwbtext.records import DocKind, DocumentFacts, Issue
from hwbtext.sites import find_site, site_from_folder
from hwbtext.text import same_length

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from hwbtext.dates import DateMention
    from hwbtext.records import Document

_ZONE_BLOCKS = 40
_ZONE_CHARS = 4_000
_BLOCK_CHARS = 600  # bounds the time of every pattern below
_BLOCK_WORDS = 60  # some clerks write the whole minutes as one paragraph

# ---- bodies and organisations ------------------------------------------------------------

_WORD = r"[A-Z][\w'&/-]*\.?"
_LINK = r"(?:and|of|for|the|on|in|with|upon|AND|OF|FOR|THE|ON|IN|WITH|UPON|&)"
_NAME = rf"{_WORD}(?:,?\s+(?:{_LINK}\s+){{0,2}}{_WORD}){{0,9}}"
_BODY_NOUN = (
    r"(?i:\b(?:board|committee|sub-?committee|panel|cabinet|council|forum|partnership|executive|"
    r"commission|group|assembly|collaborative|liaison))"
)
_ENDS_AS_BODY = re.compile(rf"{_BODY_NOUN}$")
_COUNCIL = re.compile(
    r"^(?:(?P<place>(?!(?:full|parish|town|community|county|city|district|borough)\s+council).+?)\s+)?"
    r"(?P<kind>(?:Parish|Town|Community|County|City|District|(?:Metropolitan\s+)?Borough)\s+Council"
    r"|Council)$",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    rf"(?:(?:(?:London|Royal)\s+)?(?:Borough|City)\s+of\s+{_NAME}|{_NAME}\s+(?i:Council)\b)"
)
_HEADED = 40  # characters that may follow a council's name on the line that it heads
_NHS_BODY = re.compile(
    rf"{_NAME}\s+(?:NHS\s+(?:Foundation\s+)?Trust|Integrated\s+Care\s+Board|"
    r"Clinical\s+Commissioning\s+Group)"
)
_GENERIC = frozenset(
    "committee board panel council group meeting partnership forum executive commission "
    "assembly sub-committee subcommittee collaborative liaison".split()
)
_ALONE = frozenset({"cabinet", "executive", "council"})
_ACRONYMS = frozenset("NHS ICB ICS CCG HWB LPC PCN STP BCF JSNA SEND UK LSCB LSP".split())

_MEETING_OF = re.compile(
    r"\b(?i:minutes|notes|record|proceedings|agenda|summons|meeting|a\.?g\.?m\.?)\b[^.]{0,40}?"
    r"\b(?i:of|for)\s+(?i:a\s+|an\s+|the\s+)?"
    r"(?:(?i:ordinary|special|extraordinary|annual|general|public|virtual)\s+)*"
    rf"(?:(?i:meeting)\s+(?i:of)\s+(?i:the\s+)?)?(?P<name>{_NAME})"
)
_BODY_MEETING = re.compile(
    rf"(?P<name>{_NAME})\s*[,-]?\s+\(?(?:(?i:annual|ordinary|extraordinary|special|general)\s+)*"
    r"(?i:meeting|minutes|agenda)\b"
)
_BEFORE_NAME = re.compile(
    r"^(?:(?:the|a|an|minutes|agenda|draft|meeting|of|notes|for|on|at|to|councillors?|members?|"
    r"ordinary|extraordinary|special|annual|general)\s+)+",
    re.IGNORECASE,
)
_INSIDE_NAME = re.compile(r"\s+(?:extraordinary|ordinary|special|annual)(?=\s)", re.IGNORECASE)
_NO_NAME = re.compile(
    r"\b(?:minutes|agenda|summons|meeting|members?|chair|next|date|previous|clerk|leader|full|officer|"
    r"this|our|budget|chief|category)\b",
    re.IGNORECASE,
)
_POST = re.compile(r"(?:members?|officers?|directors?|lead|managers?)\b", re.IGNORECASE)
_AROUND_NAME = re.compile(
    r"^(?:minutes|agenda)\s*[:-]\s*|[\s,-]+(?:(?:ordinary|annual|general|extraordinary|special)\s+)*"
    r"(?:meeting|minutes|agenda|a\.?g\.?m\.?|e\.?g\.?m\.?)$",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(
    r"[\s,:-]*(?:\b(?:on|at|held|meeting|monday|tuesday|wednesday|thursday|friday)\b[\s,-]*)*$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"^(?:to|report\s+to|meeting|committee)\s*:\s*", re.IGNORECASE)
_TO_LABEL = re.compile(
    r"^(?i:report\s+to(?:\s+the)?|to|meeting|committee|board|name\s+of\s+(?:meeting|committee)|"
    r"decision\s+to\s+be\s+taken\s+by|decision\s+maker)\s*(?::|(?<=report to)|(?<=to the))\s*"
    rf"(?i:the\s+)?(?P<name>{_NAME})"
)
_LABEL_ALONE = re.compile(
    r"^(?i:report\s+to(?:\s+the)?|to|meeting|committee|name\s+of\s+(?:meeting|committee)|"
    r"decision\s+to\s+be\s+taken\s+by|decision\s+maker)\s*:$"
)

# ---- dates -------------------------------------------------------------------------------

_OTHER_MEETING = re.compile(
    r"(?:previous|last|next(?!\s+meeting\s+to\s+be\s+held)|following|future|earlier|preceding|minutes\s+of\s+(?:the\s+)?meetings?"
    r"\s+held|approve|confirm|receive|agree|sign)\b[^.]{0,80}$|"
    r"(?:publish(?:ed)?|issued?|version|ver\.?|updated|revised|deadline|dated|signed|printed|as\s+at"
    r"|from|until|since|ended|ending|period|year|due|by|past\s+pathway[^:]*:?.*|future\s+pathway.*|"
    r"previously\s+considered.*|consult\w*.*|cancelled|postponed\s+from)\s*:?\s*(?:on\s+)?$",
    re.IGNORECASE,
)
# The heading of minutes that names no body; an item that approves the last minutes has a number
# before it, or says what was done with them.
_OWN_TITLE = re.compile(
    r"^\W*(?:draft\s+|unapproved\s+)?minutes\s+of\s+(?:the|a)\s+meeting\s+held\b"
    r"(?!.*\b(?:approv\w*|agreed|signed|confirm\w*|accepted|received|read|true|correct)\b)",
    re.IGNORECASE | re.DOTALL,
)
_TITLE_BLOCKS = 5  # of the front page, among which the heading of minutes stands
_MEETING_CUE = re.compile(
    r"\b(?:minutes|notes|record|proceedings|meeting|assembly|held|summoned|summons|agenda|a\.?g\.?m)\b",
    re.IGNORECASE,
)
_DATE_LABEL = re.compile(r"\b(?:date(?:\s+and\s+time)?|date\s+held|when)\s*[:|-]?\s*$", re.I)
_MEETING_DATE_LABEL = re.compile(
    r"(?:\bdate\s+of\s+(?:the\s+)?meeting|\bmeeting\s+date|\bdate\s+held)\s*[:|-]?\s*$", re.I
)
_LETTER = re.compile(r"\bDear\b|\bYours\s+(?:sincerely|faithfully)|\bmy\s+ref\b", re.I)
_TWO_MEETINGS = re.compile(r"\b(?:aborted|abandoned|inquorate|reconvened)\b", re.IGNORECASE)
_TIME = re.compile(r"\b\d{1,2}(?:[.:]\d{2})?\s?(?:am|pm|a\.m|p\.m|noon|hours|hrs)\b", re.IGNORECASE)

# ---- kinds -------------------------------------------------------------------------------

_KIND_OF_NAME: tuple[tuple[DocKind, re.Pattern[str]], ...] = (
    ("pack", re.compile(r"\b(?:reports?|agenda|document)\s+pack\b", re.I)),
    ("minutes", re.compile(r"\bminutes?\b", re.I)),
    ("agenda", re.compile(r"\bagendas?\b", re.I)),
    ("needs_assessment", re.compile(r"\bneeds\s+assessment|\bjsna\b|\bpna\b", re.I)),
    ("strategy", re.compile(r"\bstrategy\b|\bjhws\b", re.I)),
)
_MINUTES_HEAD = re.compile(
    r"\bminutes\s+(?:of|for)\b|^(?:draft\s+|unconfirmed\s+|printed\s+)?minutes\b|\bminutes$|"
    r"\bminutes\s+of\s+(?:the|a)\b|\bnotes\s+of\s+(?:the|a)\s+meeting\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"^(?:members\s+)?(?:present|those\s+(?:present|attending)|in\s+attendance)\b", re.IGNORECASE
)
_AGENDA_HEAD = re.compile(
    r"^(?:supplementary\s+)?a\s?g\s?e\s?n\s?d\s?a\b|\bagenda$|\bsummon(?:s|ed)\b|"
    r"\bnotice\s+of\s+meeting\b|\bmeeting\s+(?:to|will)\s+be\s+held\b",
    re.IGNORECASE,
)
_PAPER_HEAD = re.compile(
    r"^(?:report\s+(?:to|of|by|title)|from|to|subject|summary|recommendations?|decision\s+no|"
    r"report\s+author|decision\s+(?:to\s+be\s+taken|maker)|title\s+of\s+decision|purpose\s+of\s+(?:the\s+)?report|appendix|annex)\b\s*:?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Zone:
    """The blocks of the front page up to where the business begins."""

    texts: tuple[str, ...]

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield each block with the one before it ("" for the first)."""
        yield from zip(("", *self.texts), self.texts, strict=False)


def describe(
    document: Document,
    path: str,
    metadata: Mapping[str, str | date | None] | None = None,
) -> tuple[DocumentFacts, tuple[Issue, ...]]:
    """Tell what a paper is.

    Parameters
    ----------
    document : Document
    path : str
        The file's path below the folder given, with forward slashes; a bare hash is fine.
    metadata : mapping, optional
        The file's row of a ``metadata.csv``: any of site_id, site, committee, kind,
        meeting_date, published_with_date, title. It wins over what was inferred, except for
        the date of minutes, where the text wins.

    Returns
    -------
    DocumentFacts
        Fields that could not be told are None (kind: "other").
    tuple of Issue
        Disagreements between text, path and metadata; dates that could be two.
    """
    stated = dict(metadata or {})
    issues: list[Issue] = []

    def disagree(code: str, message: str) -> None:
        issues.append(Issue(code, "warning", message, "frontpage@1", document.doc_id, None, path))

    zone = _zone(document)
    name = PurePosixPath(path).stem.replace("_", " ").replace("-", " ")
    kind = stated.get("kind") or _kind(zone, document, name)
    site_name, committee = _bodies(zone, str(kind))
    from_text, ambiguous = _meeting_date(zone, str(kind))
    if ambiguous:
        days = ", ".join(str(day) for day in ambiguous)
        disagree("ambiguous_meeting_date", f"The front page could mean {days}; none was chosen.")
    in_name = _single_date(PurePosixPath(path).name)
    meeting_date = from_text
    if kind in ("minutes", "agenda") and in_name:
        if from_text is None and not ambiguous:
            meeting_date = in_name
        elif from_text and from_text != in_name:
            disagree("date_disagrees", f"The text says {from_text}, the file name {in_name}.")
    given = stated.get("meeting_date")
    if given is not None:
        if from_text is not None and from_text != given:
            disagree("date_disagrees", f"The text says {from_text}, metadata.csv {given}.")
        if kind != "minutes" or from_text is None:
            meeting_date = given  # type: ignore[assignment]
    published = stated.get("published_with_date") or _folder_date(path) or document.published
    if kind == "minutes" and meeting_date and published and published != meeting_date:
        message = f"The minutes are of {meeting_date} and were published with {published}."
        issues.append(
            Issue("published_later", "info", message, "frontpage@1", document.doc_id, None, path)
        )
    site = _site(stated, site_name, path)
    title = stated.get("title") or document.title or _first_heading(document)
    return (
        DocumentFacts(
            site_id=site[0],
            site=site[1],
            committee=str(stated["committee"]) if stated.get("committee") else committee,
            kind=kind,  # type: ignore[arg-type]
            meeting_date=meeting_date,
            published_with_date=published,  # type: ignore[arg-type]
            title=str(title) if title else None,
        ),
        tuple(issues),
    )


def _zone(document: Document) -> _Zone:
    """Return the front page's blocks, plain in quotes and dashes, up to its end."""
    texts: list[str] = []
    length = 0
    page_end = document.pages[0].span.end if document.pages else 0
    for block in document.blocks:
        if block.span.start >= page_end or len(texts) >= _ZONE_BLOCKS or length > _ZONE_CHARS:
            break
        text = same_length(document.text[block.span.start : block.span.end]).strip()
        if _numbered(text) and block.kind != "furniture" and texts:
            break  # the first item of business
        text = " ".join(text.split(" ", _BLOCK_WORDS)[:_BLOCK_WORDS])[:_BLOCK_CHARS]
        texts.append(text)
        length += len(text)
    if document.title and document.layout.starts.size == 0:
        # A page's own title is part of what it says of itself; a PDF's is often another file's.
        texts.insert(0, same_length(document.title)[:_BLOCK_CHARS])
    return _Zone(tuple(texts))


def _first_heading(document: Document) -> str | None:
    for block in document.blocks:
        if block.kind == "heading":
            return document.text[block.span.start : block.span.end]
    return None


def _kind(zone: _Zone, document: Document, name: str) -> DocKind:
    head = zone.texts[:14]
    short = [" ".join(text.split()[:40]) for text in head]
    minutes = any(_MINUTES_HEAD.search(text) and not _numbered(text) for text in short)
    agenda = any(_AGENDA_HEAD.search(text) and not _numbered(text) for text in short)
    present = any(_PRESENT.match(text) for text in zone.texts)
    if re.search(r"\breports?\s+pack\b", name, re.I) and document.n_pages > 2:
        return "pack"
    if minutes and (present or not agenda):
        return "minutes"
    if present and not agenda and any(find_dates(text) for text in short[:6]):
        return "minutes"
    if agenda and not present:
        return "pack" if document.n_pages > 15 else "agenda"
    if present and any(re.match(r"^(?:\W*\d{1,3}\W+)?apologies\b", t, re.I) for t in zone.texts):
        return "minutes"
    if sum(bool(_PAPER_HEAD.match(text)) for text in head) >= 2:
        return "paper"
    titles = " ".join(text for text in head[:5] if len(text.split()) <= 14)
    for kind, pattern in _KIND_OF_NAME[3:]:
        if pattern.search(titles):
            return kind
    for kind, pattern in _KIND_OF_NAME:
        if pattern.search(name):
            return kind
    if re.search(r"\b(?:report|appendix|annex|amendment)\b", name, re.I) or (
        head and _PAPER_HEAD.match(head[0])
    ):
        return "paper"
    return "other"


def _numbered(text: str) -> bool:
    return re.match(r"^\W*\d{1,3}(?:\.\d{1,3})*[.)\\]?\s", text) is not None


# ---- bodies ------------------------------------------------------------------------------


def _bodies(zone: _Zone, kind: str) -> tuple[str | None, str | None]:
    """Return (organisation, committee) as the front page names them."""
    texts = [t for t in zone.texts if not _numbered(t)][:20]
    committee = _committee(texts, kind)
    organisation = None
    match = _COUNCIL.match(committee) if committee else None
    if match is not None and match["place"]:
        organisation, committee = committee, match["kind"]
    if organisation is None:
        organisation = _organisation(texts)
        if committee and organisation and committee.lower().startswith(organisation.lower() + " "):
            committee = committee[len(organisation) + 1 :]
    return organisation, _tidy(committee) if committee else None


def _committee(texts: Sequence[str], kind: str) -> str | None:
    sources = [_from_label, _from_dated_line]
    if kind == "paper":
        sources = [_from_label, _from_dated_line, _from_heading]
    elif kind in ("minutes", "agenda", "pack"):
        sources = [_from_meeting, _from_heading, _from_label]
    for source in sources:
        names: list[str] = []
        for name in source(texts):
            if name.lower() not in (seen.lower() for seen in names):
                names.append(name)
        # "Kent County Council" over a page says whose it is, not which body met.
        bodies = [n for n in names if not _is_principal_council(n)]
        bodies = [n for n in bodies if not _is_whole_council(n)] or bodies
        if source is _from_meeting:  # the first sentence that says what met is the paper's own
            bodies = names[:1]
            if bodies and _is_principal_council(bodies[0]):
                # "Kent County Council agenda" heads the agendas of its committees too.
                heads = [n for n in _from_heading(texts) if not _is_whole_council(n)]
                bodies = heads[:1] or bodies
        if len(bodies) == 1 or (bodies and all(b.lower() in bodies[0].lower() for b in bodies)):
            return bodies[0]
        if bodies:
            return None
    return None


def _is_whole_council(name: str) -> bool:
    match = _COUNCIL.match(name)
    return match is not None and match["place"] is not None


def _is_principal_council(name: str) -> bool:
    return _is_whole_council(name) and not re.search(
        r"\b(?:parish|town|community)\b", name, re.IGNORECASE
    )


def _from_meeting(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        if len(text.split()) > 90 or _OTHER_MEETING.search(text[:60]):
            continue
        for pattern in (_MEETING_OF, _BODY_MEETING):
            for match in pattern.finditer(text):
                if name := _body_name(match["name"]):
                    yield name


def _from_heading(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        rest = text.split(". ", 1)[0]
        for mention in reversed(find_dates(rest)):
            rest = rest[: mention.span.start]
        rest = _AROUND_NAME.sub("", _BEFORE_DATE.sub("", rest))
        whole = len(rest.split()) <= 12 and re.fullmatch(_NAME, rest) and _ENDS_AS_BODY.search(rest)
        if whole and (name := _body_name(rest)):
            yield name


def _from_dated_line(texts: Sequence[str]) -> Iterator[str]:
    yield from _from_heading([text for text in texts if find_dates(text)])


def _from_label(texts: Sequence[str]) -> Iterator[str]:
    for before, text in zip(("", *texts), texts, strict=False):
        match = _TO_LABEL.match(text)
        if match and (name := _body_name(match["name"])):
            yield name
            continue
        match = re.match(rf"(?i:the\s+)?(?P<name>{_NAME})", text)
        if _LABEL_ALONE.match(before) and match and (name := _body_name(match["name"])):
            yield name


def _body_name(found: str) -> str | None:
    """Return the body that a run of capitalised words names, cut after its last body noun."""
    found = _INSIDE_NAME.sub("", _BEFORE_NAME.sub("", found.strip(" .,-")))
    words = found.split()
    # "Cabinet Member for Housing" is a person's post, and no body.
    if any(_POST.match(word) for word in words):
        return None
    while words and not _ENDS_AS_BODY.search(words[-1].strip(",.")):
        words.pop()
    name = " ".join(words).strip(" .,-")
    if not name or _NO_NAME.search(name):
        return None
    if name.lower() in _GENERIC and name.lower() not in _ALONE:
        return None
    return name


def _organisation(texts: Sequence[str]) -> str | None:
    """Return the one council or trust that heads a line of the page; None where several do.

    A council named inside a sentence is as often a partner or somebody's employer.
    """
    found: dict[str, str] = {}
    for text in texts:
        match = _ORGANISATION.match(text) or _NHS_BODY.fullmatch(text)
        if match is None or len(text) > len(match.group()) + _HEADED:
            continue
        name = _INSIDE_NAME.sub("", _BEFORE_NAME.sub("", match.group()))
        council = _COUNCIL.match(name)
        bare = council is not None and not council["place"]
        if not bare and len(name.split()) <= 9 and not _NO_NAME.search(name):
            found.setdefault(name.lower(), name)
    return next(iter(found.values())) if len(found) == 1 else None


def _tidy(name: str) -> str:
    """Write a name in capitals as people write it.

    Acronyms stay as they are: words without a vowel, and the common ones.
    """
    if not name.isupper():
        return name
    words: list[str] = []
    for word in name.split():
        keep = word in _ACRONYMS or not re.search("[AEIOUY]", word)
        small = word.lower() in ("and", "of", "for", "the", "on", "in", "with", "upon")
        words.append(word if keep else word.lower() if small and words else word.capitalize())
    return " ".join(words)


def _site(
    stated: Mapping[str, str | date | None], name: str | None, path: str
) -> tuple[str | None, str | None]:
    if stated.get("site_id"):
        return str(stated["site_id"]), str(stated["site"]) if stated.get("site") else name
    if stated.get("site"):
        site = find_site(str(stated["site"]))
        return site.site_id, site.name
    for part in reversed(PurePosixPath(path).parts[:-1]):
        if folder := site_from_folder(part):
            return folder.site_id, folder.name
    if name is None:
        return None, None
    site = find_site(_tidy(name))
    return site.site_id, site.name


# ---- dates -------------------------------------------------------------------------------


def _meeting_date(zone: _Zone, kind: str) -> tuple[date | None, tuple[date, ...]]:
    """Return the date of the meeting, or the dates among which the page leaves it open."""
    if kind in ("strategy", "needs_assessment", "other"):
        finders = [_labelled_as_meeting, _beside_body]
    elif kind == "paper":
        finders = [_labelled_as_meeting, _on_to_line, _beside_body]
    else:
        finders = [_labelled_as_meeting, _after_cue, _beside_body, _labelled, _alone]
    if kind in ("minutes", "agenda") and any(_TWO_MEETINGS.search(t) for t in zone.texts[:12]):
        return None, tuple(sorted({d.first for t in zone.texts for d in find_dates(t)}))
    for finder in finders:
        days = sorted({mention.first for mention in finder(zone)})
        if len(days) == 1:
            return days[0], ()
        if days:
            return None, tuple(days)
    return None, ()


def _candidates(zone: _Zone) -> Iterator[tuple[str, str, DateMention]]:
    """Yield (words before, block, date) for each date that is not another event's."""
    for place, (above, text) in enumerate(zone.pairs()):
        own = place < _TITLE_BLOCKS and _OWN_TITLE.match(text)
        for mention in find_dates(text):
            before = text[: mention.span.start]
            if own:
                yield before, text, mention
                continue
            if len(before) < 40 and len(above.split()) <= 40 and not find_dates(above):
                before = f"{above} {before}"
            if not _OTHER_MEETING.search(before[-160:]):
                yield before, text, mention


def _labelled_as_meeting(zone: _Zone) -> Iterator[DateMention]:
    for before, _, mention in _candidates(zone):
        if _MEETING_DATE_LABEL.search(before):
            yield mention


def _after_cue(zone: _Zone) -> Iterator[DateMention]:
    """Yield the date in the sentence that says what met: "Minutes of the meeting held on …"."""
    for before, text, mention in _candidates(zone):
        near = before[-260:]
        if _MEETING_CUE.search(near) and len(text.split()) <= 90 and not _LETTER.search(text):
            yield mention
            return  # the first such sentence is the paper's own


def _beside_body(zone: _Zone) -> Iterator[DateMention]:
    """Yield dates on a line with the name of a body: "Cabinet - 30 January 2025"."""
    for _, text, mention in _candidates(zone):
        head = _ADDRESS.sub("", text[: mention.span.start])
        if len(text.split()) > 25 or ":" in head or _LETTER.search(text):
            continue
        head = _BEFORE_DATE.sub("", head)
        if re.fullmatch(_NAME, head) and (_body_name(head) or head.lower() in _GENERIC):
            yield mention
    for above, text in zone.pairs():
        # The same in two lines: the body, and the date below it.
        alone = [d for d in find_dates(text) if len(text) - (d.span.end - d.span.start) <= 4]
        if alone and re.fullmatch(_NAME, above) and _body_name(above):
            yield alone[0]


def _on_to_line(zone: _Zone) -> Iterator[DateMention]:
    """Yield the date on a report's own address line: "To: Cabinet - 30 January 2025"."""
    for _, text, mention in _candidates(zone):
        if _TO_LABEL.match(text) and len(text.split()) <= 25:
            yield mention


def _labelled(zone: _Zone) -> Iterator[DateMention]:
    if any(_LETTER.search(text) for text in zone.texts[:8]):
        return
    for before, _, mention in _candidates(zone):
        if _DATE_LABEL.search(before):
            yield mention


def _alone(zone: _Zone) -> Iterator[DateMention]:
    """Yield a line that is a date, with a weekday or a time, as agendas print it."""
    for _, text, mention in _candidates(zone):
        rest = text[: mention.span.start] + text[mention.span.end :]
        dated = mention.weekday_agrees is not None or _TIME.search(rest)
        if dated and len(rest.split()) <= 14 and not _LETTER.search(text):
            yield mention


def _single_date(name: str) -> date | None:
    """Return the one full date in a file or folder name, else None."""
    plain = re.sub(r"[_]+|(?<=\d)(?=[A-Z])|%20", " ", name)
    days = {mention.first for mention in find_dates(plain)}
    days |= {mention.first for mention in find_dates(plain.replace("-", " "))}
    return days.pop() if len(days) == 1 else None


def _folder_date(path: str) -> date | None:
    for part in reversed(PurePosixPath(path).parts[:-1]):
        if day := _single_date(part):
            return day
    return None
