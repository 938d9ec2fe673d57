"""One key however an address is written: behaviours 3, 42 and 43."""

import pytest

from hwbtext.scrape.moderngov.keys import (
    attachment_id,
    document_key,
    meeting_key,
    normalize_base,
    resolve,
)

BASE = "https://democracy.ashmere.gov.uk/modernGov"


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://democracy.ashmere.gov.uk/", "https://democracy.ashmere.gov.uk"),
        (
            "http://DEMOCRACY.ashmere.gov.uk:80/ieDocHome.aspx?bcr=1",
            "http://democracy.ashmere.gov.uk",
        ),
        ("https://www.ashmere.gov.uk/modern.gov/", "https://www.ashmere.gov.uk/modern.gov"),
        ("https://x.gov.uk/a/(X(1)S(fk5))/ieListMeetings.aspx", "https://x.gov.uk/a"),
        ("https://x.gov.uk/a/mgWebService.asmx/GetCommittees", "https://x.gov.uk/a"),
        ("http://127.0.0.1:8431", "http://127.0.0.1:8431"),
        ("x.gov.uk/DemocraticServices", "https://x.gov.uk/DemocraticServices"),
    ],
)
def test_a_base_is_the_folder_of_the_pages(url: str, base: str) -> None:
    assert normalize_base(url) == base


@pytest.mark.parametrize(
    "url",
    [
        "https://democracy.ashmere.gov.uk/modernGov/ieListDocuments.aspx?CId=7&MId=12&Ver=4",
        "http://Democracy.Ashmere.gov.uk/modernGov/ieListDocuments.aspx?MID=12",
        "ieListDocuments.aspx?CId=7&MeetingId=12&LLL=0&bcr=1#AI33",
        "https://democracy.ashmere.gov.uk/modernGov/(S(abc))/ieListDocuments.aspx?MId=12",
        "https://democracy.ashmere.gov.uk:443/MODERNGOV/ielistdocuments.aspx?mid=12&EVT=101",
    ],
)
def test_a_meeting_has_one_key(url: str) -> None:  # behaviour 43
    assert meeting_key(url, BASE) == "democracy.ashmere.gov.uk/moderngov/m/12"


@pytest.mark.parametrize(
    "url", ["mgAi.aspx?ID=12", "ieListDocuments.aspx?CId=7", "ieListDocuments.aspx?MId=0", ""]
)
def test_what_is_no_meeting_has_no_meeting_key(url: str) -> None:
    assert meeting_key(url, BASE) is None


def test_meetings_of_the_system_before_are_other_meetings() -> None:
    old = meeting_key("CeListDocuments.aspx?CommitteeId=1&MeetingId=12&DF=1%2f2%2f2018", BASE)
    assert old == "democracy.ashmere.gov.uk/moderngov/ce/12"


def test_a_pack_of_a_meeting_is_not_the_attachment_of_that_number() -> None:  # behaviour 3
    urls = [
        "mgConvert2PDF.aspx?ID=5",
        "mgConvert2PDF.aspx?ID=5&T=0",
        "mgConvert2PDF.aspx?ID=5&T=10",
        "documents/s5/A.pdf",
        "documents/g5/A.pdf?T=10",
        "documents/b5/A.pdf?T=9",
        "mgChooseDocPack.aspx?ID=5",
        "mgChooseDocPack.aspx?ID=5&SID=6",
    ]
    assert len({document_key(url, BASE) for url in urls}) == len(urls)
    assert [attachment_id(url) for url in urls] == ["5", None, None, "5", None, None, None, None]


def test_a_title_may_change_and_the_key_stays() -> None:
    one = document_key("documents/s5/Draft%20plan.pdf", BASE)
    assert (
        document_key("http://democracy.ashmere.gov.uk/moderngov/documents/s5/Plan.pdf", BASE) == one
    )


def test_whole_meeting_files_without_t_are_told_by_their_names() -> None:
    minutes = document_key("documents/g9/Printed minutes 18th-Apr-2019 10.00 Board.pdf", BASE)
    assert minutes == document_key("documents/g9/Printed%20minutes%20Board.pdf?T=1", BASE)
    assert minutes != document_key("documents/g9/Public reports pack 18th-Apr-2019.pdf", BASE)
    assert document_key("documents/g9/Map 1.pdf", BASE) != document_key(
        "documents/g9/Plan.pdf", BASE
    )


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("documents/s1/A & B.pdf", "/modernGov/documents/s1/A%20&%20B.pdf"),
        ("documents/s1/A%20B.pdf", "/modernGov/documents/s1/A%20B.pdf"),
        ("documents/s1/A%2520B.pdf", "/modernGov/documents/s1/A%2520B.pdf"),
        ("documents/s1/A+B.pdf", "/modernGov/documents/s1/A+B.pdf"),
        ("documents/s1/5% cut.pdf", "/modernGov/documents/s1/5%25%20cut.pdf"),
        ("documents/s1/A\r\n B.pdf#AI1", "/modernGov/documents/s1/A%20B.pdf"),
        ("documents\\s1\\A.pdf", "/modernGov/documents/s1/A.pdf"),
        ("/documents/s1/café.pdf", "/documents/s1/caf%C3%A9.pdf"),
        ("../../../etc/passwd", "/etc/passwd"),
        ("?MId=4&T=1", "/modernGov/ieListDocuments.aspx?MId=4&T=1"),
    ],
)
def test_links_are_resolved_against_the_page_and_encoded_once(href: str, expected: str) -> None:
    # behaviour 42
    page = f"{BASE}/ieListDocuments.aspx?MId=1"
    url = resolve(href, page)
    assert url == "https://democracy.ashmere.gov.uk" + expected
    assert resolve(url, page) == url


def test_the_same_file_encoded_in_other_ways_has_one_key() -> None:
    one = document_key("https://x.gov.uk/files/A%20b.pdf", BASE)
    assert document_key("https://X.gov.uk/files/A b.pdf#page=2", BASE) == one
    assert document_key("https://x.gov.uk/files/A%2520b.pdf", BASE) != one


@pytest.mark.parametrize("href", ["http://[half", "http://", "https://x.gov.uk:port/a.pdf"])
def test_what_can_be_no_address_is_empty(href: str) -> None:
    assert resolve(href, f"{BASE}/") == ""


def test_other_schemes_are_left_to_whoever_fetches() -> None:
    assert resolve("mailto:clerk@ashmere.gov.uk", f"{BASE}/") == "mailto:clerk@ashmere.gov.uk"
    assert resolve("javascript:void(0)", f"{BASE}/").startswith("javascript:")
