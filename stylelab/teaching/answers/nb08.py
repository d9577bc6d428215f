"""The answers to notebook 08, can style be taken apart?"""

# %%
from stylelab.runs import colors

# %% [markdown]
# **1.** The chroma is the photo minus its luminance, in each channel alike.


# %%
def keep_colours(painted, photo):
    return photo - colors.luminance(photo) + colors.luminance(painted)


# %% [markdown]
# **2.** Multiply, flatten, correlate, and divide by how many positions there are.


# %%
def guided_gram(features, mask):
    vectors = (features * mask).flatten(1)
    return vectors @ vectors.T / mask.sum()


# %% [markdown]
# **3.** Give van Gogh's painting the statistics of Hokusai's, and transfer as always:
# `painting = colors.matched(images.load("starry_night"), images.load("great_wave"))`,
# then `sl.transfer("palace", painting, **small).result()`.
