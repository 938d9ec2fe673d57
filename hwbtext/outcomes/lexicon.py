"""Rules as data: what a passage says was done, changed or delivered, read by its wording.

The rules stand in ``lexicon.toml``. This module loads, checks and applies them; it knows
the codebook's order of deciding only through the weights that the rules carry.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, cast

from hwbtext.errors import InputError, MissingPathError
from hwbtext.outcomes.reading import OutcomeReading, Reason, outcome_of
from hwbtext.text import normalize, sentences

if TYPE_CHECKING:
    from hwbtext.records import Outcome

DIRECTIONS = ("better", "worse", "flat", "met", "not_met", "mixed", "na")
"""Directions of a tangible outcome; "na" where nothing moves or the text does not tell."""

SUBTYPES = (
    "tangible.population",
    "tangible.service",
    "tangible.structure",
    "tangible.delivery",
    "process.govern",
    "process.approve",
    "process.produce",
    "process.note",
    "none.housekeeping",
    "none.intention",
    "none.discussion",
    "none.context",
)
"""Sub-types of the codebook, the one that wins a tie first (decision order, ruling E57)."""

DEFAULT_SUBTYPE = "none.context"
# A passage that no rule matches has to be something: the weight of saying "context".
_BASE_WEIGHT = 1.0
# Small enough never to overturn a weight, large enough to keep predict and predict_proba from
# parting on a tie.
_TIE_BREAK = {"tangible": 0.02, "process": 0.01, "none": 0.0}

_MOVES = {"up", "down"}
_RULE_KEYS = {"id", "subtype", "weight", "pattern", "match", "miss"}
_OPTIONAL_KEYS = {"needs", "unless", "direction"}
_PLAIN = re.compile(r"[a-z0-9][a-z0-9' -]*")
_SLOT = re.compile(r"\{([a-z_]+)\}")
_WORD = re.compile(r"[a-z0-9]+")
_CLAUSE_BREAK = re.compile(r"; ?")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; ``needs`` is a bit for each word list of which the passage must hold a word."""

    rule_id: str
    subtype: str
    weight: float
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    direction: str | None
    needs: int
    match: str
    miss: str

    @property
    def outcome(self) -> Outcome:
        """Return what stands before the dot of the sub-type."""
        return cast("Outcome", outcome_of(self.subtype))

    def find(self, prepared: str) -> re.Match[str] | None:
        """Return the first match that ``unless`` does not cancel, else None.

        ``unless`` looks at the sentence of the match, from its start to the end of the match:
        that is where English puts "would", "hoped that" and "not".
        """
        for match in self.pattern.finditer(prepared):
            if self.unless is None:
                return match
            start = prepared.rfind("\n", 0, match.start()) + 1
            if not self.unless.search(prepared, start, match.end()):
                return match
        return None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The rules, the heaviest first, and which word lists each word belongs to."""

    version: str
    rules: tuple[Rule, ...]
    lists_of: dict[str, int]

    def weigh(self, text: str) -> tuple[dict[str, float], list[tuple[Rule, re.Match[str]]]]:
        """Return the weight of each outcome, and the rules that matched, the heaviest first.

        A rule too light to change the outcome's weight or sub-type is not tried, save for
        tangible, where every rule may add to the direction.
        """
        prepared = prepare(text)
        present = 0
        lists_of = self.lists_of
        for word in set(_WORD.findall(prepared)):
            present |= lists_of.get(word, 0)
        weights = {"tangible": 0.0, "process": 0.0, "none": _BASE_WEIGHT}
        found: list[tuple[Rule, re.Match[str]]] = []
        for rule in self.rules:
            if rule.needs & present != rule.needs:
                continue
            outcome = rule.outcome
            if rule.weight < weights[outcome] and outcome != "tangible":
                continue
            if match := rule.find(prepared):
                found.append((rule, match))
                weights[outcome] = max(weights[outcome], rule.weight)
        return {name: weight + _TIE_BREAK[name] for name, weight in weights.items()}, found

    def read(self, text: str) -> OutcomeReading:
        """Read one passage; see ``LexiconOutcomeClassifier.read``."""
        weights, found = self.weigh(text)
        value = cast("Outcome", max(weights, key=weights.__getitem__))
        for_value = [(rule, match) for rule, match in found if rule.outcome == value]
        subtype = DEFAULT_SUBTYPE
        if for_value:
            top = for_value[0][0].weight
            subtype = min(
                (rule.subtype for rule, _ in for_value if rule.weight == top), key=SUBTYPES.index
            )
        for_value.sort(key=lambda pair: (pair[0].subtype != subtype, -pair[0].weight))
        return OutcomeReading(
            value=value,
            subtype=subtype,
            direction=_direction(found) if value == "tangible" else None,
            score=shares(weights)[value],
            evidence=tuple(f"{rule.rule_id}: {_words(match)}" for rule, match in for_value),
        )

    def explain(self, text: str, n: int) -> tuple[Reason, ...]:
        """Return the rules for and against; see ``LexiconOutcomeClassifier.explain``."""
        weights, found = self.weigh(text)
        value = max(weights, key=weights.__getitem__)
        return tuple(
            Reason(
                f"{rule.rule_id}: {_words(match)}",
                rule.weight if rule.outcome == value else -rule.weight,
            )
            for rule, match in sorted(found, key=lambda pair: -pair[0].weight)[:n]
        )

    def direction(self, text: str) -> str:
        """Return the direction of a text that is known to be tangible, "na" if no rule tells.

        Examples
        --------
        >>> load_lexicon().direction("The waiting list had fallen since May.")
        'better'
        """
        return _direction(self.weigh(text)[1])


def shares(weights: dict[str, float]) -> dict[str, float]:
    """Return the weights of the outcomes as shares that sum to 1 (softmax).

    Examples
    --------
    >>> {name: round(p, 2) for name, p in shares({"none": 1.0, "process": 3.0}).items()}
    {'none': 0.12, 'process': 0.88}
    """
    powers = {name: exp(weight) for name, weight in weights.items()}
    total = sum(powers.values())
    return {name: power / total for name, power in powers.items()}


def prepare(text: str) -> str:
    r"""Return text as the rules see it: lower case, plain quotes, one line a sentence or clause.

    A dot in a pattern does not match a line break, so a pattern stays within its sentence.

    Examples
    --------
    >>> prepare("Cllr. Ward asked  why. It had risen to 3.5%; it would fall.")
    'cllr. ward asked why.\nit had risen to 3.5%\nit would fall.'
    """
    plain = normalize(text)
    lines = "\n".join([plain[start:end] for start, end in sentences(plain)])
    return _CLAUSE_BREAK.sub("\n", lines).lower()


def _direction(found: list[tuple[Rule, re.Match[str]]]) -> str:
    """Combine what the rules for tangible say: a target outranks better and worse (E54)."""
    said = {_one_direction(rule, match) for rule, match in found if rule.outcome == "tangible"} - {
        "na"
    }
    for targets in ({"met", "not_met"}, {"better", "worse"}):
        if both := said & targets:
            return both.pop() if len(both) == 1 else "mixed"
    return said.pop() if len(said) == 1 else ("mixed" if said else "na")


def _one_direction(rule: Rule, match: re.Match[str]) -> str:
    """Turn "up" and "down" into better and worse by what moved, where the pattern tells."""
    if rule.direction not in _MOVES:
        return rule.direction or "na"
    groups = match.groupdict()
    good, bad = groups.get("good"), groups.get("bad")
    if (good is None) == (bad is None):
        return "na"
    return "better" if (rule.direction == "up") == (good is not None) else "worse"


def _words(match: re.Match[str]) -> str:
    return match.group().strip(" ,:-")


def load_lexicon(path: str | Path | None = None) -> Lexicon:
    """Load the lexicon that comes with hwbtext, or one of your own in the same TOML format.

    Raises
    ------
    MissingPathError
        There is no file at ``path``.
    InputError
        The file is no lexicon; the message names the rule and what is wrong with it.

    Examples
    --------
    >>> load_lexicon().read("RESOLVED - That the report be noted.").subtype
    'process.note'
    """
    if path is None:
        return _shipped()
    path = Path(path)
    if not path.is_file():
        msg = f"There is no lexicon at {str(path)!r}. Give a TOML file, or None for the default."
        raise MissingPathError(msg)
    # The time of the last change is part of the key: an edited file is read anew.
    return _from_path(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _shipped() -> Lexicon:
    source = files("hwbtext.outcomes") / "lexicon.toml"
    return parse_lexicon(source.read_text(encoding="utf-8"), "lexicon.toml")


@lru_cache(maxsize=8)
def _from_path(path: Path, _changed_ns: int) -> Lexicon:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        msg = f"The lexicon {str(path)!r} is not UTF-8: {error}."
        raise InputError(msg) from error
    return parse_lexicon(text, str(path))


def parse_lexicon(text: str, name: str) -> Lexicon:
    """Read a lexicon from TOML; ``name`` is used in messages.

    Raises
    ------
    InputError
        As for :func:`load_lexicon`.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"The lexicon {name!r} is not TOML: {error}."
        raise InputError(msg) from error
    rows = content.get("rule")
    if not isinstance(rows, list) or not rows:
        msg = f"The lexicon {name!r} must have at least one [[rule]]."
        raise InputError(msg)
    lists = _word_lists(content.get("words", {}), name)
    bits = {list_name: 1 << index for index, list_name in enumerate(lists)}
    lists_of: defaultdict[str, int] = defaultdict(int)
    for list_name, words in lists.items():
        for word in words:
            # Of a phrase the longest word, seldom "in" or "up", is looked for.
            lists_of[max(_WORD.findall(word), key=len)] |= bits[list_name]
    rules = [_rule(row, lists, bits, name) for row in rows]
    ids = [rule.rule_id for rule in rules]
    if len(set(ids)) < len(ids):
        twice = sorted({rule_id for rule_id in ids if ids.count(rule_id) > 1})
        msg = f"Rule ids of {name!r} must be unique. Got {', '.join(twice)} twice or more."
        raise InputError(msg)
    # Stable: rules of one weight keep the order of the file.
    rules.sort(key=lambda rule: -rule.weight)
    return Lexicon(str(content.get("version", "0")), tuple(rules), dict(lists_of))


