"""The answers to notebook 02, what do the layers see?"""

# %%
import torch

# %% [markdown]
# **1.** Follow x, go back from the loss, and move against the slope.


# %%
def step_down(x, loss_of, rate):
    x = x.clone().requires_grad_()
    loss_of(x).backward()
    return (x - rate * x.grad).detach()


# %% [markdown]
# **2.** `relu_` with an underscore works *in place*: it overwrites the very numbers
# that were saved as conv1. `nn.ReLU(inplace=True)`, the default in many printed
# networks, does the same.


# %%
def record(picture, kernels):
    maps = {}
    maps["conv1"] = torch.nn.functional.conv2d(picture, kernels[0], padding=1)
    maps["relu1"] = torch.relu(maps["conv1"])
    maps["conv2"] = torch.nn.functional.conv2d(maps["relu1"], kernels[1], padding=1)
    return maps


# %% [markdown]
# **3.** The sum
# `channels.excite("conv4_3", 132, 7000) + channels.excite("conv4_3", 433, 7000)`.
# Neither goal is reached: both channels share the same pixels, and the picture
# is divided among them.
