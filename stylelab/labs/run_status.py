"""How a run stands: in words, and as a curve."""

from stylelab.runs.cost import duration
from stylelab.runs.live import LiveRun

POINTS = 200  # of a curve on the screen


def status(live: LiveRun) -> str:
    """How a run stands, in a few words."""
    shot, result = live.shot, live.result
    if live.state == "waiting":
        place, seconds = live.waiting.place, live.waiting.seconds
        runs = "one run is" if place == 1 else f"{place} runs are"
        about = f", about {duration(seconds)}" if seconds else ""
        return f"Waiting: {runs} before this one{about}"
    if live.state == "running":
        if not shot:
            return "Getting ready …"
        left = shot.seconds_left
        left = "" if left is None else f", about {duration(left)} left"
        return f"Step {shot.index} of {shot.total}{left}"
    if live.state not in ("done", "stopped"):
        return ""
    if not live.fresh:
        return "Stopped before there was a picture"
    count, seconds = len(result.history), duration(result.seconds)
    steps = f"{count} step" + "s" * (count != 1)
    if result.finished:
        return f"Done: {steps} in {seconds}"
    return f"Stopped after {steps} and {seconds}; the picture is kept"


def curve(live: LiveRun) -> list[tuple[int, float]]:
    """Step and loss, at most POINTS of them, the newest always."""
    ended = live.state in ("done", "stopped") and live.fresh
    points = [*enumerate(live.result.history, 1)] if ended else live.curve
    every = -(-len(points) // POINTS) or 1
    return points[::-1][::every][::-1]
