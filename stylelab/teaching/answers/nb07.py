"""The answers to notebook 07, why does it work?"""

# %% [markdown]
# **1.** The square of a sum of products is a sum over pairs of channels: that is where
# the Gram matrix hides.


# %%
def discrepancy(a, b):
    def mean(x, y):
        return (x @ y.T).square().mean()

    return mean(a, a) + mean(b, b) - 2 * mean(a, b)


# %% [markdown]
# **2.** Two were refuted, and one is still open.

# %%
verdict = {
    "deep layers care less about lighting than pixels do": "measured",
    "deep layers have forgotten the lamp": "refuted",
    "a Gram matrix of relu2_1 tells more of the style than of the photo": "measured",
    "a Gram matrix of relu5_1 knows nothing of the photo": "refuted",
    "Gram matching is a mean discrepancy": "measured",
    "content and style part because networks must be invariant": "hypothesis",
}
