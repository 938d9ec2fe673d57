"""What holds of every sample, and of every text that goes through a coding sheet."""

from __future__ import annotations

import csv
import io
import tempfile
from fractions import Fraction
from pathlib import Path

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from hwbtext.coding import import_codings, n_for_width, plan_sample, write_kit
from hwbtext.coding.codings import find_quote
from hwbtext.coding.drawing import allocate, draw_systematic, thin
from hwbtext.coding.kit import escape_formula, unescape_formula
from hwbtext.coding.precision import expected_interval
from hwbtext.gold.lines import broken_encoding

SIZES = st.dictionaries(st.text("abcdef", min_size=1), st.integers(1, 60), min_size=1, max_size=8)


@given(SIZES, st.data())
def test_a_draw_has_the_size_and_chances_it_says(sizes, data):
    n = data.draw(st.integers(1, sum(sizes.values())))
    chances, cap = thin(sizes, n, data.draw(st.integers(1, 20)))
    assert all(0 < chance <= 1 for chance in chances.values())
    laid = [chances[name] for name, size in sizes.items() for _ in range(size)]
    assert sum(laid) == n
    drawn = draw_systematic(laid, data.draw(st.floats(0, 1, exclude_max=True)))
    assert len(drawn) == len(set(drawn)) == n
    at = 0
    for name, size in sizes.items():
        here = sum(at <= index < at + size for index in drawn)
        assert abs(here - chances[name] * size) < 1
        assert here <= cap
        at += size


@given(SIZES, st.sampled_from(["proportional", "equal"]), st.integers(0, 3), st.data())
def test_an_allocation_adds_up_within_its_bounds(sizes, allocation, minimum, data):
    least = {name: min(size, minimum) for name, size in sizes.items()}
    n = data.draw(st.integers(max(1, sum(least.values())), sum(sizes.values())))
    drawn = allocate(sizes, n, allocation=allocation, minimum=minimum)
    assert sum(drawn.values()) == n
    assert all(least[name] <= drawn[name] <= sizes[name] for name in sizes)


@given(st.lists(st.fractions(0, 1, max_denominator=12), max_size=9))
def test_chances_of_a_systematic_draw_are_exact(chances):
    """Over all starts, each unit is drawn on a length of the line equal to its chance."""
    grid = 27_720  # a multiple of every denominator up to 12
    counts = [0] * len(chances)
    for step in range(0, grid, 2310):
        for index in draw_systematic(chances, (step + 0.5) / grid):
            counts[index] += 1
    # Twelve starts, evenly spaced: each count is within one of twelve times the chance.
    assert all(abs(n - 12 * Fraction(c)) <= 1 for n, c in zip(counts, chances, strict=True))


@given(st.text())
def test_escaping_of_formulas_is_undone_and_leaves_none(text):
    escaped = escape_formula(text)
    assert unescape_formula(escaped) == text
    assert not escaped.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.text(min_size=1), st.data())
def test_what_was_copied_is_found_where_it_stood(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert (start, end) in find_quote(text[start:end], text) or any(
        text[low:high] == text[start:end] for low, high in find_quote(text[start:end], text)
    )


@given(st.floats(0, 1), st.floats(1, 5), st.integers(1, 2000))
def test_more_passages_never_widen_an_interval(share, effect, n):
    width = expected_interval(n, share, design_effect=effect).width
    assert expected_interval(n + 1, share, design_effect=effect).width <= width + 1e-12
    if 0.001 < width < 1:
        assert n_for_width(width, share, design_effect=effect) <= n


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=4))
def test_any_text_comes_back_from_the_kit_as_it_was(texts):
    rows = [
        {"passage_id": f"p{at}", "text": text, "site": f"s{at}", "year": 2019, "fragment": False}
        for at, text in enumerate(texts)
        if text.strip() and broken_encoding(text) is None
        and not any("\ud800" <= letter <= "\udfff" for letter in text)
    ]  # fmt: skip
    if not rows:
        return
    with tempfile.TemporaryDirectory() as folder:
        xlsx, table, _ = write_kit(plan_sample(rows, len(rows)), Path(folder) / "kit.xlsx")
        book = openpyxl.load_workbook(xlsx)
        sheet = book["passages"]
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, 9).value = "none"
        book.save(xlsx)
        sample = import_codings([xlsx]).sample
        with table.open(encoding="utf-8-sig", newline="") as file:
            cells = list(csv.reader(io.StringIO(file.read(), newline="")))
    assert sorted(unit.text for unit in sample.units) == sorted(row["text"] for row in rows)
    assert len(cells) == len(rows) + 1
