"""Topics and drift as files for people: pictures, a page, and tables that a spreadsheet opens."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hwbtext.report.evidence import Shelf
from hwbtext.report.page import Themes, render_topics
from hwbtext.report.sheets import Block, draw_sheet, write_sheet
from hwbtext.report.tables import Row, RunTables, grouped
from hwbtext.report.trust import stability_words, topic_anchors, topic_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from hwbtext.topics.stability import StabilityRow

FOLDER = "topics"
"""Name of the folder in a run."""
PICTURES = ("shares", "sites", "drift_calendar")
_ACROSS = 6  # panels beside each other in a picture


def write_topic_files(out: Path, stability: Sequence[StabilityRow] | str) -> Path:
    """Write ``out/topics`` from the tables of a run.

    Parameters
    ----------
    out : Path
        Folder of the run.
    stability : sequence of StabilityRow or str
        From :func:`hwbtext.topics.stability.stability_report`; or why there is none.

    Returns
    -------
    Path
        The folder. A picture for which there is nothing to draw is not there.
    """
    tables = RunTables.read(out)
    shelf = Shelf(tables)
    themes = Themes.build(out, tables, shelf)
    folder = out / FOLDER
    folder.mkdir(exist_ok=True)
    for name in PICTURES:  # those of an earlier run would be taken for this one's
        for suffix in (".svg", ".png"):
            (folder / name).with_suffix(suffix).unlink(missing_ok=True)
    _draw(themes, folder)
    page = render_topics(themes, shelf)
    (folder / "cards.html").write_text(page, encoding="utf-8", newline="\n")
    _write_csv(folder / "topics.csv", _topic_rows(tables))
    names = topic_names(tables)
    for name in ("topic_shares", "drift", "changepoints"):
        rows = [_named(tables, row, names) for row in getattr(tables, name)]
        _write_csv(folder / f"{name.removeprefix('topic_')}.csv", rows)
    told = {
        "agreement": themes.trust.agreement,
        "n_stable": themes.trust.n_stable,
        "n_fair": themes.trust.n_fair,
        "n_dissolving": themes.trust.n_dissolving,
        "refits": None if isinstance(stability, str) else [asdict(row) for row in stability],
        "note": stability if isinstance(stability, str) else None,
    }
    text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    (folder / "stability.json").write_text(text, encoding="utf-8")
    return folder


def _draw(themes: Themes, folder: Path) -> None:
    spread, trust = themes.spread, themes.trust
    if spread.groups:
        blocks = [Block(group.name, group.panels) for group in spread.groups]
        notes = (
            "Share of each topic in the passages of a year; panels of one topic have one scale. "
            "Band: 95% interval, by meetings. Hollow dot, dashed line: thin year, drawn towards "
            f"the other years of its site. {trust}"
        )
        across = max(1, _ACROSS // max(1, spread.n_sites_drawn))
        sheet = draw_sheet("Topic shares by site and year", notes, blocks, across)
        write_sheet(folder / "shares", sheet)
    sites = themes.drift.site_figure
    if sites is not None:
        notes = (
            "Jensen-Shannon distance of topic shares in the years that both have: 0 the same, 1 "
            "nothing in common. * and a black edge: chance hardly explains it (corrected p of "
            "0.05 or less). Dashed: not tested; few: too few meetings; ///: no year in common. "
            f"{trust}"
        )
        sheet = draw_sheet("Distances between sites", notes, [Block("", (("", sites),))])
        write_sheet(folder / "sites", sheet)
    calendar = themes.changes.figure
    if calendar is not None:
        notes = (
            "Ticks: meetings. Boxes: distance from a year to the next, darker the more it is "
            "above chance; dashed: not tested; * chance hardly explains it, and what moved. "
            "Diamond: all topics changed; triangle up or down: one topic rose or fell; bar: 95% "
            f"interval of the date. {trust}"
        )
        sheet = draw_sheet("Drift calendar", notes, [Block("", (("", calendar),))])
        write_sheet(folder / "drift_calendar", sheet)


def _topic_rows(tables: RunTables) -> list[Row]:
    n_now = {key[0]: len(rows) for key, rows in grouped(tables.topics, "topic").items()}
    anchors = topic_anchors(tables)
    words = grouped(sorted(tables.topic_words, key=lambda row: row["rank"] or 0), "topic")
    return [
        {
            "topic": topic,
            "anchor": anchors.get(topic),
            "words": " ".join(str(row["word"]) for row in rows),
            "stability": rows[0]["stability"],
            "stable": stability_words(rows[0]["stability"]),
            "n_passages_fitted": rows[0]["n_passages"],
            "n_passages": n_now.get(topic, 0),
        }
        for (topic,), rows in sorted(words.items())
    ]


def _named(tables: RunTables, row: Row, names: dict[int, str]) -> Row:
    """Add the names of sites and topics behind their ids."""
    named: dict[str, Any] = {}
    for column, value in row.items():
        named[column] = value
        if column.startswith("site_id"):
            named[column.replace("site_id", "site")] = tables.site_names.get(value, value)
        elif column in ("topic", "moved_topic"):
            named[f"{column}_words"] = names.get(value) if value is not None else None
    return named


def _write_csv(path: Path, rows: Iterable[Row]) -> None:
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        if rows:
            writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
