"""What a document is: behaviour 7 and the labels that councils use."""

from datetime import date

import pytest

from hwbtext.scrape.moderngov.kinds import judge_kind, read_status

DAY = date(2024, 6, 4)


@pytest.mark.parametrize(
    ("label", "url", "kind"),
    [
        ("Agenda frontsheet", "documents/g1/a.pdf?T=0", "agenda"),
        ("Printed minutes", "documents/g1/a.pdf?T=1", "minutes"),
        ("Printed draft minutes", "documents/g1/a.pdf?T=11", "minutes"),
        ("Printed decisions", "documents/g1/a.pdf?T=2", "decisions"),
        ("Agenda reports pack", "documents/g1/a.pdf?T=10", "pack"),
        ("Ashmere map", "documents/b1/a.pdf?T=9", "supplement"),
        ("Public reports pack", "documents/g1/a.pdf", "pack"),
        ("Printed minutes", "documents/g1/a.pdf", "minutes"),
        ("Supplement: minutes of the last meeting", "documents/b1/a.pdf", "supplement"),
        ("Late items", "mgChooseDocPack.aspx?ID=1&SID=2", "supplement"),
        ("Something of the clerk's own", "documents/g1/a.pdf", "supplement"),
    ],
)
def test_files_of_the_whole_meeting(label: str, url: str, kind: str) -> None:
    assert judge_kind(label, url=url, place="meeting")[0] == kind


@pytest.mark.parametrize(
    ("label", "item", "kind"),
    [
        ("Minutes of 3 May 2024", "Minutes", "previous_minutes"),  # behaviour 7
        ("Minutes", "Minutes", "previous_minutes"),
        ("MINUTES OF THE LAST MEETING HELD ON 3 MAY 2024", None, "previous_minutes"),
        ("Confirmation of minutes", "Confirmation of minutes", "previous_minutes"),
        ("HWB 03.05.2024", "Minutes of the previous meeting", "previous_minutes"),
        ("4 - Chair approved minutes Ashmere Board 3 May 2024", "Minutes", "previous_minutes"),
        ("Minutes of the meeting of 4 June 2024", "Minutes", "minutes"),
        ("Minutes of the Children's Forum", "Minutes of the Children's Forum", "report"),
        ("Minutes of Cabinet, 3 May 2024", "Reports", "report"),
        ("Minutes action log", "Minutes", "report"),
        ("Better Care Fund", "Better Care Fund", "report"),
        ("Joint Health and Wellbeing Strategy 2024-2030", "Strategy", "strategy"),
        ("Pharmaceutical Needs Assessment 2025", "PNA", "strategy"),
        ("Joint Health and Wellbeing Strategy: progress report", "Strategy", "report"),
        ("Decision notice", "Decisions", "decisions"),
    ],
)
def test_documents_of_an_item(label: str, item: str | None, kind: str) -> None:
    told, evidence = judge_kind(
        label,
        url="documents/s5/a.pdf",
        item_title=item,
        committee="Ashmere Health and Wellbeing Board",
        meeting_day=DAY,
    )
    assert told == kind, evidence
    assert label in evidence


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("Confirmed", "confirmed"),
        ("Confirmed; Budget meeting", "confirmed"),
        ("CANCELLED", "cancelled"),
        ("Canceled", "cancelled"),
        ("Postponed to 4 June", "postponed"),
        ("WITHDRAWN", "withdrawn"),
        ("MOVED", "moved"),
        ("Provisional", "provisional"),
        ("NEW", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_statuses(raw: str | None, status: str) -> None:
    assert read_status(raw) == status
