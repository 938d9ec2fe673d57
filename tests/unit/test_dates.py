from datetime import date

import pytest

from hwbtext.dates import find_dates, parse_uk_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thursday, 9 January 2025.", date(2025, 1, 9)),
        ("Tuesday 12th\nMarch, 2013 at 2.00 p.m.", date(2013, 3, 12)),
        ("3rd November 2015", date(2015, 11, 3)),
        ("10.12.24", date(2024, 12, 10)),
        ("03/04/2023", date(2023, 4, 3)),
        ("2018-03-07", date(2018, 3, 7)),
        ("January 9th, 2025", date(2025, 1, 9)),
        ("the 5th day of May 2017", date(2017, 5, 5)),
        ("Wednesday 17 th October 2018", date(2018, 10, 17)),
    ],
)
def test_reads_dates_day_first(text: str, expected: date) -> None:
    (mention,) = find_dates(text)
    assert mention.first == mention.last == expected
    assert text[mention.span.start : mention.span.end] == mention.text


@pytest.mark.parametrize(
    "text",
    ["31/04/2020", "12 March", "paragraph 3.4.5", "at 12.30.45", "03/13/2023", "", "£1.2.3"],
)
def test_what_is_no_full_date_is_not_found(text: str) -> None:
    assert find_dates(text) == ()


def test_a_weekday_that_does_not_fit_is_told() -> None:
    assert find_dates("Monday 12 March 2019")[0].weekday_agrees is False
    assert find_dates("Tuesday 12 March 2019")[0].weekday_agrees is True
    assert find_dates("12 March 2019")[0].weekday_agrees is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("March", date(2024, 3, 1), date(2024, 3, 31)),
        ("July", date(2023, 7, 1), date(2023, 7, 31)),
        ("February 2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("Q1", date(2023, 4, 1), date(2023, 6, 30)),
        ("Q4 2022", date(2023, 1, 1), date(2023, 3, 31)),
        ("12 May", date(2024, 5, 12), date(2024, 5, 12)),
        ("by year end", date(2023, 12, 31), date(2024, 3, 31)),
    ],
)
def test_open_forms_give_the_range_they_can_mean(text: str, first: date, last: date) -> None:
    found = parse_uk_date(text, today=date(2023, 6, 1))
    assert found is not None
    assert (found.first, found.last) == (first, last)


def test_what_cannot_be_a_date_gives_none() -> None:
    assert parse_uk_date("as soon as possible", today=date(2023, 6, 1)) is None
    assert parse_uk_date("30/02/2023", today=date(2023, 6, 1)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Tuesday 5 March 10am",
        "Thursday 6 May, 14 members",
        "3 May 18 hours",
        "Tuesday 4 June 10 am in the Council Chamber",
        "Monday 12 March 19",  # 12 March 2019 was a Tuesday
    ],
)
def test_an_hour_or_a_head_count_is_no_year(text: str) -> None:
    assert find_dates(text) == ()


def test_the_second_date_of_a_range_is_kept() -> None:
    assert [str(d.first) for d in find_dates("5 March - 12 April 2019")] == ["2019-04-12"]
    assert [str(d.first) for d in find_dates("12-Mar-19 and 5 sept 18")] == [
        "2019-03-12",
        "2018-09-05",
    ]


@pytest.mark.parametrize("text", ["Q1234", "Q1 report"])
def test_a_quarter_is_the_whole_text(text: str) -> None:
    assert parse_uk_date(text, today=date(2023, 6, 1)) is None
