"""Several styles on the studio's page: their shares, and where a visitor paints."""

from __future__ import annotations

import numpy as np
import pytest
from studio_visits import make_as_there

from stylelab.labs.style_controls import MIXED, PAINTED
from stylelab.pictures import images
from stylelab.studio.job_messages import pack_job, unpack_job
from stylelab.studio.page import Page


@pytest.fixture
def page() -> Page:
    page = Page(make_as_there)
    page.photo.chosen = ["cat"]
    page.style.chosen = ["great_wave", "brick"]
    return page


def painted(page: Page) -> np.ndarray:
    """The upper third, as a visitor paints it."""
    painter = page.mixture.mask.painter
    width, height = painter.size
    painter.mask = np.arange(height)[:, None].repeat(width, 1) < height // 3
    return painter.mask


def visible(page: Page) -> list[bool]:
    """Whether the mixture is seen, and of it the choice, the shares, the mask."""
    mixture = page.mixture
    parts = (mixture, mixture.how, mixture.shares, mixture.mask)
    return [part.layout.display != "none" for part in parts]


def test_styles_count_alike_until_somebody_says_otherwise(page: Page) -> None:
    assert page.job().recipe.mix == ()
    shares = page.mixture.shares.numbers
    titles = ["The Great Wave off Kanagawa", "a brick wall"]
    assert [number.description for number in shares.values()] == titles
    shares["brick"].value = 3
    assert page.job().recipe.mix == (1, 3)
    page.style.chosen = ["brick", "great_wave"]
    assert page.job().recipe.mix == (3, 1)
    page.style.chosen = ["brick"]
    assert page.job().recipe.mix == ()


def test_the_second_style_goes_where_it_is_painted(page: Page) -> None:
    page.mixture.how.value = PAINTED
    with pytest.raises(ValueError, match="nothing is painted: paint on the photo"):
        page.job()
    painter = page.mixture.mask.painter
    painter.mask = ~painter.mask
    with pytest.raises(ValueError, match="everything is painted: paint on the photo"):
        page.job()
    painted(page)
    job = page.job()
    assert job.recipe.mix == ()
    first, second = job.sources["masks"]
    assert np.array_equal(first, ~second)
    assert second.shape == images.open_picture("cat").size[::-1]
    there = unpack_job(pack_job(job)).sources["masks"]
    for sent, mask in zip(there, (first, second), strict=True):
        assert np.array_equal(np.asarray(sent.convert("L")) > 0, mask)


def test_only_what_counts_is_seen(page: Page) -> None:
    assert visible(page) == [True, True, True, False]
    page.mixture.how.value = PAINTED
    assert visible(page) == [True, True, False, True]
    page.style.chosen = ["great_wave", "brick", "gravel"]
    assert visible(page) == [True, False, True, False]
    assert "masks" not in page.job().sources
    page.style.chosen = ["gravel"]
    assert visible(page)[0] is False
    page.mixture.how.value = MIXED


def test_another_photo_is_painted_anew(page: Page) -> None:
    page.mixture.how.value = PAINTED
    assert painted(page).any()
    page.controls["brush"].value = 0.5
    assert page.mixture.mask.painter.mask.any()
    page.photo.chosen = ["palace"]
    assert not page.mixture.mask.painter.mask.any()


def test_a_download_is_named_without_masks(page: Page) -> None:
    page.mixture.how.value = PAINTED
    painted(page)
    page.controls["size"].value = 256
    page.controls["steps"].value = 2
    page.panel.start()
    assert page.panel.live.join(300) == "done", page.panel.live.error
    page.panel.save.click()
    assert "cat-great_wave-brick.png" in page.panel.message.value


def test_layers_have_strengths(page: Page) -> None:
    page.strengths.numbers["relu1_1"].value = 0
    assert page.job().recipe.layer_weights == (0, 1, 1, 1, 1)
    page.controls["style_layers"].value = ["relu2_1", "relu4_1"]
    assert page.job().recipe.layer_weights == ()