def _word_lists(table: object, name: str) -> dict[str, tuple[str, ...]]:
    lists: dict[str, tuple[str, ...]] = {}
    for key, value in table.items() if isinstance(table, dict) else ():
        words = tuple(word.strip() for word in str(value).split("|"))
        for word in words:
            if not _PLAIN.fullmatch(word):
                msg = f"Words of the list {key!r} in {name!r} must be plain. Got {word!r}."
                raise InputError(msg)
        lists[key] = words
    return lists


def _rule(
    row: dict[str, object], lists: dict[str, tuple[str, ...]], bits: dict[str, int], name: str
) -> Rule:
    where = f"{name}, rule {row.get('id')!r}"
    wrong = (_RULE_KEYS - row.keys()) | (row.keys() - _RULE_KEYS - _OPTIONAL_KEYS)
    if wrong:
        msg = f"{where}: these keys are missing or unknown: {', '.join(sorted(wrong))}."
        raise InputError(msg)
    subtype, direction, weight = str(row["subtype"]), row.get("direction"), row["weight"]
    if subtype not in SUBTYPES:
        msg = f"{where}: unknown subtype {subtype!r}. Known are {', '.join(SUBTYPES)}."
        raise InputError(msg)
    if direction is not None and direction not in {*DIRECTIONS, *_MOVES}:
        msg = f"{where}: unknown direction {direction!r}."
        raise InputError(msg)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or weight < _BASE_WEIGHT:
        msg = f"{where}: weight must be a number of at least {_BASE_WEIGHT}. Got {weight!r}."
        raise InputError(msg)
    needed = str(row.get("needs", "")).split()
    pattern = str(row["pattern"])
    for list_name in [*needed, *_SLOT.findall(pattern)]:
        if list_name not in lists:
            msg = f"{where}: there is no word list {list_name!r}. Known are {', '.join(lists)}."
            raise InputError(msg)
    unless = row.get("unless")
    return Rule(
        rule_id=str(row["id"]),
        subtype=subtype,
        weight=float(weight),
        pattern=_compile(pattern, lists, where),
        unless=None if unless is None else _compile(str(unless), lists, where),
        direction=None if direction is None else str(direction),
        needs=sum(bits[list_name] for list_name in set(needed)),
        match=str(row["match"]),
        miss=str(row["miss"]),
    )


def _compile(pattern: str, lists: dict[str, tuple[str, ...]], where: str) -> re.Pattern[str]:
    def fill(slot: re.Match[str]) -> str:
        # Longest first, or "rise" would hide "rise in".
        words = sorted(lists[slot[1]], key=len, reverse=True)
        return "(?:" + "|".join(map(re.escape, words)) + ")"

    try:
        return re.compile(_SLOT.sub(fill, pattern), re.MULTILINE)
    except (re.error, KeyError) as error:
        msg = f"{where}: the pattern cannot be used: {error}."
        raise InputError(msg) from error
