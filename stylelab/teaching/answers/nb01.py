"""The answers to notebook 01, what is a convolution?"""

# %%
import torch
import torch.nn.functional as F

UPRIGHT = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 4

# %% [markdown]
# **1.** The kernel's first place is at the frame's border; from there it can move by
# `side + 2 padding - kernel` pixels, in whole strides. The first place counts, too:
# `+ 1`.


# %%
def output_size(side, kernel, stride, padding):
    return (side + 2 * padding - kernel) // stride + 1


# %% [markdown]
# **2.** Twice the picture minus its blur: what differs from the surroundings is
# doubled.

# %%
sharpen = -torch.ones(3, 3) / 9
sharpen[1, 1] += 2

# %% [markdown]
# **3.** An edge from light to dark gives numbers *below* 0, and the clamp throws them
# away before anybody has looked at them. (Saving a map as 8-bit pixels does the same.)
# Take the absolute value instead.


# %%
def edge_strength(picture):
    return F.conv2d(picture[None, None], UPRIGHT[None, None])[0, 0].abs()
