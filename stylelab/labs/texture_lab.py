"""TextureLab: noise becomes a texture, from statistics of any layers."""

from __future__ import annotations

from stylelab.labs.run_lab import RunLab
from stylelab.pictures.images import Source
from stylelab.runs.live import Make, make_here


class TextureLab(RunLab):
    """Noise becomes a texture: any set of layers, any of the statistics.

    texture: a sample's name, a file, a PIL image or a tensor, as sl.load takes it.
    options: first values of a Recipe's fields: style_layers=["relu1_1"], size=128, ...
    """

    task = "texture"
    labels = ("Texture",)
    main_options = ("style_layers", "statistic", "size", "steps")

    def __init__(
        self, texture: Source = "gravel", *, make: Make = make_here, **options: object
    ) -> None:
        super().__init__({"style": texture}, make, options)
