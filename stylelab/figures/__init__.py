"""Figures with matplotlib, still and growing."""
