"""The board drawings and the pages of docs/teaching that show them."""

import re
from pathlib import Path

import draw_board
import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
TEACHING = ROOT / "docs" / "teaching"

SHOWN = re.compile(r"!\[([^\]]+)\]\(board/(\w+)\.png\)\n\n(.+?)(?:\n\n|\Z)", re.S)


@pytest.mark.parametrize("name", draw_board.DRAWINGS)
def test_the_stored_drawing_is_what_the_code_makes(name, tmp_path):
    stored = TEACHING / "board" / f"{name}.png"
    assert stored.stat().st_size < 120_000
    with Image.open(stored) as a, Image.open(draw_board.save(name, tmp_path)) as b:
        assert a.size == b.size
        small = [picture.convert("L").resize((120, 68)) for picture in (a, b)]
    pixels = zip(*(s.get_flattened_data() for s in small), strict=True)
    # Another build of FreeType may smooth its letters a little differently.
    assert sum(abs(x - y) for x, y in pixels) / (120 * 68) < 1


def test_every_drawing_is_shown_described_and_explained_in_three_sentences():
    found = SHOWN.findall((TEACHING / "board.md").read_text("utf-8"))
    assert sorted(name for _, name, _ in found) == sorted(draw_board.DRAWINGS)
    for description, name, words in found:
        assert len(description) > 40, name
        assert len(re.findall(r"[.?](?=\s|$)", words.strip())) == 3, (name, words)
