"""A sentence encoder that was taught to mark mentions, run by ONNX Runtime without torch.

It says of each token how likely it stands inside a mention of each category, and which polarity
that mention would have. The folder of the model (``models/mention-v1``)::

    config.json                    task, name, version, what follows from the figures, SHA-256
    encoder.onnx, tokenizer.json   the network in eight bits
    trained_on.json                hashes of the training texts, and their places
    out_of_place.csv               what was said of coded passages of places not seen; no text
    CARD.md                        for people
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from hwbtext.errors import InputError, MissingPathError, ModelIntegrityError
from hwbtext.network import (
    MODEL_FILE,
    TOKENIZER_FILE,
    check_model_files,
    load_tokenizer,
    model_file,
    open_network,
    shipped_models,
)
from hwbtext.records import CATEGORIES, POLARITIES, CharSpan
from hwbtext.text import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from hwbtext.records import Category, Polarity

FOLDER = "mention-v1"
CONFIG = "config.json"
FILES = (MODEL_FILE, TOKENIZER_FILE)
N_OUT = len(CATEGORIES) * (1 + len(POLARITIES))
"""What the network says of a token: inside or not, then the polarities, a category each."""

FLOOR = 0.3
"""A token less likely than this to stand in a mention stands in none."""

_SCHEMA = 1
_GAP = 3  # tokens that may be doubted inside one mention
_WINDOW = 600  # characters read at once, in whole sentences: about the longest passage


class Tagged(NamedTuple):
    """A stretch of a text that the network takes for a mention; ``score`` is its likeliest token's.

    ``span`` is the part that is at least half as likely as that; ``reach`` all above ``FLOOR``.
    """

    category: Category
    polarity: Polarity
    span: CharSpan
    reach: CharSpan
    score: float


class Reader(Protocol):
    """What reads a text and marks mentions in it: pure and picklable."""

    @property
    def version(self) -> str:
        """Version, raised whenever what it says may change."""

    @property
    def thresholds(self) -> Mapping[Category, Thresholds]:
        """How sure it has to be."""

    def read(self, text: str) -> tuple[Tagged, ...]:
        """Return what it marks, in reading order by category."""


class Thresholds(NamedTuple):
    """How sure the network has to be of a category.

    ``keep``: a mention by rules stays where the network is at least as sure of that place (0:
    wherever it stands);
    ``add``: a mention without a rule is made where it is at least as sure.
    """

    keep: float
    add: float


@dataclass(frozen=True)
class Tagger:
    """Mark mentions with the network of a model folder.

    One window of text a call: what is said of a passage depends on its text alone.

    Attributes
    ----------
    folder : Path
    version : str
    thresholds : mapping of category to Thresholds
    """

    folder: Path
    version: str
    thresholds: Mapping[Category, Thresholds]
    _opened: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, folder: str | Path) -> Tagger:
        """Load a model folder, checked.

        Raises
        ------
        MissingPathError
            There is no such folder, or a file of it is missing.
        InputError
            Its config is not that of a tagger.
        ModelIntegrityError
            A file is not the one on record.
        """
        folder = Path(folder)
        config = read_config(folder)
        check_model_files(folder, config["files"])
        thresholds = {
            category: Thresholds(*map(float, config["thresholds"][category]))
            for category in CATEGORIES
        }
        return cls(folder, str(config["version"]), thresholds)

    def read(self, text: str) -> tuple[Tagged, ...]:
        """Return what the network marks, by category in reading order.

        Parameters
        ----------
        text : str
            Of any length: it is read in windows of whole sentences.

        Raises
        ------
        ModelIntegrityError
            The network is not what the config says.
        """
        # The detectors of the three categories ask for one text after another.
        last: tuple[str, tuple[Tagged, ...]] | None = self._opened.get("last")
        if last is not None and last[0] == text:
            return last[1]
        found = tuple(
            sorted(
                (one for start, end in windows(text) for one in self._read(text[start:end], start)),
                key=lambda one: (CATEGORIES.index(one.category), one.span),
            )
        )
        self._opened["last"] = (text, found)
        return found

    def __getstate__(self) -> dict[str, Any]:
        """Leave the session out: it cannot be copied, and is opened again where it is needed."""
        return {**self.__dict__, "_opened": {}}

    def _read(self, text: str, offset: int) -> Iterator[Tagged]:
        if "network" not in self._opened:
            self._opened["tokenizer"] = load_tokenizer(self.folder)
            self._opened["network"] = open_network(self.folder)
        coded = self._opened["tokenizer"].encode(text)
        ids = np.array([coded.ids], dtype=np.int64)
        (logits,) = self._opened["network"].run(None, {"input_ids": ids})
        if logits.shape[-1] != N_OUT:
            msg = f"The network of {str(self.folder)!r} gives {logits.shape[-1]} values a token, "
            raise ModelIntegrityError(msg + f"not {N_OUT}.")
        for one in marked(coded.offsets, np.asarray(logits[0], dtype=np.float64)):
            yield one._replace(
                span=CharSpan(one.span.start + offset, one.span.end + offset),
                reach=CharSpan(one.reach.start + offset, one.reach.end + offset),
            )


def tagger_folder() -> Path:
    """Return the folder of the tagger that comes with hwbtext.

    Raises
    ------
    MissingPathError
        It is not in this copy.
    """
    models = shipped_models()
    if models is None or not (models / FOLDER).is_dir():
        msg = f"The model {FOLDER!r} is not in this copy of hwbtext. Install it again."
        raise MissingPathError(msg)
    return models / FOLDER


def read_config(folder: Path) -> dict[str, Any]:
    """Return the config of a tagger's folder, checked.

    Raises
    ------
    MissingPathError
        There is none.
    InputError
        It is not that of a tagger.
    """
    path = model_file(folder, CONFIG)
    try:
        config: object = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        msg = f"{str(path)!r} is not JSON in UTF-8: {error}."
        raise InputError(msg) from error
    if (
        not isinstance(config, dict)
        or (config.get("task"), config.get("schema")) != ("mentions", _SCHEMA)
        or not _are_thresholds(config.get("thresholds"))
        or not isinstance(config.get("version"), str)
        or not isinstance(config.get("files"), dict)
        or config["files"].keys() != set(FILES)
    ):
        msg = f"{str(path)!r} must be the config of a tagger of mentions, schema {_SCHEMA}."
        raise InputError(msg)
    return config


def _are_thresholds(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == set(CATEGORIES)
        and all(
            isinstance(pair, list)
            and len(pair) == len(Thresholds._fields)
            and all(isinstance(number, int | float) for number in pair)
            for pair in value.values()
        )
    )


def windows(text: str) -> Iterator[CharSpan]:
    """Cut a text into stretches of whole sentences that the network can read at once.

    A sentence that is longer than a window is cut between words.

    Examples
    --------
    >>> [tuple(window) for window in windows("One. " * 200)]
    [(0, 599), (600, 999)]
    """
    start = end = None
    for sentence in sentences(text):
        for part in _pieces(text, sentence):
            if start is not None and end is not None and part.end - start > _WINDOW:
                yield CharSpan(start, end)
                start = None
            start = part.start if start is None else start
            end = part.end
    if start is not None and end is not None:
        yield CharSpan(start, end)


def _pieces(text: str, sentence: CharSpan) -> Iterator[CharSpan]:
    start = sentence.start
    while sentence.end - start > _WINDOW:
        space = text.rfind(" ", start + 1, start + _WINDOW)
        end = space if space > start else start + _WINDOW
        yield CharSpan(start, end)
        start = end
    yield CharSpan(start, sentence.end)


def marked(
    offsets: Sequence[tuple[int, int]], logits: NDArray[np.float64], floor: float = FLOOR
) -> Iterator[Tagged]:
    """Yield the mentions that the logits of a text's tokens say.

    Parameters
    ----------
    offsets : sequence of (int, int), shape (n_tokens,)
        Of each token in the text; empty for those that the tokenizer adds.
    logits : ndarray, shape (n_tokens, N_OUT)
    floor : float
    """
    inside = 1 / (1 + np.exp(-logits[:, : len(CATEGORIES)]))
    polarities = logits[:, len(CATEGORIES) :].reshape(len(logits), len(CATEGORIES), len(POLARITIES))
    real = np.array([end > start for start, end in offsets], dtype=bool)
    for column, category in enumerate(CATEGORIES):
        likely = np.flatnonzero(real & (inside[:, column] >= floor))
        if not len(likely):
            continue
        for run in np.split(likely, np.flatnonzero(np.diff(likely) > _GAP) + 1):
            score = float(inside[run, column].max())
            sure = run[inside[run, column] >= score / 2]
            polarity = int(polarities[run, column].mean(axis=0).argmax())
            yield Tagged(
                category,
                POLARITIES[polarity],
                CharSpan(offsets[sure[0]][0], offsets[sure[-1]][1]),
                CharSpan(offsets[run[0]][0], offsets[run[-1]][1]),
                score,
            )
