"""The sheet of docs/teaching: one page A4, and what its code draws."""

from __future__ import annotations

import re
from pathlib import Path

import draw_sheet
from PIL import Image

ROOT = Path(__file__).parents[2]
TEACHING = ROOT / "docs" / "teaching"


def test_the_pdf_is_one_page_a4_without_a_date() -> None:
    pdf = (TEACHING / "sheet.pdf").read_bytes()
    (box,) = re.findall(rb"/MediaBox \[([^\]]+)\]", pdf)
    left, low, right, top = map(float, box.split())
    assert (left, low) == (0, 0)
    assert abs(right / 72 * 25.4 - 210) < 0.1
    assert abs(top / 72 * 25.4 - 297) < 0.1
    assert re.findall(rb"/Count (\d+)", pdf) == [b"1"]
    assert b"CreationDate" not in pdf
    assert len(pdf) < 400_000


def test_the_code_draws_the_stored_sheet_and_the_same_pdf_twice(tmp_path) -> None:
    draw_sheet.draw(tmp_path / "sheet.png")
    stored = TEACHING / "sheet.png"
    with Image.open(stored) as a, Image.open(tmp_path / "sheet.png") as b:
        assert a.size == b.size
        small = [picture.convert("L").resize((150, 210)) for picture in (a, b)]
    pixels = zip(*(s.get_flattened_data() for s in small), strict=True)
    # Another build of FreeType may smooth its letters a little differently.
    assert sum(abs(x - y) for x, y in pixels) / (150 * 210) < 1
    for name in ("1.pdf", "2.pdf"):
        draw_sheet.draw(tmp_path / name)
    assert (tmp_path / "1.pdf").read_bytes() == (tmp_path / "2.pdf").read_bytes()


def test_all_is_inside_the_margins_and_no_words_meet(tmp_path, monkeypatch) -> None:
    """The layout: a printer leaves five millimetres of each edge white."""
    boxes = []

    def save(figure, *_, **__) -> None:
        figure.draw_without_rendering()
        for text in figure.axes[0].texts:
            if text.get_text():
                box = text.get_window_extent()
                boxes.append((text.get_text(), box))

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", save)
    draw_sheet.draw(tmp_path / "sheet.pdf")
    dots = 100 / 25.4  # a millimetre
    assert len(boxes) > 40
    for i, (text, box) in enumerate(boxes):
        assert 5 * dots < box.x0 < box.x1 < 205 * dots, text
        assert 5 * dots < box.y0 < box.y1 < 292 * dots, text
        for other, its in boxes[:i]:
            assert not (
                min(box.x1, its.x1) - max(box.x0, its.x0) > 1
                and min(box.y1, its.y1) - max(box.y0, its.y0) > 3
            ), (text, other)
