r"""Train a large encoder on the gold and let it label unlabelled passages, for the small one.

    python -m models.teach --shared ../shared --weights all-mpnet-base-v2 \
        --unlabelled passages.jsonl -o taught

Once a fold and once for the final fit: the teacher of a fold sees no passage of the fold's
places, and labels none of them. What it says goes to ``taught/fold-<k>.npz`` (``final.npz``),
and what it says of the gold that it did not see to ``taught/teacher.csv``, to be scored. The
passages are text of real papers: they and ``taught`` stay outside the repository.

``--weights`` is a folder with sentence-transformers/all-mpnet-base-v2 (Apache-2.0), whose
weights are checked by SHA-256. Its word embeddings and lower six layers stay as they are, so
what these say of each passage is computed once for all folds.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import random
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from hwbtext.errors import ModelIntegrityError
from hwbtext.network import TOKENIZER_FILE
from hwbtext.outcomes.encoder import clean
from hwbtext.outcomes.large import N_FROZEN, WEIGHTS_SHA256
from hwbtext.training.examples import gather
from hwbtext.training.fine_tune import Loss, batches, pad
from hwbtext.training.places import N_FOLDS, read_folds
from models.gold import FOLDS, load_all
from models.large import UPPER_FILE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hwbtext.training.examples import Examples

N_EPOCHS = 3
MAX_TOKENS = 128
BATCH = 32
LEARNING_RATE = 5e-5
HEAD_LEARNING_RATE = 1e-3


class Upper(nn.Module):
    """The layers that learn, and a linear head upon the mean of the tokens."""

    def __init__(self, folder: Path, n_labels: int) -> None:
        super().__init__()
        from transformers import AutoModel

        encoder = AutoModel.from_pretrained(
            folder, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        ).encoder
        self.layers = nn.ModuleList(encoder.layer[N_FROZEN:])
        self.frozen = [encoder]  # in a list: its weights are not this module's
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(768, n_labels)

    def states(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return what the layers say of each token, shape (n_texts, n_tokens, 768)."""
        with torch.no_grad():
            bias = self.frozen[0].compute_position_bias(hidden)
        for layer in self.layers:
            hidden = layer(hidden, _additive(mask), bias)[0]
        return hidden

    def forward(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (n_texts, n_labels)."""
        hidden = self.states(hidden, mask)
        weight = mask[..., None].to(hidden.dtype)
        pooled = (hidden * weight).sum(1) / weight.sum(1)
        logits: torch.Tensor = self.head(self.dropout(pooled)).float()
        return logits


def lower_layers(folder: Path, texts: Sequence[str]) -> list[torch.Tensor]:
    """Return what the frozen layers say of each text, shape (n_tokens, 768) each."""
    from tokenizers import Tokenizer
    from transformers import AutoModel

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    model = AutoModel.from_pretrained(folder).eval()
    coded = [tokenizer.encode(text).ids for text in texts]
    found: list[Any] = [None] * len(coded)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for batch in batches([len(ids) for ids in coded], 2 * BATCH):
            ids, mask = pad([coded[at] for at in batch], 1)  # MPNet's <pad>
            hidden = model.embeddings(input_ids=ids)
            bias = model.encoder.compute_position_bias(hidden)
            for layer in model.encoder.layer[:N_FROZEN]:
                hidden = layer(hidden, _additive(mask), bias)[0]
            for row, at in enumerate(batch):
                found[at] = hidden[row, : len(coded[at])].to(torch.bfloat16).clone()
    return found


def teach(folder: Path, hidden: Sequence[torch.Tensor], examples: Examples, seed: int) -> Upper:
    """Return upper layers that learned from examples, given what the lower layers say."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    model = Upper(folder, len(examples.labels))
    loss_of = Loss(examples)
    optimizer = torch.optim.AdamW(
        [
            {"params": model.layers.parameters(), "lr": LEARNING_RATE, "weight_decay": 0.01},
            {"params": model.head.parameters(), "lr": HEAD_LEARNING_RATE},
        ],
        fused=True,
    )
    n_steps = N_EPOCHS * math.ceil(len(hidden) / BATCH)

    def share(step: int) -> float:
        return min(1.0, (step + 1) / (0.1 * n_steps)) * max(0.0, (n_steps - step) / n_steps)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, share)
    none = np.full(len(examples), -1)
    model.train()
    for _ in range(N_EPOCHS):
        for batch in batches([len(rows) for rows in hidden], BATCH, rng):
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(*padded([hidden[at] for at in batch]))
            loss = loss_of(logits, examples.shares[batch], none[batch])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0, foreach=True)
            optimizer.step()
            schedule.step()
    return model.eval()


