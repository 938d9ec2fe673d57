"""What the folder keeps, of which version, and what it says of it."""

from __future__ import annotations

import json
import threading
from datetime import date
from pathlib import Path

import pytest
from collected import (
    ASHMERE,
    NOON,
    THORNHOLME,
    a_listing,
    a_meeting,
    a_pdf,
    came,
    inline_papers,
    not_modified,
    open_folder,
    papers_in,
    papers_of,
    ticking,
)

from hwbtext.corpus import METADATA_COLUMNS, read_folder
from hwbtext.scrape.disk import DiskError
from hwbtext.scrape.metadata import COLUMNS
from hwbtext.scrape.records import FetchError, Permission
from hwbtext.scrape.verify import verify


def keep_one(root: Path, content: bytes, run_id: str = "r1", **more: object):  # type: ignore[no-untyped-def]
    listing = a_listing(**more)  # type: ignore[arg-type]
    with open_folder(root, run_id) as holdings:
        return holdings.meeting(ASHMERE, papers_of(listing)).keep(listing, came(holdings, content))


def test_a_paper_lies_in_the_folder_of_its_meeting(tmp_path: Path) -> None:
    row = keep_one(tmp_path, a_pdf())
    folder = "ashmere-council/2026/2026-02-10_health-and-wellbeing-board_4967"
    assert row.outcome == "new"
    assert row.path == f"{folder}/Better Care Fund-{row.sha256[:8]}.pdf"
    assert papers_in(tmp_path) == {row.path: a_pdf()}
    assert row.placements == a_listing().placements
    assert list((tmp_path / ".partial").iterdir()) == []


def test_2_equal_bytes_are_one_file_and_both_addresses_are_kept(tmp_path: Path) -> None:
    one, other = a_listing("s5"), a_listing("convert-5", title="Appendix")
    with open_folder(tmp_path) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(one, other))
        first = shelf.keep(one, came(holdings, a_pdf()))
        second = shelf.keep(other, came(holdings, a_pdf()))
    assert (first.outcome, second.outcome) == ("new", "duplicate")
    assert second.path == first.path
    assert second.duplicate_of == one.doc_key
    assert {first.url_original, second.url_original} == {one.url_original, other.url_original}
    assert len(papers_in(tmp_path)) == 1


def test_4_papers_of_one_title_are_two_files_with_names_that_do_not_depend_on_order(
    tmp_path: Path,
) -> None:
    names = []
    for order in ((0, 1), (1, 0)):
        root = tmp_path / str(order[0])
        listings = (a_listing("s1", "Appendix 1"), a_listing("s2", "Appendix 1"))
        contents = (a_pdf("one"), a_pdf("two"))
        with open_folder(root) as holdings:
            shelf = holdings.meeting(ASHMERE, papers_of(*listings))
            for at in order:
                shelf.keep(listings[at], came(holdings, contents[at]))
        assert sorted(papers_in(root).values()) == sorted(contents)
        names.append(sorted(papers_in(root)))
    assert names[0] == names[1]


def test_5_names_that_differ_by_case_or_accent_form_alone_are_told_apart(tmp_path: Path) -> None:
    titles = ["Report", "report", "Caf\u00e9", "Cafe\u0301"]
    listings = [a_listing(f"s{n}", title) for n, title in enumerate(titles)]
    with open_folder(tmp_path) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(*listings))
        rows = [shelf.keep(one, came(holdings, a_pdf(one.doc_key))) for one in listings]
    folded = {row.path.casefold() for row in rows if row.path}
    assert len(folded) == 4
    assert all("e\u0301" not in row.path for row in rows if row.path)
    assert [row.title_raw for row in rows] == titles


def test_6_parts_point_to_the_pack_of_their_meeting(tmp_path: Path) -> None:
    pack = a_listing("g1-T10", "Public reports pack", kind="pack", placements=())
    part = a_listing("s5")
    with open_folder(tmp_path) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(part, pack))
        rows = [shelf.keep(one, came(holdings, a_pdf(one.doc_key))) for one in (part, pack)]
    assert [row.part_of for row in rows] == ["g1-T10", None]


