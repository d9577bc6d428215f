import pytest
import torch

from stylelab.analysis import recognize
from stylelab.pictures import images


def test_there_are_1000_classes():
    assert len(recognize.names()) == 1000
    assert "espresso" in recognize.names()


def test_probabilities_sum_to_one():
    by_class = recognize.probabilities("palace")
    assert by_class.shape == (1000,)
    assert by_class.sum().item() == pytest.approx(1, abs=1e-4)


def test_guesses_come_best_first():
    guesses = recognize.recognize("coffee", top=4)
    values = [guess.probability for guess in guesses]
    assert values == sorted(values, reverse=True)
    assert str(guesses[0]).startswith("espresso 0.")


def test_a_picture_of_ones_own_is_named_as_the_file(tmp_path):
    path = tmp_path / "holiday.png"
    images.save(images.open_picture("coffee"), path)
    for source in (str(path), images.load("coffee")):
        assert recognize.recognize(source)[0].name == "espresso"


def test_probability_of_several_classes_is_their_sum():
    both = recognize.probability("cat", "tabby", "tiger cat")
    assert both == pytest.approx(
        recognize.probability("cat", "tabby")
        + recognize.probability("cat", "tiger cat")
    )
    with pytest.raises(ValueError, match="no class 'pussycat'"):
        recognize.probability("cat", "pussycat")


@pytest.mark.parametrize("shape", [(1, 3, 50, 400), (1, 3, 400, 50), (1, 3, 7, 7)])
def test_any_shape_becomes_the_square_the_network_takes(shape):
    image = images.to_image(torch.rand(shape))
    assert recognize.square(image).size == (224, 224)
