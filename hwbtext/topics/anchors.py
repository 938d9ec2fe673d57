"""Anchors: topics that are looked for, told by phrases, and the vectors they start from."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hwbtext.errors import InputError, MissingPathError

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from hwbtext.embed import Encoder

STUDY = "study"
"""Name of the anchors that are shipped: those of the study of Health and Wellbeing Boards."""

_MOST_BYTES = 1_000_000
_MOST = 100


def read_anchors(name: str | os.PathLike[str] = STUDY) -> dict[str, tuple[str, ...]]:
    """Read a file of anchors.

    Parameters
    ----------
    name : str or path-like
        "study", or a TOML file of tables, one an anchor, each with a list ``phrases``.

    Returns
    -------
    dict of str to tuple of str
        Phrases by anchor, in the order of the file.

    Raises
    ------
    MissingPathError
        There is no such file.
    InputError
        It is no TOML, or an anchor has no phrases.

    Examples
    --------
    >>> list(read_anchors())[:2]
    ['integration and pooled budgets', 'wider determinants']
    """
    if name == STUDY:
        text = (files("hwbtext.topics") / "anchors.toml").read_text(encoding="utf-8")
    else:
        path = Path(name)
        if not path.is_file():
            msg = f"There is no file of anchors {str(name)!r}. Give a TOML file, or 'study'."
            raise MissingPathError(msg)
        if path.stat().st_size > _MOST_BYTES:
            msg = f"The anchors {str(name)!r} are larger than {_MOST_BYTES:,} bytes."
            raise InputError(msg)
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            msg = f"The anchors {str(name)!r} are not UTF-8 text."
            raise InputError(msg) from error
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"The anchors {str(name)!r} are no TOML: {error}."
        raise InputError(msg) from error
    anchors: dict[str, tuple[str, ...]] = {}
    for anchor, table in tables.items():
        phrases = table.get("phrases") if isinstance(table, dict) else None
        told = isinstance(phrases, list) and all(isinstance(p, str) and p.strip() for p in phrases)
        if not phrases or not told:
            msg = f'The anchor {anchor!r} needs phrases = ["…"], one or more. Got {table!r}.'
            raise InputError(msg)
        anchors[anchor] = tuple(phrases)
    if not 1 <= len(anchors) <= _MOST:
        msg = f"Give 1 to {_MOST} anchors. Got {len(anchors)}."
        raise InputError(msg)
    return anchors


def encode_anchors(
    anchors: dict[str, tuple[str, ...]], encoder: Encoder
) -> dict[str, NDArray[np.float32]]:
    """Return the mean vector of each anchor's phrases, of length 1."""
    vectors: dict[str, NDArray[np.float32]] = {}
    for anchor, phrases in anchors.items():
        mean = encoder.encode(list(phrases)).mean(axis=0)
        vectors[anchor] = (mean / np.linalg.norm(mean)).astype(np.float32)
    return vectors
