from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from hwbtext.parse.lines import Line, Word
from hwbtext.parse.printed import read_runs, upright
from hwbtext.parse.rules import Rules, read_rules
from hwbtext.parse.tables import Table, find_unruled, tables_of
from hwbtext.records import BBox

WIDTH, HEIGHT, SIZE = 500.0, 400.0, 10.0


class Sheet:
    """A page in the making: rules drawn on a canvas, and the lines printed on it."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self.canvas = Canvas(self._buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
        self.lines: list[Line] = []

    def text(self, x: float, top: float, text: str) -> None:
        words = []
        for part in text.split():
            end = x + stringWidth(part, "Helvetica", SIZE)
            words.append(Word(part, BBox(x, top, end, top + SIZE)))
            x = end + stringWidth(" ", "Helvetica", SIZE)
        self.lines.append(Line(words, SIZE, bold=False, page=1))

    def texts(self, xs: Sequence[float], top: float, texts: Sequence[str]) -> None:
        for x, text in zip(xs, texts, strict=True):
            if text:
                self.text(x, top, text)

    def across(self, y: float, x0: float, x1: float) -> None:
        self.canvas.line(x0, HEIGHT - y, x1, HEIGHT - y)

    def down(self, x: float, top: float, bottom: float) -> None:
        self.canvas.line(x, HEIGHT - top, x, HEIGHT - bottom)

    def shade(self, x0: float, top: float, x1: float, bottom: float, grey: float = 0.8) -> None:
        self.canvas.setFillGray(grey)
        self.canvas.rect(x0, HEIGHT - bottom, x1 - x0, bottom - top, stroke=0, fill=1)

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        for y in ys:
            self.across(y, xs[0], xs[-1])
        for x in xs:
            self.down(x, ys[0], ys[-1])

    def tables(self) -> list[Table]:
        self.canvas.showPage()
        self.canvas.save()
        pdf = pdfium.PdfDocument(self._buffer.getvalue())
        return tables_of(read_rules(pdf[0]), self.lines)


def filled(table: Table, lines: Sequence[Line]) -> list[list[str]]:
    """Sort lines into a table; return the text of its cells, row by row."""
    for line in lines:
        table.take(line)
    return [[" ".join(line.text for line in cell) for cell in row] for row in table.rows]


XS, YS = [50, 200, 300, 400], [100, 120, 140, 160]
ROWS = [["Aim", "Owner", "Due"], ["Warm homes", "Head of Housing", "May"], ["Walks", "", "June"]]


def with_rows(sheet: Sheet, rows: Sequence[Sequence[str]] = ROWS) -> Sheet:
    for top, row in zip(YS, rows, strict=False):
        sheet.texts([x + 3 for x in XS[: len(row)]], top + 5, row)
    return sheet


def test_stroked_rules_give_rows_and_columns() -> None:
    sheet = with_rows(Sheet())
    sheet.grid(XS, YS)
    (table,) = sheet.tables()
    assert table.box == pytest.approx((50, 100, 400, 160), abs=1)
    assert filled(table, sheet.lines) == ROWS


def test_a_little_box_for_each_edge_of_each_cell_is_a_grid_too() -> None:
    sheet = with_rows(Sheet())
    for y in YS:
        for left, right in zip(XS, XS[1:], strict=False):
            sheet.shade(left + 0.5, y - 0.25, right, y + 0.25, grey=0)
    for x in XS:
        for top, bottom in zip(YS, YS[1:], strict=False):
            sheet.shade(x, top + 0.5, x + 0.5, bottom, grey=0)
    (table,) = sheet.tables()
    assert filled(table, sheet.lines) == ROWS


def test_double_and_dashed_rules_and_rules_that_nearly_meet_are_one() -> None:
    sheet = with_rows(Sheet())
    sheet.canvas.setDash(3, 2)
    sheet.grid([XS[0] + 2, *XS[1:]], YS)
    sheet.canvas.setDash()
    sheet.across(YS[1] + 2, XS[0], XS[-1])
    (table,) = sheet.tables()
    assert filled(table, sheet.lines) == ROWS


def test_a_dash_may_be_a_path_of_its_own() -> None:
    sheet = with_rows(Sheet())
    for y in YS:
        for x in range(50, 400, 5):
            sheet.across(y, x, x + 3)
    for x in XS:
        sheet.down(x, YS[0], YS[-1])
    (table,) = sheet.tables()
    assert filled(table, sheet.lines) == ROWS


def test_shaded_cells_that_abut_are_cells() -> None:
    sheet = Sheet()
    for left, right in zip(XS, XS[1:], strict=False):
        for top, bottom in zip(YS, YS[1:], strict=False):
            sheet.shade(left, top, right, bottom, grey=0.9 if top == 100 else 0.7)
    with_rows(sheet)
    (table,) = sheet.tables()
    assert filled(table, sheet.lines) == ROWS


def test_shade_behind_each_line_of_a_text_makes_no_rows() -> None:
    sheet = Sheet()
    sheet.grid(XS[:3], [100, 150, 170])
    for top in (105, 117, 129):
        sheet.shade(55, top, 195, top + 12)
    for top, text in zip((106, 118, 130), ("Warm homes", "and dry", "for all"), strict=True):
        sheet.text(56, top, text)
    sheet.text(210, 106, "Housing")
    sheet.texts((56, 210), 155, ("Walks", "Parks"))
    (table,) = sheet.tables()
    assert filled(table, sheet.lines) == [
        ["Warm homes and dry for all", "Housing"],
        ["Walks", "Parks"],
    ]


def test_merged_cells_stand_where_they_begin() -> None:
    sheet = Sheet()
    sheet.grid(XS, [100, 160])
    sheet.across(120, 50, 400)
    sheet.across(140, 200, 400)
    sheet = with_rows(sheet, [["All", "", ""], ["Homes", "a b", "c"], ["", "d", "e"]])
    (table,) = sheet.tables()
    assert filled(table, sheet.lines) == [["All", "", ""], ["Homes", "a b", "c"], ["", "d", "e"]]
    assert table.cells[1][0] == pytest.approx((50, 120, 200, 160), abs=1)
    assert table.cells[2][0] is None


def test_a_heading_over_several_columns_is_one_cell() -> None:
    sheet = Sheet()
    for y in YS:
        sheet.across(y, 50, 400)
    for x in XS:
        sheet.down(x, 100 if x in (50, 400) else 120, 160)
    sheet.text(55, 105, "What we said that we would do by the end of the year for all")
    sheet.texts((55, 205, 305), 125, ("Homes", "a", "b"))
    sheet.texts((55, 205, 305), 145, ("Walks", "c", "d"))
    (table,) = sheet.tables()
    assert [cell is not None for cell in table.cells[0]] == [True, False, False]
    assert table.cells[0][0] == pytest.approx((50, 100, 400, 120), abs=1)


def test_open_sides_count_as_closed() -> None:
    sheet = with_rows(Sheet())
    for y in YS:
        sheet.across(y, 50, 400)
    for x in XS[1:-1]:
        sheet.down(x, 100, 160)
    (table,) = sheet.tables()
    assert filled(table, sheet.lines) == ROWS


FIGURES = [["Adults", "1,200", "14%"], ["Children", "340", "8%"], ["Roads", "95", "-"]]


def test_columns_of_figures_between_level_rules_are_told_by_the_white_space() -> None:
    sheet = Sheet()
    for y in (100, 120, 180):
        sheet.across(y, 50, 400)
    sheet.texts((55, 210, 310), 105, ("Service", "Cost", "Share"))
    for top, row in zip((123, 141, 159), FIGURES, strict=True):
        sheet.texts((55, 210, 310), top, row)
    (table,) = sheet.tables()
    assert filled(table, sheet.lines) == [["Service", "Cost", "Share"], *FIGURES]


def test_a_name_of_two_lines_stays_in_one_row_with_its_figures() -> None:
    sheet = Sheet()
    sheet.grid([50, 200, 300], [100, 120, 200])
    sheet.texts((55, 210), 105, ("Service", "Cost"))
    names = (("Adults", "10"), ("Roads", "12"), ("Parks", "9"))
    for top, row in zip((122, 146, 160), names, strict=True):
        sheet.texts((55, 210), top, row)
    sheet.text(55, 134, "and carers")
    (table,) = sheet.tables()
    assert filled(table, sheet.lines) == [
        ["Service", "Cost"],
        ["Adults and carers", "10"],
        ["Roads", "12"],
        ["Parks", "9"],
    ]


def test_lists_that_stand_side_by_side_stay_in_one_row() -> None:
    sheet = Sheet()
    sheet.grid([50, 200, 350], [100, 120, 200])
    sheet.texts((55, 205), 105, ("Aims", "Means"))
    for number, top in enumerate((122, 136, 150, 164), 1):
        sheet.texts((55, 70, 205, 220), top, (f"{number}.", "Homes", "-", "Visits"))
    (table,) = sheet.tables()
    assert len(table.cells) == 2


def test_two_tables_on_a_page_are_two() -> None:
    sheet = Sheet()
    for top in (100, 200):
        sheet.grid([50, 150, 250], [top, top + 20, top + 40])
        sheet.texts((55, 155), top + 5, ("Aim", "Owner"))
        sheet.texts((55, 155), top + 25, ("Homes", "Housing"))
    assert [round(table.box[1]) for table in sheet.tables()] == [100, 200]


def test_a_table_in_a_cell_keeps_its_words() -> None:
    sheet = Sheet()
    sheet.grid([50, 150, 450], [50, 80, 300])
    sheet.texts((55, 155), 55, ("Question", "Answer"))
    sheet.texts((55, 155), 90, ("Whom does it touch?", "The table says whom."))
    sheet.grid([200, 300, 400], [150, 170, 190])
    sheet.texts((205, 305), 155, ("Group", "Number"))
    sheet.texts((205, 305), 175, ("Carers", "14"))
    outer, inner = sheet.tables()
    assert filled(inner, sheet.lines) == [["Group", "Number"], ["Carers", "14"]]
    assert filled(outer, sheet.lines) == [
        ["Question", "Answer"],
        ["Whom does it touch?", "The table says whom."],
    ]


def test_boxes_underlines_and_decoration_are_no_tables() -> None:
    sheet = Sheet()
    sheet.grid([50, 450], [50, 100])
    sheet.text(60, 60, "A box round a paragraph that says what is to be done")
    sheet.text(60, 150, "An underlined heading")
    sheet.across(162, 60, 160)
    for y in (200, 220, 240):
        sheet.across(y, 50, 450)
        sheet.text(60, y + 5, "Prose between rules that go from one margin to the other")
    assert sheet.tables() == []


def test_a_grid_whose_lines_run_on_over_its_edges_is_no_table() -> None:
    sheet = Sheet()
    sheet.grid(XS, YS)
    for top in YS[:-1]:
        sheet.text(60, top + 5, "Prose that runs on from side to side and does not mind the rules")
    assert sheet.tables() == []


def sheet_of_excel() -> tuple[Sheet, list[list[str]]]:
    """A sheet whose figures end right before the rule, and whose names begin right after it."""
    sheet, xs = Sheet(), [50, 120, 300]
    rows = [["1,436.6", "Public health - advice and staff"], ["10.0", "Public health - children"]]
    rows += [["0.5", "Sexual health"], ["437.2", "Total of all"]]
    sheet.grid(xs, [100, 120, 140, 160, 180])
    for top, (figure, name) in zip((105, 125, 145, 165), rows, strict=True):
        x = 119 - stringWidth(figure, "Helvetica", SIZE)
        sheet.text(x, top, figure)
        sheet.text(121, top, name)
        words = [word for line in sheet.lines[-2:] for word in line.words]
        sheet.lines[-2:] = [Line(words, SIZE, bold=False, page=1)]
    return sheet, rows


def test_figures_that_end_right_before_a_name_stand_in_cells_of_their_own() -> None:
    sheet, rows = sheet_of_excel()
    (table,) = sheet.tables()
    assert filled(table, sheet.lines) == rows


def test_names_between_ruled_columns_of_figures_stand_in_their_rows() -> None:
    sheet = Sheet()
    tops = (100, 120, 140, 160, 180)
    for xs in ((50, 100), (250, 300)):
        sheet.grid(xs, tops)
    sheet.across(100, 50, 300)
    sheet.across(180, 50, 300)
    rows = [["12", "Homes", "14"], ["9", "Walks", "8"], ["7", "Parks", "3"], ["28", "All", "25"]]
    for top, row in zip(tops, rows, strict=False):
        sheet.texts((55, 110, 260), top + 5, row)
    (table,) = sheet.tables()
    assert filled(table, sheet.lines) == rows


def test_a_label_of_three_lines_beside_figures_stays_whole() -> None:
    sheet = Sheet()
    tops = (100, 120, 140, 160, 180)
    sheet.grid((150, 250), tops)
    sheet.grid((50, 150), (80, 100, 180))
    sheet.grid((150, 250), (80, 100))
    sheet.texts((55, 160), 85, ("Aim", "Number"))
    for top, text in zip((124, 135, 146), ("Homes", "and", "walks"), strict=True):
        sheet.text(55, top, text)
    for top, text in zip(tops, ("12", "9", "7", "28"), strict=False):
        sheet.text(160, top + 5, text)
    (table,) = sheet.tables()
    assert filled(table, sheet.lines)[:2] == [["Aim", "Number"], ["Homes and walks", "12"]]


def test_the_bars_of_a_chart_are_no_table() -> None:
    sheet = Sheet()
    sheet.down(100, 50, 200)
    for top, length in ((60, 200), (90, 120), (120, 80), (150, 31)):
        sheet.shade(100, top, 100 + length, top + 20)
        sheet.across(top, 100, 400)
        sheet.text(100 + length + 5, top + 5, f"{length} homes")
        sheet.text(40, top + 5, "Ward")
    assert sheet.tables() == []


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_rows_of_a_page_printed_sideways_run_with_its_text(angle: int) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(angle)
    canvas.setFont("Helvetica", SIZE)
    canvas.grid([-100, 0, 100], [-20, 0, 20])
    for y, row in ((5, ("Aim", "Owner")), (-15, ("Homes", "Housing"))):
        for x, text in zip((-95, 5), row, strict=True):
            canvas.drawString(x, y, text)
    canvas.showPage()
    canvas.save()
    page = pdfium.PdfDocument(buffer.getvalue())[0]
    runs, turn = upright(read_runs(page, 1), WIDTH, HEIGHT)
    (table,) = tables_of(read_rules(page).turned(360 - turn, WIDTH, HEIGHT), runs)
    assert filled(table, runs) == [["Aim", "Owner"], ["Homes", "Housing"]]


def test_words_outside_a_table_are_given_back() -> None:
    sheet = with_rows(Sheet())
    sheet.grid(XS, YS)
    (table,) = sheet.tables()
    sheet.text(5, 105, "Note:")
    sheet.text(5, 300, "Below")
    assert table.claim(sheet.lines[0])
    assert not table.claim(sheet.lines[-1])
    assert table.take(sheet.lines[-2]) is sheet.lines[-2]
    assert table.take(sheet.lines[0]) is None


PLACES = st.lists(st.integers(0, 20), min_size=2, max_size=6, unique=True)
GRIDS = st.lists(st.tuples(PLACES, PLACES), max_size=3)
PRINTED = st.tuples(
    st.integers(-2, 22),
    st.integers(-2, 22),
    st.sampled_from(["Homes", "Warm homes", "12", "a b c"]),
)


@given(GRIDS, GRIDS, st.lists(PRINTED, max_size=60))
def test_no_word_is_lost_or_given_twice(
    grids: list[tuple[list[int], list[int]]],
    shades: list[tuple[list[int], list[int]]],
    printed: list[tuple[int, int, str]],
) -> None:
    horizontal = [(20.0 * y, 20.0 * min(xs), 20.0 * max(xs), 1.0) for xs, ys in grids for y in ys]
    vertical = [(20.0 * x, 20.0 * min(ys), 20.0 * max(ys), 1.0) for xs, ys in grids for x in xs]
    fills = [(20.0 * min(x), 20.0 * min(y), 20.0 * max(x), 20.0 * max(y)) for x, y in shades]
    sheet = Sheet()
    for x, y, text in printed:
        sheet.text(20.0 * x + 2, 20.0 * y + 5, text)
    rules = Rules(
        *(np.array(part, dtype=float).reshape(-1, 4) for part in (horizontal, vertical, fills))
    )
    left: list[Line | None] = list(sheet.lines)
    tables = tables_of(rules, sheet.lines)
    for table in tables:
        left = [line and table.take(line) for line in left]
    kept = [line for table in tables for row in table.rows for cell in row for line in cell]
    words = Counter(word for line in sheet.lines for word in line.words)
    assert Counter(word for line in [*kept, *left] if line for word in line.words) == words


def unruled(rows: Sequence[Sequence[str]], xs: Sequence[float]) -> list[Table]:
    sheet = Sheet()
    for number, row in enumerate(rows):
        sheet.texts(xs[: len(row)], 50 + 14 * number, row)
    tables = find_unruled(sheet.lines)
    for table in tables:
        filled(table, sheet.lines)
    return tables


def test_columns_of_figures_without_rules_are_a_table() -> None:
    (table,) = unruled([["Service", "Cost", "Share"], *FIGURES], (50, 250, 330))
    assert [[" ".join(line.text for line in cell) for cell in row] for row in table.rows] == [
        ["Service", "Cost", "Share"],
        *FIGURES,
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["Opening of the meeting", "1"], ["What was said", "4"], ["What was done", "12"]],
        [["Welcome", "10.30"], ["Homes", "11.15"], ["Lunch", "12.30"]],
        [["The Board met in the hall", "and spoke of warm homes"]] * 5,
        [["1", "Write to the trust"], ["2", "Meet the carers"], ["3", "Ask the schools"]],
        [["The Chair", "Anytown Borough"], ["A Member", "The Trust"], ["Another", "Carers"]],
        [["The Clerk", "01234 567890"], ["The Chair", "01234 098765"], ["Desk", "01234 111222"]],
        [["Homes", "£1,200"], ["Roads", "£340"]],
    ],
    ids=["contents", "times", "prose", "list", "attendance", "telephones", "two rows"],
)
def test_other_columns_are_no_table(rows: list[list[str]]) -> None:
    assert unruled(rows, (50, 300)) == []


def test_figures_at_the_ends_of_bars_are_no_table() -> None:
    sheet = Sheet()
    for top, x in ((60, 400), (80, 340), (100, 290), (120, 250)):
        sheet.texts((50, x), top, ("From a friend", f"{x // 10}%"))
    assert find_unruled(sheet.lines) == []


def test_a_page_without_lines_has_no_tables() -> None:
    assert Sheet().tables() == []
    assert find_unruled([]) == []
