"""Who was present, in attendance, sent apologies or was absent."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from hwbtext.minutes.apologies import told_apologies
from hwbtext.minutes.items import find_items
from hwbtext.minutes.lines import Line, read_lines
from hwbtext.minutes.meetings import is_record, meeting_parts
from hwbtext.minutes.roll import Roll

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hwbtext.records import AgendaItem, Attendance, CharSpan, Document, Presence

_APOLOGIES_TITLE = re.compile(
    r"\bapologies(?:\s+(?:for|of)\s+absence)?(?=\s*[:.-]|\s+(?:Mr|Mrs|Ms|Miss|Dr|Cllr|[A-Z]\.)\s)",
    re.I,
)

_FRONT = 150  # blocks of the front, and right above the first item, that are looked at
_MOST_ITEMS = 6  # items about attendance that are looked at


def find_attendance(
    document: Document,
    items: Sequence[AgendaItem] | None = None,
    within: CharSpan | None = None,
) -> tuple[Attendance, ...]:
    r"""Find who was at a meeting, and in what way.

    Parameters
    ----------
    document : Document
        Minutes, or a page of attendance.
    items : sequence of AgendaItem, optional
        The items of this document, if they are known already.
    within : CharSpan, optional
        Look only in this part of the text (one part of a pack).

    Returns
    -------
    tuple of Attendance
        In reading order, each person once for each kind of presence; empty where the paper
        has no attendance. ``span`` is that of the name.

    Notes
    -----
    Read are the lists below or behind a label ("PRESENT:", "Members in attendance"), tables
    with a column of names, and sentences such as "Apologies were received from A and B".
    Lists are looked for above the first item, and in items of attendance and apologies.

    Examples
    --------
    >>> from hwbtext.parse import parse_bytes
    >>> text = "Present: Mr A Ash (Chair), Mrs B Birch\n\n1. Apologies\n\nNone.\n\n2. Roads"
    >>> document = parse_bytes(text.encode(), "minutes.txt")
    >>> [(a.name, a.role, a.presence) for a in find_attendance(document)]
    [('Mr A Ash', 'Chair', 'present'), ('Mrs B Birch', None, 'present')]
    """
    items = find_items(document, within) if items is None else items
    lines = read_lines(document, within)
    parts = meeting_parts(document, lines, within)
    if len(parts) > 1:
        return tuple(
            person
            for part in parts
            if is_record(lines, part)
            for person in find_attendance(
                document, [item for item in items if part.start <= item.span.start < part.end], part
            )
        )
    found: list[Attendance] = []
    for zone, presence in _zones(lines, items):
        found += Roll(document, presence).read(zone)
    # A substitute may be named among those attending, and again beside who sent apologies.
    there = {_plain(one.name) for one in found if one.presence != "apologies"}
    told = told_apologies(document, lines, items)
    found += [one for one in told if one.presence == "apologies" or _plain(one.name) not in there]
    return tuple(_once(found))


def _zones(
    lines: Sequence[Line], items: Sequence[AgendaItem]
) -> Iterator[tuple[list[Line], Presence | None]]:
    """Yield the lines that can hold lists: above the items, and in items about attendance."""
    first = items[0].span.start if items else None
    head = [line for line in lines if first is None or line.start < first]
    if first is None:
        head = head[:_FRONT]
    elif len(head) > 2 * _FRONT:
        # The list stands on the front page, or right above the first item.
        head = [*head[:_FRONT], *head[-_FRONT:]]
    if first is not None:
        opening = next((line for line in lines if line.start <= first < line.end), None)
        if opening and opening.start < first:
            # The first item opens inside a paragraph, after the list.
            cut = replace(opening, end=first, text=opening.text[: first - opening.start])
            head = [*[line for line in head if line is not opening], cut]
    yield head, None
    about = [item for item in items if item.kind in ("attendance", "apologies")]
    for item in about[:_MOST_ITEMS]:
        inside = [
            _below_title(line, item)
            for line in lines
            if item.span.start <= line.start < item.span.end
            or line.start <= item.span.start < line.end
        ]
        yield (
            [line for line in inside if line.text.strip()],
            "apologies" if item.kind == "apologies" else "present",
        )


def _below_title(line: Line, item: AgendaItem) -> Line:
    """Return the part of a line that stands after the title of its item."""
    start = max(line.start, item.span.start)
    text = line.text[start - line.start : item.span.end - line.start]
    if line.start <= item.span.start < line.end:
        plain = item.title.replace("\u2019", "'")
        at = text.find(plain)
        cut = at + len(plain) if at >= 0 else 0
        # "Apologies for absence - Cllr Ash (ill)": the names are part of the title.
        if item.kind == "apologies" and (named := _APOLOGIES_TITLE.search(text[:cut])):
            cut = named.end()
        mark = re.match(r"\s*(?:[.:-]|\(item[^)]*\))?\s*", text[cut:], re.I)
        cut += mark.end() if mark else 0
        start, text = start + cut, text[cut:]
    return replace(line, start=start, end=start + len(text), text=text)


def _once(found: Iterable[Attendance]) -> Iterator[Attendance]:
    """Keep each person once: the first that is named, with what others say of the post."""
    seen: dict[tuple[str, Presence], set[str]] = {}
    for one in sorted(found, key=lambda attendance: attendance.span):
        key = (_plain(one.name), one.presence)
        address = _address(one.name)
        others = seen.setdefault(key, set())
        # Ms J Ash and Mr J Ash are two; Cllr J Ash may be either of them.
        if others and (not address or address in others or "" in others):
            continue
        others.add(address)
        yield one


def _address(name: str) -> str:
    match = re.match(r"\W*(?:Cllr\s+|Councillor\s+)?(Mr|Mrs|Ms|Miss)\b", name)
    return "" if match is None else "Mr" if match[1] == "Mr" else "Ms"


def _plain(name: str) -> str:
    words = re.findall(r"[a-z]+", name.lower())
    left = [word for word in words if word not in _TITLE_WORDS]
    return " ".join(left or words)


_TITLE_WORDS = frozenset(
    "mr mrs ms miss dr prof professor cllr councillor sir dame mbe obe cbe jp dl the".split()
)
