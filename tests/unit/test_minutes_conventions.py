"""What marks a title in one paper: the paper itself tells, by the titles of usual business."""

from papers import make_document

from hwbtext.minutes import find_attendance, find_items, find_resolutions
from hwbtext.minutes.apart import find_parted
from hwbtext.minutes.conventions import colon_title, lead_title
from hwbtext.minutes.lines import Line

SAID = "The Clerk said that the hedge by the old mill had grown over the path again since May."


def titles(*paragraphs):
    return [(i.number, i.title) for i in find_items(make_document("\n\n".join(paragraphs)))]


def clauses(*paragraphs):
    document = make_document("\n\n".join(paragraphs))
    found = [clause for one in find_resolutions(document) for clause in one.clauses]
    return [document.text[clause.span.start : clause.span.end] for clause in found]


def people(*paragraphs):
    document = make_document("\n\n".join(paragraphs))
    return [(one.name, one.presence) for one in find_attendance(document)]


PRESENT = "Present: Mr A Ash - Chairman, Mrs B Birch, Miss C Cole"


def test_the_name_of_the_paper_above_those_present_is_no_item():
    paper = (
        "Minutes of the June meeting",
        PRESENT,
        "Apologies: D Dale",
        "Minutes: They were read.",
        "Planning: None",
    )
    assert [title for _, title in titles(*paper)] == ["Apologies", "Minutes", "Planning"]
    assert ("Mrs B Birch", "present") in people(*paper)


def test_titles_in_capitals_make_every_line_in_capitals_a_title():
    found = titles(
        "APOLOGIES", "None.", "MINUTES", "Read.", "PLANNING", "A barn.", "MOORING FEES", "Up.",
        "CORRESPONDENCE", "Ely Fen", "A leaflet came.",
    )  # fmt: skip
    assert [title for _, title in found] == [
        "APOLOGIES",
        "MINUTES",
        "PLANNING",
        "MOORING FEES",
        "CORRESPONDENCE",
    ]


def test_paragraphs_that_open_with_a_title_and_a_stop():
    found = titles(
        PRESENT,
        f"Public forum. {SAID}",
        f"Police reports. {SAID}",
        f"Correspondence. {SAID}",
        f"Slipway at the staithe. {SAID}",
        f"Finance report. {SAID}",
        f"Two residents had asked for a bench. {SAID}",
    )
    assert [title for _, title in found] == [
        "Public forum",
        "Police reports",
        "Correspondence",
        "Slipway at the staithe",
        "Finance report",
    ]


def test_a_lead_is_no_sentence():
    assert lead_title(f"It rained all day. {SAID}") is None
    assert lead_title(f"Mr. Ash spoke. {SAID}") is None


NUMBERED = ("1. Apologies:", "None.", "2. Minutes:", SAID, "3. Matters arising:")


def test_a_colon_sets_off_titles_without_a_number_as_it_does_the_numbered_ones():
    found = titles(
        *NUMBERED,
        f"Grit Bins: {SAID}",
        "Code of Conduct:",
        SAID,
        "4. Correspondence:",
        f"Fenland Rivers Trust: {SAID}",
        "5. Close:",
    )
    assert [title for _, title in found] == [
        "Apologies",
        "Minutes",
        "Matters arising",
        "Grit Bins",
        "Code of Conduct",
        "Correspondence",
        "Close",
    ]


def test_where_numbered_titles_have_no_colon_others_with_one_are_points():
    found = titles(
        "1. Apologies", "2. Minutes", "3. Matters arising", f"Grit Bins: {SAID}", "4. Close"
    )
    assert [title for _, title in found] == ["Apologies", "Minutes", "Matters arising", "Close"]


def test_a_field_is_no_title():
    assert colon_title("Location: the old mill in Staithe Lane at Elm", "") is None
    assert colon_title("Grit Bins: None", "") is None


def test_a_title_below_an_item_may_be_long_but_says_nothing():
    found = titles(
        "1. Apologies",
        "2. Minutes",
        "3. Planning",
        "3.1 Extension of the boat house and new slipway at Staithe Cottage, Fen Lane, North Elm",
        "3.2 The sign at the ferry needs to be put back.",
        "3.3 Three lamps were reported as broken - two in Fen Lane",
        "4. Close",
    )
    assert [number for number, _ in found] == ["1", "2", "3", "3.1", "4"]


def test_paragraphs_of_items_that_are_numbered_with_a_nought():
    found = titles(
        "1.0 Apologies",
        "1.1 AB sent word that she was ill.",
        "2.0 Minutes",
        "2.1 The minutes were read and agreed. Prop. CD",
        "3.0 Roads",
        "3.1 The clerk asked for salt.",
        "4.0 Close",
    )
    assert [number for number, _ in found] == ["1.0", "2.0", "3.0", "4.0"]


