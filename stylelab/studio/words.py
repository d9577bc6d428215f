"""What a visitor reads. A translation also needs WORDS of labs/run_status.py, for runs,
and WORDS of labs/widgets/picture_picker.py.
"""

from stylelab.labs import run_status

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
SAVED = "Your downloads now hold {}: {} x {} pixels, with its recipe inside."
LARGER, ABOUT_LARGER = (
    "⤢ Larger (about {} min)",
    "Paint the same picture with more pixels",
)
AGAIN = "Again, with"
MORE_STYLE, LESS_STYLE, NEXT = "more style", "less style", "the next style"

# Of the run, its buttons and its picture: what the labs say otherwise.
PANEL = {
    **run_status.WORDS,
    "run": "▶ Paint it",
    "run again": "▶ Paint it again",
    "hint": "Your picture will grow here.",
    "guessed": "This is a quick guess. “Paint it” makes the real picture.",
}

# --- A visit that is interrupted ----------------------------------------------------

START_ANEW = "Start anew"
START_ANEW_HELP = (
    "This studio and this browser forget your photo, your settings and your picture."
)
REALLY = f"{START_ANEW_HELP} Do you want that?"
SILENT = "The studio does not answer. This page goes on by itself as soon as it does."
ENDED = "The studio has ended. When it runs again, this page goes on by itself."

# --- At the door ----------------------------------------------------------------------

ERROR = "Something went wrong on this page."
STRANGER = (
    "The studio does not know this name. Whoever runs it can start it with --host and "
    "the name that leads here.\n"
)
FULL = "The studio is full"
FULL_TEXT = "As soon as somebody leaves there is room: this page then opens by itself."
SLOWLY = "One moment"
SLOWLY_TEXT = "There were too many tries. Wait a minute, then reload this page."
NOWHERE = "There is nothing here"
NOWHERE_TEXT = "This address leads to no page."
FAILED = "That did not work"
FAILED_TEXT = (
    "The page could not be made. Reload it in a minute; if it stays so, tell whoever "
    "runs the studio"
)
TO_THE_STUDIO = "To the studio"
ASK = "The word on the poster"
ASK_TEXT = "Your photo becomes a painting here. One word lets you in."
ENTER = "Come in"
WRONG = "That is not the word. Capital letters and spaces make no difference."
POSTER_TEXT = "Your photo becomes a painting. Point your phone's camera here, or open"
POSTER_WORD = "and type the word"

# --- Workers --------------------------------------------------------------------------

LOST = (
    "The process that made this picture was ended from outside, as happens when "
    "memory runs out. Nothing else is harmed: run it again, or make it smaller."
)
UNREACHED = "The computers that paint cannot be reached. Try again in a minute."
