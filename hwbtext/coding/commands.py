"""The bodies of ``hwbtext plan`` and ``hwbtext import``; each returns the lines to print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from hwbtext.codebook import load_codebook
from hwbtext.coding.frame import load_passages
from hwbtext.coding.imports import SheetFormat, import_codings
from hwbtext.coding.kit import write_kit
from hwbtext.coding.plan import plan_sample
from hwbtext.coding.plan_lines import load_plan
from hwbtext.coding.precision import DESIGN_EFFECT, expected_interval
from hwbtext.errors import InputError, MissingPathError, OutputExistsError
from hwbtext.gold import Annotators, save_gold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hwbtext.coding.codings import Quotes
    from hwbtext.coding.drawing import Allocation
    from hwbtext.gold import GoldSample

_SHARES = (0.05, 0.25, 0.5)  # a rare code, a common one, and the widest that there is
_SAID: dict[str, Annotators] = {"people": "people", "model": "model-annotated"}


def plan_kit(
    out: str | Path,
    kit: str | Path,
    *,
    n: int,
    by: Sequence[str] = ("site", "year"),
    coders: Sequence[str] = (),
    seed: int = 0,
    allocation: Allocation = "proportional",
    codebook: str | Path | None = None,
    show_site: bool = False,
    force: bool = False,
) -> tuple[str, ...]:
    """Draw a sample of a run's passages and write a coding kit of it.

    Parameters
    ----------
    out : str or Path
        The folder that ``hwbtext mine`` wrote.
    kit : str or Path
        The XLSX to write; see :func:`write_kit` for what stands beside it.
    n, by, seed, allocation
        As for :func:`plan_sample`.
    coders : sequence of str
        Labels of the coders; none gives one kit for "coder-1".
    codebook : str, Path or None
        A codebook of your own.
    show_site, force : bool
        Show site and year to the coders; replace files that are there.

    Returns
    -------
    tuple of str
        What was drawn, left out and written, and how wide an interval to expect.

    Raises
    ------
    InputError
        And its kinds, from the parts that this puts together.
    """
    book = load_codebook(codebook)
    plan = plan_sample(load_passages(out), n, by, seed, allocation=allocation, name=Path(kit).stem)
    written = write_kit(
        plan,
        kit,
        coders=tuple(coders) or ("coder-1",),
        codebook=book,
        blind=not show_site,
        overwrite=force,
    )
    lines = [f"{len(plan)} of {plan.n_frame:,} passages drawn. {plan.design}"]
    lines += [f"Left out: {part.n:,} {part.reason}." for part in plan.left_out]
    for share in _SHARES:
        expected = expected_interval(len(plan), share)
        lines.append(
            f"To expect, coded in full: a share of {share:.0%} gets a 95% interval of about "
            f"{expected.low:.1%} to {expected.high:.1%} (design effect {DESIGN_EFFECT:g} assumed)."
        )
    lines += [f"Written: {path}" for path in written]
    back = " ".join(str(path) for path in written if path.suffix == ".xlsx")
    lines.append(f"When coded: hwbtext import {back} -o gold.jsonl --annotators people")
    return tuple(lines)


def import_sheets(
    files: Sequence[str | Path],
    gold: str | Path,
    *,
    format: SheetFormat | None = None,  # noqa: A002 - the name that the command has
    plan: str | Path | None = None,
    annotators: Literal["people", "model"] | None = None,
    codebook: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    quotes: Quotes = "required",
    force: bool = False,
) -> tuple[str, ...]:
    """Read filled sheets and write them as gold.

    Parameters
    ----------
    files, format, columns, encoding, quotes
        As for :func:`import_codings`.
    gold : str or Path
        The JSON Lines file to write; what it is stands in ``sample.json`` beside it.
    plan : str, Path or None
        The ``.plan.jsonl`` of the kit: with a CSV, which holds no plan of its own.
    annotators : {"people", "model"} or None
        Who coded. None writes "unknown": it is never guessed.
    codebook : str, Path or None
        A codebook of your own.
    force : bool
        Replace ``gold`` where it is there.

    Returns
    -------
    tuple of str
        What was read and written, what should be known of it, and what to do next.

    Raises
    ------
    GoldError
        With everything that has to be mended in the sheets.
    InputError
        And its other kinds, where an argument does not fit.
    """
    gold = Path(gold)
    if annotators is not None and annotators not in _SAID:
        msg = f"annotators must be one of {', '.join(_SAID)}, or None. Got {annotators!r}."
        raise InputError(msg)
    # Before the reading: a mistake of the command should not wait for it.
    if not gold.parent.is_dir():
        msg = f"There is no folder {str(gold.parent)!r} to save gold in. Make it first."
        raise MissingPathError(msg)
    if gold.exists() and not force:
        msg = f"{str(gold)!r} is there already. Name another file, or use --force."
        raise OutputExistsError(msg)
    read = import_codings(
        files,
        format=format,
        plan=None if plan is None else load_plan(plan),
        codebook=load_codebook(codebook),
        annotators=_SAID[annotators] if annotators else "unknown",
        columns=columns,
        encoding=encoding,
        quotes=quotes,
        name=gold.stem,
    )
    save_gold(read.sample, gold, overwrite=force)
    sample = read.sample
    lines = [f"note: {note}" for note in read.notes]
    lines.append(
        f"{len(sample)} coded passages of {len(set(sample.places))} places; coders: "
        f"{', '.join(sample.coders) or 'only agreed codes'}."
    )
    lines += _gaps(sample)
    if read.n_disagreed:
        lines.append(
            f"{read.n_disagreed} have no agreed coding: their coders differ. Settle them in a "
            "sheet 'agreed', or a file whose coder is 'agreed', and import again."
        )
    if read.n_not_coded:
        lines.append(f"{read.n_not_coded} passages that nobody coded are left out.")
    if all(unit.prob is None for unit in sample.units):
        lines.append("No probabilities: these passages train and score, and give no rate.")
    if sample.annotators == "unknown":
        lines.append("Who coded is not said. Say it: --annotators people, or model.")
    lines.append(f"Written: {gold}")
    lines.append(f"Next: hwbtext agreement {gold}; hwbtext evaluate --gold {gold}")
    return tuple(lines)


def _gaps(sample: GoldSample) -> list[str]:
    """Say which passages a coder left out: the others' codes stand alone there."""
    lines = []
    for coder in sample.coders:
        gone = [unit.id for unit in sample.units if coder not in dict(unit.coders)]
        if gone:
            lines.append(
                f"{coder} coded {len(sample) - len(gone)} of {len(sample)}; not coded: "
                f"{', '.join(gone[:5])}{', …' if len(gone) > 5 else ''}."
            )
    return lines
