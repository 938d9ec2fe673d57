from hwbtext.parse import parse_bytes

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
