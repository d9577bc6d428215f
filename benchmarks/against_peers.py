"""Time to an equal loss: stylelab, pastiche, and ten lines of the usual L-BFGS.

python -m benchmarks.against_peers [--size 256] [--rounds 3] [--saved-only]

Every side gets the same pixels (8-bit PNGs of their final size), starts from the photo
and uses the same threads, in turn. One scorer in plain float32 torch, written here,
scores all pictures: as saved (clipped to 0..255 and rounded) and as optimised.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

import stylelab as sl
from benchmarks.bare import machine, plain, precisions, spread
from stylelab.core import vgg
from stylelab.pictures import images

MARKS = (100, 300)
STYLE = {"relu1_1": 64, "relu2_1": 128, "relu3_1": 256, "relu4_1": 512, "relu5_1": 512}
Walk = Iterator[Tensor]  # pictures [1, 3, H, W] in 0..1, one per evaluation


class Scorer:
    """Gatys' objective on a float32 network: nothing of stylelab's losses is used."""

    def __init__(self, photo: Tensor, style: Tensor) -> None:
        self.net = vgg.load()
        with torch.no_grad():
            self.content = self.maps(photo)["relu4_2"]
            self.grams = {n: self.gram(m) for n, m in self.maps(style).items()}

    def maps(self, picture: Tensor) -> dict[str, Tensor]:
        return self.net.features(picture, [*STYLE, "relu4_2"])

    @staticmethod
    def gram(maps: Tensor) -> Tensor:
        flat = maps[0].flatten(1)
        return flat @ flat.T / flat.shape[1]

    def loss(self, picture: Tensor) -> Tensor:
        maps = self.maps(picture)
        style = sum(
            1e3 / n**2 * F.mse_loss(self.gram(maps[name]), self.grams[name])
            for name, n in STYLE.items()
        )
        return F.mse_loss(maps["relu4_2"], self.content) + style

    @torch.no_grad()
    def __call__(self, picture: Tensor, saved: bool) -> float:
        if saved:
            picture = (picture.clamp(0, 1) * 255).round() / 255
        return self.loss(picture).item()


def pastiche(photo: Path, style: Path) -> Walk:
    """The nearest peer, through its own class; its style keeps its own pixels."""
    from pastiche.pastiche import PasticheArtist

    shape = list(images.load(style).shape[-2:])
    artist = PasticheArtist(str(photo), [str(style)], style_size=shape)
    while True:
        artist.draw()
        yield (artist.pastiche.detach().flip(1) + vgg.MEAN) / 255


def stylelab(photo: Path, style: Path, size: int, precision: str) -> Walk:
    options = {"losses": "absolute", "style_weight": 1e3, "precision": precision}
    run = sl.transfer(photo, style, size=size, steps=400, levels=1, **options)
    for step in run:
        yield step.picture


def watched(make: Callable[[], Walk], enough: Callable[[int, Tensor], bool]) -> list:
    """(seconds, picture) of every evaluation until `enough`; set-up counts too."""
    walked, spent, began = [], 0.0, time.perf_counter()
    for index in itertools.count(1):
        if index == 1:
            walk = make()
        picture = next(walk).clone()
        spent += time.perf_counter() - began
        walked.append((spent, picture))
        if enough(index, picture):
            return walked
        began = time.perf_counter()  # what `enough` took is not the side's time


def one_round(scorer: Scorer, sides: dict, ways: tuple[bool, ...]) -> dict:
    """Every side's seconds to the losses that pastiche has at MARKS.

    `ways` are how pictures are scored: as saved (True), as optimised (False).
    """
    last = max(MARKS)
    peer = watched(sides["pastiche"], lambda i, _: i == last)
    goals = {
        (mark, saved): scorer(peer[mark - 1][1], saved)
        for mark in MARKS
        for saved in ways
    }
    times = {"pastiche": {goal: peer[goal[0] - 1][0] for goal in goals}}
    print_goals(goals, times["pastiche"])
    for name in [side for side in sides if side != "pastiche"]:
        times[name] = to_reach(scorer, sides[name], goals, last)
        print(f"  {name}: {by_goal(times[name])}", flush=True)
    return times


def to_reach(scorer: Scorer, make, goals: dict, limit: int) -> dict:
    """Seconds and evaluations until each goal's loss, as saved or as optimised."""
    reached: dict = {}

    def enough(index: int, picture: Tensor) -> bool:
        losses = {saved: scorer(picture, saved) for _, saved in goals}
        for goal, loss in goals.items():
            if goal not in reached and losses[goal[1]] <= loss:
                reached[goal] = index
        return len(reached) == len(goals) or index >= limit

    walked = watched(make, enough)
    return {goal: walked[index - 1][0] for goal, index in reached.items()}


def print_goals(goals: dict, times: dict) -> None:
    for (mark, saved), loss in goals.items():
        what = "saved" if saved else "optimised"
        seconds = times[mark, saved]
        print(f"  pastiche, {mark} steps, as {what}: {loss:.3g} after {seconds:.1f} s")


def by_goal(times: dict) -> str:
    return ", ".join(
        f"{mark} {'saved' if saved else 'optimised'} {seconds:.1f} s"
        for (mark, saved), seconds in sorted(times.items())
    )


def report(rounds: list[dict]) -> None:
    """Ratios of seconds, pastiche's over each side's: minimum, median, maximum."""
    print("\ntimes faster than pastiche to its loss: min, median, max")
    for name, goals in rounds[0].items():
        for goal in goals:
            ratios = [
                r["pastiche"][goal] / r[name][goal] for r in rounds if goal in r[name]
            ]
            what = f"{goal[0]} steps, as {'saved' if goal[1] else 'optimised'}"
            if name != "pastiche":
                print(f"{name:18} {what:24} {spread(ratios)}  ({len(ratios)} rounds)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--photo", default="cat")
    parser.add_argument("--style", default="starry_night")
    parser.add_argument(
        "--saved-only", action="store_true", help="without the scores as optimised"
    )
    parser.add_argument(
        "--sides", nargs="+", metavar="SIDE", help="who runs beside pastiche"
    )
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for role in ("photo", "style"):
            source = images.load(getattr(options, role), options.size)
            files[role] = images.save(source, Path(folder) / f"{role}.png")
        photo, style = (images.load(files[role]) for role in ("photo", "style"))
        scorer, sides = Scorer(photo, style), {}
        sides["pastiche"] = lambda: pastiche(files["photo"], files["style"])
        sides["plain L-BFGS"] = lambda: plain(scorer.loss, photo)
        for precision in precisions():
            sides[f"stylelab {precision}"] = lambda precision=precision: stylelab(
                files["photo"], files["style"], options.size, precision
            )
        chosen = ["pastiche", *(options.sides or sides)]
        sides = {name: make for name, make in sides.items() if name in chosen}
        ways = (True,) if options.saved_only else (True, False)
        rounds = []
        for index in range(options.rounds):
            print(f"round {index + 1}", flush=True)
            rounds.append(one_round(scorer, sides, ways))
        report(rounds)


if __name__ == "__main__":
    main()
