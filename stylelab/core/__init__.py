"""The idea. Start with style_transfer.py: it is the whole algorithm on one page."""
