import pytest

from hwbtext.parse import parse_bytes
from hwbtext.records import Document, Status

PAGE = b"""<html><head><title>Meeting of the Board</title><style>p{}</style></head><body>
<nav><a href="/">Home</a></nav><script>alert("no")</script>
<h2>Item 1</h2><p>The Board <b>noted</b>&nbsp;the report.</p>
<ul><li>First</li><li>Second</li></ul>
<table><tr><th>Action</th><th>Owner</th></tr><tr><td>Write</td><td>Clerk</td></tr></table>
<p style="display: none">hidden</p></body></html>"""


def test_what_a_reader_sees_in_order() -> None:
    document = parse_bytes(PAGE, "a.html")
    found = [(b.kind, b.level, document.text[b.span.start : b.span.end]) for b in document.blocks]
    assert found == [
        ("heading", 2, "Item 1"),
        ("paragraph", 0, "The Board noted the report."),
        ("list_item", 0, "First"),
        ("list_item", 0, "Second"),
        ("table_cell", 0, "Action"),
        ("table_cell", 0, "Owner"),
        ("table_cell", 0, "Write"),
        ("table_cell", 0, "Clerk"),
    ]
    assert document.title == "Meeting of the Board"


def test_the_declared_encoding_is_used() -> None:
    head = '<html><head><meta charset="windows-1252"></head>'
    page = f"{head}<body>caf\u00e9 \u2013 \u00a35</body></html>"
    assert "caf\u00e9 \u2013 \u00a35" in parse_bytes(page.encode("cp1252"), "a.html").text


def test_the_main_part_of_a_page_is_its_text() -> None:
    page = b"<html><body><ul><li>Menu</li></ul><main><p>Minutes here.</p></main></body></html>"
    assert parse_bytes(page, "a.html").text == "Minutes here.\n"


def _read(body: str) -> Document:
    return parse_bytes(f"<html><body>{body}</body></html>".encode(), "a.html")


def _blocks(document: Document) -> list[tuple[str, int | None, str]]:
    return [(b.kind, b.column, document.text[b.span.start : b.span.end]) for b in document.blocks]


def test_a_cell_over_several_columns_keeps_the_next_ones_in_place() -> None:
    document = _read(
        "<table><tr><td colspan=2>wide<td>third<tr><td>1<td>2<td>3"
        "<tr><td colspan=99999999>wider<td>last<tr><td colspan=0>a<td colspan=x>b</table>"
    )
    assert [(column, text) for _, column, text in _blocks(document)] == [
        *((0, "wide"), (2, "third")),
        *((0, "1"), (1, "2"), (2, "3")),
        *((0, "wider"), (50, "last")),
        *((0, "a"), (1, "b")),
    ]


def test_deep_pages_are_read_whole() -> None:
    document = _read("<div>" * 1500 + "deep" + "</div>" * 1500 + "<p>after</p>")
    assert document.status is Status.SUCCESS
    assert document.text == "deep\nafter\n"


def test_pages_deeper_than_can_be_read_say_so() -> None:
    document = _read("<p>before</p>" + "<div>" * 5000 + "deep" + "</div>" * 5000)
    assert document.text.startswith("before\n")
    assert document.status is Status.PARTIAL
    assert [issue.code for issue in document.issues] == ["truncated_html"]


def test_bad_markup_is_mended_without_an_issue() -> None:
    document = _read("<p>one</b> & < two <odd>three</p></div><p>four <a href='")
    assert document.text == "one & < two three\nfour\n"
    assert document.status is Status.SUCCESS


def test_a_page_that_is_one_form_is_read_without_its_fields() -> None:
    document = _read(
        "<form><p>The Board noted it.</p><input value=no><button>no</button>"
        "<select><option>no</select><textarea>no</textarea><p>Closed.</p></form>"
    )
    assert document.text == "The Board noted it.\nClosed.\n"


def test_cells_hold_what_a_reader_sees() -> None:
    document = _read(
        "<table><caption>Actions</caption>"
        "<tr><td>The 2<sup>nd</sup> <b>re</b>port<br>is<div>due</div>now<script>no()</script></td>"
        "<td>Clerk<span style='display:none'>no</span><button>no</button></td></tr>"
        "<tr hidden><td>no<td>no</tr><tbody style='display: none'><tr><td>no<td>no</tbody></table>"
        "<p>after</p>"
    )
    assert _blocks(document) == [
        ("caption", None, "Actions"),
        ("table_cell", 0, "The 2nd report is due now"),
        ("table_cell", 1, "Clerk"),
        ("paragraph", None, "after"),
    ]


