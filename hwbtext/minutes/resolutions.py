"""Resolutions: where each begins and ends, and the clauses that are decided one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from hwbtext.minutes.clauses import (
    BODY,
    Clause,
    Printed,
    opening_label,
    printed_number,
    split_clauses,
)
from hwbtext.minutes.items import find_items
from hwbtext.minutes.leads import (
    BARE_LABEL,
    ENDS_LIST,
    LEADS_IN,
    heads_clauses,
    is_payment,
    leads_on,
    number_after,
    opens_payments,
)
from hwbtext.minutes.lines import cut_at, joined_cells, read_lines
from hwbtext.minutes.openings import find_openings
from hwbtext.minutes.outcomes import find_outcomes
from hwbtext.records import CharSpan
from hwbtext.text import n_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.minutes.lines import Line
    from hwbtext.records import AgendaItem, Document

_GOES_ON = re.compile(rf"^(?:\W{{0,2}}(?:That|THAT|To|And|and)\b|(?:This|The)\s+{BODY}\b|{BODY}\b)")
_MOST_BETWEEN = 25  # words: a longer paragraph between clauses is discussion


@dataclass(frozen=True, slots=True)
class Resolution:
    """A decision of the body: from its opening word to its last clause.

    ``clauses`` hold positions in ``Document.text``. A lead-in that stands alone ("RESOLVED
    that:") belongs to ``span`` and is no clause; ``lead`` is its span then.
    """

    span: CharSpan
    clauses: tuple[Clause, ...]
    lead: CharSpan | None = None


def find_resolutions(
    document: Document, items: Sequence[AgendaItem] | None = None
) -> tuple[Resolution, ...]:
    r"""Find the resolutions of minutes and their clauses.

    Parameters
    ----------
    document : Document
    items : sequence of AgendaItem, optional
        The items of this document, if they are known already.

    Returns
    -------
    tuple of Resolution
        In reading order, without overlap. A motion or amendment that was only moved is none.

    Notes
    -----
    A label ("RESOLVED", "AGREED:", "Decision:") makes all that follows in its paragraph the
    decision; a verb said of the body ("It was agreed that") its sentence. A lead-in makes the
    list below it clauses, up to an item, a heading, or a paragraph that goes on counting where
    the lead-in's own number stopped; headings and tables between its clauses do not end it.
    In minutes, a sentence that tells a decision without such a word ("The minutes were approved",
    "Cllr Ash proposed …, all were in favour") is one too, unless a labelled one follows; where
    an item has nothing else, so is a last paragraph such as "The Board approved the plan".

    Examples
    --------
    >>> from hwbtext.parse import parse_bytes
    >>> text = "RESOLVED that:\n\n(1) the plan be agreed; and\n\n(2) the Chair write to them."
    >>> (resolution,) = find_resolutions(parse_bytes(text.encode(), "a.txt"))
    >>> [clause.number for clause in resolution.clauses]
    ['1', '2']
    """
    items = find_items(document) if items is None else items
    lines = cut_at(joined_cells(read_lines(document)), [item.span.start for item in items])
    reader = _Reader({item.span.start for item in items})
    for line, following in pairwise((*lines, None)):
        if line:
            reader.read(line, following)
    found = reader.close()
    spans = sorted(resolution.span for resolution in found)
    labelled = [span for span in spans if opening_label(document.text[slice(*span)])]
    told = [CharSpan(*one) for one in find_outcomes(lines, items, spans, labelled)]
    found += [Resolution(span, (Clause(span, None),)) for span in told]
    return tuple(sorted(found, key=lambda resolution: resolution.span))


class _Reader:
    """Reads line by line; holds the resolution that is open."""

    def __init__(self, item_starts: set[int]) -> None:
        self._item_starts = item_starts
        self._found: list[Resolution] = []
        self._lead: Line | None = None
        self._own: Printed | None = None  # the number of the lead-in's own paragraph
        self._clauses: list[Clause] = []
        self._styles: dict[str, int] = {}  # of the numbers of its clauses, and the last of each
        self._held = False  # a heading or table stands between its clauses, it may be
        self._last = ""  # the kind of the last line that was held
        self._start = self._end = 0
        self._open = False
        self._paying = False  # the last line was one of a list of payments
        self._bullet: int | None = None  # a bullet alone on its line belongs to the next one

    def read(self, line: Line, following: Line | None = None) -> None:
        """Take the next line; ``following`` is the one after it."""
        is_item = line.start in self._item_starts
        if not is_item and self._open and self._counts() and self._is_apart(line, following):
            self._held, self._last = True, line.kind
            return
        if is_item or (line.is_heading and not self._opens(line)):
            self.close()
        if line.kind == "table_cell" and self._open:
            self.close()
        if self._held and not self._is_next(line):
            self.close()
        self._held = False
        if self._lead and not self._clauses and leads_on(line) and not self._opens(line):
            text = f"{self._lead.text}\n{line.text}"
            self._lead, self._end = replace(self._lead, end=line.end, text=text), line.end
            return
        if line.text.strip() in ("•", "●", "-", "\uf0b7", "o"):
            self._bullet = line.start
            return
        if self._opens(line):
            self.close()
            self._begin(line, is_item=is_item)
        elif self._open and not line.is_heading and self._continues(line):
            self._add(line)
        else:
            self.close()
        self._bullet = None

    def close(self) -> list[Resolution]:
        """End the open resolution and return all that were found."""
        if self._open:
            lead = CharSpan(self._lead.start, self._lead.end) if self._lead else None
            clauses = tuple(self._clauses)
            if lead and not clauses:
                clauses, lead = (Clause(lead, None),), None
                if self._lead and BARE_LABEL.match(self._lead.text):
                    clauses = ()  # a label with nothing below it
            if clauses:
                self._found.append(Resolution(CharSpan(self._start, self._end), clauses, lead))
        self._open, self._lead, self._clauses, self._held = False, None, [], False
        self._paying = False
        return self._found

    def _counts(self) -> bool:
        """Return whether numbered clauses stand above, or a lead-in that they can follow."""
        if self._lead is not None and not self._clauses:
            return not BARE_LABEL.match(self._lead.text)
        return bool(self._clauses) and any(self._styles.values())

    def _is_apart(self, line: Line, following: Line | None) -> bool:
        """Return whether a line may stand between clauses: a heading, a table, a few words."""
        if self._opens(line) or ENDS_LIST.match(line.text):
            return False
        if line.kind == "table_cell" or line.is_heading:
            return True
        if not self._clauses and not leads_on(line) and heads_clauses(line, following):
            return True
        words = bool(self._clauses) and n_words(line.text) <= _MOST_BETWEEN
        twice = self._held and self._last == "paragraph"
        return (
            words and not twice and printed_number(line.text) is None and not self._continues(line)
        )

    def _is_next(self, line: Line) -> bool:
        """Return whether a line bears the number after that of the last clause."""
        mark = number_after(line.text, self._styles)
        if mark is None or not self._clauses:
            return mark is not None and mark.place == 1
        return mark.place == self._styles.get(mark.style, -2) + 1 > 1

    def _opens(self, line: Line) -> bool:
        return bool(BARE_LABEL.match(line.text)) or next(find_openings(line.text), None) is not None

    def _begin(self, line: Line, *, is_item: bool) -> None:
        text = line.text
        if BARE_LABEL.match(text):
            self._start, self._end = line.start, line.end
            self._open, self._lead, self._own, self._styles = (
                True,
                line,
                printed_number(text),
                {},
            )
            return
        openings = list(find_openings(text))
        for number, (start, end, label) in enumerate(openings):
            self._start, self._end = line.start + start, line.start + end
            self._clauses = [
                Clause(_moved(clause.span, line.start + start), clause.number)
                for clause in split_clauses(text[start:end])
            ]
            self._open = True
            if number < len(openings) - 1:
                self.close()
                continue
            rest = text[label:end].strip(" :-.")
            bare = bool(LEADS_IN.search(text.rstrip())) and n_words(rest) <= 14
            last_leads_in = bare or text.rstrip().endswith(":") or not rest
            if last_leads_in and len(self._clauses) == 1:
                self._lead = replace(line, start=line.start + start, text=text[start:])
                self._clauses = []
            elif not last_leads_in and opens_payments(text[start:end]):
                self._paying = True
            elif not last_leads_in and not _goes_on_below(self._clauses, text):
                self.close()
                return
            self._own = None if is_item else printed_number(text)
            self._styles = {
                mark.style: mark.place
                for c in self._clauses
                if (mark := printed_number(text[c.span.start - line.start :]))
            }

    def _continues(self, line: Line) -> bool:
        text = line.text
        if ENDS_LIST.match(text):
            return False
        if self._paying:
            return is_payment(text)
        mark = number_after(text, self._styles)
        mark = mark if self._bullet is None else Printed(None, "bullet", 0)
        if mark is not None:
            own = self._own
            goes_on = own is not None and mark.style == own.style and mark.place == own.place + 1
            if goes_on and not (own and own.style in self._styles):
                return False
            if own is not None and mark.style == own.style and not self._styles and mark.place != 1:
                return False
            self._styles[mark.style] = mark.place
            return True
        if self._lead is not None and not self._clauses:
            return True  # whatever stands directly below "RESOLVED that:"
        if text[:1].islower() or _GOES_ON.match(text):
            return True
        return line.kind == "list_item" and not re.search(r"\b(?:reported|asked|said)\b", text[:80])

    def _add(self, line: Line) -> None:
        start = line.start if self._bullet is None else self._bullet
        mark = printed_number(line.text)
        self._end = line.end
        if re.fullmatch(r"\W*(?:And|and|AND|or)\W*", line.text):
            return
        if self._paying and self._clauses:
            above = self._clauses[-1]
            self._clauses[-1] = replace(above, span=CharSpan(above.span.start, line.end))
            return
        self._paying = mark is None and is_payment(line.text)
        for number, clause in enumerate(split_clauses(line.text)):
            span = _moved(clause.span, line.start)
            if number == 0:
                span = CharSpan(start, span.end)
                name = mark.number if mark else clause.number
                if mark is None and line.text[:1].islower() and self._clauses:
                    name = self._clauses[-1].number  # the rest of the clause above
                self._clauses.append(Clause(span, name))
            else:
                self._clauses.append(Clause(span, clause.number))


def _moved(span: CharSpan, by: int) -> CharSpan:
    return CharSpan(span.start + by, span.end + by)


def _goes_on_below(clauses: Sequence[Clause], text: str) -> bool:
    """Return whether the next paragraph can hold the next clause: "…; and" or a semicolon."""
    numbered = bool(clauses) and clauses[-1].number is not None
    return numbered or text.rstrip().endswith((";", ",", "; and", "and"))
