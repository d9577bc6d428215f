"""Figures of notebook 01."""

import numpy as np
import pytest
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg

from stylelab.lessons.nb01_convolution import figures
from stylelab.lessons.nb01_convolution.contest import Score
from stylelab.lessons.nb01_convolution.small_networks import Progress


def pixels(plate):
    canvas = FigureCanvasAgg(plate)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3]


def test_filters_of_three_channels_are_colours_around_grey():
    filters = torch.zeros(5, 3, 3, 3)
    filters[0, 0] = -2
    filters[1, :, 0, 0] = 0.1
    plate = figures.kernels(filters, "Claim", "alt", columns=8)
    red, white, black = (axes.images[0].get_array() for axes in plate.axes[:3])
    assert red[0, 0].tolist() == pytest.approx([0, 127, 127], abs=1)
    assert white[0, 0].tolist() == [255, 255, 255]
    assert black[1, 1].tolist() == pytest.approx([127, 127, 127], abs=1)
    assert pixels(plate).shape[1] == 1000


def test_filters_of_one_channel_show_their_numbers():
    filters = torch.tensor([[[[0.25, -1.0], [0.0, 1.0]]], [[[1.0, 1.0], [1.0, 1.0]]]])
    plate = figures.kernels(filters, "Claim", "alt", 8, captions=["a", "b"])
    assert [axes.get_title() for axes in plate.axes[:2]] == ["a", "b"]
    texts = [[text.get_text() for text in axes.texts] for axes in plate.axes]
    assert texts[0] == ["0.25", "−1", "0", "1"]
    assert texts[1] == ["1"] * 4
    purple, orange = plate.axes[0].images[0].get_array()[[0, 1], [1, 1]]
    assert purple[2] > purple[0]
    assert orange[0] > orange[2]


def test_tables_of_numbers_share_one_scale():
    filters = torch.tensor([0.1, 1.0]).view(2, 1, 1, 1)
    plate = figures.kernels(filters, "Claim", "alt", 2)
    pale, strong = (axes.images[0].get_array()[0, 0] for axes in plate.axes[:2])
    assert pale[2] > strong[2] + 100


def test_equal_numbers_in_a_kernel_stay_visible():
    kernel = torch.ones(1, 1, 3, 3)
    plate = figures.kernels(kernel, "Claim", "alt", columns=1)
    assert pixels(plate).min() < 100


def test_watching_hands_back_all_and_keeps_what_an_interrupt_leaves(capsys):
    def training():
        yield Progress(1, 5, 0.7, 0.5)
        yield Progress(2, 5, 0.6, None)
        raise KeyboardInterrupt

    records = figures.watch_training(training(), "Claim", "alt", "accuracy")
    assert [progress.step for progress in records] == [1, 2]
    assert "Interrupted after 2 steps" in capsys.readouterr().out


def test_the_filters_that_changed_most_are_shown_before_after_and_as_their_change():
    before = torch.zeros(3, 3, 5, 5)
    after = before.clone()
    after[1], after[2] = 2, 1
    plate = figures.changed(before, after, "Claim", "alt", count=2)
    titles = [axes.get_title() for axes in plate.axes]
    assert titles == ["before", "", "after", "", "the change", ""]
    assert plate.axes[2].images[0].get_array()[0, 0].tolist() == [255, 255, 255]


def test_every_random_set_is_a_dot_beside_the_trained_network():
    rows = {"maps": (24, [13, 16, 12]), "kernels": (26, [0, 1, 0])}
    plate = figures.counts(rows, "Claim", "alt")
    (axes,) = plate.axes
    assert [[*line.get_xdata()] for line in axes.lines] == [
        *([13, 16, 12], [24], [0, 1, 0], [26])
    ]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["maps", "kernels"]
    assert len(set(axes.lines[0].get_ydata())) == 3  # equal counts hide no dot
    assert plate._repr_mimebundle_()[0]["text/plain"] == "alt"


def test_a_contest_is_drawn_in_one_axes_every_seed_and_their_median():
    gains = {"convolutions": (5.0, 6.0, 8.0), "MLP": (3.0, 4.0, 4.5)}
    scores = [
        Score("noise", rival, seed, 10, values[seed])
        for seed in range(3)
        for rival, values in gains.items()
    ]
    plate = figures.gains(scores, "Claim", "alt")
    (axes,) = plate.axes
    labelled = {line.get_label(): [*line.get_ydata()] for line in axes.lines}
    assert labelled["convolutions, noise"] == [6.0]
    assert labelled["MLP, noise"] == [4.0]
    assert sum(len(line.get_ydata()) == 3 for line in axes.lines) == 2
