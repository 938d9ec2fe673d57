"""Train the models that ship, from the gold and from what a teacher labelled.

    python -m models.build --shared ../shared --unlabelled passages.jsonl --taught taught
    python -m models.build --shared ../shared --only small

``taught`` is what ``models.teach`` wrote. Without it the models learn from the gold alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hwbtext.training import Trained, train
from hwbtext.training.examples import Examples, gather
from hwbtext.training.places import read_folds
from hwbtext.training.run import write_model
from models.gold import FOLDS, load_all
from models.large import FittedLarge, said_by_teacher

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
FOLDERS = {"small": "outcome-small-v1", "best": "outcome-v1", "large": "outcome-large-v1"}


def taught_by(
    folder: Path, unlabelled: Path, n_most: int, places: dict[str, int]
) -> Callable[[int | None, Examples], Examples]:
    """Return what gives the passages that the teacher of a fold labelled."""
    pool = [json.loads(line) for line in unlabelled.read_text("utf-8").splitlines()]
    names = json.loads((folder / "labels.json").read_text("utf-8"))

    def extra(fold: int | None, known: Examples) -> Examples:
        with np.load(folder / f"{'final' if fold is None else f'fold-{fold}'}.npz") as said:
            rows, shares = said["rows"][:n_most], said["shares"][:n_most].astype(np.float64)
        held = {place for place, of in places.items() if of == fold}
        if wrong := {pool[at]["place"] for at in rows} & held:
            msg = f"The teacher of fold {fold} labelled passages of {wrong}."
            raise SystemExit(msg)
        table = np.zeros((len(rows), len(known.labels)))
        table[:, [known.labels.index(name) for name in names]] = shares
        return Examples(
            tuple(pool[at]["text"] for at in rows),
            tuple(pool[at]["place"] for at in rows),
            table / table.sum(axis=1, keepdims=True),
            np.full(len(rows), -1, dtype=np.int64),
            known.labels,
            known.direction_names,
        )

    return extra


def build_large(taught: Path, folder: Path, shared: Path, folds: dict[str, int]) -> Trained:
    """Write the folder of the large model from what the teacher learned."""
    samples = load_all(shared)
    examples, ids = gather(samples)
    said = said_by_teacher(taught / "teacher.csv", examples, ids, folds)
    final = FittedLarge(taught, examples.labels)
    return write_model(final, folder, samples, examples, said, folds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--unlabelled", type=Path)
    parser.add_argument("--taught", type=Path)
    parser.add_argument("--most", type=int, default=8_000, help="labelled passages used")
    parser.add_argument("--only", choices=list(FOLDERS))
    parser.add_argument("--out", type=Path, default=HERE)
    args = parser.parse_args()
    folds = read_folds(FOLDS)
    extra = taught_by(args.taught, args.unlabelled, args.most, folds) if args.taught else None
    sentence = (
        "It also learned, once each, from up to "
        f"{args.most:,} passages of real papers that a larger encoder (all-mpnet-base-v2), "
        "fine-tuned on the same gold, labelled; in each fold that teacher knew no passage of "
        "the places left out."
        if args.taught
        else None
    )
    for name, folder in FOLDERS.items():
        if args.only not in (None, name) or (name == "large" and not args.taught):
            continue
        if name == "large":
            trained = build_large(args.taught, args.out / folder, args.shared, folds)
        else:
            trained = train(
                load_all(args.shared),
                args.out / folder,
                model=name,
                folds=folds,
                # The linear model gained nothing from a teacher on the training samples.
                extra=extra if name == "best" else None,
                taught=sentence if name == "best" else None,
                overwrite=True,
                progress=lambda line: print(line, file=sys.stderr),
            )
        for one in trained.evaluations:
            print(name, one.gold, one.macro_f1)


if __name__ == "__main__":
    main()
