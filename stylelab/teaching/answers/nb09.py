"""The answers to notebook 09, can a network guess the picture at once?"""

# %% [markdown]
# **1.** Over height and width, for each map.


# %%
def conditional_normalisation(maps, mean, deviation):
    own = maps.mean((2, 3), keepdim=True), maps.std((2, 3), keepdim=True)
    plain = (maps - own[0]) / own[1]
    return plain * deviation[:, None, None] + mean[:, None, None]


# %% [markdown]
# **2.** A weighted mean: the two shares add up to 1.


# %%
def between(one, other, share):
    return (1 - share) * one + share * other


# %% [markdown]
# **3.** `sl.guess("cat", "brick")` has the colour of bricks and no rows of them.

# %% [markdown]
# **4.** With `own = style_numbers("cat")`,
# `repainted(images.open_picture("cat"), own + 2 * (style_numbers("great_wave") - own))`
# is a caricature of the style.
