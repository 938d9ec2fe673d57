"""Read a list of people below its label, line by line or row by row."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from hwbtext.minutes.apologies import tells_of_apologies
from hwbtext.minutes.labels import Label, cut_at_labels, read_label
from hwbtext.minutes.people import Person, find_people, find_surnames, printed_name
from hwbtext.minutes.rosters import Columns, read_header, row_people
from hwbtext.minutes.tokens import read_tokens
from hwbtext.records import Attendance, CharSpan
from hwbtext.text import n_words, sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.minutes.lines import Line
    from hwbtext.records import Document, Presence

_PUBLIC = re.compile(
    r"^\W*(?:members?\s+of\s+(?:the\s+)?(?:public|press)|public|press|quorum|time|date|venue|location)\b"
    r"[^\n]{0,40}(?::|\b\d|$)",
    re.I,
)
_MEETING_STOP = re.compile(
    r"^\W*(?:agenda|minutes\s+of|unrestricted|exempt|part\s+(?:one|two|1|2|i|a|b)\b|item\b|action|"
    r"the\s+(?:meeting|chair\w*)\s|welcome|(?:meeting|business)\b|open\s+forum|discussion|quor|"
    r"page\s+\d|key\b|date\s+of|declarations?)",
    re.I,
)
_OTHER_LABEL = re.compile(
    r"^[A-Z][a-z]+(?:\s[\w'/&]+){0,6}:\s|^\d{1,3}[.)]\s+(?:No|The|Minutes|Matters)\b"
)
_NONE_SENT = re.compile(r"^\W*Apologies(?:\s+for\s+absence)?\s+(?:No|None|Nil)\b", re.I)
_NOBODY = re.compile(r"^\W*(?:none|nil|n/?a|no\s+apologies|not\s+applicable)\b", re.I)
_MOST_WORDS = 400  # a longer paragraph is no list of people
# Said below an item on apologies, and no list: "The Chair welcomed Mrs Ash".
_TELLS = re.compile(
    r"^\W*(?:It\s+(?:was|is)|The\s+(?:Chair|Clerk|Council|Parish|meeting)\w*\b|There\s+(?:was|were)|"
    r"Before\s+the)\b"
)
_FEWEST_ALONE = 3  # surnames, each alone on its line
_LONGEST_NAME = 40  # characters
# "Cllr Ash welcomed all", but not "Cllr Ash arrived at 8 pm".
_DOES = re.compile(
    r"\s+(?!attended|joined|arrived|represented|substituted|deputised|retired|resigned|invited|elected|"
    r"appointed|excused)[a-z]{3,12}ed\b"
)
_TO_COME = 3  # lines without a name after which a list of people is over


class Roll:
    """Reads a list of people line by line; holds the label that is open."""

    def __init__(self, document: Document, presence: Presence | None) -> None:
        self._document = document
        self._given = presence
        self._open: Label | None = Label(presence, 0, virtual=False) if presence else None
        self._waiting: list[Label] = []  # labels that stand above each other: table by table
        self._alone: Label | None = None  # the open label, where it stood alone on its line
        self._columns: Columns | None = None
        self._found: list[Attendance] = []
        self._silent = 0
        self._bare: list[int] = []  # people below a bare "In attendance"
        self._surnames: frozenset[int] = frozenset()  # starts of lines that are a surname each
        self._mark = 0  # how many had been found at the last label

    def read(self, lines: Sequence[Line]) -> list[Attendance]:
        """Return the people in these lines."""
        at = 0
        self._surnames = _lone_surnames(lines)
        while at < len(lines):
            row = [lines[at]]
            while (
                lines[at].kind == "table_cell"
                and at + len(row) < len(lines)
                and lines[at + len(row)].row == lines[at].row
                and lines[at + len(row)].kind == "table_cell"
            ):
                row.append(lines[at + len(row)])
            if len(row) > 1 or lines[at].kind == "table_cell":
                self._row(row)
            else:
                self._line(lines[at])
            at += len(row)
        if not any(one.presence == "present" for one in self._found):
            # Some clerks head the members themselves "In attendance".
            for at in self._bare:
                self._found[at] = replace(self._found[at], presence="present")
        return self._found

    def _line(self, line: Line) -> None:
        pieces = list(cut_at_labels(line))
        # Two columns: a label beside a list that goes on below, under its own label.
        beside = self._alone if len(pieces) > 1 and read_label(pieces[0].text) is None else None
        for piece in pieces:
            self._piece(piece)
        if beside is not None:
            self._open = self._alone = beside

    def _piece(self, line: Line) -> None:
        text = line.text
        label = read_label(text)
        if label is not None:
            if (
                self._given == "apologies"
                and label.presence != "apologies"
                and not text[label.end :]
            ):
                self._open = None
                return
            if self._open is not None and not self._silent and not self._since_label():
                self._waiting.append(self._open)
            self._open, self._silent, self._mark = label, 0, len(self._found)
            rest = text[label.end :]
            self._alone = None if rest.strip() else label
            if rest.strip():
                self._add(replace(line, start=line.start + label.end, text=rest))
            return
        if _PUBLIC.match(text):
            if not find_people(text):
                return
        elif _MEETING_STOP.match(text) and (line.is_heading or not find_people(text)):
            self._open = self._columns = None
            return
        if _NONE_SENT.match(text):
            self._open = None
            return
        if _OTHER_LABEL.match(text) and not find_people(text.split(":", 1)[0]):
            self._open = None
        if self._open is not None:
            self._add(line)

    def _since_label(self) -> bool:
        return len(self._found) > self._mark

    def _add(self, line: Line) -> None:
        text = line.text
        label = self._open
        if label is None or n_words(text) > _MOST_WORDS or _NOBODY.match(text):
            return
        spans = sentences(text)
        # Sentences are read as such: only what stands before the first of them is a list.
        told = next((s for s in spans if tells_of_apologies(text[slice(*s)])), None)
        if told:
            text = text[: told.start]
            spans = tuple(span for span in spans if span.end <= len(text))
        if not text.strip() or (self._given and _TELLS.match(text)):
            return
        people = find_people(text)
        surnames = find_surnames(text)
        people = surnames if len(surnames) > len(people) else people
        people = people or find_people(text, names_only=line.start in self._surnames)
        if len(spans) > 1 and _is_prose(text, people, len(spans)):
            text = text[: spans[0].end]  # the list, before what was said
            people = find_people(text)
            spans = spans[:1]
        if _is_prose(text, people, len(spans)):
            self._silent = _TO_COME
            self._open = None
            return
        if not people:
            self._note(line)
            return
        self._silent = 0
        for person in people:
            if label.bare:
                self._bare.append(len(self._found))
            self._found.append(self._attendance(person, line.start, label))

    def _note(self, line: Line) -> None:
        """Take a line without a name: the post of the person above it, or the list's end."""
        self._silent += 1
        if self._silent >= _TO_COME and self._since_label():
            self._open = None
            return
        last = self._found[-1] if self._since_label() else None
        numbered = re.match(r"\s*\d{1,4}[./)]", line.text)
        if last is not None and n_words(line.text) <= 16 and not line.is_heading and not numbered:
            said = find_people("A Ash - " + line.text)[0]
            self._found[-1] = replace(
                last,
                role=_joined(last.role, said.role),
                organisation=_joined(last.organisation, said.organisation),
                virtual=last.virtual or said.virtual,
            )

    def _row(self, row: Sequence[Line]) -> None:
        """Read one row of a table."""
        header = read_header(row)
        if header is not None:
            self._columns = header
            if self._waiting:
                # "PRESENT:" and "IN ATTENDANCE:" printed beside two tables, read before both.
                if self._open is not None:
                    self._waiting.append(self._open)
                self._open = self._waiting.pop(0)
            return
        cells = list(row)
        label = read_label(cells[0].text)
        if label is not None and not cells[0].text[label.end :].strip():
            self._open, self._silent, self._mark = label, 0, len(self._found)
            cells = cells[1:]
        elif label is not None and len(cells) == 1:
            self._piece(cells[0])
            return
        if not cells:
            return
        if self._open is None and self._columns is None:
            return
        for start, person, presence in row_people(cells, self._columns):
            how = self._open or Label("present", 0, virtual=False)
            if presence is not None:
                how = replace(how, presence=presence)
            self._found.append(self._attendance(person, start, how))
            self._silent = 0

    def _attendance(self, person: Person, start: int, label: Label) -> Attendance:
        span = CharSpan(start + person.span.start, start + person.span.end)
        presence = label.presence
        if person.substitute and presence in ("apologies", "absent"):
            presence = "present"
        return Attendance(
            self._document.doc_id,
            span,
            printed_name(person, self._document.text[span.start : span.end]),
            presence,
            person.role,
            person.organisation,
            person.virtual or label.virtual or None,
        )


