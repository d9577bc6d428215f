"""The answers to notebook 04, what is left of a photo, deep inside?"""

# %%
import torch

# %% [markdown]
# **1.** The sum of the squared differences, over the sum of the squares of the goal.
# Means instead of sums give the same.


# %%
def content_loss(maps, goal):
    return (maps - goal).square().sum() / goal.square().sum()


# %% [markdown]
# **2.** Features, loss, slope, step. Forget one of the two lines for torch
# (`x.grad = None`, `no_grad`), and the check says what happens.
#
# On a small cat it works as well. With the rate 100 it flies away; L-BFGS needs no
# rate, and fewer steps.
#
# ```python
# from stylelab.core import vgg
#
#
# def features(x):
#     return vgg.load().features(x, ["relu2_2"])["relu2_2"]
#
#
# small_cat = sl.load("cat", 64)
# noise = 0.5 + 0.05 * torch.randn_like(small_cat)
# mine = rebuild(noise, features, features(small_cat), full(40, quick=3), 30.0)
# plots.gallery([("the photo", small_cat), ("mine", mine)], "Rebuilt by hand", "A cat.")
# ```


# %%
def rebuild(x, features, goal, steps, rate):
    x = x.clone().requires_grad_()
    for _ in range(steps):
        x.grad = None
        loss = content_loss(features(x), goal)
        loss.backward()
        with torch.no_grad():
            x -= rate * x.grad
    return x.detach()


# %% [markdown]
# **3.** Any tensor has `.square()`, `.mean()` and `.log10()`.


# %%
def psnr(picture, true):
    return -10 * (picture - true).square().mean().log10()


# %% [markdown]
# **4.** The shallower one. What satisfies `relu2_2` is nearly the photo, and the photo
# satisfies `relu5_2` as well.
