"""What the studio says to its visitors, in one place: to translate it, change these."""

START_ANEW = "Start anew"
START_ANEW_HELP = (
    "This studio and this browser forget your photo, your settings and your picture."
)
REALLY = f"{START_ANEW_HELP} Do you want that?"
LOST = "The studio does not answer. This page goes on by itself as soon as it does."
ENDED = "The studio has ended. When it runs again, this page goes on by itself."