def _lone_surnames(lines: Sequence[Line]) -> frozenset[int]:
    """Return the starts of lines in runs of three or more that are a surname each."""
    found: set[int] = set()
    run: list[int] = []
    for line in lines:
        tokens = read_tokens(line.text) if line.end - line.start <= _LONGEST_NAME else []
        alone = line.kind != "table_cell" and [token.kind for token in tokens] == ["name"]
        run = [*run, line.start] if alone and read_label(line.text) is None else []
        if len(run) >= _FEWEST_ALONE:
            found.update(run[-_FEWEST_ALONE:])
    return frozenset(found)


def _is_prose(text: str, people: Sequence[Person], n_sentences: int) -> bool:
    """Return whether a line tells something, rather than lists people."""
    told = re.search(
        r"\b(?:was|were|is|are|had|has|opened|welcomed|reported|noted|declared|asked|said|would)\b",
        text,
    )
    if re.search(r"\b(?:proposed|seconded)\b", text):
        return True
    if len(people) == 1 and _DOES.match(text, people[0].span.end):
        return True
    if not told:
        return False
    return n_words(text) > 12 * max(1, len(people)) or (n_sentences > 1 and len(people) < 3)


def _joined(one: str | None, other: str | None) -> str | None:
    if one and other and other not in one:
        return f"{one}, {other}"
    return one or other
