"""What a visitor reads, beside what all labs say of runs and pictures."""

from stylelab.core.language import _, chosen
from stylelab.labs import run_status

LANGUAGE = chosen()
TITLE = _("The studio")
ABOUT = _(
    "Your photo, painted in the style of another picture, by a network that has "
    "learned to name what photos show."
)
PHOTO, STYLE = _("1  Your photo"), _("2  The style")
HOW = _("3  How it is painted")
MORE = _("More")
KIND = _("photo")  # what may be dropped

STRENGTH, STRENGTH_ENDS = _("Style strength"), (_("the photo"), _("the style"))
DETAIL, DETAIL_ENDS = _("Detail size"), (_("fine"), _("coarse"))
COLORS, COLORS_OF = _("Colours"), (_("the style's"), _("the photo's"))
SIZE, SIZES = _("Size"), {_("Small"): 256, _("Medium"): 384, _("Large"): 512}
STEPS, WEIGHTS = _("Steps"), _("Weights")

TAKES = _("This takes about {}.")
WARMING = _("The studio is still warming up.")
ONE_FIRST, RUNS_FIRST = _("One run comes"), _("{} runs come")
WAIT = _(": about {}")
# What a run takes, what comes first, and how long that takes.
FIRST = _("{} {} first{}.")

PREVIEW = _("The photo that will be painted")
SAVED = _("Your downloads now hold {}: {} x {} pixels, with its recipe inside.")
LARGER = _("⤢ Larger (about {} min)")
ABOUT_LARGER = _("Paint the same picture with more pixels")
AGAIN = _("Again, with")
MORE_STYLE, LESS_STYLE = _("more style"), _("less style")
NEXT = _("the next style")

# Of the run, its buttons and its picture: what the labs say otherwise.
PANEL = {
    **run_status.WORDS,
    "run": _("▶ Paint it"),
    "run again": _("▶ Paint it again"),
    "hint": _("Your picture will grow here."),
    "guessed": _("This is a quick guess. “Paint it” makes the real picture."),
}

# --- A visit that is interrupted ----------------------------------------------------

START_ANEW = _("Start anew")
START_ANEW_HELP = _(
    "This studio and this browser forget your photo, your settings and your picture."
)
REALLY = START_ANEW_HELP + " " + _("Do you want that?")
SILENT = _(
    "The studio does not answer. This page goes on by itself as soon as it does."
)
ENDED = _("The studio has ended. When it runs again, this page goes on by itself.")

OPENING = _("The studio is opening …")
JAVASCRIPT = _(
    "The studio needs JavaScript: allow it in this browser, then reload this page."
)

# --- At the door ----------------------------------------------------------------------

ERROR = _("Something went wrong on this page.")
STRANGER = _(
    "The studio does not know this name. Whoever runs it can start it with --host and "
    "the name that leads here.\n"
)
FULL = _("The studio is full")
FULL_TEXT = _(
    "As soon as somebody leaves there is room: this page then opens by itself."
)
SLOWLY = _("One moment")
SLOWLY_TEXT = _("There were too many tries. Wait a minute, then reload this page.")
NOWHERE = _("There is nothing here")
NOWHERE_TEXT = _("This address leads to no page.")
FAILED = _("That did not work")
FAILED_TEXT = _(
    "The page could not be made. Reload it in a minute; if it stays so, tell whoever "
    "runs the studio"
)
TO_THE_STUDIO = _("To the studio")
ASK = _("The word on the poster")
ASK_TEXT = _("Your photo becomes a painting here. One word lets you in.")
ENTER = _("Come in")
WRONG = _("That is not the word. Capital letters and spaces make no difference.")
POSTER_TEXT = _(
    "Your photo becomes a painting. Point your phone's camera here, or open"
)
NUMBER = _("error")  # before the number of one
POSTER_WORD = _("and type the word")

# --- Workers --------------------------------------------------------------------------

LOST = _(
    "The process that made this picture was ended from outside, as happens when "
    "memory runs out. Nothing else is harmed: run it again, or make it smaller."
)
UNREACHED = _("The computers that paint cannot be reached. Try again in a minute.")
