"""Put the sections together and fill the template."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from hwbtext.pages import page_environment
from hwbtext.report.changes import build_changes
from hwbtext.report.doings import build_actions, build_acts
from hwbtext.report.drift import build_drift
from hwbtext.report.evidence import LIST_CAP, Shelf
from hwbtext.report.mentions import build_mentions
from hwbtext.report.outcomes import build_outcomes
from hwbtext.report.packing import pack
from hwbtext.report.reading import build_problems, build_reading
from hwbtext.report.spread import build_spread
from hwbtext.report.tables import THIN_DOCUMENTS, THIN_PASSAGES, RunTables
from hwbtext.report.themes import build_novelty, build_topics
from hwbtext.report.trust import build_trust
from hwbtext.topics.shares import THIN_MEETINGS

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from jinja2 import Environment

    from hwbtext.records import RunReport
    from hwbtext.report.changes import Changes
    from hwbtext.report.drift import Drift
    from hwbtext.report.spread import Spread
    from hwbtext.report.themes import Novelty, Topics
    from hwbtext.report.trust import Trust

_CELL_BYTES = 60
_PAIR_BYTES = 600
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
    themes = Themes.build(out, tables, shelf)
    # Last: only now is it known what stands behind every number.
    evidence = pack(shelf, themes.n_bytes)
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
            **_shown(themes),
            problems=build_problems(tables),
            evidence=evidence,
            list_cap=LIST_CAP,
            thin_documents=THIN_DOCUMENTS,
        )
    )


@dataclass(frozen=True, slots=True)
class Themes:
    """All that the sections on topics and drift show."""

    trust: Trust
    topics: Topics
    novelty: Novelty
    spread: Spread
    drift: Drift
    changes: Changes

    @classmethod
    def build(cls, out: Path, tables: RunTables, shelf: Shelf) -> Themes:
        """Lay out topics and drift; numbers get their lists of passages on the shelf."""
        return cls(
            build_trust(out, tables),
            build_topics(tables, shelf),
            build_novelty(tables, shelf),
            build_spread(tables, shelf),
            build_drift(tables, shelf),
            build_changes(tables),
        )

    @property
    def n_bytes(self) -> int:
        """What the charts and tables weigh in a page, about."""
        panels = sum(len(svg) for group in self.spread.groups for _, svg in group.panels)
        charts = len(self.drift.site_figure or "") + len(self.changes.figure or "")
        cells = sum(len(row.cells) for row in self.spread.rows)
        rows = sum(len(table.pairs) for table in self.drift.tables)
        return panels + charts + _CELL_BYTES * cells + _PAIR_BYTES * rows


def render_topics(themes: Themes, shelf: Shelf) -> str:
    """Return the page of topics and drift alone; nothing is written."""
    template = _environment().get_template("topics.html.j2")
    return template.render(
        **_shown(themes), evidence=pack(shelf, themes.n_bytes), list_cap=LIST_CAP
    )


def _shown(themes: Themes) -> dict[str, object]:
    shown: dict[str, object] = {field.name: getattr(themes, field.name) for field in fields(themes)}
    return shown | {"thin_meetings": THIN_MEETINGS, "thin_passages": THIN_PASSAGES}


def _environment() -> Environment:
    environment = page_environment("hwbtext.report", lambda text: text.translate(_CONTROLS))
    environment.filters["number"] = lambda n: f"{n:,}"
    environment.filters["day"] = _day
    return environment


def _day(when: date) -> str:
    # strftime would write the month in the language of whoever runs it.
    months = "Jan Feb March April May June July Aug Sept Oct Nov Dec"
    return f"{when.day} {months.split()[when.month - 1]} {when.year}"
