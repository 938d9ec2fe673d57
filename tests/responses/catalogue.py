"""Invented councils and their papers, as the local ModernGov server publishes them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

REPOSITORY = Path(__file__).resolve().parents[2]
BOARD = "Health and Wellbeing Board"
NAMES = (
    "Ashmere",
    "Thornholme",
    "Carrowby",
    "Skelwick",
    "Marlbury",
    "Penhallow",
    "Ravensden",
    "Wexcombe",
)


@dataclass(frozen=True)
class Paper:
    """A document; ``href`` is written on the page as it stands, relative to the council's base.

    ``xml_href`` is what the web service gives for it (None: not listed there, as files of the
    whole meeting are not).
    """

    href: str
    title: str
    body: bytes | Callable[[], bytes] = b""
    content_type: str = "application/pdf"
    attachment_id: str | None = None
    xml_href: str | None = None
    restricted: bool = False
    etag: str | None = None
    last_modified: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def bytes(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else self.body()


@dataclass(frozen=True)
class Item:
    item_id: str
    number: str
    title: str
    papers: tuple[Paper, ...] = ()
    minutes: str = ""
    decision: str = ""
    restricted: bool = False
    raw_title: str | None = None  # as it stands in the XML; else escaped twice, as seen


@dataclass(frozen=True)
class MeetingEntry:
    meeting_id: str
    day: date
    time: str = "10.00 am"
    status: str = "Confirmed"
    items: tuple[Item, ...] = ()
    header: tuple[Paper, ...] = ()
    raw_day: str | None = None


@dataclass(frozen=True)
class CommitteeEntry:
    committee_id: str
    title: str = BOARD
    meetings: tuple[MeetingEntry, ...] = ()
    deleted: bool = False
    expired: bool = False


@dataclass
class Council:
    """A tenant: ``base`` is its sub-path ("" or "/modernGov"); ``host`` None answers on any."""

    name: str
    committees: tuple[CommitteeEntry, ...]
    base: str = ""
    host: str | None = None
    robots: str | bytes | None = None
    ignores_dates: bool = False
    has_web_service: bool = True
    more_links: str = ""  # HTML that stands on every meeting page
    bodies: dict[str, Paper] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.publish(*self.committees)

    def publish(self, *committees: CommitteeEntry) -> None:
        """Replace what is published, as between two runs."""
        from responses.rendering import request_key  # the one that the server looks up by

        self.committees = committees
        self.bodies = {}
        for paper in self.papers():
            self.bodies[request_key(paper.href)] = paper
            if paper.xml_href is not None:
                self.bodies[request_key(paper.xml_href)] = paper

    def papers(self) -> Iterable[Paper]:
        for committee in self.committees:
            for meeting in committee.meetings:
                yield from meeting.header
                for item in meeting.items:
                    yield from item.papers

    def meeting(self, meeting_id: str) -> tuple[CommitteeEntry, MeetingEntry] | None:
        for committee in self.committees:
            for meeting in committee.meetings:
                if meeting.meeting_id == meeting_id:
                    return committee, meeting
        return None

    def change(self, meeting_id: str, **changes: object) -> None:
        """Publish one meeting anew, with fields changed."""
        self.publish(
            *(
                replace(
                    committee,
                    meetings=tuple(
                        replace(meeting, **changes)  # type: ignore[arg-type]
                        if meeting.meeting_id == meeting_id
                        else meeting
                        for meeting in committee.meetings
                    ),
                )
                for committee in self.committees
            )
        )


def make_pdf(*lines: str, n_bytes: int = 0) -> bytes:
    """Return a small, whole PDF of one page with these lines; padded to about ``n_bytes``."""
    text = "\n".join(
        f"({line.translate(str.maketrans({'(': '[', ')': ']', chr(92): '/'}))}) Tj T*"
        for line in lines
    )
    stream = f"BT /F1 11 Tf 14 TL 72 770 Td\n{text}\nET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    starts = []
    for number, one in enumerate(objects, start=1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    if n_bytes > len(out):
        out += b"%" + b"0" * (n_bytes - len(out)) + b"\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for start in starts:
        out += b"%010d 00000 n \n" % start
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
    )
    return bytes(out)


def minutes_href(meeting_id: str, day: date, board: str = BOARD) -> str:
    return f"documents/g{meeting_id}/Printed minutes {day:%d-%b-%Y} 10.00 {board}.pdf?T=1"


def pack_href(meeting_id: str, day: date, board: str = BOARD) -> str:
    return f"documents/g{meeting_id}/Public reports pack {day:%d-%b-%Y} 10.00 {board}.pdf?T=10"


def agenda_href(meeting_id: str, day: date, board: str = BOARD) -> str:
    return f"documents/g{meeting_id}/Agenda frontsheet {day:%d-%b-%Y} 10.00 {board}.pdf?T=0"


def made_meeting(
    council: str,
    number: int,
    day: date,
    *,
    n_reports: int = 2,
    seed: int = 0,
    n_bytes: tuple[int, int] = (600, 600),
) -> MeetingEntry:
    """Return a meeting with a frontsheet, a pack, printed minutes and ``n_reports`` reports."""
    draw = random.Random(f"{council}/{number}/{seed}")
    meeting_id = str(number)

    def body(what: str) -> Callable[[], bytes]:
        size = draw.randint(*n_bytes)
        return lambda: make_pdf(council, BOARD, f"{day:%d %B %Y}", what, n_bytes=size)

    header = (
        Paper(agenda_href(meeting_id, day), "Agenda frontsheet", body("Agenda")),
        Paper(pack_href(meeting_id, day), "Public reports pack", body("Public reports pack")),
        Paper(minutes_href(meeting_id, day), "Printed minutes", body("Minutes")),
    )
    items = tuple(
        Item(
            f"{number}{place}",
            f"{place}.",
            f"Report {place}",
            (
                Paper(
                    f"documents/s{number}{place:02d}/Report {place}.pdf",
                    f"Report {place}",
                    body(f"Report {place} of meeting {number}"),
                    attachment_id=f"{number}{place:02d}",
                    xml_href=f"documents/s{number}{place:02d}/Report {place}.pdf",
                ),
            ),
        )
        for place in range(1, n_reports + 1)
    )
    return MeetingEntry(meeting_id, day, items=items, header=header)


def made_council(
    name: str,
    n_meetings: int,
    *,
    base: str = "",
    host: str | None = None,
    n_reports: int = 2,
    first: int = 100,
    start: date = date(2013, 4, 4),
    every: timedelta = timedelta(days=30),
    n_bytes: tuple[int, int] = (600, 600),
) -> Council:
    """Return a council whose board met ``n_meetings`` times."""
    meetings = tuple(
        made_meeting(
            f"{name} Council",
            first + place,
            start + place * every,
            n_reports=n_reports,
            n_bytes=n_bytes,
        )
        for place in range(n_meetings)
    )
    return Council(name, (CommitteeEntry("130", meetings=meetings),), base=base, host=host)


def report(number: str, title: str, body: bytes | None = None, **changes: object) -> Paper:
    """Return an attachment, as an item links it on the page and in the web service."""
    href = f"documents/s{number}/{title}.pdf"
    paper = Paper(
        href,
        title,
        make_pdf(title, number) if body is None else body,
        attachment_id=number,
        xml_href=href,
    )
    return replace(paper, **changes)  # type: ignore[arg-type]


def meeting_with(
    *papers: Paper,
    header: tuple[Paper, ...] = (),
    meeting_id: str = "100",
    day: date = date(2025, 12, 11),
    **changes: object,
) -> MeetingEntry:
    """Return a meeting with one item a paper."""
    items = tuple(
        Item(f"{meeting_id}{n}", f"{n}.", paper.title, (paper,))
        for n, paper in enumerate(papers, start=1)
    )
    entry = MeetingEntry(meeting_id, day, items=items, header=header)
    return replace(entry, **changes)  # type: ignore[arg-type]


def council_with(*meetings: MeetingEntry, name: str = "Ashmere", **stated: object) -> Council:
    """Return a council whose board had these meetings."""
    return Council(name, (CommitteeEntry("130", meetings=meetings),), **stated)  # type: ignore[arg-type]


def sample_councils() -> tuple[Council, ...]:
    """Return the invented councils of ``corpora/sample`` as tenants: minutes by meeting.

    Only papers whose file name gives the day are put on; the others have no meeting to stand
    under.
    """
    sample = REPOSITORY / "corpora" / "sample"
    councils = []
    for folder, name in (
        ("aldermarsh", "Aldermarsh County Council"),
        ("carrow-and-westholme", "Carrow and Westholme Council"),
    ):
        meetings = []
        for number, path in enumerate(sorted((sample / folder).rglob("*.pdf")), start=700):
            words = f"{path.parent.name} {path.stem}"
            found = [word for word in words.split() if len(word) == 10 and word[4] == "-"]
            if not found:
                continue
            day = date.fromisoformat(found[0])
            agenda = "Agenda" in path.name
            previous = "Previous" in path.name
            if previous:
                paper = Paper(
                    f"documents/s{number}/Minutes.pdf",
                    "Minutes of the previous meeting",
                    path.read_bytes,
                    attachment_id=str(number),
                    xml_href=f"mgConvert2PDF.aspx?ID={number}",
                )
                item = Item(f"{number}1", "2.", "Minutes", (paper,))
                meetings.append(MeetingEntry(str(number), day, items=(item,)))
                continue
            href = (agenda_href if agenda else minutes_href)(str(number), day)
            title = "Agenda frontsheet" if agenda else "Printed minutes"
            meetings.append(
                MeetingEntry(str(number), day, header=(Paper(href, title, path.read_bytes),))
            )
        committee = CommitteeEntry("130", meetings=tuple(meetings))
        councils.append(Council(name, (committee,), base=f"/{folder}"))
    return tuple(councils)
