"""Where runs are computed: chosen, found, or done without where it is broken."""

import contextlib
import functools
import os

import pytest
import torch
import torch.nn.functional as F
from pretended import NAME, Pretended

from stylelab.core import vgg
from stylelab.runs import device, objectives, tasks

LAYERS = {"style_layers": ["relu1_1", "pool2"], "content_layers": ["relu2_2"]}
QUICK = LAYERS | {"size": 32, "steps": 2, "precision": "float32"}
MASK = torch.zeros(1, 3, 32, 48)
MASK[..., :20] = 1
# Every way through the code: each statistic, space, loss, colour, start and control.
WAYS = {
    "default": {},
    "levels": {"levels": 2},
    "tiles": {"tile": 32},
    "adam": {"optimizer": "adam", "space": "pixels", "start": "noise"},
    "mean_std": {"statistic": "mean_std", "pooling": "average"},
    "sliced_wasserstein": {"statistic": "sliced_wasserstein"},
    "absolute": {"losses": "absolute", "smoothness": 0.5},
    "luminance": {"colors": "luminance", "levels": 2},
    "statistics": {"colors": "statistics"},
    "bfloat16": {"precision": "bfloat16"},
    "masks": {"masks": [MASK]},
}


NO_CPU = [name for name, there in device.DEVICES.items() if there() and name != "cpu"]
KNOWN = device._works, device._fault  # caches


@pytest.fixture(autouse=True)
def _nothing_is_known(monkeypatch):
    """No device was chosen or tried before, and none will have been."""
    monkeypatch.delenv(device.VARIABLE, raising=False)
    for known in KNOWN:
        known.cache_clear()
    yield
    for known in KNOWN:
        known.cache_clear()


load = functools.cache(vgg._load)  # so that the others' networks are never There


@pytest.fixture
def pretended(monkeypatch):
    """A device that keeps the rules of a GPU, computes on the CPU and is chosen."""
    monkeypatch.setitem(device.DEVICES, NAME, lambda: True)
    monkeypatch.setattr(vgg, "_kept", load)
    monkeypatch.setattr(objectives, "default_device", lambda: NAME)
    Pretended.used.clear()
    with Pretended():
        yield


def made(way: str) -> torch.Tensor:
    options = QUICK | WAYS[way]
    styles = ["brick", "gravel"] if "masks" in options else "brick"
    result = tasks.transfer("palace", styles, **options).result(iter)
    assert result.picture.device.type == "cpu"
    return result.picture


@pytest.mark.parametrize("way", WAYS)
def test_a_run_keeps_to_its_device(way, request):
    """Nothing is mixed with the CPU's, and nothing that Apple's GPU lacks is used."""
    expected = made(way)
    request.getfixturevalue("pretended")
    found = made(way)
    assert "aten::convolution_backward" in Pretended.used
    assert (found - expected).abs().max() < 1e-3


@pytest.mark.parametrize(
    "way", ["a mixture", "float64", "eigenvalues", "uneven groups"]
)
@pytest.mark.usefixtures("pretended")
def test_the_pretended_device_refuses_what_it_should(way):
    here = torch.rand(3, 10)
    there = here.to(NAME)
    assert torch.equal((2 * there).cpu(), 2 * here)
    wrong = {
        "a mixture": lambda: there + here,
        "float64": lambda: there.double(),
        "eigenvalues": lambda: torch.linalg.eigh(there @ there.T),
        "uneven groups": lambda: F.adaptive_avg_pool1d(there, 4),
    }
    with pytest.raises((RuntimeError, TypeError)):
        wrong[way]()


@pytest.mark.skipif(not NO_CPU, reason="there is no GPU here")
@pytest.mark.parametrize("way", WAYS)
def test_a_gpu_makes_nearly_the_picture_of_the_cpu(way, monkeypatch):
    """After two steps; later, small differences grow."""
    found = made(way)
    monkeypatch.setenv(device.VARIABLE, "cpu")
    assert (found - made(way)).abs().mean() < 0.02


