"""Fine-tune the installed sentence encoder on coded passages, with torch.

Plain cross-entropy on the finest labels and on the outcomes above them, end to end but for the
word embeddings, which thousands of passages would only bend to the words they happen to hold.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy, log_softmax

from hwbtext.embed import minilm_folder, quiet_transformers
from hwbtext.network import load_tokenizer
from hwbtext.outcomes.encoder import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from hwbtext.training.examples import Examples

N_EPOCHS = 4
FEWEST_STEPS = 150  # a hundred passages are seen more often: four epochs of them teach nothing
LEARNING_RATE = 1e-4
HEAD_LEARNING_RATE = 1e-3
BATCH = 32
_WARM_UP = 0.1
_DROPOUT = 0.1
_DIRECTION_WEIGHT = 0.8  # few passages have a direction, and it is the smallest of three tasks
PAD_ID = 0  # [PAD] in BERT's vocabulary; the mask leaves it out of every sum
_BUCKET = 16  # batches that are sorted by length together


class Network(nn.Module):
    """The encoder with one linear head; it gives each token its share of every logit.

    The mean over the tokens of a linear function is that function of the mean: the logits are
    those of a head upon mean-pooled tokens, and each token's share of them is known.
    """

    def __init__(self, n_labels: int, n_directions: int, folder: str) -> None:
        super().__init__()
        from transformers import AutoModel

        self.n_labels = n_labels
        with quiet_transformers():
            self.encoder = AutoModel.from_pretrained(
                folder,
                # The fused attention of torch 2.13 is nine times slower backward in bfloat16.
                attn_implementation="eager",
                add_pooling_layer=False,
                hidden_dropout_prob=_DROPOUT,
                attention_probs_dropout_prob=0.0,
            )
        for parameter in self.encoder.embeddings.parameters():
            parameter.requires_grad = False
        self.dropout = nn.Dropout(_DROPOUT)
        self.head = nn.Linear(self.encoder.config.hidden_size, n_labels + n_directions)

    def forward(self, input_ids: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        """Return logits a token, shape (n_texts, n_tokens, n_labels + n_directions)."""
        if mask is None:
            mask = torch.ones_like(input_ids)
        hidden = self.encoder(input_ids=input_ids, attention_mask=mask).last_hidden_state
        logits: torch.Tensor = self.head(self.dropout(hidden))
        return logits

    def pooled(self, input_ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the logits of the texts, shape (n_texts, n_labels + n_directions)."""
        tokens = self(input_ids, mask).float()
        weight = mask[..., None].float()
        total: torch.Tensor = (tokens * weight).sum(1) / weight.sum(1)
        return total


@dataclass(frozen=True, slots=True)
class FineTuned:
    """A trained network with its tokenizer."""

    network: Network
    tokenizer: Any


