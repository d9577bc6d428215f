"""The answers to notebook 03, how far does a neuron see?"""

# %%
from stylelab.core.layers import CONVS

# %% [markdown]
# **1.** Between the first and the last of `kernel` neighbours lie `kernel - 1` strides;
# steps multiply.


# %%
def next_field(size, stride, kernel, step):
    return size + (kernel - 1) * stride, stride * step


# %% [markdown]
# **2.** The fifth convolution is only the first of block 3: a style that should see 156
# px sees 24. Fine strokes only, however long one waits.

# %%
names = ["conv_1", "conv_2", "conv_3", "conv_4", "conv_5"]
really = dict(zip(names, CONVS, strict=False))

# %% [markdown]
# **3.** The first sees 3, every further one 2 more: n of them see 2n + 1. The least n
# that is enough is half of `size`, rounded down.


# %%
def convolutions_needed(size):
    return size // 2
