"""Write a fine-tuned network as ONNX in eight bits, with its tokenizer."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from hwbtext.embed import minilm_folder
from hwbtext.network import MODEL_FILE, TOKENIZER_FILE

if TYPE_CHECKING:
    from hwbtext.training.fine_tune import FineTuned

_OPSET = 17


def export(model: FineTuned, folder: Path) -> None:
    """Write ``encoder.onnx`` and ``tokenizer.json`` of a fine-tuned model into a folder."""
    write_network(model.network, folder)


def write_network(network: torch.nn.Module, folder: Path) -> None:
    """Write a network that takes token ids, and MiniLM's tokenizer, into a folder.

    Weights are rounded to eight bits a channel when written; what flows through them is rounded
    as it comes, with a scale of its own text: the model is given one text a call, so that a
    vector depends on its text alone. Word embeddings are rounded too.

    Parameters
    ----------
    network : torch.nn.Module
        Gives logits a token, given ids alone.
    folder : Path
        Exists.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    network = network.eval().float()
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        with warnings.catch_warnings():
            # The tracing exporter is said to be the old one; the new one needs another package,
            # and what tracing warns of (shapes as constants) the test of lengths would show.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                network,
                (torch.ones((1, 8), dtype=torch.long),),
                str(whole),
                input_names=["input_ids"],
                output_names=["token_logits"],
                dynamic_axes={"input_ids": {1: "tokens"}, "token_logits": {1: "tokens"}},
                opset_version=_OPSET,
                dynamo=False,
            )
        quantize_dynamic(
            whole,
            folder / MODEL_FILE,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gather"],
        )
    shutil.copyfile(minilm_folder() / "tokenizer.json", folder / TOKENIZER_FILE)