def test_items_inside_a_paragraph_end_where_a_sentence_begins():
    body = (
        "1. Apologies: None. 2. Minutes of 4 May Parish Councillors confirmed that they had read "
        "them. 3. Reports 3.1 Hall Report The Parish Clerk report that the roof is sound. 3.2 A "
        "resident asked why the gate was shut. 3.3 Footpath Work - The Warden noted that the path "
        f"by the mere was wet. 4. Close The meeting closed. {SAID * 5}"
    )
    assert titles(body) == [
        ("1", "Apologies"),
        ("2", "Minutes of 4 May"),
        ("3", "Reports"),
        ("3.1", "Hall Report"),
        ("3.3", "Footpath Work"),
        ("4", "Close"),
    ]


COLUMN = "20/05/1 i) ii) 20/05/2 20/05/3 20/05/4 20/05/5 "


def parted(text):
    return [(i.number, i.title) for i in find_parted([Line(0, 0, len(text), text, "paragraph")])]


def test_a_column_of_numbers_read_apart_from_the_titles():
    text = (
        f"{COLUMN}Public Forum: Nobody came. Apologies - LGA 1972, Section 85(1): Mr Ash. Absent: "
        "None. Minutes: Resolved 20/05/3.01 The minutes were adopted. Mooring Fees: They rose. "
        "Resolved 20/05/4.01 That it be so. Next Meeting: In June. Date: June."
    )
    assert parted(text) == [
        ("20/05/1", "Public Forum"),
        ("20/05/2", "Apologies"),
        ("20/05/3", "Minutes"),
        ("20/05/4", "Mooring Fees"),
        ("20/05/5", "Next Meeting"),
    ]
    assert clauses("1. Apologies: None.", "2. Minutes: Read.", text)[0].startswith("Minutes:")


def test_a_count_that_does_not_come_out_gives_no_numbers():
    text = f"{COLUMN}Forum: No. Apologies: None. Minutes: Resolved 20/05/4.1 They were adopted."
    assert parted(text) == [("", "Forum"), ("", "Apologies"), ("20/05/4", "Minutes")]
    assert parted(f"{COLUMN}Forum: No. Apologies: None.") == []


def test_marked_titles_below_an_item_stand_alone_over_what_was_said():
    found = titles(
        "1. Apologies", "2. Minutes", "3. Matters arising", "i) Footpaths", SAID, "ii) Signs", SAID,
        "4. Next agenda", "a) Mooring fees", "b) Bins", "5. Close",
    )  # fmt: skip
    assert found[3:5] == [("i", "Footpaths"), ("ii", "Signs")]
    assert [number for number, _ in found[5:]] == ["4", "5"]


def test_a_page_number_above_the_first_item_is_no_item():
    body = (
        "1 Agreed as a true record: Signed PRESENT (two):- Ann Ash, Bob Birch The Chairman spoke. "
        f"1. Apologies: None. 2. Roads It was wet. 3. Parks: Closed. 4. Close {SAID * 5}"
    )
    assert titles(body)[0] == ("1", "Apologies")
    assert people(body)[0] == ("Ann Ash", "present")


def test_numbers_beside_their_titles_are_not_apart():
    text = "20/05/1 Forum: No. 20/05/2 Minutes: Resolved 20/05/2.1 They were read. 20/05/3 Ponds:"
    assert parted(text) == []


def test_capitals_mark_titles_without_a_number_as_they_do_the_numbered_ones():
    found = titles(
        "41/20 APOLOGIES", "None.", "42/20 MINUTES", "Read.", "MAYOR'S REPORT", SAID,
        "43/20 MOORINGS", "Resolved: that they be kept.", "TOTAL", "44/20 CLOSE",
    )  # fmt: skip
    assert [title for _, title in found] == [
        "APOLOGIES",
        "MINUTES",
        "MAYOR'S REPORT",
        "MOORINGS",
        "CLOSE",
    ]


def test_numbers_that_begin_anew_go_on_with_the_business_of_the_meeting():
    found = titles(
        "1.To accept apologies", "2. To agree the minutes", "3. To declare interests",
        "1. Mooring fees", "2. Correspondence", "3. Date of next meeting",
    )  # fmt: skip
    assert len(found) == 6
    assert found[0] == ("1", "To accept apologies")


def test_a_slash_behind_the_number_and_a_number_without_a_space():
    assert titles("1/ Members present", "2/ Public questions", "3/Matters arising")[2] == (
        "3",
        "Matters arising",
    )
    assert titles("1ELECTION OF CHAIR", "2APOLOGIES None had come.", "3MINUTES")[1] == (
        "2",
        "APOLOGIES",
    )


def test_a_line_that_print_wrapped_in_a_list_is_no_title():
    found = titles(
        "Apologies:", "None.", "Matters Arising:", SAID, "Planning:",
        "A new boat house and a slip way with a store over it and six berths at",
        "Staithe Cottage Fen Lane", SAID, "Correspondence:", "Borough Council of Elm wrote twice",
    )  # fmt: skip
    assert [title for _, title in found] == [
        "Apologies",
        "Matters Arising",
        "Planning",
        "Correspondence",
    ]


def test_a_number_over_the_first_below_it_needs_no_title():
    body = (
        "1. Apologies: None. 2. Minutes: Read. 3. Roads: Wet. 4. 4.1 Fen Report It was dry. "
        f"5. Close {SAID * 5}"
    )
    assert [number for number, _ in titles(body)] == ["1", "2", "3", "4.1", "5"]
