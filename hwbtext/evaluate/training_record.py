"""What a model was trained on, so that nobody scores it on its own training texts unawares.

Every model directory ships ``trained_on.json``: the SHA-256 of each normalised training text
and the places the texts came from. Hashes, not texts: the texts need not be published.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hwbtext.errors import InputError, MissingPathError
from hwbtext.text import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE_NAME = "trained_on.json"
_SCHEMA = 1
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class TrainedOn:
    """The training texts of a model, by hash, and their places.

    Attributes
    ----------
    texts_sha256 : frozenset of str
        :func:`text_sha256` of each training text.
    places : frozenset of str
        Empty for rules, which learn from no passage.
    """

    texts_sha256: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()

    @classmethod
    def of(cls, texts: Iterable[str], places: Iterable[str]) -> TrainedOn:
        """Return the record of training texts and their places.

        Examples
        --------
        >>> record = TrainedOn.of(["RESOLVED - That the report be noted."], ["Harbour"])
        >>> record.has_seen("resolved – that the  report be noted.")
        True
        """
        return cls(frozenset(text_sha256(text) for text in texts), frozenset(places))

    def has_seen(self, text: str) -> bool:
        """Return whether the text, normalised, is one of the training texts."""
        return text_sha256(text) in self.texts_sha256


def text_sha256(text: str) -> str:
    """Return the SHA-256 of a text in one spelling: NFKC, plain quotes, single spaces, folded case.

    Examples
    --------
    >>> text_sha256("The Board’s  plan") == text_sha256("the board's plan")
    True
    """
    return hashlib.sha256(normalize(text).casefold().encode()).hexdigest()


def save_trained_on(record: TrainedOn, folder: str | Path) -> Path:
    """Write ``trained_on.json`` into a model directory and return its path.

    Raises
    ------
    MissingPathError
        There is no such folder.
    """
    folder = Path(folder)
    if not folder.is_dir():
        msg = f"There is no folder {str(folder)!r}. Make the model's folder first."
        raise MissingPathError(msg)
    content = {
        "schema": _SCHEMA,
        "texts_sha256": sorted(record.texts_sha256),
        "places": sorted(record.places),
    }
    path = folder / FILE_NAME
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def load_trained_on(path: str | Path) -> TrainedOn:
    """Read ``trained_on.json`` of a model directory, or the file itself.

    Raises
    ------
    MissingPathError
        There is no such file: without it nobody can tell whether a score is in-sample.
    InputError
        The file is not what :func:`save_trained_on` writes.
    """
    path = Path(path)
    path = path / FILE_NAME if path.is_dir() else path
    if not path.is_file():
        msg = (
            f"There is no {str(path)!r}. Every model directory ships {FILE_NAME} (SHA-256 of each "
            "normalised training text, and the places): hwbtext.evaluate.save_trained_on writes it."
        )
        raise MissingPathError(msg)
    try:
        content: object = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        msg = f"{str(path)!r} is not JSON in UTF-8: {error}."
        raise InputError(msg) from error
    if not isinstance(content, dict) or content.get("schema") != _SCHEMA:
        msg = f"{str(path)!r} must be an object with schema {_SCHEMA}, texts_sha256 and places."
        raise InputError(msg)
    hashes = _strings(content.get("texts_sha256"), "texts_sha256", path)
    for value in hashes:
        if not _SHA256.fullmatch(value):
            msg = f"texts_sha256 of {str(path)!r} must be 64 hex digits each. Got {value!r}."
            raise InputError(msg)
    return TrainedOn(frozenset(hashes), frozenset(_strings(content.get("places"), "places", path)))


def _strings(value: object, key: str, path: Path) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        msg = f"{key} of {str(path)!r} must be a list of strings. Got {type(value).__name__}."
        raise InputError(msg)
    return value