def test_9_other_bytes_under_the_key_are_a_new_version_and_the_old_one_is_kept(
    tmp_path: Path,
) -> None:
    draft = keep_one(tmp_path, a_pdf("draft"), "r1")
    final = keep_one(tmp_path, a_pdf("final"), "r2")
    again = keep_one(tmp_path, a_pdf("final"), "r3")
    assert (draft.outcome, final.outcome, again.outcome) == ("new", "new_version", "unchanged")
    assert final.supersedes == draft.path
    assert (tmp_path / ".superseded" / draft.path).read_bytes() == a_pdf("draft")
    assert papers_in(tmp_path) == {final.path: a_pdf("final")}
    assert verify(tmp_path).ok


def test_9_bytes_that_come_back_are_a_version_again(tmp_path: Path) -> None:
    for run, text in enumerate(("a", "b", "a", "b")):
        row = keep_one(tmp_path, a_pdf(text), f"r{run}")
    assert row.outcome == "new_version"
    assert papers_in(tmp_path) == {row.path: a_pdf("b")}
    report = verify(tmp_path)
    assert report.ok
    assert report.n_files == 2
    assert not report.orphans


def test_an_old_version_that_another_document_still_has_stays_in_its_place(tmp_path: Path) -> None:
    one, other = a_listing("s1"), a_listing("s2")
    with open_folder(tmp_path) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(one, other))
        first = shelf.keep(one, came(holdings, a_pdf("a")))
        shelf.keep(other, came(holdings, a_pdf("a")))
        newer = shelf.keep(one, came(holdings, a_pdf("b")))
        assert set(papers_in(tmp_path)) == {first.path, newer.path}
        still = shelf.keep(other, came(holdings, a_pdf("a")))
        assert (still.outcome, still.duplicate_of) == ("unchanged", None)
        moved = shelf.keep(other, came(holdings, a_pdf("b")))
    assert (moved.outcome, moved.duplicate_of) == ("duplicate", "s1")
    assert papers_in(tmp_path) == {newer.path: a_pdf("b")}
    assert verify(tmp_path).ok


def test_10_a_304_leaves_the_file_and_says_unchanged(tmp_path: Path) -> None:
    listing = a_listing()
    with open_folder(tmp_path) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(listing))
        assert shelf.conditions(listing) == (None, None)
        shelf.keep(listing, came(holdings, a_pdf(), etag='"v1"', last_modified="yesterday"))
        assert shelf.conditions(listing) == ('"v1"', "yesterday")
        row = shelf.keep(listing, not_modified())
    assert (row.outcome, row.http_status, row.etag) == ("unchanged", 304, '"v1"')
    assert row.path in papers_in(tmp_path)


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"edited")])
def test_11_nothing_is_asked_conditionally_of_a_file_that_is_gone_or_edited(
    tmp_path: Path, spoil: object
) -> None:
    listing = a_listing()
    with open_folder(tmp_path) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(listing))
        row = shelf.keep(listing, came(holdings, a_pdf(), etag='"v1"'))
        spoil(tmp_path / row.path)  # type: ignore[operator]
        assert shelf.conditions(listing) == (None, None)
        assert shelf.held(listing) is None
        assert shelf.keep(listing, not_modified()).outcome == "failed_http"
        back = shelf.keep(listing, came(holdings, a_pdf(), etag='"v1"'))
    assert back.outcome == "unchanged"
    assert "again" in (back.reason or "")
    assert papers_in(tmp_path) == {row.path: a_pdf()}


def test_a_file_that_was_edited_by_hand_is_put_aside_before_its_place_is_taken(
    tmp_path: Path,
) -> None:
    listing = a_listing()
    with open_folder(tmp_path) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(listing))
        row = shelf.keep(listing, came(holdings, a_pdf()))
        (tmp_path / row.path).write_bytes(b"notes of a reader")
        shelf.keep(listing, came(holdings, a_pdf()))
    aside = [path.read_bytes() for path in (tmp_path / ".superseded").rglob("*.pdf")]
    assert aside == [b"notes of a reader"]


def test_12_the_hash_tells_new_bytes_whatever_the_server_says(tmp_path: Path) -> None:
    listing = a_listing()
    with open_folder(tmp_path) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(listing))
        shelf.keep(listing, came(holdings, a_pdf("one"), etag='"same"'))
        row = shelf.keep(listing, came(holdings, a_pdf("two"), etag='"same"'))
    assert row.outcome == "new_version"


