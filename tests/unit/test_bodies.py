"""Bodies of the system: the dated table, owners resolved by it, mentions in sentences."""

from __future__ import annotations

import re
from datetime import date

import pytest
from click.testing import CliRunner
from papers import make_document

import hwbtext as hwb
from hwbtext.bodies import detect_bodies, load_bodies, resolve_owner
from hwbtext.cli import main
from hwbtext.errors import InputError, MissingPathError
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


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("x,y,,z,1 May 2015,,\n", "line 2: '1 May 2015' is no date"),
        ("x,y,,z,,,\nv,w,,z,2015-02-30,,\n", "line 3: '2015-02-30' is no date"),
        ("x,y,,z,2015-01-01,2014-01-01,\n", "line 2: valid_to 2014-01-01 is before"),
        ("x, ,,z,,,\n", "line 2: name must not be empty"),
        (",y,,,,,\n", "line 2: id and kind must not be empty"),
        ("x,Care, Health and Homes,,z,,,\n", "line 2: the row has more or fewer fields"),
        ("x,y\n", "line 2: the row has more or fewer fields"),
        ("x,y,,z,,,nobody\n", "line 2: the successor 'nobody' is no id"),
        ('x,"y"z,,z,,,\n', "line 1: ',' expected"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(tmp_path, rows, said):
    path = tmp_path / "mine.csv"
    path.write_text(HEAD + rows)
    with pytest.raises(InputError, match=re.escape(f"mine.csv, {said}")):
        load_bodies(path)


def test_a_table_that_cannot_be_read_says_why(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("id,name\nx,y\n")
    with pytest.raises(InputError, match=r"mine\.csv lacks the columns \['aliases'"):
        load_bodies(path)
    path.write_bytes(HEAD.encode() + b"x,Caf\xe9,,z,,,\n")
    with pytest.raises(InputError, match="CSV in UTF-8"):
        load_bodies(path)
    with pytest.raises(MissingPathError, match="no table of bodies"):
        load_bodies(tmp_path / "nowhere.csv")


def test_a_table_that_was_amended_is_read_anew(tmp_path):
    path = tmp_path / "mine.csv"
    for name in ("Carrow Together", "Carrow Apart"):
        path.write_text(f"{HEAD}carrow,{name},,partnership,,,\n")
        assert load_bodies(path)[0].name == name


def test_a_run_finds_bodies_of_ones_own(tmp_path):
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "a.txt").write_text("Carrow Together met the CCG. Carrow Together liked it.")
    table = tmp_path / "mine.csv"
    table.write_text(HEAD + "carrow,Carrow Together,CT,partnership,,,\n")
    arguments = ["mine", str(papers), "-o", str(tmp_path / "out"), "--bodies", str(table)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    found = hwb.load_table(tmp_path / "out", "bodies")
    assert found["body"].tolist() == ["carrow", "ccg", "carrow"]
    table.write_text(HEAD + "carrow,Carrow Together,CT,partnership,soon,,\n")
    result = CliRunner().invoke(main, [*arguments, "--force"])
    assert result.exit_code == 2
    assert "mine.csv, line 2: 'soon' is no date" in result.output
    assert len(hwb.load_table(tmp_path / "out", "bodies")) == 3  # the earlier run stays


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
