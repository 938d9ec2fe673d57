"""The codebook as data: what each code means, with sentences that are and are not examples.

The sentences were written for this project. The near misses are a challenge set for
detectors and classifiers, never gold.
"""

from __future__ import annotations

from pathlib import Path

from hwbtext.codebook.book import (
    NO_CODE,
    Code,
    Codebook,
    Example,
    Family,
    NearMiss,
    Ruling,
    SlotRule,
    Term,
)
from hwbtext.codebook.reading import read_file, shipped

__all__ = [
    "NO_CODE",
    "Code",
    "Codebook",
    "Example",
    "Family",
    "NearMiss",
    "Ruling",
    "SlotRule",
    "Term",
    "load_codebook",
]


def load_codebook(path: str | Path | None = None) -> Codebook:
    """Load the codebook that comes with hwbtext, or one of your own in the same JSON format.

    A codebook with the key ``extends`` builds upon another: ``"hwbtext"`` for the one that
    comes with hwbtext, or a path from its own folder. Its codes, families, directions, acts
    and rulings are added; one with the id of an earlier one stands in that one's place.

    Parameters
    ----------
    path : str, Path or None
        A JSON file; None for the one that comes with hwbtext, which is read once.

    Returns
    -------
    Codebook

    Raises
    ------
    MissingPathError
        There is no file at ``path``, or none where its ``extends`` says.
    InputError
        The file is no codebook: not JSON, a key missing, unknown or of the wrong type, an id
        twice, a code of no family, a near miss that is said to be a code the file does not
        have, or a codebook that extends itself.

    Examples
    --------
    >>> load_codebook()["process.note"].title
    'Received / noted / considered'
    >>> [code.id for code in load_codebook().family("process")]
    ['process.note', 'process.approve', 'process.produce', 'process.govern']
    >>> load_codebook().polarities("ownership")
    ('affirmed', 'lacking', 'aspirational', 'neutral')

    A codebook of one's own that adds a sub-type of *process*:

    >>> import json, tempfile
    >>> own = Path(tempfile.mkdtemp()) / "ours.json"
    >>> code = {"id": "process.pilot", "title": "Piloted", "definition": "A pilot was agreed.",
    ...         "include": ["pilot, trial"], "exclude": [], "positive": [], "near_miss": []}
    >>> _ = own.write_text(json.dumps({"version": "1", "extends": "hwbtext", "codes": [code]}))
    >>> load_codebook(own).subtypes("process")[-1]
    'process.pilot'
    """
    return shipped() if path is None else read_file(Path(path))
