from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from papers import REPOSITORY

from hwbtext.errors import InputError, MissingPathError, SchemaError
from hwbtext.store import SCHEMAS, load_table, schemas_markdown, write_table

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_table_without_rows_has_its_columns(tmp_path: Path, name: str) -> None:
    write_table([], name, tmp_path)
    assert list(load_table(tmp_path, name).columns) == SCHEMAS[name].names


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    rows = [{"doc_id": "a", "passage_id": "a:0-4", "start": 0, "end": 4, "text": "Noté"}]
    first = write_table(rows, "passages", tmp_path).read_bytes()
    assert write_table(rows, "passages", tmp_path).read_bytes() == first
    frame = load_table(tmp_path, "passages")
    assert frame.loc[0, "text"] == "Noté"


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="no column"):
        write_table([{"colour": "red"}], "passages", tmp_path)
    with pytest.raises(SchemaError, match="does not fit"):
        write_table([{"start": "four"}], "passages", tmp_path)
    with pytest.raises(InputError, match="There is no table"):
        load_table(tmp_path, "sentences")
    with pytest.raises(MissingPathError, match="output folder"):
        load_table(tmp_path, "labels")


def test_the_page_of_tables_is_that_of_the_schemas() -> None:
    page = (REPOSITORY / "docs" / "tables.md").read_text(encoding="utf-8")
    assert page == schemas_markdown(), "run: python -m hwbtext.store"