def test_13_a_cancelled_meeting_is_a_row_and_its_papers_stay(tmp_path: Path) -> None:
    listing = a_listing()
    with open_folder(tmp_path, "r1") as holdings:
        holdings.meeting(ASHMERE, papers_of(listing)).keep(listing, came(holdings, a_pdf()))
    cancelled = papers_of(meeting=a_meeting(status="cancelled", status_raw="Cancelled"))
    with open_folder(tmp_path, "r2", clock=ticking(NOON.replace(day=2))) as holdings:
        meeting = holdings.meeting(ASHMERE, cancelled).meeting
        document = holdings.manifest.state.document(ASHMERE.site_id, "s5")
        fresh = holdings.meeting(ASHMERE, papers_of(meeting=a_meeting("5000", status="cancelled")))
    assert (meeting.event, meeting.status, meeting.outcome) == ("meeting", "cancelled", None)
    assert fresh.meeting.first_seen is not None
    assert document is not None
    assert document.last_seen is not None
    assert document.last_seen.day == 1
    assert document.path in papers_in(tmp_path)


def test_14_a_meeting_that_moves_is_one_meeting_with_its_days(tmp_path: Path) -> None:
    days = [date(2026, 2, 10), date(2026, 3, 10), date(2026, 4, 14)]
    for run, day in enumerate(days):
        listing = a_listing(f"s{run}")
        papers = papers_of(a_listing("s0"), listing, meeting=a_meeting(day=day))
        with open_folder(tmp_path, f"r{run}") as holdings:
            shelf = holdings.meeting(ASHMERE, papers)
            row = shelf.keep(listing, came(holdings, a_pdf(str(run))))
    assert row.meeting_day == days[2]
    assert row.meeting_days_before == tuple(days[:2])
    assert len({Path(path).parent for path in papers_in(tmp_path)}) == 1
    with open_folder(tmp_path) as holdings:
        assert len(list(holdings.manifest.state.meetings())) == 1
        holdings.write_metadata()
    stated = [file.metadata for file in read_folder(tmp_path).files if file.is_paper]
    assert {row["meeting_date"] for row in stated} == {days[2]}


def test_14_a_day_that_the_list_no_longer_gives_is_remembered(tmp_path: Path) -> None:
    for run, day in enumerate([date(2026, 2, 10), None]):
        with open_folder(tmp_path, f"r{run}") as holdings:
            row = holdings.meeting(ASHMERE, papers_of(meeting=a_meeting(day=day))).meeting
    assert row.meeting_day == date(2026, 2, 10)
    assert row.meeting_days_before == ()


def test_15_a_meeting_that_vanishes_is_kept_and_says_when_it_was_last_seen(tmp_path: Path) -> None:
    gone, there = a_meeting("1"), a_meeting("2")
    other_board = a_meeting("3", committee_id="99")
    too_late = a_meeting("4", day=date(2027, 1, 1))
    listing = a_listing()
    with open_folder(tmp_path, "r1") as holdings:
        for meeting in (gone, there, other_board, too_late):
            shelf = holdings.meeting(ASHMERE, papers_of(listing, meeting=meeting))
        holdings.meeting(THORNHOLME, papers_of(meeting=gone))
        shelf.keep(listing, came(holdings, a_pdf()))
    with open_folder(tmp_path, "r2", clock=ticking(NOON.replace(day=8))) as holdings:
        window = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}
        rows = holdings.note_vanished(ASHMERE, [there], **window)
        assert holdings.note_vanished(ASHMERE, [there], **window) == ()
    assert [row.meeting_id for row in rows] == ["1"]
    assert rows[0].last_seen is not None
    assert rows[0].last_seen.day == 1
    assert len(papers_in(tmp_path)) == 1
    with open_folder(tmp_path, "r3") as holdings:  # and comes back
        assert holdings.meeting(ASHMERE, papers_of(meeting=gone)).meeting.last_seen is None


def test_a_meeting_that_could_not_be_read_marks_nothing_as_gone(tmp_path: Path) -> None:
    listing = a_listing()
    with open_folder(tmp_path) as holdings:
        first = holdings.meeting(ASHMERE, papers_of(listing))
        first.keep(listing, came(holdings, a_pdf()))
        row = holdings.meeting(ASHMERE, papers_of(could_not_check="HTTP 500")).meeting
        document = holdings.manifest.state.document(ASHMERE.site_id, "s5")
    assert row.reason == "HTTP 500"
    assert row.last_checked == first.meeting.last_checked
    assert document is not None
    assert document.last_seen is None


