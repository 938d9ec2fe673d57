"""The large model: what the teacher learned, as a small adapter upon weights of an extra."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from hwbtext.network import TOKENIZER_FILE
from hwbtext.outcomes.large import ADAPTER_FILE, N_FROZEN, base_encoder
from hwbtext.outcomes.model_files import write_config
from hwbtext.training.out_of_place import OutOfPlace

if TYPE_CHECKING:
    from pathlib import Path

    from hwbtext.outcomes.calibration import Calibration
    from hwbtext.training.examples import Examples

RANK = 64
UPPER_FILE = "upper.safetensors"


@dataclass(frozen=True, slots=True)
class FittedLarge:
    """The teacher of all passages, ready to be written as an adapter."""

    taught: Path
    labels: tuple[str, ...]

    def save(self, folder: Path, name: str, version: str, calibration: Calibration) -> None:
        """Write the adapter, and beside it the tokenizer of the weights."""
        save_file(adapter_of(load_file(self.taught / UPPER_FILE)), folder / ADAPTER_FILE)
        tokenizer = (self.taught / TOKENIZER_FILE).read_bytes()
        (folder / TOKENIZER_FILE).write_bytes(tokenizer)
        write_config(
            folder,
            kind="large",
            name=name,
            version=version,
            labels=self.labels,
            calibration=calibration,
        )


def adapter_of(upper: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return what the upper layers learned, in half precision and of low rank.

    The change of a matrix is cut to its 64 largest singular values; vectors and the head are
    kept whole.
    """
    base = dict(base_encoder().named_parameters())
    adapter = {}
    for key, learned in upper.items():
        if key.startswith("head."):
            adapter[key] = learned.float().contiguous()
            continue
        _, number, rest = key.split(".", 2)
        name = f"encoder.layer.{int(number) + N_FROZEN}.{rest}"
        change = learned.float() - base[name].detach()
        if change.dim() == 1:
            adapter[name] = change.half().contiguous()
            continue
        u, s, v = torch.svd_lowrank(change, q=2 * RANK, niter=6)
        root = s[:RANK].sqrt()
        adapter[f"{name}.a"] = (u[:, :RANK] * root).half().contiguous()
        adapter[f"{name}.b"] = (v[:, :RANK] * root).T.half().contiguous()
    return adapter


def said_by_teacher(
    path: Path, examples: Examples, ids: list[tuple[str, str]], folds: dict[str, int]
) -> OutOfPlace:
    """Return what ``models.teach`` wrote of the passages that each fold's teacher had not seen."""
    rows = {
        (row["sample"], row["id"]): row
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    }
    shares = np.array([[float(rows[key][label]) for label in examples.labels] for key in ids])
    of = np.array([folds[place] for place in examples.places])
    if [int(rows[key]["fold"]) for key in ids] != of.tolist():
        msg = f"{path} was written with other folds."
        raise SystemExit(msg)
    shares /= shares.sum(axis=1, keepdims=True)
    return OutOfPlace(ids, of, shares, [None] * len(ids), examples.labels)