# --- Devices that are broken, chosen or not there -------------------------------------


def announce(monkeypatch, *names: str) -> None:
    """Announces devices; "cuda" and "mps" do not work on a machine without them."""
    for name in ("cuda", "mps"):
        monkeypatch.setitem(device.DEVICES, name, lambda n=name: n in names)


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_a_broken_device_is_done_without_and_told_of_once(monkeypatch, name):
    announce(monkeypatch, name)
    monkeypatch.setattr(device, "_fault", lambda n, *_: "no driver" * (n == name))
    text = rf"device {name} does not work \(no driver"
    with pytest.warns(UserWarning, match=text) as told:
        run = tasks.reconstruct("cat", size=32, steps=1)
    assert run.result(iter).picture.device.type == "cpu"
    assert len(told) == 1
    assert run.network.device.type == "cpu"


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_the_reason_is_the_drivers_in_one_line(monkeypatch):
    announce(monkeypatch, "cuda")
    with pytest.warns(UserWarning, match="device cuda does not work") as told:
        assert device.default_device() == "cpu"
    text = str(told[0].message)
    assert "\n" not in text
    assert len(text) < 250


def test_a_device_that_computes_wrong_numbers_is_broken(monkeypatch):
    announce(monkeypatch, "mps")
    real = F.conv2d
    monkeypatch.setattr(F, "conv2d", lambda *a: real(*a) + 1)
    monkeypatch.setattr(torch, "ones", lambda *a, device, dtype: torch.zeros(a))
    with pytest.warns(UserWarning, match="mps does not work .it computes wrong"):
        device._works("mps")


def test_a_device_may_be_chosen(monkeypatch):
    announce(monkeypatch, "cuda")
    monkeypatch.setattr(device, "_fault", lambda *_: "")
    monkeypatch.setenv(device.VARIABLE, "")  # put back at the end
    assert device.default_device() == "cuda"
    device.use("cpu")
    assert device.default_device() == "cpu"
    assert device.processor().endswith(torch.backends.cpu.get_cpu_capability())
    device.use("cuda")
    assert device.default_device() == "cuda"


@pytest.mark.parametrize("name", ["cuda", "mps", "xpu", "", "c" * 999])
def test_a_device_that_is_not_there_gets_a_sentence(monkeypatch, name):
    announce(monkeypatch)
    with pytest.raises(
        ValueError, match=r"is not there: this machine has cpu$"
    ) as caught:
        device.use(name)
    assert len(str(caught.value)) < 160
    if name:
        monkeypatch.setenv(device.VARIABLE, name)
        with pytest.raises(ValueError, match=r"is not there: this machine has cpu$"):
            device.default_device()


def test_a_chosen_device_that_is_broken_is_not_replaced(monkeypatch):
    announce(monkeypatch, "cuda")
    monkeypatch.setattr(
        device, "_fault", lambda name, *_: "no driver" * (name != "cpu")
    )
    with pytest.raises(
        ValueError, match=r"not work \(no driver\): this machine has cpu"
    ):
        device.use("cuda")
    assert device.VARIABLE not in os.environ


def test_a_precision_that_a_device_lacks_gets_a_sentence(monkeypatch):
    lacking = torch.bfloat16
    monkeypatch.setattr(device, "_fault", lambda _, *d: "none" * (lacking in d))
    with pytest.raises(
        ValueError, match="computes no bfloat16: choose precision=float32"
    ):
        tasks.texture("brick", precision="bfloat16")
    assert device.chosen_precision("float32") == "float32"


def test_threads_are_as_they_were_afterwards():
    before = torch.get_num_threads()
    with contextlib.suppress(KeyboardInterrupt), device.threads(before + 1):
        assert torch.get_num_threads() == before + 1
        raise KeyboardInterrupt
    assert torch.get_num_threads() == before
