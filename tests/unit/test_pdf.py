from __future__ import annotations

import pytest
from papers import make_pdf

from hwbtext.parse import parse_bytes
from hwbtext.records import Document


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(b.kind, document.text[b.span.start : b.span.end]) for b in document.blocks]


def test_lines_of_a_paragraph_are_joined_and_headings_told() -> None:
    document = parse_bytes(
        make_pdf(["# Housing", "", "Cold homes were a concern for the members of", "the Board."]),
        "a.pdf",
    )
    assert blocks(document) == [
        ("heading", "Housing"),
        ("paragraph", "Cold homes were a concern for the members of the Board."),
    ]


def test_a_paragraph_over_a_page_break_is_one_block_and_furniture_stays_out() -> None:
    pages = [
        [
            "Harbour Board 2019",
            "",
            *[f"Line {page}{n} of a paragraph that goes on and on" for n in "abcdefgh"],
            "",
            "",
        ]
        for page in range(1, 5)
    ]
    document = parse_bytes(make_pdf(*pages), "a.pdf")
    found = blocks(document)
    assert [kind for kind, _ in found].count("furniture") == 4
    text = document.text
    for page in document.pages:
        assert f"Line {page.number}a" in text[page.span.start : page.span.end]


def test_words_lead_back_to_their_place_on_the_page() -> None:
    document = parse_bytes(make_pdf(["First line here.", "", "Second part."]), "a.pdf")
    start = document.text.index("Second")
    (region,) = document.layout.regions(type(document.blocks[0].span)(start, start + 6))
    assert region.page == 1
    assert 59 < region.bbox.x0 < 61
    # Drawn at y = 780 - 14 - 24 from the bottom of an A4 page of 841.9 points.
    assert abs(region.bbox.bottom - (841.9 - 742)) < 5


def test_a_rotated_page_gives_boxes_as_displayed() -> None:
    import io

    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(make_pdf(["Sideways words"])))
    writer = pypdf.PdfWriter()
    writer.add_page(reader.pages[0].rotate(90))
    buffer = io.BytesIO()
    writer.write(buffer)
    document = parse_bytes(buffer.getvalue(), "a.pdf")
    page = document.pages[0]
    assert (round(page.width or 0), round(page.height or 0)) == (842, 595)
    (region, *_) = document.layout.regions(document.blocks[0].span)
    assert 0 <= region.bbox.x0 < region.bbox.x1 <= 842
    assert 0 <= region.bbox.top < region.bbox.bottom <= 595


def test_a_ruled_table_gives_rows_of_cells() -> None:
    import io

    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate
    from reportlab.platypus import Table as Grid

    buffer = io.BytesIO()
    rows = [["Action", "Owner", "Due"], ["Write to the trust", "Director of Housing", "May 2019"]]
    style = [("GRID", (0, 0), (-1, -1), 0.5, "black")]
    SimpleDocTemplate(buffer, pagesize=A4, invariant=1).build([Grid(rows, style=style)])
    document = parse_bytes(buffer.getvalue(), "a.pdf")
    cells = [
        (b.row, b.column, document.text[b.span.start : b.span.end])
        for b in document.blocks
        if b.kind == "table_cell"
    ]
    assert cells == [
        (0, 0, "Action"),
        (0, 1, "Owner"),
        (0, 2, "Due"),
        (1, 0, "Write to the trust"),
        (1, 1, "Director of Housing"),
        (1, 2, "May 2019"),
    ]


def _with_boxes(data: bytes, *, media: list[float] | None = None, crop: list[float]) -> bytes:
    import io

    import pypdf
    from pypdf.generic import RectangleObject

    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(data)))
    for page in writer.pages:
        if media:
            page.mediabox = RectangleObject(media)
        page.cropbox = RectangleObject(crop)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("crop", "x0"),
    [
        ([-100, -100, 700, 1000], 60),  # larger than the page: the page is what is shown
        ([50, 600, 400, 841], 10),
        ([400, 841, 50, 600], 10),  # corners given the wrong way round
    ],
)
def test_boxes_are_those_of_the_page_as_displayed(crop: list[float], x0: float) -> None:
    document = parse_bytes(_with_boxes(make_pdf(["Some words here"]), crop=crop), "a.pdf")
    (region,) = document.layout.regions(document.blocks[0].span)
    assert abs(region.bbox.x0 - x0) < 2
    assert 0 <= region.bbox.top < region.bbox.bottom <= (document.pages[0].height or 0)


@pytest.mark.parametrize("crop", [[0, 0, 595, 842], [40, 500, 560, 800], [100, 600, 595, 842]])
def test_a_table_keeps_its_cells_on_a_cropped_page(crop: list[float]) -> None:
    import io

    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate
    from reportlab.platypus import Table as Grid

    buffer = io.BytesIO()
    rows = [[f"cell {r}{c}" for c in range(3)] for r in range(4)]
    style = [("GRID", (0, 0), (-1, -1), 0.5, "black")]
    SimpleDocTemplate(buffer, pagesize=A4, invariant=1).build([Grid(rows, style=style)])
    document = parse_bytes(_with_boxes(buffer.getvalue(), crop=crop), "a.pdf")
    found = {
        (b.row, b.column): document.text[b.span.start : b.span.end]
        for b in document.blocks
        if b.kind == "table_cell"
    }
    assert found == {(r, c): f"cell {r}{c}" for r in range(4) for c in range(3)}
