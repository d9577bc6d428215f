"""What torch's error messages about slopes mean for a student's loop."""


def autograd_hint(error: Exception) -> str:
    """What a student who meets an error of torch's autograd may have forgotten."""
    if "second time" in str(error) or "modified by an inplace" in str(error):
        return (
            "backward was asked twice for one loss. Compute features and loss again in "
            "each step, inside the loop: the picture has changed."
        )
    if "in-place" in str(error):
        return (
            "torch refuses to follow a step that changes x in its place. Put the step "
            "in a block `with torch.no_grad():`."
        )
    if "does not require grad" in str(error):
        return (
            "The loss does not know where it came from, so backward finds no slope. "
            "Start with `x = x.clone().requires_grad_()`, and compute the loss outside "
            "of `torch.no_grad()`."
        )
    if "NoneType" in str(error):
        return (
            "After the first step x.grad is None: the new x is a result, and torch "
            "keeps slopes only for a start. Change x in its place under "
            "`torch.no_grad()`, or begin each step with "
            "`x = x.detach().requires_grad_()`."
        )
    return f"Your code stopped with {type(error).__name__}: {error}."
