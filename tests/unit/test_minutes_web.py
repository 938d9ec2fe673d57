"""Minutes as web sites of parishes hold them: bold for headings, tables of HTML, lost lines."""

import pytest

from hwbtext.minutes import find_items, find_resolutions, find_votes
from hwbtext.minutes.titles import find_title
from hwbtext.parse import parse_bytes

SAID = "The owner wrote that the path would be cut back in the spring."


def blocks(text):
    document = parse_bytes(text.encode(), "a.md")
    return [(b.kind, document.text[b.span.start : b.span.end]) for b in document.blocks]


def items(text):
    found = find_items(parse_bytes(text.encode(), "a.md"))
    return [(item.number, item.title) for item in found]


def test_bold_that_opens_a_line_is_a_heading():
    assert blocks("**3\\. Roads:** The lane was closed.") == [
        ("heading", "3. Roads:"),
        ("paragraph", "The lane was closed."),
    ]
    assert blocks("**Roads and paths**") == [("heading", "Roads and paths")]
    assert blocks("**Roads: T**he lane was closed.")[0] == ("heading", "Roads:")


@pytest.mark.parametrize(
    "text",
    [
        "**All** were in favour.",
        "**Present:** Mr A Ash",
        "**The gate was mended.**",
        "**Cllr Ash** asked why.",
        "**RESOLVED** That the gate be mended.",
        "**Venue:** Elm Hall",
    ],
)
def test_bold_that_stresses_or_labels_is_none(text):
    assert blocks(text) == [("paragraph", text.replace("**", ""))]


def test_titles_in_bold_are_items():
    text = "**Apologies.** None were received.\n\n**Matters Arising.** There were none.\n\n"
    assert items(text + f"**Mill Lane.** {SAID}") == [
        ("", "Apologies"),
        ("", "Matters Arising"),
        ("", "Mill Lane"),
    ]


def test_titles_in_bold_below_the_last_number_are_items():
    numbered = "".join(
        f"**{n}. {title}**\n\n{SAID}\n\n"
        for n, title in enumerate(["Apologies", "Minutes", "Roads"], 1)
    )
    assert items(f"{numbered}**Matters for attention**\n\n{SAID}")[-1] == (
        "",
        "Matters for attention",
    )


def test_plain_titles_stand_below_bold_ones():
    text = "**1. Apologies**\n\nNone.\n\n**2. Reports**\n\n2.1 Chair's Report\n\n"
    text += f"{SAID}\n\n2.2 Clerk's Report\n\n{SAID}\n\n**3. Close**"
    assert [number for number, _ in items(text)] == ["1", "2", "2.1", "2.2", "3"]


def test_minutes_without_numbers_below_their_agenda():
    agenda = "1. Apologies\n\n2. Matters arising\n\n3. Bridges\n\n"
    said = "**Apologies.** None came.\n\n**Matters arising.** None.\n\n**Bridges.** All stand."
    titles = [title for _, title in items(f"{agenda}**Draft minutes**\n\n{said}")]
    assert titles == 2 * ["Apologies", "Matters arising", "Bridges"]


def row(*cells):
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def test_rows_of_html_are_rows():
    table = row("1.", "<strong>Roads</strong><div></div>It rained<br>all day.", "Clerk")
    document = parse_bytes(f"<table><tbody>{table}</tbody></table>".encode(), "a.md")
    cells = [(b.row, b.column, document.text[slice(*b.span)]) for b in document.blocks]
    assert cells == [
        (0, 0, "1."),
        (0, 1, "Roads"),
        (0, 1, "It rained"),
        (0, 1, "all day."),
        (0, 2, "Clerk"),
    ]


def test_the_number_of_a_decision_opens_the_line_below_it():
    cell = "<div><b>Resolved 21/3/1.01</b></div><div>That the gate be mended.</div>"
    document = parse_bytes(f"<table>{row('1.', cell)}</table>".encode(), "a.md")
    assert document.text == "1.\tResolved 21/3/1.01 That the gate be mended.\n"


def test_a_row_of_several_numbers_is_cut_at_its_titles_in_bold():
    first = "21/2/1<div></div>i)<div></div>21/2/2<div></div>21/2/3"
    titles = ["Reports", "County Council", "Apologies for absence", "Minutes of the last meeting"]
    second = "".join(f"<div><b>{title}:</b></div><div>{SAID}</div>" for title in titles)
    table = row("Item", "", "Action") + row(first, second, "")
    assert items(f"<table>{table}</table>") == [
        ("21/2/1", "Reports"),
        ("i", "County Council"),
        ("21/2/2", "Apologies for absence"),
        ("21/2/3", "Minutes of the last meeting"),
    ]


