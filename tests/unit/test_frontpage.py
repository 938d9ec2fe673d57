from datetime import date
from time import perf_counter

import pytest
from papers import MINUTES, make_document, make_pdf

from hwbtext.frontpage import describe
from hwbtext.parse import parse_bytes

PDF = make_pdf(MINUTES)


def test_minutes_tell_whose_which_and_when() -> None:
    facts, issues = describe(parse_bytes(PDF, "x.pdf"), "x.pdf")
    assert facts.site == "Thornwick County Council"
    assert facts.site_id == "thornwick-county-council"
    assert facts.committee == "Health and Wellbeing Board"
    assert facts.kind == "minutes"
    assert facts.meeting_date == date(2019, 3, 12)
    assert facts.year == 2019
    assert facts.published_with_date is None
    assert issues == ()


def test_the_folder_is_the_meeting_it_was_published_with() -> None:
    facts, issues = describe(parse_bytes(PDF, "x.pdf"), "2019-06-11/x.pdf")
    assert facts.meeting_date == date(2019, 3, 12)
    assert facts.published_with_date == date(2019, 6, 11)
    assert [issue.code for issue in issues] == ["published_later"]


def test_the_text_wins_over_name_and_metadata_and_says_so() -> None:
    facts, issues = describe(
        parse_bytes(PDF, "x.pdf"), "minutes 2019-03-13.pdf", {"meeting_date": date(2019, 3, 14)}
    )
    assert facts.meeting_date == date(2019, 3, 12)
    assert [issue.code for issue in issues] == ["date_disagrees", "date_disagrees"]


def test_metadata_fills_what_the_paper_does_not_say() -> None:
    document = make_document("There is little here to go by in these few words.")
    facts, _ = describe(document, "a.txt", {"site": "Kent County Council", "kind": "strategy"})
    assert (facts.site_id, facts.kind) == ("E10000016", "strategy")
    assert (facts.meeting_date, facts.committee, facts.year) == (None, None, None)


@pytest.mark.parametrize(
    "line",
    [
        "The minutes of the previous meeting held on 4 June 2018 were agreed.",
        "Date of next meeting: 4 June 2019",
        "The consultation runs until 4 June 2019.",
        "Published 4 June 2019",
    ],
)
def test_another_date_is_not_the_meetings(line: str) -> None:
    document = make_document(f"Minutes of the Housing Panel\n\nPresent: the Chair\n\n{line}")
    assert describe(document, "a.txt")[0].meeting_date is None


def test_two_dates_are_no_date() -> None:
    text = (
        "Minutes of the aborted and reconvened meeting of the Housing Panel held on 4 June 2018"
        "\n\nand on 2 July 2018\n\nPresent: the Chair"
    )
    facts, issues = describe(make_document(text), "a.txt")
    assert facts.meeting_date is None
    assert "ambiguous_meeting_date" in [issue.code for issue in issues]


def test_a_cover_report_goes_to_the_meeting_on_its_address_line() -> None:
    text = (
        "From: Director of Public Health\n\nTo: Health and Wellbeing Board - 5 October 2021\n\n"
        "Subject: Air quality\n\nPast pathway: Scrutiny Panel - 2 September 2021"
    )
    facts, _ = describe(make_document(text), "a.txt")
    assert facts.kind == "paper"
    assert facts.committee == "Health and Wellbeing Board"
    assert facts.meeting_date == date(2021, 10, 5)


def test_front_matter_is_the_date_of_publication() -> None:
    text = '---\ntitle: "Harbour notes"\ndate: "2016-07-22"\n---\n\nA walk by the harbour was held.'
    facts, _ = describe(make_document(text, "a.md"), "a.md")
    assert facts.published_with_date == date(2016, 7, 22)
    assert facts.title == "Harbour notes"


@pytest.mark.parametrize(
    "text", ["1/1/20," * 8000, "A" * 50_000, "Aa-" * 17_000, "Aa and " * 8000, "(" * 50_000]
)
def test_hostile_front_pages_take_bounded_time(text: str) -> None:
    started = perf_counter()
    describe(make_document(f"Minutes of {text}"), "a.txt")
    assert perf_counter() - started < 5  # seconds; a quadratic pattern took over twenty
