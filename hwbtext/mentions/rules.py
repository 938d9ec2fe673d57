"""Rules and modifiers as data: read from TOML, compiled once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from hwbtext.records import CATEGORIES, POLARITIES

if TYPE_CHECKING:
    from hwbtext.records import Category, Polarity

_MACRO = re.compile(r"<<(\w+)>>")
# Look-behinds need a fixed width and classes hold single characters: their spaces stay.
_SPACE = re.compile(r"\(\?<[=!][^)]*\)|\[(?:\\.|[^\]\\])*\]| \??")
_DEEPEST = 6  # macros may use macros; more levels than this is a circle


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of speaking of a category.

    Attributes
    ----------
    rule_id : str
        Name of the rule, written on every mention that it finds.
    pattern : re.Pattern
        Searched in ``same_length(text)``, with exclusions blanked out. Named groups are slots,
        except ``key``; a slot written twice in one pattern has a digit behind its name the
        second time (``what2``).
    polarity : str
        Polarity where no modifier says otherwise.
    fixed : bool
        Whether modifiers are left out of account.
    ignore : frozenset of str
        Cues that do not count for this rule.
    cues : tuple of str
        Lower-case words of which the text must hold one: a cheap test before the pattern.
    gate : re.Pattern or None
        What the text must hold, where no word will do: cheaper than the pattern itself.
    needs : re.Pattern or None
        What the sentence must also hold.
    title : bool
        Whether the rule finds names of papers and bodies (ruling E62).
    match, miss : str
        An example that the rule finds, and one near by that it does not.
    """

    rule_id: str
    pattern: re.Pattern[str]
    polarity: Polarity
    match: str
    miss: str
    fixed: bool = False
    ignore: frozenset[str] = frozenset()
    cues: tuple[str, ...] = ()
    gate: re.Pattern[str] | None = None
    needs: re.Pattern[str] | None = None
    title: bool = False

    def may_match(self, text: str, lowered: str) -> bool:
        """Return False where the pattern cannot be found: a cheap test."""
        if self.cues and not any(cue in lowered for cue in self.cues):
            return False
        return self.gate is None or self.gate.search(text) is not None


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that set the polarity of a candidate near by, in its clause."""

    cue_id: str
    pattern: re.Pattern[str]
    polarity: Polarity
    categories: frozenset[Category]
    reach_before: int
    reach_after: int


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A phrase that looks like a mention and is none: home ownership, Accountable Officer."""

    exclusion_id: str
    pattern: re.Pattern[str]
    categories: frozenset[Category]
    cues: tuple[str, ...]
    match: str
    miss: str


@dataclass(frozen=True, slots=True)
class SlotRule:
    """Words that fill a role wherever they stand in a mention: the dimension, the indicator."""

    name: str
    pattern: re.Pattern[str]
    match: str
    miss: str


@dataclass(frozen=True, slots=True)
class Gate:
    """What the sentence of a mention must hold where the mention has certain words."""

    words: re.Pattern[str]
    needs: re.Pattern[str]
    match: str
    miss: str

    def passes(self, text: str, sentence: str) -> bool:
        """Return whether a mention may stand, given its text and its sentence."""
        return self.words.search(text) is None or self.needs.search(sentence) is not None


@cache
def load_rules(category: Category) -> tuple[Rule, ...]:
    """Return the rules of one category, in the order of its TOML file.

    Examples
    --------
    >>> load_rules("inequality")[0].rule_id
    'ineq-name'
    """
    return tuple(
        Rule(
            rule_id=row["id"],
            pattern=_compile(row["pattern"]),
            polarity=_polarity(row["polarity"]),
            match=row["match"],
            miss=row["miss"],
            fixed=row.get("fixed", False),
            ignore=frozenset(row.get("ignore", ())),
            cues=tuple(row.get("cues", ())),
            gate=_compile(row["gate"]) if "gate" in row else None,
            needs=_compile(row["needs"]) if "needs" in row else None,
            title=row.get("title", False),
        )
        for row in _read(f"{category}.toml")["rule"]
    )


@cache
def load_slots(category: Category) -> tuple[SlotRule, ...]:
    """Return the roles of one category that are looked for in the whole mention."""
    return tuple(
        SlotRule(row["name"], _compile(row["pattern"]), row["match"], row["miss"])
        for row in _read(f"{category}.toml").get("slot", ())
    )


@cache
def load_gate(category: Category) -> Gate | None:
    """Return what a mention that no rule found has to pass, where a category has such a gate."""
    row = _read(f"{category}.toml").get("gate")
    if row is None:
        return None
    return Gate(_compile(row["words"]), _compile(row["needs"]), row["match"], row["miss"])


@cache
def load_cues(category: Category) -> tuple[Cue, ...]:
    """Return the polarity cues that apply to one category."""
    rows = _read("modifiers.toml")["cue"]
    cues = (
        Cue(
            cue_id=row["id"],
            pattern=_compile(row["pattern"]),
            polarity=_polarity(row["polarity"]),
            categories=_categories(row),
            reach_before=row["reach_before"],
            reach_after=row["reach_after"],
        )
        for row in rows
    )
    return tuple(cue for cue in cues if category in cue.categories)


@cache
def load_exclusions(category: Category) -> tuple[Exclusion, ...]:
    """Return the phrases that are hidden from the rules of one category."""
    rows = _read("modifiers.toml")["exclusion"]
    exclusions = (
        Exclusion(
            exclusion_id=row["id"],
            pattern=_compile(row["pattern"]),
            categories=_categories(row),
            cues=tuple(row["cues"]),
            match=row["match"],
            miss=row["miss"],
        )
        for row in rows
    )
    return tuple(exclusion for exclusion in exclusions if category in exclusion.categories)


@cache
def _read(name: str) -> dict[str, Any]:
    text = files("hwbtext.mentions").joinpath(name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def _compile(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of the TOML files: classes filled in, a space for one to three blanks."""
    macros = cast("dict[str, str]", _read("classes.toml")["macros"])
    for _ in range(_DEEPEST):
        pattern = _MACRO.sub(lambda name: macros[name[1]], pattern)
    return re.compile(_SPACE.sub(_blanks, pattern), re.IGNORECASE)


def _blanks(part: re.Match[str]) -> str:
    """Let a space stand for up to three: justified lines of a PDF leave double spaces."""
    return {" ": r"\s{1,3}", " ?": r"\s{0,3}"}.get(part[0], part[0])


def _polarity(name: str) -> Polarity:
    if name not in POLARITIES:
        msg = f"A rule has polarity {name!r}. Polarities are {', '.join(POLARITIES)}."
        raise ValueError(msg)
    return name


def _categories(row: dict[str, Any]) -> frozenset[Category]:
    return frozenset(row.get("categories", CATEGORIES))
