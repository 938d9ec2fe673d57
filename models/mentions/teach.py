r"""Train the tagger of mentions: a large encoder first, and from what it says a small one.

    python -m models.mentions.teach --shared ../shared --weights all-mpnet-base-v2 \
        --runs runs/kent-cc runs/leeds-nhs --unlabelled passages.jsonl -o taught

Neither network of a fold sees a passage of the fold's places, and the passages without codes
that the teacher labels for the pupil are of other places too. The final pupil learns from all
coded passages and from what the teachers of the folds say together. ``taught/fold-<k>`` and
``taught/final`` then hold the pupils as ``encoder.onnx`` in eight bits;
``models.mentions.build`` makes the model of them. (For version 1 the pupil of fold 2 had no
teacher, and the final one those of folds 0 and 1: its figures are lower for that, if anything.)

``--weights`` is a folder with sentence-transformers/all-mpnet-base-v2 (Apache-2.0), whose lower
six layers stay as they are; ``--unlabelled`` JSON Lines with ``text`` and ``place``.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import nn

from hwbtext.embed import minilm_folder
from hwbtext.mentions.tagger import N_OUT
from hwbtext.network import load_tokenizer
from hwbtext.records import CATEGORIES, POLARITIES
from hwbtext.training.export import write_network
from hwbtext.training.fine_tune import PAD_ID, Network, batches, pad
from models.mentions.rows import distinct, load_rows, read_folds
from models.teach import Upper, lower_layers, padded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from models.mentions.rows import Row

N_EPOCHS = 4
BATCH = 32
MAX_TOKENS = 128  # of a passage in training; few are longer
SHARE_WITHOUT = 0.45
"""Of the passages without a mention that are learned from: most say nothing new."""

TEACHER_RATE, PUPIL_RATE, HEAD_RATE = 1e-4, 2e-4, 1e-3
_INSIDE_WEIGHT = 3.0  # of telling inside from outside, against telling polarities apart
_N_CATEGORIES = len(CATEGORIES)


class Targets(NamedTuple):
    """What is to be said of each token of a text: inside a mention, and of which polarity.

    ``inside`` has shape (n_tokens, 3); ``polarity`` (n_tokens, 12), rows of four that sum to 1
    where a token stands inside.
    """

    inside: NDArray[np.float32]
    polarity: NDArray[np.float32]


class Teacher(Upper):
    """The layers of the large encoder that learn, and a linear head upon each token."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, N_OUT)

    def forward(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return logits, shape (n_texts, n_tokens, N_OUT)."""
        logits: torch.Tensor = self.head(self.dropout(self.states(hidden, mask))).float()
        return logits


def coded_targets(row: Row, offsets: Sequence[tuple[int, int]]) -> Targets:
    """Return what a coded passage says of its tokens."""
    inside = np.zeros((len(offsets), _N_CATEGORIES), np.float32)
    polarity = np.zeros((len(offsets), _N_CATEGORIES, len(POLARITIES)), np.float32)
    for mark in row.marks:
        for token, (start, end) in enumerate(offsets):
            if end > start and start < mark.end and end > mark.start:
                inside[token, mark.category] = 1
                polarity[token, mark.category] = 0
                polarity[token, mark.category, mark.polarity] = 1
    return Targets(inside, polarity.reshape(len(offsets), -1))


def said_targets(
    logits: NDArray[np.float32],
    said_of: Sequence[tuple[int, int]],
    offsets: Sequence[tuple[int, int]],
) -> Targets:
    """Return what the teacher said, moved to the pupil's tokens by their characters."""
    at = {place: token for token, place in enumerate(said_of)}
    inside = np.zeros((len(offsets), _N_CATEGORIES), np.float32)
    polarity = np.full((len(offsets), N_OUT - _N_CATEGORIES), 1 / len(POLARITIES), np.float32)
    sure = 1 / (1 + np.exp(-logits[:, :_N_CATEGORIES]))
    share = torch.softmax(
        torch.tensor(logits[:, _N_CATEGORIES:]).reshape(len(logits), _N_CATEGORIES, -1), -1
    )
    for token, place in enumerate(offsets):
        if place[1] > place[0] and place in at:
            inside[token] = sure[at[place]]
            polarity[token] = share[at[place]].flatten().numpy()
    return Targets(inside, polarity)


def loss_of(
    logits: torch.Tensor, mask: torch.Tensor, targets: Sequence[Targets], longest: int
) -> torch.Tensor:
    """Return the loss of a batch: inside or not, and the polarity of what is inside."""
    inside = torch.zeros(len(targets), longest, _N_CATEGORIES)
    polarity = torch.zeros(len(targets), longest, N_OUT - _N_CATEGORIES)
    for row, target in enumerate(targets):
        inside[row, : len(target.inside)] = torch.from_numpy(target.inside)
        polarity[row, : len(target.polarity)] = torch.from_numpy(target.polarity)
    known = mask[..., None].float()
    told = nn.functional.binary_cross_entropy_with_logits(
        logits[..., :_N_CATEGORIES], inside, reduction="none"
    )
    # A token inside counts twice: few are.
    first = (told * (1 + inside) * known).sum() / known.sum()
    shape = (*inside.shape, len(POLARITIES))
    said = torch.log_softmax(logits[..., _N_CATEGORIES:].reshape(shape), -1)
    weight = inside * known
    second = -((polarity.reshape(shape) * said).sum(-1) * weight).sum() / weight.sum().clamp_min(1)
    return _INSIDE_WEIGHT * first + second


def fit(
    network: nn.Module,
    learns: Sequence[nn.Parameter],
    rate: float,
    plan: Sequence[Sequence[int]],
    lengths: Sequence[int],
    inputs: Callable[[Sequence[int]], tuple[torch.Tensor, torch.Tensor]],
    targets: Sequence[Targets],
    seed: int,
) -> None:
    """Train a network on the texts of each epoch of a plan, the rate rising and then falling."""
    rng = random.Random(seed)
    n_steps = sum(math.ceil(len(part) / BATCH) for part in plan)
    optimizer = torch.optim.AdamW(
        [
            {"params": learns, "lr": rate, "weight_decay": 0.01},
            {"params": network.head.parameters(), "lr": HEAD_RATE},
        ],
        fused=True,
    )

    def share(step: int) -> float:
        return min(1.0, (step + 1) / (0.1 * n_steps)) * max(0.0, (n_steps - step) / n_steps)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, share)
    network.train()
    for part in plan:
        for batch in batches([lengths[at] for at in part], BATCH, rng):
            rows = [part[at] for at in batch]
            given, mask = inputs(rows)
            with torch.autocast("cpu", torch.bfloat16):
                logits = network(given, mask)
            loss = loss_of(logits.float(), mask, [targets[at] for at in rows], mask.shape[1])
            optimizer.zero_grad()
            loss.backward()
            trained = [p for p in network.parameters() if p.requires_grad]
            nn.utils.clip_grad_norm_(trained, 1.0, foreach=True)
            optimizer.step()
            schedule.step()
    network.eval()


