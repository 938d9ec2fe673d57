"""An owner that is everybody, and so nobody in particular (ruling E43)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hwbtext.records import Slot

_EVERYBODY = re.compile(
    r"(?:all|everyone|everybody|we|us|(?:all |our |its |the |other |local |key |wider |relevant )*"
    r"(?:partners?|members|stakeholders|agencies|organisations|professionals|colleagues|"
    r"communities|system|sectors?|services)|(?:the )?(?:whole|wider|entire) (?:system|council|"
    r"partnership|community)|partners? (?:organisations|agencies)|each (?:partner|organisation)"
    r"(?: agency)?|various bodies)\b(?! (?:of|for|from)\b)[^,;]{0,20}",
    re.IGNORECASE,
)


def is_diffuse(slots: Iterable[Slot]) -> bool:
    """Return whether the owner that slots name is everybody.

    Examples
    --------
    >>> from hwbtext.records import Slot
    >>> is_diffuse([Slot("who", "All partners")]), is_diffuse([Slot("who", "The Harbour Trust")])
    (True, False)
    """
    return any(slot.name == "who" and _EVERYBODY.fullmatch(slot.text) for slot in slots)
