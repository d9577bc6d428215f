"""From names and options to a saved picture."""
