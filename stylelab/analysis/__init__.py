"""Receptive fields, and the numbers that experiments report."""
