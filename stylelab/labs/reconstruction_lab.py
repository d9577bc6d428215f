"""ReconstructionLab: a photo rebuilt from the maps of one layer."""

from __future__ import annotations

from stylelab.labs import run_view
from stylelab.labs.lab import choice
from stylelab.labs.layer_view import LAYERS
from stylelab.labs.run_lab import RunLab
from stylelab.labs.run_panel import Facts
from stylelab.pictures.images import Source
from stylelab.runs.live import Make, make_here
from stylelab.runs.recipe import recipe_for
from stylelab.runs.run import Result
from stylelab.runs.sweep import Job


class ReconstructionLab(RunLab):
    """Noise becomes the photo again, as far as one layer remembers it.

    photo: a sample's name, a file, a PIL image or a tensor, as sl.load takes it.
    options: first values of a Recipe's fields: content_layers="relu2_2", size=128, ...
    """

    task = "reconstruct"
    labels = ("Photo",)
    main_options = ("content_layers", "size", "steps")

    def __init__(
        self, photo: Source = "cat", *, make: Make = make_here, **options: object
    ) -> None:
        (layer, *_) = recipe_for(self.task, options).content_layers
        layers = choice("Layer", LAYERS, layer)
        super().__init__({"photo": photo}, make, options, {"content_layers": layers})

    def measure(self, job: Job, result: Result) -> Facts:
        return run_view.likeness(job, result)
