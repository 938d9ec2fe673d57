"""One row of a coding sheet read as a coding; everything wrong with it is told at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from hwbtext.coding.columns import coded_columns
from hwbtext.coding.guide import SEPARATOR
from hwbtext.coding.sheets import head_name
from hwbtext.gold import Coding, GoldMention
from hwbtext.gold.lines import shown
from hwbtext.records import CharSpan
from hwbtext.text import same_length, strip_span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hwbtext.codebook import Codebook
    from hwbtext.coding.sheets import Findings, Row, Sheet

Quotes = Literal["required", "passage"]
QUOTES: tuple[Quotes, ...] = ("required", "passage")

_YES = {"yes", "y", "true", "1", "x", "✓", "✔"}
_NO = {"", "no", "n", "false", "0", "-"}
_MARKS = "'\"‘’“” \t\n"


@dataclass(frozen=True, slots=True)
class CodingReader:
    """Reads codings by one codebook.

    ``quotes`` says what a mention without quote is: a problem ("required"), or a mention of
    the whole passage ("passage").
    """

    codebook: Codebook
    findings: Findings
    quotes: Quotes = "required"

    def read(self, sheet: Sheet, row: Row, text: str, prefix: str = "") -> Coding | None:
        """Return the coding of a row; None where its cells are empty, or hold problems.

        ``prefix`` goes before the names of the columns: "agreed_" for agreed codes beside a
        coder's own.
        """
        columns = [column.name for column in coded_columns(self.codebook)]
        given = {name: row.values.get(prefix + name, "") for name in columns}
        if not any(given.values()):
            return None
        before = len(self.findings.problems)
        reading = _RowReading(self, sheet, row, prefix)
        coding = reading.coding(given, text)
        return coding if len(self.findings.problems) == before else None


@dataclass(frozen=True, slots=True)
class _RowReading:
    reader: CodingReader
    sheet: Sheet
    row: Row
    prefix: str

    def coding(self, given: dict[str, str], text: str) -> Coding:
        book = self.reader.codebook
        outcome = self._code("outcome", given["outcome"], book.outcomes)
        known = tuple(code for name in book.outcomes for code in book.subtypes(name))
        subtype = self._code("subtype", given["subtype"], known, self._by_title(known))
        if subtype is not None:
            # A sub-type belongs to one outcome: naming it alone says both.
            own = next(name for name in book.outcomes if subtype in book.subtypes(name))
            if outcome is None and not given["outcome"]:
                outcome = own
            elif outcome is not None and outcome != own:
                self._tell(
                    "subtype",
                    f"{subtype!r} is of the outcome {own!r}, and the row says {outcome!r}. "
                    "Change one of the two.",
                )
        directions = tuple(term.name for term in book.directions)
        direction = self._code("direction", given["direction"], directions)
        has_tangible = "tangible" in book.outcomes  # a codebook of one's own may not
        if direction and outcome and outcome != "tangible" and has_tangible:
            self._tell(
                "direction", f"{direction!r} with the outcome {outcome!r}. Only tangible has one."
            )
        acts = tuple(term.name for term in book.acts)
        mentions = tuple(
            mention
            for category in book.categories
            for mention in self._mentions(category, given, text)
        )
        if outcome is None and not given["outcome"] and self.prefix + "outcome" in self._columns:
            known_outcomes = ", ".join(book.outcomes)
            self._tell(
                "outcome",
                f"empty, though other cells of the row are filled. Choose one of "
                f"{known_outcomes}, or clear the row if it was not coded.",
            )
        act = self._code("act", given["act"], acts)
        in_order = sorted(mentions, key=lambda m: (m.start, m.end, m.category))
        return Coding(outcome, subtype, direction, act, tuple(in_order))

    @property
    def _columns(self) -> frozenset[str]:
        return frozenset(self.sheet.letters)

    def _tell(self, column: str, message: str) -> None:
        where = self.sheet.at(self.row, self.prefix + column)
        self.reader.findings.problems.append(f"{where}: {message}")

    def _by_title(self, codes: Sequence[str]) -> dict[str, str]:
        book = self.reader.codebook
        return {head_name(book[code].title): code for code in codes}

    def _code(
        self,
        column: str,
        value: str,
        known: Sequence[str],
        titles: dict[str, str] | None = None,
    ) -> str | None:
        """Return the code that is meant, whatever its case and spaces; None where empty."""
        if not value:
            return None
        plain = head_name(value)
        by_name = {head_name(code): code for code in known}
        found = by_name.get(plain) or (titles or {}).get(plain)
        if found is not None:
            return found
        near = get_close_matches(plain, by_name, 1)
        cure = f"Did you mean {by_name[near[0]]!r}?" if near else f"Known: {', '.join(known)}."
        version = self.reader.codebook.version
        self._tell(column, f"{shown(value)} is not in the codebook (version {version}). {cure}")
        return None

    def _mentions(self, category: str, given: dict[str, str], text: str) -> list[GoldMention]:
        said = given[category].casefold()
        polarities = _parts(given[f"{category}_polarity"])
        quotes = _parts(given[f"{category}_quote"])
        if said not in _YES | _NO:
            self._tell(category, f"{shown(given[category])} is neither yes nor no.")
            return []
        if said in _NO:
            if polarities or quotes:
                empty = "is empty" if not said else f"says {said!r}"
                self._tell(
                    category,
                    f"{empty}, though its polarity or quote is filled. Write yes, or clear them.",
                )
            return []
        if not polarities:
            known = ", ".join(self.reader.codebook.polarities(category))
            self._tell(f"{category}_polarity", f"empty. Choose one of {known}.")
            return []
        if not quotes and self.reader.quotes == "passage":
            quotes = [text] * len(polarities)
        if len(quotes) != len(polarities):
            self._tell(
                f"{category}_quote",
                f"{len(quotes)} quotes for {len(polarities)} polarities. Copy the words of each "
                f"mention from the text, with {SEPARATOR} between two.",
            )
            return []
        return self._place(category, polarities, quotes, text)

    def _place(
        self, category: str, polarities: Sequence[str], quotes: Sequence[str], text: str
    ) -> list[GoldMention]:
        """Find each quote in the text; the second of two equal quotes is the second there."""
        found: list[GoldMention] = []
        taken: set[CharSpan] = set()
        known = self.reader.codebook.polarities(category)
        for polarity, quote in zip(polarities, quotes, strict=True):
            code = self._code(f"{category}_polarity", polarity, known)
            spans = [span for span in find_quote(quote, text) if span not in taken]
            if not spans:
                self._tell(
                    f"{category}_quote",
                    f"{shown(quote)} does not stand in the text{_near(quote, text)}. Copy the "
                    "words from the column text.",
                )
                continue
            if len(spans) > 1 and list(quotes).count(quote) == 1:
                where = self.sheet.at(self.row, f"{self.prefix}{category}_quote")
                self.reader.findings.notes.append(
                    f"{where}: {shown(quote)} stands {len(spans)} times; the first was taken."
                )
            start, end = spans[0]
            taken.add(spans[0])
            if code is not None:
                found.append(GoldMention(category, code, start, end, text[start:end]))
        return found


def find_quote(quote: str, text: str) -> list[CharSpan]:
    """Return where a quote stands in a text, first to last.

    Letter for letter, else without regard to the kind of quotation marks and dashes, to
    spaces and line breaks, and to case; and without the marks that a coder put round it.

    Examples
    --------
    >>> find_quote("the board’s  role", "On the Board's role.")
    [CharSpan(start=3, end=19)]
    >>> find_quote("the chair", "On the Board's role.")
    []
    """
    exact = [CharSpan(m.start(), m.end()) for m in re.finditer(re.escape(quote), text)]
    if exact or not quote:
        return exact if quote else []
    plain = same_length(text)
    for form in (same_length(quote), same_length(quote).strip(_MARKS)):
        words = form.split()
        if not words:
            continue
        pattern = r"\s+".join(re.escape(word) for word in words)
        found = [m.span() for m in re.finditer(pattern, plain, re.IGNORECASE)]
        if found:
            return [strip_span(text, start, end) for start, end in found]
    return []


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]


def _near(quote: str, text: str) -> str:
    """Return what of the text is most like the quote, as part of a sentence; may be empty."""
    words = text.split()
    n = max(len(quote.split()), 1)
    runs = [" ".join(words[at : at + n]) for at in range(max(len(words) - n + 1, 1))]
    near = get_close_matches(quote[:300], runs[:2000], 1, 0.6)
    return f" (nearest: {shown(near[0])})" if near else ""
