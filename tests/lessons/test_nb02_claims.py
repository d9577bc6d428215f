"""The article's claims 4 and 5 as experiments, with the numbers that show them.

The claims are counted in the order of the article. Each bound leaves room for another
processor: it is not what one run happened to give.
"""

import pytest
import torch

from stylelab.analysis import recognize
from stylelab.core import layers, vgg


def test_c4_a_network_names_what_is_in_a_picture():
    assert recognize.probability("coffee", "espresso") == pytest.approx(0.95, abs=0.04)
    cats = recognize.probability("cat", "tabby", "tiger cat", "Egyptian cat")
    assert cats > 0.8  # 0.87 was seen
    palace, bell_cote = recognize.recognize("palace", top=2)
    assert (palace.name, bell_cote.name) == ("palace", "bell cote")
    assert palace.probability > 0.25


def test_c5_deeper_layers_have_more_and_smaller_maps():
    names = ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1", "pool5"]
    maps = vgg.load().features(torch.rand(1, 3, 96, 64), names)
    shapes = [tuple(maps[name].shape[1:]) for name in names]
    assert shapes[0] == (64, 96, 64)
    assert shapes[4] == (512, 6, 4)
    counts, heights = [s[0] for s in shapes], [s[1] for s in shapes]
    assert counts == sorted(counts)
    assert heights == sorted(heights, reverse=True)
    assert shapes == [layers.map_shape(name, 96, 64) for name in names]
