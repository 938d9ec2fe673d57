import pytest
from papers import make_document

from hwbtext.minutes import find_attendance
from hwbtext.minutes.people import find_people

ITEMS = "\n\n1. Apologies for absence\n\n{}\n\n2. Plan\n\nIt was long."


def _who(text: str, name: str = "minutes.txt") -> list[tuple[str, str]]:
    document = make_document(text, name)
    found = find_attendance(document)
    assert all(document.text[one.span.start : one.span.end] == one.name for one in found)
    return [(one.presence, one.name) for one in found]


@pytest.mark.parametrize(
    "label",
    [
        "PRESENT:",
        "Present",
        "Members Present:",
        "Those present:",
        "Councillors present:",
        "Attendees:",
        "Board members present:",
        "Voting Members:",
    ],
)
def test_labels_of_those_present(label: str) -> None:
    text = f"{label}\n\nMr A Ash (Chair), Mrs B Birch and Dr C Cole" + ITEMS.format("None.")
    assert _who(text) == [("present", n) for n in ("Mr A Ash", "Mrs B Birch", "Dr C Cole")]


@pytest.mark.parametrize(
    ("label", "presence"),
    [
        ("In attendance:", "in_attendance"),
        ("Also present:", "in_attendance"),
        ("Officers:", "in_attendance"),
        ("Observers:", "in_attendance"),
        ("Apologies for absence:", "apologies"),
        ("Absent:", "absent"),
        ("Substitutes:", "present"),
    ],
)
def test_other_labels(label: str, presence: str) -> None:
    text = f"Present: Mr A Ash\n\n{label} Mrs B Birch" + ITEMS.format("None.")
    assert _who(text) == [("present", "Mr A Ash"), (presence, "Mrs B Birch")]


def test_one_a_line_with_roles() -> None:
    text = (
        "Present:\n\nDr Ann Ash AA Clinical Chair\n\nBob Birch (BB) Chief Finance Officer\n\n"
        "Cath Cole, Lay Member for Audit\n\nIn attendance:\n\nDan Dale - Healthwatch Elm\n\n"
    )
    found = find_attendance(make_document(text))
    assert [(p.name, p.role, p.organisation) for p in found] == [
        ("Dr Ann Ash", "Clinical Chair", None),
        ("Bob Birch", "Chief Finance Officer", None),
        ("Cath Cole", "Lay Member for Audit", None),
        ("Dan Dale", None, "Healthwatch Elm"),
    ]


def test_role_on_the_line_below() -> None:
    text = "Present\n\nAnn Ash OBE\n\nTrust Chair (via virtual link)\n\nBob Birch\n\nClerk\n\n"
    found = find_attendance(make_document(text))
    assert [(p.name, p.role, p.virtual) for p in found] == [
        ("Ann Ash OBE", "Trust Chair", True),
        ("Bob Birch", "Clerk", None),
    ]


@pytest.mark.parametrize(
    "told",
    [
        "Apologies for absence were received from Mr D Dale and Mrs E Elm.",
        "The Clerk reported apologies from Mr D Dale and Mrs E Elm.",
        "Mr D Dale and Mrs E Elm had sent their apologies.",
        "Mr D Dale, Mrs E Elm",
    ],
)
def test_apologies_in_an_item(told: str) -> None:
    text = "Present: Mr A Ash" + ITEMS.format(told)
    assert _who(text)[1:] == [("apologies", "Mr D Dale"), ("apologies", "Mrs E Elm")]


def test_nobody_sent_apologies() -> None:
    assert _who("Present: Mr A Ash" + ITEMS.format("None received.")) == [("present", "Mr A Ash")]


def test_a_substitute_is_present() -> None:
    told = "Apologies were received from Mr D Dale (Ms F Firth attended as substitute)."
    assert _who("Present: Mr A Ash" + ITEMS.format(told))[1:] == [
        ("apologies", "Mr D Dale"),
        ("present", "Ms F Firth"),
    ]


def test_a_table_of_people() -> None:
    text = (
        "Present:\n\n| Name | Organisation | Role |\n|---|---|---|\n| Ann Ash | Elm CCG | Chair |\n"
        "| Bob Birch | Elm Council | Director |\n"
    )
    found = find_attendance(make_document(text, "minutes.md"))
    assert [(p.name, p.organisation, p.role) for p in found] == [
        ("Ann Ash", "Elm CCG", "Chair"),
        ("Bob Birch", "Elm Council", "Director"),
    ]


def test_a_page_of_attendance() -> None:
    text = (
        "| Attendee | Role | Attendance |\n|---|---|---|\n| Cllr Ann Ash | Chair | Present |\n"
        "| Cllr Bob Birch | Member | Apologies |\n"
    )
    assert _who(text, "a.md") == [
        ("present", "Cllr Ann Ash"),
        ("apologies", "Cllr Bob Birch"),
    ]


def test_attendance_as_an_item() -> None:
    text = (
        "1. Present: A. Ash - Chairman, B. Birch, with 5 members of the public.\n\n2. Apologies: "
    )
    assert _who(text + "C. Cole\n\n3. Roads: None") == [
        ("present", "A. Ash"),
        ("present", "B. Birch"),
        ("apologies", "C. Cole"),
    ]


def test_members_headed_in_attendance() -> None:
    text = (
        "In attendance: Cllr Ann Ash (Chair)\n\nAlso in attendance: Cllr Bob Birch, Elm Council\n\n"
    )
    assert _who(text) == [("present", "Cllr Ann Ash"), ("in_attendance", "Cllr Bob Birch")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Councillors A Ash (Chair), B Birch & C Cole Clerk D Dale", "A Ash|B Birch|C Cole|D Dale"),
        ("Councillors Ash, Birch and Cole", "Ash|Birch|Cole"),
        ("Cllr Ann Ash (Chair) Cllr Bob Birch Dan Dale", "Cllr Ann Ash|Cllr Bob Birch|Dan Dale"),
        ("Sir Paul Ash CBE, Mrs T Birch, MBE", "Sir Paul Ash CBE|Mrs T Birch, MBE"),
        ("Cllr ASH, Cllr BIRCH", "Cllr ASH|Cllr BIRCH"),
        ("Professor Dame Anne de Ash", "Professor Dame Anne de Ash"),
        ("Councillor Ash (substitute for Councillor Birch)", "Councillor Ash"),
        ("Director of People, Organisational Development and System", ""),
        ("7 members of the public", ""),
    ],
)
def test_lists_of_people(text: str, names: str) -> None:
    assert "|".join(person.name for person in find_people(text)) == names
