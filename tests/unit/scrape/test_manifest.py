"""The manifest: rows there and back, torn ends, damage, newer versions, states."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from collected import ASHMERE, a_listing, a_pdf, came, open_folder, papers_of
from hypothesis import given
from hypothesis import strategies as st

from hwbtext.errors import SchemaError
from hwbtext.scrape.manifest import Manifest, read_lines
from hwbtext.scrape.records import DOCUMENT_KINDS, ManifestRow, Placement
from hwbtext.scrape.row_json import from_line, to_line
from hwbtext.scrape.state import State

AT = datetime(2026, 3, 1, 12, 30, 15, 250, tzinfo=UTC)
ROW = ManifestRow(
    event="finished",
    run_id="r1",
    at=AT,
    site_id="ashmere-council",
    meeting_id="4967",
    meeting_day=date(2026, 2, 10),
    meeting_days_before=(date(2026, 1, 13),),
    doc_key="s5",
    kind="minutes",
    title="Minutes \u2013 caf\u00e9 \udce9 \u2028",
    placements=(Placement("1", "4.", None),),
    redirect_chain=("https://a.example", "https://b.example"),
    http_status=200,
    n_bytes=3,
    sha256="aa",
    path="ashmere-council/2026/x/Minutes-aa.pdf",
    first_seen=AT,
    outcome="new",
)


def test_a_row_is_one_line_with_every_field_and_comes_back() -> None:
    line = to_line(ROW)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert list(json.loads(line)) == [field.name for field in fields(ManifestRow)]
    assert json.loads(line)["at"] == "2026-03-01T12:30:15.000250Z"
    assert from_line(line) == ROW


_texts = st.none() | st.text()


@given(
    title=_texts,
    reason=_texts,
    kind=st.none() | st.sampled_from(DOCUMENT_KINDS),
    day=st.none() | st.dates(),
    # Year 1 in a zone east of UTC has no instant in UTC.
    seen=st.none()
    | st.datetimes(datetime(1, 1, 2), timezones=st.just(timezone(timedelta(hours=1)))),
    warnings=st.lists(st.text()).map(tuple),
    placements=st.lists(st.builds(Placement, _texts, _texts, _texts)).map(tuple),
    restricted=st.booleans(),
)
def test_any_row_comes_back(**facts: object) -> None:
    facts["meeting_day"], facts["last_checked"] = facts.pop("day"), facts.pop("seen")
    row = replace(ROW, **facts)  # type: ignore[arg-type]
    assert from_line(to_line(row)) == row


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_are_told(content: bytes) -> None:
    with suppress(ValueError):
        from_line(content)


@pytest.mark.parametrize(
    "change",
    [
        {"at": "yesterday"},
        {"at": None},
        {"event": "paused"},
        {"site_id": 7},
        {"n_bytes": "3"},
        {"n_bytes": True},
        {"title": ["a"]},
        {"redirect_chain": "a"},
        {"redirect_chain": [1]},
        {"meeting_day": "10/02/2026"},
        {"placements": {}},
    ],
)
def test_a_field_of_another_type_makes_no_row(change: dict[str, object]) -> None:
    line = json.dumps({**json.loads(to_line(ROW)), **change}).encode()
    with pytest.raises(ValueError, match=r"."):
        from_line(line)


def test_a_field_of_a_later_version_is_passed_over_and_a_newer_major_version_refused() -> None:
    stated = json.loads(to_line(ROW))
    later = {**stated, "schema_version": "1.7", "mood": "bright"}
    assert from_line(json.dumps(later).encode()).schema_version == "1.7"
    with pytest.raises(SchemaError, match="newer hwbtext"):
        from_line(json.dumps({**stated, "schema_version": "2.0"}).encode())


def test_a_folder_of_a_newer_version_is_not_opened(tmp_path: Path) -> None:
    line = json.dumps({**json.loads(to_line(ROW)), "schema_version": "2.0"}).encode() + b"\n"
    (tmp_path / "manifest.jsonl").write_bytes(line)
    with pytest.raises(SchemaError), open_folder(tmp_path):
        pass
    assert (tmp_path / "manifest.jsonl").read_bytes() == line
    assert not (tmp_path / ".lock").exists()


@pytest.mark.parametrize("cut", [1, 20, 400, len(to_line(ROW)) - 2])
def test_a_torn_last_row_is_taken_away_on_opening(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "manifest.jsonl"
    path.write_bytes(to_line(ROW) + to_line(replace(ROW, doc_key="s6"))[:cut])
    read = read_lines(path)
    assert (len(read.rows), read.n_torn, read.problems) == (1, cut, ())
    manifest = Manifest(path)
    manifest.append(replace(ROW, doc_key="s7"))
    manifest.close()
    assert [row.doc_key for row in read_lines(path).rows] == ["s5", "s7"]


def test_a_row_of_which_only_the_line_feed_is_missing_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "manifest.jsonl"
    path.write_bytes(to_line(ROW)[:-1])
    manifest = Manifest(path)
    manifest.append(replace(ROW, doc_key="s7"))
    manifest.close()
    assert [row.doc_key for row in read_lines(path).rows] == ["s5", "s7"]


def test_damage_in_the_middle_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "manifest.jsonl"
    content = to_line(ROW) + b"\0\0\0\n\xff\xfe{\n\n[1]\n" + to_line(replace(ROW, doc_key="s6"))
    path.write_bytes(content)
    manifest = Manifest(path)
    manifest.close()
    assert len(manifest.problems) == 3
    assert "line 2" in manifest.problems[0]
    assert [row.doc_key for row in manifest.state.documents()] == ["s5", "s6"]
    assert path.read_bytes() == content


def test_closing_twice_does_no_harm(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path / "manifest.jsonl")
    manifest.close()
    manifest.close()


def test_what_was_asked_for_without_an_end_is_unfinished() -> None:
    started = replace(ROW, event="started", outcome=None)
    state = State([started])
    assert state.unfinished() == (started,)
    assert state.document("ashmere-council", "s5") is None
    state.take(ROW)
    assert state.unfinished() == ()


def test_a_reader_gets_the_same_state_as_the_writer(tmp_path: Path) -> None:
    listings = [a_listing("s1"), a_listing("s2"), a_listing("s3")]
    with open_folder(tmp_path) as holdings:
        for text in ("a", "b"):
            shelf = holdings.meeting(ASHMERE, papers_of(*listings))
            for one in listings:
                shelf.start(one)
                shelf.keep(one, came(holdings, a_pdf(text if one.doc_key == "s1" else "same")))
        written = list(holdings.manifest.state.documents())
        kept = dict(holdings.manifest.state.kept())
    read = State(read_lines(tmp_path / "manifest.jsonl").rows)
    assert list(read.documents()) == written
    assert dict(read.kept()) == kept
    assert [row.doc_key for row in read.holders(written[1].path or "")] == ["s2", "s3"]
    assert read.meeting("ashmere-council", "4967") is not None
