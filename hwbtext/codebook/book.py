"""The records of a codebook: codes in families, the terms beside them, and rulings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hwbtext.errors import InputError

NO_CODE = "no mention"
"""What a near miss of a mention is when no code applies to it."""

FamilyKind = Literal["outcome", "mention"]


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that has the code; ``attributes`` are its act, direction or slots by name."""

    text: str
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A sentence that looks like the code and is ``actual`` instead, with the reason.

    ``actual`` is the id of another code, or ``"no mention"``.
    """

    text: str
    actual: str
    why: str


@dataclass(frozen=True, slots=True)
class Code:
    """One code. ``id`` is family and name with a dot between: ``process.note``."""

    id: str
    title: str
    definition: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    positive: tuple[Example, ...]
    near_miss: tuple[NearMiss, ...]

    @property
    def family(self) -> str:
        """Return what stands before the dot: process, tangible, none, own, acc, ineq."""
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        """Return what stands after the dot: the polarity, where the family is of mentions."""
        return self.id.partition(".")[2]


@dataclass(frozen=True, slots=True)
class SlotRule:
    """A slot of a mention: verbatim from the passage, or one of ``values`` where there are any."""

    name: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """The codes that share what stands before the dot.

    A passage has one code of the families of kind "outcome"; spans of it may have codes of
    those of kind "mention", whose codes are named after polarities. ``label`` is the family's
    name in codings: "ownership" for ``own``, the name itself for an outcome.
    """

    name: str
    kind: FamilyKind
    label: str
    slots: tuple[SlotRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A value of a closed list, such as a direction or an act, and what it means."""

    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """How an edge case is coded, since which version of the codebook.

    ``positive`` and ``near_miss`` may be empty; the attribute ``code`` of an example names
    the code that the ruling gives it.
    """

    id: str
    since: str
    case: str
    ruling: str
    positive: tuple[Example, ...] = ()
    near_miss: tuple[NearMiss, ...] = ()


@dataclass(frozen=True, slots=True)
class Codebook:
    """All codes in the order of the file; indexed by id.

    ``changes`` tells what each version changed: pairs of version and change, oldest first.
    """

    version: str
    codes: tuple[Code, ...]
    families: tuple[Family, ...]
    directions: tuple[Term, ...] = ()
    acts: tuple[Term, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    changes: tuple[tuple[str, str], ...] = ()

    def __getitem__(self, code_id: str) -> Code:
        """Return the code with this id; raise InputError where there is none."""
        for code in self.codes:
            if code.id == code_id:
                return code
        known = ", ".join(code.id for code in self.codes)
        msg = f"Unknown code {code_id!r}. The codebook (version {self.version}) has: {known}."
        raise InputError(msg)

    def family(self, name: str) -> tuple[Code, ...]:
        """Return the codes of one family; empty where the codebook has no such family."""
        return tuple(code for code in self.codes if code.family == name)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Return the outcomes, one of which a passage has: process, tangible, none."""
        return self._labels("outcome")

    @property
    def categories(self) -> tuple[str, ...]:
        """Return the categories of mentions: ownership, accountability, inequality."""
        return self._labels("mention")

    def subtypes(self, outcome: str) -> tuple[str, ...]:
        """Return the ids of the codes of an outcome; empty where there is no such outcome."""
        return tuple(code.id for code in self._codes("outcome", outcome))

    def polarities(self, category: str) -> tuple[str, ...]:
        """Return the polarities that a category can have; empty where there is no such one."""
        return tuple(code.name for code in self._codes("mention", category))

    def slots(self, category: str) -> tuple[SlotRule, ...]:
        """Return the slots of a category; empty where it has none."""
        found = (f.slots for f in self.families if f.kind == "mention" and f.label == category)
        return next(found, ())

    def _labels(self, kind: FamilyKind) -> tuple[str, ...]:
        return tuple(family.label for family in self.families if family.kind == kind)

    def _codes(self, kind: FamilyKind, label: str) -> tuple[Code, ...]:
        names = {f.name for f in self.families if f.kind == kind and f.label == label}
        return tuple(code for code in self.codes if code.family in names)
