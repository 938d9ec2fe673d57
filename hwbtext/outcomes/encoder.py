"""A fine-tuned sentence encoder as a classifier, run by ONNX Runtime without torch."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hwbtext.errors import ModelIntegrityError
from hwbtext.network import MODEL_FILE, TOKENIZER_FILE, load_tokenizer, open_network
from hwbtext.outcomes.calibration import Calibration
from hwbtext.outcomes.labelled import LabelledClassifier
from hwbtext.outcomes.reading import Reason

if TYPE_CHECKING:
    from typing import Self

    from numpy.typing import NDArray

FILES = (MODEL_FILE, TOKENIZER_FILE)

_N_THREADS = 2  # two texts at a time
_LETTERS = re.compile(r"[^\W_]")


class TokenShares(NamedTuple):
    """What each token of a text adds to the logit of each label, shape (n_tokens, n_labels)."""

    text: str
    offsets: list[tuple[int, int]]
    shares: NDArray[np.float64]
    direction: str | None


class EncoderOutcomeClassifier(LabelledClassifier):
    """Tell outcomes apart with a sentence encoder that was fine-tuned on coded passages.

    One text a call: what is said of a passage depends on its text alone, whatever it came with
    (a batch is padded to one length, and eight bits take their scale over all of it). Equal
    texts are read once. ``hwbtext train`` fits a new one.

    Parameters
    ----------
    folder : str or Path
        A model folder of kind "encoder".
    abstain_below : float or None
        ``predict`` gives None where the share of the best outcome lies below.

    Notes
    -----
    The network gives each token its share of each label's logit, and the logit of a passage is
    the mean over its tokens. So what ``explain`` shows was added up, not taken apart: the shares
    of the words sum to the logit. A share is that of a word in its sentence, not of the word.
    """

    def __init__(self, folder: str | Path, *, abstain_below: float | None = None) -> None:
        self.folder = folder
        self.abstain_below = abstain_below

    @classmethod
    def load(cls, folder: str | Path, config: dict[str, Any]) -> Self:
        """Load a model folder whose config and files were checked before.

        Raises
        ------
        ModelIntegrityError
            The network is not what the config says.
        """
        classifier = cls(folder)
        classifier._set_labels(config["labels"])
        classifier.directions_ = tuple(config.get("directions", ()))
        classifier.calibration_ = Calibration.from_json(config["calibration"])
        classifier.name = f"{config['name']}@{config['version']}"
        classifier._open()
        return classifier

    def fit(self, X: object, y: object = None) -> Self:  # noqa: ARG002, N803
        """Return the classifier as it is: it learned before, and ``hwbtext train`` fits others."""
        return self

    def __getstate__(self) -> dict[str, Any]:
        """Leave the session out: it cannot be copied, and is opened again where it is needed."""
        state: dict[str, Any] = dict(super().__getstate__())
        state.pop("_session", None)
        return state

    # ---- inside ------------------------------------------------------------------------------

    def _open(self) -> tuple[Any, Any]:
        """Return tokenizer and network, loaded once."""
        if "_session" not in self.__dict__:
            self._session = (self._load_tokenizer(), self._load_network())
        found: tuple[Any, Any] = self._session
        return found

    def _load_tokenizer(self) -> Any:
        return load_tokenizer(Path(self.folder))

    def _load_network(self) -> Any:
        session = open_network(Path(self.folder))
        n_out = session.get_outputs()[0].shape[-1]
        if n_out != len(self.labels_) + len(self.directions_):
            path = str(Path(self.folder) / MODEL_FILE)
            msg = f"The network {path!r} gives {n_out} values, not those of its config."
            raise ModelIntegrityError(msg)
        return session

    def _token_logits(self, network: Any, ids: list[int]) -> NDArray[np.float64]:
        """Return what the network says of each token, shape (n_tokens, n_labels + n_directions)."""
        (logits,) = network.run(None, {"input_ids": np.array([ids], dtype=np.int64)})
        return np.asarray(logits[0], dtype=np.float64)

    def _features(self, texts: list[str]) -> list[TokenShares]:
        tokenizer, network = self._open()
        n_labels = len(self.labels_)

        def one(text: str) -> TokenShares:
            line = clean(text)
            coded = tokenizer.encode(line)
            shares = self._token_logits(network, coded.ids) / len(coded.ids)
            towards = shares[:, n_labels:].sum(axis=0)
            direction = self.directions_[int(towards.argmax())] if self.directions_ else None
            return TokenShares(line, coded.offsets, shares[:, :n_labels], direction)

        distinct = list(dict.fromkeys(texts))
        with ThreadPoolExecutor(_N_THREADS) as pool:
            said = dict(zip(distinct, pool.map(one, distinct), strict=True))
        return [said[text] for text in texts]

    def _direction(self, text: str, features: list[TokenShares], row: int) -> str | None:
        return features[row].direction or super()._direction(text, features, row)

    def _scores(self, features: list[TokenShares]) -> NDArray[np.float64]:
        table = np.zeros((len(features), len(self.labels_)))
        for row, found in enumerate(features):
            table[row] = found.shares.sum(axis=0)
        return table

    def _reasons(
        self, features: list[TokenShares], row: int, towards: NDArray[np.float64]
    ) -> list[Reason]:
        found = features[row]
        spoken: dict[tuple[int, int], float] = {}
        for (start, end), share in zip(found.offsets, found.shares @ towards, strict=True):
            if end > start and _LETTERS.search(found.text[start:end]):
                word = _whole_word(found.text, start, end)
                spoken[word] = spoken.get(word, 0.0) + float(share)
        return [Reason(found.text[start:end], share) for (start, end), share in spoken.items()]


def clean(text: str) -> str:
    r"""Return a text as the encoder is given it, in training and after: one line.

    Examples
    --------
    >>> clean("RESOLVED -  That the\nreport be noted. ")
    'RESOLVED - That the report be noted.'
    """
    return " ".join(text.split())


def _whole_word(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen the span of a piece to the word that it is part of."""
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return start, end
