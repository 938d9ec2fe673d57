"""The rules for acts as data: read from TOML, compiled once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Where = Literal["clause", "sentence"]

_MACRO = re.compile(r"<<(\w+)>>")
# Look-behinds need a fixed width and classes hold single characters: their spaces stay.
_SPACE = re.compile(r"\(\?<[=!][^)]*\)|\[(?:\\.|[^\]\\])*\]| \??")


@dataclass(frozen=True, slots=True)
class ActRule:
    """A verb of deciding, and how it is written.

    Attributes
    ----------
    rule_id : str
    verb : str
        As in :class:`hwbtext.records.Act`.
    where : str
        ``"clause"``: clauses of a resolution; ``"sentence"``: minuted sentences.
    strength : int
        Of several verbs in one passage the strongest is its act (ruling E50).
    pattern : re.Pattern
        Searched in ``same_length(text)``.
    match, miss : str
        An example that the rule finds, and one near by that it does not.
    """

    rule_id: str
    verb: str
    where: Where
    strength: int
    pattern: re.Pattern[str]
    match: str
    miss: str


@cache
def load_act_rules(where: Where) -> tuple[ActRule, ...]:
    """Return the rules for clauses of resolutions, or for minuted sentences.

    Examples
    --------
    >>> {rule.verb for rule in load_act_rules("clause")} >= {"noted", "approved", "delegated"}
    True
    """
    text = files("hwbtext.acts").joinpath("acts.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    macros: dict[str, str] = table["macros"]
    return tuple(
        ActRule(
            rule_id=row["id"],
            verb=row["verb"],
            where=row["where"],
            strength=row["strength"],
            pattern=_compile(row["pattern"], macros),
            match=row["match"],
            miss=row["miss"],
        )
        for row in table["rule"]
        if row["where"] == where
    )


def _compile(pattern: str, macros: dict[str, str]) -> re.Pattern[str]:
    pattern = _MACRO.sub(lambda name: macros[name[1]], pattern)
    return re.compile(_SPACE.sub(_blanks, pattern), re.IGNORECASE)


def _blanks(part: re.Match[str]) -> str:
    """Let a space stand for up to three: justified lines of a PDF leave double spaces."""
    return {" ": r"\s{1,3}", " ?": r"\s{0,3}"}.get(part[0], part[0])
