"""Put the sections together and fill the template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hwbtext.pages import page_environment
from hwbtext.report.doings import build_actions, build_acts
from hwbtext.report.evidence import LIST_CAP, Shelf
from hwbtext.report.mentions import build_mentions
from hwbtext.report.outcomes import build_outcomes
from hwbtext.report.packing import pack
from hwbtext.report.reading import build_problems, build_reading
from hwbtext.report.tables import THIN_DOCUMENTS, THIN_PASSAGES, RunTables
from hwbtext.report.themes import build_drift, build_topics

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from jinja2 import Environment

    from hwbtext.records import RunReport

# Characters that HTML does not allow; PDF text layers hold them now and then.
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)), "�")


def render(out: Path, run: RunReport) -> str:
    """Return the page for the tables of ``out``; nothing is written.

    Raises
    ------
    MissingPathError
        A table is not there.
    SchemaError
        A table is of a newer major version, or its rows do not fit together.
    """
    tables = RunTables.read(out)
    shelf = Shelf(tables)
    reading = build_reading(tables, run, shelf)
    outcomes = build_outcomes(tables, shelf)
    mentions = build_mentions(tables, shelf)
    acts = build_acts(tables, shelf)
    actions = build_actions(tables, shelf)
    topics = build_topics(tables, shelf)
    drift_years, drift_sites = build_drift(tables, shelf)
    # Last: only now is it known what stands behind every number.
    evidence = pack(shelf)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            run=run,
            reading=reading,
            outcomes=outcomes,
            mentions=mentions,
            acts=acts,
            actions=actions,
            topics=topics,
            drift_years=drift_years,
            drift_sites=drift_sites,
            problems=build_problems(tables),
            evidence=evidence,
            list_cap=LIST_CAP,
            thin_passages=THIN_PASSAGES,
            thin_documents=THIN_DOCUMENTS,
        )
    )


def _environment() -> Environment:
    environment = page_environment("hwbtext.report", lambda text: text.translate(_CONTROLS))
    environment.filters["number"] = lambda n: f"{n:,}"
    environment.filters["day"] = _day
    return environment


def _day(when: date) -> str:
    # strftime would write the month in the language of whoever runs it.
    months = "Jan Feb March April May June July Aug Sept Oct Nov Dec"
    return f"{when.day} {months.split()[when.month - 1]} {when.year}"
