"""Networks small enough to train while one watches: to tell apart, and to restore.

Training is a generator of Progress records. Whoever iterates draws them, or stops.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from stylelab.analysis.measure import psnr

Batch = tuple[Tensor, Tensor]

PATCH = 16  # pixels, the side of what both restoring networks are trained on
WINDOW = 8  # pixels, the side of what the MLP sees at once
STRIDE = 4  # pixels from one of its windows to the next


@dataclass(frozen=True)
class Progress:
    """Where a training is: the loss of a batch, and a score on what it never saw."""

    step: int  # from 1
    total: int
    loss: float
    score: float  # as last measured
    measured: bool  # at this very step


def classifier(filters: int = 12, seed: int = 0) -> nn.Sequential:
    """Three convolutions and one decision: pictures [B, 3, H, W] to scores [B, 2].

    `filters` of 7 x 7 pixels in the first layer, large enough to be looked at.
    """
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        return nn.Sequential(
            *(nn.Conv2d(3, filters, 7, padding=3), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(filters, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU()),
            *(nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(32, 2)),
        )


class Restorer(nn.Module):
    """A picture [B, 3, H, W] in 0..1 plus what `correction` finds missing in it."""

    def __init__(self, correction: nn.Module) -> None:
        super().__init__()
        self.correction = correction

    def forward(self, picture: Tensor) -> Tensor:
        return picture + self.correction(picture - 0.5)


class Patchwise(nn.Module):
    """Takes a network of flat windows over a picture, averaged where they overlap."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, picture: Tensor) -> Tensor:
        height, width = picture.shape[-2:]
        # Mirrored outwards so that the windows reach every border.
        room = (0, -(width - WINDOW) % STRIDE, 0, -(height - WINDOW) % STRIDE)
        shown = F.pad(picture, room, mode="reflect") if any(room) else picture
        windows = F.unfold(shown, WINDOW, stride=STRIDE).transpose(1, 2)
        found = self.network(windows).transpose(1, 2)
        sums, counts = (
            F.fold(w, shown.shape[-2:], WINDOW, stride=STRIDE)
            for w in (found, torch.ones_like(found))
        )
        return (sums / counts)[..., :height, :width]


def conv_restorer(width: int = 32, seed: int = 0) -> Restorer:
    """Four convolutions of 3 x 3, `width` channels between them."""
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        return Restorer(
            nn.Sequential(
                *(nn.Conv2d(3, width, 3, padding=1), nn.ReLU()),
                *(nn.Conv2d(width, width, 3, padding=1), nn.ReLU()),
                *(nn.Conv2d(width, width, 3, padding=1), nn.ReLU()),
                _quiet(nn.Conv2d(width, 3, 3, padding=1)),
            )
        )


def mlp_restorer(hidden: int = 512, seed: int = 0) -> Restorer:
    """A multilayer perceptron on patches, as Burger, Schuler & Harmeling (2012) do it.

    Every one of the 192 numbers of a window of 8 x 8 pixels meets every hidden unit.
    Theirs are 17 x 17 and grey, and learn for a month: so large a window learns next to
    nothing from the patches of half a minute.
    """
    numbers = 3 * WINDOW**2
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        layers = nn.Sequential(
            *(nn.Linear(numbers, hidden), nn.ReLU()),
            *(nn.Linear(hidden, hidden), nn.ReLU()),
            _quiet(nn.Linear(hidden, numbers)),
        )
    return Restorer(Patchwise(layers))


def _quiet(layer: nn.Module) -> nn.Module:
    """A last layer that starts by changing next to nothing."""
    nn.init.normal_(layer.weight, std=0.01)
    nn.init.zeros_(layer.bias)
    return layer


def parameters(net: nn.Module) -> int:
    """How many numbers training can change."""
    return sum(p.numel() for p in net.parameters())


def accuracy(net: nn.Module, pictures: Tensor, kinds: Tensor) -> float:
    """The share, 0..1, of `pictures` [N, 3, H, W] that the classifier names rightly."""
    with torch.no_grad():
        return (net(pictures - 0.5).argmax(1) == kinds).float().mean().item()


def train_classifier(
    net: nn.Module, seen: Batch, unseen: Batch, steps: int = 200, seed: int = 0
) -> Iterator[Progress]:
    """Adam on batches of 64 of the pictures and kinds in `seen`.

    The score is the accuracy on `unseen`, which no step learns from.
    """
    generator = torch.Generator().manual_seed(seed)

    def loss() -> Tensor:
        picked = torch.randint(len(seen[0]), (64,), generator=generator)
        return F.cross_entropy(net(seen[0][picked] - 0.5), seen[1][picked])

    return _train(net, loss, lambda: accuracy(net, *unseen), steps)


def train_restorer(
    net: Restorer,
    photos: Sequence[Tensor],
    degrade: Callable[[Tensor, torch.Generator], Tensor],
    unseen: Batch,
    steps: int = 300,
    seed: int = 0,
) -> Iterator[Progress]:
    """Adam on 48 random patches a step: from what `degrade` spoilt to the clean one.

    photos: [1, 3, H, W] each. unseen: a spoilt and a clean picture; the score is the
    PSNR on it, in dB. One seed gives every network the same patches.
    """
    generator = torch.Generator().manual_seed(seed)

    def loss() -> Tensor:
        spoilt, clean = _patches(photos, degrade, 48, generator)
        return F.mse_loss(net(spoilt), clean)

    def score() -> float:
        return psnr(restore(net, unseen[0]), unseen[1])

    return _train(net, loss, score, steps, rate=1e-3)


def restore(net: Restorer, picture: Tensor) -> Tensor:
    """What the network makes of a spoilt picture [1, 3, H, W], in 0..1."""
    with torch.no_grad():
        return net(picture).clamp(0, 1)


def _patches(
    photos: Sequence[Tensor], degrade: Callable, count: int, generator: torch.Generator
) -> Batch:
    """`count` patches [count, 3, 16, 16], spoilt and clean, cut after spoiling."""
    pairs, margin = [], 4  # pixels around, so that a blur sees what lies outside
    side = PATCH + 2 * margin
    for _ in range(count):
        i, y, x = torch.rand(3, generator=generator).tolist()
        photo = photos[int(i * len(photos))]
        height, width = photo.shape[-2:]
        top, left = int(y * (height - side)), int(x * (width - side))
        pairs.append(photo[..., top : top + side, left : left + side])
    clean = torch.cat(pairs)
    inner = (..., slice(margin, -margin), slice(margin, -margin))
    return degrade(clean, generator)[inner], clean[inner]


def _train(
    net: nn.Module,
    loss: Callable[[], Tensor],
    score: Callable[[], float],
    steps: int,
    rate: float = 3e-3,
) -> Iterator[Progress]:
    optimiser = torch.optim.Adam(net.parameters(), rate)
    every, last = max(1, steps // 20), 0.0
    for step in range(1, steps + 1):
        optimiser.zero_grad()
        found = loss()
        found.backward()
        optimiser.step()
        measured = step % every == 0 or step in (1, steps)
        last = score() if measured else last
        yield Progress(step, steps, found.item(), last, measured)
