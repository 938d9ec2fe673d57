"""Bodies of the system: the dated table, owners resolved by it, mentions in sentences."""

from __future__ import annotations

from datetime import date

import pytest
from papers import make_document

from hwbtext.bodies import detect_bodies, load_bodies, resolve_owner
from hwbtext.errors import InputError
from hwbtext.passages import segment

HEAD = "id,name,aliases,kind,valid_from,valid_to,successor\n"


def mentions(text, **options):
    found = detect_bodies(segment(make_document(text)), **options)
    return [(one.body_id, one.role, one.count) for one in found]


def test_the_table_is_sound():
    bodies = load_bodies()
    ids = {body.body_id for body in bodies}
    for body in bodies:
        assert body.successor is None or body.successor in ids, body.body_id
        assert body.valid_from is None or body.valid_to is None or body.valid_from < body.valid_to


@pytest.mark.parametrize(
    ("owner", "on", "body"),
    [
        ("the PCT", date(2010, 5, 1), "pct"),
        ("the PCT", date(2014, 5, 1), "ccg"),
        ("NHS Carrow PCT", date(2023, 5, 1), "icb"),
        ("Carrow Health and Wellbeing Board", date(2015, 5, 1), "hwb"),
        ("Director of Public Health", date(2012, 5, 1), "pct"),
        ("Director of Public Health", date(2015, 5, 1), "local-authority"),
        ("PHE", date(2022, 5, 1), "ukhsa"),
        ("Healthwatch Carrow", None, "healthwatch"),
        ("ICB", date(2015, 5, 1), None),
        ("The Clerk", date(2015, 5, 1), None),
        ("Send the link", date(2010, 5, 1), None),
    ],
)
def test_owners_name_organisations(owner, on, body):
    found = resolve_owner(owner, on)
    assert (found.body_id if found else None) == body


def test_rows_of_ones_own_come_first(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(HEAD + "carrow,Carrow Together,CT,partnership,2015-01-01,,\n")
    body = resolve_owner("Carrow Together", bodies=load_bodies(path))
    assert body is not None
    assert body.kind == "partnership"
    assert resolve_owner("the CCG", date(2015, 5, 1), bodies=load_bodies(path)).body_id == "ccg"


@pytest.mark.parametrize("text", ["id,name\nx,y\n", HEAD + "x,y,,z,1 May 2015,,\n"])
def test_a_table_that_cannot_be_read_says_why(tmp_path, text):
    path = tmp_path / "mine.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=r"mine\.csv"):
        load_bodies(path)


def test_one_mention_a_body_and_sentence():
    text = "The HWB met. The HWB and the health and wellbeing board of Carrow are one."
    assert mentions(text) == [("hwb", "agent", 1), ("hwb", "object", 2)]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("The HWB agreed the plan.", "agent"),
        ("The HWB will hear of it.", "agent"),
        ("The plan was written by the Carrow HWB.", "agent"),
        ("The plan went to the HWB in May.", "object"),
        ("The HWB was asked to hear of it.", "object"),
        ("Partners are the HWB, the CCG, NHS England and Healthwatch Carrow.", "listed"),
    ],
)
def test_role_of_a_body(text, role):
    assert {found for body, found, _ in mentions(text) if body == "hwb"} == {role}


def test_the_span_holds_the_place_and_the_name():
    document = make_document("It was sent to NHS Carrow CCG in May.")
    (found,) = detect_bodies(segment(document))
    assert document.text[slice(*found.prov.span)] == found.text == "NHS Carrow CCG"


def test_short_names_are_read_as_written_and_in_their_time():
    assert mentions("See the link and the nice sab.") == []
    assert mentions("The SAB met.", on=date(2009, 5, 1)) == []
    assert mentions("The SAB met.", on=date(2016, 5, 1)) == [("sab", "agent", 1)]