def test_a_heading_in_a_cell_does_not_make_one_of_what_follows() -> None:
    document = _read("<table><tr><td><h4>a</h4><td>b<li>c</table>after")
    assert _blocks(document) == [
        ("table_cell", 0, "a"),
        ("table_cell", 1, "b c"),
        ("paragraph", None, "after"),
    ]


@pytest.mark.parametrize(
    "charset",
    "undefined idna unicode_escape raw_unicode_escape punycode utf-7 utf-16 utf-16le utf-32 rot13 "
    "hex zlib euc-none gbnone windows-1259 cp037 none utf-8 UTF8".split(),
)
def test_no_declared_charset_spoils_a_page(charset: str) -> None:
    page = f'<html><head><meta charset="{charset}"></head><body>caf\u00e9 \\u0041 +AGE-</body>'
    assert parse_bytes(page.encode(), "a.html").text == "caf\u00e9 \\u0041 +AGE-\n"


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("iso-8859-1", "\u201cquoted\u201d \u00a35"),  # Windows-1252, as browsers read it
        ("ISO-8859-2", "\u0142\u00f3d\u017a"),
        ("windows-1251", "\u043f\u0440\u0438"),
        ("koi8-r", "\u043f\u0440\u0438"),
        ("gb2312", "\u4e2d\u6587"),
        ("big5", "\u4e2d\u6587"),
        ("shift_jis", "\u65e5\u672c"),
        ("euc-kr", "\ud55c\uad6d"),
        ("macintosh", "caf\u00e9"),
    ],
)
def test_charsets_of_the_web_are_used(charset: str, text: str) -> None:
    page = f"<html><head><meta charset={charset}></head><body>{text}</body></html>"
    data = page.encode("cp1252" if charset == "iso-8859-1" else charset)
    assert parse_bytes(data, "a.html").text == f"{text}\n"


MEETING = """<div id="side-nav" class="menu"><ul class="menu-list"><li>Home</li></ul></div>
<div id="modgov"><h1 class="mgMainTitleTxt">Agenda and minutes</h1>
<table class="mgItemTable"><tr>
<td class="mgItemNumberCell"><p class="mgAiTitleTxt">4.</p></td>
<td><p class="mgAiTitleTxt"><a>Air quality <span class="mgFileSize">PDF 1 KB</span></a></p>
<p class="mgSubItemTitleTxt">Minutes:</p><div class="mgWordPara"><p>RESOLVED that</p>
<ol><li><p>the plan be agreed; and</p></li><li>the Chair write.</li></ol></div></td></tr>
</table></div>
<div class="footer">Copyright</div>"""


def test_a_meeting_page_has_the_shape_of_minutes() -> None:
    document = _read(MEETING)
    assert [(b.kind, document.text[b.span.start : b.span.end]) for b in document.blocks] == [
        ("heading", "Agenda and minutes"),
        ("heading", "4. Air quality"),
        ("heading", "Minutes:"),
        ("paragraph", "RESOLVED that"),
        ("list_item", "1. the plan be agreed; and"),
        ("list_item", "2. the Chair write."),
    ]


@pytest.mark.parametrize(
    ("attributes", "marks"),
    [("", "1. |2. "), ('start="4"', "4. |5. "), ('type="a"', "a. |b. "), ('type="i"', "i. |ii. ")],
)
def test_ordered_lists_show_their_numbers(attributes: str, marks: str) -> None:
    document = _read(f"<ol {attributes}><li>x</li><li>x</li></ol>")
    assert document.text == "".join(f"{mark}x\n" for mark in marks.split("|"))


def test_a_wrapper_named_after_its_menu_is_kept() -> None:
    document = _read(
        '<div class="nav"><main><p>Minutes here.</p></main></div><p class="note">b</p>'
    )
    assert document.text == "Minutes here.\n"
    assert _read('<div class="main-nav"><h1>Board</h1><p>a</p></div>').text == "Board\na\n"
