"""Pages and papers that a person saved are taken like the collector's own."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from collected import ASHMERE, BASE, a_listing, a_pdf, came, open_folder, papers_in, papers_of

from hwbtext.corpus import read_folder
from hwbtext.errors import InputError, MetadataError, MissingPathError
from hwbtext.records import Site
from hwbtext.scrape.manifest import read_lines
from hwbtext.scrape.manual import ManualReport, take_folder
from hwbtext.scrape.moderngov.keys import document_key
from hwbtext.scrape.saved import SavedFile, find_listings
from hwbtext.scrape.state import State
from hwbtext.scrape.verify import verify

SAVED_AT = datetime(2026, 2, 20, 9, 0, tzinfo=UTC)


def a_page(
    number: str = "4967",
    day: str = "Tuesday, 10th February, 2026 10.00 am",
    papers: str = '<li><a href="documents/s60860/Better%20Care%20Fund.pdf">Better Care</a></li>',
    minutes: str = "",
    address: str | None = None,
) -> bytes:
    url = address or f"{BASE}/ieListDocuments.aspx?CId=130&MId={number}&Ver=4"
    said = f'<p class="mgSubItemTitleTxt">Minutes:</p><div class="mgWordPara">{minutes}</div>'
    return f"""<!DOCTYPE html>
<!-- saved from url=({len(url):04})"{url}" -->
<html><body><div id="modgov"><h1 class="mgMainTitleTxt">Agenda and minutes</h1>
<h2 class="mgSubTitleTxt">Health and Wellbeing Board - {day}</h2>
<ul class="mgActionList"><li><a
 href="documents/g{number}/Printed%20minutes%2010th-Feb-2026.pdf?T=1">Printed minutes</a></li></ul>