def test_rows_that_count_usual_business_are_items_without_a_header():
    titles = ["Apologies", "Minutes of the last meeting", "Matters arising", "Mill Lane"]
    rows = "".join(row(f"{n}.0", title) + row(f"{n}.1", SAID) for n, title in enumerate(titles, 1))
    assert items(f"<table>{rows}</table>") == [
        (f"{n}.0", title) for n, title in enumerate(titles, 1)
    ]


def test_rows_that_count_other_things_are_none():
    rows = "".join(row(f"{n}.", f"Lamp {n}") for n in range(1, 7))
    assert items(f"<table>{rows}</table>") == []


def test_numbers_glued_to_titles_inside_a_paragraph():
    titles = ["Apologies", "Matters arising", "Noise", "Transport"]
    text = " ".join(f"{n}.{title} We had a letter. {SAID}" for n, title in enumerate(titles, 1))
    assert items(text * 2)[:4] == [(str(n), title) for n, title in enumerate(titles, 1)]


def test_a_dated_number_that_opens_inside_a_paragraph():
    text = f"The Chair welcomed all. Item 21/3/1 Public forum: {SAID}\n\n"
    text += f"Item 21/3/2 Apologies: None.\n\nItem 21/3/3 Minutes: {SAID} Item 21/3/4 Roads: Wet."
    text += f"\n\nItem 21/3/5 Parks: {SAID}"
    assert items(text) == [
        ("21/3/1", "Public forum"),
        ("21/3/2", "Apologies"),
        ("21/3/3", "Minutes"),
        ("21/3/4", "Roads"),
        ("21/3/5", "Parks"),
    ]


def test_marked_titles_before_what_was_said():
    text = "1. Apologies: None.\n\n2. Minutes: Signed.\n\n3. Parish matters:\n\n"
    text += "i) Play area (AB/Clerk) The swing needs a new chain.\n\n"
    text += (
        "ii) Village sign The Clerk said that it was dull. iii) Bus shelter It was agreed to wait."
    )
    assert items(text)[3:] == [
        ("i", "Play area (AB/Clerk)"),
        ("ii", "Village sign"),
        ("iii", "Bus shelter"),
    ]


def test_marks_below_letters_received_are_a_list():
    text = "1. Apologies: None.\n\n2. Minutes: Signed.\n\n3. Correspondence\n\n"
    text += "i) Elm Trust The grant was paid.\n\nii) Ash Society The fair was held in the rain."
    assert [number for number, _ in items(text)] == ["1", "2", "3"]


def test_a_number_of_a_decision_goes_with_what_was_decided():
    text = "1. Minutes\n\nResolved 21/3/1.01\n\nThe minutes were adopted and signed."
    document = parse_bytes(text.encode(), "a.md")
    (clause,) = [c for one in find_resolutions(document) for c in one.clauses]
    assert document.text[slice(*clause.span)].endswith("adopted and signed.")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Noise We had one letter from a resident.", "Noise"),
        ("Planning 19/00123/F Elm Barn was refused", "Planning"),
        (
            "19/00123/F OUTLINE APPLICATION: ten houses at Elm Farm",
            "19/00123/F OUTLINE APPLICATION: ten houses at Elm Farm",
        ),
        ("EXCLUSION OF PRESS AND PUBLIC the council to pass a motion on it", None),
        ("Play area (AB/Clerk) The swing needs a new chain", "Play area (AB/Clerk)"),
        ("Apologies Tom Elder sent his", "Apologies"),
        ("Action points 1. Ash to write to the mill 2. Elm to paint the gate", "Action points"),
    ],
)
def test_where_titles_end(text, title):
    start, end = find_title(text, printed=False)
    assert text[start:end] == (title or "EXCLUSION OF PRESS AND PUBLIC")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("The minutes were accepted, five were in favour and two abstained.", "carried"),
        (
            "Council agreed by show of hands (5 members for, 1 unable to vote) to wait.",
            "carried",
        ),
        ("The motion was put: 3 votes for, 7 against.", "lost"),
        ("The motion was put: 5 votes for, 5 against.", None),
    ],
)
def test_the_counts_say_what_came_of_a_vote(text, result):
    (vote,) = find_votes(parse_bytes(text.encode(), "a.txt"))
    assert vote.result == result
