"""How a run stands: in words, and as a curve."""

from collections.abc import Mapping

from stylelab.core.language import _
from stylelab.runs.cost import duration
from stylelab.runs.live import LiveRun

POINTS = 200  # of a curve on the screen


# All words of a run panel. The studio has its own.
WORDS = {
    "run": _("▶ Run"),
    "run again": _("▶ Run again"),
    "about run": _("Make the picture"),
    "stop": _("■ Stop"),
    "stopping": _("Stopping …"),
    "about stop": _("End the run and keep its picture"),
    "save": _("↓ Save"),
    "about save": _("Keep the picture as a PNG file, with its recipe inside"),
    "hint": _("The picture will grow here."),
    "looking": _("Working out what it will take …"),
    "guessed": _(
        "A guess, by a network that learnt to guess; a run searches for the real one"
    ),
    "guess": _("A guess of the picture"),
    "grown": _("The picture after step {}"),
    "result": _("The result after {} steps"),
    "waiting for one": _("Waiting: one run is before this one"),
    "waiting": _("Waiting: {} runs are before this one"),
    "wait": _(", about {}"),
    "ready": _("Getting ready …"),
    "step": _("Step {} of {}"),
    "left": _(", about {} left"),
    "one step": _("1 step"),
    "steps": _("{} steps"),
    "nothing": _("Stopped before there was a picture"),
    "done": _("Done: {} in {}"),
    "stopped": _("Stopped after {} and {}; the picture is kept"),
    "ended": _("Ended after {} steps: {}"),
}


def status(live: LiveRun, words: Mapping[str, str] = WORDS) -> str:
    """How a run stands, in a few words."""
    shot, result = live.shot, live.result
    if live.state == "waiting":
        place, seconds = live.waiting.place, live.waiting.seconds
        runs = words["waiting for one" if place == 1 else "waiting"].format(place)
        return runs + (words["wait"].format(duration(seconds)) if seconds else "")
    if live.state == "running":
        if not shot:
            return words["ready"]
        step, left = words["step"].format(shot.index, shot.total), shot.seconds_left
        return step + ("" if left is None else words["left"].format(duration(left)))
    if live.state not in ("done", "stopped"):
        return ""
    if not live.fresh:
        return words["nothing"]
    count, seconds = len(result.history), duration(result.seconds)
    steps = words["one step" if count == 1 else "steps"].format(count)
    return words["done" if result.finished else "stopped"].format(steps, seconds)


def curve(live: LiveRun) -> list[tuple[int, float]]:
    """Step and loss, at most POINTS of them, the newest always."""
    ended = live.state in ("done", "stopped") and live.fresh
    points = [*enumerate(live.result.history, 1)] if ended else live.curve
    every = -(-len(points) // POINTS) or 1
    return points[::-1][::every][::-1]