def fine_tune(
    examples: Examples,
    *,
    extra: Examples | None = None,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> FineTuned:
    """Train the installed MiniLM on examples, and once on each of the extra ones.

    Parameters
    ----------
    examples : Examples
        Coded passages; seen in each of the four epochs.
    extra : Examples, optional
        Passages that a teacher labelled; each is seen once, a part of them in every epoch.
    seed : int
    progress : callable, optional
        Called with the number of passages of each step.

    Returns
    -------
    FineTuned
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)  # noqa: S311 - the order of passages is no secret
    folder = str(minilm_folder())
    tokenizer = load_tokenizer(Path(folder))
    texts = [*examples.texts, *(extra.texts if extra else ())]
    shares = np.vstack([examples.shares, *((extra.shares,) if extra else ())])
    directions = np.concatenate(
        [examples.directions, np.full(len(texts) - len(examples.texts), -1)]
    )
    coded = [tokenizer.encode(clean(text)).ids for text in texts]
    network = Network(len(examples.labels), len(examples.direction_names), folder)
    loss_of = Loss(examples)
    plan = _plan(len(examples.texts), len(texts), rng)
    optimizer, schedule = _optimizer(network, sum(math.ceil(len(part) / BATCH) for part in plan))
    network.train()
    for part in plan:
        for batch in batches([len(coded[at]) for at in part], BATCH, rng):
            rows = [part[at] for at in batch]
            ids, mask = pad([coded[row] for row in rows], PAD_ID)
            with torch.autocast("cpu", torch.bfloat16):
                logits = network.pooled(ids, mask)
            loss = loss_of(logits, shares[rows], directions[rows])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            trained = [p for p in network.parameters() if p.requires_grad]
            nn.utils.clip_grad_norm_(trained, 1.0, foreach=True)
            optimizer.step()
            schedule.step()
            if progress is not None:
                progress(len(rows))
    network.eval()
    return FineTuned(network, tokenizer)


def predict_logits(model: FineTuned, texts: Sequence[str]) -> NDArray[np.float64]:
    """Return logits, shape (n_texts, n_labels + n_directions), in batches: for scoring only."""
    coded = [model.tokenizer.encode(clean(text)).ids for text in texts]
    table = np.zeros((len(texts), model.network.head.out_features))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for batch in batches([len(ids) for ids in coded], 2 * BATCH):
            ids, mask = pad([coded[at] for at in batch], PAD_ID)
            table[batch] = model.network.pooled(ids, mask).numpy()
    return table


def batches(
    lengths: Sequence[int], size: int, rng: random.Random | None = None
) -> Iterator[list[int]]:
    """Yield positions in batches of like length, in random order where ``rng`` is given."""
    order = list(range(len(lengths)))
    if rng is not None:
        rng.shuffle(order)
    found = []
    for start in range(0, len(order), size * _BUCKET):
        chunk = sorted(order[start : start + size * _BUCKET], key=lambda at: lengths[at])
        found += [chunk[at : at + size] for at in range(0, len(chunk), size)]
    if rng is not None:
        rng.shuffle(found)
    yield from found


def pad(coded: Sequence[Sequence[int]], pad_id: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return token ids padded to one length, and the mask of what is not padding."""
    longest = max(map(len, coded))
    ids = torch.full((len(coded), longest), pad_id)
    mask = torch.zeros((len(coded), longest), dtype=torch.long)
    for row, tokens in enumerate(coded):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        mask[row, : len(tokens)] = 1
    return ids, mask


class Loss:
    """Cross-entropy of the finest labels and of the outcomes, weighted by outcome."""

    def __init__(self, examples: Examples) -> None:
        outcome_of = torch.tensor(examples.outcome_of, dtype=torch.float)
        self.n_labels = len(examples.labels)
        self.outcome_of = outcome_of
        # Outside an outcome a label counts nothing: exp(-1e9) is 0.
        self.outside = torch.where(outcome_of.T > 0, 0.0, -1e9)[None]
        prior = torch.tensor(examples.shares, dtype=torch.float).mean(0) @ outcome_of
        # The square root of balanced weights: tangible is rare, and rare is also noisy.
        self.weight = (1 / (len(prior) * prior.clamp_min(1e-6))) ** 0.5

    def __call__(
        self, logits: torch.Tensor, shares: NDArray[np.float64], directions: NDArray[np.int64]
    ) -> torch.Tensor:
        """Return the mean loss of a batch."""
        labels, directed = logits[:, : self.n_labels], logits[:, self.n_labels :]
        wanted = torch.tensor(shares, dtype=torch.float)
        outcomes = wanted @ self.outcome_of
        said = log_softmax(labels, -1)
        said_outcomes = torch.logsumexp(said[:, None, :] + self.outside, -1)
        loss = -0.5 * ((wanted * said).sum(-1) + (outcomes * said_outcomes).sum(-1))
        weight = (outcomes * self.weight).sum(-1)
        total = (loss * weight).sum() / weight.sum()
        target = torch.tensor(directions)
        known = target >= 0
        if directed.shape[1] and bool(known.any()):
            part = known.float().mean() * _DIRECTION_WEIGHT
            total = total + part * cross_entropy(directed[known], target[known])
        return total


def _plan(n_coded: int, n_all: int, rng: random.Random) -> list[list[int]]:
    """Return the positions of each epoch: all that is coded, and a share of the rest."""
    n_epochs = max(N_EPOCHS, math.ceil(FEWEST_STEPS * BATCH / n_all))
    rest = list(range(n_coded, n_all))
    rng.shuffle(rest)
    per_epoch = math.ceil(len(rest) / n_epochs)
    return [
        [*range(n_coded), *rest[epoch * per_epoch : (epoch + 1) * per_epoch]]
        for epoch in range(n_epochs)
    ]


def _optimizer(network: Network, n_steps: int) -> tuple[Any, Any]:
    encoder = [p for p in network.encoder.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        [
            {"params": encoder, "lr": LEARNING_RATE, "weight_decay": 0.01},
            {"params": network.head.parameters(), "lr": HEAD_LEARNING_RATE},
        ],
        fused=True,
    )

    def share(step: int) -> float:
        return min(1.0, (step + 1) / (_WARM_UP * n_steps)) * max(0.0, (n_steps - step) / n_steps)

    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, share)