def test_61_a_supplement_says_between_which_looks_it_appeared(tmp_path: Path) -> None:
    first, late = a_listing("s1"), a_listing("b2", "Supplement", kind="supplement")
    looks = []
    for day, listings in ((1, (first,)), (8, (first, late)), (15, (first, late))):
        with open_folder(tmp_path, f"r{day}", clock=ticking(NOON.replace(day=day))) as holdings:
            shelf = holdings.meeting(ASHMERE, papers_of(*listings))
            rows = [shelf.keep(one, came(holdings, a_pdf(one.doc_key))) for one in listings]
            looks.append(rows[-1])
    assert looks[0].previous_check is None
    assert looks[1].previous_check is not None
    assert (looks[1].previous_check.day, looks[1].first_seen.day) == (1, 8)
    assert (looks[2].previous_check.day, looks[2].first_seen.day) == (1, 8)
    assert looks[2].last_checked.day == 15


def test_a_look_that_failed_is_no_earlier_look(tmp_path: Path) -> None:
    listing = a_listing()
    with open_folder(tmp_path) as holdings:
        holdings.meeting(ASHMERE, papers_of(could_not_check="timed out"))
        shelf = holdings.meeting(ASHMERE, papers_of(listing))
        assert shelf.keep(listing, came(holdings, a_pdf())).previous_check is None


def test_what_nobody_asked_for_is_listed_once(tmp_path: Path) -> None:
    listing = a_listing()
    with open_folder(tmp_path) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(listing))
        row = shelf.list_only(listing, "kind report was not asked for")
        assert row is not None
        assert row.outcome == "listed"
        assert holdings.meeting(ASHMERE, papers_of(listing)).list_only(listing, "again") is None


def test_a_failed_check_says_so_and_loses_nothing(tmp_path: Path) -> None:
    listing = a_listing()
    with open_folder(tmp_path, "r1") as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(listing))
        kept = shelf.keep(listing, came(holdings, a_pdf(), etag='"v1"'))
        error = FetchError("timed_out", "no answer in 30 s", "https://x.example", http_status=None)
        failed = shelf.fail(listing, error, robots="allowed")
    assert (failed.outcome, failed.reason) == ("timed_out", "no answer in 30 s")
    assert (failed.path, failed.sha256, failed.etag) == (kept.path, kept.sha256, '"v1"')
    assert failed.url_final == "https://x.example"
    with open_folder(tmp_path, "r2") as holdings:
        row = holdings.meeting(ASHMERE, papers_of(listing)).held(listing)
    assert row is not None
    assert row.path == kept.path


def test_a_paper_of_two_meetings_is_asked_for_once_in_a_run(tmp_path: Path) -> None:
    listing = a_listing()
    with open_folder(tmp_path, "r1") as holdings:
        june = holdings.meeting(ASHMERE, papers_of(listing, meeting=a_meeting("1")))
        july = holdings.meeting(ASHMERE, papers_of(listing, meeting=a_meeting("2")))
        assert july.repeat(listing) is None
        kept = june.keep(listing, came(holdings, a_pdf()))
        assert june.repeat(listing) is None
        row = july.repeat(listing)
        assert row is not None
        assert (row.outcome, row.path, row.meeting_id) == ("duplicate", kept.path, "2")
        assert row.duplicate_of is None
    with open_folder(tmp_path, "r2") as holdings:
        july = holdings.meeting(ASHMERE, papers_of(listing, meeting=a_meeting("2")))
        assert july.repeat(listing) is None  # another run: look again
        newer = july.keep(listing, came(holdings, a_pdf("newer")))
        june = holdings.meeting(ASHMERE, papers_of(listing, meeting=a_meeting("1")))
        row = june.repeat(listing)
    assert row is not None
    assert row.path == newer.path
    assert papers_in(tmp_path) == {newer.path: a_pdf("newer")}


def test_59_a_file_of_no_bytes_is_not_kept(tmp_path: Path) -> None:
    row = keep_one(tmp_path, b"")
    assert (row.outcome, row.path) == ("failed_empty", None)
    assert papers_in(tmp_path) == {}


@pytest.mark.parametrize(
    ("content", "flag"),
    [
        (b"%PDF-1.4 /Font trailer << /Encrypt 12 0 R >> %%EOF", "encrypted"),
        (b"%PDF-1.3 /Subtype /Image no other thing %%EOF", "no fonts"),
        (b"%PDF-1.5 /ObjStm /Subtype /Image %%EOF", None),
        (b"\r\n  junk %PDF-1.4 /Font %%EOF", None),
    ],
)
def test_59_a_pdf_that_will_be_hard_to_read_is_kept_and_flagged(
    tmp_path: Path, content: bytes, flag: str | None
) -> None:
    row = keep_one(tmp_path, content)
    assert row.outcome == "new"
    assert papers_in(tmp_path) == {row.path: content}
    assert [w[: len(flag)] for w in row.warnings] == [flag] if flag else not row.warnings


