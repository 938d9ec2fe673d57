"""``sample.json`` beside a gold file: what it is called, who coded it, whether it is restated.

::

    {"files": {"coded.jsonl": {"name": "hwb-v1", "annotators": "model-annotated",
                               "restated": true, "codebook": "0.2"}}}

A key outside ``files`` holds for every file of the folder. None of it is ever guessed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from hwbtext.errors import GoldError
from hwbtext.gold.sample import ANNOTATORS, Annotators

if TYPE_CHECKING:
    from pathlib import Path

SIDECAR = "sample.json"
_KEYS = {"name", "annotators", "restated", "codebook"}


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What a sidecar says of one file; None where it does not say."""

    name: str | None = None
    annotators: Annotators | None = None
    restated: bool | None = None
    codebook: str | None = None  # version of the codebook that the coders followed


def read_sidecar(path: Path) -> Sidecar:
    """Return what the sidecar beside the gold file ``path`` says; all None without a sidecar.

    Raises
    ------
    GoldError
        The sidecar is not JSON or holds a value of the wrong kind.
    """
    content = _read(path.parent / SIDECAR)
    files = content.get("files", {})
    if not isinstance(files, dict):
        raise _error(path, "files", files, "an object of file names")
    of_file = files.get(path.name, {})
    if not isinstance(of_file, dict):
        raise _error(path, f"files of {path.name!r}", of_file, "an object")
    said = {key: {**content, **of_file}.get(key) for key in _KEYS}
    for key in ("name", "codebook"):
        if said[key] is not None and not (isinstance(said[key], str) and str(said[key]).strip()):
            raise _error(path, key, said[key], "a string that is not empty")
    if said["restated"] is not None and not isinstance(said["restated"], bool):
        raise _error(path, "restated", said["restated"], "true or false")
    if said["annotators"] is not None and said["annotators"] not in ANNOTATORS:
        raise _error(path, "annotators", said["annotators"], f"one of {', '.join(ANNOTATORS)}")
    return Sidecar(
        name=cast("str | None", said["name"]),
        annotators=cast("Annotators | None", said["annotators"]),
        restated=said["restated"],
        codebook=cast("str | None", said["codebook"]),
    )


def write_sidecar(path: Path, said: Sidecar) -> None:
    """Write what is ``said`` of the gold file ``path``; other files' entries stay as they are."""
    sidecar = path.parent / SIDECAR
    content = _read(sidecar)
    files = content.setdefault("files", {})
    if not isinstance(files, dict):
        raise _error(path, "files", files, "an object of file names")
    entry = {
        "name": said.name,
        "annotators": said.annotators,
        "restated": said.restated,
        "codebook": said.codebook,
    }
    files[path.name] = {key: value for key, value in entry.items() if value is not None}
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    sidecar.write_text(text, encoding="utf-8")


def _read(sidecar: Path) -> dict[str, object]:
    if not sidecar.is_file():
        return {}
    try:
        content: object = json.loads(sidecar.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        msg = f"The sidecar {str(sidecar)!r} is not JSON in UTF-8: {error}. Mend or remove it."
        raise GoldError(msg, (msg,)) from error
    if not isinstance(content, dict):
        msg = f"The sidecar {str(sidecar)!r} must be a JSON object. Got {content!r}."
        raise GoldError(msg, (msg,))
    return content


def _error(path: Path, key: str, value: object, wanted: str) -> GoldError:
    where = str(path.parent / SIDECAR)
    msg = f"{key} of the sidecar {where!r} must be {wanted}. Got {value!r}."
    return GoldError(msg, (msg,))