def shares_of(model: Upper, hidden: Sequence[torch.Tensor]) -> NDArray[np.float32]:
    """Return the share of each label, shape (n_texts, n_labels)."""
    table = np.zeros((len(hidden), model.head.out_features), dtype=np.float32)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for batch in batches([len(rows) for rows in hidden], 2 * BATCH):
            logits = model(*padded([hidden[at] for at in batch]))
            table[batch] = torch.softmax(logits, -1).numpy()
    return table


def _additive(mask: torch.Tensor) -> torch.Tensor:
    return (1.0 - mask[:, None, None, :].float()) * -1e9


def padded(rows: Sequence[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    longest = max(len(row) for row in rows)
    hidden, mask = torch.zeros(len(rows), longest, 768), torch.zeros(len(rows), longest)
    for at, row in enumerate(rows):
        hidden[at, : len(row)], mask[at, : len(row)] = row, 1
    return hidden, mask


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument(
        "--unlabelled", type=Path, required=True, help="JSON Lines with text, place, and item"
    )
    parser.add_argument("--out", "-o", type=Path, required=True)
    args = parser.parse_args()
    digest = hashlib.sha256((args.weights / "model.safetensors").read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        msg = f"The weights in {args.weights} have SHA-256 {digest}, not {WEIGHTS_SHA256}."
        raise ModelIntegrityError(msg)
    samples = load_all(args.shared)
    examples, ids = gather(samples)
    items = {(one.name, unit.id): unit.item for one in samples for unit in one.units}
    pool = [json.loads(line) for line in args.unlabelled.read_text("utf-8").splitlines()]
    texts = [_headed(items[key], text) for key, text in zip(ids, examples.texts, strict=True)]
    hidden = lower_layers(
        args.weights, texts + [_headed(row.get("item"), row["text"]) for row in pool]
    )
    folds = read_folds(FOLDS)
    args.out.mkdir(parents=True, exist_ok=True)
    shutil.copy(args.weights / TOKENIZER_FILE, args.out)
    (args.out / "labels.json").write_text(json.dumps(examples.labels))
    with (args.out / "teacher.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sample", "id", "fold", *examples.labels])
        for fold in (*range(N_FOLDS), None):
            train = [at for at, place in enumerate(examples.places) if folds[place] != fold]
            judge = [at for at, place in enumerate(examples.places) if folds[place] == fold]
            model = teach(
                args.weights, [hidden[at] for at in train], examples.take(train), fold or 0
            )
            if fold is None:
                save_file(
                    {key: value.contiguous() for key, value in model.state_dict().items()},
                    args.out / UPPER_FILE,
                )
            rows = [
                at for at, row in enumerate(pool) if fold is None or folds.get(row["place"]) != fold
            ]
            said = shares_of(model, [hidden[len(texts) + at] for at in rows])
            name = "final" if fold is None else f"fold-{fold}"
            np.savez(args.out / f"{name}.npz", rows=rows, shares=said)
            for at, row in zip(judge, shares_of(model, [hidden[at] for at in judge]), strict=True):
                writer.writerow([*ids[at], fold, *(f"{share:.5f}" for share in row)])
            print(f"{name}: {len(train)} learned, {len(rows)} labelled", file=sys.stderr)


def _headed(item: str | None, text: str) -> str:
    return clean(f"{item or ''} {text}")


if __name__ == "__main__":
    main()
