from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from hwbtext.parse.rules import Rules, read_rules

WIDTH, HEIGHT = 400.0, 300.0


def rules_of(
    draw: Callable[[Any], None], *, rotation: int = 0, crop: tuple[float, ...] | None = None
) -> Rules:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    pdf = pdfium.PdfDocument(buffer.getvalue())
    page = pdf[0]
    if crop:
        page.set_cropbox(*crop)
    page.set_rotation(rotation)
    # PDFium measures a page when it is loaded.
    saved = io.BytesIO()
    pdf.save(saved)
    again = pdfium.PdfDocument(saved.getvalue())
    return read_rules(again[0])


def test_a_stroked_line_is_a_rule() -> None:
    rules = rules_of(lambda canvas: canvas.line(50, 200, 150, 200))
    assert np.allclose(rules.horizontal, [[100, 50, 150, 1]], atol=1)
    assert not len(rules.vertical)


def test_a_thin_filled_box_is_a_rule_too() -> None:
    rules = rules_of(lambda canvas: canvas.rect(50, 100, 0.5, 80, stroke=0, fill=1))
    assert np.allclose(rules.vertical, [[50.25, 120, 200, 1]], atol=0.1)


def test_a_stroked_box_has_four_sides() -> None:
    rules = rules_of(lambda canvas: canvas.rect(50, 100, 80, 60))
    assert sorted(rules.horizontal[:, 0].round().tolist()) == [140, 200]
    assert sorted(rules.vertical[:, 0].round().tolist()) == [50, 130]
    assert not len(rules.fills)


def test_a_shaded_box_is_a_fill_and_is_given_once() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFillGray(0.8)
        canvas.rect(50, 100, 80, 60, stroke=0, fill=1)
        canvas.rect(55, 110, 70, 12, stroke=0, fill=1)  # the shade behind a line of text

    assert np.allclose(rules_of(draw).fills, [[50, 140, 130, 200]], atol=0.1)


def test_a_page_wide_ground_and_white_boxes_are_not_seen() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFillGray(0.9)
        canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
        canvas.setFillGray(1)
        canvas.rect(50, 100, 80, 60, stroke=0, fill=1)

    assert not any(len(part) for part in rules_of(draw))


def test_white_rules_count_only_where_something_is_shaded() -> None:
    def line(canvas: Any) -> None:
        canvas.setStrokeGray(1)
        canvas.line(50, 200, 150, 200)

    def line_on_shade(canvas: Any) -> None:
        canvas.setFillGray(0.5)
        canvas.rect(50, 180, 100, 40, stroke=0, fill=1)
        line(canvas)

    assert not len(rules_of(line).horizontal)
    assert rules_of(line_on_shade).horizontal[:, 3].tolist() == [0]


def test_invisible_and_clipping_paths_are_no_rules() -> None:
    def draw(canvas: Any) -> None:
        path = canvas.beginPath()
        path.rect(50, 100, 80, 60)
        canvas.clipPath(path, stroke=0, fill=0)
        canvas.rect(60, 110, 20, 20, stroke=0, fill=0)

    assert not any(len(part) for part in rules_of(draw))


def test_slanted_and_curved_outlines_are_no_rules() -> None:
    def draw(canvas: Any) -> None:
        canvas.line(50, 50, 150, 120)
        canvas.circle(200, 200, 30)
        path = canvas.beginPath()
        path.moveTo(50, 200)
        path.lineTo(80, 260)
        path.lineTo(110, 200)
        path.close()
        canvas.drawPath(path, fill=1)

    assert not any(len(part) for part in rules_of(draw))


def test_one_path_may_draw_a_whole_grid() -> None:
    def draw(canvas: Any) -> None:
        canvas.grid([50, 100, 150], [100, 150, 200])

    rules = rules_of(draw)
    assert sorted(set(rules.horizontal[:, 0].round().tolist())) == [100, 150, 200]
    assert sorted(set(rules.vertical[:, 0].round().tolist())) == [50, 100, 150]


def test_rules_in_a_form_stand_where_the_form_is_put() -> None:
    def draw(canvas: Any) -> None:
        canvas.beginForm("inner")
        canvas.line(0, 10, 100, 10)
        canvas.endForm()
        canvas.translate(50, 90)
        canvas.scale(2, 2)
        canvas.doForm("inner")

    assert np.allclose(rules_of(draw).horizontal, [[190, 50, 250, 1]], atol=2)


@pytest.mark.parametrize(
    ("rotation", "part", "rule"),
    [
        (0, "horizontal", [80, 40, 140]),
        (90, "vertical", [180, 40, 140]),
        (180, "horizontal", [180, 200, 300]),
        (270, "vertical", [80, 200, 300]),
    ],
)
def test_rules_are_given_as_displayed(rotation: int, part: str, rule: list[float]) -> None:
    rules = rules_of(
        lambda canvas: canvas.line(50, 200, 150, 200), rotation=rotation, crop=(10, 20, 350, 280)
    )
    assert np.allclose(getattr(rules, part)[:, :3], [rule], atol=1)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_turning_rules_is_turning_the_page(rotation: int) -> None:
    def draw(canvas: Any) -> None:
        canvas.line(50, 200, 150, 200)
        canvas.line(70, 100, 70, 250)
        canvas.setFillGray(0.5)
        canvas.rect(200, 100, 40, 20, stroke=0, fill=1)

    turned = rules_of(draw).turned(rotation, WIDTH, HEIGHT)
    for ours, theirs in zip(turned, rules_of(draw, rotation=rotation), strict=True):
        assert np.allclose(ours, theirs, atol=0.1)


def test_a_map_is_left_after_some_hundred_paths() -> None:
    def draw(canvas: Any) -> None:
        for index in range(700):
            canvas.line(index / 2, 10, index / 2 + 20, 60)
        canvas.line(50, 200, 150, 200)

    assert not len(rules_of(draw).horizontal)
