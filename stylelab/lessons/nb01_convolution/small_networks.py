"""Networks small enough to train while you watch: to tell pictures apart, to restore.

Training is a generator of Progress records: its caller may draw them, or stop.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from stylelab.analysis.measure import psnr

Batch = tuple[Tensor, Tensor]
Spoil = Callable[[Tensor, torch.Generator], Tensor]  # clean pictures to spoilt ones

PATCH = 16  # pixels, the side of what both restoring networks are trained on
WINDOW = 8  # pixels, the side of what the MLP sees at once
STRIDE = 4  # pixels from one of its windows to the next


@dataclass(frozen=True)
class Progress:
    """One step of a training: the loss of its batch, and a score on unseen pictures."""

    step: int  # from 1
    total: int
    loss: float
    score: float | None  # None at the many steps where it is not measured


def parameters(net: nn.Module) -> int:
    """How many numbers training can change."""
    return sum(p.numel() for p in net.parameters())


def _train(
    net: nn.Module,
    loss: Callable[[], Tensor],
    score: Callable[[], float],
    steps: int,
    rate: float,
) -> Iterator[Progress]:
    optimiser = torch.optim.Adam(net.parameters(), rate)
    for step in range(1, steps + 1):
        optimiser.zero_grad()
        batch_loss = loss()
        batch_loss.backward()
        optimiser.step()
        measure = step % max(1, steps // 20) == 0 or step in (1, steps)
        yield Progress(step, steps, batch_loss.item(), score() if measure else None)


def classifier(seed: int = 0) -> nn.Sequential:
    """Three convolutions and one decision: pictures [B, 3, H, W] to scores [B, 2].

    The twelve filters of its first layer are large enough to be looked at.
    """
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        return nn.Sequential(
            *(nn.Conv2d(3, 12, 7, padding=3), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(12, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU()),
            *(nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(32, 2)),
        )


def accuracy(net: nn.Module, pictures: Tensor, kinds: Tensor) -> float:
    """The share, 0..1, of `pictures` [N, 3, H, W] that the classifier names rightly."""
    with torch.no_grad():
        return (net(pictures - 0.5).argmax(1) == kinds).float().mean().item()


def train_classifier(
    net: nn.Module, examples: Batch, unseen: Batch, steps: int
) -> Iterator[Progress]:
    """Adam on batches of 64 of the pictures and kinds in `examples`.

    The score is the accuracy on `unseen`, which no step learns from.
    """
    generator = torch.Generator().manual_seed(0)
    pictures, kinds = examples

    def loss() -> Tensor:
        batch = torch.randint(len(pictures), (64,), generator=generator)
        return F.cross_entropy(net(pictures[batch] - 0.5), kinds[batch])

    return _train(net, loss, lambda: accuracy(net, *unseen), steps, rate=3e-3)


# --- To restore: noise and blur, and two rivals that learn to remove them -------------


def noise(sigma: float = 25 / 255) -> Spoil:
    """Adds Gaussian noise of standard deviation `sigma` to pictures in 0..1."""
    return lambda p, generator: p + sigma * torch.randn(p.shape, generator=generator)


def blur(sigma: float = 1.2) -> Spoil:
    """A Gaussian blur of `sigma` pixels, then noise of 2 / 255.

    Without any noise a blur could be undone almost exactly, and no camera is like that.
    """
    add_noise = noise(2 / 255)
    return lambda p, generator: add_noise(gaussian(p, sigma), generator)


def gaussian(picture: Tensor, sigma: float) -> Tensor:
    """Pictures [B, C, H, W] under a Gaussian of `sigma` pixels, mirrored at borders."""
    reach = int(3 * sigma + 0.5)
    places = torch.arange(-reach, reach + 1.0)
    line = torch.exp(-(places**2) / (2 * sigma**2))
    line = (line / line.sum()).expand(picture.shape[1], 1, 1, -1)
    padded = F.pad(picture, [reach] * 4, mode="reflect")
    across = F.conv2d(padded, line, groups=len(line))
    return F.conv2d(across, line.transpose(2, 3), groups=len(line))


class Restorer(nn.Sequential):
    """Layers that find what a picture [B, 3, H, W] in 0..1 lacks, and add it."""

    def forward(self, picture: Tensor) -> Tensor:
        return picture + super().forward(picture - 0.5)


class Patchwise(nn.Sequential):
    """Layers for the flat windows of a picture; overlapping answers are averaged."""

    def forward(self, picture: Tensor) -> Tensor:
        height, width = picture.shape[-2:]
        # Mirrored outwards so that the windows reach every border.
        margins = (0, -(width - WINDOW) % STRIDE, 0, -(height - WINDOW) % STRIDE)
        padded = F.pad(picture, margins, mode="reflect")
        windows = F.unfold(padded, WINDOW, stride=STRIDE)  # [B, 192, windows]
        answers = super().forward(windows.transpose(1, 2)).transpose(1, 2)
        sums, counts = (
            F.fold(values, padded.shape[-2:], WINDOW, stride=STRIDE)
            for values in (answers, torch.ones_like(answers))
        )
        return (sums / counts)[..., :height, :width]


def conv_restorer(width: int = 32, seed: int = 0) -> Restorer:
    """Four convolutions of 3 x 3, `width` channels between them."""
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        return Restorer(
            *(nn.Conv2d(3, width, 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(width, width, 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(width, width, 3, padding=1), nn.ReLU()),
            _quiet(nn.Conv2d(width, 3, 3, padding=1)),
        )


def mlp_restorer(hidden: int = 512, seed: int = 0) -> Restorer:
    """A multilayer perceptron on windows, as by Burger, Schuler & Harmeling (2012).

    Every one of the 192 numbers of a window of 8 x 8 pixels meets every hidden unit.
    Their windows had 17 x 17 pixels, which takes a month of training.
    """
    numbers = 3 * WINDOW**2
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        layers = Patchwise(
            *(nn.Linear(numbers, hidden), nn.ReLU()),
            *(nn.Linear(hidden, hidden), nn.ReLU()),
            _quiet(nn.Linear(hidden, numbers)),
        )
    return Restorer(layers)


def _quiet(layer: nn.Module) -> nn.Module:
    """A last layer whose answers start near 0, so that the picture hardly changes."""
    weight, bias = layer.parameters()
    nn.init.normal_(weight, std=0.01)
    nn.init.zeros_(bias)
    return layer


def restore(net: Restorer, picture: Tensor) -> Tensor:
    """What the network makes of a spoilt picture [1, 3, H, W], in 0..1."""
    with torch.no_grad():
        return net(picture).clamp(0, 1)


def train_restorer(
    net: Restorer,
    photos: Sequence[Tensor],
    spoil: Spoil,
    unseen: Batch,
    steps: int,
    seed: int = 0,
) -> Iterator[Progress]:
    """Adam on 48 random patches per step, each of them spoilt and clean.

    photos: [1, 3, H, W] each. unseen: a spoilt and a clean picture; the score is the
    PSNR on it, in dB. Networks of one `seed` get the same patches.
    """
    generator = torch.Generator().manual_seed(seed)

    def loss() -> Tensor:
        spoilt, clean = _patches(photos, spoil, 48, generator)
        return F.mse_loss(net(spoilt), clean)

    def score() -> float:
        spoilt, clean = unseen
        return psnr(restore(net, spoilt), clean)

    return _train(net, loss, score, steps, rate=1e-3)


def _patches(
    photos: Sequence[Tensor], spoil: Spoil, count: int, generator: torch.Generator
) -> Batch:
    """`count` patches [count, 3, 16, 16], spoilt and clean, cut after spoiling."""
    patches, margin = [], 4  # pixels around, so that a blur sees what lies outside
    side = PATCH + 2 * margin
    for _ in range(count):
        i, y, x = torch.rand(3, generator=generator).tolist()
        photo = photos[int(i * len(photos))]
        top, left = int(y * (photo.shape[-2] - side)), int(x * (photo.shape[-1] - side))
        patches.append(photo[..., top : top + side, left : left + side])
    clean = torch.cat(patches)
    inner = (..., slice(margin, -margin), slice(margin, -margin))
    return spoil(clean, generator)[inner], clean[inner]
