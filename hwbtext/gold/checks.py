"""One line of a gold file made into a unit; everything wrong with it is told at once."""

from __future__ import annotations

import math
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, cast

from hwbtext.gold.lines import Problems, broken_encoding, shown
from hwbtext.gold.sample import POOLS, Coding, GoldMention, GoldUnit, Pool
from hwbtext.records import Slot

if TYPE_CHECKING:
    from collections.abc import Collection

    from hwbtext.codebook import Codebook

REQUIRED = ("id", "text", "place", "stratum", "coders")
OPTIONAL = (
    "site", "year", "item", "agreed", "source_url", "doc", "page", "doc_sha256", "doc_start",
    "doc_end", "passage_id", "prob", "pool", "restated",
)  # fmt: skip
_CODING = ("outcome", "subtype", "direction", "act", "mentions")
_MENTION = ("category", "polarity", "start", "end", "quote")
MAX_TEXT = 100_000
_SHA256 = re.compile(r"[0-9a-f]{64}")

_Row = dict[str, object]


class UnitReader:
    """Makes units of the lines of one file, by one codebook; ``problems`` grows as it goes."""

    def __init__(self, codebook: Codebook, problems: Problems, *, restated: bool) -> None:
        self.codebook = codebook
        self.problems = problems
        self.restated = restated
        self._line = 0
        self._seen: dict[str, int] = {}

    def read(self, line: int, row: _Row) -> GoldUnit | None:
        """Return the unit of one line; None, and reasons in ``problems``, where there is none."""
        before = len(self.problems)
        self._line = line
        for key in REQUIRED:
            if key not in row:
                near = get_close_matches(key, [k for k in row if k not in REQUIRED], 1)
                hint = f" There is {near[0]!r}: rename it." if near else " Add it."
                self._tell(f"the key {key!r} is missing.{hint}")
        for key in sorted(row.keys() - {*REQUIRED, *OPTIONAL}):
            meant = get_close_matches(key, set(OPTIONAL) - row.keys(), 1, 0.8)
            if meant:
                self._tell(
                    f"unknown key {shown(key)}. Is it {meant[0]!r}? Rename it, or remove it."
                )
        if len(self.problems) > before:
            return None
        unit = GoldUnit(
            id=self._string(row, "id", needed=True) or "",
            text=self._string(row, "text", needed=True) or "",
            place=self._string(row, "place", needed=True) or "",
            site=self._string(row, "site") or str(row["place"]),
            year=self._whole(row, "year"),
            item=self._string(row, "item"),
            stratum=self._string(row, "stratum", needed=True) or "",
            coders=self._coders(row),
            agreed=self._coding(row.get("agreed"), "agreed", str(row["text"])),
            source_url=self._string(row, "source_url"),
            doc=self._string(row, "doc"),
            page=self._whole(row, "page"),
            doc_sha256=self._string(row, "doc_sha256"),
            doc_start=self._whole(row, "doc_start"),
            doc_end=self._whole(row, "doc_end"),
            passage_id=self._string(row, "passage_id"),
            prob=self._prob(row),
            pool=self._pool(row),
            restated=self._restated(row),
        )
        self._check(unit)
        return unit if len(self.problems) == before else None

    def _tell(self, message: str) -> None:
        self.problems.add(self._line, message)

    def _check(self, unit: GoldUnit) -> None:
        """Tell what only shows in a whole unit."""
        first = self._seen.setdefault(unit.id, self._line)
        if unit.id and first != self._line:
            self._tell(f"id {shown(unit.id)} is that of line {first} too. Ids must be unique.")
        if len(unit.text) > MAX_TEXT:
            self._tell(f"text has {len(unit.text):,} characters, more than {MAX_TEXT:,}. Split it.")
        codings = [coding for _, coding in unit.coders] + [unit.agreed] * (unit.agreed is not None)
        if not any(c.outcome is not None or c.mentions for c in codings if c is not None):
            self._tell(
                f"no coder coded {shown(unit.id)}. Missing codes are allowed, a passage with none "
                "is not: leave the line out."
            )
        start, end, sha256 = unit.doc_start, unit.doc_end, unit.doc_sha256
        if (start is None) != (end is None) or (start is not None and sha256 is None):
            self._tell(
                "doc_sha256, doc_start and doc_end go together. Give all three or only the first."
            )
        if start is not None and end is not None and not 0 <= start < end:
            self._tell(f"doc_start and doc_end must be 0 <= start < end. Got {start} and {end}.")
        if sha256 is not None and not _SHA256.fullmatch(sha256):
            self._tell(
                f"doc_sha256 must be 64 hexadecimal digits in lower case. Got {shown(sha256)}."
            )
        if unit.pool == "estimation" and unit.prob is None:
            self._tell("a passage of the pool 'estimation' needs its prob. Give it, or no pool.")
        if unit.pool == "estimation" and unit.stratum.startswith(("cue", "lack")):
            self._tell(
                f"stratum {shown(unit.stratum)}: what a cue drew never gives a rate. Use the pool "
                "'training'."
            )

    def _coders(self, row: _Row) -> tuple[tuple[str, Coding], ...]:
        coders = row["coders"]
        if not isinstance(coders, dict):
            self._tell(f"coders must be an object of codings by coder. Got {shown(coders)}.")
            return ()
        text = str(row["text"])
        found = []
        for name, content in coders.items():
            if not name.strip() or not name.isprintable():
                self._tell(f"a coder's name must be one line of print. Got {shown(name)}.")
            coding = self._coding(content, f"coder {name!r}", text)
            if coding is not None:
                found.append((name, coding))
        return tuple(found)

    def _coding(self, content: object, who: str, text: str) -> Coding | None:
        if content is None:
            return None
        if not isinstance(content, dict):
            self._tell(f"{who}: a coding must be an object, or null. Got {shown(content)}.")
            return None
        for key in sorted(content.keys() - {*_CODING}):
            meant = get_close_matches(key, set(_CODING) - content.keys(), 1, 0.8)
            if meant:
                self._tell(f"{who}: unknown key {shown(key)}. Is it {meant[0]!r}? Rename it.")
        book = self.codebook
        outcome = self._code(content, "outcome", book.outcomes, who)
        subtypes = book.subtypes(outcome) if outcome else tuple(code.id for code in book.codes)
        subtype = self._code(content, "subtype", subtypes, who)
        if subtype is not None and content.get("outcome") in (None, ""):
            self._tell(f"{who}: subtype {shown(subtype)} without an outcome. Give both or neither.")
        directions = [term.name for term in book.directions]
        acts = [term.name for term in book.acts]
        return Coding(
            outcome=outcome,
            subtype=subtype,
            direction=self._code(content, "direction", directions, who),
            act=self._code(content, "act", acts, who),
            mentions=self._mentions(content.get("mentions"), who, text),
        )

    def _mentions(self, rows: object, who: str, text: str) -> tuple[GoldMention, ...]:
        if rows is None:
            return ()
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self._tell(f"{who}: mentions must be a list of objects. Got {shown(rows)}.")
            return ()
        found = (self._mention(row, f"{who}, mention {n}", text) for n, row in enumerate(rows, 1))
        return tuple(mention for mention in found if mention is not None)

    def _mention(self, row: _Row, who: str, text: str) -> GoldMention | None:
        missing = [key for key in _MENTION if key not in row]
        if missing:
            self._tell(f"{who}: {', '.join(map(repr, missing))} missing. Add it.")
            return None
        category = self._code(row, "category", self.codebook.categories, who, needed=True)
        if category is None:
            return None
        polarities = self.codebook.polarities(category)
        polarity = self._code(row, "polarity", polarities, who, needed=True)
        start, end, quote = row["start"], row["end"], row["quote"]
        # A bool is an int to Python, and never an offset.
        if type(start) is not int or type(end) is not int or not isinstance(quote, str):
            self._tell(
                f"{who}: start and end must be whole numbers and quote a string. "
                f"Got {shown((start, end, quote))}."
            )
            return None
        if not 0 <= start < end <= len(text):
            self._tell(
                f"{who}: start and end must be 0 <= start < end <= {len(text)}, the length of the "
                f"text. Got {start} and {end}.{_where(quote, text)}"
            )
            return None
        if text[start:end] != quote:
            self._tell(
                f"{who}: at {start} to {end} stands {shown(text[start:end])}, not the quote "
                f"{shown(quote)}.{_where(quote, text)}"
            )
            return None
        slots = self._slots(row.get("slots"), category, who, text)
        return GoldMention(category, polarity, start, end, quote, slots) if polarity else None

    def _slots(self, rows: object, category: str, who: str, text: str) -> tuple[Slot, ...]:
        if rows is None:
            return ()
        if not isinstance(rows, dict):
            self._tell(f"{who}: slots must be an object. Got {shown(rows)}.")
            return ()
        rules = {rule.name: rule for rule in self.codebook.slots(category)}
        found = []
        for name, value in rows.items():
            if name not in rules:
                self._tell(f"{who}: slot {shown(name)} is not in the codebook.{_known(rules)}")
            elif not isinstance(value, str):
                self._tell(f"{who}: slot {name!r} must be a string. Got {shown(value)}.")
            elif value and rules[name].values and value not in rules[name].values:
                known = _known(rules[name].values)
                self._tell(f"{who}: {shown(value)} is no value of slot {name!r}.{known}")
            elif not rules[name].values and value not in text:
                self._tell(
                    f"{who}: slot {name!r} says {shown(value)}, which the text does not. Slots "
                    "are verbatim, or empty where the text has none."
                )
            else:
                found.append(Slot(name, value))
        return tuple(found)

    def _code(
        self, row: _Row, key: str, known: Collection[str], who: str, *, needed: bool = False
    ) -> str | None:
        """Return a code that the codebook has; None for null, the empty string or no key."""
        value = row.get(key)
        if value in (None, "") and not needed:
            return None
        if isinstance(value, str) and value in known:
            return value
        self._tell(
            f"{who}: {key} {shown(value)} is not in the codebook (version "
            f"{self.codebook.version}).{_known(known, value)}"
        )
        return None

    def _string(self, row: _Row, key: str, *, needed: bool = False) -> str | None:
        value = row.get(key)
        if value is None and not needed:
            return None
        if not isinstance(value, str) or (needed and not value.strip()):
            wanted = "a string that is not empty" if needed else "a string or null"
            self._tell(f"{key} must be {wanted}. Got {shown(value)}.")
            return None
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            self._tell(f"{key} holds half a character (a surrogate): {shown(value)}. Mend it.")
            return None
        broken = broken_encoding(value)  # written as \u escapes, the line itself shows nothing
        if broken:
            self._tell(f"{key}: {broken} Mend it from the source.")
            return None
        return value or None

    def _whole(self, row: _Row, key: str) -> int | None:
        value = row.get(key)
        if value is None or type(value) is int:
            return value
        self._tell(f"{key} must be a whole number or null. Got {shown(value)}.")
        return None

    def _prob(self, row: _Row) -> float | None:
        value = row.get("prob")
        if value is None:
            return None
        number = isinstance(value, int | float) and not isinstance(value, bool)
        # A whole number of 400 digits is no float; nothing above 1 is looked at further.
        if number and 0 < cast("float", value) <= 1 and math.isfinite(cast("float", value)):
            return float(cast("float", value))
        self._tell(f"prob must be above 0 and at most 1, or null. Got {shown(value)}.")
        return None

    def _pool(self, row: _Row) -> Pool | None:
        value = row.get("pool")
        if value is None or value in POOLS:
            return value
        self._tell(f"pool must be one of {', '.join(POOLS)}, or null. Got {shown(value)}.")
        return None

    def _restated(self, row: _Row) -> bool:
        value = row.get("restated", self.restated)
        if isinstance(value, bool):
            return value
        self._tell(f"restated must be true or false. Got {shown(value)}.")
        return False


def _where(quote: object, text: str) -> str:
    """Return where the quote stands, as the cure of wrong offsets."""
    if not isinstance(quote, str) or not quote:
        return " Quote the text."
    found = [match.start() for match in re.finditer(re.escape(quote), text)]
    if not found:
        return " The text does not hold the quote: quote it letter by letter."
    spans = " or ".join(f"{at} to {at + len(quote)}" for at in found[:3])
    return f" It stands at {spans}."


def _known(known: Collection[str], value: object = None) -> str:
    near = get_close_matches(value, list(known), 1) if isinstance(value, str) else []
    return f" Did you mean {near[0]!r}?" if near else f" Known: {', '.join(known)}."
