"""What a run costs, in numbers and in words; `forecast` finds the numbers."""

from dataclasses import dataclass

from stylelab.core.language import _
from stylelab.runs.recipe import Recipe

GIB = 2**30


@dataclass(frozen=True)
class Forecast:
    """Predicted `seconds` of a run and the `bytes` it adds to the process's memory."""

    seconds: float
    bytes: float

    def __str__(self) -> str:
        gib = f"{max(0.1, self.bytes / GIB):.1f}"
        return _("about {} and {} GiB of memory").format(duration(self.seconds), gib)


def duration(seconds: float) -> str:
    """Seconds as people say them: 12 s, 1 min 5 s, 2 h 3 min; never less than 1 s."""
    minutes, seconds = divmod(max(1, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


@dataclass(frozen=True)
class StepTime:
    """Seconds that one step takes: a `fixed` part, and a part `per_pixel`."""

    fixed: float
    per_pixel: float

    def seconds(self, pixels: float) -> float:
        """The seconds of one step with a picture of so many pixels."""
        return self.fixed + self.per_pixel * pixels

    def of_run(self, recipe: Recipe, pixels: float, steps: int | None = None) -> float:
        """The seconds of a run, or of its first `steps`; pixels: of its result."""
        sizes = [size for size, count in recipe.stages for _ in range(count)]
        parts = [pixels * (size / recipe.size) ** 2 for size in sizes[:steps]]
        return sum(map(self.seconds, parts))
