"""What the studio says to its visitors."""

# --- Workers --------------------------------------------------------------------------

LOST = (
    "The process that made this picture was ended from outside, as happens when "
    "memory runs out. Nothing else is harmed: run it again, or make it smaller."
)
UNREACHED = "The computers that paint cannot be reached. Try again in a minute."