<table class="mgItemTable"><tr><td class="mgItemNumberCell"><p class="mgAiTitleTxt">1.</p></td>
<td><p class="mgAiTitleTxt">Better Care Fund</p><ul class="mgBulletList">{papers}</ul>
{said if minutes else ""}</td></tr></table></div></body></html>""".replace(
        '"' + url + '"', url
    ).encode()


def save(folder: Path, name: str, content: bytes, at: datetime = SAVED_AT) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def take(tmp_path: Path, site: Site = ASHMERE) -> tuple[ManualReport, State]:
    report = take_folder(tmp_path / "saved", site, tmp_path / "out")
    checked = verify(tmp_path / "out")
    assert checked.ok
    assert checked.orphans == ()
    return report, State(read_lines(tmp_path / "out" / "manifest.jsonl").rows)


@pytest.mark.parametrize("name", ["Better Care Fund.pdf", "better_care_fund (1).pdf", "s60860.pdf"])
def test_a_paper_is_told_by_its_name_or_number(tmp_path: Path, name: str) -> None:
    save(tmp_path / "saved", "Meeting.html", a_page())
    save(tmp_path / "saved", name, a_pdf())
    report, state = take(tmp_path)
    key = document_key(f"{BASE}/documents/s60860/Better%20Care%20Fund.pdf", BASE)
    row = state.document(ASHMERE.site_id, key)
    assert row is not None
    assert (row.meeting_id, row.meeting_day) == ("4967", date(2026, 2, 10))
    assert (row.source, row.outcome, row.http_status) == ("manual", "new", None)
    assert row.retrieved_at == SAVED_AT
    assert row.first_seen == SAVED_AT
    assert row.placements[0].title == "Better Care Fund"
    assert papers_in(tmp_path / "out") == {row.path: a_pdf()}
    assert report.all_well
    assert report.unmatched == ()
    assert report.outcomes == {"new": 1}


def test_taking_a_folder_again_changes_nothing(tmp_path: Path) -> None:
    save(tmp_path / "saved", "Meeting.html", a_page(minutes="<p>The Chair spoke.</p>"))
    save(tmp_path / "saved", "s60860.pdf", a_pdf())
    save(tmp_path / "saved", "loose.pdf", a_pdf("loose"))
    take(tmp_path)
    before = papers_in(tmp_path / "out")
    report, _ = take(tmp_path)
    assert report.outcomes == {"unchanged": 3}
    assert papers_in(tmp_path / "out") == before


def test_minutes_of_a_saved_page_are_kept_unless_the_printed_ones_are(tmp_path: Path) -> None:
    save(tmp_path / "saved", "Meeting.html", a_page(minutes="<p>The Chair spoke.</p>"))
    _, state = take(tmp_path)
    (row,) = state.documents()
    assert (row.kind, row.retrieved_at) == ("minutes_inline", SAVED_AT)
    assert row.path is not None
    assert "The Chair spoke." in (tmp_path / "out" / row.path).read_text()
    save(tmp_path / "saved", "Printed minutes 10th-Feb-2026.pdf", a_pdf("printed"))
    take(tmp_path)
    assert list(papers_in(tmp_path / "out").values()) == [a_pdf("printed")]


def test_a_name_that_two_meetings_use_is_told_by_the_folder(tmp_path: Path) -> None:
    for number, name in (("1", "jan"), ("2", "feb")):
        papers = f'<li><a href="documents/s{number}00/Minutes.pdf">Minutes</a></li>'
        page = a_page(number, f"Tuesday, {number}0th March, 2026 10.00 am", papers)
        save(tmp_path / "saved", f"{name}/Meeting.html", page)
        save(tmp_path / "saved", f"{name}/Minutes.pdf", a_pdf(name))
    save(tmp_path / "saved", "Minutes.pdf", a_pdf("whose?"))
    report, state = take(tmp_path)
    rows = {row.meeting_id: row for row in state.documents()}
    assert set(rows) == {"1", "2", None}
    assert rows["1"].kind == "previous_minutes"
    assert len(report.unmatched) == 1
    assert "2 documents" in report.unmatched[0]


def test_a_file_that_no_page_lists_is_kept_as_the_table_says(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    table = (
        "path,kind,committee,meeting_date,published_with_date,title\n"
        "jsna.pdf,needs_assessment,,,,Needs 2025\n"
        "old/,minutes,Health and Wellbeing Board,,2019-06-12,\n"
        "old/named.pdf,,,2019-03-13,,=Minutes\n"
    )
    save(saved, "metadata.csv", table.encode())
    for name in ("jsna.pdf", "old/unnamed.pdf", "old/named.pdf", "loose.pdf"):
        save(saved, name, a_pdf(name))
    report, state = take(tmp_path)
    assert report.unmatched == ("loose.pdf",)
    assert report.outcomes == {"new": 4}
    read = [file.metadata for file in read_folder(tmp_path / "out").files if file.is_paper]
    by_title = {row["title"]: row for row in read}
    assert by_title["Needs 2025"]["kind"] == "needs_assessment"
    assert by_title["unnamed"]["published_with_date"] == date(2019, 6, 12)
    assert "meeting_date" not in by_title["unnamed"]
    assert by_title["Minutes"]["meeting_date"] == date(2019, 3, 13)
    assert by_title["Minutes"]["kind"] == "minutes"
    assert "kind" not in by_title["loose"]
    assert {row["site"] for row in read} == {"Ashmere Council"}
    assert any("/2019/2019-03-13_" in (row.path or "") for row in state.documents())


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("path,mood\na.pdf,bright\n", "columns"),
        ("name\na.pdf\n", "columns"),
        ("path,kind\na.pdf,letter\n", "unknown kind"),
        ("path,meeting_date\na.pdf,12/03/2019\n", "not a date"),
        ("path,kind\nb.pdf,minutes\n", "no file or folder"),
        ("path,kind\n../a.pdf,minutes\n", "no file or folder"),
    ],
)
def test_a_table_that_cannot_be_used_stops_before_anything_is_written(
    tmp_path: Path, table: str, told: str
) -> None:
    save(tmp_path / "saved", "metadata.csv", table.encode())
    save(tmp_path / "saved", "a.pdf", a_pdf())
    save(tmp_path, "a.pdf", a_pdf())
    with pytest.raises(MetadataError, match=told):
        take_folder(tmp_path / "saved", ASHMERE, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_is_no_paper_is_passed_over_and_told(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    save(saved, "Meeting.html", a_page())
    save(saved, "Meeting_files/skin.js", b"let a = 1")
    save(saved, "Meeting_files/frame.html", b"<html><p>x</p></html>")
    save(saved, ".hidden.pdf", a_pdf("hidden"))
    save(saved, "News.html", b"<html><body><p>News of the council.</p></body></html>")
    save(saved, "blob.bin", b"\0\1\2\3" * 50)
    (saved / "out.pdf").symlink_to(save(tmp_path, "elsewhere.pdf", a_pdf("elsewhere")))
    report, _ = take(tmp_path)
    assert report.n_files == 3
    assert len(report.passed_over) == 2
    assert report.all_well
    assert papers_in(tmp_path / "out") == {}
    assert any("passed over: News.html" in line for line in report.lines())


def test_a_web_page_that_the_table_names_is_a_paper(tmp_path: Path) -> None:
    save(tmp_path / "saved", "metadata.csv", b"path,kind\nStrategy.html,strategy\n")
    save(tmp_path / "saved", "Strategy.html", b"<html><body><p>Our strategy.</p></body></html>")
    _, state = take(tmp_path)
    assert [row.kind for row in state.documents()] == ["strategy"]


def test_59_an_empty_file_is_told(tmp_path: Path) -> None:
    save(tmp_path / "saved", "empty.pdf", b"")
    report, _ = take(tmp_path)
    assert not report.all_well
    assert "empty.pdf" in report.failed[0]


def test_a_meeting_page_without_its_number_is_told(tmp_path: Path) -> None:
    page = b'<html><table class="mgItemTable"><tr><td>1.</td></tr></table></html>'
    save(tmp_path / "saved", "Meeting.html", page)
    report, _ = take(tmp_path)
    assert not report.all_well
    assert "Meeting.html" in report.failed[0]


def test_papers_of_another_site_are_told_and_not_taken(tmp_path: Path) -> None:
    save(tmp_path / "saved", "metadata.csv", b"path,site_id\na.pdf,thornholme-council\n")
    save(tmp_path / "saved", "a.pdf", a_pdf())
    report, state = take(tmp_path)
    assert "thornholme-council" in report.failed[0]
    assert list(state.documents()) == []


def test_a_page_saved_from_another_host_is_taken_with_a_warning(tmp_path: Path) -> None:
    address = "https://old.ashmere.example/ieListDocuments.aspx?MId=4967"
    save(tmp_path / "saved", "Meeting.html", a_page(address=address))
    _, state = take(tmp_path)
    (meeting,) = state.meetings()
    assert any("old.ashmere.example" in warning for warning in meeting.warnings)


def test_two_saved_copies_of_one_paper_are_versions_in_the_order_of_saving(tmp_path: Path) -> None:
    save(tmp_path / "saved", "Meeting.html", a_page())
    save(tmp_path / "saved", "s60860.pdf", a_pdf("later"), SAVED_AT.replace(day=25))
    save(tmp_path / "saved", "s60860 (1).pdf", a_pdf("earlier"))
    report, _ = take(tmp_path)
    assert report.outcomes == {"new": 1, "new_version": 1}
    assert list(papers_in(tmp_path / "out").values()) == [a_pdf("later")]


def test_a_saved_paper_that_was_scraped_before_is_the_same_document(tmp_path: Path) -> None:
    url = f"{BASE}/documents/s60860/Better%20Care%20Fund.pdf"
    listing = a_listing(document_key(url, BASE), url=url)
    with open_folder(tmp_path / "out") as holdings:
        holdings.meeting(ASHMERE, papers_of(listing)).keep(listing, came(holdings, a_pdf()))
    save(tmp_path / "saved", "Meeting.html", a_page())
    save(tmp_path / "saved", "s60860.pdf", a_pdf())
    report, _ = take(tmp_path)
    assert report.outcomes == {"unchanged": 1}


def test_a_saved_page_marks_nothing_as_gone(tmp_path: Path) -> None:
    listing = a_listing()
    with open_folder(tmp_path / "out") as holdings:
        holdings.meeting(ASHMERE, papers_of(listing)).keep(listing, came(holdings, a_pdf()))
    save(tmp_path / "saved", "Meeting.html", a_page())
    _, state = take(tmp_path)
    row = state.document(ASHMERE.site_id, listing.doc_key)
    assert row is not None
    assert row.last_seen is None


def test_out_may_lie_in_the_folder_but_not_be_it(tmp_path: Path) -> None:
    save(tmp_path, "a.pdf", a_pdf())
    take_folder(tmp_path, ASHMERE, tmp_path / "out")
    report = take_folder(tmp_path, ASHMERE, tmp_path / "out")
    assert report.n_files == 1
    with pytest.raises(InputError, match="two folders"):
        take_folder(tmp_path, ASHMERE, tmp_path)
    with pytest.raises(MissingPathError):
        take_folder(tmp_path / "none", ASHMERE, tmp_path / "out")


def test_a_site_without_an_address_is_taken_too(tmp_path: Path) -> None:
    save(tmp_path / "saved", "a.pdf", a_pdf())
    report, _ = take(tmp_path, Site("thornholme", "Thornholme", None, None))
    assert report.outcomes == {"new": 1}


def test_a_number_in_a_name_is_an_attachment_only_where_it_says_so() -> None:
    listing = a_listing("k", "Report", attachment_id="2024")

    def found(name: str) -> int:
        return len(find_listings(SavedFile(Path(name), name, SAVED_AT), [listing]))

    assert found("s2024.pdf") == found("mgConvert2PDF ID=2024.pdf") == found("2024.pdf") == 1
    assert found("Minutes 2024.pdf") == found("boards2024.pdf") == found("s20245.pdf") == 0


def test_a_file_that_cannot_be_opened_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    save(tmp_path / "saved", "a.pdf", a_pdf())
    monkeypatch.setattr("hwbtext.scrape.manual.sniff_file", refuse)
    report, _ = take(tmp_path)
    assert "Permission denied" in report.failed[0]


def test_the_rows_say_that_nothing_was_asked_of_a_server(tmp_path: Path) -> None:
    save(tmp_path / "saved", "a.pdf", a_pdf())
    take(tmp_path)
    lines = (tmp_path / "out" / "manifest.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["robots"] for row in rows] == ["saved by a person; no request was made"]
    assert rows[0]["url_final"] is None
