"""Which committees are the board: behaviour 51."""

import pytest

from hwbtext.scrape.moderngov.committees import select_committees
from hwbtext.scrape.records import Committee


def chosen(titles: list[str], board: str = "Health and Wellbeing", **kwargs: object) -> list[str]:
    listed = [Committee(str(n), title) for n, title in enumerate(titles)]
    return [one.title for one in select_committees(listed, board, **kwargs)]  # type: ignore[arg-type]


def test_current_and_shadow_boards_are_taken_and_scrutiny_is_not() -> None:  # behaviour 51
    listed = [
        Committee("1", "Health and Wellbeing Board"),
        Committee("2", "Shadow Health & Wellbeing Board", expired=True),
        Committee("3", "Health and Wellbeing Scrutiny Committee"),
    ]
    assert [one.committee_id for one in select_committees(listed)] == ["1", "2"]


@pytest.mark.parametrize(
    "title",
    [
        "Health & Wellbeing Board",
        "Health and Well-being Board",
        "Health and Well Being Board",
        "HEALTH AND WELLBEING BOARD",
        "Thornholme Council - Health and Wellbeing Board",
        "Ashmere Wellbeing Board",
        "Joint Health and Wellbeing Board for Ashmere and Thornholme",
        "HWB Board",
        "Health, Care and Wellbeing Board",
    ],
)
def test_boards_are_found_however_they_are_spelled(title: str) -> None:
    assert chosen([title, "Cabinet"]) == [title]
    assert chosen([title, "Cabinet"], "health and wellbeing board") == [title]


@pytest.mark.parametrize(
    "title",
    [
        "Health and Wellbeing Overview and Scrutiny Panel",
        "Scrutiny Board (Health and Wellbeing)",
        "Health and Wellbeing Select Committee",
        "Health and Wellbeing Board Sub-Committee",
        "Cabinet Member for Health and Wellbeing",
        "Health and Wellbeing Executive Member Decisions",
        "Corporate Parenting Board",
        "Healthy Streets Partnership",
    ],
)
def test_other_bodies_are_left_out(title: str) -> None:
    assert chosen(["Health and Wellbeing Board", title]) == ["Health and Wellbeing Board"]
    assert chosen([title]) == []


def test_a_committee_of_that_name_is_the_board_only_where_there_is_no_board() -> None:
    committee = "Adults, Health and Wellbeing Committee"
    assert chosen([committee]) == [committee]
    assert chosen([committee, "Health and Wellbeing Board"]) == ["Health and Wellbeing Board"]


def test_another_board_is_matched_by_its_words() -> None:
    titles = ["Integrated Care Partnership", "Care Scrutiny Panel", "Cabinet"]
    assert chosen(titles, "care partnership") == ["Integrated Care Partnership"]
    assert chosen(titles, "scrutiny") == ["Care Scrutiny Panel"]
    assert chosen(titles, "") == []


def test_numbers_come_before_titles() -> None:
    titles = ["Health and Wellbeing Board", "Cabinet"]
    assert chosen(titles, committee_ids=("1",)) == ["Cabinet"]
