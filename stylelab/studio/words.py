"""What the studio says to its visitors, in one place: to translate it, change these."""

START_ANEW = "Start anew"
START_ANEW_HELP = (
    "This studio and this browser forget your photo, your settings and your picture."
)
REALLY = f"{START_ANEW_HELP} Do you want that?"
LOST = "The studio does not answer. This page goes on by itself as soon as it does."
ENDED = "The studio has ended. When it runs again, this page goes on by itself."

# --- At the door ----------------------------------------------------------------------

ERROR = "Something went wrong on this page."
STRANGER = (
    "The studio does not know this name. Whoever runs it can start it with --host and "
    "the name that leads here.\n"
)
STUDIO = "The studio"
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