def test_what_is_on_the_disk_is_what_came_or_it_is_not_kept(tmp_path: Path) -> None:
    listing = a_listing()
    with open_folder(tmp_path) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(listing))
        row = shelf.keep(listing, came(holdings, a_pdf(), sha256="0" * 64))
    assert (row.outcome, row.path) == ("failed_disk", None)
    assert papers_in(tmp_path) == {}


def test_40_hostile_titles_and_ids_stay_inside_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "papers"
    titles = [
        "../../etc/passwd",
        "..%2f..%2fx",
        "C:\\x",
        "/abs",
        "-rf",
        "a\0b",
        "\r\nx",
        "...",
        "CON",
    ]
    listings = [a_listing(f"s{n}", title) for n, title in enumerate(titles)]
    meeting = a_meeting("../../../up", committee="../../up")
    with open_folder(root) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(*listings, meeting=meeting))
        rows = [shelf.keep(one, came(holdings, a_pdf(one.doc_key))) for one in listings]
    assert [path.name for path in tmp_path.iterdir()] == ["papers"]
    assert len(papers_in(root)) == len(titles)
    for row, title in zip(rows, titles, strict=True):
        assert (root / row.path).resolve().is_relative_to(root.resolve())
        assert not Path(row.path).name.startswith((".", "-"))
        assert row.title_raw == title


def test_40_a_link_out_of_the_folder_is_not_written_through(tmp_path: Path) -> None:
    root, outside = tmp_path / "papers", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "ashmere-council").symlink_to(outside)
    listing = a_listing()
    with open_folder(root) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(listing))
        with pytest.raises(DiskError, match="symbolic link"):
            shelf.keep(listing, came(holdings, a_pdf()))
    assert list(outside.iterdir()) == []
    with open_folder(root) as holdings:
        assert holdings.manifest.state.document(ASHMERE.site_id, listing.doc_key) is None


def test_the_leave_of_a_site_stands_in_its_rows(tmp_path: Path) -> None:
    listing = a_listing()
    leave = Permission("Clerk of Ashmere", date(2026, 1, 5), "letter 12")
    with open_folder(tmp_path) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(listing), permission=leave)
        row = shelf.keep(listing, came(holdings, a_pdf()))
    assert row.permission == "Clerk of Ashmere, 2026-01-05, letter 12"


def test_a_site_that_could_not_be_checked_is_a_row(tmp_path: Path) -> None:
    with open_folder(tmp_path) as holdings:
        holdings.note_site(ASHMERE, "the list of committees timed out", outcome="timed_out")
    line = json.loads((tmp_path / "manifest.jsonl").read_text())
    assert (line["event"], line["outcome"], line["doc_key"]) == ("run", "timed_out", None)


def test_many_threads_keep_papers_at_once(tmp_path: Path) -> None:
    with open_folder(tmp_path) as holdings:

        def work(thread: int) -> None:
            listings = [a_listing(f"t{thread}-{n}") for n in range(5)]
            meeting = a_meeting(str(thread))
            shelf = holdings.meeting(ASHMERE, papers_of(*listings, meeting=meeting))
            for n, one in enumerate(listings):
                shelf.start(one)
                shelf.keep(one, came(holdings, a_pdf(f"shared {n}")))

        threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rows = list(holdings.manifest.state.documents())
    assert len(rows) == 30
    assert len(papers_in(tmp_path)) == 5
    assert sum(row.outcome == "new" for row in rows) == 5
    assert verify(tmp_path).ok


