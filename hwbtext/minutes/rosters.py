"""Tables of people: a header that names the columns, and a row a person."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hwbtext.minutes.people import Person, find_people
from hwbtext.minutes.vocabulary import ORGANISATION, ROLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hwbtext.minutes.lines import Line
    from hwbtext.records import Presence

_HEADERS = {
    "name": re.compile(
        r"^(?:full\s+)?names?$|^(?:board\s+|committee\s+)?(?:member|attendee)s?(?:\s+name)?$", re.I
    ),
    "role": re.compile(
        r"^(?:role|job\s+title|title|position|post|designation|affil+iation|capacity|status)"
        r"(?:\s+on\s+\w+)?$|^(?:role|title|position)\s*/\s*\w+$",
        re.I,
    ),
    "organisation": re.compile(
        r"^(?:organi[sz]ation|representing|representative\s+of|company|agency|authority|body|employer|"
        r"sector|constituency)s?$",
        re.I,
    ),
    "initials": re.compile(r"^initials?$|^abbreviation$", re.I),
    "presence": re.compile(
        r"^(?:attendance|attended|present|apologies|present\s*/\s*apologies)$", re.I
    ),
}
_PRESENCE: tuple[tuple[Presence, re.Pattern[str]], ...] = (
    ("apologies", re.compile(r"^(?:apolog\w+|apols?)\b|^a$", re.I)),
    ("absent", re.compile(r"^(?:absent|no|not\s+present|did\s+not\s+attend|dna|x|n)\b", re.I)),
    ("in_attendance", re.compile(r"^in\s+attendance\b", re.I)),
    ("present", re.compile(r"^(?:present|yes|attended|in\s+person|virtual|y|p|✓|√)", re.I)),
)

_TITLED = re.compile(
    r"^\W*(?:mr|mrs|ms|miss|dr|prof(?:essor)?|sir|cllr|councillor)\b|^[A-Z]\.\s?[A-Z]", re.I
)
# "A Ash | B Birch | C Cole": initials show a name in any column.
_WITH_INITIALS = re.compile(r"^(?:[A-Z]\.?\s?){1,4}\s[A-Z][a-z][\w'-]{1,30}\s*(?:\(|$)")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a table holds what."""

    name: int
    role: int | None = None
    organisation: int | None = None
    presence: int | None = None


def read_header(row: Sequence[Line]) -> Columns | None:
    """Return the columns that a header row names; None where it is no header of people.

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> cells = [Line(0, 0, 4, "Name", "table_cell", 0, 0, 0)]
    >>> cells += [Line(1, 5, 17, "Organisation", "table_cell", 0, 0, 1)]
    >>> read_header(cells)
    Columns(name=0, role=None, organisation=1, presence=None)
    """
    columns: dict[str, int] = {}
    for cell in row:
        text = cell.text.strip(" :*")
        for field, pattern in _HEADERS.items():
            if field not in columns and cell.column is not None and pattern.match(text):
                columns[field] = cell.column
                break
    first = row[0].text.strip(" :*") if row else ""
    headed = not first or any(pattern.match(first) for pattern in _HEADERS.values())
    if "name" not in columns or len(columns) < 2 or not headed:
        return None
    return Columns(
        columns["name"], columns.get("role"), columns.get("organisation"), columns.get("presence")
    )


def row_people(
    cells: Sequence[Line], columns: Columns | None
) -> Iterator[tuple[int, Person, Presence | None]]:
    """Yield (start of the cell, person, presence) for each person in a row of a table.

    Parameters
    ----------
    cells : sequence of Line
        The cells of one row.
    columns : Columns or None
        What the header named; without one, a name is looked for in every cell.

    Examples
    --------
    >>> from hwbtext.minutes.lines import Line
    >>> cells = [Line(0, 0, 7, "Ann Ash", "table_cell", 0, 1, 0)]
    >>> cells += [Line(1, 8, 13, "Clerk", "table_cell", 0, 1, 1)]
    >>> [(person.name, person.role) for _, person, _ in row_people(cells, None)]
    [('Ann Ash', 'Clerk')]
    """
    people: list[tuple[int, Person]] = []
    notes: list[Line] = []
    columns = _shifted(columns, cells) if columns else None
    looked = [
        cell
        for number, cell in enumerate(cells)
        if (cell.column == columns.name if columns else not number or _names(cell))
    ]
    for cell in cells:
        found = find_people(cell.text, names_only=cell in looked and columns is not None)
        if (
            cell in looked
            and found
            and not (people and ROLE.search(cell.text[: found[0].span.start]))
        ):
            people += [(cell.start, person) for person in found]
        else:
            notes.append(cell)
    presence = _presence(notes, columns)
    for start, person in people:
        yield start, _noted(person, notes, columns) if len(people) == 1 else person, presence


def _names(cell: Line) -> bool:
    return bool(_TITLED.match(cell.text) or _WITH_INITIALS.match(cell.text))


def _shifted(columns: Columns, cells: Sequence[Line]) -> Columns:
    """Return the columns for a row that print set apart from its header: first, second, third."""
    if any(cell.column == columns.name for cell in cells):
        return columns
    order = sorted({cell.column for cell in cells if cell.column is not None})
    fields = sorted(
        (at, name)
        for name in ("name", "role", "organisation", "presence")
        if (at := getattr(columns, name)) is not None
    )
    moved = {name: column for (_, name), column in zip(fields, order, strict=False)}
    return Columns(
        moved.get("name", order[0] if order else 0),
        moved.get("role"),
        moved.get("organisation"),
        moved.get("presence"),
    )


def _presence(notes: Sequence[Line], columns: Columns | None) -> Presence | None:
    if columns is None or columns.presence is None:
        return None
    text = next((cell.text.strip() for cell in notes if cell.column == columns.presence), "")
    return next((presence for presence, pattern in _PRESENCE if pattern.match(text)), None)


def _noted(person: Person, notes: Sequence[Line], columns: Columns | None) -> Person:
    """Add what the other cells of the row say of the one person in it."""
    role, organisation = person.role, person.organisation
    for cell in notes:
        text = " ".join(cell.text.split())
        if not text or (columns and cell.column == columns.presence):
            continue
        initials = re.fullmatch(r"\(?[A-Z]{2,4}\)?", text) and not ORGANISATION.search(text)
        if initials and not (columns and cell.column in (columns.organisation, columns.role)):
            continue
        to_body = ORGANISATION.search(text) and not ROLE.search(text)
        if columns and cell.column == columns.organisation:
            organisation = f"{organisation}, {text}" if organisation else text
        elif columns and cell.column == columns.role:
            role = f"{role}, {text}" if role else text
        elif to_body:
            organisation = f"{organisation}, {text}" if organisation else text
        else:
            role = f"{role}, {text}" if role else text
    return replace(person, role=role, organisation=organisation)
