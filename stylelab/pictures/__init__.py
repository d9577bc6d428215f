"""Pictures: files, samples, and pictures as images and tensors."""
