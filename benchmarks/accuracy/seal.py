"""Truth without text: the repository holds the length and hash of a string, never the string.

The papers are not ours to publish and name people, so a truth file says "a string of 31
characters whose salted hash is …". Whoever has the paper can check it; whoever has only the
repository learns nothing. The salt is the ``doc_id``: the same name in two papers has two
hashes, so the papers cannot be joined by it either.
"""

from __future__ import annotations

import hashlib
import unicodedata

_DIGITS = 16  # of the hexadecimal digest: 64 bits, so that no two windows of a page collide


def squeeze(text: str) -> str:
    r"""Return only the letters and digits of ``text``, after NFKC and in lower case.

    Spaces, line ends, hyphens and quotation marks are where readers and parsers differ
    without either being wrong; none of them survives.

    Examples
    --------
    >>> squeeze("Health & Well-being\nBoard, 2nd")
    'healthwellbeingboard2nd'
    """
    # Lower case may bring back compositions (and NFKC capitals): fold again after it.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    return "".join(character for character in folded if character.isalnum())


def _digest(squeezed: str, salt: str) -> str:
    return hashlib.sha256(f"{salt}\0{squeezed}".encode("utf-8", "surrogatepass")).hexdigest()[
        :_DIGITS
    ]


def sealed(text: str, salt: str) -> tuple[int, str]:
    """Return length and hash of the squeezed text.

    Parameters
    ----------
    text : str
        As printed; squeezed here.
    salt : str
        The ``doc_id`` of the paper that holds the text.

    Returns
    -------
    tuple of (int, str)
        Characters of the squeezed text, and the first 16 hex digits of its salted SHA-256. A
        text without a letter or digit has length 0.
    """
    squeezed = squeeze(text)
    return len(squeezed), _digest(squeezed, salt)


def find_sealed(haystack: str, n: int, digest: str, salt: str) -> list[int]:
    """Return where in the squeezed haystack the sealed string stands.

    Parameters
    ----------
    haystack : str
        Text to search, a page or an item; squeezed here. The cost is one hash a character.
    n : int
        Length of the sealed string, as :func:`sealed` gives it.
    digest : str
        Its hash.
    salt : str
        The ``doc_id`` that it was sealed with.

    Returns
    -------
    list of int
        Offsets in ``squeeze(haystack)``; empty where there is none, or where ``n`` is 0.
    """
    if n <= 0:
        return []
    squeezed = squeeze(haystack)
    return [
        start
        for start in range(len(squeezed) - n + 1)
        if _digest(squeezed[start : start + n], salt) == digest
    ]
