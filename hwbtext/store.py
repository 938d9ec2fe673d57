"""Tables of a run: their Arrow schemas, and Parquet files written and read by name.

One row a passage, one a label, one a mention: tidy. Every table starts with the same five
columns, and every finding carries page and characters, so that it can be shown on its page.
Nothing is pickled. The same rows give the same bytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from hwbtext.errors import InputError, MissingPathError, SchemaError
from hwbtext.records import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

_TEXT = pa.string()
_INT = pa.int32()
_REAL = pa.float64()
_DAY = pa.date32()
_BOOL = pa.bool_()
_TEXTS = pa.list_(pa.string())
_REGIONS = pa.list_(
    pa.struct(
        [
            ("page", _INT),
            ("x0", pa.float32()),
            ("top", pa.float32()),
            ("x1", pa.float32()),
            ("bottom", pa.float32()),
        ]
    )
)
SLOT_NAMES = (
    "who",
    "what",
    "due",
    "holder",
    "forum",
    "object",
    "means",
    "group",
    "dimension",
    "indicator",
    "plan",
)
_SLOTS = pa.struct([(name, _TEXT) for name in SLOT_NAMES])


def _column(name: str, kind: pa.DataType, doc: str) -> pa.Field:
    return pa.field(name, kind, metadata={"doc": doc})


_BASE = (
    _column("doc_id", _TEXT, "First 16 hex digits of the SHA-256 of the file's bytes"),
    _column("site_id", _TEXT, "ONS code of the council, or a slug of its name; null if untold"),
    _column("meeting_date", pa.date32(), "The meeting that the text records; null if untold"),
    _column("year", _INT, "Year of the meeting, else of publication; null if untold"),
    _column("doc_kind", _TEXT, "agenda, minutes, paper, pack, strategy, needs_assessment, other"),
)
_PASSAGE = (_column("passage_id", _TEXT, "doc_id and the characters: `<doc_id>:<start>-<end>`"),)
_PLACE = (
    _column("page", _INT, "Page on which it starts, from 1; null for formats without pages"),
    _column("start", _INT, "First character in the document's text"),
    _column("end", _INT, "One past the last character in the document's text"),
)

_DOCS: dict[str, str] = {
    "documents": "One row a document; files with equal bytes are one document.",
    "passages": "One row a passage, the unit of coding: a clause, a minuted paragraph, a row.",
    "items": "One row a numbered item of minutes or of an agenda.",
    "attendance": "One row a person present, in attendance, absent or with apologies. Drop `name`"
    " to drop the names: no other column is made of them.",
    "votes": "One row a recorded vote; who voted how stands in the text only.",
    "labels": "One row a judgement of a passage: process, tangible or none.",
    "mentions": "One row a mention of ownership, accountability or inequality.",
    "acts": "One row a verb of a resolution.",
    "actions": "One row an action that somebody is to do.",
    "bodies": "One row a body of the health and care system named in a sentence.",
    "topics": "One row a passage: the topic it belongs to.",
    "topic_words": "One row a word of a topic.",
    "topic_shares": "One row a topic in one site and year.",
    "panel": "One row a measure in one site and year, over all kinds of document together; topics"
    " stand in `topic_shares`.",
    "drift": "One row a pair of years of one site, or a pair of sites, and a measure.",
    "changepoints": "One row a meeting from which on the topics of a site are others.",
    "issues": "One row a thing that went wrong, or that a reader should know.",
}

SCHEMAS: dict[str, pa.Schema] = {
    "documents": pa.schema(
        [
            *_BASE,
            _column("paths", _TEXTS, "Every file with these bytes, relative to the folder given"),
            _column("sha256", _TEXT, "SHA-256 of the bytes"),
            _column("status", _TEXT, "success, partial or failed"),
            _column("n_pages", _INT, "Pages; 1 for formats without pages, 0 if unreadable"),
            _column("n_pages_ocr", _INT, "Pages whose text was read by OCR"),
            _column("title", _TEXT, "Title as the file or its first page gives it"),
            _column("site", _TEXT, "Name of the council or body, as written or as in the register"),
            _column("committee", _TEXT, "The body whose meeting it is; null if untold"),
            _column("published_with_date", pa.date32(), "Date of the listing that it came with"),
            _column("place", _TEXT, "Where the meeting was held, as written"),
            _column("start_time", _TEXT, "HH:MM; as written where am or pm is left open"),
            _column("close_time", _TEXT, "HH:MM; as written where am or pm is left open"),
            _column("media_type", _TEXT, "Sniffed from the bytes, not from the name"),
            _column("n_bytes", pa.int64(), "Size of the file"),
            _column("parser", _TEXT, "Name and version of the parser"),
            _column("text", _TEXT, "All text; every offset in the other tables points here"),
        ]
    ),
    "passages": pa.schema(
        [
            *_BASE,
            *_PASSAGE,
            _column("item_number", _TEXT, "Number of the agenda item it stands under"),
            _column("item_title", _TEXT, "Title of that item"),
            _column("clause", _TEXT, "Printed number of the resolution clause; null for any other"),
            _column("section_path", _TEXTS, "Headings above it, outermost first"),
            *_PLACE,
            _column("text", _TEXT, "The passage: `documents.text[start:end]`"),
            _column("fragment", pa.bool_(), "No sentence to judge; not classified, not in rates"),
            _column("regions", _REGIONS, "Printed lines: page and box in points from top left"),
        ]
    ),
    "items": pa.schema(
        [
            *_BASE,
            _column("item_id", _TEXT, "doc_id and the first character: `<doc_id>:i<start>`"),
            _column("number", _TEXT, "Number as printed; empty where there is none"),
            _column("title", _TEXT, "Title, without references to pages and other items"),
            _column("level", _INT, "1; 2 or 3 for an item numbered below another"),
            _column("kind", _TEXT, "apologies, declarations, minutes, …; business for any other"),
            *_PLACE,
        ]
    ),
    "attendance": pa.schema(
        [
            *_BASE,
            _column("name", _TEXT, "Name as printed: `documents.text[start:end]`"),
            _column("presence", _TEXT, "present, in_attendance, apologies, absent"),
            _column("role", _TEXT, "Role or post, as written"),
            _column("organisation", _TEXT, "Organisation, as written"),
            _column("virtual", pa.bool_(), "Took part from afar; null where not said"),
            *_PLACE,
        ]
    ),
    "votes": pa.schema(
        [
            *_BASE,
            _column("item_id", _TEXT, "The item it was taken in"),
            _column("n_for", _INT, "Votes for; null where not given"),
            _column("n_against", _INT, "Votes against; null where not given"),
            _column("n_abstain", _INT, "Abstentions; null where not given"),
            _column("result", _TEXT, "carried or lost; null where not said"),
            _column("unanimous", pa.bool_(), "Said to be unanimous"),
            *_PLACE,
        ]
    ),
    "labels": pa.schema(
        [
            *_BASE,
            *_PASSAGE,
            _column("scheme", _TEXT, "What is judged: outcome"),
            _column("value", _TEXT, "process, tangible, none; null where the annotator abstained"),
            _column("subtype", _TEXT, "Code of the codebook: process.note, tangible.service, …"),
            _column("direction", _TEXT, "Of a tangible result: better, worse, flat, met, …"),
            _column("score", _REAL, "Score of the value, 0 to 1; the lexicon's is not calibrated"),
            _column("annotator", _TEXT, "Name and version of the model, or the coder's id"),
            _column("evidence", _TEXTS, "Rules and words that spoke for the value"),
            *_PLACE,
        ]
    ),
    "mentions": pa.schema(
        [
            *_BASE,
            *_PASSAGE,
            _column("category", _TEXT, "ownership, accountability or inequality"),
            _column("polarity", _TEXT, "affirmed, lacking, aspirational or neutral"),
            *_PLACE,
            _column("text", _TEXT, "The mention: `documents.text[start:end]`"),
            _column("slots", _SLOTS, "Roles as written: who, what, due, holder, forum, object, …"),
            _column("in_title", pa.bool_(), "Inside a title; excluded from rates (ruling E30)"),
            _column("diffuse", pa.bool_(), 'The owner is everybody: "all partners" (ruling E43)'),
            _column("modifiers", _TEXTS, "Words near by that set the polarity"),
            _column("rule_id", _TEXT, "The rule that found it; tagger where none did"),
            _column("annotator", _TEXT, "Name and version of the detector, or the coder's id"),
            _column(
                "score", _REAL, "How likely the tagger holds it; 0: unmarked, null: rules alone"
            ),
        ]
    ),
    "acts": pa.schema(
        [
            *_BASE,
            *_PASSAGE,
            _column("verb", _TEXT, "noted, received, endorsed, approved, agreed, delegated, …"),
            _column("clause", _TEXT, "Number of the clause, as printed"),
            _column("rule_id", _TEXT, "The rule that found it"),
            *_PLACE,
        ]
    ),
    "actions": pa.schema(
        [
            *_BASE,
            *_PASSAGE,
            _column("kind", _TEXT, "explicit: marked as one; told: a sentence gives the task"),
            _column("text", _TEXT, "What is to be done"),
            _column("owner", _TEXT, "Who is to do it, as written"),
            _column("owner_body", _TEXT, "Id of the organisation that the owner names, if any"),
            _column("due", _TEXT, "By when, as written"),
            _column("first_due_date", pa.date32(), "First day that it can mean; null if open"),
            _column("last_due_date", pa.date32(), "Last day that it can mean; null if open"),
            _column("status", _TEXT, "As an action log states it"),
            *_PLACE,
        ]
    ),
    "bodies": pa.schema(
        [
            *_BASE,
            *_PASSAGE,
            _column("body", _TEXT, "Id of the body in the table of bodies: hwb, ccg, icb, …"),
            _column("name", _TEXT, "Its name in full"),
            _column("kind", _TEXT, "hwb, pct, ccg, stp, ics, icb, trust, district, …"),
            _column("role", _TEXT, "agent, object, or listed among three or more"),
            _column("count", _INT, "How often the sentence names it"),
            _column("text", _TEXT, "As written: `documents.text[start:end]`"),
            *_PLACE,
        ]
    ),
    "topics": pa.schema(
        [
            *_BASE,
            *_PASSAGE,
            _column(
                "topic", _INT, "Number of the topic; 0 had the most passages; -1 none of these"
            ),
            _column("topic_label", _TEXT, "Its first words"),
            _column("probability", _REAL, "How likely a refit gives the passage this topic"),
            _column("novelty", _REAL, "Share of passages that lie as far from every topic"),
            _column("template", _BOOL, "The same, names and figures aside, in 3 meetings or more"),
            *_PLACE,
        ]
    ),
    "topic_words": pa.schema(
        [
            _column("topic", _INT, "Number of the topic"),
            _column("rank", _INT, "Rank of the word, from 1"),
            _column("word", _TEXT, "The word"),
            _column("weight", _REAL, "Class-based TF-IDF weight"),
            _column("n_passages", _INT, "Passages in the topic when the space was fitted"),
            _column("stability", _REAL, "Of the topic in refits on half the passages, 0 to 1"),
        ]
    ),
    "topic_shares": pa.schema(
        [
            _column("site_id", _TEXT, "ONS code or slug of the site"),
            _column("year", _INT, "Year of the meetings"),
            _column("topic", _INT, "Number of the topic; -1 none of these"),
            _column("n", _INT, "Passages with the topic"),
            _column("n_total", _INT, "Passages of the cell"),
            _column("n_meetings", _INT, "Meetings of the cell"),
            _column("share", _REAL, "n / n_total"),
            _column("low", _REAL, "Lower end of the 95% interval; null with one meeting"),
            _column("high", _REAL, "Upper end of it"),
            _column("pooled", _REAL, "Share drawn towards that of all years of the site"),
            _column("thin", _BOOL, "Too few meetings or passages to be read alone"),
        ]
    ),
    "panel": pa.schema(
        [
            *_BASE,
            _column("measure", _TEXT, "outcome:process, mention:ownership:lacking, …"),
            _column("n", _INT, "Passages with the measure"),
            _column("n_total", _INT, "Passages that could have had it"),
            _column("n_documents", _INT, "Documents in the cell"),
            _column("share", _REAL, "n / n_total; null where n_total is 0"),
            _column("low", _REAL, "Lower end of the 95% interval; null with under two documents"),
            _column("high", _REAL, "Upper end of it"),
        ]
    ),
    "drift": pa.schema(
        [
            _column("kind", _TEXT, "years: two years of one site; sites: two sites"),
            _column("measure", _TEXT, "topics, text, or wording (within one topic)"),
            _column("topic", _INT, "Number of the topic, for wording"),
            _column("site_id_a", _TEXT, "First site"),
            _column("year_a", _INT, "First year; null for sites"),
            _column("site_id_b", _TEXT, "Second site"),
            _column("year_b", _INT, "Second year; null for sites"),
            _column("distance", _REAL, "Topics: Jensen-Shannon distance, 0 to 1; else of features"),
            _column("chance", _REAL, "Median distance when meetings change places"),
            _column("p", _REAL, "Of the permutation test; null with too few meetings"),
            _column("p_adjusted", _REAL, "Corrected for all comparisons of the kind and measure"),
            _column("moved_topic", _INT, "Topic that changed most, in standard errors"),
            _column("moved_by", _REAL, "Change of its share, second less first"),
            _column("moved_p", _REAL, "Its p, corrected for all topics"),
            _column("detectable", _REAL, "Change of a share that is found in 4 cases of 5"),
            _column("n_a", _INT, "Passages compared, first cell"),
            _column("n_b", _INT, "Passages compared, second cell"),
            _column("n_meetings_a", _INT, "Meetings of the first cell"),
            _column("n_meetings_b", _INT, "Meetings of the second cell"),
            _column("n_documents_a", _INT, "Documents in the first cell"),
            _column("n_documents_b", _INT, "Documents in the second cell"),
            _column("template_a", _REAL, "Share of passages left out as template, first cell"),
            _column("template_b", _REAL, "The same, second cell"),
            _column("note", _TEXT, "What else differs, or why there is no p"),
        ]
    ),
    "changepoints": pa.schema(
        [
            _column("site_id", _TEXT, "ONS code or slug of the site"),
            _column("topic", _INT, "Number of the topic; null for all topics together"),
            _column("day", _DAY, "First meeting after the change"),
            _column("low", _DAY, "Lower end of the 95% interval of the day"),
            _column("high", _DAY, "Upper end of it"),
            _column("share_before", _REAL, "Share of the topic before it"),
            _column("share_after", _REAL, "And after it"),
            _column("p", _REAL, "Of the permutation test"),
            _column("p_adjusted", _REAL, "Corrected for all topics of the site"),
            _column("n_meetings", _INT, "Meetings of the site that were looked at"),
        ]
    ),
    "issues": pa.schema(
        [
            *_BASE,
            _column("code", _TEXT, "Stable code: encrypted, no_text_layer, …"),
            _column("severity", _TEXT, "info, warning or error"),
            _column("message", _TEXT, "What happened, and what to do about it"),
            _column("component", _TEXT, "The part that met it"),
            _column("path", _TEXT, "The file, relative to the folder given"),
            _column("page", _INT, "Page, from 1; null if it concerns the whole file"),
        ]
    ),
}
"""Arrow schema of every table, by name."""


def write_table(rows: Iterable[Mapping[str, Any]], name: str, folder: Path) -> Path:
    """Write rows as ``<folder>/<name>.parquet``; the same rows give the same bytes.

    Parameters
    ----------
    rows : iterable of mapping
        One a row; a missing column is null, an unknown one an error.
    name : str
        A key of :data:`SCHEMAS`.
    folder : Path
        An existing folder.

    Raises
    ------
    SchemaError
        A row has a column that the schema does not know, or a value of the wrong type.
    """
    schema = SCHEMAS[name]
    rows = list(rows)
    known = set(schema.names)
    for row in rows:
        if unknown := set(row) - known:
            msg = f"Table {name!r} has no column {sorted(unknown)}. Its columns are {schema.names}."
            raise SchemaError(msg)
    try:
        table = pa.Table.from_pylist(rows, schema=schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        msg = f"A row of table {name!r} does not fit its schema: {error}"
        raise SchemaError(msg) from error
    table = table.replace_schema_metadata({"hwbtext_schema": SCHEMA_VERSION})
    path = folder / f"{name}.parquet"
    # A reader never sees half a table: written beside, then renamed.
    part = path.with_suffix(".parquet.part")
    pq.write_table(table, part, compression="zstd")
    part.replace(path)
    return path


def read_arrow(out: str | Path, name: str) -> pa.Table:
    """Read one table of a run as Arrow.

    Raises
    ------
    InputError
        No table has that name.
    MissingPathError
        The folder, or the table in it, is not there.
    SchemaError
        The table was written by a newer major version of hwbtext.
    """
    if name not in SCHEMAS:
        msg = f"There is no table {name!r}. The tables are {', '.join(SCHEMAS)}."
        raise InputError(msg)
    path = Path(out) / f"{name}.parquet"
    if not path.is_file():
        msg = f"No {name}.parquet in {str(out)!r}. Is this the output folder of `hwbtext mine`?"
        raise MissingPathError(msg)
    table = pq.read_table(path)
    version = (table.schema.metadata or {}).get(b"hwbtext_schema", b"0").decode()
    if version.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        msg = f"{path.name} has schema {version}; this hwbtext reads {SCHEMA_VERSION}."
        raise SchemaError(msg)
    return table


def load_table(out: str | Path, name: str) -> pd.DataFrame:
    """Load one table of a run as a pandas DataFrame.

    Parameters
    ----------
    out : str or Path
        The folder that ``hwbtext mine`` wrote.
    name : str
        ``"documents"``, ``"passages"``, ``"items"``, ``"attendance"``, ``"votes"``,
        ``"labels"``, ``"mentions"``, ``"acts"``, ``"actions"``, ``"bodies"``, ``"topics"``,
        ``"topic_words"``, ``"topic_shares"``, ``"panel"``, ``"drift"``, ``"changepoints"`` or
        ``"issues"``; ``docs/tables.md`` says what the columns hold.

    Returns
    -------
    pandas.DataFrame
        One row a record; a table without rows has its columns all the same.

    Raises
    ------
    InputError, MissingPathError, SchemaError
        As :func:`read_arrow`.

    Examples
    --------
    >>> load_table("out", "sentences")
    Traceback (most recent call last):
    hwbtext.errors.InputError: There is no table 'sentences'. The tables are documents, ...
    """
    frame: pd.DataFrame = read_arrow(out, name).to_pandas()
    return frame


def schemas_markdown() -> str:
    """Return ``docs/tables.md``: every table and column, from the schemas."""
    lines = [
        "# Tables of a run",
        "",
        "Written by `python -m hwbtext.store` from the Arrow schemas; do not edit by hand.",
        f"Schema version {SCHEMA_VERSION}. Load one with `hwbtext.load_table(out, name)`.",
    ]
    for name, schema in SCHEMAS.items():
        lines += [
            "",
            f"## {name}",
            "",
            _DOCS[name],
            "",
            "| column | type | what |",
            "|---|---|---|",
        ]
        lines += [
            f"| `{column.name}` | {_type_name(column.type)} | {column.metadata[b'doc'].decode()} |"
            for column in schema
        ]
    return "\n".join(lines) + "\n"


def _type_name(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"list of {_type_name(kind.value_type)}"
    if pa.types.is_struct(kind):
        return "struct (" + ", ".join(column.name for column in kind) + ")"
    return {"date32[day]": "date", "double": "float"}.get(str(kind), str(kind))


if __name__ == "__main__":
    Path("docs/tables.md").write_text(schemas_markdown(), encoding="utf-8")