def test_metadata_is_what_the_corpus_reads(tmp_path: Path) -> None:
    assert COLUMNS == METADATA_COLUMNS
    kinds = ["minutes", "previous_minutes", "pack", "report", "strategy", "other", "supplement"]
    listings = [a_listing(kind, f"=The {kind}, \n 'A'", kind=kind) for kind in kinds]
    with open_folder(tmp_path) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(*listings))
        for one in listings:
            shelf.keep(one, came(holdings, a_pdf(one.doc_key)))
        missing = a_listing("gone")
        row = shelf.keep(missing, came(holdings, a_pdf("gone")))
        (tmp_path / row.path).unlink()
        holdings.write_metadata()
    held = {file.relative: file.metadata for file in read_folder(tmp_path).files if file.is_paper}
    by_title = {row["title"]: row for row in held.values()}
    assert len(held) == len(by_title) == 7
    day = date(2026, 2, 10)
    assert by_title["The minutes, 'A'"] == {
        "site_id": "ashmere-council",
        "site": "Ashmere Council",
        "committee": "Health and Wellbeing Board",
        "kind": "minutes",
        "meeting_date": day,
        "published_with_date": day,
        "title": "The minutes, 'A'",
    }
    previous = by_title["The previous_minutes, 'A'"]
    assert (previous["kind"], previous["published_with_date"]) == ("minutes", day)
    assert "meeting_date" not in previous
    assert by_title["The report, 'A'"]["kind"] == "paper"
    assert by_title["The supplement, 'A'"]["kind"] == "pack"
    assert "kind" not in by_title["The other, 'A'"]
    assert "meeting_date" not in by_title["The strategy, 'A'"]


def test_metadata_is_not_touched_where_it_says_the_same(tmp_path: Path) -> None:
    keep_one(tmp_path, a_pdf())
    with open_folder(tmp_path) as holdings:
        first = holdings.write_metadata().stat()
        second = holdings.write_metadata().stat()
    assert first.st_ino == second.st_ino


def test_flags_of_a_file_stay_while_the_file_does(tmp_path: Path) -> None:
    listing = a_listing()
    with open_folder(tmp_path) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(listing))
        content = b"%PDF-1.4 /Font trailer << /Encrypt 12 0 R >> %%EOF"
        flags = shelf.keep(listing, came(holdings, content)).warnings
        assert flags
        assert shelf.keep(listing, not_modified()).warnings == flags
        assert shelf.note(listing, "timed_out", "no answer").warnings == flags
        told = came(holdings, content, warnings=("says that it is encrypted",))
        assert shelf.keep(listing, told).warnings == flags


def test_a_page_that_lists_a_paper_no_more_does_not_bring_its_old_version_back(
    tmp_path: Path,
) -> None:
    listing = a_listing()
    june, july = a_meeting("1"), a_meeting("2")
    with open_folder(tmp_path, "r1") as holdings:
        holdings.meeting(ASHMERE, papers_of(listing, meeting=june)).keep(
            listing, came(holdings, a_pdf("old"))
        )
        newer = holdings.meeting(ASHMERE, papers_of(listing, meeting=july)).keep(
            listing, came(holdings, a_pdf("new"))
        )
        holdings.meeting(ASHMERE, papers_of(meeting=june))
        row = holdings.manifest.state.document(ASHMERE.site_id, listing.doc_key)
    assert row is not None
    assert (row.meeting_id, row.path, row.sha256) == ("1", newer.path, newer.sha256)
    assert row.last_seen is not None
    assert verify(tmp_path).ok


def test_minutes_of_the_page_give_way_to_printed_ones_and_can_come_back(tmp_path: Path) -> None:
    papers = inline_papers(("1", "Welcome", "<p>The Chair spoke.</p>"))
    with open_folder(tmp_path) as holdings:
        shelf = holdings.meeting(ASHMERE, papers)
        first = shelf.keep_inline()
        assert shelf.retire_inline("printed minutes are held") is not None
        assert papers_in(tmp_path) == {}
        assert shelf.retire_inline("again") is None
        again = shelf.keep_inline()
    assert first is not None
    assert again is not None
    assert again.path == first.path
    assert list(papers_in(tmp_path)) == [first.path]
    assert verify(tmp_path).ok


def test_two_papers_whose_hashes_begin_alike_get_two_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hwbtext.scrape import names

    short = names.file_name

    def colliding(title: str, sha256: str, media_type: str | None, *, n_digits: int = 8) -> str:
        digits = "0" * n_digits if n_digits == 8 else sha256
        return short(title, digits, media_type, n_digits=n_digits)

    monkeypatch.setattr("hwbtext.scrape.shelf.file_name", colliding)
    listings = [a_listing("s1"), a_listing("s2")]
    with open_folder(tmp_path) as holdings:
        shelf = holdings.meeting(ASHMERE, papers_of(*listings))
        for one in listings:
            shelf.keep(one, came(holdings, a_pdf(one.doc_key)))
    assert sorted(papers_in(tmp_path).values()) == [a_pdf("s1"), a_pdf("s2")]
    assert verify(tmp_path).ok
