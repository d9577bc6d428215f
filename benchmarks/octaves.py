"""Is the detail of each size as strong as in the picture that it is made from?

    python -m benchmarks.octaves [SIZE] [OPTION=VALUE ...]

One row for each picture that is made, and kept in this folder: log10 of its mean power
in each octave of frequency, minus that of its style, or of its photo where there is no
style; from coarse to fine. 0.3 is twice the power. The next column compares the
outermost 8 pixels with the rest, in the three finest octaves; the last one is the loss.
"""

import sys

import torch

import stylelab as sl
from stylelab.core.statistics import octaves
from stylelab.runs.colors import LUMA
from stylelab.runs.run import Run

PAIRS = (
    ("palace", "starry_night"),
    ("cat", "great_wave"),
    ("coffee", "auvers"),
    ("astronaut", "composition_viii"),
    ("rocket", "moulin_de_la_galette"),
    ("hubble", "starry_night"),
)
SOURCES = ("gravel", "brick", "grass", "starry_night", "ihc")
LAYERS = ("relu2_2", "relu3_2", "relu4_2")
EDGE = 8  # pixels


def power(picture: torch.Tensor) -> torch.Tensor:
    """log10 of the mean power of luma in each octave, in steps of 1/255: [7]."""
    weights = LUMA.flatten()
    return (255**2 * weights @ octaves(picture) @ weights).clamp(min=1e-9).log10()


def edge(picture: torch.Tensor) -> float:
    """log10 of the power of fine detail at the edge over that of the rest."""
    luma = (picture * LUMA).sum(1, keepdim=True)
    height, width = (EDGE * (n // EDGE) for n in luma.shape[2:])
    squares = luma[..., :height, :width].unfold(2, EDGE, EDGE).unfold(3, EDGE, EDGE)[0]
    window = torch.hann_window(EDGE, False)
    waves = torch.fft.fft2(
        (squares - squares.mean((3, 4), True)) * window.outer(window)
    )
    along = torch.fft.fftfreq(EDGE)
    fine = torch.hypot(along[:, None], along) >= 0.3
    found = waves.abs().square()[0, ..., fine].mean(2)  # [rows, columns]
    rest = found[1:-1, 1:-1]
    around = (found.sum() - rest.sum()) / (found.numel() - rest.numel())
    return (around / rest.mean()).log10().item()


def row(name: str, run: Run, goal: torch.Tensor, keep: bool) -> None:
    """Makes the picture and prints its row; `keep` writes it into this folder."""
    result = run.result(iter)
    saved = sl.load(result.image())
    apart = power(saved) - power(goal)
    numbers = " ".join(f"{value:+5.2f}" for value in apart)
    print(f"{name:34} {numbers}  {edge(saved):+5.2f}  {result.loss:.4f}", flush=True)
    if keep:
        result.save(f"octaves-{name.replace(' ', '-')}.png")


def main(size: int = 256, keep: bool = False, **options: object) -> None:
    for photo, style in PAIRS:
        run = sl.transfer(photo, style, size=size, **options)
        row(f"{photo} {style}", run, sl.load(style, size), keep)
    for style in SOURCES:
        run = sl.texture(style, size=size, **options)
        row(f"texture {style}", run, sl.load(style, size), keep)
    for layer in LAYERS:
        run = sl.reconstruct("cat", size=size, content_layers=layer, **options)
        row(f"reconstruct {layer}", run, sl.load("cat", size), keep)


if __name__ == "__main__":
    words = [word.split("=") for word in sys.argv[1:] if "=" in word]
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    values = {k: float(v) if v[0].isdigit() else v for k, v in words}
    main(*(numbers or [256]), keep=True, **values)
