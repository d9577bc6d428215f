"""What the notebooks use: each lesson holds its own checks, figures and experiments."""
