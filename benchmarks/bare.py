"""The yardstick: VGG-19 in plain torch, with nothing around it."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Callable, Iterable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from stylelab.core import vgg
from stylelab.core.layers import CONVS, map_shape
from stylelab.runs import device

DEEPEST = 13  # convolutions up to conv5_1, where the default objective ends


def machine() -> str:
    """What a reader has to know of the machine to compare figures."""
    precision = device.default_precision()
    capability = torch.backends.cpu.get_cpu_capability()
    return (
        f"{platform.machine()}, {torch.get_num_threads()} threads, {capability}, "
        f"bfloat16 {'native' if precision == 'bfloat16' else 'not native'}, "
        f"torch {torch.__version__}"
    )


def precisions() -> tuple[str, ...]:
    """float32, and bfloat16 where the processor has it: emulated, it takes hours."""
    return tuple(dict.fromkeys((device.default_precision(), "float32")))


def spread(values: Iterable[float]) -> str:
    """Minimum, median and maximum of paired ratios or times."""
    values = sorted(values)
    return f"{values[0]:6.2f} {statistics.median(values):6.2f} {values[-1]:6.2f}"


def passes(net: vgg.Network, picture: torch.Tensor) -> None:
    """One forward to relu5_1 and one backward to the picture, and nothing else."""
    picture = picture.detach().requires_grad_()
    h = picture.to(net.dtype).contiguous(memory_format=torch.channels_last)
    for name in list(net.kernels)[:DEEPEST]:
        if name.endswith("_1") and name != "conv1_1":
            h = F.max_pool2d(h, 2)
        h = F.relu(F.conv2d(h, net.kernels[name], net.biases[name], padding=1))
    h.backward(torch.ones_like(h))


def plain(loss: Callable[[Tensor], Tensor], start: Tensor) -> Iterator[Tensor]:
    """The loop of the well-known scripts: torch's L-BFGS on pixels in 0..255."""
    x = (255 * start).requires_grad_()
    optimizer = torch.optim.LBFGS([x], max_iter=1)

    def closure() -> Tensor:
        optimizer.zero_grad()
        value = loss(x / 255)
        value.backward()
        return value

    while True:
        optimizer.step(closure)
        yield x.detach() / 255


def flops(height: int, width: int) -> float:
    """Floating point operations of `passes`: the forward's and as many backward."""
    total, inputs = 0, 3
    for name in CONVS[:DEEPEST]:
        outputs, rows, columns = map_shape(name, height, width)
        total += 2 * 9 * inputs * outputs * rows * columns
        inputs = outputs
    return 2 * total