def logits_of(network: Teacher, hidden: Sequence[torch.Tensor]) -> list[NDArray[np.float32]]:
    """Return what the teacher says of each token, shape (n_tokens, N_OUT) each."""
    found: list[Any] = [None] * len(hidden)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for batch in batches([len(rows) for rows in hidden], 2 * BATCH):
            logits = network(*padded([hidden[at] for at in batch])).float()
            for row, at in enumerate(batch):
                found[at] = logits[row, : len(hidden[at])].numpy().copy()
    return found


def fit_teacher(
    rows: Sequence[Row], hidden: Sequence[torch.Tensor], weights: Path, seed: int
) -> Teacher:
    """Return a teacher of coded passages, given what its frozen layers say of them."""
    torch.manual_seed(seed)
    tokenizer = _tokenizer(weights)
    teacher = Teacher(weights)
    fit(
        teacher,
        list(teacher.layers.parameters()),
        TEACHER_RATE,
        [list(range(len(rows)))] * N_EPOCHS,
        [len(one) for one in hidden],
        lambda at: padded([hidden[one] for one in at]),
        [coded_targets(row, tokenizer.encode(row.text).offsets) for row in rows],
        seed,
    )
    return teacher


def fit_pupil(
    rows: Sequence[Row],
    texts: Sequence[str],
    said: Sequence[NDArray[np.float32]],
    weights: Path,
    seed: int,
) -> Network:
    """Return a pupil of coded passages, and of texts of which a teacher said something.

    Parameters
    ----------
    rows : sequence of Row
    texts : sequence of str, shape (n,)
        Without codes; each is seen once.
    said : sequence of ndarray, shape (n,)
        Logits of the teacher's tokens.
    weights : Path
        The teacher's, for its tokenizer.
    seed : int
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)
    large, small = _tokenizer(weights), _tokenizer(minilm_folder())
    coded = [small.encode(text) for text in [*(row.text for row in rows), *texts]]
    targets = [coded_targets(row, one.offsets) for row, one in zip(rows, coded, strict=False)]
    targets += [
        said_targets(logits, large.encode(text).offsets, one.offsets)
        for logits, text, one in zip(said, texts, coded[len(rows) :], strict=True)
    ]
    rest = list(range(len(rows), len(coded)))
    rng.shuffle(rest)
    each = math.ceil(len(rest) / N_EPOCHS)
    pupil = Network(N_OUT, 0, str(minilm_folder()))
    fit(
        pupil,
        [p for p in pupil.encoder.parameters() if p.requires_grad],
        PUPIL_RATE,
        [
            [*range(len(rows)), *rest[epoch * each : (epoch + 1) * each]]
            for epoch in range(N_EPOCHS)
        ],
        [len(one.ids) for one in coded],
        lambda at: pad([coded[one].ids for one in at], PAD_ID),
        targets,
        seed,
    )
    return pupil


def _tokenizer(folder: Path) -> Any:
    tokenizer = load_tokenizer(folder)
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--runs", type=Path, nargs="+", required=True)
    parser.add_argument("--unlabelled", type=Path, required=True)
    parser.add_argument("--out", "-o", type=Path, required=True)
    args = parser.parse_args()
    rows = distinct(load_rows(args.shared, args.runs))
    pool = [json.loads(line) for line in args.unlabelled.read_text("utf-8").splitlines()]
    folds = read_folds()
    hidden = lower_layers(args.weights, [row.text for row in rows] + [one["text"] for one in pool])
    heard: list[list[NDArray[np.float32]]] = []
    for fold in sorted(set(folds.values())):
        learned = _learned(rows, folds, fold)
        teacher = fit_teacher(
            [rows[at] for at in learned], [hidden[at] for at in learned], args.weights, fold
        )
        heard.append(logits_of(teacher, hidden[len(rows) :]))
        free = [at for at, one in enumerate(pool) if folds[one["place"]] != fold]
        pupil = fit_pupil(
            [rows[at] for at in learned],
            [pool[at]["text"] for at in free],
            [heard[-1][at] for at in free],
            args.weights,
            fold,
        )
        _write(pupil, args.out / f"fold-{fold}")
    final = fit_pupil(
        [rows[at] for at in _learned(rows, folds, None)],
        [one["text"] for one in pool],
        [np.mean(one, axis=0) for one in zip(*heard, strict=True)],
        args.weights,
        0,
    )
    _write(final, args.out / "final")


def _learned(rows: Sequence[Row], folds: Mapping[str, int], fold: int | None) -> list[int]:
    """Return which passages are learned from where a fold is left out."""
    rng = random.Random(0)
    return [
        at
        for at, row in enumerate(rows)
        if folds[row.place] != fold and (row.marks or rng.random() < SHARE_WITHOUT)
    ]


def _write(pupil: Network, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_network(pupil, folder)
    print(folder.name)


if __name__ == "__main__":
    main()
