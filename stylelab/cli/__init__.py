"""The command line, `python -m stylelab`."""
