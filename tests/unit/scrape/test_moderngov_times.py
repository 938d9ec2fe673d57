"""Dates and times of meetings as written: behaviour 46."""

from datetime import date

import pytest

from hwbtext.scrape.moderngov.times import read_when


@pytest.mark.parametrize(
    ("text", "day", "time"),
    [
        ("Thursday, 18th April, 2019 10.00 am", date(2019, 4, 18), "10.00 am"),
        ("Wednesday 25th October, 2023 2.00 pm", date(2023, 10, 25), "2.00 pm"),
        ("Monday, 28 March 2022 5:30 pm", date(2022, 3, 28), "5:30 pm"),
        ("31 Mar 2020\u00a06.30 pm", date(2020, 3, 31), "6.30 pm"),
        ("17/06/2021", date(2021, 6, 17), None),
        ("08/02/2011, 10:00 - Board", date(2011, 2, 8), "10:00"),
        ("10/02/2026", date(2026, 2, 10), None),
        ("3 Mar 2026 12.00 noon", date(2026, 3, 3), "12.00 noon"),
        ("3 Mar 2026 2:00pm", date(2026, 3, 3), "2:00pm"),
        ("3 Mar 2026 7pm", date(2026, 3, 3), "7pm"),
        ("3 Mar 2026 TBC", date(2026, 3, 3), "TBC"),
        # The hour that the clocks leave out is kept as the council wrote it.
        ("Sunday 31 March 2024 1.30 am", date(2024, 3, 31), "1.30 am"),
        ("29/02/2024", date(2024, 2, 29), None),
        ("03/04/2024", date(2024, 4, 3), None),
        ("Budget of 1 March 2024 Board - Friday 2 May 2025 10.00 am", date(2025, 5, 2), "10.00 am"),
    ],
)
def test_forms_seen(text: str, day: date, time: str | None) -> None:
    when = read_when(text)
    assert (when.day, when.time_raw, when.warning) == (day, time, None)


@pytest.mark.parametrize(
    "text", ["31/02/2024", "01/02/03", "02/13/2024", "2024", "29 February 2023"]
)
def test_what_cannot_be_told_is_none_with_a_warning(text: str) -> None:
    when = read_when(text)
    assert when.day is None
    assert when.warning
    assert text in when.warning


@pytest.mark.parametrize("text", [None, "", " \n ", "To be confirmed", "10.00 am"])
def test_no_date_is_none_without_a_warning(text: str | None) -> None:
    assert read_when(text).day is None
    assert read_when(text).warning is None


def test_a_wrong_weekday_is_told_and_the_date_kept() -> None:
    when = read_when("Board - Wednesday 18 November 2025 7:30 pm")
    assert when.day == date(2025, 11, 18)
    assert "weekday" in (when.warning or "")
