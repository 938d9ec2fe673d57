from papers import make_document, make_pdf

from hwbtext.papers import find_aims, find_cover, split_pack
from hwbtext.parse import parse_bytes

AGENDA = ["# AGENDA", "", "# HEALTH AND WELLBEING BOARD", "", "1. Apologies", "", "2. Minutes"]
REPORT = [
    "From: The Director of Public Health",
    "",
    "To: Health and Wellbeing Board",
    "",
    "Subject: Air quality",
    "",
    "Classification: Unrestricted",
    "",
    "Recommendations:",
    "",
    "The Board is asked to:",
    "",
    "(1) note the report; and",
    "",
    "(2) agree the plan.",
]
MINUTES = [
    "# Minutes of the Health and Wellbeing Board",
    "",
    "PRESENT: Mr A Ash (Chair), Mrs B Birch",
    "",
    "# 1. Apologies",
    "",
    "None came.",
]


def test_a_pack_is_cut_into_its_papers() -> None:
    pages = [
        AGENDA,
        MINUTES,
        ["It went on."],
        REPORT,
        ["More of it."],
        ["# Appendix A", "", "Maps"],
    ]
    document = parse_bytes(make_pdf(*pages), "pack.pdf")
    parts = split_pack(document)
    assert [(p.kind, p.first_page, p.last_page) for p in parts] == [
        ("agenda", 1, 1),
        ("minutes", 2, 3),
        ("report", 4, 5),
        ("appendix", 6, 6),
    ]
    assert parts[2].title == "Air quality"


def test_a_stamp_begins_a_paper() -> None:
    pages = [AGENDA, ["Agenda Item 3", "", "# Plan", "", "It is long."], ["It goes on."]]
    parts = split_pack(parse_bytes(make_pdf(*pages), "pack.pdf"))
    assert [(p.kind, p.item_number) for p in parts] == [("agenda", None), ("report", "3")]


def test_a_running_head_begins_nothing() -> None:
    pages = [
        REPORT,
        ["Appendix A", "", "One"],
        ["Appendix A", "", "Two"],
        ["Appendix B", "", "Three"],
    ]
    parts = split_pack(parse_bytes(make_pdf(*pages), "pack.pdf"))
    assert [part.first_page for part in parts] == [1, 2, 4]


def test_a_cover_and_its_recommendations() -> None:
    document = parse_bytes(make_pdf(REPORT), "report.pdf")
    cover = find_cover(document)
    assert cover is not None
    assert cover.get("to") == "Health and Wellbeing Board"
    assert cover.get("classification") == "Unrestricted"
    assert [clause.number for clause in cover.recommendations] == ["1", "2"]
    for field in cover.fields:
        assert document.text[field.span.start : field.span.end] == field.text


def test_fields_beside_each_other() -> None:
    text = "To: Cabinet Subject: Roads Classification: Unrestricted\n\nSummary: It rained."
    cover = find_cover(make_document(text))
    assert cover is not None
    assert cover.get("subject") == "Roads"


def test_a_letter_is_no_cover() -> None:
    assert find_cover(make_document("Dear Ann,\n\nIt rained.")) is None


def test_priorities_and_objectives() -> None:
    text = (
        "# Priority 1: Good homes\n\nTo achieve this we will:\n\n- mend five hundred damp homes\n\n"
        "- train every adviser in the town\n\n# Priority 2\n\nBetter air\n\n"
        "Objective 2.1: Plant a thousand trees by the school"
    )
    document = make_document(text, "strategy.md")
    aims = find_aims(document)
    assert [(aim.kind, aim.number, aim.priority) for aim in aims] == [
        ("priority", "1", None),
        ("objective", None, "1"),
        ("objective", None, "1"),
        ("priority", "2", None),
        ("objective", "2.1", "2"),
    ]
    assert aims[3].text == "Better air"
    assert all(document.text[a.span.start : a.span.end] == a.text for a in aims)
