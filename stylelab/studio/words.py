"""All that a visitor reads on the page: a translation changes this file alone."""

TITLE = "The studio"
ABOUT = """Your photo, painted in the style of another picture, by a network that has
learned to name what photos show."""
PHOTO, STYLE, HOW = "1  Your photo", "2  The style", "3  How it is painted"
MORE = "More"

STRENGTH, STRENGTH_ENDS = "Style strength", ("the photo", "the style")
DETAIL, DETAIL_ENDS = "Detail size", ("fine", "coarse")
COLORS, COLORS_OF = "Colours", ("the style's", "the photo's")
SIZE, SIZES = "Size", {"Small": 256, "Medium": 384, "Large": 512}
STEPS, WEIGHTS = "Steps", "Weights"

TAKES = "This takes about {}."
WARMING = "The studio is still warming up."
ONE_FIRST, RUNS_FIRST, WAIT = "One run comes", "{} runs come", ": about {}"
FIRST = "{} {} first{}."  # what a run takes, what comes first, and how long that takes

PREVIEW = "The photo that will be painted"
SAVED = "{} is in your downloads: {} x {} pixels, with its recipe inside."
LARGER, ABOUT_LARGER = (
    "⤢ Larger (about {} min)",
    "Paint the same picture with more pixels",
)
AGAIN = "Again, with"
MORE_STYLE, LESS_STYLE, NEXT = "more style", "less style", "the next style"

# Of the run, its buttons and its picture: the names are those of run_status.WORDS.
PANEL = {
    "run": "▶ Paint it",
    "run again": "▶ Paint it again",
    "about run": "Make the picture",
    "stop": "■ Stop",
    "stopping": "Stopping …",
    "about stop": "End the run and keep its picture",
    "save": "↓ Save",
    "about save": "Keep the picture as a PNG file, with its recipe inside",
    "hint": "Your picture will grow here.",
    "looking": "Working out what it will take …",
    "guessed": "This is a quick guess. “Paint it” makes the real picture.",
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
