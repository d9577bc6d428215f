"""How a run stands: in words, and as a curve."""

from collections.abc import Mapping

from stylelab.runs.cost import duration
from stylelab.runs.live import LiveRun

POINTS = 200  # of a curve on the screen


# All words of a run panel. The studio has its own.
WORDS = {
    "run": "▶ Run",
    "run again": "▶ Run again",
    "about run": "Make the picture",
    "stop": "■ Stop",
    "stopping": "Stopping …",
    "about stop": "End the run and keep its picture",
    "save": "↓ Save",
    "about save": "Keep the picture as a PNG file, with its recipe inside",
    "hint": "The picture will grow here.",
    "looking": "Working out what it will take …",
    "guessed": "A guess, by a network that learnt to guess; a run searches for the "
    "real one",
    "guess": "A guess of the picture",
    "grown": "The picture after step {}",
    "result": "The result after {} steps",
    "waiting for one": "Waiting: one run is before this one",
    "waiting": "Waiting: {} runs are before this one",
    "wait": ", about {}",
    "ready": "Getting ready …",
    "step": "Step {} of {}",
    "left": ", about {} left",
    "one step": "1 step",
    "steps": "{} steps",
    "nothing": "Stopped before there was a picture",
    "done": "Done: {} in {}",
    "stopped": "Stopped after {} and {}; the picture is kept",
    "ended": "Ended after {} steps: {}",
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
