"""What the notebooks use: each lesson has its own checks, figures and experiments."""
