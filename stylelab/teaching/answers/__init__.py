"""The answers to the exercises: cells of text and of code between lines of `# %%`."""
