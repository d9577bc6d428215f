"""ReconstructionLab: a photo again, from what one layer knows of it."""

from __future__ import annotations

from stylelab import run_view
from stylelab.layer_view import LAYERS
from stylelab.live import Make, make_here
from stylelab.pictures import Source
from stylelab.recipe import recipe_for
from stylelab.sweep import Job
from stylelab.tasks import Result
from stylelab.widgets.parts import choice
from stylelab.widgets.runlab import RunLab
from stylelab.widgets.runpanel import Facts


class ReconstructionLab(RunLab):
    """Noise becomes the photo again, as far as one layer remembers it.

    photo: a sample's name, a file, a PIL image or a tensor, as sl.load takes it.
    options: first values of a Recipe's fields: content_layers="relu2_2", size=128, ...
    """

    task = "reconstruct"
    labels = ("Photo",)
    shown = ("content_layers", "size", "steps")

    def __init__(
        self, photo: Source = "cat", *, make: Make = make_here, **options: object
    ) -> None:
        (layer, *_) = recipe_for(self.task, options).content_layers
        one = choice("Layer", LAYERS, layer)
        super().__init__({"photo": photo}, make, options, {"content_layers": one})

    def measure(self, job: Job, result: Result) -> Facts:
        return run_view.likeness(job, result)
