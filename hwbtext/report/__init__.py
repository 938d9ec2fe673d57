"""The HTML report of a run: one file that a colleague can open without anything else.

Altair, vl-convert and Jinja load when a report is written, not when this room is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from hwbtext.records import RunReport

__all__ = ["write_report"]


def write_report(out: Path, run: RunReport) -> Path:
    """Write ``report.html`` into the folder of a run, from the tables that lie there.

    The page holds everything it shows: no script, font or picture comes from elsewhere. It
    does not hold the time of writing, so the same tables and the same ``run`` give the same
    bytes.

    Parameters
    ----------
    out : Path
        The folder that holds every table of :data:`hwbtext.store.SCHEMAS`.
    run : RunReport
        Counts, seed and versions of the run. ``run.out`` and ``run.seconds`` are not shown.

    Returns
    -------
    Path
        ``out / "report.html"``.

    Raises
    ------
    MissingPathError
        A table is not there.
    SchemaError
        A table is of a newer major version, or names a document or passage that no table has.
    """
    from hwbtext.report.page import render

    page = render(out, run)
    path = out / "report.html"
    # A reader never sees half a page: written beside, then renamed.
    part = path.with_suffix(".html.part")
    part.write_text(page, encoding="utf-8", newline="\n")
    part.replace(path)
    return path
