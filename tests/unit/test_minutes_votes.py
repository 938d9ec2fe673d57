import pytest
from papers import make_document

from hwbtext.minutes import find_votes


def _votes(text: str) -> list[tuple[int | None, int | None, int | None, str | None]]:
    return [(v.n_for, v.n_against, v.n_abstain, v.result) for v in find_votes(make_document(text))]


def test_lists_of_names() -> None:
    text = (
        "The motion was put to the vote:\n\nFor (3)\n\nMr A Ash, Mrs B Birch, Dr C Cole\n\n"
        "Against (1)\n\nMr D Dale Abstain (0)\n\nMotion carried."
    )
    assert _votes(text) == [(3, 1, 0, "carried")]


def test_names_are_counted_where_no_number_is() -> None:
    text = "FOR: Cllr Ash, Cllr Birch\n\nAGAINST: Cllr Cole\n\nThe amendment was lost."
    assert _votes(text) == [(2, 1, None, "lost")]


@pytest.mark.parametrize(
    ("text", "vote"),
    [
        ("On a vote, 12 for, 3 against and 1 abstention, it was carried.", (12, 3, 1, "carried")),
        ("The motion was carried by 7 votes to 3.", (7, 3, None, "carried")),
        ("Votes were cast: six in favour and two abstained.", (6, None, 2, None)),
        ("The amendment was put to the vote and was lost.", (None, None, None, "lost")),
        ("It was unanimously agreed that the plan go on.", (None, None, None, "carried")),
    ],
)
def test_votes_told_in_a_sentence(text: str, vote: tuple[int | None, ...]) -> None:
    assert _votes(text) == [vote]


@pytest.mark.parametrize(
    "text",
    ["Repairs were carried out.", "The budget was for 12 months.", "Members welcomed it."],
)
def test_what_is_no_vote(text: str) -> None:
    assert _votes(text) == []


def test_a_vote_has_its_item_and_holds_no_names() -> None:
    text = "1. Apologies\n\nNone.\n\n2. Plan\n\nThe motion was carried by 7 votes to 3."
    (vote,) = find_votes(make_document(text))
    assert vote.item_id is not None
    assert not hasattr(vote, "text")
