"""Who took part in a meeting: a name or initials that nothing else marks is one of theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hwbtext.acts.bearers import INITIALS, joined

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[A-Z][\w'-]+")
_INITIALS = re.compile(joined(INITIALS))


@dataclass(frozen=True, slots=True)
class Roll:
    """The names of those who took part, word by word, and their initials."""

    words: frozenset[str]
    pairs: frozenset[str]

    @classmethod
    def of(cls, people: Iterable[str]) -> Roll:
        """Return the roll of some names.

        Examples
        --------
        >>> sorted(Roll.of(["Dr Jo Sample"]).pairs)
        ['JS']
        """
        found = [[word for word in _WORD.findall(name) if word not in _TITLES] for name in people]
        pairs = {words[0][0] + words[-1][0] for words in found if len(words) > 1}
        return cls(frozenset(word for words in found for word in words), frozenset(pairs))

    def knows(self, owner: str, *, initials_too: bool = False) -> bool:
        """Return whether a bare name is one of a person who took part.

        Initials are let pass as they stand, unless ``initials_too``: "ABC to write" gives a
        task to whoever it is, but "ABC will write" tells the news of a body as well.

        Examples
        --------
        >>> roll = Roll.of(["Jo Sample"])
        >>> roll.knows("Jo"), roll.knows("Cheques"), roll.knows("NCC", initials_too=True)
        (True, False, False)
        """
        if _INITIALS.fullmatch(owner):
            return not initials_too or all(
                one[:2].upper() in self.pairs for one in re.findall(r"[A-Z]\w+", owner)
            )
        return any(word in self.words for word in _WORD.findall(owner))


_TITLES = frozenset(
    "Cllr Cllrs Councillor Mr Mrs Ms Miss Dr Prof Professor Sir Dame Lord Lady Rev".split()
)
