"""Figures of notebook 03."""

import PIL.Image
import torch

from stylelab.analysis import receptive_field
from stylelab.lessons.nb03_fields import figures, go_board, go_figure


def test_every_field_is_framed_and_named_largest_first():
    layers = ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1", "pool5"]
    fields = {name: receptive_field.box(name, 2, 3) for name in [*layers, "pool4"]}
    plate = figures.boxes(fields, PIL.Image.new("RGB", (144, 96)), "Claim", "alt")
    assert plate._repr_mimebundle_()[0]["text/plain"] == "alt"
    (axes,) = plate.axes
    names = [text.get_text() for text in axes.texts]
    assert len(names) == 7
    assert names[:2] == ["pool5: 268 px", "relu5_1: 156 px"]
    assert names[-1] == "relu1_1: 3 px"
    assert axes.patches[0].get_width() == 268
    assert axes.patches[-1].get_xy() == (3 - 1 - 0.5, 2 - 1 - 0.5)


def test_growth_is_drawn_as_computed_as_measured_and_without_pooling():
    plate = figures.growth({"relu1_1": 3, "relu2_1": 8}, "Claim", "alt")
    assert plate._repr_mimebundle_()[0]["text/plain"] == "alt"
    full, effective, unpooled = plate.axes[0].lines
    assert full.get_ydata()[-1] == 268
    assert [*effective.get_xdata()] == ["conv1_1", "conv2_1"]
    assert [*effective.get_ydata()] == [3, 8]
    assert unpooled.get_ydata()[-1] == 33


def test_a_predicted_curve_is_drawn_beside_the_others():
    drawn = {"your prediction": (["conv1_1", "conv5_4"], [3, 99])}
    plate = figures.growth({"relu1_1": 3}, "Claim", "alt", drawn)
    assert [*plate.axes[0].lines[-1].get_ydata()] == [3, 99]


def test_a_map_of_influence_is_cut_out_to_its_field_around_its_middle():
    heat, box = torch.rand(40, 60), receptive_field.box("relu2_1", 10, 12)
    panels = [("a", heat, box, 6), ("b", heat, box, 4)]
    plate = figures.influences(panels, "Claim", "alt")
    assert plate._repr_mimebundle_()[0]["text/plain"] == "alt"
    image = plate.axes[0].images[0]
    top, left, bottom, right = box.clipped(40, 60)
    assert (image.get_array() == heat[top:bottom, left:right].numpy()).all()
    assert image.get_extent() == [-5, 5, 5, -5]  # relu2_1 sees 10 px
    for axes, side in zip(plate.axes, (6, 4), strict=True):
        (square,) = axes.patches
        assert square.get_bbox().bounds == (-side / 2, -side / 2, side, side)


def test_stones_stand_on_a_grid_with_their_numbers_and_rings():
    board = torch.full((19, 19), go_board.EMPTY)
    board[0, 1], board[2, 3] = go_board.BLACK, go_board.WHITE
    board[12, 12] = go_board.BLACK  # beyond the corner that is drawn
    ringed, numbers = torch.zeros(19, 19, dtype=torch.bool), torch.full((19, 19), 3.0)
    ringed[2, 3] = True
    panels = [("a", ringed), ("b", ~ringed)]
    plate = go_figure.boards(board, panels, numbers, "Claim", "alt", side=9)
    first, second = plate.axes
    assert [axes.get_title() for axes in plate.axes] == ["a", "b"]
    black, white = first.patches
    assert black.center == (1, 0)
    assert white.center == (3, 2)
    assert black.get_facecolor()[:3] == (0, 0, 0)
    assert white.get_facecolor()[:3] == (1, 1, 1)
    assert white.get_linewidth() > black.get_linewidth()
    assert second.patches[0].get_linewidth() > second.patches[1].get_linewidth()
    assert [text.get_text() for text in first.texts] == ["3", "3"]
